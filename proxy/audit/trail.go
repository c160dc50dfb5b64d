package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// checkpointEvery is after how many records one is signed, and
	// checkpointAfter after how long, if there was any.
	checkpointEvery = 1000
	checkpointAfter = time.Minute
	// gather is how long a round waits for further records, so that a busy trail
	// is not written, and its head with it, for each of them.
	gather = time.Millisecond
	// retryAfter is how long after a failure the sinks are tried again.
	retryAfter = 250 * time.Millisecond
	// maxBacklog is how many bytes may wait while the sinks fail.
	maxBacklog = 8 << 20
)

// ErrUnwritable says that the trail cannot be written.
var ErrUnwritable = errors.New("the audit trail cannot be written")

// Trail writes records. It is safe for concurrent use; Close ends it.
type Trail struct {
	refuses bool
	failing atomic.Bool
	wake    chan struct{}
	closing chan struct{}
	closed  chan struct{}
	ended   error // of close; read it after closed

	mu      sync.Mutex
	chain   *chain
	outlets []*outlet
	line    []byte        // room for the last one
	backlog int           // bytes in outlets, of the one with most
	lost    int           // records since the last gap
	written uint64        // the last record that all sinks have
	err     error         // of the last round
	round   chan struct{} // closed when a round of writing has ended
	now     func() time.Time
}

// outlet is a sink with what waits for it.
type outlet struct {
	sink
	pending []byte // under Trail.mu
	writing []byte // the writer's
}

// Open begins to write, or goes on where the file ends. The secret, of 32 bytes
// or more, must be the same at each start. out is standard output.
func Open(cfg Config, secret []byte, out io.Writer) (_ *Trail, err error) {
	t := &Trail{
		refuses: cfg.OnFailure == Refuse, chain: newChain(secret), now: time.Now, round: make(chan struct{}),
		wake: make(chan struct{}, 1), closing: make(chan struct{}), closed: make(chan struct{}),
	}
	begin := &Record{Type: typeBegin, Time: t.now().UTC(), Public: t.chain.public()}
	for _, row := range sinks {
		if !row.wanted(cfg) {
			continue
		}
		s, err := row.open(cfg, t.chain, out)
		if err != nil {
			return nil, errors.Join(err, t.closeSinks())
		}
		if f, ok := s.(*file); ok {
			begin.Torn = f.torn
		}
		t.outlets = append(t.outlets, &outlet{sink: s})
	}
	t.add(begin)
	t.flush() // So that Ready knows before the first exchange asks.
	go t.run()
	return t, nil
}

// Note takes the record of an exchange and does not wait. x is the caller's again
// when it returns.
func (t *Trail) Note(x *Exchange) { t.add(x.record()) }

// Write takes the record of an operation and waits until it is written. If that
// fails and the configuration says to refuse, the operation must not happen, and
// a record that it did not follows when there can be one again.
func (t *Trail) Write(ctx context.Context, o *Operation) error {
	r := o.record()
	seq, round := t.add(r)
	err := t.wait(ctx, seq, round)
	if err == nil || !t.refuses {
		return nil
	}
	t.add(&Record{Type: o.Type + notDone, Time: t.now().UTC(), ID: o.ID, Tenant: o.Tenant, Operator: o.Operator})
	return err
}

// Ready returns ErrUnwritable if the trail cannot be written and requests are to
// be refused for that.
func (t *Trail) Ready() error {
	if t.refuses && t.failing.Load() {
		return ErrUnwritable
	}
	return nil
}

// Writable says whether the last records could be written.
func (t *Trail) Writable() bool { return !t.failing.Load() }

// Close signs what was written, writes what waits and ends the sinks.
func (t *Trail) Close() error {
	close(t.closing)
	<-t.closed
	return t.ended
}

// add makes r the next record. It returns its number, 0 if there is no room for
// it, and what is closed when the next round of writing has ended.
func (t *Trail) add(r *Record) (seq uint64, round <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.backlog > maxBacklog {
		t.lost++
		return 0, t.round
	}
	t.append(r, (*chain).append)
	select {
	case t.wake <- struct{}{}:
	default: // It is awake.
	}
	return t.chain.seq, t.round
}

