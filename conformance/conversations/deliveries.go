package conversations

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/receiver"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// run is one run's evidence.
type run struct {
	*conformance.Session
	catalogue *requirements.Catalogue
	judge     *judge

	hook     *receiver.Hook
	provoked []*provoked
	arrivals []*arrival
	silent   bool // something was waited for in vain
	paused   int  // how many had arrived when time was let pass between one round and the next
}

// provoked is something that the driver was asked to make happen.
type provoked struct {
	event, channel string
	conversation   string // as the driver names it, "" if it does not
	err            error
	before         int // how many had arrived by then
	waited         time.Duration
}

// arrival is a delivery in the order of arrival. event is nil where it could not be read.
type arrival struct {
	*conformance.Delivery
	number int // counts from 1
	event  *event
	again  bool // the same body came before
}

// noDeliveries says why nothing can be judged in this run; "" when it can.
func (r *run) noDeliveries() string {
	switch {
	case r.Driver == nil:
		return "there is no driver to make events happen"
	case !r.Can("provoke"):
		return "the driver cannot provoke events"
	case !r.Can("subscribe"):
		return "the driver cannot subscribe, and the document shows no other way"
	case !r.Target.Loopback() && r.Options.Receiver.URL == "" && strings.HasPrefix(r.Options.Receiver.Listen, "127.0.0.1"):
		return "the target cannot reach a receiver on this machine's loopback: give --receiver-listen or --receiver-url"
	}
	return ""
}

// chats are channels on which messages are provoked: those whose customers are known by a number, an address, a handle,
// a UUID (and by an authentication of their own), and one of social media.
var chats = []string{"", "WHATSAPP", "SMS", "EMAIL", "TELEGRAM", "LIVE_CHAT", "FACEBOOK_POST"}

// probe subscribes one hook to everything, makes everything happen, and takes down what arrives.
func (r *run) probe(ctx context.Context) error {
	if err := r.subscribe(ctx); err != nil {
		return err
	}
	defer r.collect()
	for _, event := range []string{created, received, statusUpdated, assignmentUpdated, updated, deleted} {
		channels := []string{""}
		switch event {
		case received:
			channels = chats
		case updated, deleted:
			channels = social
		}
		for _, channel := range channels {
			r.expect(ctx, event, channel)
			if err := r.mistrusted(); err != nil {
				return err
			}
		}
	}
	// What nobody should hear of: a sender that tells all the same has to have had the chance.
	for _, event := range []string{updated, deleted} {
		r.provoke(ctx, event, "WHATSAPP")
	}
	r.pause(ctx)
	r.expect(ctx, statusUpdated, "")
	r.expect(ctx, assignmentUpdated, "")
	r.grace(ctx)
	r.lookAgain(ctx)
	return ctx.Err()
}

func (r *run) subscribe(ctx context.Context) error {
	hook, err := r.Hook()
	if err != nil {
		return err
	}
	r.hook = hook
	if err := r.Driver.Subscribe(ctx, hook.URL, events); err != nil {
		return conformance.Blocked("%v", err)
	}
	r.Later("a subscription of "+hook.URL+" to all events", func(ctx context.Context) error {
		if !r.Can("unsubscribe") {
			return errors.New("the driver cannot unsubscribe")
		}
		return r.Driver.Unsubscribe(ctx, hook.URL)
	})
	return nil
}

func (r *run) provoke(ctx context.Context, event, channel string) *provoked {
	p := &provoked{event: event, channel: channel, before: r.hook.Count()}
	p.conversation, p.err = r.Driver.ProvokeOn(ctx, event, channel)
	return p
}

// expect provokes an event and waits until it has arrived, or for as long as patience lasts. After something was waited for in
// vain, it lasts less long.
func (r *run) expect(ctx context.Context, event, channel string) {
	if ctx.Err() != nil {
		return
	}
	r.Options.Progress(conformance.Progress{Probe: "webhook deliveries: " + strings.TrimSpace(event+" "+channel)})
	p := r.provoke(ctx, event, channel)
	r.provoked = append(r.provoked, p)
	if p.err != nil {
		return
	}
	patience := r.Options.Patience
	if r.silent {
		patience /= 6
	}
	began := time.Now()
	if !r.await(ctx, p, began.Add(patience)) {
		r.silent = true
	}
	p.waited = time.Since(began).Round(time.Second)
}

// strangeTime is how long an event is still waited for after something arrived that may be it: a sender can be busy with
// other conversations, or name the wrong one.
const strangeTime = 2 * time.Second

