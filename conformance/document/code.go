package document

import (
	"fmt"
	"strings"
)

// maxCommand is the longest curl command, in lines. A quote that nobody closes must not swallow the rest of a document.
const maxCommand = 200

var (
	// A word after curl that an argument begins with tells a command from prose ("curl is a tool").
	commandStart = lazily(`^\s*(\$ +)?curl(\s+(-|["'$]|\S*[:/.])|\s*\\\s*$)`)
	// What follows the bracket tells JSON from a template ("{{ticket_id}}"), a path parameter or "[email protected]".
	jsonStart = lazily(`^\s*(\{\s*($|["}])|\[\s*($|[{["\]\d-]|true\b|false\b|null\b))`)
	// A line within JSON begins with one of these, also when the JSON is broken.
	jsonLine = lazily(`^\s*($|[{}\[\]",]|(-?\d[\d.eE+-]*|true|false|null)[\s,\]}]*$|\w+"\s*:|\w+\s*:\s*["\d{\[])`)
	// A bracket that closes what nothing opened.
	jsonStray = lazily(`^\s*[}\]][}\],\s]*$`)

	endpointLine = lazily(`^(?i:endpoint|route|path|request)\s*:\s*(?:([A-Za-z]+)\s+)?(\S*[/{]\S*)$`)
	// "HTTP request: GET /x"; without a method, such a label may tell of any address.
	labelledLine = lazily(`^(?i:(?:[a-z]+ ){0,2}(?:endpoint|route|path|request|url|operation))\s*:\s*((?i:get|post|put|patch|delete|head|options)\s+\S*/\S*)$`)
	methodLine   = lazily(`^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(\s+https?://\S+|\s*/\S*)(?:\s+HTTP/[\d.]+)?$`)
	// The header fields that documents show, and any that is spelled as one; "Note: text" is none of them.
	headerLine = lazily(`^(?i:authorization|content-type|accept|host|user-agent|retry-after|signature|idempotency-key|x-[\w-]+|webhook-[\w-]+|ratelimit-[\w-]+|[a-z]+(?:-[a-z]+)*-signature)\s*:\s+\S.*$`)
)

// opensJSON tells whether a text is meant as JSON.
func opensJSON(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	if text == "" || text[0] != '{' && text[0] != '[' {
		return false
	}
	first, _, _ := strings.Cut(text, "\n")
	return jsonStart().MatchString(first)
}

// opensCommand tells whether a text is meant as a curl command.
func opensCommand(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	if !strings.HasPrefix(text, "curl") && !strings.HasPrefix(text, "$") {
		return false
	}
	first, _, _ := strings.Cut(text, "\n")
	return commandStart().MatchString(first)
}

// isHeader tells whether a line is a header of a request or response.
func isHeader(line string) bool { return strings.Contains(line, ":") && headerLine().MatchString(line) }

// codeAt reads the JSON value, curl command or header lines that begin with a line, and gives the index of the line
// after them. It gives nil where none begins. lines[0] stands at line first of the document; bare is code that no
// fence shows, where a blank line ends a command.
func codeAt(lines []string, at, first int, bare bool) (*Code, int) {
	line := lines[at]
	trimmed := strings.TrimSpace(line)
	switch {
	case opensCommand(line):
		end := commandEnd(lines, at, bare)
		text := strings.Join(lines[at:end], "\n")
		if bare {
			// Spaces behind a backslash break a command; in text from a page they are an artefact.
			text = trailing().ReplaceAllString(text, "\n")
		}
		text = otherContinued().ReplaceAllString(text, " \\\n")
		code := &Code{}
		curl, err := readCurl(text, first+at)
		code.Curl = curl
		if err != nil {
			code.Broken = err.Error()
		}
		return code, end
	case opensJSON(line):
		return jsonAt(lines, at, first)
	case trimmed != "" && (trimmed[0] == '}' || trimmed[0] == ']') && jsonStray().MatchString(line):
		return &Code{Broken: expectedOpen(first + at)}, at + 1
	case isHeader(trimmed):
		code := &Code{}
		for ; at < len(lines) && isHeader(strings.TrimSpace(lines[at])); at++ {
			code.Header = append(code.Header, strings.TrimSpace(lines[at]))
		}
		return code, at
	}
	return nil, at
}

