package center

import (
	"maps"
	"slices"
)

// Customer is somebody who talks to the centre. A name may be empty.
type Customer struct {
	ID             string
	First, Last    string
	Identities     []Identity
	Authentication Authentication // in live chats
}

// Identity is what somebody is on one channel: a number, a handle, an address or an id.
type Identity struct {
	Channel Channel
	Value   string
}

// Authentication is who the customer of a live chat is, and how that is known. What is empty or zero is null: of
// somebody who is not authenticated, all but the type.
type Authentication struct {
	Type        AuthenticationType
	Value       string
	Person      int // in People, from 1
	First, Last string
}

// Name is the customer's full name; empty when it is unknown.
func (c *Customer) Name() string {
	if c.First == "" || c.Last == "" {
		return c.First + c.Last
	}
	return c.First + " " + c.Last
}

// On is what the customer is on a channel; empty when they are not on it.
func (c *Customer) On(channel Channel) string {
	for _, i := range c.Identities {
		if i.Channel == channel {
			return i.Value
		}
	}
	return ""
}

// Agent is a person or a bot that conversations can be assigned to. Routing assigns to active ones alone.
type Agent struct {
	ID, Name    string
	Bot, Active bool
}

// Queue is where conversations wait that came by one of its channels. It is routed to its agents in turn; without
// agents, its conversations stay unassigned.
type Queue struct {
	ID, Name string
	Channels []Channel
	Agents   []string
	AtOnce   bool // its conversations are assigned as they begin, not after it
}

// Form is what agents fill in about a conversation.
type Form struct {
	ID, Name string
	Fields   []Field
}

// Field is one question of a form.
type Field struct {
	Name     string
	Required bool
}

func (e CenterOpened) fold(c *Center, _ Instant) {
	maps.Copy(c.senders, e.Senders)
	for _, a := range e.Agents {
		c.agents.put(a.ID, &a)
	}
	for _, q := range e.Queues {
		c.queues.put(q.ID, &q)
	}
	for _, f := range e.Forms {
		c.forms.put(f.ID, &f)
	}
}

func (e CustomerCame) fold(c *Center, _ Instant) {
	c.customers.put(e.Customer.ID, &e.Customer)
	for _, i := range e.Customer.Identities {
		c.known[i] = e.Customer.ID
	}
}

func (e AgentChanged) fold(c *Center, _ Instant) { c.agents.byID[e.Agent].Active = e.Active }

// Agent finds an agent or bot by its id: ErrNotFound when there is none.
func (c *Center) Agent(id string) (Agent, error) { return find(c, &c.agents, "agent", id) }

// Queue finds one by its id.
func (c *Center) Queue(id string) (Queue, error) { return find(c, &c.queues, "queue", id) }

// Form finds one by its id.
func (c *Center) Form(id string) (Form, error) { return find(c, &c.forms, "form", id) }

// Customer finds one by its id.
func (c *Center) Customer(id string) (Customer, error) { return find(c, &c.customers, "customer", id) }

func find[T any](c *Center, l *list[T], subject, id string) (T, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if thing := l.byID[id]; thing != nil {
		return *thing, nil
	}
	var none T
	return none, notFound(subject)
}

// Page is a page of a list: so many from the Page'th on, counted from 0.
type Page struct{ Limit, Page int }

// cut gives what is on the page of a list of n: from, to.
func (p Page) cut(n int) (from, to int) {
	if p.Page > n/max(p.Limit, 1) { // before the product could overflow
		return n, n
	}
	from = min(p.Page*p.Limit, n)
	return from, min(from+p.Limit, n)
}

// Agents are a page of all agents and bots, and how many there are in all.
func (c *Center) Agents(p Page) ([]Agent, int) { return page(c, &c.agents, p) }

// Queues are a page of all queues, and how many there are in all.
func (c *Center) Queues(p Page) ([]Queue, int) { return page(c, &c.queues, p) }

// Forms are a page of all forms, and how many there are in all.
func (c *Center) Forms(p Page) ([]Form, int) { return page(c, &c.forms, p) }

func page[T any](c *Center, l *list[T], p Page) ([]T, int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	from, to := p.cut(len(l.all))
	things := make([]T, 0, to-from)
	for _, thing := range l.all[from:to] {
		things = append(things, *thing)
	}
	return things, len(l.all)
}

// SetActive lets an agent take conversations, or not.
func (c *Center) SetActive(agent string, active bool) error {
	c.writer.Lock()
	defer c.writer.Unlock()
	a := c.agents.byID[agent]
	switch {
	case a == nil:
		return notFound("agent")
	case a.Active != active:
		c.commit(c.now(), AgentChanged{agent, active})
	}
	return nil
}

// route is who a new conversation of a queue goes to: its active agents in turn, or nobody.
func (c *Center) route(queue string) string {
	q := c.queues.byID[queue]
	if q == nil {
		return ""
	}
	active := slices.DeleteFunc(slices.Clone(q.Agents), func(id string) bool { return !c.agents.byID[id].Active })
	if len(active) == 0 {
		return ""
	}
	return active[next(&c.turns.queue)%len(active)]
}

// queueFor is the queue of a channel.
func (c *Center) queueFor(channel Channel) string {
	for _, q := range c.queues.all {
		if slices.Contains(q.Channels, channel) {
			return q.ID
		}
	}
	return ""
}
