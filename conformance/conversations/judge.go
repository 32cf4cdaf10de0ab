package conversations

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/check"
	contract "github.com/parley-contracts/parley/openapi/conversations"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// judge judges deliveries one by one: each by itself, and beside those before it as far as its memory goes. The suite
// hands it what arrived, and recorded bodies go the same way.
type judge struct {
	catalogue *requirements.Catalogue
	tally     conformance.Tally
	shapes    *conformance.Shapes
	memory    memory
	live      bool   // they arrive, with their method and headers
	expected  string // the event that was provoked last, for bodies that do not say what they are
}

func newJudge(checker *check.Contract, catalogue *requirements.Catalogue) *judge {
	j := &judge{catalogue: catalogue}
	j.shapes = conformance.NewShapes(checker, catalogue, &j.tally, shown)
	return j
}

// Take is of conformance.PayloadJudge.
func (j *judge) Take(d *conformance.Delivery) { j.take(d) }

// Watch is of conformance.PayloadJudge.
func (j *judge) Watch(tell func(requirement, expected, seen string)) { j.tally.Watch(tell) }

// take judges a delivery and returns the event, nil for what is none.
func (j *judge) take(d *conformance.Delivery) *event {
	if !d.Recorded() {
		j.live = true
		j.tally.Of("deliveries/post").Judge(isPost(d))
	}
	e, fault := read(d)
	form, single, typed := j.tally.Of("deliveries/json"), j.tally.Of("deliveries/one-event"), j.tally.Of("deliveries/type")
	switch fault {
	case noJSON:
		form.Break("a body of JSON", seenInstead(d.Body), d)
		return nil
	case several:
		single.Break("one object", severalSeen(d.Body), d)
		return nil
	case noEvent:
		typed.Break("an object with a `type`", "a body that is no object", d)
		return nil
	}
	form.Judge(j.saysJSON(d))
	single.Meet()
	if e.name == "" {
		typed.Break("a `type` that is one of the six", j.typeSeen(e), d)
		e.guessed = true
		if e.name = j.nearest(e); e.name == "" {
			return e
		}
	} else {
		typed.Meet()
	}
	j.shapes.Take(e.name, d, map[string]any(e.body))
	j.alone(e)
	j.memory.take(j, e)
	return e
}

// seenInstead says in a few words what a body is that is no JSON.
func seenInstead(body []byte) string {
	if len(strings.TrimSpace(string(body[:min(len(body), 64)]))) == 0 && len(body) <= 64 {
		return "an empty body"
	}
	for _, v := range check.JSON(body) {
		return v.Seen
	}
	return "a body that is none"
}

// saysJSON: what arrives says that it is JSON. Of what was recorded nobody knows.
func (j *judge) saysJSON(d *conformance.Delivery) error {
	switch {
	case d.Recorded() && d.Header == nil:
		return conformance.Lacking("recorded bodies are JSON, but do not show what Content-Type they came with")
	case !conformance.JSONType(d.Header.Get("Content-Type")):
		return breach("Content-Type application/json", orNone(d.Header.Get("Content-Type")), d)
	}
	return nil
}

// typeSeen says what stands where the type should, as the schema's checker words it.
func (j *judge) typeSeen(e *event) string {
	for _, v := range j.shapes.Violations(created, e.Body) {
		if v.Field == "type" {
			return v.Seen
		}
	}
	return "another"
}

// nearest is the event whose payload a body without a known type comes nearest to; of those that come as near, the one that
// was provoked. It is "" where nothing tells.
func (j *judge) nearest(e *event) string {
	best, least, even := "", 0, false
	for _, name := range events {
		n := 0
		for _, v := range j.shapes.Violations(name, e.Body) {
			if !v.Should {
				n++
			}
		}
		switch {
		case best == "" || n < least || n == least && name == j.expected:
			best, least, even = name, n, false
		case n == least && best != j.expected:
			even = true
		}
	}
	if even || e.payload == nil {
		return ""
	}
	return best
}

// ids are how requirements name an event.
var ids = map[string]string{
	created: "event-conversation-created", statusUpdated: "event-conversation-status-updated",
	assignmentUpdated: "event-conversation-assignment-updated", received: "event-inbound-message",
	updated: "event-inbound-message-updated", deleted: "event-inbound-message-deleted",
}

// alone judges what one event about a message shows by itself, beyond its fields.
func (j *judge) alone(e *event) {
	if e.message == nil || ids[e.name] == "" || !strings.HasPrefix(e.name, received) {
		return
	}
	from, ok1 := e.message.instant("createdAt")
	to, ok2 := e.message.instant("updatedAt")
	if count := j.tally.Of(ids[e.name] + "/updated-at"); ok1 && ok2 {
		if to.Before(from) {
			count.Break("an `updatedAt` that is not before `createdAt`", instants(to, from), e.Delivery)
		} else {
			count.Meet()
		}
	}
	if one, other := e.message.text("messageId"), e.message.text("messageid"); contract.IsUUID(one) && contract.IsUUID(other) {
		count := j.tally.Of(ids[e.name] + "/one-message-id")
		if one != other {
			count.Break("one value for `messageId` and `messageid`", one+" and "+other, e.Delivery)
		} else {
			count.Meet()
		}
	}
}

// instants words two times of which the first comes too early.
func instants(early, late time.Time) string {
	return fmt.Sprintf("%s, which is %v before %s", spelt(early), late.Sub(early), spelt(late))
}

func spelt(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// severalSeen tells a list from bodies one after another.
func severalSeen(body []byte) string {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '[' {
		return "an array"
	}
	return "more than one JSON value"
}

// Malformed notes a recorded body that could not be had: that is nobody's breach, but it could not be judged either.
func (j *judge) Malformed(d *conformance.Delivery, problem string) {
	j.tally.Of("deliveries/json").Judge(conformance.Blocked("%s: %s", d.Place(), problem))
}

// Verdict of recorded bodies.
func (j *judge) Verdict(requirement string) error {
	r, _ := j.catalogue.Lookup(requirement)
	switch {
	case j.live && requirement == "deliveries/post":
	case live[requirement] || strings.HasPrefix(requirement, "deliveries/") && !recordable[requirement]:
		if j.live {
			return conformance.Lacking("what arrives does not show it alone")
		}
		return conformance.Lacking("recorded payloads alone do not show it")
	}
	err := j.tally.Verdict(requirement)
	if _, gap := err.(*conformance.Gap); gap {
		switch {
		case r.Relation:
			return conformance.Lacking("there are no two events that could show it")
		case eventOf(r) != "":
			return j.shapes.Lacking(eventOf(r))
		}
	}
	return err
}

// eventOf is the event that a requirement is about, "" if it is about none alone.
func eventOf(r requirements.Requirement) string {
	for event, id := range ids {
		if strings.HasPrefix(r.ID, id+"/") {
			return event
		}
	}
	return ""
}

// live are the relations that a recording with gaps shows wrongly.
var live = map[string]bool{
	"event-conversation-created/no-status-event": true, "event-conversation-status-updated/changed": true,
	"event-conversation-assignment-updated/changed": true, "event-conversation-status-updated/own-time": true,
	"event-conversation-assignment-updated/own-time": true, "conversation/times-forward": true,
}

// recordable are the rules of deliveries that bodies show.
var recordable = map[string]bool{"deliveries/json": true, "deliveries/one-event": true, "deliveries/type": true}

func breach(expected, seen string, ds ...*conformance.Delivery) error {
	return &conformance.Breach{Expected: expected, Seen: seen, Deliveries: ds}
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
