package main

import (
	"net/http"
	"os"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/mock"
)

var _ = Describe("parley verify, interrupted", func() {
	DescribeTable("cleans up, reports, and exits with 2", func(signal os.Signal) {
		p, m := mockWith(mock.Options{Latency: []string{"*=50ms"}})
		r := start(p, "--requirement", "subscribe")
		Eventually(func() int { return m.World().Desk.Stats().Subscriptions }, 20*time.Second, time.Millisecond).Should(BeNumerically(">", 0))
		r.Signal(signal)
		s := r.end(20 * time.Second)
		Expect(s.status).To(Equal(2))
		Expect(s.report.Reason).To(Equal("the run was interrupted"))
		Expect(s.report.Verdict).To(Equal(conformance.NotJudged))
		Expect(s.report.Leftovers).To(BeEmpty())
		Expect(s.stdout).To(HaveSuffix("assistloop not judged: the run was interrupted\n"))
		Expect(m.World().Desk.Stats().Subscriptions).To(BeZero())
	},
		Entry("by SIGINT", os.Interrupt),
		Entry("by SIGTERM", syscall.SIGTERM),
	)

	It("a second time does not wait for a cleanup that hangs", func() {
		p, m := mockWith(mock.Options{Latency: []string{"*=50ms"}})
		p.hold.Store(http.MethodDelete)
		r := start(p, "--requirement", "subscribe")
		Eventually(func() int { return m.World().Desk.Stats().Subscriptions }, 20*time.Second, time.Millisecond).Should(BeNumerically(">", 0))
		r.Signal(os.Interrupt)
		Eventually(p.held.Load, 20*time.Second).Should(BeNumerically(">", 0))
		r.Signal(os.Interrupt)
		s := r.end(5 * time.Second)
		Expect(s.status).To(Equal(2))
		Expect(s.report.Reason).To(Equal("the run was broken off, before it had cleaned up"))
	})
})
