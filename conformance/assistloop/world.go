package assistloop

import (
	"context"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// Bounds on what is looked at: enough to find an agent with data, few enough for the target's rate limit.
const (
	maxOrganizations = 3
	maxAgents        = 3
)

// world is what the main account can see at the start of a run.
type world struct {
	me            *conformance.Exchange
	organizations *page
	agents        map[string]*page // by organization
	places        []*place
	main          *place // the agent with the most conversations
	other         *place // another agent, if there is one
	// seeded conversations came from the driver, to have something to list.
	seeded []string
	taken  []string             // conversations that probes write to
	began  map[string]time.Time // when conversations began, as far as it was asked
}

// place is an agent within its organization, and what its list held at first.
type place struct {
	organization, agent string
	list                *page // unfiltered, per_page=100
	// crowded: the unfiltered page is full, and does not hold what happened last.
	crowded bool
}

func (p *place) conversations() []item {
	if p == nil || p.list == nil {
		return nil
	}
	return p.list.items
}

// Section "Get Current User", "Get Workspaces", "Get Agents".
func (r *run) worldPart() conformance.Plan {
	w := &r.world
	return conformance.Plan{
		Probes: []conformance.Probe{{Name: "world", Title: "organizations, agents and their conversations", Run: r.lookAround}},
		Checks: []conformance.Check{
			on("list-organizations/id-equals", func() error { return equalIDs(w.organizations, "organization_uuid") }, "world"),
			on("list-organizations/distinct", func() error { return distinct(w.organizations, "organization_uuid") }, "world"),
			on("list-agents/id-equals", func() error { return eachPage(w.agents, func(p *page) error { return equalIDs(p, "agent_uuid") }) }, "world"),
			on("list-agents/distinct", func() error { return eachPage(w.agents, func(p *page) error { return distinct(p, "agent_uuid") }) }, "world"),
			on("list-agents/of-organization", w.agentsOfOrganization, "world"),
		},
	}
}

func (r *run) lookAround(ctx context.Context) error {
	w := &r.world
	w.me = r.preflighted()
	w.organizations = pageOf(r.get(ctx, "list-organizations", r.Main, nil, nil, "list the organizations"))
	w.agents = map[string]*page{}
	for _, o := range head(w.organizations.items, maxOrganizations) {
		organization := o.text("organization_uuid")
		if organization == "" {
			continue
		}
		agents := pageOf(r.get(ctx, "list-agents", r.Main, path("organization_uuid", organization), nil, "list the agents of an organization"))
		w.agents[organization] = agents
		for _, a := range agents.items {
			if agent := a.text("agent_uuid"); agent != "" && len(w.places) < maxAgents {
				w.places = append(w.places, &place{organization: organization, agent: agent})
			}
		}
	}
	for _, p := range w.places {
		p.list = r.list(ctx, r.Main, p.agent, nil, "list an agent's conversations unfiltered")
	}
	w.choose()
	return r.seed(ctx)
}

// preflighted is the answer to who is calling, which every run asks before anything else.
func (r *run) preflighted() *conformance.Exchange {
	var last *conformance.Exchange
	for _, x := range r.Log.Exchanges() {
		if x.Operation == "get-me" && x.Account == r.Main {
			last = x
		}
	}
	return last
}

// choose takes the agent that tells most, and as the other one an agent with some conversations.
func (w *world) choose() {
	for _, p := range w.places {
		if w.main == nil || p.tells() > w.main.tells() {
			w.main = p
		}
	}
	for _, p := range w.places {
		if p != w.main && (w.other == nil || len(p.conversations()) > len(w.other.conversations())) {
			w.other = p
		}
	}
}

// tells ranks an agent by its conversations: more are better, as long as one page holds them all. A page that is full
// leaves out nobody knows what.
func (p *place) tells() int {
	const enough = 20 // to tell the sizes of pages
	n := len(p.conversations())
	if p.list != nil && p.list.err == nil && full(p.list) {
		return enough - 1
	}
	return n
}

// seed has the driver start conversations where the main agent has too few to tell filters apart.
func (r *run) seed(ctx context.Context) error {
	w := &r.world
	if w.main == nil || !r.mayWrite() || !r.Can("provoke") {
		return nil
	}
	modes := map[string]bool{}
	for _, c := range w.main.conversations() {
		modes[c.text("response_mode")] = true
	}
	var events []string
	for n := len(w.main.conversations()); n+len(events) < 4; {
		events = append(events, "new_conversation")
	}
	if !modes["human"] {
		events = append(events, "human_handoff_required")
	}
	for _, event := range events {
		conversation, err := r.Driver.Provoke(ctx, event, w.main.organization, w.main.agent)
		if err != nil {
			r.Log.Note(err.Error())
			break
		}
		w.seeded = append(w.seeded, conversation)
	}
	if len(w.seeded) > 0 {
		w.main.list = r.list(ctx, r.Main, w.main.agent, nil, "list an agent's conversations unfiltered")
	}
	if w.other != nil && len(w.other.conversations()) == 0 {
		if _, err := r.Driver.Provoke(ctx, "new_conversation", w.other.organization, w.other.agent); err == nil {
			w.other.list = r.list(ctx, r.Main, w.other.agent, nil, "list another agent's conversations")
		}
	}
	return nil
}

// lists tells whether an organization lists an agent.
func (w *world) lists(organization, agent string) bool {
	p := w.agents[organization]
	return p != nil && p.ids("agent_uuid")[agent]
}

func (r *run) mayWrite() bool { return !r.Options.ReadOnly }

// here is the main agent, or why there is none.
func (r *run) here() (*place, error) {
	if r.world.main != nil {
		return r.world.main, nil
	}
	if err := r.world.organizations.err; err != nil {
		return nil, conformance.Blocked("no agent is known: %v", err)
	}
	for _, p := range r.world.agents {
		if p.err != nil {
			return nil, conformance.Blocked("no agent is known: %v", p.err)
		}
	}
	return nil, conformance.Lacking("the account has no agent")
}

// agentsOfOrganization: an agent that stands under two organizations stands under a wrong one.
func (w *world) agentsOfOrganization() error {
	under := map[string]string{}
	judged := 0
	for organization, p := range w.agents {
		if p.err != nil {
			return p.err
		}
		judged++
		for agent := range p.ids("agent_uuid") {
			if first, twice := under[agent]; twice {
				return breach("each agent under one organization", "agent "+agent+" under two", w.agents[first].x, p.x)
			}
			under[agent] = organization
		}
	}
	if judged < 2 {
		return conformance.Lacking("the account has %s, and two are needed to tell", counted(judged, "organization"))
	}
	return nil
}

func equalIDs(p *page, name string) error {
	if p.err != nil {
		return p.err
	}
	for _, i := range p.items {
		if i.text("id") != "" && i.text(name) != "" && i.text("id") != i.text(name) {
			return breach("`id` equal to `"+name+"`", i.text("id")+" beside "+i.text(name), p.x)
		}
	}
	return some(p)
}

// distinct: no item stands twice on a page.
func distinct(p *page, name string) error {
	if p.err != nil {
		return p.err
	}
	seen := map[string]bool{}
	for _, i := range p.items {
		id := i.text(name)
		if id != "" && seen[id] {
			return breach("each item once", id+" twice on a page", p.x)
		}
		seen[id] = true
	}
	return some(p)
}

func some(p *page) error {
	if len(p.items) == 0 {
		return conformance.Lacking("%s gave no items", p.x.Purpose)
	}
	return nil
}

func eachPage(pages map[string]*page, rule func(*page) error) error {
	var gap error = conformance.Lacking("the account has no organization")
	for _, p := range pages {
		err := rule(p)
		if _, isGap := err.(*conformance.Gap); isGap {
			continue
		}
		if err != nil {
			return err
		}
		gap = nil
	}
	return gap
}
