package mock_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/conversations"
)

var second = sync.OnceValue(func() *check.Contract {
	c, err := conversations.Load()
	Expect(err).NotTo(HaveOccurred())
	return c
})

// ask makes a request of Conversations and holds what comes back against its contract, if an operation is named.
func (c *client) ask(operation, method, url, authorization, body string) (int, object, http.Header) {
	GinkgoHelper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	Expect(err).NotTo(HaveOccurred())
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	if operation != "" {
		Expect(second().Response(operation, response.StatusCode, response.Header, text)).To(BeEmpty(), "%s", text)
	}
	var value object
	Expect(json.Unmarshal(text, &value)).To(Succeed(), string(text))
	return response.StatusCode, value, response.Header
}

// complaint is the kind of an error of Conversations.
func complaint(body object) any {
	GinkgoHelper()
	Expect(body).To(HaveLen(1), "%v", body)
	return body["requestError"].(object)["serviceException"].(object)["messageId"]
}

var _ = Describe("Conversations beside AssistLoop", func() {
	DescribeTable("takes its key in every way that the reference knows, and no other",
		func(authorization func(key, token string) string, status int, kind string) {
			c := start(mock.Options{})
			given := authorization(c.Conversations.Key, c.Token)
			got, body, header := c.ask("get-queues", "GET", c.Origin+"/ccaas/1/queues", given, "")
			Expect(got).To(Equal(status))
			if status == http.StatusUnauthorized {
				Expect(complaint(body)).To(Equal(kind))
				Expect(header.Get("WWW-Authenticate")).NotTo(BeEmpty())
			}
		},
		Entry("App", func(key, _ string) string { return "App " + key }, 200, ""),
		Entry("Bearer", func(key, _ string) string { return "Bearer " + key }, 200, ""),
		Entry("IBSSO", func(key, _ string) string { return "IBSSO " + key }, 200, ""),
		Entry("Basic", func(key, _ string) string {
			return "Basic " + base64.StdEncoding.EncodeToString([]byte("parley:"+key))
		}, 200, ""),
		Entry("none", func(string, string) string { return "" }, 401, "UNAUTHORIZED"),
		Entry("an unknown key", func(key, _ string) string { return "App " + key + "x" }, 401, "UNAUTHORIZED"),
		Entry("another scheme", func(key, _ string) string { return "Digest " + key }, 401, "UNAUTHORIZED"),
		Entry("no base64", func(string, string) string { return "Basic ?" }, 401, "UNAUTHORIZED"),
		Entry("AssistLoop's token", func(_, token string) string { return "Bearer " + token }, 401, "UNAUTHORIZED"),
	)

	It("does not open AssistLoop with its key", func() {
		c := start(mock.Options{})
		c.token = c.Conversations.Key
		status, _, _ := c.call("GET", "/oauth/me", nil)
		Expect(status).To(Equal(http.StatusUnauthorized))
	})

	DescribeTable("refuses in the form of its own errors what the gate refuses",
		func(operation, method, path, body string, status int, kind, text string) {
			c := start(mock.Options{})
			got, answer, _ := c.ask(operation, method, c.Origin+path, c.Conversations.Authorization, body)
			Expect(got).To(Equal(status), "%v", answer)
			Expect(complaint(answer)).To(Equal(kind))
			Expect(answer["requestError"].(object)["serviceException"].(object)["text"]).To(ContainSubstring(text))
		},
		Entry("no such path", "", "GET", "/ccaas/1/nothing", "", 404, "NOT_FOUND", "nothing at this path"),
		Entry("another version", "", "GET", "/ccaas/3/conversations", "", 404, "NOT_FOUND", "nothing at this path"),
		Entry("another method", "", "DELETE", "/ccaas/1/queues", "", 405, "BAD_REQUEST", "answers to GET"),
		Entry("a path with too much in it", "", "GET", "/ccaas//1/queues", "", 404, "NOT_FOUND", "shortest form"),
		Entry("a limit", "get-agents", "GET", "/ccaas/1/agents?limit=1000", "", 400, "BAD_REQUEST", "limit has to be from 1 to 999"),
		Entry("a page", "get-agents", "GET", "/ccaas/1/agents?page=-1", "", 400, "BAD_REQUEST", "page has to be"),
		Entry("a status", "get-conversations", "GET", "/ccaas/1/conversations?status=DONE", "", 400, "BAD_REQUEST", "one of: OPEN"),
		Entry("no body", "create-conversation", "POST", "/ccaas/1/conversations", "", 400, "BAD_REQUEST", "missing"),
		Entry("no JSON", "create-conversation", "POST", "/ccaas/1/conversations", "{", 400, "BAD_REQUEST", "not JSON"),
		Entry("a list", "create-conversation", "POST", "/ccaas/1/conversations", "[]", 400, "BAD_REQUEST", "JSON object"),
		Entry("no channel", "create-conversation", "POST", "/ccaas/1/conversations", "{}", 400, "BAD_REQUEST", "channel is missing"),
		Entry("an unknown channel", "create-conversation", "POST", "/ccaas/1/conversations", `{"channel":"FAX"}`, 400, "BAD_REQUEST", "one of: SMS"),
		Entry("a message that is none", "create-conversation", "POST", "/ccaas/1/conversations", `{"channel":"SMS","message":"Hi"}`, 400, "BAD_REQUEST", "message has to be an object"),
		Entry("a part that is missing", "create-conversation", "POST", "/ccaas/1/conversations", `{"channel":"SMS","message":{"direction":"INBOUND"}}`, 400, "BAD_REQUEST", "message.content is missing"),
		Entry("a part of a part", "create-conversation", "POST", "/ccaas/1/conversations", `{"channel":"SMS","message":{"direction":"INBOUND","content":{"text":1}}}`, 400, "BAD_REQUEST", "message.content.text has to be a string"),
		Entry("events that are no list", "create-subscription", "POST", "/subscriptions/1/subscription/CUSTOMER_ENGAGEMENT", `{"subscriptionId":"s","events":"x","profile":{}}`, 400, "BAD_REQUEST", "events has to be an array"),
		Entry("an event by its name on the wire", "create-subscription", "POST", "/subscriptions/1/subscription/CUSTOMER_ENGAGEMENT", `{"subscriptionId":"s","events":["CONVERSATION_CREATED","INBOUND_MESSAGE"],"profile":{}}`, 400, "BAD_REQUEST", "events[1] has to be one of"),
		Entry("a URL that is none", "create-profile", "POST", "/subscriptions/1/profiles", `{"profileId":"p","webhook":{"notifyUrl":"x"}}`, 400, "BAD_REQUEST", "webhook.notifyUrl"),
		Entry("too long a body", "create-conversation", "POST", "/ccaas/1/conversations", strings.Repeat(" ", 2<<20), 400, "BAD_REQUEST", "1 MiB"),
	)

	It("has faults by the names of its operations, with the errors of its contract", func() {
		c := start(mock.Options{Faults: []string{"queues=503", "all-agents=401"}})
		status, body, _ := c.ask("get-queues", "GET", c.Origin+"/ccaas/1/queues", c.Conversations.Authorization, "")
		Expect(status).To(Equal(503))
		Expect(complaint(body)).To(Equal("GENERAL_ERROR"))
		status, body, header := c.ask("get-agents", "GET", c.Origin+"/ccaas/1/agents", c.Conversations.Authorization, "")
		Expect(status).To(Equal(401))
		Expect(complaint(body)).To(Equal("UNAUTHORIZED"))
		Expect(header.Get("WWW-Authenticate")).To(ContainSubstring("Conversations"))
	})

	It("counts against no rate limit", func() {
		c := start(mock.Options{})
		for range 80 {
			status, _, header := c.ask("get-queues", "GET", c.Origin+"/ccaas/1/queues", c.Conversations.Authorization, "")
			Expect(status).To(Equal(200))
			Expect(header).NotTo(HaveKey("X-Ratelimit-Limit"))
		}
	})

	It("lives in worlds of its own, which its keys name", func() {
		c := start(mock.Options{})
		_, made, _ := c.ask("", "POST", c.Origin+"/_parley/worlds", "", `{"name":"other","seed":2,"readings":["offset=Z"]}`)
		other := made["conversations"].(object)
		path := "/ccaas/1/conversations/" + other["conversation_id"].(string)
		status, shown, _ := c.ask("get-conversation", "GET", c.Origin+path, other["authorization"].(string), "")
		Expect(status).To(Equal(200), "%v", shown)
		status, _, _ = c.ask("get-conversation", "GET", other["base_url"].(string)+path, other["authorization"].(string), "")
		Expect(status).To(Equal(200))
		status, _, _ = c.ask("get-conversation", "GET", c.Origin+path, c.Conversations.Authorization, "")
		Expect(status).To(Equal(404))
		status, _, _ = c.ask("get-conversation", "GET", other["base_url"].(string)+path, c.Conversations.Authorization, "")
		Expect(status).To(Equal(401))
		world, _ := c.Worlds().Get("other")
		Expect(world.Options.Readings.Has(reading.OffsetZulu)).To(BeTrue())
	})
})