// append gives a line to all outlets. t.mu is held.
func (t *Trail) append(r *Record, how func(*chain, []byte, *Record) []byte) {
	t.line = how(t.chain, t.line[:0], r)
	t.backlog += len(t.line)
	for _, o := range t.outlets {
		o.pending = append(o.pending, t.line...)
	}
}

// checkpoint signs the records since the last one. t.mu is held.
func (t *Trail) checkpoint() {
	if t.chain.pending > 0 {
		t.append(&Record{Time: t.now().UTC()}, (*chain).checkpoint)
	}
}

// wait returns when record seq is written, or with the error that hindered it.
func (t *Trail) wait(ctx context.Context, seq uint64, round <-chan struct{}) error {
	if seq == 0 {
		return fmt.Errorf("audit: more than %d bytes wait: %w", maxBacklog, ErrUnwritable)
	}
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("audit: waiting for the trail: %w", ctx.Err())
		case <-t.closed:
			return fmt.Errorf("audit: the trail has ended: %w", ErrUnwritable)
		case <-round:
		}
		t.mu.Lock()
		written, err := t.written, t.err
		round = t.round
		t.mu.Unlock()
		if written >= seq {
			return nil
		}
		if err != nil {
			return errors.Join(ErrUnwritable, err)
		}
	}
}

// run writes until Close.
func (t *Trail) run() {
	defer close(t.closed)
	sign := time.NewTicker(checkpointAfter)
	defer sign.Stop()
	for {
		if t.failing.Load() {
			select {
			case <-time.After(retryAfter):
			case <-t.closing:
			}
		} else {
			select {
			case <-t.wake:
				t.gather()
			case <-sign.C:
				t.mu.Lock()
				t.checkpoint()
				t.mu.Unlock()
			case <-t.closing:
			}
		}
		select {
		case <-t.closing:
			t.end()
			return
		default:
			t.flush()
		}
	}
}

// gather waits for further records, or for Close.
func (t *Trail) gather() {
	select {
	case <-time.After(gather):
	case <-t.closing:
	}
}

// flush gives all outlets what waits for them: one round.
func (t *Trail) flush() {
	t.mu.Lock()
	if t.lost > 0 && t.backlog <= maxBacklog {
		t.append(&Record{Type: typeGap, Time: t.now().UTC(), Lost: t.lost}, (*chain).append)
		t.lost = 0
	}
	if t.chain.pending >= checkpointEvery || t.fileFull() {
		t.checkpoint()
	}
	upto, head := t.chain.seq, t.chain.head()
	for _, o := range t.outlets {
		o.writing, o.pending = append(o.writing, o.pending...), o.pending[:0]
	}
	t.mu.Unlock()

	errs := make([]error, 0, len(t.outlets))
	most := 0
	for _, o := range t.outlets {
		errs = append(errs, o.flush(head))
		most = max(most, len(o.writing))
	}
	err := errors.Join(errs...)

	t.mu.Lock()
	defer t.mu.Unlock()
	t.backlog = most
	for _, o := range t.outlets {
		t.backlog = max(t.backlog, len(o.writing)+len(o.pending))
	}
	if t.err = err; err == nil {
		t.written = upto
	}
	t.failing.Store(err != nil)
	close(t.round)
	t.round = make(chan struct{})
}

// fileFull says that the file ends with this round.
func (t *Trail) fileFull() bool {
	for _, o := range t.outlets {
		if f, ok := o.sink.(*file); ok {
			return f.size+int64(len(o.pending)+len(o.writing)) >= f.max
		}
	}
	return false
}

// flush writes what waits. head says what the last record of it is.
func (o *outlet) flush(head string) error {
	n, err := o.write(o.writing)
	o.writing = o.writing[:copy(o.writing, o.writing[n:])]
	f, ok := o.sink.(*file)
	if err != nil || !ok || n == 0 {
		return err
	}
	if err := f.mark(head); err != nil {
		return err
	}
	if f.full() {
		return f.rotate()
	}
	return nil
}

// end writes what waits for the last time.
func (t *Trail) end() {
	t.mu.Lock()
	t.checkpoint()
	t.mu.Unlock()
	t.flush()
	t.ended = errors.Join(t.err, t.closeSinks())
}

func (t *Trail) closeSinks() error {
	errs := make([]error, 0, len(t.outlets))
	for _, o := range t.outlets {
		errs = append(errs, o.close())
	}
	return errors.Join(errs...)
}
