package fault

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/parley-contracts/parley/openapi/nearest"
)

// part is the half of a rule that a key stands in.
type part int

const (
	inMatch part = iota
	inAct
)

func (p part) String() string { return [...]string{"match", "act"}[p] }

// side is what a key is about.
type side int

const (
	both side = iota
	requests
	deliveries
)

// field is one key of a rule. Its value is read from text and written as text, whatever form the rule came in.
type field struct {
	part part
	side side
	key  string
	set  func(r *Rule, value string) error
	get  func(r *Rule) string // "" when nothing is said
}

// fields are all keys whose value is one word or number, in the order in which they are written; header and body of
// Match hold several and stand in JSON alone.
var fields = []field{
	word(inMatch, requests, "operation", func(r *Rule) *string { return &r.Match.Operation }),
	word(inMatch, requests, "path", func(r *Rule) *string { return &r.Match.Path }),
	{inMatch, requests, "grant", setGrant, func(r *Rule) string { return r.Match.Grant }},
	word(inMatch, deliveries, "event", func(r *Rule) *string { return &r.Match.Event }),
	word(inMatch, deliveries, "subscription", func(r *Rule) *string { return &r.Match.Subscription }),
	word(inMatch, deliveries, "target", func(r *Rule) *string { return &r.Match.Target }),
	count(inMatch, deliveries, "attempt", 100, func(r *Rule) *int { return &r.Match.Attempt }),
	count(inMatch, both, "after", math.MaxInt32, func(r *Rule) *int { return &r.Match.After }),
	count(inMatch, both, "first", math.MaxInt32, func(r *Rule) *int { return &r.Match.First }),
	count(inMatch, both, "nth", math.MaxInt32, func(r *Rule) *int { return &r.Match.Nth }),
	count(inMatch, both, "every", math.MaxInt32, func(r *Rule) *int { return &r.Match.Every }),
	{inMatch, both, "probability", setProbability, func(r *Rule) string {
		if r.Match.Probability == 0 {
			return ""
		}
		return strconv.FormatFloat(r.Match.Probability, 'g', -1, 64)
	}},

	{inAct, requests, "status", setStatus, func(r *Rule) string { return unlessZero(r.Act.Status) }},
	word(inAct, requests, "example", func(r *Rule) *string { return &r.Act.Example }),
	{inAct, requests, "retry_after", setRetryAfter, func(r *Rule) string {
		if r.Act.RetryAfter == nil {
			return ""
		}
		return strconv.Itoa(*r.Act.RetryAfter)
	}},
	spread(requests, "latency", longestLatency, func(r *Rule) *Spread { return &r.Act.Latency }),
	duration(requests, "slow_body", longestLatency, "", 0, func(r *Rule) *time.Duration { return &r.Act.SlowBody }),
	choice(requests, "body", func(r *Rule) *string { return &r.Act.Body }, "truncated", "empty"),
	duration(requests, "timeout", longestLatency, "true", timeoutByDefault, func(r *Rule) *time.Duration { return &r.Act.Timeout }),
	choice(both, "drop", func(r *Rule) *string { return &r.Act.Drop }, "true", Before, After),
	spread(deliveries, "delay", longestDelay, func(r *Rule) *Spread { return &r.Act.Delay }),
	flag("reorder", func(r *Rule) *bool { return &r.Act.Reorder }),
	copies("duplicate", func(r *Rule) *int { return &r.Act.Duplicate }),
	flag("together", func(r *Rule) *bool { return &r.Act.Together }),
	spread(deliveries, "repeat", longestDelay, func(r *Rule) *Spread { return &r.Act.Repeat }),
	choice(deliveries, "signature", func(r *Rule) *string { return &r.Act.Signature }, "bad"),
	duration(deliveries, "timestamp", longestDelay, "old", oldSignature, func(r *Rule) *time.Duration { return &r.Act.Timestamp }),
}

// numeric tells whether the value is a number wherever it is written.
func (f field) numeric() bool {
	switch f.key {
	case "attempt", "after", "first", "nth", "every", "probability", "status", "retry_after", "duplicate":
		return true
	}
	return false
}

// keysOf lists the keys of a half.
func keysOf(p part) (keys []string) {
	for _, f := range fields {
		if f.part == p {
			keys = append(keys, f.key)
		}
	}
	if p == inMatch {
		keys = append(keys, "header", "body")
	}
	return keys
}

