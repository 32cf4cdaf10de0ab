package defects

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/parley-contracts/parley/openapi/check"
)

// The kinds of wrong rate limits.
const (
	Unlimited Kind = "limit-removed"
	Early     Kind = "limit-early"
	Late      Kind = "limit-late"
	Window    Kind = "limit-window"
	TooMany   Kind = "limit-body"
)

// limits counts requests otherwise than the contract has it, and says otherwise that there are too many.
func limits(*check.Contract) []Defect {
	set := func(kind Kind, requirement, done, sentence, rule string) Defect {
		d := defect(kind, "rate-limit/"+requirement, done, sentence, nil)
		d.Settings = &Settings{RateLimit: rule}
		return d
	}
	all := []Defect{
		set(Early, "general-allows", "30", "The 31st request of a minute is answered 429.", "general=30/1m"),
		set(Early, "general-allows", "59", "The 60th request of a minute is answered 429.", "general=59/1m"),
		set(Late, "general-at", "61", "The 62nd request of a minute is the first to be answered 429.", "general=61/1m"),
		set(Late, "general-at", "100", "The 101st request of a minute is the first to be answered 429.", "general=100/1m"),
		set(Unlimited, "general-enforced", "off", "Requests are not limited, but for closes.", "general=100000/1m"),
		set(Early, "close-allows", "5", "The 6th close of a minute is answered 429.", "close=5/1m"),
		set(Early, "close-allows", "9", "The 10th close of a minute is answered 429.", "close=9/1m"),
		set(Late, "close-at", "11", "The 12th close of a minute is the first to be answered 429.", "close=11/1m"),
		set(Late, "close-at", "19", "The 20th close of a minute is the first to be answered 429.", "close=19/1m"),
		set(Unlimited, "close-enforced", "off", "Closes have no limit of their own.", "close=100000/1m"),
		defect(Window, "rate-limit/per-account", "shared", "All accounts share one budget.", shared()),
		defect(Window, "rate-limit/recovers", "never", "After a 429 an account is refused for ten minutes.", sulk(10*time.Minute, 60)),
		defect(Window, "rate-limit/recovers", "later", "After a 429 an account is refused for ten seconds more than retry_after says.", sulk(10*time.Second, 0)),
	}
	for _, n := range []int{1, 20} {
		d := defect(Window, "rate-limit/general-allows", fmt.Sprintf("%d-later", 60-n), fmt.Sprintf("Each minute of an account but the first has room for %d requests.", 60-n), carrying(n))
		d.Settings = &Settings{RateLimit: "general=100000/1m"}
		all = append(all, d)
	}
	for _, op := range secured() {
		if op.Limit == "general" {
			d := defect(Unlimited, "rate-limit/general-enforced", op.ID, "The general limit does not count "+op.ID+".", exempt(op.ID))
			d.Settings = &Settings{RateLimit: "general=100000/1m"}
			all = append(all, d)
		}
	}
	return append(all, tooMany()...)
}

// exempt counts every request of an account but those of one operation.
func exempt(op string) play {
	return counting(byToken, func(asked string) bool { return asked == op }, 0)
}

// carrying takes some requests of each window over to the next.
func carrying(n int) play { return counting(byToken, nothingFree, n) }

// shared counts the requests of all accounts together.
func shared() play {
	return counting(func(string) string { return "" }, nothingFree, 0)
}

func byToken(token string) string { return token }

func nothingFree(string) bool { return false }

// counting counts requests itself, in windows of a minute from the first of them, by whose budget they are. Windows after
// the first begin with what is carried over.
func counting(budget func(token string) string, free func(op string) bool, carried int) play {
	type window struct {
		ends time.Time
		n    int
	}
	return func(m *memory) behaviour {
		windows := map[string]window{}
		return behaviour{call: func(c *call) *answer {
			if operation(c.op).Limit != "general" || c.wrong || c.token() == "" || free(c.op) {
				return nil
			}
			now := m.now()
			var left time.Duration
			m.do(func() {
				w := windows[budget(c.token())]
				if !now.Before(w.ends) {
					n := carried
					if w.ends.IsZero() {
						n = 0
					}
					w = window{now.Add(time.Minute), n}
				}
				if w.n < 60 {
					w.n++
				} else {
					left = w.ends.Sub(now)
				}
				windows[budget(c.token())] = w
			})
			if left == 0 {
				return nil
			}
			return limited(int((left + time.Second - 1) / time.Second))
		}}
	}
}

