package limit

import (
	"time"

	"github.com/parley-contracts/parley/mock/reading"
)

// Manner is how requests are counted where the document does not say. The zero value is the mock's own way.
type Manner struct {
	ClosesCounted bool           // a close counts for the general limit as well (AL-121)
	counted       reading.Choice // how a minute is (AL-122)
}

// By is the manner of a world with these readings.
func By(readings *reading.Set) Manner {
	m := Manner{ClosesCounted: readings.Has(reading.ClosesCounted)}
	for _, c := range []reading.Choice{reading.WindowCalendar, reading.WindowSliding, reading.WindowBucket} {
		if readings.Has(c) {
			m.counted = c
		}
	}
	return m
}

// counter counts the requests of one key against one limit.
type counter interface {
	// take counts a request if there is room for it. It tells how many more there is room for, and from when there is
	// room again.
	take(now time.Time, rule Rule) (allowed bool, remaining int, reset time.Time)
	giveBack()
	// over: nothing of what was counted matters any more.
	over(now time.Time, rule Rule) bool
}

func (m Manner) counter() counter {
	switch m.counted {
	case reading.WindowCalendar:
		return &fixed{calendar: true}
	case reading.WindowSliding:
		return &sliding{}
	case reading.WindowBucket:
		return &bucket{}
	}
	return &fixed{}
}

// fixed is a window that opens with the first request in it, or with the clock's minute.
type fixed struct {
	calendar bool
	ends     time.Time
	n        int
}

func (f *fixed) take(now time.Time, rule Rule) (bool, int, time.Time) {
	if !now.Before(f.ends) {
		begins := now
		if f.calendar {
			begins = now.Truncate(rule.Window)
		}
		f.ends, f.n = begins.Add(rule.Window), 0
	}
	if f.n >= rule.Requests {
		return false, 0, f.ends
	}
	f.n++
	return true, rule.Requests - f.n, f.ends
}

func (f *fixed) giveBack() { f.n = max(0, f.n-1) }

func (f *fixed) over(now time.Time, _ Rule) bool { return !now.Before(f.ends) }

// sliding is the time just past, at every moment.
type sliding struct {
	at []time.Time // of the requests in it, oldest first
}

func (s *sliding) take(now time.Time, rule Rule) (bool, int, time.Time) {
	for len(s.at) > 0 && !now.Before(s.at[0].Add(rule.Window)) {
		s.at = s.at[1:]
	}
	if len(s.at) >= rule.Requests {
		return false, 0, s.at[0].Add(rule.Window)
	}
	s.at = append(s.at, now)
	return true, rule.Requests - len(s.at), s.at[0].Add(rule.Window)
}

func (s *sliding) giveBack() {
	if n := len(s.at); n > 0 {
		s.at = s.at[:n-1]
	}
}

func (s *sliding) over(now time.Time, rule Rule) bool {
	return len(s.at) == 0 || !now.Before(s.at[len(s.at)-1].Add(rule.Window))
}

// bucket holds as many requests as the limit allows, and is refilled evenly.
type bucket struct {
	spent float64
	at    time.Time // when it was spent so far
}

func (b *bucket) take(now time.Time, rule Rule) (bool, int, time.Time) {
	each := rule.Window / time.Duration(rule.Requests)
	b.spent, b.at = max(0, b.spent-float64(now.Sub(b.at))/float64(each)), now
	whole := float64(rule.Requests)
	if b.spent > whole-1 {
		return false, 0, now.Add(time.Duration((b.spent - whole + 1) * float64(each)))
	}
	b.spent++
	return true, int(whole - b.spent), now.Add(time.Duration(b.spent * float64(each)))
}

func (b *bucket) giveBack() { b.spent = max(0, b.spent-1) }

func (b *bucket) over(now time.Time, rule Rule) bool { return now.Sub(b.at) >= rule.Window }
