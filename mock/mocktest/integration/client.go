package integration

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Config is what an integration is told by whoever installs it.
type Config struct {
	BaseURL      string // ends in /v1
	ClientID     string
	ClientSecret string
	Organization string
	Agent        string

	HTTP *http.Client                               // with a timeout; 10 s when it is nil
	Wait func(context.Context, time.Duration) error // how time passes; real time when it is nil
}

// Client calls AssistLoop for one connected account, and gets through whatever trouble passes. It is safe for concurrent
// use.
type Client struct {
	Config
	bugs []Bug

	mu     sync.Mutex
	tokens tokens
}

func newClient(c Config, bugs []Bug) *Client {
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 10 * time.Second}
	}
	if c.Wait == nil {
		c.Wait = wait
	}
	return &Client{Config: c, bugs: bugs}
}

// errUnsure is a request that may have taken effect, or not: no whole answer came, or one that says so.
var errUnsure = errors.New("nobody knows whether the request took effect")

// refusal is an answer that will be the same next time.
type refusal struct {
	status  int
	message string
}

func (r refusal) Error() string { return fmt.Sprintf("refused with %d: %s", r.status, r.message) }

const (
	firstPause   = time.Second
	longestPause = 30 * time.Second
	longestRead  = 8 << 20 // bytes of an answer
)

// Message is one of a conversation, as Find Messages shows it.
type Message struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

// Find gives the newest messages of a conversation.
func (c *Client) Find(ctx context.Context, conversation string) (messages []Message, err error) {
	err = c.insist(ctx, func() error {
		return c.call(ctx, http.MethodGet, "/automation/conversations/"+conversation+"/messages/find?per_page=100", nil, &messages)
	})
	return messages, err
}

// Reply sends a message, once: when nobody knows whether it was sent, it looks. So no two replies may be the same.
func (c *Client) Reply(ctx context.Context, conversation, content string) error {
	return c.insist(ctx, func() error {
		var sent struct {
			MessageID string `json:"message_id"`
		}
		err := c.call(ctx, http.MethodPost, "/automation/conversations/"+conversation+"/reply", map[string]string{"content": content}, &sent)
		if !errors.Is(err, errUnsure) || c.has(RepliesBlindly) {
			return err
		}
		messages, failed := c.Find(ctx, conversation)
		if failed != nil {
			return failed
		}
		for _, m := range messages {
			if m.Content == content {
				return nil
			}
		}
		return err
	})
}

// Close closes a conversation. Closing it twice does no harm.
func (c *Client) Close(ctx context.Context, conversation string) error {
	return c.insist(ctx, func() error {
		return c.call(ctx, http.MethodPost, "/automation/conversations/"+conversation+"/close", map[string]string{"platform": "make"}, nil)
	})
}

// Subscribe asks for an event to be delivered, and gives the secret that its deliveries are signed with. Should it not be
// known whether that worked, it is done again: events that then arrive for two subscriptions are the same events.
func (c *Client) Subscribe(ctx context.Context, event, target string) (secret string, err error) {
	var made struct {
		Data struct {
			Secret string `json:"secret"`
		} `json:"data"`
	}
	err = c.insist(ctx, func() error {
		return c.call(ctx, http.MethodPost, "/webhooks/subscribe", map[string]string{
			"organization_uuid": c.Organization, "agent_uuid": c.Agent, "target_url": target, "event": event, "platform": "make",
		}, &made)
	})
	return made.Data.Secret, err
}

// insist does something until it is known to be done or refused, and pauses longer each time.
func (c *Client) insist(ctx context.Context, do func() error) error {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := do()
		if !errors.Is(err, errUnsure) {
			return err
		}
		if err := c.Wait(ctx, pause); err != nil {
			return err
		}
	}
}

// call makes a request with a good token, and comes back when a rate limit says so.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	for {
		token, err := c.token(ctx)
		if err != nil {
			return err
		}
		status, text, err := c.exchange(ctx, method, c.BaseURL+path, token, in)
		switch {
		case err != nil:
			return err
		case status == http.StatusUnauthorized && !c.has(NeverRefreshes):
			c.distrust(token)
		case status == http.StatusTooManyRequests && !c.has(IgnoresRetryAfter):
			if err := c.Wait(ctx, retryAfter(text)); err != nil {
				return err
			}
		default:
			return understand(status, text, out)
		}
	}
}

// exchange sends one request. An error is errUnsure, unless ctx has ended.
func (c *Client) exchange(ctx context.Context, method, url, token string, in any) (status int, text []byte, err error) {
	var body io.Reader
	if in != nil {
		sent, err := json.Marshal(in)
		if err != nil {
			return 0, nil, err
		}
		body = bytes.NewReader(sent)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Accept", "application/json")
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.HTTP.Do(r)
	if err != nil {
		return 0, nil, unsure(ctx, err)
	}
	defer response.Body.Close()
	text, err = io.ReadAll(io.LimitReader(response.Body, longestRead))
	if err != nil {
		return 0, nil, unsure(ctx, err)
	}
	return response.StatusCode, text, nil
}

func (c *Client) has(bug Bug) bool { return slices.Contains(c.bugs, bug) }

func unsure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", errUnsure, err)
}

// understand reads an answer. One that is good and cannot be read has been cut short on its way.
func understand(status int, text []byte, out any) error {
	switch {
	case status >= 500:
		return fmt.Errorf("%w: answered %d", errUnsure, status)
	case status >= 300:
		var problem struct{ Message string }
		_ = json.Unmarshal(text, &problem) // without a message the status says enough
		return refusal{status, problem.Message}
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%w: %w", errUnsure, err)
	}
	return nil
}

// retryAfter is how long a 429 asks to wait; a while when it does not say.
func retryAfter(text []byte) time.Duration {
	var limited struct {
		RetryAfter *int `json:"retry_after"`
	}
	if json.Unmarshal(text, &limited) != nil || limited.RetryAfter == nil {
		return longestPause
	}
	return time.Duration(*limited.RetryAfter) * time.Second
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
