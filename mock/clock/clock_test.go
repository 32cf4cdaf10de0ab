package clock_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/clock"
)

func TestClock(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "The clock of a world")
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// frozen returns a clock that stands a moment after noon.
func frozen() *clock.Clock {
	c := clock.New(noon)
	DeferCleanup(c.Close)
	c.Freeze()
	return c
}

var _ = Describe("A clock", func() {
	It("runs from its start at real speed", func() {
		c := clock.New(noon)
		DeferCleanup(c.Close)
		first := c.Now()
		Expect(first).To(BeTemporally(">=", noon))
		Expect(first).To(BeTemporally("<", noon.Add(time.Minute)))
		Expect(first.Location()).To(Equal(time.UTC))
		Eventually(c.Now).Should(BeTemporally(">", first))
	})

	It("shows the real time when no start is given", func() {
		c := clock.New(time.Time{})
		DeferCleanup(c.Close)
		Expect(c.Now()).To(BeTemporally("~", time.Now(), time.Minute))
	})

	It("stands still while frozen and runs on from there when resumed", func() {
		c := frozen()
		stood := c.Now()
		Expect(c.Frozen()).To(BeTrue())
		Consistently(c.Now, "20ms").Should(Equal(stood))
		c.Resume()
		Expect(c.Frozen()).To(BeFalse())
		Eventually(c.Now).Should(BeTemporally(">", stood))
		Expect(c.Now()).To(BeTemporally("<", stood.Add(time.Minute)))
	})

	It("never steps back for anybody, however it is frozen, resumed and moved", func(ctx SpecContext) {
		c := clock.New(noon)
		DeferCleanup(c.Close)
		var steppedBack, stop atomic.Bool
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for last := c.Now(); !stop.Load(); {
					now := c.Now()
					if now.Before(last) {
						steppedBack.Store(true)
					}
					last = now
				}
			})
		}
		for range 300 {
			c.Freeze()
			Expect(c.Advance(ctx, time.Millisecond)).To(Succeed())
			c.Resume()
			Expect(c.Advance(ctx, time.Microsecond)).To(Succeed())
		}
		stop.Store(true)
		readers.Wait()
		Expect(steppedBack.Load()).To(BeFalse())
	})
})

var _ = Describe("What falls due", func() {
	It("runs once as real time passes", func() {
		c := clock.New(noon)
		DeferCleanup(c.Close)
		ran := make(chan time.Time, 2)
		due := c.Now().Add(5 * time.Millisecond)
		c.At(due, func() { ran <- c.Now() })
		Eventually(ran).Should(Receive(BeTemporally(">=", due)))
		Consistently(ran, "20ms").ShouldNot(Receive())
	})

	It("runs at once when its time has passed, also on a frozen clock", func() {
		c := frozen()
		ran := make(chan struct{})
		c.At(c.Now(), func() { close(ran) })
		Eventually(ran).Should(BeClosed())
	})

	It("waits for a frozen clock to be moved or resumed", func() {
		c := frozen()
		ran := make(chan struct{})
		c.At(c.Now().Add(time.Millisecond), func() { close(ran) })
		Consistently(ran, "20ms").ShouldNot(BeClosed())
		c.Resume()
		Eventually(ran).Should(BeClosed())
	})

	It("never runs once it was taken off", func(ctx SpecContext) {
		c := frozen()
		var ran atomic.Int32
		for i := range 5 {
			off := c.At(c.Now().Add(time.Duration(5-i)*time.Second), func() { ran.Add(1) })
			if i%2 == 0 {
				off()
				off() // a second time does no harm
			}
		}
		Expect(c.Advance(ctx, time.Minute)).To(Succeed())
		Expect(ran.Load()).To(BeEquivalentTo(2))
	})

	It("is dropped when the clock closes", func() {
		c := clock.New(noon)
		var ran atomic.Bool
		c.At(c.Now().Add(5*time.Millisecond), func() { ran.Store(true) })
		c.Close()
		c.At(c.Now(), func() { ran.Store(true) })()
		Consistently(ran.Load, "20ms").Should(BeFalse())
		Expect(c.Advance(context.Background(), time.Second)).To(MatchError(clock.ErrClosed))
	})
})

