package defects

import (
	"net/http"
	"time"

	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// retries breaks what holds for a delivery that is tried again.
func retries(*check.Contract) []Defect {
	set := func(id, done, sentence string, s Settings) Defect {
		d := defect(Retry, "deliveries/"+id, done, sentence, nil)
		d.Settings = &s
		return d
	}
	again := func(id, done, sentence string, change func(*delivery)) Defect {
		return defect(Retry, "deliveries/"+id, done, sentence, onDeliveries("", func(d *delivery) {
			if d.number > 1 {
				change(d)
			}
		}))
	}
	edited := func(f func(p map[string]any)) func(*delivery) { return func(d *delivery) { d.edit(f) } }
	steady := func(gap time.Duration) func(int) time.Duration { return func(int) time.Duration { return gap } }
	const fixed = "equal gaps do not grow"
	shrinking := func(retry int) time.Duration { return 30 * time.Second / time.Duration(retry*retry) }
	return []Defect{
		defect(Twice, "deliveries/once", "twice", "A delivery that was answered with a 2xx is made again at once.", delivering(func(d *delivery) (*http.Response, error) {
			response, err := d.send()
			if err == nil && d.number == 1 && response.StatusCode < 300 {
				d.copy().spend()
			}
			return response, err
		})),
		defect(Twice, "deliveries/once", "retried", "A delivery that was answered with a 2xx is tried again like one that failed.", denied(func(d *delivery) bool { return d.number == 1 })),
		defect(Retry, "deliveries/retry-ends", "goes-on", "A retry that was answered with a 2xx is followed by more.", denied(func(d *delivery) bool { return d.number > 1 })),
		defect(Retry, "deliveries/retried", "never", "A delivery that failed is not tried again.", delivering(func(d *delivery) (*http.Response, error) {
			if d.number > 1 {
				return d.taken(http.StatusOK)
			}
			return d.send()
		})),
		set("retries-bounded", "five", "A delivery that failed is tried again five times.", Settings{Retries: 5}),
		set("retries-bounded", "four", "A delivery that failed is tried again four times.", Settings{Retries: 4}),
		set("backoff", "equal", "Retries come at equal gaps of two seconds.", Settings{Backoff: steady(2 * time.Second)}).with(fixed, "deliveries/backoff-grows"),
		set("backoff", "equal-5s", "Retries come at equal gaps of five seconds.", Settings{Backoff: steady(5 * time.Second)}).with(fixed, "deliveries/backoff-grows"),
		set("backoff", "equal-20s", "Retries come at equal gaps of twenty seconds.", Settings{Backoff: steady(20 * time.Second)}).with(fixed, "deliveries/backoff-grows"),
		set("backoff", "equal-1m", "Retries come at equal gaps of a minute.", Settings{Backoff: steady(time.Minute)}).with(fixed, "deliveries/backoff-grows"),
		set("backoff-grows", "shrinking", "The gaps between retries shrink.", Settings{Backoff: shrinking}),
		again("retry-body", "field-dropped", "A retry's payload has no event.", edited(func(p map[string]any) { delete(p, "event") })),
		again("retry-body", "empty", "A retry has no body.", func(d *delivery) { d.body = []byte{} }),
		again("retry-body", "wrapped", "A retry's payload stands in an object.", edited(func(p map[string]any) { p["payload"] = clone(p); delete(p, "data") })),
		again("retry-body", "conversation", "A retry names another conversation.", edited(func(p map[string]any) { put(any(p), "data.conversation.uuid", false, "conv_nobody") })),
		again("retry-stable", "id", "A retry has an id of its own.", func(d *delivery) {
			d.header.Set(webhook.HeaderID, d.id+"-again")
			d.id += "-again"
		}),
		again("retry-stable", "body", "A retry has a timestamp of its own.", edited(func(p map[string]any) { p["timestamp"] = "2031-01-01T00:00:00Z" })),
		defect(Retry, "unsubscribe/stops-retries", "go-on", "Retries that are under way go on after unsubscribing.", deaf),
	}
}

// denied tells the server that a delivery failed which was taken.
func denied(is func(*delivery) bool) play {
	return delivering(func(d *delivery) (*http.Response, error) {
		response, err := d.send()
		if err == nil && response.StatusCode < 300 && is(d) {
			response.StatusCode = http.StatusInternalServerError
		}
		return response, err
	})
}

// deaf keeps a subscription that was removed, and lets none but its retries pass.
func deaf(m *memory) behaviour {
	removed := map[string]string{} // URLs by id
	return behaviour{
		call: func(c *call) *answer {
			if c.op != "unsubscribe" || c.wrong || c.caller() != m.keys.Token {
				return nil
			}
			mine := m.hooksOf(func(h hook) bool { return h.id == c.id && h.token == c.caller() })
			var before bool
			m.do(func() { _, before = removed[c.id] })
			switch {
			case before:
				return refusal(http.StatusNotFound)
			case len(mine) == 0:
				return nil
			}
			m.do(func() { removed[c.id] = mine[0].url })
			return example("unsubscribe")
		},
		deliver: func(d *delivery) (*http.Response, error) {
			gone := false
			m.do(func() {
				for _, u := range removed {
					gone = gone || u == d.url
				}
			})
			if gone && d.number == 1 {
				return d.taken(http.StatusOK)
			}
			return d.send()
		},
	}
}
