package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// proofExample holds findings of each kind about a small document, some of whose lines are hostile.
func proofExample() Proof {
	lines := []string{
		"List Conversations",
		"per_page | integer | No | Conversations per page (default: 25).",
		strings.Repeat("long ", 40) + "max 300 characters, " + strings.Repeat("and more ", 20),
		"📊 total: 47",
		`status | boolean | ` + hostile,
		`"status": "open"`,
		"per_page | number | No | Number of results (default: 100)",
	}
	at := func(line int, text string) int { // the column, in characters
		before, _, _ := strings.Cut(lines[line-1], text)
		return len([]rune(before)) + 1
	}
	return Proof{
		Document: &document.Document{Name: "docs/an api.md", Lines: lines},
		Rules: []document.Rule{
			{Name: "default-drift", Kind: document.Drift, Summary: "Defaults are the contract's.", Help: "Correct the document, or the contract."},
			{Name: "bound-drift", Kind: document.Drift, Summary: "Bounds are the contract's."},
			{Name: "example-type", Kind: document.Contradiction, Summary: "Examples are of their table's types.", Help: "Correct one of them."},
			{Name: "default-contradiction", Kind: document.Contradiction, Summary: "A parameter has one default."},
			{Name: "order-gap", Kind: document.Gap, Summary: "Lists state their order."},
			{Name: "method-drift", Kind: document.Drift, Summary: "Methods are the contract's."},
		},
		Report: document.Report{
			Schema: 1, Contract: "assistloop", Document: "docs/an api.md", Matched: 412,
			Findings: []document.Finding{
				{Kind: document.Gap, Rule: "order-gap", Section: "List Conversations", Subject: "list-conversations", Message: "the order is never stated"},
				{Kind: document.Drift, Rule: "default-drift", Line: 2, Column: at(2, "25"), Width: 2, Subject: "list-conversations per_page",
					Message: "expected the contract's default 20, seen 25", Document: "25", Contract: "20"},
				{Kind: document.Drift, Rule: "bound-drift", Line: 3, Column: at(3, "300"), Width: 3, Subject: "subscribe external_id",
					Message: "expected at most 255 characters, seen 300", Document: "300", Contract: "255"},
				{Kind: document.Contradiction, Rule: "example-type", Line: 6, Column: at(6, `"open"`), Width: 6, Section: "List Conversations", Subject: "list-conversations status",
					Message: "the example is a string, its table says boolean", Document: "string", Contract: "boolean", Other: 5},
				{Kind: document.Known, Rule: "default-contradiction", Line: 7, Column: at(7, "100"), Width: 3, Subject: "list-conversations per_page",
					Message: "two defaults: 100 and 20", Document: "100", Contract: "20", Other: 2, Reading: "AL-60"},
				{Kind: document.Drift, Rule: "default-drift", Line: 4, Column: 1, Width: 1, Subject: "list-conversations per_page",
					Message: "seen " + hostile, Document: "25", Contract: "20"},
				{Kind: document.Note, Rule: "heading", Line: 1, Message: "the heading is new"},
			},
		},
	}
}

func proofWritten(format string, p Proof) string {
	var b bytes.Buffer
	ExpectWithOffset(1, p.Write(&b, format)).To(Succeed())
	return b.String()
}

func proofOnTerminal(p Proof, colour bool) string {
	var b bytes.Buffer
	ExpectWithOffset(1, p.Terminal(&b, colour)).To(Succeed())
	return b.String()
}

var _ = DescribeTable("A proof reads as it did when somebody last looked", func(file string, write func() string) {
	golden(file, write())
},
	Entry("as SARIF", "proof.sarif", func() string { return proofWritten("sarif", proofExample()) }),
	Entry("as JSON", "proof.json", func() string { return proofWritten("json", proofExample()) }),
	Entry("as JUnit", "proof.xml", func() string { return proofWritten("junit", proofExample()) }),
	Entry("as Markdown", "proof.md", func() string { return proofWritten("markdown", proofExample()) }),
	Entry("at a terminal", "proof.txt", func() string { return proofOnTerminal(proofExample(), false) }),
)

