package document

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi/check"
)

// endpoint judges a line as "Endpoint: POST /webhooks/subscribe".
func (p *proof) endpoint(s *part, block *Block) {
	e := block.Endpoint
	m := mentionOf(e.Method, e.Path)
	at := p.find(s.Section, block.Line, block.End, e.Path)
	subject := p.mentioned(m, at, s.subject)
	if subject == nil {
		return
	}
	if _, whole := p.route(m); !whole {
		p.drift("endpoint-drift", at, subject.id, "the endpoint line has "+m.path+" alone, the contract "+called(subject), m.path, called(subject))
	}
	if titled := p.titled(s.Heading); titled != nil && titled.operation != nil && !p.sameRoute(titled, subject) {
		p.drift("endpoint-drift", at, titled.id, "under this heading the contract has "+called(titled)+", here is "+called(subject),
			called(subject), called(titled))
	}
	if m.method == "" {
		p.drift("endpoint-drift", at, subject.id, "the endpoint has no method, the contract "+called(subject), e.Path, called(subject))
	}
}

func (p *proof) sameRoute(a, b *subject) bool {
	return b.operation != nil && a.operation.Path == b.operation.Path
}

func called(s *subject) string { return s.operation.Method + " " + s.operation.Path }

// mentioned judges any place that names an endpoint, and finds the operation. section is what the place is about.
func (p *proof) mentioned(m mention, at spot, section *subject) *subject {
	if wrong := malformed(m.path); wrong != "" {
		name := m.method + " " + m.path
		if near := p.closest(m); near != nil {
			name = near.id
		}
		p.contradiction("path-malformed", at, spot{}, name, "the path "+m.path+" is malformed: "+wrong, m.path, "")
		return nil
	}
	r, found := p.route(m)
	whole := found
	if !found && (m.short || m.origin == "") {
		if r, found = p.abbreviated(m); found && !m.short && len(segments(m.path)) < 2 {
			found = false
		}
	}
	if !found || m.method != "" && !r.method && section != nil && section.operation != nil && section != r.subject && section.operation.Method == m.method {
		p.unknownEndpoint(m, at, section)
		return nil
	}
	p.matched++
	p.own = p.own || len(segments(r.subject.operation.Path)) > 2 || m.origin != "" && m.origin == p.origin() ||
		m.origin == "" && r.method && m.method != ""
	if _, there := p.called[r.subject.id]; whole && !there { // the end of a path stands for it only beside the whole
		p.called[r.subject.id] = at
	}
	if !r.method {
		p.drift("method-drift", at, r.subject.id, "the document has "+m.method+", the contract "+r.subject.operation.Method,
			m.method, r.subject.operation.Method)
	}
	p.base(m, r, at)
	if whole {
		p.placeholders = append(p.placeholders, placed{r.subject, m.path, at})
	}
	p.says(r.subject.id, "endpoint", "path", r.subject.operation.Path, at)
	return r.subject
}

// A placed path is one whose parameters have names.
type placed struct {
	subject *subject
	path    string
	at      spot
}

// misnamed reports names of parameters in paths that are neither the contract's nor those of a table of the document: on the
// wire they are nowhere, and a publisher may spell them in several ways.
func (p *proof) misnamed() {
	for _, m := range p.placeholders {
		ours, theirs := segments(m.subject.operation.Path), segments(m.path)
		for i := 1; i <= min(len(ours), len(theirs)); i++ {
			our, _ := placeholder(ours[len(ours)-i])
			their, shown := placeholder(theirs[len(theirs)-i])
			if !shown || our == their || folded(our) == folded(their) && p.tabled[m.subject.id+" "+their] {
				continue
			}
			p.drift("path-parameter-drift", m.at, m.subject.id+" path "+our, "the path has {"+their+"}, the contract {"+our+"}", their, our)
		}
	}
}

