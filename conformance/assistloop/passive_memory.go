package assistloop

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// memories are what earlier exchanges showed, as far as it takes to judge later ones. They hold a bounded number of ids, and
// of exchanges without their bodies.
type memories struct {
	accounts conformance.Recent[*conformance.Account]
	named    int
	owners   map[string]*owners // by operation
	replies  conformance.Recent[sentBefore]
	removed  conformance.Recent[*conformance.Exchange] // by the id of what was unsubscribed
	closed   conformance.Recent[bool]                  // conversations
	homes    conformance.Recent[string]                // the organizations of agents
	events   map[string]bool                           // that were subscribed to
	secrets  secrets
	spending conformance.Recent[*spending] // by account
}

// Kept of what is larger than an id.
const (
	keptReplies  = 256
	keptAccounts = 128
	keptItems    = 8192 // with what showed them
)

func newMemories() memories {
	return memories{
		owners:   map[string]*owners{"list-agents": newOwners(), "list-conversations": newOwners(), "find-messages": newOwners()},
		accounts: conformance.Recent[*conformance.Account]{Keep: keptItems},
		events:   map[string]bool{}, removed: conformance.Recent[*conformance.Exchange]{Keep: keptItems},
		replies: conformance.Recent[sentBefore]{Keep: keptReplies}, spending: conformance.Recent[*spending]{Keep: keptAccounts},
	}
}

// account is the account of a token that is known by its hash.
func (m *memories) account(hash string) *conformance.Account {
	if a, known := m.accounts.Get(hash); known {
		return a
	}
	m.named++
	a := &conformance.Account{Name: fmt.Sprintf("account-%d", m.named)}
	m.accounts.Put(hash, a)
	return a
}

// remember judges an exchange beside earlier ones, and keeps what later ones are judged by.
func (j *passive) remember(s *seen) {
	m := &j.memory
	if s.Account != nil {
		m.spend(j, s)
	}
	if s.Request.Method != "" {
		return
	}
	m.secrets.take(j, s)
	switch s.Operation {
	case "recent-sample":
		m.sampled(j, s)
	case "list-agents":
		m.home(s)
		m.own(j, s, "list-agents/of-organization", "agent_uuid", "agent", s.Path["organization_uuid"])
	case "list-conversations":
		m.own(j, s, "list-conversations/of-agent", "uuid", "conversation", s.Path["agentUuid"])
	case "find-messages":
		m.own(j, s, "find-messages/of-conversation", "uuid", "message", s.Path["conversationUuid"])
		m.found(j, s)
	case "reply-to-conversation":
		m.replied(j, s)
	case "close-conversation":
		m.close(j, s)
	case "subscribe":
		m.subscribe(j, s)
	case "unsubscribe":
		m.unsubscribe(j, s)
	}
}

// owners tell where items were listed.
type owners struct {
	by    conformance.Recent[owner]
	first string // the first owner of any
}

func newOwners() *owners { return &owners{by: conformance.Recent[owner]{Keep: keptItems}} }

type owner struct {
	id string
	x  *conformance.Exchange
}

// soon is how far apart lists may be to contradict each other: what is listed elsewhere later may have been moved.
const soon = time.Minute

// own: an item is listed under one owner. Accounts are apart, since a target for tests may have a world for each.
func (m *memories) own(j *passive, s *seen, requirement, name, what, under string) {
	if !s.OK() || s.page.err != nil {
		return
	}
	o := m.owners[s.Operation]
	count, outline := j.tally.Of(requirement), s.Outline()
	account := ""
	if s.Account != nil {
		account = s.Account.Name
	}
	for id := range s.page.ids(name) {
		before, known := o.by.Get(account + " " + id)
		if known && !strings.EqualFold(before.id, under) && s.Sent.Sub(before.x.Sent).Abs() < soon {
			count.Judge(breach("each "+what+" under one "+ownerOf[s.Operation], what+" "+id+" under two", before.x, s.Exchange))
			return
		}
		o.by.Put(account+" "+id, owner{under, outline})
	}
	if o.first == "" {
		o.first = under
	}
	if len(s.page.items) > 0 && !strings.EqualFold(o.first, under) {
		count.Meet()
	}
}

var ownerOf = map[string]string{"list-agents": "organization", "list-conversations": "agent", "find-messages": "conversation"}

