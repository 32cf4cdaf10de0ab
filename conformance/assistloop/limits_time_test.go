package assistloop

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/bubble"
	"github.com/parley-contracts/parley/fixtures/race"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

// nearby keeps deliveries away from name servers, which are real, too.
func nearby(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		body = bytes.ReplaceAll(body, []byte("https://parley.invalid/"), []byte("https://127.0.0.1:1/"))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		next.ServeHTTP(w, r)
	})
}

// inMadeUpTime judges a stranger whose minutes pass at once, from a while after a full minute on. It must not meet
// a receiver, which would be real.
func inMadeUpTime(options stranger.Options, after time.Duration, wanted func(id string) bool, change ...changes) (report conformance.Report) {
	GinkgoHelper()
	contract, err := loaded()
	Expect(err).NotTo(HaveOccurred())
	synctest.Test(outer, func(*testing.T) {
		time.Sleep(after)
		network := bubble.New()
		s := stranger.New(options)
		defer s.Close()
		server := &http.Server{Handler: nearby(s)}
		go func() { _ = server.Serve(network) }()
		defer server.Close()
		const origin = "http://stranger.localhost"
		target := conformance.Target{URL: origin + s.Ready().Base, Token: s.Ready().Token, Dial: network.Dial}
		if s.Ready().Driver != "" {
			target.Driver = origin + s.Ready().Driver
		}
		o := conformance.Options{
			Contract: contract, Selected: func(id, _, _ string) bool { return wanted(id) },
			Receiver: conformance.Receiver{Listen: "nowhere"},
		}
		for _, c := range change {
			c(&target, &o)
		}
		report, err = conformance.Run(context.Background(), target, o)
	})
	Expect(err).NotTo(HaveOccurred())
	return report
}

// onRates keeps the requirements on rate limits.
func onRates(report conformance.Report, outcomes ...conformance.Outcome) []string {
	return slices.DeleteFunc(outcome(report, outcomes...), func(id string) bool { return !rates(id) })
}

// honest are the strangers that differ in what concerns limits, or in circumstances.
func honest() []TableEntry {
	var all []TableEntry
	for i, v := range stranger.Variants() {
		if race.On && i%3 != 0 {
			continue // a run without the race detector has all
		}
		if v.Rule == "" || strings.HasPrefix(v.Rule, "AL-12") || v.Rule == "AL-82" {
			all = append(all, Entry(v.ID, v))
		}
	}
	return all
}

// latencies are two for those that stand for many readings at once, and by turns one of the two for the others.
func latencies(v stranger.Variant) []time.Duration {
	both := []time.Duration{time.Millisecond, 300 * time.Millisecond}
	if slices.Contains([]string{"plain", "opposite", "lax", "live"}, v.ID) {
		return both
	}
	return both[len(v.ID)%2:][:1]
}

