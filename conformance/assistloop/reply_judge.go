package assistloop

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// nonce makes a text of this run recognisable.
func nonce() string { return strconv.FormatUint(rand.Uint64()%0xffffff+0x1000000, 16) }

// found: message_id is the id or the uuid of a message.
func (p *reply) found() error {
	for _, s := range p.sent[:1] {
		if err := answered(s.x); err != nil {
			return err
		}
		if s.found == nil || s.found.err != nil {
			return conformance.Blocked("the messages after the reply cannot be read")
		}
		answer, err := objectOf(s.x)
		if err != nil {
			return err
		}
		if answer.text("message_id") == "" {
			return conformance.Blocked("the answer to a reply has no message_id")
		}
		if message(s.found, answer.text("message_id")) == nil && s.found.unnamed("id", "uuid") {
			return conformance.Blocked("a message has no `id` or no `uuid`")
		}
		if message(s.found, answer.text("message_id")) == nil {
			return breach("a message whose `id` or `uuid` is the answer's message_id, "+answer.text("message_id"), "none of "+counted(len(s.found.items), "message"), s.x, s.found.x)
		}
	}
	return nil
}

// once: one message for each reply that was served, and none for what nobody sent.
func (p *reply) once() error {
	if p.before.err != nil || p.after.err != nil {
		return conformance.Blocked("the messages cannot be read")
	}
	if full(p.after) {
		return conformance.Lacking("the conversation has too many messages to count")
	}
	had := p.before.ids("uuid")
	served := 0
	for _, s := range p.sent {
		if s.x.OK() && !s.x.Troubled {
			served++
		} else if s.x.Troubled || s.x.Lost != nil {
			return conformance.Blocked("trouble on the way: a reply may have landed more than once")
		}
	}
	if served == 0 {
		return answered(p.sent[0].x)
	}
	added := 0
	for _, i := range p.after.items {
		if !had[i.text("uuid")] && i.text("type") != "guest" && i.text("responder_type") != "ai" {
			added++
		}
	}
	for _, s := range p.sent {
		if n := holds(p.after, s.text); n > 1 {
			return breach("exactly one message for "+s.describe(), fmt.Sprint(n), s.x, p.after.x)
		}
	}
	// A text that came back otherwise is another requirement's; what is counted here are messages.
	if added > served && p.to.made {
		return breach(counted(served, "message")+" more, one for each reply", fmt.Sprint(added), p.sent[0].x, p.before.x, p.after.x)
	}
	return nil
}

// verbatim: what was accepted is found again character for character.
func (p *reply) verbatim(which ...int) error {
	for _, n := range which {
		s := p.sent[n]
		if n == 2 && s.x.Refused() {
			return conformance.Lacking("the target does not accept a reply of %d characters", len([]rune(s.text)))
		}
		i, err := s.mine()
		if err != nil {
			return err
		}
		if i == nil {
			if plain, _ := p.sent[0].mine(); plain == nil {
				return conformance.Blocked("not even a plain reply is found")
			}
			return breach("the reply's text found again", "no message with it", s.x, s.found.x)
		}
		if err := unchanged(i, s.text, s.x, s.found.x); err != nil {
			return err
		}
	}
	return nil
}

// unchanged: the message of a reply holds its text, as it was sent.
func unchanged(i item, text string, xs ...*conformance.Exchange) error {
	got, isText := i["content"].(string)
	switch {
	case !isText:
		return conformance.Blocked("the reply's message has no content of its shape")
	case strings.TrimSpace(got) != strings.TrimSpace(text):
		return breach("the reply's text unchanged", difference(text, got), xs...)
	}
	return nil
}

// difference says where a text changed without repeating what the target made of it.
func difference(want, got string) string {
	w, g := []rune(want), []rune(got)
	for i := range w {
		if i >= len(g) {
			return fmt.Sprintf("cut after %d of %d characters", len(g), len(w))
		}
		if w[i] != g[i] {
			around := string(w[max(0, i-8):min(len(w), i+8)])
			return fmt.Sprintf("changed at character %d of %d: %q in %q, as sent", i+1, len(w), w[i], around)
		}
	}
	return fmt.Sprintf("%d characters added at its end", len(g)-len(w))
}

func (p *reply) hasField(name, want string) error {
	for _, s := range p.sent {
		if !s.x.OK() {
			continue
		}
		i, err := s.mine()
		if err != nil {
			return err
		}
		if i == nil {
			return conformance.Blocked("the reply's message was not found")
		}
		if err := isReply(i, name, want, s.x, s.found.x); err != nil {
			return err
		}
	}
	return answered(p.sent[0].x)
}

// isReply: a field of a reply's message says that it is one.
func isReply(i item, name, want string, xs ...*conformance.Exchange) error {
	switch got, has := i[name]; {
	case got == want:
		return nil
	case !has, got == nil && name == "type", got != nil && !slices.Contains([]string{"guest", "agent", "ai"}, i.text(name)):
		return conformance.Blocked("the %s of the reply's message is not of its shape", name)
	default:
		return breach(fmt.Sprintf("%s %q", name, want), word(got), xs...)
	}
}

