package consumer_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/consumer"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/openapi/webhook"
)

var _ = Describe("A fair consumer conforms", func() {
	DescribeTable("whatever way it goes about it", func(c http.Handler, change ...func(*consumer.Options, *conformance.Options)) {
		if race.Spares(CurrentSpecReport().FullText(), 4) {
			Skip(race.Why)
		}
		report := examine(c, change...)
		Expect(of(report, conformance.Fail)).To(BeEmpty())
		Expect(of(report, conformance.Warn)).To(BeEmpty())
		Expect(of(report, conformance.Errored)).To(BeEmpty())
		Expect(report.Verdict).To(Equal(conformance.Conforms), report.Reason)
	},
		Entry("with 200", &endpoint{}),
		Entry("with 202", &endpoint{status: http.StatusAccepted}),
		Entry("with 204, verifying signatures", &endpoint{status: http.StatusNoContent, secret: secret}, signed),
		Entry("with a body", &endpoint{body: `{"ok": true}`}),
		Entry("with a body of any length", &endpoint{body: strings.Repeat("thanks ", 20_000)}),
		Entry("slowly, but in time", &endpoint{after: 20 * time.Millisecond}),
		Entry("telling events apart by their conversation", &endpoint{key: func(e event) string { return e.Event + e.Data.Conversation.UUID }}),
		Entry("telling what it has kept by conversation", &endpoint{as: func(e event) string { return e.Data.Conversation.UUID }}),
		Entry("telling it by counts", &endpoint{counts: true}),
		Entry("doing its work afterwards", &endpoint{status: http.StatusAccepted, later: 300 * time.Millisecond}),
		Entry("refusing forgeries with 400", &endpoint{refuse: func(_ int, r *http.Request, body string) int {
			if !verifies(r.Header, []byte(body), secret) {
				return http.StatusBadRequest
			}
			return 0
		}}, signed),
		Entry("verifying signatures over the body, in a header of their own", &endpoint{refuse: func(_ int, r *http.Request, body string) int {
			if _, ok := webhook.Match(r.Header, []byte(body), "any secret at all"); !ok || r.Header.Get("X-AssistLoop-Signature") == "" {
				return http.StatusUnauthorized
			}
			return 0
		}}, byBody),
		Entry("failing now and then", &endpoint{refuse: func(n int, _ *http.Request, _ string) int {
			if n%7 == 0 {
				return http.StatusServiceUnavailable
			}
			return 0
		}}),
		Entry("refusing a delivery while the same one is at work", oneByOne(&endpoint{})),
		Entry("of one event alone", &endpoint{refuse: func(_ int, _ *http.Request, body string) int {
			if strings.Contains(body, `new_conversation`) {
				return http.StatusNotFound
			}
			return 0
		}}, func(o *consumer.Options, _ *conformance.Options) { o.Events = []string{"human_handoff_required"} }),
		Entry("that knows one agent alone", &endpoint{refuse: func(_ int, _ *http.Request, body string) int {
			if !strings.Contains(body, `agt_mine`) {
				return http.StatusNotFound
			}
			return 0
		}}, func(o *consumer.Options, _ *conformance.Options) {
			o.Set = map[string]any{"data.agent.uuid": "agt_mine"}
		}),
		Entry("of Conversations", &endpoint{key: func(e event) string { return e.Type + e.id() }},
			func(o *consumer.Options, _ *conformance.Options) {
				o.Events = []string{"CONVERSATION_CREATED", "INBOUND_MESSAGE"}
			}),
	)

	It("without a signature check, when no secret is given, and nothing is said of signatures", func() {
		report := examine(&endpoint{}, unseen)
		Expect(report.Verdict).To(Equal(conformance.Conforms))
		for _, id := range of(report, conformance.Unsupported) {
			Expect(id).To(Or(HavePrefix("signatures/"), HavePrefix("deliveries/")))
		}
	})
})

// oneByOne answers 409 while a delivery of the same event is being taken.
func oneByOne(c *endpoint) http.Handler {
	var mu sync.Mutex
	busy := map[string]bool{}
	take := func(id string, now bool) (was bool) {
		mu.Lock()
		defer mu.Unlock()
		was, busy[id] = busy[id], now
		return was
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("Webhook-Id")
		if id != "" && take(id, true) {
			w.WriteHeader(http.StatusConflict)
			return
		}
		defer take(id, false)
		c.ServeHTTP(w, r)
	})
}

// breaking is an endpoint that answers a status to what a word marks.
func breaking(status int, word string) *endpoint {
	return &endpoint{refuse: func(_ int, _ *http.Request, body string) int {
		if strings.Contains(body, word) {
			return status
		}
		return 0
	}}
}

