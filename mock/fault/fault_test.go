package fault_test

import (
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/openapi/assistloop"
)

func TestFault(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "fault")
}

const (
	list  = "list-conversations"
	reply = "reply-to-conversation"
	token = "token"
)

var _ = Describe("Faults", func() {
	var faults *fault.Faults
	BeforeEach(func() { faults = fault.New(7, assistloop.Operations()) })

	set := func(rules, latencies []string) error {
		r, d, err := fault.ParseAll(rules, latencies)
		if err != nil {
			return err
		}
		return faults.Set(r, d)
	}
	struck := func(operation string, times int) (n int) {
		for range times {
			if faults.For(operation).Status != 0 {
				n++
			}
		}
		return n
	}

	It("do nothing unless asked", func() {
		Expect(faults.For(list)).To(Equal(fault.Trouble{}))
	})

	It("answer an operation with the documented error body of the status", func() {
		Expect(set([]string{"reply=429"}, nil)).To(Succeed())
		Expect(faults.For(reply)).To(Equal(fault.Trouble{
			Status: 429, Body: `{"message":"Too Many Attempts.","retry_after":60}`,
		}))
		Expect(faults.For(list)).To(Equal(fault.Trouble{}))
	})

	It("take the operation's ID as well as its short name", func() {
		Expect(set([]string{"reply-to-conversation=500"}, nil)).To(Succeed())
		Expect(faults.For(reply).Status).To(Equal(500))
	})

	It("know every status of a documented range", func() {
		Expect(set([]string{"reply=502"}, nil)).To(Succeed())
		Expect(faults.For(reply).Status).To(Equal(502))
		Expect(faults.For(reply).Body).To(ContainSubstring("Service unavailable"))
	})

	It("strike about as often as asked", func() {
		Expect(set([]string{"reply=503:0.1"}, nil)).To(Succeed())
		Expect(struck(reply, 10_000)).To(BeNumerically("~", 1000, 100))
	})

	It("strike the same requests for the same seed, whatever other operations do meanwhile", func() {
		pattern := func(seed uint64, others int) (struck []bool) {
			faults = fault.New(seed, assistloop.Operations())
			Expect(set([]string{"*=503:0.3"}, nil)).To(Succeed())
			for range 100 {
				struck = append(struck, faults.For(reply).Status != 0)
				for range others {
					faults.For(list)
				}
			}
			return struck
		}
		Expect(pattern(1, 0)).To(Equal(pattern(1, 3)))
		Expect(pattern(1, 0)).NotTo(Equal(pattern(2, 0)))
	})

	It("for all operations strike those whose contract has the status", func() {
		Expect(set([]string{"*=422"}, nil)).To(Succeed())
		Expect(faults.For(list).Status).To(Equal(422))
		Expect(faults.For(token).Status).To(BeZero())
	})

	It("of several rules try each in order", func() {
		Expect(set([]string{"reply=503:0.5", "*=500"}, nil)).To(Succeed())
		seen := map[int]int{}
		for range 1000 {
			seen[faults.For(reply).Status]++
		}
		Expect(seen).To(HaveLen(2))
		Expect(seen[503]).To(BeNumerically("~", 500, 80))
		Expect(seen[500]).To(Equal(1000 - seen[503]))
	})

	It("delay an operation, by its own latency before that of all", func() {
		Expect(set(nil, []string{"list=200ms", "*=10ms"})).To(Succeed())
		Expect(faults.For(list).Latency).To(Equal(200 * time.Millisecond))
		Expect(faults.For(reply).Latency).To(Equal(10 * time.Millisecond))
	})

	It("can be added to, and taken away", func() {
		Expect(set([]string{"reply=503"}, nil)).To(Succeed())
		rule, err := fault.ParseRule("list=500:0.25")
		Expect(err).NotTo(HaveOccurred())
		Expect(faults.Add([]fault.Rule{rule}, nil)).To(Succeed())
		rules, _ := faults.Rules()
		Expect(rules).To(HaveLen(2))
		Expect(rules[1].String()).To(Equal("list=500:0.25"))
		Expect(faults.Set(nil, nil)).To(Succeed())
		Expect(faults.For(reply)).To(Equal(fault.Trouble{}))
	})

	It("stay as they are when a new rule is wrong", func() {
		Expect(set([]string{"reply=503"}, nil)).To(Succeed())
		Expect(set([]string{"list=500", "nonsense=500"}, nil)).NotTo(Succeed())
		Expect(faults.For(reply).Status).To(Equal(503))
		Expect(faults.For(list).Status).To(BeZero())
	})

	DescribeTable("refuse a rule, saying what was expected", func(rule, latency, message string) {
		var rules, latencies []string
		if rule != "" {
			rules = []string{rule}
		}
		if latency != "" {
			latencies = []string{latency}
		}
		Expect(set(rules, latencies)).To(MatchError(ContainSubstring(message)))
	},
		Entry("without a status", "reply", "", "expected OPERATION=STATUS:PROBABILITY"),
		Entry("with a status that is no error", "reply=200", "", "from 400 to 599"),
		Entry("with a probability of nothing", "reply=503:0", "", "above 0 and up to 1"),
		Entry("with a probability above one", "reply=503:2", "", "above 0 and up to 1"),
		Entry("with no number for a probability", "reply=503:NaN", "", "above 0 and up to 1"),
		Entry("for a mistyped operation", "repyl=503", "", `unknown operation "repyl": did you mean reply?`),
		Entry("for an operation like no other", "frobnicate=503", "", "the operations are list, sample, close"),
		Entry("with a status the contract has not", "reply=418", "", "the contract has no 418 for it: it has 400, 401"),
		Entry("of latency without a duration", "", "list", "expected OPERATION=DURATION"),
		Entry("of latency with a bad duration", "", "list=soon", "above zero and up to 5m0s"),
		Entry("of latency for a mistyped operation", "", "lisst=1s", "did you mean list?"),
	)
})

