package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

var _ = Describe("--known-failures", func() {
	later, earlier := time.Now().AddDate(1, 0, 0).Format(time.DateOnly), time.Now().AddDate(0, 0, -2).Format(time.DateOnly)
	var broken *place
	BeforeEach(func() { broken = strangerWith(stranger.Options{Defect: "agents-of-all"}) })
	run := func(p *place, requirement, expires string) said {
		GinkgoHelper()
		file := filepath.Join(GinkgoT().TempDir(), "known.yaml")
		text := fmt.Sprintf("- requirement: %s\n  reason: ticket 17\n  expires: %s\n", requirement, expires)
		Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		return verified(p, "--known-failures", file, "--requirement", "list-agents")
	}

	It("excuses what is listed and fails", func() {
		s := run(broken, "list-agents/of-organization", later)
		Expect(s.status).To(Equal(0), s.stdout)
		Expect(s.finding("list-agents/of-organization").Outcome).To(Equal(conformance.Fail))
		Expect(s.stdout).To(And(ContainSubstring("KNOWN list-agents/of-organization"), ContainSubstring("ticket 17")))
	})
	It("does not excuse it beyond its date", func() {
		s := run(broken, "list-agents/of-organization", earlier)
		Expect(s.status).To(Equal(1))
		Expect(s.stdout).To(ContainSubstring("expired on " + earlier))
	})
	It("fails what is listed and passes", func() {
		s := run(strangerWith(stranger.Options{}), "list-agents/of-organization", later)
		Expect(s.status).To(Equal(1))
		Expect(s.stdout).To(ContainSubstring("UNEXPECTED PASS list-agents/of-organization"))
	})
	It("leaves alone what this run did not judge", func() {
		Expect(run(strangerWith(stranger.Options{}), "find-messages/served", earlier).status).To(Equal(0))
	})
	It("refuses what is no requirement, and says so in the reports", func() {
		s := run(broken, "list-agents/nonsense", later)
		Expect(s.status).To(Equal(2))
		Expect(s.stderr).To(MatchRegexp(`^parley: known failures: [^\n]*known.yaml:1: no requirement "list-agents/nonsense"[^\n]*\n$`))
		Expect(s.report.Verdict).To(Equal(conformance.NotJudged))
		Expect(broken.requests.Load()).To(BeZero())
	})

	Describe("with --update-known-failures", func() {
		var file string
		BeforeEach(func() { file = filepath.Join(GinkgoT().TempDir(), "known", "failures.yaml") })
		update := func(p *place, args ...string) said {
			GinkgoHelper()
			return verified(p, append([]string{"--known-failures", file, "--update-known-failures", "--requirement", "list-agents"}, args...)...)
		}

		It("makes the file, which then excuses what fails, and empties it when all is well", func() {
			s := update(broken, "--known-failures-expire", later)
			Expect(s.status).To(Equal(0), s.stdout)
			Expect(s.stdout).To(ContainSubstring("KNOWN list-agents/of-organization"))
			Expect(s.stderr).To(ContainSubstring("+ list-agents/of-organization, until " + later))
			Expect(os.ReadFile(file)).To(And(ContainSubstring("expires: "+later), ContainSubstring("reason: 'seen on ")))
			Expect(verified(broken, "--known-failures", file, "--requirement", "list-agents").status).To(Equal(0))
			s = update(strangerWith(stranger.Options{}))
			Expect(s.status).To(Equal(0), s.stdout)
			Expect(s.stderr).To(ContainSubstring("- list-agents/of-organization, which passes"))
			Expect(os.ReadFile(file)).NotTo(ContainSubstring("list-agents"))
		})
		It("gives no new date to what has expired", func() {
			text := fmt.Sprintf("- requirement: list-agents/of-organization\n  reason: ticket 17\n  expires: %s\n", earlier)
			Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
			Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
			s := update(broken)
			Expect(s.status).To(Equal(1))
			Expect(s.stderr).To(ContainSubstring("! list-agents/of-organization"))
			Expect(os.ReadFile(file)).To(BeEquivalentTo(text))
		})
		It("writes nothing after a run that judged nothing", func() {
			p := serve(nil)
			p.URL, p.Token = "http://127.0.0.1:1/v1", "t"
			s := update(p)
			Expect(s.status).To(Equal(2))
			Expect(s.stderr).To(ContainSubstring("is left as it was"))
			Expect(file).NotTo(BeAnExistingFile())
		})
		DescribeTable("refuses flags that do not go together", func(want string, args ...string) {
			s := verified(broken, args...)
			Expect(s.status).To(Equal(2))
			Expect(s.stderr).To(ContainSubstring(want))
			Expect(broken.requests.Load()).To(BeZero())
		},
			Entry(nil, "needs --known-failures", "--update-known-failures"),
			Entry(nil, "needs --update-known-failures", "--known-failures-expire", "2030-01-01"),
			Entry(nil, "is past", "--known-failures", "x.yaml", "--update-known-failures", "--known-failures-expire", "2020-01-01"),
			Entry(nil, "expected a date", "--known-failures", "x.yaml", "--update-known-failures", "--known-failures-expire", "tomorrow"),
		)
	})
})
