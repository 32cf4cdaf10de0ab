package gate

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/world"
)

// Credentials are what opens a contract's operations.
type Credentials struct {
	Schemes   []string // of the Authorization header, as in "Bearer"
	Challenge string   // what WWW-Authenticate asks for (RFC 9110, section 11.6.1)
	Wanted    string   // said to who brings none
	Store     func(*world.World) *grant.Store
}

// accessToken is AssistLoop's (RFC 6750, section 3).
var accessToken = Credentials{
	Schemes: []string{"Bearer"}, Challenge: `Bearer realm="AssistLoop"`,
	Wanted: "send an access token as Authorization: Bearer TOKEN",
	Store:  func(w *world.World) *grant.Store { return w.Grants },
}

// authenticate finds out who asks (AL-25).
func authenticate(c *call) *problem {
	if !c.op.Secured {
		return nil
	}
	wanted := &c.op.contract.Credentials
	scheme, secret := credential(c.r)
	if secret == "" || !slices.ContainsFunc(wanted.Schemes, func(s string) bool { return strings.EqualFold(s, scheme) }) {
		c.Header().Set("WWW-Authenticate", wanted.Challenge)
		return unauthorized(wanted.Wanted)
	}
	g, err := wanted.Store(c.world).Lookup(secret)
	if err != nil {
		c.Header().Set("WWW-Authenticate", wanted.Challenge+`, error="invalid_token"`)
		if errors.Is(err, grant.ErrExpired) {
			return unauthorized("the access token has expired")
		}
		return unauthorized("the access token is unknown or revoked")
	}
	c.grant = g
	c.r = c.r.WithContext(grant.With(c.r.Context(), g))
	return nil
}

// credential is what a request brings: the scheme of its Authorization header and the secret, which with Basic is the
// password, whatever the name.
func credential(r *http.Request) (scheme, secret string) {
	scheme, secret, _ = strings.Cut(r.Header.Get("Authorization"), " ")
	secret = strings.TrimLeft(secret, " ")
	if strings.EqualFold(scheme, "Basic") {
		pair, err := base64.StdEncoding.DecodeString(secret)
		if err != nil {
			return scheme, ""
		}
		_, secret, _ = strings.Cut(string(pair), ":")
	}
	return scheme, secret
}

func unauthorized(message string) *problem {
	return &problem{http.StatusUnauthorized, "Unauthorized", message}
}
