package desk

import (
	"time"
	"unicode/utf8"

	"github.com/parley-contracts/parley/fixtures/fake"
)

func appendOrganization(dst []byte, o Organization) []byte {
	dst = appendString(append(dst, `{"organization_uuid":`...), o.ID)
	dst = appendString(append(dst, `,"id":`...), o.ID)
	dst = appendString(append(dst, `,"name":`...), o.Name)
	return append(dst, '}')
}

func appendAgent(dst []byte, a Agent) []byte {
	dst = appendString(append(dst, `{"agent_uuid":`...), a.ID)
	dst = appendString(append(dst, `,"id":`...), a.ID)
	dst = appendString(append(dst, `,"name":`...), a.Name)
	return append(dst, '}')
}

// appendConversation encodes an item of List Conversations; created_at and updated_at are there although no example has
// them, because the document's scenarios use them (AL-66/67).
func (s ids) appendConversation(dst []byte, c *Conversation) []byte {
	dst = appendString(append(dst, `{"id":`...), c.ID)
	dst = appendString(append(dst, `,"uuid":`...), c.ID)
	dst = s.appendShort(append(dst, `,"session_id":"`...), "sess_", aSession, c.Number)
	dst = append(append(dst, `","response_mode":"`...), c.mode()...)
	dst = appendBool(append(dst, `","status":`...), c.Open)
	dst = appendBool(append(dst, `,"last_message_seen":`...), c.Seen)
	dst = appendInstant(append(dst, `,"deleted_at":null,"created_at":`...), c.Created)
	dst = appendInstant(append(dst, `,"updated_at":`...), c.Updated)
	dst = appendOrNull(append(dst, `,"chat_user":{"name":`...), c.Guest.Name)
	dst = appendOrNull(append(dst, `,"email":`...), c.Guest.Email)
	dst = appendOrNull(append(dst, `,"country_code":`...), c.Guest.Country)
	dst = s.appendShort(append(dst, `,"chat_user_id":"`...), "chu_", aGuest, c.Number)
	return append(dst, `"}}`...)
}

func (c *Conversation) mode() string {
	if c.Human {
		return "human"
	}
	return "ai"
}

// names are the senders that a message does not carry itself.
type names struct{ guest, ai string }

// appendMessage encodes an item of Find Messages. What the document only ever shows as null is null (AL-47).
func (s ids) appendMessage(dst []byte, m *Message, n names) []byte {
	dst = s.appendShort(append(dst, `{"id":"`...), "msg_", aShortMessage, m.Number)
	dst = s.appendUUID(append(dst, `","uuid":"`...), aMessage, m.Number)
	dst = appendString(append(dst, `","content":`...), m.Content)
	sender := n.guest
	switch m.By {
	case fake.Guest:
		dst = append(dst, `,"type":"guest","is_read":null,"status":null,"responder_type":null`...)
	case fake.AI:
		dst = append(dst, `,"type":"agent","is_read":null,"status":null,"responder_type":"ai"`...)
		sender = n.ai
	case fake.Human:
		dst = append(dst, `,"type":"agent","is_read":null,"status":null,"responder_type":"human_assistant"`...)
		sender = m.Sender
	}
	dst = append(dst, `,"emailed_at":null,"email_seen":false,"email_opened_at":null,"via":"`...)
	dst = append(dst, vias[m.Via]...)
	dst = appendInstant(append(dst, `","created_at":`...), m.At)
	dst = append(append(dst, `,"user_feedback":`...), feedbacks[m.Rating]...)
	dst = appendString(append(dst, `,"sender_name":`...), sender)
	dst = append(dst, `,"attachments":[`...)
	if m.File != fake.NoFile {
		dst = s.appendAttachment(dst, m)
	}
	return append(dst, `]}`...)
}

var (
	vias      = [...]string{Web: "web", API: "api"}
	feedbacks = [...]string{fake.Unrated: `null`, fake.Good: `"positive"`, fake.Bad: `"negative"`, fake.NotAllowed: `"not-allowed"`}
	files     = [...]struct{ name, kind string }{fake.Photo: {"photo.jpg", "image/jpeg"}, fake.Invoice: {"invoice.pdf", "application/pdf"}}
)

// appendAttachment encodes a file. The document names no fields of it (AL-48).
func (s ids) appendAttachment(dst []byte, m *Message) []byte {
	file := files[m.File]
	dst = append(append(append(dst, `{"name":"`...), file.name...), `","type":"`...)
	dst = append(append(dst, file.kind...), `","url":"https://files.assistloop.example/`...)
	dst = append(s.appendUUID(dst, aMessage, m.Number), '/')
	return append(append(dst, file.name...), `"}`...)
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

// appendInstant writes six digits of fraction, as the messages of the document have them.
func appendInstant(dst []byte, i Instant) []byte {
	return i.Time().AppendFormat(append(dst, '"'), `2006-01-02T15:04:05.000000Z"`)
}

// appendShortInstant writes only as much of a fraction as there is, as the webhooks of the document have it.
func appendShortInstant(dst []byte, i Instant) []byte {
	return append(i.Time().AppendFormat(append(dst, '"'), time.RFC3339Nano), '"')
}

func appendOrNull(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, "null"...)
	}
	return appendString(dst, s)
}

// appendString writes a JSON string (RFC 8259, section 7). Only what has to be is escaped; bytes that are no UTF-8 become
// U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, size := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		dst = appendEscape(append(dst, s[from:i]...), c)
		i++
		from = i
	}
	return append(append(dst, s[from:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch {
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, `\n`...)
	case c == '\r':
		return append(dst, `\r`...)
	case c == '\t':
		return append(dst, `\t`...)
	case c < ' ':
		return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	}
	return append(dst, "\ufffd"...)
}

func or(word, otherwise string) string {
	if word == "" {
		return otherwise
	}
	return word
}
