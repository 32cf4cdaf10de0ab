// Package consumer is for those who take webhooks. It makes events as a contract permits them (source.go, maker.go,
// vary.go), delivers them to an endpoint as its document says (deliver.go), and judges what the endpoint answers: the
// requirements stand in catalogues of their own, since what a document lets a sender send is what a consumer has to take.
// What an endpoint does with an event shows in no answer; where the consumer tells what it has kept (seen.go), loss and
// repetition are judged, too.
package consumer

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi"
	assistloop "github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
	conversations "github.com/parley-contracts/parley/openapi/conversations"
)

//go:embed assistloop.yaml
var assistLoopRules []byte

//go:embed conversations.yaml
var conversationsRules []byte

// Source is a contract's events, with what its OpenAPI document does not say of their fields.
type Source struct {
	Name   string
	Events []openapi.Event
	// Signed: deliveries are signed with a secret that the consumer knows.
	Signed bool

	rules   []byte // the requirements that do not follow from the shapes of events, as YAML
	checker *check.Contract
	fields  map[string][]check.Field // of each event
	// own are the fields that identify an event, or what it is about: no two events have them in common.
	own []ownField
	// conversation are the fields that name the conversation that an event is about.
	conversation []string
	// samples are values for fields that the examples do not show, or show as null.
	samples map[string]any
	// names and says are the fields that people are named in, and that they write in.
	names, says []string
	// ids are the fields that hold an id, each with one of every form; further forms of the document's.
	ids map[string][]form
	// instants are ways to write a time, as layouts of package time.
	instants []string
	// again is more that a field may be, though no enumeration lists it.
	again map[string][]any
	// unlikely are values, by event and field, that the document advises against: a consumer may count on that.
	unlikely map[string]string
	// agree brings other fields in line with one that was changed, as a sender would have them.
	agree func(e *Event, changed string)
	reads readings
}

// readings are the readings that derived requirements follow.
type readings struct{ nulls, ids, times, unknown, content string }

type ownField struct {
	path string
	form form
}

// AssistLoop is the source of AssistLoop's events. The error means that the embedded contract is broken.
func AssistLoop() (*Source, error) {
	checker, err := assistloop.Load()
	if err != nil {
		return nil, fmt.Errorf("assistloop's contract: %w", err)
	}
	const message, last = "data.initial_message.", "data.last_message."
	return (&Source{
		Name: "assistloop", Events: assistloop.Events(), Signed: true, rules: assistLoopRules, checker: checker,
		own: []ownField{
			{"id", uuid}, {"data.conversation.uuid", uuid}, {message + "uuid", prefixed("msg_")}, {last + "uuid", prefixed("msg_")},
		},
		conversation: []string{"data.conversation.uuid"},
		samples:      map[string]any{"data.chat_user.chat_user_id": "usr_abc123", "data.chat_user.country_code": "US"},
		names:        []string{"data.chat_user.name"},
		says:         []string{message + "content", last + "content"},
		ids: map[string][]form{
			"id": {uuid, prefixed("evt_")}, "data.conversation.uuid": {uuid, prefixed("conv_")},
			"data.agent.uuid": {uuid, prefixed("agt_")}, "data.organization.uuid": {uuid, prefixed("org_")},
			message + "uuid": {uuid, prefixed("msg_")}, last + "uuid": {uuid, prefixed("msg_")},
		},
		instants: []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.0Z07:00", "2006-01-02T15:04:05.000000Z07:00"},
		unlikely: map[string]string{"human_handoff_required data.conversation.response_mode": "ai"}, // AL-72
		agree:    func(*Event, string) {},
		reads:    readings{nulls: "AL-42", ids: "AL-30", times: "AL-44"},
	}).ready()
}

