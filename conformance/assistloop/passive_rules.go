package assistloop

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi"
)

// everyAnswer is what holds for the answers of every operation.
func everyAnswer(op openapi.Operation) []rule {
	if !op.Secured {
		return nil
	}
	return []rule{
		{op.ID + "/served", servedAtAll},
		{op.ID + "/content-type", func(s *seen) error {
			good, worded := s.OK() && s.Request.Method == "", s.Refused() && s.known() && isExplained(s.Exchange)
			if s.Observed.NoHeader || !good && !worded {
				return errUntold
			}
			if err := saysJSON(s.Exchange); err != nil || good {
				return err
			}
			return errUntold
		}},
		{op.ID + "/error-message", explains("message")},
		{op.ID + "/error-code", explains("error")},
		{"rate-limit/message", atLimit(limitMessage)},
		{"rate-limit/retry-after", atLimit(limitWait)},
		{"rate-limit/retry-after-header", atLimit(func(x *conformance.Exchange) error {
			if x.Header.Get("Retry-After") == "" {
				return errUntold
			}
			return limitHeader(x)
		})},
	}
}

// servedAtAll: a 2xx shows it; a refusal shows nothing, since it may be due.
func servedAtAll(s *seen) error {
	switch {
	case s.Request.Method != "":
		return errUntold
	case s.OK():
		return nil
	case !s.authorized() && !s.Observed.Sanitized:
		return errUntold
	case s.Status >= 500:
		return errDown
	case s.authorized() && s.faultless() && slices.Contains([]int{400, 404, 405, 410, 422}, s.Status):
		return served(s.Exchange)
	}
	return errUntold
}

// authorized tells whether a token is known to have been sent.
func (s *seen) authorized() bool { return s.RequestHeader.Get("Authorization") != "" }

// faultless requests name nothing that might not be there, and say nothing that might be wrong.
func (s *seen) faultless() bool {
	return (s.Operation == "get-me" || s.Operation == "list-organizations") && len(s.Query) == 0 && len(s.RequestBody) == 0
}

// properly holds a rule against answers with a 2xx to the operation's own method.
func properly(judge func(*seen) error) func(*seen) error {
	return func(s *seen) error {
		if !s.OK() || s.Request.Method != "" {
			return errUntold
		}
		return judge(s)
	}
}

func explains(field string) func(*seen) error {
	return func(s *seen) error {
		if !s.Refused() || !s.known() {
			return errUntold
		}
		return tellsWhy(s.Exchange, field)
	}
}

func atLimit(judge func(*conformance.Exchange) error) func(*seen) error {
	return func(s *seen) error {
		if s.Status != http.StatusTooManyRequests || !s.known() {
			return errUntold
		}
		return judge(s.Exchange)
	}
}

// everyRefusal is what every operation has to refuse.
func everyRefusal(op openapi.Operation) []rule {
	if !op.Secured {
		return nil
	}
	return []rule{{op.ID + "/wrong-method", func(s *seen) error {
		switch {
		case s.Request.Method == "":
			return errUntold
		case s.Status >= 500:
			return errTroubled
		case s.OK():
			return refused(s.Exchange)
		case s.Refused():
			return nil
		}
		return errUntold
	}}}
}

// toRefuse judges a request that has to be refused for what is in it. Only 400 and 422 say that it was for that: others
// may be for want of a token, or of what the path names.
func (s *seen) toRefuse() error {
	switch {
	case s.OK():
		return breach("a refusal with a 4xx", fmt.Sprintf("%d to %s", s.Status, s.Purpose), s.Exchange)
	case s.Status >= 500 && s.authorized():
		return errTroubled
	case s.Status == http.StatusBadRequest || s.Status == http.StatusUnprocessableEntity:
		return nil
	}
	return errUntold
}
