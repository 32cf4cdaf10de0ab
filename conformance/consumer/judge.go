package consumer

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// acceptance judges that what was sent for a requirement was accepted in the end.
func (e *exam) acceptance(q requirements.Requirement) func() error {
	return func() error {
		ds := e.tried[q.ID]
		if len(ds) == 0 {
			if q.Operation != "" && !slices.Contains(e.events(), q.Operation) {
				return conformance.Lacking("the event was not sent (--event)")
			}
			if _, set := e.options.Set[q.Field]; set {
				return conformance.Lacking("its field was given a value (--set)")
			}
			if aboutSignatures(q.ID) {
				return e.unlike()
			}
			return conformance.Lacking("nothing was sent to judge it by")
		}
		var refused []*delivery
		for _, d := range ds {
			if d.last() == nil || d.last().Lost != nil && e.given() != nil {
				return e.given()
			}
			if !d.accepted() {
				refused = append(refused, d)
			}
		}
		if len(refused) == 0 {
			return nil
		}
		d := refused[0]
		seen := seenStatus(d.last())
		if n := len(d.attempts); n > 1 {
			seen += fmt.Sprintf(" at the last of %d attempts", n)
		}
		if others := refused[1:]; len(others) > 0 {
			seen += fmt.Sprintf(", and so for %d more of %d, as %s", len(others), len(ds), others[len(others)-1].purpose)
		}
		return breach("a 2xx for "+d.purpose, seen, d.attempts[len(d.attempts)-1])
	}
}

func breach(expected, seen string, xs ...*conformance.Exchange) error {
	return &conformance.Breach{Expected: expected, Seen: seen, Exchanges: xs}
}

// seenStatus says what an endpoint answered.
func seenStatus(x *conformance.Exchange) string {
	switch {
	case x.Lost != nil:
		return "no answer: " + x.Lost.Error()
	case x.Status >= 300 && x.Status < 400:
		return fmt.Sprintf("%d: a redirect, which senders do not follow", x.Status)
	case http.StatusText(x.Status) != "":
		return fmt.Sprintf("%d %s", x.Status, http.StatusText(x.Status))
	}
	return fmt.Sprint(x.Status)
}

// answered: every delivery gets an answer, within the time that is given.
func (e *exam) answered() error {
	sent, lost, first := 0, 0, (*conformance.Exchange)(nil)
	for _, d := range e.genuine {
		x := d.last()
		if x == nil {
			continue
		}
		sent++
		if x.Lost != nil {
			if lost++; first == nil {
				first = x
			}
		}
	}
	switch {
	case sent == 0:
		return conformance.Lacking("nothing was sent")
	case lost > 0:
		return breach("an answer to every delivery", fmt.Sprintf("none to %d of %d: %v", lost, sent, first.Lost), first)
	}
	return nil
}

// prompt: no answer takes long.
func (e *exam) prompt() error {
	n, slow, slowest := 0, 0, (*conformance.Exchange)(nil)
	took := func(x *conformance.Exchange) time.Duration { return x.Answered.Sub(x.Sent) }
	for _, d := range e.genuine {
		for _, x := range d.attempts {
			if x.Lost != nil {
				continue
			}
			n++
			if took(x) > e.options.Slow {
				slow++
			}
			if slowest == nil || took(x) > took(slowest) {
				slowest = x
			}
		}
	}
	switch {
	case n == 0:
		return conformance.Lacking("nothing was answered")
	case slow > 0:
		return breach(fmt.Sprintf("answers within %v", e.options.Slow),
			fmt.Sprintf("%d of %d that took longer, the slowest %v", slow, n, took(slowest).Round(time.Millisecond)), slowest)
	}
	return nil
}
