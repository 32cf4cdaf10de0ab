package defects

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

// The kinds of wrong permissions.
const (
	Unscoped Kind = "scope-removed"
	Strict   Kind = "scope-too-strict"
	Leak     Kind = "other-account"
)

// scopes holds tokens to other scopes than the contract's, and accounts to no bounds.
func scopes(*check.Contract) []Defect {
	var all []Defect
	for _, op := range secured() {
		switch len(op.Scopes) {
		case 0:
			all = append(all, tooStrict(op, op.ID+"/any-scope", "read:conversations"))
		case 1:
			extra := "read:conversations"
			if op.Scopes[0] == extra {
				extra = "read:messages"
			}
			all = append(all, tooStrict(op, op.ID+"/scope-sufficient", extra))
			all = append(all, unscoped(op))
			for _, status := range []int{401, 404, 500} {
				if status == 404 && op.ID == "unsubscribe" {
					continue // a fair answer where subscriptions are looked for before scopes
				}
				all = append(all, defect(Other, op.ID+"/scope-required", fmt.Sprint(status), fmt.Sprintf("%s answers %d to a token without %s.", op.ID, status, op.Scopes[0]),
					refused(op.ID, lacking(op), func(*call, *answer) *answer { return refusal(status) })))
			}
			all = append(all, defect(Served, op.ID+"/scope-required", "example", fmt.Sprintf("%s answers 200 to a token without %s, as in the documentation.", op.ID, op.Scopes[0]),
				refused(op.ID, lacking(op), func(c *call, _ *answer) *answer { return example(c.op) })))
		}
		if op.ID == "subscribe" || slices.ContainsFunc(op.Params, func(p openapi.Param) bool { return p.In == "path" }) {
			all = append(all, leaks(op)...)
		}
	}
	return all
}

// entitled: the token's scopes allow the operation.
func entitled(op openapi.Operation, scopes []string) bool {
	return len(op.Scopes) == 0 || slices.ContainsFunc(op.Scopes, func(s string) bool { return slices.Contains(scopes, s) })
}

func operation(id string) openapi.Operation {
	for _, op := range secured() {
		if op.ID == id {
			return op
		}
	}
	return openapi.Operation{}
}

// lacking: the call was refused for want of a scope.
func lacking(op openapi.Operation) func(*call, *answer) bool {
	return func(c *call, a *answer) bool {
		t, narrow := c.memory.issued(c.token())
		return narrow && !t.expired && a.status == http.StatusForbidden && !entitled(op, t.scopes)
	}
}

// tooStrict asks for a scope beside the operation's own.
func tooStrict(op openapi.Operation, requirement, extra string) Defect {
	return defect(Strict, requirement, "strict", fmt.Sprintf("%s wants %s, too.", op.ID, extra), onGood(op.ID, func(c *call) *answer {
		if t, narrow := c.memory.issued(c.token()); narrow && !slices.Contains(t.scopes, extra) {
			return refusal(http.StatusForbidden)
		}
		return nil
	}))
}

// unscoped serves an operation to tokens without its scope. The driver issues them with it, though it was not asked
// to, and they are refused by every other operation that they were not ordered for.
func unscoped(op openapi.Operation) Defect {
	return defect(Unscoped, op.ID+"/scope-required", "removed", op.ID+" asks for no scope.", func(m *memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			if c.op == "driver/issue-token" && !c.wrong {
				asked := list(c.fields()["scopes"])
				real := c.again()
				if !slices.Contains(asked, any(op.Scopes[0])) {
					real.set("scopes", append(slices.Clone(asked), op.Scopes[0]))
				}
				a := real.send()
				order := issued{}
				for _, s := range asked {
					order.scopes = append(order.scopes, fmt.Sprint(s))
				}
				order.expired, _ = c.fields()["expired"].(bool)
				m.do(func() { m.tokens[text(a.value(), "access_token")] = order })
				return a
			}
			t, narrow := m.issued(c.token())
			if op.ID == "unsubscribe" && c.op == op.ID && !narrow && !c.wrong { // a grant of the main account's
				if a := c.send(); a.status != http.StatusForbidden {
					return a
				}
				c.authorize(m.keys.Token)
				return c.again().send()
			}
			if narrow && !t.expired && !c.wrong && c.op != op.ID && !entitled(operation(c.op), t.scopes) {
				return refusal(http.StatusForbidden)
			}
			return nil
		}}
	})
}

// leaks serve what is another account's, or break at it.
func leaks(op openapi.Operation) []Defect {
	requirement := op.ID + "/other-account"
	theirs := func(c *call, a *answer) bool {
		t, narrow := c.memory.issued(c.token())
		id := c.id
		if c.op == "subscribe" {
			id = text(c.fields(), "agent_uuid")
		}
		real, _ := c.memory.knows(id)
		return narrow && !t.expired && real && entitled(op, t.scopes)
	}
	all := []Defect{
		defect(Leak, requirement, "served", op.ID+" serves what is another account's.", refused(op.ID, theirs, func(c *call, _ *answer) *answer {
			c.authorize(c.memory.keys.Token)
			return c.again().send()
		})),
		defect(Broken, requirement, "500", op.ID+" answers 500 for what is another account's.", refused(op.ID, theirs, func(*call, *answer) *answer { return refusal(500) })),
		defect(Other, requirement, "401", op.ID+" answers 401 for what is another account's.", refused(op.ID, theirs, func(*call, *answer) *answer { return refusal(401) })),
	}
	if op.Method != "GET" && op.ID != "subscribe" { // a subscription that was refused shows nowhere but at its events
		all = append(all, defect(Trace, requirement, "traced", op.ID+" refuses what is another account's, and does it.", refused(op.ID, theirs, func(c *call, a *answer) *answer {
			c.authorize(c.memory.keys.Token)
			c.again().send()
			return a
		})))
	}
	return all
}
