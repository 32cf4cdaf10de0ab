package assistloop

import (
	"context"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// transport is a request over plain HTTP.
type transport struct {
	plain *conformance.Exchange
}

// Section "Authentication".
func (r *run) transportPart() conformance.Plan {
	probe := conformance.Probe{Name: "transport", Title: "plain HTTP", Run: r.probeTransport}
	switch {
	case !strings.HasPrefix(r.Base(), "https://") || r.Target.Loopback():
		probe.Unsupported = "it is judged on targets elsewhere that are reached by https (AL-17)"
	case !r.Can("issue-token"):
		probe.Unsupported = "the main account's token is never sent in the clear, and the driver cannot issue another"
	}
	return conformance.Plan{
		Probes: []conformance.Probe{probe},
		Checks: []conformance.Check{on("transport/plain-http", func() error { return notServed(r.transport.plain) }, "transport")},
	}
}

// probeTransport sends a token that was issued for nothing else.
func (r *run) probeTransport(ctx context.Context) error {
	account, err := r.Driver.Issue(ctx, false, "read:conversations")
	if err != nil {
		return conformance.Blocked("%v", err)
	}
	r.transport.plain = r.Do(ctx, conformance.Request{
		Operation: "get-me", Account: account, URL: "http://" + strings.TrimPrefix(r.Base(), "https://") + "/oauth/me", Purpose: "ask over plain HTTP",
	})
	return nil
}

// notServed: any answer but a 2xx will do, and none at all (AL-17).
func notServed(x *conformance.Exchange) error {
	if x.OK() {
		return breach("no 2xx over plain HTTP", "a 2xx", x)
	}
	return nil
}

// secretOnce: no later body of the run holds a subscription's secret.
func (r *run) secretOnce() error {
	type shown struct {
		secret string
		x      *conformance.Exchange
	}
	var all []shown
	for _, x := range r.Log.Exchanges() {
		answer, err := objectOf(x)
		own := answer.object("data").text("secret")
		for _, s := range all {
			// Two subscriptions may share a secret: each answer may show its own.
			if s.secret != own && strings.Contains(string(x.Body), s.secret) {
				return breach("a secret in the answer to its own subscribing only", "the secret again in the answer to "+x.Purpose, s.x, x)
			}
		}
		if x.Operation == "subscribe" && err == nil && len(own) >= 8 {
			all = append(all, shown{own, x})
		}
	}
	for _, d := range r.Log.Deliveries() {
		for _, s := range all {
			if strings.Contains(string(d.Body), s.secret) {
				return &conformance.Breach{
					Expected: "a secret in the answer to its own subscribing only", Seen: "the secret in a delivery",
					Exchanges: []*conformance.Exchange{s.x}, Deliveries: []*conformance.Delivery{d},
				}
			}
		}
	}
	if len(all) == 0 {
		return conformance.Lacking("no subscription was made")
	}
	return nil
}
