package center

import "slices"

// Inbound is a message that comes in. It goes to a conversation when it names one, else to the customer's on that channel
// that is not closed, else to a new one.
type Inbound struct {
	Conversation string
	Channel      Channel // may be left out with a conversation
	Customer     string
	From         string // the customer's own when empty
	Content      Content
}

// Receive lets a customer's message come in, and gives the ids of its conversation and its own. It is the event
// INBOUND_MESSAGE; in a conversation that waits or is solved, which it opens again, CONVERSATION_STATUS_UPDATED follows
// (our choice: the document does not say).
func (c *Center) Receive(in Inbound) (conversation, message string, err error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	into, err := c.destination(in)
	if err != nil {
		return "", "", err
	}
	if into == nil {
		into, err = c.create(Draft{
			Channel: in.Channel, Customer: in.Customer, Message: &NewMessage{Direction: Inward, From: in.From, Content: in.Content},
		})
		if err != nil {
			return "", "", err
		}
		return into.ID, into.Messages[0].ID, nil
	}
	return into.ID, c.receive(into, in.From, in.Content), nil
}

func (c *Center) receive(into *conversation, from string, content Content) (message string) {
	at := c.moment(into)
	m := c.message(at, into.Channel, *c.customers.byID[into.Customer], NewMessage{Direction: Inward, From: from, Content: content})
	c.commit(at, MessageReceived{into.ID, m})
	if into.Status != Open {
		c.commit(at, StatusChanged{into.ID, Open})
	}
	return m.ID
}

// destination is the conversation that a message goes to; nil when it begins one.
func (c *Center) destination(in Inbound) (*conversation, error) {
	if in.Conversation != "" {
		into, err := c.changeable(in.Conversation)
		if err == nil && in.Channel != "" && in.Channel != into.Channel {
			err = invalid("channel", "the conversation's is "+string(into.Channel))
		}
		return into, err
	}
	if err := oneOf("channel", in.Channel, Channels); err != nil {
		return nil, err
	}
	customer := in.Customer
	if customer == "" {
		customer = c.known[Identity{in.Channel, in.From}]
	}
	if into := c.threads[thread{customer, in.Channel}]; into != nil && into.Status != Closed {
		return into, nil
	}
	return nil, nil
}

// Send sends a customer a message in a conversation. No event tells of it.
func (c *Center) Send(conversation string, channel Channel, n NewMessage) (Message, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	into, err := c.changeable(conversation)
	if err != nil {
		return Message{}, err
	}
	if channel != "" && channel != into.Channel {
		return Message{}, invalid("channel", "the conversation's is "+string(into.Channel))
	}
	n.Direction = Outward
	at := c.moment(into)
	m := c.message(at, into.Channel, *c.customers.byID[into.Customer], n)
	c.commit(at, MessageSent{into.ID, m})
	return m, nil
}

// Edit has a customer change a message of theirs, on a channel where they can (IB-44). It is the event
// INBOUND_MESSAGE_UPDATED.
func (c *Center) Edit(message string, content Content) (conversation string, err error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	in, _, err := c.social(message)
	if err != nil {
		return "", err
	}
	c.commit(c.moment(in), MessageEdited{in.ID, message, content})
	return in.ID, nil
}

// Delete has a customer take a message of theirs away, on a channel where they can. It is the event
// INBOUND_MESSAGE_DELETED.
func (c *Center) Delete(message string) (conversation string, err error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	in, m, err := c.social(message)
	if err != nil {
		return "", err
	}
	c.commit(c.moment(in), MessageDeleted{in.ID, *m})
	return in.ID, nil
}

