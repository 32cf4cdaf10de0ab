package control_test

import (
	"net/http/httptest"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/receiver"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/journal"
	"github.com/parley-contracts/parley/openapi/driver"
)

var _ = Describe("The driver", func() {
	It("speaks its protocol with a generated client", func(ctx SpecContext) {
		r := newRoom("")
		server := httptest.NewServer(r.handler)
		DeferCleanup(server.Close)
		client, err := driver.NewClientWithResponses(server.URL + "/_parley/driver")
		Expect(err).NotTo(HaveOccurred())

		can, err := client.CapabilitiesWithResponse(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(can.JSON200.Capabilities).To(ConsistOf("provoke", "issue-token", "advance-clock", "subscribe", "unsubscribe"))

		organization, agent, _ := r.worlds.Default().Desk.Example()
		provoked, err := client.ProvokeWithResponse(ctx, driver.Provocation{
			Event: "human_handoff_required", OrganizationUUID: &organization, AgentUUID: &agent,
		})
		Expect(err).NotTo(HaveOccurred())
		Expect(provoked.JSON200.ConversationUUID).To(HaveValue(Not(BeEmpty())))

		issued, err := client.IssueTokenWithResponse(ctx, driver.TokenOrder{Scopes: []string{"read:messages"}})
		Expect(err).NotTo(HaveOccurred())
		Expect(issued.JSON200.TokenType).To(Equal("Bearer"))

		r.worlds.Default().Clock.Freeze()
		before := r.worlds.Default().Clock.Now()
		moved, err := client.AdvanceClockWithResponse(ctx, driver.Advance{Seconds: 60})
		Expect(err).NotTo(HaveOccurred())
		Expect(moved.JSON200).NotTo(BeNil())
		Expect(r.worlds.Default().Clock.Now()).To(Equal(before.Add(time.Minute)))

		absent, err := client.DriverSubscribeWithResponse(ctx, driver.DriverSubscription{})
		Expect(err).NotTo(HaveOccurred())
		Expect(absent.JSON4XX.Message).NotTo(BeEmpty())
	})

	It("issues tokens of accounts of their own, with just the scopes that are asked for", func() {
		r := newRoom("")
		grants := r.worlds.Default().Grants
		accounts := map[string]bool{r.worlds.Default().Desk.Owner().ID: true}
		for _, body := range []string{`{"scopes": ["write:conversations"]}`, `{"scopes": []}`, `{"scopes": ["read:messages", "manage:webhooks"], "expired": false}`} {
			a := r.ask("POST", "/_parley/driver/issue-token", body)
			Expect(a.Status).To(Equal(200))
			g, err := grants.Lookup(a.Body["access_token"].(string))
			Expect(err).NotTo(HaveOccurred())
			Expect(accounts).NotTo(HaveKey(g.Account))
			accounts[g.Account] = true
			Expect(g.Scopes.List()).To(HaveLen(strings.Count(body, ":") - strings.Count(body, ": ")))
			for _, scope := range g.Scopes.List() {
				Expect(body).To(ContainSubstring(scope))
			}
		}
	})

	It("issues tokens that have expired", func() {
		r := newRoom("")
		a := r.ask("POST", "/_parley/driver/issue-token", `{"scopes": ["read:messages"], "expired": true}`)
		Expect(a.Status).To(Equal(200))
		_, err := r.worlds.Default().Grants.Lookup(a.Body["access_token"].(string))
		Expect(err).To(MatchError(ContainSubstring("expired")))
	})

	It("provokes events for the first agent when nobody says for whom", func() {
		r := newRoom("")
		var happened []desk.Event
		r.worlds.Default().Desk.Listen(func(e desk.Event) { happened = append(happened, e) })
		a := r.ask("POST", "/_parley/provoke", `{"event": "new_conversation"}`)
		Expect(a.Status).To(Equal(200))
		Expect(happened).To(HaveLen(1))
		Expect(happened[0].Change).To(HaveField("Conversation.ID", a.Body["conversation_uuid"]))
	})

	It("answers, when it moves the clock, once the retries on the way were attempted", func(ctx SpecContext) {
		r := newRoom("")
		w := r.worlds.Default()
		to, err := receiver.Open(receiver.Options{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(to.Close)
		hook := to.Hook()
		hook.Answer(receiver.First(2, 500))
		organization, agent, _ := w.Desk.Example()
		_, err = w.Desk.Subscribe(desk.Subscription{
			Account: w.Desk.Owner().ID, Organization: organization, Agent: agent, Event: "new_conversation", TargetURL: hook.URL,
		})
		Expect(err).NotTo(HaveOccurred())
		w.Clock.Freeze()
		Expect(r.ask("POST", "/_parley/driver/provoke", `{"event": "new_conversation"}`).Status).To(Equal(200))
		Expect(r.ask("POST", "/_parley/driver/advance-clock", `{"seconds": 3}`).Status).To(Equal(200))
		Expect(hook.Count()).To(Equal(3))

		deliveries := r.ask("GET", "/_parley/journal/deliveries?last=2", "").Body["deliveries"].([]any)
		Expect(deliveries).To(HaveLen(2))
		Expect(deliveries[0]).To(And(HaveKeyWithValue("outcome", string(journal.Delivered)), HaveKeyWithValue("attempt", 3.0)))
		Expect(r.ask("GET", "/_parley/stats", "").Body["outbox"]).To(And(
			HaveKeyWithValue("delivered", 1.0), HaveKeyWithValue("attempts", 3.0), HaveKeyWithValue("waiting", 0.0)))
	})
})

var _ = Describe("The clock", func() {
	It("can be looked at, frozen, moved and resumed", func() {
		r := newRoom("")
		Expect(r.ask("GET", "/_parley/clock", "")).To(answered(200, "frozen", false, "now", HavePrefix("2026-03-01T12:00:")))
		frozen := r.ask("POST", "/_parley/clock/freeze", "")
		Expect(frozen).To(answered(200, "frozen", true))
		Expect(r.ask("GET", "/_parley/clock", "").Body).To(Equal(frozen.Body))
		stood, err := time.Parse(time.RFC3339Nano, frozen.Body["now"].(string))
		Expect(err).NotTo(HaveOccurred())
		Expect(r.ask("POST", "/_parley/clock/advance", `{"seconds": 0.5}`)).To(
			answered(200, "frozen", true, "now", stood.Add(500*time.Millisecond).Format(time.RFC3339Nano)))
		Expect(r.ask("POST", "/_parley/clock/resume", "")).To(answered(200, "frozen", false))
	})

	It("does not go beyond what a timestamp can hold", func() {
		r := newRoom("")
		Expect(r.ask("POST", "/_parley/worlds", `{"name": "late", "now": "9999-12-31T00:00:00Z"}`).Status).To(Equal(201))
		r.world = "late"
		Expect(r.ask("POST", "/_parley/clock/advance", `{"seconds": 100000}`)).To(refused(422, "year 9999"))
	})
})

var _ = Describe("Faults", func() {
	It("can be set, added to, looked at and taken away", func() {
		r := newRoom("")
		Expect(r.ask("GET", "/_parley/faults", "")).To(answered(200, "faults", BeEmpty(), "latency", BeEmpty()))
		Expect(r.ask("PUT", "/_parley/faults", `{"faults": ["reply=503:0.1"]}`)).To(answered(200, "faults", HaveExactElements("reply=503:0.1")))
		Expect(r.ask("POST", "/_parley/faults", `{"latency": ["list=200ms"]}`)).To(
			answered(200, "faults", HaveExactElements("reply=503:0.1"), "latency", HaveExactElements("list=200ms")))
		Expect(r.ask("PUT", "/_parley/faults", `{"faults": ["list=500"]}`)).To(answered(200, "faults", HaveExactElements("list=500:1"), "latency", BeEmpty()))
		Expect(r.ask("PUT", "/_parley/faults", `{"faults": [{"match": {"operation": "reply", "header": {"X-A": "b"}}, "act": {"status": 503}}]}`)).To(
			answered(200, "faults", HaveExactElements(HaveKeyWithValue("match", HaveKeyWithValue("header", HaveKeyWithValue("X-A", "b"))))))
		Expect(r.ask("PUT", "/_parley/faults", `{"profile": "rate-limited", "faults": ["list=500"]}`)).To(
			answered(200, "faults", HaveExactElements("*=429,retry_after=2:every=3", "list=500:1")))
		Expect(r.ask("POST", "/_parley/faults", `{"faults": ["list=500", "repyl=503"]}`).Status).To(Equal(422))
		Expect(r.ask("GET", "/_parley/faults", "")).To(answered(200, "faults", HaveLen(2)))
		Expect(r.ask("DELETE", "/_parley/faults", "").Status).To(Equal(204))
		Expect(r.ask("GET", "/_parley/faults", "")).To(answered(200, "faults", BeEmpty()))
	})
})

var _ = Describe("The journal", func() {
	It("shows the newest requests first", func() {
		r := newRoom("")
		for _, path := range []string{"/v1/a", "/v1/b", "/v1/c"} {
			r.ask("GET", path, "")
		}
		requests := r.ask("GET", "/_parley/journal/requests?last=2", "").Body["requests"]
		Expect(requests).To(HaveExactElements(
			And(HaveKeyWithValue("path", "/v1/c"), HaveKeyWithValue("status", 404.0)), HaveKeyWithValue("path", "/v1/b")))
	})
})
