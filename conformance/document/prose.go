package document

import (
	"slices"
	"strconv"
	"strings"
)

// prose judges a paragraph or list item: what it says of a field, and the facts and names of its sentences.
func (p *proof) prose(s *part, block *Block) {
	p.rowLost(s, block.Text, block.Line)
	p.fieldSaid(s, block)
	p.callSaid(s, block)
	p.eventSaid(s, block)
	p.scanned(s, s.subject, block.Text, block.Line, block.End)
	for _, sentence := range sentences(block.Text) {
		p.prosed(s, sentence, block.Line, block.End)
	}
}

// rowStart is how a row of a table of endpoints begins that lost its separators and its path.
var rowStart = lazily(`^([A-Z][A-Za-z ]*?)(GET|POST|PUT|PATCH|DELETE)\b`)

// rowLost reports a row that the table above it lost, since it has no path: "Close ConversationPOST Marks it as closed".
func (p *proof) rowLost(s *part, text string, line int) {
	m := rowStart().FindStringSubmatch(text)
	if m == nil {
		return
	}
	if titled := p.titled(strings.TrimSpace(m[1])); titled != nil && titled.operation != nil {
		p.drift("endpoint-drift", spot{line: line, section: s.Heading}, titled.id, "expected a path behind "+m[2], m[2], called(titled))
	}
}

// headedStatus is a heading that begins with a status: "429 Error Response".
var headedStatus = lazily(`(?i)^(\d{3})\s+(?:[a-z]+\s+)*(?:error|response|status)s?\b`)

// headingSaid judges the names and fixed phrases of a heading: "OAuth 2.0 Endpoints", "429 Error Response".
func (p *proof) headingSaid(s *part) {
	if s.Heading == "" {
		return
	}
	p.rowLost(s, s.Heading, s.Line)
	p.scanned(s, s.subject, s.Heading, s.Line, s.Line)
	if m := headedStatus().FindStringSubmatch(s.Heading); m != nil && len(p.statuses) > 0 && !slices.Contains(p.statuses, m[1]) {
		p.drift("status-unknown", p.find(s.Section, s.Line, s.Line, m[1]), "status "+m[1],
			"the contract has no status "+m[1]+"; it has "+anyOf(p.statuses), m[1], anyOf(p.statuses))
	}
	p.patternsSaid(s, s.Heading, s.Line, s.Line)
}

// prosed judges the facts of a sentence, or of a cell.
func (p *proof) prosed(s *part, sentence string, from, to int) {
	p.limitSaid(s, sentence, from, to)
	p.listSaid(s, sentence, from, to)
	p.notAlways(s, sentence, from, to)
	p.factsSaid(s, sentence, from, to)
}

// sentences splits a paragraph where a sentence ends and another begins.
func sentences(text string) []string {
	var all []string
	start := 0
	for _, m := range sentenceEnd().FindAllStringIndex(text, -1) {
		all = append(all, strings.TrimSpace(text[start:m[0]+1]))
		start = m[1] - 1
	}
	return append(all, strings.TrimSpace(text[start:]))
}

var sentenceEnd = lazily("[.!?][)\"”]?\\s+[A-Z0-9\"“`(]")

var (
	fieldItem = lazily("^[`*]*([A-Za-z_][A-Za-z0-9_.]*)[`*]*\\s*(?::|\\s[-–—])\\s+(.*)$")
	labelItem = lazily(`^[*` + "`" + `]*([A-Z][A-Za-z ]*?)[*` + "`" + `]*:[*` + "`" + `]*\s+(.+)$`)
)

// fieldSaid judges an item of a list that describes a field: "status: Boolean - true for open, false for closed".
func (p *proof) fieldSaid(s *part, block *Block) {
	m := fieldItem().FindStringSubmatch(strings.TrimSpace(block.Text))
	if m == nil || s.subject == nil || !s.about {
		return
	}
	at := p.find(s.Section, block.Line, block.End, m[1])
	i := s.subject.called(m[1])
	if i == nil {
		p.unknownSaid(s, m[1], at)
		return
	}
	p.matched++
	p.says(s.subject.id, i.label(), "described", "yes", at)
	line := func(piece string) spot { return p.find(s.Section, block.Line, block.End, piece) }
	kind, rest := typeAhead(m[2])
	if kind != "" {
		p.compareTrait(s.subject, i, said{traitType, kind, kind}, line(m[2][:len(m[2])-len(rest)]))
	}
	if slices.Contains(words(m[2]), "null") {
		p.says(s.subject.id, i.label(), traitNullable, "yes", at)
	}
	for _, one := range p.said(m[2]) {
		p.compareTrait(s.subject, i, one, line(one.piece))
	}
}

