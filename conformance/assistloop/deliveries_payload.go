package assistloop

import (
	"fmt"
	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/webhook"
	"time"
	"unicode/utf8"
)

// What a payload says has to be so: its agent, its message, its names, its mode, its id and its signature.

func (d *deliveries) agent() error {
	return d.each(func(delivery *conformance.Delivery) error {
		data := payload(delivery.Body).object("data")
		agent, organization := data.object("agent").text("uuid"), data.object("organization").text("uuid")
		switch {
		case d.misled(delivery):
			return nil
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

// misled tells of a delivery that it is of an event at another agent: that it came at all is another requirement.
func (d *deliveries) misled(delivery *conformance.Delivery) bool {
	for _, e := range d.provoked {
		if e.err == nil && e.conversation != "" && e.conversation == conversationOf(delivery) {
			return e.place.agent != delivery.Subscription.Agent
		}
	}
	return false
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
			_, hasContent = real["content"].(string)
			switch {
			case real == nil && found.unnamed("id", "uuid"), real != nil && !hasContent, real != nil && real.text("type") != "guest" && real.text("type") != "agent":
				return conformance.Blocked("a message that is found is not of its shape")
			case real == nil:
				return astray("a message whose `id` or `uuid` Find Messages knows", m.text("uuid")+" in "+c.field+", which it does not know", delivery)
			case real.text("content") != m.text("content"):
				return astray("the content that Find Messages shows for message "+m.text("uuid"), fmt.Sprintf("another in %s, of %d characters where that has %d", c.field, utf8.RuneCountInString(m.text("content")), utf8.RuneCountInString(real.text("content"))), delivery)
			case real.text("type") != m.text("type"):
				return astray("type "+word(real["type"])+" as Find Messages shows", word(m["type"])+" in "+c.field, delivery)
			case c.field == "last_message":
				if err := isLast(delivery, real, found.ofType("guest")); err != nil {
					return err
				}
			}
		}
	}
	if !judged {
		return conformance.Lacking("no delivery shows a message")
	}
	return nil
}

// isLast: the customer had written nothing later by the time of the event. What the agent's side wrote may count or not.
func isLast(delivery *conformance.Delivery, shown item, ofGuest *page) error {
	at, told := shown.instant("created_at")
	event, dated := payload(delivery.Body).instant("timestamp")
	for _, i := range ofGuest.items {
		if later, ok := i.instant("created_at"); ok && told && dated && later.After(at) && !later.After(event) {
			return astray("the conversation's last message, or its customer's last", fmt.Sprintf("message %s of %s in last_message, and one of the customer is of %s",
				shown.text("uuid"), at.UTC().Format(time.RFC3339Nano), later.UTC().Format(time.RFC3339Nano)), delivery)
		}
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
			return astray("the first message of the conversation, or its customer's first", "message "+m.text("uuid")+" of "+at.UTC().Format(time.RFC3339Nano)+", and the first is of "+begin(found).UTC().Format(time.RFC3339Nano), delivery)
		}
		return nil
	}
	return conformance.Lacking("no delivery shows a first message")
}

func (d *deliveries) names(w *world) error {
	return d.each(func(delivery *conformance.Delivery) error {
		if d.misled(delivery) {
			return nil
		}
		data := payload(delivery.Body).object("data")
		organization, ok := data.object("organization")["name"].(string)
		agent, ok2 := data.object("agent")["name"].(string)
		if !ok || !ok2 {
			return conformance.Blocked("a delivery has no name for the agent or the organization")
		}
		listed, known := w.organizations.named("organization_uuid", delivery.Subscription.Organization)
		if known && listed != organization {
			return astray("the organization's name as the list of organizations has it", "another in data.organization.name", delivery)
		}
		listed, known = w.agents[delivery.Subscription.Organization].named("agent_uuid", delivery.Subscription.Agent)
		if known && listed != agent {
			return astray("the agent's name as the list of agents has it", "another in data.agent.name", delivery)
		}
		return nil
	})
}

// named is the name of the item with an id; false where it has none.
func (p *page) named(field, id string) (name string, ok bool) {
	if p == nil {
		return "", false
	}
	for _, i := range p.items {
		if i.text(field) == id {
			name, ok = i["name"].(string)
		}
	}
	return name, ok
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
		if err := inHumanMode(delivery, payload(delivery.Body)); err != nil {
			return err
		}
	}
	if !judged {
		return conformance.Lacking("nothing was delivered")
	}
	return nil
}

// inHumanMode judges a delivery of a handoff.
func inHumanMode(delivery *conformance.Delivery, body item) error {
	switch mode := body.object("data").object("conversation").text("response_mode"); mode {
	case "human":
		return nil
	case "ai":
		return astray("a conversation in human mode", mode, delivery)
	}
	return conformance.Blocked("a delivery tells no mode of the document")
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
	var ids identities
	for _, delivery := range d.all() {
		if err := ids.take(delivery, payload(delivery.Body)); err != nil {
			return err
		}
	}
	return ids.enough()
}

// identities are the ids of recent events, with what shows them.
type identities struct {
	by    conformance.Recent[identity]
	count int
}

type identity struct {
	event    string // its name and its conversation
	delivery *conformance.Delivery
}

// take: an event has an id that no other has.
func (i *identities) take(delivery *conformance.Delivery, body item) error {
	id := body.text("id")
	event := body.text("event") + " " + body.object("data").object("conversation").text("uuid")
	if id == "" {
		return conformance.Blocked("a delivery has no id")
	}
	first, known := i.by.Get(id)
	if known && first.event != event {
		return astray("an id of its own for each event", id+" for two", first.delivery, delivery)
	}
	if !known {
		i.count++
		i.by.Put(id, identity{event, delivery.Witness()})
	}
	return nil
}

func (i *identities) enough() error {
	if i.count < 2 {
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
