package check

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// A judge holds one message while it is judged: its text, the tape it was parsed to, and where on the way it is.
// Judges are pooled, so that a stream of messages is judged in the memory of one.
type judge struct {
	src  string
	tape []node
	at   int // the parser's place in src
	// clean: all of src is UTF-8, so that no single text needs looking at
	clean bool

	path  path
	found []Violation

	words  map[string]struct{} // of the contract's enumerations, in lower case
	show   func(name string) bool
	should bool
}

var judges = sync.Pool{New: func() any { return new(judge) }}

func newJudge(words map[string]struct{}, o Options) *judge {
	j := judges.Get().(*judge)
	j.words, j.show, j.should = words, o.Show, o.Should
	return j
}

// keptNodes is the largest tape worth keeping for the next message: one of some 100 KB.
const keptNodes = 1 << 13

// done gives the judge back and returns what it found.
func (j *judge) done() []Violation {
	found, tape, steps := j.found, j.tape[:0], j.path.steps[:0]
	if cap(tape) > keptNodes {
		tape = nil
	}
	clear(steps[:cap(steps)]) // names keep whole messages alive
	*j = judge{tape: tape, path: path{steps: steps}}
	judges.Put(j)
	return found
}

// report notes a violation where the judge is.
func (j *judge) report(expected, seen string) {
	if len(j.found) < MaxViolations {
		j.found = append(j.found, Violation{Place: j.path.place(), Field: j.path.field(), Expected: expected, Seen: seen})
	}
}

// advise notes a value that is not of the form that it should have.
func (j *judge) advise(i int, r *rule) {
	if before := len(j.found); j.tape[i].kind == text && !r.should.Valid(j.text(i)) {
		j.report(r.should.Expected, j.seen(i))
		for k := range j.found[before:] {
			j.found[before+k].Should = true
		}
	}
}

// reportAt notes a violation beside the body: "status", "header.Content-Type".
func (j *judge) reportAt(place, expected, seen string) {
	before := j.path.root
	j.path.root = place
	j.report(expected, seen)
	j.path.root = before
}

// seen says in words what stands at node i, keeping the message's own text out.
func (j *judge) seen(i int) string {
	n := j.tape[i]
	switch n.kind {
	case null:
		return "null"
	case boolean:
		return j.src[n.start:n.end]
	case number:
		if j.shows() {
			return "number " + short(j.src[n.start:n.end])
		}
		return "number"
	case array:
		return "array of " + count(j.size(i), "item")
	case object:
		return "object"
	}
	text := j.text(i)
	if _, ours := j.words[strings.ToLower(text)]; ours || text != "" && j.shows() {
		return "string " + strconv.Quote(short(text))
	}
	if text == "" {
		return "empty string"
	}
	return "string of " + count(utf8.RuneCountInString(text), "character")
}

func (j *judge) shows() bool { return j.show != nil && j.show(j.path.name()) }

// size counts the items of an array or the members of an object.
func (j *judge) size(i int) int {
	n := 0
	for k := i + 1; k < j.tape[i].next; k = j.tape[k].next {
		n++
	}
	if j.tape[i].kind == object {
		n /= 2
	}
	return n
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// short keeps a shown value to one line of a report.
func short(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}
