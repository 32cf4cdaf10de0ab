// Package world holds the mock's worlds: each one universe of its own, with its entities, grants, clock, limits,
// faults, subscriptions, deliveries and journal. A world knows no HTTP. Nothing in one world can reach another,
// so parallel runs in one process never meet.
package world

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/clock"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/journal"
	"github.com/parley-contracts/parley/mock/limit"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/openapi"
)

// World is one universe of the mock. Its parts are set once; each is safe for concurrent use.
type World struct {
	Name    string
	Options Options // what it was made with, and is made with again by a reset
	Token   string  // of the owner's account, for all scopes and for ever
	Key     string  // the API key of Conversations, for ever

	Clock   *clock.Clock
	Grants  *grant.Store
	Limits  *limit.Limits
	Faults  *fault.Faults
	Journal *journal.Journal
	Outbox  *outbox.Outbox
	Desk    *desk.Desk     // AssistLoop's state
	Center  *center.Center // Conversations' state
	Keys    *grant.Store   // what opens Conversations; what opens AssistLoop is in Grants
	Wire    *reading.Wire  // how answers and deliveries are reworded; nil when they are not
}

// Options say how a world begins. The same name and options with a fixed Now give the same world, byte for byte.
type Options struct {
	Seed        uint64
	Now         time.Time      // where its clock starts; zero is the real time
	Desk        desk.Options   // what it holds; its seed and clock are the world's
	Center      center.Options // the same of Conversations
	Outbox      outbox.Options // how it delivers; its clock, journal and faults are the world's
	Limits      limit.Rules    // empty is unlimited
	Faults      []fault.Rule
	Latency     []fault.Delay
	Readings    reading.Set // what it does where the documents leave a choice
	AutoConsent bool        // whoever asks for authorization gets it without a consent page
	JournalSize int         // requests and attempts kept each; 0 is the journal's default

	Operations []openapi.Operation // of the contracts: what faults can name
	Events     []openapi.Event     // the same
	Connect    func(*World)        // joins the events to the outbox; called once, before the world is used
}

// New makes a world of its own.
func New(name string, o Options) (*World, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	faults := fault.New(o.Seed, fault.Contract{Operations: o.Operations, Events: o.Events})
	if err := faults.Set(o.Faults, o.Latency); err != nil {
		return nil, err
	}
	w := &World{
		Name: name, Options: o, Faults: faults, Clock: clock.New(o.Now), Journal: journal.New(o.JournalSize), Wire: o.Readings.Wire(),
	}
	w.Limits = limit.New(o.Limits, w.Clock, limit.By(&o.Readings))

	deliver := o.Outbox.By(&o.Readings)
	deliver.Clock, deliver.Journal, deliver.Faults = w.Clock, w.Journal, w.Faults
	w.Outbox = outbox.New(deliver)

	filled := o.Desk
	filled.Seed, filled.Clock, filled.Readings = o.Seed, w.Clock, o.Readings
	w.Desk = desk.New(filled)

	w.Grants = grant.New(name, o.Seed, w.Clock)
	w.Grants.By(&o.Readings)
	w.Token, _ = w.Grants.Issue(w.Desk.Owner().ID, grant.AllScopes, 0)

	staffed := o.Center
	staffed.Seed, staffed.Clock, staffed.Readings = o.Seed, w.Clock, o.Readings
	w.Center = center.New(staffed)
	w.Keys = grant.New(name, ^o.Seed, w.Clock) // another seed: else its secrets would be those of Grants
	w.Key, _ = w.Keys.Issue("", 0, 0)
	if o.Connect != nil {
		o.Connect(w)
	}
	return w, nil
}

// Close ends the world: no more deliveries begin, and those under way are waited for until ctx ends. The error
// says what was left undone.
func (w *World) Close(ctx context.Context) error {
	err := w.Outbox.Close(ctx)
	w.Clock.Close()
	if err != nil {
		return fmt.Errorf("world %s: %w", w.Name, err)
	}
	return nil
}

// longestName keeps names readable in tokens and paths.
const longestName = 40

var errName = fmt.Errorf("a world's name is 1 to %d of a-z, 0-9 and -, and begins with none of the latter", longestName)

// checkName keeps to what needs no escaping in a token, a path or a header.
func checkName(name string) error {
	if name == "" || len(name) > longestName || name[0] == '-' {
		return fmt.Errorf("%q: %w", name, errName)
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return fmt.Errorf("%q: %w", name, errName)
		}
	}
	return nil
}

type contextKey struct{}

// With returns a context that carries the world of a request.
func With(ctx context.Context, w *World) context.Context {
	return context.WithValue(ctx, contextKey{}, w)
}

// From returns the world of a request, or nil outside of one.
func From(ctx context.Context) *World {
	w, _ := ctx.Value(contextKey{}).(*World)
	return w
}

// What a registry cannot do.
var (
	ErrUnknown = errors.New("there is no such world")
	ErrExists  = errors.New("there is such a world already")
	ErrDefault = errors.New("the default world stays: reset it instead")
	ErrFull    = errors.New("there are as many worlds as there may be: delete one first")
)