var _ = Describe("rate limits, on the main account in real time,", func() {
	alone := func(o stranger.Options) stranger.Options { o.NoDriver = true; return o }
	// natural are the requirements that need no deliveries: the run's own traffic meets the limits.
	natural := func(id string) bool { return !strings.HasPrefix(id, "event-") && !strings.HasPrefix(id, "deliveries/") }

	DescribeTable("pass with honest strangers", func(v stranger.Variant) {
		sampled(4)
		for _, latency := range latencies(v) {
			v.Options.Latency = latency
			report := inMadeUpTime(alone(v.Options), latency*50, natural)
			Expect(onRates(report, conformance.Fail, conformance.Warn, conformance.Errored)).To(BeEmpty(), said(report))
			Expect(report.Requests.Main).To(BeNumerically("<=", mainBudget), "at %s\n%s", latency, said(report))
		}
	}, honest())
	It("are judged by the run's own traffic, but for what needs a second account", func() {
		report := inMadeUpTime(alone(stranger.Plain()), 0, natural)
		Expect(onRates(report, conformance.Pass)).To(HaveLen(10), said(report))
		Expect(onRates(report, conformance.Unsupported)).To(ConsistOf("rate-limit/per-account"))
	})
	It("are met on purpose where the run asks for little else", func() {
		report := inMadeUpTime(alone(stranger.Opposite()), 0, func(id string) bool { return id == "rate-limit/general-at" || id == "rate-limit/recovers" })
		Expect(outcome(report, conformance.Pass)).To(HaveLen(2), said(report))
		Expect(report.Requests.Main).To(Equal(62))
	})
	It("are not chased on a target that is too slow to meet them", func() {
		options := alone(stranger.Opposite())
		options.Latency = 2 * time.Second
		report := inMadeUpTime(options, 0, rates)
		Expect(onRates(report, conformance.Unsupported)).To(HaveLen(11), said(report))
		Expect(report.Requests.Main).To(BeNumerically("<=", 11))
	})
	DescribeTable("name a breach", func(defect string, seenByBoth bool, fails, warns []string) {
		sampled(4)
		for _, options := range []stranger.Options{stranger.Plain(), stranger.Opposite()} {
			options.Defect, options.Latency = defect, 5*time.Millisecond
			report := inMadeUpTime(alone(options), 0, natural)
			if options.Readings.CloseTwice || seenByBoth {
				Expect(onRates(report, conformance.Fail)).To(ConsistOf(fails), said(report))
				Expect(onRates(report, conformance.Warn)).To(ConsistOf(warns), said(report))
			} else {
				Expect(onRates(report, conformance.Fail, conformance.Warn)).To(BeEmpty(), said(report))
			}
		}
	},
		Entry(nil, "limit-early", true, []string{"rate-limit/general-allows"}, nil),
		Entry(nil, "limit-never", true, []string{"rate-limit/general-enforced"}, nil),
		// One that closes a conversation but once shows its limit of closes to a driver only.
		Entry(nil, "limit-close-early", false, []string{"rate-limit/close-allows"}, nil),
		Entry(nil, "limit-close-never", false, []string{"rate-limit/close-enforced"}, nil),
		Entry(nil, "limit-not-released", true, []string{"rate-limit/recovers"}, nil),
		Entry(nil, "limit-message", true, []string{"rate-limit/message"}, nil),
		Entry(nil, "limit-no-retry-after", true, []string{"rate-limit/retry-after"}, nil),
		Entry(nil, "limit-retry-after-text", true, []string{"rate-limit/retry-after"}, nil),
		Entry(nil, "limit-retry-after-long", true, []string{"rate-limit/retry-after"}, nil),
	)
})

var _ = Describe("rate limits, on accounts of their own in real time,", func() {
	waiting := func(o stranger.Options) stranger.Options { o.Without = []string{"advance-clock"}; return o }

	DescribeTable("pass with honest strangers, wherever the clock's minute turns", func(v stranger.Variant) {
		sampled(4)
		if v.NoDriver || len(v.Without) > 0 {
			return
		}
		for _, at := range []struct{ latency, after time.Duration }{
			{time.Millisecond, 59900 * time.Millisecond}, {400 * time.Millisecond, 31 * time.Second}, {700 * time.Millisecond, 0},
		} {
			v.Options.Latency = at.latency
			report := inMadeUpTime(waiting(v.Options), at.after, rates)
			Expect(onRates(report, conformance.Fail, conformance.Errored)).To(BeEmpty(), said(report))
			if !v.Lapse {
				Expect(onRates(report, conformance.Warn)).To(BeEmpty(), said(report))
			}
			Expect(report.Seconds).To(BeNumerically("<", 200))
		}
	}, honest())
	DescribeTable("name a breach", func(defect string, fails, warns []string) {
		sampled(4)
		for _, options := range []stranger.Options{stranger.Plain(), stranger.Opposite()} {
			options.Defect, options.Latency = defect, 5*time.Millisecond
			report := inMadeUpTime(waiting(options), 0, rates)
			Expect(onRates(report, conformance.Fail)).To(ConsistOf(fails), said(report))
			Expect(onRates(report, conformance.Warn)).To(ConsistOf(warns), said(report))
		}
	}, breaches())
})
