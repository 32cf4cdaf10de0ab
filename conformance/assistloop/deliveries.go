package assistloop

import (
	"context"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/receiver"
)

// deliveries is what came of events that the driver provoked, at subscriptions of every kind.
type deliveries struct {
	hooks    map[string]*hooked // first, second, handoff, other
	provoked map[string]*provoked
	gone     map[string]int // deliveries at a hook when its subscription was removed
	silent   error          // why nothing arrived at all
	messages map[string]*page
}

// hooked is a subscription with the hook that its deliveries arrive at.
type hooked struct {
	*subscription
	hook *receiver.Hook
	x    *conformance.Exchange
	log  []*conformance.Delivery
}

// provoked is an event that the driver made happen.
type provoked struct {
	conversation, event string
	place               *place
	err                 error
}

// Sections "Webhook Endpoints", "Webhook Payload Examples".
func (r *run) deliveriesPart() conformance.Plan {
	d := &r.deliveries
	probe := conformance.Probe{
		Name: "deliveries", Title: "webhook deliveries", After: []string{"world"}, Writes: true, Waits: true, Run: r.probeDeliveries,
	}
	probe.Unsupported = r.noDeliveries()
	check := func(id string, judge func() error) conformance.Check { return on(id, judge, "deliveries") }
	return conformance.Plan{
		Probes: []conformance.Probe{probe},
		Checks: []conformance.Check{
			check("deliveries/new-conversation", func() error { return d.arrived("first", "new") }),
			check("deliveries/human-handoff-required", func() error { return d.arrived("handoff", "handoff") }),
			check("deliveries/every-subscription", d.everySubscription),
			check("deliveries/post", func() error { return d.each(isPost) }),
			check("deliveries/json", func() error { return d.each(isJSON) }),
			check("deliveries/only-event", func() error { return d.each(ownEvent) }),
			check("deliveries/only-agent", d.onlyAgent),
			check("deliveries/conversation", d.conversation),
			check("deliveries/agent", d.agent),
			check("deliveries/message", d.message),
			check("deliveries/initial-message", d.initialMessage),
			check("deliveries/names", func() error { return d.names(&r.world) }),
			check("deliveries/handoff-mode", d.handoffMode),
			check("deliveries/unique-id", d.uniqueID),
			check("deliveries/signature", r.signature),
			check("unsubscribe/stops", d.stopped),
			check("unsubscribe/others-go-on", d.othersGoOn),
		},
	}
}

// noDeliveries says why webhooks cannot be judged in this run; "" when they can.
func (r *run) noDeliveries() string {
	switch {
	case r.Driver == nil:
		return "there is no driver to make events happen"
	case !r.Can("provoke"):
		return "the driver cannot provoke events"
	case !r.Target.Loopback() && r.Options.Receiver.URL == "" && strings.HasPrefix(r.Options.Receiver.Listen, "127.0.0.1"):
		return "the target cannot reach a receiver on this machine's loopback: give --receiver-listen or --receiver-url"
	}
	return ""
}

func (r *run) probeDeliveries(ctx context.Context) error {
	here, err := r.here()
	if err != nil {
		return err
	}
	d := &r.deliveries
	d.hooks, d.provoked, d.gone, d.messages = map[string]*hooked{}, map[string]*provoked{}, map[string]int{}, map[string]*page{}
	subscribe := func(name string, p *place, event string) {
		if err == nil {
			d.hooks[name], err = r.hooked(ctx, p, event)
		}
	}
	subscribe("first", here, "new_conversation")
	subscribe("second", here, "new_conversation")
	subscribe("handoff", here, "human_handoff_required")
	if r.world.other != nil {
		subscribe("other", r.world.other, "new_conversation")
	}
	if err != nil {
		return err
	}
	r.takeVariously()
	defer r.collect()
	// Each event is waited for before the next is made, so that one that goes astray has had time to arrive.
	if !r.expect(ctx, "new", "new_conversation", here, "first", "second") {
		d.silent = r.silence()
		if d.silent != nil {
			return d.silent
		}
	}
	r.expect(ctx, "handoff", "human_handoff_required", here, "handoff")
	if r.world.other != nil {
		r.expect(ctx, "other", "new_conversation", r.world.other, "other")
	}
	for _, name := range []string{"new", "handoff"} {
		if p := d.provoked[name]; p.err == nil {
			d.messages[name] = r.find(ctx, r.Main, p.conversation, nil, "find the messages of a delivered conversation")
		}
	}
	first := d.hooks["first"]
	removed := r.unsubscribe(ctx, r.Main, first.ID, "unsubscribe one of two")
	if isRemoved(removed) {
		first.step.Done()
		d.gone["first"] = first.hook.Count()
		r.expect(ctx, "later", "new_conversation", here, "second")
		r.grace(ctx)
	}
	return nil
}

