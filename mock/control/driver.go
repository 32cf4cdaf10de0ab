package control

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/driver"
)

const (
	// longestAdvance is how far one call moves the clock.
	longestAdvance = 10 * 365 * 24 * time.Hour
	// advancePatience is how long a call that moves the clock waits for what falls due, in real time: receivers
	// that do not answer would hold it much longer.
	advancePatience = 60 * time.Second
)

// driverServer implements the generated interface of the driver protocol. It is the plain one: the strict one
// would decode bodies before anybody could look at their keys.
type driverServer struct{}

var _ driver.ServerInterface = driverServer{}

func (driverServer) Capabilities(w http.ResponseWriter, r *http.Request) {
	write(w, http.StatusOK, driver.Capabilities{Capabilities: []string{"provoke", "issue-token", "advance-clock", "subscribe", "unsubscribe"}})
}

func (driverServer) Provoke(w http.ResponseWriter, r *http.Request) { answering(provoke)(w, r) }

func (driverServer) IssueToken(w http.ResponseWriter, r *http.Request) { answering(issueToken)(w, r) }

func (driverServer) AdvanceClock(w http.ResponseWriter, r *http.Request) {
	answering(advanceClock)(w, r)
}

func (driverServer) DriverSubscribe(w http.ResponseWriter, r *http.Request) {
	answering(subscribe)(w, r)
}

func (driverServer) DriverUnsubscribe(w http.ResponseWriter, r *http.Request) {
	answering(unsubscribe)(w, r)
}

// provoke makes an event of either contract happen. One of AssistLoop happens to the world's first agent when no ids are
// given.
func provoke(r *http.Request) (any, error) {
	w := world.From(r.Context())
	asked, err := decode[provocation](r)
	if err != nil {
		return nil, err
	}
	if slices.Contains(center.Events, asked.Event) {
		return provokeConversations(w, asked)
	}
	if asked.Event != desk.NewConversation && asked.Event != desk.HumanHandoffRequired {
		return nil, problem(http.StatusUnprocessableEntity, fmt.Sprintf("event invalid: expected %s, %s or one of %s, got %.40q",
			desk.NewConversation, desk.HumanHandoffRequired, strings.Join(center.Events, ", "), asked.Event))
	}
	if asked.Channel != nil {
		return nil, problem(http.StatusUnprocessableEntity, "channel: the events of AssistLoop have none")
	}
	organization, agent, _ := w.Desk.Example()
	switch {
	case asked.Organization != nil && asked.Agent != nil:
		organization, agent = *asked.Organization, *asked.Agent
	case asked.Organization != nil || asked.Agent != nil:
		return nil, problem(http.StatusUnprocessableEntity, "expected both organization_uuid and agent_uuid, or neither")
	}
	conversation, err := w.Desk.Provoke(asked.Event, organization, agent)
	if err != nil {
		return nil, err
	}
	return driver.Provoked{ConversationUUID: &conversation}, nil
}

// provocation, tokenOrder and advance are the protocol's bodies, with pointers that tell what is missing.
type provocation struct {
	Event        string  `json:"event"`
	Organization *string `json:"organization_uuid"`
	Agent        *string `json:"agent_uuid"`
	Channel      *string `json:"channel"`
}

type tokenOrder struct {
	Scopes  *[]string `json:"scopes"`
	Expired bool      `json:"expired"`
}

type advance struct {
	Seconds *float64 `json:"seconds"`
}

// issueToken connects an account of its own: nobody else has its data or its rate-limit budget.
func issueToken(r *http.Request) (any, error) {
	w := world.From(r.Context())
	asked, err := decode[tokenOrder](r)
	if err != nil {
		return nil, err
	}
	if asked.Scopes == nil {
		return nil, problem(http.StatusUnprocessableEntity, fmt.Sprintf("scopes: expected a list of some of %s", grant.AllScopes))
	}
	scopes, err := grant.ScopesOf(*asked.Scopes...)
	if err != nil {
		return nil, err
	}
	lifetime := time.Duration(0) // for ever: the tester may move the clock by years
	if asked.Expired {
		lifetime = -time.Second
	}
	token, _ := w.Grants.Issue(w.Desk.AddAccount().ID, scopes, lifetime)
	return driver.IssuedToken{AccessToken: token, TokenType: "Bearer"}, nil
}

// advanceClock moves the world's clock on and answers when what fell due has been attempted.
func advanceClock(r *http.Request) (any, error) {
	w := world.From(r.Context())
	asked, err := decode[advance](r)
	if err != nil {
		return nil, err
	}
	longest := longestAdvance.Seconds()
	if asked.Seconds == nil || *asked.Seconds < 0 || *asked.Seconds > longest {
		return nil, problem(http.StatusUnprocessableEntity, fmt.Sprintf("seconds: expected a number from 0 to %.0f", longest))
	}
	ctx, cancel := context.WithTimeout(r.Context(), advancePatience)
	defer cancel()
	by := time.Duration(math.Round(*asked.Seconds*1e6)) * time.Microsecond
	if err := w.Clock.Advance(ctx, by); err != nil {
		return nil, err
	}
	return clockOf(w), nil
}
