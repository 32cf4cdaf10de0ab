package assistloop

import (
	"github.com/parley-contracts/parley/conformance"
	contract "github.com/parley-contracts/parley/openapi/assistloop"
)

// spending is what one token was seen to spend of its budgets lately. Others may spend the same unseen, so that a 429 is
// never too early; but one that never comes is too late whoever else was there.
type spending struct {
	recent []conformance.Charge // oldest first
	told   map[string]bool      // limits that were found not to hold, once for a token
}

// keptCharges are enough to see twice the general limit, and closes between.
const keptCharges = 160

func limitNamed(name string) rate {
	for _, l := range contract.Limits() {
		if l.Name == name {
			return rate{l, 0}
		}
	}
	return rate{}
}

func (m *memories) spend(j *passive, s *seen) {
	if s.Sent.IsZero() {
		return // a recording without times
	}
	account := s.Account.Name
	p, known := m.spending.Get(account)
	if !known {
		p = &spending{told: map[string]bool{}}
		m.spending.Put(account, p)
	}
	p.add(conformance.Charge{At: s.Sent, Group: j.limit(s.Operation), Status: s.Status, Exchange: s.Outline()})
	for _, name := range []string{generalLimit, closeLimit} {
		q := limitNamed(name)
		if name == generalLimit {
			q.closes = limitNamed(closeLimit).Requests
		}
		j.enforces(traffic{who: account, entries: p.recent}, p, q)
	}
}

// add keeps charges in the order in which they were sent: recordings are not always.
func (p *spending) add(c conformance.Charge) {
	if len(p.recent) == keptCharges {
		p.recent = append(p.recent[:0], p.recent[1:]...)
	}
	p.recent = append(p.recent, c)
	for i := len(p.recent) - 1; i > 0 && p.recent[i].At.Before(p.recent[i-1].At); i-- {
		p.recent[i], p.recent[i-1] = p.recent[i-1], p.recent[i]
	}
}

func (j *passive) enforces(t traffic, p *spending, q rate) {
	count := j.tally.Of("rate-limit/" + q.Name + "-enforced")
	last := t.entries[len(t.entries)-1]
	switch {
	case p.told[q.Name]:
	case limited(last) && q.counts(last):
		count.Meet()
	default:
		if err := enforced([]traffic{t}, nil, q); !isGapError(err) && err != nil {
			p.told[q.Name] = true
			count.Judge(err)
		}
	}
}

// limit is the rate limit that counts an operation; "" for none.
func (j *passive) limit(operation string) string { return j.operations[operation].Limit }

func (j *passive) secured(operation string) bool { return j.operations[operation].Secured }
