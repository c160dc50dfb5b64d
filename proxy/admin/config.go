package admin

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"maskit/proxy/access"
)

// Off as an address means that there is no listener.
const Off = "off"

// Config is the section "admin": the listener for operators.
type Config struct {
	// Listen is the address, host:port, or "off".
	Listen string `yaml:"listen"`
	// TLS serves operators over TLS; the files are read again when they change.
	TLS TLSFiles `yaml:"tls"`
	// Operators are those who sign in with a key. While there are none, here and
	// by OIDC, a listener on the loopback interface gets a fresh admin key at
	// each start, and any other one serves no API.
	Operators []Operator `yaml:"operators"`
	// OIDC lets operators in by bearer tokens of an OpenID Connect provider.
	OIDC OIDC `yaml:"oidc"`
	// RulesFile names a file in which rules made at run time are kept, instead of
	// in the vault's store: for one replica whose vault is in memory.
	RulesFile string `yaml:"rules_file"`
}

// TLSFiles names a certificate and its key, both PEM.
type TLSFiles struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// Operator is a person or a program that administers maskit.
type Operator struct {
	// Name is what the audit trail calls the operator.
	Name string `yaml:"name"`
	// KeySHA256 is the SHA-256 of the key, in hex, as maskit keys new prints it.
	KeySHA256 string `yaml:"key_sha256"`
	// Roles say what the operator may do: viewer, editor, restorer, admin.
	Roles []access.Role `yaml:"roles"`
	// Tenants are those that the operator is bound to; none means all.
	Tenants []string `yaml:"tenants"`
}

// OIDC is an OpenID Connect provider whose bearer tokens are believed.
type OIDC struct {
	// Issuer is the provider's URL; its keys are found from there. Empty is off.
	Issuer string `yaml:"issuer"`
	// Audience is what the tokens must be meant for.
	Audience string `yaml:"audience"`
	// RolesClaim names the claim that holds roles or groups; dots lead into
	// objects, as in realm_access.roles.
	RolesClaim string `yaml:"roles_claim"`
	// Roles says which values of the claim stand for which role.
	Roles map[string]access.Role `yaml:"roles"`
	// TenantsClaim names a claim with the tenants that its bearer is bound to.
	// Where it is set, a token without it opens nothing.
	TenantsClaim string `yaml:"tenants_claim"`
}

// DefaultConfig listens on the loopback interface only.
func DefaultConfig() Config {
	return Config{Listen: "127.0.0.1:8081", OIDC: OIDC{RolesClaim: "roles"}}
}

// Open says that no operator is configured.
func (c Config) Open() bool { return len(c.Operators) == 0 && c.OIDC.Issuer == "" }

// Validate returns all that is wrong with the section.
func (c Config) Validate() error {
	var errs []error
	fault := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if _, _, err := net.SplitHostPort(c.Listen); err != nil && c.Listen != Off {
		fault("listen: %q is not host:port, nor off", c.Listen)
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		fault("tls: cert and key go together")
	}
	hashes := make([]string, 0, len(c.Operators))
	for i, o := range c.Operators {
		for _, err := range o.faults() {
			fault("operators[%d].%w", i, err)
		}
		if slices.ContainsFunc(c.Operators[:i], func(p Operator) bool { return p.Name == o.Name }) {
			fault("operators[%d].name: another operator is called so; the audit trail tells them by name", i)
		}
		if slices.Contains(hashes, strings.ToLower(o.KeySHA256)) {
			fault("operators[%d].key_sha256: another operator has the same key", i)
		}
		hashes = append(hashes, strings.ToLower(o.KeySHA256))
	}
	for _, err := range c.OIDC.faults() {
		fault("oidc.%w", err)
	}
	return errors.Join(errs...)
}

func (o Operator) faults() (faults []error) {
	if o.Name == "" || strings.ContainsFunc(o.Name, func(r rune) bool { return r < ' ' }) {
		faults = append(faults, errors.New("name: is missing or has control characters"))
	}
	if err := access.ValidateHash(o.KeySHA256); err != nil {
		faults = append(faults, fmt.Errorf("key_sha256: %w", err))
	}
	if len(o.Roles) == 0 {
		faults = append(faults, errors.New("roles: there is none, so the operator could do nothing"))
	}
	for i, r := range o.Roles {
		if err := r.Validate(); err != nil {
			faults = append(faults, fmt.Errorf("roles[%d]: %w", i, err))
		}
	}
	if slices.Contains(o.Tenants, "") {
		faults = append(faults, errors.New("tenants: one is empty; leave the list out to mean all"))
	}
	return faults
}

func (o OIDC) faults() (faults []error) {
	if o.Issuer == "" {
		return nil
	}
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		faults = append(faults, errors.New("issuer: is not of the form https://host[/path]"))
	}
	if o.Audience == "" {
		faults = append(faults, errors.New("audience: is missing; any token of the issuer would open maskit"))
	}
	if o.RolesClaim == "" || len(o.Roles) == 0 {
		faults = append(faults, errors.New("roles: say which values of roles_claim stand for which role"))
	}
	for value, r := range o.Roles {
		if err := r.Validate(); err != nil {
			faults = append(faults, fmt.Errorf("roles.%s: %w", value, err))
		}
	}
	return faults
}

// isLoopback says whether a host is this machine, seen from nowhere else.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// alone says whether the listener is reached from this machine only.
func (c Config) alone() bool {
	host, _, err := net.SplitHostPort(c.Listen)
	return err == nil && isLoopback(host)
}
