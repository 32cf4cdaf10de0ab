package limit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The limits of the contract (heading "Rate Limiting").
const (
	General = "general"
	Close   = "close"
)

// longestWindow keeps `retry_after` within its documented 0 to 60 seconds.
const longestWindow = time.Minute

// Documented are the limits as the document has them.
func Documented() Rules {
	return Rules{
		General: {Requests: 60, Window: time.Minute},
		Close:   {Requests: 10, Window: time.Minute},
	}
}

// Parse reads `general=60/1m,close=10/1m`, or `off` for no limits. A limit that is not named stays as
// documented; empty text changes none.
func Parse(text string) (Rules, error) {
	if text == "off" {
		return Rules{}, nil
	}
	rules := Documented()
	if text == "" {
		return rules, nil
	}
	for entry := range strings.SplitSeq(text, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(entry), "=")
		if !found {
			return nil, fmt.Errorf("rate limit %q: expected NAME=REQUESTS/WINDOW, as in general=60/1m, or off", entry)
		}
		if _, known := rules[name]; !known {
			return nil, fmt.Errorf("rate limit %q: unknown limit %q: the limits are %s", entry, name, names(rules))
		}
		rule, err := parseRule(value)
		if err != nil {
			return nil, fmt.Errorf("rate limit %q: %w", entry, err)
		}
		rules[name] = rule
	}
	return rules, nil
}

func parseRule(text string) (Rule, error) {
	number, window, found := strings.Cut(text, "/")
	if !found {
		return Rule{}, fmt.Errorf("expected REQUESTS/WINDOW, as in 60/1m, not %q", text)
	}
	requests, err := strconv.Atoi(number)
	if err != nil || requests < 1 {
		return Rule{}, fmt.Errorf("expected a whole number of requests above zero, not %q", number)
	}
	length, err := time.ParseDuration(window)
	if err != nil || length <= 0 || length > longestWindow {
		return Rule{}, fmt.Errorf("expected a window above zero and up to %s, not %q", longestWindow, window)
	}
	return Rule{Requests: requests, Window: length}, nil
}

// String is the text that Parse reads back.
func (r Rules) String() string {
	if len(r) == 0 {
		return "off"
	}
	entries := make([]string, 0, len(r))
	for _, name := range slices.Sorted(maps.Keys(r)) {
		entries = append(entries, fmt.Sprintf("%s=%d/%s", name, r[name].Requests, r[name].Window))
	}
	return strings.Join(entries, ",")
}

func names(rules Rules) string {
	return strings.Join(slices.Sorted(maps.Keys(rules)), ", ")
}
