package assistloop

import (
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// afterExpiry: an expired token is as good as none.
func (s *scopes) afterExpiry(op string) error {
	x := s.expired[op]
	if x == nil {
		return conformance.Lacking("nothing is known to send %s for", op)
	}
	return refused(x, 401)
}

// anyScope: a token of any one scope is served.
func (r *run) anyScope(op string) error {
	return r.scopes.each(func(h *holder) error {
		x := h.me
		switch op {
		case "list-organizations":
			x = h.organizations.x
		case "list-agents":
			x = h.agentsAsked()
		}
		if x == nil {
			return h.blind
		}
		return h.allowed(x, r.servedToOthers(x))
	})
}

// agentsAsked is the holder's list of agents that was served, if any was, else the first; nil for none.
func (h *holder) agentsAsked() *conformance.Exchange {
	for _, p := range h.agents {
		if p.x.OK() {
			return p.x
		}
	}
	if len(h.agents) == 0 {
		return nil
	}
	return h.agents[0].x
}

// sufficient: the token with just the scope is served.
func (r *run) sufficient(op, scope string) error {
	h := r.scopes.holder(scope)
	x := h.tried[op]
	if x == nil {
		return r.scopes.unasked(h, op)
	}
	others := r.servedToOthers(x)
	if c := h.conversation; c != nil && !c.made && (op == "reply-to-conversation" || op == "close-conversation") {
		others = false // somebody else may have closed it meanwhile (AL-82, AL-85)
	}
	return h.allowed(x, others)
}

// servedToOthers tells whether another account's request of the kind was served in this run.
func (r *run) servedToOthers(x *conformance.Exchange) bool {
	for _, other := range r.exchangesOf(x.Operation) {
		if other.OK() && other.Account != nil && other.Account != x.Account && other.Request.Method == "" {
			return true
		}
	}
	return false
}

// allowed holds for a request that the holder's scope is enough for. That it meets another refusal than one of
// its token is a matter of scopes only if others are served.
func (h *holder) allowed(x *conformance.Exchange, othersServed bool) error {
	if err := sent(x); err != nil {
		return err
	}
	switch {
	case x.OK():
		return nil
	case x.Status == 401 || x.Status == 403:
	case x.Troubled:
		return conformance.Blocked("%s was answered %d, and an earlier try may have taken effect", x.Purpose, x.Status)
	case !othersServed:
		return conformance.Blocked("%s was answered %d, and no other token is known to be served", x.Purpose, x.Status)
	}
	return breach("a 2xx, since the token holds "+h.scope, fmt.Sprintf("%d to %s", x.Status, x.Purpose), x)
}

// required: every token without the scope is denied, and what it asked for did not happen.
func (s *scopes) required(op, scope string) error {
	entitled := s.holder(scope)
	return s.each(func(h *holder) error {
		if h == entitled {
			return nil
		}
		x := h.tried[op]
		if x == nil {
			return s.unasked(h, op)
		}
		if op == "unsubscribe" {
			return s.deniedRemoval(h)
		}
		if err := keptOut(x, scope, entitled.tried[op].OK()); err != nil {
			return err
		}
		return h.leftNothing(op)
	})
}

// keptOut holds for a request with a token that lacks the scope, for something that its account can see. Another
// refusal than 403 tells something only if the request is served with the scope.
func keptOut(x *conformance.Exchange, scope string, servedWithScope bool) error {
	if err := sent(x); err != nil {
		return err
	}
	switch {
	case x.Status == 403:
		return nil
	case x.OK(), servedWithScope:
		return breach("403, since the token lacks "+scope, fmt.Sprintf("%d to %s", x.Status, x.Purpose), x)
	}
	return conformance.Blocked("%s was answered %d, and not even the token with %s is served", x.Purpose, x.Status, scope)
}

// leftNothing: what was denied took no effect, as far as anybody may look.
func (h *holder) leftNothing(op string) error {
	switch {
	case op == "reply-to-conversation" && h.found != nil:
		for _, i := range h.found.items {
			if strings.Contains(i.text("content"), h.text) {
				return breach("no message from a reply that was denied", "its message", h.tried[op], h.found.x)
			}
		}
	case op == "close-conversation" && h.closed != nil:
		if open, known := h.closed.find(h.conversation.uuid).flag("status"); known && !open {
			return breach("the conversation left open by a close that was denied", "it closed", h.tried[op], h.closed.x)
		}
	}
	return nil
}

// deniedRemoval: no account without manage:webhooks can have a subscription, so that the ones to remove are another's
// and nobody's. A target that looks for those first answers 404 to the latter: in which order it looks elsewhere tells
// nothing about this. Where the authorization flow can be gone through, narrowedRemoval tells more.
func (s *scopes) deniedRemoval(h *holder) error {
	x, nowhere := h.tried["unsubscribe"], h.nowhere
	if x.Refused() && (x.Status == 404 || x.Status == 403) && nowhere.Status == 404 {
		return conformance.Lacking("the target looks for a subscription before it looks at scopes, and a token without manage:webhooks cannot have one")
	}
	return firstBreach(s.removal(x), s.removal(nowhere))
}

func (s *scopes) removal(x *conformance.Exchange) error {
	const scope = "manage:webhooks"
	return keptOut(x, scope, x.Status == 404 || s.holder(scope).tried["unsubscribe"].OK())
}

// each applies a rule to every holder and returns the first breach, else the first other error.
func (s *scopes) each(rule func(*holder) error) error {
	var other error
	for _, h := range s.holders {
		err := rule(h)
		if _, ok := err.(*conformance.Breach); ok {
			return err
		}
		if other == nil {
			other = err
		}
	}
	return other
}

// unasked says why a holder's request was not sent.
func (s *scopes) unasked(h *holder, op string) error {
	order := s.holder("manage:webhooks").tried["subscribe"]
	switch {
	case op == "unsubscribe" && order != nil:
		return conformance.Blocked("there is no subscription to remove: subscribing was answered %d", order.Status)
	case h.blind != nil:
		return h.blind
	case h.conversation == nil:
		return conformance.Lacking("no conversation is known that the account of the token with just %s can see: give a driver that can provoke", h.scope)
	}
	return conformance.Lacking("the account of the token with just %s has nothing that may be written to", h.scope)
}
