package assistloop

import (
	"context"

	"github.com/oapi-codegen/nullable"

	api "github.com/parley-contracts/parley/openapi/assistloop"
)

// GetMe answers the account of the token (Get Current User).
func (Server) GetMe(ctx context.Context, _ api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	d, account := caller(ctx)
	me, ok := d.Account(account)
	if !ok {
		return notFound("account"), nil
	}
	return api.GetMe200JSONResponse{
		UUID: me.ID, Name: me.Name, Email: nullable.NewNullableWithValue(me.Email),
	}, nil
}

// ListOrganizations answers the caller's organizations (Get Workspaces).
func (Server) ListOrganizations(
	ctx context.Context, _ api.ListOrganizationsRequestObject,
) (api.ListOrganizationsResponseObject, error) {
	d, account := caller(ctx)
	a := newAnswer()
	a.body = d.AppendOrganizations(a.body, account)
	return a, nil
}

// ListAgents answers the agents of one of them (Get Agents).
func (Server) ListAgents(ctx context.Context, r api.ListAgentsRequestObject) (api.ListAgentsResponseObject, error) {
	d, account := caller(ctx)
	a := newAnswer()
	var err error
	a.body, err = d.AppendAgents(a.body, account, r.OrganizationUUID)
	return a.unless(err), nil
}
