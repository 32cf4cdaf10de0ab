package document

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A proof is the reading of one document against one contract, while it goes on.
type proof struct {
	*Contract
	doc           *Document
	parts         []part
	claims        []claim
	about         map[string]bool // the subjects and items of claims
	seen          map[Finding]bool
	shown         map[string]*shownFields // by subject: what the examples show
	called        map[string]spot         // by subject: the first place that names the endpoint
	facts         map[string]bool         // by what the contract's facts are about: whether the document states them
	values        []shownValue
	mentions      []namedAt
	placeholders  []placed
	tabled        map[string]bool // the names of path parameters that tables have, by operation
	denials       []denial
	baseAt        spot              // the base URL
	kinds         map[string]int    // how often the tables call a type by a word
	texts         map[string][]said // by a description: what it states
	tables        map[string][2]int // by subject and object: the first and last line of a table of its fields
	rows          map[string]string // by subject and item: the text of its row
	heldAt        map[int][]string  // by the line that a statement begins on: the requirements whose facts it states
	findings      []Finding
	matched       int
	unknownLimits []spot // where limits stand that are none of the contract's
	own           bool   // something was found that no other product's document has: an endpoint, an event, a scope
}

// Proofread holds a document to a contract, and to itself.
func Proofread(d *Document, c Contract) Report {
	p := proofread(d, &c)
	if !p.own {
		return Report{Schema: 1, Contract: c.Name, Document: d.Name}
	}
	return Report{Schema: 1, Contract: c.Name, Document: d.Name, Findings: p.findings, Matched: p.matched}
}

func proofread(d *Document, c *Contract) *proof {
	p := &proof{
		Contract: c, doc: d,
		about: map[string]bool{}, seen: map[Finding]bool{}, heldAt: map[int][]string{}, texts: map[string][]said{}, rows: map[string]string{}, tables: map[string][2]int{}, tabled: map[string]bool{}, shown: map[string]*shownFields{}, called: map[string]spot{}, facts: map[string]bool{},
	}
	p.bind()
	for i := range p.parts {
		p.part(&p.parts[i])
	}
	p.compare()
	p.renamed()
	p.settle()
	p.sort()
	return p
}

// part judges the blocks of a section, each by what it is.
func (p *proof) part(s *part) {
	p.headingSaid(s)
	p.listed(s)
	p.eventsListed(s)
	for i := range s.Blocks {
		block := &s.Blocks[i]
		switch {
		case block.Endpoint != nil:
			p.endpoint(s, block)
		case block.Table != nil:
			p.table(s, block)
		case block.Code != nil && block.Code.Curl != nil:
			p.curl(s, block)
		case block.Code != nil && block.Code.JSON != nil:
			p.example(s, block)
		case block.Code != nil:
			p.code(s, block)
		default:
			p.prose(s, block)
		}
	}
}

// drift reports that document and contract part ways.
func (p *proof) drift(rule string, at spot, subject, message, document, contract string) {
	p.found(Finding{Kind: Drift, Rule: rule, Subject: subject, Message: message, Document: document, Contract: contract}, at)
}

// contradiction reports two places of the document, of which the second is elsewhere.
func (p *proof) contradiction(rule string, at, other spot, subject, message, one, another string) {
	p.found(Finding{
		Kind: Contradiction, Rule: rule, Subject: subject, Message: message, Document: one, Contract: another, Other: other.line,
	}, at)
}

func (p *proof) gap(rule string, at spot, subject, message string) {
	p.found(Finding{Kind: Gap, Rule: rule, Subject: subject, Message: message}, at)
}

func (p *proof) found(f Finding, at spot) {
	f.Line, f.Column, f.Width, f.Section = at.line, at.column, at.width, at.section
	place := Finding{Line: f.Line, Column: f.Column, Rule: f.Rule, Subject: f.Subject, Document: f.Document}
	if p.seen[place] {
		return // the same words of one place were read in two ways
	}
	p.seen[place] = true
	p.findings = append(p.findings, f)
}

// says keeps a claim, to be compared with the others; the contract's word on it has been heard by then.
func (p *proof) says(subject, item string, t trait, value string, at spot) {
	p.claims = append(p.claims, claim{subject, item, t, value, at})
	p.about[subject+" "+item] = true
}

// sort puts the findings in the order of their lines, those about the whole document last.
func (p *proof) sort() {
	slices.SortStableFunc(p.findings, func(a, b Finding) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule, b.Rule))
	})
}

// indexOf is where a piece stands in a line, in characters; -1 for nowhere. A name is not found within a longer one.
func indexOf(line, piece string) int {
	for from := 0; ; {
		i := strings.Index(line[from:], piece)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(piece)
		if !nameByte(piece[0]) || (i == 0 || !nameByte(line[i-1])) {
			if !nameByte(piece[len(piece)-1]) || end == len(line) || !nameByte(line[end]) {
				return utf8.RuneCountInString(line[:i])
			}
		}
		from = i + 1
		if from >= len(line) {
			return -1
		}
	}
}

// nameByte tells whether a wire name may have the byte in it.
func nameByte(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
