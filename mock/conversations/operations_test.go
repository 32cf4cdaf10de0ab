package conversations_test

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/world"
	api "github.com/parley-contracts/parley/openapi/conversations"
)

const (
	threads = "/ccaas/1/conversations"
	engaged = "/subscriptions/1/subscription/CUSTOMER_ENGAGEMENT"
)

type (
	conversationPage = api.GetConversations200JSONResponseBody
	messagePage      = api.GetMessages200JSONResponseBody
)

var _ = Describe("Conversations", func() {
	It("are listed newest first, ten a page from page 0", func() {
		s := newSpec(world.Options{})
		first := read[conversationPage](s.call("get-conversations", "GET", threads, ""))
		Expect(first.Conversations).To(HaveLen(10))
		Expect(first.Pagination).To(And(HaveField("TotalItems", center.DefaultConversations), HaveField("Page", 0), HaveField("Limit", 10)))
		all := read[conversationPage](s.call("get-conversations", "GET", threads+"?limit=999", "")).Conversations
		Expect(all).To(HaveLen(center.DefaultConversations))
		Expect(all[:10]).To(Equal(first.Conversations))
		for i := range all[1:] {
			Expect(all[i].CreatedAt > all[i+1].CreatedAt).To(BeTrue())
		}
		last := read[conversationPage](s.call("get-conversations", "GET", threads+"?limit=10&page=6", ""))
		Expect(last.Conversations).To(Equal(all[60:]))
		beyond := read[conversationPage](s.call("get-conversations", "GET", threads+"?limit=999&page=2147483647", ""))
		Expect(beyond.Conversations).To(BeEmpty())
		Expect(string(s.call("get-conversations", "GET", threads+"?page=99", "").body)).To(ContainSubstring(`"conversations":[]`))
	})

	It("are narrowed by all that the query names", func() {
		s := newSpec(world.Options{})
		all := read[conversationPage](s.call("get-conversations", "GET", threads+"?limit=999", "")).Conversations
		var wanted []api.Conversation
		for _, c := range all {
			if c.Status == "SOLVED" && c.Channel == "LIVE_CHAT" {
				wanted = append(wanted, c)
			}
		}
		found := read[conversationPage](s.call("get-conversations", "GET", threads+"?status=SOLVED&channel=LIVE_CHAT", ""))
		Expect(found.Conversations).To(Equal(wanted))
		Expect(found.Pagination.TotalItems).To(Equal(len(wanted)))
		queue := all[0].QueueID.MustGet()
		found = read[conversationPage](s.call("get-conversations", "GET", threads+"?limit=1&page=1&queueId="+queue, ""))
		Expect(found.Conversations).To(HaveExactElements(HaveField("QueueID", all[0].QueueID)))
	})

	It("have ids of both forms, and are seen with and without what may be null, on every channel in every status", func() {
		s := newSpec(world.Options{})
		seen := map[string]bool{}
		for _, c := range read[conversationPage](s.call("get-conversations", "GET", threads+"?limit=999", "")).Conversations {
			seen[fmt.Sprint(c.Channel, c.Status)] = true
			seen[fmt.Sprint("legacy ", len(c.ID) == 32)] = true
			seen[fmt.Sprint("assignee ", c.AgentID.IsNull())] = true
			seen[fmt.Sprint("queue ", c.QueueID.IsNull())] = true
			seen[fmt.Sprint("form ", c.FormID.IsNull())] = true
			seen[fmt.Sprint("topic ", c.Topic.IsNull())] = true
			seen[fmt.Sprint("summary ", c.Summary.IsNull())] = true
			seen[fmt.Sprint("closed ", c.ClosedAt.IsNull())] = true
			_, messages, err := s.Center.Messages(c.ID, center.Page{Limit: 1})
			Expect(err).NotTo(HaveOccurred())
			seen[fmt.Sprint("empty ", messages == 0)] = true
		}
		Expect(seen).To(HaveLen(17*4 + 8*2))
	})

	It("are made as asked, and found as they were made", func() {
		s := newSpec(world.Options{})
		_, agent, queue, _, _ := s.Center.Example()
		made := read[api.Conversation](s.call("create-conversation", "POST", threads, `{"channel":"TELEGRAM","status":"WAITING",
			"priority":"HIGH","queueId":"`+queue+`","agentId":"`+agent+`","topic":"Returns","summary":null,
			"message":{"direction":"INBOUND","from":"4242424242","content":{"text":"Hi","type":"TEXT"}}}`))
		Expect(made).To(And(HaveField("Status", api.Status("WAITING")), HaveField("Direction", api.Direction("INBOUND"))))
		Expect(made.AgentID.MustGet()).To(Equal(agent))
		Expect(read[api.Conversation](s.call("get-conversation", "GET", threads+"/"+made.ID, ""))).To(Equal(made))
		messages := read[messagePage](s.call("get-messages", "GET", threads+"/"+made.ID+"/messages", ""))
		Expect(messages.Messages).To(HaveExactElements(And(HaveField("From", "4242424242"), HaveField("ConversationID", made.ID))))
		customer := read[api.Customer](s.call("get-customer", "GET", "/ccaas/1/customers/"+made.CustomerID.MustGet(), ""))
		Expect(customer.Identities).To(ContainElement(HaveField("Value", "4242424242")))
	})

	It("wait in the queue of their channel unless they are to wait in none", func() {
		s := newSpec(world.Options{})
		routed := read[api.Conversation](s.call("create-conversation", "POST", threads, `{"channel":"EMAIL"}`))
		Expect(routed.QueueID.IsNull()).To(BeFalse())
		nowhere := read[api.Conversation](s.call("create-conversation", "POST", threads, `{"channel":"EMAIL","queueId":null}`))
		Expect(nowhere.QueueID.IsNull()).To(BeTrue())
	})

	It("change in what is given, and by PUT in all", func() {
		s := newSpec(world.Options{})
		made := read[api.Conversation](s.call("create-conversation", "POST", threads, `{"channel":"VIBER","topic":"One","summary":"Two"}`))
		path := threads + "/" + made.ID
		patched := read[api.Conversation](s.call("patch-conversation", "PATCH", path, `{"topic":"Three","priority":"LOW"}`))
		Expect(patched.Topic.MustGet()).To(Equal("Three"))
		Expect(patched.Summary.MustGet()).To(Equal("Two"))
		put := read[api.Conversation](s.call("update-conversation", "PUT", path, `{"status":"SOLVED","priority":"URGENT"}`))
		Expect(put.Status).To(BeEquivalentTo("SOLVED"))
		Expect([]bool{put.Topic.IsNull(), put.Summary.IsNull(), put.QueueID.IsNull()}).To(HaveEach(true))
		Expect(s.call("patch-conversation", "PATCH", path, `{}`)).To(refused(400))
	})

	It("stay closed once they are, whatever is asked of them", func() {
		s := newSpec(world.Options{})
		_, agent, _, _, _ := s.Center.Example()
		made := read[api.Conversation](s.call("create-conversation", "POST", threads,
			`{"channel":"FACEBOOK_POST","message":{"direction":"INBOUND","content":{"text":"Hi"}}}`))
		path := threads + "/" + made.ID
		message := read[messagePage](s.call("get-messages", "GET", path+"/messages", "")).Messages[0].ID
		closed := read[api.Conversation](s.call("patch-conversation", "PATCH", path, `{"status":"CLOSED"}`))
		Expect(closed.ClosedAt.IsNull()).To(BeFalse())
		for _, a := range []answer{
			s.call("patch-conversation", "PATCH", path, `{"status":"OPEN"}`),
			s.call("patch-conversation", "PATCH", path, `{"topic":"x"}`),
			s.call("update-conversation", "PUT", path, `{"status":"CLOSED","priority":"LOW"}`),
			s.call("assign-conversation", "PUT", path+"/assignee", `{"agentId":"`+agent+`"}`),
			s.call("unassign-conversation", "DELETE", path+"/assignee", ""),
			s.call("send-message", "POST", path+"/messages", `{"content":{"text":"Hello"}}`),
			s.call("add-tag", "POST", path+"/tags", `{"name":"x"}`),
		} {
			Expect(a).To(refused(400))
		}
		_, err := s.Center.Edit(message, center.Text("Hello"))
		Expect(err).To(MatchError(center.ErrClosed))
		Expect(read[api.Conversation](s.call("get-conversation", "GET", path, ""))).To(Equal(closed))
		again, _, err := s.Center.Receive(center.Inbound{Channel: center.FacebookPost, Customer: made.CustomerID.MustGet(), Content: center.Text("Me again")})
		Expect(err).NotTo(HaveOccurred())
		Expect(again).NotTo(Equal(made.ID))
	})

	It("have a thread, newest first, which keeps what is said character for character", func() {
		s := newSpec(world.Options{})
		made := read[api.Conversation](s.call("create-conversation", "POST", threads, `{"channel":"LINE"}`))
		path := threads + "/" + made.ID + "/messages"
		for _, text := range []string{"one", `  Grüße, 日本語, 👩‍👩‍👧 <b>\u0041\n</b> `} {
			sent := read[api.Message](s.call("send-message", "POST", path, string(encode(map[string]any{"content": map[string]any{"text": text, "type": "TEXT"}}))))
			Expect(sent.Direction).To(BeEquivalentTo("OUTBOUND"))
			newest := read[messagePage](s.call("get-messages", "GET", path+"?limit=1", ""))
			Expect(newest.Messages).To(HaveExactElements(sent))
			Expect(newest.Messages[0].Content.Text.MustGet()).To(Equal(text))
		}
		Expect(s.call("send-message", "POST", path, `{"channel":"SMS","content":{"text":"x"}}`)).To(refused(400))
	})

	It("are filed under tags, each once", func() {
		s := newSpec(world.Options{})
		conversation, _, _, _, _ := s.Center.Example()
		path := threads + "/" + conversation + "/tags"
		Expect(string(s.call("get-tags", "GET", path, "").body)).To(Equal(`{"tags":[]}`))
		s.call("add-tag", "POST", path, `{"name":"vip"}`)
		s.call("add-tag", "POST", path, `{"name":"vip"}`)
		Expect(read[api.Tags](s.call("add-tag", "POST", path, `{"name":"eu"}`)).Tags).To(HaveExactElements(api.Tag{Name: "vip"}, api.Tag{Name: "eu"}))
	})
})

