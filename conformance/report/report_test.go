package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
)

// go test ./conformance/report -args -update writes what the writers write now to testdata/, to be read as a diff.
var update = flag.Bool("update", false, "write the golden files anew")

// hostile is what a target might send to whoever reads a report about it.
const hostile = "</script><img src=x onerror=alert(1)> | `tick` \x1b[2J\n# not a heading"

// example holds one finding of each kind.
func example() conformance.Report {
	known := &conformance.Known{Reason: "ticket 17", Expires: "2030-01-31"}
	passes := &conformance.Known{Reason: "ticket 17", Expires: "2030-01-31", Stale: "it passes: remove the entry"}
	expired := &conformance.Known{Reason: "ticket 4", Expires: "2025-12-31", Stale: "it expired on 2025-12-31"}
	findings := []conformance.Finding{
		{Requirement: "get-me/schema", Level: "MUST", Outcome: conformance.Pass, Section: "Get Current User", Text: "The account is described as documented."},
		{Requirement: "list-conversations/unauthenticated", Level: "MUST", Outcome: conformance.Fail, Section: "Error Handling", Reading: "AL-25",
			Text: "A request without a token is refused.", Message: "expected status 401, seen status 200",
			Expected: "status 401", Seen: "status 200",
			Curl: `curl -sS "$TARGET/automation/agents/a/conversations/list"`,
			Evidence: []conformance.Exhibit{{Kind: "exchange", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Purpose: "list without a token",
				Request: "GET /v1/automation/agents/a/conversations/list", Status: 200, Answer: map[string]string{"Content-Type": "application/json"}, Response: "[]"}}},
		{Requirement: "find-messages/schema", Level: "MUST", Outcome: conformance.Fail, Section: "Find Messages",
			Text: "Messages are as documented.", Message: "expected a string, seen " + hostile, Expected: "a string", Seen: hostile},
		{Requirement: "list-agents/envelope", Level: "MUST", Outcome: conformance.Fail, Known: known, Section: "List Agents", Text: "An array.", Message: "expected an array, seen an object"},
		{Requirement: "list-agents/content-type", Level: "MUST", Outcome: conformance.Pass, Known: passes, Section: "List Agents", Text: "JSON."},
		{Requirement: "list-agents/order", Level: "MUST", Outcome: conformance.Fail, Known: expired, Section: "List Agents", Text: "In order.", Message: "expected order, seen none"},
		{Requirement: "list-agents/uuid-equals-id", Level: "SHOULD", Outcome: conformance.Warn, Section: "List Agents", Text: "Both ids are equal.",
			Message: "expected equal ids, seen two", Expected: "equal ids", Seen: "two"},
		{Requirement: "event-new-conversation/field:id", Level: "MUST", Outcome: conformance.Fail, Section: "New Conversation Event", Reading: "AL-30",
			Text: "`id` is a non-empty string.", Message: "expected a non-empty string at /id, seen number 17", Expected: "a non-empty string at /id", Seen: "number 17",
			Evidence: []conformance.Exhibit{{Kind: "delivery", At: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC), Request: "POST /HOOK",
				Headers: map[string]string{"Content-Type": "application/json", "Webhook-Id": "evt_1"}, Body: `{"data":{"agent":{"name":"<string of 9 characters #1a2b3c>"}},"id":17}`, Status: 200}}},
		{Requirement: "webhooks/retry", Level: "MUST", Outcome: conformance.Unsupported, Section: "Webhook Deliveries", Text: "A delivery is tried again.", Message: "the driver cannot provoke events"},
		{Requirement: "webhooks/signature", Level: "SHOULD", Outcome: conformance.Unsupported, Section: "Webhook Deliveries", Text: "A signature matches.", Message: "the driver cannot provoke events"},
		{Requirement: "reply/limit", Level: "MUST", Outcome: conformance.Skipped, Section: "Rate Limits", Text: "60 a minute.", Message: "left out by --pace"},
		{Requirement: "close/effect", Level: "MUST", Outcome: conformance.Errored, Section: "Close Conversation", Text: "It is closed.", Message: "the connection was lost three times"},
	}
	counts := map[conformance.Outcome]int{}
	for _, f := range findings {
		counts[f.Outcome]++
	}
	return conformance.Report{
		Schema: 1, Contract: "assistloop", Target: "https://api.example.com/v1", Started: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Seconds: 12.34,
		Verdict: conformance.DoesNotConform, Reason: "5 requirements not met", Counts: counts,
		Requests: conformance.Requests{Main: 101, Total: 130, Waited: 61.2}, Findings: findings,
		Notes: []string{"signature: webhook-signature over id.timestamp.body"}, Leftovers: []string{"subscription whk_1"},
	}
}

