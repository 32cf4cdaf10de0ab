package assistloop

import (
	"fmt"
	"strconv"

	"github.com/parley-contracts/parley/conformance"
)

// redirects: GET or POST leads to the redirect, with a code (AL-02).
func (o *oauth) redirects() error {
	for _, c := range []*consent{o.get, o.post} {
		if c.code != "" {
			return nil
		}
	}
	if err := o.asks(); err != nil {
		return err
	}
	for _, c := range []*consent{o.get, o.post} {
		if c.x().Lost != nil {
			return conformance.Blocked("%s: %v", c.x().Purpose, c.x().Lost)
		}
	}
	return breach("a redirect to the redirect URI with a code, by GET or POST",
		fmt.Sprintf("%s by GET, %s by POST", o.get.outcome(), o.post.outcome()), append(o.get.xs, o.post.xs...)...)
}

func (o *oauth) redirectsByPost() error {
	switch {
	case o.post.code != "":
		return nil
	case o.post.asks || o.get.code == "" && o.get.asks:
		return conformance.Lacking("the target does not consent by itself")
	case o.get.code == "":
		return conformance.Blocked("no authorization request led to a code, by GET neither")
	case o.post.x().Lost != nil:
		return conformance.Blocked("%s: %v", o.post.x().Purpose, o.post.x().Lost)
	}
	return breach("a redirect to the redirect URI with a code", o.post.outcome(), o.post.xs...)
}

// asks tells that a person has to consent, so that the flow cannot be gone through.
func (o *oauth) asks() error {
	if o.get.asks || o.post.asks {
		return conformance.Lacking("the target does not consent by itself: it asks for a login or shows a consent page")
	}
	return nil
}

// outcome says what came of an authorization request that led to no code.
func (c *consent) outcome() string {
	x := c.x()
	if problem := c.echoed.Get("error"); problem != "" {
		return fmt.Sprintf("%d with the error %s", x.Status, strconv.Quote(problem))
	}
	if c.echoed != nil {
		return fmt.Sprintf("%d without a code", x.Status)
	}
	return strconv.Itoa(x.Status)
}

// needsCode says why there is no code to go on with.
func (o *oauth) needsCode() error {
	if len(o.consents) > 0 {
		return nil
	}
	if err := o.asks(); err != nil {
		return err
	}
	return conformance.Blocked("no authorization request led to a code")
}

// needsToken says why there is no token to go on with, or goes on.
func (o *oauth) needsToken(judge func() error) error {
	if err := o.needsCode(); err != nil {
		return err
	}
	if o.way == nil {
		return conformance.Blocked("no code could be exchanged for a token")
	}
	return judge()
}

func (o *oauth) state() error {
	if err := o.needsCode(); err != nil {
		return err
	}
	for _, c := range o.consents {
		switch got := c.echoed["state"]; {
		case len(got) == 0:
			return breach("the state that was sent", "none", c.x())
		case len(got) > 1 || got[0] != c.state:
			return breach("the state that was sent, unchanged", "another one", c.x())
		}
	}
	return nil
}

// staysHome: no redirect leads to where nobody registered (AL-06).
func (o *oauth) staysHome() error {
	var gap error
	for _, s := range o.unregistered {
		to := leads(s.x)
		switch {
		case s.x.Lost != nil:
			gap = conformance.Blocked("%s: %v", s.x.Purpose, s.x.Lost)
		case to != nil && same(to, s.uri):
			return breach("no redirect to "+s.uri+", which is not registered", strconv.Itoa(s.x.Status)+" to it", s.x)
		case !s.x.Refused() && len(o.consents) == 0 && gap == nil:
			gap = o.asks() // what it does after the login cannot be seen
		}
	}
	return gap
}

// exchanged: a code got an access token.
func (o *oauth) exchanged(x *conformance.Exchange) error {
	if err := o.needsCode(); err != nil {
		return err
	}
	if x == nil {
		return conformance.Blocked("there was no further code to exchange")
	}
	if x.Troubled && x.Refused() {
		return conformance.Blocked("%s was answered %d, after trouble that may have used it up", x.Purpose, x.Status)
	}
	if err := served(x); err != nil {
		return err
	}
	if answer, err := objectOf(x); err != nil || answer.text("access_token") == "" {
		return conformance.Blocked("the answer to %s has no access token", x.Purpose) // its field's requirement says so
	}
	return nil
}

// exchangedByForm: where no token request is served alike, that is said once.
func (o *oauth) exchangedByForm() error {
	if o.way == nil && o.json != nil && o.form != nil && o.json.Status == o.form.Status {
		return conformance.Blocked("the exchange by JSON was answered %d, too", o.json.Status)
	}
	return o.exchanged(o.form)
}

