package assistloop

import (
	"context"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/receiver"
)

// retries is one event at three subscriptions: one that never takes it, one that takes it the second time, and
// one that is removed after its first attempt. What was taken at once before is watched, too.
type retries struct {
	never, second, removed *hooked
	conversation           string
	attempts               map[*hooked][]attempt
	// taken are deliveries of earlier events, each of which was answered with a 2xx at once, by hook and conversation.
	taken [][]*conformance.Delivery
	// watched tells how long the target was watched after the last attempt, in its time.
	watched time.Duration
	// complete: the watch was long enough to say that nothing more comes.
	complete bool
	// watches are what the back-off is judged by: the attempts above, then closer looks at further events while the
	// latest leaves a doubt.
	watches []watch
	// slowest is how long, in real time, moving the clock or an arrival after it took at most.
	slowest time.Duration
	// atRemoval is how many attempts the removed one had got by then.
	atRemoval int
	wasGone   bool
}

// attempt is one arrival: it happened after low and not after high, in target time since the first attempt.
type attempt struct {
	delivery  *conformance.Delivery
	low, high time.Duration
}

// The bounds of a watch.
const (
	mostAttempts = 4 // one and three retries (AL-95)
	settle       = 40 * time.Millisecond
	mostSettle   = time.Second
	shortStep    = time.Second
	clockBudget  = 24 * time.Hour // how far the target's clock is moved for a first retry
)

// Section "Webhook Deliveries".
func (r *run) retriesPart() conformance.Plan {
	e := &r.retries
	probe := conformance.Probe{
		Name: "retries", Title: "retries of webhook deliveries", After: []string{"world", "deliveries"}, Writes: true,
		Waits: true, Moves: r.Can("advance-clock"), Unsupported: r.noDeliveries(), Run: r.probeRetries,
	}
	check := func(id string, judge func() error) conformance.Check { return on("deliveries/"+id, judge, "retries") }
	return conformance.Plan{
		Probes: []conformance.Probe{probe},
		Checks: []conformance.Check{
			check("once", e.onlyOnce),
			check("retried", func() error { return e.retried(r.Can("advance-clock"), r.Options.Patience) }),
			check("retries-bounded", e.bounded),
			check("retry-ends", e.ends),
			check("backoff", func() error { return r.unlessMoved(e.notEqual()) }),
			check("backoff-grows", func() error { return r.unlessMoved(e.grows()) }),
			check("retry-body", func() error { return e.body(r.checker) }),
			check("retry-stable", e.stable),
			on("unsubscribe/stops-retries", e.stops, "retries"),
		},
	}
}

func (r *run) probeRetries(ctx context.Context) error {
	here, err := r.here()
	if err != nil {
		return err
	}
	e := &r.retries
	e.never = r.deliveries.hooks["second"] // it goes on where the deliveries left it
	for _, h := range []**hooked{&e.second, &e.removed} {
		if *h, err = r.hooked(ctx, here, "new_conversation"); err != nil {
			return err
		}
	}
	e.never.hook.Answer(receiver.Always(500))
	e.removed.hook.Answer(receiver.Always(500))
	e.second.hook.Answer(receiver.First(1, 500))
	e.conversation, err = r.Driver.Provoke(ctx, "new_conversation", here.organization, here.agent)
	if err != nil {
		return conformance.Blocked("%v", err)
	}
	began := func() bool {
		return len(about(e.never.hook, e.conversation)) > 0 && len(about(e.removed.hook, e.conversation)) > 0 &&
			len(about(e.second.hook, e.conversation)) > 0
	}
	if !r.await(ctx, began, e.never.hook) {
		if err := r.silence(); err != nil {
			return err
		}
		return conformance.Blocked("the event did not reach its subscriptions")
	}
	r.removeOne(ctx)
	e.attempts = map[*hooked][]attempt{}
	if r.Can("advance-clock") {
		err = r.watchByClock(ctx)
	} else {
		r.watchInTime(ctx)
	}
	r.recount()
	for _, h := range []*hooked{e.never, e.second, e.removed} {
		for _, a := range head(e.attempts[h], 1) { // the bodies of retries are a requirement of their own
			r.Log.AddDeliveries(a.delivery)
		}
	}
	e.watches = []watch{{head(e.attempts[e.never], mostAttempts), r.Can("advance-clock")}}
	if err == nil && r.Can("advance-clock") {
		err = r.watchAgain(ctx, here)
	}
	return err
}

// removeOne unsubscribes one while its retries are under way.
func (r *run) removeOne(ctx context.Context) {
	e := &r.retries
	if x := r.unsubscribe(ctx, r.Main, e.removed.ID, "unsubscribe while retries are under way"); isRemoved(x) {
		e.removed.step.Done()
		e.wasGone = true
	}
	// An attempt that was on its way at that moment is nobody's fault.
	_ = r.Wait(ctx, settle, "attempts that are under way")
	e.atRemoval = len(r.attemptsAt(e.removed))
}

// recount looks at the events of before, which were taken at once: time has passed for them, too.
func (r *run) recount() {
	d := &r.deliveries
	for _, pair := range [][2]string{{"second", "new"}, {"second", "later"}, {"handoff", "handoff"}, {"other", "other"}} {
		h, event := d.hooks[pair[0]], d.provoked[pair[1]]
		if h == nil || event == nil || event.err != nil {
			continue
		}
		var got []*conformance.Delivery
		for _, a := range about(h.hook, event.conversation) {
			if payload(a.Body).text("event") == h.Event {
				got = append(got, h.delivery(r, a))
			}
		}
		r.retries.taken = append(r.retries.taken, got)
	}
}

