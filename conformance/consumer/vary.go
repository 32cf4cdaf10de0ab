package consumer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// trial is one requirement that follows from an event's shape: each of its variants is permitted, and so has to be
// accepted.
type trial struct {
	requirements.Requirement
	variants []variant
}

// variant is one way that an event may look.
type variant struct {
	what  string // for people: "with a null data.chat_user.name"
	event Event
}

// How long texts are, in characters. No document bounds them; a body of the first kind stays below 100 kB, which much
// software takes for its bound.
const (
	longText     = 16 << 10
	veryLongText = 256 << 10
)

// trials makes those of every event.
func (m *Maker) trials() ([]trial, error) {
	var all []trial
	for _, event := range m.source.Events {
		v := varying{Maker: m, event: event, subject: subjectOf(event)}
		if err := v.all(); err != nil {
			return nil, err
		}
		all = append(all, v.trials...)
	}
	return all, nil
}

// subjectOf is how requirements name an event.
func subjectOf(e openapi.Event) string { return strings.TrimPrefix(e.ID, "event-") }

// varying makes the trials of one event.
type varying struct {
	*Maker
	event   openapi.Event
	subject string
	trials  []trial
	err     error
}

func (v *varying) all() error {
	v.add("documented", "", "The event as the document shows it is accepted.", v.one("as documented", v.Example))
	v.add("whole", "", "The event with every field that the document knows is accepted.", v.one("with every field", v.Whole))
	for _, f := range v.source.fields[v.event.Name] {
		v.field(f)
	}
	if v.several("/null:") { // else it is that one
		v.add("nulls", v.source.reads.nulls, "The event with null wherever null may be is accepted.", v.nulls())
	}
	v.add("ids", v.source.reads.ids, "Ids of every form that the document shows are accepted.", v.ids()...)
	v.add("timestamps", v.source.reads.times, "Times in every form that the document permits are accepted.", v.times()...)
	v.add("unknown-fields", v.source.reads.unknown, "The event with fields that no document names is accepted.", v.unknown())
	v.add("unicode", "", "Texts in any script, with signs and line breaks, are accepted.", v.text("with signs of many scripts", unicodeText))
	v.add("large-text", "", fmt.Sprintf("A text of %d characters is accepted.", longText), v.text("with a long text", long(longText)))
	v.add("very-large-text", "", fmt.Sprintf("A text of %d characters is accepted.", veryLongText), v.text("with a very long text", long(veryLongText)))
	return v.err
}

// several tells whether there is more than one requirement of a kind so far.
func (v *varying) several(kind string) bool {
	n := 0
	for _, t := range v.trials {
		if strings.Contains(t.ID, kind) {
			n++
		}
	}
	return n > 1
}

// add adds a requirement, unless nothing could be varied.
func (v *varying) add(rule, reading, text string, variants ...*variant) {
	t := trial{Requirement: requirements.Requirement{
		ID: v.subject + "/" + rule, Level: requirements.Must, Section: v.event.Section, Reading: reading, Text: text,
		Operation: v.event.Name,
	}}
	if rule == "very-large-text" {
		t.Level = requirements.Should
	}
	for _, one := range variants {
		if one != nil {
			t.variants = append(t.variants, *one)
		}
	}
	if len(t.variants) > 0 {
		v.trials = append(v.trials, t)
	}
}

func (v *varying) one(what string, make func(string) (Event, error)) *variant {
	e, err := make(v.event.Name)
	if err != nil && v.err == nil {
		v.err = err
	}
	return &variant{what, e}
}

// changed is the documented event with something else in it, or nil where the contract forbids that. Nothing but that is
// changed, so that whoever does not accept it has one reason.
func (v *varying) changed(what string, change func(*Event)) *variant {
	one := v.one(what, v.Example)
	if v.err != nil {
		return nil
	}
	before := string(one.event.JSON())
	change(&one.event)
	if string(one.event.JSON()) == before || v.permitted(one.event) != nil {
		return nil
	}
	return one
}

// field varies one field: null, left out, and each of its values.
func (v *varying) field(f check.Field) {
	if f.Path == "" {
		return
	}
	at := func(rule, text string, variants ...*variant) {
		n := len(v.trials)
		if v.add(rule+":"+f.Path, f.Reading, text, variants...); len(v.trials) > n {
			v.trials[n].Field = f.Path
		}
	}
	name := "`" + f.Path + "`"
	if f.Nullable {
		at("null", "The event with null for "+name+" is accepted.",
			v.changed("with null for "+f.Path, func(e *Event) { v.enter(e, f.Path, nil) }))
	}
	if !f.RequiredHere {
		at("without", "The event without "+name+" is accepted.",
			v.changed("without "+f.Path, func(e *Event) {
				v.enter(e, f.Path, nil) // what is around it, where the example has none
				e.drop(f.Path)
			}))
	}
	if values := v.values(f); len(values) > 1 {
		var each []*variant
		for _, value := range values {
			each = append(each, v.with(f.Path, value))
		}
		at("values", "The event with any value that "+name+" may have is accepted.", each...)
	}
	if more := v.source.again[f.Path]; len(more) > 0 {
		var each []*variant
		for _, value := range more {
			each = append(each, v.changed("with another "+f.Path, func(e *Event) { e.put(f.Path, clone(value)) }))
		}
		at("forms", "The event with "+name+" in any form that the document permits is accepted.", each...)
	}
}

