package document

import (
	"slices"
	"strings"
	"unicode"

	spelling "github.com/parley-contracts/parley/openapi/nearest"
)

// words are the words of a text in lower case, apart from marks; a number is a word.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// folded is a name without what spellings differ in: case, and marks between its words.
func folded(name string) string { return strings.Join(words(name), "") }

// nameWords are the words of a wire name: "response_mode" and "responseMode" have two.
func nameWords(name string) []string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if unicode.IsUpper(r) && lower {
			b.WriteByte(' ')
		}
		lower = unicode.IsLower(r)
		b.WriteRune(r)
	}
	return words(b.String())
}

// stem is a word without the s of a plural.
func stem(word string) string {
	if len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") {
		return word[:len(word)-1]
	}
	return word
}

// titleWords are the words of a heading, but for what it has in parentheses, in the singular.
func titleWords(heading string) []string {
	if strings.Contains(heading, "(") {
		heading = parenthetical().ReplaceAllString(heading, " ")
	}
	all := words(heading)
	for i := range all {
		all[i] = stem(all[i])
	}
	return all
}

var parenthetical = lazily(`\([^)]*\)`)

// overlap counts the words of a that b has, too.
func overlap(a, b []string) int {
	n := 0
	for _, word := range a {
		if slices.Contains(b, word) {
			n++
		}
	}
	return n
}

// nearest is the name that is most like this one, "" where none is like it.
func nearest(name string, names []string) string {
	most := 2
	switch {
	case len(name) < 4:
		most = 1
	case len(name) > 12:
		most = 3
	}
	best, found := most+1, ""
	for _, other := range names {
		d := spelling.Distance(strings.ToLower(name), strings.ToLower(other), most)
		if folded(name) == folded(other) {
			d = 0
		}
		if short, long := min(len(name), len(other)), max(len(name), len(other)); long-short > 2 && strings.EqualFold(name[:short], other[:short]) {
			continue // a longer name, not a slip
		}
		if d < best {
			best, found = d, other
		}
	}
	return found
}

// anyOf lists names for a sentence: "a, b or c".
func anyOf(names []string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// hasDigit is a quick look, before a pattern is tried.
func hasDigit(text string) bool { return strings.ContainsAny(text, "0123456789") }
