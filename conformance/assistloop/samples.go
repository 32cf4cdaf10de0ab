package assistloop

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// samples is Get Recent Conversation Samples with every type and limit.
type samples struct {
	asked      map[string]*page
	bad        map[string]*conformance.Exchange
	before     *page // the agent's list, unfiltered
	otherAgent *page
}

// Section "Get Recent Conversation Samples".
func (r *run) samplesPart() conformance.Plan {
	s := &r.samples
	return conformance.Plan{
		Probes: []conformance.Probe{{Name: "samples", Title: "recent samples", After: []string{"world"}, Run: r.probeSamples}},
		Checks: []conformance.Check{
			on("recent-sample/type-default", func() error { return onlyEvent(s.asked["default"], "new_conversation") }, "samples"),
			on("recent-sample/type-new-conversation", s.named, "samples"),
			on("recent-sample/type-handoff", func() error { return handoffSamples(s.asked["handoff"]) }, "samples"),
			on("recent-sample/handoff-mode", func() error { return handoffMode(s.asked["handoff"]) }, "samples"),
			on("recent-sample/type-unknown", func() error { return unknownType(s.bad["type=robot"]) }, "samples"),
			on("recent-sample/limit", s.limits, "samples"),
			on("recent-sample/limit-default", func() error { return s.limit("default", 5) }, "samples"),
			on("recent-sample/limit-above", func() error { return clamped(s.bad, 10, s.least(), "limit=11") }, "samples"),
			on("recent-sample/limit-bad", func() error { return clamped(s.bad, 10, 0, "limit=0", "limit=-1", "limit=abc") }, "samples"),
			on("recent-sample/newest", s.newest, "samples"),
			on("recent-sample/of-agent", func() error { return s.ofAgent(r.world.main) }, "samples"),
			on("recent-sample/one-organization", func() error { return s.oneOrganization(r.world.main) }, "samples"),
		},
	}
}

func (r *run) probeSamples(ctx context.Context) error {
	here, err := r.here()
	if err != nil {
		return err
	}
	s := &r.samples
	s.asked, s.bad = map[string]*page{}, map[string]*conformance.Exchange{}
	s.before = here.list
	for name, q := range map[string]url.Values{
		"default": nil, "new": query("type", "new_conversation", "limit", "10"), "handoff": query("type", "human_handoff_required", "limit", "3"),
		"limit=3": query("limit", "3"),
	} {
		s.asked[name] = r.sample(ctx, here.agent, q)
	}
	if r.world.other != nil {
		s.otherAgent = r.sample(ctx, r.world.other.agent, query("limit", "10"))
	}
	for _, q := range []struct{ key, value string }{
		{"limit", "11"}, {"limit", "0"}, {"limit", "-1"}, {"limit", "abc"}, {"type", "robot"},
	} {
		name := q.key + "=" + q.value
		s.bad[name] = r.Do(ctx, conformance.Request{
			Operation: "recent-sample", Account: r.Main, Path: path("agentUuid", here.agent), Query: query(q.key, q.value), Purpose: "sample with " + name,
		})
	}
	return nil
}

func (r *run) sample(ctx context.Context, agent string, q url.Values) *page {
	name := "defaults"
	if len(q) > 0 {
		name = asking(q)
	}
	return pageOf(r.get(ctx, "recent-sample", r.Main, path("agentUuid", agent), q, "sample with "+name))
}

// least is how many conversations the agent certainly has: they only become more.
func (s *samples) least() int { return len(s.before.items) }

func onlyEvent(p *page, event string) error {
	if p.err != nil {
		return p.err
	}
	for _, i := range p.items {
		switch i.text("event") {
		case event:
		case "new_conversation", "human_handoff_required":
			return breach("samples of "+event, "one of "+i.text("event"), p.x)
		default:
			return conformance.Blocked("a sample names no event of the document")
		}
	}
	return some(p)
}

