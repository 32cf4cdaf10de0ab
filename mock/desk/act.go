package desk

import (
	"strings"

	"github.com/parley-contracts/parley/fixtures/fake"
	"github.com/parley-contracts/parley/mock/reading"
)

// Reply adds a message to a conversation in an account's name, as a person's, and answers the message's id. The conversation
// goes over to human mode; no handoff event comes of it (AL-87). A closed one takes it and stays closed (AL-85). Worlds that
// read the document otherwise do otherwise.
func (d *Desk) Reply(account, conversation, content string) (message string, err error) {
	d.writer.Lock()
	defer d.writer.Unlock()
	c, err := d.conversationFor(account, conversation)
	if err != nil {
		return "", err
	}
	if !c.Open && d.readings.Has(reading.ReplyToClosedRefused) {
		return "", &Error{Kind: ErrConflict, Subject: "conversation", Reason: "it is closed"}
	}
	if d.readings.Has(reading.ReplyTrimmed) {
		content = strings.TrimSpace(content)
	}
	fromAI := !c.Human
	m := d.entry(c, fake.Human, content)
	m.Sender, m.Via = d.accounts[account].Name, API
	d.commit(m.At, MessageAdded{c.ID, m})
	if !c.Open && d.readings.Has(reading.ReplyReopens) {
		d.commit(m.At, ConversationReopened{c.ID})
	}
	if fromAI && d.readings.Has(reading.ReplyHandsOver) {
		note := d.entry(c, fake.Platform, fake.HandedOver)
		d.commit(note.At, HandoffRequired{c.ID, note})
	}
	if d.readings.Has(reading.ReplyTellsUUID) {
		return string(d.ids.appendUUID(nil, aMessage, m.Number)), nil
	}
	return string(d.ids.appendShort(nil, "msg_", aShortMessage, m.Number)), nil
}

// Close closes a conversation. Closing it again changes nothing, and is no error (AL-82).
func (d *Desk) Close(account, conversation string) error {
	d.writer.Lock()
	defer d.writer.Unlock()
	c, err := d.conversationFor(account, conversation)
	if err != nil {
		return err
	}
	if !c.Open {
		if d.readings.Has(reading.CloseOnce) {
			return &Error{Kind: ErrConflict, Subject: "conversation", Reason: "it is closed"}
		}
		return nil
	}
	note := d.entry(c, fake.Platform, fake.Closed)
	d.commit(note.At, ConversationClosed{c.ID, note})
	return nil
}

// Provoke has a guest start a conversation with an agent, and for HumanHandoffRequired go on to ask for a person, and gives
// the conversation. Either way it is a world's event like any other: a hand-over comes after a new conversation, and who
// subscribed to both hears of both. An agent or organization that does not exist is ErrNotFound, one that does not go with
// the other, and an unknown event, is ErrInvalid.
func (d *Desk) Provoke(event, organization, agent string) (conversation string, err error) {
	d.writer.Lock()
	defer d.writer.Unlock()
	if err := known(event); err != nil {
		return "", err
	}
	a, err := d.agentOf(organization, agent)
	if err != nil {
		return "", err
	}
	guest := d.fake.Person()
	cast := d.fake.Cast(guest, a.Name, fake.Person{}, a.organization.Name)
	lines := d.fake.Transcript(nil, cast, 4, false)
	c := d.start(a, guest, lines[0].Text)
	if event == HumanHandoffRequired {
		d.handOver(c, lines, d.fake.Wish(cast))
	}
	return c.ID, nil
}

func (d *Desk) start(a *agent, guest fake.Person, content string) *conversation {
	n, at := next(&d.numbers.conversation), d.now()
	id := d.ids.id(aConversation, n)
	first := Message{At: at, Content: content, Number: next(&d.numbers.message), By: fake.Guest}
	started := Conversation{ID: id, Number: n, Agent: a.ID, Guest: visitor(guest), Created: at, Updated: at, Open: true}
	if d.readings.Has(reading.StartsSilent) {
		d.commit(at, ConversationStarted{started})
		d.commit(at, MessageAdded{id, first})
		return d.conversations[id]
	}
	started.Messages = []Message{first}
	d.commit(at, ConversationStarted{started})
	return d.conversations[id]
}

// handOver goes on with a conversation until its guest gets a person.
func (d *Desk) handOver(c *conversation, lines []fake.Line, wish string) {
	for _, line := range []fake.Line{lines[1], lines[2], lines[3], {Speaker: fake.Guest, Text: wish}} {
		m := d.entry(c, line.Speaker, line.Text)
		d.commit(m.At, MessageAdded{c.ID, m})
	}
	note := d.entry(c, fake.Platform, fake.HandedOver)
	d.commit(note.At, HandoffRequired{c.ID, note})
}

// entry is the next entry of a conversation. Its time is the world's, or just after the last entry when that would not be
// later: in a world whose clock is frozen, too, the newest message comes first.
func (d *Desk) entry(c *conversation, by fake.Speaker, content string) Message {
	at := d.now()
	if n := len(c.Messages); n > 0 {
		at = max(at, c.Messages[n-1].At+microsecond)
	}
	return Message{At: at, Content: content, Number: next(&d.numbers.message), By: by}
}

func visitor(p fake.Person) Visitor {
	return Visitor{Name: p.Name, Email: p.Email, Country: p.Country}
}
