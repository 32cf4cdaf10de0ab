// Package fault makes the trouble that a real service has within its contract: documented errors, latency, broken
// connections, webhooks that come late, twice or not at all. (A deliberate breach of the contract is a defect, and lives
// elsewhere.)
//
// A rule says what it strikes and what happens then. It is text, on the command line and anywhere else,
//
//	SUBJECT=ACT            reply=503
//	SUBJECT=ACT:CONDITIONS reply=503:0.1
//
// or an object, in JSON and YAML:
//
//	{"match": {"operation": "reply", "body": {"content": "hello"}, "nth": 3}, "act": {"status": 429, "retry_after": 5}}
//
// The subject is an operation's name, * for all, an event's name, or deliveries for all events. Acts on requests are a
// status that the contract has (its body comes from there), latency=200ms, latency=100ms..300ms (uniform) or
// latency=200ms~50ms (normal), slow_body=2s, drop=before or drop=after (it took effect), body=truncated, body=empty and
// timeout=30s. Acts on deliveries are delay=5s, reorder, drop, duplicate=2, together, repeat=30s (after success),
// signature=bad and timestamp=old. Conditions are a probability, after=10, first=2, nth=3, every=5, and whatever else Match
// has. Of the rules that strike a request the first that delays it and the first that decides its answer act; of those
// that strike a delivery, the first.
//
// Requests are counted for each operation by itself, and what happens to the nth follows from the world's seed alone;
// what happens to an attempt to deliver follows from the seed and the event's id. Deliveries stay at-least-once: an
// attempt that is dropped, or that bears a signature no receiver may take, failed like any other and is tried again;
// such rules leave the last two attempts alone, unless they name one (attempt=4), so that a receiver that
// fails once by itself still gets everything.
package fault

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/parley-contracts/parley/openapi"
)

// Contract is what rules can name.
type Contract struct {
	Operations []openapi.Operation
	Events     []openapi.Event
}

// Faults are the rules of one world. It is safe for concurrent use, and costs one atomic load while there are
// no rules.
type Faults struct {
	seed     uint64
	contract Contract

	changes sync.Mutex
	active  atomic.Pointer[table] // nil while there are no rules
}

// table is a set of rules made ready for one look-up a request.
type table struct {
	rules  []Rule
	delays []Delay

	ready       []prepared              // of rules, in their order
	byOperation map[string][]*onRequest // of rules and then of delays, in the order in which they are tried
	byEvent     map[string][]*onDelivery
}

// prepared is a rule made ready, with its counters.
type prepared struct {
	requests   map[string]*onRequest // by operation
	deliveries map[string]*onDelivery
}

// New has no rules yet. The contract is what rules are checked by.
func New(seed uint64, contract Contract) *Faults {
	return &Faults{seed: seed, contract: contract}
}

// Rules are the rules in force.
func (f *Faults) Rules() ([]Rule, []Delay) {
	t := f.active.Load()
	if t == nil {
		return nil, nil
	}
	return t.rules, t.delays
}

// Set puts these rules in place of all others, or none of them when one is wrong.
func (f *Faults) Set(rules []Rule, delays []Delay) error {
	f.changes.Lock()
	defer f.changes.Unlock()
	return f.set(&table{}, rules, delays)
}

// Add puts rules beside those in force, or none of them when one is wrong. Those in force go on counting.
func (f *Faults) Add(rules []Rule, delays []Delay) error {
	f.changes.Lock()
	defer f.changes.Unlock()
	before := f.active.Load()
	if before == nil {
		before = &table{}
	}
	return f.set(before, rules, delays)
}

// set puts rules in force beside those of a table. The caller holds changes.
func (f *Faults) set(before *table, rules []Rule, delays []Delay) error {
	t := &table{
		rules:       before.rules[:len(before.rules):len(before.rules)],
		delays:      append(before.delays[:len(before.delays):len(before.delays)], delays...),
		ready:       before.ready[:len(before.ready):len(before.ready)],
		byOperation: map[string][]*onRequest{},
		byEvent:     map[string][]*onDelivery{},
	}
	for _, rule := range rules {
		if err := rule.complete(); err != nil { // one that was not parsed
			return about(rule, err)
		}
		ready, err := f.prepare(rule, len(t.rules))
		if err != nil {
			return about(rule, err)
		}
		t.rules, t.ready = append(t.rules, rule), append(t.ready, ready)
	}
	for _, ready := range t.ready {
		for operation, r := range ready.requests {
			t.byOperation[operation] = append(t.byOperation[operation], r)
		}
		for event, d := range ready.deliveries {
			t.byEvent[event] = append(t.byEvent[event], d)
		}
	}
	if err := f.delay(t); err != nil {
		return err
	}
	if len(t.rules) == 0 && len(t.delays) == 0 {
		t = nil
	}
	f.active.Store(t)
	return nil
}

// delay adds the delays to what is tried: of those for one operation the last first, then of those for all the last.
func (f *Faults) delay(t *table) error {
	for _, general := range []bool{false, true} {
		for i := len(t.delays) - 1; i >= 0; i-- {
			d := t.delays[i]
			if (d.Operation == Every) != general {
				continue
			}
			ready, err := f.prepare(d.rule(), -1-i)
			if err != nil {
				return fmt.Errorf("latency %.80s: %w", d, err)
			}
			for operation, r := range ready.requests {
				t.byOperation[operation] = append(t.byOperation[operation], r)
			}
		}
	}
	return nil
}

func (f *Faults) prepare(rule Rule, number int) (ready prepared, err error) {
	if rule.isDelivery() {
		ready.deliveries, err = f.prepareDelivery(rule, number)
	} else {
		ready.requests, err = f.prepareRequest(rule, number)
	}
	return ready, err
}
