package outbox_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/clock"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// consumer counts what arrives and notices what overtakes another of its key.
type consumer struct {
	*httptest.Server
	room      chan struct{} // one for each delivery that is on its way, so that a flood never finds the outbox full
	count     atomic.Int64
	overtaken atomic.Int64
	latest    sync.Map // by key: the number of its latest delivery
}

func newConsumer() *consumer {
	c := &consumer{room: make(chan struct{}, outbox.DefaultQueue/2)}
	c.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		number, _ := strconv.Atoi(r.Header.Get(webhook.HeaderID))
		if before, found := c.latest.Swap(r.URL.RawQuery, number); found && before.(int) >= number {
			c.overtaken.Add(1)
		}
		c.count.Add(1)
		<-c.room
	}))
	return c
}

// flood sends n signed messages over so many conversations, as fast as they are delivered.
func flood(ctx context.Context, o *outbox.Outbox, c *consumer, n, conversations int) error {
	body := make([]byte, 700) // as long as the documented example
	for i := range n {
		key := "conversation=" + strconv.Itoa(i%conversations)
		m := outbox.Message{
			ID: strconv.Itoa(i), Subscription: "whk_1", URL: c.URL + "/hook?" + key, Secret: secret, Key: key, Body: body,
		}
		c.room <- struct{}{}
		if err := o.Send(m); err != nil {
			return err
		}
	}
	return o.Drain(ctx)
}

var _ = Describe("A flood of deliveries", func() {
	It("loses none and keeps the order of every conversation", func(ctx SpecContext) {
		const n = 3000
		c := newConsumer()
		DeferCleanup(c.Close)
		o := outbox.New(outbox.Options{})
		Expect(flood(ctx, o, c, n, 50)).To(Succeed())
		Expect(o.Close(ctx)).To(Succeed())
		Expect(c.count.Load()).To(BeEquivalentTo(n))
		Expect(c.overtaken.Load()).To(BeZero())
		Expect(o.Stats()).To(And(HaveField("Delivered", uint64(n)), HaveField("Attempts", uint64(n))))
	})
})

// BenchmarkDelivery measures signed deliveries over TLS on loopback, sender and receiver on the same processors.
func BenchmarkDelivery(b *testing.B) {
	for _, conversations := range []int{1, 100, 10_000} {
		b.Run(fmt.Sprintf("conversations=%d", conversations), func(b *testing.B) {
			c := newConsumer()
			defer c.Close()
			world := clock.New(time.Time{})
			defer world.Close()
			o := outbox.New(outbox.Options{Clock: world})
			b.ReportAllocs()
			b.ResetTimer()
			if err := flood(b.Context(), o, c, b.N, conversations); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
			if err := o.Close(b.Context()); err != nil {
				b.Fatal(err)
			}
			if lost := int64(b.N) - c.count.Load(); lost != 0 || c.overtaken.Load() != 0 {
				b.Fatalf("%d lost, %d overtaken", lost, c.overtaken.Load())
			}
		})
	}
}
