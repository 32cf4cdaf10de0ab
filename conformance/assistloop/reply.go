package assistloop

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// reply is a conversation that was replied to, and looked at before and after.
type reply struct {
	to      *own
	witness string // a conversation that nobody touches
	before  *page  // messages
	listed  *page  // the agent's conversations before
	sent    []*sentReply
	state   *state           // in the list, after the first reply
	relist  *page            // the agent's conversations right after the first reply
	after   *page            // messages, once the good replies are in
	looked  *page            // the witness's messages afterwards
	changed map[string]*page // messages of conversations whose mode changed meanwhile
	quiet   string           // one of them that the driver made, so that nobody else is at work there
	bad     map[string]*conformance.Exchange
	end     *page // messages, after the bad replies
}

// sentReply is one good reply: its text, its answer and the messages that were found afterwards.
type sentReply struct {
	text  string
	x     *conformance.Exchange
	found *page
}

// texts that a reply has to carry unchanged: several lines, scripts, quotes, markup, a template, and length.
func replyTexts() []string {
	plain := "Parley reply " + nonce() + ": thank you, a person is looking into it."
	rich := "Parley reply " + nonce() + ":\nsecond line\n\n\tindented \"quotes\" and 'more' \\ backslash\nZażółć gęślą jaźń — 你好，世界 — שלום — مرحبا — 🙂👩‍👩‍👧\n<b>&amp; no markup</b> *nor* {{data.chat_user.name}} 100% %s\n" +
		"two  blanks, e\u0301, :) a@mail.example, https://a.example/b+c?q=%C3%A9"
	long := "Parley reply " + nonce() + ": " + strings.Repeat("a long reply of plain words, ", 200) + "and its end " + nonce()
	return []string{plain, rich, long}
}

// Section "Reply to Conversation".
func (r *run) replyPart() conformance.Plan {
	p := &r.reply
	badReply := func(name string) func() error {
		return func() error { return p.refusedWithoutTrace(name) }
	}
	return conformance.Plan{
		Probes: []conformance.Probe{{Name: "reply", Title: "replies and their effects", After: []string{"world"}, Writes: true, Run: r.probeReply}},
		Checks: []conformance.Check{
			on("reply-to-conversation/found", p.found, "reply"),
			on("reply-to-conversation/once", p.once, "reply"),
			on("reply-to-conversation/verbatim", func() error { return p.verbatim(0, 1) }, "reply"),
			on("reply-to-conversation/long", func() error { return p.verbatim(2) }, "reply"),
			on("reply-to-conversation/type", func() error { return p.hasField("type", "agent") }, "reply"),
			on("reply-to-conversation/responder", func() error { return p.hasField("responder_type", "human_assistant") }, "reply"),
			on("reply-to-conversation/mode", p.mode, "reply"),
			on("reply-to-conversation/elsewhere", p.elsewhere, "reply"),
			on("reply-to-conversation/content-missing", badReply("missing"), "reply"),
			on("reply-to-conversation/content-null", badReply("null"), "reply"),
			on("reply-to-conversation/content-not-a-string", badReply("number"), "reply"),
			on("reply-to-conversation/content-empty", func() error { return refused(p.bad["empty"]) }, "reply"),
			on("reply-to-conversation/malformed-json", func() error { return refused(p.bad["malformed"]) }, "reply"),
			on("reply-to-conversation/no-object", p.noObject, "reply"),
			on("reply-to-conversation/other-content-type", func() error { return noServerError(p.bad["text"]) }, "reply"),
		},
	}
}

func (r *run) probeReply(ctx context.Context) error {
	p := &r.reply
	var err error
	r.companion(ctx)
	if p.to, err = r.writable(ctx, nil); err != nil {
		return err
	}
	p.before = r.settled(ctx, p.to)
	if p.to.place != nil {
		p.listed = r.locate(ctx, p.to.place, p.to.uuid, "list before a reply").last()
		p.witness = r.witness(p.listed, p.to.uuid)
	}
	for n, text := range replyTexts() {
		p.sent = append(p.sent, r.sendReply(ctx, p.to.uuid, text))
		if n == 0 {
			r.lookAtMode(ctx)
		}
	}
	r.findReplies(ctx)
	if p.witness != "" {
		p.looked = r.find(ctx, r.Main, p.witness, nil, "find the messages of a conversation that nobody touches")
	}
	r.badReplies(ctx)
	p.end = r.find(ctx, r.Main, p.to.uuid, nil, "find the messages after replies that are to be refused")
	return nil
}

// witness is a conversation that this run does not write to.
func (r *run) witness(p *page, not string) string {
	for _, uuid := range r.world.seeded {
		if uuid != not {
			return uuid
		}
	}
	for _, i := range p.items {
		if uuid := i.text("uuid"); uuid != "" && uuid != not {
			return uuid
		}
	}
	return ""
}

