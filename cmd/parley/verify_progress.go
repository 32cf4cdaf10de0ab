package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// pace is what progress prints where it has no line to update.
type pace int

const (
	nowAndThen pace = iota // a step every few seconds, and long waits
	longWaits
	everyStep
	silent
)

const (
	between  = 5 * time.Second // steps that are printed now and then
	longWait = 2 * time.Second
	columns  = 79
)

// progress shows what goes on during a run: on a terminal, in one line that is updated; elsewhere, in lines. Steps may
// overlap, so that it is told of them from several goroutines.
type progress struct {
	out   io.Writer
	pace  pace
	live  bool
	ended chan struct{}

	mu      sync.Mutex
	step    conformance.Progress
	wait    conformance.Progress // the one that lasts longest
	until   time.Time            // of wait
	printed time.Time            // the last line about a step
}

func newProgress(out io.Writer, p pace) *progress {
	return startProgress(out, p, terminal(out) && os.Getenv("TERM") != "dumb" && p != everyStep)
}

func startProgress(out io.Writer, p pace, live bool) *progress {
	s := &progress{out: out, pace: p, live: live && p != silent, printed: time.Now(), ended: make(chan struct{})}
	if s.live {
		go s.tick()
	}
	return s
}

// show is what a run tells its progress to (Options.Progress).
func (s *progress) show(p conformance.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if p.Waiting > 0 {
		news := now.Add(p.Waiting).After(s.until.Add(time.Second))
		if news {
			s.wait, s.until = p, now.Add(p.Waiting)
		}
		if !s.live && s.pace != silent && news && p.Waiting >= longWait {
			fmt.Fprintln(s.out, waiting(p.Waiting, p.Why))
		}
	} else {
		s.step = p
		if !s.live && (s.pace == everyStep || s.pace == nowAndThen && now.Sub(s.printed) >= between) {
			s.printed = now
			fmt.Fprintln(s.out, step(p))
		}
	}
	if s.live {
		s.draw(now)
	}
}

// end clears the line.
func (s *progress) end() {
	if !s.live {
		return
	}
	close(s.ended)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = false
	fmt.Fprint(s.out, "\r\x1b[K")
}

// tick counts waits down.
func (s *progress) tick() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-s.ended:
			return
		case now := <-ticker.C:
			s.mu.Lock()
			if s.live {
				s.draw(now)
			}
			s.mu.Unlock()
		}
	}
}

func (s *progress) draw(now time.Time) {
	line := step(s.step)
	if left := s.until.Sub(now); left > 0 {
		line = waiting(left, s.wait.Why) + "; " + line
	}
	if letters := []rune(line); len(letters) > columns {
		line = string(letters[:columns-1]) + "…"
	}
	fmt.Fprint(s.out, "\r\x1b[K", line)
}

func step(p conformance.Progress) string {
	if p.Total == 0 {
		return p.Probe
	}
	return fmt.Sprintf("%d/%d %s", p.Done, p.Total, p.Probe)
}

func waiting(d time.Duration, why string) string {
	return fmt.Sprintf("waiting %.0f s for %s", max(1, d.Round(time.Second).Seconds()), why)
}
