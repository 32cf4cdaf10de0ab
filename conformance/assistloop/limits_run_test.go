package assistloop

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

func rates(id string) bool { return strings.HasPrefix(id, "rate-limit/") }

var _ = Describe("rate limits, on accounts of their own and a clock that moves,", func() {
	DescribeTable("pass with every honest stranger", func(v stranger.Variant) {
		sampled(4)
		report := against(v.Options, nil, rates)
		Expect(outcome(report, conformance.Fail, conformance.Errored)).To(BeEmpty(), said(report))
		if !v.Lapse {
			Expect(outcome(report, conformance.Warn)).To(BeEmpty(), said(report))
		}
		Expect(report.Leftovers).To(BeEmpty())
	}, func() []TableEntry {
		var all []TableEntry
		for _, v := range stranger.Variants() {
			// Without a clock that moves, a minute is a minute: those are judged where time is made up.
			if !v.NoDriver && len(v.Without) == 0 && (v.Rule == "" || strings.HasPrefix(v.Rule, "AL-12") || v.Rule == "AL-82" || v.Rule == "AL-100") {
				all = append(all, Entry(v.ID, v))
			}
		}
		return all
	}())
	It("are judged in all of their requirements", func() {
		for _, options := range []stranger.Options{stranger.Plain(), stranger.Opposite()} {
			report := against(options, nil, rates)
			Expect(outcome(report, conformance.Pass)).To(HaveLen(11), said(report))
			Expect(report.Requests.Main).To(BeNumerically("<=", 2))
		}
	})
	It("warn of a limit that comes late", func() {
		report := against(stranger.Lax(), nil, rates)
		Expect(outcome(report, conformance.Warn)).To(ConsistOf("rate-limit/general-at", "rate-limit/close-at"), said(report))
	})
	It("leave closing out of a read-only run", func() {
		var requests []string
		report := against(stranger.Plain(), watched(&requests), rates, func(_ *conformance.Target, o *conformance.Options) { o.ReadOnly = true })
		Expect(outcome(report, conformance.Pass)).To(HaveLen(8), said(report))
		Expect(outcome(report, conformance.Skipped)).To(HaveLen(3), said(report))
		Expect(requests).To(HaveEach(Or(HavePrefix("GET "), HaveSuffix("/issue-token"), HaveSuffix("/advance-clock"))))
	})
	It("are skipped where the user wants them kept to", func() {
		report := against(stranger.Plain(), nil, rates, func(_ *conformance.Target, o *conformance.Options) { o.Pace = true })
		Expect(outcome(report, conformance.Skipped)).To(HaveLen(11), said(report))
	})
	DescribeTable("name a breach also on the main account, where no others are issued", func(defect string, fails ...string) {
		sampled(4)
		for _, options := range []stranger.Options{stranger.Plain(), stranger.Opposite()} { // the latter closes but once
			options.Without = []string{"issue-token"}
			Expect(outcome(against(options, nil, rates), conformance.Fail, conformance.Warn, conformance.Errored)).To(BeEmpty())
			options.Defect = defect
			report := against(options, nil, rates)
			Expect(outcome(report, conformance.Fail)).To(ConsistOf(fails), said(report))
		}
	},
		Entry(nil, "limit-early", "rate-limit/general-allows"),
		Entry(nil, "limit-never", "rate-limit/general-enforced"),
		Entry(nil, "limit-close-early", "rate-limit/close-allows"),
		Entry(nil, "limit-close-never", "rate-limit/close-enforced"),
		Entry(nil, "limit-not-released", "rate-limit/recovers"),
	)
	DescribeTable("name a breach", func(defect string, fails, warns []string) {
		sampled(4)
		for _, options := range []stranger.Options{stranger.Plain(), stranger.Opposite()} {
			options.Defect = defect
			report := against(options, nil, rates)
			Expect(outcome(report, conformance.Fail)).To(ConsistOf(fails), said(report))
			Expect(outcome(report, conformance.Warn)).To(ConsistOf(warns), said(report))
		}
	}, breaches())
})

// breaches are the stranger's, with what each fails and what it warns of.
func breaches() []TableEntry {
	return []TableEntry{
		Entry(nil, "limit-early", []string{"rate-limit/general-allows"}, nil),
		Entry(nil, "limit-never", []string{"rate-limit/general-enforced"}, nil),
		Entry(nil, "limit-close-early", []string{"rate-limit/close-allows"}, nil),
		Entry(nil, "limit-close-never", []string{"rate-limit/close-enforced"}, nil),
		Entry(nil, "limit-shared", []string{"rate-limit/per-account"}, nil),
		Entry(nil, "limit-not-released", []string{"rate-limit/recovers"}, nil),
		Entry(nil, "limit-status", []string{"rate-limit/general-enforced", "rate-limit/close-enforced"}, nil),
		Entry(nil, "limit-message", []string{"rate-limit/message"}, nil),
		Entry(nil, "limit-no-retry-after", []string{"rate-limit/retry-after"}, nil),
		Entry(nil, "limit-retry-after-text", []string{"rate-limit/retry-after"}, nil),
		Entry(nil, "limit-retry-after-long", []string{"rate-limit/retry-after"}, nil),
	}
}
