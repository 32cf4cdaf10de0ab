// Package conversations holds the probe and the checks for Infobip's Conversations webhooks. Its document has events and
// no operations: the driver subscribes and makes them happen, and what arrives is judged. What one delivery shows is judged
// in judge.go, what several show about one conversation or message in memory.go, and recorded bodies go through both without
// a target; only what depends on the order of what was provoked (sequence.go, arrivals.go) takes a run.
package conversations

import (
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	contract "github.com/parley-contracts/parley/openapi/conversations"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// Contract is that of Infobip's Conversations webhooks, ready to be run. The error means that the embedded contract is
// broken.
func Contract() (conformance.Contract, error) {
	checker, err := contract.Load()
	if err != nil {
		return conformance.Contract{}, fmt.Errorf("conversations' contract: %w", err)
	}
	catalogue, err := requirements.Conversations(checker)
	if err != nil {
		return conformance.Contract{}, err
	}
	return conformance.Contract{
		Name:      "conversations",
		Catalogue: catalogue,
		Shown:     shown,
		Open: func(s *conformance.Session) conformance.Plan {
			r := &run{Session: s, catalogue: catalogue, judge: newJudge(checker, catalogue)}
			return r.plan()
		},
		Payloads: func() conformance.PayloadJudge { return newJudge(checker, catalogue) },
		Traffic:  func() conformance.TrafficJudge { return newPassing(newJudge(checker, catalogue)) },
	}, nil
}

// shown: identifiers, enumerations and times may stand in a report; names, addresses and contents may not.
func shown(field string) bool {
	switch field {
	case "id", "type", "status", "priority", "channel", "direction", "authenticationType", "timestamp", "createdAt", "updatedAt",
		"messageId", "messageid", "conversationId":
		return true
	}
	return false
}

// plan is one probe, for what arrives is one stream, and a check for each requirement that can be observed.
func (r *run) plan() conformance.Plan {
	probe := conformance.Probe{Name: "deliveries", Title: "webhook deliveries", Writes: true, Waits: true, Run: r.probe, Unsupported: r.noDeliveries()}
	plan := conformance.Plan{Probes: []conformance.Probe{probe}}
	for _, q := range r.catalogue.All {
		if q.Unobservable == "" {
			plan.Checks = append(plan.Checks, conformance.Check{Requirement: q.ID, From: []string{probe.Name}, Judge: r.judgement(q)})
		}
	}
	return plan
}

// judgement finds what judges a requirement: a rule of its own, or the judge of single deliveries.
func (r *run) judgement(q requirements.Requirement) func() error {
	if own := r.rules()[q.ID]; own != nil {
		return own
	}
	return func() error {
		err := r.judge.tally.Verdict(q.ID)
		if gap, ok := err.(*conformance.Gap); ok {
			return r.why(q, gap)
		}
		return err
	}
}

// why says why there was nothing to judge a requirement by: the driver makes no such event, or none of it had a place.
func (r *run) why(q requirements.Requirement, gap *conformance.Gap) error {
	name := eventOf(q)
	if name == "" {
		return gap
	}
	if err := r.refused(name); err != nil {
		return err
	}
	if q.Relation {
		return conformance.Lacking("no two events were delivered that could show it")
	}
	return r.judge.shapes.Lacking(name)
}

// rules are those that take what the run itself knows.
func (r *run) rules() map[string]func() error {
	all := map[string]func() error{
		"deliveries/post": r.post,
		"event-conversation-created/no-status-event":     r.noStatusEvent,
		"event-conversation-status-updated/changed":      func() error { return r.changed(statusUpdated, status) },
		"event-conversation-assignment-updated/changed":  func() error { return r.changed(assignmentUpdated, assignee) },
		"event-conversation-status-updated/own-time":     func() error { return r.ownTime(statusUpdated) },
		"event-conversation-assignment-updated/own-time": func() error { return r.ownTime(assignmentUpdated) },
		"conversation/times-forward":                     r.timesForward,
	}
	for _, event := range events {
		all["deliveries/"+strings.TrimPrefix(ids[event], "event-")] = func() error { return r.arrived(event) }
	}
	return all
}
