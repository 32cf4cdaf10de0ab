package assistloop

import (
	"fmt"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi"
)

var (
	generally = rate{openapi.Limit{Name: generalLimit, Requests: 60, Per: time.Minute}, 10}
	closely   = rate{openapi.Limit{Name: closeLimit, Requests: 10, Per: time.Minute}, 0}
	start     = time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)
)

// ledger makes traffic up. Requests take ten milliseconds each.
type ledger struct {
	traffic
	now time.Duration
}

func began() *ledger { return &ledger{} }

// send adds requests, each so long after the one before.
func (l *ledger) send(n int, every time.Duration, group string, status int) *ledger {
	for range n {
		l.now += every
		x := &conformance.Exchange{Status: status, Sent: start.Add(l.now), Answered: start.Add(l.now + 10*time.Millisecond)}
		if status == 429 {
			x.Body = []byte(`{"message":"Too Many Attempts.","retry_after":30}`)
		}
		l.entries = append(l.entries, conformance.Charge{At: x.Sent, Group: group, Status: status, Exchange: x})
	}
	return l
}

func (l *ledger) ok(n int) *ledger                   { return l.send(n, 50*time.Millisecond, generalLimit, 200) }
func (l *ledger) slowly(n int) *ledger               { return l.send(n, 450*time.Millisecond, generalLimit, 200) }
func (l *ledger) closed(n int) *ledger               { return l.send(n, 50*time.Millisecond, closeLimit, 200) }
func (l *ledger) refused(n int) *ledger              { return l.send(n, 50*time.Millisecond, generalLimit, 404) }
func (l *ledger) held() *ledger                      { return l.send(1, 50*time.Millisecond, generalLimit, 429) }
func (l *ledger) closeHeld() *ledger                 { return l.send(1, 50*time.Millisecond, closeLimit, 429) }
func (l *ledger) wait(d time.Duration) *ledger       { l.now += d; return l }
func (l *ledger) knownSince(d time.Duration) *ledger { l.since = start.Add(d); return l }

