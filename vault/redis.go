package vault

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// redisStore is a Store in Redis 7.0 or newer, or Valkey: one server, one that
// Sentinel names, or a cluster. A batch is a script or a pipeline; in a cluster
// there is a pipeline to each node concerned, all at the same time.
type redisStore struct {
	client redis.UniversalClient
	where  string
	// timeout ends every pipeline, whatever becomes of its connections: a client
	// of maskit gets his answer within 300 ms.
	timeout time.Duration
	// scattered says that no script can have all keys of a batch: see Put.
	scattered atomic.Bool
}

// Get implements Store. It is a pipeline of GET and not MGET, which a cluster
// refuses for keys of different slots.
func (s *redisStore) Get(ctx context.Context, keys []string) ([][]byte, error) {
	gets := make([]*redis.StringCmd, len(keys))
	err := s.send(ctx, len(keys), func(ctx context.Context, pipe redis.Pipeliner, i int) {
		gets[i] = pipe.Get(ctx, keys[i])
	})
	if err != nil {
		return nil, err
	}
	values := make([][]byte, len(keys))
	for i, get := range gets {
		if get.Err() == nil {
			values[i] = []byte(get.Val())
		}
	}
	return values, nil
}

// Delete implements Store.
func (s *redisStore) Delete(ctx context.Context, keys []string) error {
	return s.send(ctx, len(keys), func(ctx context.Context, pipe redis.Pipeliner, i int) {
		pipe.Del(ctx, keys[i])
	})
}

// swapScript is the script of Swap. Its arguments are the old value and the new
// one, "" where there is none, and the TTL in milliseconds, 0 for no end.
const swapScript = `
local held = redis.call('GET', KEYS[1])
if (held or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`

// Swap implements Swapper.
func (s *redisStore) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	ms := ttl.Milliseconds()
	if ttl > 0 {
		ms = max(1, ms)
	}
	n, err := s.client.Eval(ctx, swapScript, []string{key}, old, value, ms).Int()
	return n == 1, redisError(err)
}

// List implements Lister. In a cluster it scans all masters at once.
func (s *redisStore) List(ctx context.Context, prefix string, each func(keys []string) error) error {
	pattern := globEscape.Replace(prefix) + "*"
	var one sync.Mutex // The caller gets the keys of one at a time.
	scan := func(ctx context.Context, c *redis.Client) error {
		for cursor := uint64(0); ; {
			var keys []string
			var err error
			step, cancel := context.WithTimeout(ctx, s.timeout)
			keys, cursor, err = c.Scan(step, cursor, pattern, scanCount).Result()
			cancel()
			if err != nil {
				return redisError(err)
			}
			one.Lock()
			err = each(keys)
			one.Unlock()
			if err != nil || cursor == 0 {
				return err
			}
		}
	}
	switch c := s.client.(type) {
	case *redis.Client:
		return scan(ctx, c)
	case *redis.ClusterClient:
		return c.ForEachMaster(ctx, scan)
	}
	return ErrUnsupported
}

// scanCount is how many keys Redis looks at in one step: about a millisecond.
const scanCount = 2000

// globEscape takes their meaning from what SCAN would take for a pattern.
var globEscape = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)

// Close implements Store.
func (s *redisStore) Close() error { return redisError(s.client.Close()) }

// String says which Redis this is, for the start-up line and errors.
func (s *redisStore) String() string { return s.where }

// maxPipeline is how many entries go in one pipeline. Redis works off about
// 80,000 entries a second: what is more than this would look like a Redis that
// hangs, so it goes in several round trips, each with the time of one. A usual
// request has a dozen.
const maxPipeline = 4096

// send has queue add the commands for entries 0 to n-1 to a pipeline and sends
// it. It fails if any command does, but for the answer "no such key".
func (s *redisStore) send(ctx context.Context, n int, queue func(ctx context.Context, pipe redis.Pipeliner, i int)) error {
	for from := 0; from < n; from += maxPipeline {
		if err := s.sendSome(ctx, from, min(from+maxPipeline, n), queue); err != nil {
			return err
		}
	}
	return nil
}

func (s *redisStore) sendSome(ctx context.Context, from, to int, queue func(context.Context, redis.Pipeliner, int)) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	pipe := s.client.Pipeline()
	for i := from; i < to; i++ {
		queue(ctx, pipe, i)
	}
	cmds, err := pipe.Exec(ctx)
	if err != nil && !errors.Is(err, redis.Nil) {
		return redisError(err)
	}
	for _, cmd := range cmds {
		if err := cmd.Err(); err != nil && !errors.Is(err, redis.Nil) {
			return redisError(err)
		}
	}
	return nil
}

// warn implements warner: it asks each master what it does with entries when
// its memory is full. INFO tells it as CONFIG GET does, and is open to more
// users: hosted servers close CONFIG.
func (s *redisStore) warn(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var err error
	switch c := s.client.(type) {
	case *redis.Client:
		err = checkPolicy(ctx, c)
	case *redis.ClusterClient:
		err = c.ForEachMaster(ctx, checkPolicy)
	}
	var policy evicts
	switch {
	case err == nil:
		return nil
	case errors.As(err, &policy):
		return []string{fmt.Sprintf("%s may drop entries before their time: its maxmemory-policy is %s; set noeviction, and memory enough.", s.where, string(policy))}
	default:
		return []string{fmt.Sprintf("%s does not tell its maxmemory-policy (INFO memory); make sure that it is noeviction, or entries may be dropped before their time.", s.where)}
	}
}

// evicts is a maxmemory-policy that drops entries.
type evicts string

func (e evicts) Error() string { return "maxmemory-policy " + string(e) }

func checkPolicy(ctx context.Context, c *redis.Client) error {
	info, err := c.Info(ctx, "memory").Result()
	if err != nil {
		return err
	}
	switch policy := infoField(info, "maxmemory_policy"); policy {
	case "noeviction":
		return nil
	case "":
		return errors.New("no maxmemory_policy in INFO")
	default:
		return evicts(policy)
	}
}

// infoField returns the value of a line "name:value" of INFO, "" without it.
func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// redisHints say, for the code that an answer of Redis begins with, what is
// wrong in our words.
var redisHints = map[string]string{
	"CLUSTERDOWN": "the cluster does not serve all slots",
	"ERR":         "maskit needs Redis 7.0 or newer, or Valkey",
	"LOADING":     "it is still loading its data",
	"MASTERDOWN":  "its master is gone",
	"MISCONF":     "it cannot save to disk and refuses writes",
	"NOAUTH":      "it wants a password",
	"NOPERM":      "the user lacks a permission: ~maskit:* +set +get +del +pexpire +eval +scan +info",
	"OOM":         "its memory is full (maxmemory)",
	"READONLY":    "it is a replica",
	"WRONGPASS":   "user or password is wrong",
}

// redisError drops the text of what a Redis server answered, since some answers
// quote the command with its arguments, and keeps the code it begins with.
// Errors of the network name addresses only and stay as they are.
func redisError(err error) error {
	var answer redis.Error
	if !errors.As(err, &answer) {
		return err
	}
	code, _, _ := strings.Cut(answer.Error(), " ")
	if hint, ok := redisHints[code]; ok {
		return fmt.Errorf("redis answered %s: %s", code, hint)
	}
	return errors.New("redis answered with an error")
}
