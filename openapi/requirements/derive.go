package requirements

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

// Rule names what a derived requirement demands, so that one check judges it for every operation.
type Rule string

// The rules that hold for every operation, or for every one of a kind.
const (
	Served          Rule = "served"
	ContentType     Rule = "content-type"
	FieldShape      Rule = "field"
	EventField      Rule = "event-field"
	ShouldFormat    Rule = "should-format" // of a field of an answer or an event
	ErrorMessage    Rule = "error-message"
	ErrorCode       Rule = "error-code"
	Unauthenticated Rule = "unauthenticated"
	UnknownToken    Rule = "unknown-token"
	ExpiredToken    Rule = "expired-token"
	AnyScope        Rule = "any-scope"
	WrongMethod     Rule = "wrong-method"
	MalformedJSON   Rule = "malformed-json"
	NoObject        Rule = "no-object"
	OtherMedia      Rule = "other-content-type"
	UnknownID       Rule = "unknown-id"
	ForeignID       Rule = "foreign-id"
	OtherAccount    Rule = "other-account"
	Missing         Rule = "missing"
	Null            Rule = "null"
	NotAString      Rule = "not-a-string"
)

const (
	statusTable = "HTTP Status Code Summary"
	errorBody   = "Error Response Format"
)

// derive makes the requirements that follow from the contract alone. Operations that its document only points to have
// none.
func derive(contract *check.Contract, operations []openapi.Operation, events []openapi.Event) []Requirement {
	var all []Requirement
	operations = slices.DeleteFunc(slices.Clone(operations), func(op openapi.Operation) bool { return op.Reference })
	for _, op := range operations {
		if !op.Secured {
			continue
		}
		all = append(all, answers(op)...)
		all = append(all, shapes(op.ID, op.Section, FieldShape, "the answer", contract.Fields(op.ID))...)
		all = append(all, refusals(op)...)
	}
	for _, op := range operations {
		if op.ID == "token" {
			for _, r := range shapes(op.ID, op.Section, FieldShape, "the answer", contract.Fields(op.ID)) {
				r.Needs = "client"
				all = append(all, r)
			}
		}
	}
	for _, event := range events {
		fields := contract.EventFields(event.Name)
		if len(operations) == 0 {
			// Only its body tells which event it is: what is no object is none of them, and breaks rules of all deliveries.
			fields = slices.DeleteFunc(fields, func(f check.Field) bool { return f.Path == "" })
		}
		for _, r := range shapes(event.ID, event.Section, EventField, "the body", fields) {
			r.Operation, r.Needs = event.Name, "provoke"
			all = append(all, r)
		}
	}
	return all
}

func answers(op openapi.Operation) []Requirement {
	return []Requirement{
		made(op, Served, Must, op.Section, "AL-24", "A request as documented is served with a 2xx."),
		made(op, ContentType, Must, op.Section, "AL-27", "Answers are JSON, and say so."),
		made(op, ErrorMessage, Must, errorBody, "AL-21", "Every 4xx has a body of JSON with a `message`."),
		made(op, ErrorCode, Should, errorBody, "AL-21", "Every 4xx but 429 has an `error`, too."),
	}
}

func refusals(op openapi.Operation) []Requirement {
	all := []Requirement{
		made(op, Unauthenticated, Must, statusTable, "AL-25", "Without a token the answer is 401."),
		made(op, UnknownToken, Must, statusTable, "AL-25", "With a token that was never issued the answer is 401."),
		needs(made(op, ExpiredToken, Must, statusTable, "AL-25", "With an expired token the answer is 401."), "issue-token"),
		made(op, WrongMethod, Must, "Errors", "AL-26", "Another method is refused with a 4xx."),
	}
	if len(op.Scopes) == 0 {
		all = append(all, needs(made(op, AnyScope, Must, "Available Scopes", "AL-14", "A token of any one scope is served."), "issue-token"))
	}
	for _, p := range op.Params {
		if p.In == "path" {
			all = append(all, pathRefusals(op)...)
		}
	}
	if op.Body != nil {
		all = append(all,
			made(op, MalformedJSON, Must, "Errors", "AL-26", "A body that is no JSON is refused with a 4xx."),
			made(op, NoObject, Must, "Errors", "AL-26", "A body that is JSON but no object is refused with a 4xx."),
			made(op, OtherMedia, Must, "Errors", "AL-26", "A body of another content type is refused with a 4xx, or served."),
		)
	}
	if op.ID == "subscribe" {
		all = append(all, bodyRefusals(op)...)
	}
	return all
}

