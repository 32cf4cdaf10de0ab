package assistloop

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/race"
)

// passer has exchanges judged that others had.
type passer struct {
	traffic *conformance.Traffic
	at      time.Time
}

func newPasser() *passer {
	GinkgoHelper()
	contract, err := loaded()
	Expect(err).NotTo(HaveOccurred())
	traffic, err := conformance.NewTraffic(conformance.Target{URL: observedBase}, conformance.Options{Contract: contract})
	Expect(err).NotTo(HaveOccurred())
	return &passer{traffic, time.Date(2024, 11, 12, 10, 30, 0, 0, time.UTC)}
}

const observedBase = "https://api.example.com/v1"

// take has one more judged, a second after the one before.
func (p *passer) take(method, path string, status int, body string, change ...func(*conformance.Exchange)) []string {
	p.at = p.at.Add(time.Second)
	x := &conformance.Exchange{
		Method: method, URL: observedBase + path, Status: status, Body: []byte(body), Sent: p.at, Answered: p.at.Add(time.Millisecond),
		RequestHeader: http.Header{"Authorization": {"Bearer token-of-main"}, "Accept": {"*/*"}}, Header: http.Header{"Content-Type": {"application/json"}},
		Observed: &conformance.Observed{},
	}
	for _, c := range change {
		c(x)
	}
	b := p.traffic.Take(x)
	return append(b.Violations, b.Warnings...)
}

// outcome is that of a requirement, with its message.
func (p *passer) outcome(id string) string {
	GinkgoHelper()
	for _, f := range p.traffic.Report().Findings {
		if f.Requirement == id {
			return strings.TrimSpace(string(f.Outcome) + " " + f.Message)
		}
	}
	Fail("there is no " + id)
	return ""
}

func sending(body string) func(*conformance.Exchange) {
	return func(x *conformance.Exchange) {
		x.RequestBody = []byte(body)
		x.RequestHeader.Set("Content-Type", "application/json")
	}
}

func bare(x *conformance.Exchange) { x.RequestHeader.Del("Authorization") }

func by(token string) func(*conformance.Exchange) {
	return func(x *conformance.Exchange) { x.RequestHeader.Set("Authorization", "Bearer "+token) }
}

func fromHAR(x *conformance.Exchange) { x.Observed.Sanitized = true }

const (
	me      = `{"uuid": "usr_1", "name": "Jane", "email": "jane@example.com"}`
	refusal = `{"error": "Bad request", "message": "No."}`
	list    = "/automation/agents/agt_1/conversations/list"
	find    = "/automation/conversations/conv_1/messages/find"
)

