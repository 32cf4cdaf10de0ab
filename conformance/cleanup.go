package conformance

import (
	"context"
	"sync"
	"time"
)

// cleanup remembers what probes made, and how to take it away again.
type cleanup struct {
	mu    sync.Mutex
	steps []*Cleanup
}

// Cleanup is one thing to take away at the end of a run.
type Cleanup struct {
	what string
	undo func(context.Context) error
	done bool
}

// Done says that it is gone already.
func (c *Cleanup) Done() { c.done = true }

// Later registers what takes a thing away again; what describes it, should that fail.
func (s *Session) Later(what string, undo func(context.Context) error) *Cleanup {
	s.cleanup.mu.Lock()
	defer s.cleanup.mu.Unlock()
	step := &Cleanup{what: what, undo: undo}
	s.cleanup.steps = append(s.cleanup.steps, step)
	return step
}

// CleanUp takes away what is left, newest first, and returns what it could not. It runs on a context of its
// own, so that an interrupted run cleans up too.
func (s *Session) CleanUp() []string {
	ctx, cancel := context.WithTimeout(context.Background(), s.Options.Timeout+5*time.Second)
	defer cancel()
	s.cleanup.mu.Lock()
	defer s.cleanup.mu.Unlock()
	var left []string
	for i := len(s.cleanup.steps) - 1; i >= 0; i-- {
		step := s.cleanup.steps[i]
		if step.done {
			continue
		}
		step.done = true
		if err := step.undo(ctx); err != nil {
			left = append(left, step.what+": "+err.Error())
		}
	}
	return left
}
