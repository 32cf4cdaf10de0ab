package fault_test

import (
	"encoding/json"
	"fmt"
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
	start = "new_conversation"
)

var contract = fault.Contract{Operations: assistloop.Operations(), Events: assistloop.Events()}

// request is one as a rule sees it: of an operation, and what else a test says.
type request struct {
	operation, path string
	header          map[string][]string
	body            string
	caller          fault.Caller
}

func (r request) Operation() string           { return r.operation }
func (r request) Path() string                { return r.path }
func (r request) Header(name string) []string { return r.header[name] }
func (r request) Grant() fault.Caller         { return r.caller }
func (r request) Body() (value any)           { _ = json.Unmarshal([]byte(r.body), &value); return value }

func of(operation string) request { return request{operation: operation} }

// rules reads rules, which have to be good.
func rules(texts ...string) []fault.Rule {
	GinkgoHelper()
	rules, _, err := fault.ParseAll(texts, nil)
	Expect(err).NotTo(HaveOccurred())
	return rules
}

// started is a set of rules in force.
func started(seed uint64, texts ...string) *fault.Faults {
	GinkgoHelper()
	faults := fault.New(seed, contract)
	Expect(faults.Set(rules(texts...), nil)).To(Succeed())
	return faults
}

// status is the one that a request is answered with; 0 when it passes.
func status(t *fault.Trouble) int {
	if t == nil {
		return 0
	}
	return t.Status
}

func struck(faults *fault.Faults, r request, times int) (n int) {
	for range times {
		if faults.For(r) != nil {
			n++
		}
	}
	return n
}