var _ = Describe("A proof in SARIF", func() {
	log := func(p Proof) sarifLog {
		var log sarifLog
		decoder := json.NewDecoder(strings.NewReader(proofWritten("sarif", p)))
		decoder.DisallowUnknownFields()
		ExpectWithOffset(1, decoder.Decode(&log)).To(Succeed())
		ExpectWithOffset(1, log.Runs).To(HaveLen(1))
		return log
	}
	prints := func(p Proof) []string {
		var all []string
		for _, result := range log(p).Runs[0].Results {
			all = append(all, result.RuleID+" "+result.Fingerprints["primaryLocationLineHash"])
		}
		slices.Sort(all)
		return all
	}

	It("has what code scanning asks of a file", func() {
		log := log(proofExample())
		run := log.Runs[0]
		Expect(log.Version).To(Equal("2.1.0"))
		Expect(log.Schema).To(HavePrefix("https://"))
		Expect(run.Tool.Driver.Name).NotTo(BeEmpty())
		Expect(run.Automation.ID).To(HaveSuffix("/"))
		ids := map[string]bool{}
		for _, rule := range run.Tool.Driver.Rules {
			Expect(ids).NotTo(HaveKey(rule.ID))
			ids[rule.ID] = true
			Expect([]string{rule.Short.Text, rule.Full.Text, rule.Help.Text}).NotTo(ContainElement(BeEmpty()), rule.ID)
			Expect(rule.Default.Level).To(BeElementOf("error", "warning", "note", "none"))
		}
		for _, result := range run.Results {
			Expect(run.Tool.Driver.Rules[result.RuleIndex].ID).To(Equal(result.RuleID))
			Expect(result.Level).To(BeElementOf("error", "note"))
			Expect(result.Message.Text).NotTo(BeEmpty())
			Expect(result.Locations).To(HaveLen(1))
			for _, at := range append(result.Locations, result.Related...) {
				region := at.Physical.Region
				Expect(region.StartLine).To(BeNumerically(">=", 1))
				if region.StartColumn != 0 {
					Expect(region.EndColumn).To(BeNumerically(">", region.StartColumn))
				}
				uri, err := url.Parse(at.Physical.Artifact.URI)
				Expect(err).NotTo(HaveOccurred())
				Expect(uri.IsAbs()).To(BeFalse())
				Expect(uri.Path).NotTo(HavePrefix("/"))
			}
		}
	})

	It("makes errors of what decides, and notes of the rest", func() {
		levels := map[string]int{}
		for _, result := range log(proofExample()).Runs[0].Results {
			levels[result.Level]++
		}
		Expect(levels).To(Equal(map[string]int{"error": proofExample().Report.Errors(), "note": 3}))
	})

	It("tells every finding from every other by its fingerprint", func() {
		all := prints(proofExample())
		Expect(slices.Compact(slices.Clone(all))).To(HaveLen(len(all)))
	})

	It("keeps fingerprints when lines move and are worded anew", func() {
		moved := proofExample()
		for i := range moved.Report.Findings {
			f := &moved.Report.Findings[i]
			f.Line, f.Column, f.Message = f.Line+3, f.Column+1, "in other words"
		}
		Expect(prints(moved)).To(Equal(prints(proofExample())))
	})

	It("takes another fingerprint when a value changes", func() {
		changed := proofExample()
		changed.Report.Findings[2].Document = "301"
		Expect(prints(changed)).NotTo(Equal(prints(proofExample())))
	})

	DescribeTable("names the document as within the checkout", func(name, uri string) {
		Expect(relativeURI(name)).To(Equal(uri))
	},
		Entry("a file below", "docs/an api.md", "docs/an%20api.md"),
		Entry("a file by its full path", must(filepath.Abs("testdata/proof.md")), "testdata/proof.md"),
		Entry("a page of the web", "https://docs.example.com/api/make?x=1#top", "docs.example.com/api/make"),
		Entry("what was piped in", "-", "stdin"),
	)
})

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

var _ = Describe("A proof in JUnit", func() {
	parse := func(p Proof) junitSuite {
		var suites junitSuites
		ExpectWithOffset(1, xml.Unmarshal([]byte(proofWritten("junit", p)), &suites)).To(Succeed())
		return suites.Suites[0]
	}

	It("fails for errors, skips what is known, passes the rest", func() {
		suite := parse(proofExample())
		Expect([]int{suite.Tests, suite.Failures, suite.Errors, suite.Skipped}).To(Equal([]int{len(suite.Cases), 3, 0, 1}))
	})

	It("has one test case for each rule and subject", func() {
		names := map[string]bool{}
		for _, c := range parse(proofExample()).Cases {
			Expect(names).NotTo(HaveKey(c.Name))
			names[c.Name] = true
		}
		Expect(names).To(HaveKey("default-drift list-conversations per_page"))
		Expect(names).To(HaveKey("method-drift"), "a rule that found nothing")
	})

	It("has a test case even when there is nothing to say", func() {
		suite := parse(Proof{Report: document.Report{Contract: "assistloop", Matched: 1}})
		Expect([]int{suite.Tests, suite.Failures, suite.Errors}).To(Equal([]int{1, 0, 0}))
	})

	It("is in error when the document is of something else", func() {
		Expect(parse(Proof{Report: document.Report{Contract: "assistloop"}}).Errors).To(Equal(1))
	})
})

