package assistloop

import (
	"context"
	"errors"
	"fmt"

	"github.com/parley-contracts/parley/conformance"
)

// probeScopesWrite writes with every token. The tokens that are to be denied come first, and what they left
// behind is looked at before the one that may write has its turn.
func (r *run) probeScopesWrite(ctx context.Context) error {
	writer := r.scopes.holder("write:conversations")
	for _, h := range r.scopes.holders {
		if h != writer {
			r.replyAndClose(ctx, h)
		}
	}
	for _, h := range r.scopes.holders {
		if h != writer && h.tried["close-conversation"] != nil {
			r.lookBehind(ctx, h)
		}
	}
	r.replyAndClose(ctx, writer)
	for _, h := range r.scopes.holders {
		if h.text != "" {
			r.take(h.conversation) // closed by now: no other probe can use it
		}
	}
	r.subscribeWithEach(ctx)
	return nil
}

// replyAndClose tries both on the holder's conversation, if it may be written to.
func (r *run) replyAndClose(ctx context.Context, h *holder) {
	if h.conversation == nil || !h.conversation.made && !r.mayWriteTo(h.conversation.uuid) {
		return
	}
	h.text = "Parley reply " + nonce() + " with just " + h.scope
	r.Own(h.text)
	write := func(operation, purpose string, body map[string]string) {
		h.tried[operation] = r.onceThere(ctx, h, func() *conformance.Exchange {
			return r.Do(ctx, conformance.Request{
				Operation: operation, Account: h.account, Path: path("conversationUuid", h.conversation.uuid), JSON: body,
				Purpose: purpose + " with just " + h.scope,
			})
		})
	}
	write("reply-to-conversation", "reply", map[string]string{"content": h.text})
	write("close-conversation", "close", map[string]string{"platform": "make"})
}

// lookBehind looks whether what was denied took effect, with an account that can see it. Whether a conversation
// closed by it can be told only of one that nobody else touches.
func (r *run) lookBehind(ctx context.Context, h *holder) {
	at := h.conversation.place
	if who := r.onlooker(at.organization, "read:messages"); who != nil {
		h.found = r.find(ctx, who, h.conversation.uuid, nil, "find the messages after a reply that was to be denied")
	}
	if who := r.onlooker(at.organization, "read:conversations"); who != nil && h.conversation.made {
		h.closed = r.list(ctx, who, at.agent, query("status", "0"), "list the closed ones after a close that was to be denied")
	}
}

// subscribeWithEach has the holder of manage:webhooks subscribe, the others try the same and try to remove its
// subscription and one that never was, and at last itself remove it.
func (r *run) subscribeWithEach(ctx context.Context) {
	s := &r.scopes
	manager := s.holder("manage:webhooks")
	for _, h := range s.holders {
		if h.place == nil {
			continue
		}
		sub, x := r.subscribeTo(ctx, h.account, h.place, r.hookURL, "new_conversation", "subscribe with just "+h.scope)
		h.tried["subscribe"] = x
		if h == manager {
			s.subscribed = sub
		}
	}
	if s.subscribed == nil {
		return
	}
	never := altered(s.subscribed.ID)
	for _, h := range s.holders {
		if h != manager {
			h.tried["unsubscribe"] = r.unsubscribe(ctx, h.account, s.subscribed.ID, "unsubscribe another account's subscription with just "+h.scope)
			h.nowhere = r.unsubscribe(ctx, h.account, never, "unsubscribe what does not exist with just "+h.scope)
		}
	}
	x := r.unsubscribe(ctx, manager.account, s.subscribed.ID, "unsubscribe its own with just "+manager.scope)
	manager.tried["unsubscribe"] = x
	if x.OK() {
		s.subscribed.step.Done()
	}
}

// probeExpired and probeExpiredWrites ask for everything as it would be served, were the token still good.
func (r *run) probeExpired(ctx context.Context) error {
	s := &r.scopes
	var err error
	if s.late, err = r.Driver.Issue(ctx, true, availableScopes[:]...); err != nil {
		var refusal *conformance.DriverRefusal
		if errors.As(err, &refusal) && refusal.Cannot() {
			return conformance.Lacking("the driver issues no expired tokens: %s", refusal.Message)
		}
		return fmt.Errorf("an expired token: %w", err)
	}
	s.expired = map[string]*conformance.Exchange{}
	for _, op := range securedOperations {
		if q, ok := r.good(op); ok && !writes(op) {
			r.askLate(ctx, q)
		}
	}
	return nil
}

func (r *run) probeExpiredWrites(ctx context.Context) error {
	if here, err := r.here(); err == nil {
		q := conformance.Request{Operation: "subscribe", JSON: here.order(r.hookURL(), "new_conversation")}
		q.Account, q.Purpose = r.scopes.late, "subscribe with an expired token"
		_, r.scopes.expired["subscribe"] = r.request(ctx, here, q) // takes away what should not have been made
	}
	if id := r.someSubscription(); id != "" {
		r.askLate(ctx, conformance.Request{Operation: "unsubscribe", Path: path("uuid", id)})
	}
	c, err := r.writable(ctx, nil)
	if err != nil {
		return nil // the checks find nothing sent
	}
	text := "Parley reply " + nonce() + " with an expired token"
	r.Own(text)
	to := path("conversationUuid", c.uuid)
	r.askLate(ctx, conformance.Request{Operation: "reply-to-conversation", Path: to, JSON: map[string]string{"content": text}})
	r.askLate(ctx, conformance.Request{Operation: "close-conversation", Path: to, JSON: map[string]string{"platform": "make"}})
	return nil
}

func (r *run) askLate(ctx context.Context, q conformance.Request) {
	q.Account, q.Purpose = r.scopes.late, q.Operation+" with an expired token"
	r.scopes.expired[q.Operation] = r.Do(ctx, q)
}
