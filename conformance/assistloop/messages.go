package assistloop

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// messages is Find Messages with every filter and page size, on the fullest conversation that is soon found.
type messages struct {
	conversation string
	whole        *page // per_page=100
	filtered     map[string]*page
	bad          map[string]*conformance.Exchange
	others       []*page // of other conversations
	timed        timed
	split        split
}

// maxOpened bounds how many conversations are opened to find a full one.
const maxOpened = 3

// Section "Find Messages".
func (r *run) messagesPart() conformance.Plan {
	m := &r.messages
	refusedOrEmpty := func(names ...string) func() error {
		return func() error { return refusedOrEmpty(m.bad, names...) }
	}
	return conformance.Plan{
		Probes: []conformance.Probe{{Name: "messages", Title: "messages and their filters", After: []string{"world"}, Run: r.probeMessages}},
		Checks: []conformance.Check{
			on("find-messages/newest-first", m.newestFirst, "messages"),
			on("find-messages/no-platform-actions", r.noPlatformActions, "messages"),
			on("find-messages/distinct", func() error { return distinct(m.whole, "uuid") }, "messages"),
			on("find-messages/of-conversation", r.ofConversation, "messages"),
			on("find-messages/guest-responder", func() error { return m.responder("guest") }, "messages"),
			on("find-messages/agent-responder", func() error { return m.responder("agent") }, "messages"),
			on("find-messages/created-from", func() error { return m.split.judge(m.filtered["from"], m.timed, true, false) }, "messages"),
			on("find-messages/created-to", func() error { return m.split.judge(m.filtered["to"], m.timed, false, true) }, "messages"),
			on("find-messages/created-window", func() error { return m.split.window(m.filtered, m.timed) }, "messages"),
			on("find-messages/created-offset", func() error { return m.split.offsets(m.filtered, m.timed) }, "messages"),
			on("find-messages/created-date", func() error { return m.split.dates(m.bad) }, "messages"),
			on("find-messages/created-bad", refusedOrEmpty("from=bad", "to=bad"), "messages"),
			on("find-messages/created-reversed", refusedOrEmpty("reversed"), "messages"),
			on("find-messages/per-page", func() error { return pageSize(m.filtered["per_page=10"], 10, m.least()) }, "messages"),
			on("find-messages/per-page-default", m.pageDefault, "messages"),
			on("find-messages/per-page-above", func() error { return clamped(m.bad, 100, m.least(), "per_page=101") }, "messages"),
			on("find-messages/per-page-below", func() error { return clamped(m.bad, 100, m.least(), "per_page=9", "per_page=0", "per_page=-1") }, "messages"),
			on("find-messages/per-page-not-a-number", func() error { return clamped(m.bad, 100, 0, "per_page=abc") }, "messages"),
		},
	}
}

func (r *run) probeMessages(ctx context.Context) error {
	here, err := r.here()
	if err != nil {
		return err
	}
	m := &r.messages
	m.filtered, m.bad = map[string]*page{}, map[string]*conformance.Exchange{}
	if err := r.openConversations(ctx, here); err != nil {
		return err
	}
	m.timed = timed{}
	for _, i := range m.whole.items {
		if at, ok := i.instant("created_at"); ok {
			m.timed[i.text("uuid")] = at
		}
	}
	m.split = splitOf(m.timed)
	queries := map[string]url.Values{"per_page=10": query("per_page", "10")}
	m.split.queries(queries)
	for name, q := range queries {
		m.filtered[name] = r.find(ctx, r.Main, m.conversation, q, "find with "+asking(q))
	}
	m.filtered["default"] = pageOf(r.get(ctx, "find-messages", r.Main, path("conversationUuid", m.conversation), nil, "find without per_page"))
	for name, q := range m.split.badQueries() {
		m.bad[name] = r.Do(ctx, conformance.Request{
			Operation: "find-messages", Account: r.Main, Path: path("conversationUuid", m.conversation), Query: q, Purpose: "find with " + asking(q),
		})
	}
	return nil
}

// openConversations finds the messages of a few conversations and keeps the fullest as the one to look at.
func (r *run) openConversations(ctx context.Context, here *place) error {
	m := &r.messages
	if here.list.err != nil {
		return here.list.err
	}
	if here.list.unnamed("uuid") {
		return conformance.Blocked("a conversation of the list has no uuid")
	}
	for _, c := range spread(here.conversations(), maxOpened) {
		p := r.find(ctx, r.Main, c.text("uuid"), nil, "find all messages of a conversation")
		if m.whole == nil || len(p.items) > len(m.whole.items) {
			if m.whole != nil {
				m.others = append(m.others, m.whole)
			}
			m.whole, m.conversation = p, c.text("uuid")
		} else {
			m.others = append(m.others, p)
		}
		if len(m.whole.items) > 20 && len(m.others) > 0 {
			break
		}
	}
	if m.whole == nil {
		return conformance.Lacking("the agent has no conversation")
	}
	return nil
}

// unnamed tells whether an item lacks one of its ids, so that what is not found by it may be there.
func (p *page) unnamed(names ...string) bool {
	for _, i := range p.items {
		for _, name := range names {
			if i.text(name) == "" {
				return true
			}
		}
	}
	return false
}

// spread takes n items from all over a list.
func spread(all []item, n int) []item {
	if len(all) <= n {
		return all
	}
	var out []item
	for i := range n {
		out = append(out, all[i*(len(all)-1)/(n-1)])
	}
	return out
}

// least is how many messages the conversation certainly has: they only become more.
func (m *messages) least() int { return len(m.whole.items) }