// named: type=new_conversation asks for what comes without a type, too.
func (s *samples) named() error {
	err := onlyEvent(s.asked["new"], "new_conversation")
	if plain := s.asked["default"]; isGapError(err) && plain.err == nil && len(plain.items) > 0 {
		return breach("samples of new_conversation, as without a type", "none", plain.x, s.asked["new"].x)
	}
	return err
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func handoffSamples(p *page) error {
	if err := onlyEvent(p, "human_handoff_required"); err != nil {
		return err
	}
	for _, i := range p.items {
		data := i.object("data")
		if _, has := data["initial_message"]; has {
			return breach("`last_message` and no `initial_message`", "initial_message", p.x)
		}
		if data.object("last_message") == nil {
			return conformance.Blocked("a sample has no `last_message`")
		}
	}
	return nil
}

func handoffMode(p *page) error {
	if p.err != nil {
		return p.err
	}
	for _, i := range p.items {
		if i.text("event") != "human_handoff_required" {
			return conformance.Blocked("a sample is of another event")
		}
		switch mode := i.object("data").object("conversation").text("response_mode"); mode {
		case "human":
		case "ai":
			return breach("a conversation in human mode", mode, p.x)
		default:
			return conformance.Blocked("a sample tells no mode of the document")
		}
	}
	return some(p)
}

// unknownType: refused, or ignored, which gives the default type (AL-76).
func unknownType(x *conformance.Exchange) error {
	if err := noServerError(x); err != nil || x.Refused() {
		return err
	}
	err := onlyEvent(pageOf(x), "new_conversation")
	if isGapError(err) {
		return nil
	}
	return err
}

// limits: the type that was named may have no sample at all, which is a requirement of its own.
func (s *samples) limits() error {
	if err := s.handoffLimit(); err != nil {
		return err
	}
	if p := s.asked["new"]; p.err == nil && len(p.items) == 0 {
		return s.limit("limit=3", 3)
	}
	return s.limit("limit=3", 3, "new", 10)
}

// handoffLimit: of handoffs there may be fewer than conversations, but no more come than were asked for.
func (s *samples) handoffLimit() error {
	if p := s.asked["handoff"]; p.err == nil && len(p.items) > 3 {
		return breach("at most 3 items", fmt.Sprint(len(p.items)), p.x)
	}
	return nil
}

// limit holds pages against pairs of name and limit.
func (s *samples) limit(pairs ...any) error {
	var gap error
	for i := 0; i+1 < len(pairs); i += 2 {
		err := pageSize(s.asked[pairs[i].(string)], pairs[i+1].(int), s.least())
		if err != nil && !isGapError(err) {
			return err
		}
		if gap == nil || err == nil {
			gap = err // one limit that could be told is enough
		}
	}
	return gap
}

// ofAgent: every sample names the agent in the path, and none is of a conversation that another agent has.
func (s *samples) ofAgent(here *place) error {
	judged := 0
	for _, name := range []string{"default", "new", "handoff", "limit=3"} {
		p := s.asked[name]
		if p.err != nil {
			return p.err
		}
		judged += len(p.items)
		if err := p.samplesName("agent", here.agent); err != nil {
			return err
		}
	}
	if s.otherAgent != nil && s.otherAgent.err == nil && s.asked["new"].err == nil {
		theirs := conversationsOf(s.otherAgent)
		for id := range conversationsOf(s.asked["new"]) {
			if theirs[id] {
				return breach("each conversation under one agent", "conversation "+id+" in the samples of two", s.otherAgent.x, s.asked["new"].x)
			}
		}
	}
	if judged == 0 {
		return conformance.Lacking("the target gave no samples")
	}
	return nil
}

func conversationsOf(p *page) map[string]bool {
	ids := map[string]bool{}
	for _, i := range p.items {
		if id := i.object("data").object("conversation").text("uuid"); id != "" {
			ids[id] = true
		}
	}
	return ids
}

func (s *samples) oneOrganization(here *place) error {
	judged := 0
	for _, name := range []string{"default", "handoff", "new"} {
		p := s.asked[name]
		if p.err != nil {
			return p.err
		}
		judged += len(p.items)
		if err := p.samplesName("organization", here.organization); err != nil {
			return err
		}
	}
	if judged == 0 {
		return conformance.Lacking("the target gave no samples")
	}
	return nil
}

// samplesName: every sample of a page names the agent, or the organization.
func (p *page) samplesName(what, id string) error {
	for _, i := range p.items {
		switch named := i.object("data").object(what).text("uuid"); {
		case named == "":
			return conformance.Blocked("a sample names no %s", what)
		case !strings.EqualFold(named, id):
			return breach(what+" "+id+" in every sample", named, p.x)
		}
	}
	return nil
}

// newest: no conversation that the list shows to be newer than the oldest sample is left out.
func (s *samples) newest() error {
	p := s.asked["limit=3"]
	if p.err != nil {
		return p.err
	}
	if s.before.err != nil {
		return s.before.err
	}
	if s.before.unnamed("uuid") {
		return conformance.Blocked("a conversation of the list has no uuid")
	}
	var oldest time.Time
	for _, i := range p.items {
		if i.object("data").object("conversation").text("uuid") == "" {
			return conformance.Blocked("a sample names no conversation")
		}
		if at, ok := i.object("data").object("conversation").instant("created_at"); ok && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	if oldest.IsZero() {
		return conformance.Lacking("the target gave no samples")
	}
	sampled, judged := conversationsOf(p), 0
	for _, i := range s.before.items {
		at, ok := i.instant("created_at")
		if !ok || sampled[i.text("uuid")] {
			continue
		}
		judged++
		if at.After(oldest) {
			return breach("samples of the newest conversations", fmt.Sprintf("conversation %s left out, which is newer than one in the samples", i.text("uuid")), s.before.x, p.x)
		}
	}
	if judged == 0 {
		return conformance.Lacking("the list does not tell when other conversations began")
	}
	return nil
}
