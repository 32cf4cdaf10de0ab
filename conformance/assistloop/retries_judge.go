package assistloop

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/check"
)

// shown are the deliveries of attempts.
func shownAttempts(as []attempt) []*conformance.Delivery {
	var ds []*conformance.Delivery
	for _, a := range as {
		ds = append(ds, a.delivery)
	}
	return ds
}

// onlyOnce: what was answered with a 2xx at once does not come again.
func (e *retries) onlyOnce() error {
	judged := false
	for _, got := range e.taken {
		judged = judged || len(got) > 0
		if len(got) > 1 {
			return astray("one delivery of an event that was answered with a 2xx", fmt.Sprint(len(got)), got...)
		}
	}
	if !judged {
		return conformance.Blocked("nothing was delivered that was taken at once")
	}
	return nil
}

// retried: without a movable clock, a retry that was not seen is no failure (AL-95).
func (e *retries) retried(clock bool, patience time.Duration) error {
	if len(e.attempts[e.never]) > 1 || len(e.attempts[e.second]) > 1 {
		return nil
	}
	if !clock {
		return conformance.Lacking("no retry came within %s, and the driver does not move the clock: give --patience", patience)
	}
	return astray("a retry of a delivery that was answered 500", "none, though the clock was moved on by "+e.watched.String(), shownAttempts(e.attempts[e.never])...)
}

func (e *retries) bounded() error {
	as := e.attempts[e.never]
	switch {
	case len(as) > mostAttempts:
		return astray("at most four attempts", fmt.Sprint(len(as)), shownAttempts(as)...)
	case len(as) < 2:
		return conformance.Lacking("no retry was seen")
	case !e.complete:
		return conformance.Lacking("the run was not patient enough to see whether more than %s come", counted(len(as), "attempt"))
	}
	return nil
}

// ends: the attempt that was answered with a 2xx is the last.
func (e *retries) ends() error {
	as := e.attempts[e.second]
	switch {
	case len(as) > 2:
		return astray("no attempt after the second, which was answered 200", fmt.Sprintf("%d attempts", len(as)), shownAttempts(as)...)
	case len(as) < 2:
		return conformance.Lacking("no retry was seen")
	}
	return nil
}

// gaps between attempts, each within bounds.
func gaps(as []attempt) (low, high []time.Duration) {
	for i := 1; i < len(as); i++ {
		low = append(low, max(0, as[i].low-as[i-1].high))
		high = append(high, as[i].high-as[i-1].low)
	}
	return low, high
}

// surelyEqual: whatever the gaps really were within their bounds, they differ by a tenth at most.
func surelyEqual(as []attempt) bool {
	least, most := extremes(as)
	return float64(most) <= 1.1/0.9*float64(least)
}

// extremes bound every gap.
func extremes(as []attempt) (least, most time.Duration) {
	low, high := gaps(as)
	return slices.Min(low), slices.Max(high)
}

// maybeEqual: one gap is possible that all of them are within a tenth of.
func maybeEqual(as []attempt) bool {
	low, high := gaps(as)
	from, to := time.Duration(0), time.Duration(1<<62)
	for i := range low {
		from, to = max(from, low[i]), min(to, high[i])
	}
	return float64(from)*0.9 <= float64(to)*1.1
}

// growing: no gap is surely as short as the one before.
func growing(as []attempt) bool {
	low, high := gaps(as)
	for i := 1; i < len(low); i++ {
		if high[i] <= low[i-1] {
			return false
		}
	}
	return true
}

// backoff is the attempts that the gaps are judged by, those of the latest watch.
func (e *retries) backoff() ([]attempt, error) {
	if len(e.watches) == 0 || len(e.latest().attempts) < 3 {
		return nil, conformance.Lacking("fewer than two gaps were seen")
	}
	if !e.prompt() {
		return nil, conformance.Lacking("the target acts on its clock too late to tell its gaps")
	}
	return head(e.latest().attempts, mostAttempts), nil
}

