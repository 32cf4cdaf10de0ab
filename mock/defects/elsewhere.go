package defects

import "net/http"

// elsewhere shows what belongs to another agent, organization or conversation.
func elsewhere() []Defect {
	otherAgent := func(op string) play {
		return func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				if c.op != op || c.wrong {
					return nil
				}
				if other, ok := m.otherAgent(c.id, c.caller(), false); ok {
					c.at(other.agent)
				}
				return c.send()
			}}
		}
	}
	return []Defect{
		defect(Foreign, "list-conversations/of-agent", "swapped", "list-conversations shows another agent's conversations.", otherAgent("list-conversations")),
		defect(Foreign, "list-conversations/of-agent", "mixed", "list-conversations shows a conversation of another agent, too.", func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				other, ok := m.otherAgent(c.id, c.caller(), false)
				if c.op != "list-conversations" || c.wrong || !ok {
					return nil
				}
				a := c.send()
				theirs := c.again().at(other.agent)
				theirs.query = map[string][]string{"per_page": {"10"}}
				if i := theirs.send().items(); a.ok() && len(i) > 0 {
					mine := a.items()
					a.setItems(union(mine[:max(0, len(mine)-1)], i[:1]))
				}
				return a
			}}
		}),
		defect(Foreign, "list-conversations/of-agent", "all", "list-conversations shows the conversations of all agents.", func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				other, ok := m.otherAgent(c.id, c.caller(), false)
				if c.op != "list-conversations" || c.wrong || !ok {
					return nil
				}
				a := c.send()
				if theirs := c.again().at(other.agent).send(); a.ok() {
					a.setItems(union(a.items(), theirs.items()))
				}
				return a
			}}
		}),
		defect(Foreign, "recent-sample/of-agent", "swapped", "recent-sample answers samples of another agent.", otherAgent("recent-sample")),
		defect(Foreign, "recent-sample/of-agent", "conversation", "recent-sample answers a conversation of another agent.", func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				other, ok := m.otherAgent(c.id, c.caller(), false)
				if c.op != "recent-sample" || c.wrong || !ok {
					return nil
				}
				a, theirs := c.send(), c.again().at(other.agent).send().items()
				items := a.items()
				if !a.ok() || len(items) < 2 || len(theirs) == 0 {
					return a
				}
				// Not in place of the first, which the other agent's samples have as well.
				object(items[1]["data"], "conversation")["uuid"] = object(theirs[0]["data"], "conversation")["uuid"]
				return a.setItems(items)
			}}
		}),
		defect(Foreign, "recent-sample/one-organization", "another", "Samples name another organization of the account.", func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				if c.op != "recent-sample" || c.wrong {
					return nil
				}
				a := c.send()
				if other, ok := m.otherOrganization(m.home(c.id), c.caller()); ok && a.ok() {
					v := a.value()
					put(v, "data.organization.uuid", false, other)
					a.set(v)
				}
				return a
			}}
		}),
		defect(Foreign, "recent-sample/one-organization", "nobody", "Samples name an organization that nobody has.", onAnswers("recent-sample", func(_ *call, a *answer) {
			v := a.value()
			put(v, "data.organization.uuid", false, "org_nobody")
			a.set(v)
		})),
		defect(Foreign, "list-agents/of-organization", "swapped", "list-agents shows the agents of another organization.", func(m *memory) behaviour {
			home := ""
			return behaviour{call: func(c *call) *answer {
				real, _ := m.knows(c.id)
				if c.op != "list-agents" || c.wrong || !real || c.caller() != m.keys.Token {
					return nil
				}
				m.do(func() {
					if home == "" {
						home = c.id
					}
				})
				return c.at(home).send() // whoever asks gets those of the first that was asked for
			}}
		}),
		defect(Foreign, "find-messages/of-conversation", "swapped", "find-messages finds the messages of another conversation.", func(m *memory) behaviour {
			first := ""
			return behaviour{call: func(c *call) *answer {
				real, _ := m.knows(c.id)
				if c.op != "find-messages" || c.wrong || !real || c.caller() != m.keys.Token {
					return nil
				}
				m.do(func() {
					if first == "" {
						first = c.id
					}
				})
				return c.at(first).send()
			}}
		}),
		defect(Foreign, "find-messages/of-conversation", "mixed", "find-messages finds a message of another conversation, too.", func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				real, _ := m.knows(c.id)
				near := m.neighbours(c.id)
				if c.op != "find-messages" || c.wrong || !real || len(near) == 0 || c.caller() != m.keys.Token {
					return nil
				}
				other := c.again().at(near[len(near)-1])
				other.query = map[string][]string{"per_page": {"10"}}
				a, theirs := c.send(), other.send().items()
				if mine := a.items(); a.status == http.StatusOK && len(theirs) > 0 && len(mine) > 0 {
					theirs[0]["created_at"] = mine[len(mine)-1]["created_at"] // where it is does not give it away
					a.setItems(append(mine[:len(mine)-1], theirs[0]))
				}
				return a
			}}
		}),
	}
}
