package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/comparison"
)

// exampleChanges compares a run with the example, which has one change of each kind.
func exampleChanges() Compared {
	GinkgoHelper()
	before := example()
	before.Findings = append([]conformance.Finding{}, before.Findings...)
	outcomes := map[string]conformance.Outcome{
		"list-conversations/unauthenticated": conformance.Pass, "list-agents/envelope": conformance.Pass, "get-me/schema": conformance.Fail,
		"list-agents/uuid-equals-id": conformance.Pass, "webhooks/retry": conformance.Pass, "webhooks/signature": conformance.Pass,
		"list-agents/content-type": conformance.Skipped,
	}
	for i, f := range before.Findings {
		if outcome, ok := outcomes[f.Requirement]; ok {
			before.Findings[i].Outcome = outcome
		}
	}
	before.Findings = append(before.Findings[:len(before.Findings)-1], conformance.Finding{Requirement: "gone/with-a|`<b>`", Level: "MUST", Outcome: conformance.Pass})
	c, err := comparison.Compare(before, example(), false)
	Expect(err).NotTo(HaveOccurred())
	return Compared{c}
}

var _ = DescribeTable("A comparison reads as it did when somebody last looked", func(file string, write func(*bytes.Buffer) error) {
	var b bytes.Buffer
	Expect(write(&b)).To(Succeed())
	golden(file, b.String())
},
	Entry("as JSON", "compared.json", func(b *bytes.Buffer) error { return exampleChanges().Write(b, "json") }),
	Entry("as Markdown", "compared.md", func(b *bytes.Buffer) error { return exampleChanges().Write(b, "markdown") }),
	Entry("at a terminal", "compared.txt", func(b *bytes.Buffer) error { return exampleChanges().Terminal(b, false) }),
)

var _ = Describe("A JSON report", func() {
	It("is read as it was written", func() {
		r, err := Read(strings.NewReader(written("json", example())))
		Expect(err).NotTo(HaveOccurred())
		Expect(r).To(Equal(complete(example())))
	})

	It("is refused when it is larger than any is", func() {
		_, err := readWithin(strings.NewReader(written("json", example())), 1000)
		Expect(err).To(MatchError("expected a report of at most 1000 bytes"))
	})

	with := func(edit func(report map[string]any)) string {
		GinkgoHelper()
		var report map[string]any
		Expect(json.Unmarshal([]byte(written("json", example())), &report)).To(Succeed())
		edit(report)
		text, err := json.Marshal(report)
		Expect(err).NotTo(HaveOccurred())
		return string(text)
	}
	finding := func(key string, value any) string {
		GinkgoHelper()
		return with(func(report map[string]any) { report["findings"].([]any)[2].(map[string]any)[key] = value })
	}
	DescribeTable("is refused when it is none", func(text func() string, want string) {
		_, err := Read(strings.NewReader(text()))
		Expect(err).To(MatchError(ContainSubstring(want)))
		Expect(err.Error()).NotTo(ContainSubstring("\n"))
	},
		Entry(nil, func() string { return "" }, "expected a JSON report"),
		Entry(nil, func() string { return "<html>" }, "expected a JSON report"),
		Entry(nil, func() string { return "{}" }, "schema 1, came 0"),
		Entry(nil, func() string { return written("json", example()) + "{}" }, "expected a JSON report"),
		Entry(nil, func() string { return with(func(r map[string]any) { r["schema"] = 2 }) }, "schema 1, came 2"),
		Entry(nil, func() string { return with(func(r map[string]any) { r["colour"] = 2 }) }, `unknown field "colour"`),
		Entry(nil, func() string { return with(func(r map[string]any) { r["verdict"] = "good" }) }, `unknown verdict "good"`),
		Entry(nil, func() string { return with(func(r map[string]any) { r["contract"] = "" }) }, "no contract"),
		Entry(nil, func() string { return finding("requirement", "get-me/schema") }, `"get-me/schema" stands twice`),
		Entry(nil, func() string { return finding("requirement", "") }, "finding 3 names no requirement"),
		Entry(nil, func() string { return finding("requirement", "a\nb") }, `finding 3 names no requirement: "a\nb"`),
		Entry(nil, func() string { return finding("outcome", "meh") }, `unknown outcome "meh"`),
		Entry(nil, func() string { return finding("level", "MAY") }, `unknown level "MAY"`),
	)
})

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"schema":1,"contract":"c","started":"2026-01-02T03:04:00Z","verdict":"conforms","findings":[{"requirement":"a","level":"MUST","outcome":"pass"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		c, err := comparison.Compare(r, r, false)
		if err == nil && c.Worse() {
			t.Fatal("a report is worse than itself")
		}
		if err := (Compared{c}).Terminal(&bytes.Buffer{}, false); err != nil {
			t.Fatal(err)
		}
	})
}
