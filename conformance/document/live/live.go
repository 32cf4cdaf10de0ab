// Package live runs a document's own commands against a target, with real ids in place of those that it shows, and holds
// what comes back to the examples that stand beside them.
package live

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/document"
)

// run is one run over the commands of a document.
type run struct {
	*conformance.Session
	contract document.Contract
	loopback bool
	ids      map[string]string // real ids, by the names of parameters
	// writable is a conversation that may be written to: one that the driver made or the user named, or any where the
	// target is on this machine. "" for none.
	writable     string
	conversation []string // that the user named
	subscription string   // that a command of this run made
	findings     []document.Finding
}

// Run calls each command of d once. Those that write are called only as the suite would write: on this machine, or to a
// conversation that the driver made or options name. The error is for a target that cannot be reached, or has nothing to ask for.
func Run(ctx context.Context, d *document.Document, c document.Contract, target conformance.Target, options conformance.Options) ([]document.Finding, error) {
	session, err := conformance.NewSession(target, options)
	if err != nil {
		return nil, err
	}
	defer session.Close()
	r := &run{
		Session: session, contract: c, loopback: target.Loopback(), ids: map[string]string{}, conversation: options.Conversation,
	}
	calls := document.Calls(d, c)
	if len(calls) == 0 {
		return nil, fmt.Errorf("--target: the document has no command of the contract to run")
	}
	for _, call := range calls {
		if err := r.call(ctx, call); err != nil {
			return r.findings, err
		}
	}
	r.unsubscribe(ctx)
	return r.findings, nil
}

// call runs one command, if it may be run.
func (r *run) call(ctx context.Context, call document.Call) error {
	op := r.Operation(call.Operation)
	request := conformance.Request{
		Operation: op.ID, Account: r.Main, Query: call.Query, Path: map[string]string{}, Purpose: "the document's own command", Expect2xx: true,
	}
	for _, name := range slices.Sorted(maps.Keys(call.Path)) {
		id, why, err := r.id(ctx, op.Method != "GET", name)
		switch {
		case err != nil:
			return err
		case id == "":
			r.say(document.Note, "live-skipped", call, "", call.Line, "not run: "+why)
			return nil
		}
		request.Path[name] = id
	}
	if call.Body != "" {
		body, why, err := r.body(ctx, call)
		switch {
		case err != nil:
			return err
		case body == nil:
			r.say(document.Note, "live-skipped", call, "", call.Line, "not run: "+why)
			return nil
		}
		request.Raw = body
	}
	x := r.Do(ctx, request)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case x.Lost != nil:
		return fmt.Errorf("--target: no answer from %s: %w", r.Base(), x.Lost)
	case !x.OK():
		r.say(document.Drift, "live-refused", call, "", call.Line, fmt.Sprintf("the target answers the command with %d", x.Status))
		return nil
	}
	r.keep(op.ID, x)
	if call.Answer != nil {
		r.compare(call, x.Body)
	}
	return nil
}

func (r *run) say(kind document.Kind, rule string, call document.Call, field string, line int, message string) {
	subject := call.Operation
	if field != "" {
		subject += " field " + field
	}
	r.findings = append(r.findings, document.Finding{
		Kind: kind, Rule: rule, Line: line, Section: call.Section, Subject: subject, Message: message,
	})
}

// keep remembers what later commands need: the subscription that this one made.
func (r *run) keep(operation string, x *conformance.Exchange) {
	switch operation {
	case "subscribe":
		var answer struct {
			Data struct {
				ID string `json:"id"`
			} `json:"data"`
		}
		if json.Unmarshal(x.Body, &answer) == nil {
			r.subscription = answer.Data.ID
		}
	case "unsubscribe":
		r.subscription = ""
	}
}

// unsubscribe takes away what was made, where no command of the document did.
func (r *run) unsubscribe(ctx context.Context) {
	if r.subscription != "" {
		r.Do(ctx, conformance.Request{
			Operation: "unsubscribe", Account: r.Main, Path: map[string]string{"uuid": r.subscription}, Query: url.Values{}, Purpose: "clean up",
		})
	}
}
