package document

import (
	"sort"
	"strings"
)

// Phrase is a fact that prose states. It is told by its numbers, names and key words, never by a whole sentence, so
// that other words around them change nothing.
type Phrase struct {
	Kind   PhraseKind `json:"kind"`
	Values []string   `json:"values"` // what they are depends on the kind; "" for one that is not named
	Offset int        `json:"offset"` // of the words that state it, in bytes of the text
	Length int        `json:"length"`
}

// PhraseKind says what a phrase states, and so what its values are.
type PhraseKind string

// The kinds. Names, statuses and numbers are told where no other kind holds them.
const (
	PhraseOneOf     PhraseKind = "one-of"     // all values: "One of: ai, human", "Either ai (…) or human", "OPEN, CLOSED"
	PhraseSuchAs    PhraseKind = "such-as"    // some values, as a person calls them: "statuses such as Open, Waiting"
	PhraseListed    PhraseKind = "listed"     // what they are, then they: "uuid, name, and email fields" → field, uuid, name, email
	PhraseMin       PhraseKind = "min"        // a number
	PhraseMax       PhraseKind = "max"        // a number
	PhraseRange     PhraseKind = "range"      // from, to
	PhraseDefault   PhraseKind = "default"    // the value; none for "(default)" alone
	PhraseMaxLength PhraseKind = "max-length" // a number, "characters" or "bytes"
	PhraseLength    PhraseKind = "length"     // a number, of what: "32-character upper-case alphanumeric"
	PhraseMustBe    PhraseKind = "must-be"    // the only value
	PhraseFormat    PhraseKind = "format"     // "ISO 8601", "UUID v4", "HTTPS URL", "yyyy-MM-dd'T'HH:mm:ss.SSSZ"
	PhraseLimit     PhraseKind = "limit"      // count, "request", "minute", who it counts or ""
	PhraseRetries   PhraseKind = "retries"    // how many
	PhraseBackoff   PhraseKind = "backoff"    // "exponential"
	PhraseMeaning   PhraseKind = "meaning"    // a value and what it means: "0 for closed", "true = open"
	PhraseAlways    PhraseKind = "always"     // the only value, "null" in small letters
	PhraseNullable  PhraseKind = "nullable"   // "null"
	PhraseOrder     PhraseKind = "order"      // field or "", "ascending" or "descending" or ""
	PhraseOnce      PhraseKind = "once"       // "once"
	PhraseExcluded  PhraseKind = "excluded"   // the name before it, or ""
	PhraseSet       PhraseKind = "set"        // field or "", value: "the event field is set to x", "status=1"
	PhraseBecomes   PhraseKind = "becomes"    // from, to
	PhraseRoute     PhraseKind = "route"      // method, path
	PhrasePath      PhraseKind = "path"       // a path without a method
	PhraseURL       PhraseKind = "url"
	PhraseTime      PhraseKind = "time"     // a date or timestamp, as written
	PhraseTemplate  PhraseKind = "template" // what stands in {{…}}; with its braces when they do not match
	PhraseStatus    PhraseKind = "status"   // "429", "2xx"
	PhraseQuantity  PhraseKind = "quantity" // a number, its unit in the singular
	PhraseModal     PhraseKind = "modal"    // "must", "must not", "only", "never", "always", "cannot", …
	PhraseName      PhraseKind = "name"     // a wire name, or a single word in quotes
	PhraseNumber    PhraseKind = "number"
)

// maxPhraseText is the longest text that phrases are told in, in bytes: a paragraph of a document is far shorter.
const maxPhraseText = 64 << 10

// Phrases tells the facts of a paragraph, item, heading or cell, in the order of the text.
func Phrases(text string) []Phrase {
	if len(text) > maxPhraseText {
		text = strings.ToValidUTF8(text[:maxPhraseText], "")
	}
	f := &phraseFinder{text: text, lower: strings.ToLower(text), digits: strings.ContainsAny(text, "0123456789")}
	if len(f.lower) != len(text) {
		f.lower = text // letters that change their size; key words in small letters are still found
	}
	f.lists()
	for i := range phraseForms {
		f.form(&phraseForms[i])
	}
	sort.SliceStable(f.found, func(i, j int) bool { return f.found[i].Offset < f.found[j].Offset })
	return f.found
}

// phraseFinder goes over a text with one form after the other. What a form has taken, a weaker one leaves.
type phraseFinder struct {
	text  string
	lower string
	found []Phrase
	taken []bool
	// digits tells whether the text has any.
	digits bool
}

func (f *phraseFinder) add(kind PhraseKind, begin, end int, values ...string) {
	if f.taken == nil {
		f.taken = make([]bool, len(f.text))
	}
	for i := begin; i < end; i++ {
		f.taken[i] = true
	}
	f.found = append(f.found, Phrase{Kind: kind, Values: values, Offset: begin, Length: end - begin})
}

func (f *phraseFinder) free(begin, end int) bool {
	if f.taken == nil {
		return true
	}
	for _, t := range f.taken[begin:end] {
		if t {
			return false
		}
	}
	return true
}

func (f *phraseFinder) form(form *phraseForm) {
	if !form.possible(f.lower) || form.digits && !f.digits {
		return
	}
	for _, m := range form.pattern().FindAllStringSubmatchIndex(f.text, -1) {
		// The first group, where the form has one, is the value; the phrase is the whole match.
		if form.weak && !f.free(m[0], m[1]) {
			continue
		}
		groups := make([]string, len(m)/2)
		for i := range groups {
			if m[2*i] >= 0 {
				groups[i] = f.text[m[2*i]:m[2*i+1]]
			}
		}
		if values, ok := form.values(groups, f.text[:m[0]]); ok {
			begin, end := m[0], m[1]
			for begin < end && strings.IndexByte(" (", f.text[begin]) >= 0 {
				begin++
			}
			f.add(form.kind, begin, end, values...)
		}
	}
}

// possible tells whether a text has any of a form's key words, which is faster than to look for the form.
func (form *phraseForm) possible(lower string) bool {
	return len(form.words) == 0 || containsAny(lower, form.words...)
}

func containsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
