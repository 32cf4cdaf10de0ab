package consumer

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// exam is one run: what is sent, and what came of it. Probes write evidence, one after another; checks read it.
type exam struct {
	*conformance.Session
	source    *Source
	options   Options
	maker     *Maker
	catalogue *requirements.Catalogue

	mu         sync.Mutex // of what deliveries at the same time write
	unanswered int        // attempts one after another that got no answer
	gaveUp     error      // why no more is sent; nil while it is

	noted bool // that something was accepted at a retry only

	tried    map[string][]*delivery // by requirement: each has to be accepted
	genuine  []*delivery            // all that were honest, in the order of their first attempt
	repeated []*delivery            // those that were sent again though they had been accepted
	pairs    [][2]*delivery         // two events of one conversation
	alike    []*delivery            // two events with one id
	forged   map[string][]*delivery // by requirement: each has to be refused
	accepts  bool                   // a genuine signature is accepted at all
	before   seen                   // what the consumer had kept before any of it
	kept     seen                   // and what afterwards
}

func (s *Source) open(session *conformance.Session, o Options, catalogue *requirements.Catalogue) conformance.Plan {
	e := &exam{
		Session: session, source: s, options: o, maker: s.Maker(o.Seed), catalogue: catalogue,
		tried: map[string][]*delivery{}, forged: map[string][]*delivery{},
	}
	plan := conformance.Plan{Probes: []conformance.Probe{
		{Name: before, Title: "what the consumer has kept so far", Run: e.lookBefore, Unsupported: e.unseen()},
		{Name: shapes, Title: "events in every permitted shape", Run: e.shapes},
		{Name: handling, Title: "deliveries repeated, reordered and at the same time", Run: e.handling},
		{Name: signatures, Title: "signatures to accept and to refuse", Run: e.signatures, Unsupported: e.unsigned()},
		{Name: kept, Title: "what the consumer has kept", After: []string{before, shapes, handling}, Run: e.look, Unsupported: e.unseen()},
	}}
	for _, q := range catalogue.All {
		plan.Checks = append(plan.Checks, e.check(q))
	}
	return plan
}

// The probes, by name.
const (
	before     = "before"
	shapes     = "shapes"
	handling   = "handling"
	signatures = "signatures"
	kept       = "kept"
)

// check is what judges a requirement: a rule of its own, or that what was sent for it was accepted, or refused.
func (e *exam) check(q requirements.Requirement) conformance.Check {
	on := func(judge func() error, probes ...string) conformance.Check {
		return conformance.Check{Requirement: q.ID, From: probes, Judge: judge}
	}
	switch q.ID {
	case "deliveries/answered":
		return on(e.answered, shapes, handling)
	case "deliveries/prompt":
		return on(e.prompt, shapes, handling)
	case "deliveries/kept":
		return on(e.allKept, kept)
	case "deliveries/once":
		return on(e.allOnce, kept)
	case "deliveries/two-events":
		return on(e.bothKept, kept)
	case "deliveries/same-id":
		return on(e.alikeKept, kept)
	case "signatures/not-kept":
		return on(e.forgeriesNotKept, signatures, kept)
	case "signatures/refused-as-such":
		return on(e.refusedAsSuch, signatures)
	}
	switch {
	case q.Operation != "": // derived
		return on(e.acceptance(q), shapes)
	case isForgery(q.ID):
		return on(e.refusal(q.ID), signatures)
	case aboutSignatures(q.ID):
		return on(e.acceptance(q), signatures)
	}
	return on(e.acceptance(q), handling)
}

// wants tells whether any of the requirements is to be judged.
func (e *exam) wants(ids ...string) bool {
	selected := e.Session.Options.Selected
	return selected == nil || slices.ContainsFunc(ids, func(id string) bool {
		q, known := e.catalogue.Lookup(id)
		return known && selected(q.ID, q.Section, q.Level)
	})
}

// events are those that are sent.
func (e *exam) events() []string {
	if len(e.options.Events) == 0 {
		return e.source.Names()
	}
	var names []string
	for _, name := range e.options.Events {
		event, _ := e.source.EventNamed(name)
		names = append(names, event.Name)
	}
	return names
}

// shapes sends each event in all the shapes that the contract permits.
func (e *exam) shapes(ctx context.Context) error {
	trials, err := e.maker.trials()
	if err != nil {
		return err
	}
	chosen := e.events()
	var round []*delivery
	for _, t := range trials {
		if _, set := e.options.Set[t.Field]; set || !slices.Contains(chosen, t.Operation) || !e.wants(t.ID, "deliveries/kept", "deliveries/answered", "deliveries/prompt") {
			continue
		}
		for _, v := range t.variants {
			d := e.delivery(v.event, v.event.Name+" "+v.what)
			e.tried[t.ID] = append(e.tried[t.ID], d)
			round = append(round, d)
		}
	}
	return e.deliver(ctx, round...)
}

// unsigned says why nothing is judged of signatures.
func (e *exam) unsigned() string {
	switch {
	case !e.source.Signed:
		return "the document names no signature"
	case e.options.Secret == "":
		return "no secret to sign with (--secret)"
	}
	return ""
}

func (e *exam) unseen() string {
	if e.options.Seen == "" {
		return "no answer shows what became of an event: say where the consumer tells it (--seen)"
	}
	return ""
}

// example is a documented event of those that are sent, another one for each n.
func (e *exam) example(n int) Event {
	names := e.events()
	event, err := e.maker.Example(names[n%len(names)])
	if err != nil {
		panic(fmt.Sprintf("an example that is part of the program: %v", err))
	}
	return event
}
