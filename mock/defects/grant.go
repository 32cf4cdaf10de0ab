package defects

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/openapi/check"
)

// The kinds of wrong authorization.
const (
	Redirect Kind = "oauth-redirect"
	Exchange Kind = "oauth-exchange"
	Scoping  Kind = "oauth-scopes"
)

const everyScope = "read:conversations read:messages manage:webhooks write:conversations"

// grants breaks the authorization server.
func grants(*check.Contract) []Defect {
	var all []Defect
	add := func(kind Kind, requirement, done, sentence string, f func(*call) *answer) {
		all = append(all, defect(kind, requirement, done, sentence, func(*memory) behaviour { return behaviour{call: f} }))
	}
	located := func(change func(u *url.URL, q url.Values)) func(*call) *answer {
		return func(c *call) *answer {
			if !c.authorizing() {
				return nil
			}
			a := c.send()
			if u, err := url.Parse(a.header.Get("Location")); err == nil && a.status >= 300 && a.status < 400 {
				q := u.Query()
				change(u, q)
				u.RawQuery = q.Encode()
				a.header.Set("Location", u.String())
			}
			return a
		}
	}
	instead := func(a *answer) func(*call) *answer {
		return func(c *call) *answer {
			if c.authorizing() && c.send().status/100 == 3 {
				return a
			}
			return nil
		}
	}
	add(Redirect, "authorize/redirect", "200", "Authorizing is answered 200, and leads nowhere.", instead(says(http.StatusOK, []byte(`{"status":"authorized"}`))))
	add(Redirect, "authorize/redirect", "500", "Authorizing is answered 500.", instead(refusal(500)))
	add(Redirect, "authorize/redirect", "no-code", "The redirect has no code.", located(func(_ *url.URL, q url.Values) { q.Del("code") }))
	add(Redirect, "authorize/redirect", "elsewhere", "The redirect leads to another address.", located(func(u *url.URL, _ url.Values) { u.Host = "elsewhere.invalid" }))
	add(Redirect, "authorize/post", "405", "Authorizing by POST is refused.", func(c *call) *answer {
		if c.op == "authorize-post" {
			return refusal(http.StatusMethodNotAllowed)
		}
		return nil
	})
	add(Redirect, "authorize/state", "dropped", "The redirect has no state.", located(func(_ *url.URL, q url.Values) { q.Del("state") }))
	add(Redirect, "authorize/state", "changed", "The redirect has another state.", located(func(_ *url.URL, q url.Values) { q.Set("state", strings.ToLower(q.Get("state"))+"x") }))
	add(Redirect, "authorize/state", "cut", "The redirect's state is cut short.", located(func(_ *url.URL, q url.Values) { s := q.Get("state"); q.Set("state", s[:max(0, len(s)-1)]) }))
	for _, v := range [][2]string{{"code", "with a code"}, {"error", "with an error"}} {
		add(Redirect, "authorize/unregistered-redirect", v[0], "A redirect URI that is not registered gets a redirect "+v[1]+".", func(c *call) *answer {
			if !c.authorizing() {
				return nil
			}
			a := c.send()
			to, err := url.Parse(c.parameters().Get("redirect_uri"))
			if a.status/100 == 4 && err == nil && to.Host != "" {
				to.RawQuery = url.Values{v[0]: {"access_denied"}}.Encode()
				a.status = http.StatusFound
				a.header.Set("Location", to.String())
			}
			return a
		})
	}
	all = append(all, exchanges()...)
	return append(all, permissions()...)
}

// authorizing: the call asks for authorization.
func (c *call) authorizing() bool { return c.op == "authorize" || c.op == "authorize-post" }

// parameters of an authorization or token request, from the query, a form or JSON.
func (c *call) parameters() url.Values {
	p := cloneValues(c.query)
	if fields := c.fields(); fields != nil {
		for name, v := range fields {
			if s, ok := v.(string); ok {
				p.Set(name, s)
			}
		}
		return p
	}
	form, _ := url.ParseQuery(string(c.body))
	for name, values := range form {
		p[name] = values
	}
	return p
}

