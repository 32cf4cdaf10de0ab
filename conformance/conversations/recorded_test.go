package conversations

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/sender"
)

// verdicts judges bodies as the lines of one file, and tells what broke and what is only advised.
func verdicts(bodies ...[]byte) (broken, advised []string) {
	GinkgoHelper()
	contract := loaded()
	judge := contract.Payloads()
	for i, body := range bodies {
		judge.Take(&conformance.Delivery{File: "log.jsonl", Line: i + 1, Body: body})
	}
	for _, r := range contract.Catalogue.All {
		if r.Unobservable != "" {
			continue
		}
		if _, ok := judge.Verdict(r.ID).(*conformance.Breach); !ok {
			continue
		}
		if r.Level == "SHOULD" {
			advised = append(advised, r.ID)
		} else {
			broken = append(broken, r.ID)
		}
	}
	return broken, advised
}

// loaded is the contract, once for all tests.
var loaded = sync.OnceValue(func() conformance.Contract {
	contract, err := Contract()
	if err != nil {
		panic(err)
	}
	return contract
})

// stream is what a sender delivers of one provocation of each event, and more where it has several ways.
func stream(options sender.Options) [][]byte {
	GinkgoHelper()
	s, err := sender.New(options)
	Expect(err).NotTo(HaveOccurred())
	defer s.Close()
	var all [][]byte
	for _, event := range sender.Events() {
		for _, channel := range append([]string{""}, sender.Channels()...) {
			if body, err := s.Payload(event, channel); err == nil {
				all = append(all, body)
			}
		}
	}
	return all
}

var _ = Describe("A recording", func() {
	It("of any honest sender breaks nothing", func() {
		for _, v := range sender.Variants() {
			broken, advised := verdicts(stream(v.Options)...)
			Expect(broken).To(BeEmpty(), v.ID)
			if !v.Lapse {
				Expect(advised).To(BeEmpty(), v.ID)
			}
		}
	})

	It("of any mixture of readings breaks nothing", func() {
		for seed := range uint64(60) {
			broken, advised := verdicts(stream(sender.Mixture(seed))...)
			Expect(broken).To(BeEmpty(), "seed %d", seed)
			Expect(advised).To(BeEmpty(), "seed %d", seed)
		}
	})

	It("shows each single breach that a body can have, at just the requirement of the field", func() {
		checked := 0
		var wrong []string
		for _, event := range sender.Events() {
			s, err := sender.New(sender.Options{})
			Expect(err).NotTo(HaveOccurred())
			honest, err := s.Payload(event, "")
			Expect(err).NotTo(HaveOccurred())
			s.Close()
			for _, d := range sender.Defects() {
				if d.Event != event || !d.Body() {
					continue
				}
				body, err := d.Break(slices.Clone(honest))
				Expect(err).NotTo(HaveOccurred(), d.ID)
				checked++
				broken, advised := verdicts(body)
				if problem := atJust(d, broken, advised); problem != "" {
					wrong = append(wrong, fmt.Sprintf("%s (%s, %s): %s", d.ID, d.Rule, d.Doubt, problem))
				}
			}
		}
		Expect(wrong).To(BeEmpty(), strings.Join(wrong, "\n"))
		Expect(checked).To(BeNumerically(">", 1000))
	})

	It("shows it whatever else the sender makes of the document", func() {
		chance := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 1))
		all := sender.Defects()
		for seed := range uint64(100) {
			s, err := sender.New(sender.Mixture(seed))
			Expect(err).NotTo(HaveOccurred())
			for range 12 {
				d := all[chance.IntN(len(all))]
				honest, err := s.Payload(d.Event, "")
				if !d.Body() || err != nil { // a mixture may have no channel for it
					continue
				}
				before, advised := verdicts(honest)
				Expect(before).To(BeEmpty(), "seed %d, %s", seed, d.ID)
				Expect(advised).To(BeEmpty(), "seed %d, %s", seed, d.ID)
				body, err := d.Break(slices.Clone(honest))
				Expect(err).NotTo(HaveOccurred(), d.ID)
				broken, more := verdicts(body)
				Expect(atJust(d, broken, more)).To(BeEmpty(), "seed %d, %s: %s", seed, d.ID, body)
			}
			s.Close()
		}
	})
})

// atJust says what is wrong with what a breach turned red.
func atJust(d sender.Defect, broken, advised []string) string {
	found, other := broken, advised
	if d.Should {
		found, other = advised, broken
	}
	found = slices.DeleteFunc(slices.Clone(found), func(id string) bool { // both spellings bear the value
		one, spelt := strings.CutSuffix(id, ".messageid")
		return spelt && slices.Contains(found, one+".messageId")
	})
	if len(found) == 2 && len(other) == 0 && found[0] == ids[d.Event]+"/field:type" && found[1] == "deliveries/type" {
		return "" // the rule for all events, and its part for one
	}
	if len(found) != 1 || len(other) != 0 {
		return fmt.Sprintf("broken %v, advised %v", broken, advised)
	}
	return ""
}
