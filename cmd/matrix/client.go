package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// client is a small integration, as somebody has one that knows nothing of the suite: it looks around, answers, subscribes,
// and makes the mistakes that clients make. Its traffic is what a recording would hold.
type client struct {
	target conformance.Target
	http   *http.Client
	token  string
	// subscription is one that the client keeps.
	subscription string
}

// run does everything, or, given a requirement, what has to do with its subject.
func (c *client) run(requirement string) {
	c.token = c.target.Token
	does := func(subjects ...string) bool {
		return requirement == "" || slices.Contains(subjects, subject(requirement))
	}
	organization := first(c.get("/my/organizations", nil), "organization_uuid")
	c.get("/oauth/me", nil)
	agents := list(c.get("/organizations/"+organization+"/agents", nil))
	if does("list-agents", "list-organizations") {
		for _, o := range list(c.get("/my/organizations", nil)) {
			c.get("/organizations/"+text(o, "organization_uuid")+"/agents", nil)
		}
	}
	agent, other := c.twoAgents(agents)
	conversations := list(c.get("/automation/agents/"+agent+"/conversations/list", url.Values{"per_page": {"100"}}))
	if does("list-conversations") {
		c.lists(agent, other, conversations)
	}
	if does("recent-sample") {
		c.samples(agent)
	}
	if does("find-messages") {
		c.messages(conversations)
	}
	if does("reply-to-conversation", "close-conversation") {
		c.writes(conversations)
	}
	if does("subscribe", "unsubscribe", "transport") {
		c.subscriptions(organization, agent)
	}
	c.withoutToken(organization, agent, conversations)
	c.wrongMethods(organization, agent, conversations)
	if does("token", "authorize") {
		c.grant()
	}
	if does("rate-limit") {
		c.overLimit(organization, agent, conversations, requirement == "rate-limit/general-enforced")
	}
}

// twoAgents are the one with most conversations, and another.
func (c *client) twoAgents(agents []any) (most, other string) {
	best := -1
	for _, a := range agents {
		id := text(a, "agent_uuid")
		n := len(list(c.get("/automation/agents/"+id+"/conversations/list", url.Values{"per_page": {"100"}})))
		if n > best {
			most, other, best = id, most, n
		} else {
			other = id
		}
	}
	return most, other
}

func (c *client) root() string {
	u, _ := url.Parse(c.target.URL)
	return u.Scheme + "://" + u.Host
}

// overLimit asks more than twice as often as any minute allows: for one operation, or for others, too.
func (c *client) overLimit(organization, agent string, conversations []any, alsoElsewhere bool) {
	if len(conversations) == 0 {
		return
	}
	paths := []string{"/oauth/me"}
	if alsoElsewhere {
		paths = append(paths, "/my/organizations", "/organizations/"+organization+"/agents", "/automation/agents/"+agent+"/conversations/list",
			"/automation/agents/"+agent+"/conversations/recent-sample", "/automation/conversations/"+text(conversations[0], "uuid")+"/messages/find")
	}
	for _, path := range paths {
		for range 125 {
			c.send("GET", c.target.URL+path, nil, "")
		}
	}
	for i := range 25 {
		c.send("POST", c.target.URL+"/automation/conversations/"+text(conversations[i%len(conversations)], "uuid")+"/close", []byte(`{"platform":"make"}`), jsonType)
	}
}

func (c *client) get(path string, q url.Values) any {
	return c.patiently("GET", path, q, nil, "")
}

// patiently asks twice more where the target is in trouble, as clients do.
func (c *client) patiently(method, path string, q url.Values, body []byte, media string) any {
	to := c.target.URL + path
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	for range 3 {
		response := c.send(method, to, body, media)
		if response == nil {
			return nil
		}
		if response.StatusCode == http.StatusTooManyRequests {
			c.waitAMinute()
			continue
		}
		if response.StatusCode < 500 {
			var v any
			_ = json.NewDecoder(response.Body).Decode(&v)
			return v
		}
	}
	return nil
}

// waitAMinute has the driver move the target's clock, unseen by the recording.
func (c *client) waitAMinute() {
	response, err := http.Post(c.target.Driver+"/advance-clock", jsonType, strings.NewReader(`{"seconds": 61}`))
	if err == nil {
		_ = response.Body.Close()
	}
}

func (c *client) send(method, to string, body []byte, media string) *http.Response {
	var in io.Reader
	if body != nil {
		in = bytes.NewReader(body)
	}
	request, err := http.NewRequest(method, to, in)
	if err != nil {
		return nil
	}
	request.Header.Set("Accept", jsonType)
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if media != "" {
		request.Header.Set("Content-Type", media)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil
	}
	held, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil
	}
	response.Body = io.NopCloser(bytes.NewReader(held))
	return response
}

func encode(v any) []byte {
	body, _ := json.Marshal(v)
	return body
}

func list(v any) []any {
	all, _ := v.([]any)
	return all
}

func text(v any, field string) string {
	o, _ := v.(map[string]any)
	s, _ := o[field].(string)
	return s
}

func first(v any, field string) string {
	if all := list(v); len(all) > 0 {
		return text(all[0], field)
	}
	return ""
}
