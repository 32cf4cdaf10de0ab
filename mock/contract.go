package mock

import (
	"log/slog"
	"net/http"
	"slices"

	"github.com/parley-contracts/parley/mock/assistloop"
	"github.com/parley-contracts/parley/mock/conversations"
	"github.com/parley-contracts/parley/mock/gate"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/oauth"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi"
	api "github.com/parley-contracts/parley/openapi/assistloop"
	conversationsapi "github.com/parley-contracts/parley/openapi/conversations"
)

// connect joins what happens in a world to its outbox, for both contracts.
func connect(w *world.World) {
	assistloop.Connect(w)
	conversations.Connect(w)
}

// events are those of both contracts.
func events() []openapi.Event { return slices.Concat(api.Events(), conversationsapi.Events()) }

// assistLoop is the contract as the gate serves it: generated routes and binding, our handlers, and the
// authorization server for the three operations of OAuth.
func assistLoop(log *slog.Logger) gate.Contract {
	strict := api.NewStrictHandlerWithOptions(assistloop.Server{}, nil, api.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  gate.Form(nil).RefuseRequest,
		ResponseErrorHandlerFunc: gate.Form(nil).Broken(log),
	})
	return gate.Contract{
		Operations: api.Operations(),
		Bases:      []string{"/v1", "/api/v1"}, // AL-01
		Generated: func(base string, router gate.Router) {
			api.HandlerWithOptions(strict, api.StdHTTPServerOptions{
				BaseURL: base, BaseRouter: router, ErrorHandlerFunc: gate.Form(nil).RefuseRequest,
			})
		},
		Instead: map[string]http.HandlerFunc{
			"authorize":      func(w http.ResponseWriter, r *http.Request) { authorizationServer(r).Authorize(w, r) },
			"authorize-post": func(w http.ResponseWriter, r *http.Request) { authorizationServer(r).Authorize(w, r) },
			"token":          func(w http.ResponseWriter, r *http.Request) { authorizationServer(r).Token(w, r) },
		},
	}
}

// authorizationServer is the one of a request's world. Whoever consents there is the world's owner.
func authorizationServer(r *http.Request) oauth.Server {
	w := world.From(r.Context())
	owner := w.Desk.Owner()
	return oauth.Server{
		Grants: w.Grants, Account: owner.ID, AccountName: owner.Name, AutoConsent: w.Options.AutoConsent, Readings: w.Options.Readings,
	}
}

// conversationsContract is the second contract as the gate serves it. It has no documented rate limit.
func conversationsContract(log *slog.Logger) gate.Contract {
	form := gate.Form(conversations.Problem)
	strict := conversationsapi.NewStrictHandlerWithOptions(conversations.Server{}, nil, conversationsapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  form.RefuseRequest,
		ResponseErrorHandlerFunc: form.Broken(log),
	})
	return gate.Contract{
		Operations: conversationsapi.Operations(),
		Bases:      []string{""},
		Generated: func(base string, router gate.Router) {
			conversationsapi.HandlerWithOptions(strict, conversationsapi.StdHTTPServerOptions{
				BaseURL: base, BaseRouter: router, ErrorHandlerFunc: form.RefuseRequest,
			})
		},
		Form: form,
		Credentials: gate.Credentials{
			Schemes: []string{"App", "Basic", "IBSSO", "Bearer"}, Challenge: `Basic realm="Conversations"`,
			Wanted: "send an API key as Authorization: App KEY",
			Store:  func(w *world.World) *grant.Store { return w.Keys },
		},
	}
}
