// Package requirements is the catalogue: every rule of a contract as one requirement, in our own words, with
// the heading it comes from and the reading it follows. Rules that are particular to an operation or event are
// written by hand in YAML; what holds for every operation is derived from the contract.
package requirements

import (
	"bytes"
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
	contract "github.com/parley-contracts/parley/openapi/conversations"
)

//go:embed assistloop.yaml
var assistLoop []byte

//go:embed conversations.yaml
var conversations []byte

// The levels.
const (
	Must   = "MUST"
	Should = "SHOULD"
)

// Requirement is one rule for one operation or event.
type Requirement struct {
	// ID is stable and names its subject: "list-conversations/unauthenticated".
	ID      string `yaml:"id" json:"id"`
	Level   string `yaml:"level" json:"level"`     // MUST unless it says SHOULD
	Section string `yaml:"section" json:"section"` // the heading it comes from
	Reading string `yaml:"reading" json:"reading,omitempty"`
	Text    string `yaml:"text" json:"text"` // in our own words
	// Needs names what judging wants beyond the documented API: "client" (client credentials), or a
	// capability of the driver.
	Needs string `yaml:"needs" json:"needs,omitempty"`
	// Unobservable says why nobody can see from outside whether it is met; it then has no check.
	Unobservable string `yaml:"unobservable" json:"unobservable,omitempty"`

	// Relation: it is judged between several events, never from one alone.
	Relation bool `yaml:"relation" json:"relation,omitempty"`

	// Facts, which a test compares with the contract.
	Scope    string   `yaml:"scope" json:"scope,omitempty"`
	Limit    *Limit   `yaml:"limit" json:"limit,omitempty"`
	Retries  int      `yaml:"retries" json:"retries,omitempty"`
	Defaults []string `yaml:"defaults" json:"defaults,omitempty"`

	// Facts that OpenAPI has no place for, as the document states them.
	Facts []Fact `yaml:"-" json:"facts,omitempty"`

	// Operation and Field are set for what was derived: the field of the operation's answer, or of the event.
	Operation string `yaml:"-" json:"operation,omitempty"`
	Field     string `yaml:"-" json:"field,omitempty"`
	Rule      Rule   `yaml:"-" json:"-"`
}

// Limit is a rate limit as a requirement states it.
type Limit struct {
	Name     string `yaml:"name" json:"name"`
	Requests int    `yaml:"requests" json:"requests"`
	Seconds  int    `yaml:"seconds" json:"seconds"`
}

// Catalogue is a contract's requirements.
type Catalogue struct {
	Contract string
	All      []Requirement // in the order of the document's sections, as far as they are written down so
	byID     map[string]int
}

// Lookup finds a requirement by its id.
func (c *Catalogue) Lookup(id string) (Requirement, bool) {
	i, ok := c.byID[id]
	if !ok {
		return Requirement{}, false
	}
	return c.All[i], true
}

// IDs returns every id, in catalogue order.
func (c *Catalogue) IDs() []string {
	ids := make([]string, len(c.All))
	for i, r := range c.All {
		ids[i] = r.ID
	}
	return ids
}

// AssistLoop returns the catalogue of AssistLoop's Make integration. checker is its loaded OpenAPI document.
func AssistLoop(checker *check.Contract) (*Catalogue, error) {
	return catalogue("assistloop", assistLoop, assistLoopFacts, derive(checker, assistloop.Operations(), assistloop.Events()))
}

// Conversations returns the catalogue of Infobip's Conversations webhooks. checker is its loaded OpenAPI document.
func Conversations(checker *check.Contract) (*Catalogue, error) {
	return catalogue("conversations", conversations, conversationsFacts, derive(checker, contract.Operations(), contract.Events()))
}

// Assemble makes a catalogue of requirements that are written in YAML, as those of this package are, and of others that
// were derived. Those of one subject come together.
func Assemble(name string, document []byte, derived []Requirement) (*Catalogue, error) {
	return catalogue(name, document, nil, derived)
}

func catalogue(name string, document, facts []byte, derived []Requirement) (*Catalogue, error) {
	written, err := parse(document)
	if err != nil {
		return nil, fmt.Errorf("%s's requirements: %w", name, err)
	}
	c, err := assemble(name, derived, written)
	if err != nil {
		return nil, err
	}
	if facts == nil {
		return c, nil
	}
	return c, c.addFacts(facts)
}

func parse(document []byte) ([]Requirement, error) {
	var page struct {
		Requirements []Requirement `yaml:"requirements"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(document))
	decoder.KnownFields(true)
	if err := decoder.Decode(&page); err != nil {
		return nil, err
	}
	for i := range page.Requirements {
		if page.Requirements[i].Level == "" {
			page.Requirements[i].Level = Must
		}
	}
	return page.Requirements, nil
}

// assemble joins both kinds, those of one operation beside each other, and refuses ids that occur twice.
func assemble(contract string, derived, written []Requirement) (*Catalogue, error) {
	c := &Catalogue{Contract: contract, byID: map[string]int{}}
	seen := map[string]bool{}
	for _, r := range grouped(append(derived, written...)) {
		switch {
		case seen[r.ID]:
			return nil, fmt.Errorf("requirement %s stands twice", r.ID)
		case r.Section == "" || r.Text == "":
			return nil, fmt.Errorf("requirement %s: expected a section and a text", r.ID)
		case r.Level != Must && r.Level != Should:
			return nil, fmt.Errorf("requirement %s: expected level MUST or SHOULD, came %q", r.ID, r.Level)
		}
		seen[r.ID] = true
		c.byID[r.ID] = len(c.All)
		c.All = append(c.All, r)
	}
	return c, nil
}
