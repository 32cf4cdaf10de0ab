package conformance

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

var _ = ginkgo.Describe("A verdict", func() {
	must := func(o Outcome) Finding { return Finding{Requirement: "a/must", Level: "MUST", Outcome: o} }
	should := func(o Outcome) Finding { return Finding{Requirement: "a/should", Level: "SHOULD", Outcome: o} }
	known := func(f Finding) Finding { f.Known = &Known{Reason: "why", Expires: "2999-01-01"}; return f }

	ginkgo.DescribeTable("follows from the findings", func(strict bool, want Verdict, findings ...Finding) {
		got, reason := verdictOf(findings, strict)
		Expect(got).To(Equal(want), reason)
	},
		ginkgo.Entry("conforms when every MUST passes", false, Conforms, must(Pass), should(Pass)),
		ginkgo.Entry("does not when one fails", false, DoesNotConform, must(Pass), must(Fail)),
		ginkgo.Entry("does not when one fails beside one in error", false, DoesNotConform, must(Errored), must(Fail)),
		ginkgo.Entry("is not judged when a MUST is in error", false, NotJudged, must(Pass), must(Errored)),
		ginkgo.Entry("passes over a SHOULD in error", false, Conforms, must(Pass), should(Errored)),
		ginkgo.Entry("passes over a SHOULD that is not met", false, Conforms, must(Pass), should(Warn)),
		ginkgo.Entry("does not pass over it when strict", true, DoesNotConform, must(Pass), should(Warn)),
		ginkgo.Entry("is not judged when nothing was", false, NotJudged, must(Unsupported), must(Skipped)),
		ginkgo.Entry("conforms when what fails is known to", false, Conforms, must(Pass), known(must(Fail))),
	)

	ginkgo.DescribeTable("has an exit status", func(v Verdict, status int) {
		Expect(v.ExitStatus()).To(Equal(status))
	}, ginkgo.Entry(nil, Conforms, 0), ginkgo.Entry(nil, DoesNotConform, 1), ginkgo.Entry(nil, NotJudged, 2), ginkgo.Entry(nil, Verdict("new"), 2))
})

var _ = ginkgo.Describe("A check's error", func() {
	ginkgo.DescribeTable("is an outcome", func(err error, level string, want Outcome) {
		Expect(outcomeOf(err, level)).To(Equal(want))
	},
		ginkgo.Entry("nil passes", nil, "MUST", Pass),
		ginkgo.Entry("a breach of a MUST fails", error(&Breach{}), "MUST", Fail),
		ginkgo.Entry("a breach of a SHOULD warns", error(&Breach{}), "SHOULD", Warn),
		ginkgo.Entry("a gap is unsupported", Lacking("no data"), "MUST", Unsupported),
		ginkgo.Entry("trouble is an error", Blocked("no way"), "MUST", Errored),
		ginkgo.Entry("anything else is an error", errors.New("odd"), "MUST", Errored),
	)
})

var _ = ginkgo.Describe("Known failures", func() {
	catalogue := func() *requirements.Catalogue {
		ginkgo.GinkgoHelper()
		contract, err := check.Load(openapi.AssistLoop())
		Expect(err).NotTo(HaveOccurred())
		c, err := requirements.AssistLoop(contract)
		Expect(err).NotTo(HaveOccurred())
		return c
	}
	file := func(content string) string {
		ginkgo.GinkgoHelper()
		name := filepath.Join(ginkgo.GinkgoT().TempDir(), "known.yaml")
		Expect(os.WriteFile(name, []byte(content), 0o600)).To(Succeed())
		return name
	}

	ginkgo.It("are read with their reason and expiry", func() {
		known, err := ReadKnown(file("- {requirement: get-me/served, reason: next week, expires: 2026-12-01}\n"), catalogue())
		Expect(err).NotTo(HaveOccurred())
		Expect(known).To(HaveKeyWithValue("get-me/served", Known{Reason: "next week", Expires: "2026-12-01"}))
	})

	ginkgo.DescribeTable("are refused in one line", func(content, want string) {
		_, err := ReadKnown(file(content), catalogue())
		Expect(err).To(MatchError(ContainSubstring(want)))
		Expect(err.Error()).NotTo(ContainSubstring("\n"))
	},
		ginkgo.Entry("with an unknown requirement", "- {requirement: get-me/unheard-of, reason: x, expires: 2026-12-01}", "get-me/unheard-of"),
		ginkgo.Entry("without a reason", "- {requirement: get-me/served, expires: 2026-12-01}", "reason"),
		ginkgo.Entry("without a date", "- {requirement: get-me/served, reason: x, expires: soon}", "2006-01-02"),
		ginkgo.Entry("listed twice", "- {requirement: get-me/served, reason: x, expires: 2026-12-01}\n- {requirement: get-me/served, reason: y, expires: 2026-12-01}", "twice"),
	)

	ginkgo.DescribeTable("settle a verdict", func(outcome Outcome, expires string, want Verdict) {
		today := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		report := Report{Started: today, Findings: []Finding{{Requirement: "c/d", Level: "MUST", Outcome: Pass}, {Requirement: "a/b", Level: "MUST", Outcome: outcome}}}
		settleKnown(report.Findings, map[string]Known{"a/b": {Reason: "why", Expires: expires}})
		report.Verdict, report.Reason = verdictOf(report.Findings, false)
		settleExpired(&report)
		Expect(report.Verdict).To(Equal(want), report.Reason)
	},
		ginkgo.Entry("listed and failing", Fail, "2026-11-23", Conforms),
		ginkgo.Entry("listed and failing, but expired", Fail, "2026-11-22", DoesNotConform),
		ginkgo.Entry("listed and passing", Pass, "2026-12-01", DoesNotConform),
		ginkgo.Entry("listed and not judged in this run", Skipped, "2026-11-22", Conforms),
	)
})
