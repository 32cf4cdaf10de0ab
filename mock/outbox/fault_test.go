package outbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/parley-contracts/parley/fixtures/receiver"
	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/openapi/assistloop"
)

// troubled is an office whose deliveries meet the faults of these rules.
func troubled(rules ...string) *office {
	GinkgoHelper()
	return newOffice(outbox.Options{Faults: faultsOf(rules...)})
}

func faultsOf(rules ...string) *fault.Faults {
	GinkgoHelper()
	parsed, _, err := fault.ParseAll(rules, nil)
	Expect(err).NotTo(HaveOccurred())
	faults := fault.New(1, fault.Contract{Events: assistloop.Events()})
	Expect(faults.Set(parsed, nil)).To(Succeed())
	return faults
}

// log tells what the journal has of each attempt, the oldest first.
func (o *office) log() (lines []string) {
	attempts := o.journal.Attempts(-1)
	for i := len(attempts) - 1; i >= 0; i-- {
		a := attempts[i]
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s #%d %d %s %s", a.Delivery, a.Number, a.Status, a.Outcome, a.Fault)))
	}
	return lines
}

func (o *office) advance(ctx SpecContext, d time.Duration) {
	GinkgoHelper()
	Expect(o.clock.Advance(ctx, d)).To(Succeed())
	Expect(o.Drain(ctx)).To(Succeed())
}

