package conformance

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi"
)

// sessionWith talks to a handler, with two operations: one looks, one writes.
func sessionWith(handler http.HandlerFunc) *Session {
	ginkgo.GinkgoHelper()
	server := httptest.NewServer(handler)
	ginkgo.DeferCleanup(server.Close)
	o := Options{Contract: Contract{
		Operations: []openapi.Operation{
			{ID: "look", Method: "GET", Path: "/look/{id}", Limit: "general"},
			{ID: "write", Method: "POST", Path: "/write", Limit: "close"},
		},
		Limits: []openapi.Limit{{Name: "general", Requests: 60, Per: time.Minute}, {Name: "close", Requests: 10, Per: time.Minute}},
		Shown:  func(field string) bool { return field == "id" },
	}}
	o.defaults()
	s, err := NewSession(Target{URL: server.URL + "/v1", Token: "token-of-the-test"}, o)
	Expect(err).NotTo(HaveOccurred())
	return s
}

var _ = ginkgo.Describe("A request", func() {
	ginkgo.It("goes to the operation's path with the account's token and counts on its account", func() {
		s := sessionWith(func(w http.ResponseWriter, r *http.Request) {
			Expect(r.URL.EscapedPath()).To(Equal("/v1/look/a%2Fb"))
			Expect(r.Header.Get("Authorization")).To(Equal("Bearer token-of-the-test"))
		})
		x := s.Do(context.Background(), Request{Operation: "look", Account: s.Main, Path: map[string]string{"id": "a/b"}})
		Expect(x.Status).To(Equal(200))
		Expect(s.Ledger.Count(s.Main)).To(Equal(1))
	})

	ginkgo.It("is tried twice more after a 5xx, and what passes is a note", func() {
		var n atomic.Int32
		s := sessionWith(func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) < 3 {
				w.WriteHeader(503)
			}
		})
		x := s.Do(context.Background(), Request{Operation: "look", Account: s.Main, Path: map[string]string{"id": "1"}})
		Expect(x.Status).To(Equal(200))
		Expect(n.Load()).To(Equal(int32(3)))
		Expect(s.Log.Notes()).NotTo(BeEmpty())
	})

	ginkgo.It("keeps a 5xx that persists", func() {
		s := sessionWith(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) })
		x := s.Do(context.Background(), Request{Operation: "look", Account: s.Main, Path: map[string]string{"id": "1"}})
		Expect(x.Status).To(Equal(500))
		Expect(s.Ledger.Count(s.Main)).To(Equal(3))
	})

	ginkgo.It("that writes is not sent again when it took effect all the same", func() {
		var n atomic.Int32
		s := sessionWith(func(w http.ResponseWriter, r *http.Request) { n.Add(1); w.WriteHeader(503) })
		s.Do(context.Background(), Request{Operation: "write", Account: s.Main, Expect2xx: true, Landed: func() bool { return true }})
		Expect(n.Load()).To(Equal(int32(1)))
	})

	ginkgo.It("that writes is sent again when it is known not to have", func() {
		var n atomic.Int32
		s := sessionWith(func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) == 1 {
				w.WriteHeader(503)
			}
		})
		x := s.Do(context.Background(), Request{Operation: "write", Account: s.Main, Expect2xx: true, Landed: func() bool { return false }})
		Expect(x.OK()).To(BeTrue())
		Expect(x.Troubled).To(BeTrue())
	})

	ginkgo.It("waits out a rate limit and tells which it waited for", func() {
		var n atomic.Int32
		s := sessionWith(func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) == 1 {
				w.WriteHeader(429)
				_, _ = w.Write([]byte(`{"message": "Too Many Attempts.", "retry_after": 0}`))
			}
		})
		x := s.Do(context.Background(), Request{Operation: "look", Account: s.Main, Path: map[string]string{"id": "1"}})
		Expect(x.Status).To(Equal(200))
		Expect(x.AfterLimit).NotTo(BeNil())
		Expect(x.AfterLimit.Status).To(Equal(429))
	})

	ginkgo.It("does not follow a redirect with its token", func() {
		s := sessionWith(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/elsewhere") {
				ginkgo.Fail("the redirect was followed")
			}
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		})
		x := s.Do(context.Background(), Request{Operation: "look", Account: s.Main, Path: map[string]string{"id": "1"}})
		Expect(x.Status).To(Equal(http.StatusFound))
	})

	ginkgo.It("is lost where nobody listens, with a reason", func() {
		s := sessionWith(func(http.ResponseWriter, *http.Request) {})
		s.base = "http://127.0.0.1:1"
		x := s.Do(context.Background(), Request{Operation: "look", Account: s.Main, Path: map[string]string{"id": "1"}})
		Expect(x.Status).To(BeZero())
		Expect(x.Lost).To(HaveOccurred())
	})
})

