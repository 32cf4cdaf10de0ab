package consumer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/fixtures/fake"
)

// Maker makes events of a source, from a seed. It is not safe for concurrent use.
type Maker struct {
	source *Source
	faker  *fake.Faker
	now    func() time.Time
}

// Maker starts from a seed: the same one makes the same events, but for their times.
func (s *Source) Maker(seed uint64) *Maker {
	return &Maker{source: s, faker: fake.New(seed), now: time.Now}
}

// Example is an event as the document shows it, with ids of its own, and now.
func (m *Maker) Example(name string) (Event, error) {
	text, err := examples.Read("event." + name)
	if err != nil {
		return Event{}, err
	}
	e := Event{Name: name}
	if err := json.Unmarshal(text, &e.body); err != nil {
		return Event{}, fmt.Errorf("example of %s: %w", name, err)
	}
	m.identify(&e)
	m.date(&e, m.now(), m.source.instants[0])
	return e, nil
}

// identify gives an event ids that nothing else has. A message that the example names twice alike is named alike.
func (m *Maker) identify(e *Event) {
	given := map[string]string{}
	for _, field := range m.source.own {
		before, ok := e.Get(field.path)
		text, isText := before.(string)
		if !ok || !isText {
			continue
		}
		if alike, ok := given[text]; ok && strings.Contains(strings.ToLower(field.path), "messageid") {
			e.put(field.path, alike)
			continue
		}
		fresh := field.form(m.faker.Rand)
		given[text] = fresh
		e.put(field.path, fresh)
	}
	e.named(m.source)
}

// named takes the delivery's id from the event.
func (e *Event) named(s *Source) {
	if s.Signed {
		e.ID, _ = e.body["id"].(string)
	}
}

// date sets every time of an event.
func (m *Maker) date(e *Event, at time.Time, layout string) {
	for _, f := range m.source.fields[e.Name] {
		if f.Format != "date-time" && f.Format != "instant-millis" {
			continue
		}
		if _, ok := e.Get(f.Path); ok {
			e.put(f.Path, written(at, layout))
		}
	}
}

// written writes a time as the documents' examples do: in UTC as a Z or, where the layout has figures, as an offset.
func written(at time.Time, layout string) string {
	if at.Location() == time.Local {
		at = at.UTC()
	}
	return at.Format(layout)
}

// Whole is an event with every field that the contract knows, about somebody whom the seed invents.
func (m *Maker) Whole(name string) (Event, error) {
	e, err := m.Example(name)
	if err != nil {
		return Event{}, err
	}
	for _, path := range slices.Sorted(maps.Keys(m.source.samples)) { // what is above comes first
		if !m.source.Knows(name, path) {
			continue
		}
		if old, there := e.Get(path); !there || old == nil {
			before := e.copied()
			e.put(path, clone(m.source.samples[path]))
			if m.permitted(e) != nil { // null is all that it may be
				e = before
			}
		}
	}
	m.prefer(&e)
	m.source.agree(&e, "")
	m.identify(&e)
	m.date(&e, m.now(), m.source.instants[0])
	m.people(&e)
	return e, m.permitted(e)
}

// prefer leaves one of two spellings: of a message's platform-wide id, that of the tables.
func (m *Maker) prefer(e *Event) {
	if _, both := e.Get("payload.message.messageId"); both {
		e.drop("payload.message.messageid")
	}
}

// people lets somebody invented say something, in ASCII: other letters are looked at by themselves.
func (m *Maker) people(e *Event) {
	guest := m.faker.Person()
	for !ascii(guest.Name) {
		guest = m.faker.Person()
	}
	cast := m.faker.Cast(guest, m.faker.Agent(0), m.faker.Person(), m.faker.Organization())
	wish := m.faker.Wish(cast)
	for !ascii(wish) {
		wish = m.faker.Wish(cast)
	}
	m.setTexts(e, m.source.names, guest.Name)
	m.setTexts(e, m.source.says, wish)
}

func ascii(text string) bool { return len(text) == utf8.RuneCountInString(text) }

// setTexts sets those fields that hold a text.
func (m *Maker) setTexts(e *Event, paths []string, text string) (any bool) {
	for _, path := range paths {
		if old, _ := e.Get(path); old != nil {
			if _, isText := old.(string); isText {
				e.put(path, text)
				any = true
			}
		}
	}
	return any
}

// permitted is an error for an event that its contract forbids: what judges others may not.
func (m *Maker) permitted(e Event) error {
	for _, v := range m.source.Violations(e.Name, e.JSON()) {
		return fmt.Errorf("an event of %s that was made is not as its contract has it: %s", e.Name, v)
	}
	return nil
}