var _ = Describe("Moving the clock", func() {
	It("runs what falls due in order of time, at its own time, with what it leads to in turn", func(ctx SpecContext) {
		c := frozen()
		start := c.Now()
		var seen []string
		note := func(what string) func() {
			return func() { seen = append(seen, what+" "+c.Now().Sub(start).String()) }
		}
		c.At(start.Add(3*time.Second), note("third"))
		c.At(start.Add(1*time.Second), func() {
			note("first")()
			c.At(c.Now().Add(time.Second), note("second"))
			c.At(c.Now(), note("first again"))
		})
		c.At(start.Add(3*time.Second), note("fourth"))
		c.At(start.Add(time.Hour), note("never"))
		Expect(c.Advance(ctx, time.Minute)).To(Succeed())
		Expect(seen).To(Equal([]string{"first 1s", "first again 1s", "second 2s", "third 3s", "fourth 3s"}))
		Expect(c.Now()).To(Equal(start.Add(time.Minute)))
	})

	It("includes what falls due at the very end", func(ctx SpecContext) {
		c := frozen()
		ran := false
		c.At(c.Now().Add(time.Second), func() { ran = true })
		Expect(c.Advance(ctx, time.Second)).To(Succeed())
		Expect(ran).To(BeTrue())
	})

	It("leaves a frozen clock frozen and lets a running one run on", func(ctx SpecContext) {
		c := frozen()
		Expect(c.Advance(ctx, time.Hour)).To(Succeed())
		stood := c.Now()
		Consistently(c.Now, "10ms").Should(Equal(stood))
		c.Resume()
		Expect(c.Advance(ctx, time.Hour)).To(Succeed())
		Expect(c.Now()).To(BeTemporally(">=", stood.Add(time.Hour)))
		Eventually(c.Now).Should(BeTemporally(">", stood.Add(time.Hour)))
	})

	It("waits for work under way before it moves on, so that what the work schedules is in time", func(ctx SpecContext) {
		c := frozen()
		start := c.Now()
		done := c.Begin()
		began := make(chan struct{})
		var ran atomic.Bool
		go func() {
			close(began)
			defer done()
			c.At(start.Add(time.Second), func() { ran.Store(true) })
		}()
		Eventually(began).Should(BeClosed())
		Expect(c.Advance(ctx, 2*time.Second)).To(Succeed())
		Expect(ran.Load()).To(BeTrue())
	})

	It("waits for the work that something due has begun", func(ctx SpecContext) {
		c := frozen()
		start := c.Now()
		var at atomic.Value
		c.At(start.Add(time.Second), func() {
			done := c.Begin()
			go func() {
				defer done()
				at.Store(c.Now().Sub(start))
			}()
		})
		c.At(start.Add(2*time.Second), func() {})
		Expect(c.Advance(ctx, time.Minute)).To(Succeed())
		Expect(at.Load()).To(Equal(time.Second))
	})

	It("is not held up by steady traffic, where something is always under way", func(ctx SpecContext) {
		c := frozen()
		moved := make(chan error, 1)
		underWay := c.Begin()
		go func() { moved <- c.Advance(ctx, time.Second) }()
		Eventually(func() chan error {
			next := c.Begin() // handed over before the last one is done
			underWay()
			underWay = next
			return moved
		}).Should(Receive(BeNil()))
		underWay()
	})

	It("stops where it got to when its caller gives up, and the next move takes up the rest", func(ctx SpecContext) {
		c := frozen()
		start := c.Now()
		release, entered := make(chan struct{}), make(chan struct{})
		var second atomic.Bool
		c.At(start.Add(time.Second), func() { close(entered); <-release })
		c.At(start.Add(time.Second), func() { second.Store(true) })
		impatient, giveUp := context.WithCancel(ctx)
		go func() { <-entered; giveUp() }()
		Expect(c.Advance(impatient, time.Minute)).To(MatchError(context.Canceled))
		Expect(c.Now()).To(Equal(start.Add(time.Second)))
		close(release)
		Expect(c.Advance(ctx, time.Minute)).To(Succeed())
		Expect(second.Load()).To(BeTrue())
		Expect(c.Now()).To(Equal(start.Add(61 * time.Second)))
	})

	It("takes one caller after another", func(ctx SpecContext) {
		c := frozen()
		start := c.Now()
		var callers sync.WaitGroup
		for range 8 {
			callers.Go(func() {
				defer GinkgoRecover()
				Expect(c.Advance(ctx, time.Second)).To(Succeed())
			})
		}
		callers.Wait()
		Expect(c.Now()).To(Equal(start.Add(8 * time.Second)))
	})

	DescribeTable("refuses what no clock can do",
		func(ctx SpecContext, d time.Duration, why string) {
			c := clock.New(time.Date(9999, 6, 1, 0, 0, 0, 0, time.UTC))
			DeferCleanup(c.Close)
			Expect(c.Advance(ctx, d)).To(MatchError(ContainSubstring(why)))
			Expect(c.Now().Month()).To(Equal(time.June))
		},
		Entry("running backwards", -time.Second, "backwards"),
		Entry("a year that no timestamp can hold", 365*24*time.Hour, "year 9999"),
	)
})

func BenchmarkNow(b *testing.B) {
	c := clock.New(noon)
	defer c.Close()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_ = c.Now()
		}
	})
}
