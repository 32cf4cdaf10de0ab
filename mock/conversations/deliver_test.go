package conversations_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// What fires which event is under "Webhooks".
var _ = Describe("An event", func() {
	It("tells of a customer who writes for the first time: created, received, and routed to an agent", func() {
		s, c := listening(world.Options{})
		conversation, message, err := s.Center.Receive(center.Inbound{Channel: center.WhatsApp, Content: center.Text("Hi")})
		Expect(err).NotTo(HaveOccurred())
		got := c.take(s)
		Expect(types(got)).To(Equal([]string{"CONVERSATION_CREATED", "INBOUND_MESSAGE", "CONVERSATION_ASSIGNMENT_UPDATED"}))
		created, received, assigned := got[0].Payload, got[1].Payload, got[2].Payload
		Expect(created.ID).To(Equal(conversation))
		Expect(created.Direction).To(Equal("INBOUND"))
		Expect(created.Assignee.ID).To(BeNil())
		Expect(created.LastMessage.From).To(Equal(received.Message.From))
		Expect(created.Timestamp).To(MatchRegexp(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$`))
		Expect(received.Message.ID).To(Equal(message))
		Expect(received.Message.MessageID).To(Equal(message))
		Expect(received.Message.ConversationID).To(Equal(conversation))
		Expect(received.Message.Content.Text).To(Equal("Hi"))
		Expect(received.Authentication).To(BeNil())
		Expect(*assigned.Assignee.ID).NotTo(BeEmpty())
	})

	It("tells of a conversation that an agent begins, and of no message", func() {
		s, c := listening(world.Options{})
		_, err := s.Center.Create(center.Draft{Channel: center.SMS, Message: &center.NewMessage{Direction: center.Outward, Content: center.Text("Hello")}})
		Expect(err).NotTo(HaveOccurred())
		got := c.take(s)
		Expect(types(got)).To(Equal([]string{"CONVERSATION_CREATED"}))
		Expect(got[0].Payload.Direction).To(Equal("OUTBOUND"))
		Expect(got[0].Payload.LastMessage.Direction).To(Equal("OUTBOUND"))
	})

	It("tells of an empty conversation that has no message yet", func() {
		s, c := listening(world.Options{})
		s.call("create-conversation", "POST", "/ccaas/1/conversations", `{"channel":"EMAIL"}`)
		got := c.take(s)
		Expect(types(got)).To(Equal([]string{"CONVERSATION_CREATED"}))
		Expect(string(got[0].body)).To(ContainSubstring(`"lastMessage":null`))
	})

	It("tells of each change of status and assignee, and of nothing that stays as it was", func() {
		s, c := listening(world.Options{})
		begun, err := s.Center.Create(center.Draft{Channel: center.Line})
		Expect(err).NotTo(HaveOccurred())
		path := "/ccaas/1/conversations/" + begun.ID
		for _, status := range []string{"WAITING", "WAITING", "SOLVED", "OPEN"} {
			s.call("patch-conversation", "PATCH", path, `{"status":"`+status+`"}`)
		}
		agents, _ := s.Center.Agents(center.Page{Limit: 2})
		for _, agent := range []string{agents[0].ID, agents[0].ID, agents[1].ID} {
			s.call("assign-conversation", "PUT", path+"/assignee", `{"agentId":"`+agent+`"}`)
		}
		s.call("unassign-conversation", "DELETE", path+"/assignee", "")
		s.call("unassign-conversation", "DELETE", path+"/assignee", "")
		s.call("patch-conversation", "PATCH", path, `{"priority":"URGENT","topic":"Returns","summary":null}`)
		s.call("send-message", "POST", path+"/messages", `{"content":{"text":"Hello"}}`)
		s.call("add-tag", "POST", path+"/tags", `{"name":"vip"}`)
		s.call("update-conversation", "PUT", path, `{"status":"CLOSED","priority":"LOW"}`)
		got := c.take(s)
		Expect(types(got)[1:]).To(Equal(slices.Concat(
			slices.Repeat([]string{"CONVERSATION_STATUS_UPDATED"}, 3),
			slices.Repeat([]string{"CONVERSATION_ASSIGNMENT_UPDATED"}, 3),
			[]string{"CONVERSATION_STATUS_UPDATED"})))
		Expect(got[1].Payload.Status).To(Equal("WAITING"))
		Expect(*got[5].Payload.Assignee.ID).To(Equal(agents[1].ID))
		Expect(string(got[6].body)).To(ContainSubstring(`"assignee":{"id":null}`))
		Expect(got[7].Payload.Status).To(Equal("CLOSED"))
	})

	It("tells of a message in a conversation that waits, which is open then", func() {
		s, c := listening(world.Options{})
		conversation, _, err := s.Center.Receive(center.Inbound{Channel: center.GooglePlay, From: "gp:1", Content: center.Text("Bad")})
		Expect(err).NotTo(HaveOccurred())
		s.call("patch-conversation", "PATCH", "/ccaas/1/conversations/"+conversation, `{"status":"SOLVED"}`)
		again, _, err := s.Center.Receive(center.Inbound{Channel: center.GooglePlay, From: "gp:1", Content: center.Text("Better")})
		Expect(err).NotTo(HaveOccurred())
		Expect(again).To(Equal(conversation))
		got := c.take(s)
		Expect(types(got)[2:]).To(Equal([]string{"CONVERSATION_STATUS_UPDATED", "INBOUND_MESSAGE", "CONVERSATION_STATUS_UPDATED"}))
		Expect(got[4].Payload.Status).To(Equal("OPEN"))
	})

	It("tells of edits and deletions on social media, and of none elsewhere", func() {
		for _, channel := range center.Channels {
			s, c := listening(world.Options{})
			conversation, message, err := s.Center.Receive(center.Inbound{Channel: channel, Content: center.Text("Hi")})
			Expect(err).NotTo(HaveOccurred())
			c.take(s)
			_, edited := s.Center.Edit(message, center.Text("Hello"))
			_, deleted := s.Center.Delete(message)
			got := c.take(s)
			if !channel.Social() {
				Expect(edited).To(MatchError(center.ErrInvalid))
				Expect(deleted).To(MatchError(center.ErrInvalid))
				Expect(got).To(BeEmpty())
				continue
			}
			Expect(types(got)).To(Equal([]string{"INBOUND_MESSAGE_UPDATED", "INBOUND_MESSAGE_DELETED"}))
			for _, d := range got {
				Expect(d.conversation()).To(Equal(conversation))
				Expect(d.Payload.Message.MessageID).To(Equal(message))
				Expect(d.Payload.Message.Content.Text).To(Equal("Hello"))
				Expect(string(d.body)).To(ContainSubstring(`"authentication":null`))
			}
		}
	})

	It("tells nothing when a conversation is deleted", func() {
		s, c := listening(world.Options{})
		conversation, message, err := s.Center.Receive(center.Inbound{Channel: center.FacebookPost, Content: center.Text("Hi")})
		Expect(err).NotTo(HaveOccurred())
		c.take(s)
		Expect(s.Center.DeleteConversation(conversation)).To(Succeed())
		Expect(c.take(s)).To(BeEmpty())
		Expect(s.call("get-conversation", "GET", "/ccaas/1/conversations/"+conversation, "")).To(refused(404))
		_, err = s.Center.Edit(message, center.Text("Hello"))
		Expect(err).To(MatchError(center.ErrNotFound))
	})

	It("knows the customers of live chats in four ways", func() {
		s, c := listening(world.Options{})
		seen := map[string]bool{}
		for range 4 {
			_, _, err := s.Center.Receive(center.Inbound{Channel: center.LiveChat, Content: center.Text("Hi")})
			Expect(err).NotTo(HaveOccurred())
		}
		for _, d := range c.take(s) {
			if d.Type == center.InboundMessageEvent {
				seen[d.Payload.Authentication.AuthenticationType] = true
			}
		}
		Expect(seen).To(HaveLen(4))
	})
})

var _ = Describe("A delivery", func() {
	It("bears what its subscription asks for: a name and password, a signature, or nothing", func() {
		s, c := consumed(world.Options{})
		for i, security := range []string{
			`{"type":"BASIC","username":"parley","password":"sesame"}`, `{"type":"HMAC","secret":"open sesame, and be quick about it"}`, "",
		} {
			profile := `{"webhook":{"notifyUrl":"` + hook + `"}`
			if security != "" {
				profile += `,"security":` + security
			}
			a := s.call("create-subscription", "POST", "/subscriptions/1/subscription/CUSTOMER_ENGAGEMENT",
				fmt.Sprintf(`{"subscriptionId":"mine","events":["CONVERSATION_MESSAGE_RECEIVED"],"profile":%s}}`, profile))
			Expect(a.status).To(Equal(201), "%s", a.body)
			Expect(string(a.body)).NotTo(ContainSubstring("sesame"))
			_, _, err := s.Center.Receive(center.Inbound{Channel: center.SMS, Content: center.Text("Hi")})
			Expect(err).NotTo(HaveOccurred())
			got := c.take(s)
			Expect(types(got)).To(Equal([]string{"INBOUND_MESSAGE"}))
			Expect(got[0].header.Get("Content-Type")).To(HavePrefix("application/json"))
			s.call("delete-subscription", "DELETE", "/subscriptions/1/subscription/CUSTOMER_ENGAGEMENT/mine", "")
			signed := webhook.NewSecret([]byte("open sesame, and be quick about it"))
			switch i {
			case 0:
				Expect(got[0].header.Get("Authorization")).To(Equal("Basic cGFybGV5OnNlc2FtZQ=="))
			case 1:
				_, matches := webhook.Match(got[0].header, got[0].body, signed)
				Expect(matches).To(BeTrue())
			case 2:
				Expect(got[0].header).NotTo(Or(HaveKey("Authorization"), HaveKey(webhook.HeaderSignature)))
			}
		}
	})

	It("comes no more once its subscription ends, also when another takes its id", func() {
		s, c := consumed(world.Options{})
		path := "/subscriptions/1/subscription/CUSTOMER_ENGAGEMENT"
		body := `{"subscriptionId":"mine","events":["CONVERSATION_CREATED"],"profile":{"webhook":{"notifyUrl":"` + hook + `"}}}`
		for range 2 {
			Expect(s.call("create-subscription", "POST", path, body).status).To(Equal(201))
			Expect(s.call("create-subscription", "POST", path, body)).To(refused(400))
			_, err := s.Center.Create(center.Draft{Channel: center.RCS})
			Expect(err).NotTo(HaveOccurred())
			Expect(c.take(s)).To(HaveLen(1))
			Expect(s.call("delete-subscription", "DELETE", path+"/mine", "").status).To(Equal(204))
			Expect(s.call("delete-subscription", "DELETE", path+"/mine", "")).To(refused(404))
			_, err = s.Center.Create(center.Draft{Channel: center.RCS})
			Expect(err).NotTo(HaveOccurred())
			Expect(c.take(s)).To(BeEmpty())
		}
	})

	DescribeTable("keeps to the contract by every reading, on every channel and from every seed",
		func(texts ...string) {
			readings, err := reading.Parse(texts)
			Expect(err).NotTo(HaveOccurred())
			for seed := range uint64(6) {
				s, c := listening(world.Options{Seed: seed + 1, Readings: readings})
				roam(s, rand.New(rand.NewPCG(seed, 7)), 400)
				got := c.take(s)
				Expect(len(got)).To(BeNumerically(">", 300))
				kinds := map[string]bool{}
				for _, d := range got {
					kinds[d.Type] = true
				}
				Expect(kinds).To(HaveLen(6))
				inOrder(got)
			}
		},
		Entry("none"), Entry(nil, "message-id=messageid"), Entry(nil, "inbound-message-id=absent"), Entry(nil, "offset=+0000"),
		Entry(nil, "offset=Z"), Entry(nil, "assignee=null"), Entry(nil, "last-message=absent"), Entry(nil, "last-message=null-filled"),
		Entry(nil, "deleted-content=null"), Entry(nil, "authentication=null"),
		Entry("many at once", "message-id=messageid,inbound-message-id=absent,offset=+0000", "assignee=null", "last-message=absent", "deleted-content=null"),
	)

	It("is not lost and overtakes none of its conversation, however many there are", func() {
		s, c := consumed(world.Options{Outbox: outbox.Options{Queue: 100_000}})
		_, err := s.Center.Subscribe(center.Subscription{Events: center.Events, Profile: center.Profile{
			URL: hook, Security: &center.Security{Type: center.HMAC, Secret: webhook.NewSecret([]byte("a key of twenty-four byte"))},
		}})
		Expect(err).NotTo(HaveOccurred())
		told := 0
		s.Center.Listen(func(e center.Event) { told += len(s.Center.Due(e)) })
		roam(s, rand.New(rand.NewPCG(1, 2)), 3000)
		got := c.take(s)
		Expect(got).To(HaveLen(told))
		inOrder(got)
		Expect(s.Outbox.Stats().Refused).To(BeZero())
	})
})

// roam does whatever can be done, by chance.
func roam(s *service, chance *rand.Rand, steps int) {
	GinkgoHelper()
	for range steps {
		channel := center.Channels[chance.IntN(len(center.Channels))]
		var err error
		switch chance.IntN(5) {
		case 0:
			_, err = s.Center.Create(center.Draft{
				Channel: channel, Status: center.Statuses[chance.IntN(4)], Priority: center.Priorities[chance.IntN(4)],
			})
		case 1:
			_, _, err = s.Center.Receive(center.Inbound{Channel: channel, From: fmt.Sprint("known", chance.IntN(3)), Content: center.Text("<Hi>\u2028 \"😕\"\n")})
		default:
			event := center.Events[chance.IntN(len(center.Events))]
			if strings.HasSuffix(event, "D") && strings.HasPrefix(event, "INBOUND") {
				channel = []center.Channel{center.FacebookPost, center.InstagramPost, center.GooglePlay}[chance.IntN(3)]
			}
			_, err = s.Center.Provoke(event, channel)
		}
		Expect(err).NotTo(HaveOccurred())
	}
}

// inOrder holds deliveries against what the document says of a conversation's history: it is created before all else, once,
// its times never run backwards, and nothing comes after it is closed.
func inOrder(all []delivery) {
	GinkgoHelper()
	latest, closed := map[string]string{}, map[string]bool{}
	for _, d := range all {
		id := d.conversation()
		at := d.Payload.Timestamp
		if m := d.Payload.Message; m != nil {
			at = m.UpdatedAt
			Expect(m.UpdatedAt >= m.CreatedAt).To(BeTrue())
			if d.Type == center.InboundMessageDeletedEvent {
				at = latest[id] // the message's own time, not the deletion's
			}
		}
		before, known := latest[id]
		Expect(at >= before).To(BeTrue(), "%s after %s", d.body, before)
		Expect(known && d.Type == center.ConversationCreatedEvent).To(BeFalse(), "created twice: %s", d.body)
		Expect(closed[id]).To(BeFalse(), "after it was closed: %s", d.body)
		latest[id] = at
		closed[id] = d.Payload.Status == "CLOSED"
	}
}
