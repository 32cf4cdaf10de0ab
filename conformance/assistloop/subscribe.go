package assistloop

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// subscribing is what came of subscribe requests, good and bad, and of unsubscribing.
type subscribing struct {
	good    map[string]*conformance.Exchange // new, handoff, external-id
	bad     map[string]*conformance.Exchange
	removed *conformance.Exchange // unsubscribing the first
	another *conformance.Exchange // and a second one, where trouble left open what became of the first
	twice   *conformance.Exchange
	spare   *subscription // the main account's, there until the run ends; nil for none
}

// Section "Subscribe to Webhooks", "Unsubscribe from Webhooks".
func (r *run) subscribePart() conformance.Plan {
	s := &r.subscribe
	bad := func(id, name string) conformance.Check {
		return on("subscribe/"+id, func() error { return refused(s.bad[name]) }, "subscribe")
	}
	unknown := func(id, name string) conformance.Check {
		return on("subscribe/"+id, func() error { return refused(s.bad[name], 400, 403, 404, 422) }, "subscribe")
	}
	checks := []conformance.Check{
		on("subscribe/https-only", func() error { return allRefused(s.bad["http"], s.bad["ftp"]) }, "subscribe"),
		bad("target-url-malformed", "no-url"),
		bad("event-unknown", "event"),
		bad("platform-other", "platform"),
		bad("external-id-too-long", "256"),
		bad("external-id-not-a-string", "external-id"),
		bad("malformed-json", "malformed"),
		bad("no-object", "array"),
		unknown("unknown-organization", "unknown-organization"),
		unknown("unknown-agent", "unknown-agent"),
		on("subscribe/agent-elsewhere", s.agentElsewhere, "subscribe"),
		on("subscribe/external-id", func() error { return s.likewise("255") }, "subscribe"),
		on("subscribe/both-events", s.bothEvents, "subscribe"),
		on("subscribe/other-content-type", func() error { return noServerError(s.bad["text"]) }, "subscribe"),
		on("unsubscribe/twice", func() error { return s.secondTime() }, "subscribe"),
		on("transport/secret-shown-once", r.secretOnce, "subscribe"),
	}
	for _, field := range requiredFields {
		for _, how := range []string{"missing", "null", "not-a-string"} {
			checks = append(checks, bad(field+"-"+how, field+" "+how))
		}
	}
	return conformance.Plan{
		Probes: []conformance.Probe{{Name: "subscribe", Title: "subscriptions", After: []string{"world"}, Writes: true, Run: r.probeSubscribe}},
		Checks: checks,
	}
}

var requiredFields = []string{"organization_uuid", "agent_uuid", "target_url", "event", "platform"}

// sampleTarget is where subscriptions lead that nothing is to be delivered for. It need not exist.
const sampleTarget = "https://parley.invalid/hook"

// order is a good subscribe request for the main agent.
func (p *place) order(target, event string) map[string]any {
	return map[string]any{
		"organization_uuid": p.organization, "agent_uuid": p.agent, "target_url": target, "event": event, "platform": "make",
	}
}

func (r *run) probeSubscribe(ctx context.Context) error {
	here, err := r.here()
	if err != nil {
		return err
	}
	s := &r.subscribe
	s.good, s.bad = map[string]*conformance.Exchange{}, map[string]*conformance.Exchange{}
	target := r.hookURL()
	first, x := r.subscribeTo(ctx, r.Main, here, r.hookURL, "new_conversation", "subscribe")
	s.good["new"] = x
	handoff, x := r.subscribeTo(ctx, r.Main, here, r.hookURL, "human_handoff_required", "subscribe to handoffs")
	s.good["handoff"], s.spare = x, handoff
	long := here.order(target+"-long", "new_conversation")
	long["external_id"] = strings.Repeat("ż", 200) + strings.Repeat("語", 55)
	_, s.good["255"] = r.order(ctx, r.Main, here, long, "subscribe with an external_id of 255 characters")
	r.badOrders(ctx, here, target)
	if first == nil {
		return nil
	}
	s.removed = r.unsubscribe(ctx, r.Main, first.ID, "unsubscribe")
	if isRemoved(s.removed) {
		first.step.Done()
		s.twice = r.unsubscribe(ctx, r.Main, first.ID, "unsubscribe a second time")
	}
	if lostRemoval(s.removed) && handoff != nil {
		if s.another = r.unsubscribe(ctx, r.Main, handoff.ID, "unsubscribe another, after trouble"); isRemoved(s.another) {
			handoff.step.Done()
			s.spare = nil
		}
	}
	return nil
}

