package conformance

import (
	"encoding/json"
	"sync"
	"time"
)

// targetClock is what the driver tells of the target's time. Somebody else may move it, too: another run, or a person.
type targetClock struct {
	mu     sync.Mutex
	told   time.Time // the target's time, at the last move
	at     time.Time // when that was
	others bool
}

// jump is how far the target's time has to be from where this run left it for somebody else to have moved it.
const jump = 900 * time.Millisecond

// moved takes in a driver's answer to a move. One that does not tell the time tells nothing.
func (c *targetClock) moved(answer []byte, by time.Duration) {
	var told struct {
		Now time.Time `json:"now"`
	}
	if json.Unmarshal(answer, &told) != nil || told.Now.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if !c.told.IsZero() && told.Now.Sub(c.told.Add(by+now.Sub(c.at))) > jump {
		c.others = true
	}
	c.told, c.at = told.Now, now
}

// OthersMoveClock tells whether somebody else was seen to move the target's clock, so that less time passed by this
// run's reckoning than by the target's.
func (s *Session) OthersMoveClock() bool {
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	return s.clock.others
}
