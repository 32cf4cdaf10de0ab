package assistloop

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// again is how many requests an account's 429 came after, each time that it was asked anew after a minute's silence.
//
// A 429 that comes early on an account that others may use can be their doing: their requests count, and nobody told
// us of them. A target whose limit is too low stops at the same request each time, however fast it is asked. Whoever
// shares the budget takes another part of it each time.
type again struct {
	spent []int
	clean bool // once it did not come early: so it need not
}

// looks is how often a limit has to come early at the same request. Few closes are more easily the same by chance.
func (q rate) looks() int {
	if q.Name == closeLimit {
		return 4
	}
	return 3
}

// confirms: it is the target that stops early.
func (a *again) confirms(q rate) bool {
	return a != nil && !a.clean && len(a.spent) == q.looks() && len(slices.Compact(slices.Clone(a.spent))) == 1
}

// says what looking again has shown, for who is not told more.
func (a *again) says() string {
	switch {
	case a == nil || len(a.spent) == 0 && !a.clean:
		return "it was not asked again"
	case a.clean:
		return "asked again, it came no more"
	}
	return fmt.Sprintf("asked again, it came after %d", a.spent[len(a.spent)-1])
}

// slowest is the longest pause between two requests of a look.
const slowest = 50 * time.Millisecond

// lookAgain asks the main account anew where a 429 came early and no minute of the run shows that it need not; where the
// run asks little, also if that was in the window that was in force when it began. send gives nil when there is nothing
// more to send.
func (r *run) lookAgain(ctx context.Context, q rate, send func() *conformance.Exchange) *again {
	t := r.traffics()[0]
	if spent := len(r.Ledger.Entries(r.Main)); spent+q.Requests <= mainBudget {
		t.since = time.Time{}
	}
	if t.served(q) || t.premature(q, r.generalRate().Requests) < 0 {
		return nil
	}
	a := &again{}
	for len(a.spent) < q.looks() {
		if r.quietly(ctx, q) != nil {
			return a
		}
		refused := r.askedUntil(ctx, q, send)
		spent := r.traffics()[0].spentAt(refused, q)
		if a.clean = refused == nil || spent >= q.Requests; a.clean {
			return a
		}
		if a.spent = append(a.spent, spent); spent != a.spent[0] {
			return a
		}
	}
	return a
}

// askedUntil asks as often as the limit allows, until a 429; nil when none came.
func (r *run) askedUntil(ctx context.Context, q rate, send func() *conformance.Exchange) *conformance.Exchange {
	pause := rand.N(slowest)
	for range q.Requests {
		x := send()
		if x == nil || x.Status == 429 {
			return x
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// quietly lets every window pass that may be in force. How long it takes differs, so that two runs at once do not keep
// in step.
func (r *run) quietly(ctx context.Context, q rate) error {
	if r.Can("advance-clock") {
		return r.Driver.Advance(ctx, q.Per+slack)
	}
	return r.Wait(ctx, q.Per+slack+rand.N(q.Per/2), "a minute's silence, to see whether a 429 comes early again")
}

// spentAt is how many requests of the limit may have been in the window of a request.
func (t traffic) spentAt(x *conformance.Exchange, q rate) int {
	i := slices.IndexFunc(t.entries, func(e conformance.Charge) bool { return x != nil && e.Exchange == x })
	if i < 0 {
		return 0
	}
	all, closes := t.spent(i, q.Per)
	if q.Name == closeLimit {
		return closes
	}
	return all
}
