package defects

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// memory is what a defect has seen pass by, so that it can tell who asks for what, and has ids at hand that are
// real. It is safe for concurrent use; do is for what a defect itself has to remember.
type memory struct {
	keys Keys

	mu            sync.Mutex
	seen          map[string]bool   // ids that were in good answers
	forms         map[string]bool   // their forms
	tokens        map[string]issued // of the driver
	places        []place
	conversations []talk
	hooks         []*hook
	replies       []said
	closed        map[string]bool   // conversations that a call closed
	shut          map[string]bool   // conversations that a list showed as closed
	moved         time.Duration     // of the clock, by the driver
	attempts      map[string]int    // at deliveries, by URL and id
	firsts        map[string]string // messages, by conversation
}

// issued is a token that the driver issued for these scopes.
type issued struct {
	scopes  []string
	expired bool
}

// place is an agent and where it belongs, as somebody was told.
type place struct{ organization, agent, token string }

// talk is a conversation with its agent, and who was told of it.
type talk struct{ uuid, agent, token string }

// hook is a subscription that was made.
type hook struct {
	id, secret, url, event, organization, agent, token string
	removed                                            bool
}

// said is a reply that was served.
type said struct{ conversation, content, message string }

func newMemory() *memory {
	return &memory{
		seen: map[string]bool{}, forms: map[string]bool{}, tokens: map[string]issued{},
		closed: map[string]bool{}, attempts: map[string]int{}, firsts: map[string]string{}, shut: map[string]bool{},
	}
}

// do runs f while nobody else remembers anything.
func (m *memory) do(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// now is the server's time.
func (m *memory) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Add(m.moved)
}

// learn takes in what a good answer tells.
func (m *memory) learn(c *call, a *answer) {
	if u, err := url.Parse(a.header.Get("Location")); err == nil && u.Query().Has("code") {
		m.do(func() { m.seen["code "+u.Query().Get("code")] = true })
	}
	if !a.ok() || c.wrong {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	asked := c.fields()
	switch c.op {
	case "list-organizations":
		for _, i := range a.items() {
			m.see(text(i, "organization_uuid"))
		}
	case "list-agents":
		for _, i := range a.items() {
			m.see(text(i, "agent_uuid"))
			m.places = append(m.places, place{c.id, text(i, "agent_uuid"), c.caller()})
		}
	case "list-conversations":
		for _, i := range a.items() {
			m.meet(talk{text(i, "uuid"), c.id, c.caller()})
			if open, told := i["status"].(bool); told {
				m.shut[text(i, "uuid")] = !open
			}
		}
	case "driver/provoke":
		m.meet(talk{text(a.value(), "conversation_uuid"), text(asked, "agent_uuid"), ""})
	case "driver/issue-token":
		token := issued{}
		for _, s := range list(asked["scopes"]) {
			word, _ := s.(string)
			token.scopes = append(token.scopes, word)
		}
		token.expired, _ = asked["expired"].(bool)
		m.tokens[text(a.value(), "access_token")] = token
	case "driver/advance-clock":
		m.moved += seconds(asked["seconds"])
	case "subscribe":
		data := object(a.value(), "data")
		m.see(text(data, "id"))
		m.hooks = append(m.hooks, &hook{
			id: text(data, "id"), secret: text(data, "secret"), url: text(asked, "target_url"), event: text(asked, "event"),
			organization: text(asked, "organization_uuid"), agent: text(asked, "agent_uuid"), token: c.caller(),
		})
	case "unsubscribe":
		for _, h := range m.hooks {
			h.removed = h.removed || h.id == c.id
		}
	case "reply-to-conversation":
		m.replies = append(m.replies, said{c.id, text(asked, "content"), text(a.value(), "message_id")})
	case "close-conversation":
		m.closed[c.id] = true
	}
}

func (m *memory) see(id string) {
	m.seen[id] = true
	m.forms[form(id)] = true
}

func (m *memory) meet(t talk) {
	if !m.seen[t.uuid] {
		m.conversations = append(m.conversations, t)
	}
	m.see(t.uuid)
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// form is what ids of one kind have in common: a prefix, and whether a UUID follows.
func form(id string) string {
	from := strings.LastIndex(id, "_") + 1
	if uuidForm.MatchString(id[from:]) {
		return id[:from] + "uuid"
	}
	return id[:from]
}

// knows tells of an id whether anybody was told of it, and whether any that somebody was told of has its form.
func (m *memory) knows(id string) (real, likely bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen[id], m.forms[form(id)]
}

// issued tells what the driver issued a token for.
func (m *memory) issued(token string) (issued, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tokens[token]
	return t, ok
}

// home is the organization that an agent was listed under, "" for an unknown one.
func (m *memory) home(agent string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.places {
		if p.agent == agent {
			return p.organization
		}
	}
	return ""
}

// agentOf is an agent of an organization, "" where none is known.
func (m *memory) agentOf(organization string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.places {
		if p.organization == organization {
			return p.agent
		}
	}
	return ""
}

// otherAgent is a further agent that the caller was told of; inside tells whether of the same organization.
func (m *memory) otherAgent(agent, token string, inside bool) (place, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	home := ""
	for _, p := range m.places {
		if p.agent == agent {
			home = p.organization
		}
	}
	for _, p := range m.places {
		if p.token == token && p.agent != agent && (p.organization == home || !inside) {
			return p, true
		}
	}
	return place{}, false
}

// otherOrganization is a further organization whose agents the caller was told of.
func (m *memory) otherOrganization(organization, token string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.places {
		if p.token == token && p.organization != organization {
			return p.organization, true
		}
	}
	return "", false
}

// neighbours are further conversations of a conversation's agent.
func (m *memory) neighbours(conversation string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	agent := ""
	for _, t := range m.conversations {
		if t.uuid == conversation {
			agent = t.agent
		}
	}
	var all []string
	for _, t := range m.conversations {
		if t.agent == agent && t.uuid != conversation {
			all = append(all, t.uuid)
		}
	}
	return all
}

// hooksOf returns the subscriptions that stand and that match.
func (m *memory) hooksOf(match func(hook) bool) []hook {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []hook
	for _, h := range m.hooks {
		if !h.removed && match(*h) {
			all = append(all, *h)
		}
	}
	return all
}
