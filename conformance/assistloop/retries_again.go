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
// in steps of a second; else in few steps of the clock with time to act after each, for a target that looks
// what is due only now and then.
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
	e.again = []attempt{{delivery: h.delivery(r, about(h.hook, conversation)[0])}}
	step := max(time.Second, (longest / 8).Truncate(time.Second))
	for now := time.Duration(0); len(e.again) < e.seen() && now < 4*longest; now += step {
		if err := r.Driver.Advance(ctx, step); err != nil {
			return conformance.Blocked("%v", err)
		}
		pause, cancel := context.WithTimeout(ctx, slowSettle)
		_, _ = h.hook.Wait(pause, func([]receiver.Delivery) bool { return len(about(h.hook, conversation)) > len(e.again) })
		cancel()
		for _, a := range about(h.hook, conversation)[len(e.again):] {
			e.again = append(e.again, attempt{h.delivery(r, a), now, now + step})
		}
	}
	return nil
}

// The second look: gaps up to realGap are watched in real time, for realWatch at most, whatever the user's
// patience, which is for what has no such bound.
const (
	realGap    = 4 * time.Second
	realWatch  = 12 * time.Second
	slowSettle = 1200 * time.Millisecond
)
