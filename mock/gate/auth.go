package gate

import (
	"errors"
	"net/http"

	"github.com/parley-contracts/parley/mock/grant"
)

// challenge asks for a token (RFC 6750, section 3).
const challenge = `Bearer realm="AssistLoop"`

// authenticate finds out who asks, and whether they may (AL-12, AL-25).
func authenticate(c *call) *problem {
	if !c.op.Secured {
		return nil
	}
	token := bearer(c.r)
	if token == "" {
		c.Header().Set("WWW-Authenticate", challenge)
		return unauthorized("send an access token as Authorization: Bearer TOKEN")
	}
	g, err := c.world.Grants.Lookup(token)
	if err != nil {
		c.Header().Set("WWW-Authenticate", challenge+`, error="invalid_token"`)
		if errors.Is(err, grant.ErrExpired) {
			return unauthorized("the access token has expired")
		}
		return unauthorized("the access token is unknown or revoked")
	}
	c.grant = g
	if !c.op.allows(g.Scopes) {
		c.Header().Set("WWW-Authenticate", challenge+`, error="insufficient_scope", scope="`+c.op.scopes[0].String()+`"`)
		return &problem{http.StatusForbidden, "Forbidden", "the access token lacks the scope " + c.op.scopeNames()}
	}
	c.r = c.r.WithContext(grant.With(c.r.Context(), g))
	return nil
}

func unauthorized(message string) *problem {
	return &problem{http.StatusUnauthorized, "Unauthorized", message}
}
