package main

import (
	"net/url"
	"strings"
	"time"
)

func (c *client) lists(agent, other string, all []any) {
	path := "/automation/agents/" + agent + "/conversations/list"
	middle := "2024-01-01T00:00:00Z"
	if len(all) > 0 {
		middle = text(all[len(all)/2], "created_at")
	}
	at, _ := time.Parse(time.RFC3339Nano, middle)
	ahead, behind := at.In(time.FixedZone("", 14*3600)).Format(time.RFC3339), at.In(time.FixedZone("", -11*3600)).Format(time.RFC3339)
	for _, q := range []string{
		"", "status=1", "status=0", "response_mode=ai", "response_mode=human", "status=1&response_mode=ai", "status=0&response_mode=human", "per_page=10",
		"per_page=101", "per_page=9", "per_page=0", "per_page=-1", "per_page=abc", "status=7", "response_mode=robot", "created_from=the-day-before",
		"created_to=2024-13-45T99:00:00Z", "created_from=2024-06-02T00:00:00Z&created_to=2024-06-01T00:00:00Z",
		"per_page=100&created_from=" + url.QueryEscape(middle), "per_page=100&created_to=" + url.QueryEscape(middle),
		"per_page=100&created_from=" + url.QueryEscape(ahead), "per_page=100&created_to=" + url.QueryEscape(ahead),
		"per_page=100&created_from=" + url.QueryEscape(behind), "per_page=100&created_to=" + url.QueryEscape(behind),
		"per_page=100&created_from=" + url.QueryEscape(at.Add(-240*time.Hour).UTC().Format(time.RFC3339)) + "&created_to=" + url.QueryEscape(middle),
		"per_page=100&created_from=" + at.AddDate(0, 0, 4).Format(time.DateOnly), "per_page=100&created_to=" + at.AddDate(0, 0, -4).Format(time.DateOnly),
	} {
		values, _ := url.ParseQuery(q)
		c.patiently("GET", path, values, nil, "")
	}
	if other != "" {
		c.get("/automation/agents/"+other+"/conversations/list", url.Values{"per_page": {"100"}})
	}
}

func (c *client) samples(agent string) {
	path := "/automation/agents/" + agent + "/conversations/recent-sample"
	for _, q := range []string{"", "type=new_conversation", "type=human_handoff_required", "type=robot", "limit=3", "limit=10", "limit=11", "limit=0", "limit=abc", "limit=-2"} {
		values, _ := url.ParseQuery(q)
		c.patiently("GET", path, values, nil, "")
	}
}

func (c *client) messages(conversations []any) {
	for i, of := range conversations {
		if i == 3 {
			return
		}
		path := "/automation/conversations/" + text(of, "uuid") + "/messages/find"
		all := list(c.get(path, url.Values{"per_page": {"100"}}))
		middle := "2024-01-01T00:00:00Z"
		if len(all) > 0 {
			middle = text(all[len(all)/2], "created_at")
		}
		at, _ := time.Parse(time.RFC3339Nano, middle)
		ahead := at.In(time.FixedZone("", 14*3600)).Format(time.RFC3339)
		behind := at.In(time.FixedZone("", -11*3600)).Format(time.RFC3339)
		for _, q := range []string{
			"", "per_page=10", "per_page=101", "per_page=9", "per_page=0", "per_page=-1", "per_page=abc", "created_from=the-day-before", "created_to=2024-13-45T99:00:00Z",
			"created_from=2024-06-02T00:00:00Z&created_to=2024-06-01T00:00:00Z", "created_from=" + url.QueryEscape(middle), "created_to=" + url.QueryEscape(middle),
			"created_from=" + url.QueryEscape(ahead), "created_to=" + url.QueryEscape(ahead), "created_from=" + url.QueryEscape(behind), "created_to=" + url.QueryEscape(behind),
			"created_from=" + url.QueryEscape(at.Add(-time.Hour).UTC().Format(time.RFC3339)) + "&created_to=" + url.QueryEscape(middle),
			"created_from=" + at.AddDate(0, 0, 4).Format(time.DateOnly), "created_to=" + at.AddDate(0, 0, -4).Format(time.DateOnly),
		} {
			values, _ := url.ParseQuery(q)
			c.patiently("GET", path, values, nil, "")
		}
	}
}