var _ = Describe("a ledger of what an account sent", func() {
	DescribeTable("shows a 429 that came too early", func(l *ledger, q rate, kind string) {
		Expect(kindOf(allows([]traffic{l.traffic}, nil, q, generally))).To(Equal(kind))
	},
		Entry("to the 61st request: no", began().ok(60).held(), generally, "pass"),
		Entry("to the 60th", began().ok(59).held(), generally, "breach"),
		Entry("to the 61st, closes among them: no", began().ok(55).closed(5).held(), generally, "gap"),
		Entry("to the 61st, refusals among them: no", began().refused(20).ok(40).held(), generally, "pass"),
		Entry("to the 61st, one of them two minutes old", began().ok(1).wait(2*time.Minute).ok(59).held(), generally, "breach"),
		Entry("to the 61st, one of them just a minute old: no", began().ok(1).wait(57500*time.Millisecond).ok(59).held(), generally, "gap"),
		Entry("to the 61st, when one was lost: no", began().ok(59).send(1, 0, generalLimit, 0).held(), generally, "gap"),
		Entry("when the minute before is not known", began().knownSince(0).ok(30).held(), generally, "gap"),
		Entry("when the minute before is known", began().knownSince(-2*time.Minute).ok(30).held(), generally, "breach"),
		Entry("to the 11th close: no", began().closed(10).closeHeld(), closely, "pass"),
		Entry("to the 10th close", began().closed(9).closeHeld(), closely, "breach"),
		Entry("to the 10th close, the general budget being spent: no", began().ok(60).closed(3).closeHeld(), closely, "gap"),
		Entry("to a close, where the general limit comes early: not that of closes", began().ok(30).held().wait(time.Minute).ok(28).closed(2).closeHeld(), closely, "gap"),
		Entry("again, while nothing was served: said already", began().ok(60).held().wait(2*time.Minute).held().wait(2*time.Minute).held(), generally, "pass"),
		Entry("again, after something was served", began().ok(60).held().wait(2*time.Minute).ok(1).held(), generally, "breach"),
		Entry("again, only a close having been served", began().ok(60).held().wait(2*time.Minute).closed(1).held(), generally, "pass"),
		Entry("never, nothing much having been asked", began().ok(59), generally, "gap"),
		Entry("never, though enough was asked", began().ok(60), generally, "pass"),
		Entry("never, since it took more than a minute", began().send(60, 1100*time.Millisecond, generalLimit, 200), generally, "gap"),
	)
	DescribeTable("shows a limit that is not there", func(l *ledger, q rate, kind string) {
		Expect(kindOf(enforced([]traffic{l.traffic}, nil, q))).To(Equal(kind))
	},
		Entry("120 served: two windows", began().ok(120), generally, "gap"),
		Entry("121 served", began().ok(121), generally, "breach"),
		Entry("121 served, refusals among them", began().ok(60).refused(10).ok(61), generally, "breach"),
		Entry("120 served and a close", began().ok(60).closed(1).ok(60), generally, "gap"),
		Entry("121 in more than a minute", began().send(121, 510*time.Millisecond, generalLimit, 200), generally, "gap"),
		Entry("121 with a 429 between", began().ok(60).held().ok(61), generally, "pass"),
		Entry("121 with a 429 to a close between, which the general limit held", began().ok(60).closeHeld().ok(61), generally, "pass"),
		Entry("121 with a 429 to an eleventh close between", began().ok(50).closed(10).closeHeld().ok(71), generally, "breach"),
		Entry("20 closes", began().closed(20), closely, "gap"),
		Entry("21 closes", began().closed(21), closely, "breach"),
		Entry("10 closes and a 429", began().closed(10).closeHeld(), closely, "pass"),
	)
	DescribeTable("shows when accounts that were pressed met the limit", func(kind string, ls ...*ledger) {
		var all []traffic
		for _, l := range ls {
			all = append(all, l.traffic)
		}
		Expect(kindOf(reachedAt(all, generally))).To(Equal(kind))
	},
		Entry("when it was due", "pass", began().ok(60).held()),
		Entry("before it was due, which is another breach", "pass", began().ok(30).held()),
		Entry("when it was due, some of the requests having been refused", "pass", began().refused(5).ok(58).held()),
		Entry("one late, once", "gap", began().ok(61).held()),
		Entry("one late, twice", "breach", began().ok(61).held(), began().wait(10*time.Second).ok(61).held()),
		Entry("late, and then when it was due", "pass", began().ok(90).held(), began().ok(60).held()),
		Entry("late twice, as by windows that turn by the clock", "gap", began().ok(25).ok(60).held(), began().wait(59*time.Second).ok(45).ok(60).held()),
		Entry("late twice, as by no window", "breach", began().ok(25).ok(60).held(), began().wait(30*time.Second).ok(25).ok(60).held()),
		Entry("late by what a budget that fills up evenly gives", "gap", began().slowly(108).held(), began().wait(30*time.Second).slowly(108).held()),
		Entry("late by less than that", "breach", began().slowly(80).held(), began().wait(30*time.Second).slowly(80).held()),
		Entry("never", "trouble", began().ok(121)),
		Entry("nearly", "gap", began().ok(119)),
	)
	DescribeTable("shows what the main account met by itself", func(kind string, l *ledger) {
		Expect(kindOf(reachedByItself(l.traffic, generally))).To(Equal(kind))
	},
		Entry("when it was due", "pass", began().knownSince(0).ok(60).held()),
		Entry("early, since it was used before", "gap", began().knownSince(0).ok(20).held()),
		Entry("early at first, then when it was due", "pass", began().knownSince(0).ok(20).held().wait(time.Minute).ok(60).held()),
		Entry("late, for whatever reason", "gap", began().ok(80).held()),
		Entry("never", "trouble", began().ok(121)),
		Entry("never, with little asked", "gap", began().ok(50)),
		Entry("by a close", "pass", began().ok(60).closeHeld()),
	)
	DescribeTable("shows whether a limit lets go", func(kind string, l *ledger) {
		Expect(kindOf(recovers([]traffic{l.traffic}, generally))).To(Equal(kind))
	},
		Entry("it does", "pass", began().ok(60).held().wait(31*time.Second).ok(1)),
		Entry("it does, and the request is refused for another reason", "pass", began().ok(60).held().wait(31*time.Second).refused(1)),
		Entry("it does not", "breach", began().ok(60).held().wait(31*time.Second).held()),
		Entry("it was not waited for", "gap", began().ok(60).held().wait(20*time.Second).held()),
		Entry("it was waited for, but not the second that rounding may take", "gap", began().ok(60).held().wait(30*time.Second).held()),
		Entry("another request went first", "gap", began().ok(60).held().wait(31*time.Second).send(1, 0, closeLimit, 200).held()),
		Entry("the other limit holds it", "gap", began().ok(60).closeHeld().wait(31*time.Second).closeHeld()),
		Entry("a close is let go", "pass", began().closed(10).closeHeld().wait(31*time.Second).closed(1)),
		Entry("a close is not let go", "breach", began().closed(10).closeHeld().wait(31*time.Second).closeHeld()),
		Entry("a close waits as a request was told", "gap", began().ok(60).held().wait(31*time.Second).closeHeld()),
	)
})

