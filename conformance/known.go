package conformance

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/parley-contracts/parley/openapi/requirements"
)

// ReadKnown reads a known-failures file: YAML, a list of entries with requirement, reason and expires. An
// unknown requirement, a missing reason or a malformed date is bad input.
func ReadKnown(file string, catalogue *requirements.Catalogue) (map[string]Known, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("known failures: %w", err)
	}
	var entries []struct {
		Requirement string `yaml:"requirement"`
		Reason      string `yaml:"reason"`
		Expires     string `yaml:"expires"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&entries); err != nil && len(bytes.TrimSpace(content)) > 0 {
		return nil, fmt.Errorf("known failures %s: expected a list of {requirement, reason, expires}: %w", file, err)
	}
	known := map[string]Known{}
	for i, e := range entries {
		_, found := catalogue.Lookup(e.Requirement)
		switch {
		case !found:
			return nil, fmt.Errorf("known failures %s: entry %d: no requirement %q; `parley requirements` lists them", file, i+1, e.Requirement)
		case e.Reason == "":
			return nil, fmt.Errorf("known failures %s: %s: expected a reason, found none", file, e.Requirement)
		}
		if _, err := time.Parse(time.DateOnly, e.Expires); err != nil {
			return nil, fmt.Errorf("known failures %s: %s: expected expires as 2006-01-02, came %q", file, e.Requirement, e.Expires)
		}
		if _, twice := known[e.Requirement]; twice {
			return nil, fmt.Errorf("known failures %s: %s is listed twice", file, e.Requirement)
		}
		known[e.Requirement] = Known{Reason: e.Reason, Expires: e.Expires}
	}
	return known, nil
}

// settleKnown marks the findings that the file lists.
func settleKnown(findings []Finding, known map[string]Known) {
	for i := range findings {
		if k, ok := known[findings[i].Requirement]; ok {
			findings[i].Known = &k
		}
	}
}

// settleExpired turns the verdict over when an entry has expired or is listed though it passes: the list is
// strict, so that it never outlives its reasons. One that was not judged in this run is neither.
func settleExpired(report *Report) {
	for i := range report.Findings {
		f := &report.Findings[i]
		if f.Known == nil || (f.Outcome != Pass && f.Outcome != Fail && f.Outcome != Warn) {
			continue
		}
		switch {
		case report.Expired(*f):
			f.Message = joined(f.Message, "its entry among the known failures expired on "+f.Known.Expires)
		case f.Outcome == Pass:
			f.Message = joined(f.Message, "it is listed among the known failures and passes: remove the entry")
		default:
			continue
		}
		report.Verdict, report.Reason = DoesNotConform, f.Requirement+": "+f.Message
	}
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
