// Package conversations answers the operations of Conversations from a world's contact centre, and turns what happens
// there into deliveries.
//
// It implements the strict server interface that is generated from the contract. Its operations are the product's
// reference's, not the document's, and none of them is judged anywhere; where not even the reference is known to say
// something, the contract marks the choice. Whoever calls has let the request through the gate: the key is good, and
// parameters and body keep to the contract.
package conversations

import (
	"context"

	api "github.com/parley-contracts/parley/openapi/conversations"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/world"
)

// Server implements the contract's strict server interface, for any number of worlds: each request says which is its own.
type Server struct{}

var _ api.StrictServerInterface = Server{}

func in(ctx context.Context) *center.Center { return world.From(ctx).Center }

const defaultLimit = 10

func pageOf(limit *api.Limit, page *api.Page) center.Page {
	return center.Page{Limit: orDefault(limit, defaultLimit), Page: orDefault(page, 0)}
}

func orDefault[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}