func pathRefusals(op openapi.Operation) []Requirement {
	all := []Requirement{
		made(op, UnknownID, Must, statusTable, "AL-75", "An id that does not exist, of the form that ids have, is answered 404."),
		made(op, ForeignID, Must, statusTable, "AL-75", "An id of a foreign form is refused with 400, 404 or 422."),
	}
	other := made(op, OtherAccount, Must, statusTable, "AL-23", "Another account's resource is refused with 403 or 404, and nothing of it is shown or changed.")
	return append(all, needs(other, "issue-token"))
}

// bodyRefusals: each required property missing, null, and of another type. Reply and close have theirs written
// by hand, because a refusal there also must leave no trace.
func bodyRefusals(op openapi.Operation) []Requirement {
	var all []Requirement
	for _, p := range op.Body {
		if !p.Required {
			continue
		}
		for _, bad := range []struct {
			rule Rule
			text string
		}{
			{Missing, "Without `%s` the request is refused with a 4xx."},
			{Null, "With a `%s` of null the request is refused with a 4xx."},
			{NotAString, "With a `%s` that is no string the request is refused with a 4xx."},
		} {
			r := made(op, bad.rule, Must, op.Section, "AL-20", fmt.Sprintf(bad.text, p.Name))
			r.ID = op.ID + "/" + p.Name + "-" + string(bad.rule)
			r.Field = p.Name
			if p.Name == "platform" {
				r.Reading = "AL-80"
			}
			all = append(all, r)
		}
	}
	return all
}

// shapes makes one requirement of every field of an answer or a payload, and another of the form that it should have.
func shapes(subject, section string, rule Rule, whole string, fields []check.Field) []Requirement {
	var all []Requirement
	everywhere := map[string]bool{} // whether each is in every body
	for _, f := range fields {
		everywhere[f.Path] = f.Required
		within := f.Path[:max(0, strings.LastIndex(f.Path, "."))]
		optional := !f.RequiredHere || everywhere[within] && !f.Required
		r := Requirement{
			ID: subject + "/field:" + f.Path, Level: Must, Section: section, Reading: f.Reading,
			Operation: subject, Field: f.Path, Rule: rule, Text: sentence(whole, f, optional),
		}
		if f.Path == "" {
			r.ID = subject + "/body"
		}
		if f.Section != "" {
			r.Section = f.Section
		}
		all = append(all, r)
		if f.Should != "" {
			r.ID, r.Level, r.Rule, r.Reading = subject+"/"+f.Should+":"+f.Path, Should, ShouldFormat, f.ShouldReading
			r.Text = fmt.Sprintf("Where `%s` has a value, it is %s.", f.Path, f.ShouldExpected)
			all = append(all, r)
		}
	}
	return all
}

func sentence(whole string, f check.Field, optional bool) string {
	subject := "`" + f.Path + "`"
	if f.Path == "" {
		subject = whole
	}
	text := strings.ToUpper(subject[:1]) + subject[1:] + " is " + f.Expected
	if optional && f.Path != "" {
		text += ", or left out"
	}
	if f.Description != "" {
		text += ": " + strings.ToLower(f.Description[:1]) + f.Description[1:]
	}
	return strings.TrimSuffix(text, ".") + "."
}

func made(op openapi.Operation, rule Rule, level, section, reading, text string) Requirement {
	return Requirement{
		ID: op.ID + "/" + string(rule), Level: level, Section: section, Reading: reading, Text: text,
		Operation: op.ID, Rule: rule,
	}
}

func needs(r Requirement, what string) Requirement {
	r.Needs = what
	return r
}

// grouped brings the requirements of one subject together, subjects in the order of their first appearance.
func grouped(all []Requirement) []Requirement {
	var order []string
	bySubject := map[string][]Requirement{}
	for _, r := range all {
		subject, _, _ := strings.Cut(r.ID, "/")
		if _, ok := bySubject[subject]; !ok {
			order = append(order, subject)
		}
		bySubject[subject] = append(bySubject[subject], r)
	}
	var out []Requirement
	for _, subject := range order {
		out = append(out, bySubject[subject]...)
	}
	return out
}
