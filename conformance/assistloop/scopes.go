package assistloop

import (
	"context"

	"github.com/parley-contracts/parley/conformance"
)

// availableScopes are those of section "Available Scopes", in its order.
var availableScopes = [...]string{"read:conversations", "read:messages", "manage:webhooks", "write:conversations"}

// scopes is what tokens of one scope each came to, and an expired token.
type scopes struct {
	holders    []*holder            // one for each scope
	subscribed *subscription        // by the holder of manage:webhooks
	late       *conformance.Account // whose token has expired
	expired    map[string]*conformance.Exchange
}

// holder is an account of its own whose token holds one scope.
type holder struct {
	account       *conformance.Account
	scope         string
	me            *conformance.Exchange
	organizations *page
	agents        []*page // of its organizations, until one has an agent
	place         *place  // an agent that it can see; nil where blind says why not
	blind         error
	conversation  *own // one that it can see; nil where none is known
	waited        bool // in vain, for the conversation to be there
	// tried is one good request for each operation, on what the account can see.
	tried   map[string]*conformance.Exchange
	nowhere *conformance.Exchange // its attempt at removing a subscription that never was
	// text is what it replied. found and closed are its conversation's messages and its agent's closed
	// conversations after it was denied a reply and a close; nil where nobody may look.
	text          string
	found, closed *page
}

// Section "Available Scopes".
func (r *run) scopesPart() conformance.Plan {
	s := &r.scopes
	plan := conformance.Plan{Probes: []conformance.Probe{
		{Name: "tokens", Title: "a token for each scope", After: []string{"world"}, Run: r.probeTokens},
		{Name: "scopes", Title: "reading with a token for each scope", After: []string{"tokens"}, Run: r.probeScopes},
		{Name: "scopes-write", Title: "writing with a token for each scope", After: []string{"scopes"}, Writes: true, Run: r.probeScopesWrite},
		{Name: "expired", Title: "an expired token", After: []string{"world"}, Run: r.probeExpired},
		{Name: "expired-writes", Title: "writing with an expired token", After: []string{"expired", "scopes-write"}, Writes: true, Run: r.probeExpiredWrites},
	}}
	for i := range plan.Probes {
		plan.Probes[i].Unsupported = r.cannot("issue-token")
	}
	for _, op := range securedOperations {
		scoped, expired := "scopes", "expired"
		if writes(op) {
			scoped, expired = "scopes-write", "expired-writes"
		}
		plan.Checks = append(plan.Checks, on(op+"/expired-token", func() error { return s.afterExpiry(op) }, expired))
		switch wanted := r.Operation(op).Scopes; len(wanted) {
		case 0:
			plan.Checks = append(plan.Checks, on(op+"/any-scope", func() error { return r.anyScope(op) }, "tokens"))
		case 1: // recent-sample takes either of two, which is unjudged (AL-12)
			plan.Checks = append(plan.Checks,
				on(op+"/scope-required", func() error { return s.required(op, wanted[0]) }, scoped),
				on(op+"/scope-sufficient", func() error { return r.sufficient(op, wanted[0]) }, scoped),
			)
		}
	}
	return plan
}

// cannot says why a probe that needs a capability of the driver does not run; "" when it can.
func (r *run) cannot(capability string) string {
	switch {
	case r.Can(capability):
		return ""
	case r.Driver == nil:
		return "there is no driver, which is to " + capability
	}
	return "the driver cannot " + capability
}

// probeTokens orders the tokens, and looks at what their accounts can see.
func (r *run) probeTokens(ctx context.Context) error {
	s := &r.scopes
	for _, scope := range availableScopes {
		account, err := r.Driver.Issue(ctx, false, scope)
		if err != nil {
			return err
		}
		s.holders = append(s.holders, &holder{account: account, scope: scope, tried: map[string]*conformance.Exchange{}})
	}
	accepted := false
	for _, h := range s.holders {
		h.me = r.ask(ctx, h, "get-me", nil, "ask who is calling")
		h.organizations = pageOf(r.ask(ctx, h, "list-organizations", nil, "list the organizations"))
		accepted = accepted || h.me.Status != 401 || h.organizations.x.Status != 401
	}
	if !accepted {
		return conformance.Blocked("the target answers 401 to every token that the driver issued")
	}
	for _, h := range s.holders {
		r.lookAtAgents(ctx, h)
	}
	for _, h := range s.holders {
		if h.place, h.blind = r.placeFor(h); h.place != nil {
			h.conversation = r.startedAt(ctx, h.place)
		}
	}
	for _, h := range s.holders {
		if h.place != nil && h.conversation == nil {
			h.conversation = r.shown(ctx, h)
		}
	}
	return nil
}

// ask sends a request with a holder's token. Whether it is to be served is what the checks tell.
func (r *run) ask(ctx context.Context, h *holder, operation string, path map[string]string, purpose string) *conformance.Exchange {
	return r.Do(ctx, conformance.Request{
		Operation: operation, Account: h.account, Path: path, Purpose: purpose + " with just " + h.scope,
	})
}

func (s *scopes) holder(scope string) *holder {
	for _, h := range s.holders {
		if h.scope == scope {
			return h
		}
	}
	return &holder{organizations: &page{}, blind: conformance.Blocked("no token with just %s was issued", scope)}
}

// probeScopes reads with every token.
func (r *run) probeScopes(ctx context.Context) error {
	s := &r.scopes
	for _, h := range s.holders {
		if h.place != nil {
			h.tried["list-conversations"] = r.ask(ctx, h, "list-conversations", path("agentUuid", h.place.agent), "list conversations")
		}
		if h.conversation != nil {
			h.tried["find-messages"] = r.onceThere(ctx, h, func() *conformance.Exchange {
				return r.ask(ctx, h, "find-messages", path("conversationUuid", h.conversation.uuid), "find messages")
			})
		}
	}
	return nil
}
