package mock_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/mocktest"
)

// FuzzRequest sends the mock anything: it never answers 5xx by itself, and every refusal is JSON with a message.
func FuzzRequest(f *testing.F) {
	m := mocktest.Start(f, mock.Options{RateLimit: "off", Conversations: 10, Messages: 50, Logger: slog.New(slog.DiscardHandler)})
	agent, conversation := "/v1/automation/agents/"+m.Agent, "/v1/automation/conversations/"+m.Conversation
	f.Add("GET", agent+"/conversations/list?status=1&per_page=20&created_from=2024-11-12", "", "")
	f.Add("GET", agent+"/conversations/recent-sample?limit=3&type=human_handoff_required", "", "")
	f.Add("GET", conversation+"/messages/find?created_to=2024-11-12T10:30:00.5%2B01:00", "", "")
	f.Add("POST", conversation+"/reply", `{"content":"hello"}`, "application/json")
	f.Add("POST", conversation+"/close", `{"platform":"make"}`, "application/json; charset=utf-8")
	f.Add("POST", "/v1/webhooks/subscribe", `{"organization_uuid":"`+m.Organization+`","agent_uuid":"`+m.Agent+
		`","target_url":"https://hook.example/x","event":"new_conversation","platform":"make","external_id":null}`, "application/json")
	f.Add("DELETE", "/v1/webhooks/unsubscribe/x", "", "")
	f.Add("POST", "/oauth/token", "grant_type=authorization_code&code=x&client_id="+m.ClientID+"&client_secret="+m.ClientSecret, "application/x-www-form-urlencoded")
	f.Add("POST", "/oauth/token", `{"grant_type":"refresh_token","refresh_token":1}`, "application/json")
	f.Add("GET", "/api/v1/oauth/authorize?response_type=code&client_id="+m.ClientID+"&redirect_uri=http://127.0.0.1:1/&state=s", "", "")
	f.Add("PATCH", "/_parley/worlds/default/at/v1//%2e%2e/\xff", "\xff", "text/plain")

	f.Fuzz(func(t *testing.T, method, target, body, contentType string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || strings.HasPrefix(u.Path, "/_parley/") && !strings.Contains(u.Path, "/at/v1") || ofConversations(u.Path) {
			return
		}
		r := &http.Request{
			Method: method, URL: u, RequestURI: target, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: "mock",
			Header: http.Header{"Authorization": {"Bearer " + m.Token}, "Content-Type": {contentType}},
			Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
		}
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
		if w.Code >= 400 {
			var refusal struct{ Message string }
			if err := json.Unmarshal(w.Body.Bytes(), &refusal); err != nil || refusal.Message == "" {
				t.Fatalf("%d without a message: %s", w.Code, w.Body)
			}
		}
	})
}
