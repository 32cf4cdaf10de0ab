package assistloop

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// documentedRedirect is Make's, from "Make OAuth Configuration".
const documentedRedirect = "https://www.integromat.com/oauth/cb/app"

// oauth is what authorization and token requests came to.
type oauth struct {
	get, post    *consent
	consents     []*consent // every authorization request that led to a code
	unregistered []*stray

	json, form *conformance.Exchange // a code exchanged in either way
	way        *way                  // the first that worked, for the rest
	me         *conformance.Exchange // with the first token
	refreshed  *conformance.Exchange
	refreshMe  *conformance.Exchange // with the refreshed token
	hadRefresh bool
	wrong      []*conformance.Exchange // good codes by wrong clients
	used, once *conformance.Exchange   // a code exchanged, and exchanged again
	pkce       *pkce
	granted    *scoped // asked for manage:webhooks and read:conversations
	defaults   *scoped // asked for nothing
	tokens     []*conformance.Exchange
	// others tells whether a request of the kind was served to another account.
	others   func(*conformance.Exchange) bool
	accounts int

	unknownCode    []*conformance.Exchange
	unknownRefresh *conformance.Exchange
	malformed      *conformance.Exchange
}

// consent is what an authorization request led to.
type consent struct {
	xs          []*conformance.Exchange // the last one decided
	state, code string
	echoed      url.Values // the redirect's parameters
	asks        bool       // a person has to log in or to consent
}

func (c *consent) x() *conformance.Exchange { return c.xs[len(c.xs)-1] }

// stray is an authorization request with a redirect URI that nobody registered.
type stray struct {
	uri string
	x   *conformance.Exchange
}

// pkce is codes that were asked for with a challenge, exchanged without a verifier, with a wrong one, and with
// the right one. An exchange is nil where there was no code.
type pkce struct {
	asked                 *consent
	without, wrong, right *conformance.Exchange
}

// scoped is a grant of particular scopes, and what it could do.
type scoped struct {
	token              *conformance.Exchange
	list, find         *conformance.Exchange
	unsubscribe, reply *conformance.Exchange
	// known: find and reply were asked of a conversation that is there.
	known, ours bool
}

// Section "OAuth 2.0 Authorization Flow".
func (r *run) oauthPart() conformance.Plan {
	o := &r.oauth
	o.others = r.servedToOthers
	flow := conformance.Probe{Name: "oauth", Title: "the authorization-code flow", After: []string{"world"}, Run: r.probeOAuth}
	if r.Target.ClientID == "" || r.Target.ClientSecret == "" {
		flow.Unsupported = "there are no client credentials: give --client-id and --client-secret"
	}
	same := conformance.Probe{
		Name: "narrowed", Title: "unsubscribing with a narrower grant", After: []string{"oauth"}, Writes: true,
		Unsupported: flow.Unsupported, Run: r.probeNarrowed,
	}
	endpoint := conformance.Probe{Name: "token", Title: "what the token endpoint refuses", Run: r.probeToken}
	return conformance.Plan{
		Probes: []conformance.Probe{flow, same, endpoint},
		Checks: []conformance.Check{
			on("authorize/redirect", o.redirects, "oauth"),
			on("authorize/post", o.redirectsByPost, "oauth"),
			on("authorize/state", o.state, "oauth"),
			on("authorize/unregistered-redirect", o.staysHome, "oauth"),
			on("token/exchange-json", func() error { return o.exchanged(o.json) }, "oauth"),
			on("token/exchange-form", o.exchangedByForm, "oauth"),
			on("token/usable", func() error { return o.needsToken(func() error { return o.serves(o.me) }) }, "oauth"),
			on("token/refresh", o.refreshes, "oauth"),
			on("token/refresh-token-issued", func() error { return o.carries("refresh_token") }, "oauth"),
			on("token/expires-in", func() error { return o.carries("expires_in") }, "oauth"),
			on("token/code-once", o.codeOnce, "oauth"),
			on("token/pkce", o.challenged, "oauth"),
			on("token/default-scopes", func() error { return o.defaultScopes(r.auth.unknownID["unsubscribe"]) }, "oauth"),
			on("token/granted-scopes", o.grantedScopes, "oauth"),
			on("token/wrong-client", o.wrongClient, "oauth"),
			on("unsubscribe/scope-required", r.narrowedRemoval, "narrowed"),
			on("token/unknown-code", func() error { return each(o.unknownCode, o.unknownGrant) }, "token"),
			on("token/unknown-refresh-token", func() error { return o.unknownGrant(o.unknownRefresh) }, "token"),
			on("token/malformed", func() error { return refused(o.malformed) }, "token"),
		},
	}
}

func (r *run) redirectURI() string {
	if r.Target.RedirectURI != "" {
		return r.Target.RedirectURI
	}
	return documentedRedirect
}

func (r *run) probeOAuth(ctx context.Context) error {
	o := &r.oauth
	scope := url.Values{"scope": {strings.Join(availableScopes[:], " ")}}
	o.get, o.post = r.authorize(ctx, false, scope), r.authorize(ctx, true, scope)
	r.straysAway(ctx)
	first := o.get
	if first.code == "" {
		first = o.post
	}
	if first.code == "" || ctx.Err() != nil {
		return nil
	}
	if r.exchanges(ctx, first.code, scope); o.way == nil {
		return nil
	}
	r.refresh(ctx)
	r.wrongClients(ctx, scope)
	r.challenges(ctx, scope)
	r.grants(ctx)
	// Last, since a server may take back what it granted when a code is used twice (RFC 6749, section 4.1.2).
	if code := r.code(ctx, scope).code; code != "" {
		o.used = r.redeem(ctx, *o.way, code, nil, "exchange a code")
		o.once = r.redeem(ctx, *o.way, code, nil, "exchange the code a second time")
	}
	return nil
}

