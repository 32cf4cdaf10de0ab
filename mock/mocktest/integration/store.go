package integration

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// ErrKept is what a store answers to an event that it has already.
var ErrKept = errors.New("the event is kept already")

// Store keeps events until they are done, and remembers which ones it has had. A real one is a table with a unique key,
// so that of two deliveries at the same time one finds the event kept.
type Store interface {
	// Keep keeps an event: ErrKept when there was one with its key, another error when it cannot be kept now.
	Keep(Event) error
	// Next gives an event that nobody has been given yet, once there is one, until done is closed.
	Next(done <-chan struct{}) (Event, bool)
	// Has tells whether it ever had an event of this name of a conversation.
	Has(name, conversation string) bool
}

// Memory is a store in memory. It is safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	known   map[string]bool // by key
	heard   map[string]bool // by name and conversation
	waiting []Event
	more    chan struct{} // has room for one: somebody may look
}

// NewMemory makes a store with nothing in it.
func NewMemory() *Memory {
	return &Memory{known: map[string]bool{}, heard: map[string]bool{}, more: make(chan struct{}, 1)}
}

// Keep implements Store.
func (m *Memory) Keep(e Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known[e.Key] {
		return ErrKept
	}
	m.known[e.Key], m.heard[e.Name+" "+e.Conversation] = true, true
	m.waiting = append(m.waiting, e)
	m.tell()
	return nil
}

// tell wakes one who waits. The caller holds mu.
func (m *Memory) tell() {
	select {
	case m.more <- struct{}{}:
	default:
	}
}

// Next implements Store.
func (m *Memory) Next(done <-chan struct{}) (Event, bool) {
	for {
		if e, ok := m.pop(); ok {
			return e, true
		}
		select {
		case <-m.more:
		case <-done:
			return Event{}, false
		}
	}
}

func (m *Memory) pop() (Event, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.waiting) == 0 {
		return Event{}, false
	}
	e := m.waiting[0]
	m.waiting = m.waiting[1:]
	if len(m.waiting) > 0 {
		m.tell() // the next one
	}
	return e, true
}

// Has implements Store.
func (m *Memory) Has(name, conversation string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.heard[name+" "+conversation]
}

// Known is how many events it has had.
func (m *Memory) Known() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.known)
}

// forgetful is a store with the bug LosesConcurrent: what arrives passes through a place that all deliveries share.
type forgetful struct {
	Store
	arrived atomic.Pointer[Event]
}

// Keep implements Store.
func (f *forgetful) Keep(e Event) error {
	f.arrived.Store(&e)
	time.Sleep(lockHeld)
	return f.Store.Keep(*f.arrived.Load())
}
