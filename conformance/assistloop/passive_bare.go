package assistloop

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// bareRequests are those without a token. In a recording whose requests have no Authorization header at all, it was taken
// out: then they show nothing.
type bareRequests struct {
	authorized bool              // a token was seen
	certain    conformance.Tally // by a proxy
	recorded   conformance.Tally
	served     conformance.Recent[bool] // paths that were served with a token
}

func (b *bareRequests) take(j *passive, s *seen) {
	if s.RequestHeader.Get("Authorization") != "" {
		b.authorized = true
		if s.OK() {
			b.served.Put(s.Operation+" "+pathIn(s.URL), true)
		}
		return
	}
	if s.Observed.NoRequestHeader || s.Request.Method != "" || identified(s.RequestHeader, s.Query) || !j.secured(s.Operation) {
		return
	}
	tally := &b.certain
	if s.Observed.Sanitized {
		tally = &b.recorded
	}
	tally.Heard = j.hear
	count := tally.Of(s.Operation + "/unauthenticated")
	switch {
	case s.Status == http.StatusUnauthorized:
		count.Meet()
	case s.OK(), s.Refused() && b.due(j, s):
		count.Judge(refused(s.Exchange, http.StatusUnauthorized))
	}
}

// due tells whether a refusal can have no other cause than the token that is not there: the same was served with one.
func (b *bareRequests) due(j *passive, s *seen) bool {
	if s.Method != http.MethodGet || len(s.Query) > 0 {
		return false
	}
	_, served := b.served.Get(s.Operation + " " + pathIn(s.URL))
	return served
}

func pathIn(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.EscapedPath()
}

// identified tells whether a request names its sender by other means than a token: a session, a key.
func identified(h http.Header, q url.Values) bool {
	for name := range h {
		if name == "Cookie" || suspicious(name) {
			return true
		}
	}
	for name := range q {
		if suspicious(name) {
			return true
		}
	}
	return false
}

func suspicious(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"auth", "token", "key", "session", "signature", "cert"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

func (b *bareRequests) verdict(q requirements.Requirement) error {
	err := b.certain.Verdict(q.ID)
	if isGapError(err) && b.authorized {
		err = b.recorded.Verdict(q.ID)
	}
	switch {
	case !isGapError(err):
		return err
	case !b.authorized:
		return conformance.Lacking("no request of the traffic has an Authorization header: it may have been taken out of all of them")
	}
	return conformance.Lacking("no exchange of the traffic could show it")
}