// enter puts a value at a path; where the example has nothing around it, with a sample of that.
func (v *varying) enter(e *Event, path string, value any) {
	if above, _, nested := cutLast(path); nested {
		if around, _ := e.Get(above); around == nil && v.source.samples[above] != nil {
			e.put(above, clone(v.source.samples[above]))
			v.source.agree(e, above)
		}
	}
	e.put(path, value)
	v.source.agree(e, path)
}

// with is one of several values, that of the example among them.
func (v *varying) with(path string, value any) *variant {
	one := v.one(fmt.Sprintf("with %v for %s", value, path), v.Example)
	if v.err == nil {
		v.enter(&one.event, path, value)
		if v.permitted(one.event) != nil {
			return nil
		}
	}
	return one
}

// values are all that a field can be, where they are few.
func (v *varying) values(f check.Field) []any {
	if len(f.Types) == 1 && f.Types[0] == "boolean" {
		return []any{true, false}
	}
	var all []any
	for _, word := range f.Enum {
		if v.source.unlikely[v.event.Name+" "+f.Path] != word {
			all = append(all, word)
		}
	}
	return all
}

// nulls: what is above comes first, and what it held is gone with it.
func (v *varying) nulls() *variant {
	return v.changed("with null wherever null may be", func(e *Event) {
		for _, f := range v.source.fields[v.event.Name] {
			if _, there := e.Get(f.Path); f.Path != "" && f.Nullable && there {
				before := e.copied()
				if e.put(f.Path, nil); v.permitted(*e) != nil {
					*e = before
				}
			}
		}
	})
}

// ids: each form of the document's, where the contract recommends it. (An id of the older form is no UUID of version 4,
// which some events say that their ids are: whoever holds them to it is right.)
func (v *varying) ids() []*variant {
	recommended := v.source.checker.With(check.Options{Should: true})
	var all []*variant
	for n := range 2 {
		all = append(all, v.changed(fmt.Sprintf("with ids of form %d of 2", n+1), func(e *Event) {
			for _, path := range slices.Sorted(maps.Keys(v.source.ids)) {
				if old, _ := e.Get(path); old == nil {
					continue
				}
				before := e.copied()
				e.put(path, v.source.ids[path][n](v.faker.Rand))
				if len(recommended.Event(e.Name, nil, e.JSON())) > len(recommended.Event(e.Name, nil, before.JSON())) {
					*e = before
				}
			}
			e.named(v.source)
		}))
	}
	return all
}

func (v *varying) times() []*variant {
	var all []*variant
	for _, layout := range v.source.instants {
		for _, hours := range []float64{0, 2, -3.5} {
			zone := time.UTC
			if hours != 0 {
				zone = time.FixedZone("", int(hours*3600))
			}
			example := written(time.Unix(1700000000, 123456000).In(zone), layout)
			all = append(all, v.changed("with times as "+example, func(e *Event) { v.date(e, v.now().In(zone), layout) }))
		}
	}
	return all
}

func (v *varying) unknown() *variant {
	return v.changed("with fields that no document names", func(e *Event) { addUnknown(e.body) })
}

func addUnknown(object map[string]any) {
	for _, inner := range object {
		if below, ok := inner.(map[string]any); ok {
			addUnknown(below)
		}
	}
	object["parley_unknown"] = map[string]any{"list": []any{1, "two", map[string]any{}}, "flag": true}
}

// unicodeText has what trips software up: letters beyond the basic plane, joined and combined ones, right to left, and
// signs that markup, queries and shells know.
const unicodeText = "Zoë Ångström, 李小龙, שלום, مرحبا, e\u0301, 👩🏽‍🚀 🇪🇺 𝒫\nline two\ttab \"quoted\" 'it''s' <b>&amp;</b> ${x} {{y}} %s \\ /"

func long(characters int) string {
	const phrase = "Where is my order? Wo ist sie nur geblieben, bitte? "
	return strings.Repeat(phrase, characters/len(phrase)+1)[:characters]
}

// text is an event in which somebody writes something; nil for one that holds no text of anybody's.
func (v *varying) text(what, text string) *variant {
	return v.changed(what, func(e *Event) {
		v.setTexts(e, v.source.says, text)
		if text == unicodeText {
			v.setTexts(e, v.source.names, "Zoë “𝒵” O'Neill-Ångström 李")
		}
	})
}
