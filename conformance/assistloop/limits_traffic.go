package assistloop

import (
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi"
)

// traffic is what one connected account sent, oldest first: the evidence that rate limits are judged by. All
// times are target time.
type traffic struct {
	who     string
	entries []conformance.Charge
	// since: what was sent before is not known, so that a window may have been under way. Zero for an account
	// that nobody used before this run.
	since time.Time
	// others may use the account at the same time, so that not all that counts is known.
	others bool
}

// trafficOf makes the traffic of a fresh account.
func (r *run) trafficOf(account *conformance.Account) traffic {
	return traffic{who: account.Name, entries: r.Ledger.Entries(account)}
}

// traffics are the connected accounts of the run. Tokens that the driver did not issue may all be the main
// account's (the authorization flow serves whoever consents), so that they are counted together; and where
// accounts turned out to share a budget, which is a breach of its own, all are.
func (r *run) traffics() []traffic {
	main := traffic{who: r.Main.Name, since: r.Started, others: true}
	var all []traffic
	for _, account := range r.Ledger.Accounts() {
		if account.Fresh && !r.limits.shared() {
			all = append(all, r.trafficOf(account))
			continue
		}
		main.entries = append(main.entries, r.Ledger.Entries(account)...)
	}
	slices.SortStableFunc(main.entries, func(a, b conformance.Charge) int { return a.At.Compare(b.At) })
	slices.SortFunc(all, func(a, b traffic) int { return a.entries[0].At.Compare(b.entries[0].At) })
	return append([]traffic{main}, all...)
}

// rate is a documented limit.
type rate struct {
	openapi.Limit
	// closes: a 429 to a close is this limit's doing when fewer closes than these went before.
	closes int
}

func (r *run) generalRate() rate {
	return rate{r.Limit(generalLimit), r.Limit(closeLimit).Requests}
}

func (r *run) closeRate() rate { return rate{r.Limit(closeLimit), 0} }

// counts tells whether a request certainly counts: closes may or may not count for the general limit (AL-121).
func (q rate) counts(e conformance.Charge) bool { return e.Group == q.Name }

// meets tells whether entry i was refused by the limit.
func (t traffic) meets(i int, q rate) bool {
	if e := t.entries[i]; !limited(e) || q.counts(e) || e.Group != closeLimit {
		return limited(e) && q.counts(e)
	}
	_, closes := t.spent(i, q.Per)
	return closes < q.closes
}

// slack is what a target may round a minute by.
const slack = time.Second

func limited(e conformance.Charge) bool { return e.Status == http.StatusTooManyRequests }

// answeredAt is when the answer was there; the target counted the request somewhere between At and then.
func answeredAt(e conformance.Charge) time.Time {
	if e.Exchange == nil || e.Exchange.Answered.Before(e.At) {
		return e.At
	}
	return e.Exchange.Answered
}

// spent tells how many other requests, and how many of them closes, may have been in the window of entry i: of
// any answer, since a target may count what it refuses.
func (t traffic) spent(i int, per time.Duration) (all, closes int) {
	x := t.entries[i]
	for j, e := range t.entries {
		if j == i || j > i && !e.At.Before(answeredAt(x)) || !answeredAt(e).After(x.At.Add(-per-slack)) {
			continue
		}
		all++
		if e.Group == closeLimit {
			closes++
		}
	}
	return all, closes
}

// premature is the first 429 to a request of the limit that came before a budget can have been spent: the
// general one, or for a close that of closes (AL-122). general is how many requests spend the general budget. It
// returns the entry's index, or -1.
func (t traffic) premature(q rate, general int) int {
	for i, x := range t.entries {
		if !limited(x) || !q.counts(x) || !t.known(x, q.Per) || t.continues(i) {
			continue
		}
		all, closes := t.spent(i, q.Per)
		if all < general && (q.Name != closeLimit || closes < q.Requests) {
			return i
		}
	}
	return -1
}

// budget is how many requests spent the general budget at least: fewer than documented where that limit comes
// early, which is a breach of its own and no other.
func budget(all []traffic, general rate) int {
	least := general.Requests
	for _, t := range all {
		for i, x := range t.entries {
			if limited(x) && general.counts(x) && t.known(x, general.Per) && !t.continues(i) {
				spent, _ := t.spent(i, general.Per)
				least = min(least, spent)
			}
		}
	}
	return least
}

