package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/parley-contracts/parley/conformance"
)

// maxRead bounds a JSON report that is read: one with evidence of every requirement stays far below.
const maxRead = 64 << 20

// Read reads a report that Write wrote as JSON: schema 1, whole, and nothing that this version does not know.
func Read(from io.Reader) (conformance.Report, error) { return readWithin(from, maxRead) }

func readWithin(from io.Reader, most int64) (conformance.Report, error) {
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	switch {
	case err != nil:
		return conformance.Report{}, err
	case int64(len(text)) > most:
		return conformance.Report{}, fmt.Errorf("expected a report of at most %d bytes", most)
	}
	var version struct {
		Schema int `json:"schema"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return conformance.Report{}, fmt.Errorf("expected a JSON report, as --report json=FILE writes it: %w", err)
	}
	if version.Schema != 1 {
		return conformance.Report{}, fmt.Errorf("expected a report of schema 1, came %d", version.Schema)
	}
	var r conformance.Report
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return conformance.Report{}, fmt.Errorf("expected a report of schema 1: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return r, sound(r)
}

// sound tells what keeps a report from being one of a run.
func sound(r conformance.Report) error {
	if r.Contract == "" {
		return fmt.Errorf("the report names no contract")
	}
	if verdicts := []conformance.Verdict{conformance.Conforms, conformance.DoesNotConform, conformance.NotJudged}; !slices.Contains(verdicts, r.Verdict) {
		return fmt.Errorf("unknown verdict %.40q", r.Verdict)
	}
	seen := map[string]bool{}
	for i, f := range r.Findings {
		switch {
		case f.Requirement == "" || strings.ContainsFunc(f.Requirement, notInID):
			return fmt.Errorf("finding %d names no requirement: %.80q", i+1, f.Requirement)
		case seen[f.Requirement]:
			return fmt.Errorf("%.80q stands twice", f.Requirement)
		case !slices.Contains(conformance.Outcomes(), f.Outcome):
			return fmt.Errorf("%.80q: unknown outcome %.40q", f.Requirement, f.Outcome)
		case f.Level != "MUST" && f.Level != "SHOULD":
			return fmt.Errorf("%.80q: unknown level %.40q", f.Requirement, f.Level)
		}
		seen[f.Requirement] = true
	}
	return nil
}

func notInID(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
