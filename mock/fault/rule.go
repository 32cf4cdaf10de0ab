package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Every names all operations in a rule, or all events.
const Every = "*"

// Bounds of what rules may ask for.
const (
	longestLatency    = 5 * time.Minute // of a request: longer ones are a hung server, which is timeout
	longestDelay      = 24 * time.Hour  // of a delivery, by the world's clock
	longestRetryAfter = 60              // seconds, as the document has it
	mostCopies        = 10
	oldSignature      = time.Hour // how old a timestamp is that is `old`
	timeoutByDefault  = 30 * time.Second
)

// Rule lets something happen to some requests, or to some deliveries.
type Rule struct {
	Match Match
	Act   Act
}

// Match says which requests, or which attempts to deliver, a rule strikes: those that meet all that is said. What is
// left at its zero value says nothing.
type Match struct {
	// Of requests.
	Operation string            // its short name or ID, or Every
	Path      string            // a glob: * is any part of one segment, ** any number of segments
	Grant     string            // "main" (the token that the mock prints), "issued" (any other), "none", or the id of a grant or account
	Header    map[string]string // by name; values are globs
	Body      map[string]any    // JSON values by their path, as in data.items[0].name

	// Of deliveries.
	Event        string // its name on the wire, or Every
	Subscription string // its id
	Target       string // a glob of the URL
	Attempt      int    // 1 for the first

	// Of both: which of those that meet the rest, counted for each operation or event by itself.
	After       int     // leaves out as many
	First       int     // of those left, only as many
	Nth         int     // of those left, only this one
	Every       int     // of those left, only each so manyth
	Probability float64 // above 0, up to 1; 0 means 1. Of those left, about as many
}

// Act is what happens to a request or a delivery that a rule strikes.
type Act struct {
	// To requests.
	Status     int           // an error that the contract has for the operation, with its body
	Example    string        // the name of the contract's example to answer with; of Status, or else of what is no error
	RetryAfter *int          // seconds, with Status 429
	Latency    Spread        // waited first, in real time: it is the caller who waits
	SlowBody   time.Duration // how long the body takes to arrive
	Body       string        // "truncated": the connection breaks within it; "empty": it is left out
	Timeout    time.Duration // no answer until the caller gives up or this has passed; then the connection is dropped

	// To both.
	Drop string // Before or After a request took effect; "true" for a delivery: it never arrives, and the sender sees no answer

	// To deliveries.
	Delay     Spread        // by the world's clock
	Reorder   bool          // lets the next delivery to the same receiver go first
	Duplicate int           // sent as many times more, one after another
	Together  bool          // sent twice at the same time
	Repeat    Spread        // sent again so much later by the world's clock, though it was answered 2xx
	Signature string        // "bad": it matches neither secret nor body
	Timestamp time.Duration // the signature is so old
}

// The values of Act.Drop for a request.
const (
	Before = "before"
	After  = "after"
)

// isDelivery tells whether the rule is about deliveries rather than requests.
func (r *Rule) isDelivery() bool { return r.Match.Event != "" }

// complete names the subject of a rule that names none, and says what does not go together.
func (r *Rule) complete() error {
	if r.Match.Probability == 1 {
		r.Match.Probability = 0 // which says the same
	}
	ofRequests, ofDeliveries := r.uses(requests), r.uses(deliveries)
	if len(ofRequests) > 0 && len(ofDeliveries) > 0 {
		return fmt.Errorf("%s is for requests and %s for deliveries: make two rules of it", ofRequests[0], ofDeliveries[0])
	}
	if r.Act.empty() {
		return errors.New("it does nothing: expected act with one of " + strings.Join(keysOf(inAct), ", "))
	}
	switch {
	case len(ofDeliveries) > 0 && r.Match.Event == "":
		r.Match.Event = Every
	case len(ofDeliveries) == 0 && r.Match.Operation == "":
		r.Match.Operation = Every
	}
	if r.isDelivery() {
		return r.Act.checkDelivery()
	}
	return r.Act.checkRequest()
}

func (r *Rule) uses(side side) (keys []string) {
	for _, f := range fields {
		if f.side == side && f.get(r) != "" {
			keys = append(keys, f.key)
		}
	}
	if side == requests && len(r.Match.Header) > 0 {
		keys = append(keys, "header")
	}
	if side == requests && len(r.Match.Body) > 0 {
		keys = append(keys, "body")
	}
	return keys
}

func (a *Act) empty() bool {
	r := Rule{Act: *a}
	return !slices.ContainsFunc(fields, func(f field) bool { return f.part == inAct && f.get(&r) != "" })
}

func (a *Act) checkRequest() error {
	if a.Drop == "true" {
		a.Drop = Before
	}
	outcomes := 0
	for _, said := range []bool{a.Status != 0 || a.Example != "", a.Drop != "", a.Timeout != 0} {
		if said {
			outcomes++
		}
	}
	switch {
	case outcomes > 1:
		return errors.New("a request can be answered, dropped or left without an answer: choose one of status or example, drop and timeout")
	case a.RetryAfter != nil && a.Status != 429:
		return errors.New("retry_after goes with status 429")
	case (a.Body != "" || a.SlowBody != 0) && (a.Drop != "" || a.Timeout != 0):
		return errors.New("body and slow_body need an answer: leave out drop and timeout")
	case a.Body == "empty" && a.SlowBody != 0:
		return errors.New("an empty body is not slow: choose one of body and slow_body")
	}
	return nil
}

func (a *Act) checkDelivery() error {
	altered := a.Signature != "" || a.Timestamp != 0
	switch {
	case a.Drop != "" && a.Drop != "true":
		return fmt.Errorf("drop: a delivery is dropped or not: expected true, not %s", a.Drop)
	case a.Drop != "" && (a.Duplicate != 0 || a.Together || altered):
		return errors.New("a delivery that is dropped never arrives: leave out duplicate, together, signature and timestamp")
	case a.Reorder && a.Delay != Spread{}:
		return errors.New("choose one of reorder and delay")
	case a.Signature != "" && a.Timestamp != 0:
		return errors.New("choose one of signature and timestamp")
	}
	return nil
}
