package center

import "strings"

// Draft is a conversation to be. What is empty is the centre's to choose.
type Draft struct {
	Channel        Channel
	Status         Status   // Open
	Priority       Priority // Normal
	Queue          *string  // the channel's; a pointer to nothing is no queue
	Agent          string   // nobody
	Customer       string   // a new one, or the one whose number the message bears
	Topic, Summary *string
	Message        *NewMessage // empty without one
}

// NewMessage is a message to be. From and To are the customer's and the centre's own unless they say otherwise.
type NewMessage struct {
	Direction Direction
	From, To  string
	Content   Content
}

// Create begins a conversation: by a customer's message, by one to a customer, or empty. It is the event
// CONVERSATION_CREATED; a message that came in is INBOUND_MESSAGE besides. A conversation that a customer began, and
// nobody has, is routed to the active agents of its queue in turn: mostly after it began, as in the document's examples,
// which is CONVERSATION_ASSIGNMENT_UPDATED. (How routing goes, that only what customers begin is routed, and that an
// empty conversation is OUTBOUND, since the centre makes it, is our choice.)
func (c *Center) Create(n Draft) (Conversation, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	created, err := c.create(n)
	if err != nil {
		return Conversation{}, err
	}
	return created.alone(), nil
}

func (c *Center) create(n Draft) (*conversation, error) {
	if err := c.complete(&n); err != nil {
		return nil, err
	}
	customer, err := c.whoever(n)
	if err != nil {
		return nil, err
	}
	at := c.now()
	begun := Conversation{
		ID: c.uuid(), Channel: n.Channel, Direction: Outward, Status: n.Status, Assignee: n.Agent,
		Customer: customer.ID, Form: c.formInTurn(), Created: at, Updated: at,
		Details: Details{Priority: n.Priority, Queue: *n.Queue, Topic: n.Topic, Summary: n.Summary},
	}
	if n.Status == Closed {
		begun.Closed = at
	}
	if n.Message != nil {
		begun.Direction = n.Message.Direction
		begun.Messages = []Message{c.message(at, n.Channel, customer, *n.Message)}
	}
	routed := ""
	if begun.Direction == Inward && n.Agent == "" && n.Status == Open {
		routed = c.route(begun.Queue)
	}
	if routed != "" && c.queues.byID[begun.Queue].AtOnce {
		begun.Assignee = routed
	}
	c.commit(at, ConversationCreated{begun})
	if routed != begun.Assignee && routed != "" {
		c.commit(at, AssigneeChanged{begun.ID, routed})
	}
	return c.conversations.byID[begun.ID], nil
}

// complete checks what is given and puts in what is not.
func (c *Center) complete(n *Draft) error {
	if n.Status == "" {
		n.Status = Open
	}
	if n.Priority == "" {
		n.Priority = Normal
	}
	if n.Queue == nil {
		queue := c.queueFor(n.Channel)
		n.Queue = &queue
	}
	for _, err := range []error{
		oneOf("channel", n.Channel, Channels), oneOf("status", n.Status, Statuses), oneOf("priority", n.Priority, Priorities),
		c.knows(*n.Queue, "queue", c.queues.byID[*n.Queue] != nil), c.knows(n.Agent, "agent", c.agents.byID[n.Agent] != nil),
		c.knows(n.Customer, "customer", c.customers.byID[n.Customer] != nil),
	} {
		if err != nil {
			return err
		}
	}
	if n.Message != nil {
		return oneOf("direction", n.Message.Direction, Directions)
	}
	return nil
}

// knows is nil for what is there and for what is not given. Something that a request only names is not "not found": it is
// the request that is wrong.
func (c *Center) knows(id, subject string, there bool) error {
	if id == "" || there {
		return nil
	}
	return invalid(subject, "there is none with this id")
}

// whoever is the customer of a conversation to be.
func (c *Center) whoever(n Draft) (Customer, error) {
	value := ""
	if n.Message != nil {
		value = n.Message.To
		if n.Message.Direction == Inward {
			value = n.Message.From
		}
	}
	if n.Customer == "" {
		return c.stranger(n.Channel, value), nil
	}
	customer := *c.customers.byID[n.Customer]
	if value == "" && customer.On(n.Channel) == "" {
		return customer, invalid("customer", "they are not on the channel "+string(n.Channel))
	}
	return customer, nil
}

// stranger is the customer with an identity, known or not; without an identity it is somebody new.
func (c *Center) stranger(channel Channel, value string) Customer {
	if known := c.customers.byID[c.known[Identity{channel, value}]]; known != nil {
		return *known
	}
	if value == "" {
		return c.newcomer(channel)
	}
	// Of whoever writes for the first time nothing is known but where from.
	stranger := Customer{ID: c.either(), Identities: []Identity{{channel, value}}}
	if channel == LiveChat {
		stranger.Authentication = c.authentication(c.fake.Person())
	}
	c.commit(c.now(), CustomerCame{stranger})
	return stranger
}

// message makes a message between a customer and the centre.
func (c *Center) message(at Instant, channel Channel, customer Customer, n NewMessage) Message {
	m := Message{ID: c.uuid(), Direction: n.Direction, From: n.From, To: n.To, Created: at, Updated: at, Content: n.Content}
	from, to := customer.On(channel), c.senders[channel]
	if n.Direction == Outward {
		from, to = to, from
	}
	if m.From == "" {
		m.From = from
	}
	if m.To == "" {
		m.To = to
	}
	if channel == Email && m.Content.Subject == "" {
		m.Content.Subject = subjectOf(m.Content)
	}
	return m
}

// subjectOf is the subject of a mail that was given none: how it begins.
func subjectOf(content Content) string {
	if content.Text == nil {
		return "(no subject)"
	}
	words := strings.Fields(*content.Text)
	return strings.Join(words[:min(len(words), 6)], " ")
}

// formInTurn is one of the forms, or none.
func (c *Center) formInTurn() string {
	turn := next(&c.turns.form) % (len(c.forms.all) + 1)
	if turn == len(c.forms.all) {
		return ""
	}
	return c.forms.all[turn].ID
}
