package document

import (
	"slices"
	"strings"
)

// unknownRules and missingRules are the two sides of a name that was changed: what is there and should not be, and what should.
var (
	unknownRules = []string{"field-unknown", "parameter-unknown"}
	missingRules = []string{"field-missing", "parameter-missing"}
)

// renamed makes one finding of those that one changed name has: a name that the contract does not know, in the place of one that
// it misses. Where several are unknown or missing together, nobody can tell which stands for which.
func (p *proof) renamed() {
	var gone []int
	for i := range p.findings {
		f := &p.findings[i]
		if !slices.Contains(unknownRules, f.Rule) {
			continue
		}
		name, missing, alone := "", []int(nil), true
		for k, other := range p.findings {
			if k == i || other.Section != f.Section || other.Line-f.Line > 1 || f.Line-other.Line > 1 {
				continue
			}
			if slices.Contains(unknownRules, other.Rule) {
				alone = false
			}
			lost := other.missed()
			if lost == "" {
				continue
			}
			if name != "" && lost != name {
				alone = false
			}
			name, missing = lost, append(missing, k)
		}
		if name == "" || !alone {
			continue
		}
		before, _, _ := strings.Cut(f.Message, ", which the contract has not")
		f.Contract, f.Message = name, before+", where the contract has "+name
		gone = append(gone, missing...)
	}
	var kept []Finding
	for i, f := range p.findings {
		if !slices.Contains(gone, i) {
			kept = append(kept, f)
		}
	}
	p.findings = kept
}

// missed is the name that a finding misses, "" for another finding.
func (f Finding) missed() string {
	if slices.Contains(missingRules, f.Rule) {
		return f.Contract
	}
	if (f.Rule == "example-drift" || f.Rule == "curl-drift") && f.Document == "missing" {
		_, way, _ := strings.Cut(f.Subject, " ")
		if _, of, found := strings.Cut(way, " "); found { // "error 429 retry_after"
			way = of
		}
		_, last := split(way)
		return last
	}
	return ""
}
