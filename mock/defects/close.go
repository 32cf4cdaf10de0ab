package defects

import (
	"net/http"
	"slices"

	"github.com/parley-contracts/parley/openapi/check"
)

const closing = "close-conversation"

// closes does otherwise with closes than the contract has it.
func closes(*check.Contract) []Defect {
	instead := func(f func(*call) *answer) play {
		return onMain(closing, func(c *call) *answer {
			if text(c.fields(), "platform") != "make" {
				return nil
			}
			return f(c)
		})
	}
	// showing alters the lists that is says so of.
	showing := func(is func(*call) bool, change func(m *memory, items []map[string]any) []map[string]any) play {
		return onPage("list-conversations", is, func(c *call, items []map[string]any) []map[string]any { return change(c.memory, items) })
	}
	without := func(m *memory, items []map[string]any) []map[string]any {
		return slices.DeleteFunc(items, func(i map[string]any) bool { return m.isClosed(text(i, "uuid")) })
	}
	unfiltered := func(c *call) bool { return !c.query.Has("status") }
	return []Defect{
		defect(LeftOut, closing+"/closed", "left-open", "A close is answered and closes nothing.", instead(func(*call) *answer { return example(closing) })),
		defect(Elsewhere, closing+"/closed", "elsewhere", "A close closes another conversation.", instead(func(c *call) *answer {
			if near := c.memory.neighbours(c.id); len(near) > 0 {
				c.at(near[0])
			}
			return c.send()
		})),
		defect(Also, closing+"/elsewhere", "two", "A close closes another conversation, too.", instead(func(c *call) *answer {
			if near := c.memory.open(c.memory.neighbours(c.id)); len(near) > 0 {
				c.again().at(near[0]).send()
			}
			return c.send()
		})),
		defect(Also, closing+"/elsewhere", "several", "A close closes further conversations of the agent.", instead(func(c *call) *answer {
			for _, id := range head(c.memory.open(c.memory.neighbours(c.id)), 4) {
				c.again().at(id).send()
			}
			return c.send()
		})),
		defect(Also, closing+"/elsewhere", "reopens", "A close opens the closed conversations of the agent.", showing(always, func(m *memory, items []map[string]any) []map[string]any {
			for _, i := range items {
				if closed := m.anyClosed(); closed && !m.isClosed(text(i, "uuid")) {
					i["status"] = true
				}
			}
			return items
		})).with("the list of the closed ones shows it, too", "list-conversations/status-closed"),
		defect(Partial, closing+"/closed", "status-kept", "A closed conversation keeps the status true.", showing(always, func(m *memory, items []map[string]any) []map[string]any {
			for _, i := range items {
				if m.isClosed(text(i, "uuid")) {
					i["status"] = true
				}
			}
			return items
		})).with("the list of the closed ones shows it, too", "list-conversations/status-closed"),
		defect(Partial, closing+"/closed", "not-under-closed", "A closed conversation is not listed under status=0.", showing(func(c *call) bool { return c.query.Get("status") == "0" }, without)),
		defect(Partial, closing+"/closed", "removed", "A closed conversation is listed no more.", showing(always, without)),
		defect(Partial, "list-conversations/both-states", "closed-hidden", "A closed conversation is listed under status=0 alone.", showing(unfiltered, without)),
		defect(Partial, closing+"/closed", "still-open", "A closed conversation stays under status=1.", func(m *memory) behaviour {
			kept := map[string]map[string]any{} // the closed ones as the lists showed them
			return behaviour{call: func(c *call) *answer {
				if c.op != "list-conversations" || c.wrong {
					return nil
				}
				a := c.send()
				items := a.items()
				m.do(func() {
					for _, i := range items {
						if m.closed[text(i, "uuid")] {
							kept[text(i, "uuid")] = i
						}
					}
					for _, i := range kept {
						if a.ok() && c.query.Get("status") == "1" {
							items = union(items, []map[string]any{i})
						}
					}
				})
				if a.ok() {
					a.setItems(items)
				}
				return a
			}}
		}),
		defect(Value, closing+"/platform-echoed", "other", "The answer to a close names another platform.",
			onAnswers(closing, func(_ *call, a *answer) { v := a.value(); put(v, "platform", false, "zapier"); a.set(v) })),
		defect(Broken, closing+"/twice", "500", "Closing a closed conversation is answered 500.", instead(func(c *call) *answer {
			if c.memory.isClosed(c.id) {
				return refusal(http.StatusInternalServerError)
			}
			return c.send()
		})),
	}
}

func (m *memory) anyClosed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.closed) > 0
}

// open leaves out the conversations that are closed.
func (m *memory) open(ids []string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(ids, func(id string) bool { return m.closed[id] || m.shut[id] })
}
