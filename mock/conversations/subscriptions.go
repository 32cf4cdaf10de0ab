package conversations

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	api "github.com/parley-contracts/parley/openapi/conversations"
	"github.com/parley-contracts/parley/openapi/webhook"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/world"
)

// GetSubscriptions lists subscriptions.
func (Server) GetSubscriptions(ctx context.Context, r api.GetSubscriptionsRequestObject) (api.GetSubscriptionsResponseObject, error) {
	p := pageOf(r.Params.Limit, r.Params.Page)
	found, total := in(ctx).Subscriptions(p)
	return ok(api.GetSubscriptions200JSONResponseBody{
		Subscriptions: each(found, subscriptionOf), Pagination: paged(p, total, ""),
	}, nil), nil
}

// GetSubscription gives one.
func (Server) GetSubscription(ctx context.Context, r api.GetSubscriptionRequestObject) (api.GetSubscriptionResponseObject, error) {
	found, err := in(ctx).Subscription(r.SubscriptionID)
	return ok(subscriptionOf(found), err), nil
}

// CreateSubscription lets events be delivered.
func (Server) CreateSubscription(ctx context.Context, r api.CreateSubscriptionRequestObject) (api.CreateSubscriptionResponseObject, error) {
	profile, err := asked(ctx, r.Body.Profile)
	if err != nil {
		return refuse(err), nil
	}
	made, err := in(ctx).Subscribe(center.Subscription{
		ID: r.Body.SubscriptionID, Name: orDefault(r.Body.Name, ""), Events: onTheWire(r.Body.Events), Profile: profile,
	})
	return created(subscriptionOf(made), err), nil
}

// UpdateSubscription replaces one.
func (Server) UpdateSubscription(ctx context.Context, r api.UpdateSubscriptionRequestObject) (api.UpdateSubscriptionResponseObject, error) {
	profile, err := asked(ctx, r.Body.Profile)
	if err != nil {
		return refuse(err), nil
	}
	made, err := in(ctx).Resubscribe(center.Subscription{
		ID: r.SubscriptionID, Name: orDefault(r.Body.Name, ""), Events: onTheWire(r.Body.Events), Profile: profile,
	})
	return ok(subscriptionOf(made), err), nil
}

// DeleteSubscription ends one.
func (Server) DeleteSubscription(ctx context.Context, r api.DeleteSubscriptionRequestObject) (api.DeleteSubscriptionResponseObject, error) {
	if err := in(ctx).Unsubscribe(r.SubscriptionID); err != nil {
		return refuse(err), nil
	}
	return answer{status: http.StatusNoContent}, nil
}

// GetProfiles lists profiles.
func (Server) GetProfiles(ctx context.Context, r api.GetProfilesRequestObject) (api.GetProfilesResponseObject, error) {
	p := pageOf(r.Params.Limit, r.Params.Page)
	found, total := in(ctx).Profiles(p)
	return ok(api.GetProfiles200JSONResponseBody{Profiles: each(found, profileOf), Pagination: paged(p, total, "")}, nil), nil
}

// CreateProfile makes one for subscriptions to name.
func (Server) CreateProfile(ctx context.Context, r api.CreateProfileRequestObject) (api.CreateProfileResponseObject, error) {
	profile, err := asked(ctx, api.Profile{ProfileID: &r.Body.ProfileID, Webhook: &r.Body.Webhook, Security: r.Body.Security})
	if err != nil {
		return refuse(err), nil
	}
	made, err := in(ctx).AddProfile(profile)
	return created(profileOf(made), err), nil
}

// GetSecurities lists security settings.
func (Server) GetSecurities(ctx context.Context, r api.GetSecuritiesRequestObject) (api.GetSecuritiesResponseObject, error) {
	p := pageOf(r.Params.Limit, r.Params.Page)
	found, total := in(ctx).Securities(p)
	return ok(api.GetSecurities200JSONResponseBody{Securities: each(found, securityOf), Pagination: paged(p, total, "")}, nil), nil
}

// CreateSecurity makes one for profiles to name.
func (Server) CreateSecurity(ctx context.Context, r api.CreateSecurityRequestObject) (api.CreateSecurityResponseObject, error) {
	security, err := credentials(api.Security{
		SecurityID: &r.Body.SecurityID, Type: &r.Body.Type, Username: r.Body.Username, Password: r.Body.Password, Secret: r.Body.Secret,
	})
	if err != nil {
		return refuse(err), nil
	}
	made, err := in(ctx).AddSecurity(security)
	return created(securityOf(made), err), nil
}

// asked is a profile as a request has it. Its deliveries go to https alone, or to http on this machine where the world
// allows that.
func asked(ctx context.Context, p api.Profile) (center.Profile, error) {
	profile := center.Profile{ID: orDefault(p.ProfileID, "")}
	if p.Webhook != nil {
		profile.URL = p.Webhook.NotifyURL
		if err := outbox.CheckTarget(profile.URL, world.From(ctx).Options.Outbox.AllowLoopbackHTTP); err != nil {
			return profile, err
		}
	}
	if p.Security != nil {
		security, err := credentials(*p.Security)
		if err != nil {
			return profile, err
		}
		profile.Security = &security
	}
	return profile, nil
}

const secretPrefix = "whsec_"

// credentials are a security as a request has it. A secret may be one as Standard Webhooks writes them; any other text is
// itself the key.
func credentials(s api.Security) (center.Security, error) {
	security := center.Security{
		ID: orDefault(s.SecurityID, ""), Type: center.SecurityType(orDefault(s.Type, "")),
		Username: orDefault(s.Username, ""), Password: orDefault(s.Password, ""), Secret: orDefault(s.Secret, ""),
	}
	if encoded, written := strings.CutPrefix(security.Secret, secretPrefix); written {
		if key, err := base64.StdEncoding.DecodeString(encoded); err != nil || len(key) == 0 {
			return security, errors.New("security.secret begins like one of Standard Webhooks, and no base64 follows")
		}
	} else if security.Secret != "" {
		security.Secret = webhook.NewSecret([]byte(security.Secret))
	}
	return security, nil
}

// onTheWire are events by the names that their deliveries have.
func onTheWire(events []api.SubscribedEvent) []string {
	var names []string
	for _, known := range api.Events() {
		for _, event := range events {
			if string(event) == known.SubscribedAs {
				names = append(names, known.Name)
			}
		}
	}
	return names
}
