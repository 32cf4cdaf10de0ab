package assistloop

import (
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/mock/world"
)

// Connect has what happens on a world's desk delivered to those who subscribed to it. Deliveries of one conversation keep
// their order.
func Connect(w *world.World) {
	readings := &w.Options.Readings
	w.Desk.Listen(func(e desk.Event) {
		if gone, ok := e.Change.(desk.Unsubscribed); ok {
			if !readings.Has(reading.UnsubscribeDeaf) {
				w.Outbox.Cancel(gone.Subscription.ID)
			}
			return
		}
		hook, subscriptions := w.Desk.Due(e)
		if w.Wire != nil && hook.Body != nil {
			hook.Body = w.Wire.Hook(hook.Event, hook.Body)
		}
		for _, s := range subscriptions {
			// What the outbox has no room for is in its statistics and in the journal; nobody else could do anything about it.
			_ = w.Outbox.Send(outbox.Message{
				ID: hook.ID, Subscription: s.ID, Event: hook.Event, URL: s.TargetURL, Secret: s.Secret,
				Body: hook.Body, Key: hook.Conversation, Authorize: signer(readings, s.Secret, hook),
			})
		}
	})
}
