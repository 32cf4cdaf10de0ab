package fault_test

import (
	"encoding/json"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/fault"
)

var _ = Describe("A rule", func() {
	DescribeTable("reads the same as text, as an object, and as it is written again", func(text, object string) {
		short, err := fault.ParseRule(text)
		Expect(err).NotTo(HaveOccurred())
		long, err := fault.ParseRule(object)
		Expect(err).NotTo(HaveOccurred())
		Expect(long.String()).To(Equal(short.String()))
		again, err := fault.ParseRule(short.String())
		Expect(err).NotTo(HaveOccurred())
		Expect(again.String()).To(Equal(short.String()))
		written, err := json.Marshal(short)
		Expect(err).NotTo(HaveOccurred())
		var read fault.Rule
		Expect(json.Unmarshal(written, &read)).To(Succeed())
		Expect(read.String()).To(Equal(short.String()))
	},
		Entry(nil, "reply=503", `{"match": {"operation": "reply"}, "act": {"status": 503}}`),
		Entry(nil, "reply=503:0.1", `{"match": {"operation": "reply", "probability": 0.1}, "act": {"status": "503"}}`),
		Entry(nil, "*=429,retry_after=5:nth=3", `{"match": {"nth": 3}, "act": {"status": 429, "retry_after": 5}}`),
		Entry(nil, "list=latency=100ms..300ms", `{"match": {"operation": "list"}, "act": {"latency": "100ms..300ms"}}`),
		Entry(nil, "list=latency=1s~0.2s,slow_body=2s", `{"match": {"operation": "list"}, "act": {"latency": "1s~200ms", "slow_body": "2s"}}`),
		Entry(nil, "reply=drop:grant=main,0.5", `{"match": {"operation": "reply", "grant": "main", "probability": 0.5}, "act": {"drop": "before"}}`),
		Entry(nil, "reply=drop=after", `{"act": {"drop": "after"}, "match": {"operation": "reply"}}`),
		Entry(nil, "*=timeout", `{"act": {"timeout": true}}`),
		Entry(nil, "*=500,body=truncated:path=/v1/**", `{"match": {"path": "/v1/**"}, "act": {"status": 500, "body": "truncated"}}`),
		Entry(nil, "new_conversation=duplicate:attempt=1", `{"match": {"event": "new_conversation", "attempt": 1}, "act": {"duplicate": true}}`),
		Entry(nil, "deliveries=together", `{"act": {"together": true}}`),
		Entry(nil, "deliveries=drop:0.5", `{"match": {"event": "*", "probability": 0.5}, "act": {"drop": true}}`),
		Entry(nil, "deliveries=repeat=30s,timestamp=old", `{"act": {"repeat": "30s", "timestamp": "1h"}}`),
	)

	It("that text cannot say is written as an object", func() {
		const object = `{"act":{"status":503},"match":{"body":{"content":"a"},"header":{"X-A":"b"},"operation":"reply"}}`
		rule, err := fault.ParseRule(object)
		Expect(err).NotTo(HaveOccurred())
		Expect(rule.String()).To(MatchJSON(object))
		Expect(json.Marshal(rule)).To(MatchJSON(object))
	})

	DescribeTable("is refused on one line, saying what was expected:", func(text, message string) {
		rule, err := fault.ParseRule(text)
		if err == nil {
			err = fault.New(7, contract).Set([]fault.Rule{rule}, nil)
		}
		Expect(err).To(MatchError(And(ContainSubstring(message), Not(ContainSubstring("\n")))))
	},
		Entry("no status", "reply", "expected OPERATION=STATUS:PROBABILITY"),
		Entry("nothing", "reply=", "from 400 to 599"),
		Entry("a status that is no error", "reply=200", "from 400 to 599"),
		Entry("a probability of nothing", "reply=503:0", "above 0 and up to 1"),
		Entry("a probability above one", "reply=503:2", "above 0 and up to 1"),
		Entry("no number for a probability", "reply=503:NaN", "above 0 and up to 1"),
		Entry("a mistyped operation", "repyl=503", `unknown operation "repyl": did you mean reply?`),
		Entry("an operation like no other", "frobnicate=503", "the operations are list, sample, close"),
		Entry("a status the contract has not", "reply=418", "the contract has no 418 for it: it has 400, 401"),
		Entry("a mistyped event", "new_conversatoin=drop", `unknown event "new_conversatoin": did you mean new_conversation?`),
		Entry("an event like no other", "no_such_thing_at_all=drop", "the events are new_conversation, human_handoff_required"),
		Entry("a mistyped act", "reply=latensy=1s", `unknown key of act "latensy": did you mean latency?`),
		Entry("a mistyped condition", "reply=503:evry=2", `unknown key of match "evry": did you mean every?`),
		Entry("a mistyped grant", "reply=503:grant=mian", `grant: unknown grant "mian": did you mean main?`),
		Entry("an empty word", "reply=503:path=", "path: expected a value"),
		Entry("a mistyped key", `{"mach": {}, "act": {"status": 503}}`, `unknown key "mach": did you mean match?`),
		Entry("a mistyped key of act", `{"act": {"statsu": 503}}`, `unknown key "statsu": did you mean status?`),
		Entry("a mistyped value", "reply=drop=befor", `drop: unknown value "befor": did you mean before?`),
		Entry("a mistyped example", "list=example=dropdwon", `unknown example "dropdwon": did you mean dropdown?`),
		Entry("an example where there is none", "token=example=x", "the contract has no examples of token"),
		Entry("a key twice", "reply=503,status=500", "status comes twice"),
		Entry("a key twice in an object", `{"act": {"status": 503, "status": 500}}`, `the key "status" comes twice`),
		Entry("something after an object", `{"act": {"status": 503}} x`, "after the JSON object"),
		Entry("half an object", `{"act": {"status": 503`, "ends too early"),
		Entry("no object", `{"act": 503}`, "expected a JSON object with status, example"),
		Entry("a list for a word", `{"match": {"path": []}, "act": {"status": 503}}`, "path: expected a string, a number or true"),
		Entry("an act of nothing", `{"match": {"operation": "reply"}}`, "it does nothing"),
		Entry("two ends", "reply=503,drop", "choose one of status or example, drop and timeout"),
		Entry("a retry_after without its status", "reply=503,retry_after=1", "goes with status 429"),
		Entry("a retry_after beyond the document", "reply=429,retry_after=61", "0 to 60 seconds"),
		Entry("the body of no answer", "reply=drop,body=empty", "need an answer"),
		Entry("a slow empty body", "reply=slow_body=1s,body=empty", "not slow"),
		Entry("an hour of latency", "list=latency=1h", "up to 5m0s"),
		Entry("bounds in the wrong order", "list=latency=2s..1s", "as in 200ms, 100ms..300ms or 200ms~50ms"),
		Entry("an hour without an answer", "list=timeout=1h", "up to 5m0s"),
		Entry("a path of a body that is none", `{"match": {"body": {"a[x]": 1}}, "act": {"status": 503}}`, "such as data.items[0].name"),
		Entry("an act on requests for an event", "new_conversation=503", "status is for requests and event for deliveries"),
		Entry("an act on deliveries for an operation", "reply=duplicate", "operation is for requests and duplicate for deliveries"),
		Entry("a delivery dropped halfway", "deliveries=drop=after", "expected true, not after"),
		Entry("a delivery dropped and sent twice", "deliveries=drop,duplicate", "never arrives"),
		Entry("a delivery reordered and delayed", "deliveries=reorder,delay=1s", "choose one of reorder and delay"),
		Entry("too many copies", "deliveries=duplicate=11", "from 1 to 10"),
		Entry("a flag that is not true", "deliveries=reorder=yes", "reorder: expected true"),
	)

	DescribeTable("of latency alone is refused, too:", func(text, message string) {
		delay, err := fault.ParseDelay(text)
		if err == nil {
			err = fault.New(7, contract).Set(nil, []fault.Delay{delay})
		}
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("no duration", "list", "expected OPERATION=DURATION"),
		Entry("a bad duration", "list=soon", "above zero and up to 5m0s"),
		Entry("a mistyped operation", "lisst=1s", "did you mean list?"),
	)
})

var _ = Describe("What one request asks for", func() {
	op := func(id string) int {
		for i := range contract.Operations {
			if contract.Operations[i].ID == id {
				return i
			}
		}
		panic(id)
	}

	DescribeTable("by Prefer", func(id string, status int, complaint string, headers ...string) {
		trouble, err := fault.ParsePrefer(headers).Of(&contract.Operations[op(id)])
		if complaint != "" {
			Expect(err).To(MatchError(ContainSubstring(complaint)))
			return
		}
		Expect(err).NotTo(HaveOccurred())
		Expect(trouble.Status).To(Equal(status))
	},
		Entry("is nothing without a header", reply, 0, ""),
		Entry("is named by code", reply, 503, "", "code=503"),
		Entry("may stand among others", reply, 429, "", "respond-async, code=429; wait=1"),
		Entry("may be quoted and spaced", reply, 500, "", ` Code = "500"`),
		Entry("counts the first time", reply, 500, "", "code=500", "code=503"),
		Entry("is an error when it is no number", reply, 0, `expected a status, as in code=503, not "soon"`, "code=soon"),
		Entry("is an error when the contract has none", reply, 0, "the contract has no 418 for it", "code=418"),
		Entry("lets what is no error pass", reply, 0, "", "code=200"),
		Entry("is named by example", list, 200, "", "example=dropdown"),
		Entry("is named by both", reply, 404, "", "example=documented, code=404"),
		Entry("is an error when the example has another name", list, 0, "did you mean dropdown?", "example=dropdow"),
		Entry("is an error when another status has the example", list, 0, `unknown example "dropdown": there is simulated`, "code=422, example=dropdown"),
	)

	It("by Parley-Fault is the act of a rule", func() {
		for _, text := range []string{"429,retry_after=7", `{"status": 429, "retry_after": 7}`} {
			act, err := fault.ParseAct(text)
			Expect(err).NotTo(HaveOccurred())
			Expect(act.String()).To(Equal("429,retry_after=7"))
		}
		_, err := fault.ParseAct("duplicate")
		Expect(err).To(MatchError(ContainSubstring("operation is for requests and duplicate for deliveries")))
		_, err = fault.ParseAct("")
		Expect(err).To(MatchError(ContainSubstring("from 400 to 599")))
	})
})

func FuzzRules(f *testing.F) {
	for _, text := range []string{
		"reply=503:0.1", "*=200ms", "list=latency=1s~1ms:every=2", "deliveries=repeat=1s..2s:attempt=1", "code=503, example=x",
		`{"match":{"path":"/**","body":{"a[0].b":null},"header":{"a":"*"}},"act":{"drop":"after"}}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if rule, err := fault.ParseRule(text); err == nil {
			if again, err := fault.ParseRule(rule.String()); err != nil || again.String() != rule.String() {
				t.Fatalf("%q reads as %v, which reads as %v, %v", text, rule, again, err)
			}
			faults := fault.New(1, contract)
			if faults.Set([]fault.Rule{rule}, nil) == nil {
				faults.For(request{operation: list, path: text, body: text})
				faults.ForDelivery(nth(1))
			}
		}
		if delay, err := fault.ParseDelay(text); err == nil {
			if again, err := fault.ParseDelay(delay.String()); err != nil || again != delay {
				t.Fatalf("%q reads as %v, which reads as %v, %v", text, delay, again, err)
			}
		}
		if act, err := fault.ParseAct(text); err == nil {
			if again, err := fault.ParseAct(act.String()); err != nil || again.String() != act.String() {
				t.Fatalf("%q reads as %v, which reads as %v, %v", text, act, again, err)
			}
		}
		_, _ = fault.ParsePrefer([]string{text}).Of(&contract.Operations[0])
	})
}
