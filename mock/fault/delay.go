package fault

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Delay holds back every answer of an operation. It is a rule in the shortest form that --latency takes.
type Delay struct {
	Operation string // its short name or ID, or Every
	Latency   Spread
}

// ParseDelay reads OPERATION=DURATION.
func ParseDelay(text string) (Delay, error) {
	operation, value, found := strings.Cut(text, "=")
	if !found || operation == "" {
		return Delay{}, fmt.Errorf("latency %.80q: expected OPERATION=DURATION, as in list=200ms", text)
	}
	latency, err := parseSpread(value, longestLatency)
	if err != nil {
		return Delay{}, fmt.Errorf("latency %.80q: %w", text, err)
	}
	return Delay{Operation: operation, Latency: latency}, nil
}

// String is the text that ParseDelay reads.
func (d Delay) String() string { return d.Operation + "=" + d.Latency.String() }

// UnmarshalJSON reads a string of the text.
func (d *Delay) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return fmt.Errorf("latency: expected a string, as in list=200ms, not %.40s", data)
	}
	var err error
	*d, err = ParseDelay(text)
	return err
}

// MarshalJSON writes a string of the text.
func (d Delay) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

func (d Delay) rule() Rule {
	return Rule{Match: Match{Operation: d.Operation}, Act: Act{Latency: d.Latency}}
}

// ParseAll reads rules and delays as they stand on the command line.
func ParseAll(faults, latencies []string) (rules []Rule, delays []Delay, err error) {
	for _, text := range faults {
		rule, err := ParseRule(text)
		if err != nil {
			return nil, nil, err
		}
		rules = append(rules, rule)
	}
	for _, text := range latencies {
		delay, err := ParseDelay(text)
		if err != nil {
			return nil, nil, err
		}
		delays = append(delays, delay)
	}
	return rules, delays, nil
}
