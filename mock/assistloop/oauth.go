package assistloop

import (
	"context"

	api "github.com/parley-contracts/parley/openapi/assistloop"
)

// The authorization server answers these three operations before a request gets here: they redirect, show pages and take
// forms, for which strict handlers are no help.
const elsewhere = "the authorization server answers this"

// Authorize is answered by the authorization server.
func (Server) Authorize(context.Context, api.AuthorizeRequestObject) (api.AuthorizeResponseObject, error) {
	return api.Authorize400JSONResponse{AuthorizationRefusedJSONResponse: api.AuthorizationRefusedJSONResponse{Message: elsewhere}}, nil
}

// AuthorizePost is answered by the authorization server.
func (Server) AuthorizePost(context.Context, api.AuthorizePostRequestObject) (api.AuthorizePostResponseObject, error) {
	return api.AuthorizePost400JSONResponse{AuthorizationRefusedJSONResponse: api.AuthorizationRefusedJSONResponse{Message: elsewhere}}, nil
}

// Token is answered by the authorization server.
func (Server) Token(context.Context, api.TokenRequestObject) (api.TokenResponseObject, error) {
	return api.Token400JSONResponse{TokenRefusedJSONResponse: api.TokenRefusedJSONResponse{Message: elsewhere}}, nil
}