var _ = Describe("a 429", func() {
	answer := func(body string, header ...string) *conformance.Exchange {
		x := &conformance.Exchange{Status: 429, Body: []byte(body), Header: http.Header{"Content-Type": {"application/json"}}}
		x.Account = &conformance.Account{}
		for i := 0; i+1 < len(header); i += 2 {
			x.Header.Set(header[i], header[i+1])
		}
		return x
	}
	It("says that it is JSON, as far as its headers are known", func() {
		x := answer(`{"message":"Too Many Attempts.","retry_after":30}`, "Content-Type", "text/html")
		Expect(kindOf(limitMessage(x))).To(Equal("breach"))
		x.Observed = &conformance.Observed{NoHeader: true}
		Expect(kindOf(limitMessage(x))).To(Equal("pass"))
	})
	DescribeTable("is judged", func(x *conformance.Exchange, message, wait, header string) {
		all := []*conformance.Exchange{x}
		Expect(kindOf(each429(all, limitMessage))).To(Equal(message))
		Expect(kindOf(each429(all, limitWait))).To(Equal(wait))
		Expect(kindOf(each429(all, limitHeader))).To(Equal(header))
	},
		Entry("as documented", answer(`{"message":"Too Many Attempts.","retry_after":60}`), "pass", "pass", "pass"),
		Entry("with more than that", answer(`{"error":"x","message":"Too Many Attempts.","retry_after":0}`, "Retry-After", "1"), "pass", "pass", "pass"),
		Entry("with another message", answer(`{"message":"Slow down","retry_after":60}`), "breach", "pass", "pass"),
		Entry("without a message", answer(`{"retry_after":60}`), "breach", "pass", "pass"),
		Entry("with a message of another type", answer(`{"message":7,"retry_after":60}`), "breach", "pass", "pass"),
		Entry("without retry_after", answer(`{"message":"Too Many Attempts."}`, "Retry-After", "60"), "pass", "breach", "pass"),
		Entry("with retry_after as text", answer(`{"message":"Too Many Attempts.","retry_after":"60"}`), "pass", "breach", "pass"),
		Entry("with retry_after beyond a minute", answer(`{"message":"Too Many Attempts.","retry_after":61}`), "pass", "breach", "pass"),
		Entry("with retry_after below zero", answer(`{"message":"Too Many Attempts.","retry_after":-1}`), "pass", "breach", "pass"),
		Entry("with a fraction", answer(`{"message":"Too Many Attempts.","retry_after":1.5}`), "pass", "breach", "pass"),
		Entry("with a header that says more", answer(`{"message":"Too Many Attempts.","retry_after":30}`, "Retry-After", "32"), "pass", "pass", "breach"),
		Entry("with a header that is none", answer(`{"message":"Too Many Attempts.","retry_after":30}`, "Retry-After", "soon"), "pass", "pass", "breach"),
		Entry("with a date in the header", answer(`{"message":"Too Many Attempts.","retry_after":30}`,
			"Retry-After", "Tue, 04 Mar 2025 05:06:37 GMT", "Date", "Tue, 04 Mar 2025 05:06:07 GMT"), "pass", "pass", "pass"),
		Entry("with another date in the header", answer(`{"message":"Too Many Attempts.","retry_after":30}`,
			"Retry-After", "Tue, 04 Mar 2025 05:07:07 GMT", "Date", "Tue, 04 Mar 2025 05:06:07 GMT"), "pass", "pass", "breach"),
		Entry("with a list", answer(`[]`), "breach", "trouble", "pass"),
		Entry("with no JSON", answer(`<html>`), "breach", "trouble", "pass"),
	)
	It("is not judged where there was none, or none to a token", func() {
		x := answer(`{}`)
		x.Account = nil
		Expect(kindOf(each429([]*conformance.Exchange{x}, limitMessage))).To(Equal("gap"))
		Expect(kindOf(each429(nil, limitWait))).To(Equal("gap"))
	})
	It("is counted in words", func() {
		for n, word := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 11: "11th", 12: "12th", 61: "61st", 111: "111th", 121: "121st"} {
			Expect(nth(n, generally)).To(Equal(fmt.Sprintf("%s request", word)))
		}
	})
})
