package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-contracts/parley/openapi"
)

// limitWords is a rate: "60 requests per minute", "ten calls are allowed every 60 seconds", "60 requests/min".
var limitWords = lazily(`(?i)\b(\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty|sixty|hundred)\s+([a-z]+)` +
	`(?:\s+(?:are|is|can|may|be|allowed|permitted|possible|accepted|made|sent)){0,3}(?:\s+(?:per|an?|each|every|in\s+an?|within\s+an?)\s+|\s*/\s*)((?:(?:\d+|one|two|five|ten|thirty|sixty)\s+)?[a-z]\w*)`)

// periods are the units that a limit may be per.
var periods = map[string]time.Duration{
	"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour,
}

// shortPeriods are what units are cut to.
var shortPeriods = map[string]string{"s": "second", "sec": "second", "min": "minute", "m": "minute", "h": "hour", "hr": "hour", "d": "day"}

// periodOf reads "minute", "min" or "60 seconds"; 0 is none.
func periodOf(text string) time.Duration {
	number, unit, counted := strings.Cut(strings.ToLower(text), " ")
	if !counted {
		number, unit = "1", number
	}
	unit = stem(strings.TrimSpace(unit))
	if long := shortPeriods[unit]; long != "" {
		unit = long
	}
	return time.Duration(numberOf(number)) * periods[unit]
}

// limitSaid judges a sentence that states a rate limit, or advice how fast to go.
func (p *proof) limitSaid(s *part, sentence string, from, to int) {
	if len(p.Limits) == 0 || !containsAny(sentence, "econd", "inute", "our", "day", "/", "sec", "min") {
		return
	}
	p.adviceSaid(s, sentence, from, to)
	m := limitWords().FindStringSubmatch(sentence)
	if m == nil {
		return
	}
	per := periodOf(m[3])
	requests := numberOf(m[1])
	noun := strings.ToLower(m[2])
	counts := slices.Contains([]string{"request", "call"}, stem(noun))
	of, stated := p.limitOf(s, requests, per)
	states := limiting().MatchString(sentence) || limiting().MatchString(s.Heading) || strings.HasPrefix(sentence, m[0])
	switch {
	case of == nil && counts && states:
		p.unknownLimits = append(p.unknownLimits, p.find(s.Section, from, to, m[0]))
		return
	case of == nil, !counts && nearest(noun, []string{"requests", "request", "calls"}) == "":
		return
	case !states && !stated:
		return // a number of requests, and no limit
	}
	at := p.find(s.Section, from, to, m[1])
	value := fmt.Sprintf("%s %s per %s", m[1], m[2], m[3])
	contract := fmt.Sprintf("%d requests per %s", of.Requests, periodName(of.Per))
	p.matched++
	p.says("limit "+of.Name, "limit", "limit", fmt.Sprintf("%d per %s", requests, saidPeriod(per, m[3])), at)
	p.countedSaid(s, sentence, from, to)
	if !counts || requests != of.Requests || per != of.Per {
		p.drift("limit-drift", at, "limit "+of.Name, "the document has "+value+", the contract "+contract, value, contract)
	}
}

// numberOf reads a number in digits or as a word.
func numberOf(text string) int {
	if digits := numberWords[strings.ToLower(text)]; digits != "" {
		text = digits
	}
	n, _ := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	return n
}

// saidPeriod is a period's name, or how it was written where it has none.
func saidPeriod(per time.Duration, written string) string {
	if per == 0 {
		return stem(strings.ToLower(written))
	}
	return periodName(per)
}

func periodName(d time.Duration) string {
	for name, period := range periods {
		if period == d {
			return name
		}
	}
	return d.String()
}

// countedSaid judges whom a limit counts.
func (p *proof) countedSaid(s *part, sentence string, from, to int) {
	for _, phrase := range Phrases(sentence) {
		if phrase.Kind != PhraseLimit || phrase.Values[3] == "" {
			continue
		}
		for _, f := range p.Contract.facts {
			if f.Kind == "who a limit counts" && !states(tokensOf(phrase.Values[3]), f.says[0]) {
				p.drift("limit-drift", p.find(s.Section, from, to, phrase.Values[3]), f.requirement,
					"the limit counts each "+phrase.Values[3]+", in the contract "+f.Value, phrase.Values[3], f.Value)
			}
		}
	}
}

