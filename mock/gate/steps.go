package gate

import (
	"net/http"

	"github.com/parley-contracts/parley/mock/reading"
	"github.com/parley-contracts/parley/mock/world"
)

// step looks at a call, and refuses it, answers it, or lets it go on.
type step func(*call) *problem

// The orders of the steps. Only the first of them is the mock's own; no document names any.
var (
	usualSteps       = []step{meetFault, authenticate, authorize, throttle, validate}
	countingAllSteps = []step{meetFault, authenticate, throttle, authorize, validate}
	scopeLastSteps   = []step{meetFault, authenticate, throttle, validate, authorize}
	requestSteps     = []step{meetFault, validate, authenticate, authorize, throttle}
)

func stepsOf(w *world.World) []step {
	switch readings := &w.Options.Readings; {
	case readings.Has(reading.ScopeLast):
		return scopeLastSteps
	case readings.Has(reading.RequestFirst):
		return requestSteps
	case readings.Has(reading.CountsAll):
		return countingAllSteps
	}
	return usualSteps
}

// authorize looks at the token's scopes (AL-12). Where a world looks up what a request names before that, a request
// for what is not there goes on to the handler, which answers that.
func authorize(c *call) *problem {
	if c.grant == nil || c.allowed() || c.namesNothing() {
		return nil
	}
	scopes := c.op.scopes[0].String()
	c.Header().Set("WWW-Authenticate", c.op.contract.Credentials.Challenge+`, error="insufficient_scope", scope="`+scopes+`"`)
	return &problem{http.StatusForbidden, "Forbidden", "the access token lacks the scope " + c.op.scopeNames()}
}

func (c *call) allowed() bool {
	readings := &c.world.Options.Readings
	switch {
	case len(c.op.scopes) > 1 && readings.Has(reading.SampleByRead):
		return c.grant.Scopes.Has(c.op.scopes[0])
	case len(c.op.scopes) > 1 && readings.Has(reading.SampleByHooks):
		return c.grant.Scopes.Has(c.op.scopes[1])
	}
	return c.op.allows(c.grant.Scopes)
}

// namesNothing: what is looked up before scopes are is not there for the caller.
func (c *call) namesNothing() bool {
	readings := &c.world.Options.Readings
	if subscription := c.op.ID == "unsubscribe"; !readings.Has(reading.LookupBeforeScope) && !(subscription && readings.Has(reading.SubscriptionBeforeScope)) {
		return false
	}
	for _, p := range c.op.Params {
		if p.In == "path" {
			return !c.world.Desk.Sees(c.grant.Account, c.r.PathValue(p.Name))
		}
	}
	return false
}
