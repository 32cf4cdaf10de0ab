package integration_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/fake"
	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/journal"
	"github.com/parley-contracts/parley/mock/mocktest"
	"github.com/parley-contracts/parley/mock/mocktest/integration"
)

// effects are what an integration has done, as the world has it.
type effects struct {
	mu      sync.Mutex
	replies map[string][]string // by conversation
	closed  map[string]int
}

func (e *effects) note(event desk.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch change := event.Change.(type) {
	case desk.MessageAdded:
		if change.Message.By == fake.Human {
			e.replies[change.Conversation] = append(e.replies[change.Conversation], change.Message.Content)
		}
	case desk.ConversationClosed:
		e.closed[change.Conversation]++
	}
}

// shaky is a store that fails on the first delivery of one event in twenty.
type shaky struct {
	*integration.Memory
	mu     sync.Mutex
	failed map[string]bool
}

func (s *shaky) Keep(e integration.Event) error {
	h := fnv.New32a()
	h.Write([]byte(e.ID))
	s.mu.Lock()
	fails := h.Sum32()%20 == 0 && !s.failed[e.ID]
	s.failed[e.ID] = true
	s.mu.Unlock()
	if fails {
		return errors.New("the disk is full for a moment")
	}
	return s.Memory.Keep(e)
}

// trial is an integration and a mock that troubles it.
type trial struct {
	mock        *mocktest.Server
	integration *integration.Integration
	store       *shaky
	effects     *effects
	starts      []string // conversations that were started
	handOvers   []string // of those, the ones whose customer asked for a person
}

// begin connects an integration to a mock with a profile of faults, which is there from the first request on.
func begin(ctx context.Context, profile string, bugs ...integration.Bug) *trial {
	GinkgoHelper()
	t := &trial{
		mock: mocktest.Start(GinkgoT(), mock.Options{
			Seed: 11, Now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), StartEmpty: true, AutoConsent: true, Profile: profile,
			Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		}),
		store:   &shaky{Memory: integration.NewMemory(), failed: map[string]bool{}},
		effects: &effects{replies: map[string][]string{}, closed: map[string]int{}},
	}
	w := t.mock.World()
	w.Clock.Freeze()
	w.Desk.Listen(t.effects.note)
	transport := &http.Transport{MaxIdleConnsPerHost: workers}
	DeferCleanup(transport.CloseIdleConnections)
	var err error
	t.integration, err = integration.Connect(integration.Config{
		BaseURL: t.mock.BaseURL, ClientID: t.mock.ClientID, ClientSecret: t.mock.ClientSecret,
		Organization: t.mock.Organization, Agent: t.mock.Agent,
		// It outwaits every fault: who gives up while a request may still be taken cannot know, by looking, that it will not be.
		HTTP: &http.Client{Transport: transport, Timeout: time.Minute},
		Wait: w.Clock.Advance, // who waits moves the world's clock
	}, t.store, bugs...)
	Expect(err).NotTo(HaveOccurred())
	server := httptest.NewServer(t.integration.Endpoint.Handler())
	DeferCleanup(server.Close)
	Expect(t.integration.Subscribe(ctx, server.URL+"/hook")).To(Succeed())
	return t
}

const workers = 16

// run provokes events and works until as many are done as arrive, and nothing more is due.
func (t *trial) run(ctx context.Context, starts, handOvers int) {
	GinkgoHelper()
	working, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); t.integration.Run(working, workers) }()
	defer func() { stop(); <-ended }()

	w := t.mock.World()
	for n := range starts {
		event := desk.NewConversation
		if n < handOvers {
			event = desk.HumanHandoffRequired
		}
		conversation, err := w.Desk.Provoke(event, t.mock.Organization, t.mock.Agent)
		Expect(err).NotTo(HaveOccurred())
		t.starts = append(t.starts, conversation)
		if n < handOvers {
			t.handOvers = append(t.handOvers, conversation)
		}
	}
	Eventually(ctx, func(g Gomega) {
		g.Expect(w.Clock.Advance(ctx, 10*time.Minute)).To(Succeed()) // the longest that a fault holds anything back
		stats := w.Outbox.Stats()
		g.Expect(stats.Queued + stats.InFlight + stats.Waiting).To(BeZero())
		g.Expect(t.integration.Done()).To(Equal(t.store.Known()))
	}).Should(Succeed())
}

