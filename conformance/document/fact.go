package document

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	spelling "github.com/parley-contracts/parley/openapi/nearest"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// A fact is one of the catalogue's, ready to be looked for in sentences.
type fact struct {
	requirements.Fact
	requirement string
	section     string
	anchors     [][]string // in each, one of the words is to be there
	says        [][]string
	pattern     *regexp.Regexp
	pieces      []string // the pattern does not match without one of them, in lower case: a quick look
}

// factsOf reads the facts of the catalogue. Those of one item ("query status") are laid to it.
func factsOf(c Contract) ([]fact, error) {
	var all []fact
	for _, r := range c.Catalogue.All {
		for _, f := range r.Facts {
			one := fact{Fact: f, requirement: r.ID, section: r.Section, anchors: alternatives(f.Anchor), says: alternatives(f.Says)}
			if f.Pattern != "" {
				pattern, err := regexp.Compile("(?i)" + f.Pattern)
				if err != nil {
					return nil, err
				}
				one.pattern, one.pieces = pattern, piecesOfPattern(f.Pattern)
			}
			if f.Of != "" {
				c.lay(r, f)
			}
			all = append(all, one)
		}
	}
	return all, nil
}

func alternatives(list []string) [][]string {
	var all [][]string
	for _, one := range list {
		all = append(all, strings.Split(one, "|"))
	}
	return all
}

// lay gives an item a trait that OpenAPI has no place for.
func (c Contract) lay(r requirements.Requirement, f requirements.Fact) {
	id, _, _ := strings.Cut(r.ID, "/")
	for _, s := range c.subjects {
		if id != s.id && !f.Everywhere {
			continue
		}
		for _, i := range slices.Concat(s.items, s.fields) {
			if i.label() == f.Of {
				i.traits[trait(f.Kind)] = f.Value
			}
		}
	}
}

// factsSaid holds a sentence to the facts that it states, by the words that mark it as stating them.
func (p *proof) factsSaid(s *part, sentence string, from, to int) {
	if sentence == "" {
		return
	}
	var tokens []token
	p.patternsSaid(s, sentence, from, to)
	for i := range p.Contract.facts {
		f := &p.Contract.facts[i]
		if len(f.anchors) == 0 || f.pattern != nil {
			continue
		}
		if tokens == nil {
			tokens = tokensOf(sentence)
		}
		if f.marked(tokens, s) {
			p.factSaid(s, f, tokens, from, to)
		}
	}
}

// patternsSaid judges the facts that are values in fixed phrases.
func (p *proof) patternsSaid(s *part, sentence string, from, to int) {
	lower := strings.ToLower(sentence)
	var tokens []token
	for i := range p.Contract.facts {
		f := &p.Contract.facts[i]
		if f.pattern == nil || len(f.pieces) > 0 && !containsAny(lower, f.pieces...) {
			continue
		}
		if len(f.anchors) > 0 && tokens == nil {
			tokens = tokensOf(sentence)
		}
		if len(f.anchors) == 0 || f.marked(tokens, s) {
			p.patternSaid(s, f, sentence, from, to)
		}
	}
}

// patternSaid judges a fact that is one value in a fixed phrase: "OAuth 2.0".
func (p *proof) patternSaid(s *part, f *fact, sentence string, from, to int) {
	for _, m := range f.pattern.FindAllStringSubmatch(sentence, -1) {
		p.matched++
		p.heldAt[from] = append(p.heldAt[from], f.requirement)
		if strings.EqualFold(unspaced.Replace(m[1]), unspaced.Replace(f.Value)) {
			p.keep(f)
			continue
		}
		p.drift("fact-drift", p.find(s.Section, from, to, m[1]), f.requirement,
			f.Kind+": the document has "+m[0]+", the contract "+f.Value, m[1], f.Value)
	}
}

// unspaced is without what two ways to write one name differ in: "ISO 8601", "ISO-8601".
var unspaced = strings.NewReplacer(" ", "", "-", "")

// marked tells whether a sentence is about what the fact is about: it has a word of each anchor. One that begins with ^
// may as well stand in the heading, and one that ends with $ is a whole word.
func (f *fact) marked(tokens []token, s *part) bool {
	for _, anchor := range f.anchors {
		if !slices.ContainsFunc(anchor, func(word string) bool {
			stem, heading := strings.CutPrefix(word, "^")
			whole, isWhole := strings.CutSuffix(stem, "$")
			if slices.ContainsFunc(tokens, func(t token) bool { return isWhole && t.word == whole || strings.HasPrefix(t.word, stem) }) {
				return true
			}
			return heading && slices.ContainsFunc(words(s.Heading), func(w string) bool { return strings.HasPrefix(w, stem) })
		}) {
			return false
		}
	}
	return true
}

