package defects

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/openapi/check"
)

// Story is the kind of events that contradict each other: each is of its shape, and what they tell together is not.
const Story Kind = "event-against-event"

const (
	created         = "CONVERSATION_CREATED"
	statusUpdated   = "CONVERSATION_STATUS_UPDATED"
	assigneeUpdated = "CONVERSATION_ASSIGNMENT_UPDATED"
	received        = "INBOUND_MESSAGE"
)

// stories breaks what events of one conversation or message tell of each other.
func stories(*check.Contract) []Defect {
	return append(append(beginnings(), changes()...), postings()...)
}

func beginnings() []Defect {
	begin := subjectOf(created)
	return []Defect{
		story(begin+"/once", "twice", "A conversation begins once more, a millisecond earlier.", func(d *delivery, _ *told) (*http.Response, error) {
			if d.event() == created {
				before := d.copy()
				before.shift("timestamp", -time.Millisecond)
				before.spend()
			}
			return d.send()
		}),
		edited(begin+"/last-message", "none", "A conversation that a message began has no last message when it begins.", func(d *delivery, _ *told) {
			switch d.event() {
			case created:
				d.payload()["lastMessage"] = nil
			case received:
				d.shift("message.createdAt", -time.Second)
			}
		}),
		story(begin+"/no-status-event", "told", "That a conversation begins fires an event of its status, too.", func(d *delivery, _ *told) (*http.Response, error) {
			response, err := d.send()
			if d.event() == created {
				also := d.copy()
				p := also.payload()
				also.fields = map[string]any{"type": statusUpdated, "payload": map[string]any{
					"id": p["id"], "status": p["status"], "lastMessage": p["lastMessage"], "timestamp": p["timestamp"],
				}}
				also.shift("timestamp", time.Millisecond)
				also.spend()
			}
			return response, err
		}),
	}
}

// changes are of the two events that tell what a conversation has become.
func changes() []Defect {
	var all []Defect
	for _, event := range []string{statusUpdated, assigneeUpdated} {
		subject := subjectOf(event)
		of := func(change func(d *delivery, t *told)) func(*delivery, *told) {
			return func(d *delivery, t *told) {
				if d.event() == event {
					change(d, t)
				}
			}
		}
		all = append(all,
			story(subject+"/changed", "again", "What "+event+" tells is told again, a millisecond later.", func(d *delivery, _ *told) (*http.Response, error) {
				response, err := d.send()
				if d.event() == event {
					again := d.copy()
					again.shift("timestamp", time.Millisecond)
					again.spend()
				}
				return response, err
			}),
			edited(subject+"/own-time", "creation", "The time of "+event+" is that at which the conversation began.", of(func(d *delivery, t *told) {
				if began, known := t.began[text(d.payload(), "id")]; known {
					d.payload()["timestamp"] = began
				}
			})).with("the beginning's time is before that of whatever came since", "conversation/times-forward"),
			edited(subject+"/not-before-creation", "early", "The time of "+event+" is an hour before the conversation began.", of(func(d *delivery, t *told) {
				if began, known := t.began[text(d.payload(), "id")]; known {
					d.payload()["timestamp"] = began
					d.shift("timestamp", -time.Hour)
				}
			})).with("a time before the beginning is not later than that, nor later than what came since", subject+"/own-time", "conversation/times-forward").
				with("in order of time the events are others' neighbours", subjectOf(statusUpdated)+"/changed", subjectOf(assigneeUpdated)+"/changed", subjectOf(created)+"/no-status-event"),
			edited(subject+"/last-message", "none", "After "+event+" a conversation with messages has no last message.", of(func(d *delivery, _ *told) {
				d.payload()["lastMessage"] = nil
			})),
			edited("conversation/times-forward", "back-"+subject, "The time of "+event+" is before that of the conversation's event before it.", of(func(d *delivery, t *told) {
				id := text(d.payload(), "id")
				if last := t.latest[id]; last != "" && last != t.began[id] {
					d.payload()["timestamp"] = last
					d.shift("timestamp", -time.Millisecond)
				}
			})).with("in order of time the events are others' neighbours", subjectOf(statusUpdated)+"/changed", subjectOf(assigneeUpdated)+"/changed"),
		)
	}
	return all
}

