package document

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// What one JSON block may hold. An example that a person reads is far below; what is above is no example.
const (
	maxJSONDepth  = 128
	maxJSONValues = 100_000
)

// readJSON reads one JSON value and nothing after it but white space, as RFC 8259 has it: no comments, no trailing
// commas. Unlike encoding/json it keeps order, repeated members and lines; line is that of the text's first byte.
func readJSON(text string, line int) (*Value, error) {
	r := &jsonReader{text: text, line: line}
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if r.space(); r.at < len(text) {
		return nil, r.expected("nothing after the JSON value")
	}
	return v, nil
}

type jsonReader struct {
	text   string
	at     int
	line   int
	values int
}

func (r *jsonReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		default:
			return
		}
		r.at++
	}
}

// peek is the next byte that is no white space, 0 at the end.
func (r *jsonReader) peek() byte {
	if r.space(); r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

func (r *jsonReader) expected(what string) error {
	if r.at >= len(r.text) {
		return fmt.Errorf("line %d: expected %s, but the JSON ends", r.line, what)
	}
	rest := r.text[r.at:]
	if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
		rest = rest[:end]
	}
	if runes := []rune(rest[:min(len(rest), 80)]); len(runes) > 20 {
		rest = string(runes[:20]) + "…"
	}
	return fmt.Errorf("line %d: expected %s, not %s", r.line, what, rest)
}

func (r *jsonReader) value(depth int) (*Value, error) {
	if depth > maxJSONDepth {
		return nil, fmt.Errorf("line %d: more than %d levels of JSON", r.line, maxJSONDepth)
	}
	if r.values++; r.values > maxJSONValues {
		return nil, fmt.Errorf("line %d: more than %d JSON values in one block", r.line, maxJSONValues)
	}
	next := r.peek()
	v := &Value{Line: r.line}
	switch {
	case next == '{':
		v.Kind = "object"
		return v, r.members(v, depth)
	case next == '[':
		v.Kind = "array"
		return v, r.items(v, depth)
	case next == '"':
		v.Kind = "string"
		text, err := r.str()
		v.Text = text
		return v, err
	case next == '-' || next >= '0' && next <= '9':
		v.Kind = "number"
		text, err := r.number()
		v.Text = text
		return v, err
	}
	for word, kind := range map[string]string{"true": "boolean", "false": "boolean", "null": "null"} {
		if strings.HasPrefix(r.text[r.at:], word) && !isWordByte(r.text, r.at+len(word)) {
			r.at += len(word)
			v.Kind = kind
			if kind == "boolean" {
				v.Text = word
			}
			return v, nil
		}
	}
	return nil, r.expected("a JSON value")
}

func isWordByte(text string, at int) bool {
	if at >= len(text) {
		return false
	}
	c := text[at]
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func (r *jsonReader) members(v *Value, depth int) error {
	r.at++
	if r.peek() == '}' {
		r.at++
		return nil
	}
	for {
		if r.peek() != '"' {
			return r.expected("a member's name in double quotes")
		}
		line := r.line
		name, err := r.str()
		if err != nil {
			return err
		}
		if r.peek() != ':' {
			return r.expected(fmt.Sprintf("a colon after %q", name))
		}
		r.at++
		member, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		// A member stands where its name does, also when its value begins on the next line.
		member.Name, member.Line = name, line
		v.Members = append(v.Members, member)
		switch r.peek() {
		case ',':
			r.at++
		case '}':
			r.at++
			return nil
		default:
			return r.expected("a comma or } after a member")
		}
	}
}

func (r *jsonReader) items(v *Value, depth int) error {
	r.at++
	if r.peek() == ']' {
		r.at++
		return nil
	}
	for {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, item)
		switch r.peek() {
		case ',':
			r.at++
		case ']':
			r.at++
			return nil
		default:
			return r.expected("a comma or ] after an item")
		}
	}
}

func (r *jsonReader) str() (string, error) {
	begin := r.at
	for r.at++; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			var text string
			if err := json.Unmarshal([]byte(r.text[begin:r.at]), &text); err != nil {
				r.at = begin
				return "", r.expected("a JSON string")
			}
			return text, nil
		case c == '\\':
			r.at++
		case c < 0x20:
			r.at = begin
			return "", r.expected("a string that ends on its line")
		}
	}
	r.at = begin
	return "", r.expected("a string with a closing quote")
}

func (r *jsonReader) number() (string, error) {
	begin := r.at
	for r.at < len(r.text) && (isWordByte(r.text, r.at) || strings.IndexByte("+-.", r.text[r.at]) >= 0) {
		r.at++
	}
	text := r.text[begin:r.at]
	if !json.Valid([]byte(text)) {
		r.at = begin
		return "", r.expected("a JSON number")
	}
	return text, nil
}

// moveLines gives a value and what it holds other lines.
func (v *Value) moveLines(to func(line int) int) {
	if v == nil {
		return
	}
	v.Line = to(v.Line)
	for _, m := range v.Members {
		m.moveLines(to)
	}
	for _, i := range v.Items {
		i.moveLines(to)
	}
}
