package center

import (
	"slices"
)

// Conversation is one customer's talk with the centre on a channel. What a pointer leaves open is null.
type Conversation struct {
	ID        string
	Channel   Channel
	Direction Direction // of its origin
	Status    Status
	Assignee  string // an agent or bot; empty is nobody
	Customer  string
	Form      string // empty is none
	Details
	Created, Updated Instant
	Closed           Instant // zero while it is not
	Tags             []string
	Messages         []Message // oldest first
}

// Details are what can be set of a conversation without an event.
type Details struct {
	Priority       Priority
	Queue          string // empty is none
	Topic, Summary *string
}

// Message is one message of a conversation.
type Message struct {
	ID               string // a UUID, version 4; messageId has it too, as in the document's examples
	Direction        Direction
	From, To         string
	Created, Updated Instant
	Content          Content
}

// Content is what a message says. The document leaves its form to channel and kind (IB-32).
type Content struct {
	Kind    string // TEXT or IMAGE
	Text    *string
	Subject string // of mails
	URL     string // of images
}

// Text is content of the kind that every channel has.
func Text(text string) Content { return Content{Kind: "TEXT", Text: &text} }

// conversation is a conversation in its place.
type conversation struct {
	Conversation
	position int // in order of creation
}

func (e ConversationRecorded) fold(c *Center, _ Instant) { c.add(e.Conversation) }

func (e ConversationCreated) fold(c *Center, _ Instant) { c.add(e.Conversation) }

func (c *Center) add(data Conversation) {
	data.Tags, data.Messages = slices.Clone(data.Tags), slices.Clone(data.Messages)
	entry := &conversation{data, len(c.conversations.all)}
	c.conversations.put(data.ID, entry)
	c.threads[thread{data.Customer, data.Channel}] = entry
	for _, m := range data.Messages {
		c.messages[m.ID] = entry
	}
}

func (e StatusChanged) fold(c *Center, at Instant) {
	into := c.touch(e.Conversation, at)
	into.Status = e.Status
	if e.Status == Closed {
		into.Closed = at
	}
}

func (e AssigneeChanged) fold(c *Center, at Instant) {
	c.touch(e.Conversation, at).Assignee = e.Assignee
}

func (e DetailsChanged) fold(c *Center, at Instant) { c.touch(e.Conversation, at).Details = e.Details }

func (e Tagged) fold(c *Center, at Instant) {
	into := c.touch(e.Conversation, at)
	into.Tags = append(into.Tags, e.Tag)
}

func (e MessageReceived) fold(c *Center, at Instant) { c.append(e.Conversation, at, e.Message) }

func (e MessageSent) fold(c *Center, at Instant) { c.append(e.Conversation, at, e.Message) }

func (e MessageEdited) fold(c *Center, at Instant) {
	m := c.touch(e.Conversation, at).message(e.Message)
	m.Content, m.Updated = e.Content, at
}

func (e MessageDeleted) fold(c *Center, at Instant) {
	from := c.touch(e.Conversation, at)
	from.Messages = slices.DeleteFunc(from.Messages, func(m Message) bool { return m.ID == e.Message.ID })
	delete(c.messages, e.Message.ID)
}

func (e ConversationDeleted) fold(c *Center, _ Instant) {
	gone := c.conversations.byID[e.Conversation]
	for _, m := range gone.Messages {
		delete(c.messages, m.ID)
	}
	delete(c.conversations.byID, gone.ID)
	c.conversations.all = slices.Delete(c.conversations.all, gone.position, gone.position+1)
	for _, later := range c.conversations.all[gone.position:] {
		later.position--
	}
	if at := (thread{gone.Customer, gone.Channel}); c.threads[at] == gone {
		delete(c.threads, at)
	}
}

func (c *Center) append(id string, at Instant, m Message) {
	into := c.touch(id, at)
	into.Messages = append(into.Messages, m)
	c.messages[m.ID] = into
}

func (c *Center) touch(id string, at Instant) *conversation {
	touched := c.conversations.byID[id]
	touched.Updated = at
	return touched
}

func (c *Conversation) message(id string) *Message {
	i := slices.IndexFunc(c.Messages, func(m Message) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Messages[i]
}

// last is the newest message, nil of an empty conversation.
func (c *Conversation) last() *Message {
	if len(c.Messages) == 0 {
		return nil
	}
	return &c.Messages[len(c.Messages)-1]
}

// Query narrows a list of conversations; what is empty does not.
type Query struct {
	Status  Status
	Channel Channel
	Queue   string
	Agent   string // or bot
}

func (q Query) fits(c *Conversation) bool {
	return (q.Status == "" || q.Status == c.Status) && (q.Channel == "" || q.Channel == c.Channel) &&
		(q.Queue == "" || q.Queue == c.Queue) && (q.Agent == "" || q.Agent == c.Assignee)
}

// Conversation finds one by its id, without its messages: ErrNotFound when there is none.
func (c *Center) Conversation(id string) (Conversation, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if found := c.conversations.byID[id]; found != nil {
		return found.alone(), nil
	}
	return Conversation{}, notFound("conversation")
}

// Conversations are a page of those that a query fits, newest first and without their messages, and how many it fits
// in all.
func (c *Center) Conversations(q Query, p Page) ([]Conversation, int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	all := c.conversations.all
	var fitting []Conversation
	if q == (Query{}) { // whatever the world's size, a page costs a page
		from, to := p.cut(len(all))
		for i := from; i < to; i++ {
			fitting = append(fitting, all[len(all)-1-i].alone())
		}
		return fitting, len(all)
	}
	fits := 0
	from, to := p.cut(len(all))
	for _, one := range slices.Backward(all) {
		if !q.fits(&one.Conversation) {
			continue
		}
		if fits >= from && fits < to {
			fitting = append(fitting, one.alone())
		}
		fits++
	}
	return fitting, fits
}

// alone is a conversation that a reader can keep.
func (c *conversation) alone() Conversation {
	alone := c.Conversation
	alone.Messages, alone.Tags = nil, slices.Clone(c.Tags)
	return alone
}

// Messages are a page of a conversation's, newest first, and how many it has in all: ErrNotFound when there is none.
func (c *Center) Messages(conversation string, p Page) ([]Message, int, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	of := c.conversations.byID[conversation]
	if of == nil {
		return nil, 0, notFound("conversation")
	}
	from, to := p.cut(len(of.Messages))
	messages := make([]Message, 0, to-from)
	for i := from; i < to; i++ {
		messages = append(messages, of.Messages[len(of.Messages)-1-i])
	}
	return messages, len(of.Messages), nil
}
