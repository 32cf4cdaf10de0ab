package desk

import (
	"slices"
	"strconv"

	"github.com/parley-contracts/parley/mock/reading"
)

// Subscription asks for an event of an agent to be delivered. Two that ask for the same are two, or as the world reads
// it (AL-100).
type Subscription struct {
	ID           string
	Secret       string // whsec_…, what deliveries are signed with
	Account      string // who made it
	Organization string
	Agent        string
	Event        string // NewConversation or HumanHandoffRequired
	TargetURL    string
	ExternalID   string // the caller's own, may be empty
}

// topic is what subscriptions have in common that get the same deliveries.
type topic struct{ agent, event string }

func (c Subscribed) fold(d *Desk, _ Instant) {
	s := c.Subscription
	d.subscriptions[s.ID] = &s
	t := topic{s.Agent, s.Event}
	// A new slice each time: Due hands them out.
	d.subscribers[t] = append(slices.Clip(d.subscribers[t]), s)
}

func (c Unsubscribed) fold(d *Desk, _ Instant) {
	s := c.Subscription
	delete(d.subscriptions, s.ID)
	t := topic{s.Agent, s.Event}
	d.subscribers[t] = slices.DeleteFunc(slices.Clone(d.subscribers[t]), func(o Subscription) bool { return o.ID == s.ID })
}

// Subscribe makes a subscription, of which ID and Secret are the desk's to give. An organization or agent that the account
// cannot see is ErrNotFound; an agent of another organization, or an unknown event, is ErrInvalid.
func (d *Desk) Subscribe(s Subscription) (Subscription, error) {
	d.writer.Lock()
	defer d.writer.Unlock()
	o := d.organizations[s.Organization]
	if o == nil {
		return s, notFound("organization")
	}
	if !d.member(s.Account, o) {
		return s, d.foreign("organization")
	}
	if _, err := d.agentFor(s.Account, s.Agent); err != nil {
		return s, err
	}
	if _, err := d.agentOf(s.Organization, s.Agent); err != nil {
		return s, err
	}
	if err := known(s.Event); err != nil {
		return s, err
	}
	if same, found := d.twin(s); found {
		switch {
		case d.readings.Has(reading.DuplicateSame):
			return same, nil
		case d.readings.Has(reading.DuplicateRefused):
			return s, &Error{Kind: ErrConflict, Subject: "webhook subscription", Reason: "there is one like it"}
		}
	}
	n := next(&d.numbers.subscription)
	s.ID, s.Secret = d.ids.id(aSubscription, n), d.ids.secret(n)
	d.commit(d.now(), Subscribed{s})
	return s, nil
}

// twin is a subscription that asks for the same (AL-100).
func (d *Desk) twin(s Subscription) (Subscription, bool) {
	for _, other := range d.subscribers[topic{s.Agent, s.Event}] {
		if other.Account == s.Account && other.TargetURL == s.TargetURL {
			return other, true
		}
	}
	return Subscription{}, false
}

// Unsubscribe ends a subscription that the account made; any other is ErrNotFound.
func (d *Desk) Unsubscribe(account, id string) error {
	d.writer.Lock()
	defer d.writer.Unlock()
	s := d.subscriptions[id]
	if s == nil {
		return notFound("webhook subscription")
	}
	if s.Account != account {
		return d.foreign("webhook subscription")
	}
	d.commit(d.now(), Unsubscribed{*s})
	return nil
}

// agentOf is an agent within the organization that is said to have it.
func (d *Desk) agentOf(organization, id string) (*agent, error) {
	o, a := d.organizations[organization], d.agents[id]
	switch {
	case o == nil:
		return nil, notFound("organization")
	case a == nil:
		return nil, notFound("agent")
	case a.organization != o:
		return nil, &Error{Kind: ErrInvalid, Subject: "agent", Reason: "it belongs to another organization"}
	}
	return a, nil
}

func known(event string) error {
	if event == NewConversation || event == HumanHandoffRequired {
		return nil
	}
	return &Error{
		Kind: ErrInvalid, Subject: "event",
		Reason: "expected " + NewConversation + " or " + HumanHandoffRequired + ", got " + strconv.Quote(event),
	}
}
