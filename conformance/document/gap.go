package document

import (
	"fmt"
	"slices"
	"strings"
)

var (
	signing         = lazily(`(?i)\bsignatures?\b`)
	signatureHeader = lazily(`(?i)\b(?:[a-z0-9]+-)+signature\b|\bsignature-[a-z0-9-]+\b|\bsignature:`)
)

// mostNamed is how many fields one line names.
const mostNamed = 6

// gaps finds what an implementer needs, and the document does not tell.
func (p *proof) gaps() {
	if !p.own {
		return
	}
	p.bodiless()
	p.unsigned()
	p.unordered()
	p.untyped()
}

// bodiless are the statuses of errors that no example shows the body of.
func (p *proof) bodiless() {
	for _, c := range p.claims {
		status, found := strings.CutPrefix(c.subject, "status ")
		if found && status >= "400" && p.shown["error "+status] == nil {
			p.gap("body-unshown", c.at, c.subject, "no example shows the body of a "+status)
		}
	}
}

// unsigned: the document tells of signatures, and names no header that bears one.
func (p *proof) unsigned() {
	at := spot{}
	for i := range p.parts {
		for k := range p.parts[i].Blocks {
			block := &p.parts[i].Blocks[k]
			if !containsAny(block.Text, "ignature") {
				continue
			}
			if signatureHeader().MatchString(block.Text) {
				return
			}
			if m := signing().FindString(block.Text); at.line == 0 && block.prose() && m != "" {
				at = p.find(p.parts[i].Section, block.Line, block.End, m)
			}
		}
	}
	if at.line > 0 {
		p.gap("header-unnamed", at, "signatures", "no header is named that a delivery's signature stands in, and no way to make it")
	}
}

// unordered are the lists whose order no sentence states.
func (p *proof) unordered() {
	for _, s := range p.subjects {
		shown := p.shown[s.id]
		if s.operation == nil || s.operation.Reference || shown == nil || len(s.fields) == 0 || !slices.Contains(s.fields[0].types, "array") {
			continue
		}
		stated := false
		for i := range p.parts {
			for k := range p.parts[i].Blocks {
				block := &p.parts[i].Blocks[k]
				stated = stated || p.parts[i].subject == s && block.prose() && slices.ContainsFunc(Phrases(block.Text), func(phrase Phrase) bool {
					return phrase.Kind == PhraseOrder
				})
			}
		}
		if !stated {
			p.gap("order-unstated", shown.first, s.id, "no sentence says in which order the list comes")
		}
	}
}

// untyped are the fields of examples that no table and no list names a type of.
func (p *proof) untyped() {
	typed := map[string]bool{}
	for _, c := range p.claims {
		typed[c.subject+" "+c.item] = typed[c.subject+" "+c.item] || c.trait == traitType
	}
	for _, s := range p.subjects {
		shown := p.shown[s.id]
		if shown == nil {
			continue
		}
		var names []string
		for _, path := range sortedKeys(shown.at) {
			if !typed[s.id+" field "+path] && s.field(path) != nil {
				names = append(names, path)
			}
		}
		if len(names) > 0 {
			more := ""
			if len(names) > mostNamed {
				more = fmt.Sprintf(", and %d more", len(names)-mostNamed)
			}
			p.gap("field-untyped", shown.first, s.id, "no type is named for "+strings.Join(names[:min(len(names), mostNamed)], ", ")+more)
		}
	}
}
