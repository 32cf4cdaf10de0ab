package grant

import "time"

// Authorization is what a code stands for until it is exchanged.
type Authorization struct {
	Account         string
	Client          string
	Scopes          Scopes
	RedirectURI     string // as the client gave it; the exchange has to repeat it (RFC 6749, section 4.1.3)
	Challenge       string // PKCE, empty when the client sent none (RFC 7636)
	ChallengeMethod string // "S256" or "plain"
}

// Tokens is the outcome of an exchange.
type Tokens struct {
	Access    string
	Refresh   string
	Scopes    Scopes
	ExpiresIn time.Duration
}

type code struct {
	Authorization
	expires time.Time
	grant   string // what it was exchanged for; empty while unused
}

type refresh struct {
	grant   Grant // of the authorization as a whole: a narrower access token does not narrow it
	expires time.Time
	used    bool
}

// Authorize makes an authorization code, good once and for CodeLifetime.
func (s *Store) Authorize(a Authorization) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	text := s.mint.next(authCode)
	k, _ := keyOf(text)
	s.codes[k] = &code{Authorization: a, expires: s.clock.Now().Add(CodeLifetime)}
	return text
}

// Exchange gives tokens for a code that check agrees to; what check answers is returned as it is, and leaves
// the code good. A code that comes a second time has leaked: what it was exchanged for is revoked
// (RFC 6749, section 4.1.2), and the error is ErrUsed.
func (s *Store) Exchange(text string, check func(Authorization) error) (Tokens, error) {
	k, _ := keyOf(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.codes[k]
	switch {
	case c == nil:
		return Tokens{}, ErrUnknown
	case c.grant != "" && !s.codesReusable:
		s.revoke(c.grant)
		return Tokens{}, ErrUsed
	case expired(c.expires, s.clock):
		return Tokens{}, ErrExpired
	}
	if err := check(c.Authorization); err != nil {
		return Tokens{}, err
	}
	c.grant = s.newID()
	g := Grant{ID: c.grant, Account: c.Account, Client: c.Client, Scopes: c.Scopes}
	return s.tokensFor(g, c.Scopes), nil
}

// Refresh gives new tokens for a refresh token, which is used up by it. narrow tells the scopes of the new
// access token from those of the authorization; its error is returned as it is, and leaves the token good.
// Where refresh tokens are kept, it goes on serving and is answered again. Elsewhere
// a refresh token that comes a second time has leaked: its authorization is revoked (RFC 9700, section 4.14.2).
func (s *Store) Refresh(text string, narrow func(Grant) (Scopes, error)) (Tokens, error) {
	k, _ := keyOf(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.refreshes[k]
	switch {
	case r == nil:
		return Tokens{}, ErrUnknown
	case r.used:
		s.revoke(r.grant.ID)
		return Tokens{}, ErrUsed
	case expired(r.expires, s.clock):
		return Tokens{}, ErrExpired
	}
	scopes, err := narrow(r.grant)
	if err != nil {
		return Tokens{}, err
	}
	if s.keepRefresh {
		return s.accessFor(r.grant, scopes, text), nil
	}
	r.used = true
	return s.tokensFor(r.grant, scopes), nil
}

func (s *Store) tokensFor(g Grant, scopes Scopes) Tokens {
	text := s.mint.next(refreshToken)
	k, _ := keyOf(text)
	s.refreshes[k] = &refresh{grant: g, expires: s.clock.Now().Add(RefreshLifetime)}
	return s.accessFor(g, scopes, text)
}

// accessFor gives an access token beside a refresh token that is there.
func (s *Store) accessFor(g Grant, scopes Scopes, refresh string) Tokens {
	narrowed := g
	narrowed.Scopes = scopes
	access, _ := s.issue(narrowed, AccessLifetime)
	return Tokens{Access: access, Refresh: refresh, Scopes: scopes, ExpiresIn: AccessLifetime}
}
