package desk

// Event is one change of a world.
type Event struct {
	Number uint64  // in the world's history, from 1
	At     Instant // by the world's clock
	Change Change
}

// Change is what an event changed: one of the types of this file. They are plain data, enough to repeat the change elsewhere.
type Change interface {
	fold(d *Desk, at Instant)
}

// AccountOpened brings an account together with its organizations and their agents.
type AccountOpened struct {
	Account       Account
	Organizations []Organization
	Agents        []Agent
}

// ConversationRecorded brings a conversation that took place before anybody listened, with all its messages.
type ConversationRecorded struct {
	Conversation Conversation
}

// ConversationStarted is a guest's first message to an agent. It is the event new_conversation of webhooks.
type ConversationStarted struct {
	Conversation Conversation
}

// MessageAdded is one more message of a conversation. One that a person wrote takes the conversation over from the AI: its
// mode is human from then on.
type MessageAdded struct {
	Conversation string
	Message      Message
}

// HandoffRequired is an AI giving a conversation up to a person because its guest asked for one: its mode is human from then
// on. Note is the platform's entry. It is the event human_handoff_required of webhooks.
type HandoffRequired struct {
	Conversation string
	Note         Message
}

// ConversationClosed ends a conversation. Note is the platform's entry.
type ConversationClosed struct {
	Conversation string
	Note         Message
}

// ConversationReopened is a closed conversation that goes on.
type ConversationReopened struct {
	Conversation string
}

// Subscribed is a new webhook subscription.
type Subscribed struct {
	Subscription Subscription
}

// Unsubscribed is a webhook subscription that ends.
type Unsubscribed struct {
	Subscription Subscription
}

// commit folds a change and tells the listeners. The caller holds writer.
func (d *Desk) commit(at Instant, c Change) {
	d.mu.Lock()
	d.events++
	c.fold(d, at)
	d.mu.Unlock()
	for _, tell := range d.listeners {
		tell(Event{Number: d.events, At: at, Change: c})
	}
}

func (d *Desk) now() Instant {
	return InstantOf(d.clock.Now())
}
