package integration

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// redirectURI is where the authorization server sends a code. Nobody listens there: whoever consents without a browser
// reads the code off the redirect.
const redirectURI = "http://127.0.0.1/callback"

// tokens are what the account's consent has brought.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

// token is an access token that nobody has refused yet; a new one when there is none. Only one is asked for at a time: a
// refresh token is good once.
func (c *Client) token(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tokens.Access != "" {
		return c.tokens.Access, nil
	}
	err := c.insist(ctx, func() error {
		if c.tokens.Refresh == "" {
			return c.consent(ctx)
		}
		err := c.exchangeToken(ctx, map[string]string{"grant_type": "refresh_token", "refresh_token": c.tokens.Refresh})
		var refused refusal
		if errors.As(err, &refused) { // used up by an answer that got lost, or revoked
			c.tokens.Refresh = ""
			return fmt.Errorf("%w: %w", errUnsure, err)
		}
		return err
	})
	return c.tokens.Access, err
}

// distrust forgets an access token that was refused, unless another has taken its place.
func (c *Client) distrust(access string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tokens.Access == access {
		c.tokens.Access = ""
	}
}

// consent goes the whole way of the authorization code, at a server that consents by itself.
func (c *Client) consent(ctx context.Context) error {
	code, err := c.code(ctx)
	if err != nil {
		return err
	}
	err = c.exchangeToken(ctx, map[string]string{"grant_type": "authorization_code", "code": code, "redirect_uri": redirectURI})
	var refused refusal
	if errors.As(err, &refused) && refused.status == http.StatusBadRequest { // a code is good once and not for long
		return fmt.Errorf("%w: %w", errUnsure, err)
	}
	return err
}

func (c *Client) code(ctx context.Context) (string, error) {
	query := url.Values{
		"response_type": {"code"}, "client_id": {c.ClientID}, "redirect_uri": {redirectURI}, "state": {"integration"},
		"scope": {"read:conversations read:messages write:conversations manage:webhooks"},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.BaseURL+"/oauth/authorize?"+query.Encode(), nil)
	if err != nil {
		return "", err
	}
	browser := *c.HTTP
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := browser.Do(r)
	if err != nil {
		return "", unsure(ctx, err)
	}
	response.Body.Close()
	if response.StatusCode >= 500 {
		return "", fmt.Errorf("%w: answered %d", errUnsure, response.StatusCode)
	}
	back, err := response.Location()
	if err != nil || back.Query().Get("code") == "" {
		return "", refusal{response.StatusCode, "no code came: does the account consent by itself?"}
	}
	return back.Query().Get("code"), nil
}

// exchangeToken asks the token endpoint, which is at the root of the origin. The caller holds mu.
func (c *Client) exchangeToken(ctx context.Context, ask map[string]string) error {
	ask["client_id"], ask["client_secret"] = c.ClientID, c.ClientSecret
	status, text, err := c.exchange(ctx, http.MethodPost, strings.TrimSuffix(c.BaseURL, "/v1")+"/oauth/token", "", ask)
	if err != nil {
		return err
	}
	var got tokens
	if err := understand(status, text, &got); err != nil {
		return err
	}
	c.tokens = got
	return nil
}