const (
	otherMessage      = "1f0c3c58-5d5e-4c1b-9f6e-2b7c9d1a0e44"
	otherConversation = "7d1e2b9a-6a40-4d29-8f3b-5c0e9b7a1d22"
)

// postings are of messages that come in, change and go.
func postings() []Defect {
	const message = "payload.message."
	all := []Defect{
		story(subjectOf(received)+"/once", "twice", "A message comes in twice, the second time as one that is a millisecond older.", func(d *delivery, _ *told) (*http.Response, error) {
			response, err := d.send()
			if d.event() == received {
				again := d.copy()
				again.shift("message.createdAt", -time.Millisecond)
				again.spend()
			}
			return response, err
		}),
	}
	for _, event := range []string{received, "INBOUND_MESSAGE_UPDATED", "INBOUND_MESSAGE_DELETED"} {
		subject := subjectOf(event)
		of := func(requirement, done, sentence string, change func(d *delivery)) Defect {
			return edited(subject+"/"+requirement, done, fmt.Sprintf("Deliveries of %s: %s.", event, sentence), func(d *delivery, _ *told) {
				if d.event() == event {
					change(d)
				}
			})
		}
		all = append(all,
			of("updated-at", "millisecond", "`createdAt` is a millisecond after `updatedAt`", func(d *delivery) {
				put(any(d.fields), message+"createdAt", false, text(object(d.payload(), "message"), "updatedAt"))
				d.shift("message.createdAt", time.Millisecond)
			}),
			of("updated-at", "day", "`updatedAt` is a day before `createdAt`", func(d *delivery) {
				put(any(d.fields), message+"updatedAt", false, text(object(d.payload(), "message"), "createdAt"))
				d.shift("message.updatedAt", -24*time.Hour)
			}),
			of("one-message-id", "two", "`messageid` is another than `messageId`", func(d *delivery) {
				put(any(d.fields), message+"messageId", true, cmp.Or(text(object(d.payload(), "message"), "messageId"), otherConversation))
				put(any(d.fields), message+"messageid", true, otherMessage)
			}),
		)
		if !editing(event) {
			continue
		}
		all[len(all)-2] = all[len(all)-2].with("the day before is before it came in, too", subject+"/not-before-receipt")
		all = append(all,
			of("same-message-id", "another", "`messageId` is another than the one that the message came in with", func(d *delivery) {
				put(any(d.fields), message+"messageId", true, otherMessage)
			}),
			of("same-conversation", "another", "the message is in another conversation", func(d *delivery) {
				put(any(d.fields), message+"conversationId", false, otherConversation)
			}),
			of("not-before-receipt", "early", "the message is an hour older than when it came in", func(d *delivery) {
				d.shift("message.createdAt", -time.Hour)
				d.shift("message.updatedAt", -time.Hour)
			}),
			anyChannel(event),
		)
	}
	return all
}

// anyChannel has the event on a channel that knows no such thing, where somebody asks for that.
func anyChannel(event string) Defect {
	return defect(Payload, subjectOf(event)+"/field:payload.message.channel", "any-channel", event+" is delivered of WhatsApp, too.", func(m *memory) behaviour {
		asked := false
		return behaviour{
			call: func(c *call) *answer {
				if c.op == "driver/provoke" && text(c.fields(), "event") == event && text(c.fields(), "channel") == "WHATSAPP" {
					m.do(func() { asked = true })
					c.set("channel", "FACEBOOK_POST")
				}
				return nil
			},
			deliver: func(d *delivery) (*http.Response, error) {
				m.do(func() {
					if asked && d.event() == event {
						asked = false
						d.edit(func(p map[string]any) { put(any(p), "payload.message.channel", false, "WHATSAPP") })
					}
				})
				return d.send()
			},
		}
	})
}
