package integration_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/mock/mocktest/integration"
	"github.com/parley-contracts/parley/openapi/webhook"
)

func TestIntegration(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "An integration")
}

var secret = webhook.NewSecret([]byte("twenty-four bytes of key"))

// hook is an endpoint and what was kept of its deliveries.
type hook struct {
	http.Handler
	kept *integration.Memory
}

func open(bugs ...integration.Bug) hook {
	GinkgoHelper()
	kept := integration.NewMemory()
	e, err := integration.New(secret, integration.KeptIn(kept), integration.With(bugs...), integration.Working(30*time.Millisecond))
	Expect(err).NotTo(HaveOccurred())
	return hook{e.Handler(), kept}
}

// deliver sends a body, signed at a time with a secret, and gives the status of the answer.
func (h hook) deliver(body, secret string, at time.Time) int {
	GinkgoHelper()
	r := httptest.NewRequest("POST", "/hook", strings.NewReader(body))
	if secret != "" {
		Expect(webhook.Sign(r.Header, secret, "evt", at, []byte(body))).To(Succeed())
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func (h hook) take(body string) int {
	GinkgoHelper()
	return h.deliver(body, secret, time.Now())
}

// event is the documented example of one, with other values in some places.
func event(name string, change ...string) string {
	GinkgoHelper()
	text, err := examples.Read("event." + name)
	Expect(err).NotTo(HaveOccurred())
	var compact bytes.Buffer
	Expect(json.Compact(&compact, text)).To(Succeed())
	return strings.NewReplacer(change...).Replace(compact.String())
}

const ok = http.StatusNoContent

var _ = Describe("The endpoint", func() {
	It("takes every documented event", func() {
		h := open()
		for _, name := range []string{
			"new_conversation", "human_handoff_required", "CONVERSATION_CREATED", "CONVERSATION_STATUS_UPDATED",
			"CONVERSATION_ASSIGNMENT_UPDATED", "INBOUND_MESSAGE", "INBOUND_MESSAGE_UPDATED", "INBOUND_MESSAGE_DELETED",
		} {
			Expect(h.take(event(name))).To(Equal(ok), name)
		}
		Expect(h.kept.Known()).To(Equal(8), "two of them have the same id")
	})

	It("takes what the document permits", func() {
		h := open()
		Expect(h.take(event("new_conversation", `"Jane Smith"`, "null"))).To(Equal(ok))
		Expect(h.take(event("new_conversation", `"event":`, `"new_field":{"a":1},"event":`))).To(Equal(ok))
		Expect(h.take(event("new_conversation", "Hi,", strings.Repeat("שלום 👋 ", 10_000)))).To(Equal(ok))
		Expect(h.take(event("new_conversation", "550e8400-e29b-41d4-a716-446655440000", "conv_1"))).To(Equal(ok))
		Expect(h.take(`{"id":"1","event":"of_a_later_version","data":{"conversation":{"uuid":"c"}}}`)).To(Equal(ok))
	})

	It("keeps an event once, however often and with whatever it arrives", func() {
		h := open()
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				defer GinkgoRecover()
				Expect(h.take(event("new_conversation"))).To(Equal(ok))
			})
		}
		all.Wait()
		Expect(h.kept.Known()).To(Equal(1))
	})

	DescribeTable("refuses a signature that is", func(secret string, age time.Duration) {
		h := open()
		Expect(h.deliver(event("new_conversation"), secret, time.Now().Add(-age))).To(Equal(http.StatusUnauthorized))
		Expect(h.kept.Known()).To(BeZero())
	},
		Entry("missing", "", 0*time.Second),
		Entry("made with another secret", webhook.NewSecret([]byte("another twenty-four bytes")), 0*time.Second),
		Entry("old", secret, 10*time.Minute),
		Entry("of the future", secret, -10*time.Minute),
	)

	DescribeTable("refuses what is no event", func(body string, status int) {
		Expect(open().take(body)).To(Equal(status))
	},
		Entry("no JSON", `{"id":`, 400),
		Entry("a list", `[]`, 400),
		Entry("nothing of either contract", `{}`, 400),
		Entry("no conversation", `{"id":"1","event":"new_conversation"}`, 400),
	)

	It("asks for another delivery of what it cannot keep, and answers nothing but POST", func() {
		e, err := integration.New(secret, integration.KeptIn(full{}))
		Expect(err).NotTo(HaveOccurred())
		Expect(hook{e.Handler(), nil}.take(event("new_conversation"))).To(Equal(500))
		w := httptest.NewRecorder()
		e.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/hook", nil))
		Expect(w.Code).To(Equal(http.StatusMethodNotAllowed))
	})

	It("has no use for a secret that is none, and does not repeat it", func() {
		_, err := integration.New("whsec_not base64")
		Expect(err).To(MatchError(And(ContainSubstring("whsec_ and base64"), Not(ContainSubstring("not base64")))))
	})
})

