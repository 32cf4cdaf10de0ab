package center_test

import (
	"testing"
	"time"

	"github.com/parley-contracts/parley/mock/center"
)

// BenchmarkNew is what a world's start-up pays for this contract.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		center.New(center.Options{Seed: 1})
	}
}

// BenchmarkDue folds a customer's message and encodes its delivery.
func BenchmarkDue(b *testing.B) {
	c := center.New(center.Options{Seed: 1})
	subscribe(c, "https://hook.example/1", center.Events...)
	c.Listen(func(e center.Event) { c.Due(e) })
	conversation, _, err := c.Receive(center.Inbound{Channel: center.WhatsApp, Content: center.Text("Hi")})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := c.Receive(center.Inbound{Conversation: conversation, Content: center.Text("Where is my order?")}); err != nil {
			b.Fatal(err)
		}
	}
}

func subscribe(c *center.Center, url string, events ...string) center.Subscription {
	s, err := c.Subscribe(center.Subscription{Events: events, Profile: center.Profile{URL: url}})
	if err != nil {
		panic(err) // the arguments are this test's own
	}
	return s
}

var start = time.Date(2025, 3, 14, 12, 0, 0, 0, time.UTC)