// factSaid looks for each thing that the fact says. What is not there is drift where something else stands in its place: a
// word that the fact never has, another number of the same unit, another name, or nearly the same word. Else the sentence
// just does not say it.
func (p *proof) factSaid(s *part, f *fact, tokens []token, from, to int) {
	p.matched++
	p.heldAt[from] = append(p.heldAt[from], f.requirement)
	for _, t := range tokens {
		if slices.Contains(f.Never, t.word) {
			p.drift("fact-drift", p.find(s.Section, from, to, t.written), f.requirement,
				f.Kind+": the document has "+t.written+", the contract "+f.Value, t.written, f.Value)
			return
		}
	}
	all, some := true, false
	var missing [][]string
	for _, says := range f.says {
		if states(tokens, says) {
			some = true
			continue
		}
		all = false
		missing = append(missing, says)
	}
	if all {
		p.keep(f)
		return
	}
	for _, says := range missing {
		instead, there := insteadOf(tokens, says, f, p.words)
		if !there && some && f.Whole {
			instead, there = "none", true
		}
		if !there {
			continue
		}
		at, message := p.find(s.Section, from, to, instead), f.Kind+": the document has "+instead+", the contract "+f.Value
		if instead == "none" {
			at, message = p.find(s.Section, from, to, ""), f.Kind+": the sentence does not have "+says[0]+"; the contract has "+f.Value
		}
		p.drift("fact-drift", at, f.requirement, message, instead, f.Value)
		return
	}
}

// states tells whether a sentence has one of the words, or a number and its unit ("3 times").
func states(tokens []token, says []string) bool {
	return slices.ContainsFunc(says, func(word string) bool {
		number, unit, quantity := strings.Cut(word, " ")
		return slices.ContainsFunc(indexes(tokens), func(i int) bool {
			if quantity {
				return tokens[i].word == number && unitAfter(tokens, i, unit)
			}
			return tokens[i].word == strings.ToLower(word) || !isNumber(word) && stem(tokens[i].word) == strings.ToLower(word)
		})
	})
}

func indexes(tokens []token) []int {
	all := make([]int, len(tokens))
	for i := range all {
		all[i] = i
	}
	return all
}

// unitAfter: the unit is among the next words.
func unitAfter(tokens []token, i int, unit string) bool {
	for k := i + 1; k <= i+2 && k < len(tokens); k++ {
		if stem(tokens[k].word) == stem(unit) {
			return true
		}
	}
	return false
}

// insteadOf is what stands in a sentence in place of what the fact says.
func insteadOf(tokens []token, says []string, f *fact, v *vocabulary) (string, bool) {
	for i, t := range tokens {
		if slices.Contains(f.Instead, t.word) {
			return t.written, true
		}
		for _, word := range says {
			number, unit, quantity := strings.Cut(word, " ")
			switch {
			case quantity && unit == "times" && (t.word == "twice" || t.word == "thrice"):
				return t.written, true
			case quantity:
				if _, err := strconv.Atoi(t.word); err == nil && (unitAfter(tokens, i, unit) || t.word == number) {
					return t.written, true
				}
			case isNumber(word):
				if isNumber(t.word) {
					return t.written, true
				}
			case strings.ContainsAny(word, "_:") && v != nil:
				if v.names[t.written] && strings.ContainsAny(t.written, "_:") && !f.has(t.word) {
					return t.written, true
				}
				fallthrough
			default:
				if near(t.word, word) {
					return t.written, true
				}
			}
		}
	}
	return "", false
}

func (f *fact) has(word string) bool {
	return slices.ContainsFunc(f.says, func(says []string) bool { return slices.Contains(says, word) })
}

// near tells whether a word is a slip of another: one letter of a short word, two of a long one. What only adds an ending
// that words have is another form of the same.
func near(word, other string) bool {
	most := 1
	if len(other) >= 8 {
		most = 2
	}
	if len(other) < 4 || word == other || strings.TrimSuffix(word, "s") == strings.TrimSuffix(other, "s") {
		return false
	}
	for _, ending := range []string{"ed", "d", "ly", "ing"} {
		if word == other+ending || other == word+ending {
			return false
		}
	}
	return spelling.Distance(word, other, most) <= most
}

// keep keeps that the document states a fact.
func (p *proof) keep(f *fact) { p.facts[f.requirement+" "+f.Kind+" "+f.Value] = true }

// unfounded are the facts of the contract that the document does not state: gaps, since they may be in other words.
func (p *proof) unfounded() {
	for i := range p.Contract.facts {
		f := &p.Contract.facts[i]
		if len(f.anchors) == 0 && f.pattern == nil || p.facts[f.requirement+" "+f.Kind+" "+f.Value] || p.matched == 0 {
			continue
		}
		p.gap("fact-unstated", spot{}, f.requirement, "no sentence was found that states "+f.Kind+": "+f.Value)
	}
}
