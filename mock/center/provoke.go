package center

import "slices"

// Provoke lets an event happen as a customer or an operator would bring it about, on a channel, and gives the
// conversation that it happened to. Without a channel it is WHATSAPP, or FACEBOOK_POST for what only social media have.
// It happens to a conversation that is there and not closed, or else to a new one, which is an event too: so events
// provoked one after another concern the same conversation as long as it lasts. An event or channel that is unknown, and
// a channel that does not have the event, are ErrInvalid.
func (c *Center) Provoke(event string, channel Channel) (string, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	social := event == InboundMessageUpdatedEvent || event == InboundMessageDeletedEvent
	if channel == "" {
		channel = WhatsApp
		if social {
			channel = FacebookPost
		}
	}
	if err := oneOf("event", event, Events); err != nil {
		return "", err
	}
	if err := oneOf("channel", channel, Channels); err != nil {
		return "", err
	}
	if social && !channel.Social() {
		return "", invalid("channel", "only FACEBOOK_POST, INSTAGRAM_POST and GOOGLE_PLAY have this event")
	}
	var of *conversation
	var err error
	switch event {
	case ConversationCreatedEvent:
		of, err = c.begin(channel)
	case StatusUpdatedEvent:
		of, err = c.advanceStatus(channel)
	case AssignmentUpdatedEvent:
		of, err = c.passOn(channel)
	case InboundMessageEvent:
		of, err = c.writeAgain(channel)
	default:
		of, err = c.alterMessage(event, channel)
	}
	if err != nil {
		return "", err
	}
	return of.ID, nil
}

// begin has somebody new write.
func (c *Center) begin(channel Channel) (*conversation, error) {
	priority := Priorities[next(&c.turns.provoked)%len(Priorities)]
	return c.create(Draft{Channel: channel, Priority: priority, Message: &NewMessage{Direction: Inward, Content: Text(c.words())}})
}

// advanceStatus goes from OPEN to WAITING, SOLVED and CLOSED.
func (c *Center) advanceStatus(channel Channel) (*conversation, error) {
	of, err := c.newest(channel, nil)
	if err != nil {
		return nil, err
	}
	following := Statuses[slices.Index(Statuses, of.Status)+1] // a closed one is never chosen
	c.commit(c.moment(of), StatusChanged{of.ID, following})
	return of, nil
}

// passOn goes through agents and bots, and nobody after the last.
func (c *Center) passOn(channel Channel) (*conversation, error) {
	of, err := c.newest(channel, nil)
	if err != nil {
		return nil, err
	}
	following := ""
	at := slices.IndexFunc(c.agents.all, func(a *Agent) bool { return a.ID == of.Assignee }) + 1
	if at < len(c.agents.all) {
		following = c.agents.all[at].ID
	}
	c.commit(c.moment(of), AssigneeChanged{of.ID, following})
	return of, nil
}

// writeAgain lets the customers of a channel's open conversations write in turn. Who comes by live chat is new each time:
// so they are known in each of the four ways.
func (c *Center) writeAgain(channel Channel) (*conversation, error) {
	if channel == LiveChat {
		return c.begin(channel)
	}
	var open []*conversation
	for _, one := range c.conversations.all {
		if one.Channel == channel && one.Status == Open {
			open = append(open, one)
		}
	}
	if len(open) == 0 {
		return c.begin(channel)
	}
	of := open[next(&c.turns.provoked)%len(open)]
	c.receive(of, "", Text(c.words()))
	return of, nil
}

// alterMessage edits or deletes the newest message of a customer.
func (c *Center) alterMessage(event string, channel Channel) (*conversation, error) {
	theirs := func(m Message) bool { return m.Direction == Inward }
	of, err := c.newest(channel, func(one *conversation) bool { return slices.ContainsFunc(one.Messages, theirs) })
	if err != nil {
		return nil, err
	}
	for _, m := range slices.Backward(of.Messages) {
		if !theirs(m) {
			continue
		}
		if event == InboundMessageDeletedEvent {
			c.commit(c.moment(of), MessageDeleted{of.ID, m})
		} else {
			c.commit(c.moment(of), MessageEdited{of.ID, m.ID, Text(c.words())})
		}
		break
	}
	return of, nil
}

// newest is the conversation of a channel that began last, is not closed and will do, or else a new one.
func (c *Center) newest(channel Channel, willDo func(*conversation) bool) (*conversation, error) {
	for _, one := range slices.Backward(c.conversations.all) {
		if one.Channel == channel && one.Status != Closed && (willDo == nil || willDo(one)) {
			return one, nil
		}
	}
	return c.begin(channel)
}

// Example gives ids to try first: the newest conversation that is not closed, empty in an empty world, an agent, a queue,
// a customer and a form.
func (c *Center) Example() (conversation, agent, queue, customer, form string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, one := range slices.Backward(c.conversations.all) {
		if one.Status != Closed {
			conversation, customer = one.ID, one.Customer
			break
		}
	}
	return conversation, c.agents.all[0].ID, c.queues.all[0].ID, customer, c.forms.all[0].ID
}