var _ = Describe("A consumer that breaks a rule is found", func() {
	DescribeTable("by the rule's name", func(handler http.Handler, rule string, change ...func(*consumer.Options, *conformance.Options)) {
		if race.Spares(CurrentSpecReport().FullText(), 4) {
			Skip(race.Why)
		}
		report := examine(handler, append(change, only(rule))...)
		Expect(of(report, conformance.Fail)).To(Equal([]string{rule}))
		Expect(report.Verdict).To(Equal(conformance.DoesNotConform))
		f := finding(report, rule)
		Expect(f.Expected).NotTo(BeEmpty())
		Expect(f.Seen).NotTo(BeEmpty())
		Expect(f.Evidence).NotTo(BeEmpty())
		Expect(f.Curl).To(HavePrefix("curl -i -X POST"))
	},
		Entry("a redirect", breaking(http.StatusFound, "handoff"), "human-handoff-required/documented"),
		Entry("a null", breaking(http.StatusInternalServerError, `"initial_message":null`), "new-conversation/null:data.initial_message"),
		Entry("a value", breaking(http.StatusUnprocessableEntity, `"type":"agent"`), "new-conversation/values:data.initial_message.type"),
		Entry("a form of times", breaking(http.StatusBadRequest, `+02:00`), "new-conversation/timestamps"),
		Entry("a long text", breaking(http.StatusRequestEntityTooLarge, strings.Repeat("Where is my order? Wo ist sie nur geblieben, bitte? ", 100)), "new-conversation/large-text"),
		Entry("a charset", &endpoint{refuse: func(_ int, r *http.Request, _ string) int {
			if r.Header.Get("Content-Type") != "application/json" {
				return http.StatusUnsupportedMediaType
			}
			return 0
		}}, "deliveries/content-type"),
		Entry("JSON that is written otherwise", breaking(http.StatusBadRequest, "\t"), "deliveries/json-forms"),
		Entry("signatures over JSON that it has written itself", reencoding(), "signatures/raw-body", signed),
		Entry("signatures that are no signatures", &endpoint{refuse: func(_ int, r *http.Request, body string) int {
			if r.Header.Get("Webhook-Signature") != "v1," && !verifies(r.Header, []byte(body), secret) {
				return http.StatusUnauthorized
			}
			return 0
		}}, "signatures/malformed", signed),
		Entry("ids that are noted before they are verified", notedFirst(), "signatures/forged-first", signed),
		Entry("ids that are noted before the body is read", notedUnread(), "deliveries/cut-short",
			func(o *consumer.Options, _ *conformance.Options) { o.Backoff = 500 * time.Millisecond }), // so that the broken delivery comes first
		Entry("what it was told and does not keep", &endpoint{key: func(event) string { return "" }}, "deliveries/kept"),
	)

	It("also where signatures are over the body alone, and then nothing is said of their age", func() {
		report := examine(&endpoint{}, byBody, unseen, only("signatures"))
		Expect(of(report, conformance.Fail)).To(ConsistOf("signatures/wrong", "signatures/missing", "signatures/malformed", "signatures/altered-body"))
		Expect(of(report, conformance.Unsupported)).To(ContainElements("signatures/stale", "signatures/altered-id", "signatures/rotated"))
		Expect(finding(report, "signatures/stale").Message).To(ContainSubstring("--signature"))
	})

	It("with a warning for what is only advised", func() {
		report := examine(&endpoint{after: 30 * time.Millisecond}, only("deliveries/prompt"),
			func(o *consumer.Options, _ *conformance.Options) { o.Slow = 10 * time.Millisecond })
		Expect(of(report, conformance.Warn)).To(Equal([]string{"deliveries/prompt"}))
		Expect(report.Verdict).To(Equal(conformance.Conforms))
		report = examine(&endpoint{key: func(e event) string { return e.ID }}, only("deliveries/same-id"))
		Expect(of(report, conformance.Warn)).To(Equal([]string{"deliveries/same-id"}))
	})

	It("without saying anything of refusals when it accepts nothing", func() {
		report := examine(breaking(http.StatusUnauthorized, ""), signed, unseen)
		Expect(of(report, conformance.Fail)).To(ContainElements("signatures/genuine", "new-conversation/documented"))
		Expect(of(report, conformance.Errored)).To(ContainElements("signatures/wrong", "signatures/stale"))
		Expect(finding(report, "signatures/wrong").Message).To(ContainSubstring("a refusal tells nothing"))
	})
})

