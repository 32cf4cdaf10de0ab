package comparison

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
)

// found is a report of one requirement, a/b, beside one that always passes. An outcome of "" leaves it out.
func found(level string, outcome conformance.Outcome, known *conformance.Known) conformance.Report {
	r := conformance.Report{
		Schema: 1, Contract: "c", Started: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Verdict: conformance.Conforms,
		Findings: []conformance.Finding{{Requirement: "x/y", Level: "MUST", Outcome: conformance.Pass}},
	}
	if outcome != "" {
		r.Findings = append(r.Findings, conformance.Finding{Requirement: "a/b", Level: level, Outcome: outcome, Known: known})
	}
	return r
}

func TestEveryPairOfOutcomesIsToldByItsKind(t *testing.T) {
	t.Parallel()
	const none = conformance.Outcome("")
	excused := &conformance.Known{Reason: "ticket", Expires: "2026-12-31"}
	expired := &conformance.Known{Reason: "ticket", Expires: "2026-01-01"}
	for _, c := range []struct {
		says     string
		level    string
		old, new conformance.Outcome
		known    *conformance.Known
		strict   bool
		want     Kind
	}{
		{"what passed fails", "MUST", conformance.Pass, conformance.Fail, nil, false, NewFailure},
		{"what was not judged fails", "MUST", conformance.Unsupported, conformance.Fail, nil, false, NewFailure},
		{"a new requirement fails", "MUST", none, conformance.Fail, nil, false, NewFailure},
		{"what was advice fails", "MUST", conformance.Warn, conformance.Fail, nil, false, NewFailure},
		{"a new failure is excused", "MUST", conformance.Pass, conformance.Fail, excused, false, NewlyKnown},
		{"a new failure is not excused any more", "MUST", conformance.Pass, conformance.Fail, expired, false, NewFailure},
		{"it fails as before", "MUST", conformance.Fail, conformance.Fail, nil, false, StillFailing},
		{"it fails as before, and is known", "MUST", conformance.Fail, conformance.Fail, excused, false, StillFailing},
		{"a SHOULD is newly not met", "SHOULD", conformance.Pass, conformance.Warn, nil, false, NewWarning},
		{"a SHOULD is newly not met, strictly", "SHOULD", conformance.Pass, conformance.Warn, nil, true, NewFailure},
		{"a SHOULD is still not met, strictly", "SHOULD", conformance.Warn, conformance.Warn, nil, true, StillFailing},
		{"what failed is advice now", "SHOULD", conformance.Fail, conformance.Warn, nil, false, StillFailing},
		{"it is fixed", "MUST", conformance.Fail, conformance.Pass, nil, false, Fixed},
		{"advice was taken", "SHOULD", conformance.Warn, conformance.Pass, nil, false, Fixed},
		{"it is no longer judged", "MUST", conformance.Pass, conformance.Errored, nil, false, NewlyUnjudged},
		{"a failure is no longer judged", "MUST", conformance.Fail, conformance.Skipped, nil, false, NewlyUnjudged},
		{"it is judged now", "MUST", conformance.Skipped, conformance.Pass, nil, false, NewlyJudged},
		{"it is new, and passes", "MUST", none, conformance.Pass, nil, false, Added},
		{"it is new, and not judged", "MUST", none, conformance.Unsupported, nil, false, Added},
		{"it is gone", "MUST", conformance.Fail, none, nil, false, Removed},
		{"it passes as before", "MUST", conformance.Pass, conformance.Pass, nil, false, ""},
		{"it is not judged, for another reason", "MUST", conformance.Skipped, conformance.Errored, nil, false, ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			got, err := Compare(found(c.level, c.old, nil), found(c.level, c.new, c.known), c.strict)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got.Worse()).To(Equal(c.want == NewFailure))
			if c.want == "" {
				g.Expect(got.Changes).To(BeEmpty())
				return
			}
			g.Expect(got.Changes).To(HaveLen(1))
			change := got.Changes[0]
			g.Expect([]any{change.Kind, change.Requirement, change.Old, change.New}).To(Equal([]any{c.want, "a/b", c.old, c.new}))
			g.Expect(change.Finding.Level).To(Equal(c.level))
			g.Expect(got.Counts).To(And(HaveLen(len(Kinds())), HaveKeyWithValue(c.want, 1)))
		})
	}
}

func TestWhatCannotBeComparedIsRefused(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	good, other := found("MUST", conformance.Pass, nil), found("MUST", conformance.Pass, nil)
	other.Contract = "d"
	_, err := Compare(good, other, false)
	g.Expect(err).To(MatchError(`expected reports of one contract, came "c" and "d"`))
	other = found("MUST", "", nil)
	other.Findings[0].Requirement = "p/q"
	_, err = Compare(good, other, false)
	g.Expect(err).To(MatchError(ContainSubstring("no requirement in common")))
	nothing := found("MUST", conformance.Errored, nil)
	nothing.Findings[0].Outcome, nothing.Reason = conformance.Errored, "no connection"
	_, err = Compare(nothing, good, false)
	g.Expect(err).To(MatchError("OLD judged nothing (no connection): there is nothing to compare"))
	_, err = Compare(good, nothing, false)
	g.Expect(err).To(MatchError("NEW judged nothing (no connection): there is nothing to compare"))
}
