package integration

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// Integration thanks every customer who starts a conversation. When a person is asked for, it opens a ticket with what
// was said so far, tells the customer its number and closes the conversation.
type Integration struct {
	Endpoint *Endpoint
	Client   *Client

	store   Store
	done    atomic.Int64
	tickets sync.Map // number → how many messages are in it

	mu     sync.Mutex
	failed []error
}

// Connect makes an integration that keeps what it is told in a store.
func Connect(config Config, store Store, bugs ...Bug) (*Integration, error) {
	endpoint, err := New("", KeptIn(store), With(bugs...))
	if err != nil {
		return nil, err
	}
	return &Integration{Endpoint: endpoint, Client: newClient(config, bugs), store: store}, nil
}

// Subscribe has both events delivered to a URL at which the endpoint is served.
func (i *Integration) Subscribe(ctx context.Context, target string) error {
	for _, event := range []string{NewConversation, HumanHandoff} {
		secret, err := i.Client.Subscribe(ctx, event, target)
		if err != nil {
			return fmt.Errorf("subscribe to %s: %w", event, err)
		}
		if err := i.Endpoint.AddSecret(secret); err != nil {
			return err
		}
	}
	return nil
}

// Run does what is kept, so many events at a time, until ctx ends.
func (i *Integration) Run(ctx context.Context, workers int) {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for {
				event, more := i.store.Next(ctx.Done())
				if !more {
					return
				}
				if err := i.do(ctx, event); err != nil && !errors.Is(err, ctx.Err()) {
					i.fail(fmt.Errorf("%s: %w", event.Key, err))
				}
				i.done.Add(1)
			}
		})
	}
	all.Wait()
}

func (i *Integration) do(ctx context.Context, e Event) error {
	switch e.Name {
	case NewConversation:
		return i.Client.Reply(ctx, e.Conversation, Thanks(e.ID))
	case HumanHandoff:
		messages, err := i.Client.Find(ctx, e.Conversation)
		if err != nil {
			return err
		}
		i.tickets.Store(e.ID, len(messages))
		if err := i.Client.Reply(ctx, e.Conversation, TicketOpened(e.ID)); err != nil {
			return err
		}
		return i.Client.Close(ctx, e.Conversation)
	}
	return nil // an event of a later version: nothing is asked of us
}

// Thanks is what a customer is told first.
func Thanks(id string) string { return "Thank you for your message. Our reference is " + id + "." }

// TicketOpened is what a customer who asked for a person is told.
func TicketOpened(id string) string { return "We have opened ticket " + id + " for you." }

// Done counts the events that were worked on to the end.
func (i *Integration) Done() int { return int(i.done.Load()) }

// Failed tells what was refused for good.
func (i *Integration) Failed() []error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.failed[:len(i.failed):len(i.failed)]
}

func (i *Integration) fail(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.failed = append(i.failed, err)
}
