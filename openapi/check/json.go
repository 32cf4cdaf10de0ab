package check

import (
	"fmt"
	"unicode/utf8"
)

// MaxDepth bounds how deeply a body may nest. The documented ones nest five deep.
const MaxDepth = 512

// kind is the kind of a JSON value; a rule's kinds are a set of them.
type kind uint8

const (
	null kind = 1 << iota
	boolean
	number
	text
	array
	object
)

// A node is one value, or one member's name, of a parsed message. The tape holds them in the order of the text: an
// array's node is followed by its items, an object's by name and value in turn.
type node struct {
	kind    kind
	escaped bool // a text with escapes: its value is not its bytes
	start   int  // of its bytes in the source, without the quotes
	end     int
	next    int // the first node behind this one and all that is in it
}

// read parses src onto the tape and says whether there is a value to judge. It is RFC 8259 and stricter than
// encoding/json where that hides something from the reader: a name twice in one object, bytes behind the value, bytes
// that are no UTF-8. Each is reported, and reading goes on where it can.
func (j *judge) read(src string) bool {
	j.src, j.at, j.tape, j.clean = src, 0, j.tape[:0], utf8.ValidString(src)
	steps := len(j.path.steps)
	j.space()
	if problem := j.value(0); problem != "" {
		j.path.steps = j.path.steps[:steps]
		j.report("JSON", fmt.Sprintf("malformed JSON: %s at byte %d", problem, j.at+1))
		return false
	}
	if j.space(); j.at < len(src) {
		j.report("one JSON value", "more behind it")
	}
	return true
}

func (j *judge) space() {
	for j.at < len(j.src) {
		switch j.src[j.at] {
		case ' ', '\t', '\n', '\r':
			j.at++
		default:
			return
		}
	}
}

// next is the byte at hand, 0 at the end.
func (j *judge) next() byte {
	if j.at < len(j.src) {
		return j.src[j.at]
	}
	return 0
}

// value reads one value; like all below it answers "", or the problem that stands at j.at.
func (j *judge) value(depth int) string {
	switch c := j.next(); {
	case depth == MaxDepth && (c == '{' || c == '['):
		return "nested too deeply"
	case c == '{':
		return j.members(depth)
	case c == '[':
		return j.items(depth)
	case c == '"':
		i := len(j.tape)
		problem := j.quoted()
		if problem == "" {
			j.utf8(i)
		}
		return problem
	case c == 't':
		return j.literal("true", boolean)
	case c == 'f':
		return j.literal("false", boolean)
	case c == 'n':
		return j.literal("null", null)
	case c == '-' || digit(c):
		return j.number()
	default:
		return "a value is missing"
	}
}

func (j *judge) push(k kind, start, end int) int {
	j.tape = append(j.tape, node{kind: k, start: start, end: end, next: len(j.tape) + 1})
	return len(j.tape) - 1
}

func (j *judge) close(i int) {
	j.at++
	j.tape[i].end, j.tape[i].next = j.at, len(j.tape)
}

func (j *judge) items(depth int) string {
	i := j.push(array, j.at, 0)
	j.at++
	if j.space(); j.next() == ']' {
		j.close(i)
		return ""
	}
	for n := 0; ; n++ {
		j.path.item(n)
		if problem := j.value(depth + 1); problem != "" {
			return problem
		}
		j.path.back()
		j.space()
		switch j.next() {
		case ',':
			j.at++
			j.space()
		case ']':
			j.close(i)
			return ""
		default:
			return "a comma or ] is missing"
		}
	}
}

func (j *judge) members(depth int) string {
	i := j.push(object, j.at, 0)
	before := names{judge: j, object: i}
	j.at++
	if j.space(); j.next() == '}' {
		j.close(i)
		return ""
	}
	for {
		if j.next() != '"' {
			return "a member's name is missing"
		}
		key := len(j.tape)
		j.path.into("")
		if problem := j.quoted(); problem != "" {
			return problem
		}
		j.path.steps[len(j.path.steps)-1].name = j.text(key)
		j.utf8(key)
		if before.repeat(key) {
			j.report("each name once in an object", "a second member of this name")
		}
		if j.space(); j.next() != ':' {
			return "a colon is missing"
		}
		j.at++
		j.space()
		if problem := j.value(depth + 1); problem != "" {
			return problem
		}
		j.path.back()
		j.space()
		switch j.next() {
		case ',':
			j.at++
			j.space()
		case '}':
			j.close(i)
			return ""
		default:
			return "a comma or } is missing"
		}
	}
}

// names finds a name that an object has already: by looking back in a small one, in a map once it has grown.
type names struct {
	*judge
	object int
	n      int
	many   map[string]struct{}
}

func (s *names) repeat(key int) bool {
	const few = 24
	name := s.text(key)
	if s.n++; s.n <= few {
		for k := s.object + 1; k < key; k = s.tape[k+1].next {
			if s.text(k) == name {
				return true
			}
		}
		return false
	}
	if s.many == nil {
		s.many = make(map[string]struct{}, 4*few)
		for k := s.object + 1; k < key; k = s.tape[k+1].next {
			s.many[s.text(k)] = struct{}{}
		}
	}
	_, known := s.many[name]
	s.many[name] = struct{}{}
	return known
}