// reencoding verifies the signature of the JSON that it would have written.
func reencoding() *endpoint {
	return &endpoint{refuse: func(_ int, r *http.Request, body string) int {
		var value any
		_ = json.Unmarshal([]byte(body), &value)
		again, _ := json.Marshal(value)
		if !verifies(r.Header, again, secret) {
			return http.StatusUnauthorized
		}
		return 0
	}}
}

// notedFirst takes an id as known before it looks at the signature, and refuses what it knows.
func notedFirst() *endpoint {
	var mu sync.Mutex
	noted := map[string]bool{}
	return &endpoint{refuse: func(_ int, r *http.Request, body string) int {
		mu.Lock()
		defer mu.Unlock()
		id := r.Header.Get("Webhook-Id")
		known := noted[id]
		noted[id] = true
		if !verifies(r.Header, []byte(body), secret) {
			return http.StatusUnauthorized
		}
		if known {
			return http.StatusConflict
		}
		return 0
	}}
}

// notedUnread refuses an id that it has seen in a header before.
func notedUnread() http.Handler {
	var mu sync.Mutex
	noted := map[string]bool{}
	c := &endpoint{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		id := r.Header.Get("Webhook-Id")
		known := noted[id]
		noted[id] = id != ""
		mu.Unlock()
		if known {
			w.WriteHeader(http.StatusConflict)
			return
		}
		c.ServeHTTP(w, r)
	})
}

var _ = Describe("A run", func() {
	It("ends where nobody is", func() {
		server := httptest.NewServer(nil)
		server.Close()
		report := examineAt(server.URL)
		Expect(report.Verdict).To(Equal(conformance.NotJudged))
		Expect(report.Reason).To(And(HavePrefix("no connection to the endpoint"), ContainSubstring("--to")))
	})

	It("asks for the secret where unsigned deliveries are refused", func() {
		report := examine(&endpoint{secret: secret}, unseen)
		Expect(report.Verdict).To(Equal(conformance.NotJudged))
		Expect(report.Reason).To(ContainSubstring("--secret"))
	})

	It("ends where what was kept is told in no form that is known", func() {
		report := examine(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("all of it")) }))
		Expect(report.Verdict).To(Equal(conformance.NotJudged))
		Expect(report.Reason).To(And(ContainSubstring("a list of ids"), ContainSubstring("--seen")))
	})

	It("gives up on an endpoint that never answers, and says so", func() {
		ended := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-ended:
			case <-r.Context().Done():
			}
		}))
		DeferCleanup(func() {
			close(ended)
			server.Close()
		})
		report := examineAt(server.URL, unseen, func(_ *consumer.Options, options *conformance.Options) { options.Timeout = 300 * time.Millisecond })
		Expect(of(report, conformance.Fail)).To(Equal([]string{"deliveries/answered"}))
		Expect(report.Requests.Total).To(BeNumerically("<", 12))
		Expect(finding(report, "new-conversation/documented").Message).To(ContainSubstring("gave up"))
	})

	It("sends again what is not accepted: four times in all, with the same id and body", func() {
		var mu sync.Mutex
		got := map[string][]string{}
		report := examine(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var body strings.Builder
			_, _ = r.Body, r.Write(&body)
			_, text, _ := strings.Cut(body.String(), "\r\n\r\n")
			mu.Lock()
			defer mu.Unlock()
			got[r.Header.Get("Webhook-Id")] = append(got[r.Header.Get("Webhook-Id")], text)
			w.WriteHeader(http.StatusInternalServerError)
		}), unseen, only("new-conversation/documented"))
		Expect(of(report, conformance.Fail)).To(Equal([]string{"new-conversation/documented"}))
		Expect(finding(report, "new-conversation/documented").Seen).To(Equal("500 Internal Server Error at the last of 4 attempts"))
		var most []string
		for _, bodies := range got {
			if len(bodies) > len(most) {
				most = bodies
			}
		}
		Expect(most).To(HaveLen(4))
		Expect(most).To(HaveEach(most[0]))
	})

	It("follows no redirect", func() {
		var followed bool
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
		DeferCleanup(other.Close)
		report := examine(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect), unseen, only("new-conversation/documented"))
		Expect(report.Verdict).To(Equal(conformance.DoesNotConform))
		Expect(followed).To(BeFalse())
	})

	It("keeps the secret out of its report", func() {
		report := examine(breaking(http.StatusBadRequest, secret[:0]), signed, unseen)
		text, err := json.Marshal(report)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).NotTo(ContainSubstring(secret))
		Expect(string(text)).NotTo(ContainSubstring(strings.TrimPrefix(secret, "whsec_")))
	})
})
