package limit_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/limit"
)

func TestLimit(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "limit")
}

// hand is a clock that moves by hand.
type hand struct{ now time.Time }

func (h *hand) Now() time.Time          { return h.now }
func (h *hand) advance(d time.Duration) { h.now = h.now.Add(d) }

var _ = Describe("The documented rate limits", func() {
	var (
		clock  *hand
		limits *limit.Limits
	)
	BeforeEach(func() {
		clock = &hand{now: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)}
		limits = limit.New(limit.Documented(), clock, limit.Manner{})
	})
	spend := func(grant, name string, times int) {
		GinkgoHelper()
		for i := range times {
			Expect(limits.Take(grant, name).Allowed).To(BeTrue(), "request %d", i+1)
		}
	}

	It("let 60 requests of a grant pass in a minute, and refuse the 61st", func() {
		spend("g", limit.General, 60)
		Expect(limits.Take("g", limit.General)).To(Equal(limit.Verdict{
			Limit: 60, Reset: clock.now.Add(time.Minute), RetryAfter: 60,
		}))
	})

	It("let 10 closes pass in a minute, and refuse the 11th", func() {
		spend("g", limit.Close, 10)
		Expect(limits.Take("g", limit.Close).Allowed).To(BeFalse())
	})

	It("count a close against the limit of closes alone", func() {
		spend("g", limit.Close, 10)
		spend("g", limit.General, 60)
	})

	It("never let one grant use up another's budget", func() {
		spend("g", limit.General, 60)
		spend("h", limit.General, 60)
	})

	It("tell what remains", func() {
		Expect(limits.Take("g", limit.General).Remaining).To(Equal(59))
		Expect(limits.Take("g", limit.General).Remaining).To(Equal(58))
	})

	It("open a window with its first request, and a new one when it has ended", func() {
		clock.advance(30 * time.Second)
		spend("g", limit.General, 1)
		clock.advance(59 * time.Second)
		spend("g", limit.General, 59)
		Expect(limits.Take("g", limit.General).RetryAfter).To(Equal(1))
		clock.advance(time.Second)
		spend("g", limit.General, 60)
	})

	It("let requests pass again once retry_after is over", func() {
		spend("g", limit.General, 1)
		clock.advance(20*time.Second + 300*time.Millisecond)
		spend("g", limit.General, 59)
		wait := limits.Take("g", limit.General).RetryAfter
		Expect(wait).To(Equal(40))
		clock.advance(time.Duration(wait) * time.Second)
		spend("g", limit.General, 1)
	})

	It("do not hold a name that has no rule", func() {
		for range 1000 {
			Expect(limits.Take("g", "other")).To(Equal(limit.Verdict{Allowed: true}))
		}
	})

	It("can be changed on the way, and count afresh then", func() {
		spend("g", limit.General, 60)
		limits.Set(limit.Rules{limit.General: {Requests: 2, Window: time.Second}})
		spend("g", limit.General, 2)
		Expect(limits.Take("g", limit.General).Allowed).To(BeFalse())
	})

	It("hold for any number of grants", func() {
		for i := range 10_000 {
			spend(strconv.Itoa(i), limit.General, 1)
			clock.advance(time.Second)
		}
	})
})

var _ = Describe("The text of rate limits", func() {
	DescribeTable("reads", func(text, rules string) {
		parsed, err := limit.Parse(text)
		Expect(err).NotTo(HaveOccurred())
		Expect(parsed.String()).To(Equal(rules))
	},
		Entry("as documented when empty", "", "close=10/1m0s,general=60/1m0s"),
		Entry("off", "off", "off"),
		Entry("one limit, and the other stays", "close=3/10s", "close=3/10s,general=60/1m0s"),
		Entry("both", "general=5/1s, close=1/500ms", "close=1/500ms,general=5/1s"),
	)

	DescribeTable("is refused with what was expected", func(text, message string) {
		_, err := limit.Parse(text)
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("no value", "general", "expected NAME=REQUESTS/WINDOW"),
		Entry("an unknown name", "closing=1/1m", `unknown limit "closing": the limits are close, general`),
		Entry("no window", "general=60", "expected REQUESTS/WINDOW"),
		Entry("no number", "general=many/1m", "above zero"),
		Entry("zero requests", "general=0/1m", "above zero"),
		Entry("no duration", "general=1/minute", "up to 1m0s"),
		Entry("a window longer than retry_after may say", "general=60/2m", "up to 1m0s"),
	)
})

func FuzzParse(f *testing.F) {
	f.Add("general=60/1m,close=10/1m")
	f.Add("off")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := limit.Parse(text)
		if err != nil {
			return
		}
		again, err := limit.Parse(rules.String())
		if err != nil || fmt.Sprint(again) != fmt.Sprint(rules) {
			t.Fatalf("%q reads as %v, which reads as %v, %v", text, rules, again, err)
		}
	})
}

func BenchmarkTake(b *testing.B) {
	limits := limit.New(limit.Rules{limit.General: {Requests: 1 << 40, Window: time.Hour}}, &hand{now: time.Now()}, limit.Manner{})
	b.ReportAllocs()
	for b.Loop() {
		limits.Take("grant-1", limit.General)
	}
}
