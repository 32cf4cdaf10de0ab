package conformance

import (
	"errors"
	"time"

	"github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
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
	ginkgo.DescribeTable("settle a verdict", func(outcome Outcome, expires string, want Verdict) {
		today := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		report := Report{Started: today, Findings: []Finding{{Requirement: "c/d", Level: "MUST", Outcome: Pass}, {Requirement: "a/b", Level: "MUST", Outcome: outcome}}}
		report.Settle(map[string]Known{"a/b": {Reason: "why", Expires: expires}})
		Expect(report.Verdict).To(Equal(want), report.Reason)
	},
		ginkgo.Entry("listed and failing", Fail, "2026-11-23", Conforms),
		ginkgo.Entry("listed and failing, but expired", Fail, "2026-11-22", DoesNotConform),
		ginkgo.Entry("listed and passing", Pass, "2026-12-01", DoesNotConform),
		ginkgo.Entry("listed and not judged in this run", Skipped, "2026-11-22", Conforms),
	)

	ginkgo.It("are settled anew when the list has changed", func() {
		report := Report{Started: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Findings: []Finding{
			{Requirement: "a/b", Level: "MUST", Outcome: Pass}, {Requirement: "c/d", Level: "MUST", Outcome: Fail},
		}}
		entry := Known{Reason: "why", Expires: "2026-12-01"}
		report.Settle(map[string]Known{"a/b": entry})
		Expect(report.Verdict).To(Equal(DoesNotConform))
		Expect(report.Reason).To(Equal("1 requirement not met; a/b: it is listed among the known failures and passes: remove the entry"))
		Expect(report.Findings[0].Known.Stale).NotTo(BeEmpty())
		report.Settle(map[string]Known{"c/d": entry})
		Expect(report.Verdict).To(Equal(Conforms))
		Expect(report.Reason).To(Equal("1 requirement met, 1 known failure"))
		Expect(report.Findings[0].Known).To(BeNil())
		Expect(report.Findings[1].Known).To(HaveValue(Equal(entry)))
	})
})
