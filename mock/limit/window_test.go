package limit_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/limit"
	"github.com/parley-contracts/parley/mock/reading"
)

var _ = Describe("A minute that is read otherwise", func() {
	var clock *hand
	BeforeEach(func() { clock = &hand{now: time.Date(2025, 1, 2, 3, 4, 45, 0, time.UTC)} })
	by := func(text string) *limit.Limits {
		GinkgoHelper()
		readings, err := reading.Parse([]string{text})
		Expect(err).NotTo(HaveOccurred())
		return limit.New(limit.Documented(), clock, limit.By(&readings))
	}
	served := func(limits *limit.Limits, times int) (n int) {
		for range times {
			if limits.Take("g", limit.General).Allowed {
				n++
			}
		}
		return n
	}

	// In each, requests are sent at 3:04:45, at 3:05:00 and half a minute after that.
	DescribeTable("lets pass", func(text string, turn, later int) {
		limits := by(text)
		Expect(served(limits, 45)).To(Equal(45))
		clock.advance(15 * time.Second)
		Expect(served(limits, 100)).To(Equal(turn))
		clock.advance(30 * time.Second)
		Expect(served(limits, 100)).To(Equal(later))
	},
		Entry("60 from the first request on, in the documented one", "window=fixed", 15, 0),
		Entry("60 afresh when the clock's minute turns", "window=calendar", 60, 0),
		Entry("60 in any minute, when it slides", "window=sliding", 15, 0),
		Entry("one a second beside the first 60, when it fills up evenly", "window=bucket", 30, 30),
	)

	It("slides on with the oldest requests in it", func() {
		limits := by("window=sliding")
		Expect(served(limits, 20)).To(Equal(20))
		clock.advance(30 * time.Second)
		Expect(served(limits, 100)).To(Equal(40))
		clock.advance(30 * time.Second)
		Expect(served(limits, 100)).To(Equal(20))
	})

	DescribeTable("serves again once retry_after is over, and not before", func(text string) {
		limits := by(text)
		served(limits, 60)
		wait := limits.Take("g", limit.General).RetryAfter
		clock.advance(time.Duration(wait)*time.Second - time.Second)
		if wait > 1 {
			Expect(served(limits, 1)).To(BeZero())
		}
		clock.advance(time.Second)
		Expect(served(limits, 1)).To(Equal(1))
	},
		Entry(nil, "window=fixed"), Entry(nil, "window=calendar"), Entry(nil, "window=sliding"), Entry(nil, "window=bucket"),
	)
})
