package assistloop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// allows: no 429 before a budget can have been spent. On an account that others may use as well it is held against the
// target only when it comes again, at the same request.
func allows(all []traffic, a *again, q, general rate) error {
	var early error
	filled, served, least := false, false, general.Requests
	if q.Name != general.Name {
		least = budget(all, general)
	}
	for _, t := range all {
		if i := t.premature(q, least); i >= 0 {
			spent, closes := t.spent(i, q.Per)
			if q.Name == closeLimit {
				spent = closes
			}
			if !t.others || a.confirms(q) {
				return breach(
					fmt.Sprintf("no 429 before the %s within a minute", nth(q.Requests+1, q)),
					fmt.Sprintf("a 429 to the %s within a minute", nth(spent+1, q)), t.entries[i].Exchange,
				)
			}
			early = conformance.Lacking("a 429 came to the %s within a minute, and somebody else may use the account: %s", nth(spent+1, q), a.says())
		}
		filled, served = filled || t.filled(q), served || t.served(q)
	}
	switch {
	case early != nil && !served:
		return early
	case filled:
		return nil
	}
	return conformance.Lacking("%d %s were not sent within a minute", q.Requests, q.plural())
}

// reachedAt: an account that was asked until it was refused was refused when its budget was spent, and not
// later. Where windows of the clock's minutes or a budget that refills explain a later one, nothing can be told.
func reachedAt(pressed []traffic, q rate) error {
	var late []reached
	for _, t := range pressed {
		i := t.first(q)
		if i < 0 {
			if run := t.sustained(q); run != nil {
				return neverMet(run, q)
			}
			continue
		}
		r := t.reaches(i, q)
		if r.late(q) == 0 {
			return nil
		}
		late = append(late, r)
	}
	if len(late) == 0 {
		return conformance.Lacking("%d %s were not served within a minute", q.Requests, q.plural())
	}
	last := late[len(late)-1]
	if last.refills(q) || len(late) < 2 || alike(late[len(late)-2], last, q) {
		return conformance.Lacking("the 429 came %s late: the window may have turned over meanwhile", counted(last.late(q), "request"))
	}
	return breach("429 to the "+nth(q.Requests+1, q)+" within a minute",
		fmt.Sprintf("%d served before it, two times over", len(last.served)), append(ends(last.served), last.refused.Exchange)...)
}

// neverMet leaves a limit that is not there to the requirement that it be.
func neverMet(run []conformance.Charge, q rate) error {
	return conformance.Blocked("%d %s were served within a minute and no 429: the limit is not enforced", len(run), q.plural())
}

// reachedByItself judges the same by what an account sent for other reasons: a 429 that came when it was due
// shows it; one that came late shows nothing, since a window may have turned over.
func reachedByItself(t traffic, q rate) error {
	if run := t.sustained(q); run != nil {
		return neverMet(run, q)
	}
	lateOne := false
	for i := range t.entries {
		if !t.meets(i, q) || t.continues(i) {
			continue
		}
		all, closes := t.spent(i, q.Per)
		if q.Name == closeLimit {
			all = closes
		}
		if all < q.Requests {
			continue
		}
		if t.reaches(i, q).late(q) == 0 {
			return nil
		}
		lateOne = true
	}
	if lateOne {
		return conformance.Lacking("the 429 came late: the window may have turned over meanwhile")
	}
	return conformance.Lacking("%d %s were not served within a minute", q.Requests, q.plural())
}