func written(format string, r conformance.Report) string {
	var b bytes.Buffer
	ExpectWithOffset(1, Write(&b, format, r)).To(Succeed())
	return b.String()
}

func onTerminal(r conformance.Report, colour bool) string {
	var b bytes.Buffer
	ExpectWithOffset(1, Terminal(&b, r, colour)).To(Succeed())
	return b.String()
}

// golden holds text against a file of testdata/.
func golden(file, got string) {
	GinkgoHelper()
	file = filepath.Join("testdata", file)
	if *update {
		Expect(os.WriteFile(file, []byte(got), 0o644)).To(Succeed())
	}
	want, err := os.ReadFile(file)
	Expect(err).NotTo(HaveOccurred())
	Expect(got).To(Equal(string(want)))
}

var _ = DescribeTable("A report reads as it did when somebody last looked", func(file string, write func() string) {
	golden(file, write())
},
	Entry("as JSON", "report.json", func() string { return written("json", example()) }),
	Entry("as JUnit", "junit.xml", func() string { return written("junit", example()) }),
	Entry("as Markdown", "report.md", func() string { return written("markdown", example()) }),
	Entry("as HTML", "report.html", func() string { return written("html", example()) }),
	Entry("at a terminal", "terminal.txt", func() string { return onTerminal(example(), false) }),
)

var _ = Describe("The JSON report", func() {
	It("has the published keys, and counts every outcome, also those that did not occur", func() {
		var got map[string]any
		Expect(json.Unmarshal([]byte(written("json", conformance.Report{Schema: 1, Contract: "c", Verdict: conformance.NotJudged})), &got)).To(Succeed())
		Expect(got).To(HaveKeyWithValue("schema", BeNumerically("==", 1)))
		Expect(got).To(HaveKeyWithValue("verdict", "not-judged"))
		Expect(got).To(HaveKeyWithValue("findings", BeEmpty()))
		Expect(got["findings"]).NotTo(BeNil())
		Expect(got["counts"]).To(HaveLen(len(conformance.Outcomes())))
	})
})

var _ = Describe("The JUnit report", func() {
	parse := func(r conformance.Report) junitSuite {
		var suites junitSuites
		Expect(xml.Unmarshal([]byte(written("junit", r)), &suites)).To(Succeed())
		Expect(suites.Suites).To(HaveLen(1))
		return suites.Suites[0]
	}

	It("has a test case for each requirement, by contract and section", func() {
		suite := parse(example())
		Expect(suite.Tests).To(Equal(len(example().Findings)))
		Expect(suite.Cases).To(HaveLen(suite.Tests))
		Expect(suite.Cases[1].Class).To(Equal("assistloop.Error Handling"))
		Expect(suite.Cases[1].Name).To(Equal("list-conversations/unauthenticated"))
		Expect(suite.Cases[1].Failure.Message).To(Equal("expected status 401, seen status 200"))
	})

	It("is red where the verdict is: known failures are skipped, one that passes or has expired is not", func() {
		suite := parse(example())
		Expect([]int{suite.Failures, suite.Errors, suite.Skipped}).To(Equal([]int{5, 1, 4}))
		Expect(suite.Cases[3].Skipped.Message).To(HavePrefix("known failure: "))
		Expect(suite.Cases[4].Failure.Message).To(HavePrefix("it passes: remove the entry"))
		Expect(suite.Cases[5].Failure.Message).To(ContainSubstring("expired on 2025-12-31; its reason: ticket 4"))
		Expect(suite.Cases[6].Output).To(ContainSubstring("equal ids"))
	})

	It("counts a SHOULD as a failure in a strict run", func() {
		r := example()
		r.Findings = r.Findings[6:7] // the one of a SHOULD
		Expect(parse(r).Failures).To(BeZero())
		r.Strict = true
		Expect(parse(r).Failures).To(Equal(1))
	})
})

