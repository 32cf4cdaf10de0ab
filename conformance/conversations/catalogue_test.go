package conversations

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
)

var _ = Describe("The checks", func() {
	It("judge every requirement that can be observed, and nothing that is not one", func() {
		contract := loaded()
		plan := contract.Open(&conformance.Session{})
		checked := map[string]bool{}
		for _, c := range plan.Checks {
			checked[c.Requirement] = true
			_, known := contract.Catalogue.Lookup(c.Requirement)
			Expect(known).To(BeTrue(), "the check of %s has no requirement", c.Requirement)
		}
		for _, r := range contract.Catalogue.All {
			Expect(checked[r.ID]).To(Equal(r.Unobservable == ""), r.ID)
		}
	})

	It("have a rule for each requirement that is not derived from the contract", func() {
		contract := loaded()
		r := &run{catalogue: contract.Catalogue}
		rules := r.rules()
		for id := range rules {
			_, known := contract.Catalogue.Lookup(id)
			Expect(known).To(BeTrue(), "the rule of %s has no requirement", id)
		}
		for _, q := range contract.Catalogue.All {
			if q.Rule == "" && q.Unobservable == "" {
				Expect(rules[q.ID] != nil || byTheJudge[q.ID]).To(BeTrue(), "%s has no rule", q.ID)
			}
		}
	})
})

// byTheJudge are those that judge.go and memory.go count.
var byTheJudge = map[string]bool{
	"deliveries/json": true, "deliveries/one-event": true, "deliveries/type": true,
	"event-conversation-created/once": true, "event-conversation-created/last-message": true,
	"event-conversation-status-updated/not-before-creation": true, "event-conversation-status-updated/last-message": true,
	"event-conversation-assignment-updated/not-before-creation": true, "event-conversation-assignment-updated/last-message": true,
	"event-inbound-message/updated-at": true, "event-inbound-message/one-message-id": true, "event-inbound-message/once": true,
	"event-inbound-message-updated/updated-at": true, "event-inbound-message-updated/one-message-id": true,
	"event-inbound-message-updated/same-message-id": true, "event-inbound-message-updated/same-conversation": true,
	"event-inbound-message-updated/not-before-receipt": true, "event-inbound-message-deleted/updated-at": true,
	"event-inbound-message-deleted/one-message-id": true, "event-inbound-message-deleted/same-message-id": true,
	"event-inbound-message-deleted/same-conversation": true, "event-inbound-message-deleted/not-before-receipt": true,
}