var _ = Describe("What is not there", func() {
	DescribeTable("is not found by its path",
		func(operation, method, path, body string) {
			s := newSpec(world.Options{})
			for _, id := range []string{"00000000-0000-4000-8000-000000000000", "D12945086921DDDF4F36EBB3BE7AEFF1", "x", strings.Repeat("9", 3000)} {
				Expect(s.call(operation, method, strings.ReplaceAll(path, "ID", id), body)).To(refused(404))
			}
		},
		Entry("a conversation", "get-conversation", "GET", threads+"/ID", ""),
		Entry("one to change", "patch-conversation", "PATCH", threads+"/ID", `{"topic":"x"}`),
		Entry("one to replace", "update-conversation", "PUT", threads+"/ID", `{"status":"OPEN","priority":"LOW"}`),
		Entry("one to assign", "assign-conversation", "PUT", threads+"/ID/assignee", `{"agentId":"x"}`),
		Entry("one to take away", "unassign-conversation", "DELETE", threads+"/ID/assignee", ""),
		Entry("its messages", "get-messages", "GET", threads+"/ID/messages", ""),
		Entry("one more of them", "send-message", "POST", threads+"/ID/messages", `{"content":{"text":"x"}}`),
		Entry("its tags", "get-tags", "GET", threads+"/ID/tags", ""),
		Entry("one more of these", "add-tag", "POST", threads+"/ID/tags", `{"name":"x"}`),
		Entry("an agent", "get-agent", "GET", "/ccaas/1/agents/ID", ""),
		Entry("an agent's status", "get-agent-status", "GET", "/ccaas/1/agents/ID/status", ""),
		Entry("a status to set", "set-agent-status", "PUT", "/ccaas/1/agents/ID/status", `{"status":"AWAY"}`),
		Entry("a customer", "get-customer", "GET", "/ccaas/1/customers/ID", ""),
		Entry("a form", "get-conversation-form", "GET", "/ccaas/2/conversation-forms/forms/ID", ""),
		Entry("a subscription", "get-subscription", "GET", engaged+"/ID", ""),
		Entry("one to replace", "update-subscription", "PUT", engaged+"/ID", `{"events":["CONVERSATION_CREATED"],"profile":{"webhook":{"notifyUrl":"https://x.example/"}}}`),
		Entry("one to end", "delete-subscription", "DELETE", engaged+"/ID", ""),
	)

	DescribeTable("is a bad request where a body names it",
		func(body string) {
			Expect(newSpec(world.Options{}).call("create-conversation", "POST", threads, body)).To(refused(400))
		},
		Entry("a queue", `{"channel":"SMS","queueId":"x"}`), Entry("an agent", `{"channel":"SMS","agentId":"x"}`),
		Entry("a customer", `{"channel":"SMS","customerId":"x"}`), Entry("a channel", `{"channel":"FAX"}`),
	)

	It("keeps a customer from a channel that they are not on", func() {
		s := newSpec(world.Options{})
		made := read[api.Conversation](s.call("create-conversation", "POST", threads, `{"channel":"SMS"}`))
		for channel, status := range map[string]int{"WHATSAPP": 200, "LINE": 400} {
			a := s.call("create-conversation", "POST", threads, `{"channel":"`+channel+`","customerId":"`+made.CustomerID.MustGet()+`"}`)
			Expect(a.status).To(Equal(status), "%s", a.body)
		}
	})
})

