package assistloop

import (
	"context"
	"slices"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/receiver"
)

// seen is how many attempts the first look saw, as many as a second one waits for.
func (e *retries) seen() int { return min(mostAttempts, len(e.attempts[e.never])) }

// watchAgain provokes once more and looks closer: in real time where the gaps were short, since those are lost
// in steps of a second; else in the same steps of the clock with more time to act after each. A target that looks
// what is due only now and then then shows other gaps, and one that acts at once the same.
func (r *run) watchAgain(ctx context.Context, here *place) error {
	e := &r.retries
	h, err := r.hooked(ctx, here, "new_conversation")
	if err != nil {
		return err
	}
	h.hook.Answer(receiver.Always(500))
	conversation, err := r.Driver.Provoke(ctx, "new_conversation", here.organization, here.agent)
	if err != nil {
		return conformance.Blocked("%v", err)
	}
	if !r.await(ctx, func() bool { return len(about(h.hook, conversation)) > 0 }, h.hook) {
		return nil
	}
	_, high := gaps(e.attempts[e.never])
	if longest := slices.Max(high); longest > realGap {
		return r.watchSlowly(ctx, h, conversation, longest)
	}
	wait, cancel := context.WithTimeout(ctx, realWatch)
	defer cancel()
	_, _ = h.hook.Wait(wait, func([]receiver.Delivery) bool { return len(about(h.hook, conversation)) >= e.seen() })
	arrived := about(h.hook, conversation)
	for _, a := range arrived {
		at := a.Time.Sub(arrived[0].Time)
		e.again = append(e.again, attempt{h.delivery(r, a), at, at})
	}
	return nil
}

func (r *run) watchSlowly(ctx context.Context, h *hooked, conversation string, longest time.Duration) error {
	e := &r.retries
	e.again, e.bySteps = []attempt{{delivery: h.delivery(r, about(h.hook, conversation)[0])}}, true
	last, step := time.Duration(0), time.Duration(0)
	for now := time.Duration(0); len(e.again) < e.seen() && now < 4*longest; now += step {
		step = stepAfter(now - last)
		if err := r.Driver.Advance(ctx, step); err != nil {
			return conformance.Blocked("%v", err)
		}
		pause, cancel := context.WithTimeout(ctx, slowSettle)
		_, _ = h.hook.Wait(pause, func([]receiver.Delivery) bool { return len(about(h.hook, conversation)) > len(e.again) })
		cancel()
		for _, a := range about(h.hook, conversation)[len(e.again):] {
			e.again, last = append(e.again, attempt{h.delivery(r, a), now, now + step}), now+step
		}
	}
	return nil
}

// The second look: gaps up to realGap are watched in real time, for realWatch at most, whatever the user's
// patience, which is for what has no such bound.
const (
	realGap    = 10 * time.Second
	realWatch  = 35 * time.Second
	slowSettle = 5 * settle
)

// prompt tells whether both looks saw the same gaps, as far as the real time explains that went by after each
// step: a target whose clock runs on meanwhile needs fewer steps the second time.
func (e *retries) prompt() bool {
	first, again := head(e.attempts[e.never], len(e.again)), e.again
	before, after := first[len(first)-1].high, again[len(again)-1].high
	return float64(after) >= 0.75*float64(before) && float64(after) <= 1.15*float64(before)
}
