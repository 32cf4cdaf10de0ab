package document

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed known
var known embed.FS

// Contradicted is a contradiction of the document that a reading settles. It is recognised by its rule, its place and
// the values on both sides, so that a changed value makes it new.
type Contradicted struct {
	Rule    string   `yaml:"rule"`
	Place   string   `yaml:"place"`  // the finding's subject; * stands for any words
	Values  []string `yaml:"values"` // on both sides, in any order; * stands for any
	Reading string   `yaml:"reading"`
	Says    string   `yaml:"says"` // how it is read, in our own words
}

// A beyond is what the contract has by a reading, and the document nowhere.
type beyond struct {
	Item   string `yaml:"item"` // "event-inbound-message field payload.message.content"; * as above
	Trait  trait  `yaml:"trait"`
	Reason string `yaml:"reason"`
}

// An excuse is why no requirement holds some statements of the document.
type excuse struct {
	Section string `yaml:"section"` // the heading that they stand under; * stands for any words, "" for any heading
	Kind    string `yaml:"kind"`    // the kind of statement, "" for any
	Text    string `yaml:"text"`    // the statement, as section
	Reason  string `yaml:"reason"`
}

type knownPage struct {
	Contradictions []Contradicted `yaml:"contradictions"`
	Beyond         []beyond       `yaml:"beyond"`
	Uncovered      []excuse       `yaml:"uncovered"`
}

func knownOf(contract string) (knownPage, error) {
	var page knownPage
	text, err := known.ReadFile("known/" + contract + ".yaml")
	if err != nil {
		return page, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&page); err != nil {
		return page, fmt.Errorf("known contradictions of %s: %w", contract, err)
	}
	return page, nil
}

// settle tells the known contradictions from new ones. What is drift by the very same values is said with them.
func (p *proof) settle() {
	used := make([]bool, len(p.Known))
	var settled []Finding
	for i := range p.findings {
		f := &p.findings[i]
		if f.Kind != Contradiction {
			continue
		}
		for k, entry := range p.Known {
			if entry.is(*f) {
				f.Kind, f.Reading = Known, entry.Reading
				f.Message += " (" + entry.Says + ")"
				used[k] = true
				settled = append(settled, *f)
				break
			}
		}
	}
	p.findings = slices.DeleteFunc(p.findings, func(f Finding) bool {
		return f.Kind == Drift && slices.ContainsFunc(settled, func(s Finding) bool { return sameMatter(f, s) })
	})
	if p.matched == 0 {
		return
	}
	for k, entry := range p.Known {
		if !used[k] {
			p.found(Finding{
				Kind: Note, Rule: "reading-unneeded", Subject: entry.Place, Reading: entry.Reading,
				Message: "the document no longer has the contradiction that " + entry.Reading + " settles: " + entry.Rule + ", " + strings.Join(entry.Values, " and "),
			}, spot{})
		}
	}
}

// sameMatter: the drift is that the contract sides with one of the two places that contradict each other.
func sameMatter(drift, settled Finding) bool {
	return drift.Subject == settled.Subject && strings.TrimSuffix(drift.Rule, "-drift") == strings.TrimSuffix(settled.Rule, "-conflict") &&
		(drift.Document == settled.Document && drift.Contract == settled.Contract ||
			drift.Document == settled.Contract && drift.Contract == settled.Document)
}

func (c Contradicted) is(f Finding) bool {
	return c.Rule == f.Rule && like(c.Place, f.Subject) && c.hasValues(f.Document, f.Contract)
}

func (c Contradicted) hasValues(one, another string) bool {
	values := append(slices.Clone(c.Values), "", "")
	return like(values[0], one) && like(values[1], another) || like(values[0], another) && like(values[1], one)
}

// like matches with * for any words.
func like(pattern, text string) bool {
	if !strings.Contains(pattern, "*") {
		return pattern == text
	}
	flat := strings.NewReplacer("/", "|", "[", "(", "]", ")", "\\", "|", "?", "!")
	ok, err := path.Match(flat.Replace(pattern), flat.Replace(text))
	return ok && err == nil
}

// isBeyond tells whether the contract has a trait by a reading alone.
func (p *proof) isBeyond(subject, item string, t trait) bool {
	return slices.ContainsFunc(p.beyond, func(b beyond) bool { return b.Trait == t && like(b.Item, subject+" "+item) })
}
