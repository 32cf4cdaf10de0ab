package conformance

import (
	"fmt"
	"time"
)

// Settle holds the findings against the entries of a known-failures file, by requirement, and draws the verdict anew.
// The list is strict, so that it never outlives its reasons: an entry that has expired, or whose requirement passes,
// turns the verdict over. One that was not judged in this run is neither.
func (r *Report) Settle(known map[string]Known) {
	var stale []string
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Known = nil
		if k, listed := known[f.Requirement]; listed {
			f.Known = &k
			if k.Stale = r.stale(*f); k.Stale != "" {
				stale = append(stale, f.Requirement+": "+k.Stale)
			}
		}
	}
	r.Verdict, r.Reason = verdictOf(r.Findings, r.Strict)
	if len(stale) == 0 {
		return
	}
	reason := stale[0]
	if more := len(stale) - 1; more > 0 {
		reason += fmt.Sprintf(" (and %d more)", more)
	}
	if r.Verdict == DoesNotConform {
		reason = r.Reason + "; " + reason
	}
	r.Verdict, r.Reason = DoesNotConform, reason
}

// stale says why a finding's entry among the known failures has to change; "" where it stands.
func (r *Report) stale(f Finding) string {
	switch {
	case !f.Judged():
		return ""
	case r.Expired(f):
		return "its entry among the known failures expired on " + f.Known.Expires
	case f.Outcome == Pass:
		return "it is listed among the known failures and passes: remove the entry"
	}
	return ""
}

// Expired tells whether a finding's entry among the known failures had expired when the run began.
func (r *Report) Expired(f Finding) bool {
	return f.Known != nil && f.Known.Expires < r.Started.Format(time.DateOnly)
}

// Judged tells whether the run came to say that the requirement is met, or that it is not.
func (f Finding) Judged() bool { return f.Outcome == Pass || f.Outcome == Fail || f.Outcome == Warn }
