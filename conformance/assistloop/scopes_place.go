package assistloop

import (
	"context"
	"slices"

	"github.com/parley-contracts/parley/conformance"
)

// lookAtAgents lists the agents of the holder's organizations until one has some: of the main account's where it
// is among them, so that others may look as well, else of the newest, since an account that was made for the
// token has its own last. A target may list more organizations than it serves, which is not judged here.
func (r *run) lookAtAgents(ctx context.Context, h *holder) {
	organizations := h.organizations.texts("organization_uuid")
	slices.Reverse(organizations)
	if main := r.world.main; main != nil && slices.Contains(organizations, main.organization) {
		organizations = append([]string{main.organization}, organizations...)
	}
	for _, organization := range head(organizations, maxOrganizations+2) {
		p := pageOf(r.ask(ctx, h, "list-agents", path("organization_uuid", organization), "list the agents of its own organization"))
		h.agents = append(h.agents, p)
		if p.err == nil && len(p.texts("agent_uuid")) > 0 {
			return
		}
	}
}

// placeFor finds an agent that the holder can see, the main one where it can. One that somebody was told is of
// another organization will not do.
func (r *run) placeFor(h *holder) (*place, error) {
	if h.organizations.err != nil {
		return nil, h.organizations.err
	}
	var err error = conformance.Lacking("the account of the token with just %s can see no agent", h.scope)
	for _, p := range h.agents {
		organization := p.x.Path["organization_uuid"]
		if p.err != nil {
			err = p.err
		}
		ids := p.texts("agent_uuid")
		if main := r.world.main; main != nil && main.organization == organization && slices.Contains(ids, main.agent) {
			ids = append([]string{main.agent}, ids...)
		}
		for _, id := range ids {
			if !r.listedElsewhere(id, organization) {
				return &place{organization: organization, agent: id}, nil
			}
			err = conformance.Blocked("every agent that the account of the token with just %s can see is listed under another organization, too", h.scope)
		}
	}
	return nil, err
}

func (r *run) listedElsewhere(agent, organization string) bool {
	for of, p := range r.world.agents {
		if of != organization && slices.Contains(p.texts("agent_uuid"), agent) {
			return true
		}
	}
	for _, h := range r.scopes.holders {
		for _, p := range h.agents {
			if p.x.Path["organization_uuid"] != organization && slices.Contains(p.texts("agent_uuid"), agent) {
				return true
			}
		}
	}
	return false
}

// texts are the values of a field, in order.
func (p *page) texts(name string) []string {
	var all []string
	for _, i := range p.items {
		if text := i.text(name); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// startedAt is a conversation that the driver starts; nil where it may or can not.
func (r *run) startedAt(ctx context.Context, p *place) *own {
	if !r.mayWrite() || !r.Can("provoke") {
		return nil
	}
	uuid, err := r.Driver.Provoke(ctx, "new_conversation", p.organization, p.agent)
	if err != nil {
		r.Log.Note(err.Error())
		return nil
	}
	return r.take(&own{uuid: uuid, place: p, made: true})
}

// shown is an open conversation on the list of the holder's agent, one to write to if there is any; nil when
// nobody may list them.
func (r *run) shown(ctx context.Context, h *holder) *own {
	who := r.onlooker(h.place.organization, "read:conversations")
	if who == nil {
		return nil
	}
	p := r.list(ctx, who, h.place.agent, query("status", "1"), "list open conversations, to ask for one of them")
	var some *own
	for _, i := range p.items {
		o := &own{uuid: i.text("uuid"), place: h.place}
		if open, _ := i.flag("status"); !open || o.uuid == "" {
			continue
		}
		if r.mayWriteTo(o.uuid) {
			return o
		}
		if some == nil {
			some = o
		}
	}
	return some
}

// mayWriteTo tells of a conversation that the driver did not make whether it may be written to: as writable.
func (r *run) mayWriteTo(uuid string) bool {
	if named := r.Options.Conversation; len(named) > 0 {
		return slices.Contains(named, uuid)
	}
	return r.Target.Loopback() && !slices.Contains(r.world.taken, uuid)
}

// onlooker is an account that can see an organization and may do what the scope allows: the scope's holder,
// whose requests cost the main account nothing, else the main account; nil when there is none.
func (r *run) onlooker(organization, scope string) *conformance.Account {
	if h := r.scopes.holder(scope); slices.Contains(h.organizations.texts("organization_uuid"), organization) {
		return h.account
	}
	if slices.Contains(r.world.organizations.texts("organization_uuid"), organization) {
		return r.Main
	}
	return nil
}

// onceThere asks for the holder's conversation again while it is not there yet: a driver may answer as soon as
// an event is under way.
func (r *run) onceThere(ctx context.Context, h *holder, ask func() *conformance.Exchange) *conformance.Exchange {
	var x *conformance.Exchange
	there := r.until(ctx, func() bool {
		x = ask()
		return x.Status != 404 || h.waited || !h.conversation.made
	})
	h.waited = h.waited || !there
	return x
}