// social finds a message that its customer can change or delete.
func (c *Center) social(message string) (*conversation, *Message, error) {
	in := c.messages[message]
	if in == nil {
		return nil, nil, notFound("message")
	}
	if _, err := c.changeable(in.ID); err != nil {
		return nil, nil, err
	}
	m := in.message(message)
	switch {
	case !in.Channel.Social():
		return nil, nil, invalid("channel", "messages change on FACEBOOK_POST, INSTAGRAM_POST and GOOGLE_PLAY alone, this one is of "+string(in.Channel))
	case m.Direction != Inward:
		return nil, nil, invalid("message", "it is not the customer's")
	}
	return in, m, nil
}

// Changes are what to set of a conversation; what is nil stays. A queue, topic or summary that is to be none is a pointer
// to nothing.
type Changes struct {
	Status         *Status
	Priority       *Priority
	Queue          *string
	Topic, Summary **string
}

// Change sets what is given. Another status is CONVERSATION_STATUS_UPDATED; no event tells of the rest. A closed
// conversation is ErrClosed.
func (c *Center) Change(conversation string, n Changes) (Conversation, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	of, err := c.changeable(conversation)
	if err != nil {
		return Conversation{}, err
	}
	details, err := c.details(of.Details, n)
	if err != nil {
		return Conversation{}, err
	}
	at := c.moment(of)
	if details != of.Details {
		c.commit(at, DetailsChanged{of.ID, details})
	}
	if n.Status != nil && *n.Status != of.Status {
		c.commit(at, StatusChanged{of.ID, *n.Status})
	}
	return of.alone(), nil
}

func (c *Center) details(d Details, n Changes) (Details, error) {
	if n.Status != nil {
		if err := oneOf("status", *n.Status, Statuses); err != nil {
			return d, err
		}
	}
	if n.Priority != nil {
		if err := oneOf("priority", *n.Priority, Priorities); err != nil {
			return d, err
		}
		d.Priority = *n.Priority
	}
	if n.Queue != nil {
		if err := c.knows(*n.Queue, "queue", c.queues.byID[*n.Queue] != nil); err != nil {
			return d, err
		}
		d.Queue = *n.Queue
	}
	if n.Topic != nil {
		d.Topic = *n.Topic
	}
	if n.Summary != nil {
		d.Summary = *n.Summary
	}
	return d, nil
}

// Assign gives a conversation to an agent or bot, or to nobody when that is empty. Another than before is
// CONVERSATION_ASSIGNMENT_UPDATED.
func (c *Center) Assign(conversation, agent string) (Conversation, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	of, err := c.changeable(conversation)
	if err != nil {
		return Conversation{}, err
	}
	if err := c.knows(agent, "agent", c.agents.byID[agent] != nil); err != nil {
		return Conversation{}, err
	}
	if agent != of.Assignee {
		c.commit(c.moment(of), AssigneeChanged{of.ID, agent})
	}
	return of.alone(), nil
}

// Tag files a conversation under one more tag, and gives all of its tags.
func (c *Center) Tag(conversation, tag string) ([]string, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	of, err := c.changeable(conversation)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(of.Tags, tag) {
		c.commit(c.moment(of), Tagged{of.ID, tag})
	}
	return slices.Clone(of.Tags), nil
}

// DeleteConversation takes a conversation away, closed or not. No event tells of it or of its messages ("Webhooks").
func (c *Center) DeleteConversation(id string) error {
	c.writer.Lock()
	defer c.writer.Unlock()
	if c.conversations.byID[id] == nil {
		return notFound("conversation")
	}
	c.commit(c.now(), ConversationDeleted{id})
	return nil
}

// changeable finds a conversation that is not closed.
func (c *Center) changeable(id string) (*conversation, error) {
	found := c.conversations.byID[id]
	switch {
	case found == nil:
		return nil, notFound("conversation")
	case found.Status == Closed:
		return nil, &Error{Kind: ErrClosed, Subject: "conversation", Reason: "it cannot be changed any more"}
	}
	return found, nil
}

// moment is when the next event of a conversation happens: now, and never before its last one.
func (c *Center) moment(of *conversation) Instant { return max(c.now(), of.Updated) }
