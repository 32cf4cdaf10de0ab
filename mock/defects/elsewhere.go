package defects

import "slices"

// elsewhere shows what belongs to another agent, organization or conversation.
func elsewhere() []Defect {
	otherAgent := func(op string) play {
		return func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				real, _ := m.knows(c.id)
				if c.op != op || c.wrong || !real {
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
		defect(Foreign, "list-conversations/of-agent", "swapped", "list-conversations shows another agent's conversations.", otherAgent("list-conversations")).
			with("a conversation of the agent's is not in its list", "close-conversation/closed"),
		defect(Foreign, "list-conversations/of-agent", "mixed", "list-conversations shows a conversation of another agent, too.",
			mixed("list-conversations", func(c *call) string {
				other, _ := c.memory.otherAgent(c.id, c.caller(), false)
				return other.agent
			})),
		defect(Foreign, "list-conversations/of-agent", "all", "list-conversations shows the conversations of all agents.", func(m *memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				other, ok := m.otherAgent(c.id, c.caller(), false)
				if c.op != "list-conversations" || c.wrong || !ok {
					return nil
				}
				a := c.send()
				if theirs := c.again().at(other.agent).send(); a.ok() {
					a.setItems(head(union(a.items(), theirs.items()), c.size(20)))
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
				if c := object(items[1]["data"], "conversation"); c != nil {
					c["uuid"] = object(theirs[0]["data"], "conversation")["uuid"]
				}
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
		}).with("what is looked for in a conversation is not found", "reply-to-conversation/found", "deliveries/message"),
		defect(Foreign, "find-messages/of-conversation", "mixed", "find-messages finds a message of another conversation, too.",
			mixed("find-messages", func(c *call) string {
				if near := c.memory.neighbours(c.id); len(near) > 0 {
					return near[len(near)-1]
				}
				return ""
			})),
	}
}

// mixed shows one item of another id's list in every page that it matches.
func mixed(op string, from func(*call) string) play {
	return func(m *memory) behaviour {
		chosen := map[string]string{} // the item, by the id whose list it is in
		return behaviour{call: func(c *call) *answer {
			real, _ := m.knows(c.id)
			if c.op != op || c.wrong || !real || c.caller() != m.keys.Token {
				return nil
			}
			other := from(c)
			a := c.send()
			if other == "" || !a.ok() {
				return a
			}
			for _, theirs := range c.again().at(other).send().items() {
				mine := false
				m.do(func() {
					if chosen[c.id] == "" {
						chosen[c.id] = key(theirs)
					}
					mine = chosen[c.id] == key(theirs)
				})
				if mine {
					return a.setItems(inOrder(c, a.items(), theirs))
				}
			}
			return a
		}}
	}
}

// inOrder puts an item among others where its time says, the newest first.
func inOrder(c *call, items []map[string]any, more map[string]any) []map[string]any {
	at := len(items)
	for i, item := range items {
		if text(item, "created_at") < text(more, "created_at") {
			at = i
			break
		}
	}
	return head(slices.Insert(items, at, more), c.size(20))
}
