package desk

import (
	"github.com/parley-contracts/parley/fixtures/fake"
	"github.com/parley-contracts/parley/mock/reading"
)

// The events that webhooks tell of (Webhook Event Types).
const (
	NewConversation      = "new_conversation"
	HumanHandoffRequired = "human_handoff_required"
)

// Webhook is an event as it is delivered.
type Webhook struct {
	ID           string // unique to the event (AL-94), and the same as in its sample
	Event        string
	Conversation string
	Body         []byte
}

// Due gives what is to be delivered because of an event, and to which subscriptions. Of most events there is nothing. It has
// to be called by a listener: later the conversation may look different.
func (d *Desk) Due(e Event) (Webhook, []Subscription) {
	id, event := "", ""
	switch c := e.Change.(type) {
	case ConversationStarted:
		id, event = c.Conversation.ID, NewConversation
	case HandoffRequired:
		id, event = c.Conversation, HumanHandoffRequired
	default:
		return Webhook{}, nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	c := d.conversations[id]
	to := d.subscribers[topic{c.Agent, event}]
	if len(to) == 0 {
		return Webhook{}, nil
	}
	occasion := d.occasion(c, event)
	occasion.at = e.At
	return Webhook{
		ID: occasion.id, Event: event, Conversation: id,
		Body: d.appendWebhook(nil, c, event, occasion),
	}, to
}

// occasion is what made an event happen.
type occasion struct {
	id      string
	at      Instant
	message *Message
}

// occasion finds the message that a conversation's event is about. Its id derives from that message, so that a sample has the
// id of the delivery that it is a sample of.
func (d *Desk) occasion(c *conversation, event string) occasion {
	what, about := aStart, c.first()
	if event == HumanHandoffRequired {
		what, about = aHandoff, c.plea()
		if d.readings.Has(reading.HandoffLastMessage) {
			about = c.newest()
		}
	}
	if about == nil {
		return occasion{id: d.ids.id(aSilentStart, c.Number), at: c.Created}
	}
	return occasion{id: d.ids.id(what, about.Number), at: about.At, message: about}
}

func (d *Desk) appendSample(dst []byte, c *conversation, event string) []byte {
	return d.appendWebhook(dst, c, event, d.occasion(c, event))
}

// appendWebhook encodes an event's body (Webhook Payload Examples). A message is named by its id, as those examples have
// it, or by its uuid (AL-33).
func (d *Desk) appendWebhook(dst []byte, c *conversation, event string, o occasion) []byte {
	dst = appendString(append(dst, `{"id":`...), o.id)
	dst = appendString(append(dst, `,"event":`...), event)
	dst = appendShortInstant(append(dst, `,"timestamp":`...), o.at)
	dst = appendString(append(dst, `,"data":{"conversation":{"uuid":`...), c.ID)
	dst = appendBool(append(dst, `,"status":`...), c.Open)
	dst = append(append(dst, `,"response_mode":"`...), c.mode()...)
	dst = appendShortInstant(append(dst, `","created_at":`...), c.Created)
	dst = appendParty(append(dst, `},"agent":`...), c.agent.ID, c.agent.Name)
	dst = appendOrNull(append(dst, `,"chat_user":{"name":`...), c.Guest.Name)
	dst = appendOrNull(append(dst, `,"email":`...), c.Guest.Email)
	if d.readings.Has(reading.HookUserFull) {
		dst = appendOrNull(append(dst, `,"country_code":`...), c.Guest.Country)
		dst = append(d.ids.appendShort(append(dst, `,"chat_user_id":"`...), "chu_", aGuest, c.Number), '"')
	}
	dst = appendParty(append(dst, `},"organization":`...), c.agent.organization.ID, c.agent.organization.Name)
	if event == NewConversation {
		dst = append(dst, `,"initial_message":`...)
	} else {
		dst = append(dst, `,"last_message":`...)
	}
	return append(d.appendOccasion(dst, o.message), `}}`...)
}

func appendParty(dst []byte, id, name string) []byte {
	dst = appendString(append(dst, `{"uuid":`...), id)
	dst = appendString(append(dst, `,"name":`...), name)
	return append(dst, '}')
}

func (d *Desk) appendOccasion(dst []byte, m *Message) []byte {
	if m == nil {
		return append(dst, "null"...) // AL-108
	}
	dst = append(dst, `{"uuid":"`...)
	if d.readings.Has(reading.HookNamesUUID) {
		dst = d.ids.appendUUID(dst, aMessage, m.Number)
	} else {
		dst = d.ids.appendShort(dst, "msg_", aShortMessage, m.Number)
	}
	dst = appendString(append(dst, `","content":`...), m.Content)
	by := `,"type":"guest","created_at":`
	if m.By != fake.Guest {
		by = `,"type":"agent","created_at":`
	}
	dst = appendShortInstant(append(dst, by...), m.At)
	return append(dst, '}')
}
