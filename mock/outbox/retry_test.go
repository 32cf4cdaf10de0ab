package outbox_test

import (
	"context"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/receiver"
	"github.com/parley-contracts/parley/mock/journal"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/openapi/webhook"
)

var _ = Describe("A delivery that fails", func() {
	It("is tried three times more, after 1, 2 and 4 seconds of the world's clock", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.hook.Answer(receiver.Always(500))
		o.send(ctx, o.message(1))
		Expect(o.Stats().Waiting).To(Equal(1))
		var times []time.Duration
		start := o.clock.Now()
		Expect(o.clock.Advance(ctx, time.Hour)).To(Succeed())
		attempts := o.journal.Attempts(-1)
		for i := len(attempts) - 1; i >= 0; i-- {
			times = append(times, attempts[i].Time.Sub(start).Round(100*time.Millisecond))
		}
		Expect(times).To(Equal([]time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second}))
		Expect(attempts[0]).To(And(HaveField("Outcome", journal.Failed), HaveField("Number", 4), HaveField("Status", 500)))
		Expect(attempts[1]).To(HaveField("Outcome", journal.Retrying))
		Expect(o.Stats()).To(Equal(outbox.Stats{Capacity: outbox.DefaultQueue, Attempts: 4, Retried: 3, Failed: 1}))
	})

	It("keeps its id and body", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.hook.Answer(receiver.First(1, 503))
		o.send(ctx, o.message(1))
		Expect(o.clock.Advance(ctx, time.Second)).To(Succeed())
		d := o.hook.Deliveries()
		Expect(d).To(HaveLen(2))
		Expect(d[1].Body).To(Equal(d[0].Body))
		Expect(d[1].Header.Get(webhook.HeaderID)).To(Equal(d[0].Header.Get(webhook.HeaderID)))
	})

	DescribeTable("is done with at the first 2xx",
		func(ctx SpecContext, failing receiver.Answer) {
			o := newOffice(outbox.Options{})
			o.hook.Answer(func(d receiver.Delivery) receiver.Answer {
				if d.Number < 3 {
					return failing
				}
				return receiver.Answer{Status: 202}
			})
			o.send(ctx, o.message(1))
			Expect(o.clock.Advance(ctx, time.Hour)).To(Succeed())
			Expect(o.hook.Count()).To(Equal(3))
			Expect(o.Stats()).To(And(HaveField("Delivered", uint64(1)), HaveField("Failed", uint64(0)), HaveField("Waiting", 0)))
		},
		Entry("after a 500", receiver.Answer{Status: 500}),
		Entry("after a 404", receiver.Answer{Status: 404}),
		Entry("after a redirect", receiver.Answer{Status: 302}),
		Entry("after a connection that closed", receiver.Answer{Drop: true}),
	)

	It("is tried again without anybody moving the clock", func(ctx SpecContext) {
		o := newOffice(outbox.Options{Backoff: func(int) time.Duration { return 20 * time.Millisecond }})
		o.clock.Resume()
		o.hook.Answer(receiver.First(2, 500))
		o.send(ctx, o.message(1))
		_, err := o.hook.Wait(ctx, receiver.AtLeast(3))
		Expect(err).NotTo(HaveOccurred())
		Eventually(func() uint64 { return o.Stats().Delivered }).Should(BeEquivalentTo(1))
	})

	It("is waited for by who moves the clock right after the event", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.hook.Answer(receiver.First(1, 500))
		Expect(o.Send(o.message(1))).To(Succeed())
		Expect(o.clock.Advance(ctx, time.Second)).To(Succeed())
		Expect(o.hook.Count()).To(Equal(2))
	})

	It("is tried again side by side with the others of its burst", func(ctx SpecContext) {
		const burst = 10
		o := newOffice(outbox.Options{})
		var together atomic.Int32
		release := make(chan struct{})
		o.hook.Answer(func(d receiver.Delivery) receiver.Answer {
			if d.Number <= burst {
				return receiver.Answer{Status: 500}
			}
			if together.Add(1) == burst { // all are here while none is answered
				close(release)
			}
			return receiver.Answer{Hold: release}
		})
		for i := range burst {
			m := o.message(i)
			m.Key = m.ID
			Expect(o.Send(m)).To(Succeed())
		}
		Expect(o.Drain(ctx)).To(Succeed())
		Expect(o.clock.Advance(ctx, time.Second)).To(Succeed())
		Expect(o.Stats().Delivered).To(BeEquivalentTo(burst))
	})
})

