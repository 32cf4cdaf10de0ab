package assistloop

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"

	"github.com/parley-contracts/parley/conformance"
)

// way is how a token request is written.
type way struct {
	form  bool // rather than JSON
	basic bool // the client is named in the header rather than in the body
}

// client is who asks for a token.
type client struct{ id, secret string }

func (r *run) client() client { return client{r.Target.ClientID, r.Target.ClientSecret} }

// nobody is a client that was never registered.
var nobody = client{"parley-no-such-client", "parley-no-such-secret"}

// tokenRequest asks the token endpoint.
func (r *run) tokenRequest(ctx context.Context, w way, who client, fields map[string]string, purpose string) *conformance.Exchange {
	q := conformance.Request{Operation: "token", URL: r.TokenURL(), Purpose: purpose}
	if w.basic {
		pair := base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(who.id) + ":" + url.QueryEscape(who.secret)))
		r.Hide(pair)
		q.Authorization = "Basic " + pair
	} else {
		fields["client_id"], fields["client_secret"] = who.id, who.secret
	}
	if w.form {
		form := url.Values{}
		for name, value := range fields {
			form.Set(name, value)
		}
		q.Raw, q.ContentType = []byte(form.Encode()), "application/x-www-form-urlencoded"
	} else {
		q.JSON = fields
	}
	x := r.Do(ctx, q)
	if answer, err := objectOf(x); err == nil {
		r.Hide(answer.text("access_token"))
		r.Hide(answer.text("refresh_token"))
		r.oauth.tokens = append(r.oauth.tokens, x)
	}
	return x
}

// redeem exchanges a code; with adds fields.
func (r *run) redeem(ctx context.Context, w way, code string, with map[string]string, purpose string) *conformance.Exchange {
	fields := map[string]string{"grant_type": "authorization_code", "code": code, "redirect_uri": r.redirectURI()}
	for name, value := range with {
		fields[name] = value
	}
	return r.tokenRequest(ctx, w, r.client(), fields, purpose)
}

// redeemed asks for a code and exchanges it, which is to be served; nil when there was no code. Codes do not live long: one
// that met trouble may be used up, and one is over early where another run moves the clock. Then another is asked for.
func (r *run) redeemed(ctx context.Context, w way, more url.Values, with map[string]string, purpose string) *conformance.Exchange {
	return r.insist(ctx, r.code(ctx, more).code, r.Can("advance-clock"), w, more, with, purpose)
}

// insist exchanges a code, and others where that is refused after trouble, or at all when it has to be served.
func (r *run) insist(ctx context.Context, code string, served bool, w way, more url.Values, with map[string]string, purpose string) *conformance.Exchange {
	if code == "" {
		return nil
	}
	for try := 1; ; try++ {
		x := r.redeem(ctx, w, code, with, purpose)
		if !x.Refused() || !x.Troubled && !served || try == 3 || ctx.Err() != nil {
			return x
		}
		if code = r.code(ctx, more).code; code == "" {
			return x
		}
	}
}

// holderOf is the account of a token that was issued with some scopes; nil for none. Its budget may be the main
// account's, so that it is not fresh.
func (r *run) holderOf(x *conformance.Exchange, scopes ...string) *conformance.Account {
	answer, err := objectOf(x)
	if err != nil || answer.text("access_token") == "" {
		return nil
	}
	r.oauth.accounts++
	return &conformance.Account{Name: fmt.Sprintf("authorized-%d", r.oauth.accounts), Token: answer.text("access_token"), Scopes: scopes}
}

