package assistloop

import (
	"context"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/receiver"
)

// watch is what was seen of the attempts at one event: by steps of the clock, or in real time.
type watch struct {
	attempts []attempt
	bySteps  bool
}

// The further watches: gaps up to realGap are watched in real time, for realWatch at most, whatever the user's
// patience, which is for what has no such bound.
const (
	mostWatches = 4
	realGap     = 10 * time.Second
	realWatch   = 35 * time.Second
	slowSettle  = 5 * settle
)

// latest is the watch that decides.
func (e *retries) latest() watch { return e.watches[len(e.watches)-1] }

// seen is how many attempts the first watch saw, as many as a further watch waits for.
func (e *retries) seen() int { return min(mostAttempts, len(e.attempts[e.never])) }

// doubt says why the gaps deserve another watch before a verdict, held against the target or not: steps of the clock
// are coarse, a target may act on them late, and a machine may stall.
type doubt int

const (
	noDoubt doubt = iota
	// perhapsLate: a target that acted a step or two late shows such gaps, too; more time after each step tells.
	perhapsLate
	// perhapsEqual: the gaps may be equal, or do not grow; real time tells, where they are short.
	perhapsEqual
)

func (e *retries) doubt() doubt {
	w := e.latest()
	switch {
	case len(w.attempts) < 3:
		return noDoubt
	case !w.bySteps:
		if least, most := extremes(w.attempts); !surelyEqual(w.attempts) && float64(most) < 1.5*float64(least) {
			return perhapsEqual // but for a stall
		}
		return noDoubt
	case maybeEqual(w.attempts), !growing(w.attempts):
		if longestGap(w.attempts) > realGap && len(e.watches) > 1 && e.prompt() {
			return noDoubt // steps are fine enough for long gaps
		}
		return perhapsEqual
	case len(e.watches) == 1 && !apart(w.attempts), !e.prompt():
		return perhapsLate
	}
	return noDoubt
}

// apart: each gap is so much longer than the one before, by the ends of the steps, that acting a little late is not what
// made it so.
func apart(as []attempt) bool {
	for i := 2; i < len(as); i++ {
		if float64(as[i].high-as[i-1].high) < 1.4*float64(as[i-1].high-as[i-2].high) {
			return false
		}
	}
	return true
}

// longestGap is what no gap exceeds.
func longestGap(as []attempt) time.Duration {
	_, most := extremes(as)
	return most
}

// prompt tells whether the latest two watches saw the same gaps, as far as the real time explains that went by after
// each step: a target whose clock runs on meanwhile needs fewer steps when it is watched more slowly.
func (e *retries) prompt() bool {
	if len(e.watches) < 2 || !e.latest().bySteps {
		return true
	}
	before, after := e.watches[len(e.watches)-2].attempts, e.latest().attempts
	n := min(len(before), len(after)) - 1
	long, short := before[n].high, after[n].high
	return float64(short) >= 0.75*float64(long) && float64(short) <= 1.15*float64(long)
}

// watchAgain provokes once more, and again, while there is doubt, and looks closer. A target that looks what is due
// only now and then shows other gaps then, and one that acts at once the same.
func (r *run) watchAgain(ctx context.Context, here *place) error {
	e := &r.retries
	h := e.second // what it was for has been seen, and a run has its bounds
	for len(e.watches) < mostWatches {
		why := e.doubt()
		if why == noDoubt {
			return nil
		}
		h.hook.Answer(receiver.Always(500))
		conversation, err := r.Driver.Provoke(ctx, "new_conversation", here.organization, here.agent)
		if err != nil {
			return conformance.Blocked("%v", err)
		}
		if !r.await(ctx, func() bool { return len(about(h.hook, conversation)) > 0 }, h.hook) {
			return nil
		}
		var w watch
		if most := longestGap(e.latest().attempts); why == perhapsEqual && most <= realGap {
			w = r.watchClosely(ctx, h, conversation)
		} else if w, err = r.watchSlowly(ctx, h, conversation, 4*most); err != nil {
			return err
		}
		if len(w.attempts) < 3 {
			return nil
		}
		e.watches = append(e.watches, w)
	}
	return nil
}

// watchClosely watches in real time.
func (r *run) watchClosely(ctx context.Context, h *hooked, conversation string) watch {
	wait, cancel := context.WithTimeout(ctx, realWatch)
	defer cancel()
	_, _ = h.hook.Wait(wait, func([]receiver.Delivery) bool { return len(about(h.hook, conversation)) >= r.retries.seen() })
	var w watch
	arrived := about(h.hook, conversation)
	for _, a := range arrived {
		at := a.Time.Sub(arrived[0].Time)
		w.attempts = append(w.attempts, attempt{h.delivery(r, a), at, at})
	}
	return w
}

// watchSlowly moves the clock as before, by most in all, with more time to act after each step.
func (r *run) watchSlowly(ctx context.Context, h *hooked, conversation string, most time.Duration) (watch, error) {
	first := attempt{delivery: h.delivery(r, about(h.hook, conversation)[0])}
	w := watch{attempts: []attempt{first}, bySteps: true}
	last, step := time.Duration(0), time.Duration(0)
	for now := time.Duration(0); len(w.attempts) < r.retries.seen() && now < most; now += step {
		step = stepAfter(now - last)
		if err := r.step(ctx, h, step, slowSettle, func() bool { return len(about(h.hook, conversation)) > len(w.attempts) }); err != nil {
			return w, err
		}
		for _, a := range about(h.hook, conversation)[len(w.attempts):] {
			w.attempts, last = append(w.attempts, attempt{h.delivery(r, a), now, now + step}), now+step
		}
	}
	return w, nil
}
