package suite

import (
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// result is what becomes of a spec.
type result int

const (
	passed result = iota
	warned
	skipped
	failed
)

// judge turns a finding into a spec's result, so that the suite passes if and only if the verdict is that the target
// conforms: what breaks fails, and so does a MUST that could not be judged.
func judge(report *conformance.Report, f conformance.Finding) (result, string) {
	switch {
	case report.Breaks(f):
		return failed, explain(f)
	case f.Outcome == conformance.Errored && f.Level == "MUST":
		return failed, "could not be judged: " + f.Message
	case f.Outcome == conformance.Errored:
		return skipped, "could not be judged: " + f.Message
	case f.Outcome == conformance.Unsupported, f.Outcome == conformance.Skipped:
		return skipped, string(f.Outcome) + ": " + f.Message
	case f.Known != nil: // and it fails: else it would break
		return skipped, fmt.Sprintf("known failure until %s: %s; %s", f.Known.Expires, f.Known.Reason, f.Message)
	case f.Outcome == conformance.Warn:
		return warned, "SHOULD, and is not: " + f.Message
	}
	return passed, ""
}

// explain tells what a person needs who sees nothing but the failed spec.
func explain(f conformance.Finding) string {
	lines := []string{strings.TrimSuffix(f.Level+": "+f.Message, ": ")}
	if f.Expected != "" || f.Seen != "" {
		lines = []string{f.Level, "expected  " + f.Expected, "seen      " + f.Seen}
	}
	if k := f.Known; k != nil {
		lines = append(lines, fmt.Sprintf("known     until %s: %s; %s", k.Expires, k.Reason, k.Stale))
	}
	if f.Curl != "" {
		lines = append(lines, "repeat    "+f.Curl)
	}
	return strings.Join(lines, "\n")
}
