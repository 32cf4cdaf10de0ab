package document

import (
	"regexp"
	"strings"
)

// phraseForm is one way to state a fact.
type phraseForm struct {
	kind    PhraseKind
	words   []string // a text without any of them, in small letters, has no such phrase
	pattern func() *regexp.Regexp
	digits  bool // a text without digits has none either
	weak    bool // leaves what another form has taken
	values  func(groups []string, before string) ([]string, bool)
}

// The parts of forms. A value is a word as it goes over the wire, in quotes or not.
const (
	number = `(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)`
	value  = "[\"'`“‘]?" + `([A-Za-z0-9_][\w.:/+-]*[\w+]|\w)` + "[\"'`”’]?"
)

func firstGroup(groups []string, _ string) ([]string, bool) {
	for _, g := range groups[1:] {
		if g != "" {
			return []string{strings.ReplaceAll(g, ",", "")}, true
		}
	}
	return nil, false
}

func allGroups(groups []string, _ string) ([]string, bool) {
	values := append([]string(nil), groups[1:]...)
	for i, v := range values {
		values[i] = strings.ReplaceAll(strings.TrimSpace(v), ",", "")
	}
	return values, true
}

func lowered(groups []string, _ string) ([]string, bool) {
	return []string{strings.ToLower(oneLine(groups[len(groups)-1]))}, true
}

func constant(value string) func([]string, string) ([]string, bool) {
	return func([]string, string) ([]string, bool) { return []string{value}, true }
}

// singular takes off the plural's s.
func singular(word string) string { return strings.TrimSuffix(strings.ToLower(word), "s") }

// numbered makes "three" a number.
func numbered(word string) string {
	words := map[string]string{"once": "1", "one": "1", "twice": "2", "two": "2", "three": "3", "four": "4", "five": "5", "ten": "10", "thrice": "3"}
	if n, ok := words[strings.ToLower(word)]; ok {
		return n
	}
	return strings.ReplaceAll(word, ",", "")
}

