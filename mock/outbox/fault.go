package outbox

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// patience is how long, by the clock, a delivery that lets another go first waits for one.
const patience = 5 * time.Second

// errDropped is what the sender sees of an attempt that a fault drops.
var errDropped = errors.New("no answer: a fault dropped the connection before anything arrived")

// start hands d to the workers, or first to the clock where a fault holds it back. The caller holds mu.
func (o *Outbox) start(d *delivery) {
	d.fault = o.options.Faults.ForDelivery(fault.Delivery{
		ID: d.ID, Event: d.Event, Subscription: d.Subscription, URL: d.URL,
		Attempt: d.number + 1, Spared: o.spared(d.number + 1), Signed: d.Authorize == nil,
	})
	switch {
	case d.fault == nil:
		o.enqueue(d)
	case d.fault.Reorder:
		o.held[d.lane.origin] = append(o.held[d.lane.origin], d)
		o.wait(d, patience, o.enqueueHeld)
	case d.fault.Late > 0:
		o.wait(d, d.fault.Late, o.enqueue)
	default:
		o.enqueue(d)
	}
}

// spared tells whether an attempt may not be made to fail: the last two, so that a receiver that fails once by itself
// still gets everything; only the last where there are no more than two.
func (o *Outbox) spared(number int) bool {
	attempts := 1 + max(o.options.Retries, 0)
	if attempts > 2 {
		return number > attempts-2
	}
	return number == attempts
}

// enqueueHeld is for one whose patience has ended. The caller holds mu.
func (o *Outbox) enqueueHeld(d *delivery) {
	origin := d.lane.origin
	o.held[origin] = slices.DeleteFunc(o.held[origin], func(other *delivery) bool { return other == d })
	if len(o.held[origin]) == 0 {
		delete(o.held, origin)
	}
	o.enqueue(d)
}

// letGo hands those that waited for another to go first to the workers, now that one has. The caller holds mu.
func (o *Outbox) letGo(origin string) {
	held := o.held[origin]
	delete(o.held, origin)
	for _, d := range held {
		if d.state == waiting && !d.cancelled {
			d.takeOff()
			o.stats.Waiting--
			o.enqueue(d)
		}
	}
}

// sendOut posts an attempt, and with it the copies that a fault adds, which nothing follows from.
func (o *Outbox) sendOut(d *delivery) (r result, copies []result) {
	if d.fault == nil {
		return o.timed(d), nil
	}
	if d.fault.Drop != "" {
		return result{err: errDropped}, nil
	}
	if d.fault.Together {
		var twin result
		var sent sync.WaitGroup
		sent.Go(func() { twin = o.timed(d) })
		r = o.timed(d)
		sent.Wait()
		copies = append(copies, twin)
	} else {
		r = o.timed(d)
	}
	for range d.fault.Duplicate {
		copies = append(copies, o.timed(d))
	}
	return r, copies
}

func (o *Outbox) timed(d *delivery) result {
	began := time.Now()
	status, err := o.post(d)
	return result{status: status, err: err, took: time.Since(began)}
}

// repeat sends what was delivered once more, later, where a fault says so. The caller holds mu.
func (o *Outbox) repeat(d *delivery) {
	if d.fault == nil || d.fault.Again == 0 || d.cancelled || o.closed {
		return
	}
	again := &delivery{Message: d.Message, lane: d.lane, number: d.number - 1, extra: true, fault: &fault.Disturbance{Applied: d.fault.Applied}}
	o.pending[again] = struct{}{}
	o.wait(again, d.fault.Again, o.enqueue)
}

// sign puts a signature on a request: one that is good, unless a fault wants another.
func (d *delivery) sign(header http.Header) error {
	secret, at := d.Secret, time.Now()
	if d.fault != nil && d.fault.Signature != "" {
		secret = webhook.NewSecret([]byte("what nobody was ever told: " + d.ID))
	}
	if d.fault != nil {
		at = at.Add(-d.fault.Timestamp)
	}
	return webhook.Sign(header, secret, d.ID, at, d.Body)
}
