package conversations

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/parley-contracts/parley/conformance"
	contract "github.com/parley-contracts/parley/openapi/conversations"
)

// The events, by their names on the wire.
const (
	created           = "CONVERSATION_CREATED"
	statusUpdated     = "CONVERSATION_STATUS_UPDATED"
	assignmentUpdated = "CONVERSATION_ASSIGNMENT_UPDATED"
	received          = "INBOUND_MESSAGE"
	updated           = "INBOUND_MESSAGE_UPDATED"
	deleted           = "INBOUND_MESSAGE_DELETED"
)

// events are all six, in the document's order.
var events = []string{created, statusUpdated, assignmentUpdated, received, updated, deleted}

// social are the channels whose messages can be updated and deleted (IB-44).
var social = []string{"FACEBOOK_POST", "INSTAGRAM_POST", "GOOGLE_PLAY"}

// item is a JSON object of a payload, read without trust: an accessor gives the zero value for what is missing or of
// another type, since shapes are judged elsewhere. Names are read as they are written: `ID` is not `id`.
type item map[string]any

func (i item) text(name string) string {
	s, _ := i[name].(string)
	return s
}

func (i item) object(name string) item {
	o, _ := i[name].(map[string]any)
	return o
}

func (i item) instant(name string) (time.Time, bool) { return contract.ParseInstant(i.text(name)) }

// event is a delivery that was read.
type event struct {
	*conformance.Delivery
	// name is the event that it is judged as: the one that it names, or else the one whose payload it comes nearest to.
	name    string
	guessed bool // it does not say which event it is
	body    item
	payload item
	message item // of the three events about messages
}

// id of the conversation that it is about, "" where it names none in a documented form.
func (e *event) conversation() string {
	id := e.payload.text("id")
	if e.message != nil {
		id = e.message.text("conversationId")
	}
	return formed(id)
}

// formed is an id, if it has a form that ids have.
func formed(id string) string {
	if contract.IsUUID(id) || contract.IsLegacyID(id) {
		return id
	}
	return ""
}

// messageID is the platform-wide id of a message, by either spelling (IB-11), "" where neither is a UUID.
func messageID(message item) string {
	for _, name := range []string{"messageId", "messageid"} {
		if id := message.text(name); contract.IsUUID(id) {
			return id
		}
	}
	return ""
}

// lastMessage tells whether the conversation has a last message, and whether messages can be deleted on its channel. An
// empty conversation shows null, nothing, or nothing but nulls (IB-26). What is no object tells neither.
func (e *event) lastMessage() (told, there, deletable bool) {
	value := e.payload["lastMessage"]
	last := toItem(value)
	return value == nil || last != nil, last.text("from") != "" || last.text("to") != "", slices.Contains(social, last.text("channel"))
}

// What a body is that is no single event.
type fault int

const (
	sound fault = iota
	noJSON
	several // events in one request (IB-53)
	noEvent
)

// read reads a body, as far as it can be.
func read(d *conformance.Delivery) (*event, fault) {
	e := &event{Delivery: d}
	if !utf8.Valid(d.Body) {
		return e, noJSON
	}
	var value any
	if err := json.Unmarshal(d.Body, &value); err != nil {
		if lined(d.Body) {
			return e, several
		}
		return e, noJSON
	}
	whole, ok := value.(map[string]any)
	switch {
	case listed(value):
		return e, several
	case !ok:
		return e, noEvent
	}
	e.body = whole
	e.payload = e.body.object("payload")
	e.message = e.payload.object("message")
	if named := e.body.text("type"); slices.Contains(events, named) {
		e.name = named
	}
	return e, sound
}

// lined tells whether a body is several JSON objects, one behind the other.
func lined(body []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var one, other map[string]any
	return decoder.Decode(&one) == nil && decoder.Decode(&other) == nil
}

// listed tells whether a value is a list, or an object that is no event and holds a list of some.
func listed(value any) bool {
	switch v := value.(type) {
	case []any:
		return true
	case map[string]any:
		if v["type"] != nil || v["payload"] != nil {
			return false
		}
		for _, inner := range v {
			if all, ok := inner.([]any); ok && slices.ContainsFunc(all, enveloped) {
				return true
			}
		}
	}
	return false
}

func enveloped(v any) bool {
	o, _ := v.(map[string]any)
	return o["type"] != nil && o["payload"] != nil
}
