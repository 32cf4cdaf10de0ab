// Package reading names the choices that the two documents leave open. A world takes one way at each of them; by
// default the way that the mock has always gone, and any other when it is asked to. All of them are fair: whoever
// builds against the mock can find out whether they lean on a choice of its own, and the conformance suite is held to
// passing every one.
//
// list.go has all readings, as data. Whoever acts on one asks a world's Set, at one place; what concerns nothing but
// the words of an answer or a delivery is done in wire.go.
package reading

import (
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/openapi/nearest"
)

// Reading is one place where a document leaves a choice.
type Reading struct {
	Name   string
	Rule   string // where readings.md has it, as in "AL-60"
	About  string
	Values []Value // the first is what the mock does unless it is told otherwise
}

// Value is one way to go.
type Value struct {
	Name   string
	Choice Choice // Default for the first value of a reading
	// Lapses are the SHOULDs of the catalogue of requirements that it leaves out; most values keep to all.
	Lapses []string
}

// Set is what a world chose. The zero value is the default everywhere.
type Set [choices]bool

// Has tells whether a choice was made.
func (s *Set) Has(c Choice) bool { return s[c] }

// Parse reads entries NAME=VALUE, several of which may stand in one text with commas between. An unknown name or value
// and a reading that is given twice are errors.
func Parse(texts []string) (Set, error) {
	var set Set
	given := map[string]bool{}
	for _, text := range texts {
		for entry := range strings.SplitSeq(text, ",") {
			r, v, err := parseOne(strings.TrimSpace(entry))
			if err != nil {
				return Set{}, err
			}
			if given[r.Name] {
				return Set{}, fmt.Errorf("reading %s is given twice", r.Name)
			}
			given[r.Name] = true
			set[v.Choice] = v.Choice != Default
		}
	}
	return set, nil
}

func parseOne(entry string) (Reading, Value, error) {
	name, value, found := strings.Cut(entry, "=")
	if !found || name == "" {
		return Reading{}, Value{}, fmt.Errorf("reading %q: expected NAME=VALUE, as in per-page=100", entry)
	}
	all := All()
	var names []string
	for _, r := range all {
		if r.Name == name {
			v, err := r.value(value)
			return r, v, err
		}
		names = append(names, r.Name)
	}
	if close, ok := nearest.Name(name, names); ok {
		return Reading{}, Value{}, fmt.Errorf("unknown reading %q: did you mean %s?", name, close)
	}
	return Reading{}, Value{}, fmt.Errorf("unknown reading %q: the readings are %s", name, strings.Join(names, ", "))
}

func (r Reading) value(name string) (Value, error) {
	var names []string
	for _, v := range r.Values {
		if v.Name == name {
			return v, nil
		}
		names = append(names, v.Name)
	}
	if close, ok := nearest.Name(name, names); ok {
		return Value{}, fmt.Errorf("reading %s: unknown value %q: did you mean %s?", r.Name, name, close)
	}
	return Value{}, fmt.Errorf("reading %s: unknown value %q: the values are %s", r.Name, name, strings.Join(names, ", "))
}

// String is what Parse reads back: what differs from the default, empty when nothing does.
func (s Set) String() string {
	var entries []string
	for _, r := range All() {
		for _, v := range r.Values {
			if v.Choice != Default && s[v.Choice] {
				entries = append(entries, r.Name+"="+v.Name)
			}
		}
	}
	return strings.Join(entries, ",")
}
