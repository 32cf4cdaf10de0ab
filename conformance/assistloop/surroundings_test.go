package assistloop

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

// HTTP leaves room, too: in headers, in how a body is sent, in how JSON and times are spelt, in caches. None of it is
// held against a target.
func TestNoWayOfHTTPIsHeldAgainstATarget(t *testing.T) {
	i := 0
	for name, around := range waysOfHTTP() {
		i++
		t.Run(name, func(t *testing.T) {
			if race.On && i%4 != 0 {
				t.Skip(race.Why)
			}
			t.Parallel()
			g := NewWithT(t)
			report := surrounded(g, stranger.Plain(), around)
			g.Expect(outcome(report, conformance.Fail, conformance.Errored, conformance.Warn)).To(BeEmpty(), said(report))
			g.Expect(report.Leftovers).To(BeEmpty())
		})
	}
}

func waysOfHTTP() map[string]wrap {
	header := func(name string, values ...string) wrap {
		return changed(func(_ *http.Request, _ []byte, a *httptest.ResponseRecorder) { a.Header()[name] = values })
	}
	return map[string]wrap{
		"a connection for each request": header("Connection", "close"),
		"headers more than once":        header("Set-Cookie", "a=1", "b=2"),
		"HTTP 1.0":                      inHTTP10,
		"gzip":                          compressed,
		"a body in pieces":              inPieces,
		"a content type spelt otherwise": onJSON(func(a *httptest.ResponseRecorder) {
			a.Header().Set("Content-Type", `Application/JSON ; charset="UTF-8"`)
		}),
		"errors as application/problem+json": onJSON(func(a *httptest.ResponseRecorder) {
			if a.Code >= 400 {
				a.Header().Set("Content-Type", "application/problem+json")
			}
		}),
		"JSON on many lines": onJSON(func(a *httptest.ResponseRecorder) {
			var text bytes.Buffer
			if json.Indent(&text, a.Body.Bytes(), "", "\t") == nil {
				text.WriteString("\r\n")
				a.Body = &text
			}
		}),
		"nine digits of a second": spelt(func(text string) string {
			at, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				return text
			}
			return at.UTC().Format("2006-01-02T15:04:05.000000000") + "-00:00"
		}),
		"times in small letters": spelt(strings.ToLower),
		"a date in Retry-After": onJSON(func(a *httptest.ResponseRecorder) {
			if seconds, err := strconv.Atoi(a.Header().Get("Retry-After")); err == nil {
				a.Header().Set("Retry-After", time.Now().Add(time.Duration(seconds)*time.Second).UTC().Format(http.TimeFormat))
			}
		}),
		"OPTIONS served":     optionsServed,
		"lists from a cache": cached(time.Second),
		"redirects with 307": changed(func(_ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
			a.Code = map[bool]int{true: 307, false: a.Code}[a.Code == 302]
		}),
		"a driver of few words":  fewWords,
		"a driver that can more": ableDriver,
		"no expired tokens to be had": changed(func(r *http.Request, body []byte, a *httptest.ResponseRecorder) {
			if strings.HasSuffix(r.URL.Path, "/issue-token") && bytes.Contains(body, []byte(`"expired":true`)) {
				*a = *problem(http.StatusNotImplemented)
			}
		}),
	}
}

// surrounded runs everything against a stranger with something around it.
func surrounded(g *WithT, options stranger.Options, around wrap) conformance.Report {
	s := stranger.New(options)
	defer s.Close()
	server := httptest.NewServer(around(s))
	defer server.Close()
	contract, err := loaded()
	g.Expect(err).NotTo(HaveOccurred())
	ready := s.Ready()
	target := conformance.Target{
		URL: server.URL + ready.Base, Token: ready.Token, Driver: server.URL + ready.Driver,
		ClientID: ready.ClientID, ClientSecret: ready.ClientSecret, RedirectURI: ready.RedirectURI,
	}
	report, err := conformance.Run(context.Background(), target, conformance.Options{Contract: contract, Patience: 5 * time.Second})
	g.Expect(err).NotTo(HaveOccurred())
	return report
}

// changed lets change have the answer before it is sent.
func changed(change func(r *http.Request, body []byte, a *httptest.ResponseRecorder)) wrap {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			a := httptest.NewRecorder()
			next.ServeHTTP(a, r)
			change(r, body, a)
			pass(w, a)
		})
	}
}

