package desk

import (
	"sort"

	"github.com/parley-contracts/parley/fixtures/fake"
)

// AppendConversations appends an agent's conversations as a JSON array, newest first or in the order of the world's readings (List
// Conversations).
func (d *Desk) AppendConversations(dst []byte, account, agent string, q Query) ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	a, err := d.agentFor(account, agent)
	if err != nil {
		return dst, err
	}
	list := newList(dst)
	if d.before != nil {
		for _, c := range first(a, q, d.before) {
			list.add(c.encoded)
		}
		return list.end(), nil
	}
	for c := range a.shelf.walk(q) {
		list.add(c.encoded)
	}
	return list.end(), nil
}

// AppendMessages appends a conversation's messages as a JSON array, newest first and without the platform's entries (Find
// Messages).
func (d *Desk) AppendMessages(dst []byte, account, conversation string, w Window, limit int) ([]byte, error) {
	d.mu.RLock()
	c, err := d.conversationFor(account, conversation)
	if err != nil {
		d.mu.RUnlock()
		return dst, err
	}
	// Entries only ever follow these, and neither they nor the names change: they can be read without the lock.
	entries := c.Messages
	names := names{guest: or(c.Guest.Name, "Visitor"), ai: c.agent.Name}
	d.mu.RUnlock()

	list := newList(dst)
	newer := sort.Search(len(entries), func(i int) bool { return entries[i].At >= w.To })
	for i := newer - 1; i >= 0 && limit > 0 && entries[i].At >= w.From; i-- {
		if entries[i].By != fake.Platform {
			list.comma()
			list.dst = d.ids.appendMessage(list.dst, &entries[i], names)
			limit--
		}
	}
	return list.end(), nil
}

// AppendSamples appends the newest of an agent's conversations that an event fits, as a JSON array of that event's webhook
// bodies (Get Recent Conversation Samples).
func (d *Desk) AppendSamples(dst []byte, account, agent, event string, limit int) ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	a, err := d.agentFor(account, agent)
	if err != nil {
		return dst, err
	}
	list := newList(dst)
	for _, c := range d.sampled(a, event, limit) {
		list.comma()
		list.dst = d.appendSample(list.dst, c, event)
	}
	return list.end(), nil
}

// list joins what is encoded to a JSON array.
type list struct {
	dst   []byte
	start int
}

func newList(dst []byte) list {
	return list{dst: append(dst, '['), start: len(dst) + 1}
}

func (l *list) add(encoded []byte) {
	l.comma()
	l.dst = append(l.dst, encoded...)
}

func (l *list) comma() {
	if len(l.dst) > l.start {
		l.dst = append(l.dst, ',')
	}
}

func (l *list) end() []byte {
	return append(l.dst, ']')
}
