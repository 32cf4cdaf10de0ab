package oauth

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/reading"
)

// ask is an authorization request whose client and redirect URI are good.
type ask struct {
	client      string
	redirectURI string
	state       string
	scopes      grant.Scopes
	challenge   string
	method      string
}

// Authorize answers GET with a consent page, or at once with a redirect when consent is given already; POST
// approves, whether it comes from that page or not (AL-02). Parameters may stand in the query, a form or JSON.
//
// Without a client and a redirect URI that are known it answers 400 and redirects nowhere
// (RFC 6749, section 4.1.2.1). Any other error goes to the client.
func (s Server) Authorize(w http.ResponseWriter, r *http.Request) {
	if !s.leads(r.Method) {
		writeJSON(w, http.StatusMethodNotAllowed, refusal{"method_not_allowed", "authorization takes another method"})
		return
	}
	p, err := authorizeParameters(w, r)
	if err != nil {
		refuse(w, r.Header.Get("Accept"), err.Error())
		return
	}
	asked, err := s.whoAsks(p)
	if err != nil {
		refuse(w, r.Header.Get("Accept"), err.Error())
		return
	}
	if err := asked.read(p); err != nil {
		asked.fail(w, err)
		return
	}
	switch {
	case r.Method != http.MethodPost && !s.AutoConsent:
		s.showConsent(w, asked)
	case p.get("decision") == "deny":
		asked.fail(w, failure{code: "access_denied", description: "consent was denied"})
	default:
		code := s.Grants.Authorize(grant.Authorization{
			Account: s.Account, Client: asked.client, Scopes: asked.scopes,
			RedirectURI: asked.redirectURI, Challenge: asked.challenge, ChallengeMethod: asked.method,
		})
		asked.redirect(w, url.Values{"code": {code}})
	}
}

// leads tells whether a method is one that leads to the redirect (AL-02). The consent page posts in any case.
func (s Server) leads(method string) bool {
	if method == http.MethodPost {
		return !s.AutoConsent || !s.Readings.Has(reading.AuthorizeGetOnly)
	}
	return !s.Readings.Has(reading.AuthorizePostOnly)
}

func authorizeParameters(w http.ResponseWriter, r *http.Request) (parameters, error) {
	p, err := fromQuery(r)
	if err != nil || r.Method != http.MethodPost {
		return p, err
	}
	body, err := fromBody(w, r)
	if err != nil {
		return nil, err
	}
	p.merge(body)
	return p, nil
}

// whoAsks finds out whether there is anybody to answer.
func (s Server) whoAsks(p parameters) (ask, error) {
	a := ask{client: p.get("client_id"), redirectURI: p.get("redirect_uri")}
	switch {
	case len(p["client_id"]) > 1 || len(p["redirect_uri"]) > 1:
		return ask{}, errors.New("client_id and redirect_uri may be given once")
	case a.client == "":
		return ask{}, errors.New("client_id is missing")
	case a.client != s.Grants.Client().ID:
		return ask{}, errors.New("no client with this client_id is registered")
	case a.redirectURI == "":
		return ask{}, errors.New("redirect_uri is missing")
	case !mayRedirect(a.redirectURI, !s.Readings.Has(reading.MakeRedirectsOnly)):
		return ask{}, errors.New("this redirect_uri is not registered for the client")
	}
	if len(p["state"]) == 1 {
		a.state = p.get("state")
	}
	return a, nil
}

// read takes the rest of the request.
func (a *ask) read(p parameters) error {
	if name, found := p.repeated(); found {
		return invalidRequest(name + " may be given once")
	}
	switch p.get("response_type") {
	case "code":
	case "":
		return invalidRequest("response_type is missing")
	default:
		return failure{code: "unsupported_response_type", description: "response_type has to be code"}
	}
	var err error
	if a.scopes, err = grant.ParseScopes(p.get("scope")); err != nil {
		return invalidScope(err.Error())
	}
	if a.scopes == 0 {
		a.scopes = grant.DefaultScopes
	}
	a.challenge, a.method, err = readChallenge(p)
	return err
}

// isChallenge tells whether text has so many characters, all of them letters, digits or one of others (RFC 7636,
// sections 4.1 and 4.2).
func isChallenge(text string, shortest, longest int, others string) bool {
	return len(text) >= shortest && len(text) <= longest && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune(others, r)
	})
}

func readChallenge(p parameters) (challenge, method string, err error) {
	challenge, method = p.get("code_challenge"), p.get("code_challenge_method")
	if challenge == "" {
		if method != "" {
			return "", "", invalidRequest("code_challenge_method came without a code_challenge")
		}
		return "", "", nil
	}
	switch method {
	case "", "plain":
		if !isChallenge(challenge, 43, 128, "-._~") {
			return "", "", invalidRequest("code_challenge has to be 43 to 128 unreserved characters")
		}
		return challenge, "plain", nil
	case "S256":
		if !isChallenge(challenge, 43, 43, "-_") {
			return "", "", invalidRequest("code_challenge has to be a SHA-256 in base64url, 43 characters")
		}
		return challenge, method, nil
	}
	return "", "", invalidRequest("code_challenge_method has to be S256 or plain")
}

// fail tells the client what is wrong, by way of the browser.
func (a ask) fail(w http.ResponseWriter, err error) {
	var f failure
	if !errors.As(err, &f) {
		f = failure{code: "server_error", description: err.Error()}
	}
	a.redirect(w, url.Values{"error": {f.code}, "error_description": {asciiOnly(f.description)}})
}
