package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/mock/mocktest/integration"
	"github.com/parley-contracts/parley/openapi/webhook"
)

var hookSecret = webhook.NewSecret([]byte("twenty-four bytes of key"))

// ledger is an integration's store, with the trouble that stores have: now and then it cannot keep an event at first.
// It tells what it has kept.
type ledger struct {
	integration.Store

	mu      sync.Mutex
	tried   map[string]int // by key
	kept    []string
	trouble int // every how many events
}

func newLedger(trouble int) *ledger {
	return &ledger{Store: integration.NewMemory(), tried: map[string]int{}, kept: []string{}, trouble: trouble}
}

func (l *ledger) Keep(e integration.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tried[e.Key]++; l.trouble > 0 && l.tried[e.Key] == 1 && len(l.tried)%l.trouble == 0 {
		return context.DeadlineExceeded
	}
	err := l.Store.Keep(e)
	if err == nil && e.ID != "" {
		l.kept = append(l.kept, e.ID)
	} else if err == nil {
		l.kept = append(l.kept, e.Conversation)
	}
	return err
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = json.NewEncoder(w).Encode(l.kept)
}

// integrated serves the integration, with bugs, at /hook, and what it has kept at /kept.
func integrated(store *ledger, secret string, bugs ...integration.Bug) (*httptest.Server, error) {
	e, err := integration.New(secret, integration.KeptIn(store), integration.With(bugs...), integration.Working(3*time.Second))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/hook", e.Handler())
	mux.Handle("/kept", store)
	return httptest.NewServer(mux), nil
}

// exercised is the report of `parley exercise` over an endpoint, and what it exits with.
type exercised struct {
	conformance.Report
	status int
	text   string
	err    error
}

func exerciseWith(contract, url string, folder string, flags ...string) exercised {
	file := filepath.Join(folder, "report.json")
	var out bytes.Buffer
	args := append([]string{"exercise", contract, "--to", url + "/hook", "--seen", url + "/kept", "--backoff", "1ms", "--report", "json=" + file}, flags...)
	result := exercised{status: Run(context.Background(), args, nil, &out, &out), text: out.String()}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &result.Report)
	}
	result.err = err
	return result
}

