package document

import (
	"fmt"
	"slices"
	"strings"
)

// An enumeration is one of the contract's, with the last name of the first field that has it.
type enumeration struct {
	name  string // "channel"
	words []string
}

// enumerations are those of more than two words, each once, the longest first.
func (c *Contract) enumerations() []enumeration {
	var all []enumeration
	for _, s := range c.subjects {
		if s.operation != nil && s.operation.Reference {
			continue
		}
		for _, i := range slices.Concat(s.items, s.fields) {
			words := strings.Split(i.traits[traitEnum], ", ")
			if len(words) < 2 || slices.ContainsFunc(all, func(e enumeration) bool { return slices.Equal(e.words, words) }) {
				continue
			}
			_, last := split(i.name)
			all = append(all, enumeration{last, words})
		}
	}
	slices.SortStableFunc(all, func(a, b enumeration) int { return len(b.words) - len(a.words) })
	return all
}

// titledList is a list of words as a person calls them, announced by nothing: "changed to Open, Waiting, or Closed".
var titledList = lazily(`(?:\b[a-z-]+, )?\b[A-Z][a-z]+(?:, [A-Z][a-z]+)+,? or [A-Z][a-z]+\b`)

// listSaid judges a list of words in a sentence that are, but for their case, those of an enumeration: "statuses such as
// Open, Waiting, Solved, or Closed".
func (p *proof) listSaid(s *part, sentence string, from, to int) {
	for _, m := range slashed().FindAllStringSubmatch(sentence, -1) {
		p.spelt(s, strings.Split(m[1], "/"), from, to)
	}
	if !containsAny(strings.ToLower(sentence), "such as", "e.g", "including", "for example", " or ") {
		return
	}
	phrases := Phrases(sentence)
	if m := titledList().FindStringIndex(sentence); m != nil && !slices.ContainsFunc(phrases, func(f Phrase) bool { return f.Kind == PhraseSuchAs }) {
		phrases = append(phrases, Phrase{Kind: PhraseSuchAs, Values: listAt(sentence, m[0]).items})
	}
	for _, phrase := range phrases {
		if phrase.Kind != PhraseSuchAs {
			continue
		}
		p.spelt(s, phrase.Values, from, to)
	}
}

// slashed is a list in brackets: "(inbound/outbound)".
var slashed = lazily(`\(([A-Za-z_]+(?:/[A-Za-z_]+)+)\)`)

// spelt judges a list of which most are words of an enumeration.
func (p *proof) spelt(s *part, values []string, from, to int) {
	for _, e := range p.enums {
		hits, wrong := e.hits(values)
		if 2*hits < len(values) || hits < 2 && len(values) > 2 {
			continue
		}
		if hits < 2 && nearest(wrong[0], e.words) == "" {
			continue
		}
		p.matched++
		for _, word := range wrong {
			near := nearest(word, e.words)
			p.drift("enumeration-drift", p.find(s.Section, from, to, word), e.name, "the list has "+word+"; the contract has "+anyOf(e.words), word, orNone(near))
		}
		listed, ours := strings.Join(values, ", "), e.spelling(values)
		if listed != ours && len(wrong) == 0 {
			p.contradiction("enumeration-spelling", p.find(s.Section, from, to, values[0]), spot{}, e.name,
				"the list has "+listed+", on the wire it is "+ours, listed, ours)
		}
		return
	}
}

func (e enumeration) hits(values []string) (hits int, wrong []string) {
	for _, value := range values {
		if slices.ContainsFunc(e.words, func(word string) bool { return folded(word) == folded(value) }) {
			hits++
		} else {
			wrong = append(wrong, value)
		}
	}
	return hits, wrong
}

func (e enumeration) spelling(values []string) string {
	var words []string
	for _, value := range values {
		for _, word := range e.words {
			if folded(word) == folded(value) {
				words = append(words, word)
			}
		}
	}
	return strings.Join(words, ", ")
}

