package document

import (
	"slices"
	"strings"
)

// loosely tells whether a text names what the contract has, in words that no rule reads: each value is there. Whoever says
// it in a way of their own says it all the same, and one who changed or dropped it left no trace of it.
func loosely(t trait, contract, text string) bool {
	if t == traitBound {
		said := words(text)
		return slices.ContainsFunc(said, func(word string) bool { return slices.Contains(sidesOfTime, word) })
	}
	if t == traitFormat && contract == "uri" {
		return containsAny(strings.ToLower(text), "url", "uri", "http")
	}
	if t == traitMeaning || t == traitFormat || t == traitAlways {
		return false
	}
	for _, value := range strings.Split(contract, ", ") {
		at := indexOf(text, value)
		if at < 0 || otherLabel().MatchString(string([]rune(text)[:at])) {
			return false // "example: 20" is no default in other words
		}
	}
	return true
}

// otherLabel ends what says what the next value is.
var otherLabel = lazily(`\w\s*[:=]\s*$`)

// sidesOfTime are words for one side of an instant or the other.
var sidesOfTime = strings.Fields("after before since until prior from later earlier newer older following onwards")
