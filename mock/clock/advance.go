package clock

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// lastYear is the last one that RFC 3339 can write.
const lastYear = 9999

// Advance moves the clock on by d and returns when everything that fell due on the way has finished, with
// what that led to in turn. It stops at each time at which something is due, so that Now shows that time while
// it runs, and first waits for what is under way already (see Begin). While it works, no real time is added.
//
// It fails when d is negative or leads beyond the year 9999, when the clock is closed, and when ctx ends
// before the work does: then the clock stays where it got to, and what is left falls due from there.
func (c *Clock) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("cannot move the clock by %s: it never runs backwards", d)
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("the clock is being moved already: %w", ctx.Err())
	}
	defer func() { <-c.turn }()
	target, err := c.depart(d)
	if err != nil {
		return err
	}
	defer c.arrive()
	for {
		if err := c.runDue(ctx); err != nil {
			return err
		}
		if err := c.settle(ctx); err != nil {
			return err
		}
		if !c.step(target) {
			return nil
		}
	}
}

// depart stops the real passing of time and says where the way ends.
func (c *Clock) depart(d time.Duration) (target time.Time, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return target, ErrClosed
	}
	target = c.current.time().Add(d)
	if target.Year() > lastYear {
		return target, fmt.Errorf("cannot move the clock by %s: it shows %s and ends with the year %d",
			d, c.current.time().Format(time.RFC3339), lastYear)
	}
	c.moving = true
	c.change(standing)
	c.timer.Stop()
	return target, nil
}

// arrive lets real time pass again, unless the clock is frozen.
func (c *Clock) arrive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moving = false
	if !c.frozen {
		c.change(running)
	}
	c.arm()
}

// runDue runs what is due at the time the clock shows, one after another.
func (c *Clock) runDue(ctx context.Context) error {
	for {
		c.mu.Lock()
		e := c.due.pop(c.current.time())
		if e == nil {
			c.mu.Unlock()
			return nil
		}
		returned := c.start(e.run)
		c.mu.Unlock()
		select {
		case <-returned:
		case <-ctx.Done():
			return c.stopped(ctx)
		}
	}
}

// settle waits for all work that has begun so far.
func (c *Clock) settle(ctx context.Context) error {
	c.mu.Lock()
	before, after := c.work, new(sync.WaitGroup)
	c.work = after
	settled := make(chan struct{})
	// The later work includes the earlier: should ctx end this wait, the next Advance takes it up.
	after.Go(func() {
		before.Wait()
		close(settled)
	})
	c.mu.Unlock()
	select {
	case <-settled:
		return nil
	case <-ctx.Done():
		return c.stopped(ctx)
	}
}

// step moves the clock to what falls due next, or tells that nothing does and moves it to the target.
func (c *Clock) step(target time.Time) (more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := target
	if len(c.due.entries) > 0 && !c.due.entries[0].at.After(target) {
		next, more = c.due.entries[0].at, true
	}
	c.change(func(now time.Time) *reading {
		if next.Before(now) {
			return standing(now)
		}
		return standing(next)
	})
	return more
}

func (c *Clock) stopped(ctx context.Context) error {
	return fmt.Errorf("the clock stopped at %s, where what fell due has not finished: %w",
		c.Now().Format(time.RFC3339Nano), ctx.Err())
}