// complaints say what was lost, and what was done twice or for nothing.
func (t *trial) complaints() (all []string) {
	e := t.effects
	e.mu.Lock()
	defer e.mu.Unlock()
	expect := func(conversation, begin string, want int) {
		n := 0
		for _, reply := range e.replies[conversation] {
			if strings.HasPrefix(reply, begin) {
				n++
			}
		}
		if n != want {
			all = append(all, fmt.Sprintf("%s: %q was said %d times, not %d", conversation, begin, n, want))
		}
	}
	asked := map[string]int{}
	for _, conversation := range t.handOvers {
		asked[conversation] = 1
	}
	for _, conversation := range t.starts {
		expect(conversation, "Thank you", 1)
		expect(conversation, "We have opened ticket", asked[conversation])
		if e.closed[conversation] != asked[conversation] {
			all = append(all, fmt.Sprintf("%s: closed %d times", conversation, e.closed[conversation]))
		}
	}
	for conversation := range e.replies {
		if len(e.replies[conversation]) != 1+asked[conversation] {
			all = append(all, fmt.Sprintf("%s: %d replies", conversation, len(e.replies[conversation])))
		}
	}
	return all
}

var _ = Describe("The integration", func() {
	It("survives chaos for a thousand events, with nothing lost and nothing done twice", func(ctx SpecContext) {
		t := begin(ctx, "chaos")
		t.run(ctx, 800, 200)
		Expect(t.integration.Failed()).To(BeEmpty())
		Expect(t.complaints()).To(BeEmpty())
		stats := t.mock.World().Outbox.Stats()
		Expect(stats.Failed).To(BeZero(), "every event was delivered at least once")
		Expect(stats.Delivered).To(BeNumerically(">=", 1000))
		Expect(stats.Extra).To(BeNumerically(">", 100), "and many of them more often")
		Expect(stats.Retried).To(BeNumerically(">", 100))
		Expect(t.faults()).To(ContainElements("429", "503", "500", "401", "drop", "body", "latency", "slow_body"))
		Expect(t.disturbances()).To(ContainElements("drop", "duplicate", "together", "signature", "timestamp", "repeat", "reorder", "delay"))
	}, SpecTimeout(5*time.Minute))

	It("has an easy life when it is calm", func(ctx SpecContext) {
		t := begin(ctx, "calm")
		t.run(ctx, 10, 5)
		Expect(t.complaints()).To(BeEmpty())
		Expect(t.faults()).To(BeEmpty())
	}, SpecTimeout(3*time.Minute))

	for _, profile := range []string{"flaky", "rate-limited"} {
		It("survives what is "+profile, func(ctx SpecContext) {
			t := begin(ctx, profile)
			t.run(ctx, 40, 20)
			Expect(t.complaints()).To(BeEmpty())
			Expect(t.faults()).NotTo(BeEmpty())
		}, SpecTimeout(3*time.Minute))
	}

	for _, bug := range integration.Bugs() {
		if bug.Silent() {
			It("that "+bug.Description()+" does not", func(ctx SpecContext) {
				t := begin(ctx, "calm", bug)
				chaos, err := fault.Profile("chaos")
				Expect(err).NotTo(HaveOccurred())
				Expect(t.mock.World().Faults.Set(chaos.Rules, nil)).To(Succeed())
				t.run(ctx, 60, 30)
				Expect(t.complaints()).NotTo(BeEmpty())
			}, SpecTimeout(3*time.Minute))
		}
	}
})

// faults are the kinds that acted on requests, as the journal has it: its newest thousand.
func (t *trial) faults() []string {
	return kinds(t.mock.World().Journal.Requests(-1), func(r journal.Request) string { return r.Fault })
}

func (t *trial) disturbances() []string {
	return kinds(t.mock.World().Journal.Attempts(-1), func(a journal.Attempt) string { return a.Fault })
}

func kinds[T any](entries []T, fault func(T) string) (all []string) {
	seen := map[string]bool{}
	for _, entry := range entries {
		for act := range strings.SplitSeq(fault(entry), ",") {
			kind, _, _ := strings.Cut(act, "=")
			if kind != "" && !seen[kind] {
				seen[kind] = true
				all = append(all, kind)
			}
		}
	}
	return all
}
