package document

import (
	"strings"
)

var (
	// What announces all values.
	oneOf = lazily(`(?i)\b(?:one of|any of|either|(?:allowed|possible|supported|valid|accepted|permitted)\s+(?:values?|options?|types?))(?:\s+(?:the\s+following|these|are|is|include|of))*\s*:?\s*`)
	// What announces some.
	suchAs = lazily(`(?i)(?:\bsuch as|\be\.g\.,?|\bfor example,?|\bincluding)\s+`)
	// What a list is of, after it: "uuid, name, and email fields".
	listNoun = lazily(`^\s+(fields?|scopes?|parameters?|properties|headers?|events?|attributes?|values?)\b`)
	listItem = lazily("^[\"'`“‘]?([A-Za-z0-9][\\w:-]*\\w|\\w)[\"'`”’]?")
	listGap  = lazily(`^(?i:\s*[,;|]\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+|\s*/\s*)`)
	wireItem = lazily(`^(?:[a-z][a-z0-9]*(?:[_:-][a-z0-9]+)*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|\d+)$`)
)

// list is a run of single words, each perhaps with a gloss in brackets: "guest (customer), agent (AI or human), or null".
type list struct {
	items []string
	end   int
	or    bool // "or" stands before the last
}

func listAt(text string, at int) list {
	l := list{end: at}
	for {
		m := listItem().FindStringSubmatchIndex(text[at:])
		if m == nil {
			return l
		}
		l.items = append(l.items, text[at+m[2]:at+m[3]])
		at += m[1]
		l.end = at
		if gloss := glossAt(text, at); gloss > at && listGap().MatchString(text[gloss:]) {
			at = gloss
		}
		gap := listGap().FindString(text[at:])
		or := strings.Contains(strings.ToLower(gap), "or")
		if gap == "" || l.or && !or {
			return l // what follows the last is another clause
		}
		l.or = l.or || or
		at += len(gap)
	}
}

// glossAt is the end of a bracket that begins at or after white space, or at itself without one.
func glossAt(text string, at int) int {
	open := at
	for open < len(text) && text[open] == ' ' {
		open++
	}
	if open == len(text) || text[open] != '(' {
		return at
	}
	length := strings.IndexByte(text[open:], ')')
	if length < 0 || length > 200 {
		return at
	}
	return open + length + 1
}

// lists finds enumerations. Announced ones are taken as they are; others must look like wire values, all of them, and
// end as a sentence or cell does.
func (f *phraseFinder) lists() {
	if containsAny(f.lower, "one of", "any of", "either", "value", "option", "type") {
		for _, m := range oneOf().FindAllStringIndex(f.text, -1) {
			l := listAt(f.text, m[1])
			announced := strings.Contains(f.text[m[0]:m[1]], ":")
			if len(l.items) > 1 || len(l.items) == 1 && announced {
				f.add(PhraseOneOf, m[0], l.end, l.items...)
			}
		}
	}
	if containsAny(f.lower, "such as", "e.g.", "for example", "including") {
		for _, m := range suchAs().FindAllStringIndex(f.text, -1) {
			if l := listAt(f.text, m[1]); len(l.items) > 1 && f.free(m[0], l.end) {
				f.add(PhraseSuchAs, m[0], l.end, l.items...)
			}
		}
	}
	f.wireList(0)
	for at := range len(f.text) - 1 {
		// A list may begin without a word after a colon or a dash.
		if f.text[at+1] == ' ' && (f.text[at] == ':' || f.text[at] == '-' && at > 0 && f.text[at-1] == ' ') {
			f.wireList(at + 2)
		}
	}
	if containsAny(f.lower, "field", "scope", "parameter", "propert", "header", "event", "attribute", "value") {
		f.nouns()
	}
}

// wireList takes a list that nothing announces.
func (f *phraseFinder) wireList(at int) {
	if l := listAt(f.text, at); len(l.items) > 1 && allWire(l.items) && f.closes(l.end) && f.free(at, l.end) {
		f.add(PhraseOneOf, at, l.end, l.items...)
	}
}

func allWire(items []string) bool {
	for _, i := range items {
		if !wireItem().MatchString(i) || strings.Contains(" the a an of is are to in this that it your which when and or all ", " "+i+" ") {
			return false
		}
	}
	return true
}

// closes tells whether a list may end at a place: at the end, at punctuation or a gloss, or before what the last value is for.
func (f *phraseFinder) closes(end int) bool {
	rest := strings.TrimLeft(f.text[end:], " ")
	return rest == "" || strings.IndexByte(".;()", rest[0]) >= 0 || strings.HasPrefix(rest, "for ") || strings.HasPrefix(rest, "when ")
}

// nouns finds lists that say after them what they are of: "uuid, name, and email fields".
func (f *phraseFinder) nouns() {
	for at := 0; at < len(f.text); {
		if at > 0 && f.text[at-1] != ' ' && f.text[at-1] != '(' {
			at++
			continue
		}
		l := listAt(f.text, at)
		if noun := listNoun().FindStringSubmatch(f.text[l.end:]); len(l.items) > 1 && noun != nil && allWire(l.items) && f.free(at, l.end) {
			kind := strings.TrimSuffix(strings.ToLower(noun[1]), "s")
			if kind == "propertie" {
				kind = "property"
			}
			f.add(PhraseListed, at, l.end+len(noun[0]), append([]string{kind}, l.items...)...)
		}
		at = max(at+1, l.end)
	}
}
