package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/report"
)

var _ = Describe("parley compare", func() {
	var folder, good, bad, warned string
	compare := func(stdin io.Reader, args ...string) (status int, stdout, stderr string) {
		var out, errors bytes.Buffer
		status = Run(context.Background(), append([]string{"compare"}, args...), stdin, &out, &errors)
		return status, out.String(), errors.String()
	}
	ran := func(name, contract string, outcome conformance.Outcome) string {
		GinkgoHelper()
		file := filepath.Join(folder, name)
		Expect(report.WriteFile(file, "json", conformance.Report{
			Schema: 1, Contract: contract, Started: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Verdict: conformance.Conforms,
			Findings: []conformance.Finding{{
				Requirement: "list-agents/of-organization", Level: "SHOULD", Outcome: outcome, Expected: "this", Seen: "that", Curl: "curl -i",
			}},
		})).To(Succeed())
		return file
	}
	BeforeEach(func() {
		folder = GinkgoT().TempDir()
		good, bad, warned = ran("good.json", "assistloop", conformance.Pass), ran("bad.json", "assistloop", conformance.Fail), ran("warned.json", "assistloop", conformance.Warn)
	})

	It("is 1 for a new failure, with what it takes to act on it", func() {
		status, stdout, stderr := compare(nil, good, bad)
		Expect(status).To(Equal(1), stderr)
		Expect(stdout).To(And(ContainSubstring("NEW FAILURE list-agents/of-organization SHOULD\n  was       pass\n"), ContainSubstring("repeat    curl -i"), HaveSuffix("assistloop 1 new failure\n")))
	})

	It("is 0 for anything else", func() {
		for _, pair := range [][2]string{{bad, good}, {good, good}, {bad, bad}, {good, warned}} {
			status, stdout, stderr := compare(nil, pair[0], pair[1])
			Expect(status).To(Equal(0), stdout+stderr)
			Expect(stdout).To(ContainSubstring("assistloop no new failure"))
		}
	})

	It("takes a SHOULD for a failure when it is strict", func() {
		status, _, _ := compare(nil, "--strict", good, warned)
		Expect(status).To(Equal(1))
	})

	It("reads one of them from standard input, and writes reports", func() {
		text, err := os.ReadFile(bad)
		Expect(err).NotTo(HaveOccurred())
		markdown, encoded := filepath.Join(folder, "out", "c.md"), filepath.Join(folder, "out", "c.json")
		status, stdout, stderr := compare(bytes.NewReader(text), good, "-", "--quiet", "--report", "markdown="+markdown, "--report", "json="+encoded)
		Expect(status).To(Equal(1), stderr)
		Expect(stdout).To(BeEmpty())
		Expect(os.ReadFile(markdown)).To(ContainSubstring("## New failure: 1"))
		Expect(os.ReadFile(encoded)).To(ContainSubstring(`"kind": "new-failure"`))
	})

	DescribeTable("is 2, with one line, for what cannot be compared", func(want string, stdin string, args ...string) {
		for i, arg := range args {
			args[i] = strings.NewReplacer("GOOD", good, "OTHER", ran("other.json", "conversations", conformance.Pass), "NOTHING", ran("nothing.json", "assistloop", conformance.Errored)).Replace(arg)
		}
		status, stdout, stderr := compare(strings.NewReader(stdin), args...)
		Expect(status).To(Equal(2))
		Expect(stdout).To(BeEmpty())
		Expect(stderr).To(MatchRegexp(`^parley: [^\n]*` + want + `[^\n]*\n$`))
	},
		Entry(nil, "needs two JSON reports, OLD and NEW, came 1", "", "GOOD"),
		Entry(nil, "only one of the reports", "", "-", "-"),
		Entry(nil, "no such file", "", "GOOD", "GOOD.nowhere"),
		Entry(nil, "-: expected a JSON report", "hello", "GOOD", "-"),
		Entry(nil, "came 2", `{"schema": 2}`, "-", "GOOD"),
		Entry(nil, "expected reports of one contract", "", "GOOD", "OTHER"),
		Entry(nil, "NEW judged nothing", "", "GOOD", "NOTHING"),
		Entry(nil, `unknown format "html"`, "", "GOOD", "GOOD", "--report", "html=x"),
	)
})
