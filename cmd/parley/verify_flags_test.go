package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/fixtures/stranger"
)

var _ = Describe("parley verify", func() {
	DescribeTable("refuses bad input on one line, with exit status 2, before it sends anything:", func(message string, args ...string) {
		p := strangerWith(stranger.Options{})
		report := filepath.Join(GinkgoT().TempDir(), "report.json")
		all := append([]string{"verify", "assistloop", "--target", p.URL, "--token", p.Token, "--report", "json=" + report}, args...)
		var stdout, stderr bytes.Buffer
		Expect(Run(context.Background(), all, nil, &stdout, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(MatchRegexp(`^parley: [^\n]*\n$`))
		Expect(stderr.String()).To(ContainSubstring(message))
		Expect(stdout.String()).To(BeEmpty())
		Expect(p.requests.Load()).To(BeZero())
	},
		Entry("a flag", "did you mean --target?", "--tagret", "x"),
		Entry("a requirement", `no requirement "list-agent/served"; did you mean list-agents/served?`, "--requirement", "list-agent/served"),
		Entry("an operation", `did you mean list-agents?`, "--skip", "list-agent"),
		Entry("a pattern", "`parley requirements assistloop` lists them", "--requirement", "*/elephant"),
		Entry("a section", `no section "List Conversatoins"; did you mean List Conversations?`, "--section", "List Conversatoins"),
		Entry("a label filter", `--label-filter: "MUST &&"`, "--label-filter", "MUST &&"),
		Entry("a regular expression in it", `--label-filter: "/(/"`, "--label-filter", "/(/"),
		Entry("a header", "--header: expected 'Name: value'", "--header", "secret"),
		Entry("a Host", "--header: the Host is that of --target", "--header", "host: x"),
		Entry("an authority that is not there", "--ca-cert: ", "--ca-cert", "/nowhere"),
		Entry("one token and another", "token-file", "--token-file", "/nowhere"),
		Entry("a client without its secret", "client-secret", "--client-id", "x"),
		Entry("known failures that are not there", "known failures: ", "--known-failures", "/nowhere"),
		Entry("no patience", "--patience: expected a duration above zero", "--patience", "0s"),
		Entry("no time", "--timeout: expected a duration above zero", "--timeout", "-1s"),
		Entry("an address for the receiver", "--receiver-…: ", "--receiver-listen", "127.0.0.1:99999"),
		Entry("a certificate that is not there", "--receiver-…: ", "--receiver-cert", "/nowhere", "--receiver-key", "/nowhere"),
		Entry("a report in a place where none can be", "--report: ", "--report", "html=/dev/null/report.html"),
		Entry("a report that is a folder", "is a folder: expected a file", "--report", "html=/"),
		Entry("an argument", `unexpected "x"`, "x"),
	)

	It("reads a token from a file, and says when there is none in it", func() {
		file := filepath.Join(GinkgoT().TempDir(), "token.txt")
		Expect(os.WriteFile(file, []byte(" secret\n"), 0o600)).To(Succeed())
		f := verifyFlags{tokenFile: file}
		Expect(f.readToken()).To(Succeed())
		Expect(f.target.Token).To(Equal("secret"))
		Expect(os.WriteFile(file, []byte("\n"), 0o600)).To(Succeed())
		Expect(f.readToken()).To(MatchError(ContainSubstring("which is empty")))
	})

	It("takes headers in any spelling, more than once", func() {
		f := verifyFlags{headers: []string{"x-pass: a", "X-Pass:b", "Prefer: code=200: or so"}}
		Expect(f.readHeaders()).To(Succeed())
		Expect(f.target.Header).To(HaveKeyWithValue("X-Pass", []string{"a", "b"}))
		Expect(f.target.Header.Get("Prefer")).To(Equal("code=200: or so"))
	})

	It("has help with examples for every contract", func() {
		for _, c := range contracts() {
			var stdout bytes.Buffer
			Expect(Run(context.Background(), []string{"verify", c.name, "--help"}, nil, &stdout, &stdout)).To(Equal(0))
			Expect(stdout.String()).To(And(MatchRegexp("parley verify "+c.name+" --(target|driver) "), ContainSubstring("--known-failures")))
		}
	})
})

var _ = DescribeTable("A pattern of requirements", func(pattern string, found ...string) {
	ids := []string{"list/served", "list/per-page", "list/per-page-default", "list/field:a.b", "list/field:ab", "list-more/served"}
	Expect(matching(pattern, ids)).To(ConsistOf(found))
},
	Entry("is an id", "list/per-page", "list/per-page"),
	Entry("is the beginning of ids, up to the end of a word", "list/per", "list/per-page", "list/per-page-default"),
	Entry("may be an operation", "list-more", "list-more/served"),
	Entry("may be fields", "list/field", "list/field:a.b", "list/field:ab"),
	Entry("may be one field and those within it", "list/field:a", "list/field:a.b"),
	Entry("may end in a slash", "list/", "list/served", "list/per-page", "list/per-page-default", "list/field:a.b", "list/field:ab"),
	Entry("is not half a word", "list/serv"),
	Entry("has * for any text", "*/served", "list/served", "list-more/served"),
	Entry("has it anywhere, more than once", "l*/*-*t", "list/per-page-default"),
	Entry("does not overlap itself", "list/served*served"),
	Entry("is not nothing", ""),
)
