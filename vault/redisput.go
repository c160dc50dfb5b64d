package vault

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// putScript is a batch of Put as one command. Its first argument is the TTL in
// milliseconds, those after it the values of its keys. It answers with the keys
// that were held: the number of each from 1, and what it holds.
//
// Against a pipeline of two commands for each key it costs the client half, and
// Redis about the same.
const putScript = `
local ttl, held, n = ARGV[1], {}, 0
for i, key in ipairs(KEYS) do
  local value = redis.call('SET', key, ARGV[i + 1], 'NX', 'GET', 'PX', ttl)
  if value then
    redis.call('PEXPIRE', key, ttl)
    held[n + 1], held[n + 2], n = i, value, n + 2
  end
end
return held`

// Put implements Store. A batch is a script, or, where keys of one batch lie on
// several servers or scripts are not allowed, a pipeline.
func (s *redisStore) Put(ctx context.Context, entries []Entry, ttl time.Duration) ([][]byte, error) {
	prior := make([][]byte, len(entries))
	for from := 0; from < len(entries); from += maxPipeline {
		to := min(from+maxPipeline, len(entries))
		if err := s.putSome(ctx, prior[from:to], entries[from:to], max(1, ttl.Milliseconds())); err != nil {
			return nil, err
		}
	}
	return prior, nil
}

// putSome is Put for at most maxPipeline entries; ttl is in milliseconds.
func (s *redisStore) putSome(ctx context.Context, prior [][]byte, entries []Entry, ttl int64) error {
	if s.scattered.Load() {
		return s.putScattered(ctx, prior, entries, ttl)
	}
	err := s.putTogether(ctx, prior, entries, ttl)
	var answer redis.Error
	if !errors.As(err, &answer) || !refusesScripts(answer) {
		return redisError(err)
	}
	if err := s.putScattered(ctx, prior, entries, ttl); err != nil {
		return err
	}
	s.scattered.Store(true)
	return nil
}

// refusesScripts says whether it may be the script that a server does not take,
// and not its commands: it is a cluster behind a proxy, or the user may not call
// scripts.
func refusesScripts(answer redis.Error) bool {
	code, _, _ := strings.Cut(answer.Error(), " ")
	return code == "CROSSSLOT" || code == "NOPERM" || code == "ERR"
}

// putTogether is the script. Its error is as Redis has it.
func (s *redisStore) putTogether(ctx context.Context, prior [][]byte, entries []Entry, ttl int64) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	args := make([]any, 0, 4+2*len(entries))
	args = append(args, "eval", putScript, len(entries))
	for i := range entries {
		args = append(args, &entries[i].Key)
	}
	args = append(args, ttl)
	for i := range entries {
		args = append(args, entries[i].Value)
	}
	cmd := redis.NewSliceCmd(ctx, args...)
	if err := s.client.Process(ctx, cmd); err != nil {
		return err
	}
	held := cmd.Val()
	for i := 0; i+1 < len(held); i += 2 {
		n, isNumber := held[i].(int64)
		value, isText := held[i+1].(string)
		if !isNumber || !isText || n < 1 || n > int64(len(prior)) {
			return errors.New("redis answered what its script does not")
		}
		prior[n-1] = []byte(value)
	}
	return nil
}

// putScattered is the pipeline. For each entry two commands go out:
//
//	PEXPIRE key ttl
//	SET key value NX GET PX ttl
//
// in this order, because then no interleaving with other clients harms: if the
// key ends or is deleted between the two, SET stores it; if somebody else
// stores it between the two, it has its full TTL from him. The commands are
// written out, since PExpire and SetArgs of go-redis make the arguments anew for
// each.
func (s *redisStore) putScattered(ctx context.Context, prior [][]byte, entries []Entry, ttl int64) error {
	sets := make([]*redis.StatusCmd, len(entries))
	ms := any(ttl)
	err := s.send(ctx, len(entries), func(ctx context.Context, pipe redis.Pipeliner, i int) {
		key := any(entries[i].Key)
		sets[i] = redis.NewStatusCmd(ctx, "set", key, entries[i].Value, "nx", "get", "px", ms)
		_ = pipe.Process(ctx, redis.NewIntCmd(ctx, "pexpire", key, ms)) // Both only join the queue.
		_ = pipe.Process(ctx, sets[i])
	})
	if err != nil {
		return err
	}
	for i, set := range sets {
		if set.Err() == nil {
			prior[i] = []byte(set.Val())
		}
	}
	return nil
}
