package proof

import (
	"regexp"
	"strings"
)

var (
	gluedRow  = regexp.MustCompile(`^(\w+?)(string|integer|number|boolean|object|array)(Yes|No|)([A-Z].*)$`)
	pipedType = regexp.MustCompile(`^\w+ \| (\w+) \|`)
	pipedName = regexp.MustCompile(`^(\w+) \| `)
	pipedMark = regexp.MustCompile(` \| (Yes|No) \| `)
	bullet    = regexp.MustCompile(`^\s*[•*-] (\w+): (.*)$`)
	typeWord  = regexp.MustCompile(`\b(?:String|Boolean|Integer|Number|Object|Array|string|integer|number|boolean|object|array)\b`)
)

var otherTypes = map[string][]string{
	"string": {"integer", "boolean"}, "integer": {"string", "boolean"}, "number": {"string", "array"}, "boolean": {"string", "integer"},
	"object": {"string", "array"}, "array": {"object", "string"}, "enumeration": {"integer", "object"}, "timestamp": {"integer", "object"},
}

// types changes the type of each row, field description and column that names one.
func types(l line) []mutation {
	var all []mutation
	add := func(from, to int) {
		word := l.text[from:to]
		for _, other := range otherTypes[strings.ToLower(word)] {
			if word != strings.ToLower(word) {
				other = strings.ToUpper(other[:1]) + other[1:]
			}
			all = append(all, l.change("type", from, to, other))
		}
	}
	switch {
	case l.place == row && gluedHeader.MatchString(l.header) && strings.HasPrefix(l.header, "ParameterType"):
		if m := gluedRow.FindStringSubmatchIndex(l.text); m != nil {
			add(m[4], m[5])
		}
	case l.place == row && strings.Contains(l.header, "Type |"):
		if m := pipedType.FindStringSubmatchIndex(l.text); m != nil {
			add(m[2], m[3])
		}
	case l.place == row && strings.HasPrefix(l.header, "Field TypeFormat"):
		for _, at := range regexp.MustCompile(`(?:Boolean|String)`).FindAllStringIndex(l.text, 1) {
			add(at[0], at[1])
		}
	case bullet.MatchString(l.text) && l.place == prose:
		for _, at := range typeWord.FindAllStringIndex(l.text, -1) {
			add(at[0], at[1])
		}
	case l.place == prose && strings.Contains(l.text, "array of"):
		at := strings.Index(l.text, "array of")
		add(at, at+len("array"))
	}
	return all
}

// marks changes what is required, and the names in the first column that are plain words.
func marks(l line) []mutation {
	var all []mutation
	if l.place != row {
		return nil
	}
	mark := map[string]string{"Yes": "No", "No": "Yes"}
	if m := gluedRow.FindStringSubmatchIndex(l.text); m != nil && strings.HasPrefix(l.header, "ParameterType") {
		if m[6] < m[7] {
			all = append(all, l.change("required", m[6], m[7], mark[l.text[m[6]:m[7]]]))
		}
		word := l.text[m[2]:m[3]]
		all = append(all, l.change("name", m[2], m[3], typo(word+"x")), l.change("name", m[2], m[3], "other_"+word))
		all = append(all, l.dropped("row"))
	}
	if m := pipedMark.FindStringSubmatchIndex(l.text); m != nil {
		all = append(all, l.change("required", m[2], m[3], mark[l.text[m[2]:m[3]]]))
	}
	if m := pipedName.FindStringSubmatchIndex(l.text); m != nil {
		word := l.text[m[2]:m[3]]
		all = append(all, l.change("name", m[2], m[3], typo(word+"x")), l.change("name", m[2], m[3], "other_"+word))
		all = append(all, l.dropped("row"))
	}
	return all
}

// dropped leaves out the line.
func (l line) dropped(class string) mutation {
	return mutation{class: class, from: l.start, to: l.end() + 1, line: l, what: "dropped", value: l.text}
}

var (
	oneOf    = regexp.MustCompile(`One of: ([a-z_]+(?:, [a-z_]+)+)`)
	upper    = regexp.MustCompile(`\b[A-Z][A-Z_]+(?:, [A-Z][A-Z_]+)+\b`)
	either   = regexp.MustCompile(`(?i)\b(?:either )?([a-z]+(?: \([^)]*\))?) or ([a-z]+(?: \([^)]*\))?)`)
	choice   = regexp.MustCompile(`[a-z_-]+(?: \([^)]*\))?(?:, [a-z_-]+(?: \([^)]*\))?)*, or [a-z_-]+`)
	titled   = regexp.MustCompile(`\b[A-Z][a-z]+(?:, [A-Z][a-z]+)+,? or [A-Z][a-z]+\b`)
	listed   = regexp.MustCompile(`[A-Za-z_-]+(?: \([^)]*\))?`)
	firstOne = regexp.MustCompile(`^[A-Za-z_-]+`)
)

