package assistloop

import (
	"context"
	"fmt"

	"github.com/parley-contracts/parley/conformance"
)

// newcomer is an account that the driver issued to spend its budget, and what it can see.
type newcomer struct {
	*pressed
	place        *place // nil where it can see no agent
	conversation string // one to look at; "" for none
	mine         string // one to write to; "" for none
	subscription *subscription
}

func (r *run) newcomer(ctx context.Context) (*newcomer, error) {
	account, err := r.Driver.Issue(ctx, false, availableScopes[:]...)
	if err != nil {
		return nil, err
	}
	return &newcomer{pressed: &pressed{account: account, operation: "get-me"}}, nil
}

// spend asks with a fresh account until the general limit refuses it.
func (r *run) spend(ctx context.Context) (*newcomer, error) {
	n, err := r.newcomer(ctx)
	if err != nil {
		return nil, err
	}
	r.equip(ctx, n)
	for _, e := range r.Ledger.Entries(n.account) {
		if e.OK() { // what it took to look around counts, too
			n.served++
		}
	}
	r.pressPlainly(ctx, n.pressed)
	return n, nil
}

// spendAgain does the same with one more account, and looks at nothing else.
func (r *run) spendAgain(ctx context.Context) (*pressed, error) {
	n, err := r.newcomer(ctx)
	if err != nil {
		return nil, err
	}
	r.pressPlainly(ctx, n.pressed)
	return n.pressed, nil
}

func (r *run) pressPlainly(ctx context.Context, p *pressed) {
	r.limits.pressed = append(r.limits.pressed, p)
	r.press(ctx, p, r.generalRate(), func() *conformance.Exchange {
		return r.plainly(ctx, p.account, "ask who is calling, to meet the rate limit")
	})
}

// equip finds out what an account can see, and makes what it needs to write to.
func (r *run) equip(ctx context.Context, n *newcomer) {
	if n.place = r.visible(ctx, n.account); n.place == nil {
		return
	}
	for _, c := range r.list(ctx, n.account, n.place.agent, nil, "list what a fresh account can see").items {
		if n.conversation = c.text("uuid"); n.conversation != "" {
			break
		}
	}
	if !r.mayWrite() {
		return
	}
	n.mine = r.started(ctx, n.place)
	n.subscription, _ = r.subscribeTo(ctx, n.account, n.place, r.hookURL, "human_handoff_required", "subscribe with a fresh account")
}

// visible is an agent that an account can see: another than the main one if there is any, which other probes
// are busy with.
func (r *run) visible(ctx context.Context, account *conformance.Account) *place {
	organizations := pageOf(r.get(ctx, "list-organizations", account, nil, nil, "list a fresh account's organizations"))
	var some *place
	for _, organization := range head(organizations.texts("organization_uuid"), maxOrganizations) {
		agents := pageOf(r.get(ctx, "list-agents", account, path("organization_uuid", organization), nil, "list a fresh account's agents"))
		for _, agent := range agents.texts("agent_uuid") {
			p := &place{organization: organization, agent: agent}
			if r.world.main == nil || agent != r.world.main.agent {
				return p
			}
			some = p
		}
	}
	return some
}

// started is a conversation that the driver starts, "" where it cannot.
func (r *run) started(ctx context.Context, p *place) string {
	if !r.Can("provoke") {
		return ""
	}
	uuid, err := r.Driver.Provoke(ctx, "new_conversation", p.organization, p.agent)
	if err != nil {
		r.Log.Note(err.Error())
	}
	return uuid
}

// request is a good request for an operation of the general limit; false where the account has nothing for it.
func (n *newcomer) request(op string) (conformance.Request, bool) {
	q := conformance.Request{Operation: op, Account: n.account, Purpose: op + " while the general limit is reached", TakeLimit: true}
	switch op {
	case "get-me", "list-organizations":
		return q, true
	case "list-agents":
		if n.place != nil {
			q.Path = path("organization_uuid", n.place.organization)
		}
		return q, n.place != nil
	case "list-conversations", "recent-sample":
		if n.place != nil {
			q.Path = path("agentUuid", n.place.agent)
		}
		return q, n.place != nil
	case "find-messages":
		q.Path = path("conversationUuid", n.conversation)
		return q, n.conversation != ""
	case "reply-to-conversation":
		q.Path, q.JSON = path("conversationUuid", n.mine), map[string]string{"content": atTheLimit}
		return q, n.mine != ""
	case "unsubscribe":
		if n.subscription != nil {
			q.Path = path("uuid", n.subscription.ID)
		}
		return q, n.subscription != nil
	}
	return q, false
}

