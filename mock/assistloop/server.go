// Package assistloop answers AssistLoop's operations from a world's desk, and turns what happens there into deliveries.
//
// It implements the strict server interface that is generated from the contract. Whoever calls it has let the request
// through the gate: the token is good for the operation, and parameters and body keep to the contract. What only the desk
// can know is judged here.
package assistloop

import (
	"context"

	api "github.com/parley-contracts/parley/openapi/assistloop"

	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/mock/world"
)

// Server implements the contract's strict server interface, for any number of worlds: each request says which is its own.
type Server struct{}

var _ api.StrictServerInterface = Server{}

// caller is the desk of a request's world and the account that asks. Without a grant it is an account that has nothing.
func caller(ctx context.Context) (d *desk.Desk, account string) {
	if g := grant.From(ctx); g != nil {
		account = g.Account
	}
	return world.From(ctx).Desk, account
}

func readings(ctx context.Context) *reading.Set { return &world.From(ctx).Options.Readings }

// Pages hold what their parameter asks for; the gate keeps it within bounds.
const (
	defaultPage    = 20 // per_page of both lists (AL-60)
	defaultSamples = 5  // limit of recent-sample
)

func orDefault[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}
