package defects

import (
	"net/http"
	"slices"

	"github.com/parley-contracts/parley/openapi/check"
)

// subscriptions does otherwise with subscribing and unsubscribing than the contract has it.
func subscriptions(*check.Contract) []Defect {
	return []Defect{
		defect(LeftOut, "deliveries/new-conversation", "not-subscribed", "A subscription is answered and forgotten.", forgotten("new_conversation")),
		defect(LeftOut, "deliveries/human-handoff-required", "not-subscribed", "A subscription to handoffs is answered and forgotten.", forgotten("human_handoff_required")),
		defect(Value, "unsubscribe/served", "other-id", "The id of a subscription is not the one that unsubscribe takes.",
			onAnswers("subscribe", func(_ *call, a *answer) { v := a.value(); put(v, "data.id", false, "whk_other"); a.set(v) })),
		defect(Also, "deliveries/only-agent", "all-agents", "A subscription gets the events of every agent.", subscribedToo(func(m *memory, h hook) []hook {
			var more []hook
			for _, p := range m.placesOf(h.token) {
				if p.agent != h.agent {
					more = append(more, hook{organization: p.organization, agent: p.agent, event: h.event})
				}
			}
			return more
		})),
		defect(Also, "deliveries/only-event", "both-events", "A subscription gets both events.", subscribedToo(func(_ *memory, h hook) []hook {
			event := "new_conversation"
			if h.event == event {
				event = "human_handoff_required"
			}
			return []hook{{organization: h.organization, agent: h.agent, event: event}}
		})),
		defect(LeftOut, "unsubscribe/stops", "kept", "Unsubscribing is answered and removes nothing.", func(m *memory) behaviour {
			gone := map[string]bool{}
			return onMain("unsubscribe", func(c *call) *answer {
				var before bool
				m.do(func() { before, gone[c.id] = gone[c.id], true })
				if before {
					return refusal(http.StatusNotFound)
				}
				if !m.owns(c.id, c.caller()) {
					return nil
				}
				return example("unsubscribe")
			})(m)
		}).with("what was not removed goes on altogether", "unsubscribe/stops-retries"),
		defect(Twice, "unsubscribe/twice", "200", "Unsubscribing a second time is answered as the first time.", onMain("unsubscribe", func(c *call) *answer {
			a := c.send()
			if a.status == http.StatusNotFound && c.memory.wasRemoved(c.id, c.caller()) {
				return example("unsubscribe")
			}
			return a
		})),
		defect(Broken, "unsubscribe/twice", "500", "Unsubscribing a second time is answered 500.", onMain("unsubscribe", func(c *call) *answer {
			a := c.send()
			if a.status == http.StatusNotFound && c.memory.wasRemoved(c.id, c.caller()) {
				return refusal(http.StatusInternalServerError)
			}
			return a
		})),
		defect(Also, "unsubscribe/others-go-on", "all", "Unsubscribing removes all subscriptions of the account.", onMain("unsubscribe", func(c *call) *answer {
			a := c.send()
			if a.ok() {
				for _, h := range c.memory.hooksOf(func(h hook) bool { return h.token == c.caller() }) {
					c.again().at(h.id).send()
				}
			}
			return a
		})),
		defect(Also, "unsubscribe/others-go-on", "same", "Unsubscribing removes the other subscriptions for the agent and event, too.", onMain("unsubscribe", func(c *call) *answer {
			mine := c.memory.hooksOf(func(h hook) bool { return h.id == c.id })
			a := c.send()
			if a.ok() && len(mine) > 0 {
				for _, h := range c.memory.hooksOf(func(h hook) bool { return h.agent == mine[0].agent && h.event == mine[0].event }) {
					c.again().at(h.id).send()
				}
			}
			return a
		})),
		defect(Value, "transport/secret-shown-once", "unsubscribe", "The answer to unsubscribing shows the secret.", func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				if c.op != "unsubscribe" || c.wrong {
					return nil
				}
				a := c.send()
				for _, secret := range m.secrets() {
					if fields := a.fields(); a.ok() && fields != nil {
						fields["secret"] = secret
						a.set(fields)
					}
				}
				return a
			}}
		}),
		defect(Value, "transport/secret-shown-once", "subscribe", "The answer to a further subscribing shows the secrets before.", func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				if c.op != "subscribe" || c.wrong {
					return nil
				}
				before := m.secrets()
				a := c.send()
				if fields := a.fields(); a.ok() && fields != nil && len(before) > 0 {
					fields["earlier"] = before
					a.set(fields)
				}
				return a
			}}
		}),
		defect(Value, "transport/secret-shown-once", "delivery", "A delivery shows the secret.",
			onDeliveries("", func(d *delivery) { d.edit(func(p map[string]any) { p["secret"] = d.hook.secret }) })),
	}
}

