package conversations_test

import (
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/conversations"
)

// models are what the bodies of the events decode to.
var models = map[string]func() any{
	"CONVERSATION_CREATED":            func() any { return new(conversations.ConversationCreatedEvent) },
	"CONVERSATION_STATUS_UPDATED":     func() any { return new(conversations.ConversationStatusUpdatedEvent) },
	"CONVERSATION_ASSIGNMENT_UPDATED": func() any { return new(conversations.ConversationAssignmentUpdatedEvent) },
	"INBOUND_MESSAGE":                 func() any { return new(conversations.InboundMessageEvent) },
	"INBOUND_MESSAGE_UPDATED":         func() any { return new(conversations.InboundMessageUpdatedEvent) },
	"INBOUND_MESSAGE_DELETED":         func() any { return new(conversations.InboundMessageDeletedEvent) },
}

var _ = Describe("The generated models", func() {
	It("lose nothing of the documented events", func() {
		for _, event := range conversations.Events() {
			body, err := examples.Read("event." + event.Name)
			Expect(err).NotTo(HaveOccurred())
			model := models[event.Name]()
			Expect(json.Unmarshal(body, model)).To(Succeed())
			Expect(json.Marshal(model)).To(MatchJSON(body))
		}
	})
})

var _ = Describe("The events", func() {
	It("are in the document's order, under the names of deliveries and of subscriptions", func() {
		var names, subscribed []string
		for _, event := range conversations.Events() {
			names = append(names, event.Name)
			subscribed = append(subscribed, event.SubscribedAs)
			Expect(event.Section).NotTo(BeEmpty())
		}
		Expect(names).To(Equal([]string{"CONVERSATION_CREATED", "CONVERSATION_STATUS_UPDATED", "CONVERSATION_ASSIGNMENT_UPDATED",
			"INBOUND_MESSAGE", "INBOUND_MESSAGE_UPDATED", "INBOUND_MESSAGE_DELETED"}))
		Expect(subscribed).To(Equal([]string{"CONVERSATION_CREATED", "CONVERSATION_STATUS_UPDATED", "CONVERSATION_ASSIGNMENT_UPDATED",
			"CONVERSATION_MESSAGE_RECEIVED", "CONVERSATION_MESSAGE_UPDATED", "CONVERSATION_MESSAGE_DELETED"}))
	})
})

var _ = Describe("The operations", func() {
	It("have ids and short names that no other contract's have, so that a rule for faults can name either", func() {
		taken := map[string]bool{}
		for _, op := range assistloop.Operations() {
			taken[op.ID], taken[op.Short] = true, true
		}
		for _, op := range conversations.Operations() {
			Expect(op.Short).NotTo(BeEmpty(), op.ID)
			Expect(taken).NotTo(HaveKey(op.ID))
			Expect(taken).NotTo(HaveKey(op.Short))
			taken[op.ID], taken[op.Short] = true, true
		}
	})

	It("take any of four kinds of credentials, and know the reference's errors", func() {
		c, err := conversations.Load()
		Expect(err).NotTo(HaveOccurred())
		for _, op := range conversations.Operations() {
			Expect(op.Secured).To(BeTrue(), op.ID)
			Expect(op.Schemes).To(Equal([]string{"app", "basic", "ibsso", "bearer"}), op.ID)
			Expect(op.Errors).To(HaveLen(7), op.ID)
			for _, e := range op.Errors {
				Expect(c.Response(op.ID, e.Status, nil, []byte(e.Body))).To(BeEmpty(), "%s %d", op.ID, e.Status)
			}
		}
	})
})

