package defects_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/openapi/assistloop"
	api "github.com/parley-contracts/parley/openapi/conversations"
	"github.com/parley-contracts/parley/openapi/requirements"
)

func TestDefects(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "defects")
}

func assistLoop() ([]defects.Defect, *requirements.Catalogue) {
	GinkgoHelper()
	contract, err := assistloop.Load()
	Expect(err).NotTo(HaveOccurred())
	all, err := defects.AssistLoop(contract)
	Expect(err).NotTo(HaveOccurred())
	catalogue, err := requirements.AssistLoop(contract)
	Expect(err).NotTo(HaveOccurred())
	return all, catalogue
}

func conversations() ([]defects.Defect, *requirements.Catalogue) {
	GinkgoHelper()
	contract, err := api.Load()
	Expect(err).NotTo(HaveOccurred())
	all, err := defects.Conversations(contract)
	Expect(err).NotTo(HaveOccurred())
	catalogue, err := requirements.Conversations(contract)
	Expect(err).NotTo(HaveOccurred())
	return all, catalogue
}

func named(id string) defects.Defect {
	GinkgoHelper()
	d, err := defects.Find(id)
	Expect(err).NotTo(HaveOccurred())
	return d
}

var _ = Describe("the catalogue of defects of AssistLoop", func() { holds(assistLoop) })
var _ = Describe("the catalogue of defects of Conversations", func() { holds(conversations) })

// holds are the sentences that are true of both.
func holds(loaded func() ([]defects.Defect, *requirements.Catalogue)) {
	It("breaks every requirement that can be observed", func() {
		all, catalogue := loaded()
		broken := map[string]bool{}
		for _, d := range all {
			broken[d.Requirement] = true
		}
		for _, r := range catalogue.All {
			if r.Unobservable == "" {
				Expect(broken).To(HaveKey(r.ID), "no defect breaks it")
			}
		}
	})
	It("names requirements that there are, and says what each defect does", func() {
		all, catalogue := loaded()
		for _, d := range all {
			_, known := catalogue.Lookup(d.Requirement)
			Expect(known).To(BeTrue(), d.ID)
			Expect(d.ID).To(HavePrefix(d.Requirement + "~"))
			Expect(d.Sentence).To(MatchRegexp(`^\S.*\.$`), d.ID)
			Expect(d.Kind).NotTo(BeEmpty(), d.ID)
		}
	})
	It("gives each consequence a reason, and no consequence but to requirements that there are", func() {
		all, catalogue := loaded()
		for _, d := range all {
			for _, c := range d.Consequences {
				Expect(c.Reason).NotTo(BeEmpty(), d.ID)
				beginning, open := strings.CutSuffix(c.Requirement, "*")
				if subject, _, _ := strings.Cut(d.Requirement, "/"); strings.HasPrefix(beginning, subject+"/") {
					continue // said for every operation alike, whatever rules it has
				}
				Expect(slices.ContainsFunc(catalogue.IDs(), func(id string) bool {
					return id == c.Requirement || open && strings.HasPrefix(id, beginning)
				})).To(BeTrue(), d.ID+": "+c.Requirement)
			}
		}
	})
	It("is the same each time", func() {
		once, _ := loaded()
		again, _ := loaded()
		for i := range once {
			Expect(again[i].ID).To(Equal(once[i].ID))
		}
	})
}

// backend answers every path alike, and remembers what reached it.
type backend struct {
	status int
	answer string
	got    []*http.Request
	bodies []string
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.got, b.bodies = append(b.got, r), append(b.bodies, string(body))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(b.status)
	_, _ = io.WriteString(w, b.answer)
}

func ask(h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer main")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func open(id string) *defects.Stage {
	GinkgoHelper()
	stage := named(id).Open()
	stage.Know(defects.Keys{Token: "main", Spare: "spare"})
	return stage
}

