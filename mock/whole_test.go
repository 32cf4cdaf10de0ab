package mock_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/oauth2"

	"github.com/parley-contracts/parley/mock"
)

var _ = Describe("The whole mock, over HTTP", func() {
	var c *client
	BeforeEach(func() { c = start(mock.Options{Seed: 7, RateLimit: "off", AutoConsent: true}) })

	It("tells who the ready token is", func() {
		Expect(c.get("/oauth/me")).To(HaveKeyWithValue("uuid", c.World().Desk.Owner().ID))
	})

	It("lists organizations, agents and conversations that belong together", func() {
		Expect(c.get("/my/organizations")).To(ContainElement(HaveKeyWithValue("organization_uuid", c.Organization)))
		Expect(c.get("/organizations/" + c.Organization + "/agents")).To(ContainElement(HaveKeyWithValue("agent_uuid", c.Agent)))
		Expect(c.list("")).To(ContainElement(HaveKeyWithValue("uuid", c.Conversation)))
		Expect(c.find("")).NotTo(BeEmpty())
		Expect(c.get("/automation/agents/" + c.Agent + "/conversations/recent-sample?limit=1&type=human_handoff_required")).
			To(HaveLen(1))
	})

	It("replies, and finds the reply", func() {
		path := "/automation/conversations/" + c.Conversation + "/reply"
		text := "Merhaba \U0001F600\n\"quoted\" <b>"
		status, answer, _ := c.call("POST", path, object{"content": text})
		Expect(status).To(Equal(http.StatusOK))
		Expect(answer).To(HaveKeyWithValue("status", "sent"))
		newest := c.find("")[0].(object)
		Expect(newest).To(HaveKeyWithValue("content", text))
		Expect(answer.(object)["message_id"]).To(BeElementOf(newest["id"], newest["uuid"]))
		Expect(c.list("?response_mode=human")).To(ContainElement(HaveKeyWithValue("uuid", c.Conversation)))
	})

	It("closes, and lists the conversation as closed", func() {
		status, answer, _ := c.call("POST", "/automation/conversations/"+c.Conversation+"/close", object{"platform": "make"})
		Expect(status).To(Equal(http.StatusOK))
		Expect(answer).To(Equal(object{"status": "conversation_closed", "platform": "make"}))
		Expect(c.list("?status=0")).To(ContainElement(HaveKeyWithValue("uuid", c.Conversation)))
		Expect(c.list("?status=1")).NotTo(ContainElement(HaveKeyWithValue("uuid", c.Conversation)))
	})

	It("delivers an event to its subscriber, and nothing after unsubscribing", func(ctx SpecContext) {
		received := make(chan []byte, 10)
		receiver := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			received <- body
		}))
		DeferCleanup(receiver.Close)
		status, answer, _ := c.call("POST", "/webhooks/subscribe", object{
			"organization_uuid": c.Organization, "agent_uuid": c.Agent, "target_url": receiver.URL,
			"event": "new_conversation", "platform": "make",
		})
		Expect(status).To(Equal(http.StatusOK))
		subscription := answer.(object)["data"].(object)
		Expect(subscription["secret"]).NotTo(BeEmpty())

		id, err := c.World().Desk.Provoke("new_conversation", c.Organization, c.Agent)
		Expect(err).NotTo(HaveOccurred())
		var body []byte
		Eventually(ctx, received).Should(Receive(&body))
		Expect(string(body)).To(ContainSubstring(id))

		status, answer, _ = c.call("DELETE", "/webhooks/unsubscribe/"+subscription["id"].(string), nil)
		Expect(status).To(Equal(http.StatusOK))
		Expect(answer).To(HaveKeyWithValue("data", BeNil()))
		_, err = c.World().Desk.Provoke("new_conversation", c.Organization, c.Agent)
		Expect(err).NotTo(HaveOccurred())
		Expect(c.World().Outbox.Drain(ctx)).To(Succeed())
		Expect(received).NotTo(Receive())
	}, SpecTimeout(10*time.Second))

	DescribeTable("does not find what is not there", func(method, path string, body any) {
		status, answer, _ := c.call(method, path, body)
		Expect(status).To(Equal(http.StatusNotFound))
		Expect(answer).To(And(HaveKey("error"), HaveKey("message")))
	},
		Entry("an organization", "GET", "/organizations/none/agents", nil),
		Entry("an agent's conversations", "GET", "/automation/agents/none/conversations/list", nil),
		Entry("an agent's samples", "GET", "/automation/agents/none/conversations/recent-sample", nil),
		Entry("a conversation's messages", "GET", "/automation/conversations/none/messages/find", nil),
		Entry("a conversation to reply to", "POST", "/automation/conversations/none/reply", object{"content": "x"}),
		Entry("a conversation to close", "POST", "/automation/conversations/none/close", object{"platform": "make"}),
		Entry("a subscription", "DELETE", "/webhooks/unsubscribe/none", nil),
	)

	DescribeTable("refuses a subscription with", func(status int, name string, value any) {
		subscription := object{
			"organization_uuid": c.Organization, "agent_uuid": c.Agent, "target_url": "https://hook.example/x",
			"event": "new_conversation", "platform": "make",
		}
		if subscription[name] = value; value == nil {
			delete(subscription, name)
		}
		got, answer, _ := c.call("POST", "/webhooks/subscribe", subscription)
		Expect(got).To(Equal(status))
		Expect(answer).To(HaveKeyWithValue("message", Not(BeEmpty())))
	},
		Entry("no platform", 400, "platform", nil),
		Entry("an http target elsewhere than here", 422, "target_url", "http://hook.example/x"),
		Entry("a target that is no URL", 422, "target_url", "hook"),
		Entry("an unknown event", 422, "event", "closed"),
		Entry("an unknown agent", 404, "agent_uuid", "none"),
		Entry("an unknown organization", 404, "organization_uuid", "none"),
	)

	It("gives a client library a token by the code flow with PKCE, and the token opens the account", func(ctx SpecContext) {
		config := oauth2.Config{
			ClientID: c.ClientID, ClientSecret: c.ClientSecret, RedirectURL: "http://127.0.0.1:9/callback",
			Endpoint: oauth2.Endpoint{AuthURL: c.BaseURL + "/oauth/authorize", TokenURL: c.Origin + "/oauth/token"},
		}
		verifier := oauth2.GenerateVerifier()
		browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		response, err := browser.Get(config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)))
		Expect(err).NotTo(HaveOccurred())
		response.Body.Close()
		location, err := url.Parse(response.Header.Get("Location"))
		Expect(err).NotTo(HaveOccurred())
		token, err := config.Exchange(ctx, location.Query().Get("code"), oauth2.VerifierOption(verifier))
		Expect(err).NotTo(HaveOccurred())

		c.token = token.AccessToken
		Expect(c.get("/oauth/me")).To(HaveKeyWithValue("uuid", c.World().Desk.Owner().ID))
		status, _, _ := c.call("POST", "/automation/conversations/"+c.Conversation+"/reply", object{"content": "x"})
		Expect(status).To(Equal(http.StatusForbidden), "the default scopes cannot write")

		Expect(c.World().Clock.Advance(context.Background(), time.Hour)).To(Succeed())
		status, _, _ = c.call("GET", "/oauth/me", nil)
		Expect(status).To(Equal(http.StatusUnauthorized))
	})

	It("shows another account none of the owner's things", func() {
		stranger := c.World().Desk.AddAccount()
		c.token, _ = c.World().Grants.Issue(stranger.ID, 0xf, 0)
		Expect(c.get("/my/organizations")).NotTo(ContainElement(HaveKeyWithValue("organization_uuid", c.Organization)))
		status, _, _ := c.call("GET", "/automation/agents/"+c.Agent+"/conversations/list", nil)
		Expect(status).To(Equal(http.StatusNotFound))
	})
})

