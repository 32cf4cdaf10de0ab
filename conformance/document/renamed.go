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
	type place struct {
		section string
		line    int
	}
	at := map[place][]int{}
	for i, f := range p.findings {
		at[place{f.Section, f.Line}] = append(at[place{f.Section, f.Line}], i)
	}
	gone := map[int]bool{}
	for i := range p.findings {
		f := &p.findings[i]
		if !slices.Contains(unknownRules, f.Rule) {
			continue
		}
		name, missing, alone := "", []int(nil), true
		for line := f.Line - 1; line <= f.Line+1 && alone; line++ {
			for _, k := range at[place{f.Section, line}] {
				lost := p.findings[k].missed()
				switch {
				case k != i && slices.Contains(unknownRules, p.findings[k].Rule), lost != "" && name != "" && lost != name:
					alone = false
				case lost != "":
					name, missing = lost, append(missing, k)
				}
			}
		}
		if name == "" || !alone {
			continue
		}
		before, _, _ := strings.Cut(f.Message, ", which the contract has not")
		f.Contract, f.Message = name, before+", where the contract has "+name
		for _, k := range missing {
			gone[k] = true
		}
	}
	var kept []Finding
	for i, f := range p.findings {
		if !gone[i] {
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