// sweep asks once for every other operation while the limit is reached: one that is served, and the plain request
// after it is not, may be exempt.
func (r *run) sweep(ctx context.Context, n *newcomer) []string {
	r.Own(atTheLimit)
	var suspects []string
	for _, op := range securedOperations {
		if op == n.operation || !r.sweepOne(ctx, n, op).OK() {
			continue
		}
		if r.plainly(ctx, n.account, "ask who is calling, to see whether the limit is still reached").OK() {
			return suspects // it let go meanwhile
		}
		suspects = append(suspects, op)
	}
	return suspects
}

func (r *run) sweepOne(ctx context.Context, n *newcomer, op string) *conformance.Exchange {
	if op == "subscribe" {
		if n.subscription == nil {
			return nil
		}
		_, x := r.overSubscribe(ctx, n, 0)
		return x
	}
	q, ok := n.request(op)
	if !ok {
		return nil
	}
	return r.Do(ctx, q)
}

const atTheLimit = "Parley reply at the rate limit"

// overSubscribe makes one more subscription, with a target of its own: the same one again may be refused.
func (r *run) overSubscribe(ctx context.Context, n *newcomer, i int) (*subscription, *conformance.Exchange) {
	return r.request(ctx, n.place, conformance.Request{
		Operation: "subscribe", Account: n.account, JSON: n.place.order(fmt.Sprintf("%s?n=%d", r.hookURL(), i), "human_handoff_required"),
		Purpose: "subscribe while the general limit is reached", TakeLimit: true,
	})
}

// release takes a newcomer's subscription away, now that its budget is there again.
func (r *run) release(ctx context.Context, n *newcomer) {
	if n.subscription != nil && gone(r.unsubscribe(ctx, n.account, n.subscription.ID, "unsubscribe with a fresh account")) == nil {
		n.subscription.step.Done()
	}
}

// pressExempt asks a fresh account for one operation until it is refused, to tell whether the limit counts it.
func (r *run) pressExempt(ctx context.Context, op string) error {
	n, err := r.newcomer(ctx)
	if err != nil {
		return err
	}
	q := r.generalRate()
	r.equip(ctx, n)
	n.operation = op
	send := func() *conformance.Exchange {
		again, ok := n.request(op)
		if !ok {
			return nil
		}
		return r.Do(ctx, again)
	}
	switch op {
	case "subscribe", "unsubscribe":
		// Taking so many subscriptions away again, or making them, is within the limit only if time can be moved.
		if !r.Can("advance-clock") || n.subscription == nil {
			return nil
		}
		if send, err = r.manySubscriptions(ctx, n, q); err != nil {
			return err
		}
	}
	r.limits.exempt = append(r.limits.exempt, n.pressed)
	r.press(ctx, n.pressed, q, send)
	return nil
}

// manySubscriptions makes subscriptions one by one, or makes them within the limit and removes them one by one.
func (r *run) manySubscriptions(ctx context.Context, n *newcomer, q rate) (func() *conformance.Exchange, error) {
	made := 0
	if n.operation == "subscribe" {
		return func() *conformance.Exchange {
			made++
			_, x := r.overSubscribe(ctx, n, made)
			return x
		}, nil
	}
	var stock []*subscription
	for len(stock) <= 2*q.Requests {
		s, x := r.subscribeTo(ctx, n.account, n.place, r.hookURL, "human_handoff_required", "subscribe, to unsubscribe at the limit")
		if s == nil {
			return nil, conformance.Blocked("%s was answered %d", x.Purpose, x.Status)
		}
		stock = append(stock, s)
	}
	if err := r.Driver.Advance(ctx, q.Per+slack); err != nil {
		return nil, err
	}
	return func() *conformance.Exchange {
		if made == len(stock) {
			return nil
		}
		s := stock[made]
		made++
		x := r.Do(ctx, conformance.Request{
			Operation: "unsubscribe", Account: n.account, Path: path("uuid", s.ID), Purpose: "unsubscribe beyond the limit", TakeLimit: true,
		})
		if x.OK() {
			s.step.Done()
		}
		return x
	}, nil
}
