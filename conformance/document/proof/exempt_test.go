package proof

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An exemption is a class of changes that say nothing about the contract: a document with any of them is as true as it
// was before.
type exemption struct {
	reason string
	covers func(m mutation) bool
}

func exemptionFor(m mutation) string {
	for _, e := range exemptions {
		if e.covers(m) {
			return e.reason
		}
	}
	return ""
}

var (
	ordinal     = regexp.MustCompile(`^(\s*\d+\. |Scenario \d+:)`)
	marketing   = regexp.MustCompile(`\d,\d{3}\+`)
	threshold   = regexp.MustCompile(`\b\d+ hours\b`)
	placeholder = regexp.MustCompile(`\bYOUR_[A-Z_]+\b`)
	makes       = regexp.MustCompile(`\b\w+\(`) // a function of Make's: formatDate(), replace()
	person      = regexp.MustCompile(`^given\w*Number$`)
	glued       = regexp.MustCompile(`ISO \d{4}\d{4}-`)
	notUnder    = regexp.MustCompile(`not under /[\w/]+`)
	runOnce     = regexp.MustCompile(`\bRun once\b`)
	versus      = regexp.MustCompile(`\bvs\b`)
	bounded     = regexp.MustCompile(`[?&](per_page|limit)=(\d+)`)
)

// nullable are the members of examples that the contract lets be null, by the readings that say so.
var nullable = []string{
	".responder_type",                                             // null for a guest's message
	".email",                                                      // AL-53
	"chat_user.name", "chat_user.email", "chat_user.country_code", // AL-40, AL-42
}

var exemptions = []exemption{
	{"a message that a scenario composes", func(m mutation) bool { return m.line.place == message }},
	{"text that a scenario sends to a customer, or the name of a button", func(m mutation) bool {
		return m.line.place.said() && strings.Count(m.line.text[:m.from-m.line.start], `"`)%2 == 1
	}},
	{"the ordinal of a step or a scenario", func(m mutation) bool {
		at := ordinal.FindStringIndex(m.line.text)
		return m.class == "number" && at != nil && m.from-m.line.start < at[1]
	}},
	{"how many apps there are", func(m mutation) bool { return m.class == "number" && m.line.place.said() && within(m, marketing) }},
	{"for how long a conversation of a scenario is idle", func(m mutation) bool {
		return (m.class == "number" || m.class == "unit") && m.line.place.said() && within(m, threshold)
	}},
	{"a placeholder for a token", func(m mutation) bool { return m.class == "name" && within(m, placeholder) }},
	{"null where the contract admits it", func(m mutation) bool {
		return m.class == "nulled" && slices.Contains(nullable, m.member.within+"."+m.member.name)
	}},
	{"what a scenario is good for", func(m mutation) bool { return m.class == "fact" && m.line.place == pitch }},
	{"when a scenario does something", func(m mutation) bool {
		return m.class == "fact" && (m.value == "after" || m.value == "before") && m.line.place.said()
	}},
	{"either spelling (IB-11)", func(m mutation) bool { return m.class == "name" && m.value == "messageId" && m.text == "messageid" }},
	{"a name of the document that is none of the API's", func(m mutation) bool {
		return m.class == "name" && m.value == "authenticationData"
	}},
	{"a function of Make", func(m mutation) bool { return m.class == "name" && within(m, makes) }},
	{"another id, date, name or text in an example", func(m mutation) bool {
		return m.class == "number" && (m.line.place == example && inString(m) || date.MatchString(m.value))
	}},
	{"another sender or recipient in an example (IB-29)", func(m mutation) bool {
		return m.class == "name" && m.line.place == example && person.MatchString(m.value)
	}},
	{"another country of a person in an example (AL-40)", func(m mutation) bool {
		return m.class == "value" && m.member.name == "country_code"
	}},
	{"another way by which a message came, which is open (AL-48)", func(m mutation) bool {
		return m.class == "value" && m.member.name == "via"
	}},
	{"another type of a message's content, which is open (IB-32)", func(m mutation) bool {
		return m.class == "value" && m.member.within == "content"
	}},
	{"another address in an example, which is not the API's", func(m mutation) bool {
		return m.line.place == example && (m.class == "path" || m.class == "host") && strings.Contains(m.line.text, `"https://hook.`)
	}},
	{"a number that runs into the date behind it, where a row lost its separators", func(m mutation) bool {
		return m.class == "number" && within(m, glued)
	}},
	{"what the token endpoint is not under, which it is not either way", func(m mutation) bool {
		return m.class == "path" && within(m, notUnder)
	}},
	{"the name of a button of Make", func(m mutation) bool { return m.class == "fact" && within(m, runOnce) }},
	{"a page for people", func(m mutation) bool {
		return m.class == "path" && m.line.place.said() && strings.Contains(m.line.text, "https://app.")
	}},
	{"what a scenario counts", func(m mutation) bool {
		return m.class == "fact" && m.line.place.said() && versus.MatchString(m.line.text)
	}},
	{"another id in the path of an example", func(m mutation) bool {
		return m.line.place == command && (m.class == "number" || m.class == "path") && opaqueId(m.value)
	}},
	{"a page size as good as the one before, in an example", func(m mutation) bool {
		return m.class == "number" && m.line.place == command && withinBounds(m)
	}},
}

// within tells whether the change falls into a match of the expression.
func within(m mutation, expression *regexp.Regexp) bool {
	for _, at := range expression.FindAllStringIndex(m.line.text, -1) {
		if at[0] <= m.from-m.line.start && m.to-m.line.start <= at[1] {
			return true
		}
	}
	return false
}

// inString tells whether the change is in a string that is a member's value.
func inString(m mutation) bool {
	before := m.line.text[:m.from-m.line.start]
	return strings.Count(before, `"`)%2 == 1 && strings.Contains(before, `":`)
}

func opaqueId(word string) bool {
	return uuid.MatchString(word) || opaque.MatchString(word) && !version.MatchString(word)
}

// withinBounds tells whether a page size is as good after the change as before.
func withinBounds(m mutation) bool {
	bounds := map[string][2]int{"per_page": {10, 100}, "limit": {1, 10}}
	for _, at := range bounded.FindAllStringSubmatchIndex(m.line.text, -1) {
		if at[4] == m.from-m.line.start {
			n, _ := strconv.Atoi(m.text)
			bound := bounds[m.line.text[at[2]:at[3]]]
			return bound[0] <= n && n <= bound[1]
		}
	}
	return false
}