// of lists the requirements that came to an outcome.
func (e exercised) of(outcome conformance.Outcome) []string {
	ids := []string{}
	for _, f := range e.Findings {
		if f.Outcome == outcome {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

// copies runs exercise over the integration with each of its bugs, side by side, once for all tests.
var copies = sync.OnceValue(func() map[integration.Bug]exercised {
	var mu sync.Mutex
	var all sync.WaitGroup
	results := map[integration.Bug]exercised{}
	for _, bug := range integration.Bugs() {
		if race.Spares(string(bug), 4) {
			continue
		}
		all.Go(func() {
			result := exerciseCopy(bug)
			mu.Lock()
			defer mu.Unlock()
			results[bug] = result
		})
	}
	all.Wait()
	return results
})

func copyWith(bug integration.Bug) exercised {
	if race.Spares(string(bug), 4) {
		Skip(race.Why)
	}
	return copies()[bug]
}

func exerciseCopy(bug integration.Bug) exercised {
	folder, err := os.MkdirTemp("", "parley-exercise-*")
	if err != nil {
		return exercised{err: err}
	}
	defer os.RemoveAll(folder)
	server, err := integrated(newLedger(5), hookSecret, bug)
	if err != nil {
		return exercised{err: err}
	}
	defer server.Close()
	defer server.CloseClientConnections() // of what answers slowly
	flags := []string{"--secret", hookSecret, "--patience", "3s"}
	if bug == integration.AnswersSlowly {
		flags = append(flags, "--timeout", "1s")
	}
	return exerciseWith("assistloop", server.URL, folder, flags...)
}

var _ = Describe("parley exercise over an integration", func() {
	DescribeTable("finds nothing wrong with a sound one", func(contract string, flags ...string) {
		secret := ""
		if contract == "assistloop" {
			secret = hookSecret
		}
		store := newLedger(5)
		server, err := integrated(store, hookSecret)
		if secret == "" { // its signatures are AssistLoop's
			server, err = integrated(store, hookSecret, integration.AcceptsForged)
		}
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(server.Close)
		result := exerciseWith(contract, server.URL, GinkgoT().TempDir(), flags...)
		Expect(result.err).NotTo(HaveOccurred(), result.text)
		Expect(result.Counts[conformance.Pass]).To(Equal(len(result.Findings)), result.text)
		Expect(result.status).To(Equal(0))
	},
		Entry("of AssistLoop's events", "assistloop", "--secret", hookSecret),
		Entry("of those of Conversations", "conversations"),
	)

	// Along with the named one, those may fail that the bug breaks, too: some of them only now and then, as when a broken
	// connection left the endpoint the time to keep the event, or trouble of its store came before the mistake.
	DescribeTable("notices a copy with one bug by its requirement, and blames nothing else", func(bug integration.Bug, named string, along ...string) {
		result := copyWith(bug)
		Expect(result.err).NotTo(HaveOccurred(), result.text)
		failed := result.of(conformance.Fail)
		Expect(failed).To(ContainElement(named), result.text)
		Expect(failed).To(HaveEach(BeElementOf(append(along, named))), result.text)
		Expect(result.status).To(Equal(1))
	},
		Entry(nil, integration.AcceptsForged, "signatures/wrong", "signatures/missing", "signatures/malformed", "signatures/stale",
			"signatures/altered-body", "signatures/altered-id", "signatures/altered-timestamp", "signatures/not-kept"),
		Entry(nil, integration.AcceptsUnsigned, "signatures/missing", "signatures/malformed", "signatures/not-kept"),
		Entry(nil, integration.AcceptsStale, "signatures/stale", "signatures/not-kept"),
		Entry(nil, integration.RefusesDuplicates, "deliveries/repeated", "deliveries/repeated-at-once", "deliveries/lost-answer"),
		Entry(nil, integration.RefusesConcurrent, "deliveries/concurrent", "deliveries/repeated-at-once"),
		Entry(nil, integration.RefusesNull, "new-conversation/null:data.chat_user.name",
			"new-conversation/null:data.chat_user.country_code", "new-conversation/null:data.chat_user.email",
			"new-conversation/null:data.initial_message", "new-conversation/nulls",
			"human-handoff-required/null:data.chat_user.country_code", "human-handoff-required/null:data.chat_user.email",
			"human-handoff-required/null:data.chat_user.name", "human-handoff-required/nulls"),
		Entry(nil, integration.RefusesUnicode, "new-conversation/unicode", "human-handoff-required/unicode"),
		Entry(nil, integration.RefusesLongText, "new-conversation/large-text", "human-handoff-required/large-text"),
		Entry(nil, integration.AnswersSlowly, "deliveries/answered"),
		Entry(nil, integration.DoesDuplicates, "deliveries/once"),
		Entry(nil, integration.KnowsByConversation, "deliveries/two-events"),
		Entry(nil, integration.AcknowledgesFirst, "deliveries/kept"),
		Entry(nil, integration.LosesConcurrent, "deliveries/kept"),
	)

	DescribeTable("notices a copy whose bug shows in many deliveries", func(bug integration.Bug, named string) {
		result := copyWith(bug)
		Expect(result.err).NotTo(HaveOccurred(), result.text)
		Expect(result.of(conformance.Fail)).To(ContainElement(named), result.text)
		Expect(result.status).To(Equal(1))
	},
		Entry(nil, integration.RefusesReordered, "deliveries/reordered"),
		Entry(nil, integration.RefusesUnknownFields, "new-conversation/unknown-fields"),
		Entry(nil, integration.RefusesOpaqueIDs, "new-conversation/ids"),
	)

	It("leaves what is silent unsupported where nobody tells what was kept", func() {
		server, err := integrated(newLedger(0), hookSecret, integration.DoesDuplicates)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(server.Close)
		result := exerciseWith("assistloop", server.URL, GinkgoT().TempDir(), "--secret", hookSecret, "--seen", "")
		Expect(result.err).NotTo(HaveOccurred(), result.text)
		Expect(result.of(conformance.Unsupported)).To(ConsistOf(
			"deliveries/kept", "deliveries/once", "deliveries/two-events", "deliveries/same-id", "signatures/not-kept"))
		Expect(result.status).To(Equal(0))
	})
})