// setParameter changes a parameter where it stands, or takes it out.
func (c *call) setParameter(name, value string) {
	edit := func(v url.Values) {
		v.Del(name)
		if value != "" {
			v.Set(name, value)
		}
	}
	fields := c.fields()
	switch {
	case fields != nil:
		delete(fields, name)
		if value != "" {
			fields[name] = value
		}
		c.body = encode(fields)
	case len(c.body) > 0:
		form, _ := url.ParseQuery(string(c.body))
		edit(form)
		c.body = []byte(form.Encode())
	}
	if len(c.body) == 0 || c.query.Has(name) {
		edit(c.query)
	}
}

// exchanges breaks the token endpoint.
func exchanges() []Defect {
	var all []Defect
	add := func(kind Kind, requirement, done, sentence string, is func(*call) bool, f func(*call) *answer) {
		all = append(all, defect(kind, "token/"+requirement, done, sentence, func(*memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				if c.op != "token" || c.wrong || !is(c) {
					return nil
				}
				return f(c)
			}}
		}))
	}
	json := func(c *call) bool { return c.fields() != nil }
	form := func(c *call) bool {
		return decode(c.body) == nil && strings.Contains(c.header.Get("Content-Type"), "form")
	}
	grantOf := func(name string) func(*call) bool {
		return func(c *call) bool { return c.parameters().Get("grant_type") == name }
	}
	code, refresh := grantOf("authorization_code"), grantOf("refresh_token")
	status := func(n int) func(*call) *answer { return func(*call) *answer { return refusal(n) } }
	field := func(change func(map[string]any)) func(*call) *answer {
		return func(c *call) *answer {
			a := c.send()
			if fields := a.fields(); a.ok() && fields != nil {
				change(fields)
				a.set(fields)
			}
			return a
		}
	}
	refused := func(otherwise *answer) func(*call) *answer {
		return func(c *call) *answer {
			if a := c.send(); a.ok() {
				return a
			}
			return otherwise
		}
	}
	tokens := func() *answer {
		return says(http.StatusOK, []byte(`{"access_token":"made-up-access","token_type":"Bearer","expires_in":3600,"refresh_token":"made-up-refresh"}`))
	}
	add(Exchange, "exchange-json", "415", "Token requests of JSON are refused.", json, status(415))
	add(Exchange, "exchange-json", "404", "There is no token endpoint at the root.", always, status(404))
	add(Exchange, "exchange-json", "500", "Token requests of JSON are answered 500.", json, status(500))
	add(Exchange, "exchange-form", "415", "Token requests as a form are refused.", form, status(415))
	add(Exchange, "usable", "unknown", "The access token that is issued is unknown.", code, field(func(f map[string]any) { f["access_token"] = "dead-" + text(f, "access_token") }))
	add(Exchange, "refresh", "refused", "Refresh tokens do not refresh.", refresh, status(400))
	add(Exchange, "refresh", "dead", "A refreshed token is unknown.", refresh, field(func(f map[string]any) { f["access_token"] = "dead-" + text(f, "access_token") }))
	add(Exchange, "refresh", "other-token", "The refresh token that is issued is unknown.", code, field(func(f map[string]any) { f["refresh_token"] = "dead-" + text(f, "refresh_token") }))
	add(Exchange, "refresh-token-issued", "dropped", "A token response has no refresh token.", always, field(func(f map[string]any) { delete(f, "refresh_token") }))
	add(Exchange, "expires-in", "dropped", "A token response does not tell the token's lifetime.", always, field(func(f map[string]any) { delete(f, "expires_in") }))
	unknown := func(is func(*call) bool, requirement, what string) {
		add(Served, requirement, "served", what+" is exchanged.", is, refused(tokens()))
		add(Broken, requirement, "500", what+" is answered 500.", is, refused(refusal(500)))
		add(Other, requirement, "403", what+" is answered 403.", is, refused(refusal(403)))
		add(Other, requirement, "404", what+" is answered 404.", is, refused(refusal(404)))
	}
	right := func(c *call) bool { return c.parameters().Get("client_secret") == c.memory.keys.ClientSecret }
	unknown(func(c *call) bool { return code(c) && !c.memory.codeKnown(c.parameters().Get("code")) }, "unknown-code", "A code that was never issued")
	unknown(refresh, "unknown-refresh-token", "A refresh token that was never issued")
	wrong := func(c *call) bool { return code(c) && c.memory.codeKnown(c.parameters().Get("code")) && !right(c) }
	add(Served, "wrong-client", "served", "A wrong client secret is accepted.", wrong, func(c *call) *answer {
		c.setParameter("client_secret", c.memory.keys.ClientSecret)
		c.setParameter("client_id", c.memory.keys.ClientID)
		return c.send()
	})
	add(Broken, "wrong-client", "500", "A wrong client secret is answered 500.", wrong, refused(refusal(500)))
	add(Other, "wrong-client", "404", "A wrong client secret is answered 404.", wrong, refused(refusal(404)))
	malformed := func(c *call) bool { return !json(c) && !form(c) }
	add(Broken, "malformed", "500", "A token request that is no JSON is answered 500.", malformed, refused(refusal(500)))
	add(Served, "malformed", "served", "A token request that is no JSON is served.", malformed, refused(tokens()))
	return append(all, onceMore(), challenges("ignored"), challenges("never"))
}

