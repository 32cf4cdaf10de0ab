package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("parley requirements", func() {
	run := func(args ...string) (status int, stdout, stderr string) {
		var out, err bytes.Buffer
		status = Run(context.Background(), append([]string{"requirements"}, args...), nil, &out, &err)
		return status, out.String(), err.String()
	}

	It("prints each requirement with its level, its text and where it comes from", func() {
		status, stdout, stderr := run("assistloop")
		Expect(stderr).To(BeEmpty())
		Expect(status).To(Equal(0))
		Expect(stdout).To(MatchRegexp(`(?m)^authorize/state  MUST\n    .+\n    source: OAuth 2.0 Authorization Flow, reading AL-07$`))
		Expect(stdout).To(MatchRegexp(`\n\d+ requirements: \d+ MUST, \d+ SHOULD; \d+ that nobody can observe from outside\n$`))
	})

	It("prints them for programs", func() {
		_, stdout, _ := run("--json")
		var all []struct{ ID, Level, Section, Text string }
		Expect(json.Unmarshal([]byte(stdout), &all)).To(Succeed())
		Expect(len(all)).To(BeNumerically(">", 100))
		for _, r := range all {
			Expect(r.ID).NotTo(BeEmpty())
			Expect(r.Level).To(BeElementOf("MUST", "SHOULD"))
			Expect(r.Section).NotTo(BeEmpty())
			Expect(r.Text).NotTo(BeEmpty())
		}
	})

	It("names the defects that turn each red", func() {
		_, stdout, _ := run("assistloop")
		Expect(stdout).To(MatchRegexp(`(?m)^find-messages/newest-first  MUST\n(    .+\n)+    defects: oldest-first, one-late`))
	})

	It("lists the defects of a contract, one a line", func() {
		status, stdout, _ := run("conversations", "--defects")
		Expect(status).To(Equal(0))
		lines := strings.Split(strings.TrimSpace(stdout), "\n")
		Expect(len(lines)).To(BeNumerically(">", 500))
		Expect(lines).To(HaveEach(MatchRegexp(`^(\S+)~\S+\t\S+\t\S.*\.$`)))
	})

	It("lists the defects for programs", func() {
		_, stdout, _ := run("--defects", "--json")
		var all []struct{ ID, Contract, Requirement, Sentence string }
		Expect(json.Unmarshal([]byte(stdout), &all)).To(Succeed())
		Expect(all).To(ContainElement(HaveField("ID", "find-messages/newest-first~oldest-first")))
		Expect(all).To(ContainElement(HaveField("Contract", "conversations")))
	})

	It("knows its contracts", func() {
		status, _, stderr := run("asistloop")
		Expect(status).To(Equal(2))
		Expect(stderr).To(Equal("parley: unknown contract \"asistloop\"; did you mean assistloop?\n"))
	})
})