func (r *run) sendReply(ctx context.Context, to, text string) *sentReply {
	r.Own(text)
	s := &sentReply{text: text}
	landed := func() bool {
		return holds(r.find(ctx, r.Main, to, nil, "look whether a reply landed"), text) > 0
	}
	s.x = r.Do(ctx, conformance.Request{
		Operation: "reply-to-conversation", Account: r.Main, Path: path("conversationUuid", to),
		JSON: map[string]string{"content": text}, Purpose: "reply", Expect2xx: true, Landed: landed,
	})
	return s
}

// findReplies looks for all replies at once, until those that were served are there.
func (r *run) findReplies(ctx context.Context) {
	p := &r.reply
	r.until(ctx, func() bool {
		p.after = r.find(ctx, r.Main, p.to.uuid, nil, "find the replies")
		return p.after.err != nil || !slices.ContainsFunc(p.sent, func(s *sentReply) bool {
			answer, _ := objectOf(s.x)
			return s.x.OK() && message(p.after, answer.text("message_id")) == nil && holds(p.after, s.text) == 0
		})
	})
	for _, s := range p.sent {
		if s.x.OK() {
			s.found = p.after
		}
	}
}

// lookAtMode lists the agent's conversations right after a reply, until the one replied to is in human mode.
func (r *run) lookAtMode(ctx context.Context) {
	p := &r.reply
	if p.to.place == nil || !p.sent[0].x.OK() {
		return
	}
	r.until(ctx, func() bool {
		p.state = r.locate(ctx, p.to.place, p.to.uuid, "list after a reply")
		p.relist = p.state.last()
		return p.state.last().err != nil || p.state.item.text("response_mode") == "human"
	})
	p.changed = map[string]*page{}
	for _, uuid := range head(p.changedModes(), 2) {
		if slices.Contains(r.world.seeded, uuid) || slices.Contains(r.world.taken, uuid) {
			p.quiet = uuid
		}
		p.changed[uuid] = r.find(ctx, r.Main, uuid, nil, "find what changed another conversation")
	}
}

// changedModes are conversations other than the one replied to that turned to human between the lists.
func (p *reply) changedModes() []string {
	var ids []string
	for _, was := range p.listed.items {
		is := p.relist.find(was.text("uuid"))
		if is == nil || was.text("uuid") == p.to.uuid {
			continue
		}
		if was.text("response_mode") != is.text("response_mode") {
			ids = append(ids, was.text("uuid"))
		}
	}
	return ids
}

func (r *run) badReplies(ctx context.Context) {
	p := &r.reply
	p.bad = map[string]*conformance.Exchange{}
	send := func(name string, q conformance.Request) {
		q.Operation, q.Account, q.Path = "reply-to-conversation", r.Main, path("conversationUuid", p.to.uuid)
		p.bad[name] = r.Do(ctx, q)
	}
	send("missing", conformance.Request{JSON: map[string]any{}, Purpose: "reply without content"})
	send("null", conformance.Request{JSON: map[string]any{"content": nil}, Purpose: "reply with content null"})
	send("number", conformance.Request{JSON: map[string]any{"content": 20241112}, Purpose: "reply with content that is a number"})
	send("empty", conformance.Request{JSON: map[string]any{"content": ""}, Purpose: "reply with empty content"})
	send("malformed", conformance.Request{Raw: []byte(`{"content": "parley`), Purpose: "reply with malformed JSON"})
	send("array", conformance.Request{Raw: []byte(`["parley"]`), Purpose: "reply with an array"})
	send("null body", conformance.Request{Raw: []byte(`null`), Purpose: "reply with null for a body"})
	send("text", conformance.Request{Raw: []byte(`{"content": "Parley reply as text"}`), ContentType: "text/plain", Purpose: "reply with another content type"})
	r.Own("Parley reply as text")
}

// message finds a message by its id or its uuid (AL-33, AL-34).
func message(p *page, id string) item {
	if id == "" {
		return nil
	}
	for _, i := range p.items {
		if i.text("id") == id || i.text("uuid") == id {
			return i
		}
	}
	return nil
}

// holds counts the messages with a content; white space at the ends is unjudged (AL-84).
func holds(p *page, text string) int {
	n := 0
	for _, i := range p.items {
		if strings.TrimSpace(i.text("content")) == strings.TrimSpace(text) {
			n++
		}
	}
	return n
}

// mine finds the message of a reply: by the id that was answered, else by its text.
func (s *sentReply) mine() (item, error) {
	if err := answered(s.x); err != nil {
		return nil, err
	}
	if s.found == nil || s.found.err != nil {
		return nil, conformance.Blocked("the messages after the reply cannot be read")
	}
	answer, _ := objectOf(s.x)
	if i := message(s.found, answer.text("message_id")); i != nil {
		return i, nil
	}
	for _, i := range s.found.items {
		if strings.TrimSpace(i.text("content")) == strings.TrimSpace(s.text) {
			return i, nil
		}
	}
	return nil, nil
}

func (s *sentReply) describe() string {
	return fmt.Sprintf("a reply of %d characters", len([]rune(s.text)))
}