// onceMore exchanges a code as often as it comes.
func onceMore() Defect {
	return defect(Exchange, "token/code-once", "again", "A code is exchanged as often as it comes.", func(m *memory) behaviour {
		given := map[string]*answer{}
		return behaviour{call: func(c *call) *answer {
			if c.op != "token" || c.wrong {
				return nil
			}
			var before *answer
			code := c.parameters().Get("code")
			m.do(func() { before = given[code] })
			if before != nil {
				return before
			}
			a := c.send()
			if a.ok() && code != "" {
				m.do(func() { given[code] = a })
			}
			return a
		}}
	})
}

// challenges takes no notice of PKCE, or never finds a verifier right.
func challenges(how string) Defect {
	sentence := map[string]string{"ignored": "A challenge is not enforced.", "never": "No verifier fits a challenge."}[how]
	return defect(Exchange, "token/pkce", how, sentence, func(*memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			switch {
			case how == "ignored" && c.authorizing():
				c.setParameter("code_challenge", "")
				c.setParameter("code_challenge_method", "")
			case how == "ignored" && c.op == "token":
				c.setParameter("code_verifier", "")
			case how == "never" && c.op == "token" && c.parameters().Get("code_verifier") != "":
				c.setParameter("code_verifier", strings.Repeat("x", 43))
			}
			return nil
		}}
	})
}

// permissions grants other scopes than were asked for.
func permissions() []Defect {
	var all []Defect
	add := func(requirement, done, sentence string, is func(scope string) bool, scope func(asked string) string) {
		all = append(all, defect(Scoping, "token/"+requirement, done, sentence, func(*memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				if asked := c.parameters().Get("scope"); c.authorizing() && is(asked) {
					c.setParameter("scope", scope(asked))
				}
				return nil
			}}
		}))
	}
	none := func(scope string) bool { return scope == "" }
	some := func(scope string) bool { return scope != "" }
	add("default-scopes", "all", "Without a scope the grant may write, too.", none, func(string) string { return everyScope })
	add("default-scopes", "few", "Without a scope the grant may read conversations alone.", none, func(string) string { return "read:conversations" })
	add("default-scopes", "no-webhooks", "Without a scope the grant may not manage webhooks.", none, func(string) string { return "read:conversations read:messages" })
	add("granted-scopes", "all", "The grant holds all scopes, whatever was asked for.", some, func(string) string { return everyScope })
	add("granted-scopes", "default", "The grant holds the default scopes, whatever was asked for.", some, func(string) string { return "" })
	add("granted-scopes", "first", "The grant holds the first of the scopes that were asked for alone.", some, func(asked string) string { first, _, _ := strings.Cut(asked, " "); return first })
	return all
}

// codeKnown: a redirect carried the code.
func (m *memory) codeKnown(code string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen["code "+code]
}
