// Package limit counts requests against the documented rate limits, by the world's clock.
//
// A window is fixed and opens with the first request in it (AL-122), unless the world reads that otherwise. Each grant
// has windows of its own (AL-120), one for each limit: a close counts against the limit of closes alone, or against the
// general one, too (AL-121 leaves it open).
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
	clock  Clock
	manner Manner

	mu      sync.Mutex
	rules   Rules
	windows map[window]counter
	sweepAt int // the number of windows at which those that ended are next looked for
}

type window struct{ key, limit string }

// New counts from nothing.
func New(rules Rules, clock Clock, manner Manner) *Limits {
	return &Limits{clock: clock, manner: manner, rules: rules, windows: make(map[window]counter), sweepAt: 1024}
}

// Take counts one request against the named limit, by a key that says whose it is. A refused request is not counted:
// it changes nothing about when the next one passes.
func (l *Limits) Take(key, limit string) Verdict {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	verdict := l.take(key, limit, now)
	if limit == Close && l.manner.ClosesCounted && verdict.Allowed {
		if general := l.take(key, General, now); !general.Allowed {
			l.giveBack(key, limit)
			return general
		}
	}
	return verdict
}

func (l *Limits) take(key, limit string, now time.Time) Verdict {
	rule, limited := l.rules[limit]
	if !limited {
		return Verdict{Allowed: true}
	}
	name := window{key, limit}
	current := l.windows[name]
	if current == nil {
		l.sweep(now)
		current = l.manner.counter()
		l.windows[name] = current
	}
	verdict := Verdict{Limit: rule.Requests}
	verdict.Allowed, verdict.Remaining, verdict.Reset = current.take(now, rule)
	if !verdict.Allowed {
		verdict.RetryAfter = int((verdict.Reset.Sub(now) + time.Second - 1) / time.Second)
	}
	return verdict
}

// GiveBack takes a request out again that Take has counted just now.
func (l *Limits) GiveBack(key, limit string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.giveBack(key, limit)
	if limit == Close && l.manner.ClosesCounted {
		l.giveBack(key, General)
	}
}

func (l *Limits) giveBack(key, limit string) {
	if current := l.windows[window{key, limit}]; current != nil {
		current.giveBack()
	}
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
		if c.over(now, l.rules[name.limit]) {
			delete(l.windows, name)
		}
	}
	l.sweepAt = max(1024, 2*len(l.windows))
}