var _ = Describe("A fault of deliveries", func() {
	It("delays one by the world's clock, and lets those behind it pass", func(ctx SpecContext) {
		o := troubled("deliveries=delay=5s:nth=1")
		o.send(ctx, o.message(1), o.message(2))
		Expect(o.ids()).To(Equal("2"))
		Expect(o.Stats().Waiting).To(Equal(1))
		o.advance(ctx, 4*time.Second)
		Expect(o.ids()).To(Equal("2"))
		o.advance(ctx, time.Second)
		Expect(o.ids()).To(Equal("2 1"))
		Expect(o.log()).To(Equal([]string{"evt_2 #1 200 delivered", "evt_1 #1 200 delivered delay=5s"}))
	})

	It("lets the next one go first", func(ctx SpecContext) {
		o := troubled("deliveries=reorder:nth=1")
		o.send(ctx, o.message(1))
		Expect(o.ids()).To(BeEmpty())
		o.send(ctx, o.message(2))
		Expect(o.ids()).To(Equal("2 1"))
		Expect(o.Stats().Waiting).To(BeZero())
		o.advance(ctx, time.Minute)
		Expect(o.ids()).To(Equal("2 1"), "and not again when its patience would have ended")
	})

	It("lets it go by itself when no other comes", func(ctx SpecContext) {
		o := troubled("deliveries=reorder")
		o.send(ctx, o.message(1))
		o.advance(ctx, 5*time.Second)
		Expect(o.ids()).To(Equal("1"))
	})

	It("sends one more often, one after another", func(ctx SpecContext) {
		o := troubled("deliveries=duplicate=2:nth=1")
		o.send(ctx, o.message(1), o.message(2))
		Expect(o.ids()).To(Equal("1 1 1 2"))
		Expect(o.Stats()).To(And(HaveField("Delivered", uint64(2)), HaveField("Attempts", uint64(2)), HaveField("Extra", uint64(2))))
		Expect(o.log()).To(ContainElements("evt_1 #1 200 extra duplicate=2", "evt_1 #1 200 delivered duplicate=2"))
	})

	It("sends one twice at the same time", func(ctx SpecContext) {
		both := &meeting{want: 2, met: make(chan struct{})}
		o := newOffice(outbox.Options{Transport: both, Faults: faultsOf("deliveries=together")})
		o.send(ctx, o.message(1))
		Expect(both.met).To(BeClosed(), "neither was answered before both were there")
		Expect(o.Stats()).To(And(HaveField("Delivered", uint64(1)), HaveField("Extra", uint64(1))))
	})

	It("sends one again though it was delivered, once", func(ctx SpecContext) {
		o := troubled("deliveries=repeat=30s")
		o.send(ctx, o.message(1))
		Expect(o.Stats()).To(And(HaveField("Delivered", uint64(1)), HaveField("Waiting", 1)))
		o.advance(ctx, 30*time.Second)
		Expect(o.ids()).To(Equal("1 1"))
		o.advance(ctx, time.Hour)
		Expect(o.log()).To(Equal([]string{"evt_1 #1 200 delivered repeat=30s", "evt_1 #1 200 extra repeat=30s"}))
		Expect(o.Stats()).To(And(HaveField("Extra", uint64(1)), HaveField("Waiting", 0), HaveField("Attempts", uint64(1))))
	})

	It("repeats nothing for a subscription that has ended", func(ctx SpecContext) {
		o := troubled("deliveries=repeat=30s")
		o.send(ctx, o.message(1))
		o.Cancel("whk_1")
		o.advance(ctx, time.Minute)
		Expect(o.ids()).To(Equal("1"))
		Expect(o.Stats()).To(And(HaveField("Waiting", 0), HaveField("Cancelled", uint64(0))))
	})

	It("drops attempts, which are tried again, and never the last two", func(ctx SpecContext) {
		o := troubled("deliveries=drop")
		o.send(ctx, o.message(1))
		Expect(o.ids()).To(BeEmpty())
		o.advance(ctx, time.Hour)
		Expect(o.ids()).To(Equal("1"))
		Expect(o.log()).To(Equal([]string{"evt_1 #1 0 retrying drop", "evt_1 #2 0 retrying drop", "evt_1 #3 200 delivered"}))
		Expect(o.journal.Attempts(3)[2].Error).To(ContainSubstring("dropped"))
	})

	DescribeTable("makes a signature that is to be refused, and then a good one", func(ctx SpecContext, act string, complaint error) {
		o := troubled("deliveries=" + act + ":attempt=1")
		theirs, err := standardwebhooks.NewWebhook(secret)
		Expect(err).NotTo(HaveOccurred())
		o.hook.Answer(verifying(theirs))
		o.send(ctx, o.message(1))
		o.advance(ctx, time.Second)
		first, second := o.hook.Deliveries()[0], o.hook.Deliveries()[1]
		Expect(theirs.Verify(first.Body, first.Header)).To(MatchError(complaint))
		Expect(theirs.Verify(second.Body, second.Header)).To(Succeed())
		Expect(o.Stats().Delivered).To(BeEquivalentTo(1))
	},
		Entry("by another key", "signature=bad", standardwebhooks.ErrNoMatchingSignature),
		Entry("long ago", "timestamp=old", standardwebhooks.ErrMessageTooOld),
		Entry("some time ago", "timestamp=6m", standardwebhooks.ErrMessageTooOld),
	)

	It("ends with the outbox, whatever it holds back", func(ctx SpecContext) {
		o := troubled("deliveries=reorder:nth=1", "deliveries=delay=1h")
		o.send(ctx, o.message(1))
		m := o.message(2)
		m.URL = strings.Replace(m.URL, "https://", "https://other@", 1)
		o.send(ctx, m)
		Expect(o.Close(ctx)).To(Succeed())
		Expect(o.Stats()).To(And(HaveField("Waiting", 0), HaveField("Cancelled", uint64(2))))
	})
})

// verifying answers 401 to a signature that the library refuses.
func verifying(theirs *standardwebhooks.Webhook) func(receiver.Delivery) receiver.Answer {
	return func(d receiver.Delivery) receiver.Answer {
		if theirs.Verify(d.Body, d.Header) != nil {
			return receiver.Answer{Status: http.StatusUnauthorized}
		}
		return receiver.Answer{}
	}
}

// meeting answers nobody before as many as wanted are there.
type meeting struct {
	mu        sync.Mutex
	want, has int
	met       chan struct{}
}

func (m *meeting) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	if m.has++; m.has == m.want {
		close(m.met)
	}
	m.mu.Unlock()
	select {
	case <-m.met:
		return &http.Response{StatusCode: 200, Body: http.NoBody, Request: r}, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}
