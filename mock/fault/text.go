package fault

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// allEvents names every event in a rule's text, where * is every operation.
const allEvents = "deliveries"

// ParseRule reads a rule as text, SUBJECT=ACT or SUBJECT=ACT:CONDITIONS, or as a JSON object. Whether there is such an
// operation or event, with such an error, is checked when the rule is put in force.
func ParseRule(text string) (Rule, error) {
	r, err := parseRule(text)
	if err != nil {
		return Rule{}, fmt.Errorf("fault %s: %w", quoted(text), err)
	}
	return r, nil
}

// quoted is a rule as an error names it, on one line and not too long of it.
func quoted(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "{") { // its own quotes are enough
		return fmt.Sprintf("%.100s", strings.Join(strings.Fields(text), " "))
	}
	return fmt.Sprintf("%.80q", text)
}

func parseRule(text string) (r Rule, err error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return r, r.decode([]byte(text))
	}
	subject, rest, found := strings.Cut(text, "=")
	if !found || subject == "" {
		return r, fmt.Errorf("expected OPERATION=STATUS:PROBABILITY, as in reply=503:0.1, EVENT=ACT, or a JSON object with match and act")
	}
	switch {
	case subject == allEvents:
		r.Match.Event = Every
	case strings.Contains(subject, "_"): // as in the name of every event, and of no operation
		r.Match.Event = subject
	default:
		r.Match.Operation = subject
	}
	act, conditions, conditional := strings.Cut(rest, ":")
	if err := r.parse(inAct, act, "status"); err != nil {
		return r, err
	}
	if conditional {
		if err := r.parse(inMatch, conditions, "probability"); err != nil {
			return r, err
		}
	}
	return r, r.complete()
}

// parse reads a half of a rule: key=value, or key alone for key=true, parted by commas. A number alone is the value of
// the key that is meant most often.
func (r *Rule) parse(p part, text, usual string) error {
	seen := map[string]bool{}
	for item := range strings.SplitSeq(text, ",") {
		key, value, found := strings.Cut(strings.TrimSpace(item), "=")
		if !found {
			value = "true"
			if _, err := strconv.ParseFloat(key, 64); err == nil || key == "" {
				key, value = usual, key
			}
		}
		if seen[key] {
			return fmt.Errorf("%s comes twice", key)
		}
		seen[key] = true
		f, err := fieldOf(p, key)
		if err != nil {
			return err
		}
		if err := f.set(r, value); err != nil {
			return err
		}
	}
	return nil
}

// ParseAct reads what is to happen to one request, as the header Parley-Fault says it: the ACT of a rule's text, or the
// act of a rule as a JSON object.
func ParseAct(text string) (Act, error) {
	r := Rule{Match: Match{Operation: Every}}
	var err error
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		err = r.decodeHalf(inAct, []byte(text))
	} else {
		err = r.parse(inAct, text, "status")
	}
	if err == nil {
		err = r.complete()
	}
	if err != nil {
		return Act{}, err
	}
	return r.Act, nil
}

// String is the text that ParseRule reads: the short form where it can say everything, else JSON.
func (r Rule) String() string {
	text, ok := r.short()
	if ok {
		return text
	}
	long, err := r.object()
	if err != nil { // of strings, numbers and what JSON was read from
		return text
	}
	return string(long)
}

func (r *Rule) short() (text string, ok bool) {
	if len(r.Match.Header) > 0 || len(r.Match.Body) > 0 {
		return "", false
	}
	subject := r.Match.Operation
	switch r.Match.Event {
	case "":
	case Every:
		subject = allEvents
	default:
		subject = r.Match.Event
	}
	var conditions []string
	for _, f := range fields {
		if value := f.get(r); value != "" && f.part == inMatch && f.key != "operation" && f.key != "event" {
			if f.key == "probability" {
				conditions = append(conditions, value)
				continue
			}
			conditions = append(conditions, f.key+"="+value)
		}
	}
	if len(conditions) == 0 {
		conditions = []string{"1"}
	}
	text = subject + "=" + r.Act.String() + ":" + strings.Join(conditions, ",")
	again, err := parseRule(text)
	return text, err == nil && reflect.DeepEqual(again, *r) // a comma or colon in a value makes another rule of it
}

// String is the act as ParseAct reads it.
func (a Act) String() string {
	r := Rule{Act: a}
	var items []string
	for _, f := range fields {
		value := f.get(&r)
		switch {
		case f.part != inAct || value == "":
		case f.key == "status":
			items = append(items, value)
		case value == "true":
			items = append(items, f.key)
		default:
			items = append(items, f.key+"="+value)
		}
	}
	return strings.Join(items, ",")
}

// MarshalJSON writes the text of the short form as a string, or else an object of match and act.
func (r Rule) MarshalJSON() ([]byte, error) {
	if text, ok := r.short(); ok {
		return json.Marshal(text)
	}
	return r.object()
}

func (r *Rule) object() ([]byte, error) {
	halves := map[string]map[string]any{"match": {}, "act": {}}
	for _, f := range fields {
		value := f.get(r)
		if value == "" {
			continue
		}
		half := halves[f.part.String()]
		half[f.key] = value
		if value == "true" {
			half[f.key] = true
		} else if number := json.Number(value); f.numeric() {
			half[f.key] = number
		}
	}
	if len(r.Match.Header) > 0 {
		halves["match"]["header"] = r.Match.Header
	}
	if len(r.Match.Body) > 0 {
		halves["match"]["body"] = r.Match.Body
	}
	return json.Marshal(halves)
}