// wiretap takes deliveries without a network.
type wiretap struct {
	mu     sync.Mutex
	bodies [][]byte
}

func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bodies = append(w.bodies, body)
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: r}, err
}

func (w *wiretap) names() (names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, body := range w.bodies {
		var event struct{ Type string }
		_ = json.Unmarshal(body, &event)
		names = append(names, event.Type)
	}
	return names
}

var _ = Describe("The driver of Conversations", func() {
	It("provokes each of the six events, on each channel that has it", func(ctx SpecContext) {
		tap := &wiretap{}
		c := start(mock.Options{DeliveryTransport: tap})
		do := func(path, body string) (int, object) {
			status, answer, _ := c.ask("", "POST", c.Driver+path, "", body)
			return status, answer
		}
		for _, event := range center.Events {
			status, subscribed := do("/subscribe", `{"target_url":"https://hook.example/","events":["`+event+`"]}`)
			Expect(status).To(Equal(200), "%v", subscribed)
			Expect(subscribed).To(HaveKeyWithValue("id", Not(BeEmpty())))
			for _, channel := range center.Channels {
				tap.bodies = nil
				social := strings.HasPrefix(event, "INBOUND_MESSAGE_")
				status, provoked := do("/provoke", `{"event":"`+event+`","channel":"`+string(channel)+`"}`)
				if social && !channel.Social() {
					Expect(status).To(Equal(422))
					continue
				}
				Expect(status).To(Equal(200), "%v", provoked)
				Expect(c.World().Outbox.Drain(ctx)).To(Succeed())
				Expect(tap.names()).To(ContainElement(event))
				Expect(string(tap.bodies[0])).To(ContainSubstring(provoked["conversation_uuid"].(string)))
				for _, body := range tap.bodies {
					Expect(second().Event(event, nil, body)).To(BeEmpty(), "%s", body)
				}
			}
			status, _ = do("/provoke", `{"event":"`+event+`"}`)
			Expect(status).To(Equal(200))
			Expect(c.World().Outbox.Drain(ctx)).To(Succeed())
			status, _ = do("/unsubscribe", `{"target_url":"https://hook.example/"}`)
			Expect(status).To(Equal(200))
		}
		Expect(c.World().Outbox.Drain(ctx)).To(Succeed())
		tap.bodies = nil
		do("/provoke", `{"event":"INBOUND_MESSAGE"}`)
		Expect(c.World().Outbox.Drain(ctx)).To(Succeed())
		Expect(tap.bodies).To(BeEmpty())
	})

	It("never runs out of conversations, in an empty world neither", func() {
		c := start(mock.Options{StartEmpty: true})
		Expect(c.Conversations.Conversation).To(BeEmpty())
		for range 12 {
			for _, event := range center.Events {
				status, answer, _ := c.ask("", "POST", c.Driver+"/provoke", "", `{"event":"`+event+`"}`)
				Expect(status).To(Equal(200), "%v", answer)
			}
		}
	})

	It("delivers over plain HTTP to this machine where that is allowed", func(ctx SpecContext) {
		var got bytes.Buffer
		var mu sync.Mutex
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			_, _ = io.Copy(&got, r.Body)
		}))
		DeferCleanup(server.Close)
		c := start(mock.Options{Readings: []string{"message-id=messageid", "offset=+0000"}})
		status, _, _ := c.ask("", "POST", c.Driver+"/subscribe", "", `{"target_url":"`+server.URL+`","events":["INBOUND_MESSAGE_UPDATED"]}`)
		Expect(status).To(Equal(200))
		status, _, _ = c.ask("", "POST", c.Driver+"/provoke", "", `{"event":"INBOUND_MESSAGE_UPDATED","channel":"GOOGLE_PLAY"}`)
		Expect(status).To(Equal(200))
		Expect(c.World().Outbox.Drain(ctx)).To(Succeed())
		mu.Lock()
		defer mu.Unlock()
		Expect(got.String()).To(And(ContainSubstring(`"messageid":`), ContainSubstring(`+0000"`), Not(ContainSubstring("messageId"))))
	})
})

