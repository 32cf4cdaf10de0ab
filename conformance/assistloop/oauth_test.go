package assistloop

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

type changes = func(*conformance.Target, *conformance.Options)

// flow are the requirements of oauth.go, with the shape of a token response.
func flow(id string) bool {
	return strings.HasPrefix(id, "authorize/") || strings.HasPrefix(id, "token/")
}

// endpoint are those of them that need no client.
var endpoint = []string{"token/unknown-code", "token/unknown-refresh-token", "token/malformed"}

// connected judges the flow of a stranger whose client the suite is told.
func connected(options stranger.Options, between wrap, change ...changes) conformance.Report {
	GinkgoHelper()
	return connectedOn(flow, options, between, change...)
}

// connectedOn judges other requirements with the client.
func connectedOn(wanted func(string) bool, options stranger.Options, between wrap, change ...changes) conformance.Report {
	GinkgoHelper()
	var ready stranger.Ready
	learn := func(next http.Handler) http.Handler {
		ready = next.(*stranger.Server).Ready()
		if between != nil {
			return between(next)
		}
		return next
	}
	tell := func(t *conformance.Target, _ *conformance.Options) {
		t.ClientID, t.ClientSecret = ready.ClientID, ready.ClientSecret
	}
	return against(options, learn, wanted, append([]changes{tell}, change...)...)
}

// answering puts another answer in place of those that fit.
func answering(fits func(*http.Request) bool, answer func(w http.ResponseWriter, honest *httptest.ResponseRecorder)) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !fits(r) {
				next.ServeHTTP(w, r)
				return
			}
			honest := httptest.NewRecorder()
			next.ServeHTTP(honest, r)
			answer(w, honest)
		})
	}
}

func calls(method, path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == method && strings.HasSuffix(r.URL.Path, path) }
}

var _ = Describe("the authorization-code flow", func() {
	DescribeTable("passes with every honest stranger", func(v stranger.Variant) {
		sampled(4)
		report := connected(v.Options, nil)
		Expect(outcome(report, conformance.Fail, conformance.Errored)).To(BeEmpty(), said(report))
		if !v.Lapse {
			Expect(outcome(report, conformance.Warn)).To(BeEmpty(), said(report))
		}
		if v.AskConsent {
			Expect(outcome(report, conformance.Pass)).To(ConsistOf(append(slices.Clone(endpoint), "authorize/unregistered-redirect")), said(report))
		}
	}, func() []TableEntry {
		var all []TableEntry
		for _, v := range stranger.Variants() {
			// The others read alike here; they pass in the test of every honest stranger.
			if v.Rule == "" || strings.HasPrefix(v.Rule, "AL-0") || strings.HasPrefix(v.Rule, "AL-1") && len(v.Rule) == 5 {
				all = append(all, Entry(v.ID, v))
			}
		}
		return all
	}())

	It("is judged in all of its requirements", func() {
		for _, options := range []stranger.Options{stranger.Plain(), stranger.Opposite()} {
			report := connected(options, nil)
			Expect(outcome(report, conformance.Unsupported, conformance.Skipped)).To(BeEmpty(), said(report))
			Expect(report.Leftovers).To(BeEmpty())
		}
	})
	It("costs the main account, whose tokens may share its budget, few requests", func() {
		options := stranger.Plain()
		options.NoDriver = true
		var requests []string
		counted := 0
		report := connected(options, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests = append(requests, r.Method+" "+r.URL.Path)
				if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
					counted++
				}
				next.ServeHTTP(w, r)
			})
		})
		Expect(outcome(report, conformance.Fail, conformance.Errored)).To(BeEmpty(), said(report))
		Expect(counted-report.Requests.Main).To(BeNumerically("<=", 9), strings.Join(requests, "\n"))
	})
	It("warns of what an honest stranger leaves out", func() {
		report := connected(stranger.Lax(), nil)
		Expect(outcome(report, conformance.Warn)).To(ConsistOf("authorize/post", "token/exchange-form", "token/refresh-token-issued",
			"token/expires-in", "token/code-once", "token/pkce"), said(report))
	})
	It("needs client credentials for most, and says so", func() {
		report := against(stranger.Plain(), nil, flow)
		Expect(outcome(report, conformance.Pass)).To(ConsistOf(endpoint), said(report))
		Expect(said(report)).To(ContainSubstring("give --client-id and --client-secret"))
	})
	It("writes nothing in a read-only run", func() {
		report := connected(stranger.Plain(), nil, func(_ *conformance.Target, o *conformance.Options) { o.ReadOnly = true })
		Expect(outcome(report, conformance.Fail, conformance.Warn, conformance.Errored)).To(BeEmpty(), said(report))
		Expect(outcome(report, conformance.Pass)).To(ContainElements("token/granted-scopes", "token/default-scopes"), said(report))
	})
	It("tells what an account of nothing leaves open", func() {
		report := connected(stranger.Options{Data: stranger.Nobody}, nil)
		Expect(outcome(report, conformance.Fail, conformance.Warn, conformance.Errored)).To(BeEmpty(), said(report))
		Expect(outcome(report, conformance.Unsupported)).To(ConsistOf("token/granted-scopes", "token/default-scopes"), said(report))
	})
	It("shows no code, token or secret", func() {
		var secrets []string
		report := connected(stranger.Options{Defect: "token-without-type"}, func(next http.Handler) http.Handler {
			secrets = append(secrets, next.(*stranger.Server).Ready().ClientSecret)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer := httptest.NewRecorder()
				next.ServeHTTP(answer, r)
				var body map[string]any
				if json.Unmarshal(answer.Body.Bytes(), &body) == nil {
					for _, name := range []string{"access_token", "refresh_token"} {
						if text, ok := body[name].(string); ok {
							secrets = append(secrets, text)
						}
					}
				}
				for name, values := range answer.Header() {
					w.Header()[name] = values
				}
				w.WriteHeader(answer.Code)
				_, _ = io.Copy(w, answer.Body)
			})
		})
		text, err := json.Marshal(report)
		Expect(err).NotTo(HaveOccurred())
		Expect(outcome(report, conformance.Fail)).NotTo(BeEmpty())
		for _, secret := range secrets {
			Expect(string(text)).NotTo(ContainSubstring(secret))
		}
	})
})

