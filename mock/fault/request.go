package fault

import (
	"encoding/json"
	"fmt"
	"net/textproto"
	"regexp"
	"time"

	"github.com/parley-contracts/parley/openapi"
)

// Request is what rules want to know of one. What costs something is asked for only when a rule looks at it.
type Request interface {
	Operation() string // its ID
	Path() string
	Header(name string) []string // by its canonical name
	Body() any                   // decoded JSON; nil when there is none
	Grant() Caller
}

// Caller is who asks.
type Caller struct {
	Grant, Account string // ids; empty without a token that is good
	Main           bool   // it is the world's own token
}

// Trouble is what one request meets.
type Trouble struct {
	Latency time.Duration // waited first
	Act     Act           // then this, but for its latency; the zero value lets the request pass
	Status  int           // what to answer instead; 0 lets the request pass
	Body    string        // JSON, with Status
	Applied string        // the act as ParseAct reads it, with the lengths that chance chose
}

// onRequest is a rule for one operation.
type onRequest struct {
	turn
	Trouble
	path   *regexp.Regexp
	grant  string
	header map[string]*regexp.Regexp
	body   []bodyField
}

// For says what a request meets; nil for nothing. A request is counted by a rule when it meets what the rule says, and no
// rule before has decided.
func (f *Faults) For(r Request) *Trouble {
	t := f.active.Load()
	if t == nil {
		return nil
	}
	var delayed, decided *Trouble
	for _, rule := range t.byOperation[r.Operation()] {
		delays, decides := rule.Act.Latency != Spread{}, rule.decides()
		if !(delays && delayed == nil || decides && decided == nil) || !rule.meets(r) {
			continue
		}
		n := rule.next()
		draw := mix(rule.seed + n)
		if !rule.takes(n, draw) {
			continue
		}
		if delays && delayed == nil {
			delayed = rule.late(mix(draw))
		}
		if decides && decided == nil {
			decided = &rule.Trouble
		}
	}
	return join(delayed, decided)
}

func (r *onRequest) decides() bool { return r.Trouble.Applied != "" }

// late is the delay alone.
func (r *onRequest) late(draw uint64) *Trouble {
	latency := r.Act.Latency.at(draw)
	return &Trouble{Latency: latency, Applied: Act{Latency: Always(latency)}.String()}
}

// join makes one trouble of a delay and what decides.
func join(delayed, decided *Trouble) *Trouble {
	switch {
	case delayed == nil:
		return decided
	case decided == nil:
		return delayed
	}
	both := *decided
	both.Latency, both.Applied = delayed.Latency, decided.Applied+","+delayed.Applied
	return &both
}

// meets tells whether a request is one that the rule is about, cheap questions first.
func (r *onRequest) meets(request Request) bool {
	if r.path != nil && !r.path.MatchString(request.Path()) {
		return false
	}
	for name, value := range r.header {
		if !anyMatches(value, request.Header(name)) {
			return false
		}
	}
	if r.grant != "" && !request.Grant().is(r.grant) {
		return false
	}
	if len(r.body) == 0 {
		return true
	}
	body := request.Body()
	for _, f := range r.body {
		if !f.holds(body) {
			return false
		}
	}
	return true
}

func anyMatches(pattern *regexp.Regexp, values []string) bool {
	for _, value := range values {
		if pattern.MatchString(value) {
			return true
		}
	}
	return false
}

func (c Caller) is(wanted string) bool {
	switch wanted {
	case "none":
		return c.Grant == ""
	case "main":
		return c.Main
	case "issued":
		return c.Grant != "" && !c.Main
	}
	return wanted == c.Grant || wanted == c.Account
}

// prepareRequest makes a rule ready for each operation that it names and whose contract has what it asks for.
func (f *Faults) prepareRequest(rule Rule, number int) (map[string]*onRequest, error) {
	operations, err := f.contract.named(rule.Match.Operation)
	if err != nil {
		return nil, err
	}
	ready := map[string]*onRequest{}
	var refused error
	for _, op := range operations {
		trouble, err := TroubleOf(op, rule.Act)
		if err != nil {
			refused = err
			continue
		}
		on := &onRequest{Trouble: trouble, grant: rule.Match.Grant, turn: newTurn(&rule.Match, f.seed^hash(op.ID)^mix(uint64(number)))}
		if err := on.look(&rule.Match); err != nil {
			return nil, err
		}
		ready[op.ID] = on
	}
	if len(ready) == 0 {
		return nil, refused
	}
	return ready, nil
}

// look makes ready what the rule asks of a request.
func (r *onRequest) look(m *Match) error {
	if m.Path != "" {
		r.path = glob(m.Path)
	}
	for name, value := range m.Header {
		if r.header == nil {
			r.header = map[string]*regexp.Regexp{}
		}
		r.header[textproto.CanonicalMIMEHeaderKey(name)] = glob(value)
	}
	for path, value := range m.Body {
		at, err := parsePlace(path)
		if err != nil {
			return err
		}
		r.body = append(r.body, bodyField{at, value})
	}
	return nil
}

// TroubleOf is what an act means for an operation: an error when the contract has no such answer for it. A latency
// that may differ is left to chance.
func TroubleOf(op *openapi.Operation, act Act) (Trouble, error) {
	t := Trouble{Act: act}
	var err error
	switch {
	case act.Example != "":
		t.Status, t.Body, err = exampleOf(op, act.Status, act.Example)
	case act.Status != 0:
		t.Status, t.Body, err = errorOf(op, act.Status)
	}
	if err != nil {
		return Trouble{}, err
	}
	if act.RetryAfter != nil {
		t.Body = withRetryAfter(t.Body, *act.RetryAfter)
	}
	act.Latency = Spread{}
	t.Applied = act.String()
	return t, nil
}

// Once is the trouble of one request that asks for it by itself: where a latency may differ, the first draw.
func (t Trouble) Once() *Trouble {
	if t.Act.Latency == (Spread{}) {
		return &t
	}
	delayed := (&onRequest{Trouble: t}).late(mix(0))
	if t.Applied == "" {
		return delayed
	}
	return join(delayed, &t)
}

// withRetryAfter alters an error's body where it has the field.
func withRetryAfter(body string, seconds int) string {
	var object map[string]any
	if json.Unmarshal([]byte(body), &object) != nil || object["retry_after"] == nil {
		return body
	}
	object["retry_after"] = seconds
	altered, err := json.Marshal(object)
	if err != nil { // of what JSON was read from
		return body
	}
	return string(altered)
}

func about(rule Rule, err error) error { return fmt.Errorf("fault %.100s: %w", rule, err) }
