package desk_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-contracts/parley/mock/desk"
)

var large = flag.Bool("large", false, "also measure a desk of 100,000 conversations and a million messages")

// The worlds whose operations have to take the same time.
var sizes = []int{100, 100_000}

// BenchmarkBuild tells how long a world takes to build.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{60, 1000} {
		b.Run(fmt.Sprintf("conversations=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				desk.New(desk.Options{Clock: noon{}, Conversations: n})
			}
		})
	}
}

// BenchmarkDesk compares operations in a small world and in a large one.
func BenchmarkDesk(b *testing.B) {
	for _, n := range sizes {
		if n > 1000 && testing.Short() {
			continue
		}
		d := desk.New(desk.Options{Clock: noon{}, Conversations: n})
		owner := d.Owner().ID
		_, agent, conversation := d.Example()
		for range 20 {
			_, _ = d.Reply(owner, conversation, "So that a page of messages is full.")
		}
		window := desk.Window{From: desk.InstantOf(start.AddDate(0, 0, -20)), To: desk.InstantOf(start.AddDate(0, 0, -5))}
		var dst []byte
		operations := []struct {
			name string
			run  func() error
		}{
			{"list", func() (err error) {
				dst, err = d.AppendConversations(dst[:0], owner, agent, desk.Query{Window: desk.Always, Limit: 20})
				return err
			}},
			{"filter", func() (err error) {
				q := desk.Query{Status: desk.Open, Mode: desk.Human, Window: window, Limit: 20}
				dst, err = d.AppendConversations(dst[:0], owner, agent, q)
				return err
			}},
			{"find", func() (err error) {
				dst, err = d.AppendMessages(dst[:0], owner, conversation, desk.Always, 20)
				return err
			}},
			{"sample", func() (err error) {
				dst, err = d.AppendSamples(dst[:0], owner, agent, desk.HumanHandoffRequired, 5)
				return err
			}},
			{"reply", func() (err error) {
				_, err = d.Reply(owner, conversation, "Thank you for contacting us.")
				return err
			}},
			{"provoke", func() (err error) {
				_, err = d.Provoke(desk.NewConversation, d.Owner().Organizations[0], agent)
				return err
			}},
		}
		for _, o := range operations {
			b.Run(o.name+"/conversations="+strconv.Itoa(n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := o.run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// TestLarge holds the largest world that is promised against its bounds. Run it by itself: the memory is the process's.
func TestLarge(t *testing.T) {
	if !*large {
		t.Skip("asks for -large")
	}
	began := time.Now()
	d := desk.New(desk.Options{Clock: noon{}, Conversations: 100_000, Messages: 1_000_000})
	took := time.Since(began)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	peak := residentPeak(t)
	runtime.GC()
	runtime.ReadMemStats(&m)
	t.Logf("built in %v; %d MiB resident at most, %d MiB live", took, peak>>20, m.HeapAlloc>>20)
	if took > 15*time.Second || peak > 1<<30 {
		t.Errorf("expected at most 15 s and 1 GiB")
	}
	runtime.KeepAlive(d)
}

// residentPeak is the most memory that this process ever held, in bytes.
func residentPeak(t *testing.T) uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc: ", err)
	}
	for line := range strings.Lines(string(status)) {
		if after, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseUint(strings.Fields(after)[0], 10, 64)
			return kib << 10
		}
	}
	t.Fatal("no VmHWM in /proc/self/status")
	return 0
}

var start = time.Date(2025, 3, 14, 12, 0, 0, 0, time.UTC)

// noon is a clock that stands still.
type noon struct{}

func (noon) Now() time.Time { return start }
