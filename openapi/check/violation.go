package check

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxViolations bounds what one message yields: a page of a million wrong items says no more after the first thousand.
const MaxViolations = 1000

// A Violation is one place where a message is not what the contract says.
type Violation struct {
	// Place is a JSON pointer (RFC 6901) into the body, and "" for the whole body. Beside the body it is "status",
	// "method", "operation", or the kind and name of a parameter: "header.Retry-After", "query.per_page", "path.uuid".
	// What is missing is its own place: "/0/chat_user/name", not the object that lacks it. Names are those of the message,
	// also where no schema knows them; only very long ones are cut.
	Place string `json:"place"`
	// Field is Place as requirements name it, array indexes dropped and dots between: "chat_user.name".
	Field string `json:"field"`
	// Expected is the contract's demand in words: "a string or null", "one of ai, human", "an RFC 3339 timestamp".
	Expected string `json:"expected"`
	// Seen is what stood there in words: "missing", "null", "number", "string of 12 characters". It repeats nothing of
	// the message, unless that is a word of the contract's enumerations or Options.Show lets it.
	Seen string `json:"seen"`
	// Should: what is broken is the schema's x-should-format, which is no more than a SHOULD.
	Should bool `json:"should,omitempty"`
}

// String is one line for a person: "chat_user.name: expected a string or null, came number".
func (v Violation) String() string {
	place := v.Place
	if place == "" {
		place = "the body"
	}
	return fmt.Sprintf("%s: expected %s, came %s", place, v.Expected, v.Seen)
}

// ExpectedThere is Expected with its place: "a string or null at /0/name".
func (v Violation) ExpectedThere() string {
	if v.Place == "" {
		return v.Expected
	}
	return v.Expected + " at " + v.Place
}

// A path is the way from the top of a message to where judging has got to. It is kept as steps, and spelt out only
// for a violation, because most messages have none.
type path struct {
	root  string // "" for the body, else a place beside it: "query.per_page"
	steps []step
}

// A step goes into an object by name, or into an array by index.
type step struct {
	name  string
	index int // -1 for a step by name
}

func (p *path) into(name string) { p.steps = append(p.steps, step{name, -1}) }
func (p *path) item(index int)   { p.steps = append(p.steps, step{index: index}) }
func (p *path) back()            { p.steps = p.steps[:len(p.steps)-1] }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (p *path) place() string {
	var b strings.Builder
	b.WriteString(p.root)
	for _, s := range p.steps {
		b.WriteByte('/')
		if s.index >= 0 {
			b.WriteString(strconv.Itoa(s.index))
			continue
		}
		_, _ = pointerEscapes.WriteString(&b, s.label())
	}
	return b.String()
}

func (p *path) field() string {
	var b strings.Builder
	b.WriteString(p.root)
	for _, s := range p.steps {
		if s.index >= 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.label())
	}
	return b.String()
}

// name is that of the field where the path has got to: for an array's item, the array's.
func (p *path) name() string {
	for i := len(p.steps) - 1; i >= 0; i-- {
		if p.steps[i].index < 0 {
			return p.steps[i].name
		}
	}
	return p.root[strings.LastIndexByte(p.root, '.')+1:]
}

// label is the name as a report can print it; one that no document knows may be anything, and of any length.
func (s step) label() string { return strings.ToValidUTF8(short(s.name), "\uFFFD") }
