package assistloop

import (
	"context"
	"fmt"
	"net/http"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi"
)

// auth is what requests came to that are to be refused alike by every operation: without a token, with an
// unknown one, by another method, with ids that nobody has.
type auth struct {
	none, unknown        map[string]*conformance.Exchange   // by operation
	halves               map[string][]*conformance.Exchange // with a header that holds no token
	method               map[string]*conformance.Exchange
	unknownID, foreignID map[string]*conformance.Exchange
	conversation         *own   // for the operations that write, were they let
	subscription         string // likewise
}

// securedOperations are those that want a token, in the order of the document.
var securedOperations = []string{
	"get-me", "subscribe", "unsubscribe", "list-organizations", "list-agents", "list-conversations",
	"recent-sample", "close-conversation", "find-messages", "reply-to-conversation",
}

// Section "Errors": what holds for every operation alike.
func (r *run) authPart() conformance.Plan {
	a := &r.auth
	plan := conformance.Plan{Probes: []conformance.Probe{
		{Name: "auth", Title: "requests without a good token", After: []string{"world"}, Run: r.probeAuth},
		{Name: "auth-writes", Title: "writes without a good token", After: []string{"world", "auth", "reply", "subscribe"}, Writes: true, Run: r.probeAuthWrites},
		{Name: "unknown", Title: "wrong methods and unknown ids", After: []string{"world", "subscribe"}, Run: r.probeUnknown},
	}}
	for _, op := range securedOperations {
		probe := "auth"
		if writes(op) {
			probe = "auth-writes"
		}
		plan.Checks = append(plan.Checks,
			on(op+"/unauthenticated", func() error { return a.withoutToken(op) }, probe),
			on(op+"/unknown-token", func() error { return refused(a.unknown[op], 401) }, probe),
			on(op+"/wrong-method", func() error { return refused(a.method[op]) }, "unknown"),
		)
		if pathName(r.Operation(op)) != "" {
			plan.Checks = append(plan.Checks,
				on(op+"/unknown-id", func() error { return refused(a.unknownID[op], 404) }, "unknown"),
				on(op+"/foreign-id", func() error { return refused(a.foreignID[op], 400, 404, 422) }, "unknown"),
			)
		}
	}
	return plan
}

// pathName is the path parameter of an operation, "" for none: AssistLoop's have one at most.
func pathName(op openapi.Operation) string {
	for _, p := range op.Params {
		if p.In == "path" {
			return p.Name
		}
	}
	return ""
}

func writes(operation string) bool {
	switch operation {
	case "subscribe", "unsubscribe", "close-conversation", "reply-to-conversation":
		return true
	}
	return false
}

// strangerToken has the look of a token, and nobody issued it.
const strangerToken = "Bearer parley-0000-never-issued-0000"

func (r *run) probeAuth(ctx context.Context) error {
	r.auth.none, r.auth.unknown = map[string]*conformance.Exchange{}, map[string]*conformance.Exchange{}
	for _, op := range securedOperations {
		if !writes(op) {
			r.withoutToken(ctx, op)
		}
	}
	r.halfToken(ctx)
	return nil
}

// halfToken sends headers that hold no token, of which a server may think that they do. One operation will do: who is calling is
// found out for all of them alike.
func (r *run) halfToken(ctx context.Context) {
	r.auth.halves = map[string][]*conformance.Exchange{}
	for _, header := range []string{"Bearer", "Basic cGFybGV5OnBhcmxleQ=="} {
		r.auth.halves["get-me"] = append(r.auth.halves["get-me"], r.Do(ctx, conformance.Request{
			Operation: "get-me", Authorization: header, Purpose: "get-me with `Authorization: " + header + "`, which holds no token",
		}))
	}
}

// withoutToken: a header that holds no token is as good as none, unless one that was never issued serves as well, which is a requirement of its own.
func (a *auth) withoutToken(op string) error {
	if err := refused(a.none[op], 401); err != nil || refused(a.unknown[op], 401) != nil {
		return err
	}
	if len(a.halves[op]) == 0 {
		return nil
	}
	return each(a.halves[op], noEntry)
}

// noEntry: what is malformed beside having no token may be refused for either.
func noEntry(x *conformance.Exchange) error {
	if err := sent(x); err != nil || x.Refused() {
		return err
	}
	return breach("a refusal with 401", fmt.Sprintf("%d to %s", x.Status, x.Purpose), x)
}

