package main

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/mock/defects"
)

func sheet(change func(*result)) []byte {
	r := result{
		Defect: defects.Defect{
			ID: "get-me/served~500", Requirement: "get-me/served", Sentence: "get-me answers 500 | always.",
			Consequences: []defects.Consequence{{Requirement: "get-me/body", Reason: "nothing is served"}},
		},
		outcome: conformance.Fail, followed: []string{"get-me/body"}, requests: 12, seconds: 1.5,
	}
	change(&r)
	return table([]played{{arena: &arena{contract: contract{title: "A contract"}}, results: []result{r}}})
}

func TestFiguresDoNotMakeTheMatrixStale(t *testing.T) {
	g := NewWithT(t)
	before := sheet(func(*result) {})
	_, same := differs(before, sheet(func(r *result) { r.requests, r.seconds, r.followed = 40, 0.25, nil }))
	g.Expect(same).To(BeTrue())
}

func TestWhatADefectDoesAndWhatBecameOfItDo(t *testing.T) {
	before := sheet(func(*result) {})
	for name, change := range map[string]func(*result){
		"outcome":     func(r *result) { r.outcome = conformance.Warn },
		"sentence":    func(r *result) { r.Sentence = "get-me answers 503." },
		"id":          func(r *result) { r.ID = "get-me/served~503" },
		"requirement": func(r *result) { r.Requirement = "get-me/error-code" },
		"consequence": func(r *result) { r.Consequences = nil },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			line, same := differs(before, sheet(change))
			g.Expect(same).To(BeFalse())
			g.Expect(line).To(BeNumerically(">", 10))
		})
	}
}

func TestATableCellKeepsToItself(t *testing.T) {
	g := NewWithT(t)
	g.Expect(string(sheet(func(*result) {}))).To(ContainSubstring(`get-me answers 500 \| always.`))
}
