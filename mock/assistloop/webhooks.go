package assistloop

import (
	"context"

	api "github.com/parley-contracts/parley/openapi/assistloop"

	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/world"
)

// Subscribe makes a webhook subscription; no other answer has its secret (Subscribe to Webhooks). Its deliveries go to https
// alone, or to http on this machine where the world allows that (AL-99).
func (Server) Subscribe(ctx context.Context, r api.SubscribeRequestObject) (api.SubscribeResponseObject, error) {
	loopback := world.From(ctx).Options.Outbox.AllowLoopbackHTTP
	if err := outbox.CheckTarget(r.Body.TargetURL, loopback); err != nil {
		return invalid(err.Error()), nil
	}
	d, account := caller(ctx)
	external, _ := r.Body.ExternalID.Get() // absent and null are the same
	subscription, err := d.Subscribe(desk.Subscription{
		Account: account, Organization: r.Body.OrganizationUUID, Agent: r.Body.AgentUUID,
		Event: string(r.Body.Event), TargetURL: r.Body.TargetURL, ExternalID: external,
	})
	if err != nil {
		return refuse(err), nil
	}
	var body api.Subscribe200JSONResponse
	body.Data.ID, body.Data.Secret = subscription.ID, subscription.Secret
	body.Message = "Webhook subscribed successfully"
	return body, nil
}

// Unsubscribe ends one that the caller made (Unsubscribe from Webhooks).
func (Server) Unsubscribe(ctx context.Context, r api.UnsubscribeRequestObject) (api.UnsubscribeResponseObject, error) {
	d, account := caller(ctx)
	if err := d.Unsubscribe(account, r.UUID); err != nil {
		return refuse(err), nil
	}
	a := newAnswer()
	a.body = append(a.body, `{"data":null,"message":"Webhook unsubscribed successfully"}`...)
	return a, nil
}