func (o *oauth) refreshes() error {
	return o.needsToken(func() error {
		if !o.hadRefresh {
			return conformance.Lacking("no refresh token was issued")
		}
		if err := o.exchanged(o.refreshed); err != nil {
			return err
		}
		return o.serves(o.refreshMe)
	})
}

// carries: what came for a code has a field.
func (o *oauth) carries(field string) error {
	return o.needsToken(func() error {
		for _, x := range []*conformance.Exchange{o.json, o.form} {
			answer, err := objectOf(x)
			if err != nil || answer.text("access_token") == "" {
				continue
			}
			if _, has := answer[field]; !has {
				return breach("`"+field+"`", "none", x)
			}
			return nil
		}
		return conformance.Blocked("no code could be exchanged by JSON or by a form")
	})
}

func (o *oauth) codeOnce() error {
	return o.needsToken(func() error {
		if err := answered(o.used); err != nil {
			return err
		}
		return refused(o.once)
	})
}

// challenged: a challenge is enforced (AL-08).
func (o *oauth) challenged() error {
	return o.needsToken(func() error {
		p := o.pkce
		if p.asked.code == "" {
			return breach("a code for a request with a challenge", p.asked.outcome(), p.asked.x())
		}
		if err := firstBreach(refused(p.without), refused(p.wrong)); err != nil {
			return err
		}
		return o.exchanged(p.right)
	})
}

func (o *oauth) wrongClient() error {
	return o.needsToken(func() error {
		if len(o.wrong) == 0 {
			return conformance.Blocked("there was no further code to exchange")
		}
		return each(o.wrong, refusedGrant)
	})
}

// refusedGrant: AL-10.
func refusedGrant(x *conformance.Exchange) error { return refused(x, 400, 401) }

// unknownGrant: the same, unless the endpoint answers a good code no better.
func (o *oauth) unknownGrant(x *conformance.Exchange) error {
	if o.way == nil && o.json != nil && x != nil && o.json.Status == x.Status && x.Refused() && x.Status != 400 && x.Status != 401 {
		return conformance.Blocked("a good code was answered %d, too", x.Status)
	}
	return refusedGrant(x)
}

// grantedScopes: manage:webhooks and read:conversations list, and do not find.
func (o *oauth) grantedScopes() error {
	return o.needsToken(func() error {
		g := o.granted
		if err := o.issued(g); err != nil {
			return err
		}
		return firstBreach(o.serves(g.list), withheld(g.find, g.known))
	})
}

// defaultScopes: reading and webhooks are served, writing is not (AL-15). elsewhere is what the main account
// came to with a subscription that does not exist.
func (o *oauth) defaultScopes(elsewhere *conformance.Exchange) error {
	return o.needsToken(func() error {
		d := o.defaults
		if err := o.issued(d); err != nil {
			return err
		}
		find := o.serves(d.find)
		if !d.known {
			find = notWithheld(d.find, nil)
		}
		return firstBreach(o.serves(d.list), find, notWithheld(d.unsubscribe, elsewhere), withheld(d.reply, d.ours))
	})
}

// issued says why there is no grant to judge.
func (o *oauth) issued(s *scoped) error {
	if err := answered(o.me); err != nil {
		return err // tokens are not served at all
	}
	if s.token == nil {
		return conformance.Blocked("there was no code to exchange")
	}
	if answer, err := objectOf(s.token); err != nil || answer.text("access_token") == "" {
		return conformance.Blocked("%s was answered %d", s.token.Purpose, s.token.Status)
	}
	return nil
}

// withheld: without the scope it is 403. Of a conversation that is not there a target may say so first.
func withheld(x *conformance.Exchange, known bool) error {
	err := refused(x, 403)
	if _, isBreach := err.(*conformance.Breach); isBreach && !known && x.Refused() {
		return conformance.Lacking("there is no conversation to ask for, and an unknown one was answered %d", x.Status)
	}
	return err
}

// notWithheld: what does not exist is refused for that, not for want of the scope.
func notWithheld(x, elsewhere *conformance.Exchange) error {
	if err := sent(x); err != nil {
		return err
	}
	if x.Status != 401 && x.Status != 403 {
		return nil
	}
	if elsewhere != nil && elsewhere.Status == x.Status {
		return conformance.Lacking("the target answers %d to an id that does not exist, whatever the scope", x.Status)
	}
	return breach("no denial: the grant holds the scope", fmt.Sprintf("%d to %s", x.Status, x.Purpose), x)
}

// firstBreach returns the first breach among several verdicts, else the first other one that is no pass.
func firstBreach(verdicts ...error) error {
	var other error
	for _, err := range verdicts {
		if _, isBreach := err.(*conformance.Breach); isBreach {
			return err
		}
		if other == nil {
			other = err
		}
	}
	return other
}
