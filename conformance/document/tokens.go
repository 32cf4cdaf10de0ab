package document

import (
	"strings"
)

// A token is a word of a sentence, in lower case with numbers as digits, and as written.
type token struct{ word, written string }

var tokenPattern = lazily(`/?[A-Za-z0-9_]+(?:[:.'/][A-Za-z0-9_]+)*`)

// unhyphened are words that are written in two ways.
var unhyphened = strings.NewReplacer("e-mail", "email", "E-mail", "Email", "back-off", "backoff", "Back-off", "Backoff")

var numberWords = map[string]string{
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
	"nine": "9", "ten": "10", "twenty": "20", "thirty": "30", "fifty": "50", "sixty": "60", "hundred": "100",
}

func tokensOf(sentence string) []token {
	var all []token
	if containsAny(sentence, "-mail", "-off") {
		sentence = unhyphened.Replace(sentence)
	}
	for _, written := range tokenPattern().FindAllString(sentence, -1) {
		word := strings.ToLower(written)
		if digits := numberWords[word]; digits != "" {
			word = digits
		}
		all = append(all, token{word, written})
	}
	return all
}
