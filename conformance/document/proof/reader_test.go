package proof

import (
	"fmt"
	"regexp"
	"sync"

	"github.com/parley-contracts/parley/conformance/document"
)

// contracts are made once: they are never changed, and safe for concurrent use.
var contracts = sync.OnceValues(func() (map[string]document.Contract, error) {
	made := map[string]document.Contract{}
	for _, load := range []func() (document.Contract, error){document.AssistLoop, document.Conversations} {
		c, err := load()
		if err != nil {
			return nil, err
		}
		made[c.Name] = c
	}
	return made, nil
})

// proofread reads and judges a text, as the command does with a file of that name. A document as it was published, which
// most specs compare with, is judged once.
func proofread(name, contract, text string) (document.Report, error) {
	if report, ok := asPublished()[subject{name: name, contract: contract, text: text}]; ok {
		return report, nil
	}
	return judge(name, contract, text)
}

var asPublished = sync.OnceValue(func() map[subject]document.Report {
	all := map[subject]document.Report{}
	for _, s := range readPublished() {
		if report, err := judge(s.name, s.contract, s.text); err == nil {
			all[s] = report
		}
	}
	return all
})

func judge(name, contract, text string) (document.Report, error) {
	made, err := contracts()
	if err != nil {
		return document.Report{}, err
	}
	d, err := document.Read(name, []byte(text))
	if err != nil {
		return document.Report{}, err
	}
	return document.Proofread(d, made[contract]), nil
}

// errorsOf are the findings that decide, by what they say apart from where.
func errorsOf(r document.Report) map[string]int {
	found := map[string]int{}
	for _, f := range r.Findings {
		if f.Kind.Error() {
			found[key(f)]++
		}
	}
	return found
}

var places = regexp.MustCompile(`\b(lines?|at) \d+\b`)

func key(f document.Finding) string {
	return fmt.Sprintf("%s %s | %s | %s", f.Rule, f.Subject, places.ReplaceAllString(f.Message, "line"), f.Document)
}