func (m *messages) pages() []*page {
	all := append([]*page{m.whole, m.filtered["default"], m.filtered["per_page=10"]}, m.others...)
	return all
}

// newestFirst: instants never rise; ties are unjudged (AL-74).
func (m *messages) newestFirst() error {
	judged := 0
	for _, p := range m.pages() {
		if p.err != nil {
			return p.err
		}
		told, err := p.newestFirst()
		if err != nil {
			return err
		}
		judged += told
	}
	if judged == 0 {
		return conformance.Lacking("no conversation with messages of different times was found")
	}
	return firstOf(m.newestOf(m.filtered["default"]), func() error { return m.newestOf(m.filtered["per_page=10"]) })
}

// lateMessages is how many messages that were just written a page may lack: it may come from a copy that lags behind.
const lateMessages = 2

// newestOf: a page that is smaller than the conversation holds its newest messages, so that what was found before and is newer
// than one of them is on it, too.
func (m *messages) newestOf(p *page) error {
	oldest := time.Time{}
	for _, i := range p.items {
		if at, ok := i.instant("created_at"); ok && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	missing := 0
	for _, i := range m.whole.items {
		if at, ok := i.instant("created_at"); ok && !oldest.IsZero() && at.After(oldest) && p.find(i.text("uuid")) == nil {
			missing++
		}
	}
	if missing > lateMessages {
		return breach("the newest messages of the conversation", fmt.Sprintf("one of %s, and %d newer ones missing", oldest.Format(time.RFC3339Nano), missing), m.whole.x, p.x)
	}
	return nil
}

// newestFirst judges a page, and tells how often an item of it is older than the one before.
func (p *page) newestFirst() (judged int, err error) {
	var last time.Time
	for _, i := range p.items {
		at, ok := i.instant("created_at")
		if !ok {
			continue
		}
		if !last.IsZero() && at.After(last) {
			return judged, breach("messages newest first", fmt.Sprintf("one of %s after one of %s", at.Format(time.RFC3339Nano), last.Format(time.RFC3339Nano)), p.x)
		}
		if at.Before(last) {
			judged++
		}
		last = at
	}
	return judged, nil
}

// foundEver are the messages that any account found in this run, by page.
func (r *run) foundEver() []*page {
	var all []*page
	for _, x := range r.exchangesOf("find-messages") {
		if p := pageOf(x); p.err == nil {
			all = append(all, p)
		}
	}
	return all
}

func (r *run) noPlatformActions() error {
	seen := 0
	for _, p := range r.foundEver() {
		seen += len(p.items)
		if err := p.noPlatformAction(); err != nil {
			return err
		}
	}
	return r.messages.needs(seen, 1)
}

func (p *page) noPlatformAction() error {
	for _, i := range p.items {
		if i.text("type") == "platform_action" {
			return breach("messages of guests and agents only", "message "+i.text("uuid")+" of type platform_action", p.x)
		}
	}
	return nil
}

// ofConversation: no message is found in two conversations.
func (r *run) ofConversation() error {
	first, conversations := map[string]*page{}, map[string]bool{}
	for _, p := range r.foundEver() {
		conversation := p.x.Path["conversationUuid"]
		for id := range p.ids("uuid") {
			conversations[conversation] = true
			if first[id] == nil {
				first[id] = p
			} else if first[id].x.Path["conversationUuid"] != conversation {
				return breach("each message in one conversation", "message "+id+" in conversations "+first[id].x.Path["conversationUuid"]+" and "+conversation, first[id].x, p.x)
			}
		}
	}
	return r.messages.needs(len(conversations), 2)
}

// needs says what is missing where fewer were found than it takes to tell.
func (m *messages) needs(found, least int) error {
	switch {
	case found >= least:
		return nil
	case m.whole.err != nil:
		return m.whole.err
	case least > 1:
		return conformance.Lacking("two conversations with messages are needed to tell")
	}
	return conformance.Lacking("no message was found")
}

// responder: null for a guest, somebody for an agent's message.
func (m *messages) responder(kind string) error {
	judged := 0
	for _, p := range m.pages() {
		if p.err != nil {
			return p.err
		}
		told, err := p.responder(kind)
		if err != nil {
			return err
		}
		judged += told
	}
	if judged == 0 {
		return conformance.Lacking("no message of type %s was found", kind)
	}
	return nil
}

// responder judges a page, and tells how many messages of the kind it has.
func (p *page) responder(kind string) (judged int, err error) {
	for _, i := range p.items {
		if i.text("type") != kind {
			continue
		}
		judged++
		responder, has := i["responder_type"]
		known := responder == "ai" || responder == "human_assistant" // the field's own requirement says of others
		switch {
		case kind == "guest" && known:
			return judged, breach("responder_type null for a guest's message", fmt.Sprint(responder)+" for message "+i.text("uuid"), p.x)
		case kind == "agent" && has && responder == nil:
			return judged, breach("responder_type ai or human_assistant for an agent's message", "null for message "+i.text("uuid"), p.x)
		}
	}
	return judged, nil
}

// pageDefault is 20: unlike the lists, this document states one default only.
func (m *messages) pageDefault() error {
	p := m.filtered["default"]
	if p.err != nil {
		return p.err
	}
	if n := len(p.items); n > 20 {
		return breach("at most 20 messages without per_page", fmt.Sprint(n), p.x)
	}
	err := pageSize(p, 20, m.least())
	if isGapError(err) && m.least() > 10 {
		return nil // a smaller default would show already
	}
	return err
}