// limiting are the words of a sentence or heading that states a limit.
var limiting = lazily(`(?i)\b(?:limit\w*|rate|quota|throttl\w+|allow\w*|permit\w*|at most|up to|maximum|max|no more than|not exceed\w*)\b`)

// limitOf is the limit that a section states: by its operation, by its heading, or by the number where the heading was
// renamed. same tells that it is just that limit.
func (p *proof) limitOf(s *part, requests int, per time.Duration) (of *openapi.Limit, same bool) {
	of = p.limitMeant(s, requests, per)
	return of, of != nil && of.Requests == requests && of.Per == per
}

func (p *proof) limitMeant(s *part, requests int, per time.Duration) *openapi.Limit {
	title := titleWords(s.Heading)
	if s.subject != nil && s.about && s.subject.operation != nil {
		return p.limitNamed(s.subject.operation.Limit)
	}
	for i := range p.Limits {
		if slices.Contains(title, strings.ToLower(p.Limits[i].Name)) {
			return &p.Limits[i]
		}
	}
	for i := range p.Limits {
		if p.Limits[i].Requests == requests && p.Limits[i].Per == per {
			return &p.Limits[i]
		}
	}
	if slices.Contains(title, "limit") || slices.Contains(title, "limiting") || slices.Contains(title, "rate") {
		for i := range p.Limits { // one of the contract's is meant: the one with the unit or number
			if p.Limits[i].Requests == requests {
				return &p.Limits[i]
			}
		}
		return &p.Limits[0]
	}
	return nil
}

func (p *proof) limitNamed(name string) *openapi.Limit {
	for i := range p.Limits {
		if p.Limits[i].Name == name {
			return &p.Limits[i]
		}
	}
	return nil
}

var adviceWords = lazily(`(?i)\b(?:(\d+)\s*[-–—]\s*)?(\d+)[\s-]*(second|minute|hour)s?\b`)

// adviceSaid holds advice on how long to wait between calls of an operation to the operation's own limit: who follows it
// must not run into that.
func (p *proof) adviceSaid(s *part, sentence string, from, to int) {
	lower := strings.ToLower(sentence)
	if !strings.Contains(lower, "between") && !strings.Contains(lower, "after each") {
		return
	}
	m := adviceWords().FindStringSubmatch(sentence)
	if m == nil {
		return
	}
	for _, subject := range p.subjects {
		if subject.operation == nil || subject.operation.Limit == "" || !strings.Contains(lower, strings.ToLower(subject.heading)) {
			continue
		}
		limit := p.limitNamed(subject.operation.Limit)
		longest, _ := strconv.Atoi(m[2])
		wait := time.Duration(longest) * periods[strings.ToLower(m[3])]
		if limit == nil || wait*time.Duration(limit.Requests) >= limit.Per {
			continue
		}
		advice := m[2] + " " + strings.ToLower(m[3])
		if m[1] != "" {
			advice = m[1] + "-" + advice
		}
		at := p.find(s.Section, from, to, m[0])
		p.contradiction("advice-breaks-limit", at, spot{}, subject.id,
			fmt.Sprintf("%s between calls are too few for %d requests per %s", advice, limit.Requests, periodName(limit.Per)),
			advice, fmt.Sprintf("%d per %s", limit.Requests, periodName(limit.Per)))
	}
}

// unlimited reports the limits of the contract that the document does not state.
func (p *proof) unlimited() {
	for i := range p.Limits {
		limit := &p.Limits[i]
		if p.matched > 0 && !p.claimed("limit "+limit.Name, "limit") {
			contract := fmt.Sprintf("%d requests per %s", limit.Requests, periodName(limit.Per))
			at := spot{} // another limit that is stated is likely this one
			if len(p.unknownLimits) > 0 {
				at = p.unknownLimits[0]
			}
			p.drift("limit-missing", at, "limit "+limit.Name, "the document states no limit "+limit.Name+", the contract has "+contract, "none", contract)
		}
	}
}
