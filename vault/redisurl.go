package vault

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// redisOptions are given to go-redis in the query of the URL, which its parsers
// read for each kind of client alike: settings copied into three structs by
// hand get lost. With go-redis's own defaults one command to a Redis that hangs
// takes 10 s; with these 0.1 s. A URL that names one of them has its own way.
var redisOptions = map[string]string{
	"dial_timeout":  "100ms",
	"read_timeout":  "100ms",
	"write_timeout": "100ms",
	"pool_timeout":  "150ms",
	// A command whose fate is unknown is for the caller to judge.
	"max_retries": "-1",
	// All we send are pipelines: they need no pool of their own.
	"pipeline_pool_size": "-1",
}

// prepareRedis is the row of redis:// and rediss://.
func prepareRedis(cfg Config) (func() Store, error) {
	u, err := parseRedisURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	o, err := redis.ParseURL(u.text)
	if err != nil {
		return nil, errRedisURL
	}
	o.ContextTimeoutEnabled, o.DialerRetries = true, 1 // No URL can say these.
	o.MaintNotificationsConfig = noMaintNotifications
	u.trust(o.TLSConfig)
	where := fmt.Sprintf("%s at %s, db %d", u.name, o.Addr, o.DB)
	return func() Store { return newRedisStore(redis.NewClient(o), where, o.DialTimeout+o.ReadTimeout) }, nil
}

// prepareSentinel is the row of redis+sentinel://. User and password of the URL
// are for the sentinels; those of the servers are the options username and
// password, as in redis.ParseFailoverURL.
func prepareSentinel(cfg Config) (func() Store, error) {
	u, err := parseRedisURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	o, err := redis.ParseFailoverURL(u.text)
	if err != nil {
		return nil, errRedisURL
	}
	if o.MasterName == "" {
		return nil, errors.New("url: a sentinel's needs ?master_name=NAME")
	}
	o.ContextTimeoutEnabled, o.DialerRetries = true, 1 // No URL can say these.
	u.trust(o.TLSConfig)
	where := fmt.Sprintf("%s master %s by sentinel at %s, db %d",
		u.name, o.MasterName, strings.Join(o.SentinelAddrs, " "), o.DB)
	return func() Store { return newRedisStore(redis.NewFailoverClient(o), where, o.DialTimeout+o.ReadTimeout) }, nil
}

// prepareCluster is the row of redis+cluster://.
func prepareCluster(cfg Config) (func() Store, error) {
	u, err := parseRedisURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	o, err := redis.ParseClusterURL(u.text)
	if err != nil {
		return nil, errRedisURL
	}
	o.ContextTimeoutEnabled, o.DialerRetries = true, 1 // No URL can say these.
	o.MaintNotificationsConfig = noMaintNotifications
	u.trust(o.TLSConfig)
	where := fmt.Sprintf("%s cluster at %s", u.name, strings.Join(o.Addrs, " "))
	return func() Store { return newRedisStore(redis.NewClusterClient(o), where, o.DialTimeout+o.ReadTimeout) }, nil
}

// newRedisStore silences go-redis, for the whole process: it would write to
// stderr past our log, and what it writes is not ours to vouch for. What fails
// comes back as an error all the same. A batch has timeout: time for a new
// connection and for an answer.
func newRedisStore(client redis.UniversalClient, where string, timeout time.Duration) *redisStore {
	logging.Disable()
	s := &redisStore{client: client, where: where, timeout: timeout}
	_, cluster := client.(*redis.ClusterClient)
	s.scattered.Store(cluster)
	return s
}

// noMaintNotifications spares each new connection the question whether the
// server is a hosted one that announces its maintenance.
var noMaintNotifications = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}

// errRedisURL is all that is said of a URL that cannot be read. The parsers'
// own errors quote it, and what they take for a port or an option may be a part
// of the password.
var errRedisURL = errors.New("url: cannot be read; the form is redis://user:password@host:port/db?option=value, " +
	"with any of : / ? # @ % in the password written as %XX")

// redisURL is a URL as go-redis reads it, and what it does not read.
type redisURL struct {
	text  string
	name  string         // "redis", or "redis (TLS)".
	roots *x509.CertPool // From the option ca_file, else nil: the system's.
}

// parseRedisURL takes our part out of a URL: the kind of the client in its
// scheme and the option ca_file, a file of PEM certificates to trust.
func parseRedisURL(s Secret) (redisURL, error) {
	u, err := url.Parse(s.Reveal())
	if err != nil || u.Opaque != "" || u.Fragment != "" {
		return redisURL{}, errRedisURL
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return redisURL{}, errRedisURL
	}
	for option, value := range redisOptions {
		if !query.Has(option) {
			query.Set(option, value)
		}
	}
	parsed := redisURL{name: "redis"}
	u.Scheme, _, _ = strings.Cut(u.Scheme, "+")
	if u.Scheme == "rediss" {
		parsed.name = "redis (TLS)"
	}
	if file := query.Get("ca_file"); file != "" {
		if u.Scheme != "rediss" {
			return redisURL{}, errors.New("url: ca_file is for TLS: rediss instead of redis")
		}
		if parsed.roots, err = readRoots(file); err != nil {
			return redisURL{}, err
		}
	}
	query.Del("ca_file")
	u.RawQuery = query.Encode()
	parsed.text = u.String()
	return parsed, nil
}

// readRoots reads the file of the option ca_file.
func readRoots(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("url: reading ca_file: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, errors.New("url: ca_file holds no certificate in PEM")
	}
	return roots, nil
}

// trust sets what a TLS client needs beyond the parsers' settings. Without TLS
// c is nil.
func (u redisURL) trust(c *tls.Config) {
	if c != nil {
		c.RootCAs, c.MinVersion = u.roots, tls.VersionTLS12
	}
}
