package defects

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
)

// The kinds of wrong answers as a whole.
const (
	Media     Kind = "content-type"
	Status    Kind = "status"
	ErrorBody Kind = "error-body"
	Served    Kind = "refusal-served" // what is to be refused is served
	Broken    Kind = "refusal-broken" // what is to be refused is answered 5xx
	Other     Kind = "refusal-other"  // what is to be refused is refused with a status that it must not have
)

func secured() []openapi.Operation {
	return slices.DeleteFunc(assistloop.Operations(), func(op openapi.Operation) bool { return !op.Secured })
}

// answers spoils content types, good statuses and error bodies of every operation.
func answers(*check.Contract) []Defect {
	var all []Defect
	for _, op := range secured() {
		for _, m := range [][2]string{{"html", "text/html; charset=utf-8"}, {"text", "text/plain"}, {"none", ""}} {
			all = append(all, defect(Media, op.ID+"/content-type", m[0], fmt.Sprintf("Answers of %s say that they are %q.", op.ID, m[1]),
				onAnswers(op.ID, func(_ *call, a *answer) { a.header["Content-Type"] = []string{m[1]} })))
		}
		for _, status := range []int{302, 400, 404, 500} {
			all = append(all, defect(Status, op.ID+"/served", fmt.Sprint(status), fmt.Sprintf("What %s serves is answered %d.", op.ID, status),
				onAnswers(op.ID, func(_ *call, a *answer) {
					*a = *refusal(status)
				})))
		}
		for _, d := range errorBodies() {
			all = append(all, defect(ErrorBody, op.ID+"/"+d.requirement, d.done, "Refusals of "+op.ID+": "+d.sentence+".", onRefusals(op.ID, d.change)))
		}
	}
	plain := defect(Served, "transport/plain-http", "served", "Plain HTTP is served as https is.", nil)
	plain.Settings = &Settings{PlainHTTP: true}
	return append(all, plain)
}

type errorBody struct {
	requirement, done, sentence string
	change                      func(*answer)
}

func errorBodies() []errorBody {
	set := func(name string, value any) func(*answer) {
		return func(a *answer) {
			fields := a.fields()
			if fields == nil {
				return
			}
			fields[name] = value
			a.set(fields)
		}
	}
	drop := func(name string) func(*answer) {
		return func(a *answer) {
			fields := a.fields()
			delete(fields, name)
			a.set(fields)
		}
	}
	raw := func(body string) func(*answer) { return func(a *answer) { a.body = []byte(body) } }
	return []errorBody{
		{"error-message", "dropped", "`message` is left out", drop("message")},
		{"error-message", "null", "`message` is null", set("message", nil)},
		{"error-message", "number", "`message` is a number", set("message", 4)},
		{"error-message", "object", "`message` is an object", set("message", map[string]any{"text": "no"})},
		{"error-message", "html", "the body is HTML", raw("<html><body>Refused</body></html>")},
		{"error-message", "empty", "there is no body", raw("")},
		{"error-message", "array", "the body is an array", func(a *answer) { a.set([]any{a.value()}) }},
		{"error-code", "dropped", "`error` is left out", drop("error")},
		{"error-code", "null", "`error` is null", set("error", nil)},
		{"error-code", "number", "`error` is a number", set("error", 4)},
	}
}

// onRefusals alters what an operation answers with a 4xx.
func onRefusals(op string, change func(*answer)) play {
	return func(*memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			if c.op != op {
				return nil
			}
			a := c.send()
			if a.refused() {
				change(a)
			}
			return a
		}}
	}
}

// cause tells, of a call that the server refused, whether it is what the defect is about.
type cause struct {
	rule, what string // the requirement's, and in words
	is         func(*call, *answer) bool
	// others are statuses that are wrong, too.
	others []int
}

func causes(op openapi.Operation) []cause {
	byToken := func(match func(*call) bool) func(*call, *answer) bool {
		return func(c *call, a *answer) bool { return !c.wrong && a.status == http.StatusUnauthorized && match(c) }
	}
	expired := func(c *call) bool {
		t, ok := c.memory.issued(c.token())
		return ok && t.expired
	}
	all := []cause{
		{"unauthenticated", "without a token", byToken(func(c *call) bool { return c.token() == "" }), []int{403, 404, 302}},
		{"unknown-token", "with a token that was never issued", byToken(func(c *call) bool { return c.token() != "" && !expired(c) }), []int{403, 404}},
		{"expired-token", "with an expired token", byToken(expired), []int{403, 404}},
		{"wrong-method", "by another method", func(c *call, _ *answer) bool { return c.wrong }, []int{302}},
	}
	if !slices.ContainsFunc(op.Params, func(p openapi.Param) bool { return p.In == "path" }) {
		return all
	}
	id := func(match func(real, likely bool) bool) func(*call, *answer) bool {
		return func(c *call, a *answer) bool {
			_, narrow := c.memory.issued(c.token())
			return !c.wrong && a.refused() && a.status != http.StatusUnauthorized && !narrow && match(c.memory.knows(c.id))
		}
	}
	return append(all,
		cause{"unknown-id", "with an id that does not exist", id(func(real, likely bool) bool { return !real && likely }), []int{400, 403}},
		cause{"foreign-id", "with an id of a foreign form", id(func(real, likely bool) bool { return !real && !likely }), []int{401, 302}},
	)
}

// refusals serves, or breaks at, what every operation has to refuse.
func refusals(*check.Contract) []Defect {
	var all []Defect
	for _, op := range secured() {
		for _, why := range causes(op) {
			add := func(kind Kind, done, sentence string, instead func(*call, *answer) *answer) {
				all = append(all, defect(kind, op.ID+"/"+why.rule, done, fmt.Sprintf("%s %s %s.", op.ID, why.what, sentence), refused(op.ID, why.is, instead)))
			}
			add(Served, "example", "is answered 200, as in the documentation", func(c *call, _ *answer) *answer { return example(c.op) })
			add(Broken, "500", "is answered 500", func(*call, *answer) *answer { return refusal(500) })
			for _, status := range why.others {
				add(Other, fmt.Sprint(status), fmt.Sprintf("is answered %d", status), func(*call, *answer) *answer { return refusal(status) })
			}
			if slices.Contains([]string{"unauthenticated", "unknown-token", "expired-token"}, why.rule) {
				add(Served, "served", "is served", func(c *call, _ *answer) *answer {
					c.authorize(c.memory.keys.Token)
					return c.again().send()
				})
			}
			if op.Method == "GET" && why.rule == "unknown-id" {
				add(Served, "empty", "is answered by an empty list", func(*call, *answer) *answer { return says(200, []byte("[]")) })
			}
		}
	}
	return all
}

// refused answers otherwise what the server refuses, and for which is says so.
func refused(op string, is func(*call, *answer) bool, instead func(*call, *answer) *answer) play {
	return func(*memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			if c.op != op {
				return nil
			}
			a := c.send()
			if a.refused() && is(c, a) {
				return instead(c, a)
			}
			return a
		}}
	}
}
