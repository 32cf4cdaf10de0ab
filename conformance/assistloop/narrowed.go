package assistloop

import (
	"context"
	"net/url"

	"github.com/parley-contracts/parley/conformance"
)

// narrowed is a subscription of the main account's, and what a grant of the same account came to that tried to remove
// it without manage:webhooks: only such a one can have a subscription and lack the scope.
type narrowed struct {
	gap     error // why there is none
	removal *conformance.Exchange
	kept    *conformance.Exchange // the main account's own removal of it afterwards
}

const withoutWebhooks = "read:conversations read:messages"

func (r *run) probeNarrowed(ctx context.Context) error {
	n := &r.narrowed
	here, err := r.here()
	if err != nil {
		return err
	}
	me, err := objectOf(r.oauth.me)
	main, mainErr := objectOf(r.world.me)
	switch {
	case r.oauth.way == nil || err != nil || mainErr != nil:
		n.gap = conformance.Lacking("the authorization flow led to no token")
		return nil
	case me.text("uuid") != main.text("uuid"):
		n.gap = conformance.Lacking("the authorization flow leads to another account than the main one")
		return nil
	}
	account := r.holderOf(r.grant(ctx, url.Values{"scope": {withoutWebhooks}}, withoutWebhooks).token, availableScopes[:2]...)
	if account == nil {
		n.gap = conformance.Lacking("no grant without manage:webhooks could be had")
		return nil
	}
	sub := r.subscribe.spare
	if sub == nil {
		var x *conformance.Exchange
		sub, x = r.subscribeTo(ctx, r.Main, here, r.hookURL, "human_handoff_required", "subscribe, for a narrower grant to unsubscribe")
		if sub == nil {
			n.gap = conformance.Blocked("there is no subscription to remove: subscribing was answered %d", x.Status)
			return nil
		}
	}
	n.removal = r.unsubscribe(ctx, account, sub.ID, "unsubscribe the account's own with a grant that lacks manage:webhooks")
	n.kept = r.unsubscribe(ctx, r.Main, sub.ID, "unsubscribe what a narrower grant tried to")
	if gone(n.kept) == nil {
		sub.step.Done()
	}
	return nil
}

// narrowedRemoval: the account's own subscription is kept from a grant without the scope. Where grants know nothing of
// each other's subscriptions, and those are looked for first, nothing can be told.
func (r *run) narrowedRemoval() error {
	n := &r.narrowed
	if n.gap != nil {
		return n.gap
	}
	if wide := r.oauth.grantedScopes(); wide != nil {
		return conformance.Blocked("what scopes a grant holds cannot be relied on: %v", wide)
	}
	if err := sent(n.removal); err != nil {
		return err
	}
	switch removed := n.kept != nil && n.kept.Status == 404 && !n.kept.Troubled; {
	case n.removal.Status == 404 && !removed:
		return conformance.Lacking("the target looks for a grant's own subscriptions before it looks at scopes")
	case n.removal.Status == 403 && removed:
		return breach("the subscription kept from a grant that lacks manage:webhooks", "it gone", n.removal, n.kept)
	}
	return keptOut(n.removal, "manage:webhooks", n.kept.OK())
}