// known: the minute before a request lies within what is known of the account.
func (t traffic) known(x conformance.Charge, per time.Duration) bool {
	return t.since.IsZero() || x.At.Add(-per-slack).After(t.since)
}

// continues tells whether a 429 only goes on with an earlier one, nothing having been served between: whether
// the target should have let go meanwhile is the business of rate-limit/recovers.
func (t traffic) continues(i int) bool {
	for j := i - 1; j >= 0; j-- {
		e := t.entries[j]
		switch {
		case limited(e) && (e.Group != closeLimit || t.entries[i].Group == closeLimit):
			return true
		// Another answer may have been given before limits were looked at, and a close outside of the general one.
		case e.OK() && (e.Group != closeLimit || t.entries[i].Group == closeLimit):
			return false
		}
	}
	return false
}

// filled tells whether as many requests as the limit allows were sent within its period and none answered 429.
func (t traffic) filled(q rate) bool {
	return t.streak(q, q.Requests, func(e conformance.Charge) bool { return e.Status != 0 }) != nil
}

// served is the same of what was served: whatever a target counts, its limit is no lower.
func (t traffic) served(q rate) bool {
	return t.streak(q, q.Requests, func(e conformance.Charge) bool { return e.OK() }) != nil
}

// sustained are requests that were served within the limit's period, more than twice as many as it allows, and
// no 429 between them: two windows that meet hold twice the limit, and no more.
func (t traffic) sustained(q rate) []conformance.Charge {
	return t.streak(q, 2*q.Requests+1, func(e conformance.Charge) bool { return e.OK() })
}

// streak finds n requests of a limit that fit, all within its period, and no 429 of it between them.
func (t traffic) streak(q rate, n int, fits func(conformance.Charge) bool) []conformance.Charge {
	var run []conformance.Charge
	for i, e := range t.entries {
		switch {
		case t.meets(i, q):
			run = nil
		case q.counts(e) && fits(e):
			if run = append(run, e); len(run) > n {
				run = run[1:]
			}
			if len(run) == n && answeredAt(e).Sub(run[0].At) <= q.Per {
				return run
			}
		}
	}
	return nil
}

// reached is how far an account got before its first 429 of a limit.
type reached struct {
	served  []conformance.Charge // 2xx within the minute before the 429, or all of them where there is none
	refused *conformance.Charge  // the 429
}

// reaches follows traffic to its 429 at entry i.
func (t traffic) reaches(i int, q rate) reached {
	x := t.entries[i]
	r := reached{refused: &x}
	for _, e := range t.entries[:i] {
		if q.counts(e) && e.OK() && !e.At.Before(answeredAt(x).Add(-q.Per)) && !answeredAt(e).After(x.At) {
			r.served = append(r.served, e)
		}
	}
	return r
}

// first is the index of the first 429 of a limit, or -1.
func (t traffic) first(q rate) int {
	for i := range t.entries {
		if t.meets(i, q) {
			return i
		}
	}
	return -1
}

// late tells by how many requests a 429 came after it was due.
func (r reached) late(q rate) int { return max(0, len(r.served)-q.Requests) }

// refills: a budget that fills up evenly, rather than all at once, explains what was served beyond the limit: as
// much as it gave meanwhile, and hardly less.
func (r reached) refills(q rate) bool {
	elapsed := answeredAt(*r.refused).Sub(r.served[0].At)
	given := int(elapsed.Seconds() * float64(q.Requests) / q.Per.Seconds())
	return r.late(q) <= given && r.late(q) >= given-1
}

// turn is when the window turned over, if that is why the 429 came late: just before the last full budget.
func (r reached) turn(q rate) (from, to time.Time) {
	at := len(r.served) - q.Requests
	return r.served[at-1].At, answeredAt(r.served[at])
}

// alike tells whether windows that turn over by a clock, every minute, explain both late ones.
func alike(a, b reached, q rate) bool {
	aFrom, aTo := a.turn(q)
	bFrom, bTo := b.turn(q)
	least, most := bFrom.Sub(aTo), bTo.Sub(aFrom)
	return math.Floor(float64(most)/float64(q.Per)) >= math.Ceil(float64(least)/float64(q.Per))
}
