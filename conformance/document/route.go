package document

import (
	"net/url"
	"slices"
	"strings"
)

// A mention is where the document names an endpoint: in an endpoint line, a table, a command or a sentence.
type mention struct {
	method string // "" where none stands beside it
	path   string // as written, without origin and query
	origin string // "https://api.assistloop.ai" of a URL
	query  string
	short  bool // it may leave out the beginning, as tables do: "POST /reply"
}

// A route is the operation that a mention names.
type route struct {
	subject *subject
	base    string            // what stands before the operation's path: "/v1"
	params  map[string]string // what stands in the places of the path's parameters, by their names in the contract
	method  bool              // the operation's method, or none beside it
}

// mentionOf reads a URL or a path.
func mentionOf(method, target string) mention {
	m := mention{method: strings.ToUpper(method), path: target}
	if scheme, rest, found := strings.Cut(target, "://"); found {
		host, path, _ := strings.Cut(rest, "/")
		m.origin, m.path = scheme+"://"+host, "/"+path
	}
	m.path, _, _ = strings.Cut(m.path, "#{{") // a template, whose braces stay; it is malformed, and found to be so elsewhere
	if len(m.path) < len(target) && strings.Contains(target, "#{{") {
		m.path = target[strings.Index(target, "/"):]
	}
	m.path, m.query, _ = strings.Cut(m.path, "?")
	m.path = strings.TrimSuffix(m.path, "/")
	return m
}

// malformed tells what is wrong with a path as such, "" for nothing.
func malformed(path string) string {
	depth := 0
	for _, r := range path {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		case '#', ' ':
			return "a " + map[rune]string{'#': "#", ' ': "space"}[r] + " in it"
		}
		if depth < 0 || depth > 2 {
			return "braces that do not match"
		}
	}
	switch {
	case depth != 0:
		return "braces that do not match"
	case strings.Contains(path, "//"):
		return "an empty segment"
	}
	return ""
}

// route finds the operation that m names. Of two with one path, that with the method; of any other method, only where
// no operation has it.
func (c *Contract) route(m mention) (route, bool) {
	var best route
	found := false
	for _, s := range c.subjects {
		if s.operation == nil {
			continue
		}
		base, params, ok := s.takes(m)
		if !ok || m.short && base != "" && !slices.Contains(c.basePaths(), base) {
			continue
		}
		r := route{s, base, params, m.method == "" || m.method == s.operation.Method}
		better := !found || r.method && !best.method
		if found && r.method == best.method { // the one with fewer parameters in it is meant
			better = len(r.base) < len(best.base) || len(r.base) == len(best.base) && len(params) < len(best.params)
		}
		if better {
			best, found = r, true
		}
	}
	return best, found
}

// takes tells whether m's path ends with the operation's, what stands before it, and what in place of its parameters.
func (s *subject) takes(m mention) (base string, params map[string]string, ok bool) {
	ours, theirs := segments(s.operation.Path), segments(m.path)
	if len(theirs) < len(ours) {
		return "", nil, false
	}
	params = map[string]string{}
	before := theirs[:len(theirs)-len(ours)]
	for i, segment := range theirs[len(before):] {
		name, variable := placeholder(ours[i])
		_, shown := placeholder(segment)
		switch {
		case variable && segment == "", !variable && segment != ours[i], shown && !variable:
			return "", nil, false
		case variable:
			params[name] = unescaped(segment)
		}
	}
	if len(before) > 0 {
		base = "/" + strings.Join(before, "/")
	}
	return base, params, true
}

func unescaped(segment string) string {
	if text, err := url.PathUnescape(segment); err == nil {
		return text
	}
	return segment
}

// abbreviated finds the operation of which m shows only how its path ends, as tables do: what stands behind the last
// parameter. What leaves out less, or more, is another path.
func (c *Contract) abbreviated(m mention) (route, bool) {
	theirs := segments(m.path)
	var best route
	found := false
	for _, s := range c.subjects {
		if s.operation == nil || s.operation.Reference {
			continue
		}
		ours := segments(s.operation.Path)
		if len(theirs) == 0 || len(theirs) > len(ours) || !ends(ours, theirs) || !behindParameter(ours, len(ours)-len(theirs)) {
			continue
		}
		r := route{subject: s, method: m.method == "" || m.method == s.operation.Method}
		if !found || r.method && !best.method {
			best, found = r, true
		}
	}
	return best, found
}

func behindParameter(path []string, at int) bool {
	if at == 0 {
		return true
	}
	_, variable := placeholder(path[at-1])
	return variable
}

func ends(ours, theirs []string) bool {
	for i, segment := range theirs {
		our := ours[len(ours)-len(theirs)+i]
		_, variable := placeholder(our)
		_, shown := placeholder(segment)
		if variable != shown || !variable && our != segment {
			return false
		}
	}
	return true
}

// closest finds the operation that a mention of none was likely to mean: most of its path is the same.
func (c *Contract) closest(m mention) *subject {
	var best *subject
	most := 0
	theirs := segments(m.path)
	for _, s := range c.subjects {
		if s.operation == nil || s.operation.Reference {
			continue
		}
		ours := segments(s.operation.Path)
		score := 0
		for i := 0; i < min(len(ours), len(theirs)); i++ {
			score += likeness(ours[len(ours)-1-i], theirs[len(theirs)-1-i])
		}
		score = score*4 - 3*max(len(ours)-len(theirs), len(theirs)-len(ours))
		if m.method == s.operation.Method {
			score++
		}
		if score > most && score >= 4*len(theirs) {
			best, most = s, score
		}
	}
	return best
}

// likeness: 3 for a segment that is the same word, 2 for one that is nearly the same or a parameter that took its place.
func likeness(our, their string) int {
	_, variable := placeholder(our)
	switch _, shown := placeholder(their); {
	case our == their:
		return 3
	case variable:
		if shown {
			return 2
		}
		return 1
	case nearest(their, []string{our}) != "":
		return 2
	}
	return 0
}

func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// placeholder is the name of a segment that stands for a parameter.
func placeholder(segment string) (string, bool) {
	if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
		return strings.Trim(segment, "{}"), true
	}
	if strings.HasPrefix(segment, ":") && len(segment) > 1 {
		return segment[1:], true
	}
	return "", false
}

// basePath is the path of the documented base URL.
func (c *Contract) basePath() string {
	if len(c.servers) == 0 {
		return ""
	}
	return mentionOf("", c.servers[0]).path
}

// basePaths are those of all base URLs.
func (c *Contract) basePaths() []string {
	var paths []string
	for _, server := range c.servers {
		paths = append(paths, mentionOf("", server).path)
	}
	return paths
}

// origin is that of the documented base URL.
func (c *Contract) origin() string {
	if len(c.servers) == 0 {
		return ""
	}
	return mentionOf("", c.servers[0]).origin
}
