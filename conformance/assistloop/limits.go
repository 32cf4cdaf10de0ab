package assistloop

import (
	"context"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// The documented limits by name.
const (
	generalLimit = "general"
	closeLimit   = "close"
)

// limiting tells which accounts were asked until a limit refused them; what came of it stands in the ledger,
// as does what the run's other requests met.
type limiting struct {
	pressed []*pressed // the general limit, by a request that every token may send
	exempt  []*pressed // the same, by operations that were served although that limit had been reached
	closes  []*pressed
	// generalAgain and closesAgain are of the main account, where a 429 came early to it and no account of its own could
	// be had; nil elsewhere.
	generalAgain, closesAgain *again
	// second is the first request of another account, sent when the first account's budget was spent.
	second *conformance.Exchange
}

// pressed is an account that was asked for one operation again and again.
type pressed struct {
	account   *conformance.Account
	operation string
	served    int
	refused   *conformance.Exchange // the 429 that ended it; nil when none came
	odd       *conformance.Exchange // what ended it, when that is neither a 2xx nor a 429
}

// Section "Rate Limiting". Where the driver issues accounts, each is judged on accounts of their own; where it
// does not, by the main account's own traffic, topped up if that met no limit.
func (r *run) limitsPart() conformance.Plan {
	l := &r.limits
	general, closes := r.generalRate(), r.closeRate()
	look := conformance.Probe{Name: "limits", Title: "the general rate limit", Run: r.probeLimits}
	closing := conformance.Probe{Name: "close-limit", Title: "the rate limit of closing", Writes: true, Run: r.probeCloseLimit}
	for _, p := range []*conformance.Probe{&look, &closing} {
		if r.Options.Pace {
			p.Skip = "the user asked for --pace, which never meets a limit"
		}
		if r.Can("issue-token") {
			p.Moves, p.Waits = r.Can("advance-clock"), !r.Can("advance-clock")
		}
	}
	return conformance.Plan{
		Probes: []conformance.Probe{look, closing},
		Checks: []conformance.Check{
			on("rate-limit/general-allows", func() error { return allows(r.traffics(), l.generalAgain, general, general) }, "limits"),
			on("rate-limit/general-at", func() error { return r.unlessMoved(r.reachedAt(l.pressed, general)) }, "limits"),
			on("rate-limit/general-enforced", func() error {
				return r.unlessMoved(enforced(r.traffics(), append(l.pressed, l.exempt...), general))
			}, "limits"),
			on("rate-limit/close-allows", func() error { return allows(r.traffics(), l.closesAgain, closes, general) }, "close-limit"),
			on("rate-limit/close-at", func() error { return r.unlessMoved(r.reachedAt(l.closes, closes)) }, "close-limit"),
			on("rate-limit/close-enforced", func() error { return r.unlessMoved(enforced(r.traffics(), l.closes, closes)) }, "close-limit"),
			on("rate-limit/message", func() error { return each429(r.Log.Exchanges(), limitMessage) }, "limits"),
			on("rate-limit/retry-after", func() error { return each429(r.Log.Exchanges(), limitWait) }, "limits"),
			on("rate-limit/retry-after-header", func() error { return each429(r.Log.Exchanges(), limitHeader) }, "limits"),
			on("rate-limit/recovers", func() error { return recovers(r.traffics(), general) }, "limits"),
			on("rate-limit/per-account", r.perAccount, "limits"),
		},
	}
}

// unlessMoved leaves a breach alone that is told by the time between requests or attempts, where somebody else moves
// the target's clock: more of its time may have passed.
func (r *run) unlessMoved(err error) error {
	if b, ok := err.(*conformance.Breach); ok && r.OthersMoveClock() {
		return conformance.Lacking("somebody else moves the target's clock at the same time, so that this tells nothing: %v", b)
	}
	return err
}

func (r *run) perAccount() error {
	if why := r.cannot("issue-token"); why != "" {
		return conformance.Lacking("%s", why)
	}
	return r.limits.perAccount()
}

// reachedAt judges the accounts that were pressed, or else what the main account met by itself.
func (r *run) reachedAt(pressed []*pressed, q rate) error {
	var all []traffic
	for _, p := range pressed {
		if p.account.Fresh {
			all = append(all, r.trafficOf(p.account))
		}
	}
	if len(all) == 0 {
		return reachedByItself(r.traffics()[0], q)
	}
	return reachedAt(all, q)
}

// press sends a request until a limit refuses it, until it is certain that none does, or until a minute has
// passed. send gives nil when there is nothing more to send.
func (r *run) press(ctx context.Context, p *pressed, q rate, send func() *conformance.Exchange) {
	began := r.Now()
	for sent := 1; ctx.Err() == nil && p.served <= 2*q.Requests; sent++ {
		x := send()
		switch {
		case x == nil:
			return
		case x.OK():
			p.served++
		case x.Status == 429:
			p.refused = x
			return
		default:
			p.odd = x
			return
		}
		took := r.Now().Sub(began)
		if took > q.Per || sent >= 10 && took*time.Duration(q.Requests)/time.Duration(sent) > q.Per {
			return // too slow to meet the limit
		}
	}
}

// plainly is the request that every token may send.
func (r *run) plainly(ctx context.Context, account *conformance.Account, purpose string) *conformance.Exchange {
	return r.Do(ctx, conformance.Request{Operation: "get-me", Account: account, Purpose: purpose, TakeLimit: true})
}

// afterwards waits as a 429 asks, once more first so that nothing stands between, and sends the request again.
func (r *run) afterwards(ctx context.Context, send func() *conformance.Exchange) error {
	held := send()
	if held == nil || held.Status != 429 {
		return nil
	}
	if err := r.WaitForLimit(ctx, held); err != nil {
		return err
	}
	send()
	return nil
}

func (r *run) probeLimits(ctx context.Context) error {
	if !r.Can("issue-token") {
		return r.topUp(ctx)
	}
	first, err := r.spend(ctx)
	if err != nil || first.refused == nil {
		return err
	}
	second, err := r.newcomer(ctx)
	if err != nil {
		return err
	}
	r.limits.second = r.plainly(ctx, second.account, "ask who is calling, while another account's budget is spent")
	suspects := r.sweep(ctx, first)
	last := first.pressed
	if r.cameLate(last.account) {
		// On an account that asked for nothing yet: a window that opens with the first request cannot turn over.
		if last, err = r.spendAgain(ctx); err != nil {
			return err
		}
	}
	if err := r.afterwards(ctx, func() *conformance.Exchange {
		return r.plainly(ctx, last.account, "ask who is calling, at the limit and after retry_after")
	}); err != nil {
		return err
	}
	r.release(ctx, first)
	if err := r.pressLater(ctx, last.account); err != nil {
		return err
	}
	for _, op := range suspects {
		if err := r.pressExempt(ctx, op); err != nil {
			return err
		}
	}
	return nil
}

// pressLater spends the budget of a further minute: it has to be whole again, and not a first one alone. Where time cannot
// be moved, it would take that minute.
func (r *run) pressLater(ctx context.Context, account *conformance.Account) error {
	q := r.generalRate()
	if !r.Can("advance-clock") {
		return nil
	}
	if err := r.Driver.Advance(ctx, q.Per+slack); err != nil {
		return err
	}
	r.press(ctx, &pressed{account: account, operation: "get-me"}, q, func() *conformance.Exchange {
		return r.plainly(ctx, account, "ask who is calling, to spend the budget of a further minute")
	})
	return nil
}

// cameLate: the first 429 of a fresh account came after it was due, so that another account is worth asking.
func (r *run) cameLate(account *conformance.Account) bool {
	t, q := r.trafficOf(account), r.generalRate()
	i := t.first(q)
	return i >= 0 && t.reaches(i, q).late(q) > 0
}

// topUp sends what the main account's own traffic lacks to meet the limit, if it did not meet it.
func (r *run) topUp(ctx context.Context) error {
	q := r.generalRate()
	t := r.traffics()[0]
	send := func() *conformance.Exchange {
		return r.plainly(ctx, r.Main, "ask who is calling, to meet the rate limit")
	}
	if t.first(q) >= 0 || t.sustained(q) != nil {
		r.limits.generalAgain = r.lookAgain(ctx, q, send)
		return nil
	}
	p := &pressed{account: r.Main, operation: "get-me"}
	r.limits.pressed = append(r.limits.pressed, p)
	r.press(ctx, p, q, func() *conformance.Exchange {
		if r.traffics()[0].sustained(q) != nil {
			return nil
		}
		return send()
	})
	if p.refused == nil {
		return nil
	}
	if err := r.WaitForLimit(ctx, p.refused); err != nil {
		return err
	}
	send()
	r.limits.generalAgain = r.lookAgain(ctx, q, send)
	return nil
}