var _ = Describe("Routing", func() {
	It("gives what customers begin to the active agents of the queue in turn", func() {
		s := newSpec(world.Options{})
		queues := read[api.GetQueues200JSONResponseBody](s.call("get-queues", "GET", "/ccaas/1/queues", "")).Queues
		agents := read[api.GetAgents200JSONResponseBody](s.call("get-agents", "GET", "/ccaas/1/agents", "")).Agents
		away := queues[0].AgentIds[0]
		s.call("set-agent-status", "PUT", "/ccaas/1/agents/"+away+"/status", `{"status":"AWAY"}`)
		Expect(read[api.Agent](s.call("get-agent", "GET", "/ccaas/1/agents/"+away, "")).Status).To(BeEquivalentTo("AWAY"))
		taken := map[string]int{}
		for range 12 {
			id, _, err := s.Center.Receive(center.Inbound{Channel: center.SMS, Content: center.Text("Hi")})
			Expect(err).NotTo(HaveOccurred())
			taken[read[api.Conversation](s.call("get-conversation", "GET", threads+"/"+id, "")).AgentID.MustGet()]++
		}
		Expect(taken).NotTo(HaveKey(away))
		for _, a := range agents {
			if n := taken[a.ID]; n > 0 {
				Expect(n).To(Equal(12 / len(taken)))
				Expect(a.Status).To(BeEquivalentTo("ACTIVE"))
			}
		}
	})

	It("gives live chats to a bot as they begin", func() {
		s, c := listening(world.Options{})
		_, _, err := s.Center.Receive(center.Inbound{Channel: center.LiveChat, Content: center.Text("Hi")})
		Expect(err).NotTo(HaveOccurred())
		got := c.take(s)
		Expect(types(got)).To(Equal([]string{"CONVERSATION_CREATED", "INBOUND_MESSAGE"}))
		bot := read[api.Agent](s.call("get-agent", "GET", "/ccaas/1/agents/"+*got[0].Payload.Assignee.ID, ""))
		Expect(bot.Kind).To(BeEquivalentTo("BOT"))
	})

	It("leaves posts and reviews to whoever takes them", func() {
		s := newSpec(world.Options{})
		id, _, err := s.Center.Receive(center.Inbound{Channel: center.GooglePlay, Content: center.Text("Hi")})
		Expect(err).NotTo(HaveOccurred())
		Expect(read[api.Conversation](s.call("get-conversation", "GET", threads+"/"+id, "")).AgentID.IsNull()).To(BeTrue())
	})
})

