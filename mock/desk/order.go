package desk

import (
	"cmp"
	"slices"

	"github.com/parley-contracts/parley/fixtures/fake"
	"github.com/parley-contracts/parley/mock/reading"
)

// order compares conversations as List Conversations has them (AL-63).
type order func(x, y *conversation) int

// orderBy is the order of a world with these readings; nil for newest first, which is how an agent's conversations
// stand on the shelf. The others look at all that a query fits.
func orderBy(readings *reading.Set, ids ids) order {
	switch {
	case readings.Has(reading.OldestFirst):
		return oldest
	case readings.Has(reading.ActivityFirst):
		return func(x, y *conversation) int { return cmp.Or(cmp.Compare(y.Updated, x.Updated), oldest(y, x)) }
	case readings.Has(reading.Shuffled):
		return func(x, y *conversation) int {
			return cmp.Compare(ids.bits(aConversation, x.Number, 2), ids.bits(aConversation, y.Number, 2))
		}
	}
	return nil
}

func oldest(x, y *conversation) int {
	return cmp.Or(cmp.Compare(x.Created, y.Created), cmp.Compare(x.Number, y.Number))
}

// first gives the first of an agent's conversations that a query asks for, in an order.
func first(a *agent, q Query, by order) []*conversation {
	limit := q.Limit
	q.Limit = int(^uint(0) >> 1)
	all := slices.SortedFunc(a.shelf.walk(q), by)
	return all[:min(limit, len(all))]
}

// sampled gives the conversations that an event's samples are of (AL-71, AL-72).
func (d *Desk) sampled(a *agent, event string, limit int) []*conversation {
	q := Query{Window: Always, Limit: limit}
	if event == HumanHandoffRequired && !d.readings.Has(reading.HandoffSamplesAny) {
		q.Mode = Human
	}
	if d.readings.Has(reading.SamplesOldest) {
		return first(a, q, oldest)
	}
	some := slices.AppendSeq(make([]*conversation, 0, limit), a.shelf.walk(q))
	if len(some) == 0 && d.readings.Has(reading.SamplesSynthetic) {
		return append(some, d.synthetic(a, event))
	}
	return some
}

// synthetic is a conversation that nobody had, to show what an event looks like.
func (d *Desk) synthetic(a *agent, event string) *conversation {
	at := d.now()
	return &conversation{agent: a, wish: -1, Conversation: Conversation{
		ID: d.ids.id(aConversation, 0), Agent: a.ID, Guest: Visitor{Name: "Sample Customer", Email: "sample@example.com"},
		Created: at, Updated: at, Open: true, Human: event == HumanHandoffRequired,
		Messages: []Message{{At: at, Content: "Hello! This is a sample message.", By: fake.Guest}},
	}}
}
