package conformance

import "cmp"

// Recent is a map that forgets what was put into it longest ago, so that a stream of any length fits into it. The zero
// value is ready.
type Recent[T any] struct {
	Keep   int // how much is remembered; 0 for what is enough for ids
	values map[string]T
	order  []string
	next   int
}

// recentKept is how much is remembered unless somebody says otherwise.
const recentKept = 1 << 15

// Get returns what is known under a key, and whether anything is.
func (r *Recent[T]) Get(key string) (T, bool) {
	value, ok := r.values[key]
	return value, ok
}

// Put remembers a value under a key that is new, or again.
func (r *Recent[T]) Put(key string, value T) {
	if r.values == nil {
		r.values = map[string]T{}
	}
	if _, known := r.values[key]; !known {
		most := cmp.Or(r.Keep, recentKept)
		if len(r.order) < most {
			r.order = append(r.order, key)
		} else {
			delete(r.values, r.order[r.next])
			r.order[r.next] = key
			r.next = (r.next + 1) % most
		}
	}
	r.values[key] = value
}
