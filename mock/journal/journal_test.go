package journal_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/journal"
)

func TestJournal(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "The journal of a world")
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var _ = Describe("A journal", func() {
	It("gives the newest requests first", func() {
		j := journal.New(10)
		for i := range 5 {
			j.AddRequest(journal.Request{Path: fmt.Sprintf("/%d", i+1)})
		}
		var paths []string
		for _, r := range j.Requests(3) {
			paths = append(paths, fmt.Sprintf("%d %s", r.Seq, r.Path))
		}
		Expect(paths).To(Equal([]string{"5 /5", "4 /4", "3 /3"}))
		Expect(j.Requests(-1)).To(HaveLen(5))
		Expect(j.Requests(0)).To(BeEmpty())
		Expect(j.Attempts(-1)).To(BeEmpty())
	})

	It("lets the oldest make room and goes on counting", func() {
		j := journal.New(3)
		for i := range 8 {
			j.AddAttempt(journal.Attempt{Number: i})
		}
		var seen []uint64
		for _, a := range j.Attempts(100) {
			seen = append(seen, a.Seq)
		}
		Expect(seen).To(Equal([]uint64{8, 7, 6}))
	})

	It("keeps everything about a request but its query", func() {
		j := journal.New(0)
		r := journal.Request{
			Time: noon, Method: "GET", Path: "/v1/oauth/authorize?state=secret", Operation: "authorize",
			Status: 302, Grant: "grant_1", Fault: "latency", Duration: time.Millisecond,
		}
		j.AddRequest(r)
		r.Seq, r.Path = 1, "/v1/oauth/authorize"
		Expect(j.Requests(1)).To(Equal([]journal.Request{r}))
	})

	It("keeps the beginning of a path that is far too long", func() {
		j := journal.New(1)
		j.AddRequest(journal.Request{Path: "/" + strings.Repeat("x", 1<<20)})
		Expect(len(j.Requests(1)[0].Path)).To(Equal(256))
	})

	It("writes what it keeps as JSON", func() {
		j := journal.New(1)
		j.AddAttempt(journal.Attempt{
			Time: noon, Subscription: "whk_1", Delivery: "evt_1", Event: "new_conversation", Number: 2,
			Status: 500, Outcome: journal.Retrying, Duration: time.Microsecond,
		})
		text, err := json.Marshal(j.Attempts(1))
		Expect(err).NotTo(HaveOccurred())
		Expect(text).To(MatchJSON(`[{"seq": 1, "time": "2026-03-01T12:00:00Z", "subscription": "whk_1", "delivery": "evt_1",
			"event": "new_conversation", "attempt": 2, "status": 500, "outcome": "retrying", "duration_ns": 1000}]`))
	})

	It("takes entries from everywhere at once", func() {
		j := journal.New(50)
		var writers sync.WaitGroup
		for range 8 {
			writers.Go(func() {
				for range 100 {
					j.AddRequest(journal.Request{Method: "GET", Path: "/v1/oauth/me"})
					j.Requests(5)
				}
			})
		}
		writers.Wait()
		Expect(j.Requests(1)[0].Seq).To(BeEquivalentTo(800))
	})

	It("allocates nothing for a request once it is full", func() {
		j := journal.New(4)
		r := journal.Request{Time: noon, Method: "GET", Path: "/v1/my/organizations", Operation: "list-organizations", Status: 200}
		for range 4 {
			j.AddRequest(r)
		}
		Expect(testing.AllocsPerRun(100, func() { j.AddRequest(r) })).To(BeZero())
	})
})

func BenchmarkAddRequest(b *testing.B) {
	j := journal.New(0)
	r := journal.Request{Time: noon, Method: "GET", Path: "/v1/automation/agents/agt_abc123/conversations/list", Status: 200}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			j.AddRequest(r)
		}
	})
}
