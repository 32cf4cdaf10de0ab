package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	protocol "github.com/parley-contracts/parley/openapi/driver"
)

// Driver does what the documented API cannot, by the tester's own server.
type Driver struct {
	url, token string
	client     *http.Client
	session    *Session
	can        map[string]bool
	mu         sync.Mutex
	issued     int
	calls      atomic.Int64
}

// DriverRefusal is a driver's answer that is no 2xx.
type DriverRefusal struct {
	Call, Message string // "POST http://127.0.0.1:9000/provoke"
	Status        int
}

func (r *DriverRefusal) Error() string {
	return fmt.Sprintf("driver: %s answered %d: %s", r.Call, r.Status, r.Message)
}

// Cannot tells whether the driver says that it cannot do what it was asked (a 4xx, or 501), rather than that something went
// wrong: with a token, a timeout, too many requests.
func (r *DriverRefusal) Cannot() bool {
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return r.Status >= 400 && r.Status < 500 || r.Status == http.StatusNotImplemented
}

func newDriver(target Target, client *http.Client, s *Session) *Driver {
	return &Driver{url: strings.TrimRight(target.Driver, "/"), token: target.DriverToken, client: client, session: s, can: map[string]bool{}}
}

// learn asks for the capabilities.
func (d *Driver) learn(ctx context.Context) error {
	var answer protocol.Capabilities
	if err := d.call(ctx, http.MethodGet, "", nil, &answer); err != nil {
		return err
	}
	for _, name := range answer.Capabilities {
		d.can[name] = true
	}
	return nil
}

// sent counts the calls of a driver; there may be none.
func (d *Driver) sent() int {
	if d == nil {
		return 0
	}
	return int(d.calls.Load())
}

// Provoke makes an event happen and returns the conversation it is about.
func (d *Driver) Provoke(ctx context.Context, event, organization, agent string) (string, error) {
	body := map[string]string{"event": event, "organization_uuid": organization, "agent_uuid": agent}
	var answer protocol.Provoked
	if err := d.call(ctx, http.MethodPost, "/provoke", body, &answer); err != nil {
		return "", err
	}
	if answer.ConversationUUID == nil || *answer.ConversationUUID == "" {
		return "", fmt.Errorf("driver: provoke %s: expected a conversation_uuid, came none", event)
	}
	return *answer.ConversationUUID, nil
}

// ProvokeOn makes an event happen on a channel, any for "", and returns the conversation that it is about, if the driver
// tells. A *DriverRefusal that Cannot means that it makes no such event.
func (d *Driver) ProvokeOn(ctx context.Context, event, channel string) (string, error) {
	body := map[string]string{"event": event}
	if channel != "" {
		body["channel"] = channel
	}
	content, err := d.ask(ctx, http.MethodPost, "/provoke", body)
	var answer protocol.Provoked
	if err != nil || json.Unmarshal(content, &answer) != nil || answer.ConversationUUID == nil {
		return "", err // any 2xx will do, also one without a body
	}
	return *answer.ConversationUUID, nil
}

// Issue orders a token of a connected account of its own.
func (d *Driver) Issue(ctx context.Context, expired bool, scopes ...string) (*Account, error) {
	body := map[string]any{"scopes": scopes}
	if expired {
		body["expired"] = true
	}
	var answer protocol.IssuedToken
	if err := d.call(ctx, http.MethodPost, "/issue-token", body, &answer); err != nil {
		return nil, err
	}
	if answer.AccessToken == "" {
		return nil, fmt.Errorf("driver: issue-token: expected an access_token, came none")
	}
	d.session.Hide(answer.AccessToken)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.issued++
	return &Account{Name: fmt.Sprintf("issued-%d", d.issued), Token: answer.AccessToken, Fresh: true, Scopes: scopes}, nil
}

// Advance moves the target's clock on.
func (d *Driver) Advance(ctx context.Context, by time.Duration) error {
	answer, err := d.ask(ctx, http.MethodPost, "/advance-clock", map[string]any{"seconds": by.Seconds()})
	if err != nil {
		return err
	}
	d.session.clock.moved(answer, by)
	d.session.moved.Add(int64(by))
	return nil
}

// Subscribe and Unsubscribe serve contracts whose document shows no call for it.
func (d *Driver) Subscribe(ctx context.Context, url string, events []string) error {
	return d.call(ctx, http.MethodPost, "/subscribe", map[string]any{"target_url": url, "events": events}, nil)
}

// Unsubscribe ends what Subscribe made.
func (d *Driver) Unsubscribe(ctx context.Context, url string) error {
	return d.call(ctx, http.MethodPost, "/unsubscribe", map[string]any{"target_url": url}, nil)
}

// call asks, and reads the answer into answer, unless that is nil.
func (d *Driver) call(ctx context.Context, method, path string, body, answer any) error {
	content, err := d.ask(ctx, method, path, body)
	if err != nil || answer == nil {
		return err
	}
	if err := json.Unmarshal(content, answer); err != nil {
		return fmt.Errorf("driver: %s %s: expected JSON: %w", method, d.url+path, err)
	}
	return nil
}

// ask sends one request of the driver protocol and returns the body of a 2xx. A driver that stumbles (5xx, a lost
// connection) is asked again only where asking twice does no harm.
func (d *Driver) ask(ctx context.Context, method, path string, body any) ([]byte, error) {
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("driver: encode %s: %w", path, err)
		}
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, d.url+path, reader)
	if err != nil {
		return nil, fmt.Errorf("driver: %w", err)
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if d.token != "" {
		request.Header.Set("Authorization", "Bearer "+d.token)
	}
	d.calls.Add(1)
	response, err := d.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("driver: %s %s: %w", method, d.url+path, withoutURL(err))
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("driver: %s %s: %w", method, d.url+path, err)
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, &DriverRefusal{Call: method + " " + d.url + path, Status: response.StatusCode, Message: problem(content)}
	}
	return content, nil
}

func problem(body []byte) string {
	var p protocol.Problem
	if json.Unmarshal(body, &p) == nil && p.Message != "" {
		return p.Message
	}
	return "no message"
}
