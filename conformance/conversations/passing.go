package conversations

import (
	"slices"
	"sync"

	"github.com/parley-contracts/parley/conformance"
)

// passing judges the events that pass by in the traffic of others. Beside them there is nothing to judge: the document has no
// operations.
type passing struct {
	mu     sync.Mutex
	judge  *judge
	came   bool
	broken []string // by the event at hand
}

func newPassing(j *judge) *passing {
	p := &passing{judge: j}
	j.Watch(func(requirement, _, _ string) {
		if !slices.Contains(p.broken, requirement) {
			p.broken = append(p.broken, requirement)
		}
	})
	return p
}

// Exchange is of conformance.TrafficJudge.
func (p *passing) Exchange(*conformance.Exchange) []string { return nil }

// Delivery is of conformance.TrafficJudge.
func (p *passing) Delivery(d *conformance.Delivery, sure bool) (broken []string, is bool) {
	if !sure && !telling(d) {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken, p.came = nil, true
	p.judge.Take(d)
	return p.broken, true
}

// telling tells an event by its looks: an envelope, or one of the six names.
func telling(d *conformance.Delivery) bool {
	e, fault := read(d)
	return fault == sound && (e.name != "" || e.payload != nil && enveloped(map[string]any(e.body)))
}

// Verdict is of conformance.TrafficJudge.
func (p *passing) Verdict(requirement string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.came {
		return conformance.Lacking("no event was seen in the traffic")
	}
	return p.judge.Verdict(requirement)
}
