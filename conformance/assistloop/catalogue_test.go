package assistloop

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
)

var _ = Describe("The checks", func() {
	It("judge every requirement that can be observed, and nothing that is not one", func() {
		contract, err := loaded()
		Expect(err).NotTo(HaveOccurred())
		plan := planOf(contract)

		checked := map[string]bool{}
		for _, c := range plan.Checks {
			checked[c.Requirement] = true
			_, known := contract.Catalogue.Lookup(c.Requirement)
			Expect(known).To(BeTrue(), "the check of %s has no requirement", c.Requirement)
		}
		for _, r := range contract.Catalogue.All {
			if r.Unobservable == "" {
				Expect(checked).To(HaveKey(r.ID), "%s has no check", r.ID)
			} else {
				Expect(checked).NotTo(HaveKey(r.ID), "%s cannot be observed, and has a check", r.ID)
			}
		}
	})

	It("start from probes that exist, and probes from those before them", func() {
		contract, err := loaded()
		Expect(err).NotTo(HaveOccurred())
		plan := planOf(contract)

		before := map[string]bool{}
		for _, p := range plan.Probes {
			Expect(before).NotTo(HaveKey(p.Name), "probe %s stands twice", p.Name)
			for _, earlier := range p.After {
				Expect(before).To(HaveKey(earlier), "probe %s starts from %s, which does not come before it", p.Name, earlier)
			}
			before[p.Name] = true
		}
		for _, c := range plan.Checks {
			for _, p := range c.From {
				Expect(before).To(HaveKey(p), "%s", c.Requirement)
			}
		}
	})
})

func planOf(contract conformance.Contract) conformance.Plan {
	GinkgoHelper()
	session, err := conformance.NewSession(conformance.Target{URL: "http://127.0.0.1:1/v1"}, conformance.Options{Contract: contract})
	Expect(err).NotTo(HaveOccurred())
	return contract.Open(session)
}