const jsonType = "application/json"

func (c *client) writes(conversations []any) {
	var open []string
	for _, of := range conversations {
		if o, _ := of.(map[string]any); o["status"] == true {
			open = append(open, text(of, "uuid"))
		}
	}
	if len(open) < 2 {
		return
	}
	reply, find := "/automation/conversations/"+open[0]+"/reply", "/automation/conversations/"+open[0]+"/messages/find"
	for _, content := range []string{
		"Your parcel is on its way.", "zażółć\n\n\"語\"\t<b>&amp;</b> 🎉 👩\u200d👩\u200d👧 {{data.chat_user.name}} 100 % %s C:\\new\\table " + strings.Repeat("and so on, ", 8) + "until here",
		strings.Repeat("A long answer, word by word. ", 300) + "The end.",
	} {
		c.patiently("POST", reply, nil, encode(map[string]any{"content": content}), jsonType)
		c.get(find, url.Values{"per_page": {"100"}})
	}
	for _, body := range []string{`{}`, `{"content": null}`, `{"content": 20241112}`, `{"content": ""}`, `{"content": "x`, `["x"]`} {
		c.patiently("POST", reply, nil, []byte(body), jsonType)
	}
	c.patiently("POST", reply, nil, []byte(`{"content": "as text"}`), "text/plain")
	end := "/automation/conversations/" + open[1] + "/close"
	for _, body := range []string{`{}`, `{"platform": null}`, `{"platform": 7}`, `{"platform": "zapier"}`, `{"platform": "ma`, `["make"]`, `{"platform": "make"}`, `{"platform": "make"}`} {
		c.patiently("POST", end, nil, []byte(body), jsonType)
	}
	c.patiently("POST", end, nil, []byte(`{"platform": "make"}`), "text/plain")
	c.patiently("POST", "/automation/conversations/"+open[1]+"/reply", nil, encode(map[string]any{"content": "after the end"}), jsonType)
}

func (c *client) subscriptions(organization, agent string) {
	const path = "/webhooks/subscribe"
	order := func(change func(map[string]any)) []byte { return order(organization, agent, change) }
	set := func(field string, value any) func(map[string]any) { return func(b map[string]any) { b[field] = value } }
	made := c.patiently("POST", path, nil, order(nil), jsonType)
	kept, _ := c.patiently("POST", path, nil, order(set("event", "human_handoff_required")), jsonType).(map[string]any)
	c.subscription = text(kept["data"], "id")
	c.patiently("POST", path, nil, order(set("external_id", strings.Repeat("ż", 255))), jsonType)
	for _, field := range []string{"organization_uuid", "agent_uuid", "target_url", "event", "platform"} {
		c.patiently("POST", path, nil, order(func(b map[string]any) { delete(b, field) }), jsonType)
		c.patiently("POST", path, nil, order(set(field, nil)), jsonType)
		c.patiently("POST", path, nil, order(set(field, map[string]any{})), jsonType)
	}
	for _, change := range []func(map[string]any){
		set("target_url", "http://hooks.example.com/in"), set("target_url", "not a url"), set("event", "conversation_deleted"), set("platform", "zapier"),
		set("external_id", strings.Repeat("x", 256)), set("external_id", map[string]any{}),
	} {
		c.patiently("POST", path, nil, order(change), jsonType)
	}
	c.patiently("POST", path, nil, []byte(`{"event": "new_conv`), jsonType)
	c.patiently("POST", path, nil, []byte(`["new_conversation"]`), jsonType)
	c.patiently("POST", path, nil, order(nil), "text/plain")
	if o, _ := made.(map[string]any); o != nil {
		id := text(o["data"], "id")
		c.patiently("DELETE", "/webhooks/unsubscribe/"+id, nil, nil, "")
		c.patiently("DELETE", "/webhooks/unsubscribe/"+id, nil, nil, "")
	}
}

