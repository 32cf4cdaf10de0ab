package conversations_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// BenchmarkDelivery measures customers' messages from the centre to a receiver on loopback, over TLS and signed: state,
// payload, outbox, signature and both ends of the connection on the same processors. The goal is 5,000 a second.
func BenchmarkDelivery(b *testing.B) {
	for _, conversations := range []int{1, 100} {
		b.Run(fmt.Sprintf("conversations=%d", conversations), func(b *testing.B) {
			// As many on their way as the outbox has room for, and no more: a flood is to be delivered, not refused.
			room := make(chan struct{}, outbox.DefaultQueue/2)
			var arrived atomic.Int64
			server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				arrived.Add(1)
				<-room
			}))
			defer server.Close()
			s := newService(world.Options{})
			_, err := s.Center.Subscribe(center.Subscription{Events: []string{center.InboundMessageEvent}, Profile: center.Profile{
				URL: server.URL, Security: &center.Security{Type: center.HMAC, Secret: webhook.NewSecret([]byte("a key of twenty-four bytes"))},
			}})
			if err != nil {
				b.Fatal(err)
			}
			ids := make([]string, conversations)
			for i := range ids {
				begun, err := s.Center.Create(center.Draft{Channel: center.WhatsApp})
				if err != nil {
					b.Fatal(err)
				}
				ids[i] = begun.ID
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				room <- struct{}{}
				if _, _, err := s.Center.Receive(center.Inbound{Conversation: ids[i%conversations], Content: center.Text("Where is my order?")}); err != nil {
					b.Fatal(err)
				}
			}
			if err := s.Outbox.Drain(context.Background()); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
			if arrived.Load() != int64(b.N) {
				b.Fatalf("expected %d deliveries, came %d", b.N, arrived.Load())
			}
			_ = s.Close(context.Background())
		})
	}
}

// BenchmarkOperations measures operations through the generated server, without the gate.
func BenchmarkOperations(b *testing.B) {
	s := newService(world.Options{})
	id, _, _, _, _ := s.Center.Example()
	for _, path := range []string{threads, threads + "/" + id, threads + "/" + id + "/messages"} {
		b.Run(path[len("/ccaas/1"):], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
				if w.Code != http.StatusOK {
					b.Fatalf("expected 200, came %d", w.Code)
				}
			}
		})
	}
	_ = s.Close(b.Context())
}