// enumerations changes each value of each enumeration, leaves it out, and adds one.
func enumerations(l line) []mutation {
	var all []mutation
	for _, at := range oneOf.FindAllStringSubmatchIndex(l.text, -1) {
		all = append(all, l.enumeration(at[2], at[3], "other_value")...)
	}
	for _, at := range upper.FindAllStringIndex(l.text, -1) {
		all = append(all, l.enumeration(at[0], at[1], "OTHER")...)
	}
	if m := bullet.FindStringSubmatchIndex(l.text); m != nil && l.place == prose {
		for _, expression := range []*regexp.Regexp{choice, either} {
			if at := expression.FindStringIndex(l.text[m[4]:]); at != nil {
				all = append(all, l.alternatives(m[4]+at[0], m[4]+at[1])...)
				break
			}
		}
	}
	if l.place == row && strings.HasPrefix(l.header, "Field TypeFormat") {
		for _, at := range regexp.MustCompile(`(?:ai or human|guest, agent)`).FindAllStringIndex(l.text, -1) {
			all = append(all, l.alternatives(at[0], at[1])...)
		}
	}
	for _, at := range titled.FindAllStringIndex(l.text, -1) {
		all = append(all, l.alternatives(at[0], at[1])...)
	}
	return all
}

// enumeration is of values parted by commas.
func (l line) enumeration(from, to int, added string) []mutation {
	all := []mutation{l.change("enumeration", to, to, ", "+added)}
	at := from
	values := strings.Split(l.text[from:to], ", ")
	for i, value := range values {
		all = append(all, l.change("enumeration", at, at+len(value), added))
		all = append(all, l.change("enumeration", at, at+len(value), typo(value)))
		if i == 0 {
			all = append(all, l.change("enumeration", at, at+len(value)+2, ""))
		} else {
			all = append(all, l.change("enumeration", at-2, at+len(value), ""))
		}
		at += len(value) + 2
	}
	return all
}

// alternatives are values in a sentence: "guest (customer), agent, or null". Each is changed; one is added.
func (l line) alternatives(from, to int) []mutation {
	text := l.text[from:to]
	first := from
	if strings.HasPrefix(strings.ToLower(text), "either ") {
		first += len("either ")
	}
	all := []mutation{l.change("enumeration", first, first, "unheard-of, ")}
	for _, at := range listed.FindAllStringIndex(text, -1) {
		word := firstOne.FindString(text[at[0]:])
		if word == "or" || word == "either" || word == "Either" {
			continue
		}
		other := "unheard-of"
		if word != strings.ToLower(word) {
			other = "Elsewise"
		}
		all = append(all, l.change("enumeration", from+at[0], from+at[0]+len(word), other))
	}
	return all
}

var unitWords = map[string][]string{
	"minute": {"second", "hour"}, "second": {"minute", "hour"}, "hours": {"days", "minutes"}, "characters": {"bytes", "words"},
	"character": {"byte"}, "times": {"days"},
}

var unit = regexp.MustCompile(`\b(?:[0-9]+(?:-[0-9]+)?[ -](?:minute|second|hours|characters|character|times)|per minute)\b`)

// units changes the unit of each quantity.
func units(l line) []mutation {
	var all []mutation
	for _, at := range unit.FindAllStringIndex(l.text, -1) {
		quantity := l.text[at[0]:at[1]]
		from := at[0] + strings.LastIndexAny(quantity, " -") + 1
		for _, other := range unitWords[l.text[from:at[1]]] {
			m := l.change("unit", from, at[1], other)
			m.value = quantity
			all = append(all, m)
		}
	}
	return all
}

// opposites are words whose exchange makes a statement another.
var opposites = map[string]string{
	"newest": "oldest", "descending": "ascending", "exponential": "linear", "once": "twice", "Always": "Never", "HTTPS": "HTTP", "Bearer": "Basic",
	"after": "before", "before": "after", "open": "closed", "closed": "open", "true": "false", "false": "true", "minimum": "maximum", "min": "max", "max": "min",
	"default": "example", "upper-case": "lower-case", "alphanumeric": "numeric", "excluded": "included", "automatically": "never", "inbound": "outbound", "outbound": "inbound",
}

var factWord = regexp.MustCompile(`\b(?:newest|descending|exponential|once|Always|HTTPS|Bearer|after|before|open|closed|true|false|min|max|default|upper-case|alphanumeric|excluded|inbound|outbound)\b`)

// facts exchanges words for their opposites. Most of these words are prose in most places: where they are, an exemption
// says so.
func facts(l line) []mutation {
	var all []mutation
	if l.place == example {
		return nil
	}
	for _, at := range factWord.FindAllStringIndex(l.text, -1) {
		all = append(all, l.change("fact", at[0], at[1], opposites[l.text[at[0]:at[1]]]))
	}
	return all
}
