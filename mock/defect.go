package mock

import (
	"net/http"

	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/world"
)

// obey takes over what a defect has the mock itself do otherwise.
func (o *Options) obey(s *defects.Settings) {
	if s == nil {
		return
	}
	if s.RateLimit != "" {
		o.RateLimit = s.RateLimit
	}
	if s.Retries != 0 {
		o.Retries = s.Retries
	}
	if s.Backoff != nil {
		o.Backoff = s.Backoff
	}
}

// defective lets defects play between the mock and its clients: the one that it was started with, and those that single
// requests name.
func defective(next http.Handler, w *world.World, stage *defects.Stage) http.Handler {
	client := w.Grants.Client()
	keys := defects.Keys{Token: w.Token, ClientID: client.ID, ClientSecret: client.Secret}
	if stage != nil {
		// What a defect asks by itself is not to count against its caller's budget.
		keys.Spare, _ = w.Grants.Issue(w.Desk.Owner().ID, grant.AllScopes, 0)
		stage.Know(keys)
		next = stage.Wrap(next)
	}
	return defects.NewPlayer(keys, next)
}
