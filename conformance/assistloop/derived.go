package assistloop

import (
	"encoding/json"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// home is the probe whose exchanges show an operation's answers; others add to them.
var home = map[string]string{
	"get-me": "world", "list-organizations": "world", "list-agents": "world", "list-conversations": "lists",
	"recent-sample": "samples", "find-messages": "messages", "reply-to-conversation": "reply",
	"close-conversation": "close", "subscribe": "subscribe", "unsubscribe": "subscribe", "token": "oauth",
}

// derivedChecks judges what holds for every operation and event alike, over every exchange and delivery of the
// run: shapes, content types and error bodies.
func (r *run) derivedChecks() []conformance.Check {
	shapes := &shapes{run: r}
	var all []conformance.Check
	for _, q := range r.catalogue.All {
		switch q.Rule {
		case requirements.Served:
			all = append(all, on(q.ID, func() error { return r.servedPlainly(q.Operation) }, home[q.Operation]))
		case requirements.ContentType:
			all = append(all, on(q.ID, func() error { return r.contentType(q.Operation) }, home[q.Operation]))
		case requirements.ErrorMessage:
			all = append(all, on(q.ID, func() error { return r.errorBody(q.Operation, "message") }, refusalsOf(q.Operation)...))
		case requirements.ErrorCode:
			all = append(all, on(q.ID, func() error { return r.errorBody(q.Operation, "error") }, refusalsOf(q.Operation)...))
		case requirements.FieldShape:
			all = append(all, on(q.ID, func() error { return shapes.answers(q) }, home[q.Operation]))
		case requirements.EventField:
			all = append(all, on(q.ID, func() error { return shapes.events(q) }, "deliveries"))
		}
	}
	return all
}

// refusalsOf are the probes that show how an operation refuses.
func refusalsOf(op string) []string {
	if writes(op) {
		return nil // read-only runs see some of them all the same
	}
	return []string{"auth"}
}

// servedPlainly: the plainest documented request of the operation got a 2xx.
func (r *run) servedPlainly(op string) error {
	var xs []*conformance.Exchange
	switch op {
	case "get-me":
		xs = append(xs, r.world.me)
	case "list-organizations":
		xs = append(xs, r.world.organizations.x)
	case "list-agents":
		for _, p := range r.world.agents {
			xs = append(xs, p.x)
		}
	case "list-conversations":
		xs = append(xs, r.lists.before.x, r.lists.filtered["default"].x)
	case "recent-sample":
		xs = append(xs, r.samples.asked["default"].x)
	case "find-messages":
		xs = append(xs, r.messages.whole.x)
	case "reply-to-conversation":
		xs = append(xs, r.reply.sent[0].x)
	case "close-conversation":
		xs = append(xs, r.closing.x)
	case "subscribe":
		xs = append(xs, r.subscribe.good["new"])
	case "unsubscribe":
		return r.unsubscribes()
	}
	if len(xs) == 0 {
		return conformance.Lacking("the target has no data to send the request with")
	}
	return each(xs, served)
}

// exchangesOf are an operation's exchanges that got an answer. What was asked elsewhere than at the target's base URL
// does not count: whoever refuses plain HTTP need know nothing of the contract.
func (r *run) exchangesOf(op string) []*conformance.Exchange {
	var xs []*conformance.Exchange
	for _, x := range r.Log.Exchanges() {
		if x.Operation == op && x.Lost == nil && (x.Request.URL == "" || op == "token") {
			xs = append(xs, x)
		}
	}
	return xs
}

func (r *run) contentType(op string) error {
	judged := false
	for _, x := range r.exchangesOf(op) {
		if worded := x.Refused() && isExplained(x); !worded && (!x.OK() || x.Request.Method != "") {
			continue
		}
		judged = judged || x.OK()
		if err := saysJSON(x); err != nil {
			return err
		}
	}
	if !judged {
		return conformance.Lacking("no answer with a 2xx was seen")
	}
	return nil
}

// isExplained tells whether a refusal has the documented body: one of another kind is a requirement of its own, whatever it says
// that it is.
func isExplained(x *conformance.Exchange) bool { return tellsWhy(x, "message") == nil }

func saysJSON(x *conformance.Exchange) error {
	if !x.JSON() {
		return breach("Content-Type application/json", orNone(x.Header.Get("Content-Type")), x)
	}
	return nil
}

// errorBody: every 4xx has a JSON object with the field, a string; 429 has a form of its own.
func (r *run) errorBody(op, field string) error {
	judged := false
	for _, x := range r.exchangesOf(op) {
		if !x.Refused() {
			continue
		}
		judged = true
		if err := tellsWhy(x, field); err != nil {
			return err
		}
	}
	if !judged {
		return conformance.Lacking("no refusal was seen")
	}
	return nil
}

// tellsWhy judges the body of one refusal.
func tellsWhy(x *conformance.Exchange, field string) error {
	body, ok := x.Value().(map[string]any)
	if !ok {
		if field == "error" {
			return nil // the other requirement says so
		}
		return breach("a JSON object with a `message`", "a body that is no JSON object", x)
	}
	if _, ok := body[field].(string); !ok {
		return breach("`"+field+"`, a string", word(body[field]), x)
	}
	return nil
}

// shapes holds answers and payloads against the contract's schemas, each body once for all its fields.
type shapes struct {
	run     *run
	bodies  *conformance.Shapes // counted in tally
	tally   conformance.Tally
	judged  map[string]bool // operations whose answers were
	arrived bool            // deliveries were judged
}

func (s *shapes) open() {
	if s.bodies == nil {
		s.bodies, s.judged = conformance.NewShapes(s.run.checker, s.run.catalogue, &s.tally, shown), map[string]bool{}
	}
}

func (s *shapes) answers(q requirements.Requirement) error {
	s.open()
	if !s.judged[q.Operation] {
		s.judged[q.Operation] = true
		for _, x := range s.run.exchangesOf(q.Operation) {
			// A wrong method that is served is a breach of its own, of whatever shape.
			if x.OK() && x.Request.Method == "" {
				s.bodies.Answer(x)
			}
		}
	}
	err := s.verdict(q)
	if b, broken := err.(*conformance.Breach); broken {
		b.Exchanges = b.Exchanges[:1] // the one that its words are about
	}
	return err
}

func (s *shapes) events(q requirements.Requirement) error {
	s.open()
	if !s.arrived {
		s.arrived = true
		for _, d := range s.run.Log.Deliveries() {
			if d.Subscription != nil {
				var body any
				_ = json.Unmarshal(d.Body, &body)
				s.bodies.Take(eventOf(d), d, body)
			}
		}
	}
	return s.verdict(q)
}

func (s *shapes) verdict(q requirements.Requirement) error {
	err := s.tally.Verdict(q.ID)
	if isGapError(err) {
		return s.bodies.Lacking(q.Operation)
	}
	return err
}
