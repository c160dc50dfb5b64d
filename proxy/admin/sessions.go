package admin

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"sync"
	"time"
)

// The console's cookie and the header that proves that its own page asks.
const (
	cookieName = "__Host-maskit"
	headerCSRF = "X-CSRF-Token"
)

const (
	sessionTime = 8 * time.Hour
	maxSessions = 1000
)

// session is a browser that has signed in.
type session struct {
	csrf  string
	who   *credential
	until time.Time
}

// fits says whether a token is the session's, in the same time for any.
func (s *session) fits(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.csrf)) == 1
}

// sessions are the browsers that have signed in, by the hash of their cookie. They
// live in memory: a restart signs everybody out.
type sessions struct {
	mu   sync.Mutex
	byID map[[sha256.Size]byte]*session
}

// begin signs a browser in and returns its cookie.
func (ss *sessions) begin(who *credential) (*http.Cookie, *session) {
	id, now := rand.Text(), time.Now()
	s := &session{csrf: rand.Text(), who: who, until: now.Add(sessionTime)}
	if !who.until.IsZero() && who.until.Before(s.until) {
		s.until = who.until
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if ss.byID == nil {
		ss.byID = make(map[[sha256.Size]byte]*session)
	}
	ss.trim(now)
	ss.byID[sha256.Sum256([]byte(id))] = s
	return cookie(id, int(time.Until(s.until).Seconds())), s
}

// trim takes out what has ended, and if that is not enough the session that ends
// first.
func (ss *sessions) trim(now time.Time) {
	if len(ss.byID) < maxSessions {
		return
	}
	var first [sha256.Size]byte
	var soonest time.Time
	for id, s := range ss.byID {
		if now.After(s.until) {
			delete(ss.byID, id)
		} else if soonest.IsZero() || s.until.Before(soonest) {
			first, soonest = id, s.until
		}
	}
	if len(ss.byID) >= maxSessions {
		delete(ss.byID, first)
	}
}

// find returns the session of a request's cookie and what it is good for; nil if
// there is none, or none any more.
func (ss *sessions) find(r *http.Request, g *guard) (*session, *credential) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return nil, nil
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	id, now := sha256.Sum256([]byte(c.Value)), time.Now()
	s := ss.byID[id]
	if s == nil {
		return nil, nil
	}
	who, good := g.still(s.who, now)
	if !good || now.After(s.until) {
		delete(ss.byID, id)
		return nil, nil
	}
	return s, who
}

// end signs out whoever has the request's cookie.
func (ss *sessions) end(r *http.Request) *http.Cookie {
	if c, err := r.Cookie(cookieName); err == nil {
		ss.mu.Lock()
		delete(ss.byID, sha256.Sum256([]byte(c.Value)))
		ss.mu.Unlock()
	}
	return cookie("", -1)
}

func cookie(id string, age int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: id, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode,
	}
}

// Signing in and out.

type signInRequest struct {
	Key string `json:"key" doc:"an operator's key, or a token of the OIDC provider"`
}

type sessionAnswer struct {
	Name        string   `json:"name"`
	Roles       []string `json:"roles"`
	Permissions []string `json:"permissions"`
	Tenants     []string `json:"tenants" doc:"those that the operator is bound to; empty: all"`
	CSRF        string   `json:"csrf" doc:"for the header X-CSRF-Token; empty without a session"`
	Version     string   `json:"version" doc:"of the program"`
}

// beginSession signs a browser in.
func (s *Server) beginSession(c *call, in *signInRequest) (*sessionAnswer, error) {
	if err := crossOrigin.Check(c.r); err != nil {
		return nil, errCrossOrigin
	}
	who, err := s.signIn(c, in.Key)
	if err != nil {
		return nil, err
	}
	cookie, session := s.sessions.begin(who)
	http.SetCookie(c.w, cookie)
	c.who, c.session = &who.Principal, session
	return s.showSession(c)
}

// showSession says who is signed in.
func (s *Server) showSession(c *call) (*sessionAnswer, error) {
	a := &sessionAnswer{
		Name: c.who.Name, Version: s.version,
		Roles: texts(c.who.Roles), Permissions: texts(c.who.Permissions()), Tenants: texts(c.who.Tenants),
	}
	if c.session != nil {
		a.CSRF = c.session.csrf
	}
	return a, nil
}

// endSession signs a browser out.
func (s *Server) endSession(c *call) (*nothing, error) {
	http.SetCookie(c.w, s.sessions.end(c.r))
	return &nothing{}, nil
}

// texts makes plain strings of named ones; never nil, since JSON has lists.
func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, t := range in {
		out[i] = string(t)
	}
	return out
}