// sulk refuses an account for longer than its 429 said.
func sulk(longer time.Duration, says int) play {
	return func(m *memory) behaviour {
		until := map[string]time.Time{}
		return behaviour{call: func(c *call) *answer {
			if !operation(c.op).Secured || c.wrong || c.token() == "" {
				return nil
			}
			now := m.now()
			var left time.Duration
			m.do(func() { left = until[c.token()].Sub(now) })
			if left > 0 {
				return limited(min(60, int(left/time.Second)))
			}
			a := c.send()
			if a.status == http.StatusTooManyRequests {
				after := seconds(a.fields()["retry_after"])
				m.do(func() { until[c.token()] = now.Add(after + longer) })
				if says > 0 {
					return limited(says)
				}
			}
			return a
		}}
	}
}

func limited(after int) *answer {
	a := says(http.StatusTooManyRequests, fmt.Appendf(nil, `{"message":"Too Many Attempts.","retry_after":%d}`, after))
	a.header.Set("Retry-After", strconv.Itoa(after))
	return a
}

// tooMany spoils the 429. One of another status is met by whatever request comes next, and nothing would be left to
// judge: it is the accounts that are issued to meet it that do.
func tooMany() []Defect {
	var all []Defect
	add := func(kind Kind, requirement, done, sentence string, change func(*answer)) {
		all = append(all, defect(kind, "rate-limit/"+requirement, done, sentence, func(*memory) behaviour {
			return behaviour{call: func(c *call) *answer {
				a := c.send()
				_, fresh := c.memory.issued(c.token())
				if a.status == http.StatusTooManyRequests && (fresh || kind != Status) {
					change(a)
				}
				return a
			}}
		}))
	}
	field := func(name string, value any) func(*answer) {
		return func(a *answer) {
			fields := a.fields()
			if fields == nil {
				return
			}
			fields[name] = value
			a.header.Del("Retry-After")
			a.set(fields)
		}
	}
	without := func(name string) func(*answer) {
		return func(a *answer) {
			fields := a.fields()
			delete(fields, name)
			a.set(fields)
		}
	}
	header := func(value func(after int) string) func(*answer) {
		return func(a *answer) {
			a.header.Set("Retry-After", value(int(seconds(a.fields()["retry_after"])/time.Second)))
		}
	}
	add(TooMany, "message", "dropped", "A 429 has no message.", without("message"))
	add(TooMany, "message", "null", "The message of a 429 is null.", field("message", nil))
	add(TooMany, "message", "other", "The message of a 429 is another.", field("message", "Slow down."))
	add(TooMany, "message", "html", "The body of a 429 is HTML.", func(a *answer) { a.body = []byte("<html>Too Many Requests</html>") })
	add(TooMany, "retry-after", "dropped", "A 429 has no retry_after.", without("retry_after"))
	for _, v := range []struct {
		done  string
		value any
	}{{"null", nil}, {"string", "30"}, {"61", 61}, {"600", 600}, {"negative", -1}, {"fraction", 12.5}, {"milliseconds", 30000}, {"object", map[string]any{"seconds": 30}}} {
		add(TooMany, "retry-after", v.done, fmt.Sprintf("The retry_after of a 429 is %s.", encode(v.value)), field("retry_after", v.value))
	}
	add(TooMany, "retry-after-header", "more", "The Retry-After header is five seconds more than retry_after.", header(func(n int) string { return strconv.Itoa(n + 5) }))
	add(TooMany, "retry-after-header", "less", "The Retry-After header is far less than retry_after.", header(func(n int) string { return strconv.Itoa(n - 5) }))
	add(TooMany, "retry-after-header", "words", "The Retry-After header is no number of seconds.", header(func(int) string { return "a minute" }))
	for _, status := range []int{403, 503, 400} {
		add(Status, "general-enforced", fmt.Sprint(status), fmt.Sprintf("%d is answered in place of 429.", status), func(a *answer) { *a = *refusal(status) })
		all[len(all)-1] = all[len(all)-1].with("it is one answer for all limits", "rate-limit/close-enforced")
	}
	return all
}
