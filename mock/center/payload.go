package center

import (
	"encoding/json"

	"github.com/parley-contracts/parley/mock/reading"
)

// reference is an object with an id, which may be null.
type reference struct {
	ID *string `json:"id"`
}

// createdPayload is the payload of CONVERSATION_CREATED ("Conversation created").
type createdPayload struct {
	ID          string          `json:"id"`
	Status      Status          `json:"status"`
	Queue       *reference      `json:"queue"`
	Priority    Priority        `json:"priority"`
	Channel     Channel         `json:"channel"`
	Direction   Direction       `json:"direction"`
	Assignee    *reference      `json:"assignee"`
	LastMessage json.RawMessage `json:"lastMessage,omitempty"`
	Customer    *reference      `json:"customer"`
	Form        *reference      `json:"form"`
	Topic       *string         `json:"topic"`
	Summary     *string         `json:"summary"`
	Timestamp   string          `json:"timestamp"`
}

// statusPayload is the payload of CONVERSATION_STATUS_UPDATED ("Conversation status updated").
type statusPayload struct {
	ID          string          `json:"id"`
	Status      Status          `json:"status"`
	LastMessage json.RawMessage `json:"lastMessage,omitempty"`
	Timestamp   string          `json:"timestamp"`
}

// assignmentPayload is the payload of CONVERSATION_ASSIGNMENT_UPDATED ("Conversation assignment updated").
type assignmentPayload struct {
	ID          string          `json:"id"`
	Assignee    *reference      `json:"assignee"`
	LastMessage json.RawMessage `json:"lastMessage,omitempty"`
	Timestamp   string          `json:"timestamp"`
}

// receivedPayload is the payload of the three events of messages ("Message received", "Message updated", "Message
// deleted").
type receivedPayload struct {
	Message        messagePayload         `json:"message"`
	Authentication *authenticationPayload `json:"authentication"`
}

type messagePayload struct {
	ID             string          `json:"id"`
	MessageID      string          `json:"messageId,omitempty"`
	MessageLowerID string          `json:"messageid,omitempty"`
	Channel        Channel         `json:"channel"`
	From           string          `json:"from"`
	To             string          `json:"to"`
	ConversationID string          `json:"conversationId"`
	CreatedAt      string          `json:"createdAt"`
	UpdatedAt      string          `json:"updatedAt"`
	Content        *contentPayload `json:"content"`
}

// contentPayload has the keys of the document's example, of a mail its subject and of an image its place besides.
type contentPayload struct {
	Subject  string  `json:"subject,omitempty"`
	Text     *string `json:"text"`
	URL      string  `json:"url,omitempty"`
	Context  *string `json:"context"`
	Referral *string `json:"referral"`
	Type     string  `json:"type"`
}

type authenticationPayload struct {
	Type      AuthenticationType `json:"authenticationType"`
	Value     *string            `json:"value"`
	PersonID  *int               `json:"personId"`
	FirstName *string            `json:"firstName"`
	LastName  *string            `json:"lastName"`
}

func (c *Center) createdPayload(of *Conversation) createdPayload {
	return createdPayload{
		ID: of.ID, Status: of.Status, Queue: refer(of.Queue), Priority: of.Priority, Channel: of.Channel,
		Direction: of.Direction, Assignee: c.assigneePayload(of.Assignee), LastMessage: c.lastPayload(of),
		Customer: refer(of.Customer), Form: refer(of.Form), Topic: of.Topic, Summary: of.Summary,
		Timestamp: c.stamp(of.Created),
	}
}

// receivedPayload tells of a message. It has an authentication where it came in by a live chat (IB-37/40).
func (c *Center) receivedPayload(event string, of *Conversation, m *Message) receivedPayload {
	content := &contentPayload{Subject: m.Content.Subject, Text: m.Content.Text, URL: m.Content.URL, Type: m.Content.Kind}
	told := receivedPayload{Message: messagePayload{
		ID: m.ID, MessageID: m.ID, Channel: of.Channel, From: m.From, To: m.To, ConversationID: of.ID,
		CreatedAt: c.stamp(m.Created), UpdatedAt: c.stamp(m.Updated), Content: content,
	}}
	switch {
	case event == InboundMessageEvent && c.readings.Has(reading.InboundMessageIDAbsent):
		told.Message.MessageID = ""
	case c.readings.Has(reading.LowerCaseMessageID):
		told.Message.MessageID, told.Message.MessageLowerID = "", m.ID
	}
	if event == InboundMessageDeletedEvent && c.readings.Has(reading.DeletedContentNull) {
		told.Message.Content = nil
	}
	if event == InboundMessageEvent && of.Channel == LiveChat && !c.readings.Has(reading.AuthenticationNull) {
		told.Authentication = c.customers.byID[of.Customer].Authentication.payload()
	}
	return told
}

func (a Authentication) payload() *authenticationPayload {
	if a.Type == "" { // of somebody who has another channel's history alone
		a.Type = NotAuthenticated
	}
	told := &authenticationPayload{Type: a.Type, Value: orNull(a.Value), FirstName: orNull(a.First), LastName: orNull(a.Last)}
	if a.Person > 0 {
		told.PersonID = &a.Person
	}
	return told
}

// assigneePayload is an object also for nobody, as in the document's example (IB-22).
func (c *Center) assigneePayload(id string) *reference {
	if id == "" && c.readings.Has(reading.AssigneeNull) {
		return nil
	}
	return &reference{orNull(id)}
}

// lastPayload tells of a conversation's newest message ("Message data"). Of an empty conversation it is null (IB-26).
func (c *Center) lastPayload(of *Conversation) json.RawMessage {
	last := of.last()
	switch {
	case last == nil && c.readings.Has(reading.LastMessageAbsent):
		return nil
	case last == nil && c.readings.Has(reading.LastMessageFilled):
		return json.RawMessage(`{"from":null,"to":null,"channel":null,"direction":null}`)
	case last == nil:
		return json.RawMessage("null")
	}
	told, _ := json.Marshal(struct { // strings always encode
		From      string    `json:"from"`
		To        string    `json:"to"`
		Channel   Channel   `json:"channel"`
		Direction Direction `json:"direction"`
	}{last.From, last.To, of.Channel, last.Direction})
	return told
}

// stamp writes a time in the document's form, with the offset that its examples have (IB-14).
func (c *Center) stamp(i Instant) string {
	switch text := i.Time().Format(millis); {
	case c.readings.Has(reading.OffsetPlain):
		return text + "+0000"
	case c.readings.Has(reading.OffsetZulu):
		return text + "Z"
	default:
		return text + "+00:00"
	}
}

// refer is null for no id (IB-24/25).
func refer(id string) *reference {
	if id == "" {
		return nil
	}
	return &reference{&id}
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