var _ = Describe("Faults of requests", func() {
	It("do nothing unless asked", func() {
		Expect(fault.New(7, contract).For(of(list))).To(BeNil())
	})

	It("answer an operation with the documented error body of the status", func() {
		faults := started(7, "reply=429")
		Expect(faults.For(of(reply))).To(HaveValue(And(
			HaveField("Status", 429), HaveField("Body", `{"message":"Too Many Attempts.","retry_after":60}`), HaveField("Applied", "429"))))
		Expect(faults.For(of(list))).To(BeNil())
	})

	It("say when to come back, as the rule has it", func() {
		Expect(started(7, "reply=429,retry_after=5").For(of(reply)).Body).To(Equal(`{"message":"Too Many Attempts.","retry_after":5}`))
	})

	It("answer with one of the contract's examples", func() {
		Expect(started(7, "list=example=dropdown").For(of(list))).To(HaveValue(And(HaveField("Status", 200), HaveField("Body", ContainSubstring("John D")))))
		Expect(started(7, "reply=404,example=documented").For(of(reply)).Status).To(Equal(404))
	})

	It("take the operation's ID as well as its short name", func() {
		Expect(started(7, "reply-to-conversation=500").For(of(reply)).Status).To(Equal(500))
	})

	It("know every status of a documented range", func() {
		Expect(started(7, "reply=502").For(of(reply))).To(HaveValue(And(HaveField("Status", 502), HaveField("Body", ContainSubstring("Service unavailable")))))
	})

	It("strike about as often as asked", func() {
		Expect(struck(started(7, "reply=503:0.1"), of(reply), 10_000)).To(BeNumerically("~", 1000, 100))
	})

	It("strike the same requests for the same seed, whatever other operations do meanwhile", func() {
		pattern := func(seed uint64, others int) (pattern []int) {
			faults := started(seed, "*=503:0.3", "*=latency=1ms..9ms:0.5")
			for range 100 {
				t := faults.For(of(reply))
				if t == nil {
					t = &fault.Trouble{}
				}
				pattern = append(pattern, t.Status, int(t.Latency))
				struck(faults, of(list), others)
			}
			return pattern
		}
		Expect(pattern(1, 0)).To(Equal(pattern(1, 3)))
		Expect(pattern(1, 0)).NotTo(Equal(pattern(2, 0)))
	})

	It("for all operations strike those whose contract has the status", func() {
		faults := started(7, "*=422")
		Expect(status(faults.For(of(list)))).To(Equal(422))
		Expect(faults.For(of(token))).To(BeNil())
	})

	It("of several rules try each in order", func() {
		faults := started(7, "reply=503:0.5", "*=500")
		seen := map[int]int{}
		for range 1000 {
			seen[faults.For(of(reply)).Status]++
		}
		Expect(seen).To(HaveLen(2))
		Expect(seen[503]).To(BeNumerically("~", 500, 80))
		Expect(seen[500]).To(Equal(1000 - seen[503]))
	})

	DescribeTable("strike by number", func(conditions string, numbers ...int) {
		faults := started(7, "reply=503:"+conditions)
		var hit []int
		for n := 1; n <= 12; n++ {
			if faults.For(of(reply)) != nil {
				hit = append(hit, n)
			}
		}
		Expect(hit).To(Equal(numbers))
	},
		Entry("the nth", "nth=3", 3),
		Entry("each so manyth", "every=5", 5, 10),
		Entry("the first", "first=2", 1, 2),
		Entry("those after", "after=10", 11, 12),
		Entry("the first after some", "after=3,first=2", 4, 5),
		Entry("some of the first", "first=6,every=3", 3, 6),
	)

	DescribeTable("strike what they describe, and nothing else", func(match string, hit, missed request) {
		hit.operation, missed.operation = reply, reply
		faults := started(7, `{"match": `+match+`, "act": {"status": 503}}`)
		Expect(status(faults.For(hit))).To(Equal(503))
		Expect(faults.For(missed)).To(BeNil())
	},
		Entry("a path", `{"path": "/v1/*/reply"}`, request{path: "/v1/a/reply"}, request{path: "/v1/a/b/reply"}),
		Entry("any depth of a path", `{"path": "/**/reply"}`, request{path: "/v1/a/b/reply"}, request{path: "/v1/a/replies"}),
		Entry("the mock's own token", `{"grant": "main"}`, request{caller: fault.Caller{Grant: "grant-1", Main: true}}, request{caller: fault.Caller{Grant: "grant-2"}}),
		Entry("any other token", `{"grant": "issued"}`, request{caller: fault.Caller{Grant: "grant-2"}}, request{}),
		Entry("no token", `{"grant": "none"}`, request{}, request{caller: fault.Caller{Grant: "grant-2"}}),
		Entry("a grant", `{"grant": "grant-2"}`, request{caller: fault.Caller{Grant: "grant-2"}}, request{caller: fault.Caller{Grant: "grant-3"}}),
		Entry("an account", `{"grant": "usr_1"}`, request{caller: fault.Caller{Grant: "g", Account: "usr_1"}}, request{caller: fault.Caller{Grant: "g", Account: "usr_2"}}),
		Entry("a header", `{"header": {"user-agent": "zap*"}}`, request{header: map[string][]string{"User-Agent": {"zapier"}}}, request{header: map[string][]string{"User-Agent": {"make"}}}),
		Entry("a field of the body", `{"body": {"content": "hello"}}`, request{body: `{"content":"hello"}`}, request{body: `{"content":"hello!"}`}),
		Entry("a null in the body", `{"body": {"a.b[1].c": null}}`, request{body: `{"a":{"b":[0,{"c":null}]}}`}, request{body: `{"a":{"b":[0,{}]}}`}),
		Entry("a number in the body", `{"body": {"[0][1]": 2.5}}`, request{body: `[[1,2.5]]`}, request{body: `[[1]]`}),
	)

	It("count what they describe alone", func() {
		faults := started(7, `{"match": {"operation": "reply", "grant": "main", "nth": 2}, "act": {"status": 503}}`)
		main := request{operation: reply, caller: fault.Caller{Grant: "g", Main: true}}
		Expect([]int{status(faults.For(main)), status(faults.For(of(reply))), status(faults.For(main))}).To(Equal([]int{0, 0, 503}))
	})

	It("delay an operation, by its own latency before that of all", func() {
		faults := fault.New(7, contract)
		_, delays, err := fault.ParseAll(nil, []string{"list=1s", "list=200ms", "*=10ms"})
		Expect(err).NotTo(HaveOccurred())
		Expect(faults.Set(nil, delays)).To(Succeed())
		Expect(faults.For(of(list)).Latency).To(Equal(200 * time.Millisecond))
		Expect(faults.For(of(reply))).To(HaveValue(And(HaveField("Latency", 10*time.Millisecond), HaveField("Applied", "latency=10ms"))))
	})

	It("delay and then decide, each by the first rule that does", func() {
		t := started(7, "reply=latency=5ms", "reply=503,latency=7ms", "reply=500").For(of(reply))
		Expect(t).To(HaveValue(And(HaveField("Latency", 5*time.Millisecond), HaveField("Status", 503), HaveField("Applied", "503,latency=5ms"))))
	})

	It("spread a latency as asked", func() {
		for text, mean := range map[string]time.Duration{"100ms..300ms": 200 * time.Millisecond, "200ms~20ms": 200 * time.Millisecond} {
			faults := started(7, "list=latency="+text)
			var sum, least, most time.Duration
			least = time.Hour
			for range 2000 {
				d := faults.For(of(list)).Latency
				sum, least, most = sum+d, min(least, d), max(most, d)
			}
			Expect(sum/2000).To(BeNumerically("~", mean, 5*time.Millisecond), text)
			Expect(least).To(BeNumerically(">=", 100*time.Millisecond), text)
			Expect(most).To(And(BeNumerically("<=", 300*time.Millisecond), BeNumerically(">", least+50*time.Millisecond)), text)
		}
	})

	It("can be added to, which lets the others go on counting, and taken away", func() {
		faults := started(7, "reply=503:nth=2")
		Expect(faults.For(of(reply))).To(BeNil())
		Expect(faults.Add(rules("list=500:0.25"), nil)).To(Succeed())
		Expect(status(faults.For(of(reply)))).To(Equal(503))
		inForce, _ := faults.Rules()
		Expect(fmt.Sprint(inForce)).To(Equal("[reply=503:nth=2 list=500:0.25]"))
		Expect(faults.Set(nil, nil)).To(Succeed())
		Expect(faults.For(of(reply))).To(BeNil())
	})

	It("stay as they are when any new rule is wrong", func() {
		faults := started(7, "reply=503")
		Expect(faults.Set(rules("list=500", "nonsense=500"), nil)).NotTo(Succeed())
		Expect(faults.Add(rules("list=500", "new_conversatoin=drop"), nil)).NotTo(Succeed())
		Expect(status(faults.For(of(reply)))).To(Equal(503))
		Expect(faults.For(of(list))).To(BeNil())
	})
})

func BenchmarkFor(b *testing.B) {
	rule, _ := fault.ParseRule("reply=503:0.1")
	matching, _ := fault.ParseRule("reply=503:0.1,path=/v1/**/reply")
	for name, rules := range map[string][]fault.Rule{"off": nil, "on": {rule}, "path": {matching}} {
		b.Run(name, func(b *testing.B) {
			faults := fault.New(7, contract)
			if err := faults.Set(rules, nil); err != nil {
				b.Fatal(err)
			}
			r := &request{operation: reply, path: "/v1/automation/conversations/c/reply"}
			b.ReportAllocs()
			for b.Loop() {
				faults.For(r)
			}
		})
	}
}
