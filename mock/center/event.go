package center

// Event is one change of a world.
type Event struct {
	Number uint64  // in the centre's history, from 1
	ID     string  // a UUID
	At     Instant // by the world's clock
	Change Change
}

// Change is what an event changed: one of the types of this file. They are plain data, enough to repeat the change
// elsewhere.
type Change interface {
	fold(c *Center, at Instant)
}

// CenterOpened brings the centre's own: who and what is there before any customer.
type CenterOpened struct {
	Senders map[Channel]string
	Agents  []Agent
	Queues  []Queue
	Forms   []Form
}

// CustomerCame brings a customer.
type CustomerCame struct{ Customer Customer }

// ConversationRecorded brings a conversation from before anybody listened, with its messages.
type ConversationRecorded struct{ Conversation Conversation }

// ConversationCreated begins a conversation: empty, or with one message. It is the event CONVERSATION_CREATED, and where
// that message came in, INBOUND_MESSAGE as well.
type ConversationCreated struct{ Conversation Conversation }

// StatusChanged is the event CONVERSATION_STATUS_UPDATED.
type StatusChanged struct {
	Conversation string
	Status       Status
}

// AssigneeChanged is the event CONVERSATION_ASSIGNMENT_UPDATED. Nobody is the empty string.
type AssigneeChanged struct {
	Conversation string
	Assignee     string
}

// DetailsChanged sets what no event tells of: priority, queue, topic and summary.
type DetailsChanged struct {
	Conversation string
	Details      Details
}

// Tagged files a conversation under one more tag.
type Tagged struct{ Conversation, Tag string }

// MessageReceived is one more message from the customer: the event INBOUND_MESSAGE.
type MessageReceived struct {
	Conversation string
	Message      Message
}

// MessageSent is one more message to the customer. No event tells of it.
type MessageSent struct {
	Conversation string
	Message      Message
}

// MessageEdited is a customer's message with other content: the event INBOUND_MESSAGE_UPDATED.
type MessageEdited struct {
	Conversation, Message string
	Content               Content
}

// MessageDeleted takes a customer's message away: the event INBOUND_MESSAGE_DELETED. Message is what it was.
type MessageDeleted struct {
	Conversation string
	Message      Message
}

// ConversationDeleted takes a conversation away with its messages. No event tells of it ("Webhooks", data retention).
type ConversationDeleted struct{ Conversation string }

// AgentChanged lets an agent take conversations, or not.
type AgentChanged struct {
	Agent  string
	Active bool
}

// SecurityMade and ProfileMade bring what subscriptions can name.
type (
	SecurityMade struct{ Security Security }
	ProfileMade  struct{ Profile Profile }
)

// Subscribed is a new subscription; Resubscribed one that is replaced; Unsubscribed one that ends.
type (
	Subscribed   struct{ Subscription Subscription }
	Resubscribed struct{ Subscription Subscription }
	Unsubscribed struct{ Subscription Subscription }
)

// commit folds a change and tells the listeners. The caller holds writer.
func (c *Center) commit(at Instant, change Change) {
	c.mu.Lock()
	c.events++
	e := Event{Number: c.events, At: at, Change: change}
	change.fold(c, at)
	c.mu.Unlock()
	if len(c.listeners) == 0 {
		return
	}
	e.ID = c.uuid()
	for _, tell := range c.listeners {
		tell(e)
	}
}

func (c *Center) now() Instant { return InstantOf(c.clock.Now()) }