// authorize sends an authorization request. POST carries a form, and where that leads nowhere, a query.
func (r *run) authorize(ctx context.Context, post bool, more url.Values) *consent {
	c := &consent{state: "Parley " + rand.Text() + "/?a=B&c+d~%7E"}
	r.Own(c.state)
	params := url.Values{
		"response_type": {"code"}, "client_id": {r.Target.ClientID}, "redirect_uri": {r.redirectURI()}, "state": {c.state},
	}
	for name, values := range more {
		params[name] = values
	}
	if !post {
		c.read(r.asked(ctx, "authorize", params, false), r.redirectURI())
	} else if c.read(r.asked(ctx, "authorize-post", params, false), r.redirectURI()); c.code == "" && !c.asks {
		c.read(r.asked(ctx, "authorize-post", params, true), r.redirectURI())
	}
	if r.Hide(c.code); c.code != "" {
		r.oauth.consents = append(r.oauth.consents, c)
	}
	return c
}

func (r *run) asked(ctx context.Context, operation string, params url.Values, inQuery bool) *conformance.Exchange {
	q := conformance.Request{
		Operation: operation, Purpose: "ask for authorization by GET",
		// As a browser asks: a server may answer a program otherwise.
		Header: map[string][]string{"Accept": {"text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"}},
	}
	if operation == "authorize-post" {
		q.Purpose, q.ContentType = "ask for authorization by POST", "application/x-www-form-urlencoded"
		if !inQuery {
			q.Raw = []byte(params.Encode())
			return r.Do(ctx, q)
		}
	}
	q.Query = params
	return r.Do(ctx, q)
}

// read takes in what a request led to.
func (c *consent) read(x *conformance.Exchange, redirectURI string) {
	c.xs = append(c.xs, x)
	to := leads(x)
	switch {
	case to != nil && same(to, redirectURI):
		c.echoed = to.Query()
		c.code = c.echoed.Get("code")
		switch c.echoed.Get("error") {
		case "access_denied", "login_required", "consent_required", "interaction_required":
			c.asks = true
		}
	case to != nil && to.Query().Has("code"): // whoever it is for
	case to != nil, x.Status == 401, x.OK() && strings.Contains(x.Header.Get("Content-Type"), "html"):
		c.asks = true // a login or a consent page
	}
}

// leads is where an answer redirects to; nil for none.
func leads(x *conformance.Exchange) *url.URL {
	if x.Status < 300 || x.Status > 399 || x.Header.Get("Location") == "" {
		return nil
	}
	base, err := url.Parse(x.URL)
	if err != nil {
		return nil
	}
	to, err := base.Parse(x.Header.Get("Location"))
	if err != nil {
		return nil
	}
	return to
}

// same compares without what the authorization server adds.
func same(to *url.URL, redirectURI string) bool {
	want, err := url.Parse(redirectURI)
	return err == nil && strings.EqualFold(to.Scheme, want.Scheme) && strings.EqualFold(to.Host, want.Host) &&
		strings.TrimSuffix(to.Path, "/") == strings.TrimSuffix(want.Path, "/")
}

// straysAway asks for redirects to where nobody registered: to another host, and to one whose name begins as
// the registered one's.
func (r *run) straysAway(ctx context.Context) {
	uris := []string{"https://parley.invalid/oauth/cb/app"}
	if u, err := url.Parse(r.redirectURI()); err == nil && u.Host != "" {
		u.Host = u.Hostname() + ".parley.invalid"
		uris = append(uris, u.String())
	}
	for _, uri := range uris {
		params := url.Values{
			"response_type": {"code"}, "client_id": {r.Target.ClientID}, "redirect_uri": {uri}, "state": {"Parley-elsewhere"},
		}
		for _, operation := range []string{"authorize", "authorize-post"} {
			x := r.asked(ctx, operation, params, false)
			if to := leads(x); to != nil {
				r.Hide(to.Query().Get("code"))
			}
			r.oauth.unregistered = append(r.oauth.unregistered, &stray{uri: uri, x: x})
		}
	}
}

// code asks for one more code, by the method that led to the first.
func (r *run) code(ctx context.Context, more url.Values) *consent {
	return r.authorize(ctx, r.oauth.get.code == "", more)
}

// challenges asks for codes with a challenge (RFC 7636), each to be exchanged in a way of its own.
func (r *run) challenges(ctx context.Context, scope url.Values) {
	verifier := rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	params := url.Values{
		"scope": scope["scope"], "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	p := &pkce{}
	r.oauth.pkce = p
	if p.asked = r.code(ctx, params); p.asked.code == "" {
		return
	}
	p.without = r.redeem(ctx, *r.oauth.way, p.asked.code, nil, "exchange a code that was asked for with a challenge, without a verifier")
	wrong := map[string]string{"code_verifier": rand.Text() + rand.Text()}
	p.wrong = r.insist(ctx, r.code(ctx, params).code, false, *r.oauth.way, params, wrong, "exchange a code with a wrong verifier")
	p.right = r.redeemed(ctx, *r.oauth.way, params, map[string]string{"code_verifier": verifier}, "exchange a code with its verifier")
}
