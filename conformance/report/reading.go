package report

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/parley-contracts/parley/conformance"
)

// complete fills what every reader may count on: all outcomes are counted, also those that are zero.
func complete(r conformance.Report) conformance.Report {
	counts := map[conformance.Outcome]int{}
	for _, outcome := range conformance.Outcomes() {
		counts[outcome] = r.Counts[outcome]
	}
	r.Counts = counts
	if r.Findings == nil {
		r.Findings = []conformance.Finding{}
	}
	return r
}

// label names a finding's outcome, with known failures told apart.
func label(r conformance.Report, f conformance.Finding) string {
	switch {
	case f.Known == nil:
	case f.Outcome == conformance.Pass:
		return "unexpected pass"
	case (f.Outcome == conformance.Fail || f.Outcome == conformance.Warn) && !r.Expired(f):
		return "known failure"
	}
	return string(f.Outcome)
}

// message is a finding's message, with what the list of known failures says about it.
func message(f conformance.Finding) string {
	return strings.TrimPrefix(strings.TrimSuffix(f.Message+"; "+excuse(f), "; "), "; ")
}

// excuse is what the list of known failures says about a finding; "" if it is not listed.
func excuse(f conformance.Finding) string {
	switch k := f.Known; {
	case k == nil:
		return ""
	case k.Stale != "":
		return fmt.Sprintf("%s; its reason: %s", k.Stale, k.Reason)
	default:
		return fmt.Sprintf("listed as known until %s: %s", k.Expires, k.Reason)
	}
}

// arrived is what was delivered, where nothing else shows what a finding is about: a delivery cannot be repeated by a
// curl line. It is the last one, which decided, with no more than most bytes of its body; "" for other findings.
func arrived(f conformance.Finding, most int) string {
	if f.Curl != "" || len(f.Evidence) == 0 {
		return ""
	}
	e := f.Evidence[len(f.Evidence)-1]
	if e.Kind == "exchange" {
		return ""
	}
	head := e.Request
	if !e.At.IsZero() {
		head += " at " + e.At.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	if id := e.Headers["Webhook-Id"]; id != "" {
		head += ", webhook-id " + id
	}
	return strings.TrimSpace(head + "\n" + cut(e.Body, most))
}

// cut shortens text to about most bytes.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// source is the place in the document that a requirement comes from, with the reading taken where it is unclear.
func source(f conformance.Finding) string {
	if f.Reading == "" {
		return f.Section
	}
	return f.Section + " (" + f.Reading + ")"
}

// verdictOf words the verdict, with its reason.
func verdictOf(r conformance.Report) string {
	words := strings.ReplaceAll(string(r.Verdict), "-", " ")
	if r.Reason == "" {
		return words
	}
	return words + ": " + r.Reason
}

// effort tells what a run cost the target and its user.
func effort(r conformance.Report) string {
	text := fmt.Sprintf("%.1f s, %d requests, %d of them on the main account", r.Seconds, r.Requests.Total, r.Requests.Main)
	switch {
	case r.Requests.Total > 0 && r.Requests.Main == 0:
		text = fmt.Sprintf("%.1f s, %d requests", r.Seconds, r.Requests.Total)
	case r.Requests.Total > 0:
	case r.Requests.Exchanges > 0:
		text = fmt.Sprintf("%.1f s, %d exchanges", r.Seconds, r.Requests.Exchanges)
	case r.Requests.Payloads > 0:
		text = fmt.Sprintf("%.1f s, %d payloads", r.Seconds, r.Requests.Payloads)
	case r.Requests.Deliveries > 0 && r.Requests.Driver == 0:
		text = fmt.Sprintf("%.1f s, %d deliveries", r.Seconds, r.Requests.Deliveries)
	case r.Requests.Driver > 0:
		text = fmt.Sprintf("%.1f s, %d calls of the driver, %d deliveries", r.Seconds, r.Requests.Driver, r.Requests.Deliveries)
	}
	if r.Requests.Waited > 0 {
		text += fmt.Sprintf(", %.0f s waited for limits and retries", r.Requests.Waited)
	}
	return text
}

// visible shows control characters instead of obeying them: what a target sends must not move the cursor of whoever
// reads about it. Line breaks and tabs stay.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
