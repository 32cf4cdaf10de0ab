package document

import (
	"strings"
)

func wholeMatch(groups []string, _ string) ([]string, bool) { return []string{groups[0]}, true }

// template keeps the braces of one that does not close: that is what there is to say about it.
func template(groups []string, _ string) ([]string, bool) {
	begin := strings.Index(groups[0], "{{")
	inner, _, closed := strings.Cut(groups[0][begin+2:], "}}")
	if !closed {
		return []string{groups[0]}, true
	}
	return []string{strings.TrimSpace(inner)}, true
}

// counted is who a limit counts, where that is said before it: "For each connected account, 60 calls a minute".
var counted = lazily(`(?i)\b(?:for\s+(?:each|every)|per|each|every)\s+((?:connected\s+|authenticated\s+)?(?:account|user|token|organization|workspace|client|key|app|address|IP))\b[^.]*$`)

func limitValues(groups []string, before string) ([]string, bool) {
	unit := singular(groups[2])
	if unit == "" || unit == "call" || unit == "time" {
		unit = "request" // "60 calls a minute" and "60 per minute" say the same
	}
	period := strings.ToLower(oneLine(groups[3]))
	if period == "60 second" {
		period = "minute"
	}
	who := groups[4]
	if m := counted().FindStringSubmatch(before); who == "" && m != nil {
		who = m[1]
	}
	return []string{strings.ReplaceAll(groups[1], ",", ""), unit, period, strings.ToLower(oneLine(who))}, true
}

func standard(groups []string, _ string) ([]string, bool) {
	switch {
	case groups[1] != "":
		return []string{"ISO " + groups[2]}, true
	case groups[3] != "":
		return []string{"RFC " + groups[4]}, true
	case groups[5] != "":
		return []string{"E.164"}, true
	}
	return []string{"unix time"}, true
}

func uuidFormat(groups []string, _ string) ([]string, bool) {
	if groups[1] == "" {
		if groups[0] != "UUID" {
			return nil, false // a field's name
		}
		return []string{"UUID"}, true
	}
	return []string{"UUID v" + groups[1]}, true
}

// formatRange are the ends of "from alphanumeric to UUID v4".
func formatRange(groups []string, _ string) ([]string, bool) {
	to := "UUID"
	if groups[3] != "" {
		to += " v" + groups[3]
	}
	return []string{strings.ToLower(groups[1]), to}, true
}

// assigned leaves what a value means: "true = open".
func assigned(groups []string, before string) ([]string, bool) {
	name := strings.ToLower(groups[1])
	values, _ := allGroups(groups, before)
	return values, name != "true" && name != "false"
}

// mustBe leaves what is a quality, not a value: "must be unique".
func mustBe(groups []string, _ string) ([]string, bool) {
	word := groups[1]
	switch strings.ToLower(word) {
	case "a", "an", "the", "one", "unique", "valid", "present", "empty", "enabled", "sent", "made", "used", "given", "at", "in", "between":
		return nil, false
	}
	return []string{word}, !strings.HasSuffix(word, "ed")
}

// meaning ends before words that say what the value is used for, not what it means.
func meaning(groups []string, _ string) ([]string, bool) {
	text := strings.ToLower(oneLine(groups[2]))
	for _, stop := range []string{" and ", " or ", " in "} {
		text, _, _ = strings.Cut(text, stop)
	}
	return []string{strings.ToLower(groups[1]), text}, text != ""
}

func direction(word string) string {
	switch strings.ToLower(word) {
	case "asc", "ascending", "oldest", "earliest":
		return "ascending"
	case "":
		return ""
	}
	return "descending"
}

func orderValues(groups []string, _ string) ([]string, bool) {
	return []string{groups[1], direction(groups[2])}, true
}

func firstOrder(groups []string, _ string) ([]string, bool) {
	return []string{"", direction(groups[1] + groups[2])}, true
}

var wireName = lazily(`\b[a-z]\w*_\w+\b`)

// excluded is said of the last wire name before it.
func excluded(_ []string, before string) ([]string, bool) {
	names := wireName().FindAllString(before[max(0, len(before)-200):], -1)
	if len(names) == 0 {
		return []string{""}, true
	}
	return []string{names[len(names)-1]}, true
}

func quantity(groups []string, _ string) ([]string, bool) {
	amount := strings.ReplaceAll(groups[1], ",", "")
	if groups[2] != "" {
		amount += "-" + groups[2]
	}
	return []string{amount, singular(groups[3])}, true
}

// statesQuantity tells whether a line states a limit, retries or a quantity, and so is no heading.
func statesQuantity(text string) bool {
	lower := strings.ToLower(text)
	if containsAny(lower, "sec", "min", "hour", "day") {
		if m := limitWords().FindStringSubmatch(text); m != nil && periodOf(m[3]) > 0 {
			return true
		}
	}
	for i := range phraseForms {
		form := &phraseForms[i]
		if form.kind != PhraseLimit && form.kind != PhraseRetries && form.kind != PhraseQuantity {
			continue
		}
		if form.possible(lower) && form.pattern().MatchString(text) {
			return true
		}
	}
	return false
}