// full is a store that keeps nothing.
type full struct{ integration.Store }

func (full) Keep(integration.Event) error { return http.ErrBodyNotAllowed }

var _ = Describe("Each bug", func() {
	const id = "550e8400-e29b-41d4-a716-446655440000"
	start, handOver := func() string { return event("new_conversation") }, func() string { return event("human_handoff_required") }
	together := func(h hook) (worst int) {
		answers := make(chan int, 4)
		for range cap(answers) {
			go func() { defer GinkgoRecover(); answers <- h.take(start()) }()
		}
		for range cap(answers) {
			worst = max(worst, <-answers)
		}
		return worst
	}
	noticed := map[integration.Bug]func(h hook){
		integration.AcceptsForged:     func(h hook) { Expect(h.deliver(start(), webhook.NewSecret([]byte("x")), time.Now())).To(Equal(ok)) },
		integration.AcceptsUnsigned:   func(h hook) { Expect(h.deliver(start(), "", time.Now())).To(Equal(ok)) },
		integration.AcceptsStale:      func(h hook) { Expect(h.deliver(start(), secret, time.Now().Add(-time.Hour))).To(Equal(ok)) },
		integration.RefusesDuplicates: func(h hook) { h.take(start()); Expect(h.take(start())).To(Equal(409)) },
		integration.RefusesReordered:  func(h hook) { Expect(h.take(handOver())).To(Equal(409)) },
		integration.RefusesConcurrent: func(h hook) { Expect(together(h)).To(Equal(503)) },
		integration.RefusesNull:       func(h hook) { Expect(h.take(event("new_conversation", `"Jane Smith"`, "null"))).To(Equal(500)) },
		integration.RefusesUnknownFields: func(h hook) {
			Expect(h.take(event("new_conversation", `"event":`, `"extra":1,"event":`))).To(Equal(422))
		},
		integration.RefusesOpaqueIDs: func(h hook) { Expect(h.take(event("new_conversation", id, "conv_1"))).To(Equal(422)) },
		integration.RefusesUnicode:   func(h hook) { Expect(h.take(event("new_conversation", "Jane", "Жанна"))).To(Equal(500)) },
		integration.RefusesLongText: func(h hook) {
			Expect(h.take(event("new_conversation", "Hi", strings.Repeat("x", 300)))).To(Equal(500))
		},
		integration.AnswersSlowly: func(h hook) {
			began := time.Now()
			h.take(start())
			Expect(time.Since(began)).To(BeNumerically(">=", 30*time.Millisecond))
		},
		integration.DoesDuplicates:      func(h hook) { h.take(start()); h.take(start()); Expect(h.kept.Known()).To(Equal(2)) },
		integration.KnowsByConversation: func(h hook) { h.take(start()); h.take(handOver()); Expect(h.kept.Known()).To(Equal(1)) },
		integration.LosesConcurrent: func(h hook) {
			var all sync.WaitGroup
			for _, other := range []string{"a", "b", "c", "d"} {
				all.Go(func() { defer GinkgoRecover(); Expect(h.take(event("new_conversation", id, other))).To(Equal(ok)) })
			}
			all.Wait()
			Expect(h.kept.Known()).To(BeNumerically("<", 4))
		},
		integration.AcknowledgesFirst: func(hook) {
			e, err := integration.New(secret, integration.KeptIn(full{}), integration.With(integration.AcknowledgesFirst))
			Expect(err).NotTo(HaveOccurred())
			Expect(hook{e.Handler(), nil}.take(start())).To(Equal(ok))
		},
	}
	for _, bug := range integration.Bugs() {
		if noticed[bug] == nil { // it is not one of the endpoint: the chaos notices it
			Expect(bug.Silent()).To(BeTrue(), bug.Description())
			continue
		}
		It(bug.Description(), func() { noticed[bug](open(bug)) })
	}

	It("but what it changes leaves a plain event alone", func() {
		for _, bug := range integration.Bugs() {
			plain := event("new_conversation", "agt_abc123", id, "org_xyz789", id, "msg_abc123", id)
			Expect(open(bug).take(plain)).To(Equal(ok), bug.Description())
		}
	})
})