// word shows a value that should be of an enumeration; anything longer stays unsaid.
func word(v any) string {
	switch v := v.(type) {
	case nil:
		return "null or nothing"
	case string:
		if len(v) <= 24 && !strings.ContainsAny(v, " @\n") {
			return fmt.Sprintf("%q", v)
		}
		return fmt.Sprintf("a string of %d characters", len([]rune(v)))
	}
	switch v.(type) {
	case bool, float64:
		return fmt.Sprint(v)
	case []any:
		return "an array"
	}
	return "an object"
}

func (p *reply) mode() error {
	if err := answered(p.sent[0].x); err != nil {
		return err
	}
	if p.to.place == nil {
		return conformance.Lacking("the agent of the conversation is not known")
	}
	if p.state == nil || p.state.last().err != nil {
		return conformance.Blocked("the list after the reply cannot be read")
	}
	if p.state.item == nil {
		return conformance.Lacking("the conversation is not on the page of its agent")
	}
	switch p.state.item.text("response_mode") {
	case "human":
	case "ai":
		return breach("response_mode human after a reply", "ai, of conversation "+p.to.uuid, p.sent[0].x, p.state.last().x)
	default:
		return conformance.Blocked("the conversation tells no mode of the document")
	}
	if was := p.listed.find(p.to.uuid); was.text("response_mode") == "human" {
		return conformance.Lacking("the conversation was in human mode before")
	}
	return nil
}

// elsewhere: no other conversation got the reply's text, and none changed its mode without a message of its
// own to explain it.
func (p *reply) elsewhere() error {
	if err := answered(p.sent[0].x); err != nil {
		return err
	}
	judged := false
	if p.looked != nil && p.looked.err == nil {
		judged = true
		for _, s := range p.sent {
			if holds(p.looked, s.text) > 0 {
				return breach("the reply in its conversation only", "the reply in conversation "+p.witness+", too", s.x, p.looked.x)
			}
		}
	}
	if p.relist == nil || p.relist.err != nil || p.listed.err != nil {
		if judged {
			return nil
		}
		return conformance.Lacking("there is no other conversation to look at")
	}
	mine, _ := p.sent[0].mine()
	for uuid, found := range p.changed {
		switch {
		case holds(found, p.sent[0].text) > 0:
			return breach("the reply in its conversation only", "the reply in conversation "+uuid+", too", p.sent[0].x, found.x)
		case found.err == nil && (uuid == p.quiet || !p.explained(found, mine)):
			return breach("no other conversation changed by a reply", "the mode of conversation "+uuid+" changed, without a message to explain it", p.listed.x, p.sent[0].x, p.relist.x, found.x)
		}
	}
	if !judged && len(p.listed.items) < 2 {
		return conformance.Lacking("there is no other conversation to look at")
	}
	return nil
}

// explained tells whether a conversation got a message of its own between the two lists that were compared: somebody
// else was at work there. A limit may have held the run up between them. The times compared are both the target's,
// whose clock may be anywhere.
func (p *reply) explained(found *page, reply item) bool {
	at, ok := reply.instant("created_at")
	if !ok {
		return true
	}
	sent := p.sent[0].x.Sent
	from, to := at.Add(p.listed.x.Sent.Sub(sent)-liveliness), at.Add(p.relist.x.Answered.Sub(sent)+liveliness)
	for _, i := range found.items {
		if own, ok := i.instant("created_at"); ok && own.After(from) && own.Before(to) {
			return true
		}
	}
	return false
}

// noObject: JSON that is no object is refused; null, which some take for no JSON at all, only where that is.
func (p *reply) noObject() error {
	if err := refused(p.bad["array"]); err != nil || refused(p.bad["malformed"]) != nil {
		return err
	}
	return refused(p.bad["null body"])
}

// refusedWithoutTrace: a bad reply is refused and adds no message.
func (p *reply) refusedWithoutTrace(name string) error {
	x := p.bad[name]
	if err := refused(x); err != nil {
		return err
	}
	if p.after.err != nil || p.end.err != nil {
		return conformance.Blocked("the messages cannot be read")
	}
	had := p.after.ids("uuid")
	for _, i := range p.end.items {
		content, isText := i["content"].(string)
		trace := map[string]bool{"number": content == "20241112", "null": i["content"] == nil || content == "null", "missing": isText && content == ""}
		if had[i.text("uuid")] || i.text("type") == "guest" || i.text("responder_type") == "ai" || !trace[name] {
			continue
		}
		if name == "missing" && p.bad["empty"].OK() {
			continue // the empty reply was served, which is a requirement of its own
		}
		return breach("no message added by a reply that was refused", "one", x, p.end.x)
	}
	return nil
}
