package fault

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/nearest"
)

// everyOperation names all operations in a rule.
const everyOperation = "*"

// longestLatency bounds a delay: longer ones are a hung server, which is another fault.
const longestLatency = 5 * time.Minute

// Rule lets some requests of an operation fail.
type Rule struct {
	Operation   string  // its short name or ID, or "*" for all
	Status      int     // one that the contract has for it
	Probability float64 // above 0, up to 1
}

// Delay holds back every answer of an operation.
type Delay struct {
	Operation string // its short name or ID, or "*" for all
	Latency   time.Duration
}

// ParseRule reads OPERATION=STATUS or OPERATION=STATUS:PROBABILITY. Whether there is such an operation and
// status is checked when the rule is put in force.
func ParseRule(text string) (Rule, error) {
	operation, value, found := strings.Cut(text, "=")
	if !found || operation == "" {
		return Rule{}, fmt.Errorf("fault %q: expected OPERATION=STATUS:PROBABILITY, as in reply=503:0.1", text)
	}
	status, chance, limited := strings.Cut(value, ":")
	code, err := strconv.Atoi(status)
	if err != nil || code < 400 || code > 599 {
		return Rule{}, fmt.Errorf("fault %q: expected a status from 400 to 599, not %q", text, status)
	}
	rule := Rule{Operation: operation, Status: code, Probability: 1}
	if limited {
		rule.Probability, err = strconv.ParseFloat(chance, 64)
		if err != nil || !(rule.Probability > 0 && rule.Probability <= 1) {
			return Rule{}, fmt.Errorf("fault %q: expected a probability above 0 and up to 1, not %q", text, chance)
		}
	}
	return rule, nil
}

// String is the text that ParseRule reads.
func (r Rule) String() string {
	return fmt.Sprintf("%s=%d:%s", r.Operation, r.Status, strconv.FormatFloat(r.Probability, 'g', -1, 64))
}

// ParseDelay reads OPERATION=DURATION.
func ParseDelay(text string) (Delay, error) {
	operation, value, found := strings.Cut(text, "=")
	if !found || operation == "" {
		return Delay{}, fmt.Errorf("latency %q: expected OPERATION=DURATION, as in list=200ms", text)
	}
	latency, err := time.ParseDuration(value)
	if err != nil || latency <= 0 || latency > longestLatency {
		return Delay{}, fmt.Errorf("latency %q: expected a duration above zero and up to %s, not %q", text, longestLatency, value)
	}
	return Delay{Operation: operation, Latency: latency}, nil
}

// String is the text that ParseDelay reads.
func (d Delay) String() string { return d.Operation + "=" + d.Latency.String() }

// ParseAll reads rules and delays as they stand on the command line or in a request to the control API.
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

// named finds the operations that a rule names.
func (f *Faults) named(name string) ([]*openapi.Operation, error) {
	var found []*openapi.Operation
	var names []string
	for i := range f.operations {
		op := &f.operations[i]
		if name == everyOperation || name == op.Short || name == op.ID {
			found = append(found, op)
		}
		names = append(names, op.Short)
	}
	if len(found) > 0 {
		return found, nil
	}
	if close, ok := nearest.Name(name, names); ok {
		return nil, fmt.Errorf("unknown operation %q: did you mean %s?", name, close)
	}
	return nil, fmt.Errorf("unknown operation %q: the operations are %s, and * for all", name, strings.Join(names, ", "))
}

func unknownStatus(rule Rule, operations []*openapi.Operation) error {
	var known []string
	for _, e := range operations[0].Errors {
		known = append(known, strconv.Itoa(e.Status))
	}
	return fmt.Errorf("fault %s: the contract has no %d for it: it has %s", rule, rule.Status, strings.Join(known, ", "))
}
