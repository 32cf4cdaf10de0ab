package assistloop

import (
	"context"
	"github.com/parley-contracts/parley/conformance"
	"math/rand/v2"
	"slices"
	"time"
)

// own is a conversation that the suite may write to.
type own struct {
	uuid  string
	place *place // the agent that it belongs to; nil when it is not known
	// made by the driver in this run: nobody else touches it.
	made bool
	// messages are those it had when it was taken; nil where that was not asked.
	messages *page
}

// writable gives a conversation to write to that no probe has taken yet: one that the driver starts, else one
// that the user named, else, on loopback only, an open one of an agent whose conversations one page holds, if there is
// such: what an effect did elsewhere shows there. It never writes to a real customer by accident. Where there is no
// further one, it gives the last resort, if that is not nil.
func (r *run) writable(ctx context.Context, lastResort *own) (*own, error) {
	here, err := r.here()
	if err != nil {
		return nil, err
	}
	return r.writableAt(ctx, r.world.surveyed(here), lastResort)
}

// companion has the driver start a conversation beside the one that is written to next: nobody touches it, and it
// begins with the AI and open, so that an effect that goes astray shows there.
func (r *run) companion(ctx context.Context) {
	here, err := r.here()
	if err != nil || !r.Can("provoke") {
		return
	}
	at := r.world.surveyed(here)
	if uuid, err := r.Driver.Provoke(ctx, "new_conversation", at.organization, at.agent); err == nil {
		r.world.seeded = append([]string{uuid}, r.world.seeded...)
	}
}

// surveyed is the agent with the most conversations that one page holds; the main one where there is none.
func (w *world) surveyed(main *place) *place {
	best := main
	for _, p := range w.places {
		if p.list == nil || p.list.err != nil || full(p.list) || len(p.conversations()) == 0 {
			continue
		}
		if full(best.list) || len(p.conversations()) > len(best.conversations()) {
			best = p
		}
	}
	return best
}

func (r *run) writableAt(ctx context.Context, here *place, lastResort *own) (*own, error) {
	if r.Can("provoke") {
		uuid, err := r.Driver.Provoke(ctx, "new_conversation", here.organization, here.agent)
		if err == nil {
			return r.take(&own{uuid: uuid, place: here, made: true}), nil
		}
		r.Log.Note(err.Error())
	}
	for _, uuid := range r.Options.Conversation {
		if !slices.Contains(r.world.taken, uuid) {
			return r.take(&own{uuid: uuid, place: r.placeOf(uuid)}), nil
		}
	}
	if r.Target.Loopback() && len(r.Options.Conversation) == 0 {
		for _, mode := range []string{"ai", "human"} {
			all := here.conversations()
			for _, i := range rand.Perm(len(all)) { // another run may have its choice of the same
				c := all[i]
				open, _ := c.flag("status")
				if open && c.text("response_mode") == mode && !slices.Contains(r.world.taken, c.text("uuid")) {
					return r.take(&own{uuid: c.text("uuid"), place: here}), nil
				}
			}
		}
	}
	if lastResort != nil {
		return lastResort, nil
	}
	return nil, conformance.Lacking("there is no conversation that may be written to: give a driver that can provoke, or --conversation")
}

// alone: nobody but the suite touches the conversation.
func (r *run) alone(o *own) bool { return o.made || slices.Contains(r.Options.Conversation, o.uuid) }

// settled finds the messages of a conversation to write to. One that the driver has only just started may take
// a moment to show.
func (r *run) settled(ctx context.Context, o *own) *page {
	r.until(ctx, func() bool {
		o.messages = r.find(ctx, r.Main, o.uuid, nil, "find the messages of a conversation before writing to it")
		return !o.made || o.messages.x.Status != 404
	})
	return o.messages
}

func (r *run) take(o *own) *own {
	r.world.taken = append(r.world.taken, o.uuid)
	return o
}

// placeOf finds the agent that lists a conversation.
func (r *run) placeOf(uuid string) *place {
	for _, p := range r.world.places {
		if p.list.find(uuid) != nil {
			return p
		}
	}
	return nil
}

// state is a conversation as its agent's list shows it, with the pages that were looked at.
type state struct {
	item  item
	pages []*page
}

// locate lists an agent's conversations and finds one among them: on the unfiltered page, or, where that is
// full without it, among those created since shortly before its first message.
func (r *run) locate(ctx context.Context, p *place, uuid string, purpose string, pairs ...string) *state {
	s := &state{}
	q := query(pairs...)
	if !p.crowded {
		first := r.list(ctx, r.Main, p.agent, q, purpose)
		s.pages = append(s.pages, first)
		if s.item = first.find(uuid); s.item != nil || first.err != nil || !full(first) {
			return s
		}
	}
	since := r.began(ctx, uuid)
	if since.IsZero() && !p.crowded {
		return s
	}
	p.crowded = true // its unfiltered page will be as full the next time
	q.Set("created_from", stamp(since.Add(-time.Minute)))
	second := r.list(ctx, r.Main, p.agent, q, purpose+", of its time")
	s.pages = append(s.pages, second)
	s.item = second.find(uuid)
	return s
}

// left tells whether the pages certainly do not hold the conversation: none of them is full or unread.
func (s *state) left() bool {
	if s.item != nil || len(s.pages) == 0 {
		return false
	}
	last := s.pages[len(s.pages)-1]
	return last.err == nil && !full(last)
}

func (s *state) last() *page { return s.pages[len(s.pages)-1] }

// began is when a conversation's first message was written, asked for once.
func (r *run) began(ctx context.Context, uuid string) time.Time {
	if r.world.began == nil {
		r.world.began = map[string]time.Time{}
	}
	at, known := r.world.began[uuid]
	if !known {
		at = begin(r.find(ctx, r.Main, uuid, nil, "find when a conversation began"))
		r.world.began[uuid] = at
	}
	return at
}

// ofType keeps the messages of one type.
func (p *page) ofType(kind string) *page {
	kept := &page{x: p.x, err: p.err}
	for _, i := range p.items {
		if i.text("type") == kind {
			kept.items = append(kept.items, i)
		}
	}
	return kept
}

// begin is the earliest instant among a conversation's messages; zero when there is none.
func begin(p *page) time.Time {
	var first time.Time
	for _, i := range p.items {
		if at, ok := i.instant("created_at"); ok && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}
