package assistloop

import (
	"encoding/json"
	"fmt"

	"github.com/parley-contracts/parley/conformance"
)

// payload reads a delivery's body without trust.
func payload(body []byte) item {
	var p item
	_ = json.Unmarshal(body, &p)
	return p
}

func conversationOf(d *conformance.Delivery) string {
	return payload(d.Body).object("data").object("conversation").text("uuid")
}

func astray(expected, seen string, ds ...*conformance.Delivery) error {
	return &conformance.Breach{Expected: expected, Seen: seen, Deliveries: ds}
}

// all are the deliveries of every hook.
func (d *deliveries) all() []*conformance.Delivery {
	var all []*conformance.Delivery
	for _, name := range []string{"first", "second", "handoff", "other"} {
		if h := d.hooks[name]; h != nil {
			all = append(all, h.log...)
		}
	}
	return all
}

// got are a hook's deliveries about an event that was provoked.
func (d *deliveries) got(hook, event string) ([]*conformance.Delivery, error) {
	e, h := d.provoked[event], d.hooks[hook]
	switch {
	case h == nil, e == nil:
		return nil, conformance.Lacking("the event was not provoked")
	case e.err != nil:
		return nil, conformance.Blocked("%v", e.err)
	}
	var out []*conformance.Delivery
	for _, delivery := range h.log {
		if conversationOf(delivery) == e.conversation {
			out = append(out, delivery)
		}
	}
	return out, nil
}

// arrived: the subscription got the event.
func (d *deliveries) arrived(hook, event string) error {
	got, err := d.got(hook, event)
	if err != nil {
		return err
	}
	if len(got) > 0 {
		return nil
	}
	h, e := d.hooks[hook], d.provoked[event]
	if len(d.strangers(h)) > 0 {
		return conformance.Blocked("what arrived is about a conversation that was not provoked")
	}
	return &conformance.Breach{
		Expected: "a delivery about the conversation of the " + e.event + " that the driver provoked",
		Seen:     "none at this subscription", Exchanges: []*conformance.Exchange{h.x},
	}
}

// strangers are a hook's deliveries about conversations that the driver did not provoke.
func (d *deliveries) strangers(h *hooked) []*conformance.Delivery {
	ours := map[string]bool{}
	for _, e := range d.provoked {
		ours[e.conversation] = true
	}
	var out []*conformance.Delivery
	for _, delivery := range h.log {
		if !ours[conversationOf(delivery)] {
			out = append(out, delivery)
		}
	}
	return out
}

func (d *deliveries) everySubscription() error {
	first, err := d.got("first", "new")
	if err != nil {
		return err
	}
	second, err := d.got("second", "new")
	if err != nil {
		return err
	}
	if (len(first) == 0) != (len(second) == 0) {
		return astray("the event at both subscriptions for it", "at one of them only", append(first, second...)...)
	}
	if len(first) == 0 {
		return conformance.Blocked("the event reached no subscription")
	}
	return nil
}

// each applies a rule to every delivery.
func (d *deliveries) each(rule func(*conformance.Delivery) error) error {
	all := d.all()
	for _, delivery := range all {
		if err := rule(delivery); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return conformance.Lacking("nothing was delivered")
	}
	return nil
}

func isPost(d *conformance.Delivery) error {
	if d.Method != "POST" {
		return astray("a POST", d.Method, d)
	}
	return nil
}

func isJSON(d *conformance.Delivery) error {
	if !conformance.JSONType(d.Header.Get("Content-Type")) {
		return astray("Content-Type application/json", orNone(d.Header.Get("Content-Type")), d)
	}
	if !json.Valid(d.Body) {
		return astray("a body of JSON", "a body that is no JSON", d)
	}
	return nil
}

func ownEvent(d *conformance.Delivery) error {
	if event := eventOf(d); event != d.Subscription.Event {
		return astray("events of "+d.Subscription.Event+" only", event, d)
	}
	return nil
}

// onlyAgent: no subscription got a conversation that was provoked for another agent.
func (d *deliveries) onlyAgent() error {
	if d.provoked["other"] == nil {
		return conformance.Lacking("the account has one agent, and two are needed to tell")
	}
	judged := false
	for _, e := range d.provoked {
		for _, delivery := range d.all() {
			if e.err != nil || e.conversation == "" || conversationOf(delivery) != e.conversation {
				continue
			}
			judged = true
			if delivery.Subscription.Agent != e.place.agent {
				return astray("events of agent "+delivery.Subscription.Agent+" only", "one of a conversation with agent "+e.place.agent, delivery)
			}
		}
	}
	if !judged {
		return conformance.Blocked("no provoked event arrived")
	}
	return nil
}

// conversation: what was delivered about a provoked event names its conversation. It is judged where a hook
// got deliveries and none is about what was provoked.
func (d *deliveries) conversation() error {
	for _, pair := range [][2]string{{"first", "new"}, {"handoff", "handoff"}} {
		got, err := d.got(pair[0], pair[1])
		if err != nil {
			return err
		}
		if others := d.strangers(d.hooks[pair[0]]); len(got) == 0 && len(others) > 0 && conversationOf(others[0]) != "" {
			return astray("the conversation that the driver provoked, "+d.provoked[pair[1]].conversation, conversationOf(others[0]), others[0])
		}
		if len(got) == 0 {
			return conformance.Blocked("no provoked event arrived")
		}
	}
	return nil
}

// othersGoOn: what was delivered to a subscription before goes on after another one was removed.
func (d *deliveries) othersGoOn() error {
	before, err := d.got("second", "new")
	if err != nil {
		return err
	}
	if len(before) == 0 {
		return conformance.Blocked("nothing reached the other subscription before")
	}
	return d.arrived("second", "later")
}

// stopped: a removed subscription gets nothing of what happens later.
func (d *deliveries) stopped() error {
	later := d.provoked["later"]
	if later == nil {
		return conformance.Blocked("unsubscribing was not served")
	}
	got, err := d.got("first", "later")
	if err != nil {
		return err
	}
	if len(got) > 0 {
		return astray("nothing delivered after unsubscribing", fmt.Sprintf("%s of an event that happened later", counted(len(got), "delivery")), got...)
	}
	if others, _ := d.got("second", "later"); len(others) == 0 {
		return conformance.Blocked("the event reached no other subscription either, so that nothing tells")
	}
	return nil
}
