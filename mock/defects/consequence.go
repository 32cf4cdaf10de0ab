package defects

import (
	"slices"
	"strings"

	contract "github.com/parley-contracts/parley/openapi/conversations"
)

// consequences are what follows for every defect of a kind, beside what stands at each.
func consequences(d Defect) []Consequence {
	var all []Consequence
	follow := func(reason string, requirements ...string) {
		for _, r := range requirements {
			all = append(all, Consequence{Requirement: r, Reason: reason})
		}
	}
	subject, rule, _ := strings.Cut(d.Requirement, "/")
	switch {
	case d.Kind == Reshaped && strings.HasPrefix(subject, "event-"):
		follow("a body that is no JSON is not of its shape either", "deliveries/json")
	case d.Requirement == "deliveries/json" && d.Contract == "assistloop":
		follow("a body that is no JSON is not of its shape either", "event-new-conversation/body", "event-human-handoff-required/body")
	case d.Requirement == "deliveries/retry-body":
		follow("a retry is a delivery", "event-new-conversation/*", "deliveries/json")
		follow("a retry that is broken is another than the first attempt", "deliveries/retry-stable")
	case rule == "field:type" && strings.HasPrefix(subject, "event-"):
		follow("without its type nobody knows which event it is", "deliveries/type")
	case d.Requirement == "deliveries/type":
		for _, e := range contract.Events() {
			follow("the type is a field of each event", e.ID+"/field:type")
		}
	case rule == "same-conversation":
		follow("it is delivered of another conversation than the driver says", "deliveries/"+strings.TrimPrefix(subject, "event-"))
	case d.Kind == Status && rule == "served":
		const why = "what may be served or refused is answered with a status that is neither, where the target serves it"
		for _, rule := range []string{
			"created-reversed", "created-bad", "status-unknown", "mode-unknown", "type-unknown", "per-page-*", "limit-*", "twice", "closed", "other-content-type",
		} {
			follow(why, subject+"/"+rule)
		}
	case d.Requirement == "list-conversations/of-agent":
		follow("the samples are held against the list", "recent-sample/newest", "recent-sample/limit", "recent-sample/limit-default", "list-conversations/created-*")
	case d.Requirement == "recent-sample/of-agent":
		follow("the other agent's are not the newest of this one, and may be fewer", "recent-sample/newest", "recent-sample/limit", "recent-sample/limit-default")
	case slices.Contains([]string{"list-conversations/status-closed", "list-conversations/status-open"}, d.Requirement):
		follow("a close shows in the list of the closed ones", "close-conversation/closed")
	case d.Kind == Value && strings.HasPrefix(d.Requirement, "recent-sample/type-"):
		follow("the event tells which message a sample has", "recent-sample/field:data.initial_message", "recent-sample/field:data.last_message")
	}
	return all
}
