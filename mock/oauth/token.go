package oauth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/reading"
)

// answer is a token response (RFC 6749, section 5.1).
type answer struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token"`
	Scope        string `json:"scope"`
}

// Token exchanges a code or a refresh token for an access token. The request is a form or JSON, the client's
// secret in it or in Basic authentication. Errors are those of RFC 6749, section 5.2, and say the same again
// as `message`, like every other error of the contract (AL-21).
func (s Server) Token(w http.ResponseWriter, r *http.Request) {
	noStore(w)
	tokens, err := s.exchange(w, r)
	if err != nil {
		s.denyToken(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, answer{
		AccessToken: tokens.Access, TokenType: "Bearer", ExpiresIn: int(tokens.ExpiresIn / time.Second),
		RefreshToken: tokens.Refresh, Scope: tokens.Scopes.String(),
	})
}

func (s Server) exchange(w http.ResponseWriter, r *http.Request) (grant.Tokens, error) {
	if s.Readings.Has(reading.JSONTokensOnly) && mediaType(r) != "application/json" {
		return grant.Tokens{}, invalidRequest("expected a body of application/json")
	}
	p, err := fromBody(w, r)
	if err != nil {
		return grant.Tokens{}, err
	}
	if name, found := p.repeated(); found {
		return grant.Tokens{}, invalidRequest(name + " may be given once")
	}
	client, err := s.authenticate(r, p)
	if err != nil {
		return grant.Tokens{}, err
	}
	switch p.get("grant_type") {
	case "authorization_code":
		return s.redeem(client, p)
	case "refresh_token":
		return s.refresh(client, p)
	case "":
		return grant.Tokens{}, invalidRequest("grant_type is missing")
	}
	return grant.Tokens{}, failure{http.StatusBadRequest, "unsupported_grant_type",
		"grant_type has to be authorization_code or refresh_token"}
}

// authenticate finds out which client asks (RFC 6749, section 2.3.1).
func (s Server) authenticate(r *http.Request, p parameters) (string, error) {
	id, secret := p.get("client_id"), p.get("client_secret")
	if user, password, basic := r.BasicAuth(); basic {
		user, errUser := url.QueryUnescape(user)
		password, errPassword := url.QueryUnescape(password)
		switch {
		case errUser != nil || errPassword != nil:
			return "", invalidClient("the credentials of Basic authentication are not URL-encoded")
		case secret != "":
			return "", invalidRequest("the client authenticated both by Basic and in the body")
		case id != "" && id != user:
			return "", invalidRequest("client_id differs from the one of Basic authentication")
		}
		id, secret = user, password
	}
	client := s.Grants.Client()
	switch {
	case id == "":
		return "", invalidClient("client_id is missing")
	case id != client.ID || !client.Authenticate(secret):
		return "", invalidClient("unknown client, or a wrong client_secret")
	}
	return id, nil
}

// redeem gives tokens for a code (RFC 6749, section 4.1.3).
func (s Server) redeem(client string, p parameters) (grant.Tokens, error) {
	if p.get("code") == "" {
		return grant.Tokens{}, invalidRequest("code is missing")
	}
	tokens, err := s.Grants.Exchange(p.get("code"), func(a grant.Authorization) error {
		switch {
		case a.Client != client:
			return invalidGrant("the code was given to another client")
		case a.RedirectURI != p.get("redirect_uri"):
			return invalidGrant("redirect_uri is not the one that the code was sent to")
		}
		if s.Readings.Has(reading.PKCEIgnored) {
			return nil
		}
		return verify(a, p.get("code_verifier"))
	})
	return tokens, asFailure("the code", err)
}

// verify is the last step of PKCE (RFC 7636, section 4.6). A verifier without a challenge is refused as well:
// somebody took the challenge out on the way (RFC 9700, section 4.8.2).
func verify(a grant.Authorization, verifier string) error {
	switch {
	case a.Challenge == "" && verifier == "":
		return nil
	case a.Challenge == "":
		return invalidGrant("code_verifier came, though the code was asked for without a code_challenge")
	case verifier == "":
		return invalidGrant("code_verifier is missing: the code was asked for with a code_challenge")
	}
	derived := verifier
	if a.ChallengeMethod == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		derived = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if subtle.ConstantTimeCompare([]byte(derived), []byte(a.Challenge)) != 1 {
		return invalidGrant("code_verifier does not fit the code_challenge")
	}
	return nil
}

// refresh gives tokens for a refresh token (RFC 6749, section 6).
func (s Server) refresh(client string, p parameters) (grant.Tokens, error) {
	if p.get("refresh_token") == "" {
		return grant.Tokens{}, invalidRequest("refresh_token is missing")
	}
	tokens, err := s.Grants.Refresh(p.get("refresh_token"), func(g grant.Grant) (grant.Scopes, error) {
		scopes, err := grant.ParseScopes(p.get("scope"))
		switch {
		case g.Client != client:
			return 0, invalidGrant("the refresh token was given to another client")
		case err != nil:
			return 0, invalidScope(err.Error())
		case scopes == 0:
			return g.Scopes, nil
		case !g.Scopes.Has(scopes):
			return 0, invalidScope("the scopes of the grant are " + g.Scopes.String())
		}
		return scopes, nil
	})
	return tokens, asFailure("the refresh token", err)
}

func asFailure(what string, err error) error {
	switch {
	case errors.Is(err, grant.ErrUnknown):
		return invalidGrant(what + " is unknown")
	case errors.Is(err, grant.ErrExpired):
		return invalidGrant(what + " has expired")
	case errors.Is(err, grant.ErrUsed):
		return invalidGrant(what + " was used before, and all that came of it is revoked")
	}
	return err
}

func (s Server) denyToken(w http.ResponseWriter, r *http.Request, err error) {
	var f failure
	if !errors.As(err, &f) {
		f = failure{http.StatusBadRequest, "invalid_request", err.Error()}
	}
	if f.status == http.StatusUnauthorized && r.Header.Get("Authorization") != "" {
		w.Header().Set("WWW-Authenticate", `Basic realm="AssistLoop", charset="UTF-8"`)
	}
	description := asciiOnly(f.description)
	writeJSON(w, f.status, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Message     string `json:"message"`
	}{f.code, description, description})
}
