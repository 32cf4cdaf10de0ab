package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/report"
)

var _ = Describe("--report", func() {
	run := func(env map[string]string, args ...string) (*reports, string) {
		var got *reports
		cmd := &cobra.Command{Use: "judge", RunE: func(*cobra.Command, []string) error { return nil }}
		got = reportFlag(cmd, report.Formats())
		var stderr bytes.Buffer
		execute(context.Background(), newRoot(func(name string) string { return env[name] }, cmd), append([]string{"judge"}, args...), nil, &stderr, &stderr)
		return got, stderr.String()
	}

	It("can be repeated, on the command line, in the environment and in the config file", func() {
		both := []string{"json=a.json", "junit=b.xml"}
		got, _ := run(nil, "--report", both[0], "--report", both[1])
		Expect(got.GetSlice()).To(Equal(both))
		got, _ = run(map[string]string{"PARLEY_JUDGE_REPORT": "json=a.json\njunit=b.xml"})
		Expect(got.GetSlice()).To(Equal(both))
		got, _ = run(nil, "--config", configFile("judge:\n  report: [json=a.json, junit=b.xml]\n"))
		Expect(got.GetSlice()).To(Equal(both))
	})

	DescribeTable("refuses what it cannot write before anything runs", func(said string, args ...string) {
		_, stderr := run(nil, args...)
		Expect(stderr).To(Equal("parley: --report: " + said + "\n"))
	},
		Entry(nil, `unknown format "jsno"; did you mean json?`, "--report", "jsno=a"),
		Entry(nil, `unknown format "pdf"; formats: json, junit, markdown, html`, "--report", "pdf=a"),
		Entry(nil, `expected a file, as html=FILE`, "--report", "html"),
		Entry(nil, `expected a file, as html=FILE`, "--report", "html="),
		Entry(nil, `a is already taken by another report`, "--report", "html=a", "--report", "json=a"),
	)

	It("writes every report, also when one of them cannot be written", func() {
		folder := GinkgoT().TempDir()
		good := filepath.Join(folder, "good.json")
		r := reports{to: []reportTo{{"html", folder}, {"json", good}}}
		Expect(r.write(writeReport(conformance.Report{}))).To(MatchError(ContainSubstring("html report")))
		Expect(os.Stat(good)).NotTo(BeNil())
	})
})
