package conformance

import (
	"errors"
	"fmt"
)

// Breach is a check's verdict that the target broke the requirement: it becomes fail, or warn for a SHOULD.
type Breach struct {
	Expected, Seen string
	Exchanges      []*Exchange
	Deliveries     []*Delivery
}

func (b *Breach) Error() string { return fmt.Sprintf("expected %s, seen %s", b.Expected, b.Seen) }

// Gap is a check's verdict that it could not be judged for want of data or of a driver capability.
type Gap struct{ Reason string }

func (g *Gap) Error() string { return g.Reason }

// Trouble is a check's verdict that something outside the requirement got in the way.
type Trouble struct{ Reason string }

func (t *Trouble) Error() string { return t.Reason }

// Lacking makes a Gap.
func Lacking(format string, args ...any) error { return &Gap{Reason: fmt.Sprintf(format, args...)} }

// Blocked makes a Trouble.
func Blocked(format string, args ...any) error { return &Trouble{Reason: fmt.Sprintf(format, args...)} }

// outcomeOf turns a check's error into an outcome for a requirement of the level.
func outcomeOf(err error, level string) Outcome {
	var breach *Breach
	var gap *Gap
	switch {
	case err == nil:
		return Pass
	case errors.As(err, &breach):
		if level == "SHOULD" {
			return Warn
		}
		return Fail
	case errors.As(err, &gap):
		return Unsupported
	}
	return Errored
}

// verdictOf decides over findings: any MUST that fails, else any MUST in error or nothing judged, else
// conforms. strict makes a SHOULD that is not met fail. Known failures are settled before.
func verdictOf(findings []Finding, strict bool) (Verdict, string) {
	met, failed, warned, known, errored := 0, 0, 0, 0, 0
	for _, f := range findings {
		switch {
		case f.Outcome == Pass:
			met++
		case f.Outcome == Errored && f.Level == "MUST":
			errored++
		case f.Outcome != Fail && f.Outcome != Warn:
		case f.Known != nil:
			known++
		case f.Outcome == Fail || strict:
			failed++
		default:
			warned++
		}
	}
	switch {
	case failed > 0:
		return DoesNotConform, fmt.Sprintf("%s not met", plural(failed, "requirement"))
	case errored > 0:
		return NotJudged, fmt.Sprintf("%s could not be judged", plural(errored, "requirement"))
	case met+warned+known == 0:
		return NotJudged, "nothing was judged"
	}
	reason := plural(met, "requirement") + " met"
	if warned > 0 {
		reason += fmt.Sprintf(", %d SHOULD not met", warned)
	}
	if known > 0 {
		reason += ", " + plural(known, "known failure")
	}
	return Conforms, reason
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