// called finds what a list calls by a name: a field of the answer or event, one within, or a parameter.
func (s *subject) called(name string) *property {
	if f := s.field(name); f != nil {
		return f
	}
	for _, f := range s.fields {
		if _, last := split(f.name); last == name {
			return f
		}
	}
	return s.item(name)
}

// typeAhead is the type that a description begins with, and what follows.
func typeAhead(text string) (kind, rest string) {
	word, rest, _ := strings.Cut(text, " ")
	if kind = typeIn(strings.Trim(word, "`,.;:")); kind == "" || word[0]|0x20 == word[0] {
		return "", text
	}
	return kind, rest
}

// unknownSaid reports a name of a list of fields that is nearly one of the contract's.
func (p *proof) unknownSaid(s *part, name string, at spot) {
	var names []string
	for _, f := range s.subject.fields {
		if f.name != "" && !strings.Contains(f.name, ".") {
			names = append(names, f.name)
		}
	}
	title := titleWords(s.Heading)
	wire := strings.Contains(name, "_") || name == strings.ToLower(name)
	if !wire || len(names) == 0 || nearest(name, names) == "" && !slices.Contains(title, "field") {
		return
	}
	contract := nearest(name, names)
	if contract == "" {
		contract = "no such field"
	}
	p.drift("field-unknown", at, s.subject.id+" field "+name, "the list has "+name+", which the contract has not; it has "+anyOf(names), name, contract)
}

// callSaid judges a call that is told of in items: "URL: …" and "Method: GET".
func (p *proof) callSaid(s *part, block *Block) {
	label, target := labelled(block)
	if label != "url" && label != "endpoint" && label != "path" {
		return
	}
	method, at := "", spot{}
	for i := range s.Blocks {
		if l, value := labelled(&s.Blocks[i]); l == "method" || l == "http method" {
			method, at = value, p.find(s.Section, s.Blocks[i].Line, s.Blocks[i].End, value)
		}
	}
	m := mentionOf(method, target)
	r, found := p.route(m)
	if !found || method == "" {
		return // as a URL by itself
	}
	if !r.method {
		p.drift("method-drift", at, r.subject.id, "the document has "+method+", the contract "+r.subject.operation.Method, method, r.subject.operation.Method)
	}
}

func labelled(block *Block) (label, value string) {
	m := labelItem().FindStringSubmatch(strings.TrimSpace(block.Text))
	if m == nil || block.Table != nil || block.Code != nil {
		return "", ""
	}
	return strings.ToLower(m[1]), strings.Trim(m[2], "`* ")
}

var lineSaid = lazily(`\bline (\d+)\b`)

// breakIn is where a block is broken, as far as its reader says.
func breakIn(s *part, block *Block) spot {
	at := spot{line: block.Line, section: s.Heading}
	if m := lineSaid().FindStringSubmatch(block.Code.Broken); m != nil {
		if line, err := strconv.Atoi(m[1]); err == nil && line >= block.Line && line <= block.End+1 {
			at.line = line
		}
	}
	return at
}

// code judges a block that is neither JSON nor a command: headers, and names in it.
func (p *proof) code(s *part, block *Block) {
	if block.Code.Broken != "" {
		p.contradiction("block-broken", breakIn(s, block), spot{line: block.Line}, "example",
			"the block begins as JSON or a command, and is neither: "+block.Code.Broken, block.Code.Broken, "")
		return
	}
	for _, line := range block.Code.Header {
		name, value, _ := strings.Cut(line, ":")
		p.headerNamed(name, strings.TrimSpace(value), p.find(s.Section, block.Line, block.End, strings.TrimSpace(name)), "headers")
	}
	if len(block.Code.Header) == 0 {
		p.scanned(s, nil, block.Text, block.Line, block.End)
	}
}