// phraseForms in the order in which they take the text: what is more particular first.
var phraseForms = []phraseForm{
	{kind: PhraseURL, words: []string{"://"}, pattern: lazily(`\b[a-z]+://[^\s"'<>()` + "`" + `]*[^\s"'<>()` + "`" + `.,;:!?]`), values: wholeMatch},
	{kind: PhraseTemplate, words: []string{"{{"}, pattern: lazily(`\S*\{\{[^{}\n]*\}\}\S*|\S*\{\{\S*`), values: template},
	{kind: PhraseRoute, words: []string{" /"}, pattern: lazily(`\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (/[\w{}/.#:-]*[\w{}/])`), values: allGroups},
	{kind: PhrasePath, weak: true, words: []string{"/"}, pattern: lazily(`(?:^|[\s("'` + "`" + `])(/[A-Za-z{][\w{}/.-]*[\w}])`), values: firstGroup},

	{kind: PhraseTime, digits: true, words: []string{"-"}, pattern: lazily(`\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d[\w:.+-]*\w)?\b`), values: wholeMatch},

	// "10 requests per minute", "60 calls a minute for each account", "limited to 60 per minute".
	{kind: PhraseLimit, digits: true, words: []string{"second", "minute", "hour", "day"}, pattern: lazily(
		`(?i)\b` + number + `\s+(?:(requests?|calls?|messages?|operations?|deliver(?:y|ies)|events?|times)\s+)?(?:(?:are\s+)?(?:allowed|accepted|permitted)\s+)?(?:per|/|each|every|an?|in)\s*((?:\d+[\s-]+)?(?:second|minute|hour|day))s?\b(?:\s*,?\s+(?:per|for\s+(?:each|every)|by|counted\s+(?:per|for))\s+((?:connected\s+|authenticated\s+|individual\s+|API\s+|access\s+)?\w+))?`),
		values: limitValues},
	{kind: PhraseRetries, words: []string{"retr", "attempt", "again"}, pattern: lazily(
		`(?i)\b(?:retr(?:y|ies|ied|ying)|attempt(?:s|ed)?|again)\b[^.;\d]{0,40}?\b(\d+|once|twice|thrice|two|three|four|five|ten)\b(?:\s*(?:times|attempts|retries|more))?|\b(\d+|one|two|three|four|five|ten)\s+(?:\w+\s+){0,2}(?:retries|retry attempts|re-?attempts|attempts)\b`),
		values: func(g []string, _ string) ([]string, bool) { return []string{numbered(g[1] + g[2])}, true }},
	{kind: PhraseBackoff, words: []string{"back"}, pattern: lazily(`(?i)\b(exponential|linear|fixed|constant|incremental|random)(?:ly)?\s+(?:\w+\s+)?back[\s-]?off`), values: lowered},

	{kind: PhraseLength, digits: true, words: []string{"character", "digit", "char"}, pattern: lazily(`(?i)\b(\d+)[\s-](?:character|char|digit)s?\s+((?:(?:upper|lower)[\s-]?case\s+)?(?:alphanumeric|hexadecimal|hex|numeric|letters?|digits?|string|token|code|identifier|id))\b`), values: allGroups},
	{kind: PhraseLength, digits: true, words: []string{"character", "char"}, pattern: lazily(`(?i)\b(\d+)\s+((?:(?:upper|lower)[\s-]?case\s+)?(?:alphanumeric|hexadecimal|hex|numeric))\s+(?:characters|chars)\b`), values: allGroups},
	{kind: PhraseMaxLength, digits: true, words: []string{"char", "byte"}, pattern: lazily(
		`(?i)\b(?:max(?:imum)?|up to|at most|no (?:more|longer) than|limit(?:ed to)?|not exceed(?:ing)?|within)\b[^.;\d]{0,24}(\d[\d,]*)\s*(?:unicode\s+)?(char(?:acter)?s?|bytes?)\b|\b(\d[\d,]*)[\s-]+(char(?:acter)?s?|bytes?)\s+(?:max(?:imum)?|limit|at most|or (?:less|fewer))`),
		values: func(g []string, _ string) ([]string, bool) {
			unit := "characters"
			if strings.HasPrefix(strings.ToLower(g[2]+g[4]), "byte") {
				unit = "bytes"
			}
			return []string{strings.ReplaceAll(g[1]+g[3], ",", ""), unit}, true
		}},
	{kind: PhraseRange, digits: true, words: []string{"range", "between", "from", "within"}, pattern: lazily(`(?i)\b(?:range|between|from|within)\b[^.;\d-]{0,12}` + number + `\s*(?:-|–|—|to|and|through|\.{2,3})\s*` + number), values: allGroups},
	{kind: PhraseMin, digits: true, words: []string{"min", "least", "or more"}, pattern: lazily(`(?i)\b(?:min(?:imum)?|at least|no (?:less|fewer) than)\b(?:\s+(?:value|of|is|number))*\s*[:=]?\s*` + number + `|\b` + number + `\s+or\s+more\b`), values: firstGroup},
	{kind: PhraseMax, digits: true, weak: true, words: []string{"max", "most", "up to", "more than", "exceed"}, pattern: lazily(`(?i)\b(?:max(?:imum)?|at most|up to|no more than|not exceed(?:ing)?)\b(?:\s+(?:value|of|is|number))*\s*[:=]?\s*` + number), values: firstGroup},
	{kind: PhraseDefault, digits: true, words: []string{"unless", "omitted", "left out"}, pattern: lazily(
		`(?i)\b` + number + `\s+(?:\w+\s+)?(?:unless\s+(?:you|it|otherwise|another|specified|given|set)|(?:if|when)\s+(?:it\s+is\s+)?(?:omitted|left out|absent|not (?:given|set|specified)))\b`), values: firstGroup},
	{kind: PhraseDefault, words: []string{"default"}, pattern: lazily(
		`(?i)\bdefault(?:s|ing)?(?:\s+value)?(?:\s*[:=]\s*|\s+(?:to|is|of)\s+)` + value + `|\bdefault\s+` + number + `|\b` + number + `\s+by\s+default\b|` + value + `\s+(?:is|being)\s+the\s+default|(?:^|[,:(|]\s*|\bor\s+)` + value + `\s*\(\s*default\s*\)`),
		values: firstGroup},
	{kind: PhraseDefault, weak: true, words: []string{"(default"}, pattern: lazily(`(?i)\(default\)`), values: func([]string, string) ([]string, bool) { return nil, true }},

	{kind: PhraseFormat, words: []string{"yyyy"}, pattern: lazily(`\b(?:yyyy|YYYY)[-/.]?[A-Za-z]{2}(?:[\w'’:./-]*[\w'’])?`), values: wholeMatch},
	{kind: PhraseFormat, words: []string{"iso", "rfc", "e.164", "unix"}, pattern: lazily(`(?i)\b(ISO)[\s-]?(8601|3166|4217)\b|\b(RFC)[\s-]?(\d{3,4})\b|\b(E)\.(164)\b|\b(unix|epoch) (timestamp|time|seconds|milliseconds)`), values: standard},
	{kind: PhraseFormat, words: []string{"alphanumeric to"}, pattern: lazily(`(?i)\b(alphanumeric)\s+to\s+(uuid)(?:\s*\(?(?:version|v)\s*(\d+)|\b)`), values: formatRange},
	{kind: PhraseFormat, weak: true, words: []string{"uuid"}, pattern: lazily(`\b(?i:uuid)(?:\s*\(?(?i:version|v)\s*(\d+)\b\)?|\b)`), values: uuidFormat},
	{kind: PhraseFormat, words: []string{"url", "https", "e-mail", "email"}, pattern: lazily(`\b(?:valid\s+|absolute\s+)?(HTTPS? UR[LI]|https? ur[li])\b|\bvalid (UR[LI]|e-?mail)\b`), values: firstGroup},
	{kind: PhraseMustBe, words: []string{"be ", "equal"}, pattern: lazily(`(?i)\b(?:must|has to|needs to|shall)\s+(?:always\s+)?(?:be|equal)\s+(?:set\s+to\s+|exactly\s+|the\s+(?:literal|string|value)\s+)?` + value + `(?:\s+(?:for|when|if|in)\b|\s*[.,;)]|\s*$)`), values: mustBe},

	{kind: PhraseSet, weak: true, words: []string{"="}, pattern: lazily(`\b([A-Za-z][\w.]*)\s?=\s?` + value), values: assigned},
	{kind: PhraseMeaning, words: []string{"for", "=", "mean", "stand", "when"}, pattern: lazily(`(?i)(?:^|[^\w.-])(true|false|\d)\s*(?:for|=|means|stands for|when|if)\s+([a-z][a-z/ -]*[a-z])`), values: meaning},
	{kind: PhraseMeaning, words: []string{"(0)", "(1)", "(true)", "(false)"}, pattern: lazily(`(?i)\b([a-z]+)\s+\((true|false|0|1)\)`), values: func(g []string, _ string) ([]string, bool) { return []string{g[2], strings.ToLower(g[1])}, true }},
	{kind: PhraseAlways, words: []string{"always"}, pattern: lazily("(?i)\\balways\\s+(?:set\\s+to\\s+|be\\s+|is\\s+|equals?\\s+)?[\"“`']?(null|true|false|empty|\\d+|[a-z]+_[a-z_]+|[A-Z]+_[A-Z_]+)\\b"), values: lowered},
	{kind: PhraseAlways, words: []string{" cases", " case"}, pattern: lazily("(?i)\\b(null|true|false|empty)[\"”'`]? in (?:all|every) cases?\\b"), values: lowered},
	{kind: PhraseNullable, words: []string{"null"}, pattern: lazily("(?i)\\b(?:may|can|might|could|will|is|are|usually|often|sometimes|or|either)\\b(?:\\s+also)?(?:\\s+be)?\\s+(?:usually\\s+|often\\s+)?[\"“`']?null\\b"), values: constant("null")},
	{kind: PhraseOrder, words: []string{"order", "sort", "arrange"}, pattern: lazily("(?i)\\b(?:order|sort|arrange)(?:ed|ing)?\\s+(?:by|on)\\s+[`\"]?([\\w.]+)[`\"]?(?:[,\\s]+(?:in\\s+)?(asc|desc)\\w*)?"), values: orderValues},
	{kind: PhraseOrder, weak: true, words: []string{"first", "ending order"}, pattern: lazily(`(?i)\b(newest|latest|most recent|oldest|earliest)(?:\s+\w+)?\s+first\b|\b(ascending|descending)\s+order\b`), values: firstOrder},
	{kind: PhraseOnce, words: []string{"once", "single-use", "single use"}, pattern: lazily(`(?i)\b(?:only|exactly|just)\s+once\b|\bonce\s+only\b|\bsingle[- ]use\b|\bonce,?\s+(?:at|during|when)\b`), values: constant("once")},
	{kind: PhraseExcluded, words: []string{"exclu", "includ", "left out", "omit", "never return"}, pattern: lazily(`(?i)\b(?:(?:is|are)\s+)?(?:excluded from|not included in|left out of|omitted from|never returned (?:in|by))\b(?:\s+the)?\s+\w+`), values: excluded},
	{kind: PhraseSet, words: []string{" to "}, pattern: lazily(`(?i)(?:\b([\w.]+)\s+(?:field\s+|value\s+)?(?:is|are|gets|becomes)\s+(?:automatically\s+|then\s+)?)?\b(?:set|switched|changed|switches|changes|reset)\s+to\s+` + value), values: allGroups},
	{kind: PhraseSet, weak: true, words: []string{"_"}, pattern: lazily(`\b([a-z]+_[a-z_]+)\s+(?:of\s+|is\s+)?([a-z]+_[a-z_]+)\b`), values: allGroups},
	{kind: PhraseSet, weak: true, words: []string{"type "}, pattern: lazily(`\b(?:as|of|with)\s+(type)\s+([a-z_]+)\b`), values: allGroups},
	{kind: PhraseBecomes, words: []string{"become", "replace", "instead of"}, pattern: lazily(`\b([a-z]\w*_\w+)\s+(?:becomes|is replaced (?:by|with)|turns into)\s+([a-z]\w*)`), values: allGroups},

	{kind: PhraseStatus, digits: true, weak: true, pattern: lazily(`\b([1-5]xx)\b|\b([1-5]\d\d)\b\s+(?:errors?|responses?|status|codes?|OK|Created|[A-Z][a-z]+(?:\s+[A-Z][a-z]+)*)|(?i:status|HTTP|code)s?\s+([1-5]\d\d)\b`), values: firstGroup},
	{kind: PhraseQuantity, digits: true, weak: true, pattern: lazily(`(?i)` + number + `(?:\s*[-–]\s*(\d+))?\+?\s*-?\s*(%|milliseconds?|ms\b|seconds?|minutes?|hours?|days?|weeks?|months?|items?|pages?|apps?|times\b|[KMG]i?B\b|bytes?|characters?|chars?|requests?|attempts?|retries|levels?|digits?|calls?)`), values: quantity},
	{kind: PhraseModal, words: []string{"must", "never", "always", "only", "can't", "cannot", "required", "should", "shall", "fail", "reject", "not "}, pattern: lazily(`(?i)\b(must not|must|never|not always|always|only|cannot|can't|required|should not|should|shall|may not|will fail|rejects?|rejected|will not|won't)\b`), values: lowered},
	{kind: PhraseName, weak: true, pattern: lazily(`\b(?:[a-z][a-z0-9]*(?:[_.][a-z0-9]+)*_[a-z0-9]+(?:[._][a-z0-9_]+)*|[a-z]+(?:[A-Z][a-z0-9]*)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+:[a-z]+(?::[a-z]+)*|[A-Z][a-z]+ID|x-[a-z-]+|X-[A-Za-z-]+)\b`), values: wholeMatch},
	{kind: PhraseName, weak: true, words: []string{`"`, "“"}, pattern: lazily(`["“]([\w-]+)["”]`), values: firstGroup},
	{kind: PhraseName, weak: true, pattern: lazily(`\b(?:HTTPS?|[A-Z][A-Za-z]+ \d+\.\d+)\b`), values: wholeMatch}, // HTTPS, OAuth 2.0
	{kind: PhraseNumber, digits: true, weak: true, pattern: lazily(`\b` + number + `\b`), values: firstGroup},
}