func (p *proof) unknownEndpoint(m mention, at spot, section *subject) {
	near := p.closest(m)
	if near == nil && section != nil && section.operation != nil {
		near = section
	}
	subject, contract := strings.TrimSpace(m.method+" "+m.path), "no such endpoint"
	if near != nil {
		subject, contract = near.id, called(near)
	}
	p.drift("endpoint-drift", at, subject, fmt.Sprintf("the contract has no %s; %s", strings.TrimSpace(m.method+" "+m.path), orNearest(contract)),
		strings.TrimSpace(m.method+" "+m.path), contract)
}

func orNearest(contract string) string {
	if strings.HasPrefix(contract, "no ") {
		return "nothing in it is like this"
	}
	return "nearest is " + contract
}

// base judges what stands before an operation's path.
func (p *proof) base(m mention, r route, at spot) {
	expected := p.basePath()
	if r.subject.operation.AtRoot {
		expected = ""
	}
	if m.origin != "" && m.origin != p.origin() {
		p.drift("base-url-drift", at, r.subject.id, "the document has "+m.origin+", the contract "+p.origin(), m.origin, p.origin())
	}
	if m.origin == "" && r.base == "" || r.base == expected {
		return
	}
	base := r.base
	if base == "" {
		base = "/"
	}
	if !r.subject.operation.AtRoot && slices.Contains(p.basePaths(), r.base) {
		p.contradiction("base-path-conflict", at, p.baseAt, r.subject.id,
			"the base path is "+base+" here, and "+expected+" elsewhere", base, expected)
		return
	}
	p.drift("base-url-drift", at, r.subject.id, "the base path is "+base+", in the contract "+expected, base, expected)
}

// curl judges a command: what it calls, and with what.
func (p *proof) curl(s *part, block *Block) {
	c := block.Code.Curl
	m := mentionOf(c.Method, c.URL)
	at := p.find(s.Section, block.Line, block.End, m.path)
	subject := p.mentioned(m, at, s.subject)
	if subject == nil {
		return
	}
	if s.subject != nil && s.subject.operation != nil && s.subject != subject && (s.titled || plainTitle(s.Heading)) {
		p.drift("curl-drift", at, s.subject.id, "the command calls "+called(subject)+", the section is about "+called(s.subject),
			called(subject), called(s.subject))
	}
	r, _ := p.route(m)
	query, err := url.ParseQuery(m.query)
	if err != nil {
		p.drift("curl-drift", at, subject.id, "the command's query is malformed", m.query, "a query")
	}
	header := p.headers(s, block, subject, c.Header)
	if c.Body != "" && header.Get("Content-Type") == "" {
		header = nil // a finding says so already
	}
	request := check.Request{Method: m.method, Path: r.params, Query: query, Header: header}
	for _, v := range p.Checker.Request(subject.id, request, []byte(c.Body)) {
		if v.Place == "method" {
			continue // as above
		}
		where := p.requestSpot(s, block, v.Place)
		p.drift("curl-drift", where, subject.id+" "+v.Field,
			fmt.Sprintf("the command's %s: the contract has %s, here is %s", v.Field, v.Expected, v.Seen), v.Seen, v.Expected)
	}
	p.sent(s, block, subject, r, query)
}

// headers reads a command's headers, and reports those that the contract wants otherwise.
func (p *proof) headers(s *part, block *Block, subject *subject, lines []string) http.Header {
	header := http.Header{}
	for _, line := range lines {
		name, value, found := strings.Cut(line, ":")
		at := p.find(s.Section, block.Line, block.End, name)
		if !found {
			p.drift("header-drift", at, subject.id, "expected a header as Name: value, came "+line, line, "Name: value")
			continue
		}
		header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
		p.headerNamed(name, strings.TrimSpace(value), at, subject.id)
	}
	at := spot{line: block.Line, section: s.Heading}
	if subject.operation.Secured && header.Get("Authorization") == "" {
		p.drift("header-drift", at, subject.id, "the command has no Authorization header, which the contract wants", "no Authorization", "Authorization")
	}
	if block.Code.Curl.Body != "" && header.Get("Content-Type") == "" {
		p.drift("header-drift", at, subject.id, "the command sends a body and no Content-Type", "no Content-Type", "Content-Type: application/json")
	}
	return header
}