func (e *retries) notEqual() error {
	as, err := e.backoff()
	if err != nil {
		return err
	}
	if surelyEqual(as) {
		return astray("exponential back-off, so gaps that are not all equal", describe(as), shownAttempts(as)...)
	}
	if maybeEqual(as) {
		return conformance.Lacking("the gaps are known too coarsely: %s", describe(as))
	}
	return nil
}

// grows: jitter is honest, so that this is only a SHOULD.
func (e *retries) grows() error {
	as, err := e.backoff()
	if err != nil {
		return err
	}
	if !growing(as) {
		return astray("gaps that grow", describe(as), shownAttempts(as)...)
	}
	return nil
}

func describe(as []attempt) string {
	low, high := gaps(as)
	text := "gaps of"
	for i := range low {
		middle := (low[i] + high[i]) / 2
		text += " " + middle.Round(10*time.Millisecond).String()
	}
	return text
}

// body: every attempt keeps to the schema and is about the same conversation.
func (e *retries) body(checker *check.Contract) error {
	judged := false
	for _, as := range [][]attempt{e.attempts[e.never], e.attempts[e.second]} {
		var before []check.Violation
		for i, a := range as {
			if i == 0 { // first attempts are judged field by field
				before = checker.Event("new_conversation", nil, a.delivery.Body)
				continue
			}
			judged = true
			for _, v := range checker.Event("new_conversation", nil, a.delivery.Body) {
				if !slices.ContainsFunc(before, func(b check.Violation) bool { return b.Field == v.Field }) {
					return astray(v.ExpectedThere()+" in a retry, too", v.Seen, as[0].delivery, a.delivery)
				}
			}
			if conversationOf(a.delivery) != conversationOf(as[0].delivery) {
				return astray("conversation "+conversationOf(as[0].delivery)+" in a retry, too", conversationOf(a.delivery), as[0].delivery, a.delivery)
			}
		}
	}
	if !judged {
		return conformance.Lacking("no retry was seen")
	}
	return nil
}

// unlike tells where two bodies differ, by the name of the field alone.
func unlike(a, b []byte) string {
	x, y := payload(a), payload(b)
	if x == nil || y == nil {
		return "which is no JSON object"
	}
	if place := differing(x, y, ""); place != "" {
		return "with another " + place
	}
	return "with the same values written otherwise"
}

// differing is the way to the first field of two objects that differs; "" where none does.
func differing(x, y map[string]any, at string) string {
	names := slices.Sorted(maps.Keys(x))
	for name := range y {
		if _, both := x[name]; !both {
			return at + name
		}
	}
	for _, name := range names {
		one, ok1 := x[name].(map[string]any)
		other, ok2 := y[name].(map[string]any)
		if ok1 && ok2 {
			if place := differing(one, other, at+name+"."); place != "" {
				return place
			}
		} else if !reflect.DeepEqual(x[name], y[name]) {
			return at + name
		}
	}
	return ""
}

func (e *retries) stable() error {
	as := e.attempts[e.never]
	if len(as) < 2 {
		return conformance.Lacking("no retry was seen")
	}
	for _, a := range as[1:] {
		if !bytes.Equal(a.delivery.Body, as[0].delivery.Body) {
			return astray("the same body at each attempt", "another, "+unlike(as[0].delivery.Body, a.delivery.Body), as[0].delivery, a.delivery)
		}
		if id := a.delivery.Header.Get("Webhook-Id"); id != as[0].delivery.Header.Get("Webhook-Id") {
			return astray("the same webhook-id at each attempt", orNone(as[0].delivery.Header.Get("Webhook-Id"))+", then "+orNone(id), as[0].delivery, a.delivery)
		}
	}
	return nil
}

// stops: an unsubscribed one gets no further attempts.
func (e *retries) stops() error {
	switch {
	case !e.wasGone:
		return conformance.Blocked("unsubscribing was not served")
	case len(e.attempts[e.never]) < 2:
		return conformance.Lacking("no retry was seen elsewhere, so that nothing tells")
	case len(e.attempts[e.removed]) > e.atRemoval:
		return astray("no attempt after unsubscribing", counted(len(e.attempts[e.removed])-e.atRemoval, "further attempt"), shownAttempts(e.attempts[e.removed])...)
	}
	return nil
}