// await waits for arrivals: in real time, and, where the driver moves the clock, for what waits for that.
func (r *run) await(ctx context.Context, p *provoked, deadline time.Time) bool {
	moved, likely := 0, false
	for {
		n := r.hook.Count()
		match := r.match(p)
		switch {
		case match == exactly:
			return true
		case ctx.Err() != nil || time.Now().After(deadline):
			return match == perhaps
		case r.mistrusted() != nil:
			return false
		case match == perhaps && !likely:
			likely = true
			if soon := time.Now().Add(strangeTime); soon.Before(deadline) {
				deadline = soon
			}
		}
		pause, cancel := context.WithTimeout(ctx, min(time.Second, time.Until(deadline)))
		_, _ = r.hook.Wait(pause, func([]receiver.Delivery) bool { return r.hook.Count() > n })
		cancel()
		if r.hook.Count() == n && r.Can("advance-clock") && moved < 10 {
			moved++
			_ = r.Driver.Advance(ctx, time.Second) // a driver that stumbles: real time passes all the same
		}
	}
}

type match int

const (
	nothingYet match = iota
	perhaps
	exactly
)

// match looks for what was provoked among what arrived since.
func (r *run) match(p *provoked) match {
	best := nothingYet
	all := r.hook.Deliveries()
	for i, d := range all {
		if d.Number <= p.before {
			continue
		}
		e, fault := read(&conformance.Delivery{Body: d.Body})
		if fault == sound && e.conversation() != "" && repeated(all[:i], d.Body) {
			continue
		}
		switch {
		case fault != sound || e.name == "":
			best = max(best, perhaps)
		case e.name != p.event:
		case p.conversation == "" || strings.EqualFold(e.conversation(), p.conversation):
			return exactly
		default:
			best = max(best, perhaps)
		}
	}
	return best
}

func repeated(before []receiver.Delivery, body []byte) bool {
	for _, d := range before {
		if bytes.Equal(d.Body, body) {
			return true
		}
	}
	return false
}

// mistrusted tells why nothing can arrive, where the target does not trust the receiver.
func (r *run) mistrusted() error {
	if failed := r.Receiver().Handshakes(); len(failed) > 0 {
		return conformance.Lacking("the target does not trust the receiver: the TLS handshake failed (%s); have it trust --receiver-ca, or give --receiver-cert", failed[0].Error)
	}
	return nil
}

// roundTime is how far the second round is from the first: far enough for clocks of whole seconds.
const roundTime = 1100 * time.Millisecond

// pause lets time pass, so that what happens next has another time than what was delivered.
func (r *run) pause(ctx context.Context) {
	if r.Can("advance-clock") && r.Driver.Advance(ctx, 2*time.Second) == nil {
		_ = r.Wait(ctx, strayTime, "deliveries that are not to come")
	} else {
		_ = r.Wait(ctx, roundTime, "the time between one event and the next")
	}
	r.paused = r.hook.Count()
}

// grace lets stray deliveries arrive: what is not to come cannot be waited for.
func (r *run) grace(ctx context.Context) {
	if r.Can("advance-clock") {
		_ = r.Driver.Advance(ctx, time.Second)
	}
	_ = r.Wait(ctx, strayTime, "deliveries that are not to come")
}

const strayTime = 250 * time.Millisecond

// doubt is how long an event is waited for that may be under way, where its absence would be held against the target.
const doubt = 5 * time.Second

// lookAgain takes a second look at what an event that is still under way would explain: a sender that delivers in no order, or
// slowly, may owe the one that stands between two that say the same.
func (r *run) lookAgain(ctx context.Context) {
	wait, cancel := context.WithTimeout(ctx, min(doubt, r.Options.Patience))
	defer cancel()
	for r.collect(); r.unlikely() && wait.Err() == nil; r.collect() {
		n := r.hook.Count()
		_, _ = r.hook.Wait(wait, func([]receiver.Delivery) bool { return r.hook.Count() > n })
	}
}

// unlikely: what arrived so far tells of changes that are none.
func (r *run) unlikely() bool {
	for _, err := range []error{r.changed(statusUpdated, status), r.changed(assignmentUpdated, assignee), r.noStatusEvent()} {
		if breach := new(conformance.Breach); errors.As(err, &breach) {
			return true
		}
	}
	return false
}

// collect judges what arrived since it was last called, in its order.
func (r *run) collect() {
	all := r.hook.Deliveries()
	for i, d := range all {
		if i < len(r.arrivals) {
			continue
		}
		a := &arrival{number: d.Number, again: repeated(all[:i], d.Body), Delivery: &conformance.Delivery{
			Hook: d.Path, At: d.Time, TargetTime: r.Now(), Method: d.Method, Header: d.Header, Body: d.Body, Answered: d.Status,
		}}
		r.judge.expected = r.expectedAt(d.Number)
		a.event = r.judge.take(a.Delivery)
		r.arrivals = append(r.arrivals, a)
		r.Log.AddDeliveries(a.Delivery)
	}
}

// expectedAt is the event that was provoked last before a delivery.
func (r *run) expectedAt(number int) string {
	event := ""
	for _, p := range r.provoked {
		if p.err == nil && p.before < number {
			event = p.event
		}
	}
	return event
}
