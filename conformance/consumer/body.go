package consumer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/fixtures/fake"
)

// Event is one event, with ids that no other has.
type Event struct {
	Name string
	// ID is what a signed delivery names the event by; "" where deliveries name none.
	ID   string
	body map[string]any
}

// form is a way that ids look like.
type form func(*rand.Rand) string

func uuid(r *rand.Rand) string {
	var b [16]byte
	for i := range b {
		b[i] = byte(r.UintN(256))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // version 4, RFC 9562
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func prefixed(prefix string) form {
	return func(r *rand.Rand) string { return prefix + letters(r, "abcdefghijklmnopqrstuvwxyz0123456789", 12) }
}

func legacy(r *rand.Rand) string { return letters(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 32) }

func letters(r *rand.Rand, of string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = of[r.IntN(len(of))]
	}
	return string(b)
}

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

// JSON is the body, as it is sent.
func (e Event) JSON() []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(e.body) // maps, lists, texts, numbers: nothing that could not be written
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Get finds what is at a path.
func (e Event) Get(path string) (any, bool) {
	var at any = e.body
	for name := range strings.SplitSeq(path, ".") {
		object, ok := at.(map[string]any)
		if !ok {
			return nil, false
		}
		if at, ok = object[name]; !ok {
			return nil, false
		}
	}
	return at, true
}

// Set puts a value at a path, and makes the objects on the way to it.
func (e *Event) Set(path string, value any) error {
	names := strings.Split(path, ".")
	object := e.body
	for i, name := range names[:len(names)-1] {
		next, ok := object[name].(map[string]any)
		if !ok {
			if old := object[name]; old != nil {
				return fmt.Errorf("%s is no object", strings.Join(names[:i+1], "."))
			}
			next = map[string]any{}
			object[name] = next
		}
		object = next
	}
	object[names[len(names)-1]] = value
	if path == "id" && e.ID != "" {
		if id, ok := value.(string); ok && id != "" {
			e.ID = id
		}
	}
	return nil
}

// put sets what can be set.
func (e *Event) put(path string, value any) { _ = e.Set(path, value) }

func (e *Event) drop(path string) {
	above, name, nested := cutLast(path)
	object := e.body
	if nested {
		at, _ := e.Get(above)
		object, _ = at.(map[string]any)
	}
	delete(object, name)
}

// Named is what tells an event from others: its id, or that of the conversation or message that it is about.
func (e Event) Named(s *Source) string {
	for _, field := range s.own {
		if id, _ := e.Get(field.path); id != nil {
			return fmt.Sprint(id)
		}
	}
	return ""
}

// cutLast parts a path before its last name.
func cutLast(path string) (above, name string, nested bool) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:], i >= 0
}

// copied is another event with the same ids.
func (e Event) copied() Event {
	e.body, _ = clone(e.body).(map[string]any)
	return e
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, inner := range v {
			out[name] = clone(inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = clone(inner)
		}
		return out
	}
	return v
}

// keys are the ids that a consumer may know an event by.
func (e Event) keys(s *Source) []string {
	var keys []string
	if e.ID != "" {
		keys = append(keys, e.ID)
	}
	for _, field := range s.own {
		if v, _ := e.Get(field.path); v != nil {
			if id, ok := v.(string); ok {
				keys = append(keys, id)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
