package check

import (
	"regexp"
	"slices"
	"unicode/utf8"
)

// A rule is a schema of the contract, compiled: references followed, patterns ready, demands in words. Rules are
// never written after loading.
type rule struct {
	kinds    kind // what a value may be; 0: anything
	nullable bool // null will do, whatever the rest says
	expected string

	words   *words
	low     *bound
	high    *bound
	integer bool
	bits    int // 32 or 64 for an integer of that format, else 0

	format  *Format
	should  *Format // the form that it should have beyond that; reported if Options.Should asks for it
	pattern *regexp.Regexp
	length  span // of a string in characters, or an array in items, or an object in members
	items   *rule

	members  map[string]member
	required []need
	others   *rule // what members without a rule must be, if anything
	closed   bool  // there may be none

	all    []*rule // allOf
	choice *choice // oneOf or anyOf
}

// A member is a property that the contract knows of an object.
type member struct {
	index int   // of its own among the members of the rule
	rule  *rule // nil if it is only required
}

// A need is a required member.
type need struct {
	name     string
	index    int
	expected string
}

// A bound limits a number.
type bound struct {
	value     float64
	exclusive bool
}

// A span limits a length; most < 0 is no limit.
type span struct{ least, most int }

func (s span) holds(n int) bool { return n >= s.least && (s.most < 0 || n <= s.most) }

// words are the values of an enumeration.
type words struct {
	texts   []string
	numbers []float64
	yes, no bool
	null    bool
}

// admits tells whether the value at node i is of the right kind and within the rule's own bounds; what is inside of it,
// and the rule's parts, are judged by themselves.
func (r *rule) admits(j *judge, i int) bool {
	n := j.tape[i]
	if n.kind == null {
		// Without a type there is nothing that null would break: OpenAPI 3.0.3 has `nullable` only beside `type`.
		return r.nullable || r.kinds == 0 && (r.words == nil || r.words.null)
	}
	if r.kinds != 0 && n.kind&r.kinds == 0 {
		return false
	}
	if r.words != nil && !r.words.have(j, i) {
		return false
	}
	switch n.kind {
	case number:
		return r.admitsNumber(j.src[n.start:n.end])
	case text:
		return r.admitsText(j, i)
	case array, object:
		return !r.sized(n.kind) || r.length.holds(j.size(i))
	}
	return true
}

// sized tells whether the rule bounds the number of things in an array or object.
func (r *rule) sized(k kind) bool {
	return k&r.kinds != 0 && (r.length.least > 0 || r.length.most >= 0)
}

func (r *rule) admitsNumber(literal string) bool {
	if r.integer && !whole(literal) {
		return false
	}
	if r.low == nil && r.high == nil && r.bits == 0 {
		return true
	}
	v := float(literal)
	if r.low != nil && (v < r.low.value || r.low.exclusive && v == r.low.value) {
		return false
	}
	if r.high != nil && (v > r.high.value || r.high.exclusive && v == r.high.value) {
		return false
	}
	return r.bits == 0 || inBits(literal, r.bits)
}

func (r *rule) admitsText(j *judge, i int) bool {
	if r.format == nil && r.pattern == nil && !r.sized(text) {
		return true
	}
	s := j.text(i)
	return (!r.sized(text) || r.length.holds(utf8.RuneCountInString(s))) &&
		(r.pattern == nil || r.pattern.MatchString(s)) &&
		(r.format == nil || r.format.Valid(s))
}

func (w *words) have(j *judge, i int) bool {
	n := j.tape[i]
	switch n.kind {
	case boolean:
		return j.src[n.start] == 't' && w.yes || j.src[n.start] == 'f' && w.no
	case number:
		return slices.Contains(w.numbers, float(j.src[n.start:n.end]))
	case text:
		return slices.Contains(w.texts, j.text(i))
	}
	return false
}

// wants tells whether a value of kind k could pass, which settles what a text from a query or a form stands for.
func (r *rule) wants(k kind) bool {
	if r == nil {
		return false
	}
	if r.kinds&k != 0 {
		return true
	}
	wanted := func(part *rule) bool { return part.wants(k) }
	return slices.ContainsFunc(r.all, wanted) || r.choice != nil && slices.ContainsFunc(r.choice.branches, wanted)
}
