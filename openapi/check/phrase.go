package check

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const anything = "any JSON value"

// phrase is what r demands of a value, in words and with an article. What is demanded inside of the value has phrases
// of its own.
func (r *rule) phrase() string {
	said := r.demand()
	if said == anything || strings.HasSuffix(said, "null") || !r.nullable {
		return said
	}
	if said == "true or false" {
		return "true, false or null"
	}
	return said + " or null"
}

func (r *rule) demand() string {
	switch {
	case r.words != nil:
		return r.words.phrase()
	case r.kinds == text:
		return r.textPhrase()
	case r.kinds == number:
		return r.numberPhrase()
	case r.kinds == boolean:
		return "true or false"
	case r.kinds == array:
		return "an array" + r.length.phrase("item")
	case r.kinds == object:
		return "an object" + r.length.phrase("member")
	case r.choice != nil:
		return oneOf(r.choice.branches)
	}
	for _, part := range r.all {
		if said := part.phrase(); said != anything {
			return said
		}
	}
	return anything
}

func oneOf(branches []*rule) string {
	var said []string
	for _, branch := range branches {
		if s := branch.phrase(); !slices.Contains(said, s) {
			said = append(said, s)
		}
	}
	return strings.Join(said, " or ")
}

func (r *rule) textPhrase() string {
	said := "a string" + r.length.phrase("character")
	if r.length == (span{1, -1}) {
		said = "a non-empty string"
	}
	if r.format != nil {
		said = r.format.Expected
		if r.length != (span{0, -1}) {
			said += r.length.phrase("character")
		}
	}
	if r.pattern != nil {
		said += " that matches " + r.pattern.String()
	}
	return said
}

func (r *rule) numberPhrase() string {
	said := "a number"
	if r.integer {
		said = "an integer"
	}
	if r.bits != 0 {
		said += fmt.Sprintf(" of %d bits", r.bits)
	}
	if r.low != nil && r.high != nil && !r.low.exclusive && !r.high.exclusive {
		return said + " from " + decimal(r.low.value) + " to " + decimal(r.high.value)
	}
	var limits []string
	if r.low != nil {
		limits = append(limits, pick(r.low.exclusive, "above ", "of at least ")+decimal(r.low.value))
	}
	if r.high != nil {
		limits = append(limits, pick(r.high.exclusive, "below ", "of at most ")+decimal(r.high.value))
	}
	if len(limits) == 0 {
		return said
	}
	return said + " " + strings.Join(limits, " and ")
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// phrase is " of 1 to 255 characters", or nothing for a span without limits.
func (s span) phrase(noun string) string {
	switch {
	case s.most < 0 && s.least == 0:
		return ""
	case s.most < 0:
		return " of at least " + count(s.least, noun)
	case s.least == 0:
		return " of at most " + count(s.most, noun)
	case s.least == s.most:
		return " of " + count(s.most, noun)
	}
	return fmt.Sprintf(" of %d to %s", s.least, count(s.most, noun))
}

// phrase is "one of ai, human or null", or the one value there is.
func (w *words) phrase() string {
	said := slices.Clone(w.texts)
	for _, n := range w.numbers {
		said = append(said, decimal(n))
	}
	if w.yes {
		said = append(said, "true")
	}
	if w.no {
		said = append(said, "false")
	}
	all := strings.Join(said, ", ")
	if len(said) == 1 && len(w.texts) == 1 {
		all = strconv.Quote(all)
	} else if len(said) > 1 {
		all = "one of " + all
	}
	switch {
	case !w.null:
		return all
	case all == "":
		return "null"
	}
	return all + " or null"
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// spell puts into words what r demands of its members and branches, once all rules have their phrases.
func (r *rule) spell() {
	for i, need := range r.required {
		r.required[i].expected = r.phraseOf(need.name)
	}
	parts := r.all
	if r.choice != nil {
		parts = slices.Concat(r.all, r.choice.branches)
	}
	for _, part := range parts {
		for i, need := range part.required {
			if need.expected == anything {
				part.required[i].expected = r.phraseOf(need.name)
			}
		}
	}
	if r.choice == nil {
		return
	}
	r.choice.expected = oneOf(r.choice.branches)
	tags := words{texts: slices.Sorted(maps.Keys(r.choice.tagged))}
	r.choice.tagWant = tags.phrase()
}

// phraseOf is what r, or else one of its parts, demands of a member: one part of an allOf, or a branch, often requires what
// another describes.
func (r *rule) phraseOf(name string) string {
	if m := r.members[name].rule; m != nil {
		return m.expected
	}
	for _, part := range r.all {
		if said := part.phraseOf(name); said != anything {
			return said
		}
	}
	return anything
}
