package assistloop

import (
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/openapi"
)

// effects is what answers to writes have to say.
func effects(op openapi.Operation) []rule {
	switch op.ID {
	case "close-conversation":
		return []rule{{"close-conversation/platform-echoed", properly(func(s *seen) error {
			if s.fields().text("platform") != "make" || !s.known() { // another is to be refused
				return errUntold
			}
			return echoes(s.Exchange, "make")
		})}}
	}
	return nil
}

// grantAnswers is what the way to a token shows.
func grantAnswers(op openapi.Operation) []rule {
	switch op.ID {
	case "authorize", "authorize-post":
		return []rule{{"authorize/state", statedAgain}}
	case "token":
		return []rule{
			{"token/exchange-json", exchangedBy("application/json")},
			{"token/exchange-form", exchangedBy("application/x-www-form-urlencoded")},
			{"token/refresh-token-issued", issued("refresh_token")},
			{"token/expires-in", issued("expires_in")},
		}
	}
	return nil
}

// statedAgain: where a redirect hands a code over, it hands the state over, too.
func statedAgain(s *seen) error {
	to, err := url.Parse(s.Header.Get("Location"))
	state := s.Query.Get("state")
	if err != nil || s.Status < 300 || s.Status > 399 || to.Query().Get("code") == "" || state == "" || blackened(state+to.RawQuery) {
		return errUntold
	}
	switch got := to.Query()["state"]; {
	case len(got) == 0:
		return breach("the state that was sent", "none", s.Exchange)
	case len(got) > 1 || got[0] != state:
		return breach("the state that was sent, unchanged", "another one", s.Exchange)
	}
	return nil
}

// grantType of a token request; "" where it is not known.
func (s *seen) grantType() string {
	if s.inJSON() {
		return s.fields().text("grant_type")
	}
	if form, err := url.ParseQuery(string(s.RequestBody)); err == nil && !s.Observed.NoRequestBody {
		return form.Get("grant_type")
	}
	return ""
}

func exchangedBy(media string) func(*seen) error {
	return properly(func(s *seen) error {
		if s.grantType() != "authorization_code" || !strings.HasPrefix(strings.ToLower(s.RequestHeader.Get("Content-Type")), media) {
			return errUntold
		}
		return nil
	})
}

func issued(field string) func(*seen) error {
	return properly(func(s *seen) error {
		if s.grantType() != "authorization_code" || s.answer().text("access_token") == "" {
			return errUntold
		}
		if _, has := s.answer()[field]; !has {
			return breach("`"+field+"`", "none", s.Exchange)
		}
		return nil
	})
}
