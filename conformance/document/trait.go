package document

import (
	"slices"
	"strconv"
	"strings"
)

// A said is a trait that a description states, and the words that say so.
type said struct {
	trait trait
	value string // so that it can be compared
	piece string // to be marked
}

// Traits beside those that OpenAPI has.
const (
	traitMeaning  trait = "meaning"   // of the values: "0=closed, 1=open"
	traitAlways   trait = "always"    // one value and no other: "null"
	traitNullable trait = "null"      // it may be null
	traitNullWord trait = "null word" // it is told of the word, in quotes
	traitBound    trait = "bound"     // on which side of an instant: "after", "before"
)

// nullWord is the word in quotes, as if it stood there so.
var nullWord = lazily("[\"“'`]NULL[\"”'`]")

// openFormat is a form that says where it ends.
var openFormat = lazily(`(?i)\branges? from (\w+) to UUID\s*\(?v(?:ersion\s*)?(\d+)`)

// sideOfTime is on which side of an instant something happened.
var sideOfTime = lazily(`(?i)\b(?:not\s+)?(after|before|since|until|prior to|later than|earlier than|newer than|older than)\s+(?:this|that|the|a|the given|which)\s+(?:date|time|instant|moment|timestamp)`)

// said finds the traits that a description states. Tables say the same of many fields: each text is read once.
func (p *proof) said(text string) []said {
	all, known := p.texts[text]
	if !known {
		all = saidIn(text)
		p.texts[text] = all
	}
	return all
}

// saidIn finds the traits that a description states.
func saidIn(text string) []said {
	var all []said
	var form formSaid
	meanings, told := map[string]string{}, 0
	phrases := Phrases(text)
	for i, phrase := range phrases {
		piece := text[phrase.Offset : phrase.Offset+phrase.Length]
		add := func(t trait, value string) { all = append(all, said{t, value, piece}) }
		switch phrase.Kind {
		case PhraseOneOf:
			add(traitEnum, set(without(phrase.Values, leftOut(phrases[i+1:]))))
		case PhraseMustBe:
			add(traitEnum, phrase.Values[0])
		case PhraseMin:
			add(traitMin, phrase.Values[0])
		case PhraseMax:
			add(traitMax, phrase.Values[0])
		case PhraseRange:
			add(traitMin, phrase.Values[0])
			add(traitMax, phrase.Values[1])
		case PhraseDefault:
			if len(phrase.Values) > 0 {
				add(traitDefault, phrase.Values[0])
			}
		case PhraseMaxLength:
			add(traitMaxLength, inCharacters(phrase.Values))
		case PhraseMeaning:
			meanings[phrase.Values[0]] = phrase.Values[1]
			told++
		case PhraseAlways:
			add(traitAlways, "always "+phrase.Values[0])
		case PhraseNullable:
			if strings.Contains(piece, "NULL") && nullWord().MatchString(text) {
				add(traitNullWord, "NULL")
			} else {
				add(traitNullable, "yes")
			}
		case PhraseName:
			if phrase.Values[0] == "NULL" {
				add(traitNullWord, "NULL")
			}
		case PhraseFormat, PhraseLength:
			form.add(phrase, piece)
		}
	}
	if told > 1 { // also where one value is told of twice
		all = append(all, said{traitMeaning, pairs(meanings), pieceOf(phrases, PhraseMeaning, text)})
	}
	if m := sideOfTime().FindStringSubmatch(text); m != nil {
		side := "after"
		switch strings.ToLower(m[1]) {
		case "before", "until", "prior to", "earlier than", "older than":
			side = "before"
		}
		if strings.HasPrefix(strings.ToLower(m[0]), "not ") {
			side = map[string]string{"after": "before", "before": "after"}[side]
		}
		all = append(all, said{traitBound, side, m[1]})
	}
	if m := openFormat().FindStringSubmatch(text); m != nil {
		return append(all, said{traitFormat, "from " + strings.ToLower(m[1]) + " to uuid-v" + m[2], m[0]})
	}
	if form.value != "" {
		all = append(all, said{traitFormat, form.value, form.piece})
	}
	return all
}

// leftOut are the names that the phrases up to the next list say are not of the list.
func leftOut(phrases []Phrase) []string {
	var names []string
	for _, phrase := range phrases {
		if phrase.Kind == PhraseOneOf {
			break
		}
		if phrase.Kind == PhraseExcluded {
			names = append(names, phrase.Values[0])
		}
	}
	return names
}

// inCharacters is a length as the contracts have it, in characters; another unit stays.
func inCharacters(values []string) string {
	if values[1] == "characters" {
		return values[0]
	}
	return values[0] + " " + values[1]
}

// pairs writes meanings so that they can be compared: "0=closed, 1=active/open".
func pairs(meanings map[string]string) string {
	var all []string
	for _, value := range sortedKeys(meanings) {
		words := words(meanings[value])
		slices.Sort(words)
		all = append(all, value+"="+strings.Join(words, "/"))
	}
	return strings.Join(all, ", ")
}

func pieceOf(phrases []Phrase, kind PhraseKind, text string) string {
	for _, phrase := range phrases {
		if phrase.Kind == kind {
			return text[phrase.Offset : phrase.Offset+phrase.Length]
		}
	}
	return ""
}

// A formSaid is the form that a description names, by the names that the contracts use where there is one: a UUID of a
// version, an older form of id, or both.
type formSaid struct{ value, piece string }

func (f *formSaid) add(phrase Phrase, piece string) {
	value := phrase.Values[0]
	switch {
	case phrase.Kind == PhraseLength:
		value = strings.Join(phrase.Values, " ")
		if !strings.Contains(strings.ToLower(piece), "char") {
			value = strings.ToLower(piece)
		}
		if folded(value) == "32uppercasealphanumeric" {
			value = "legacy"
		}
	case strings.HasPrefix(value, "UUID"):
		value = strings.ToLower(strings.ReplaceAll(value, " ", "-"))
	case strings.HasSuffix(strings.ToUpper(value), "URL"), strings.HasSuffix(strings.ToUpper(value), "URI"):
		value = "uri"
	case strings.EqualFold(value, "email"):
		value = "email"
	}
	switch {
	case f.value == "":
		f.value, f.piece = value, piece
	case value != f.value:
		f.value += "-or-" + value
	}
}

// typeIn is the type that a word names, "" for none.
func typeIn(word string) string {
	word = strings.ToLower(strings.TrimSpace(word))
	switch word {
	case "string", "text":
		return "string"
	case "integer", "int", "int32", "int64", "long":
		return "integer"
	case "number", "float", "double", "decimal":
		return "number"
	case "boolean", "bool":
		return "boolean"
	case "object", "array", "enumeration", "timestamp", "null":
		return word
	case "enum":
		return "enumeration"
	case "datetime", "date-time", "date":
		return "timestamp"
	}
	if strings.HasPrefix(word, "array") || strings.HasSuffix(word, "[]") || strings.HasPrefix(word, "list of") {
		return "array"
	}
	return ""
}

// isNumber tells whether a value is one.
func isNumber(value string) bool {
	_, err := strconv.ParseFloat(value, 64)
	return err == nil
}