var _ = Describe("A proof in JSON", func() {
	It("has the published keys, and counts every kind, also those that did not occur", func() {
		var got map[string]any
		Expect(json.Unmarshal([]byte(proofWritten("json", Proof{Report: document.Report{Contract: "c"}})), &got)).To(Succeed())
		Expect(got).To(HaveKeyWithValue("schema", BeNumerically("==", 1)))
		Expect(got).To(HaveKeyWithValue("verdict", "not-judged"))
		Expect(got["findings"]).To(BeEmpty())
		Expect(got["findings"]).NotTo(BeNil())
		Expect(got["counts"]).To(HaveLen(5))
	})
})

var _ = Describe("A proof in Markdown", func() {
	It("obeys nothing that the document says", func() {
		page := proofWritten("markdown", proofExample())
		Expect(page).NotTo(ContainSubstring("\n# not a heading"))
		outside := strings.Join(strings.Split(page, "```")[0:1], "")
		Expect(outside).NotTo(ContainSubstring("<img"))
	})
})

var _ = Describe("A proof at a terminal", func() {
	It("points at what is wrong, also in a long line, and below what is wide", func() {
		text := strings.Split(proofOnTerminal(proofExample(), false), "\n")
		seen := 0
		for i, line := range text {
			if mark := strings.Index(line, "^"); mark >= 0 {
				above := text[i-1]
				wide := strings.Count(above, "📊") // takes two columns
				runes := []rune(above)
				Expect(len(runes)).To(BeNumerically("<", 130))
				pointed := string(runes[mark : mark+strings.Count(line, "^")-wide])
				seen++
				Expect(pointed).To(BeElementOf("25", "300", `"open"`, "📊"))
			}
		}
		Expect(seen).To(Equal(4))
	})

	It("shows control characters of a document instead of obeying them", func() {
		Expect(proofOnTerminal(proofExample(), false)).NotTo(ContainSubstring("\x1b"))
	})

	It("has colour only when it is asked for", func() {
		coloured := proofOnTerminal(proofExample(), true)
		Expect(coloured).To(ContainSubstring(red + "DRIFT" + reset))
		for _, style := range []string{red, green, yellow, bold, faint, reset} {
			coloured = strings.ReplaceAll(coloured, style, "")
		}
		Expect(coloured).To(Equal(proofOnTerminal(proofExample(), false)))
	})

	It("folds what is known to one line each", func() {
		text := proofOnTerminal(proofExample(), false)
		Expect(text).To(MatchRegexp(`(?m)^known docs/an api.md:7:\d+ default-contradiction list-conversations per_page .*AL-60$`))
	})

	It("is two lines when all is well", func() {
		p := Proof{Report: document.Report{Contract: "assistloop", Matched: 412}}
		Expect(proofOnTerminal(p, false)).To(Equal("0 drift, 0 contradictions, 0 known, 0 gaps, 0 notes; 412 claims matched\n" +
			"assistloop: the document agrees with the contract\n"))
	})

	DescribeTable("never fails over a place that is none", func(column, width int) {
		for _, text := range []string{"", "short", strings.Repeat("long ", 50)} {
			shown, marks := excerpt(text, column, width)
			Expect(len([]rune(shown))).To(BeNumerically("<=", widest+2))
			Expect(strings.Count(marks, "^")).To(BeNumerically("<=", widest))
		}
	},
		Entry("before the line", -1, 3), Entry("behind it", 10_000, 1), Entry("too wide", 3, 10_000), Entry("of no width", 1, 0),
		Entry("at the end of a long line", 250, 5))
})

var _ = Describe("A file of a proof", func() {
	It("is written whole", func() {
		file := filepath.Join(GinkgoT().TempDir(), "a", "docs.sarif")
		Expect(proofExample().WriteFile(file, "sarif")).To(Succeed())
		Expect(os.ReadFile(file)).To(BeEquivalentTo(proofWritten("sarif", proofExample())))
	})

	It("fails with one clear line", func() {
		Expect(proofExample().WriteFile(filepath.Join(GinkgoT().TempDir(), "x"), "html")).To(MatchError(ContainSubstring(`unknown report format "html"`)))
	})
})
