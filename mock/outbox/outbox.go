// Package outbox delivers webhooks: signed, side by side, in order within a conversation, tried again by the
// world's clock, and never more at once than it has room for.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/parley-contracts/parley/mock/clock"
	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/journal"
)

// What Send may answer, besides a complaint about the message itself.
var (
	ErrFull   = errors.New("the outbox is full: deliveries are not taken as fast as events happen")
	ErrClosed = errors.New("the outbox is closed")
)

// The defaults of Options.
const (
	DefaultWorkers = 64
	DefaultQueue   = 10_000
	DefaultRetries = 3 // "Rate Limiting", Webhook Deliveries
	DefaultTimeout = 10 * time.Second
	DefaultMaxBody = 1 << 20
)

// Options say how an outbox delivers. The zero value of each means its default.
type Options struct {
	Clock   *clock.Clock     // when retries are due; real time
	Journal *journal.Journal // where attempts are written; one of its own
	Faults  *fault.Faults    // what goes wrong on purpose; nothing

	Transport http.RoundTripper // what sends; NewTransport(nil). An outbox closes none but its own

	Workers int                           // attempts at once
	Queue   int                           // messages taken and not finished: waiting for a worker, under way, or to be tried again
	Retries int                           // attempts after the first; below 0 for none
	Backoff func(retry int) time.Duration // from a failure to the nth retry; 1 s, 2 s, 4 s and so on
	Timeout time.Duration                 // of one attempt, in real time
	MaxBody int                           // bytes of a message's body

	AllowLoopbackHTTP bool // deliver to http://localhost, 127.0.0.1 and [::1] too, not to https alone
}

// Stats are an outbox's present load and what it has done so far.
type Stats struct {
	Queued   int `json:"queued"`    // waiting for a worker
	InFlight int `json:"in_flight"` // being attempted
	Waiting  int `json:"waiting"`   // for the time of their next retry
	Capacity int `json:"capacity"`  // of all three together: when it is reached, messages are refused

	Attempts  uint64 `json:"attempts"`  // ended, retries included
	Retried   uint64 `json:"retried"`   // attempts that were retries
	Delivered uint64 `json:"delivered"` // messages answered with a 2xx
	Failed    uint64 `json:"failed"`    // messages given up after the last retry
	Cancelled uint64 `json:"cancelled"` // messages given up because their subscription, or the outbox, ended
	Refused   uint64 `json:"refused"`   // messages that found no room
	Extra     uint64 `json:"extra"`     // sent by faults beside the attempts, and in none of these numbers
}

// Outbox delivers the messages of one world. All methods may be called at once from anywhere.
type Outbox struct {
	options Options
	base    context.Context // of all attempts
	abort   context.CancelFunc

	mu       sync.Mutex
	pending  map[*delivery]struct{} // taken and not finished
	lanes    lanes
	held     map[string][]*delivery // by origin: those that let another go first
	workers  int
	stats    Stats
	closed   bool
	draining chan struct{} // closed when nothing is queued or in flight; nil while nobody waits for that
}

// New returns an outbox. It runs nothing while there is nothing to deliver.
func New(options Options) *Outbox {
	o := &Outbox{options: options.withDefaults(), pending: map[*delivery]struct{}{}, lanes: newLanes(), held: map[string][]*delivery{}}
	o.stats.Capacity = o.options.Queue
	o.base, o.abort = context.WithCancel(context.Background())
	return o
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = clock.New(time.Time{})
	}
	if o.Journal == nil {
		o.Journal = journal.New(0)
	}
	if o.Faults == nil {
		o.Faults = fault.New(0, fault.Contract{})
	}
	if o.Transport == nil {
		o.Transport = ownTransport{NewTransport(nil)}
	}
	if o.Retries == 0 {
		o.Retries = DefaultRetries
	}
	if o.Backoff == nil {
		o.Backoff = func(retry int) time.Duration { return time.Second << min(retry-1, 16) }
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	o.Workers = orDefault(o.Workers, DefaultWorkers)
	o.Queue = orDefault(o.Queue, DefaultQueue)
	o.MaxBody = orDefault(o.MaxBody, DefaultMaxBody)
	return o
}

func orDefault(n, standard int) int {
	if n <= 0 {
		return standard
	}
	return n
}

// ownTransport marks a transport that nobody else can close.
type ownTransport struct{ *Transport }

// Send takes a message for delivery and returns at once. The message's parts must not be altered afterwards.
// It fails with ErrFull when there is no room, with ErrClosed, or because of the message.
func (o *Outbox) Send(m Message) error {
	origin, err := o.check(&m)
	if err != nil {
		return fmt.Errorf("event %s for subscription %s: %w", m.ID, m.Subscription, err)
	}
	d := &delivery{Message: m, lane: laneKey{m.Key, origin}}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return ErrClosed
	case len(o.pending) >= o.options.Queue:
		o.stats.Refused++
		o.note(d, o.options.Clock.Now(), result{err: ErrFull}, journal.Refused)
		return ErrFull
	}
	o.pending[d] = struct{}{}
	o.start(d)
	return nil
}

// Cancel ends a subscription: what is queued for it is not sent, and what failed is not tried again. An attempt
// on the wire is let go: its receiver may be the one who unsubscribes, from within it.
func (o *Outbox) Cancel(subscription string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cancel(func(d *delivery) bool { return d.Subscription == subscription })
}

// cancel gives up what is chosen: now if it waits for a retry, or else when a worker comes to it. The caller holds mu.
func (o *Outbox) cancel(chosen func(*delivery) bool) {
	for d := range o.pending {
		if !chosen(d) {
			continue
		}
		d.cancelled = true
		if d.state == waiting {
			d.takeOff()
			o.stats.Waiting--
			o.giveUp(d)
		}
	}
}

// Stats tells how the outbox is doing.
func (o *Outbox) Stats() Stats {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.stats
}

// Drain waits until nothing is queued or under way. Retries that wait for the clock do not count: they are
// moved by moving the clock.
func (o *Outbox) Drain(ctx context.Context) error {
	o.mu.Lock()
	if o.stats.Queued+o.stats.InFlight == 0 {
		o.mu.Unlock()
		return nil
	}
	if o.draining == nil {
		o.draining = make(chan struct{})
	}
	drained := o.draining
	o.mu.Unlock()
	select {
	case <-drained:
		return nil
	case <-ctx.Done():
		s := o.Stats()
		return fmt.Errorf("%d deliveries queued and %d under way: %w", s.Queued, s.InFlight, ctx.Err())
	}
}

// graceAfterAbort is how long Close waits for attempts that it has broken off.
const graceAfterAbort = time.Second

// Close takes nothing more, gives up what waits for a retry, and finishes what is queued and under way. When
// ctx ends first it breaks that off, and its error says how much it was.
func (o *Outbox) Close(ctx context.Context) error {
	o.mu.Lock()
	o.closed = true
	o.cancel(func(d *delivery) bool { return d.state == waiting })
	o.mu.Unlock()
	err := o.Drain(ctx)
	if err != nil {
		err = fmt.Errorf("the outbox closed with %w", err)
		o.mu.Lock()
		o.cancel(func(*delivery) bool { return true })
		o.mu.Unlock()
		o.abort()
		grace, cancel := context.WithTimeout(context.Background(), graceAfterAbort)
		defer cancel()
		_ = o.Drain(grace) // the error to report is the first
	}
	o.abort()
	if own, ok := o.options.Transport.(ownTransport); ok {
		own.CloseIdleConnections()
	}
	return err
}