func jsonAt(lines []string, at, first int) (*Code, int) {
	end := jsonEnd(lines, at)
	v, err := readJSON(strings.Join(lines[at:end], "\n"), first+at)
	if err == nil {
		return &Code{JSON: v}, end
	}
	// "[1] A footnote" and "[string] text" begin as JSON does; a single line needs more to count as broken.
	if trimmed := strings.TrimSpace(lines[at]); end == at+1 && !strings.HasPrefix(trimmed, `{"`) && !strings.HasPrefix(trimmed, `[{`) {
		return nil, at
	}
	return &Code{Broken: err.Error()}, end
}

// jsonEnd is the line after the one that closes every bracket, or after the last that could be JSON.
func jsonEnd(lines []string, at int) int {
	depth, last := 0, at
	for i := at; i < len(lines); i++ {
		if i > at && !jsonLine().MatchString(lines[i]) {
			break
		}
		if strings.TrimSpace(lines[i]) != "" {
			last = i
		}
		if depth += brackets(lines[i]); depth <= 0 {
			return i + 1
		}
	}
	return last + 1
}

// brackets counts those that open less those that close, strings left out.
func brackets(line string) int {
	depth, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	return depth
}

// commandEnd is the line after the last of a command: where no quote is open and no backslash continues it. Lines that
// begin with an option belong to it as well, for whoever forgot the backslash.
func commandEnd(lines []string, at int, bare bool) int {
	var quote byte
	for i := at; i < len(lines) && i < at+maxCommand; i++ {
		line := lines[i]
		if bare {
			line = strings.TrimRight(line, " \t")
		}
		if bare && i > at && strings.TrimSpace(line) == "" {
			return i
		}
		continued := false
		for j := 0; j < len(line); j++ {
			switch c := line[j]; {
			case quote == '\'':
				if c == '\'' {
					quote = 0
				}
			case c == '\\':
				continued = j+1 == len(line)
				j++
			case quote == '"':
				if c == '"' {
					quote = 0
				}
			case c == '\'' || c == '"':
				quote = c
			}
		}
		option := i+1 < len(lines) && optionLine().MatchString(lines[i+1])
		if quote == 0 && !continued && !option {
			return i + 1
		}
	}
	return min(at+maxCommand, len(lines))
}

var trailing = lazily(`[ \t]+\n`)

// otherContinued is how the shells of Windows continue a line.
var otherContinued = lazily("[ \t]+[\\^`][ \t]*\n")

var optionLine = lazily(`^\s*(-[A-Za-z]|--[a-z][\w-]+)(\s|$)`)

func expectedOpen(line int) string {
	return fmt.Sprintf("line %d: a bracket closes what nothing opened", line)
}

// endpointOf reads a line as "Endpoint: POST /webhooks/subscribe" or "POST /webhooks/subscribe", nil for another.
func endpointOf(text string) *Endpoint {
	text = strings.TrimSpace(text)
	if len(text) > 1000 || !strings.ContainsAny(text, "/{") {
		return nil
	}
	if m := endpointLine().FindStringSubmatch(text); m != nil && !methodLine().MatchString(m[2]) {
		return &Endpoint{Method: m[1], Path: m[2]}
	} else if m != nil {
		text = m[2] // "GET/oauth/me", from a page that sets them apart by colour alone
	}
	if i := strings.IndexByte(text, ':'); i > 0 && i < 40 {
		if m := labelledLine().FindStringSubmatch(text); m != nil {
			text = m[1]
		}
	}
	if m := methodLine().FindStringSubmatch(text); m != nil {
		return &Endpoint{Method: m[1], Path: strings.TrimSpace(m[2])}
	}
	return nil
}
