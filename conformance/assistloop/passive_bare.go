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
	served     conformance.Recent[bool]                  // paths that were served with a token
	refused    conformance.Recent[*conformance.Exchange] // paths that were refused without one, for another reason it seems
}

func (b *bareRequests) take(j *passive, s *seen) {
	if s.authorized() {
		b.authorized = true
		if s.OK() && looksOnly(s) {
			b.serve(j, s)
		}
		return
	}
	if s.Observed.NoRequestHeader || s.Request.Method != "" || identified(s.RequestHeader, s.Query) || !j.secured(s.Operation) {
		return
	}
	count := b.count(j, s.Exchange)
	_, served := b.served.Get(s.Operation + " " + pathIn(s.URL))
	switch {
	case s.Status == http.StatusUnauthorized:
		count.Meet()
	case s.OK(), s.Refused() && served && looksOnly(s):
		count.Judge(refused(s.Exchange, http.StatusUnauthorized))
	case s.Refused() && looksOnly(s):
		b.refused.Put(s.Operation+" "+pathIn(s.URL), s.Outline())
	case s.Status >= 500:
		if err := j.troubles.again(s.Operation+"/unauthenticated", s.Exchange); err != nil {
			count.Judge(err)
		}
	}
}

func (b *bareRequests) count(j *passive, x *conformance.Exchange) *conformance.Count {
	tally := &b.certain
	if x.Observed.Sanitized {
		tally = &b.recorded
	}
	tally.Watch(j.hear)
	return tally.Of(x.Operation + "/unauthenticated")
}

// serve: what was refused without a token for another reason, it seems, had no other: with one it is served.
func (b *bareRequests) serve(j *passive, s *seen) {
	key := s.Operation + " " + pathIn(s.URL)
	b.served.Put(key, true)
	if x, known := b.refused.Get(key); known && x != nil && s.Sent.Sub(x.Sent).Abs() < soon {
		b.refused.Put(key, nil)
		b.count(j, x).Judge(refused(x, http.StatusUnauthorized))
	}
}

// looksOnly: it changes nothing, and says nothing that might be wrong.
func looksOnly(s *seen) bool { return s.Method == http.MethodGet && len(s.Query) == 0 }

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
