package check_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/conversations"
)

// published are the contracts that the tests of this file hold. Each is loaded with its own formats.
var published = []struct {
	name     string
	document func() []byte
	own      []check.Format
	examples int // at least so many are documented
	allowed  int // at least so many changes are tried
}{
	{"AssistLoop's contract", openapi.AssistLoop, nil, 15, 200},
	{"Conversations' contract", openapi.Conversations, conversations.Formats(), 6, 200},
}

var _ = Describe("Every contract", func() {
	for _, p := range published {
		Describe(p.name, Ordered, func() { holds(p.document, p.own, p.examples, p.allowed) })
	}
})

func holds(document func() []byte, own []check.Format, leastExamples, leastAllowed int) {
	var c *check.Contract
	var all []message
	BeforeAll(func() {
		var err error
		c, err = check.Load(document(), own...)
		Expect(err).NotTo(HaveOccurred())
		all = whole(c, document())
	})

	It("takes each documented example", func() {
		documented := everyExample(c)
		Expect(len(documented)).To(BeNumerically(">=", leastExamples))
		for _, m := range documented {
			Expect(lines(m.judge(m.body))).To(BeEmpty(), m.name)
		}
	})

	// What a field may be comes from Fields, which reads the contract's schemas and none of the rules that judge.
	It("takes every single change of a field that it allows, and reports every other at just that field", func() {
		changes, forbidden := 0, 0
		for _, m := range append(all, everyExample(c)...) {
			Expect(lines(m.judge(m.body))).To(BeEmpty(), m.name)
			been := make(map[string]bool)
			for _, place := range placesOf(m.body) {
				field, known := m.fields[place.field]
				if !known {
					continue
				}
				been[place.field] = true
				for _, change := range m.changesAt(field, place) {
					body := change.apply(m.body, place.pointer)
					found := m.judge(body)
					changes++
					if !change.forbidden {
						Expect(lines(found)).To(BeEmpty(), "%s: %s, %s", m.name, place.pointer, change.name)
						continue
					}
					forbidden++
					Expect(found).To(HaveLen(1), "%s: %s, %s: %s", m.name, place.pointer, change.name, body)
					Expect(found[0].Place).To(Equal(place.pointer), "%s: %s", m.name, change.name)
					Expect(found[0].Field).To(Equal(place.field))
				}
			}
			if m.complete {
				for path := range m.fields {
					Expect(been).To(HaveKey(path), "%s: every field was changed", m.name)
				}
			}
		}
		Expect(forbidden).To(BeNumerically(">", 1000), "of %d", changes)
		Expect(changes - forbidden).To(BeNumerically(">", leastAllowed))
	})

	It("repeats nothing that a customer wrote, wherever it stands", func() {
		const diary = "Jane's diary"
		for _, m := range all {
			for _, place := range placesOf(m.body) {
				for _, value := range []string{strconv.Quote(diary), `["` + diary + `"]`, `{"` + diary + `":"` + diary + `"}`, "4915112345678"} {
					body := replace(m.body, place.pointer, value)
					for _, v := range m.judge(body) {
						Expect(v.String()).NotTo(ContainSubstring("diary"))
						Expect(v.String()).NotTo(ContainSubstring("49151"))
					}
				}
			}
		}
	})

}

var _ = Describe("AssistLoop's contract", func() {
	It("and the driver's both load, with all there is to judge by", func() {
		c, err := check.Load(openapi.AssistLoop())
		Expect(err).NotTo(HaveOccurred())
		Expect(c.Operations()).To(HaveLen(13))
		Expect(c.Events()).To(Equal([]string{"human_handoff_required", "new_conversation"}))
		for _, id := range c.Operations() {
			if !slices.Contains([]string{"authorize", "authorize-post"}, id) {
				Expect(c.Fields(id)).NotTo(BeEmpty(), id)
			}
		}
		d, err := check.Load(openapi.Driver())
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Operations()).To(HaveLen(6))
		Expect(d.Schema("Problem", []byte(`{"message":"no"}`))).To(BeEmpty())
	})
})

// A message of the contract that tests change.
type message struct {
	name     string
	body     string
	fields   map[string]check.Field
	complete bool // it has every field
	judge    func(body string) []check.Violation
}

func documented(c *check.Contract, name string) (message, bool) {
	body, err := examples.Read(name)
	Expect(err).NotTo(HaveOccurred())
	m := message{name: name, body: string(body)}
	subject, kind, _ := strings.Cut(name, ".")
	switch {
	case subject == "event":
		if !slices.Contains(c.Events(), kind) {
			return m, false
		}
		m.fields = byPath(c.EventFields(kind))
		m.judge = func(body string) []check.Violation {
			return c.Event(kind, typed("application/json"), []byte(body))
		}
	case kind == "request":
		if !slices.Contains(c.Operations(), subject) {
			return m, false
		}
		m.fields = byPath(c.RequestFields(subject))
		m.judge = func(body string) []check.Violation {
			return c.RequestBody(subject, typed("application/json"), []byte(body))
		}
	case subject == "error":
		if !slices.Contains(c.Operations(), "get-me") {
			return m, false
		}
		status := 404
		if kind == "429" {
			status = 429
		}
		m.judge = func(body string) []check.Violation {
			return c.Response("get-me", status, typed("application/json; charset=utf-8"), []byte(body))
		}
	case slices.Contains(c.Operations(), subject):
		m.fields = byPath(c.Fields(subject))
		m.judge = func(body string) []check.Violation {
			return c.Response(subject, 200, typed("application/json"), []byte(body))
		}
	default:
		return m, false
	}
	return m, true
}

func everyExample(c *check.Contract) (all []message) {
	for _, name := range examples.Names() {
		if m, ok := documented(c, name); ok {
			all = append(all, m)
		}
	}
	return all
}

func byPath(fields []check.Field) map[string]check.Field {
	m := make(map[string]check.Field)
	for _, f := range fields {
		m[f.Path] = f
	}
	return m
}

// A place in a JSON body.
type place struct {
	pointer, field string
	item           bool // of an array
}

// placesOf lists a body's places, itself first. Names in the tests' bodies need no escapes.
func placesOf(body string) []place {
	var list []place
	var visit func(v any, at place)
	visit = func(v any, at place) {
		list = append(list, at)
		switch v := v.(type) {
		case []any:
			for i, item := range v {
				visit(item, place{fmt.Sprintf("%s/%d", at.pointer, i), at.field, true})
			}
		case map[string]any:
			for name, member := range v {
				visit(member, place{at.pointer + "/" + name, strings.TrimPrefix(at.field+"."+name, "."), false})
			}
		}
	}
	visit(parse(body), place{})
	return list
}

func parse(body string) (v any) {
	Expect(json.Unmarshal([]byte(body), &v)).To(Succeed(), body)
	return v
}
