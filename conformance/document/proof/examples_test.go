package proof

import (
	"fmt"
	"regexp"
	"strings"
)

// A member of an object in an example, by its places in the whole text.
type member struct {
	name             string
	within           string // the nearest member that it stands in, "" for none
	nameFrom, nameTo int
	from, to         int    // of the value
	kind             string // of the value
	dropFrom, dropTo int    // the member, with the comma that goes with it
}

// examples changes the members of every JSON example: renamed, written otherwise, left out, of another type, null,
// another enumeration value, twice.
func examples(text string, lines []line) []mutation {
	var all []mutation
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		opens := l.place == example && l.nested == 0 || l.place == command && strings.Contains(l.text, "-d '{")
		if !opens {
			continue
		}
		from := l.start + strings.IndexAny(l.text, "{[")
		if l.place == command {
			from = l.start + strings.Index(l.text, "-d '{") + len("-d '")
		}
		j := &jsonScanner{text: text, at: from}
		j.value()
		for _, m := range j.members {
			all = append(all, m.mutations(text, lines)...)
		}
	}
	return all
}

// jsonScanner finds the members of a JSON value. It takes for granted that it is one, as published.
type jsonScanner struct {
	text    string
	at      int
	within  string
	members []member
}

func (j *jsonScanner) space() {
	for j.at < len(j.text) && strings.IndexByte(" \t\r\n", j.text[j.at]) >= 0 {
		j.at++
	}
}

func (j *jsonScanner) value() (kind string) {
	j.space()
	switch c := j.text[j.at]; c {
	case '{':
		j.object()
		return "object"
	case '[':
		j.at++
		for {
			j.space()
			if j.text[j.at] == ']' {
				j.at++
				return "array"
			}
			if j.text[j.at] == ',' {
				j.at++
			}
			j.value()
		}
	case '"':
		j.quoted()
		return "string"
	default:
		from := j.at
		for strings.IndexByte(",]} \t\r\n'", j.text[j.at]) < 0 {
			j.at++
		}
		switch word := j.text[from:j.at]; word {
		case "null":
			return "null"
		case "true", "false":
			return "boolean"
		}
		return "number"
	}
}

func (j *jsonScanner) quoted() {
	for j.at++; j.text[j.at] != '"'; j.at++ {
		if j.text[j.at] == '\\' {
			j.at++
		}
	}
	j.at++
}

func (j *jsonScanner) object() {
	j.at++
	before := j.at // behind the brace or the last value
	for first := true; ; first = false {
		j.space()
		if j.text[j.at] == '}' {
			j.at++
			return
		}
		if !first {
			j.at++ // the comma
			j.space()
		}
		m := member{nameFrom: j.at + 1}
		j.quoted()
		m.nameTo = j.at - 1
		m.name = j.text[m.nameFrom:m.nameTo]
		j.space()
		j.at++ // the colon
		j.space()
		m.from, m.within = j.at, j.within
		j.within = m.name
		m.kind = j.value()
		j.within = m.within
		m.to = j.at
		m.dropFrom, m.dropTo = before, m.to
		if first {
			j.space()
			if j.text[j.at] == ',' {
				m.dropTo = j.at + 1
			}
		}
		j.at = m.to
		before = m.to
		j.members = append(j.members, m)
	}
}

var wireValue = regexp.MustCompile(`^"(?:[a-z]+(?:_[a-z]+)*|[A-Z]+(?:_[A-Z]+)*)"$`)

func (m member) mutations(text string, lines []line) []mutation {
	value := text[m.from:m.to]
	l := lineAt(lines, m.nameFrom)
	var all []mutation
	add := func(class, what string, from, to int, with string) {
		all = append(all, mutation{class: class, from: from, to: to, text: with, line: l, what: fmt.Sprintf("%q %s", m.name, what), value: value, member: m})
	}
	add("renamed", "renamed", m.nameFrom, m.nameTo, m.name+"_old")
	if other := renamed(m.name, 0); other != m.name && other != "other_"+m.name {
		add("renamed", "written as "+other, m.nameFrom, m.nameTo, other)
	}
	if len(m.name) > 3 {
		add("renamed", "mistyped as "+typo(m.name), m.nameFrom, m.nameTo, typo(m.name))
	}
	add("dropped", "dropped", m.dropFrom, m.dropTo, "")
	add("twice", "twice", m.nameFrom-1, m.nameFrom-1, fmt.Sprintf("%q: %s, ", m.name, value))
	other := map[string]string{"string": "12345", "number": `"text"`, "boolean": `"yes"`, "null": "12345", "object": `"text"`, "array": `"text"`}[m.kind]
	add("retyped", "from "+m.kind+" to "+other, m.from, m.to, other)
	if m.kind != "null" {
		add("nulled", "null", m.from, m.to, "null")
	}
	if m.kind == "boolean" {
		add("retyped", "from boolean to 1", m.from, m.to, "1")
	}
	if m.kind == "number" {
		add("retyped", "from number to a string of it", m.from, m.to, `"`+value+`"`)
	}
	if wireValue.MatchString(value) {
		add("value", value+" → unheard-of", m.from, m.to, `"unheard-of"`)
		add("value", value+" mistyped", m.from, m.to, typo(value))
	}
	return all
}

func lineAt(lines []line, at int) line {
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].start <= at {
			return lines[i]
		}
	}
	return lines[0]
}