// Conversations is the source of the events of Infobip's Conversations.
func Conversations() (*Source, error) {
	checker, err := conversations.Load()
	if err != nil {
		return nil, fmt.Errorf("conversations' contract: %w", err)
	}
	const message, who = "payload.message.", "payload.authentication."
	return (&Source{
		Name: "conversations", Events: conversations.Events(), rules: conversationsRules, checker: checker,
		own: []ownField{
			{"payload.id", uuid}, {message + "id", uuid}, {message + "messageId", uuid}, {message + "messageid", uuid},
			{message + "conversationId", uuid},
		},
		conversation: []string{"payload.id", message + "conversationId"},
		samples: map[string]any{
			"payload.topic": "Delivery", "payload.summary": "Sent a second time",
			"payload.assignee.id":    "FBCFE58EA5C33A80B569F631DBB27C41",
			message + "messageId":    "bb88179a-76c0-4f7b-b076-852c53e8b646",
			"payload.authentication": map[string]any{"authenticationType": "EMAIL", "value": "jane@example.com", "personId": 2147483647, "firstName": "Jane", "lastName": "Smith"},
		},
		names: []string{who + "firstName", "payload.topic"},
		says:  []string{message + "content.text", "payload.summary"},
		ids: map[string][]form{
			"payload.id": {uuid, legacy}, "payload.assignee.id": {uuid, legacy}, "payload.queue.id": {uuid, legacy},
			"payload.form.id": {uuid, legacy}, "payload.customer.id": {uuid, legacy}, message + "conversationId": {uuid, legacy},
		},
		instants: []string{"2006-01-02T15:04:05.000-07:00", "2006-01-02T15:04:05.000Z07:00", "2006-01-02T15:04:05.000-0700"},
		again: map[string][]any{
			message + "from": {"385989674681", "ce83e955-1133-4adb-9847-47c83e6fc8bf", "jane@example.com", "givenCustomerHandle"},
			message + "content": {
				map[string]any{"type": "IMAGE", "url": "https://example.com/a.png", "text": nil},
				map[string]any{"type": "LOCATION", "latitude": 45.815, "longitude": 15.9819, "text": "Zagreb"},
			},
			"payload.lastMessage": {map[string]any{"from": nil, "to": nil, "channel": nil, "direction": nil}},
		},
		agree: agreeInConversations,
		reads: readings{nulls: "IB-24/25", ids: "IB-17..21", times: "IB-14", content: "IB-32"},
	}).ready()
}

// agreeInConversations: a conversation that begins has the channel and direction of its only message, and customers are
// authenticated in live chats alone.
func agreeInConversations(e *Event, changed string) {
	value, _ := e.Get(changed)
	for _, field := range []string{"channel", "direction"} {
		one, other := "payload."+field, "payload.lastMessage."+field
		if changed == other {
			one, other = other, one
		}
		if _, there := e.Get(other); changed == one && there {
			e.put(other, value)
		}
	}
	const channel, who = "payload.message.channel", "payload.authentication"
	_, message := e.Get(channel)
	switch authentication, _ := e.Get(who); {
	case !message || authentication == nil:
	case changed == channel && value != "LIVE_CHAT":
		e.put(who, nil)
	default:
		e.put(channel, "LIVE_CHAT")
	}
}

func (s *Source) ready() (*Source, error) {
	s.fields = map[string][]check.Field{}
	for _, e := range s.Events {
		s.fields[e.Name] = s.checker.EventFields(e.Name)
		if len(s.fields[e.Name]) == 0 {
			return nil, fmt.Errorf("%s's contract: no fields of the event %s", s.Name, e.Name)
		}
	}
	return s, nil
}

// EventNamed finds an event by its name on the wire, or by the one that subscriptions know it by.
func (s *Source) EventNamed(name string) (openapi.Event, bool) {
	for _, e := range s.Events {
		if e.Name == name || e.SubscribedAs == name {
			return e, true
		}
	}
	return openapi.Event{}, false
}

// Names lists the events by their names on the wire.
func (s *Source) Names() []string {
	var names []string
	for _, e := range s.Events {
		names = append(names, e.Name)
	}
	return names
}

// Violations says what a body of an event breaks of its contract.
func (s *Source) Violations(event string, body []byte) []check.Violation {
	return s.checker.Event(event, nil, body)
}

// Paths lists the fields of an event.
func (s *Source) Paths(event string) []string {
	var paths []string
	for _, f := range s.fields[event] {
		if f.Path != "" {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// Knows tells whether the contract has a field of an event at a path, or leaves open what is there.
func (s *Source) Knows(event, path string) bool {
	known := func(p string) bool {
		return slices.ContainsFunc(s.fields[event], func(f check.Field) bool { return f.Path == p })
	}
	if known(path) {
		return path != ""
	}
	for i := strings.LastIndexByte(path, '.'); i > 0; i = strings.LastIndexByte(path[:i], '.') {
		if known(path[:i]) {
			return s.leavesOpen(event, path[:i])
		}
	}
	return false
}

// leavesOpen tells whether a field is an object of which the contract says nothing more.
func (s *Source) leavesOpen(event, path string) bool {
	object := false
	for _, f := range s.fields[event] {
		if f.Path == path {
			object = len(f.Types) == 0 || slices.Contains(f.Types, "object")
		}
		if strings.HasPrefix(f.Path, path+".") {
			return false
		}
	}
	return object
}