var _ = ginkgo.Describe("What a report shows", func() {
	var s *Session
	var shown *show
	ginkgo.BeforeEach(func() {
		s = sessionWith(func(http.ResponseWriter, *http.Request) {})
		shown = newShow(s)
	})

	ginkgo.It("is identifiers and what the suite wrote; other texts become their length", func() {
		s.Own("a reply of ours")
		text := shown.body([]byte(`{"id": "c1", "name": "Jane Smith", "content": "a reply of ours", "n": 7, "ok": true, "none": null}`), false, "")
		Expect(text).To(ContainSubstring(`"id":"c1"`))
		Expect(text).To(ContainSubstring("a reply of ours"))
		Expect(text).To(ContainSubstring("of 10 characters"))
		Expect(text).NotTo(ContainSubstring("Jane"))
	})

	ginkgo.It("is no number that may be somebody's", func() {
		Expect(shown.body([]byte(`{"id": 12345678, "name": 4930123456, "n": 12345}`), false, "")).To(MatchRegexp(`^\{"id":12345678,"n":12345,"name":"<number of 10 characters #\w{6}>"\}$`))
	})

	ginkgo.It("of a long list is what the finding is about, by its place or by an id", func() {
		var items []string
		for i := range 100 {
			items = append(items, fmt.Sprintf(`{"id":"conversation-%04d","status":true}`, i))
		}
		list := []byte("[" + strings.Join(items, ",") + "]")
		Expect(shown.body(list, false, "a string at /17/status, seen number")).To(Equal(`["… 17 more",` + items[17] + `,"… 82 more"]`))
		Expect(shown.body(list, false, "each once, seen conversation-0000 beside conversation-0099")).To(Equal(`[` + items[0] + `,"… 98 more",` + items[99] + `]`))
		Expect(shown.body(list, false, "ai, seen human")).To(And(HavePrefix("["+items[0]+","+items[1]), HaveSuffix("bytes in all)")))
	})

	ginkgo.It("keeps the fields of a token request, and hides what they hold unless the suite made it up", func() {
		s.Own("made-up")
		for body, want := range map[string]string{
			`{"code":"c0de","client_id":"id","refresh_token":"made-up"}`: `{"client_id":"id","code":"…","refresh_token":"made-up"}`,
			"code=c0de&client_id=id":                                     "client_id=id&code=…",
			`{"code": "c0de", "client_id`:                                "…",
			`{"content":"the code is free"}`:                             `{"content":"the code is free"}`,
		} {
			Expect(shown.requestBody(&Exchange{RequestBody: []byte(body)})).To(Equal(want))
		}
	})

	ginkgo.It("never is a secret, whatever field it stands in", func() {
		s.Hide("sesame-sesame")
		Expect(shown.body([]byte(`{"id": "sesame-sesame", "secret": "other", "access_token": "x"}`), false, "")).To(Equal(`{"access_token":"***","id":"***","secret":"***"}`))
		Expect(shown.clean("it was sesame-sesame")).To(Equal("it was ***"))
	})

	ginkgo.It("is nothing of a body that is no JSON", func() {
		Expect(shown.body([]byte("Dear Jane, your order"), false, "")).NotTo(ContainSubstring("Jane"))
	})

	ginkgo.It("repeats a request as a curl line without its token", func() {
		x := s.Do(context.Background(), Request{Operation: "write", Account: s.Main, JSON: map[string]string{"content": "it's"}})
		line := shown.curl(x)
		Expect(line).To(HavePrefix("curl -i -X POST 'http://127.0.0.1:"))
		Expect(line).To(ContainSubstring(`"Authorization: Bearer $PARLEY_TOKEN"`))
		Expect(line).To(ContainSubstring(`--data-raw '{"content":"it'\''s"}'`))
		Expect(line).NotTo(ContainSubstring("token-of-the-test"))
	})
})

var _ = ginkgo.Describe("The budget", func() {
	ginkgo.DescribeTable("says when one more request stays within a limit", func(sent int, want time.Duration) {
		l := newLedger()
		a := &Account{}
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range sent {
			l.open(a, "general", start.Add(time.Duration(i)*time.Second))
		}
		now := start.Add(20 * time.Second)
		Expect(l.next(a, "general", 10, time.Minute, true, now).Sub(now)).To(Equal(want))
	},
		ginkgo.Entry("at once while there is room", 9, time.Duration(0)),
		ginkgo.Entry("a minute after the oldest of ten", 10, 40*time.Second),
		ginkgo.Entry("a minute after the tenth last", 12, 42*time.Second),
	)
})
