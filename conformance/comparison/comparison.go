// Package comparison tells what changed between two runs of one contract: what fails now and did not, what is fixed, and
// what is no longer judged, or is now.
package comparison

import (
	"fmt"

	"github.com/parley-contracts/parley/conformance"
)

// Comparison is two reports held against each other. Its JSON form is public: schema 1.
type Comparison struct {
	Schema   int    `json:"schema"`
	Contract string `json:"contract"`
	Old      Run    `json:"old"`
	New      Run    `json:"new"`
	Strict   bool   `json:"strict,omitempty"` // a SHOULD that is newly not met is a failure, too
	// Counts has every kind of change, also those that did not occur.
	Counts  map[Kind]int `json:"counts"`
	Changes []Change     `json:"changes"` // in the order of the catalogue, with what only OLD has at the end
}

// Run is what a comparison shows of a report as a whole.
type Run struct {
	Target  string              `json:"target,omitempty"`
	Started string              `json:"started"` // RFC 3339
	Verdict conformance.Verdict `json:"verdict"`
	Reason  string              `json:"reason,omitempty"`
}

// Kind is what became of a requirement.
type Kind string

// The kinds. A new failure alone decides.
const (
	NewFailure    Kind = "new-failure"         // it fails, and did not
	NewWarning    Kind = "new-warning"         // a SHOULD that is not met, and was not reported so
	NewlyKnown    Kind = "newly-known"         // it fails, and did not, and is listed among the known failures
	Fixed         Kind = "fixed"               // it passes, and failed
	NewlyUnjudged Kind = "newly-unjudged"      // it was judged, and is not any more
	NewlyJudged   Kind = "newly-judged"        // it passes, and was not judged
	StillFailing  Kind = "still-failing"       // it fails, as before, known or not
	Added         Kind = "new-requirement"     // OLD does not know it; it does not fail
	Removed       Kind = "removed-requirement" // NEW does not know it
)

// Kinds lists them in the order in which they are told.
func Kinds() []Kind {
	return []Kind{NewFailure, NewWarning, NewlyKnown, NewlyUnjudged, Fixed, NewlyJudged, StillFailing, Added, Removed}
}

// Change is what became of one requirement.
type Change struct {
	Kind        Kind   `json:"kind"`
	Requirement string `json:"requirement"`
	// Old and New are the outcomes; "" where a report does not know the requirement.
	Old conformance.Outcome `json:"old,omitempty"`
	New conformance.Outcome `json:"new,omitempty"`
	// Finding is that of NEW, or of OLD where NEW does not know the requirement.
	Finding conformance.Finding `json:"finding"`
}

// Compare holds two reports of one contract against each other. The error is for reports that cannot be compared: of
// different contracts or commands, or of a run that judged nothing.
func Compare(before, after conformance.Report, strict bool) (Comparison, error) {
	if before.Contract != after.Contract {
		return Comparison{}, fmt.Errorf("expected reports of one contract, came %q and %q", before.Contract, after.Contract)
	}
	switch {
	case !judgedAny(before):
		return Comparison{}, fmt.Errorf("OLD judged nothing (%s): there is nothing to compare", before.Reason)
	case !judgedAny(after):
		return Comparison{}, fmt.Errorf("NEW judged nothing (%s): there is nothing to compare", after.Reason)
	}
	c := Comparison{Schema: 1, Contract: after.Contract, Old: runOf(before), New: runOf(after), Strict: strict, Counts: map[Kind]int{}, Changes: []Change{}}
	for _, k := range Kinds() {
		c.Counts[k] = 0
	}
	old := map[string]conformance.Finding{}
	for _, f := range before.Findings {
		old[f.Requirement] = f
	}
	common := len(old)
	for _, f := range after.Findings {
		was := old[f.Requirement]
		delete(old, f.Requirement)
		c.take(kindOf(was, f, after.Expired(f), strict), was, f)
	}
	if len(old) == common {
		return Comparison{}, fmt.Errorf("the reports have no requirement in common: expected two of one command")
	}
	for _, f := range before.Findings {
		if was, left := old[f.Requirement]; left {
			c.take(Removed, was, conformance.Finding{})
		}
	}
	return c, nil
}

func (c *Comparison) take(kind Kind, was, is conformance.Finding) {
	if kind == "" {
		return
	}
	change := Change{Kind: kind, Old: was.Outcome, New: is.Outcome, Finding: is}
	if kind == Removed {
		change.Finding = was
	}
	change.Requirement = change.Finding.Requirement
	c.Counts[kind]++
	c.Changes = append(c.Changes, change)
}

// kindOf tells what became of a requirement; "" for nothing worth telling. was is empty where OLD does not know it.
func kindOf(was, is conformance.Finding, expired, strict bool) Kind {
	fails := func(f conformance.Finding) bool {
		return f.Outcome == conformance.Fail || f.Outcome == conformance.Warn
	}
	decides := func(f conformance.Finding) bool {
		return f.Outcome == conformance.Fail || strict && f.Outcome == conformance.Warn
	}
	switch {
	case fails(is) && fails(was) && (decides(was) || !decides(is)):
		return StillFailing
	case fails(is) && is.Known != nil && !expired:
		return NewlyKnown
	case decides(is):
		return NewFailure
	case fails(is):
		return NewWarning
	case was.Outcome == "":
		return Added
	case is.Judged() && fails(was):
		return Fixed
	case is.Judged() && !was.Judged():
		return NewlyJudged
	case was.Judged() && !is.Judged():
		return NewlyUnjudged
	}
	return ""
}

// Worse tells whether something fails now that did not.
func (c Comparison) Worse() bool { return c.Counts[NewFailure] > 0 }

func judgedAny(r conformance.Report) bool {
	for _, f := range r.Findings {
		if f.Judged() {
			return true
		}
	}
	return false
}

func runOf(r conformance.Report) Run {
	return Run{Target: r.Target, Started: r.Started.UTC().Format("2006-01-02T15:04:05Z"), Verdict: r.Verdict, Reason: r.Reason}
}