var _ = Describe("Order", func() {
	It("is kept within a key", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.send(ctx, o.message(1), o.message(2), o.message(3), o.message(4), o.message(5))
		Expect(o.ids()).To(Equal("1 2 3 4 5"))
	})

	It("does not let a retry hold up what comes after", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.hook.Answer(receiver.First(1, 500))
		o.send(ctx, o.message(1), o.message(2))
		Expect(o.clock.Advance(ctx, time.Minute)).To(Succeed())
		Expect(o.ids()).To(Equal("1 2 1"))
	})

	It("holds up no other key and no other receiver", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		release := make(chan struct{})
		o.hook.Answer(func(d receiver.Delivery) receiver.Answer {
			if d.Number == 1 {
				return receiver.Answer{Hold: release}
			}
			return receiver.Answer{}
		})
		another := newOffice(outbox.Options{})
		sameKeyElsewhere, otherKey, behind := o.message(3), o.message(2), o.message(4)
		sameKeyElsewhere.URL = another.hook.URL
		otherKey.Key = "another conversation"
		Expect(o.Send(o.message(1))).To(Succeed())
		_, err := o.hook.Wait(ctx, receiver.AtLeast(1))
		Expect(err).NotTo(HaveOccurred())
		Expect(o.Send(behind)).To(Succeed())
		Expect(o.Send(otherKey)).To(Succeed())
		Expect(o.Send(sameKeyElsewhere)).To(Succeed())
		_, err = another.hook.Wait(ctx, receiver.AtLeast(1))
		Expect(err).NotTo(HaveOccurred())
		_, err = o.hook.Wait(ctx, receiver.AtLeast(2))
		Expect(err).NotTo(HaveOccurred())
		Expect(o.ids()).To(Equal("1 2"))
		close(release)
		Expect(o.Drain(ctx)).To(Succeed())
		Expect(o.ids()).To(Equal("1 2 4"))
	})

	It("is nobody's concern without a key", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		release := make(chan struct{})
		o.hook.Answer(func(d receiver.Delivery) receiver.Answer {
			if d.Number == 2 {
				close(release)
			}
			return receiver.Answer{Hold: release}
		})
		for i := range 2 {
			m := o.message(i)
			m.Key = ""
			Expect(o.Send(m)).To(Succeed())
		}
		Expect(o.Drain(ctx)).To(Succeed())
		Expect(o.hook.Count()).To(Equal(2))
	})
})

var _ = Describe("The end of a subscription", func() {
	It("ends its retries and leaves those of others", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.hook.Answer(receiver.Always(500))
		other := o.message(2)
		other.Subscription = "whk_2"
		o.send(ctx, o.message(1), other)
		o.Cancel("whk_1")
		o.hook.Answer(nil)
		Expect(o.clock.Advance(ctx, time.Hour)).To(Succeed())
		Expect(o.ids()).To(Equal("1 2 2"))
		Expect(o.Stats()).To(And(HaveField("Cancelled", uint64(1)), HaveField("Delivered", uint64(1)), HaveField("Waiting", 0)))
	})

	It("lets the attempt on the wire end, and sends nothing after", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		release := make(chan struct{})
		o.hook.Answer(func(receiver.Delivery) receiver.Answer { return receiver.Answer{Status: 500, Hold: release} })
		Expect(o.Send(o.message(1))).To(Succeed())
		Expect(o.Send(o.message(2))).To(Succeed()) // behind it, in the same conversation
		_, err := o.hook.Wait(ctx, receiver.AtLeast(1))
		Expect(err).NotTo(HaveOccurred())
		o.Cancel("whk_1")
		close(release)
		Expect(o.Drain(ctx)).To(Succeed())
		Expect(o.clock.Advance(ctx, time.Hour)).To(Succeed())
		Expect(o.ids()).To(Equal("1"))
		Expect(o.Stats().Cancelled).To(BeEquivalentTo(2))
		Expect(o.journal.Attempts(1)[0]).To(And(HaveField("Outcome", journal.Cancelled), HaveField("Number", 0)))
	})
})

