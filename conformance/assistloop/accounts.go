package assistloop

import (
	"context"
	"slices"

	"github.com/parley-contracts/parley/conformance"
)

// accounts is what another account, whose token holds every scope, came to at what is the main account's.
type accounts struct {
	outsider      *conformance.Account
	organizations *page // the outsider's
	// place is an agent of the main account's in an organization that the outsider does not list; where there
	// is none, gap says why.
	place        *place
	gap          error
	conversation *own // of that agent
	tried        map[string]*conformance.Exchange
	// messages are the conversation's, and closed the agent's closed conversations, as the main account finds
	// them after what the outsider tried.
	messages, closed *page
	// subscribing is the main account's, removed its removal after the outsider tried to remove it, and control
	// the removal of one of the outsider's own.
	subscribing, removed, control *conformance.Exchange
	text                          string // of the outsider's reply
}

// Section "HTTP Status Code Summary": "Forbidden", "Not Found".
func (r *run) accountsPart() conformance.Plan {
	a := &r.accounts
	refusedPath := func(op string) conformance.Check {
		return on(op+"/other-account", func() error { return r.keptFrom(op, 403, 404) }, "accounts")
	}
	return conformance.Plan{
		Probes: []conformance.Probe{{
			Name: "accounts", Title: "another account, looking", After: []string{"world"},
			Unsupported: r.cannot("issue-token"), Run: r.probeAccounts,
		}, {
			Name: "accounts-write", Title: "another account, writing", After: []string{"accounts"}, Writes: true,
			Unsupported: r.cannot("issue-token"), Run: r.probeAccountsWrite,
		}},
		Checks: []conformance.Check{
			refusedPath("list-agents"),
			refusedPath("list-conversations"),
			refusedPath("recent-sample"),
			refusedPath("find-messages"),
			on("reply-to-conversation/other-account", func() error { return firstOf(r.keptFrom("reply-to-conversation", 403, 404), a.noReply) }, "accounts-write"),
			on("close-conversation/other-account", func() error { return firstOf(r.keptFrom("close-conversation", 403, 404), a.notClosed) }, "accounts-write"),
			on("unsubscribe/other-account", func() error { return firstOf(r.keptFrom("unsubscribe", 403, 404), a.notRemoved) }, "accounts-write"),
			on("subscribe/other-account", func() error { return r.keptFrom("subscribe", 400, 403, 404, 422) }, "accounts-write"),
		},
	}
}

// probeAccounts looks whether the accounts share anything before it tries what the outsider must not see.
func (r *run) probeAccounts(ctx context.Context) error {
	a := &r.accounts
	a.tried = map[string]*conformance.Exchange{}
	var err error
	if a.outsider, err = r.Driver.Issue(ctx, false, availableScopes[:]...); err != nil {
		return err
	}
	a.organizations = pageOf(r.asOutsider(ctx, "list-organizations", nil, nil, "list the organizations of another account"))
	if a.place, a.gap = a.foreign(&r.world); a.place == nil {
		return nil
	}
	a.conversation = r.foreignConversation(ctx)
	at := a.place
	r.asOutsider(ctx, "list-agents", path("organization_uuid", at.organization), nil, "list another account's agents")
	r.asOutsider(ctx, "list-conversations", path("agentUuid", at.agent), nil, "list another account's conversations")
	r.asOutsider(ctx, "recent-sample", path("agentUuid", at.agent), nil, "sample another account's conversations")
	if a.conversation == nil {
		return nil
	}
	r.asOutsider(ctx, "find-messages", path("conversationUuid", a.conversation.uuid), nil, "find another account's messages")
	if !r.mayWrite() {
		a.messages = r.find(ctx, r.Main, a.conversation.uuid, nil, "find the messages that another account asked for")
	}
	return nil
}

