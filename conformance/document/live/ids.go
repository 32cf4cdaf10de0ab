package live

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/document"
)

// id is a real one for a parameter; "" with the reason where there is none that may be used.
func (r *run) id(ctx context.Context, write bool, name string) (id, why string, err error) {
	switch {
	case name == "uuid":
		return r.subscription, "nothing was subscribed", nil
	case write && strings.HasPrefix(strings.ToLower(name), "conversation"):
		return r.conversationToWrite(ctx, name)
	}
	return r.listed(ctx, name)
}

// listed finds an id where the API lists it, and before that the ids that listing needs.
func (r *run) listed(ctx context.Context, name string) (id, why string, err error) {
	if id := r.ids[name]; id != "" {
		return id, "", nil
	}
	operation, field := r.contract.Source(name)
	if operation == "" {
		return "", "no operation lists a " + name, nil
	}
	request := conformance.Request{Operation: operation, Account: r.Main, Path: map[string]string{}, Purpose: "find a " + name, Expect2xx: true}
	for _, p := range r.Operation(operation).Params {
		if p.In != "path" {
			continue
		}
		if request.Path[p.Name], why, err = r.listed(ctx, p.Name); request.Path[p.Name] == "" {
			return "", why, err
		}
	}
	x := r.Do(ctx, request)
	switch {
	case ctx.Err() != nil:
		return "", "", ctx.Err()
	case x.Lost != nil:
		return "", "", fmt.Errorf("--target: no answer from %s: %w", r.Base(), x.Lost)
	case x.Status == 401:
		return "", "", fmt.Errorf("--target: %s answers 401: is the token good?", r.Base())
	case !x.OK():
		return "", fmt.Sprintf("%s answers %d", operation, x.Status), nil
	}
	var items []map[string]any
	if err := json.Unmarshal(x.Body, &items); err != nil || len(items) == 0 {
		return "", operation + " lists nothing", nil
	}
	r.ids[name], _ = items[0][field].(string)
	return r.ids[name], operation + " shows no " + field, nil
}

// conversationToWrite never is one that a customer waits in: the driver makes it or the user names it; where the target is
// on this machine, any will do.
func (r *run) conversationToWrite(ctx context.Context, name string) (id, why string, err error) {
	if r.writable != "" {
		return r.writable, "", nil
	}
	if len(r.conversation) > 0 {
		r.writable = r.conversation[0]
		return r.writable, "", nil
	}
	if r.Driver != nil {
		organization, _, err := r.listed(ctx, "organization_uuid")
		if err != nil {
			return "", "", err
		}
		agent, _, err := r.listed(ctx, "agentUuid")
		if err != nil {
			return "", "", err
		}
		if made, err := r.Driver.Provoke(ctx, "new_conversation", organization, agent); err == nil {
			r.writable = made
			return made, "", nil
		}
	}
	if !r.loopback {
		return "", "it writes, and no driver and no --conversation gives a conversation to write to", nil
	}
	r.writable, why, err = r.listed(ctx, name)
	return r.writable, why, err
}

// body is a command's, with real ids, and with a receiver of ours in place of an address to deliver to. nil with the
// reason where the command may not be run.
func (r *run) body(ctx context.Context, call document.Call) (body []byte, why string, err error) {
	var members map[string]any
	if err := json.Unmarshal([]byte(call.Body), &members); err != nil {
		return nil, "its body is no object", nil
	}
	for name := range members {
		switch {
		case name == "target_url":
			if !r.loopback {
				return nil, "it would have events delivered elsewhere", nil
			}
			hook, err := r.Hook()
			if err != nil {
				return nil, "", err
			}
			members[name] = hook.URL
		case strings.HasSuffix(name, "_uuid"):
			id, why, err := r.listed(ctx, name)
			if id == "" {
				return nil, why, err
			}
			members[name] = id
		}
	}
	body, err = json.Marshal(members)
	return body, "", err
}
