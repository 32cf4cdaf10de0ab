package journal

import "sync"

// ring keeps the latest size values. It grows as it fills, so that a world nobody uses costs nothing.
type ring[T any] struct {
	size int

	mu    sync.Mutex
	slots []T
	count uint64 // how many were ever added; the last one has this number
}

// add numbers a new value and lets fill write it over the oldest.
func (r *ring[T]) add(fill func(seq uint64, slot *T)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := int(r.count % uint64(r.size))
	if i == len(r.slots) {
		var empty T
		r.slots = append(r.slots, empty)
	}
	r.count++
	fill(r.count, &r.slots[i])
}

// newest copies out the newest n values of r, or all when n is below 0, the newest first.
func newest[T, V any](r *ring[T], n int, copied func(*T) V) []V {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n < 0 || n > len(r.slots) {
		n = len(r.slots)
	}
	out := make([]V, n)
	for i := range out {
		at := (r.count - 1 - uint64(i)) % uint64(r.size)
		out[i] = copied(&r.slots[at])
	}
	return out
}