func (r *run) badOrders(ctx context.Context, here *place, target string) {
	s := &r.subscribe
	send := func(name, purpose string, change func(map[string]any)) {
		body := here.order(target+"-bad", "new_conversation")
		change(body)
		_, s.bad[name] = r.order(ctx, r.Main, here, body, purpose)
	}
	for _, field := range requiredFields {
		send(field+" missing", "subscribe without "+field, func(b map[string]any) { delete(b, field) })
		send(field+" null", "subscribe with "+field+" null", func(b map[string]any) { b[field] = nil })
		send(field+" not-a-string", "subscribe with "+field+" that is an object", func(b map[string]any) { b[field] = map[string]any{} })
	}
	set := func(field string, value any) func(map[string]any) { return func(b map[string]any) { b[field] = value } }
	send("http", "subscribe with a plain http target_url", set("target_url", "http://parley.invalid/hook?then=https://parley.invalid/hook"))
	send("ftp", "subscribe with a target_url of ftp", set("target_url", "ftp://parley.invalid/hook"))
	send("no-url", "subscribe with a target_url that is no URL", set("target_url", "not a url"))
	send("event", "subscribe to an unknown event", set("event", "conversation_deleted"))
	send("platform", "subscribe with another platform", set("platform", "zapier"))
	send("256", "subscribe with an external_id of 256 characters", set("external_id", strings.Repeat("x", 256)))
	send("external-id", "subscribe with an external_id that is an object", set("external_id", map[string]any{}))
	send("unknown-organization", "subscribe with an unknown organization", set("organization_uuid", altered(here.organization)))
	send("unknown-agent", "subscribe with an unknown agent", set("agent_uuid", altered(here.agent)))
	if elsewhere := r.elsewhere(here); elsewhere != "" {
		send("elsewhere", "subscribe with an agent of another organization", set("organization_uuid", elsewhere))
	}
	raw := func(name, body, contentType, purpose string) {
		_, s.bad[name] = r.request(ctx, here, conformance.Request{
			Operation: "subscribe", Account: r.Main, Raw: []byte(body), ContentType: contentType, Purpose: purpose,
		})
	}
	raw("malformed", `{"event": "new_conv`, "", "subscribe with malformed JSON")
	raw("array", `["new_conversation"]`, "", "subscribe with an array")
	encoded, _ := json.Marshal(here.order(target+"-text", "new_conversation"))
	raw("text", string(encoded), "text/plain", "subscribe with another content type")
}

// elsewhere is another organization of the account than the place's.
func (r *run) elsewhere(p *place) string {
	for _, o := range r.world.organizations.items {
		if uuid := o.text("organization_uuid"); uuid != "" && uuid != p.organization && !r.world.lists(uuid, p.agent) {
			return uuid
		}
	}
	return ""
}

// subscription is one that was made, with the step that takes it away again.
type subscription struct {
	*conformance.Subscription
	step *conformance.Cleanup
}

// subscribeTo subscribes as the document has it. What met trouble may have been made all the same, so that it is
// not sent again as it was, but with another target.
func (r *run) subscribeTo(ctx context.Context, account *conformance.Account, p *place, target func() string, event, purpose string) (*subscription, *conformance.Exchange) {
	for try := 1; ; try++ {
		body := p.order(target(), event)
		sub, x := r.request(ctx, p, conformance.Request{Operation: "subscribe", Account: account, JSON: body, Purpose: purpose, Expect2xx: true})
		if sub != nil {
			sub.Event, sub.URL = event, body["target_url"].(string)
		}
		if try == 3 || ctx.Err() != nil || (x.Lost == nil && x.Status < 500) {
			return sub, x
		}
		r.Log.Note("a subscription met trouble while it was made, and may have been left behind")
	}
}

