package proof

import (
	"regexp"
	"strings"
)

// Where a line stands, as far as mutations need to know.
type place string

const (
	prose   place = "prose"
	example place = "example" // within JSON, also that of a curl command
	command place = "command" // of a curl command, without its JSON
	row     place = "row"     // of a table
	header  place = "header"  // of a table
	listing place = "listing" // the table of contents
	message place = "message" // a message that a scenario composes, which the API never sees
	pitch   place = "pitch"   // what something is good for
)

// A line of a document.
type line struct {
	text   string
	start  int // of the text, in bytes
	number int // from 1
	place  place
	header string // of a row
	nested int    // brackets open before it, in an example
}

func (l line) end() int { return l.start + len(l.text) }

var (
	gluedHeader = regexp.MustCompile(`^(ParameterType|ParameterValue|EndpointURL|ScopeDescription|CodeStatus|Field TypeFormat|Module Name|RPC Name)`)
	gluedCell   = regexp.MustCompile(`[a-z][A-Z]`) // where a name ends and a description begins
	messages    = regexp.MustCompile(`^Example \w+ Message$`)
	pitches     = regexp.MustCompile(`^(Benefits|Goal|Pro Tips|Make Use Cases)$`)
	contents    = regexp.MustCompile(`(?i)^on this page$`)
)

// linesOf splits a document into lines and says where each stands.
func linesOf(text string) []line {
	var lines []line
	s := &splitter{}
	at := 0
	for i, raw := range strings.SplitAfter(text, "\n") {
		l := line{text: strings.TrimRight(raw, "\r\n"), start: at, number: i + 1, nested: s.depth}
		l.place, l.header = s.next(l.text)
		lines = append(lines, l)
		at += len(raw)
	}
	return lines
}

type splitter struct {
	depth       int // of brackets
	inCommand   bool
	tableHeader string
	listing     bool
	message     bool
	pitch       bool
}

func (s *splitter) next(text string) (place, string) {
	trimmed := strings.TrimSpace(text)
	switch {
	case s.listing || contents.MatchString(trimmed):
		s.listing = true
		return listing, ""
	case s.depth > 0:
		s.depth += brackets(text)
		return example, ""
	case strings.HasPrefix(trimmed, "curl "), s.inCommand:
		s.inCommand = strings.HasSuffix(trimmed, `\`)
		s.depth = max(0, brackets(afterData(text)))
		return command, ""
	case (strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[")) && !strings.HasPrefix(trimmed, "{{"):
		s.depth = max(0, brackets(text))
		return example, ""
	case trimmed == "":
		s.tableHeader = ""
		return prose, ""
	case pitches.MatchString(trimmed):
		s.pitch = true
	case s.pitch && strings.HasPrefix(trimmed, "•"):
		return pitch, ""
	case gluedHeader.MatchString(trimmed), s.tableHeader == "" && strings.Count(trimmed, " | ") >= 1:
		s.tableHeader = trimmed
		return header, ""
	case s.tableHeader != "" && (gluedHeader.MatchString(s.tableHeader) || strings.Contains(trimmed, "|")):
		return row, s.tableHeader
	case messages.MatchString(trimmed):
		s.message = true
	case strings.HasPrefix(trimmed, "Scenario "):
		s.message = false
	}
	s.tableHeader, s.pitch = "", pitches.MatchString(trimmed)
	if s.message {
		return message, ""
	}
	return prose, ""
}

// afterData is what stands behind -d ' of a curl command.
func afterData(text string) string {
	_, data, _ := strings.Cut(text, "-d '")
	return data
}

// brackets counts those that open, less those that close, outside of strings.
func brackets(text string) int {
	n, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			n++
		case c == '}' || c == ']':
			n--
		}
	}
	return n
}

// said tells whether sentences stand there.
func (p place) said() bool { return p == prose || p == pitch }
