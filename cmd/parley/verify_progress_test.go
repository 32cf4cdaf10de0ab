package main

import (
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
)

var _ = Describe("Progress", func() {
	first := conformance.Progress{Probe: "lists", Done: 1, Total: 3}
	second := conformance.Progress{Probe: "replies", Done: 2, Total: 3}
	wait := conformance.Progress{Waiting: 42 * time.Second, Why: "the rate limit of list-agents"}

	It("updates one line on a terminal, counts waits down, and leaves nothing behind", func() {
		var out notes
		p := startProgress(&out, nowAndThen, true)
		p.show(first)
		p.show(wait)
		p.show(second)
		Eventually(out.String, 3*time.Second).Should(ContainSubstring("waiting 41 s for the rate limit of list-agents; 2/3 replies"))
		p.end()
		Expect(out.String()).To(HaveSuffix("\r\x1b[K"))
		Expect(out.String()).NotTo(ContainSubstring("\n"))
		for _, line := range strings.Split(out.String(), "\r\x1b[K") {
			Expect(len([]rune(line))).To(BeNumerically("<=", columns))
		}
	})

	It("does not wrap a line that is too long", func() {
		var out notes
		p := startProgress(&out, nowAndThen, true)
		p.show(conformance.Progress{Probe: strings.Repeat("long ", 40), Done: 1, Total: 3})
		p.end()
		Expect([]rune(strings.Split(out.String(), "\r\x1b[K")[1])).To(HaveLen(columns))
	})

	DescribeTable("elsewhere is in lines:", func(p pace, lines string) {
		var out notes
		progress := newProgress(&out, p)
		progress.show(first)
		progress.show(wait)
		progress.show(conformance.Progress{Waiting: time.Second, Why: "an effect to show"})
		progress.show(second)
		progress.end()
		Expect(out.String()).To(Equal(lines))
	},
		Entry("what is waited for, and a step now and then", nowAndThen, "waiting 42 s for the rate limit of list-agents\n"),
		Entry("what is waited for, in a pipeline", longWaits, "waiting 42 s for the rate limit of list-agents\n"),
		Entry("every step, when that is wanted", everyStep, "1/3 lists\nwaiting 42 s for the rate limit of list-agents\n2/3 replies\n"),
		Entry("none, when that is wanted", silent, ""),
	)

	It("does not repeat a wait that is shown already", func() {
		var out notes
		p := newProgress(&out, longWaits)
		p.show(wait)
		p.show(conformance.Progress{Waiting: 40 * time.Second, Why: "retries"})
		p.end()
		Expect(strings.Count(out.String(), "\n")).To(Equal(1))
	})
})