var _ = Describe("The traffic of others", func() {
	It("shows what a single exchange shows", func() {
		p := newPasser()
		Expect(p.take("GET", "/oauth/me", 200, me)).To(BeEmpty())
		Expect(p.outcome("get-me/served")).To(Equal("pass"))
		Expect(p.take("GET", "/oauth/me", 200, `{"uuid": 5}`)).To(ContainElements("get-me/field:uuid", "get-me/field:name"))
		Expect(p.take("GET", "/oauth/me", 400, `oops`)).To(ContainElement("get-me/error-message"))
		Expect(p.take("PUT", "/oauth/me", 200, me)).To(Equal([]string{"get-me/wrong-method"}))
	})

	DescribeTable("concludes nothing from what may have another cause:", func(method, path string, status int, body string, change ...func(*conformance.Exchange)) {
		Expect(newPasser().take(method, path, status, body, change...)).To(BeEmpty())
	},
		Entry("a refusal for want of something", "GET", list, 404, refusal),
		Entry("a lone 5xx", "GET", "/oauth/me", 503, `down`),
		Entry("a lone 5xx to a mistake", "POST", "/webhooks/subscribe", 500, `down`, sending(`{"event": `)),
		Entry("a redirect", "GET", "/oauth/me", 302, ``),
		Entry("a request without a token of whoever has a session", "GET", "/oauth/me", 200, me, bare, func(x *conformance.Exchange) { x.RequestHeader.Set("Cookie", "s=1") }),
		Entry("a request without a token of whoever has a key", "GET", "/oauth/me", 200, me, bare, func(x *conformance.Exchange) { x.RequestHeader.Set("X-Api-Key", "k") }),
		Entry("a request whose headers are not known", "GET", "/oauth/me", 200, me, bare, func(x *conformance.Exchange) { x.Observed.NoRequestHeader = true }),
		Entry("an answer whose body is not known", "GET", "/oauth/me", 200, ``, func(x *conformance.Exchange) { x.Observed.NoBody = true }),
		Entry("a refusal whose body is not known", "GET", "/oauth/me", 401, ``, func(x *conformance.Exchange) { x.Observed.NoBody = true }),
		Entry("an answer whose headers are not known", "GET", "/oauth/me", 200, me, func(x *conformance.Exchange) { x.Header, x.Observed.NoHeader = http.Header{}, true }),
		Entry("a request whose body is not known", "POST", "/webhooks/subscribe", 422, refusal, sending(`{`), func(x *conformance.Exchange) { x.Observed.NoRequestBody = true }),
		Entry("plain http to this machine, which a server for tests may take", "POST", "/webhooks/subscribe", 422, refusal, sending(`{"target_url": "http://127.0.0.1:9000/hook"}`)),
		Entry("a date of a form of its own", "GET", find+"?created_from=1730000000", 200, `[]`),
		Entry("a time with a plus that was not escaped", "GET", find+"?created_from=2024-06-01T00:00:00+02:00", 200, `[]`),
		Entry("a status of a form of its own", "GET", list+"?status=open", 200, `[]`),
		Entry("a page size of a form of its own", "GET", list+"?per_page=1e2", 200, `[]`),
		Entry("a 429 that seems to come early: others may have asked", "GET", "/oauth/me", 429, `{"message": "Too Many Attempts.", "retry_after": 3}`),
		Entry("what browsers ask by themselves", "OPTIONS", list, 204, ``),
	)

	It("knows a 5xx that comes again and again from passing trouble", func() {
		p := newPasser()
		mistake := sending(`{"event": `)
		Expect(p.take("POST", "/webhooks/subscribe", 500, `down`, mistake)).To(BeEmpty())
		Expect(p.take("POST", "/webhooks/subscribe", 500, `down`, mistake)).To(BeEmpty())
		Expect(p.take("POST", "/webhooks/subscribe", 400, refusal, mistake)).To(BeEmpty())
		Expect(p.take("POST", "/webhooks/subscribe", 500, `down`, mistake)).To(BeEmpty(), "it had passed")
		Expect(p.take("POST", "/webhooks/subscribe", 500, `down`, mistake)).To(BeEmpty())
		Expect(p.take("POST", "/webhooks/subscribe", 500, `down`, mistake)).To(ContainElement("subscribe/malformed-json"))

		for range 3 {
			p.take("GET", "/my/organizations", 503, `down`)
		}
		Expect(p.outcome("list-organizations/served")).To(HavePrefix("fail expected a 2xx, seen 503 to list-organizations, and never a 2xx"))
		p.take("GET", "/my/organizations", 200, `[]`)
		Expect(p.outcome("list-organizations/served")).To(Equal("pass"))
		Expect(p.traffic.Report().Notes).To(ContainElement("list-organizations was answered with a 5xx 3 times"))
	})

	It("demands a 401 of a request without a token, where nothing was taken out of it", func() {
		p := newPasser()
		Expect(p.take("GET", "/oauth/me", 200, me, bare)).To(Equal([]string{"get-me/unauthenticated"}))
		Expect(p.take("GET", "/my/organizations", 401, refusal, bare)).To(BeEmpty())
		Expect(p.outcome("list-organizations/unauthenticated")).To(Equal("pass"))

		p = newPasser()
		p.take("GET", "/oauth/me", 200, me, bare, fromHAR)
		Expect(p.outcome("get-me/unauthenticated")).To(HavePrefix("unsupported no request of the traffic has an Authorization header"))
		p.take("GET", "/my/organizations", 200, `[]`, fromHAR)
		Expect(p.outcome("get-me/unauthenticated")).To(HavePrefix("fail"), "the others have theirs")
	})

	It("takes a refusal for one without a cause once the same is served with a token", func() {
		p := newPasser()
		Expect(p.take("GET", list, 404, refusal, bare)).To(BeEmpty())
		Expect(p.take("GET", list, 200, `[]`)).To(Equal([]string{"list-conversations/unauthenticated"}))
	})

	It("finds a rate limit that is not there, token by token, and however the recording is ordered", func() {
		p := newPasser()
		quickly := func(n int, token string) (broken []string) {
			for i := range n {
				broken = append(broken, p.take("GET", "/oauth/me", 200, me, by(token), func(x *conformance.Exchange) {
					x.Sent = p.at.Truncate(time.Hour).Add(time.Duration((i*37)%n) * 100 * time.Millisecond)
					x.Answered = x.Sent
				})...)
			}
			return broken
		}
		Expect(quickly(119, "one")).To(BeEmpty())
		Expect(quickly(119, "two")).To(BeEmpty(), "two accounts with a budget each")
		Expect(quickly(125, "three")).To(Equal([]string{"rate-limit/general-enforced"}), "once for a token")
	})

	It("holds a reply that is found again against what was sent", func() {
		p := newPasser()
		p.take("POST", "/automation/conversations/conv_1/reply", 200, `{"message_id": "msg_7", "status": "sent"}`, sending(`{"content": "Hello {{name}}"}`))
		broken := p.take("GET", find, 200, `[{"id": "msg_7", "uuid": "u7", "content": "Hello Jane", "type": "guest", "responder_type": null, "created_at": "2024-11-12T10:30:00Z"}]`)
		Expect(broken).To(ContainElements("reply-to-conversation/verbatim", "reply-to-conversation/type"))
		Expect(p.take("GET", "/automation/conversations/conv_2/messages/find", 200, `[]`)).To(BeEmpty(), "another conversation's are not its")
	})

	It("keeps accounts apart: a target for tests may have a world for each", func() {
		p := newPasser()
		page := `[{"uuid": "conv_9", "id": "conv_9"}]`
		mine := func(b []string) bool { return strings.Contains(strings.Join(b, " "), "of-agent") }
		Expect(mine(p.take("GET", list, 200, page))).To(BeFalse())
		Expect(mine(p.take("GET", "/automation/agents/agt_2/conversations/list", 200, page, by("other")))).To(BeFalse())
		Expect(mine(p.take("GET", "/automation/agents/agt_2/conversations/list", 200, page))).To(BeTrue())
	})

	It("finds a secret that is shown again, but not what stands in its place in a recording", func() {
		order := sending(`{"event": "new_conversation"}`)
		shown := func(secret string) []string {
			p := newPasser()
			p.take("POST", "/webhooks/subscribe", 200, `{"data": {"id": "w", "secret": "`+secret+`"}, "message": "ok"}`, order)
			return p.take("GET", "/oauth/me", 200, `{"uuid": "u", "name": "`+secret+`", "email": "e"}`)
		}
		Expect(shown("whsec_a1b2c3d4e5f6g7h8i9j0")).To(ContainElement("transport/secret-shown-once"))
		Expect(shown("[secret redacted]")).NotTo(ContainElement("transport/secret-shown-once"))
		Expect(shown("xxxxxxxxxxxxxxxxxxxxxxxx")).NotTo(ContainElement("transport/secret-shown-once"))
	})

	It("blames one filter, and not their combination, where one does not hold alone", func() {
		p := newPasser()
		closed := `[{"uuid": "c", "id": "c", "status": false, "response_mode": "ai"}]`
		p.take("GET", list+"?status=1&response_mode=ai", 200, closed)
		Expect(p.outcome("list-conversations/filters-combine")).To(HavePrefix("fail"))
		p.take("GET", list+"?status=1", 200, closed)
		Expect(p.outcome("list-conversations/status-open")).To(HavePrefix("fail"))
		Expect(p.outcome("list-conversations/filters-combine")).To(HavePrefix("unsupported it cannot be told while"))
	})

	It("stays within bounds, however much of it there is", func() {
		if race.On {
			Skip("the race detector has memory of its own")
		}
		p := newPasser()
		measure := func() uint64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		pass := func(from, to int) {
			filler := strings.Repeat("x", 2000)
			for i := from; i < to; i++ {
				p.take("GET", fmt.Sprintf("/automation/conversations/conv_%d/messages/find", i), 200,
					fmt.Sprintf(`[{"id": "m%d", "uuid": "m%d", "content": "%s", "type": "guest"}]`, i, i, filler), by(fmt.Sprintf("token-%d", i)))
			}
		}
		pass(0, 9000)
		before := measure()
		pass(9000, 15000)
		Expect(measure()).To(BeNumerically("<", before+before/4))
	})
})
