package defects

import (
	"maps"
	"net/http"
	"time"
)

// told is what deliveries have told of conversations so far, by their ids, as timestamps on the wire.
type told struct {
	began  map[string]string
	latest map[string]string // of the events that tell of the conversation itself
}

// story makes a defect that does otherwise with deliveries in the light of what was told before. What its attempt sends is
// the event as act leaves it in fields.
func story(requirement, done, sentence string, act func(*delivery, *told) (*http.Response, error)) Defect {
	return defect(Story, requirement, done, sentence, func(m *memory) behaviour {
		t := &told{began: map[string]string{}, latest: map[string]string{}}
		return behaviour{deliver: func(d *delivery) (*http.Response, error) {
			d.fields, _ = decode(d.body).(map[string]any)
			if d.fields == nil {
				return d.send()
			}
			m.mu.Lock()
			before := told{began: maps.Clone(t.began), latest: maps.Clone(t.latest)}
			m.mu.Unlock()
			id, at := text(d.payload(), "id"), text(d.payload(), "timestamp")
			event := d.event()
			response, err := act(d, &before)
			if id != "" && at != "" {
				m.do(func() {
					if event == created {
						t.began[id] = at
					}
					t.latest[id] = at
				})
			}
			return response, err
		}}
	})
}

// edited makes a defect that alters events in the light of what was told before.
func edited(requirement, done, sentence string, change func(*delivery, *told)) Defect {
	return story(requirement, done, sentence, func(d *delivery, t *told) (*http.Response, error) {
		change(d, t)
		return d.send()
	})
}

// payload is what the envelope of an event has in it; an empty object where it has none.
func (d *delivery) payload() map[string]any {
	if p := object(any(d.fields), "payload"); p != nil {
		return p
	}
	return map[string]any{}
}

// shift moves a timestamp of the payload.
func (d *delivery) shift(path string, by time.Duration) {
	each(any(d.payload()), path, func(parent map[string]any, name string) {
		for _, layout := range []string{"2006-01-02T15:04:05.000Z07:00", "2006-01-02T15:04:05.000Z0700"} {
			if at, err := time.Parse(layout, text(any(parent), name)); err == nil {
				parent[name] = at.Add(by).Format(layout)
				return
			}
		}
	})
}
