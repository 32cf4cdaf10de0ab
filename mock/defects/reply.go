package defects

import (
	"net/http"
	"slices"

	"github.com/parley-contracts/parley/openapi/check"
)

// The kinds of wrong effects.
const (
	LeftOut   Kind = "effect-left-out"
	Twice     Kind = "effect-twice"
	Elsewhere Kind = "effect-elsewhere" // on something else
	Also      Kind = "effect-elsewhere-too"
	Partial   Kind = "effect-partial"
	Content   Kind = "content-altered"
)

const reply = "reply-to-conversation"

// onGood does otherwise with a call of an operation for what its caller was told of, as is good.
func onGood(op string, f func(*call) *answer) play {
	return func(m *memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			real, _ := m.knows(c.id)
			if c.op != op || c.wrong || c.id != "" && !real || c.token() == "" {
				return nil
			}
			if t, _ := m.issued(c.token()); t.expired {
				return nil
			}
			return f(c)
		}}
	}
}

// onMain is onGood for what the main account asks for.
func onMain(op string, f func(*call) *answer) play {
	return onGood(op, func(c *call) *answer {
		if c.caller() != c.memory.keys.Token {
			return nil
		}
		return f(c)
	})
}

// replies does otherwise with replies than the contract has it.
func replies(*check.Contract) []Defect {
	said := func(c *call) bool { return text(c.fields(), "content") != "" }
	instead := func(f func(*call) *answer) play {
		return onMain(reply, func(c *call) *answer {
			if !said(c) {
				return nil
			}
			return f(c)
		})
	}
	all := []Defect{
		defect(LeftOut, reply+"/found", "not-stored", "A reply is answered and not stored.",
			instead(func(*call) *answer { return example(reply) })).
			with("what was not done has no effects", reply+"/mode"),
		defect(Value, reply+"/found", "other-id", "message_id is no message's.",
			onAnswers(reply, func(_ *call, a *answer) { v := a.value(); put(v, "message_id", false, "msg_nobody"); a.set(v) })),
		defect(Elsewhere, reply+"/found", "elsewhere", "A reply is stored in another conversation.", instead(func(c *call) *answer {
			if near := c.memory.neighbours(c.id); len(near) > 0 {
				c.at(near[0])
			}
			return c.send()
		})).with("its effects are elsewhere, too", reply+"/mode", reply+"/elsewhere"),
		defect(Twice, reply+"/once", "twice", "A reply is stored twice.", instead(func(c *call) *answer {
			c.again().send()
			return c.send()
		})),
		defect(Twice, reply+"/once", "acknowledged", "A reply adds a message of its own that says so.", instead(func(c *call) *answer {
			c.again().set("content", "Your message was sent.").send()
			return c.send()
		})),
		defect(Also, reply+"/elsewhere", "copied", "A reply is stored in another conversation, too.", instead(func(c *call) *answer {
			if near := c.memory.neighbours(c.id); len(near) > 0 {
				c.again().at(near[0]).send()
			}
			return c.send()
		})),
		defect(Also, reply+"/elsewhere", "broadcast", "A reply is stored in every conversation of the agent.", instead(func(c *call) *answer {
			for _, id := range head(c.memory.neighbours(c.id), 12) {
				c.again().at(id).send()
			}
			return c.send()
		})),
		defect(Broken, reply+"/closed", "500", "A reply to a closed conversation is answered 500.", onGood(reply, func(c *call) *answer {
			a := c.send()
			if c.memory.isClosed(c.id) {
				return refusal(http.StatusInternalServerError)
			}
			return a
		})),
		defect(Partial, reply+"/mode", "kept", "A reply leaves the conversation's mode as it was.", shown(func(m *memory, id string, i map[string]any) {
			if m.replied(id) {
				i["response_mode"] = "ai"
			}
		})),
		defect(Also, reply+"/elsewhere", "mode-of-one", "A reply switches the mode of another conversation, too.", shown(func(m *memory, id string, i map[string]any) {
			if near := m.neighbours(m.firstReply()); len(near) > 0 && near[0] == id {
				i["response_mode"] = other(text(i, "response_mode"))
			}
		})),
		defect(Also, reply+"/elsewhere", "mode-of-all", "A reply switches the mode of every conversation of the agent.", shown(func(m *memory, _ string, i map[string]any) {
			if m.firstReply() != "" {
				i["response_mode"] = "human"
			}
		})),
	}
	for _, f := range []struct {
		requirement, done, sentence string
		field                       string
		value                       any
	}{
		{"type", "guest", "A reply is a message of type guest.", "type", "guest"},
		{"responder", "ai", "A reply's responder_type is ai.", "responder_type", "ai"},
		{"responder", "null", "A reply's responder_type is null.", "responder_type", nil},
	} {
		all = append(all, defect(Value, reply+"/"+f.requirement, f.done, f.sentence, onPage("find-messages", always, func(c *call, items []map[string]any) []map[string]any {
			for _, i := range items {
				if c.memory.isReply(text(i, "id"), text(i, "uuid")) {
					i[f.field] = f.value
				}
			}
			return items
		})))
	}
	for _, a := range alterations() {
		all = append(all, defect(Content, reply+"/"+a.requirement, a.done, "A reply's text "+a.sentence+".", instead(func(c *call) *answer {
			return c.set("content", a.change(text(c.fields(), "content"))).send()
		})))
		all[len(all)-1] = all[len(all)-1].with("a long text is a text, too", reply+"/long")
	}
	return all
}

func other(mode string) string {
	if mode == "ai" {
		return "human"
	}
	return "ai"
}

func head[T any](all []T, n int) []T { return all[:max(0, min(n, len(all)))] }

// shown alters conversations as the lists show them.
func shown(change func(m *memory, id string, item map[string]any)) play {
	return onPage("list-conversations", always, func(c *call, items []map[string]any) []map[string]any {
		for _, i := range items {
			change(c.memory, text(i, "uuid"), i)
		}
		return items
	})
}

func (m *memory) isClosed(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed[id]
}

func (m *memory) replied(conversation string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.replies, func(r said) bool { return r.conversation == conversation })
}

func (m *memory) firstReply() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.replies) == 0 {
		return ""
	}
	return m.replies[0].conversation
}

func (m *memory) isReply(ids ...string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.replies, func(r said) bool { return slices.Contains(ids, r.message) })
}
