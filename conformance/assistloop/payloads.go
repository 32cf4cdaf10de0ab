package assistloop

import (
	"encoding/json"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// recorded judges webhooks one by one, recorded bodies or what arrives: what the rules of deliveries can say without a
// target.
type recorded struct {
	catalogue *requirements.Catalogue
	tally     conformance.Tally
	shapes    *conformance.Shapes
	file      string
	ids       identities // of one file: bodies in files of their own are no stream of events
	live      bool       // they arrive, with their method and headers
}

func newRecorded(checker *check.Contract, catalogue *requirements.Catalogue) *recorded {
	r := &recorded{catalogue: catalogue}
	r.shapes = conformance.NewShapes(checker, catalogue, &r.tally, shown)
	return r
}

// Watch is of conformance.PayloadJudge.
func (r *recorded) Watch(tell func(requirement, expected, seen string)) { r.tally.Watch(tell) }

// Take is of conformance.PayloadJudge.
func (r *recorded) Take(d *conformance.Delivery) {
	if !d.Recorded() {
		r.arrived(d)
	}
	var value any
	form := r.tally.Of("deliveries/json")
	if json.Unmarshal(d.Body, &value) != nil {
		form.Break("a body of JSON", malformed(d.Body), d)
		return
	}
	if d.Recorded() {
		form.Judge(conformance.Lacking("recorded bodies are JSON, but do not show what Content-Type they came with"))
	} else {
		form.Judge(isJSON(d))
	}
	whole, _ := value.(map[string]any)
	body := item(whole)
	event := r.eventOf(d, body)
	r.shapes.Take(event, d, value)
	if event == "human_handoff_required" {
		if err := inHumanMode(d, body); asked(err) { // that the mode is no mode at all, its field says
			r.tally.Of("deliveries/handoff-mode").Judge(err)
		}
	}
	if d.File != r.file {
		r.file, r.ids = d.File, identities{}
	}
	if err := r.ids.take(d, body); asked(err) && (err != nil || r.ids.count > 1) {
		r.tally.Of("deliveries/unique-id").Judge(err)
	}
}

// arrived judges what shows around the body of a delivery.
func (r *recorded) arrived(d *conformance.Delivery) {
	r.live = true
	r.tally.Of("deliveries/post").Judge(isPost(d))
	if d.Subscription == nil || d.Subscription.Secret == "" {
		return
	}
	signed := r.tally.Of("deliveries/signature")
	if _, ok := webhook.Match(d.Header, d.Body, d.Subscription.Secret); ok {
		signed.Meet()
	} else {
		signed.Break("a signature that verifies with the secret of the subscription", "none", d)
	}
}

// asked tells whether a rule had an answer.
func asked(err error) bool {
	_, blocked := err.(*conformance.Trouble)
	return !blocked
}

func malformed(body []byte) string {
	for _, v := range check.JSON(body) {
		return v.Seen
	}
	return "a body that is none"
}

// eventOf is the event that a body names, or else the one whose payload it comes nearer to.
func (r *recorded) eventOf(d *conformance.Delivery, body item) string {
	const first, second = "new_conversation", "human_handoff_required"
	switch named := body.text("event"); {
	case named == first, named == second:
		return named
	case len(r.shapes.Violations(second, d.Body)) < len(r.shapes.Violations(first, d.Body)):
		return second
	}
	return first
}

// Malformed notes a recorded body that could not be had: nobody's breach, but it could not be judged either.
func (r *recorded) Malformed(d *conformance.Delivery, problem string) {
	r.tally.Of("deliveries/json").Judge(conformance.Blocked("%s: %s", d.Place(), problem))
}

func (r *recorded) shows() string {
	if r.live {
		return "webhooks show"
	}
	return "recorded payloads show"
}

// Verdict is of conformance.PayloadJudge.
func (r *recorded) Verdict(requirement string) error {
	q, _ := r.catalogue.Lookup(requirement)
	switch {
	case q.Rule == requirements.EventField:
	case requirement == "deliveries/json", requirement == "deliveries/handoff-mode", requirement == "deliveries/unique-id":
	case r.live && requirement == "deliveries/post":
	case r.live && requirement == "deliveries/signature":
		if !r.tally.Of(requirement).Asked() {
			return conformance.Lacking("no secret to verify signatures with")
		}
	case r.live && strings.HasPrefix(requirement, "deliveries/"):
		return conformance.Lacking("what arrives does not show it alone")
	case strings.HasPrefix(requirement, "deliveries/"):
		return conformance.Lacking("recorded payloads alone do not show it")
	default:
		return conformance.Lacking("%s nothing of the API's operations", r.shows())
	}
	err := r.tally.Verdict(requirement)
	if _, gap := err.(*conformance.Gap); gap && q.Operation != "" {
		return r.shapes.Lacking(q.Operation)
	}
	return err
}