// probeAuthWrites tries what would write, were it let: to things of the suite's own only.
func (r *run) probeAuthWrites(ctx context.Context) error {
	a := &r.auth
	a.conversation, _ = r.writable(ctx, r.reply.to)
	if answer, err := objectOf(r.subscribe.good["handoff"]); err == nil {
		a.subscription = answer.object("data").text("id")
	}
	for _, op := range securedOperations {
		if writes(op) {
			r.withoutToken(ctx, op)
		}
	}
	return nil
}

func (r *run) withoutToken(ctx context.Context, op string) {
	q, ok := r.good(op)
	if !ok {
		return
	}
	q.Purpose = op + " without a token"
	r.auth.none[op] = r.Do(ctx, q)
	q.Authorization, q.Purpose = strangerToken, op+" with a token that was never issued"
	r.auth.unknown[op] = r.Do(ctx, q)
}

// good is a request that would be served, had it a token; false when its subject is not known.
func (r *run) good(op string) (conformance.Request, bool) {
	q := conformance.Request{Operation: op}
	here, err := r.here()
	if err != nil && op != "get-me" && op != "list-organizations" {
		return q, false
	}
	switch op {
	case "list-agents":
		q.Path = path("organization_uuid", here.organization)
	case "list-conversations", "recent-sample":
		q.Path = path("agentUuid", here.agent)
	case "subscribe":
		q.JSON = here.order(r.hookURL(), "new_conversation")
	case "unsubscribe":
		q.Path = path("uuid", r.auth.subscription)
		return q, r.auth.subscription != ""
	case "find-messages":
		q.Path = path("conversationUuid", r.someConversation())
		return q, r.someConversation() != ""
	case "reply-to-conversation", "close-conversation":
		if r.auth.conversation == nil {
			return q, false
		}
		q.Path = path("conversationUuid", r.auth.conversation.uuid)
		q.JSON = map[string]string{"content": "Parley reply without a token"}
		if op == "close-conversation" {
			q.JSON = map[string]string{"platform": "make"}
		}
	}
	return q, true
}

// someConversation is one that the main account can see.
func (r *run) someConversation() string {
	for _, p := range r.world.places {
		for _, c := range p.conversations() {
			if uuid := c.text("uuid"); uuid != "" {
				return uuid
			}
		}
	}
	return ""
}

// probeUnknown sends other methods, and ids that nobody has. Writing to those writes nothing, so that it needs
// nothing of the suite's own.
func (r *run) probeUnknown(ctx context.Context) error {
	a := &r.auth
	a.method, a.unknownID, a.foreignID = map[string]*conformance.Exchange{}, map[string]*conformance.Exchange{}, map[string]*conformance.Exchange{}
	for _, op := range securedOperations {
		q := conformance.Request{Operation: op, Account: r.Main, Purpose: op + " by another method"}
		real := r.realID(op)
		name := pathName(r.Operation(op))
		if name != "" {
			q.Path = path(name, altered(orSome(real)))
		}
		q.Method = http.MethodPut
		a.method[op] = r.Do(ctx, q)
		if name == "" || real == "" {
			continue
		}
		q.Method = ""
		switch op {
		case "reply-to-conversation":
			q.JSON = map[string]string{"content": "Parley reply to nobody"}
		case "close-conversation":
			q.JSON = map[string]string{"platform": "make"}
		}
		q.Path, q.Purpose = path(name, altered(real)), op+" with an id that does not exist"
		a.unknownID[op] = r.Do(ctx, q)
		q.Path, q.Purpose = path(name, foreign(real)), op+" with an id of a foreign form"
		a.foreignID[op] = r.Do(ctx, q)
	}
	return nil
}

func orSome(id string) string {
	if id == "" {
		return "3f2b8c1e-9d47-4a56-b0c8-5e1f7a2d6b93"
	}
	return id
}

// realID is an id of the kind that the operation's path takes.
func (r *run) realID(op string) string {
	here, err := r.here()
	if err != nil {
		return ""
	}
	switch op {
	case "list-agents":
		return here.organization
	case "list-conversations", "recent-sample":
		return here.agent
	case "unsubscribe":
		return r.someSubscription()
	}
	return r.someConversation()
}

// someSubscription is the id of one that this run made.
func (r *run) someSubscription() string {
	for _, x := range r.Log.Exchanges() {
		if x.Operation != "subscribe" {
			continue
		}
		if answer, err := objectOf(x); err == nil && answer.object("data").text("id") != "" {
			return answer.object("data").text("id")
		}
	}
	return ""
}
