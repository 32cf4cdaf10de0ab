package desk_test

import (
	"encoding/json"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/desk"
)

func TestDesk(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "mock/desk")
}

// conversation, message and webhook are what the desk encodes, as a client reads it.
type (
	conversation struct {
		ID, UUID string
		Session  string `json:"session_id"`
		Mode     string `json:"response_mode"`
		Status   bool
		Seen     bool       `json:"last_message_seen"`
		Deleted  *time.Time `json:"deleted_at"`
		Created  time.Time  `json:"created_at"`
		Updated  time.Time  `json:"updated_at"`
		Guest    struct {
			Name, Email *string
			Country     *string `json:"country_code"`
			ID          string  `json:"chat_user_id"`
		} `json:"chat_user"`
	}
	message struct {
		ID, UUID, Content, Type, Via string
		Responder                    *string   `json:"responder_type"`
		Created                      time.Time `json:"created_at"`
		Feedback                     *string   `json:"user_feedback"`
		Sender                       string    `json:"sender_name"`
		Attachments                  []any
	}
	webhook struct {
		ID, Event string
		Timestamp time.Time
		Data      struct {
			Conversation struct {
				UUID   string
				Status bool
				Mode   string `json:"response_mode"`
			}
			Agent, Organization struct{ UUID, Name string }
			InitialMessage      *message `json:"initial_message"`
			LastMessage         *message `json:"last_message"`
		}
	}
	named struct {
		ID           string
		Organization string `json:"organization_uuid"`
		Agent        string `json:"agent_uuid"`
		Name         string
	}
)

// clock is one that the test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// scene is a desk with what tests want of it at hand.
type scene struct {
	*desk.Desk
	clock                              *clock
	owner, organization, agent, newest string
}

func newScene(o desk.Options) *scene {
	s := &scene{clock: &clock{start}}
	o.Clock = s.clock
	s.Desk = desk.New(o)
	s.owner = s.Owner().ID
	s.organization, s.agent, s.newest = s.Example()
	return s
}

func (s *scene) list(account, agent string, q desk.Query) []conversation {
	GinkgoHelper()
	if q.Window == (desk.Window{}) {
		q.Window = desk.Always
	}
	if q.Limit == 0 {
		q.Limit = 1000
	}
	return read[conversation](s.AppendConversations(nil, account, agent, q))
}

func (s *scene) find(id string) []message {
	GinkgoHelper()
	return read[message](s.AppendMessages(nil, s.owner, id, desk.Always, 1000))
}

func (s *scene) one(id string) conversation {
	GinkgoHelper()
	for _, c := range s.list(s.owner, s.agent, desk.Query{}) {
		if c.ID == id {
			return c
		}
	}
	Fail("no conversation " + id)
	return conversation{}
}

func (s *scene) agents(account, organization string) []named {
	GinkgoHelper()
	return read[named](s.AppendAgents(nil, account, organization))
}

// read decodes a JSON array that was appended to nothing.
func read[T any](text []byte, err error) []T {
	GinkgoHelper()
	Expect(err).NotTo(HaveOccurred())
	var list []T
	Expect(json.Unmarshal(text, &list)).To(Succeed(), "%s", text)
	Expect(list).NotTo(BeNil())
	return list
}