// takeVariously has hooks take deliveries with other statuses than 200: any 2xx ends a delivery (AL-96).
func (r *run) takeVariously() {
	for name, status := range map[string]int{"handoff": 204, "other": 202} {
		if h := r.deliveries.hooks[name]; h != nil {
			h.hook.Answer(receiver.Always(status))
		}
	}
}

// hooked subscribes with a hook of its own.
func (r *run) hooked(ctx context.Context, p *place, event string) (*hooked, error) {
	h := &hooked{}
	var err error
	fresh := func() string {
		if h.hook, err = r.Hook(); err != nil {
			return sampleTarget
		}
		return h.hook.URL
	}
	h.subscription, h.x = r.subscribeTo(ctx, r.Main, p, fresh, event, "subscribe to "+event)
	if err != nil {
		return nil, err
	}
	if h.subscription == nil {
		return nil, conformance.Blocked("subscribing to %s was not served", event)
	}
	return h, nil
}

// expect provokes an event and waits until every named hook got it; false when one did not.
func (r *run) expect(ctx context.Context, name, event string, p *place, hooks ...string) bool {
	d := &r.deliveries
	e := &provoked{event: event, place: p}
	d.provoked[name] = e
	if e.conversation, e.err = r.Driver.Provoke(ctx, event, p.organization, p.agent); e.err != nil {
		return false
	}
	return r.await(ctx, func() bool {
		for _, h := range hooks {
			if len(about(d.hooks[h].hook, e.conversation)) == 0 {
				return false
			}
		}
		return true
	}, d.hooks[hooks[len(hooks)-1]].hook)
}

// about are the deliveries of a hook that name a conversation.
func about(h *receiver.Hook, conversation string) []receiver.Delivery {
	var out []receiver.Delivery
	for _, delivery := range h.Deliveries() {
		if payload(delivery.Body).object("data").object("conversation").text("uuid") == conversation {
			out = append(out, delivery)
		}
	}
	return out
}

// await waits for arrivals: in real time, and, where the driver moves the clock, for what waits for that.
func (r *run) await(ctx context.Context, enough func() bool, hook *receiver.Hook) bool {
	deadline := time.Now().Add(r.Options.Patience)
	moved := 0
	for !enough() {
		if ctx.Err() != nil || time.Now().After(deadline) {
			return false
		}
		pause, cancel := context.WithTimeout(ctx, min(time.Second, time.Until(deadline)))
		n := hook.Count()
		_, _ = hook.Wait(pause, func([]receiver.Delivery) bool { return enough() || hook.Count() > n })
		cancel()
		if !enough() && r.Can("advance-clock") && moved < 10 {
			moved++
			if r.Driver.Advance(ctx, time.Second) != nil {
				return false
			}
		}
		if r.handshakesFailed() {
			return false
		}
	}
	return true
}

func (r *run) handshakesFailed() bool {
	return r.Receiver() != nil && len(r.Receiver().Handshakes()) > 0
}

// silence tells why nothing arrived, where that is not the target's fault.
func (r *run) silence() error {
	receiver := r.Receiver()
	if failed := receiver.Handshakes(); len(failed) > 0 {
		return conformance.Lacking("the target does not trust the receiver: the TLS handshake failed (%s); have it trust --receiver-ca, or give --receiver-cert", failed[0].Error)
	}
	return nil
}

// grace lets stray deliveries arrive: what is not to come cannot be waited for.
func (r *run) grace(ctx context.Context) {
	if r.Can("advance-clock") {
		_ = r.Driver.Advance(ctx, time.Second)
	}
	_ = r.Wait(ctx, strayTime, "deliveries that are not to come")
}

const strayTime = 250 * time.Millisecond

// collect copies what arrived into the evidence.
func (r *run) collect() {
	for _, name := range []string{"first", "second", "handoff", "other"} {
		h := r.deliveries.hooks[name]
		if h == nil {
			continue
		}
		h.log = nil
		for _, arrived := range h.hook.Deliveries() {
			h.log = append(h.log, h.delivery(r, arrived))
		}
		r.Log.AddDeliveries(h.log...)
	}
}

func (h *hooked) delivery(r *run, arrived receiver.Delivery) *conformance.Delivery {
	return &conformance.Delivery{
		Hook: arrived.Path, At: arrived.Time, TargetTime: r.Now(), Method: arrived.Method, Header: arrived.Header,
		Body: arrived.Body, Answered: arrived.Status, Subscription: h.Subscription,
	}
}
