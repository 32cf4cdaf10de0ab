package desk

import (
	"iter"

	"github.com/tidwall/btree"
)

// Status narrows a list by a conversation's status.
type Status uint8

// Statuses.
const (
	AnyStatus Status = iota
	Closed
	Open
)

// Mode narrows a list by a conversation's response mode.
type Mode uint8

// Modes.
const (
	AnyMode Mode = iota
	AI
	Human
)

// Query is what a list is asked for; its conditions all hold (AL-62).
type Query struct {
	Status Status
	Mode   Mode
	Window Window
	Limit  int
}

// shelf keeps an agent's conversations in the order of their creation, in a row for each way to narrow a list: nine rows,
// and every conversation in four of them. So a page of any list is one walk along one row, from where its window begins.
type shelf [3][3]*btree.BTreeG[*conversation]

// row is the narrowest place of a conversation.
type row struct {
	status Status
	mode   Mode
}

func newShelf() shelf {
	var s shelf
	for status := range s {
		for mode := range s[status] {
			// The desk's lock is enough.
			s[status][mode] = btree.NewBTreeGOptions(older, btree.Options{NoLocks: true})
		}
	}
	return s
}

// older orders by creation; conversations of one instant keep the order in which they came.
func older(a, b *conversation) bool {
	if a.Created != b.Created {
		return a.Created < b.Created
	}
	return a.Number < b.Number
}

func (c *conversation) row() row {
	r := row{Closed, AI}
	if c.Open {
		r.status = Open
	}
	if c.Human {
		r.mode = Human
	}
	return r
}

// rows are all the places of a conversation whose narrowest is r.
func (r row) rows() [4]row {
	return [...]row{r, {r.status, AnyMode}, {AnyStatus, r.mode}, {AnyStatus, AnyMode}}
}

func (s *shelf) put(c *conversation) {
	for _, r := range c.row().rows() {
		s[r.status][r.mode].Set(c)
	}
}

// move puts a conversation whose state has changed where it belongs now.
func (s *shelf) move(c *conversation, before row) {
	now := c.row().rows()
	for i, old := range before.rows() {
		if old == now[i] {
			continue
		}
		s[old.status][old.mode].Delete(c)
		s[now[i].status][now[i].mode].Set(c)
	}
}

// walk gives the conversations that a query asks for, newest first.
func (s *shelf) walk(q Query) iter.Seq[*conversation] {
	return func(yield func(*conversation) bool) {
		left := q.Limit
		// Numbers start at 1, so this comes before any conversation of the instant at which the window ends.
		end := conversation{Conversation: Conversation{Created: q.Window.To}}
		s[q.Status][q.Mode].Descend(&end, func(c *conversation) bool {
			left--
			return left >= 0 && c.Created >= q.Window.From && yield(c)
		})
	}
}
