package clock

import (
	"container/heap"
	"time"
)

// At runs f once, when the clock reaches t: as real time passes in a goroutine of its own, or during an
// Advance at t sharp, one after another in order of time and, at the same time, in order of registration.
// A t that has passed runs f at once, also on a frozen clock. The returned func takes f off again; it does
// nothing once f has started.
func (c *Clock) At(t time.Time, f func()) (cancel func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return func() {}
	}
	c.due.count++
	e := &entry{at: t.UTC().Round(0), order: c.due.count, run: f}
	heap.Push(&c.due, e)
	c.arm()
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.due.remove(e)
		c.arm()
	}
}

// Begin says that something is under way which an Advance has to wait for before it moves the clock on: an
// attempted delivery, say, whose failure will schedule a retry. done must be called once, when it is over.
// Whatever begins after a step of an Advance is not waited for in that step, so steady traffic never holds
// the clock up.
func (c *Clock) Begin() (done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.work.Add(1)
	return c.work.Done
}

// arm sets the timer for what falls due next by the passing of real time. The caller holds mu.
func (c *Clock) arm() {
	c.timer.Stop()
	if c.closed || c.moving || len(c.due.entries) == 0 {
		return
	}
	now := c.current.time()
	wait := c.due.entries[0].at.Sub(now)
	if wait <= 0 || !c.frozen {
		c.timer.Reset(max(wait, 0))
	}
}

// fire starts what has fallen due by the passing of real time, which waits for nobody.
func (c *Clock) fire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.moving {
		return
	}
	now := c.current.time()
	for e := c.due.pop(now); e != nil; e = c.due.pop(now) {
		c.start(e.run)
	}
	c.arm()
}

// start runs f in a goroutine, as work under way. The channel closes when f has returned. The caller holds mu.
func (c *Clock) start(f func()) <-chan struct{} {
	returned := make(chan struct{})
	c.work.Go(func() {
		defer close(returned)
		f()
	})
	return returned
}

// agenda is what will fall due, earliest first.
type agenda struct {
	entries []*entry
	count   uint64
}

type entry struct {
	at    time.Time
	order uint64
	run   func()
	index int // in the heap; -1 once taken out
}

// pop takes out the earliest entry that is due at now, or returns nil.
func (a *agenda) pop(now time.Time) *entry {
	if len(a.entries) == 0 || a.entries[0].at.After(now) {
		return nil
	}
	return heap.Pop(a).(*entry)
}

func (a *agenda) remove(e *entry) {
	if e.index >= 0 && e.index < len(a.entries) && a.entries[e.index] == e {
		heap.Remove(a, e.index)
	}
}

// The five methods of heap.Interface.

func (a *agenda) Len() int { return len(a.entries) }

func (a *agenda) Less(i, j int) bool {
	x, y := a.entries[i], a.entries[j]
	if x.at.Equal(y.at) {
		return x.order < y.order
	}
	return x.at.Before(y.at)
}

func (a *agenda) Swap(i, j int) {
	a.entries[i], a.entries[j] = a.entries[j], a.entries[i]
	a.entries[i].index, a.entries[j].index = i, j
}

func (a *agenda) Push(x any) {
	e := x.(*entry)
	e.index = len(a.entries)
	a.entries = append(a.entries, e)
}

func (a *agenda) Pop() any {
	last := len(a.entries) - 1
	e := a.entries[last]
	a.entries[last] = nil
	a.entries = a.entries[:last]
	e.index = -1
	return e
}
