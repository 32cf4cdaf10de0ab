package assistloop

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/bubble"
)

// keeper is a target that does little but keep limits, in a way of its own.
type keeper struct {
	kind      kind
	general   int // requests a minute
	closes    int
	latency   time.Duration
	can       []string
	mu        sync.Mutex
	moved     time.Duration
	issued    int
	histories map[string]*history // by token and limit
}

// history is what one budget was asked for.
type history struct {
	hits  []time.Time
	start time.Time
	level float64
}

// kind tells how long a request has to wait, zero to be served, and takes it down.
type kind struct {
	take  func(h *history, limit int, now time.Time) time.Duration
	round func(time.Duration) int
	both  bool // closes count for the general limit, too
}

func up(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

func sliding(h *history, limit int, now time.Time) time.Duration {
	for len(h.hits) > 0 && now.Sub(h.hits[0]) >= time.Minute {
		h.hits = h.hits[1:]
	}
	if len(h.hits) < limit {
		h.hits = append(h.hits, now)
		return 0
	}
	return h.hits[len(h.hits)-limit].Add(time.Minute).Sub(now)
}

// strict counts what it refuses, too.
func strict(h *history, limit int, now time.Time) time.Duration {
	wait := sliding(h, limit, now)
	if wait > 0 {
		h.hits = append(h.hits, now)
		wait = h.hits[len(h.hits)-limit].Add(time.Minute).Sub(now)
	}
	return wait
}

func fixed(align time.Duration) func(*history, int, time.Time) time.Duration {
	return func(h *history, limit int, now time.Time) time.Duration {
		if now.Sub(h.start) >= time.Minute {
			h.start, h.hits = now, nil
			if align > 0 {
				h.start = now.Add(-align).Truncate(time.Minute).Add(align)
			}
		}
		if len(h.hits) < limit {
			h.hits = append(h.hits, now)
			return 0
		}
		return h.start.Add(time.Minute).Sub(now)
	}
}

func bucket(h *history, limit int, now time.Time) time.Duration {
	if h.start.IsZero() {
		h.start, h.level = now, float64(limit)
	}
	h.level = math.Min(float64(limit), h.level+now.Sub(h.start).Minutes()*float64(limit))
	h.start = now
	if h.level >= 1 {
		h.level--
		return 0
	}
	return time.Duration((1 - h.level) / float64(limit) * float64(time.Minute))
}

// seconds knows no less than a second.
func inSeconds(take func(*history, int, time.Time) time.Duration) func(*history, int, time.Time) time.Duration {
	return func(h *history, limit int, now time.Time) time.Duration {
		return take(h, limit, now.Truncate(time.Second))
	}
}

var kinds = map[string]kind{
	"slides":                                   {take: sliding, round: up},
	"slides by whole seconds":                  {take: inSeconds(sliding), round: up},
	"slides, and counts what it refuses":       {take: strict, round: up},
	"slides, and always says 60":               {take: sliding, round: func(time.Duration) int { return 60 }},
	"slides, and rounds down":                  {take: sliding, round: func(d time.Duration) int { return int(d.Seconds()) }},
	"opens with the first request":             {take: fixed(0), round: up},
	"opens with the first, and rounds down":    {take: fixed(0), round: func(d time.Duration) int { return int(d.Seconds()) }},
	"turns over with the clock's minute":       {take: fixed(time.Nanosecond), round: up},
	"turns over at 25 seconds past the minute": {take: fixed(25 * time.Second), round: up},
	"slides, and counts closes twice":          {take: sliding, round: up, both: true},
	"turns over, and counts closes twice":      {take: fixed(time.Nanosecond), round: up, both: true},
	"fills up evenly":                          {take: bucket, round: up},
}

func (k *keeper) now() time.Time { return time.Now().Add(k.moved) }

func (k *keeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(k.latency)
	k.mu.Lock()
	defer k.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if path, ok := strings.CutPrefix(r.URL.Path, "/driver"); ok {
		k.drive(w, r, path)
		return
	}
	if wait := k.hold(r); wait > 0 {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = fmt.Fprintf(w, `{"message":"Too Many Attempts.","retry_after":%d}`, min(60, k.kind.round(wait)))
		return
	}
	body := `{"uuid":"usr_1","name":"A","email":null}`
	switch {
	case strings.HasSuffix(r.URL.Path, "/organizations"):
		body = `[{"organization_uuid":"org_1","id":"org_1","name":"O"}]`
	case strings.HasSuffix(r.URL.Path, "/agents"):
		body = `[{"agent_uuid":"agt_1","id":"agt_1","name":"A"}]`
	case strings.HasSuffix(r.URL.Path, "/close"):
		body = `{"status":"conversation_closed","platform":"make"}`
	case strings.HasSuffix(r.URL.Path, "/subscribe"):
		body = `{"data":{"id":"whk_1","secret":"whsec_0123456789"},"message":"m"}`
	case strings.Contains(r.URL.Path, "/conversations/"), r.Method == http.MethodPost:
		body = `[]`
	}
	_, _ = w.Write([]byte(body))
}

func (k *keeper) hold(r *http.Request) time.Duration {
	token := r.Header.Get("Authorization")
	closes := strings.HasSuffix(r.URL.Path, "/close")
	if !closes || k.kind.both {
		if wait := k.kind.take(k.history(token), k.general, k.now()); wait > 0 || !closes {
			return wait
		}
	}
	return k.kind.take(k.history(token+" close"), k.closes, k.now())
}

func (k *keeper) history(name string) *history {
	if k.histories[name] == nil {
		k.histories[name] = &history{}
	}
	return k.histories[name]
}

func (k *keeper) drive(w http.ResponseWriter, r *http.Request, path string) {
	var order struct{ Seconds float64 }
	_ = json.NewDecoder(r.Body).Decode(&order)
	k.issued++
	var answer any
	switch path {
	case "":
		answer = map[string]any{"capabilities": k.can}
	case "/issue-token":
		answer = map[string]any{"access_token": fmt.Sprintf("token-%d", k.issued), "token_type": "Bearer"}
	case "/provoke":
		answer = map[string]any{"conversation_uuid": fmt.Sprintf("conv_%d", k.issued)}
	case "/advance-clock":
		k.moved += time.Duration(order.Seconds * float64(time.Second))
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// kept judges a keeper in made-up time, by its limits.
func kept(k *keeper, after time.Duration) (report conformance.Report) {
	GinkgoHelper()
	contract, err := loaded()
	Expect(err).NotTo(HaveOccurred())
	k.histories = map[string]*history{}
	synctest.Test(outer, func(*testing.T) {
		time.Sleep(after)
		network := bubble.New()
		server := &http.Server{Handler: k}
		go func() { _ = server.Serve(network) }()
		defer server.Close()
		target := conformance.Target{URL: "http://keeper.localhost", Token: "main-token", Dial: network.Dial}
		if k.can != nil {
			target.Driver = "http://keeper.localhost/driver"
		}
		report, err = conformance.Run(context.Background(), target, conformance.Options{
			Contract: contract, Selected: func(id, _, _ string) bool { return rates(id) }, Receiver: conformance.Receiver{Listen: "nowhere"},
		})
	})
	Expect(err).NotTo(HaveOccurred())
	return report
}

var _ = Describe("a limit", func() {
	drivers := map[string][]string{
		"without a driver":            nil,
		"with accounts of their own":  {"issue-token", "provoke"},
		"with a clock that moves":     {"advance-clock"},
		"with everything of a driver": {"issue-token", "provoke", "advance-clock"},
	}
	for name, k := range kinds {
		for driver, can := range drivers {
			It("that "+name+" is honest, "+driver, func() {
				sampled(4)
				for _, at := range []struct{ latency, after time.Duration }{
					{2 * time.Millisecond, 0}, {2 * time.Millisecond, 59900 * time.Millisecond}, {150 * time.Millisecond, 55 * time.Second},
					{470 * time.Millisecond, 24 * time.Second}, {900 * time.Millisecond, 0},
				} {
					report := kept(&keeper{kind: k, general: 60, closes: 10, latency: at.latency, can: can}, at.after)
					Expect(outcome(report, conformance.Fail, conformance.Warn, conformance.Errored)).To(BeEmpty(), "at %v\n%s", at, said(report))
					if at.latency < time.Second/4 {
						Expect(outcome(report, conformance.Pass)).To(ContainElements("rate-limit/general-allows", "rate-limit/general-enforced",
							"rate-limit/message", "rate-limit/recovers"), "at %v\n%s", at, said(report))
					}
				}
			})
		}
		DescribeTable("that "+name+" is named when it is off by one", func(general, closes int, fails, warns []string) {
			sampled(4)
			report := kept(&keeper{kind: k, general: general, closes: closes, latency: 2 * time.Millisecond, can: drivers["with everything of a driver"]}, 0)
			Expect(outcome(report, conformance.Fail)).To(ConsistOf(fails), said(report))
			Expect(outcome(report, conformance.Warn)).To(ConsistOf(warns), said(report))
		},
			Entry(nil, 59, 10, []string{"rate-limit/general-allows"}, nil),
			Entry(nil, 61, 10, nil, []string{"rate-limit/general-at"}),
			Entry(nil, 60, 9, []string{"rate-limit/close-allows"}, nil),
			Entry(nil, 60, 11, nil, []string{"rate-limit/close-at"}),
		)
	}
})
