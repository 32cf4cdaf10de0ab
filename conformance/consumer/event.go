package consumer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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
