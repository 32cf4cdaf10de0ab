// Package grant keeps what the accounts of one world have granted: access tokens, the refresh tokens and
// authorization codes that lead to them, and the client that may ask.
//
// Secrets are kept as SHA-256 only, which also makes their comparison a map lookup that leaks no timing.
// They derive from the world's seed, so that the same world hands out the same tokens; nothing that guards
// the mock itself may come from here.
//
// A token reads `at.WORLD.SECRET`: with the world's name in it, a server of many worlds finds the right one
// without an index that all of them share.
package grant

import (
	"context"
	"errors"
	"time"
)

// Why a token, code or refresh token is no good.
var (
	ErrUnknown = errors.New("never issued, or revoked")
	ErrExpired = errors.New("expired")
	ErrUsed    = errors.New("used before")
)

// Grant is what one access token stands for. It never changes once issued.
type Grant struct {
	ID      string    // the authorization; a refreshed token keeps it, and with it the rate-limit budget
	Account string    // whose data it opens
	Client  string    // the OAuth client it was issued to; empty when the mock issued it by itself
	Scopes  Scopes    // what it allows
	Expires time.Time // by the world's clock; zero means never
}

type contextKey struct{}

// With returns a context that carries the caller's grant.
func With(ctx context.Context, g *Grant) context.Context {
	return context.WithValue(ctx, contextKey{}, g)
}

// From returns the caller's grant, or nil when the operation asks for none.
func From(ctx context.Context) *Grant {
	g, _ := ctx.Value(contextKey{}).(*Grant)
	return g
}