// exchanges redeems codes in both ways, and remembers one that works for all the rest: a server that refuses
// the body's client may take it from the header.
func (r *run) exchanges(ctx context.Context, code string, scope url.Values) {
	o := &r.oauth
	try := func(w way, code, purpose string) *conformance.Exchange {
		x := r.insist(ctx, code, r.Can("advance-clock"), w, scope, nil, purpose)
		if account := r.holderOf(x, availableScopes[:]...); account != nil && o.way == nil {
			o.way = &w
			o.me = r.get(ctx, "get-me", account, nil, nil, "ask who consented, with the token that was issued")
		}
		return x
	}
	o.json = try(way{}, code, "exchange a code by JSON")
	second := o.post.code
	if second == "" || second == code {
		second = r.code(ctx, scope).code
	}
	o.form = try(way{form: true}, second, "exchange a code by a form")
	for _, form := range []bool{true, false} {
		if o.way == nil {
			try(way{form: form, basic: true}, r.code(ctx, scope).code, "exchange a code, the client in the header")
		}
	}
}

// serves holds for a request with a token that was granted. That it meets another answer than one of its token
// is a matter of the grant only if others are served.
func (o *oauth) serves(x *conformance.Exchange) error {
	err := served(x)
	if _, isBreach := err.(*conformance.Breach); isBreach && x.Status != 401 && x.Status != 403 && !o.others(x) {
		return conformance.Blocked("%s was answered %d, and no other token is known to be served", x.Purpose, x.Status)
	}
	return err
}

// refresh uses a refresh token that an exchange issued.
func (r *run) refresh(ctx context.Context) {
	o := &r.oauth
	for _, x := range o.tokens {
		answer, err := objectOf(x)
		if err != nil || answer.text("refresh_token") == "" {
			continue
		}
		o.hadRefresh = true
		fields := map[string]string{"grant_type": "refresh_token", "refresh_token": answer.text("refresh_token")}
		o.refreshed = r.tokenRequest(ctx, *o.way, r.client(), fields, "refresh the access token")
		if account := r.holderOf(o.refreshed, availableScopes[:]...); account != nil {
			o.refreshMe = r.get(ctx, "get-me", account, nil, nil, "ask who is calling, with the refreshed token")
		}
		return
	}
}

// wrongClients redeem good codes that are not theirs.
func (r *run) wrongClients(ctx context.Context, scope url.Values) {
	for _, who := range []client{{r.Target.ClientID, nobody.secret}, nobody} {
		c := r.code(ctx, scope)
		if c.code == "" {
			continue
		}
		fields := map[string]string{"grant_type": "authorization_code", "code": c.code, "redirect_uri": r.redirectURI()}
		purpose := "exchange a good code with a wrong client secret"
		if who == nobody {
			purpose = "exchange a good code as an unknown client"
		}
		r.oauth.wrong = append(r.oauth.wrong, r.tokenRequest(ctx, *r.oauth.way, who, fields, purpose))
	}
}

// grants asks for particular scopes, and uses what was granted at once: a server may end a grant when the next
// one is made.
func (r *run) grants(ctx context.Context) {
	o := &r.oauth
	w := r.grounds(ctx)
	// Two, and the one that is used second: a server may stop at the first.
	o.granted = r.grant(ctx, url.Values{"scope": {"manage:webhooks read:conversations"}}, "manage:webhooks and read:conversations")
	if account := r.holderOf(o.granted.token, "manage:webhooks", "read:conversations"); account != nil {
		r.tryScopes(ctx, o.granted, account, w, "with a grant of manage:webhooks and read:conversations")
	}
	o.defaults = r.grant(ctx, nil, "no scope")
	account := r.holderOf(o.defaults.token, availableScopes[:3]...)
	if account == nil {
		return
	}
	r.tryScopes(ctx, o.defaults, account, w, "with the default scopes")
	o.defaults.unsubscribe = r.unsubscribe(ctx, account, altered(orSome(r.someSubscription())), "unsubscribe an id that does not exist, with the default scopes")
	to := altered(orSome(w.conversation))
	if w.mine != "" {
		to, o.defaults.ours = w.mine, true
	}
	r.Own(deniedReply)
	o.defaults.reply = r.Do(ctx, conformance.Request{
		Operation: "reply-to-conversation", Account: account, Path: path("conversationUuid", to),
		JSON: map[string]string{"content": deniedReply}, Purpose: "reply with the default scopes",
	})
}

