package requirements_test

import (
	"encoding/json"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

func TestRequirements(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "requirements")
}

func load() (*check.Contract, *requirements.Catalogue) {
	GinkgoHelper()
	contract, err := assistloop.Load()
	Expect(err).NotTo(HaveOccurred())
	catalogue, err := requirements.AssistLoop(contract)
	Expect(err).NotTo(HaveOccurred())
	return contract, catalogue
}

var _ = Describe("AssistLoop's catalogue", func() {
	It("holds a requirement for every field of every answer and event", func() {
		contract, catalogue := load()
		for _, op := range assistloop.Operations() {
			if !op.Secured {
				continue
			}
			for _, f := range contract.Fields(op.ID) {
				if f.Path != "" {
					_, ok := catalogue.Lookup(op.ID + "/field:" + f.Path)
					Expect(ok).To(BeTrue(), "%s %s", op.ID, f.Path)
				}
			}
		}
		Expect(contract.Events()).To(ConsistOf("new_conversation", "human_handoff_required"))
	})

	It("names the scope that the contract wants, for each operation that wants one", func() {
		_, catalogue := load()
		for _, op := range assistloop.Operations() {
			required, ok := catalogue.Lookup(op.ID + "/scope-required")
			sufficient, _ := catalogue.Lookup(op.ID + "/scope-sufficient")
			switch {
			case len(op.Scopes) != 1: // none, or either of two, which is unjudged (AL-12)
				Expect(ok).To(BeFalse(), op.ID)
			default:
				Expect(ok).To(BeTrue(), op.ID)
				Expect(required.Scope).To(Equal(op.Scopes[0]), op.ID)
				Expect(sufficient.Scope).To(Equal(op.Scopes[0]), op.ID)
			}
		}
	})

	It("states the limits and the default scopes that the contract has", func() {
		_, catalogue := load()
		limits := map[string]openapi.Limit{}
		for _, l := range assistloop.Limits() {
			limits[l.Name] = l
		}
		stated := map[string]bool{}
		for _, r := range catalogue.All {
			if r.Limit != nil {
				stated[r.Limit.Name] = true
				Expect(r.Limit.Requests).To(Equal(limits[r.Limit.Name].Requests), r.ID)
				Expect(float64(r.Limit.Seconds)).To(Equal(limits[r.Limit.Name].Per.Seconds()), r.ID)
			}
			if r.Defaults != nil {
				Expect(r.Defaults).To(Equal(assistloop.DefaultScopes()), r.ID)
			}
		}
		Expect(stated).To(HaveLen(len(limits)))
	})

	It("says of everything that nobody can observe why that is so, and of nothing else", func() {
		_, catalogue := load()
		for _, r := range catalogue.All {
			if r.Unobservable != "" {
				Expect(len(r.Unobservable)).To(BeNumerically(">", 20), r.ID)
			}
		}
	})
})

var _ = Describe("The documented examples", func() {
	DescribeTable("match the contract's schema", func(name string, judge func(*check.Contract, []byte) []check.Violation) {
		contract, _ := load()
		body, err := examples.Read(name)
		Expect(err).NotTo(HaveOccurred())
		Expect(judge(contract, body)).To(BeEmpty())
	},
		Entry(nil, "get-me", answer("get-me")),
		Entry(nil, "list-organizations", answer("list-organizations")),
		Entry(nil, "list-agents", answer("list-agents")),
		Entry(nil, "list-conversations", answer("list-conversations")),
		Entry(nil, "list-conversations.dropdown", answer("list-conversations")),
		Entry(nil, "recent-sample", answer("recent-sample")),
		Entry(nil, "find-messages", answer("find-messages")),
		Entry(nil, "reply-to-conversation", answer("reply-to-conversation")),
		Entry(nil, "close-conversation", answer("close-conversation")),
		Entry(nil, "subscribe", answer("subscribe")),
		Entry(nil, "unsubscribe", answer("unsubscribe")),
		Entry(nil, "reply-to-conversation.request", request("reply-to-conversation")),
		Entry(nil, "close-conversation.request", request("close-conversation")),
		Entry(nil, "subscribe.request", request("subscribe")),
		Entry(nil, "event.new_conversation", event("new_conversation")),
		Entry(nil, "event.human_handoff_required", event("human_handoff_required")),
		Entry(nil, "error", schema("Error")),
		Entry(nil, "error.429", schema("TooManyAttempts")),
	)

	It("are JSON, all of them", func() {
		for _, name := range examples.Names() {
			body, err := examples.Read(name)
			Expect(err).NotTo(HaveOccurred())
			Expect(json.Valid(body)).To(BeTrue(), name)
		}
	})
})

type judge = func(*check.Contract, []byte) []check.Violation

func answer(op string) judge {
	return func(c *check.Contract, body []byte) []check.Violation { return c.Response(op, 200, nil, body) }
}

func request(op string) judge {
	return func(c *check.Contract, body []byte) []check.Violation { return c.RequestBody(op, nil, body) }
}

func event(name string) judge {
	return func(c *check.Contract, body []byte) []check.Violation { return c.Event(name, nil, body) }
}

func schema(name string) judge {
	return func(c *check.Contract, body []byte) []check.Violation { return c.Schema(name, body) }
}
