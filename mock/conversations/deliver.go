package conversations

import (
	"net/http"
	"strconv"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/world"
)

// Connect has what happens in a world's contact centre delivered to those who subscribed to it. Deliveries of one
// conversation keep their order.
func Connect(w *world.World) {
	w.Center.Listen(func(e center.Event) {
		if gone, ok := e.Change.(center.Unsubscribed); ok {
			w.Outbox.Cancel(name(gone.Subscription))
			return
		}
		for _, hook := range w.Center.Due(e) {
			for _, s := range hook.To {
				// What the outbox has no room for is in its statistics and in the journal; nobody else could do anything about it.
				_ = w.Outbox.Send(message(hook, s))
			}
		}
	})
}

// message is a delivery. What it bears to show its sender is our choice (IB-52).
func message(hook center.Webhook, s center.Subscription) outbox.Message {
	m := outbox.Message{
		ID: hook.ID, Subscription: name(s), Event: hook.Event, URL: s.Profile.URL, Body: hook.Body, Key: hook.Conversation,
	}
	switch security := s.Profile.Security; {
	case security == nil:
		m.Authorize = func(*http.Request) {}
	case security.Type == center.Basic:
		m.Authorize = func(r *http.Request) { r.SetBasicAuth(security.Username, security.Password) }
	default:
		m.Secret = security.Secret
	}
	return m
}

// name tells a subscription from any before it that had its id, and from those of the other contract.
func name(s center.Subscription) string {
	return "conversations/" + s.ID + "/" + strconv.Itoa(s.Number)
}
