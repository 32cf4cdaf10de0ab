package conversations

// ring is a map that forgets what was put into it longest ago.
type ring[T any] struct {
	values map[string]T
	order  []string
	next   int
}

func (r *ring[T]) get(key string) T { return r.values[key] }

func (r *ring[T]) put(key string, value T) {
	if r.values == nil {
		r.values = map[string]T{}
	}
	if len(r.order) < remembered {
		r.order = append(r.order, key)
	} else {
		delete(r.values, r.order[r.next])
		r.order[r.next] = key
		r.next = (r.next + 1) % remembered
	}
	r.values[key] = value
}
