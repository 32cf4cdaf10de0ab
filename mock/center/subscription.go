package center

import (
	"fmt"
	"slices"
	"strings"
)

// The names of the events: on the wire, and as subscriptions know them. Those of messages differ.
const (
	ConversationCreatedEvent   = "CONVERSATION_CREATED"
	StatusUpdatedEvent         = "CONVERSATION_STATUS_UPDATED"
	AssignmentUpdatedEvent     = "CONVERSATION_ASSIGNMENT_UPDATED"
	InboundMessageEvent        = "INBOUND_MESSAGE"
	InboundMessageUpdatedEvent = "INBOUND_MESSAGE_UPDATED"
	InboundMessageDeletedEvent = "INBOUND_MESSAGE_DELETED"
)

// Events are all names on the wire.
var Events = []string{
	ConversationCreatedEvent, StatusUpdatedEvent, AssignmentUpdatedEvent,
	InboundMessageEvent, InboundMessageUpdatedEvent, InboundMessageDeletedEvent,
}

// Subscription asks for events to be delivered.
type Subscription struct {
	ID      string   // the caller's own
	Name    string   // for people, may be empty
	Events  []string // by their names on the wire
	Profile Profile
	Number  int // the centre's own: a subscription that ended and one that has its id now differ in it
}

// Profile is where deliveries go.
type Profile struct {
	ID       string
	URL      string
	Security *Security // nil for none
}

// Security is what deliveries bear, which no document settles: it is our choice. BASIC has a name and password, HMAC a
// secret to sign with as Standard Webhooks has it.
type Security struct {
	ID                 string
	Type               SecurityType
	Username, Password string
	Secret             string // whsec_…; see openapi/webhook
}

// SecurityType is a kind of credentials.
type SecurityType string

// The kinds of credentials.
const (
	Basic SecurityType = "BASIC"
	HMAC  SecurityType = "HMAC"
)

func (e SecurityMade) fold(c *Center, _ Instant) { c.securities.put(e.Security.ID, &e.Security) }

func (e ProfileMade) fold(c *Center, _ Instant) { c.profiles.put(e.Profile.ID, &e.Profile) }

func (e Subscribed) fold(c *Center, _ Instant) {
	c.subscriptions.put(e.Subscription.ID, &e.Subscription)
	c.enlist()
}

func (e Resubscribed) fold(c *Center, _ Instant) {
	*c.subscriptions.byID[e.Subscription.ID] = e.Subscription
	c.enlist()
}

func (e Unsubscribed) fold(c *Center, _ Instant) {
	delete(c.subscriptions.byID, e.Subscription.ID)
	c.subscriptions.all = slices.DeleteFunc(c.subscriptions.all, func(s *Subscription) bool { return s.ID == e.Subscription.ID })
	c.enlist()
}

// enlist finds out anew who wants which event. The lists are new each time: Due hands them out.
func (c *Center) enlist() {
	c.subscribers = make(map[string][]Subscription, len(Events))
	for _, s := range c.subscriptions.all {
		for _, event := range s.Events {
			c.subscribers[event] = append(c.subscribers[event], *s)
		}
	}
}

// Subscribe makes a subscription, of which Number is the centre's to give, and so is the ID when it is empty. A profile or
// security with nothing but an id is one that exists; any other is made, with an id of the centre's when it has none.
func (c *Center) Subscribe(s Subscription) (Subscription, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	if s.ID == "" {
		s.ID = c.uuid()
	}
	if c.subscriptions.byID[s.ID] != nil {
		return s, invalid("subscriptionId", "there is a subscription with this id already")
	}
	if err := c.settle(&s); err != nil {
		return s, err
	}
	s.Number = next(&c.turns.subscription) + 1
	c.commit(c.now(), Subscribed{s})
	return s, nil
}

// Resubscribe puts a subscription in the place of the one with its id.
func (c *Center) Resubscribe(s Subscription) (Subscription, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	old := c.subscriptions.byID[s.ID]
	if old == nil {
		return s, notFound("subscription")
	}
	if err := c.settle(&s); err != nil {
		return s, err
	}
	s.Number = old.Number
	c.commit(c.now(), Resubscribed{s})
	return s, nil
}