// foreign is an agent of the main account's that the outsider must not see: the main one, if it can be.
func (a *accounts) foreign(w *world) (*place, error) {
	if w.main == nil {
		return nil, conformance.Lacking("the main account has no agent to keep from others")
	}
	if a.organizations.err != nil {
		return nil, a.organizations.err
	}
	theirs := a.organizations.texts("organization_uuid")
	for _, p := range append([]*place{w.main}, w.places...) {
		if !slices.Contains(theirs, p.organization) {
			return p, nil
		}
	}
	return nil, conformance.Lacking("the issued account shares the main account's organizations")
}

// foreignConversation is one to write to, if that may be, and else any that the main account lists.
func (r *run) foreignConversation(ctx context.Context) *own {
	at := r.accounts.place
	if r.mayWrite() {
		c := r.startedAt(ctx, at)
		if c == nil && at == r.world.main {
			c, _ = r.writableAt(ctx, at, nil)
		}
		// One that the user named may belong to an organization that both share.
		if c != nil && c.place != nil && c.place.organization == at.organization {
			return c
		}
	}
	for _, i := range at.conversations() {
		if uuid := i.text("uuid"); uuid != "" {
			return &own{uuid: uuid, place: at}
		}
	}
	return nil
}

func (r *run) asOutsider(ctx context.Context, operation string, path map[string]string, body any, purpose string) *conformance.Exchange {
	x := r.Do(ctx, conformance.Request{
		Operation: operation, Account: r.accounts.outsider, Path: path, JSON: body, Purpose: purpose,
	})
	r.accounts.tried[operation] = x
	return x
}

// probeAccountsWrite tries to change what is the main account's, and looks whether it changed.
func (r *run) probeAccountsWrite(ctx context.Context) error {
	a := &r.accounts
	if a.place == nil {
		return nil
	}
	if c := a.conversation; c != nil {
		if slices.Contains(r.world.taken, c.uuid) { // it is ours to write to
			a.text = "Parley reply " + nonce() + " of another account"
			r.Own(a.text)
			to := path("conversationUuid", c.uuid)
			r.asOutsider(ctx, "reply-to-conversation", to, map[string]string{"content": a.text}, "reply to another account's conversation")
			r.asOutsider(ctx, "close-conversation", to, map[string]string{"platform": "make"}, "close another account's conversation")
		}
		a.messages = r.find(ctx, r.Main, c.uuid, nil, "find the messages of the conversation that another account tried")
		if c.made {
			a.closed = r.list(ctx, r.Main, a.place.agent, query("status", "0"), "list the closed ones after another account's close")
		}
	}
	_, a.tried["subscribe"] = r.subscribeTo(ctx, a.outsider, a.place, r.hookURL, "new_conversation", "subscribe to another account's agent")
	r.removeForeign(ctx)
	return nil
}

// removeForeign has the outsider try to remove a subscription of the main account's, which then removes it
// itself, and lastly make and remove one of its own.
func (r *run) removeForeign(ctx context.Context) {
	a := &r.accounts
	sub, x := r.subscribeTo(ctx, r.Main, a.place, r.hookURL, "new_conversation", "subscribe, for another account to try")
	a.subscribing = x
	if sub == nil {
		return
	}
	r.asOutsider(ctx, "unsubscribe", path("uuid", sub.ID), nil, "remove another account's subscription")
	a.removed = r.unsubscribe(ctx, r.Main, sub.ID, "unsubscribe what another account tried to remove")
	if isRemoved(a.removed) {
		sub.step.Done()
		return
	}
	for _, organization := range head(a.organizations.texts("organization_uuid"), maxOrganizations) {
		agents := pageOf(r.Do(ctx, conformance.Request{
			Operation: "list-agents", Account: a.outsider, Path: path("organization_uuid", organization), Purpose: "list the agents of its own organization",
		}))
		for _, agent := range head(agents.texts("agent_uuid"), 1) {
			at := &place{organization: organization, agent: agent}
			if own, _ := r.subscribeTo(ctx, a.outsider, at, r.hookURL, "new_conversation", "subscribe to its own agent"); own != nil {
				a.control = r.unsubscribe(ctx, a.outsider, own.ID, "unsubscribe its own")
				return
			}
		}
	}
}