// forgotten answers a subscription to an event with an id that only unsubscribing takes.
func forgotten(event string) play {
	return func(m *memory) behaviour {
		made := map[string]bool{}
		return behaviour{call: func(c *call) *answer {
			switch {
			case c.op == "unsubscribe" && !c.wrong && c.caller() == m.keys.Token:
				var was bool
				m.do(func() { was = made[c.id]; delete(made, c.id) })
				if was {
					return example("unsubscribe")
				}
			case c.op == "subscribe" && !c.wrong && text(c.fields(), "event") == event:
				a := c.send()
				if !a.ok() || c.caller() != m.keys.Token {
					return a
				}
				id := text(object(a.value(), "data"), "id")
				c.again().unsubscribe(id)
				m.do(func() { made[id] = true })
				return a
			}
			return nil
		}}
	}
}

// unsubscribe asks for a subscription to be removed, whatever the call was for.
func (c *call) unsubscribe(id string) *answer {
	c.op, c.method, c.id, c.body, c.query = "unsubscribe", http.MethodDelete, id, nil, nil
	c.path = replaceLast(c.path, "subscribe", "unsubscribe") + "/" + id
	return c.send()
}

// subscribedToo subscribes to more than was asked for, with the same URL, and takes it away with it.
func subscribedToo(more func(*memory, hook) []hook) play {
	return func(m *memory) behaviour {
		with := map[string][]string{}
		// What comes by the further ones is signed as its receiver expects.
		deliver := func(d *delivery) (*http.Response, error) {
			if first := m.hooksOf(func(h hook) bool { return h.url == d.url }); len(first) > 0 {
				d.hook = first[0]
			}
			return d.send()
		}
		return behaviour{deliver: deliver, call: func(c *call) *answer {
			switch {
			case c.op == "subscribe" && !c.wrong && c.caller() == m.keys.Token:
				a := c.send()
				if !a.ok() {
					return a
				}
				id := text(object(a.value(), "data"), "id")
				mine := m.hooksOf(func(h hook) bool { return h.id == id })
				for _, extra := range more(m, mine[0]) {
					further := c.again().set("organization_uuid", extra.organization).set("agent_uuid", extra.agent).set("event", extra.event).send()
					m.do(func() { with[id] = append(with[id], text(object(further.value(), "data"), "id")) })
				}
				return a
			case c.op == "unsubscribe" && !c.wrong && c.caller() == m.keys.Token:
				var ids []string
				m.do(func() { ids = with[c.id] })
				for _, id := range ids {
					c.again().at(id).send()
				}
			}
			return nil
		}}
	}
}

func (m *memory) placesOf(token string) []place {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.places), func(p place) bool { return p.token != token })
}

func (m *memory) owns(subscription, token string) bool {
	return len(m.hooksOf(func(h hook) bool { return h.id == subscription && h.token == token })) > 0
}

func (m *memory) wasRemoved(subscription, token string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.hooks, func(h *hook) bool { return h.id == subscription && h.token == token && h.removed })
}

func (m *memory) secrets() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []string
	for _, h := range m.hooks {
		all = append(all, h.secret)
	}
	return all
}
