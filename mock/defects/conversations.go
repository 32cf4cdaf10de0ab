package defects

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	contract "github.com/parley-contracts/parley/openapi/conversations"
)

// Conversations returns the defects of Conversations' contract, generated ones first. checker is its loaded document.
// It has no operations that are judged, so that everything plays under deliveries.
func Conversations(checker *check.Contract) ([]Defect, error) {
	return gathered("conversations", checker, eventShapes, eventForms, eventDeliveries, stories)
}

// subjectOf is how requirements name an event.
func subjectOf(event string) string {
	for _, e := range contract.Events() {
		if e.Name == event {
			return e.ID
		}
	}
	return event
}

// eventShapes spoils every field of every event.
func eventShapes(checker *check.Contract) []Defect {
	var all []Defect
	for _, e := range contract.Events() {
		for _, f := range checker.EventFields(e.Name) {
			if f.Path == "" {
				continue // what is no object is no event: eventDeliveries
			}
			for _, d := range deformations(f) {
				all = append(all, spoiled(e.Name, fieldID(e.ID, f.Path), d))
			}
		}
		all = append(all, spellings(e.Name)...)
	}
	return all
}

// spoiled has deliveries of an event deformed.
func spoiled(event, requirement string, d deform) Defect {
	return defect(d.kind, requirement, d.done, fmt.Sprintf("Deliveries of %s: %s.", event, d.sentence),
		onDeliveries(event, func(on *delivery) { on.body = d.apply(on.body) }))
}

// spellings are of ids that have two names: an event whose table wants one has to have either.
func spellings(event string) []Defect {
	if !editing(event) {
		return nil
	}
	without := deform{kind: Dropped, done: "dropped", sentence: "no `payload.message.messageId`, in either spelling", body: func(v any) any {
		drop(v, "payload.message.messageId")
		drop(v, "payload.message.messageid")
		return v
	}}
	return []Defect{spoiled(event, subjectOf(event)+"/field:payload.message.messageId", without)}
}

// editing: the event is of a message that was there, on channels that have such events.
func editing(event string) bool {
	return event == "INBOUND_MESSAGE_UPDATED" || event == "INBOUND_MESSAGE_DELETED"
}

// eventForms gives ids a form that their tables do not name, and no reading rules out.
func eventForms(checker *check.Contract) []Defect {
	var all []Defect
	for _, e := range contract.Events() {
		for _, f := range checker.EventFields(e.Name) {
			if f.Should == "" {
				continue
			}
			all = append(all, reformed(checker, e, f, "version-1", "a UUID of version 1", func(id string) string { return replaceAt(id, 14, '1') }))
			if f.Should == "uuid-v4" && f.Format != "uuid" {
				all = append(all, reformed(checker, e, f, "legacy", "of the older form", func(id string) string {
					return strings.ToUpper(strings.ReplaceAll(id, "-", ""))
				}))
			}
		}
	}
	return all
}

// oneID are fields that hold the same id wherever they stand.
func oneID(path string) []string {
	for _, family := range [][]string{
		{"payload.id", "payload.message.conversationId"},
		{"payload.message.messageId", "payload.message.messageid"},
	} {
		if slices.Contains(family, path) {
			return family
		}
	}
	return nil
}

// reformed rewrites an id. One that stands in several events is rewritten in all of them, and where the driver tells it, so
// that it is one id still.
func reformed(checker *check.Contract, event openapi.Event, f check.Field, done, what string, form func(string) string) Defect {
	family := oneID(f.Path)
	rewrite := func(p map[string]any, path string) {
		each(any(p), path, func(parent map[string]any, name string) {
			id, is := parent[name].(string)
			if is && contract.IsLegacyID(id) {
				id = otherMessage
			}
			if is {
				parent[name] = form(id)
			}
		})
	}
	d := defect(Invalid, event.ID+"/"+f.Should+":"+f.Path, done, fmt.Sprintf("Deliveries of %s: `%s` is %s.", event.Name, f.Path, what), func(*memory) behaviour {
		return behaviour{
			call: func(c *call) *answer {
				if c.op != "driver/provoke" || len(family) == 0 || family[0] != "payload.id" {
					return nil
				}
				a := c.send()
				if fields := a.fields(); fields != nil {
					rewrite(map[string]any{"payload": fields}, "payload.conversation_uuid")
					a.set(fields)
				}
				return a
			},
			deliver: func(d *delivery) (*http.Response, error) {
				d.edit(func(p map[string]any) {
					if message := object(object(any(p), "payload"), "message"); message != nil && f.Path == "payload.message.messageid" && d.event() == event.Name {
						message["messageid"] = message["messageId"]
					}
					for _, path := range family {
						rewrite(p, path)
					}
					if family == nil && d.event() == event.Name {
						rewrite(p, f.Path)
					}
				})
				return d.send()
			},
		}
	})
	for _, other := range contract.Events() {
		for _, g := range checker.EventFields(other.Name) {
			if slices.Contains(family, g.Path) && g.Should != "" {
				d = d.with("an id is one and the same wherever it stands", other.ID+"/"+g.Should+":"+g.Path)
			}
		}
	}
	return d
}

