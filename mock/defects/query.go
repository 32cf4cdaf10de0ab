package defects

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

// The kinds of wrong ways with query parameters.
const (
	Ignored  Kind = "parameter-ignored"
	OffByOne Kind = "parameter-off-by-one"
	Swapped  Kind = "parameter-inverted"
	Shifted  Kind = "parameter-shifted"
)

// queries mistakes every query parameter of every operation.
func queries(*check.Contract) []Defect {
	var all []Defect
	for _, op := range secured() {
		for _, p := range op.Params {
			switch {
			case p.In != "query":
			case len(p.Enum) > 0:
				all = append(all, words(op.ID, p)...)
			case p.HasBounds:
				all = append(all, sizes(op.ID, p)...)
			case p.Format == "instant-or-date":
				all = append(all, instants(op.ID, p.Name)...)
			}
		}
		if slices.ContainsFunc(op.Params, func(p openapi.Param) bool { return p.Name == "created_from" }) {
			all = append(all, windows(op.ID)...)
		}
	}
	return append(all, combined()...)
}

// onQuery changes a call's query before it is sent, when is says so.
func onQuery(op string, is func(*call) bool, change func(*call)) play {
	return func(*memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			if c.op != op || c.wrong || !is(c) {
				return nil
			}
			change(c)
			return c.send()
		}}
	}
}

// onBadQuery answers otherwise, when is says that the query is bad.
func onBadQuery(op string, is func(*call) bool, instead func(*call) *answer) play {
	return func(*memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			if c.op != op || c.wrong || !is(c) {
				return nil
			}
			switch a := c.send(); a.status {
			case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests:
				return a // refused for another reason
			}
			return instead(c.again())
		}}
	}
}

// filters names the requirement that notices a value of an enumeration, by operation, parameter and value.
var filters = map[string]string{
	"list-conversations status 1": "status-open", "list-conversations status 0": "status-closed",
	"list-conversations response_mode ai": "mode-ai", "list-conversations response_mode human": "mode-human",
	"recent-sample type new_conversation": "type-new-conversation", "recent-sample type human_handoff_required": "type-handoff",
}

// unknowns names the requirement that notices what becomes of a value that the enumeration does not have.
var unknowns = map[string]string{"status": "status-unknown", "response_mode": "mode-unknown", "type": "type-unknown"}

// words mistakes a parameter that takes one of two.
func words(op string, p openapi.Param) []Defect {
	var all []Defect
	for i, value := range p.Enum {
		other := p.Enum[len(p.Enum)-1-i]
		requirement := op + "/" + filters[op+" "+p.Name+" "+value]
		is := func(c *call) bool { return c.query.Get(p.Name) == value }
		if p.Default != value { // what is the default may well be ignored
			all = append(all, defect(Ignored, requirement, "ignored", fmt.Sprintf("%s takes no notice of %s=%s.", op, p.Name, value),
				onQuery(op, is, func(c *call) { c.query.Del(p.Name) })))
		}
		all = append(all,
			defect(Swapped, requirement, "inverted", fmt.Sprintf("%s takes %s=%s for %s.", op, p.Name, value, other),
				onQuery(op, is, func(c *call) { c.query.Set(p.Name, other) })),
		)
		if value != "human_handoff_required" { // of which there may be no sample (AL-71)
			all = append(all, defect(Served, requirement, "empty", fmt.Sprintf("%s answers %s=%s by an empty list.", op, p.Name, value),
				onBadQuery(op, is, func(*call) *answer { return says(200, []byte("[]")) })))
		}
	}
	bad := func(c *call) bool { return c.query.Has(p.Name) && !slices.Contains(p.Enum, c.query.Get(p.Name)) }
	unknown := op + "/" + unknowns[p.Name]
	all = append(all, defect(Broken, unknown, "500", fmt.Sprintf("%s answers an unknown %s with 500.", op, p.Name),
		onBadQuery(op, bad, func(*call) *answer { return refusal(500) })))
	if op == "recent-sample" {
		return append(all, defect(Swapped, unknown, "handoff", "recent-sample takes an unknown type for human_handoff_required.",
			onQuery(op, bad, func(c *call) { c.query.Set("type", "human_handoff_required") })))
	}
	for _, value := range p.Enum {
		all = append(all, defect(Swapped, unknown, value, fmt.Sprintf("%s takes an unknown %s for %s.", op, p.Name, value),
			onQuery(op, bad, func(c *call) { c.query.Set(p.Name, value) })))
	}
	return append(all, defect(Served, unknown, "empty", fmt.Sprintf("%s answers an unknown %s by an empty list.", op, p.Name),
		onBadQuery(op, bad, func(*call) *answer { return says(200, []byte("[]")) })))
}

// combined mistakes filters that are given together.
func combined() []Defect {
	op, requirement := "list-conversations", "list-conversations/filters-combine"
	both := func(c *call) bool {
		return c.query.Has("status") && (c.query.Has("response_mode") || c.query.Has("created_from"))
	}
	return []Defect{
		defect(Ignored, requirement, "first-only", "Of several filters list-conversations takes notice of status alone.", onQuery(op, both, func(c *call) {
			c.query.Del("response_mode")
			c.query.Del("created_from")
		})),
		defect(Ignored, requirement, "last-only", "Of several filters list-conversations takes no notice of status.",
			onQuery(op, both, func(c *call) { c.query.Del("status") })),
		defect(Ignored, requirement, "no-time", "Beside a status list-conversations takes no notice of created_from.",
			onQuery(op, both, func(c *call) { c.query.Del("created_from") })),
		defect(Swapped, requirement, "or", "Of several filters one is enough for list-conversations.", onBadQuery(op, both, func(c *call) *answer {
			one, other := c.again(), c.again()
			one.query.Del("response_mode")
			other.query.Del("status")
			a := one.send()
			return a.setItems(union(a.items(), other.send().items()))
		})),
		defect(Ignored, "list-conversations/both-states", "open-only", "Without a status filter list-conversations leaves closed ones out.",
			onQuery(op, func(c *call) bool { return !c.query.Has("status") }, func(c *call) { c.query.Set("status", "1") })),
		defect(Ignored, "list-conversations/both-states", "closed-only", "Without a status filter list-conversations leaves open ones out.",
			onQuery(op, func(c *call) bool { return !c.query.Has("status") }, func(c *call) { c.query.Set("status", "0") })),
		defect(Swapped, "recent-sample/type-default", "handoff", "Without type, recent-sample answers samples of human_handoff_required.",
			onQuery("recent-sample", func(c *call) bool { return !c.query.Has("type") }, func(c *call) { c.query.Set("type", "human_handoff_required") })).
			with("samples of handoffs are not of the newest conversations", "recent-sample/newest"),
	}
}