// isRemoved tells whether unsubscribing came through: a 404 to a second try says that the first, whose answer
// was lost, had done it.
func isRemoved(x *conformance.Exchange) bool { return x.OK() || x.Troubled && x.Status == 404 }

// order subscribes; whatever was made is taken away at the end, also what should have been refused.
func (r *run) order(ctx context.Context, account *conformance.Account, p *place, body map[string]any, purpose string) (*subscription, *conformance.Exchange) {
	sub, x := r.request(ctx, p, conformance.Request{Operation: "subscribe", Account: account, JSON: body, Purpose: purpose})
	if sub != nil {
		sub.Event, _ = body["event"].(string)
		sub.URL, _ = body["target_url"].(string)
	}
	return sub, x
}

func (r *run) request(ctx context.Context, p *place, q conformance.Request) (*subscription, *conformance.Exchange) {
	x := r.Do(ctx, q)
	answer, err := objectOf(x)
	if err != nil {
		return nil, x
	}
	data := answer.object("data")
	r.Hide(data.text("secret"))
	if data.text("id") == "" {
		return nil, x
	}
	sub := &subscription{Subscription: &conformance.Subscription{
		ID: data.text("id"), Secret: data.text("secret"), Organization: p.organization, Agent: p.agent, Account: q.Account,
	}}
	sub.step = r.Later("subscription "+sub.ID, func(ctx context.Context) error {
		return gone(r.unsubscribe(ctx, q.Account, sub.ID, "clean up"))
	})
	return sub, x
}

func (r *run) unsubscribe(ctx context.Context, account *conformance.Account, id, purpose string) *conformance.Exchange {
	return r.Do(ctx, conformance.Request{Operation: "unsubscribe", Account: account, Path: path("uuid", id), Purpose: purpose})
}

// gone: a subscription that is not there any more is as good as removed.
func gone(x *conformance.Exchange) error {
	if x.OK() || x.Status == 404 {
		return nil
	}
	return conformance.Blocked("unsubscribing was answered %d", x.Status)
}

// hookURL is a URL of the receiver, where it opens, and else one that leads nowhere.
func (r *run) hookURL() string {
	hook, err := r.Hook()
	if err != nil {
		return sampleTarget
	}
	return hook.URL
}

// unsubscribes: trouble that comes each time is no chance any more.
func (r *run) unsubscribes() error {
	s := &r.subscribe
	switch {
	case s.removed == nil:
		return conformance.Blocked("there is no subscription to remove")
	case s.another == nil:
		return served(s.removed)
	case !lostRemoval(s.another):
		return served(s.another)
	}
	for _, x := range r.exchangesOf("unsubscribe") {
		if x.Status >= 500 {
			return breach("a 2xx", fmt.Sprintf("%d to %s, and the same each time", x.Status, x.Purpose), x)
		}
	}
	return served(s.another)
}

func (s *subscribing) agentElsewhere() error {
	if s.bad["elsewhere"] == nil {
		return conformance.Lacking("the account has no second organization")
	}
	return refused(s.bad["elsewhere"], 400, 403, 404, 422)
}

func (s *subscribing) bothEvents() error { return s.likewise("handoff") }

// likewise: a further subscription is served as the first was.
func (s *subscribing) likewise(name string) error {
	if err := answered(s.good["new"]); err != nil {
		return err
	}
	return served(s.good[name])
}

func (s *subscribing) secondTime() error {
	if s.removed == nil || !isRemoved(s.removed) {
		return conformance.Blocked("the first unsubscribing was not served")
	}
	return refused(s.twice, 404)
}
