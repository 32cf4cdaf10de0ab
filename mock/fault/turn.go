package fault

import "sync/atomic"

// turn says which of those that a rule could strike it does, by their number. It begins with 1 for the first.
type turn struct {
	after, first, nth, every uint64
	probability              float64
	seed                     uint64
	counted                  atomic.Uint64
}

func newTurn(m *Match, seed uint64) turn {
	probability := m.Probability
	if probability == 0 {
		probability = 1
	}
	return turn{
		after: uint64(m.After), first: uint64(m.First), nth: uint64(m.Nth), every: uint64(m.Every),
		probability: probability, seed: seed,
	}
}

// next counts one more and tells its number.
func (t *turn) next() uint64 { return t.counted.Add(1) }

// takes tells whether the nth is struck, by its number and by chance.
func (t *turn) takes(n, draw uint64) bool {
	if n <= t.after {
		return false
	}
	n -= t.after
	if t.first > 0 && n > t.first || t.nth > 0 && n != t.nth || t.every > 0 && n%t.every != 0 {
		return false
	}
	return unit(draw) < t.probability
}
