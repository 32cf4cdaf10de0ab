// Package limit counts requests against the documented rate limits, by the world's clock.
//
// A window is fixed and opens with the first request in it (AL-122). Each grant has windows of its own
// (AL-120), one for each limit: a close counts against the limit of closes alone (AL-121 leaves it open).
package limit

import (
	"sync"
	"time"
)

// Rule allows so many requests in a window.
type Rule struct {
	Requests int
	Window   time.Duration
}

// Rules are the limits by name. A name without a rule is unlimited.
type Rules map[string]Rule

// Verdict is what one request was told.
type Verdict struct {
	Allowed    bool
	Limit      int       // of the rule; zero when nothing limits the request, and then the rest is zero too
	Remaining  int       // requests left in the window
	Reset      time.Time // when the window ends
	RetryAfter int       // whole seconds until then, rounded up; zero when allowed
}

// Clock tells the world's time.
type Clock interface{ Now() time.Time }

// Limits counts the requests of one world. It is safe for concurrent use.
type Limits struct {
	clock Clock

	mu      sync.Mutex
	rules   Rules
	windows map[window]count
	sweepAt int // the number of windows at which those that ended are next looked for
}

type window struct{ grant, limit string }

type count struct {
	ends time.Time
	n    int
}

// New counts from nothing.
func New(rules Rules, clock Clock) *Limits {
	return &Limits{clock: clock, rules: rules, windows: make(map[window]count), sweepAt: 1024}
}

// Take counts one request of a grant against the named limit. A refused request is not counted: it changes
// nothing about when the next one passes.
func (l *Limits) Take(grant, limit string) Verdict {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	rule, limited := l.rules[limit]
	if !limited {
		return Verdict{Allowed: true}
	}
	name := window{grant, limit}
	current, open := l.windows[name]
	if !open || !now.Before(current.ends) {
		l.sweep(now)
		current = count{ends: now.Add(rule.Window)}
	}
	verdict := Verdict{Allowed: current.n < rule.Requests, Limit: rule.Requests, Reset: current.ends}
	if verdict.Allowed {
		current.n++
		l.windows[name] = current
		verdict.Remaining = rule.Requests - current.n
	} else {
		verdict.RetryAfter = int((current.ends.Sub(now) + time.Second - 1) / time.Second)
	}
	return verdict
}

// Rules are the limits in force.
func (l *Limits) Rules() Rules {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rules
}

// Set puts other limits in force and forgets what was counted. The rules must not change afterwards.
func (l *Limits) Set(rules Rules) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rules = rules
	clear(l.windows)
}

func (l *Limits) sweep(now time.Time) {
	if len(l.windows) < l.sweepAt {
		return
	}
	for name, c := range l.windows {
		if !now.Before(c.ends) {
			delete(l.windows, name)
		}
	}
	l.sweepAt = max(1024, 2*len(l.windows))
}