var _ = Describe("Subscriptions", func() {
	It("name profiles and credentials that exist, and show no secret of them", func() {
		s := newSpec(world.Options{})
		for _, a := range []answer{
			s.call("create-security", "POST", "/subscriptions/1/security", `{"securityId":"k","type":"HMAC","secret":"open sesame"}`),
			s.call("create-profile", "POST", "/subscriptions/1/profiles", `{"profileId":"p","webhook":{"notifyUrl":"https://x.example/"},"security":{"securityId":"k"}}`),
			s.call("create-subscription", "POST", engaged, `{"subscriptionId":"s","name":"Mine","events":["CONVERSATION_MESSAGE_DELETED","CONVERSATION_CREATED"],"profile":{"profileId":"p"}}`),
		} {
			Expect(a.status).To(Equal(201), "%s", a.body)
			Expect(string(a.body)).NotTo(ContainSubstring("sesame"))
		}
		shown := read[api.Subscription](s.call("get-subscription", "GET", engaged+"/s", ""))
		Expect(shown.Events).To(ConsistOf(api.SubscribedEvent("CONVERSATION_CREATED"), api.SubscribedEvent("CONVERSATION_MESSAGE_DELETED")))
		Expect(shown.Profile.Security.SecurityID).To(Equal("k"))
		changed := read[api.Subscription](s.call("update-subscription", "PUT", engaged+"/s",
			`{"events":["CONVERSATION_STATUS_UPDATED"],"profile":{"webhook":{"notifyUrl":"https://y.example/"}}}`))
		Expect(changed.Profile.Webhook.NotifyURL).To(Equal("https://y.example/"))
		Expect(read[api.GetProfiles200JSONResponseBody](s.call("get-profiles", "GET", "/subscriptions/1/profiles", "")).Profiles).To(HaveLen(2))
		Expect(read[api.GetSecurities200JSONResponseBody](s.call("get-securities", "GET", "/subscriptions/1/security", "")).Securities).To(HaveLen(1))
		Expect(read[api.GetSubscriptions200JSONResponseBody](s.call("get-subscriptions", "GET", engaged, "")).Subscriptions).To(HaveLen(1))
	})

	DescribeTable("are refused when they could not be served",
		func(profile string) {
			Expect(newSpec(world.Options{}).call("create-subscription", "POST", engaged,
				`{"subscriptionId":"s","events":["CONVERSATION_CREATED"],"profile":`+profile+`}`)).To(refused(400))
		},
		Entry("without a profile", `{}`), Entry("with one that is not there", `{"profileId":"p"}`),
		Entry("in clear", `{"webhook":{"notifyUrl":"http://x.example/"}}`),
		Entry("in clear, to this machine", `{"webhook":{"notifyUrl":"http://127.0.0.1/"}}`),
		Entry("with credentials that are not there", `{"webhook":{"notifyUrl":"https://x.example/"},"security":{"securityId":"k"}}`),
		Entry("with a signature without a key", `{"webhook":{"notifyUrl":"https://x.example/"},"security":{"type":"HMAC"}}`),
		Entry("with a key that is not base64", `{"webhook":{"notifyUrl":"https://x.example/"},"security":{"type":"HMAC","secret":"whsec_?"}}`),
		Entry("with a password for nobody", `{"webhook":{"notifyUrl":"https://x.example/"},"security":{"type":"BASIC","password":"x"}}`),
	)
})