var _ = Describe("a defect", func() {
	It("spoils its operation's answers and leaves the others alone", func() {
		b := &backend{status: 200, answer: `{"uuid":"usr_1","name":"Ann","email":null}`}
		h := open("get-me/field:name~dropped").Wrap(b)
		Expect(ask(h, "GET", "/v1/oauth/me", "").Body.String()).To(MatchJSON(`{"uuid":"usr_1","email":null}`))
		Expect(ask(h, "GET", "/any/base/oauth/me", "").Body.String()).To(MatchJSON(`{"uuid":"usr_1","email":null}`))
		Expect(ask(h, "GET", "/v1/my/organizations", "").Body.String()).To(Equal(b.answer))
		Expect(ask(h, "GET", "/elsewhere", "").Body.String()).To(Equal(b.answer))
	})
	It("takes a parameter away before the server sees it", func() {
		b := &backend{status: 200, answer: `[]`}
		ask(open("list-conversations/status-open~ignored").Wrap(b), "GET", "/v1/automation/agents/a1/conversations/list?status=1&per_page=20", "")
		Expect(b.got[0].URL.Query()).To(Equal(url.Values{"per_page": {"20"}}))
	})
	It("does twice what was asked once, the second time with the spare token", func() {
		b := &backend{status: 200, answer: `[{"uuid":"c1","status":true}]`}
		h := open("reply-to-conversation/once~twice").Wrap(b)
		ask(h, "GET", "/v1/automation/agents/a1/conversations/list", "")
		ask(h, "POST", "/v1/automation/conversations/c1/reply", `{"content":"hello"}`)
		Expect(b.bodies[1:]).To(HaveEach(MatchJSON(`{"content":"hello"}`)))
		Expect([]string{b.got[1].Header.Get("Authorization"), b.got[2].Header.Get("Authorization")}).To(ConsistOf("Bearer main", "Bearer spare"))
	})
	It("answers in the server's place where it leaves an effect out", func() {
		b := &backend{status: 200, answer: `[{"uuid":"c1","status":true}]`}
		h := open("close-conversation/closed~left-open").Wrap(b)
		ask(h, "GET", "/v1/automation/agents/a1/conversations/list", "")
		Expect(ask(h, "POST", "/v1/automation/conversations/c1/close", `{"platform":"make"}`).Body.String()).
			To(MatchJSON(`{"status":"conversation_closed","platform":"make"}`))
		Expect(b.got).To(HaveLen(1))
	})
	It("counts requests by the time that the driver moves", func() {
		b := &backend{status: 200, answer: `{}`}
		h := open("rate-limit/per-account~shared").Wrap(b)
		for range 60 {
			Expect(ask(h, "GET", "/v1/oauth/me", "").Code).To(Equal(200))
		}
		Expect(ask(h, "GET", "/v1/oauth/me", "").Code).To(Equal(429))
		ask(h, "POST", "/driver/advance-clock", `{"seconds":61}`)
		Expect(ask(h, "GET", "/v1/oauth/me", "").Code).To(Equal(200))
	})
	It("alters deliveries on their way", func() {
		var sent *http.Request
		var body string
		transport := open("event-new-conversation/field:timestamp~null").Deliver(transport(func(r *http.Request) (*http.Response, error) {
			text, _ := io.ReadAll(r.Body)
			sent, body = r, string(text)
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		}))
		r := httptest.NewRequest("POST", "https://hook.example/x", strings.NewReader(`{"event":"new_conversation","timestamp":"2024-11-12T10:30:00Z"}`))
		_, err := transport.RoundTrip(r)
		Expect(err).NotTo(HaveOccurred())
		Expect(sent.URL.String()).To(Equal("https://hook.example/x"))
		Expect(body).To(MatchJSON(`{"event":"new_conversation","timestamp":null}`))
	})
	It("never panics, whatever the server answers", func() {
		all, _ := assistLoop()
		answers := []string{
			"", "null", "[]", "{}", "7", `[null]`, `[{}]`, `{"data":null}`, `<html>`, `[{"uuid":"c1"},{"uuid":"c2","data":{"conversation":7}}]`, "null", "{}",
		}
		for n, d := range all {
			for i := n % 4; i < len(answers); i += 4 {
				stage := d.Open()
				stage.Know(defects.Keys{Token: "main"})
				h := stage.Wrap(&backend{status: []int{200, 429, 404}[max(0, i-9)], answer: answers[i]})
				for _, call := range calls {
					ask(h, call.method, call.target, call.body)
				}
			}
		}
	})
	It("never panics, whatever the server delivers", func() {
		all, err := defects.All()
		Expect(err).NotTo(HaveOccurred())
		sink := transport(func(r *http.Request) (*http.Response, error) {
			_, _ = io.Copy(io.Discard, r.Body)
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		})
		for _, d := range all {
			over := d.Open().Deliver(sink)
			for _, body := range []string{
				"", "null", "[]", "{}", `{"event":7}`, `{"event":"new_conversation"}`, `{"event":"new_conversation","data":[]}`, `{"type":"CONVERSATION_CREATED"}`,
				`{"type":"CONVERSATION_CREATED","payload":7}`, `{"type":"CONVERSATION_CREATED","payload":{"id":"x","timestamp":"x"}}`,
				`{"type":"INBOUND_MESSAGE_UPDATED","payload":{"message":[]}}`, `{"type":"CONVERSATION_STATUS_UPDATED","payload":{"id":"x","timestamp":"y"}}`,
			} {
				response, err := over.RoundTrip(httptest.NewRequest("POST", "https://hook.example/x", strings.NewReader(body)))
				Expect(err).NotTo(HaveOccurred(), d.ID)
				Expect(response.StatusCode).To(BeElementOf(200, 500), d.ID)
			}
		}
	})
})

var calls = []struct{ method, target, body string }{
	{"GET", "/v1/my/organizations", ""},
	{"GET", "/v1/organizations/o1/agents", ""},
	{"GET", "/v1/automation/agents/a1/conversations/list?per_page=0&status=1", ""},
	{"GET", "/v1/automation/agents/a1/conversations/recent-sample?limit=abc", ""},
	{"GET", "/v1/automation/conversations/c1/messages/find?created_from=x", ""},
	{"POST", "/v1/automation/conversations/c1/reply", `{"content":7}`},
	{"POST", "/v1/automation/conversations/c1/close", `[`},
	{"POST", "/v1/webhooks/subscribe", `{"event":"new_conversation","external_id":{}}`},
	{"DELETE", "/v1/webhooks/unsubscribe/w1", ""},
	{"POST", "/oauth/token", `grant_type=authorization_code&code=x`},
	{"GET", "/v1/oauth/authorize?state=&scope=%20", ""},
	{"PUT", "/v1/oauth/me", ""},
	{"POST", "/driver/issue-token", `{"scopes":null}`},
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
