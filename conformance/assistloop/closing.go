package assistloop

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// closing is a conversation that was closed, and what the lists said before and after.
type closing struct {
	of     *own
	bad    map[string]*conformance.Exchange
	unsure bool   // the conversation may have been closed by somebody else, and there was none to look a second time with
	intact *state // unfiltered, after the closes that are to be refused
	before *state // unfiltered; the same where nothing came between
	x      *conformance.Exchange
	after  *state // unfiltered
	open   *state // under status=1
	closed *state // under status=0
	// again are further rounds, each on a conversation of its own, for when another one changed meanwhile.
	again []*closing
	twice *conformance.Exchange
	reply *conformance.Exchange // to the closed conversation
}

// Section "Close Conversation".
func (r *run) closePart() conformance.Plan {
	c := &r.closing
	badClose := func(name string) func() error { return func() error { return c.refusedWithoutTrace(name) } }
	return conformance.Plan{
		Probes: []conformance.Probe{{
			Name: "close", Title: "closing and its effects", After: []string{"world", "reply"}, Writes: true, Run: r.probeClose,
		}},
		Checks: []conformance.Check{
			on("close-conversation/closed", c.isClosed, "close"),
			on("close-conversation/platform-echoed", c.echoed, "close"),
			on("close-conversation/elsewhere", c.elsewhere, "close"),
			on("close-conversation/twice", func() error { return noServerError(c.twice) }, "close"),
			on("close-conversation/platform-missing", badClose("missing"), "close"),
			on("close-conversation/platform-null", badClose("null"), "close"),
			on("close-conversation/platform-not-a-string", badClose("number"), "close"),
			on("close-conversation/platform-other", func() error { return refused(c.bad["other"]) }, "close"),
			on("close-conversation/malformed-json", func() error { return refused(c.bad["malformed"]) }, "close"),
			on("close-conversation/no-object", func() error { return refused(c.bad["array"]) }, "close"),
			on("close-conversation/other-content-type", c.otherContentType, "close"),
			on("reply-to-conversation/closed", func() error { return noServerError(c.reply) }, "close"),
			on("list-conversations/status-closed", c.listedClosed, "close"),
			on("list-conversations/both-states", c.listedUnfiltered, "close"),
		},
	}
}

func (r *run) probeClose(ctx context.Context) error {
	c := &r.closing
	var err error
	r.companion(ctx)
	if c.of, err = r.writable(ctx, r.reply.to); err != nil {
		return err
	}
	if c.of != r.reply.to {
		r.settled(ctx, c.of)
	}
	if err := r.badCloses(ctx); err != nil {
		return err
	}
	if err := r.closeRound(ctx, c); err != nil {
		return err
	}
	if c.of.place != nil {
		r.moreRounds(ctx)
	}
	c.twice = r.close(ctx, c.of.uuid, map[string]any{"platform": "make"}, "close a second time")
	c.bad["text"] = r.Do(ctx, conformance.Request{
		Operation: "close-conversation", Account: r.Main, Path: path("conversationUuid", c.of.uuid),
		Raw: []byte(`{"platform": "make"}`), ContentType: "text/plain", Purpose: "close with another content type",
	})
	c.reply = r.Do(ctx, conformance.Request{
		Operation: "reply-to-conversation", Account: r.Main, Path: path("conversationUuid", c.of.uuid),
		JSON: map[string]string{"content": "Parley reply to a closed conversation"}, Purpose: "reply to a closed conversation",
	})
	r.Own("Parley reply to a closed conversation")
	return nil
}

// badCloses sends what is to be refused to the conversation while it is open. A platform other than make may
// be taken, which closes it: the good close then takes a further one.
func (r *run) badCloses(ctx context.Context) error {
	c := &r.closing
	r.refusedCloses(ctx)
	if r.taken(c) && !c.servedBad() && !r.alone(c.of) { // it may be somebody else's work: a second look decides
		next, err := r.writable(ctx, nil)
		if c.unsure = err != nil; !c.unsure {
			c.of = next
			r.settled(ctx, next)
			r.refusedCloses(ctx)
		}
	}
	c.bad["other"] = r.close(ctx, c.of.uuid, map[string]any{"platform": "zapier"}, "close with another platform")
	if !c.bad["other"].OK() && !r.taken(c) {
		c.before = c.intact
		return nil
	}
	next, err := r.writable(ctx, nil)
	if err != nil {
		return err
	}
	c.of = next
	r.settled(ctx, next)
	return nil
}

