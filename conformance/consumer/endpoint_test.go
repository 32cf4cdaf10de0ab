package consumer_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/consumer"
	"github.com/parley-contracts/parley/openapi/webhook"
)

var secret = webhook.NewSecret([]byte("a key of more than 24 bytes"))

// endpoint is a small consumer. The zero value takes everything, unsigned, and keeps each event once.
type endpoint struct {
	secret string
	// status and body are what an accepted delivery gets; 200 and none by default.
	status int
	body   string
	after  time.Duration // how long an answer takes
	// key is what events are told apart by; name and id by default.
	key func(e event) string
	// as is what an event is reported as; its id by default.
	as func(e event) string
	// refuse answers a delivery by itself, if it is not 0.
	refuse func(n int, r *http.Request, body string) int
	// later keeps events when they have been answered.
	later time.Duration
	// counts reports counts instead of a list.
	counts bool

	mu   sync.Mutex
	n    int
	have map[string]bool
	kept []string
}

// event is what the endpoint reads of one.
type event struct {
	ID, Event, Type string
	Data            struct {
		Conversation struct{ UUID string }
	}
	Payload struct {
		ID      string
		Message struct{ ID string }
	}
}

func (e *event) id() string {
	for _, id := range []string{e.ID, e.Payload.ID, e.Payload.Message.ID} {
		if id != "" {
			return id
		}
	}
	return ""
}

func (c *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		c.tell(w)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	c.mu.Lock()
	c.n++
	n := c.n
	c.mu.Unlock()
	var e event
	switch status := c.judge(n, r, string(body)); {
	case status != 0:
		w.WriteHeader(status)
		return
	case json.Unmarshal(body, &e) != nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	time.Sleep(c.after)
	if c.later > 0 {
		time.AfterFunc(c.later, func() { c.keep(e) })
	} else {
		c.keep(e)
	}
	if c.status != 0 {
		w.WriteHeader(c.status)
	}
	_, _ = io.WriteString(w, c.body)
}

func (c *endpoint) judge(n int, r *http.Request, body string) int {
	if c.secret != "" && !verifies(r.Header, []byte(body), c.secret) {
		return http.StatusUnauthorized
	}
	if c.refuse != nil {
		return c.refuse(n, r, body)
	}
	return 0
}

func verifies(h http.Header, body []byte, secret string) bool {
	_, ok := webhook.Match(h, body, secret)
	var seconds int64
	if json.Unmarshal([]byte(h.Get(webhook.HeaderTimestamp)), &seconds) != nil {
		return false
	}
	return ok && time.Since(time.Unix(seconds, 0)).Abs() < 5*time.Minute
}

func (c *endpoint) keep(e event) {
	key, as := e.Event+e.Type+e.id(), e.id()
	if c.key != nil {
		key = c.key(e)
	}
	if c.as != nil {
		as = c.as(e)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.have == nil {
		c.have = map[string]bool{}
	}
	if !c.have[key] {
		c.have[key] = true
		c.kept = append(c.kept, as)
	}
}

func (c *endpoint) tell(w http.ResponseWriter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	counts := map[string]int{}
	for _, id := range c.kept {
		counts[id]++
	}
	if c.counts {
		_ = json.NewEncoder(w).Encode(counts)
		return
	}
	_ = json.NewEncoder(w).Encode(append([]string{}, c.kept...))
}

// examine exercises an endpoint with events of AssistLoop, unless options name events of the other contract.
func examine(handler http.Handler, change ...func(*consumer.Options, *conformance.Options)) conformance.Report {
	GinkgoHelper()
	server := httptest.NewServer(handler)
	DeferCleanup(server.Close)
	return examineAt(server.URL, change...)
}

func examineAt(url string, change ...func(*consumer.Options, *conformance.Options)) conformance.Report {
	GinkgoHelper()
	o := consumer.Options{Backoff: time.Millisecond, Seed: 1, Seen: url}
	options := conformance.Options{Timeout: 5 * time.Second, Patience: 3 * time.Second}
	for _, c := range change {
		c(&o, &options)
	}
	make := consumer.AssistLoop
	for _, name := range o.Events {
		if strings.ToUpper(name) == name {
			make = consumer.Conversations
		}
	}
	source, err := make()
	Expect(err).NotTo(HaveOccurred())
	options.Contract, err = source.Contract(o)
	Expect(err).NotTo(HaveOccurred())
	report, err := conformance.Run(context.Background(), conformance.Target{URL: url}, options)
	Expect(err).NotTo(HaveOccurred())
	return report
}

// byBody has deliveries signed as many services do, over the body alone.
func byBody(o *consumer.Options, _ *conformance.Options) {
	o.Secret = "any secret at all"
	var err error
	o.Scheme, err = webhook.ParseScheme("X-AssistLoop-Signature: sha256={hex}")
	Expect(err).NotTo(HaveOccurred())
}

func signed(o *consumer.Options, _ *conformance.Options) { o.Secret = secret }
func unseen(o *consumer.Options, _ *conformance.Options) { o.Seen = "" }

func only(requirements ...string) func(*consumer.Options, *conformance.Options) {
	return func(_ *consumer.Options, options *conformance.Options) {
		options.Selected = func(id, _, _ string) bool {
			for _, r := range requirements {
				if strings.HasPrefix(id, r) {
					return true
				}
			}
			return false
		}
	}
}

// of lists the requirements that came to an outcome.
func of(r conformance.Report, outcome conformance.Outcome) []string {
	ids := []string{}
	for _, f := range r.Findings {
		if f.Outcome == outcome {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

func finding(r conformance.Report, id string) conformance.Finding {
	GinkgoHelper()
	for _, f := range r.Findings {
		if f.Requirement == id {
			return f
		}
	}
	Fail("no requirement " + id)
	return conformance.Finding{}
}
