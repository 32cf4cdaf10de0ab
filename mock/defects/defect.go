// Package defects is the catalogue of deliberate breaches of a contract: each breaks one rule and names the
// requirement that has to notice. They are how the conformance suite is held to its own promise, and how a client
// can be tried against a server that is wrong.
//
// A defect plays between a server and its clients, as an http.Handler around the server's and an
// http.RoundTripper under its deliveries, so that it plays over the mock and over any other server alike. What
// cannot be done from there (see Settings) the mock does itself. While none is opened nothing of this runs.
//
// Most are generated: what holds for each field, operation, parameter or cause of refusal is said once, and the
// contract says where (shape.go, refusal.go, query.go, delivery.go). What needs behaviour of its own is written
// by hand.
package defects

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parley-contracts/parley/openapi/check"
)

// Kind says what is done to the contract, for counting and for choosing a few of each.
type Kind string

// Defect is one deliberate breach of one rule.
type Defect struct {
	// ID is stable: the requirement that has to notice, "~", and what is done.
	ID       string
	Contract string // "assistloop" or "conversations"
	Kind     Kind
	Sentence string // what the server does, in our own words
	// Requirement is the id in the catalogue of requirements that has to turn red.
	Requirement string
	// Consequences are further requirements that may turn red with it.
	Consequences []Consequence
	// Settings are what the mock does otherwise. Over another server a defect that has some cannot play.
	Settings *Settings

	play play
}

// Consequence is a requirement that a defect cannot help breaking too, or one that is judged by what it broke.
type Consequence struct {
	Requirement string // an id, or the beginning of several and "*"
	Reason      string
}

// Settings are what only the server itself can do otherwise.
type Settings struct {
	RateLimit string                        // as mock.Options has it; empty leaves it
	Retries   int                           // of a delivery; 0 leaves it
	Backoff   func(retry int) time.Duration // nil leaves it
	// PlainHTTP: a server that is reached by https answers plain HTTP as well.
	PlainHTTP bool
}

// play makes a defect's behaviour over one server, with a memory of its own.
type play func(*memory) behaviour

// behaviour is what a defect does with calls of the server's API, and with its deliveries; nil leaves them alone.
type behaviour struct {
	call    func(*call) *answer
	deliver func(*delivery) (*http.Response, error)
}

// May tells whether a requirement that turned red is what the defect is for, or one of its consequences.
func (d Defect) May(requirement string) bool {
	if requirement == d.Requirement {
		return true
	}
	for _, c := range d.Consequences {
		head, open := strings.CutSuffix(c.Requirement, "*")
		if requirement == c.Requirement || open && strings.HasPrefix(requirement, head) {
			return true
		}
	}
	return false
}

// Delivers tells whether the defect plays under deliveries, so that it wants a server whose transport can be wrapped.
func (d Defect) Delivers() bool { return d.Open().behaviour.deliver != nil }

// AssistLoop returns the defects of AssistLoop's contract, generated ones first. contract is its loaded document.
func AssistLoop(contract *check.Contract) ([]Defect, error) {
	return gathered("assistloop", contract,
		shapes, payloads, answers, refusals, bodies, queries, pages, replies, closes, subscriptions, scopes, limits, deliveries, retries, grants)
}

// gathered joins the parts of a catalogue, adds what follows for whole kinds, and refuses ids that occur twice.
func gathered(name string, contract *check.Contract, parts ...func(*check.Contract) []Defect) ([]Defect, error) {
	var all []Defect
	for _, part := range parts {
		all = append(all, part(contract)...)
	}
	seen := map[string]bool{}
	for i := range all {
		d := &all[i]
		d.Contract = name
		d.Consequences = append(d.Consequences, consequences(*d)...)
		if seen[d.ID] {
			return nil, fmt.Errorf("defect %s stands twice", d.ID)
		}
		seen[d.ID] = true
	}
	return all, nil
}

// defect makes one; what is done is one or a few words that tell it from others of its requirement.
func defect(kind Kind, requirement, done, sentence string, p play) Defect {
	return Defect{ID: requirement + "~" + done, Kind: kind, Requirement: requirement, Sentence: sentence, play: p}
}

// with adds a consequence.
func (d Defect) with(reason string, requirements ...string) Defect {
	for _, r := range requirements {
		d.Consequences = append(d.Consequences, Consequence{Requirement: r, Reason: reason})
	}
	return d
}