var _ = Describe("Room", func() {
	It("is bounded, and who finds none is told and counted", func(ctx SpecContext) {
		o := newOffice(outbox.Options{Queue: 2})
		o.hook.Answer(receiver.First(1, 500)) // so that the first waits, taking room, and the second is under way
		o.send(ctx, o.message(1))
		release := make(chan struct{})
		o.hook.Answer(func(receiver.Delivery) receiver.Answer { return receiver.Answer{Hold: release} })
		Expect(o.Send(o.message(2))).To(Succeed())
		Expect(o.Send(o.message(3))).To(MatchError(outbox.ErrFull))
		Expect(o.Stats()).To(And(HaveField("Refused", uint64(1)), HaveField("Capacity", 2), HaveField("Waiting", 1)))
		Expect(o.journal.Attempts(1)[0]).To(And(HaveField("Outcome", journal.Refused), HaveField("Delivery", "evt_3"), HaveField("Number", 0)))
		close(release)
		Expect(o.Drain(ctx)).To(Succeed())
		Expect(o.Send(o.message(4))).To(Succeed())
	})

	It("for attempts at once is bounded too", func(ctx SpecContext) {
		o := newOffice(outbox.Options{Workers: 2})
		release := make(chan struct{})
		o.hook.Answer(func(receiver.Delivery) receiver.Answer { return receiver.Answer{Hold: release} })
		for i := range 5 {
			m := o.message(i)
			m.Key = m.ID
			Expect(o.Send(m)).To(Succeed())
		}
		_, err := o.hook.Wait(ctx, receiver.AtLeast(2))
		Expect(err).NotTo(HaveOccurred())
		Expect(o.Stats()).To(And(HaveField("InFlight", 2), HaveField("Queued", 3)))
		close(release)
		Expect(o.Drain(ctx)).To(Succeed())
		Expect(o.hook.Count()).To(Equal(5))
	})
})

var _ = Describe("Closing", func() {
	It("finishes what is queued, gives up what waits, and takes nothing more", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.hook.Answer(receiver.First(1, 500))
		o.send(ctx, o.message(1))
		Expect(o.Send(o.message(2))).To(Succeed())
		Expect(o.Close(ctx)).To(Succeed())
		Expect(o.Send(o.message(3))).To(MatchError(outbox.ErrClosed))
		Expect(o.ids()).To(Equal("1 2"))
		Expect(o.Stats()).To(And(HaveField("Cancelled", uint64(1)), HaveField("Delivered", uint64(1)), HaveField("Waiting", 0)))
	})

	It("breaks off what takes too long and says how much that was", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.hook.Answer(func(receiver.Delivery) receiver.Answer { return receiver.Answer{Hold: make(chan struct{})} })
		Expect(o.Send(o.message(1))).To(Succeed())
		Expect(o.Send(o.message(2))).To(Succeed())
		_, err := o.hook.Wait(ctx, receiver.AtLeast(1))
		Expect(err).NotTo(HaveOccurred())
		over, cancel := context.WithCancel(ctx)
		cancel()
		Expect(o.Close(over)).To(MatchError("the outbox closed with 1 deliveries queued and 1 under way: context canceled"))
		Expect(o.Stats()).To(And(HaveField("Cancelled", uint64(2)), HaveField("InFlight", 0), HaveField("Queued", 0)))
	})
})