// refusedCloses sends what is to be refused in any case, and looks what it left.
func (r *run) refusedCloses(ctx context.Context) {
	c := &r.closing
	c.bad = map[string]*conformance.Exchange{}
	send := func(name string, body any, purpose string) {
		c.bad[name] = r.close(ctx, c.of.uuid, body, purpose)
	}
	send("missing", map[string]any{}, "close without platform")
	send("null", map[string]any{"platform": nil}, "close with platform null")
	send("number", map[string]any{"platform": 7}, "close with platform that is a number")
	c.bad["malformed"] = r.Do(ctx, conformance.Request{
		Operation: "close-conversation", Account: r.Main, Path: path("conversationUuid", c.of.uuid),
		Raw: []byte(`{"platform": "ma`), Purpose: "close with malformed JSON",
	})
	send("array", []string{"make"}, "close with an array")
	if c.of.place != nil {
		c.intact = r.locate(ctx, c.of.place, c.of.uuid, "list after closes that are to be refused")
	}
}

// taken tells whether one of the closes that are to be refused closed the conversation all the same.
func (r *run) taken(c *closing) bool {
	if c.intact == nil || c.intact.item == nil {
		return false
	}
	open, known := c.intact.item.flag("status")
	return known && !open
}

// closeRound closes one conversation between lists.
func (r *run) closeRound(ctx context.Context, c *closing) error {
	if c.before == nil && c.of.place != nil {
		c.before = r.locate(ctx, c.of.place, c.of.uuid, "list before a close")
	}
	landed := func() bool {
		if c.of.place == nil {
			return false
		}
		open, known := r.locate(ctx, c.of.place, c.of.uuid, "look whether a close landed").item.flag("status")
		return known && !open
	}
	c.x = r.Do(ctx, conformance.Request{
		Operation: "close-conversation", Account: r.Main, Path: path("conversationUuid", c.of.uuid),
		JSON: map[string]any{"platform": "make"}, Purpose: "close", Expect2xx: true, Landed: landed,
	})
	if c.of.place == nil || !c.x.OK() {
		return nil
	}
	r.until(ctx, func() bool {
		c.after = r.locate(ctx, c.of.place, c.of.uuid, "list after a close")
		open, known := c.after.item.flag("status")
		return c.after.last().err != nil || (known && !open)
	})
	if c == &r.closing {
		c.open = r.locate(ctx, c.of.place, c.of.uuid, "list the open ones after a close", "status", "1")
		c.closed = r.locate(ctx, c.of.place, c.of.uuid, "list the closed ones after a close", "status", "0")
	}
	return nil
}

// rounds is how often another conversation has to change beside a close before that is no chance.
const rounds = 3

// moreRounds looks again while another conversation changed meanwhile, which may be somebody else's work: after a pause
// whose length differs, lest two runs at once keep in step.
func (r *run) moreRounds(ctx context.Context) {
	for c := &r.closing; len(c.flipped()) == 1 && len(r.closing.again) < rounds-1; {
		took := c.x.Answered.Sub(c.x.Sent)
		if r.Wait(ctx, rand.N(20*min(max(took, settle/4), time.Second)), "another look, since another conversation changed beside a close") != nil {
			return
		}
		next, err := r.writable(ctx, nil)
		if err != nil {
			return
		}
		r.settled(ctx, next)
		c = &closing{of: next}
		if r.closeRound(ctx, c) != nil {
			return
		}
		r.closing.again = append(r.closing.again, c)
	}
}

func (r *run) close(ctx context.Context, conversation string, body any, purpose string) *conformance.Exchange {
	return r.Do(ctx, conformance.Request{
		Operation: "close-conversation", Account: r.Main, Path: path("conversationUuid", conversation), JSON: body, Purpose: purpose,
	})
}

// flipped are conversations other than the closed one that closed, or opened, between the lists.
func (c *closing) flipped() []string {
	if c.before == nil || c.after == nil {
		return nil
	}
	var ids []string
	for _, was := range c.before.last().items {
		uuid := was.text("uuid")
		is := c.after.last().find(uuid)
		if is == nil || uuid == "" || uuid == c.of.uuid {
			continue
		}
		a, ok := was.flag("status")
		b, ok2 := is.flag("status")
		if ok && ok2 && a != b {
			ids = append(ids, uuid)
		}
	}
	return ids
}
