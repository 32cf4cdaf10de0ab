package conformance

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Ledger counts what each account spent of its rate limits, in target time. It is how the suite knows the
// budget it has, and how the limits are judged by the run's own traffic.
type Ledger struct {
	mu      sync.Mutex
	entries map[*Account][]*Charge
}

// Charge is one request that carried an account's token.
type Charge struct {
	At    time.Time // target time at which it was sent
	Group string    // the limit that counts it; "" for none
	// Status is 0 until it is answered, and stays so when the connection was lost.
	Status   int
	Exchange *Exchange
}

// OK tells whether it was served.
func (e *Charge) OK() bool { return e.Status >= 200 && e.Status < 300 }

func newLedger() *Ledger { return &Ledger{entries: map[*Account][]*Charge{}} }

func (l *Ledger) open(account *Account, group string, at time.Time) *Charge {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := &Charge{At: at, Group: group}
	l.entries[account] = append(l.entries[account], e)
	return e
}

func (l *Ledger) close(e *Charge, x *Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Status, e.Exchange = x.Status, x
}

// Entries returns an account's requests, oldest first.
func (l *Ledger) Entries(account *Account) []Charge {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Charge, 0, len(l.entries[account]))
	for _, e := range l.entries[account] {
		all = append(all, *e)
	}
	return all
}

// Accounts returns every account that sent anything.
func (l *Ledger) Accounts() []*Account {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*Account
	for a := range l.entries {
		all = append(all, a)
	}
	return all
}

// Count tells how many requests carried the account's token.
func (l *Ledger) Count(account *Account) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.entries[account])
}

// betweenLimits counts what was served between an account's last two 429s; false when there are no two.
func (l *Ledger) betweenLimits(account *Account) (served int, again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	limits := 0
	for _, e := range slices.Backward(l.entries[account]) {
		switch {
		case e.Status == http.StatusTooManyRequests:
			if limits++; limits == 2 {
				return served, true
			}
		case limits == 1 && e.OK():
			served++
		}
	}
	return served, false
}

// next tells when one more request of the group stays within the limit, counting every request of the
// trailing period. The general limit counts everything, since closes may count against it (AL-121).
func (l *Ledger) next(account *Account, group string, limit int, period time.Duration, everything bool, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	var within []time.Time
	for _, e := range l.entries[account] {
		if (everything || e.Group == group) && now.Sub(e.At) < period {
			within = append(within, e.At)
		}
	}
	if len(within) < limit {
		return now
	}
	return within[len(within)-limit].Add(period)
}