// home remembers which organization agents belong to.
func (m *memories) home(s *seen) {
	if !s.OK() || s.page.err != nil {
		return
	}
	for id := range s.page.ids("agent_uuid") {
		m.homes.Put(id, s.Path["organization_uuid"])
	}
}

// sampled: samples name the organization that lists their agent, or, where that was not seen, one and the same.
func (m *memories) sampled(j *passive, s *seen) {
	if !s.OK() || len(s.page.items) == 0 {
		return
	}
	home, known := m.homes.Get(s.Path["agentUuid"])
	if !known {
		home = s.page.items[0].object("data").object("organization").text("uuid")
	}
	j.count("recent-sample/one-organization", s.page.samplesName("organization", home), s.Exchange)
}

// sentBefore is a reply that was served.
type sentBefore struct {
	text string
	x    *conformance.Exchange
}

const (
	longest   = 16 << 10 // of replies that are kept
	longReply = 1000     // characters from which a reply is a long one
)

func (m *memories) replied(j *passive, s *seen) {
	if _, closed := m.closed.Get(s.Path["conversationUuid"]); closed && s.inJSON() && s.fields().text("content") != "" {
		j.count("reply-to-conversation/closed", eitherWay(s), s.Exchange)
	}
	text, id := s.fields().text("content"), s.answer().text("message_id")
	if s.OK() && id != "" && text != "" && len(text) <= longest {
		m.replies.Put(s.Path["conversationUuid"]+" "+id, sentBefore{text, s.Outline()})
	}
}

// found: a reply that is found again is what was sent. That one is not found shows nothing: it may be on another page, or
// take a while.
func (m *memories) found(j *passive, s *seen) {
	if !s.OK() || s.page.err != nil {
		return
	}
	for _, i := range s.page.items {
		reply, known := m.replies.Get(s.Path["conversationUuid"] + " " + i.text("id"))
		if !known {
			if reply, known = m.replies.Get(s.Path["conversationUuid"] + " " + i.text("uuid")); !known {
				continue
			}
		}
		j.tally.Of("reply-to-conversation/found").Meet()
		verbatim := "reply-to-conversation/verbatim"
		if len([]rune(reply.text)) > longReply {
			verbatim = "reply-to-conversation/long"
		}
		j.count(verbatim, unchanged(i, reply.text, reply.x, s.Exchange), s.Exchange)
		j.count("reply-to-conversation/type", isReply(i, "type", "agent", reply.x, s.Exchange), s.Exchange)
		j.count("reply-to-conversation/responder", isReply(i, "responder_type", "human_assistant", reply.x, s.Exchange), s.Exchange)
	}
}

func (m *memories) close(j *passive, s *seen) {
	conversation := s.Path["conversationUuid"]
	if _, closed := m.closed.Get(conversation); closed && s.inJSON() && s.fields().text("platform") == "make" {
		j.count("close-conversation/twice", eitherWay(s), s.Exchange)
	}
	if s.OK() {
		m.closed.Put(conversation, true)
	}
}

// eitherWay: served or refused.
func eitherWay(s *seen) error {
	switch {
	case s.OK() || s.Refused():
		return nil
	case s.Status >= 500:
		return errTroubled
	}
	return errUntold
}

func (m *memories) subscribe(j *passive, s *seen) {
	event := s.fields().text("event")
	if s.OK() && event != "" {
		m.events[event] = true
		if m.events["new_conversation"] && m.events["human_handoff_required"] {
			j.tally.Of("subscribe/both-events").Meet()
		}
	}
	for len(m.events) > 8 { // whoever takes any event is found out elsewhere
		clear(m.events)
	}
}

func (m *memories) unsubscribe(j *passive, s *seen) {
	id := s.Path["uuid"]
	first, removed := m.removed.Get(id)
	switch {
	case removed && s.Status == http.StatusNotFound:
		j.tally.Of("unsubscribe/twice").Meet()
	case removed && s.Status >= 500:
		j.count("unsubscribe/twice", errTroubled, s.Exchange)
	case removed && s.OK():
		j.count("unsubscribe/twice", breach("a refusal with 404", fmt.Sprintf("%d to the second of two", s.Status), first, s.Exchange), s.Exchange)
	case s.OK():
		m.removed.Put(id, s.Outline())
	}
}