// listed judges the items of a section that are a list of what an enumeration has, in the words of people: "Available
// channels: SMS, Viber Business Messages, …". The heading says which enumeration.
func (p *proof) listed(s *part) {
	e, ok := p.enumerationTitled(s.Heading)
	if !ok {
		return
	}
	var items []*Block
	for i := range s.Blocks {
		block := &s.Blocks[i]
		if block.prose() && len(words(block.Text)) <= 6 && !strings.HasSuffix(strings.TrimSpace(block.Text), ":") && !strings.HasSuffix(strings.TrimSpace(block.Text), ".") {
			items = append(items, block)
		}
	}
	left := slices.Clone(e.words)
	var strange []*Block
	for _, item := range items {
		if best := closestWord(item.Text, left); best != "" {
			left = without(left, []string{best})
		} else {
			strange = append(strange, item)
		}
	}
	if len(items) < 3 || 2*len(strange) > len(items) {
		return
	}
	p.matched++
	for _, item := range strange {
		p.drift("list-drift", p.find(s.Section, item.Line, item.End, item.Text), e.name,
			"the list has "+item.Text+", which is none of "+anyOf(e.words), item.Text, "none")
	}
	at := p.find(s.Section, items[0].Line, items[0].End, items[0].Text)
	if len(left) > 0 {
		p.contradiction("list-enumeration", at, spot{}, e.name,
			fmt.Sprintf("the list has nothing for %s, which the enumeration has", strings.Join(left, ", ")),
			"nothing for "+strings.Join(left, ", "), "the enumeration")
	}
}

func (b *Block) prose() bool { return b.Table == nil && b.Code == nil && b.Endpoint == nil }

func (p *proof) enumerationTitled(heading string) (enumeration, bool) {
	title := titleWords(heading)
	if len(title) == 0 || len(title) > 4 {
		return enumeration{}, false
	}
	for _, e := range p.enums {
		name := nameWords(e.name)
		if len(e.words) > 4 && overlap(name, title) == len(name) {
			return e, true
		}
	}
	return enumeration{}, false
}

// closestWord is the word of an enumeration that people's words mean, "" for none: the one that has most of them.
func closestWord(text string, from []string) string {
	given := words(text)
	best, most := "", 0
	for _, word := range from {
		parts := nameWords(word)
		score := 0
		for _, part := range parts {
			if slices.ContainsFunc(given, func(g string) bool { return sameStem(g, part) }) {
				score += 4
			} else {
				score--
			}
		}
		if score > most {
			best, most = word, score
		}
	}
	return best
}

// sameStem: one begins with the other, or both with the same five letters.
func sameStem(a, b string) bool {
	if len(a) > 4 && len(b) > 4 {
		return a[:5] == b[:5]
	}
	return stem(a) == stem(b) || len(b) >= 4 && strings.HasPrefix(a, b)
}

// A denial is a sentence that says something is not always so.
type denial struct {
	about []string // the words of its heading and its own
	at    spot
}

var notAlwaysWords = lazily(`(?i)\bnot\s+(?:necessarily\s+)?always\b|\bnot always\b`)

// notAlways keeps a sentence that says that a value is not always null.
func (p *proof) notAlways(s *part, sentence string, from, to int) {
	if strings.Contains(sentence, "always") && notAlwaysWords().MatchString(sentence) && strings.Contains(strings.ToLower(sentence), "null") {
		about := append(nameWords(s.Heading), nameWords(sentence)...)
		p.denials = append(p.denials, denial{about, p.find(s.Section, from, to, "always")})
	}
}

// untitled notes the operations and events that stand under another heading than the contract's: the section was renamed,
// and is known by what is in it.
func (p *proof) untitled() {
	for _, s := range p.subjects {
		if s.operation != nil && (s.operation.Reference || p.sharedHeading(s)) {
			continue
		}
		var found *part
		titled := false
		for i := range p.parts {
			part := &p.parts[i]
			if len(part.title) > 0 && slices.Equal(part.title, s.title) {
				titled = true
			}
			if part.subject == s && found == nil && part.Heading != "" {
				found = part
			}
		}
		if !titled && found != nil {
			p.found(Finding{
				Kind: Note, Rule: "heading-renamed", Subject: s.id, Document: found.Heading, Contract: s.heading,
				Message: fmt.Sprintf("%s stands under %q; the contract knows it as %q", s.id, found.Heading, s.heading),
			}, spot{line: found.Line, section: found.Heading})
		}
	}
}