var _ = Describe("a breach of the authorization-code flow", func() {
	DescribeTable("is named", func(defect string, fails, warns []string) {
		sampled(4)
		for _, options := range []stranger.Options{stranger.Plain(), stranger.Opposite()} {
			options.Defect = defect
			report := connected(options, nil)
			Expect(outcome(report, conformance.Fail)).To(ConsistOf(fails), said(report))
			Expect(outcome(report, conformance.Warn)).To(ConsistOf(warns), said(report))
		}
	},
		Entry(nil, "state-dropped", []string{"authorize/state"}, nil),
		Entry(nil, "state-changed", []string{"authorize/state"}, nil),
		Entry(nil, "redirect-unregistered", []string{"authorize/unregistered-redirect"}, nil),
		Entry(nil, "default-scopes-write", []string{"token/default-scopes"}, nil),
		Entry(nil, "default-scopes-short", []string{"token/default-scopes"}, nil),
		Entry(nil, "scope-parameter-ignored", []string{"token/granted-scopes", "token/default-scopes"}, nil),
		Entry(nil, "unknown-code-accepted", []string{"token/unknown-code"}, nil),
		Entry(nil, "code-reusable", nil, []string{"token/code-once"}),
		Entry(nil, "pkce-ignored", nil, []string{"token/pkce"}),
		Entry(nil, "wrong-client-accepted", []string{"token/wrong-client"}, nil),
		Entry(nil, "refresh-fails", []string{"token/refresh"}, nil),
		Entry(nil, "refresh-answers-dead-token", []string{"token/refresh"}, nil),
		Entry(nil, "unknown-refresh-accepted", []string{"token/unknown-refresh-token"}, nil),
		Entry(nil, "token-without-type", []string{"token/field:token_type"}, nil),
		Entry(nil, "token-json-refused", []string{"token/exchange-json"}, nil),
		Entry(nil, "token-form-refused", nil, []string{"token/exchange-form"}),
		Entry(nil, "token-malformed-500", []string{"token/malformed"}, nil),
		Entry(nil, "token-not-at-root", []string{"token/exchange-json"}, nil),
		Entry(nil, "scope-401", []string{"token/granted-scopes", "token/default-scopes"}, nil),
	)
	DescribeTable("is told from what is no breach", func(between wrap, fails, warns, unsupported []string) {
		report := connected(stranger.Plain(), between)
		Expect(outcome(report, conformance.Fail)).To(ConsistOf(fails), said(report))
		Expect(outcome(report, conformance.Warn)).To(ConsistOf(warns), said(report))
		for _, id := range unsupported {
			Expect(outcome(report, conformance.Unsupported)).To(ContainElement(id), said(report))
		}
	},
		Entry("a login page elsewhere", answering(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/oauth/authorize") },
			func(w http.ResponseWriter, _ *httptest.ResponseRecorder) {
				w.Header().Set("Location", "/login?next=https%3A%2F%2Fparley.invalid%2Foauth%2Fcb%2Fapp")
				w.WriteHeader(http.StatusFound)
			}), nil, nil, []string{"authorize/redirect", "authorize/post", "authorize/state", "authorize/unregistered-redirect", "token/usable", "token/body"}),
		Entry("a redirect without a code", answering(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/oauth/authorize") },
			func(w http.ResponseWriter, _ *httptest.ResponseRecorder) {
				w.Header().Set("Location", documentedRedirect+"?state=x")
				w.WriteHeader(http.StatusFound)
			}), []string{"authorize/redirect"}, nil, nil),
		Entry("a page of JSON in place of a redirect", answering(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/oauth/authorize") },
			func(w http.ResponseWriter, _ *httptest.ResponseRecorder) { _, _ = w.Write([]byte("{}")) }),
			[]string{"authorize/redirect"}, nil, nil),
		Entry("a login page for POST", answering(calls("POST", "/oauth/authorize"), func(w http.ResponseWriter, _ *httptest.ResponseRecorder) {
			w.WriteHeader(http.StatusUnauthorized)
		}), nil, nil, []string{"authorize/post"}),
	)
})
