package conformance

import (
	"context"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// Contract is what a contract's folder brings to a run.
type Contract struct {
	Name       string
	Catalogue  *requirements.Catalogue
	Operations []openapi.Operation
	Limits     []openapi.Limit
	// Open makes the probes and checks of one run, with evidence of their own.
	Open func(*Session) Plan
	// Preflight names two operations that any token may call.
	Preflight [2]string
	// Reach finds out whether anybody is there, in place of Preflight, where the target takes webhooks: it is one URL
	// then, and no token opens it. The error ends the run.
	Reach func(context.Context, *Session) error
	// Payloads makes what judges recorded bodies of webhooks, one after another, with a memory of its own.
	Payloads func() PayloadJudge
	// Traffic makes what judges exchanges that others have, one after another, with a memory of its own.
	Traffic func() TrafficJudge
	// Shown tells of a JSON field of the contract's messages, by its last name, whether its text may stand in
	// a report: identifiers, enumerations and times, never what people wrote.
	Shown func(field string) bool
}

// Driven tells whether the document has no operation to ask, only events: the driver then stands for the target.
func (c Contract) Driven() bool { return len(c.Operations) == 0 }

// Plan is what a run may do: the engine leaves out what no chosen check needs.
type Plan struct {
	Probes []Probe
	Checks []Check
}

// Probe is a short scenario that talks to the target and leaves evidence. It judges nothing.
type Probe struct {
	Name  string
	Title string   // for progress
	After []string // probes whose evidence it starts from
	// Writes: it changes conversations or subscriptions, and is left out of a read-only run.
	Writes bool
	// Waits: much of its time is waiting, so that it runs beside the others where time is real.
	Waits bool
	// Moves: it moves the target's clock, so that it runs alone, after the others.
	Moves bool
	// Skip and Unsupported say why it does not run, as the user wanted or for want of a capability.
	Skip, Unsupported string
	Run               func(context.Context) error
}

// Check judges evidence for one requirement. It sends nothing. Judge returns nil, a *Breach, a *Gap, or any
// other error for what could not be judged.
type Check struct {
	Requirement string
	// From names the probes whose evidence it needs; all of them have to have run. A check over the whole log
	// names none, and runs no probe by itself.
	From  []string
	Judge func() error
}
