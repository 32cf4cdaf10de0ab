package defects

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// The kinds of wrong deliveries.
const (
	Undelivered Kind = "delivery-left-out"
	Transport   Kind = "delivery-transport"
	Payload     Kind = "delivery-payload"
	Signature   Kind = "delivery-signature"
	Retry       Kind = "delivery-retry"
)

// deliveries breaks what holds for every delivery.
func deliveries(*check.Contract) []Defect {
	var all []Defect
	add := func(kind Kind, id, done, sentence string, p play) {
		all = append(all, defect(kind, "deliveries/"+id, done, sentence, p))
	}
	change := func(kind Kind, id, done, sentence string, f func(*delivery)) {
		add(kind, id, done, sentence, onDeliveries("", f))
	}
	set := func(id, done, sentence, path string, value func(*delivery) any) {
		change(Payload, id, done, sentence, func(d *delivery) {
			d.edit(func(p map[string]any) { put(any(p), path, false, value(d)) })
		})
	}
	text := func(s string) func(*delivery) any { return func(*delivery) any { return s } }

	for _, event := range []string{"new_conversation", "human_handoff_required"} {
		add(Undelivered, strings.ReplaceAll(event, "_", "-"), "lost", "Nothing is delivered of "+event+".", delivering(func(d *delivery) (*http.Response, error) {
			if d.event() == event {
				return d.taken(http.StatusOK)
			}
			return d.send()
		}))
	}
	add(Undelivered, "every-subscription", "last", "Of several subscriptions for an agent and new_conversation, the last does not get it.", func(m *memory) behaviour {
		return behaviour{deliver: func(d *delivery) (*http.Response, error) {
			like := m.hooksOf(func(h hook) bool { return h.agent == d.hook.agent && h.event == d.hook.event })
			if len(like) > 1 && like[len(like)-1].url == d.url && d.event() == "new_conversation" {
				return d.taken(http.StatusOK)
			}
			return d.send()
		}}
	})
	for _, method := range []string{"GET", "PUT", "PATCH"} {
		change(Transport, "post", method, "A delivery is a "+method+".", func(d *delivery) { d.method = method })
	}
	change(Transport, "json", "form", "A delivery is a form.", func(d *delivery) {
		d.header.Set("Content-Type", "application/x-www-form-urlencoded")
		d.body = []byte(url.Values{"payload": {string(d.body)}}.Encode())
	})
	change(Transport, "json", "text", "A delivery says that it is text.", func(d *delivery) { d.header.Set("Content-Type", "text/plain") })
	change(Transport, "json", "none", "A delivery does not say what it is.", func(d *delivery) { d.header.Del("Content-Type") })

	set("conversation", "another", "A delivery names another conversation of the agent.", "data.conversation.uuid", func(d *delivery) any {
		for _, id := range d.memory.neighbours(textAt(d, "conversation")) {
			return id
		}
		return "conv_nobody"
	})
	set("conversation", "nobody", "A delivery names a conversation that nobody has.", "data.conversation.uuid", text("conv_nobody"))
	set("agent", "another", "A delivery names another agent.", "data.agent.uuid", func(d *delivery) any {
		if p, ok := d.memory.otherAgent(d.hook.agent, d.hook.token, false); ok {
			return p.agent
		}
		return "agt_nobody"
	})
	set("agent", "organization", "A delivery names another organization.", "data.organization.uuid", func(d *delivery) any {
		if o, ok := d.memory.otherOrganization(d.hook.organization, d.hook.token); ok {
			return o
		}
		return "org_nobody"
	})
	for _, m := range []string{"initial_message", "last_message"} {
		set("message", m+"-id", "The "+m+" of a delivery has an id that no message has.", "data."+m+".uuid", text("msg_nobody"))
		set("message", m+"-content", "The "+m+" of a delivery has another content.", "data."+m+".content", text("Something else was said."))
		set("message", m+"-type", "The "+m+" of a delivery has another type.", "data."+m+".type", text("agent"))
	}
	add(Payload, "initial-message", "later", "The initial_message of a delivery is a later one of the conversation.", laterMessage)
	set("names", "agent", "A delivery gives the agent another name.", "data.agent.name", text("Somebody Else"))
	set("names", "organization", "A delivery gives the organization another name.", "data.organization.name", text("Some Other Inc"))
	change(Payload, "handoff-mode", "ai", "A handoff is delivered with response_mode ai.", func(d *delivery) {
		if d.event() == "human_handoff_required" {
			d.edit(func(p map[string]any) { put(any(p), "data.conversation.response_mode", false, "ai") })
		}
	})
	set("unique-id", "one-for-all", "All events have one id.", "id", text("evt_1"))
	change(Signature, "signature", "unsigned", "Deliveries are not signed.", func(d *delivery) {
		for _, name := range []string{webhook.HeaderID, webhook.HeaderTimestamp, webhook.HeaderSignature, "Signature"} {
			d.header.Del(name)
		}
		d.unsigned = true
	})
	change(Signature, "signature", "other-secret", "Deliveries are signed with another secret.", func(d *delivery) {
		d.sign(webhook.NewSecret([]byte("another secret of 32 bytes, no more")))
		d.unsigned = true
	})
	change(Signature, "signature", "other-body", "Deliveries are signed before they are written down anew.", func(d *delivery) {
		d.unsigned = true
		d.edit(func(p map[string]any) { p["signed"] = true })
	})
	change(Signature, "signature", "other-time", "The timestamp that is signed is not the one that is sent.", func(d *delivery) {
		d.unsigned = true
		d.header.Set(webhook.HeaderTimestamp, "1700000000")
	})
	return all
}

// laterMessage has a conversation replied to when its start is to be delivered, and shows the reply.
func laterMessage(m *memory) behaviour {
	var known *call // a call of the main account's, to make others of
	return behaviour{
		call: func(c *call) *answer {
			if c.op == "list-organizations" && !c.wrong && c.token() == m.keys.Token {
				m.do(func() { known = c.again() })
			}
			return nil
		},
		deliver: func(d *delivery) (*http.Response, error) {
			var reply *call
			m.do(func() { reply = known })
			id := textAt(d, "conversation")
			if d.event() != "new_conversation" || reply == nil || d.hook.token != m.keys.Token {
				return d.send()
			}
			if _, before := m.replyTo(id); !before {
				reply = reply.again()
				reply.op, reply.method, reply.id, reply.query = "reply-to-conversation", http.MethodPost, id, nil
				reply.path = strings.TrimSuffix(reply.path, "/my/organizations") + "/automation/conversations/" + id + "/reply"
				reply.header.Set("Content-Type", "application/json")
				reply.set("content", "Welcome. Somebody will be with you soon.").send()
			}
			said, _ := m.replyTo(id)
			d.edit(func(p map[string]any) {
				if first := object(object(any(p), "data"), "initial_message"); first != nil {
					first["uuid"], first["content"], first["type"] = said.message, said.content, "agent"
				}
			})
			return d.send()
		},
	}
}

// replyTo is the first reply that a conversation got.
func (m *memory) replyTo(conversation string) (said, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.replies {
		if r.conversation == conversation {
			return r, true
		}
	}
	return said{}, false
}

func textAt(d *delivery, name string) string {
	return text(object(object(decode(d.body), "data"), name), "uuid")
}
