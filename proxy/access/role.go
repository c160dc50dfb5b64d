package access

import (
	"fmt"
	"slices"
	"strings"
)

// Permission is what a route of the operators' side wants.
type Permission string

// The permissions.
const (
	View    Permission = "view"    // See rules, policies, figures and the trail; try texts of one's own.
	Edit    Permission = "edit"    // Change rules.
	Restore Permission = "restore" // Get originals back.
	Erase   Permission = "erase"   // Delete values for good.
	Export  Permission = "export"  // Take values out, and bring them in.
)

// Role is a named set of permissions.
type Role string

// The roles.
const (
	Viewer   Role = "viewer"
	Editor   Role = "editor"
	Restorer Role = "restorer"
	Admin    Role = "admin"
)

// Roles is the one place that says which role has which permission. Who changes
// rules need not see values, and the other way round: neither contains the other.
var Roles = []struct {
	Role        Role
	Permissions []Permission
}{
	{Viewer, []Permission{View}},
	{Editor, []Permission{View, Edit}},
	{Restorer, []Permission{View, Restore}},
	{Admin, []Permission{View, Edit, Restore, Erase, Export}},
}

// permissions are those of a role, none for a name that is no role.
func (r Role) permissions() []Permission {
	for _, row := range Roles {
		if row.Role == r {
			return row.Permissions
		}
	}
	return nil
}

// Validate reports a name that is no role.
func (r Role) Validate() error {
	if r.permissions() != nil {
		return nil
	}
	var names []string
	for _, row := range Roles {
		names = append(names, string(row.Role))
	}
	return fmt.Errorf("%q is none of %s", string(r), strings.Join(names, ", "))
}

// Principal is an operator who has shown who he is. The zero one may do nothing.
type Principal struct {
	Name  string
	Roles []Role
	// Tenants are those that he is bound to; none means all.
	Tenants []string
}

// AllTenants stands in May for what concerns every tenant.
const AllTenants = ""

// May reports whether the principal may do that to what belongs to a tenant.
// Who is bound to tenants may do nothing to AllTenants.
func (p *Principal) May(what Permission, tenant string) bool {
	return p.Has(what) && (len(p.Tenants) == 0 || tenant != AllTenants && slices.Contains(p.Tenants, tenant))
}

// Has reports whether one of the roles has the permission, for some tenant at
// least. It is enough only for what belongs to no tenant, such as the list of kinds.
func (p *Principal) Has(what Permission) bool {
	return slices.ContainsFunc(p.Roles, func(r Role) bool { return slices.Contains(r.permissions(), what) })
}

// Permissions lists what the roles permit, in the order of the last role, which
// has all.
func (p *Principal) Permissions() []Permission {
	has := []Permission{} // Never nil: it is a list in JSON too.
	for _, what := range Roles[len(Roles)-1].Permissions {
		if p.Has(what) {
			has = append(has, what)
		}
	}
	return has
}