func pass(w http.ResponseWriter, a *httptest.ResponseRecorder) {
	for name, values := range a.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(a.Code)
	_, _ = w.Write(a.Body.Bytes())
}

// onJSON changes answers that are JSON.
func onJSON(change func(a *httptest.ResponseRecorder)) wrap {
	return changed(func(_ *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		if strings.HasPrefix(a.Header().Get("Content-Type"), "application/json") {
			change(a)
		}
	})
}

// spelt writes the times of answers in another way.
func spelt(in func(string) string) wrap {
	return onJSON(func(a *httptest.ResponseRecorder) {
		var body any
		if json.Unmarshal(a.Body.Bytes(), &body) != nil {
			return
		}
		respell(body, in)
		text, _ := json.Marshal(body)
		a.Body = bytes.NewBuffer(text)
	})
}

func respell(v any, in func(string) string) {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			respell(inner, in)
		}
	case map[string]any:
		for name, inner := range v {
			if text, ok := inner.(string); ok && (strings.HasSuffix(name, "_at") || name == "timestamp") {
				v[name] = in(text)
			}
			respell(inner, in)
		}
	}
}

func compressed(next http.Handler) http.Handler {
	return changed(func(r *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || a.Body.Len() == 0 {
			return
		}
		var body bytes.Buffer
		z := gzip.NewWriter(&body)
		_, _ = z.Write(a.Body.Bytes())
		_ = z.Close()
		a.Body = &body
		a.Header().Set("Content-Encoding", "gzip")
	})(next)
}

// inHTTP10 answers as old servers do: small headers, no length, and the end of the connection.
func inHTTP10(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := httptest.NewRecorder()
		next.ServeHTTP(a, r)
		conn, out, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer conn.Close()
		fmt.Fprintf(out, "HTTP/1.0 %d %s\r\n", a.Code, http.StatusText(a.Code))
		for name := range a.Header() {
			fmt.Fprintf(out, "%s: %s\r\n", strings.ToLower(name), a.Header().Get(name))
		}
		fmt.Fprintf(out, "\r\n%s", a.Body.Bytes())
		_ = out.Flush()
	})
}

func inPieces(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := httptest.NewRecorder()
		next.ServeHTTP(a, r)
		for name, values := range a.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(a.Code)
		for body := a.Body.Bytes(); len(body) > 0; {
			n := min(len(body), 1+len(body)/3)
			_, _ = w.Write(body[:n])
			w.(http.Flusher).Flush()
			body = body[n:]
		}
	})
}

func optionsServed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions || r.Method == http.MethodHead {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// cached answers a list from memory for a while, whatever was written meanwhile.
func cached(lifetime time.Duration) wrap {
	type entry struct {
		made   time.Time
		answer *httptest.ResponseRecorder
	}
	var mu sync.Mutex
	entries := map[string]entry{}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/conversations/") {
				next.ServeHTTP(w, r)
				return
			}
			key := r.Header.Get("Authorization") + r.URL.String()
			mu.Lock()
			known, ok := entries[key]
			mu.Unlock()
			if !ok || time.Since(known.made) > lifetime {
				known = entry{time.Now(), httptest.NewRecorder()}
				next.ServeHTTP(known.answer, r)
			}
			if known.answer.Code == http.StatusOK {
				mu.Lock()
				entries[key] = known
				mu.Unlock()
			}
			pass(w, known.answer)
		})
	}
}

func driven(r *http.Request) bool { return strings.Contains(r.URL.Path, "/driver") }

// fewWords: a driver may answer with any 2xx, and without a body where nothing is asked of it.
func fewWords(next http.Handler) http.Handler {
	return changed(func(r *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		if driven(r) && a.Code < 300 {
			a.Header().Del("Content-Type")
			a.Code = map[bool]int{true: http.StatusAccepted, false: http.StatusCreated}[a.Body.Len() == 0]
		}
	})(next)
}

// ableDriver has capabilities that the protocol does not know.
func ableDriver(next http.Handler) http.Handler {
	return changed(func(r *http.Request, _ []byte, a *httptest.ResponseRecorder) {
		if driven(r) {
			body := strings.Replace(a.Body.String(), `"capabilities":[`, `"version":2,"capabilities":["time-travel","",`, 1)
			a.Body = bytes.NewBufferString(body)
		}
	})(next)
}
