package admin

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"

	"maskit/proxy/access"
	"maskit/proxy/audit"
	"maskit/proxy/mask"
)

// call is one request of an operator.
type call struct {
	w       http.ResponseWriter
	r       *http.Request
	route   *route
	id      string
	who     *access.Principal // nil until it is known, and on routes for nobody
	session *session          // nil without the console's cookie
	started bool              // the head of the answer has been sent
}

// headerID names the request in logs and in the audit trail.
const headerID = "X-Maskit-Request-Id"

// handle answers the requests of one path; nil is for paths that are no route.
func (s *Server) handle(byMethod map[string]*route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{w: w, r: r, id: newID()}
		secure(w.Header())
		w.Header().Set(headerID, c.id)
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		var err error = errMethod
		if byMethod == nil {
			err = errNotFound
		}
		if c.route = byMethod[method]; c.route != nil {
			err = s.run(c)
		}
		if err != nil {
			s.refuse(c, err)
		}
	}
}

// run lets the caller in and answers. A panic is a failure like any other; what
// was panicked with may hold a value, so only its type is told.
func (s *Server) run(c *call) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errInternal.because(fmt.Errorf("panic of type %T", v))
		}
	}()
	if err := s.admit(c); err != nil {
		return err
	}
	if err := c.route.reads(c.r.URL.RawQuery); err != nil {
		return err
	}
	return c.route.serve(s, c)
}

// admit says whether the caller may use the route.
func (s *Server) admit(c *call) error {
	switch {
	case c.route.path == documentPath:
		return nil
	case s.off():
		return errNotFound.with("the operators' API is off: configure admin.operators, or listen on the loopback interface (admin.listen)")
	case c.route.permit == nobody:
		return nil
	case c.route.local && s.trusts(c.r):
		c.who = &access.Principal{Name: "local", Roles: []access.Role{access.Viewer}}
		return nil
	}
	if err := s.identify(c); err != nil {
		return err
	}
	if c.route.permit != anyone && !c.who.Has(c.route.permit) {
		return errForbidden
	}
	return nil
}

// tenant returns the tenant that a request names, if its operator may do there
// what the route does. Without a name it is the operator's own, or the default.
func (c *call) tenant(name string) (string, error) {
	if name == "" {
		name = mask.DefaultTenant
		if len(c.who.Tenants) > 0 && !slices.Contains(c.who.Tenants, name) {
			name = c.who.Tenants[0]
		}
	}
	if !c.who.May(c.route.permit, name) {
		return "", errForbidden
	}
	return name, nil
}

// refuse answers with a failure.
func (s *Server) refuse(c *call, err error) {
	f := failureOf(err)
	if f.cause != nil {
		s.log.Warn("admin: "+f.message, zap.String("id", c.id), zap.String("code", f.code), zap.Error(f.cause))
	}
	if f.wait > 0 {
		c.w.Header().Set("Retry-After", strconv.Itoa(int(f.wait.Seconds()+0.999)))
	}
	switch f.status {
	case http.StatusUnauthorized:
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="maskit"`)
		s.refused(c, f)
	case http.StatusForbidden, http.StatusTooManyRequests:
		s.refused(c, f)
	}
	if c.started {
		return // Who reads a stream has been told in its own way, or sees it end.
	}
	if err := writeJSON(c.w, f.status, f.body()); err != nil {
		s.log.Error("admin: the answer was not written", zap.String("id", c.id))
	}
}

// refused puts a refused access into the trail. It was refused anyway, so a trail
// that fails changes nothing.
func (s *Server) refused(c *call, f *failure) {
	op := s.operation(c, "access.refused")
	op.Status, op.Code = f.status, f.code
	if c.route != nil {
		op.Reason = c.route.id
	}
	if err := s.record(c.r.Context(), op); err != nil {
		s.log.Error("admin: a refused access was not recorded", zap.String("id", c.id), zap.Error(err))
	}
}

// operation begins the record of what an operator does.
func (s *Server) operation(c *call, typ string) *audit.Operation {
	op := &audit.Operation{Time: time.Now(), ID: c.id, Type: typ, Source: source(c.r), Status: http.StatusOK}
	if c.who != nil {
		op.Operator = c.who.Name
	}
	return op
}

// secure sets the headers that every answer has. The answers hold texts: they
// are nobody's to keep, to frame or to embed.
func secure(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
}

// newID returns 16 random hexadecimal digits.
func newID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
