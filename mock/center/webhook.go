package center

import "encoding/json"

// Webhook is an event as it is delivered.
type Webhook struct {
	ID           string // unique to the event; the document's payloads have none, signatures want one
	Event        string // its name on the wire
	Conversation string
	Body         []byte
	To           []Subscription
}

// Due gives what is to be delivered because of an event: of most there is nothing, and of a conversation that begins with
// a customer's message there are two, in the order of the list. It has to be called by a listener: later the conversation
// may look different.
func (c *Center) Due(e Event) []Webhook {
	c.mu.RLock()
	defer c.mu.RUnlock()
	switch change := e.Change.(type) {
	case ConversationCreated:
		due := c.due(nil, e, ConversationCreatedEvent, change.Conversation.ID, nil)
		if first := change.Conversation.last(); first != nil && first.Direction == Inward {
			due = c.due(due, e, InboundMessageEvent, change.Conversation.ID, first)
		}
		return due
	case StatusChanged:
		return c.due(nil, e, StatusUpdatedEvent, change.Conversation, nil)
	case AssigneeChanged:
		return c.due(nil, e, AssignmentUpdatedEvent, change.Conversation, nil)
	case MessageReceived:
		return c.due(nil, e, InboundMessageEvent, change.Conversation, &change.Message)
	case MessageEdited:
		edited := c.conversations.byID[change.Conversation].message(change.Message)
		return c.due(nil, e, InboundMessageUpdatedEvent, change.Conversation, edited)
	case MessageDeleted:
		return c.due(nil, e, InboundMessageDeletedEvent, change.Conversation, &change.Message)
	}
	return nil
}

// due adds an event's delivery, if anybody wants it.
func (c *Center) due(all []Webhook, e Event, name, conversation string, m *Message) []Webhook {
	to := c.subscribers[name]
	if len(to) == 0 {
		return all
	}
	body := c.body(name, e.At, c.conversations.byID[conversation], m)
	id := e.ID
	if len(all) > 0 {
		id += "-1"
	}
	return append(all, Webhook{ID: id, Event: name, Conversation: conversation, Body: body, To: to})
}

// body encodes an event. Plain data always encodes.
func (c *Center) body(name string, at Instant, of *conversation, m *Message) []byte {
	var payload any
	switch name {
	case ConversationCreatedEvent:
		payload = c.createdPayload(&of.Conversation)
	case StatusUpdatedEvent:
		payload = statusPayload{of.ID, of.Status, c.lastPayload(&of.Conversation), c.stamp(at)}
	case AssignmentUpdatedEvent:
		payload = assignmentPayload{of.ID, c.assigneePayload(of.Assignee), c.lastPayload(&of.Conversation), c.stamp(at)}
	default:
		payload = c.receivedPayload(name, &of.Conversation, m)
	}
	body, _ := json.Marshal(struct {
		Type    string `json:"type"`
		Payload any    `json:"payload"`
	}{name, payload})
	return body
}