var _ = Describe("Two mocks of one seed and time", func() {
	It("are the same, byte for byte", func() {
		o := mock.Options{Seed: 3, Now: time.Date(2025, 5, 6, 7, 8, 9, 0, time.UTC)}
		one, two := start(o), start(o)
		Expect(one.Token).To(Equal(two.Token))
		Expect(one.list("?per_page=100")).To(Equal(two.list("?per_page=100")))
		Expect(one.find("?per_page=100")).To(Equal(two.find("?per_page=100")))
	})
})

var _ = Describe("The options of a mock", func() {
	DescribeTable("are refused with what was expected", func(o mock.Options, message string) {
		_, err := mock.New(o)
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("a negative number", mock.Options{Conversations: -1}, "conversations: expected 0 to"),
		Entry("too many messages", mock.Options{Messages: 1 << 40}, "messages: expected 0 to"),
		Entry("an empty world of a thousand", mock.Options{StartEmpty: true, Conversations: 1000}, "starts empty"),
		Entry("a time before the epoch", mock.Options{Now: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)}, "a year from 1970"),
		Entry("a rate limit", mock.Options{RateLimit: "60"}, "rate limit"),
		Entry("a fault", mock.Options{Faults: []string{"repyl=503"}}, "did you mean reply?"),
		Entry("a latency", mock.Options{Latency: []string{"list"}}, "expected OPERATION=DURATION"),
		Entry("too few worlds", mock.Options{MaxWorlds: -1}, "worlds"),
	)

	It("can begin a world without conversations", func() {
		c := start(mock.Options{StartEmpty: true})
		Expect(c.Conversation).To(BeEmpty())
		Expect(c.list("")).To(BeEmpty())
	})

	It("can set the rate limit", func() {
		c := start(mock.Options{RateLimit: "general=2/1m"})
		c.get("/oauth/me")
		c.get("/oauth/me")
		status, answer, headers := c.call("GET", "/oauth/me", nil)
		Expect(status).To(Equal(http.StatusTooManyRequests))
		Expect(answer).To(HaveKeyWithValue("message", "Too Many Attempts."))
		Expect(headers.Get("Retry-After")).NotTo(BeEmpty())
	})

	It("can bring faults", func() {
		c := start(mock.Options{Faults: []string{"me=503"}})
		status, _, _ := c.call("GET", "/oauth/me", nil)
		Expect(status).To(Equal(http.StatusServiceUnavailable))
	})
})