var _ = DescribeTable("A message that changed", func(id string, good bool) {
	c, err := conversations.Load()
	Expect(err).NotTo(HaveOccurred())
	for _, event := range []string{"INBOUND_MESSAGE_UPDATED", "INBOUND_MESSAGE_DELETED"} {
		body, err := examples.Read("event." + event)
		Expect(err).NotTo(HaveOccurred())
		var told map[string]any
		Expect(json.Unmarshal(body, &told)).To(Succeed())
		message := told["payload"].(map[string]any)["message"].(map[string]any)
		delete(message, "messageid")
		Expect(json.Unmarshal([]byte(id), &message)).To(Succeed())
		changed, err := json.Marshal(told)
		Expect(err).NotTo(HaveOccurred())
		found := c.Event(event, nil, changed)
		Expect(len(found) == 0).To(Equal(good), "%v", found)
		for _, v := range found {
			Expect(v.Field).To(BeElementOf("payload.message.messageId", "payload.message.messageid"))
			Expect(v).NotTo(HaveField("Expected", "any JSON value"))
		}
	}
},
	Entry("has a messageId as in the tables", `{"messageId":"bb88179a-76c0-4f7b-b076-852c53e8b646"}`, true),
	Entry("or one as in the examples", `{"messageid":"bb88179a-76c0-4f7b-b076-852c53e8b646"}`, true),
	Entry("or both", `{"messageid":"bb88179a-76c0-4f7b-b076-852c53e8b646","messageId":"bb88179a-76c0-4f7b-b076-852c53e8b646"}`, true),
	Entry("and not none", `{}`, false),
	Entry("and not null", `{"messageId":null}`, false),
	Entry("and not one of another spelling", `{"MessageID":"bb88179a-76c0-4f7b-b076-852c53e8b646"}`, false),
	Entry("and not one of the legacy form", `{"messageid":"FBCFE58EA5C33A80B569F631DBB27C41"}`, false),
	Entry("also beside a good one", `{"messageId":"bb88179a-76c0-4f7b-b076-852c53e8b646","messageid":"x"}`, false),
)

var _ = DescribeTable("The last message of a conversation", func(last string, complaints ...string) {
	c, err := conversations.Load()
	Expect(err).NotTo(HaveOccurred())
	body := `{"type":"CONVERSATION_STATUS_UPDATED","payload":{"id":"ce83e955-1133-4adb-9847-47c83e6fc8bf","status":"OPEN",` + last +
		`"timestamp":"2023-06-20T16:49:56.971+00:00"}}`
	var said []string
	for _, v := range c.Event("CONVERSATION_STATUS_UPDATED", nil, []byte(body)) {
		said = append(said, v.String())
	}
	Expect(said).To(ConsistOf(complaints))
},
	Entry("is whole", `"lastMessage":{"from":"a","to":"b","channel":"SMS","direction":"INBOUND"},`),
	Entry("or null", `"lastMessage":null,`),
	Entry("or absent", ``),
	Entry("or filled with nulls", `"lastMessage":{"from":null,"to":null,"channel":null,"direction":null},`),
	Entry("and not partly null", `"lastMessage":{"from":"a","to":null,"channel":"SMS","direction":"INBOUND"},`,
		"/payload/lastMessage/to: expected a non-empty string, came null"),
	Entry("and not of a channel that nobody knows", `"lastMessage":{"from":"a","to":"b","channel":"FAX","direction":"INBOUND"},`,
		"/payload/lastMessage/channel: expected one of SMS, VIBER, FACEBOOK_MESSENGER, WHATSAPP, RCS, EMAIL, LIVE_CHAT, APPLE_BUSINESS_CHAT, "+
			"LINE, TELEGRAM, CALLS, VIBER_BOT, FACEBOOK_POST, INSTAGRAM_POST, INSTAGRAM_MESSAGING, GOOGLE_PLAY, KAKAO_SANGDAM, came string of 3 characters"),
	Entry("and not without its direction", `"lastMessage":{"from":"a","to":"b","channel":"SMS"},`,
		"/payload/lastMessage/direction: expected one of INBOUND, OUTBOUND, came missing"),
	Entry("and no text", `"lastMessage":"a",`, "/payload/lastMessage: expected an object or null, came string of 1 character"),
)
