package assistloop

import (
	"context"
	"net/url"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// get asks for something that is to be served.
func (r *run) get(ctx context.Context, operation string, account *conformance.Account, path map[string]string, query url.Values, purpose string) *conformance.Exchange {
	return r.Do(ctx, conformance.Request{
		Operation: operation, Account: account, Path: path, Query: query, Purpose: purpose, Expect2xx: true,
	})
}

// list asks for an agent's conversations; per_page is 100 unless the query says otherwise.
func (r *run) list(ctx context.Context, account *conformance.Account, agent string, query url.Values, purpose string) *page {
	q := url.Values{"per_page": {"100"}}
	for name, values := range query {
		q[name] = values
	}
	return pageOf(r.get(ctx, "list-conversations", account, path("agentUuid", agent), q, purpose))
}

// find asks for a conversation's messages; per_page is 100 unless the query says otherwise.
func (r *run) find(ctx context.Context, account *conformance.Account, conversation string, query url.Values, purpose string) *page {
	q := url.Values{"per_page": {"100"}}
	for name, values := range query {
		q[name] = values
	}
	return pageOf(r.get(ctx, "find-messages", account, path("conversationUuid", conversation), q, purpose))
}

func path(name, value string) map[string]string { return map[string]string{name: value} }

func query(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

func head[T any](all []T, n int) []T {
	return all[:min(n, len(all))]
}

// until polls for an effect until it shows or a short while has passed; look tells whether it shows.
func (r *run) until(ctx context.Context, look func() bool) bool {
	limit := time.Now().Add(min(r.Options.Patience, effectPatience))
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		if look() {
			return true
		}
		if ctx.Err() != nil || time.Now().Add(pause).After(limit) {
			return false
		}
		if r.Wait(ctx, pause, "an effect to show") != nil {
			return false
		}
	}
}

// effectPatience is how long a change that was answered with a 2xx may take to show.
const effectPatience = 5 * time.Second

// liveliness is how far from what was asked a message of somebody else may be, by the target's clock, to explain
// a change there.
const liveliness = 10 * time.Second
