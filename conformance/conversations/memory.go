package conversations

import (
	"slices"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// memory holds what earlier events told of conversations and messages, for what is judged between events that bear the same
// id. What it judges holds in whatever order events come, with others missing, and however often one comes. It lasts for
// one file: bodies that people put together from several are no stream of events.
type memory struct {
	file          string
	conversations conformance.Recent[*thread]
	messages      conformance.Recent[*post]
}

// A note is something that an event told, with its time and what shows it.
type note struct {
	at       time.Time
	delivery *conformance.Delivery
}

func noted(at time.Time, e *event) note { return note{at, e.Witness()} }

func (n note) known() bool { return n.delivery != nil }

// earlier keeps the earliest of two notes.
func (n *note) earlier(at time.Time, e *event) {
	if !n.known() || at.Before(n.at) {
		*n = noted(at, e)
	}
}

// later keeps the latest of two notes.
func (n *note) later(at time.Time, e *event) {
	if !n.known() || at.After(n.at) {
		*n = noted(at, e)
	}
}

// thread is what is known of a conversation. What there is one of for each event about conversations stands in the order
// of events.
type thread struct {
	began       note
	changed     [3]note // the earliest
	empty       [3]note // the latest that shows no last message
	shown       [3]note // the latest that shows one
	missed      [3]bool // a last message was missed already
	message     note    // the first message
	undeletable note    // the first sign of a message on a channel that lets none be deleted
}

// post is what is known of a message.
type post struct {
	came         note // when it was created
	conversation string
	platformID   string
}

func (m *memory) take(j *judge, e *event) {
	if e.File != m.file {
		*m = memory{file: e.File}
	}
	id := e.conversation()
	if id == "" {
		return
	}
	t, known := m.conversations.Get(id)
	if !known {
		t = &thread{}
		m.conversations.Put(id, t)
	}
	if at, ok := e.payload.instant("timestamp"); ok && e.message == nil {
		switch e.name {
		case created:
			t.begin(j, e, at)
		case statusUpdated, assignmentUpdated:
			t.change(j, e, at)
		}
	}
	if e.message != nil {
		m.post(j, e, t)
	}
	t.last(j)
}

// begin: a conversation begins once.
func (t *thread) begin(j *judge, e *event, at time.Time) {
	once := j.tally.Of(ids[created] + "/once")
	if t.began.known() && !t.began.at.Equal(at) {
		once.Break("one beginning of a conversation", "another, "+apart(t.began.at, at), t.began.delivery, e.Delivery)
		return
	}
	if !t.began.known() {
		t.began = noted(at, e)
	}
	once.Meet()
	for kind, c := range t.changed {
		if c.known() {
			t.order(j, events[kind], c, e)
		}
	}
	t.show(e, at)
}

// change: nothing changes before the conversation began.
func (t *thread) change(j *judge, e *event, at time.Time) {
	t.changed[kindOf(e)].earlier(at, e)
	if t.began.known() {
		t.order(j, e.name, note{at, e.Delivery}, e)
	}
	t.show(e, at)
}

func kindOf(e *event) int { return slices.Index(events, e.name) }

func (t *thread) order(j *judge, name string, c note, decisive *event) {
	count := j.tally.Of(ids[name] + "/not-before-creation")
	if !c.at.Before(t.began.at) {
		count.Meet()
		return
	}
	first, second := t.began.delivery, c.delivery
	if decisive.name == created {
		first, second = second, decisive.Delivery
	}
	count.Break("a time that is not before the conversation's beginning", instants(c.at, t.began.at), first, second)
}

// show notes whether the conversation had a last message when something happened to it.
func (t *thread) show(e *event, at time.Time) {
	told, there, deletable := e.lastMessage()
	if !told {
		return
	}
	if !there {
		t.empty[kindOf(e)].later(at, e)
		return
	}
	t.shown[kindOf(e)].later(at, e)
	if !deletable {
		t.undeletable.earlier(at, e)
	}
}

// last: what had a message still has a last message.
func (t *thread) last(j *judge) {
	for kind := range t.empty {
		sign := t.undeletable
		if events[kind] == created {
			sign = t.message
		}
		if !sign.known() {
			continue
		}
		count := j.tally.Of(ids[events[kind]] + "/last-message")
		switch n := t.empty[kind]; {
		case t.missed[kind]:
		case n.known() && n.at.After(sign.at):
			t.missed[kind] = true
			count.Break("a `lastMessage`, since a message is older", "none", sign.delivery, n.delivery)
		case t.shown[kind].known() && t.shown[kind].at.After(sign.at):
			count.Meet()
		}
	}
}

// post: a message comes in once, and changes and goes where it came in.
func (m *memory) post(j *judge, e *event, t *thread) {
	at, ok := e.message.instant("createdAt")
	if ok && e.name == received {
		t.message.earlier(at, e)
		if !slices.Contains(social, e.message.text("channel")) {
			t.undeletable.earlier(at, e)
		}
	}
	id := formed(e.message.text("id"))
	if id == "" {
		return
	}
	p, known := m.messages.Get(id)
	if !known {
		p = &post{}
		m.messages.Put(id, p)
	}
	switch e.name {
	case received:
		if ok {
			p.receive(j, e, at)
		}
	case updated, deleted:
		p.edit(j, e)
	}
}

func (p *post) receive(j *judge, e *event, at time.Time) {
	once := j.tally.Of(ids[received] + "/once")
	if p.came.known() {
		if !p.came.at.Equal(at) || p.conversation != e.conversation() {
			once.Break("a message id of its own", e.message.text("id")+", which another message has", p.came.delivery, e.Delivery)
			return
		}
		once.Meet()
		return
	}
	once.Meet()
	p.came, p.conversation, p.platformID = noted(at, e), e.conversation(), messageID(e.message)
}

// edit compares a change or a deletion with what came in.
func (p *post) edit(j *judge, e *event) {
	if !p.came.known() {
		return
	}
	count := func(rule string) *conformance.Count { return j.tally.Of(ids[e.name] + "/" + rule) }
	both := []*conformance.Delivery{p.came.delivery, e.Delivery}
	if same := count("same-conversation"); p.conversation != e.conversation() {
		same.Break("the conversation that the message came into, "+p.conversation, e.conversation(), both...)
	} else {
		same.Meet()
	}
	if id := messageID(e.message); id != "" && p.platformID != "" {
		if same := count("same-message-id"); id != p.platformID {
			same.Break("the `messageId` that the message came in with, "+p.platformID, id, both...)
		} else {
			same.Meet()
		}
	}
	if at, ok := e.message.instant("updatedAt"); ok {
		if order := count("not-before-receipt"); at.Before(p.came.at) {
			order.Break("an `updatedAt` that is not before the message came in", instants(at, p.came.at), both...)
		} else {
			order.Meet()
		}
	}
}

func apart(a, b time.Time) string {
	d := b.Sub(a)
	if d < 0 {
		return (-d).String() + " earlier"
	}
	return d.String() + " later"
}
