package fault_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/conversations"
)

var _ = Describe("A ready-made profile", func() {
	It("is one of six, each good for both contracts", func() {
		Expect(fault.Profiles()).To(Equal([]string{"calm", "flaky", "rate-limited", "outage", "slow", "chaos"}))
		both := fault.Contract{
			Operations: slices.Concat(assistloop.Operations(), conversations.Operations()),
			Events:     slices.Concat(assistloop.Events(), conversations.Events()),
		}
		for _, name := range fault.Profiles() {
			set, err := fault.Profile(name)
			Expect(err).NotTo(HaveOccurred(), name)
			Expect(set.Delays).To(BeEmpty())
			Expect(len(set.Rules) == 0).To(Equal(name == "calm"), name)
			for _, c := range []fault.Contract{contract, both} {
				Expect(fault.New(1, c).Set(set.Rules, nil)).To(Succeed(), name)
			}
		}
	})

	It("is refused by another name, with the nearest", func() {
		_, err := fault.Profile("choas")
		Expect(err).To(MatchError(`unknown profile "choas": did you mean chaos?`))
	})
})

var _ = Describe("A file of rules", func() {
	read := func(text string) (fault.Set, error) { return fault.Read(strings.NewReader(text)) }

	It("is a list, in YAML or JSON, of text and objects", func() {
		for _, text := range []string{
			"- reply=503:0.1\n- match: {operation: list, nth: 3}\n  act: {status: 429, retry_after: 5}\n",
			`["reply=503:0.1", {"match": {"operation": "list", "nth": 3}, "act": {"status": 429, "retry_after": 5}}]`,
			"faults:\n- reply=503:0.1\n- match: {operation: list, nth: 3}\n  act: {status: 429, retry_after: 5}\n",
		} {
			set, err := read(text)
			Expect(err).NotTo(HaveOccurred(), text)
			Expect(set.Rules).To(HaveLen(2), text)
			Expect(set.Rules[1].String()).To(Equal("list=429,retry_after=5:nth=3"))
		}
	})

	It("may build on a profile, and delay", func() {
		set, err := read("latency: [list=1s..2s]\nfaults: [reply=503]\nprofile: rate-limited\n")
		Expect(err).NotTo(HaveOccurred())
		Expect(set.Rules).To(HaveLen(2))
		Expect(set.Rules[1].String()).To(Equal("reply=503:1"))
		Expect(set.Delays[0].String()).To(Equal("list=1s..2s"))
	})

	It("may be empty", func() {
		Expect(read("")).To(Equal(fault.Set{}))
	})

	DescribeTable("is refused with the line:", func(text, message string) {
		_, err := read(text)
		Expect(err).To(MatchError(And(ContainSubstring(message), Not(ContainSubstring("\n")))))
	},
		Entry("a bad rule", "- reply=503\n- reply=x\n", `2: fault "reply=x": unknown key of act "x"`),
		Entry("a bad object", "- reply=503\n- match: {}\n  act: {statsu: 503}\n", `did you mean status?`),
		Entry("an unknown key", "faults: []\nfualts: []\n", `2: unknown key "fualts": did you mean faults?`),
		Entry("a key twice", "faults: []\nfaults: []\n", `2: the key faults comes twice`),
		Entry("an unknown profile", "profile: choas\n", `1: unknown profile "choas": did you mean chaos?`),
		Entry("a word", "chaos", "1: expected a list of rules"),
		Entry("no list of rules", "faults: chaos", "1: expected a list of rules"),
		Entry("no list of latencies", "latency: 1s", "1: expected a list, as in [list=200ms]"),
		Entry("a bad latency", "latency: [1s]", "expected OPERATION=DURATION"),
		Entry("no YAML", "- [", "line"),
		Entry("a key that is no text", "- act: {2: 3}", "a rule is text or an object"),
	)

	It("never brings the reader down, and what it has read is good", func() {
		for _, text := range []string{"- &a [*a]", "? [a]\n: b", "- !!binary x", "- null", "-", "faults: null", "- {match: null, act: {status: 1}}", "a: &a {<<: *a}"} {
			_, err := read(text)
			Expect(err).To(HaveOccurred(), text)
		}
	})

	It("is found by its name, unless that is a profile's", func() {
		file := filepath.Join(GinkgoT().TempDir(), "faults.yaml")
		Expect(os.WriteFile(file, []byte("- reply=503\n"), 0o600)).To(Succeed())
		set, err := fault.Load(file)
		Expect(err).NotTo(HaveOccurred())
		Expect(set.Rules).To(HaveLen(1))
		Expect(os.WriteFile(file, []byte("- reply=x\n"), 0o600)).To(Succeed())
		_, err = fault.Load(file)
		Expect(err).To(MatchError(HavePrefix(file + ":1: ")))
		_, err = fault.Load("flakey")
		Expect(err).To(MatchError(`there is no file and no profile "flakey": did you mean flaky?`))
		_, err = fault.Load("nowhere.yaml")
		Expect(err).To(MatchError(ContainSubstring("the profiles are calm, flaky")))
		set, err = fault.Load("calm")
		Expect(err).NotTo(HaveOccurred())
		Expect(set.Rules).To(BeEmpty())
	})
})

func FuzzRead(f *testing.F) {
	f.Add("- reply=503:0.1\n- match: {operation: list, nth: 3}\n  act: {status: 429, retry_after: 5}\n")
	f.Add("profile: chaos\nlatency: [list=1s..2s]\nfaults: &a [*=503]")
	f.Add("- &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		set, err := fault.Read(strings.NewReader(text))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("more than a line: %q", err)
			}
			return
		}
		_ = fault.New(1, contract).Set(set.Rules, set.Delays)
	})
}