// settle checks a subscription's events and finds or makes its profile.
func (c *Center) settle(s *Subscription) error {
	if len(s.Events) == 0 {
		return invalid("events", "expected one or more")
	}
	for _, event := range s.Events {
		if err := oneOf("event", event, Events); err != nil {
			return err
		}
	}
	s.Events = slices.Compact(slices.Sorted(slices.Values(s.Events)))
	profile, err := c.profile(s.Profile)
	s.Profile = profile
	return err
}

func (c *Center) profile(p Profile) (Profile, error) {
	known := c.profiles.byID[p.ID]
	switch {
	case p.URL == "" && p.Security == nil && known != nil:
		return *known, nil
	case p.URL == "" && p.ID != "" && known == nil:
		return p, invalid("profile", "there is none with this id, and no webhook to make one of")
	case p.URL == "":
		return p, invalid("profile", "expected an id, or a webhook with a URL")
	case known != nil:
		return p, invalid("profile", "there is one with this id already: name it alone")
	}
	if p.Security != nil {
		security, err := c.security(*p.Security)
		if err != nil {
			return p, err
		}
		p.Security = &security
	}
	if p.ID == "" {
		p.ID = fmt.Sprintf("profile-%d", next(&c.turns.inline)+1)
	}
	c.commit(c.now(), ProfileMade{p})
	return p, nil
}

func (c *Center) security(s Security) (Security, error) {
	known := c.securities.byID[s.ID]
	switch {
	case s.Type == "" && known != nil:
		return *known, nil
	case s.Type == "":
		return s, invalid("security", "expected the id of one that exists, or a type")
	case known != nil:
		return s, invalid("security", "there is one with this id already: name it alone")
	case s.Type == Basic && (s.Username == "" || strings.Contains(s.Username, ":")):
		return s, invalid("security", "BASIC wants a username without a colon")
	case s.Type == HMAC && s.Secret == "":
		return s, invalid("security", "HMAC wants a secret")
	case s.Type != Basic && s.Type != HMAC:
		return s, invalid("security", "expected BASIC or HMAC")
	}
	if s.ID == "" {
		s.ID = fmt.Sprintf("security-%d", next(&c.turns.inline)+1)
	}
	c.commit(c.now(), SecurityMade{s})
	return s, nil
}

// AddProfile makes a profile for subscriptions to name.
func (c *Center) AddProfile(p Profile) (Profile, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	return c.profile(p)
}

// AddSecurity makes a security for profiles to name.
func (c *Center) AddSecurity(s Security) (Security, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	return c.security(s)
}

// Unsubscribe ends a subscription.
func (c *Center) Unsubscribe(id string) error {
	c.writer.Lock()
	defer c.writer.Unlock()
	s := c.subscriptions.byID[id]
	if s == nil {
		return notFound("subscription")
	}
	c.commit(c.now(), Unsubscribed{*s})
	return nil
}

// UnsubscribeURL ends all subscriptions that deliver to a URL: ErrNotFound when none does.
func (c *Center) UnsubscribeURL(url string) error {
	c.writer.Lock()
	defer c.writer.Unlock()
	ended := 0
	for _, s := range slices.Clone(c.subscriptions.all) {
		if s.Profile.URL == url {
			c.commit(c.now(), Unsubscribed{*s})
			ended++
		}
	}
	if ended == 0 {
		return notFound("subscription")
	}
	return nil
}

// Subscription finds one by its id.
func (c *Center) Subscription(id string) (Subscription, error) {
	return find(c, &c.subscriptions, "subscription", id)
}

// Subscriptions are a page of all, and how many there are.
func (c *Center) Subscriptions(p Page) ([]Subscription, int) { return page(c, &c.subscriptions, p) }

// Profiles are a page of all, and how many there are.
func (c *Center) Profiles(p Page) ([]Profile, int) { return page(c, &c.profiles, p) }

// Securities are a page of all, and how many there are.
func (c *Center) Securities(p Page) ([]Security, int) { return page(c, &c.securities, p) }