func replaceAt(s string, i int, by byte) string {
	if i >= len(s) {
		return s
	}
	return s[:i] + string(by) + s[i+1:]
}

// eventDeliveries breaks what holds for every delivery of an event.
func eventDeliveries(*check.Contract) []Defect {
	var all []Defect
	change := func(kind Kind, id, done, sentence string, f func(*delivery)) {
		all = append(all, defect(kind, "deliveries/"+id, done, sentence, onDeliveries("", f)))
	}
	for _, e := range contract.Events() {
		lost := delivering(func(d *delivery) (*http.Response, error) {
			if d.event() == e.Name {
				return d.taken(http.StatusOK)
			}
			return d.send()
		})
		all = append(all, defect(Undelivered, "deliveries/"+strings.TrimPrefix(e.ID, "event-"), "lost", "Nothing is delivered of "+e.Name+".", lost))
		all = append(all, defect(Payload, "deliveries/type", "renamed-"+e.ID, e.Name+" is delivered by another name.",
			onDeliveries(e.Name, func(d *delivery) { d.edit(func(p map[string]any) { p["type"] = "EVENT_" + e.Name }) })))
	}
	for _, method := range []string{"GET", "PUT", "PATCH"} {
		change(Transport, "post", method, "A delivery is a "+method+".", func(d *delivery) { d.method = method })
	}
	change(Transport, "json", "text", "A delivery says that it is text.", func(d *delivery) { d.header.Set("Content-Type", "text/plain") })
	change(Transport, "json", "none", "A delivery does not say what it is.", func(d *delivery) { d.header.Del("Content-Type") })
	change(Transport, "json", "form", "A delivery is a form.", func(d *delivery) {
		d.header.Set("Content-Type", "application/x-www-form-urlencoded")
		d.body = []byte(url.Values{"payload": {string(d.body)}}.Encode())
	})
	for _, b := range []struct{ rule, done, sentence, body string }{
		{"json", "empty", "A delivery has no body.", ""},
		{"json", "html", "A delivery is a page.", "<html><body>OK</body></html>"},
		{"type", "null-body", "A delivery is null.", "null"},
		{"type", "text-body", "A delivery is a text.", `"event"`},
	} {
		change(Reshaped, b.rule, b.done, b.sentence, func(d *delivery) { d.body = []byte(b.body) })
	}
	change(Reshaped, "json", "cut", "A delivery is cut short.", func(d *delivery) { d.body = d.body[:len(d.body)/2] })
	change(Reshaped, "one-event", "array", "A delivery is an array of one event.", func(d *delivery) { d.body = slices.Concat([]byte("["), d.body, []byte("]")) })
	change(Reshaped, "one-event", "two", "A delivery is an array that has its event twice.", func(d *delivery) {
		d.body = slices.Concat([]byte("["), d.body, []byte(","), d.body, []byte("]"))
	})
	change(Reshaped, "one-event", "lines", "A delivery has two events, a line each.", func(d *delivery) { d.body = slices.Concat(d.body, []byte("\n"), d.body) })
	for _, t := range []struct {
		done, sentence string
		of             func(string) any
	}{
		{"lower", "The type is in lower case.", func(s string) any { return strings.ToLower(s) }},
		{"display", "The type is the name that people read.", func(s string) any { return strings.ReplaceAll(strings.ToLower(s), "_", " ") }},
		{"null", "The type is null.", func(string) any { return nil }},
	} {
		change(Payload, "type", t.done, t.sentence, func(d *delivery) { d.edit(func(p map[string]any) { p["type"] = t.of(text(p, "type")) }) })
	}
	change(Payload, "type", "missing", "Events have no type.", func(d *delivery) { d.edit(func(p map[string]any) { delete(p, "type") }) })
	return all
}
