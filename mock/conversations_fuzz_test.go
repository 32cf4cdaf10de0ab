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
	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/mocktest"
	"github.com/parley-contracts/parley/openapi/conversations"
)

// FuzzConversations sends the second contract anything: it never answers 5xx by itself, every refusal has the form of its
// errors, and whatever is delivered because of it keeps to the contract.
func FuzzConversations(f *testing.F) {
	contract, err := conversations.Load()
	if err != nil {
		f.Fatal(err)
	}
	tap := &wiretap{}
	m := mocktest.Start(f, mock.Options{DeliveryTransport: tap, Logger: slog.New(slog.DiscardHandler)})
	world := m.World()
	if _, err := world.Center.Subscribe(center.Subscription{Events: center.Events, Profile: center.Profile{URL: "https://hook.example/"}}); err != nil {
		f.Fatal(err)
	}
	talk := "/ccaas/1/conversations/" + m.Conversations.Conversation
	f.Add("GET", "/ccaas/1/conversations?status=OPEN&channel=SMS&limit=3&page=1", "")
	f.Add("POST", "/ccaas/1/conversations", `{"channel":"EMAIL","status":"SOLVED","queueId":null,"message":{"direction":"INBOUND","from":"x","content":{"text":null}}}`)
	f.Add("POST", "/ccaas/1/conversations", `{"channel":"LIVE_CHAT","priority":"HIGH","agentId":"`+m.Conversations.Agent+`","topic":"","message":{"direction":"OUTBOUND","to":" ","content":{}}}`)
	f.Add("POST", "/ccaas/1/conversations", `{"channel":"CALLS","customerId":"`+m.Conversations.Customer+`"}`)
	f.Add("PATCH", talk, `{"status":"WAITING","summary":"\ud800","queueId":"`+m.Conversations.Queue+`"}`)
	f.Add("PUT", talk, `{"status":"CLOSED","priority":"LOW"}`)
	f.Add("PUT", talk+"/assignee", `{"agentId":"`+m.Conversations.Agent+`"}`)
	f.Add("DELETE", talk+"/assignee", "")
	f.Add("POST", talk+"/messages", `{"channel":"SMS","from":"a","content":{"text":"<b>\u2028","type":""}}`)
	f.Add("POST", talk+"/tags", `{"name":"x"}`)
	f.Add("PUT", "/ccaas/1/agents/"+m.Conversations.Agent+"/status", `{"status":"AWAY"}`)
	f.Add("POST", "/subscriptions/1/subscription/CUSTOMER_ENGAGEMENT",
		`{"subscriptionId":"s","events":["CONVERSATION_CREATED"],"profile":{"webhook":{"notifyUrl":"https://x.example/"},"security":{"type":"HMAC","secret":"whsec_"}}}`)
	f.Add("GET", "/ccaas/2/conversation-forms/forms/"+m.Conversations.Form+"?limit=1", "")

	f.Fuzz(func(t *testing.T, method, target, body string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !ofConversations(u.Path) {
			return
		}
		r := &http.Request{
			Method: method, URL: u, RequestURI: target, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: "mock",
			Header: http.Header{"Authorization": {m.Conversations.Authorization}, "Content-Type": {"application/json"}},
			Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
		}
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
		if w.Code >= 400 {
			if found := contract.Schema("Error", w.Body.Bytes()); len(found) > 0 {
				t.Fatalf("%d: %v in %s", w.Code, found, w.Body)
			}
		}
		if err := world.Outbox.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		tap.mu.Lock()
		defer tap.mu.Unlock()
		for _, delivered := range tap.bodies {
			var event struct{ Type string }
			_ = json.Unmarshal(delivered, &event) // what does not decode has no type, and no event
			if found := contract.Event(event.Type, nil, delivered); len(found) > 0 {
				t.Fatalf("%v in %s", found, delivered)
			}
		}
		tap.bodies = nil
	})
}

// ofConversations tells whether a path belongs to the second contract.
func ofConversations(path string) bool {
	segment, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return segment == "ccaas" || segment == "subscriptions"
}
