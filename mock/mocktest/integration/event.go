package integration

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// The events of AssistLoop that something is done about.
const (
	NewConversation = "new_conversation"
	HumanHandoff    = "human_handoff_required"
)

// Event is one that was delivered: what this integration needs of it. Names and messages that are null are empty.
type Event struct {
	Key          string // the same for every delivery of the event, and for no other event
	Name         string // "new_conversation", or "INBOUND_MESSAGE" of Conversations
	ID           string // empty where a contract has none
	Conversation string
	Customer     string
	Text         string // what the customer wrote
}

// ErrMalformed is a delivery that is no event of either contract.
var ErrMalformed = errors.New("the delivery is no event")

// body holds both envelopes: AssistLoop's and that of Conversations. Whatever else an event brings is passed over: a
// sender may add fields at any time.
type body struct {
	ID    string `json:"id"`
	Event string `json:"event"`
	Data  struct {
		Conversation struct {
			UUID string `json:"uuid"`
		} `json:"conversation"`
		ChatUser struct {
			Name *string `json:"name"`
		} `json:"chat_user"`
		InitialMessage *message `json:"initial_message"`
		LastMessage    *message `json:"last_message"`
	} `json:"data"`

	Type    string `json:"type"`
	Payload struct {
		ID      string `json:"id"`
		Message struct {
			ConversationID string          `json:"conversationId"`
			Content        json.RawMessage `json:"content"`
		} `json:"message"`
	} `json:"payload"`
}

type message struct {
	Content string `json:"content"`
}

// read makes an event of a delivery's body.
func read(text []byte) (Event, error) {
	var b body
	if err := json.Unmarshal(text, &b); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	switch {
	case b.Event != "" && b.ID != "" && b.Data.Conversation.UUID != "":
		return b.assistLoop(), nil
	case b.Type != "":
		return b.conversations(text), nil
	}
	return Event{}, fmt.Errorf("%w: it has neither id, event and conversation nor a type", ErrMalformed)
}

// assistLoop names an event by its id and its name: documented examples show two events that share one id.
func (b *body) assistLoop() Event {
	e := Event{Key: b.Event + "/" + b.ID, Name: b.Event, ID: b.ID, Conversation: b.Data.Conversation.UUID}
	if b.Data.ChatUser.Name != nil {
		e.Customer = *b.Data.ChatUser.Name
	}
	for _, m := range []*message{b.Data.InitialMessage, b.Data.LastMessage} {
		if m != nil {
			e.Text = m.Content
		}
	}
	return e
}

// conversations names an event by all that it says: its contract has no id that every event bears.
func (b *body) conversations(text []byte) Event {
	sum := sha256.Sum256(bytes.TrimSpace(text))
	e := Event{Key: b.Type + "/" + hex.EncodeToString(sum[:8]), Name: b.Type, Conversation: b.Payload.ID}
	if e.Conversation == "" {
		e.Conversation = b.Payload.Message.ConversationID
	}
	e.Text = string(b.Payload.Message.Content)
	return e
}
