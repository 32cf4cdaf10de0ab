package gate_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/journal"
)

// trouble puts rules in force.
func (h *house) trouble(rules ...string) {
	GinkgoHelper()
	parsed, _, err := fault.ParseAll(rules, nil)
	Expect(err).NotTo(HaveOccurred())
	Expect(h.world().Faults.Set(parsed, nil)).To(Succeed())
}

func (h *house) latest() journal.Request { return h.world().Journal.Requests(1)[0] }

// serve opens the house to connections, and counts what takes effect.
func (h *house) serve(body string) (url string, effects *atomic.Int32) {
	effects = &atomic.Int32{}
	h.handle = func(w http.ResponseWriter, r *http.Request) {
		effects.Add(1)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body)
	}
	server := httptest.NewServer(h)
	DeferCleanup(server.Close)
	return server.URL, effects
}

// post replies over a connection of its own, and reads the answer.
func (h *house) post(ctx context.Context, url string, headers ...string) (*http.Response, string, error) {
	GinkgoHelper()
	r, err := http.NewRequestWithContext(ctx, "POST", url+reply, strings.NewReader(hello))
	Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Authorization", "Bearer "+h.world().Token)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response, string(text), err
}

var _ = Describe("A fault at the gate", func() {
	var h *house
	BeforeEach(func() { h = open() })

	It("comes before it looks at the token, with the documented body", func() {
		h.trouble("me=503")
		w := h.ask("GET", me, "", "Authorization", "")
		Expect(w.Code).To(Equal(http.StatusServiceUnavailable))
		Expect(refusal(w)).To(ContainSubstring("try again later"))
		Expect(h.latest().Fault).To(Equal("503"))
		Expect(w.Header().Get("Parley-Fault-Applied")).To(Equal("503"))
	})

	It("brings the headers that its status brings in earnest", func() {
		h.trouble("me=429")
		Expect(h.ask("GET", me, "").Header().Get("Retry-After")).To(Equal("60"))
		h.trouble("me=429,retry_after=7")
		w := h.ask("GET", me, "")
		Expect(w.Header().Get("Retry-After")).To(Equal("7"))
		Expect(w.Body.String()).To(MatchJSON(`{"message":"Too Many Attempts.","retry_after":7}`))
		h.trouble("me=401")
		Expect(h.ask("GET", me, "").Header().Get("WWW-Authenticate")).To(HavePrefix("Bearer"))
	})

	It("leaves no trace where none acts", func() {
		h.trouble("me=503:nth=2")
		Expect(h.ask("GET", me, "").Header()).NotTo(HaveKey("Parley-Fault-Applied"))
		Expect(h.latest().Fault).To(BeEmpty())
	})

	It("looks at path, grant, header and body, and leaves the body to be read", func() {
		h.handle = func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }
		h.trouble(`{"match": {"path": "/v1/**/reply", "grant": "issued", "header": {"X-Client": "zap*"}, "body": {"content": "hello"}}, "act": {"status": 503}}`)
		issued, _ := h.world().Grants.Issue("usr", grant.AllScopes, 0)
		ask := func(target, token, client, body string) int {
			return h.ask("POST", target, body, "Authorization", "Bearer "+token, "X-Client", client).Code
		}
		Expect(ask(reply, issued, "zapier", hello)).To(Equal(503))
		Expect(ask("/api"+reply, issued, "zapier", hello)).To(Equal(200))
		Expect(ask(reply, h.world().Token, "zapier", hello)).To(Equal(200))
		Expect(ask(reply, issued, "make", hello)).To(Equal(200))
		w := h.ask("POST", reply, `{"content":"other"}`, "Authorization", "Bearer "+issued, "X-Client", "zapier")
		Expect(w.Code).To(Equal(200))
		Expect(w.Body.String()).To(Equal(`{"content":"other"}`))
	})

	It("knows the fields of a form, too", func() {
		h.trouble(`{"match": {"operation": "token", "body": {"grant_type": "refresh_token"}}, "act": {"status": 503}}`)
		form := func(kind string) int {
			return h.ask("POST", "/oauth/token", "grant_type="+kind, "Content-Type", "application/x-www-form-urlencoded").Code
		}
		Expect(form("refresh_token")).To(Equal(503))
		Expect(form("authorization_code")).To(Equal(400), "this gate has no authorization server")
	})

	It("of latency waits, and then serves", func() {
		h.trouble("me=latency=20ms")
		began := time.Now()
		w := h.ask("GET", me, "")
		Expect(w.Code).To(Equal(http.StatusOK))
		Expect(time.Since(began)).To(BeNumerically(">=", 20*time.Millisecond))
		Expect(w.Header().Get("Parley-Fault-Applied")).To(Equal("latency=20ms"))
		Expect(h.latest().Fault).To(Equal("latency=20ms"))
	})

	It("drops the connection before the request takes effect", func(ctx SpecContext) {
		url, effects := h.serve("{}")
		h.trouble("reply=drop=before")
		_, _, err := h.post(ctx, url)
		Expect(err).To(HaveOccurred())
		Expect(effects.Load()).To(BeZero())
		Expect(h.latest()).To(And(HaveField("Status", 0), HaveField("Fault", "drop=before")))
	})

	It("drops the connection after the request took effect", func(ctx SpecContext) {
		url, effects := h.serve("{}")
		h.trouble("reply=drop=after")
		_, _, err := h.post(ctx, url)
		Expect(err).To(HaveOccurred())
		Expect(effects.Load()).To(BeEquivalentTo(1))
		Expect(h.latest()).To(And(HaveField("Status", 0), HaveField("Fault", "drop=after")))
	})

	It("breaks off within the body", func(ctx SpecContext) {
		url, effects := h.serve(`{"status":"sent"}`)
		h.trouble("reply=body=truncated")
		response, text, err := h.post(ctx, url)
		Expect(err).To(MatchError(io.ErrUnexpectedEOF))
		Expect(response.StatusCode).To(Equal(200))
		Expect(text).To(Equal(`{"status`))
		Expect(effects.Load()).To(BeEquivalentTo(1))
		h.trouble("reply=500,body=truncated")
		response, text, err = h.post(ctx, url)
		Expect(err).To(MatchError(io.ErrUnexpectedEOF))
		Expect(response.StatusCode).To(Equal(500))
		Expect(text).To(HavePrefix(`{"error":`))
	})

	It("leaves the body out", func(ctx SpecContext) {
		url, effects := h.serve(`{"status":"sent"}`)
		h.trouble("reply=body=empty")
		response, text, err := h.post(ctx, url)
		Expect(err).NotTo(HaveOccurred())
		Expect(response.StatusCode).To(Equal(200))
		Expect(text).To(BeEmpty())
		Expect(effects.Load()).To(BeEquivalentTo(1))
	})

	It("lets the body trickle", func(ctx SpecContext) {
		url, _ := h.serve(`{"status":"sent"}`)
		h.trouble("reply=slow_body=60ms")
		began := time.Now()
		response, text, err := h.post(ctx, url)
		Expect(err).NotTo(HaveOccurred())
		Expect(time.Since(began)).To(BeNumerically(">=", 55*time.Millisecond))
		Expect(text).To(Equal(`{"status":"sent"}`))
		Expect(response.Header.Get("Parley-Fault-Applied")).To(Equal("slow_body=60ms"))
	})

	It("does not answer until the time is over, and then drops the connection", func(ctx SpecContext) {
		url, effects := h.serve("{}")
		h.trouble("reply=timeout=30ms")
		_, _, err := h.post(ctx, url)
		Expect(err).To(HaveOccurred())
		Expect(effects.Load()).To(BeZero())
		Expect(h.latest()).To(And(HaveField("Status", 0), HaveField("Duration", BeNumerically(">=", 30*time.Millisecond))))
	})

	DescribeTable("takes no effect for a caller who gives up while it waits", func(ctx SpecContext, rule string) {
		url, effects := h.serve("{}")
		h.trouble(rule)
		impatient, giveUp := context.WithTimeout(ctx, 20*time.Millisecond)
		defer giveUp()
		_, _, err := h.post(impatient, url)
		Expect(err).To(MatchError(context.DeadlineExceeded))
		Eventually(func() []journal.Request { return h.world().Journal.Requests(1) }).Should(HaveLen(1), "long before the wait is over")
		Expect(h.latest().Status).To(BeZero())
		Expect(effects.Load()).To(BeZero())
	},
		Entry("for an answer", "reply=timeout=5m"),
		Entry("out a latency", "reply=latency=5m"),
	)

	Describe("that one request asks for", func() {
		It("by Prefer, is a status of the contract or one of its examples", func() {
			w := h.ask("GET", me, "", "Prefer", "code=503")
			Expect(w.Code).To(Equal(http.StatusServiceUnavailable))
			Expect(w.Header().Get("Preference-Applied")).To(Equal("code=503"))
			Expect(w.Header().Get("Parley-Fault-Applied")).To(Equal("503"))
			w = h.ask("GET", list, "", "Prefer", "example=dropdown")
			Expect(w.Code).To(Equal(http.StatusOK))
			Expect(w.Header().Get("Preference-Applied")).To(Equal("example=dropdown"))
			Expect(w.Body.String()).To(ContainSubstring("user_12345"))
			Expect(h.latest().Fault).To(Equal("example=dropdown"))
		})

		It("by Prefer for what is no error, is served as ever", func() {
			w := h.ask("GET", me, "", "Prefer", "code=200")
			Expect(w.Body.String()).To(Equal(`"served"`))
			Expect(w.Header().Get("Preference-Applied")).To(Equal("code=200"))
		})

		It("by other preferences, is nothing", func() {
			w := h.ask("GET", me, "", "Prefer", "respond-async")
			Expect(w.Code).To(Equal(http.StatusOK))
			Expect(w.Header()).NotTo(HaveKey("Preference-Applied"))
		})

		DescribeTable("and is not to be had, is said", func(status int, message, header, value string) {
			w := h.ask("GET", list, "", header, value)
			Expect(w.Code).To(Equal(status))
			Expect(refusal(w)).To(ContainSubstring(message))
			Expect(w.Header()).NotTo(HaveKey("Preference-Applied"))
		},
			Entry("an unknown status", 404, "Prefer: the contract has no 418 for it", "Prefer", "code=418"),
			Entry("an unknown example", 404, "Prefer: unknown example \"dropdwn\": did you mean dropdown?", "Prefer", "example=dropdwn"),
			Entry("an unknown act", 400, "Parley-Fault: unknown key of act \"dorp\": did you mean drop?", "Parley-Fault", "dorp"),
			Entry("an act on deliveries", 400, "Parley-Fault: ", "Parley-Fault", "duplicate"),
			Entry("a status that the contract has not", 400, "Parley-Fault: the contract has no 418", "Parley-Fault", "418"),
		)

		It("by Parley-Fault, is any act on requests, in place of what rules would do", func(ctx SpecContext) {
			url, effects := h.serve("{}")
			h.trouble("reply=503")
			response, _, err := h.post(ctx, url, "Parley-Fault", `{"status": 429, "retry_after": 3}`)
			Expect(err).NotTo(HaveOccurred())
			Expect(response.StatusCode).To(Equal(429))
			Expect(response.Header.Get("Retry-After")).To(Equal("3"))
			_, _, err = h.post(ctx, url, "Parley-Fault", "drop=after")
			Expect(err).To(HaveOccurred())
			Expect(effects.Load()).To(BeEquivalentTo(1))
			response, _, err = h.post(ctx, url, "Parley-Fault", "latency=1ms..2ms")
			Expect(err).NotTo(HaveOccurred())
			Expect(response.StatusCode).To(Equal(200))
			Expect(response.Header.Get("Parley-Fault-Applied")).To(MatchRegexp(`^latency=1(\.\d+)?ms$`))
		})
	})
})
