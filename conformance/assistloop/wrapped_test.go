package assistloop

import (
	"bytes"
	"context"
	"errors"
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

// wrap puts something between the suite and a stranger whose main token it is told.
type wrap func(next http.Handler) http.Handler

// against judges a stranger by the requirements that are wanted.
func against(options stranger.Options, between wrap, wanted func(id string) bool, change ...func(*conformance.Target, *conformance.Options)) conformance.Report {
	GinkgoHelper()
	s := stranger.New(options)
	defer s.Close()
	var handler http.Handler = s
	if between != nil {
		handler = between(s)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	contract, err := loaded()
	Expect(err).NotTo(HaveOccurred())
	target := conformance.Target{URL: server.URL + s.Ready().Base, Token: s.Ready().Token}
	if s.Ready().Driver != "" {
		target.Driver = server.URL + s.Ready().Driver
	}
	o := conformance.Options{Contract: contract, Selected: func(id, _, _ string) bool { return wanted(id) }}
	for _, c := range change {
		c(&target, &o)
	}
	report, err := conformance.Run(context.Background(), target, o)
	Expect(err).NotTo(HaveOccurred())
	return report
}

// outcome lists the requirements that were selected and came out so.
func outcome(report conformance.Report, outcomes ...conformance.Outcome) []string {
	var ids []string
	for _, f := range report.Findings {
		if slices.Contains(outcomes, f.Outcome) && f.Message != "not selected" {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

// said is every message of a report, for a test that fails.
func said(report conformance.Report) string {
	var all []string
	for _, f := range report.Findings {
		if f.Message != "" && f.Message != "not selected" {
			all = append(all, string(f.Outcome)+" "+f.Requirement+": "+f.Message)
		}
	}
	return strings.Join(all, "\n")
}

// kindOf names what a check's verdict is.
func kindOf(err error) string {
	var breach *conformance.Breach
	var gap *conformance.Gap
	switch {
	case err == nil:
		return "pass"
	case errors.As(err, &breach):
		return "breach"
	case errors.As(err, &gap):
		return "gap"
	}
	return "trouble"
}

// meddle answers requests of the API as a target with a fault of its own would: change gets the honest answer to
// a request that did not come from the main account, and a way to ask the same as the main account.
func meddle(change func(r *http.Request, honest *httptest.ResponseRecorder, asMain func() *httptest.ResponseRecorder) *httptest.ResponseRecorder) wrap {
	return func(next http.Handler) http.Handler {
		main := next.(*stranger.Server).Ready().Token
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			ask := func(token string) *httptest.ResponseRecorder {
				again := r.Clone(r.Context())
				again.Body = io.NopCloser(bytes.NewReader(body))
				if token != "" {
					again.Header.Set("Authorization", "Bearer "+token)
				}
				answer := httptest.NewRecorder()
				next.ServeHTTP(answer, again)
				return answer
			}
			answer := ask("")
			if token := r.Header.Get("Authorization"); token != "" && token != "Bearer "+main {
				answer = change(r, answer, func() *httptest.ResponseRecorder { return ask(main) })
			}
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
		})
	}
}

func problem(status int) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	answer.Header().Set("Content-Type", "application/json")
	answer.WriteHeader(status)
	_, _ = answer.WriteString(`{"error":"refused","message":"No."}`)
	return answer
}

// closedDoor answers every token but the main account's with a status.
func closedDoor(status int) wrap {
	return meddle(func(*http.Request, *httptest.ResponseRecorder, func() *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		return problem(status)
	})
}

// resourceFirst is a target that looks for a subscription before it looks at scopes, and, if thorough, for agents
// and conversations, too.
func resourceFirst(thorough bool) wrap {
	return meddle(func(r *http.Request, honest *httptest.ResponseRecorder, asMain func() *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		switch {
		case honest.Code != http.StatusForbidden:
		case r.Method == http.MethodDelete:
			return problem(http.StatusNotFound)
		case r.Method == http.MethodGet && thorough && asMain().Code == http.StatusNotFound:
			return problem(http.StatusNotFound)
		}
		return honest
	})
}

// heedless does what it refuses, where the main account could have asked for it.
func heedless(path string) wrap {
	return meddle(func(r *http.Request, honest *httptest.ResponseRecorder, asMain func() *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if honest.Code >= 400 && strings.Contains(r.URL.Path, path) {
			asMain()
		}
		return honest
	})
}

// talkative refuses, and shows what it refuses to show.
func talkative(path string) wrap {
	return meddle(func(r *http.Request, honest *httptest.ResponseRecorder, asMain func() *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if honest.Code < 400 || !strings.HasSuffix(r.URL.Path, path) {
			return honest
		}
		answer := httptest.NewRecorder()
		answer.Header().Set("Content-Type", "application/json")
		answer.WriteHeader(honest.Code)
		_, _ = answer.WriteString(`{"error":"refused","message":"Not yours.","data":` + asMain().Body.String() + `}`)
		return answer
	})
}

// watched records the requests that a target gets.
func watched(requests *[]string) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			*requests = append(*requests, r.Method+" "+r.URL.Path)
			next.ServeHTTP(w, r)
		})
	}
}
