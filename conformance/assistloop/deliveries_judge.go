package assistloop

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/webhook"
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
	media := strings.ToLower(strings.TrimSpace(strings.SplitN(d.Header.Get("Content-Type"), ";", 2)[0]))
	if media != "application/json" && !strings.HasSuffix(media, "+json") {
		return astray("Content-Type application/json", orNone(d.Header.Get("Content-Type")), d)
	}
	if !json.Valid(d.Body) {
		return astray("a body of JSON", "a body that is none", d)
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

func (d *deliveries) agent() error {
	return d.each(func(delivery *conformance.Delivery) error {
		data := payload(delivery.Body).object("data")
		agent, organization := data.object("agent").text("uuid"), data.object("organization").text("uuid")
		switch {
		case agent == "", organization == "":
			return conformance.Blocked("a delivery names no agent or no organization")
		case agent != delivery.Subscription.Agent:
			return astray("agent "+delivery.Subscription.Agent, agent, delivery)
		case organization != delivery.Subscription.Organization:
			return astray("organization "+delivery.Subscription.Organization, organization, delivery)
		}
		return nil
	})
}

// message: what a delivery shows is a message of the conversation, with its content and type (AL-33).
func (d *deliveries) message() error {
	judged := false
	for _, c := range []struct{ hook, event, field string }{
		{"first", "new", "initial_message"}, {"handoff", "handoff", "last_message"},
	} {
		got, err := d.got(c.hook, c.event)
		if err != nil {
			return err
		}
		found := d.messages[c.event]
		if found == nil || found.err != nil {
			return conformance.Blocked("the messages of the delivered conversation cannot be read")
		}
		for _, delivery := range got {
			m := payload(delivery.Body).object("data").object(c.field)
			if m == nil {
				continue
			}
			_, hasContent := m["content"].(string)
			if m.text("uuid") == "" || !hasContent || (m.text("type") != "guest" && m.text("type") != "agent") {
				return conformance.Blocked("the %s of a delivery is not of its shape", c.field)
			}
			judged = true
			real := message(found, m.text("uuid"))
			switch {
			case real == nil:
				return astray("a message whose `id` or `uuid` Find Messages knows", "another in "+c.field, delivery)
			case real.text("content") != m.text("content"):
				return astray("the content that Find Messages shows", "another in "+c.field, delivery)
			case real.text("type") != m.text("type"):
				return astray("type "+word(real["type"])+" as Find Messages shows", word(m["type"])+" in "+c.field, delivery)
			}
		}
	}
	if !judged {
		return conformance.Lacking("no delivery shows a message")
	}
	return nil
}

// initialMessage: a new conversation shows its first message, or its customer's first, where a greeting came
// before.
func (d *deliveries) initialMessage() error {
	got, err := d.got("first", "new")
	if err != nil {
		return err
	}
	for _, delivery := range got {
		m := payload(delivery.Body).object("data").object("initial_message")
		if m == nil {
			continue
		}
		found := d.messages["new"]
		at, ok := message(found, m.text("uuid")).instant("created_at")
		if ok && at.After(begin(found)) && (m.text("type") != "guest" || at.After(begin(found.ofType("guest")))) {
			return astray("the first message of the conversation, or its customer's first", "a later one", delivery)
		}
		return nil
	}
	return conformance.Lacking("no delivery shows a first message")
}

func (d *deliveries) names(w *world) error {
	return d.each(func(delivery *conformance.Delivery) error {
		data := payload(delivery.Body).object("data")
		organization, ok := data.object("organization")["name"].(string)
		agent, ok2 := data.object("agent")["name"].(string)
		if !ok || !ok2 {
			return conformance.Blocked("a delivery has no name for the agent or the organization")
		}
		for _, i := range w.organizations.items {
			if i.text("organization_uuid") == delivery.Subscription.Organization && i.text("name") != organization {
				return astray("the organization's name as the dropdown lists it", "another", delivery)
			}
		}
		for _, i := range w.agents[delivery.Subscription.Organization].items {
			if i.text("agent_uuid") == delivery.Subscription.Agent && i.text("name") != agent {
				return astray("the agent's name as the dropdown lists it", "another", delivery)
			}
		}
		return nil
	})
}

func (d *deliveries) handoffMode() error {
	got, err := d.got("handoff", "handoff")
	if err != nil {
		return err
	}
	judged := false
	for _, delivery := range got {
		if eventOf(delivery) != "human_handoff_required" {
			continue
		}
		judged = true
		switch mode := payload(delivery.Body).object("data").object("conversation").text("response_mode"); mode {
		case "human":
		case "ai":
			return astray("a conversation in human mode", mode, delivery)
		default:
			return conformance.Blocked("a delivery tells no mode of the document")
		}
	}
	if !judged {
		return conformance.Lacking("nothing was delivered")
	}
	return nil
}

// eventOf is the event that a delivery is of: the one that it names, where that is one of the two, and else
// the one that was subscribed to.
func eventOf(d *conformance.Delivery) string {
	switch named := payload(d.Body).text("event"); named {
	case "new_conversation", "human_handoff_required":
		return named
	}
	return d.Subscription.Event
}

// uniqueID: deliveries of different events bear different ids (AL-94).
func (d *deliveries) uniqueID() error {
	by := map[string]*conformance.Delivery{}
	for _, delivery := range d.all() {
		p := payload(delivery.Body)
		id, event := p.text("id"), p.text("event")+" "+conversationOf(delivery)
		if first := by[id]; first != nil && payload(first.Body).text("event")+" "+conversationOf(first) != event {
			return astray("an id of its own for each event", "one id for two", first, delivery)
		}
		by[id] = delivery
	}
	if len(by) < 2 {
		return conformance.Lacking("fewer than two events were delivered")
	}
	return nil
}

// signature: it verifies with the subscription's secret, by any of the ways of AL-90..92.
func (r *run) signature() error {
	return r.deliveries.each(func(delivery *conformance.Delivery) error {
		if delivery.Subscription.Secret == "" {
			return conformance.Lacking("the subscription has no secret")
		}
		matched, ok := webhook.Match(delivery.Header, delivery.Body, delivery.Subscription.Secret)
		if !ok {
			return astray("a signature that verifies with the secret of the subscription", "none", delivery)
		}
		r.Log.Note("deliveries are signed: " + matched.String())
		return nil
	})
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
