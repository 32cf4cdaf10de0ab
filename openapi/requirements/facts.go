package requirements

import (
	"bytes"
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v3"
)

//go:embed assistloop.facts.yaml
var assistLoopFacts []byte

//go:embed conversations.facts.yaml
var conversationsFacts []byte

// Fact is what a document says in sentences, in a form that can be compared with them: whatever the wording, a sentence that
// states it has certain words.
type Fact struct {
	Requirement string `yaml:"requirement" json:"-"` // the id of the one that holds it
	Kind        string `yaml:"kind" json:"kind"`     // "order", "retries", "back-off", "meaning", …
	Value       string `yaml:"value" json:"value"`   // what the contract has: "created_at descending"
	// Of is the parameter or field that the value belongs to, by its place: "query status", "field status". Everywhere: of
	// each operation and event that has it.
	Of         string `yaml:"of" json:"of,omitempty"`
	Everywhere bool   `yaml:"everywhere" json:"everywhere,omitempty"`
	// Anchor marks a sentence as stating the fact: of each entry it has a word, by its beginning ("retr|again$"; $
	// ends a whole word). A word after ^ may stand in the heading.
	Anchor []string `yaml:"anchor" json:"-"`
	// Says is what such a sentence has where it agrees, of each entry one: a word, a name, "3 times".
	Says []string `yaml:"says" json:"-"`
	// Whole: a sentence that says some of it says all of it.
	Whole bool `yaml:"whole" json:"-"`
	// Instead are words that such a sentence has where it does not say so, and Never those that it has in no case.
	Instead []string `yaml:"instead" json:"-"`
	Never   []string `yaml:"never" json:"-"`
	// Pattern is a fixed phrase instead, a regular expression with one group, which is the value. With anchors it counts in the
	// sentences alone that these mark. One that only another value can match finds what denies the fact.
	Pattern string `yaml:"pattern" json:"-"`
}

// addFacts lays the facts of a document to the requirements that hold them.
func (c *Catalogue) addFacts(document []byte) error {
	var page struct {
		Facts []Fact `yaml:"facts"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(document))
	decoder.KnownFields(true)
	if err := decoder.Decode(&page); err != nil {
		return fmt.Errorf("%s's facts: %w", c.Contract, err)
	}
	for _, f := range page.Facts {
		i, known := c.byID[f.Requirement]
		switch {
		case !known:
			return fmt.Errorf("%s's facts: no requirement %s", c.Contract, f.Requirement)
		case f.Kind == "" || f.Value == "":
			return fmt.Errorf("%s's facts: one of %s has no kind or no value", c.Contract, f.Requirement)
		}
		c.All[i].Facts = append(c.All[i].Facts, f)
	}
	return nil
}
