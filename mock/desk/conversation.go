package desk

import "github.com/parley-contracts/parley/fixtures/fake"

// Conversation is one guest's talk with an agent.
type Conversation struct {
	ID       string
	Number   uint32 // in the world; the ids of its session and guest derive from it
	Agent    string
	Guest    Visitor
	Created  Instant
	Updated  Instant
	Open     bool
	Human    bool // a person answers, not the AI
	Seen     bool // the last message was seen
	Messages []Message
}

// Visitor is who a conversation is with. Name and Email are empty when the guest is anonymous; Country may be.
type Visitor struct {
	Name, Email, Country string
}

// Message is one entry of a conversation. Entries never change and only grow newer.
type Message struct {
	At      Instant
	Content string
	Sender  string // who wrote it, when a person did
	Number  uint32 // in the world; both its ids derive from it
	By      fake.Speaker
	File    fake.File
	Rating  fake.Rating
	Via     Via
}

// Via is the way a message came.
type Via uint8

// The ways: a chat on a web page, and this API.
const (
	Web Via = iota
	API
)

// conversation is a conversation in its place: with its agent, and encoded as lists have it.
type conversation struct {
	Conversation
	agent   *agent
	encoded []byte
	// The message that asked for a person, of a conversation that was handed over; -1 for others.
	wish int
}

func (c ConversationRecorded) fold(d *Desk, _ Instant) { d.add(c.Conversation) }

func (c ConversationStarted) fold(d *Desk, _ Instant) { d.add(c.Conversation) }

func (d *Desk) add(data Conversation) {
	c := &conversation{Conversation: data, agent: d.agents[data.Agent], wish: -1}
	for i := range c.Messages {
		c.noteWish(i)
	}
	d.conversations[c.ID] = c
	d.messages += len(c.Messages)
	c.agent.shelf.put(c)
	d.encode(c)
}

func (c MessageAdded) fold(d *Desk, at Instant) {
	d.alter(c.Conversation, at, c.Message, func(s *conversation) {
		s.Human = s.Human || c.Message.By == fake.Human
	})
}

func (c HandoffRequired) fold(d *Desk, at Instant) {
	d.alter(c.Conversation, at, c.Note, func(s *conversation) { s.Human = true })
}

func (c ConversationClosed) fold(d *Desk, at Instant) {
	d.alter(c.Conversation, at, c.Note, func(s *conversation) { s.Open = false })
}

func (c ConversationReopened) fold(d *Desk, at Instant) {
	s := d.conversations[c.Conversation]
	before := s.row()
	s.Open = true
	s.agent.shelf.move(s, before)
	d.encode(s)
}

// alter adds an entry to a conversation and changes it, moves it to where its new state belongs, and encodes it.
func (d *Desk) alter(id string, at Instant, entry Message, change func(*conversation)) {
	c := d.conversations[id]
	before := c.row()
	c.Messages = append(c.Messages, entry)
	d.messages++
	c.noteWish(len(c.Messages) - 1)
	c.Updated = max(at, entry.At)
	c.Seen = c.Seen && entry.By == fake.Platform // a note is nothing to be seen
	change(c)
	c.agent.shelf.move(c, before)
	d.encode(c)
}

func (d *Desk) encode(c *conversation) {
	// By way of a buffer, so that what is kept is no longer than it has to be. Lists copy it under the lock: it may be
	// written over.
	d.scratch = d.ids.appendConversation(d.scratch[:0], &c.Conversation)
	c.encoded = append(c.encoded[:0], d.scratch...)
}

// noteWish remembers which guest's message led to the hand-over that entry i notes.
func (c *conversation) noteWish(i int) {
	if c.Messages[i].By != fake.Platform || c.Messages[i].Content != fake.HandedOver {
		return
	}
	for i--; i >= 0; i-- {
		if c.Messages[i].By == fake.Guest {
			c.wish = i
			return
		}
	}
}

// first is the guest's message that started a conversation, and nil when there is none (AL-108).
func (c *conversation) first() *Message {
	if len(c.Messages) > 0 && c.Messages[0].By == fake.Guest {
		return &c.Messages[0]
	}
	return nil
}

// plea is the guest's message that a hand-over is about. A conversation that went to a person by a reply, without being handed
// over, has its guest's last message.
func (c *conversation) plea() *Message {
	if c.wish >= 0 {
		return &c.Messages[c.wish]
	}
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if c.Messages[i].By == fake.Guest {
			return &c.Messages[i]
		}
	}
	return nil
}

// newest is the last message that anybody wrote.
func (c *conversation) newest() *Message {
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if c.Messages[i].By != fake.Platform {
			return &c.Messages[i]
		}
	}
	return nil
}