// attemptsAt are a hook's deliveries of the event: those that name its conversation, and what came after the
// first of them that names none, or bears its id, since a retry may be broken.
func (r *run) attemptsAt(h *hooked) []receiver.Delivery {
	var out []receiver.Delivery
	for _, d := range h.hook.Deliveries() {
		body := payload(d.Body)
		named := body.object("data").object("conversation").text("uuid")
		switch {
		case named == r.retries.conversation:
		case len(out) == 0:
			continue
		case named == "", sameEvent(out[0], d):
		default:
			continue
		}
		out = append(out, d)
	}
	return out
}

// sameEvent tells two attempts at one event by the ids that they bear (AL-97: stable, SHOULD).
func sameEvent(a, b receiver.Delivery) bool {
	id, header := payload(a.Body).text("id"), a.Header.Get("Webhook-Id")
	return id != "" && id == payload(b.Body).text("id") || header != "" && header == b.Header.Get("Webhook-Id")
}

// look takes in what arrived since, between two instants of target time.
func (r *run) look(low, high time.Duration) (more bool) {
	e := &r.retries
	for _, h := range []*hooked{e.never, e.second, e.removed} {
		arrived := r.attemptsAt(h)
		for _, a := range arrived[len(e.attempts[h]):] {
			e.attempts[h] = append(e.attempts[h], attempt{h.delivery(r, a), low, high})
			more = more || h == e.never
		}
	}
	return more
}

// watchByClock moves the target's clock in small steps and looks after each: a gap is then known to a step,
// and steps grow only with the time since the last attempt.
func (r *run) watchByClock(ctx context.Context) error {
	e := &r.retries
	r.look(0, 0)
	now, last, gap := time.Duration(0), time.Duration(0), time.Duration(0)
	for {
		step := stepAfter(now - last)
		if len(e.attempts[e.never]) >= mostAttempts {
			step = max(time.Second, gap) // only whether one more comes is left to see
		}
		n := e.never.hook.Count()
		if err := r.step(ctx, e.never, step, settle, func() bool { return e.never.hook.Count() > n }); err != nil {
			return err
		}
		if r.look(now, now+step) {
			gap, last = now+step-last, now+step
		}
		now += step
		e.watched = now - last
		if e.watched >= patienceFor(len(e.attempts[e.never]), gap) {
			e.complete = true
			return nil
		}
	}
}

// stepAfter is how far the clock is moved at once when the last attempt was so long ago.
func stepAfter(since time.Duration) time.Duration {
	return max(shortStep, (since / 16).Truncate(time.Second))
}

// patienceFor is how long after an attempt the next one may take, in target time: back-off may well multiply
// the gap by ten. After the fourth none is to come, and a few gaps are enough to see that.
func patienceFor(attempts int, gap time.Duration) time.Duration {
	switch {
	case attempts >= mostAttempts:
		return 4*gap + time.Second
	case gap == 0:
		return clockBudget
	}
	return 12*gap + time.Minute
}

// step moves the clock and gives what fell due the time to arrive, in real time: a target need not have attempted it
// when the driver answers. One that takes long to answer or to deliver gets some multiple of that where a step is much of
// a gap, and so does a machine that is too busy to keep the pause to its length.
func (r *run) step(ctx context.Context, h *hooked, by, pause time.Duration, arrived func() bool) error {
	e, began := &r.retries, time.Now()
	if err := r.Driver.Advance(ctx, by); err != nil {
		return conformance.Blocked("%v", err)
	}
	e.slowest = max(e.slowest, time.Since(began))
	if by <= shortStep {
		pause = max(pause, min(4*e.slowest, mostSettle))
	}
	for spent := time.Duration(0); spent < mostSettle && ctx.Err() == nil; spent += pause {
		paused := time.Now()
		wait, cancel := context.WithTimeout(ctx, pause)
		_, err := h.hook.Wait(wait, func([]receiver.Delivery) bool { return arrived() })
		cancel()
		if err == nil {
			e.slowest = max(e.slowest, time.Since(began))
		}
		if err == nil || time.Since(paused) < pause+pause/4 {
			break
		}
	}
	return nil
}

// watchInTime waits in real time, as long as the user's patience lasts.
func (r *run) watchInTime(ctx context.Context) {
	e := &r.retries
	began := time.Now()
	last, gap := time.Duration(0), time.Duration(0)
	r.lookInTime()
	for time.Since(began) < r.Options.Patience && ctx.Err() == nil {
		n := e.never.hook.Count()
		before := len(e.attempts[e.never])
		pause := r.Options.Patience - time.Since(began)
		if before >= mostAttempts {
			pause = min(pause, last+4*gap+time.Second-time.Since(began))
		}
		r.Options.Progress(conformance.Progress{Waiting: pause, Why: "retries of webhook deliveries"})
		wait, cancel := context.WithTimeout(ctx, max(pause, time.Millisecond))
		_, err := e.never.hook.Wait(wait, func([]receiver.Delivery) bool { return e.never.hook.Count() > n })
		cancel()
		r.lookInTime()
		if now := time.Since(began); len(e.attempts[e.never]) > before {
			gap, last = now-last, now
		}
		if err != nil {
			e.complete = before >= mostAttempts
			break
		}
	}
	e.watched = time.Since(began) - last
	r.lookInTime()
}

// lookInTime takes in what arrived, by its times of arrival.
func (r *run) lookInTime() {
	e := &r.retries
	for _, h := range []*hooked{e.never, e.second, e.removed} {
		arrived := r.attemptsAt(h)
		for _, a := range arrived[len(e.attempts[h]):] {
			at := a.Time.Sub(arrived[0].Time)
			e.attempts[h] = append(e.attempts[h], attempt{h.delivery(r, a), at, at})
		}
	}
}