var _ = DescribeTable("The preferred status of a request", func(status int, asked bool, headers ...string) {
	got, ok := fault.Preferred(headers)
	Expect(ok).To(Equal(asked))
	Expect(got).To(Equal(status))
},
	Entry("is none without a header", 0, false),
	Entry("is named by code", 503, true, "code=503"),
	Entry("may stand among others", 429, true, "respond-async, code=429; wait=1"),
	Entry("may be quoted and spaced", 500, true, ` Code = "500"`),
	Entry("counts the first time", 500, true, "code=500", "code=503"),
	Entry("is none when it is no number", 0, false, "code=soon"),
)

func FuzzRules(f *testing.F) {
	f.Add("reply=503:0.1")
	f.Add("*=200ms")
	f.Fuzz(func(t *testing.T, text string) {
		if rule, err := fault.ParseRule(text); err == nil {
			if again, err := fault.ParseRule(rule.String()); err != nil || again != rule {
				t.Fatalf("%q reads as %v, which reads as %v, %v", text, rule, again, err)
			}
			fault.New(1, assistloop.Operations()).Set([]fault.Rule{rule}, nil)
		}
		if delay, err := fault.ParseDelay(text); err == nil {
			if again, err := fault.ParseDelay(delay.String()); err != nil || again != delay {
				t.Fatalf("%q reads as %v, which reads as %v, %v", text, delay, again, err)
			}
		}
		fault.Preferred([]string{text})
	})
}

func BenchmarkFor(b *testing.B) {
	rule, _ := fault.ParseRule("reply=503:0.1")
	for name, rules := range map[string][]fault.Rule{"off": nil, "on": {rule}} {
		b.Run(name, func(b *testing.B) {
			faults := fault.New(7, assistloop.Operations())
			faults.Set(rules, nil)
			b.ReportAllocs()
			for b.Loop() {
				faults.For(reply)
			}
		})
	}
}
