package assistloop

import (
	"context"

	"github.com/parley-contracts/parley/conformance"
)

// mainBudget is how often a run may ask the main account where time is real: three minutes' worth.
const mainBudget = 180

// closer closes conversations of the suite's own, the same one again where the target serves that (AL-82).
type closer struct {
	run          *run
	account      *conformance.Account
	place        *place // where the driver starts further ones; nil where it cannot
	conversation string
	closed       int  // how often the conversation was closed
	once         bool // the target closes a conversation but once
}

func (r *run) probeCloseLimit(ctx context.Context) error {
	q := r.closeRate()
	if !r.Can("issue-token") || !r.Can("provoke") {
		return r.closeAgain(ctx, q)
	}
	for range 2 {
		p, err := r.spendCloses(ctx, q)
		if err != nil {
			return err
		}
		t := r.trafficOf(p.account)
		if i := t.first(q); i < 0 || t.reaches(i, q).late(q) == 0 {
			break
		}
	}
	return nil
}

// spendCloses closes with a fresh account until the limit refuses it.
func (r *run) spendCloses(ctx context.Context, q rate) (*pressed, error) {
	n, err := r.newcomer(ctx)
	if err != nil {
		return nil, err
	}
	n.operation = "close-conversation"
	c := &closer{run: r, account: n.account, place: r.visible(ctx, n.account)}
	if c.place == nil {
		return nil, conformance.Lacking("the account that the driver issued can see no agent to start conversations with")
	}
	r.limits.closes = append(r.limits.closes, n.pressed)
	send := func() *conformance.Exchange { return c.next(ctx) }
	r.press(ctx, n.pressed, q, send)
	if n.refused == nil {
		return n.pressed, nil
	}
	return n.pressed, r.afterwards(ctx, send)
}

// closeAgain closes with the main account: what it closed before, where the target served that twice, since that is
// the suite's own, or what the driver starts. Otherwise the run's own closes have to do.
func (r *run) closeAgain(ctx context.Context, q rate) error {
	if !r.Can("advance-clock") && len(r.traffics()[0].entries)+q.Requests+1 > mainBudget {
		r.Log.Note("the rate limit of closing was left to the run's own closes, so as not to ask the main account too often")
		return nil
	}
	c := r.closerOnMain(ctx)
	if c == nil {
		return nil
	}
	// What met the general limit a minute ago, but for how a target rounds, would explain any 429 to a close.
	if r.Can("advance-clock") {
		if err := r.Driver.Advance(ctx, 2*slack); err != nil {
			return conformance.Blocked("%v", err)
		}
	}
	p := &pressed{account: r.Main, operation: "close-conversation"}
	r.limits.closes = append(r.limits.closes, p)
	send := func() *conformance.Exchange { return c.next(ctx) }
	r.press(ctx, p, q, send)
	r.limits.closesAgain = r.lookAgain(ctx, q, send)
	return nil
}

// closerOnMain is nil where there is nothing that may be closed so often.
func (r *run) closerOnMain(ctx context.Context) *closer {
	closed := map[string]int{}
	for _, x := range r.Log.Exchanges() {
		if x.Operation == "close-conversation" && x.Account == r.Main && x.OK() && x.Request.Method == "" {
			closed[x.Path["conversationUuid"]]++
		}
	}
	for conversation, times := range closed {
		if times >= 2 {
			return &closer{run: r, account: r.Main, conversation: conversation, closed: times}
		}
	}
	if !r.Can("provoke") {
		return nil
	}
	at := r.world.main
	if at == nil {
		at = r.visible(ctx, r.Main)
	}
	if at == nil {
		return nil
	}
	return &closer{run: r, account: r.Main, place: at}
}

// next closes once more, and gives nil when there is nothing left to close.
func (c *closer) next(ctx context.Context) *conformance.Exchange {
	if c.conversation == "" || c.once && c.closed > 0 {
		if c.place == nil {
			return nil
		}
		if c.conversation, c.closed = c.run.started(ctx, c.place), 0; c.conversation == "" {
			return nil
		}
	}
	x := c.run.Do(ctx, conformance.Request{
		Operation: "close-conversation", Account: c.account, Path: path("conversationUuid", c.conversation),
		JSON: map[string]string{"platform": "make"}, Purpose: "close, to meet the rate limit", TakeLimit: true,
	})
	if c.closed == 1 && x.Refused() && c.place != nil {
		c.once = true
		return c.next(ctx)
	}
	if x.OK() {
		c.closed++
	}
	return x
}
