// Package fault makes the trouble that a real service has within its contract: a documented error now and
// then, and latency. (A deliberate breach of the contract is a defect, and lives elsewhere.)
//
// Rules are text, the same on the command line and at run time: `reply=503:0.1` lets one reply in ten answer
// 503, `list=200ms` delays every list. What a rule does to the nth request of an operation follows from the
// world's seed alone.
package fault

import (
	"hash/fnv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parley-contracts/parley/openapi"
)

// Trouble is what one request meets. The zero value is none.
type Trouble struct {
	Latency time.Duration // waited first, in real time: it is the caller who waits
	Status  int           // zero lets the request pass
	Body    string        // JSON, the contract's example of an error with that status
}

// Faults are the rules of one world. It is safe for concurrent use, and costs one atomic load while there are
// no rules.
type Faults struct {
	seed       uint64
	operations []openapi.Operation

	changes sync.Mutex
	active  atomic.Pointer[table] // nil while there are no rules
}

// table is a set of rules made ready for one look-up a request.
type table struct {
	rules       []Rule
	delays      []Delay
	byOperation map[string]*lot
}

// lot is what the rules mean for one operation.
type lot struct {
	latency time.Duration
	chances []*chance
}

type chance struct {
	Trouble
	probability float64
	seed        uint64
	requests    atomic.Uint64
}

// New has no rules yet. Operations are those of the contract, by which rules are checked.
func New(seed uint64, operations []openapi.Operation) *Faults {
	return &Faults{seed: seed, operations: operations}
}

// For says what the next request of an operation meets.
func (f *Faults) For(operation string) Trouble {
	t := f.active.Load()
	if t == nil {
		return Trouble{}
	}
	l := t.byOperation[operation]
	if l == nil {
		return Trouble{}
	}
	for _, c := range l.chances {
		if c.strikes() {
			return Trouble{Latency: l.latency, Status: c.Status, Body: c.Body}
		}
	}
	return Trouble{Latency: l.latency}
}

// Rules are the rules in force.
func (f *Faults) Rules() ([]Rule, []Delay) {
	t := f.active.Load()
	if t == nil {
		return nil, nil
	}
	return t.rules, t.delays
}

// Set puts these rules in place of all others, or none of them when one is wrong. Of rules for the same
// operation each is tried, in order, until one strikes; of delays the last holds, and one for the operation
// itself before one for all (`*`).
func (f *Faults) Set(rules []Rule, delays []Delay) error {
	f.changes.Lock()
	defer f.changes.Unlock()
	return f.set(rules, delays)
}

// Add puts rules beside those in force, or none of them when one is wrong.
func (f *Faults) Add(rules []Rule, delays []Delay) error {
	f.changes.Lock()
	defer f.changes.Unlock()
	before, delaysBefore := f.Rules()
	return f.set(append(before[:len(before):len(before)], rules...),
		append(delaysBefore[:len(delaysBefore):len(delaysBefore)], delays...))
}

func (f *Faults) set(rules []Rule, delays []Delay) error {
	t := &table{rules: rules, delays: delays, byOperation: make(map[string]*lot)}
	for i, rule := range rules {
		operations, err := f.named(rule.Operation)
		if err != nil {
			return err
		}
		struck := 0
		for _, op := range operations {
			body, known := BodyOf(op, rule.Status)
			if !known {
				continue
			}
			struck++
			l := t.lot(op.ID)
			l.chances = append(l.chances, &chance{
				Trouble:     Trouble{Status: rule.Status, Body: body},
				probability: rule.Probability,
				seed:        f.seed ^ hash(op.ID) ^ mix(uint64(i)),
			})
		}
		if struck == 0 {
			return unknownStatus(rule, operations)
		}
	}
	if err := f.delay(t, delays); err != nil {
		return err
	}
	if len(rules) == 0 && len(delays) == 0 {
		t = nil
	}
	f.active.Store(t)
	return nil
}

func (f *Faults) delay(t *table, delays []Delay) error {
	for _, wanted := range []bool{true, false} { // those for all first, so that one for the operation itself wins
		for _, d := range delays {
			if (d.Operation == everyOperation) != wanted {
				continue
			}
			operations, err := f.named(d.Operation)
			if err != nil {
				return err
			}
			for _, op := range operations {
				t.lot(op.ID).latency = d.Latency
			}
		}
	}
	return nil
}

func (t *table) lot(operation string) *lot {
	l := t.byOperation[operation]
	if l == nil {
		l = new(lot)
		t.byOperation[operation] = l
	}
	return l
}

// BodyOf is the contract's example body of an error of an operation; false when the contract has none with
// that status. An example for the range 5XX stands for every status in it.
func BodyOf(op *openapi.Operation, status int) (body string, known bool) {
	for _, e := range op.Errors {
		if e.Status == status {
			return e.Body, true
		}
		if e.Range && e.Status/100 == status/100 {
			body, known = e.Body, true
		}
	}
	return body, known
}

// strikes draws the lot of the next request. The nth draw is always the same, also when requests overlap.
func (c *chance) strikes() bool {
	n := c.requests.Add(1)
	draw := float64(mix(c.seed+n)>>11) / (1 << 53)
	return draw < c.probability
}

// mix is the finalizer of SplitMix64: neighbouring inputs give unrelated outputs.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func hash(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}