// enforced: more than twice the limit is not served within a minute without any 429. pressed are accounts that
// were asked until they were refused.
func enforced(all []traffic, pressed []*pressed, q rate) error {
	for _, t := range all {
		if run := t.sustained(q); run != nil {
			return breach(
				fmt.Sprintf("a 429 before the %s within a minute", nth(2*q.Requests+1, q)),
				fmt.Sprintf("%d served within %s, the last of them %s, and no 429", len(run),
					answeredAt(run[len(run)-1]).Sub(run[0].At).Round(time.Millisecond), run[len(run)-1].Exchange.Operation), ends(run)...,
			)
		}
	}
	for _, p := range pressed {
		if p.odd != nil && p.served >= q.Requests && p.odd.Status >= 400 {
			return breach("429 past the limit", fmt.Sprintf("%d to %s", p.odd.Status, p.odd.Purpose), p.odd)
		}
	}
	for _, t := range all {
		if t.first(q) >= 0 {
			return nil
		}
	}
	return conformance.Lacking("%d %s were not served within a minute", 2*q.Requests+1, q.plural())
}

// ends are the first and the last exchange of a streak.
func ends(run []conformance.Charge) []*conformance.Exchange {
	return []*conformance.Exchange{run[0].Exchange, run[len(run)-1].Exchange}
}

func (q rate) plural() string {
	if q.Name == closeLimit {
		return "closes"
	}
	return "requests"
}

func nth(n int, q rate) string {
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return fmt.Sprintf("%d%s %s", n, ending, strings.TrimSuffix(q.plural(), "s"))
}

// recovers: the request that follows a 429 once retry_after is over passes, where no other came between.
func recovers(all []traffic, general rate) error {
	shown := false
	for _, t := range all {
		for i := 1; i < len(t.entries); i++ {
			held, x := t.entries[i-1], t.entries[i]
			if !limited(held) || held.Group != x.Group || x.Status == 0 {
				continue
			}
			// A close is held by either limit, which let go at times of their own.
			if spent, _ := t.spent(i-1, general.Per); held.Group == closeLimit && spent >= general.Requests {
				continue
			}
			waited := x.At.Sub(answeredAt(held))
			asked := retryAfter(held.Exchange)
			switch {
			case limited(x) && waited >= asked+slack && t.others && !t.heldBefore(i-1):
				// somebody else may have been faster
			case limited(x) && waited >= asked+slack:
				return breach("no 429 after the time that retry_after asked for", fmt.Sprintf("another 429 %s after one that asked for %s",
					waited.Round(100*time.Millisecond), asked), held.Exchange, x.Exchange)
			case passed(x.Exchange) && waited >= asked:
				shown = true
			}
		}
	}
	if !shown {
		return conformance.Lacking("no request followed a 429 once retry_after was over")
	}
	return nil
}

// heldBefore: entry i is a 429 that came after one that had been waited for already.
func (t traffic) heldBefore(i int) bool {
	if i == 0 {
		return false
	}
	held, x := t.entries[i-1], t.entries[i]
	return limited(held) && held.Group == x.Group && x.At.Sub(answeredAt(held)) >= retryAfter(held.Exchange)+slack
}

// passed: it got past the limits. Another method may be refused before they are looked at.
func passed(x *conformance.Exchange) bool { return x.OK() || x.Refused() && x.Request.Method == "" }

// retryAfter is how long a 429 asks to wait; a minute where it does not say.
func retryAfter(x *conformance.Exchange) time.Duration {
	seconds, ok := told(x)
	if !ok || seconds < 0 {
		return time.Minute
	}
	return time.Duration(seconds * float64(time.Second))
}

// told is the body's retry_after, if it is a number.
func told(x *conformance.Exchange) (seconds float64, ok bool) {
	var body item
	if x == nil || json.Unmarshal(x.Body, &body) != nil {
		return 0, false
	}
	seconds, ok = body["retry_after"].(float64)
	return seconds, ok
}

// perAccount: an account that asked for nothing yet is served while another's budget is spent.
func (l *limiting) perAccount() error {
	if l.second == nil {
		return conformance.Lacking("no account's budget could be spent")
	}
	if l.shared() {
		return breach("the first request of an account served, although another's budget is spent", "429", l.pressed[0].refused, l.second)
	}
	return answered(l.second)
}

// shared tells whether accounts use up each other's budgets.
func (l *limiting) shared() bool {
	return l.second != nil && l.second.Status == http.StatusTooManyRequests
}
