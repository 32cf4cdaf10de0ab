package assistloop

import (
	"encoding/json"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/check"
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
		if !x.OK() || x.Request.Method != "" {
			continue
		}
		judged = true
		if !x.JSON() {
			return breach("Content-Type application/json", orNone(x.Header.Get("Content-Type")), x)
		}
	}
	if !judged {
		return conformance.Lacking("no answer with a 2xx was seen")
	}
	return nil
}

// errorBody: every 4xx has a JSON object with the field, a string; 429 has a form of its own.
func (r *run) errorBody(op, field string) error {
	judged := false
	for _, x := range r.exchangesOf(op) {
		if x.Status < 400 || x.Status > 499 || x.Status == 429 {
			continue
		}
		judged = true
		body, ok := x.Value().(map[string]any)
		if !ok {
			if field == "error" {
				continue // the other requirement says so
			}
			return breach("a JSON object with a `message`", "a body that is none", x)
		}
		if _, ok := body[field].(string); !ok {
			return breach("`"+field+"`, a string", word(body[field]), x)
		}
	}
	if !judged {
		return conformance.Lacking("no refusal was seen")
	}
	return nil
}

// shapes holds answers and payloads against the contract's schemas, each body once for all its fields.
type shapes struct {
	run    *run
	judged map[string][]violation // by operation
	seen   map[string]int         // how many answers were judged
	// objects are the places at which answers had objects, by operation.
	objects map[string]map[string]bool

	payloads *conformance.Shapes // of events, counted in tally
	tally    conformance.Tally
}

type violation struct {
	check.Violation
	x *conformance.Exchange
}

func (s *shapes) answers(q requirements.Requirement) error {
	s.open()
	if _, done := s.judged[q.Operation]; !done {
		s.judged[q.Operation] = nil
		for _, x := range s.run.exchangesOf(q.Operation) {
			// A wrong method that is served is a breach of its own, of whatever shape.
			if x.OK() && x.Request.Method == "" {
				s.add(q.Operation, s.run.checker.Response(q.Operation, 200, nil, x.Body), x)
			}
		}
	}
	return s.verdict(q.Operation, q.Field)
}

func (s *shapes) events(q requirements.Requirement) error {
	if s.payloads == nil {
		s.payloads = conformance.NewShapes(s.run.checker, s.run.catalogue, &s.tally)
		for _, d := range s.run.Log.Deliveries() {
			if d.Subscription != nil {
				var body any
				_ = json.Unmarshal(d.Body, &body)
				s.payloads.Take(eventOf(d), d, body)
			}
		}
	}
	err := s.tally.Verdict(q.ID)
	if _, gap := err.(*conformance.Gap); gap {
		return s.payloads.Lacking(q.Operation)
	}
	return err
}

func (s *shapes) open() {
	if s.judged == nil {
		s.judged, s.seen, s.objects = map[string][]violation{}, map[string]int{}, map[string]map[string]bool{}
	}
}

func (s *shapes) add(subject string, violations []check.Violation, x *conformance.Exchange) {
	s.seen[subject]++
	s.note(subject, x.Value())
	for _, v := range violations {
		s.judged[subject] = append(s.judged[subject], violation{v, x})
	}
}

// verdict gives a field's first violation.
func (s *shapes) verdict(subject, field string) error {
	for _, v := range s.judged[subject] {
		if v.Field != field {
			continue
		}
		return breach(v.Expected+at(v.Place), v.Seen, v.x)
	}
	if s.seen[subject] == 0 {
		return conformance.Lacking("no body was seen to judge it by")
	}
	if !s.occurs(subject, field) {
		return conformance.Lacking("no body that was seen has a place for it")
	}
	return nil
}

func at(place string) string {
	if place == "" {
		return ""
	}
	return " at " + place
}

// occurs tells whether a body that was judged has the object that the field belongs to: an empty list shows
// nothing of its items.
func (s *shapes) occurs(subject, field string) bool {
	if field == "" {
		return true
	}
	parent := ""
	if i := strings.LastIndexByte(field, '.'); i >= 0 {
		parent = field[:i]
	}
	return s.objects[subject][parent]
}

// note remembers where a body has objects: "" and "chat_user" for a list of conversations.
func (s *shapes) note(subject string, v any) {
	if s.objects[subject] == nil {
		s.objects[subject] = map[string]bool{}
	}
	s.mark(s.objects[subject], v, "")
}

func (s *shapes) mark(objects map[string]bool, v any, at string) {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			s.mark(objects, inner, at)
		}
	case map[string]any:
		objects[at] = true
		for name, inner := range v {
			switch inner.(type) {
			case map[string]any, []any:
				if at != "" {
					name = at + "." + name
				}
				s.mark(objects, inner, name)
			}
		}
	}
}