// headerNamed judges one header, of a command or by itself.
func (p *proof) headerNamed(name, value string, at spot, subject string) {
	name = strings.TrimSpace(name)
	known := []string{"Authorization", "Content-Type", "Accept", "Retry-After", "User-Agent"}
	i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
	if i < 0 {
		if near := nearest(name, known); near != "" {
			p.drift("header-drift", at, subject, "the document has the header "+name+", the contract "+near, name, near)
		}
		return
	}
	p.matched++
	p.says("headers", known[i], "name", known[i], at)
	if known[i] == "Authorization" {
		scheme, _, _ := strings.Cut(value, " ")
		if schemes := p.schemes(); len(schemes) > 0 && !slices.Contains(schemes, scheme) {
			p.drift("header-drift", at, subject, "the Authorization header has "+scheme+", in the contract "+anyOf(schemes), scheme, anyOf(schemes))
		}
	}
}

// schemes are the words that an Authorization header may begin with.
func (p *proof) schemes() []string {
	var all []string
	for _, op := range p.Operations {
		for _, name := range op.Schemes {
			word := map[string]string{"oauth": "Bearer", "bearer": "Bearer", "basic": "Basic", "app": "App", "ibsso": "IBSSO"}[name]
			if word != "" && !slices.Contains(all, word) {
				all = append(all, word)
			}
		}
	}
	return all
}

// requestSpot is where a violation of a request stands: a parameter of the query or path, or a value of the body.
func (p *proof) requestSpot(s *part, block *Block, place string) spot {
	if strings.HasPrefix(place, "/") && block.Code.Curl.JSON != nil {
		if at := p.valueSpot(s, block.Code.Curl.JSON, place); at.line > 0 {
			return at
		}
	}
	_, name, _ := strings.Cut(place, ".")
	return p.find(s.Section, block.Line, block.End, name)
}

// sent keeps what a command sends, to be held to the tables of its parameters.
func (p *proof) sent(s *part, block *Block, subject *subject, r route, query url.Values) {
	for name, value := range r.params {
		if i := subject.item(name); i != nil {
			p.value(subject.id, i.label(), "string", value, p.find(s.Section, block.Line, block.End, value))
		}
	}
	for _, name := range sortedKeys(query) {
		if i := subject.item(name); i != nil {
			p.value(subject.id, i.label(), "", query.Get(name), p.find(s.Section, block.Line, block.End, name))
		}
	}
	body := block.Code.Curl.JSON
	if body == nil {
		return
	}
	for _, m := range body.Members {
		at := p.spotOf(s, m)
		i := subject.item(m.Name)
		if i == nil || i.in != "body" {
			var names []string
			for _, i := range subject.items {
				if i.in == "body" {
					names = append(names, i.name)
				}
			}
			contract := nearest(m.Name, names)
			if contract == "" {
				contract = "no such field"
			}
			p.drift("field-unknown", at, subject.id+" body "+m.Name,
				"the command sends "+m.Name+", which the contract has not; it has "+anyOf(names), m.Name, contract)
			continue
		}
		p.value(subject.id, i.label(), m.Kind, m.Text, at)
	}
}

// uncalled reports the operations that the document should name and does not.
func (p *proof) uncalled() {
	for _, s := range p.subjects {
		if s.operation == nil || s.operation.Reference || p.matched == 0 {
			continue
		}
		if _, there := p.called[s.id]; there || p.samePathCalled(s) {
			continue
		}
		p.drift("endpoint-missing", p.after(s), s.id, "the document has no "+called(s)+", which the contract has", "none", called(s))
	}
}

func (p *proof) samePathCalled(s *subject) bool {
	for _, other := range p.subjects {
		if other.operation != nil && other.operation.Path == s.operation.Path {
			if _, there := p.called[other.id]; there {
				return true
			}
		}
	}
	return false
}