const deniedReply = "Parley reply that is to be denied"

func (r *run) grant(ctx context.Context, scope url.Values, purpose string) *scoped {
	return &scoped{token: r.redeemed(ctx, *r.oauth.way, scope, nil, "exchange a code that was asked for with "+purpose)}
}

// tryScopes lists, and finds the messages of a conversation.
func (r *run) tryScopes(ctx context.Context, s *scoped, account *conformance.Account, w *grounds, how string) {
	ask := func(op string, path map[string]string, purpose string) *conformance.Exchange {
		return r.Do(ctx, conformance.Request{Operation: op, Account: account, Path: path, Purpose: purpose + " " + how})
	}
	if w.place != nil {
		s.list = ask("list-conversations", path("agentUuid", w.place.agent), "list conversations")
	}
	s.known = w.conversation != ""
	if to := w.conversation; s.known {
		s.find = ask("find-messages", path("conversationUuid", to), "find messages")
	} else {
		s.find = ask("find-messages", path("conversationUuid", altered(orSome(""))), "find the messages of an unknown conversation")
	}
}

// grounds is what the account that consented can see, and may write to.
type grounds struct {
	place        *place
	conversation string
	mine         string
}

// grounds: what is known already, where the main account is the one that consented; else what the first token
// shows.
func (r *run) grounds(ctx context.Context) *grounds {
	me, err := objectOf(r.oauth.me)
	main, mainErr := objectOf(r.world.me)
	if err == nil && mainErr == nil && me.text("uuid") != main.text("uuid") {
		return r.foreignGrounds(ctx)
	}
	g := &grounds{place: r.world.main, conversation: r.someConversation()}
	if !r.mayWrite() {
		return g
	}
	if r.reply.to != nil {
		g.mine = r.reply.to.uuid
	} else if o, err := r.writable(ctx, nil); err == nil {
		g.mine = o.uuid
	}
	return g
}

// foreignGrounds looks with a token of its own, since the account's earlier ones may have ended.
func (r *run) foreignGrounds(ctx context.Context) *grounds {
	g := &grounds{}
	account := r.holderOf(r.grant(ctx, url.Values{"scope": {"read:conversations read:messages"}}, "scopes to read").token, availableScopes[:2]...)
	if account == nil {
		return g
	}
	if g.place = r.visible(ctx, account); g.place == nil {
		return g
	}
	for _, c := range r.list(ctx, account, g.place.agent, nil, "list what the account that consented can see").items {
		g.conversation = c.text("uuid")
	}
	if r.mayWrite() {
		g.mine = r.started(ctx, g.place)
	}
	return g
}

// probeToken asks for tokens that nobody may have. It needs no client, and uses the one that is given.
func (r *run) probeToken(ctx context.Context) error {
	o := &r.oauth
	clients := []client{nobody}
	if r.Target.ClientID != "" {
		clients = []client{r.client(), nobody}
	}
	w := way{}
	if o.way != nil {
		w = *o.way
	}
	for _, who := range clients {
		o.unknownCode = append(o.unknownCode, r.tokenRequest(ctx, w, who, map[string]string{
			"grant_type": "authorization_code", "code": "parley-never-issued", "redirect_uri": r.redirectURI(),
		}, "exchange a code that was never issued"))
	}
	o.unknownRefresh = r.tokenRequest(ctx, w, clients[0], map[string]string{
		"grant_type": "refresh_token", "refresh_token": "parley-never-issued",
	}, "refresh with a token that was never issued")
	o.malformed = r.Do(ctx, conformance.Request{
		Operation: "token", URL: r.TokenURL(), Raw: []byte(`{"grant_type": "authorization_code", "code": `), Purpose: "ask for a token with malformed JSON",
	})
	return nil
}