// order is a good subscribe request, or one that was changed.
func order(organization, agent string, change func(map[string]any)) []byte {
	body := map[string]any{"organization_uuid": organization, "agent_uuid": agent, "target_url": "https://hooks.example.com/in", "event": "new_conversation", "platform": "make"}
	if change != nil {
		change(body)
	}
	return encode(body)
}

func (c *client) withoutToken(organization, agent string, conversations []any) {
	c.token = ""
	defer func() { c.token = c.target.Token }()
	c.patiently("GET", "/oauth/me", nil, nil, "")
	c.patiently("GET", "/my/organizations", nil, nil, "")
	c.patiently("GET", "/automation/agents/"+agent+"/conversations/list", nil, nil, "")
	c.patiently("GET", "/automation/agents/"+agent+"/conversations/recent-sample", nil, nil, "")
	c.patiently("GET", "/organizations/"+organization+"/agents", nil, nil, "")
	c.patiently("POST", "/webhooks/subscribe", nil, order(organization, agent, nil), jsonType)
	c.patiently("DELETE", "/webhooks/unsubscribe/"+c.subscription, nil, nil, "")
	if len(conversations) > 0 {
		of := "/automation/conversations/" + text(conversations[0], "uuid")
		c.patiently("GET", of+"/messages/find", nil, nil, "")
		c.patiently("POST", of+"/reply", nil, []byte(`{"content":"nobody"}`), jsonType)
		c.patiently("POST", of+"/close", nil, []byte(`{"platform":"make"}`), jsonType)
	}
}

func (c *client) wrongMethods(organization, agent string, conversations []any) {
	paths := []string{
		"/oauth/me", "/my/organizations", "/organizations/" + organization + "/agents", "/automation/agents/" + agent + "/conversations/list",
		"/automation/agents/" + agent + "/conversations/recent-sample", "/webhooks/subscribe", "/webhooks/unsubscribe/none",
	}
	if len(conversations) > 0 {
		of := "/automation/conversations/" + text(conversations[0], "uuid")
		paths = append(paths, of+"/messages/find", of+"/reply", of+"/close")
	}
	for _, path := range paths {
		c.patiently("PUT", path, nil, nil, "")
	}
}

// grant goes the way to a token, where the target consents by itself.
func (c *client) grant() {
	redirect := c.target.RedirectURI
	if redirect == "" {
		redirect = "https://www.integromat.com/oauth/cb/app"
	}
	c.token = ""
	defer func() { c.token = c.target.Token }()
	for _, media := range []string{jsonType, "application/x-www-form-urlencoded"} {
		q := url.Values{"response_type": {"code"}, "client_id": {c.target.ClientID}, "redirect_uri": {redirect}, "state": {"round-trip-17"}}
		response := c.send("GET", c.target.URL+"/oauth/authorize?"+q.Encode(), nil, "")
		if response == nil {
			return
		}
		to, _ := url.Parse(response.Header.Get("Location"))
		form := url.Values{
			"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {redirect},
			"client_id": {c.target.ClientID}, "client_secret": {c.target.ClientSecret},
		}
		body := []byte(form.Encode())
		if media == jsonType {
			fields := map[string]any{}
			for name := range form {
				fields[name] = form.Get(name)
			}
			body = encode(fields)
		}
		c.send("POST", c.root()+"/oauth/token", body, media)
	}
	for range 3 {
		c.send("POST", c.root()+"/oauth/token", []byte(`{"grant_type": "auth`), jsonType)
	}
}