var _ = Describe("The control API", func() {
	It("lets customers write, edit and delete, and agents begin, decide and hand over", func(ctx SpecContext) {
		tap := &wiretap{}
		c := start(mock.Options{DeliveryTransport: tap})
		control := func(path, body string) object {
			GinkgoHelper()
			status, answer, _ := c.ask("", "POST", c.Origin+"/_parley/conversations/"+path, "", body)
			Expect(status).To(Equal(200), "%v", answer)
			return answer
		}
		_, err := c.World().Center.Subscribe(center.Subscription{Events: center.Events, Profile: center.Profile{URL: "https://hook.example/"}})
		Expect(err).NotTo(HaveOccurred())
		begun := control("inbound", `{"channel":"INSTAGRAM_POST","from":"zoe","text":"Hi"}`)
		conversation, message := begun["conversation_id"].(string), begun["message_id"].(string)
		Expect(control("inbound", `{"channel":"INSTAGRAM_POST","from":"zoe","text":"Anybody?"}`)).To(HaveKeyWithValue("conversation_id", conversation))
		control("edit", `{"message_id":"`+message+`","text":"Hello"}`)
		control("delete", `{"message_id":"`+message+`"}`)
		control("assignment", `{"conversation_id":"`+conversation+`","agent_id":"`+c.Conversations.Agent+`"}`)
		control("assignment", `{"conversation_id":"`+conversation+`","agent_id":null}`)
		control("status", `{"conversation_id":"`+conversation+`","status":"CLOSED"}`)
		control("outbound", `{"channel":"KAKAO_SANGDAM","text":"Hello"}`)
		control("remove", `{"conversation_id":"`+conversation+`"}`)
		Expect(c.World().Outbox.Drain(ctx)).To(Succeed())
		Expect(tap.names()).To(ConsistOf(
			"CONVERSATION_CREATED", "INBOUND_MESSAGE", "INBOUND_MESSAGE", "INBOUND_MESSAGE_UPDATED", "INBOUND_MESSAGE_DELETED",
			"CONVERSATION_ASSIGNMENT_UPDATED", "CONVERSATION_ASSIGNMENT_UPDATED", "CONVERSATION_STATUS_UPDATED", "CONVERSATION_CREATED",
		))
		status, _, _ := c.ask("", "POST", c.Origin+"/_parley/conversations/status", "", `{"conversation_id":"`+conversation+`","status":"OPEN"}`)
		Expect(status).To(Equal(404))
	})
})