// fieldOf finds a key of a half; an unknown one is an error that names the nearest.
func fieldOf(p part, key string) (field, error) {
	for _, f := range fields {
		if f.part == p && f.key == key {
			return f, nil
		}
	}
	return field{}, unknown("key of "+p.String(), key, keysOf(p))
}

func word(p part, s side, key string, at func(*Rule) *string) field {
	return field{p, s, key, func(r *Rule, value string) error {
		if value == "" {
			return fmt.Errorf("%s: expected a value", key)
		}
		*at(r) = value
		return nil
	}, func(r *Rule) string { return *at(r) }}
}

func choice(s side, key string, at func(*Rule) *string, values ...string) field {
	return field{inAct, s, key, func(r *Rule, value string) error {
		for _, v := range values {
			if value == v {
				*at(r) = value
				return nil
			}
		}
		return fmt.Errorf("%s: %w", key, unknown("value", value, values))
	}, func(r *Rule) string { return *at(r) }}
}

func count(p part, s side, key string, most int, at func(*Rule) *int) field {
	return field{p, s, key, func(r *Rule, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > most {
			return fmt.Errorf("%s: expected a whole number from 1 to %d, not %.40q", key, most, value)
		}
		*at(r) = n
		return nil
	}, func(r *Rule) string { return unlessZero(*at(r)) }}
}

// copies is a count for which true means one.
func copies(key string, at func(*Rule) *int) field {
	f := count(inAct, deliveries, key, mostCopies, at)
	return field{f.part, f.side, f.key, func(r *Rule, value string) error {
		if value == "true" {
			value = "1"
		}
		return f.set(r, value)
	}, f.get}
}

func flag(key string, at func(*Rule) *bool) field {
	return field{inAct, deliveries, key, func(r *Rule, value string) error {
		if value != "true" {
			return fmt.Errorf("%s: expected true, not %.40q", key, value)
		}
		*at(r) = true
		return nil
	}, func(r *Rule) string {
		if *at(r) {
			return "true"
		}
		return ""
	}}
}

func spread(s side, key string, most time.Duration, at func(*Rule) *Spread) field {
	return field{inAct, s, key, func(r *Rule, value string) (err error) {
		if *at(r), err = parseSpread(value, most); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		return nil
	}, func(r *Rule) string { return at(r).String() }}
}

// duration is a length for which a word may stand.
func duration(s side, key string, most time.Duration, word string, meaning time.Duration, at func(*Rule) *time.Duration) field {
	return field{inAct, s, key, func(r *Rule, value string) error {
		if word != "" && value == word {
			*at(r) = meaning
			return nil
		}
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 || d > most {
			return fmt.Errorf("%s: expected a duration above zero and up to %s, not %.40q", key, most, value)
		}
		*at(r) = d
		return nil
	}, func(r *Rule) string {
		if *at(r) == 0 {
			return ""
		}
		return at(r).String()
	}}
}

func setStatus(r *Rule, value string) error {
	status, err := strconv.Atoi(value)
	if err != nil || status < 400 || status > 599 {
		return fmt.Errorf("expected a status from 400 to 599, not %.40q", value)
	}
	r.Act.Status = status
	return nil
}

// setGrant takes the words for grants, and ids; what is nearly one of the words is no id.
func setGrant(r *Rule, value string) error {
	words := []string{"main", "issued", "none"}
	if meant, ok := nearest.Name(value, words); value == "" || ok && meant != value {
		return fmt.Errorf("grant: %w", unknown("grant", value, words))
	}
	r.Match.Grant = value
	return nil
}

func setRetryAfter(r *Rule, value string) error {
	seconds, err := strconv.Atoi(value)
	if err != nil || seconds < 0 || seconds > longestRetryAfter {
		return fmt.Errorf("retry_after: expected 0 to %d seconds, not %.40q", longestRetryAfter, value)
	}
	r.Act.RetryAfter = &seconds
	return nil
}

func setProbability(r *Rule, value string) error {
	p, err := strconv.ParseFloat(value, 64)
	if err != nil || !(p > 0 && p <= 1) {
		return fmt.Errorf("expected a probability above 0 and up to 1, not %.40q", value)
	}
	r.Match.Probability = p
	return nil
}

func unlessZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// unknown says that a name is none, and which one was meant or which there are.
func unknown(kind, name string, names []string) error {
	if close, ok := nearest.Name(name, names); ok {
		return fmt.Errorf("unknown %s %.40q: did you mean %s?", kind, name, close)
	}
	return fmt.Errorf("unknown %s %.40q: there is %s", kind, name, strings.Join(names, ", "))
}