var _ = Describe("The HTML report", func() {
	It("asks for nothing from outside and runs nothing that a target sent", func() {
		page := written("html", example())
		Expect(page).NotTo(MatchRegexp(`(src|href)="?(https?:)?//`))
		Expect(page).NotTo(ContainSubstring("<img"))
		Expect(strings.Count(page, "</script>")).To(Equal(1))
		Expect(page).To(ContainSubstring("&lt;img src=x"))
	})

	It("unfolds what decides against the target, and nothing else", func() {
		Expect(strings.Count(written("html", example()), " open>")).To(Equal(5))
	})
})

var _ = Describe("The terminal", func() {
	It("shows control characters of a target instead of obeying them", func() {
		Expect(onTerminal(example(), false)).NotTo(ContainSubstring("\x1b"))
	})

	It("has colour only when it is asked for", func() {
		coloured := onTerminal(example(), true)
		Expect(coloured).To(ContainSubstring(red + "FAIL" + reset))
		for _, style := range []string{red, green, yellow, bold, faint, reset} {
			coloured = strings.ReplaceAll(coloured, style, "")
		}
		Expect(coloured).To(Equal(onTerminal(example(), false)))
	})

	It("says once why many requirements could not be judged", func() {
		text := onTerminal(unjudged("the connection was lost", "300 requirements could not be judged"), false)
		Expect(text).To(HavePrefix("ERROR 300: the connection was lost\n  some/requirement-0, "))
		Expect(strings.Count(text, "\n")).To(BeNumerically("<", 12))
	})

	It("does not list what the verdict says of all of them", func() {
		text := onTerminal(unjudged("no connection", "no connection"), false)
		Expect(strings.Count(text, "no connection")).To(Equal(1))
		Expect(strings.Count(text, "\n")).To(Equal(3))
	})

	It("is three lines when all is well", func() {
		r := conformance.Report{Contract: "assistloop", Verdict: conformance.Conforms, Reason: "1 requirement met",
			Counts: map[conformance.Outcome]int{conformance.Pass: 1}, Findings: example().Findings[:1]}
		Expect(onTerminal(r, false)).To(Equal("1 pass, 0 fail, 0 warn, 0 unsupported, 0 skipped, 0 error\n" +
			"0.0 s, 0 requests, 0 of them on the main account\nassistloop conforms: 1 requirement met\n"))
	})
})

func unjudged(message, reason string) conformance.Report {
	r := conformance.Report{Contract: "assistloop", Verdict: conformance.NotJudged, Reason: reason}
	for i := range 300 {
		r.Findings = append(r.Findings, conformance.Finding{Requirement: fmt.Sprintf("some/requirement-%d", i), Outcome: conformance.Errored, Message: message})
	}
	return r
}

var _ = Describe("A report file", func() {
	It("is written whole, into folders that are made for it, for everybody to read", func() {
		file := filepath.Join(GinkgoT().TempDir(), "a", "b", "report.json")
		Expect(WriteFile(file, "json", example())).To(Succeed())
		text, err := os.ReadFile(file)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).To(Equal(written("json", example())))
		if runtime.GOOS != "windows" {
			info, _ := os.Stat(file)
			Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o644)))
		}
	})

	It("may be a device, which stays one", func() {
		Expect(WriteFile(os.DevNull, "json", example())).To(Succeed())
		info, err := os.Stat(os.DevNull)
		Expect(err).NotTo(HaveOccurred())
		Expect(info.Mode().IsRegular()).To(BeFalse())
	})

	It("fails with one clear line", func() {
		folder := GinkgoT().TempDir()
		Expect(WriteFile(folder, "html", example())).To(MatchError("html report: " + folder + " is a folder: expected a file"))
		Expect(WriteFile(filepath.Join(folder, "x"), "pdf", example())).To(MatchError(ContainSubstring(`unknown report format "pdf"`)))
	})
})
