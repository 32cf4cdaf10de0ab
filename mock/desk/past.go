package desk

import (
	"time"

	"github.com/parley-contracts/parley/fixtures/fake"
)

// fill gives teams a past: conversations from long ago until now, every second one of the first team's, and so many messages
// in all. Every conversation has at least one. It goes from the oldest to the newest, so that numbers tell the order.
func (d *Desk) fill(teams []team, conversations, messages int) {
	p := past{
		desk: d, fake: d.fake,
		now:  InstantOf(d.clock.Now().Truncate(time.Second)),
		gap:  min(Instant(365*day)/Instant(conversations), 12*hour) / second * second,
		size: d.sizes(conversations, messages),
	}
	counts := make([]int, len(teams))
	for before := conversations - 1; before >= 0; before-- {
		at := 0
		if before%2 == 1 && len(teams) > 1 {
			at = 1 + before/2%(len(teams)-1)
		}
		p.record(&teams[at], kindOf(counts[at]), before, p.size[before])
		counts[at]++
	}
}

// past writes conversations that are over.
type past struct {
	desk  *Desk
	fake  *fake.Faker
	now   Instant
	gap   Instant // from one conversation to the next
	size  []int
	lines []fake.Line
}

// kind is what a conversation is like.
type kind struct {
	open, human, anonymous bool
}

// kindOf is the kind of an agent's conversation number i. Kinds come in turn and not by chance, so that few conversations
// are enough to have some of every kind.
func kindOf(i int) kind {
	turns := [...]kind{
		{}, {open: true}, {human: true}, {open: true, human: true}, {},
		{open: true}, {open: true, human: true}, {}, {open: true}, {open: true},
	}
	k := turns[i%len(turns)]
	k.anonymous = i%6 == 4
	return k
}

// sizes shares messages out among conversations. One in twenty is three times as long as the others.
func (d *Desk) sizes(conversations, messages int) []int {
	const long = 300
	weights, sum := make([]int, conversations), 0
	for i := range weights {
		weights[i] = 50 + d.fake.IntN(81)
		if i%20 == 4 {
			weights[i] = long
		}
		sum += weights[i]
	}
	rest, seen, given := max(messages-conversations, 0), 0, 0
	for i, w := range weights {
		seen += w
		until := share(rest, seen, sum)
		weights[i] = 1 + until - given
		given = until
	}
	return weights
}

// share is rest×part/whole without overflow for any number of messages that fits into memory.
func share(rest, part, whole int) int {
	return rest/whole*part + rest%whole*part/whole
}

// record writes the conversation that so many others come after.
func (p *past) record(t *team, k kind, before, size int) {
	var guest fake.Person
	if !k.anonymous {
		guest = p.fake.Person()
	}
	cast := p.fake.Cast(guest, t.Name, t.staff[p.fake.IntN(len(t.staff))], t.organization)
	note := !k.open && size > 1
	if note {
		size--
	}
	p.lines = p.fake.Transcript(p.lines[:0], cast, size, k.human)
	if note {
		p.lines = append(p.lines, fake.Line{Speaker: fake.Platform, After: 10 * time.Minute, Text: fake.Closed})
	}
	n := next(&p.desk.numbers.conversation)
	created := p.now - 30*minute - Instant(before)*p.gap - Instant(p.fake.Int64N(int64(p.gap/2/second)+1))*second
	entries := p.entries(created, cast.Human.Name)
	last := entries[len(entries)-1].At
	p.desk.commit(p.now, ConversationRecorded{Conversation{
		ID: p.desk.ids.id(aConversation, n), Number: n, Agent: t.ID, Guest: visitor(guest),
		Created: created, Updated: last, Open: k.open, Human: k.human, Seen: !k.open || p.fake.IntN(2) == 0,
		Messages: entries,
	}})
}

// entries puts the lines into the time from created on. When there is not enough of it until now, all goes faster.
func (p *past) entries(created Instant, human string) []Message {
	var length Instant
	for _, line := range p.lines {
		length += duration(line.After)
	}
	room := p.now - second - created
	entries, elapsed, at := make([]Message, len(p.lines)), Instant(0), created-microsecond
	for i, line := range p.lines {
		elapsed += duration(line.After)
		since := elapsed
		if length > room {
			since = Instant(float64(elapsed) / float64(length) * float64(room))
		}
		at = max(at+microsecond, created+since)
		m := Message{
			At: at, Content: line.Text, Number: next(&p.desk.numbers.message),
			By: line.Speaker, File: line.File, Rating: line.Rating,
		}
		if m.By == fake.Human {
			m.Sender = human
		}
		entries[i] = m
	}
	return entries
}
