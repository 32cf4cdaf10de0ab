// Package clock keeps the time of a world. It runs at real speed from its start, can be frozen and moved
// on, and calls back what falls due, so that rate windows, expiry and retries can be tested without waiting.
package clock

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed is what Advance answers once the clock is closed.
var ErrClosed = errors.New("the clock is closed")

// Clock is the time of one world. It never runs backwards. All methods may be called at once from anywhere.
type Clock struct {
	shown atomic.Pointer[reading] // what Now reads; nil for the moment in which it changes
	turn  chan struct{}           // held by the one Advance that is moving the clock

	mu      sync.Mutex
	current *reading
	frozen  bool
	moving  bool // an Advance is under way: it alone sets the time and runs what falls due
	closed  bool
	due     agenda
	timer   *time.Timer
	work    *sync.WaitGroup // what Advance waits for before it moves on
}

// reading says how to tell the time until the next change. It is never altered, only replaced.
type reading struct {
	at    time.Time // the world's time when the reading was made
	since time.Time // the real time then, with its monotonic part; zero when the clock stands still
}

func standing(at time.Time) *reading { return &reading{at: at} }
func running(at time.Time) *reading  { return &reading{at: at, since: time.Now()} }

func (r *reading) time() time.Time {
	if r.since.IsZero() {
		return r.at
	}
	return r.at.Add(time.Since(r.since))
}

// New returns a clock that shows start and runs from there at real speed. A zero start means the real time.
func New(start time.Time) *Clock {
	if start.IsZero() {
		start = time.Now()
	}
	c := &Clock{
		turn:    make(chan struct{}, 1),
		current: running(start.UTC().Round(0)), // Round drops the monotonic part, which would win in Sub and Before
		work:    new(sync.WaitGroup),
	}
	c.shown.Store(c.current)
	c.timer = time.AfterFunc(time.Hour, c.fire)
	c.timer.Stop()
	return c
}

// Now is the world's time, in UTC. It takes no lock unless the clock is being changed at that moment.
func (c *Clock) Now() time.Time {
	for {
		r := c.shown.Load()
		if r == nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.current.time()
		}
		now := r.time()
		// A change hides the reading before it looks at the time. So a time told by a reading that still
		// shows lies before the change, and nobody sees the clock step back.
		if c.shown.Load() == r {
			return now
		}
	}
}

// change replaces the reading by what next makes of the present time. The caller holds mu.
func (c *Clock) change(next func(now time.Time) *reading) {
	c.shown.Store(nil)
	c.current = next(c.current.time())
	c.shown.Store(c.current)
}

// Freeze stops the clock where it is. Advance still moves it.
func (c *Clock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen = true
	if !c.moving {
		c.change(standing)
		c.arm()
	}
}

// Resume lets a frozen clock run on from the time it shows.
func (c *Clock) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.frozen {
		return
	}
	c.frozen = false
	if !c.moving {
		c.change(running)
		c.arm()
	}
}

// Frozen tells whether the clock stands still until it is moved or resumed.
func (c *Clock) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// Close drops what has not fallen due. Now still answers; what runs already is not waited for.
func (c *Clock) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.due = agenda{}
	c.timer.Stop()
}
