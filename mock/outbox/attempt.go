package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/parley-contracts/parley/mock/fault"
	"github.com/parley-contracts/parley/mock/journal"
)

const (
	maxAnswer = 64 << 10 // bytes of an answer that are read, so that its connection can be used again
	maxError  = 200      // bytes of an error that are kept

	// retryGrain is what the times of retries are cut to, so that those of one burst fall due together and are
	// attempted side by side when the clock is moved. Cut, not rounded: moving the clock by the back-off reaches them.
	retryGrain = 10 * time.Millisecond
)

// delivery is a message on its way.
type delivery struct {
	Message
	lane      laneKey
	number    int // of the latest attempt, from 1
	state     state
	cancelled bool
	takeOff   func() // takes the coming attempt off the clock
	done      func() // tells the clock that the attempt is over
	waits     int    // how often it has waited for the clock

	fault *fault.Disturbance // what the coming attempt meets; nil for nothing
	extra bool               // it is sent once, by a fault, beside the delivery that it repeats
}

type state int

const (
	queued state = iota
	inFlight
	waiting
)

// result is what an attempt came to.
type result struct {
	status int
	err    error
	took   time.Duration
}

func (r result) delivered() bool { return r.err == nil && r.status >= 200 && r.status <= 299 }

// enqueue hands d to the workers. The caller holds mu.
func (o *Outbox) enqueue(d *delivery) {
	d.state = queued
	d.done = o.options.Clock.Begin()
	o.stats.Queued++
	o.lanes.add(d)
	if o.workers < o.options.Workers && len(o.lanes.ready) > 0 {
		o.workers++
		go o.work()
	}
}

// work attempts what is ready until nothing is. So there are workers only while there is work.
func (o *Outbox) work() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		row, d := o.lanes.take()
		if d == nil {
			o.workers--
			return
		}
		o.stats.Queued--
		if d.cancelled {
			o.giveUp(d)
		} else {
			o.attempt(d)
			o.letGo(d.lane.origin)
		}
		o.lanes.release(row)
		d.done()
		o.tellDrained()
	}
}

// attempt sends d once, without holding mu meanwhile, and settles what becomes of it. The caller holds mu.
func (o *Outbox) attempt(d *delivery) {
	d.state = inFlight
	d.number++
	o.stats.InFlight++
	o.mu.Unlock()
	at := o.options.Clock.Now()
	r, copies := o.sendOut(d)
	o.mu.Lock()
	o.stats.InFlight--
	for _, c := range copies {
		o.stats.Extra++
		o.note(d, at, c, journal.Extra)
	}
	if d.extra {
		o.stats.Extra++
		o.finish(d, at, r, journal.Extra)
		return
	}
	o.stats.Attempts++
	if d.number > 1 {
		o.stats.Retried++
	}
	switch {
	case r.delivered():
		o.stats.Delivered++
		o.finish(d, at, r, journal.Delivered)
		o.repeat(d)
	case d.cancelled || o.closed:
		o.stats.Cancelled++
		o.finish(d, at, r, journal.Cancelled)
	case d.number > o.options.Retries:
		o.stats.Failed++
		o.finish(d, at, r, journal.Failed)
	default:
		o.note(d, at, r, journal.Retrying)
		o.wait(d, o.options.Backoff(d.number), o.start)
	}
}

// wait has next take d on when so much has passed by the clock. The caller holds mu, as next's does.
func (o *Outbox) wait(d *delivery, length time.Duration, next func(*delivery)) {
	d.state = waiting
	d.waits++
	o.stats.Waiting++
	due, turn := o.options.Clock.Now().Add(length).Truncate(retryGrain), d.waits
	d.takeOff = o.options.Clock.At(due, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if d.state == waiting && d.waits == turn && !d.cancelled { // it may have been let go just before
			o.stats.Waiting--
			next(d)
		}
	})
}

// giveUp ends d without an attempt. The caller holds mu.
func (o *Outbox) giveUp(d *delivery) {
	if !d.extra {
		o.stats.Cancelled++
	}
	o.finish(d, o.options.Clock.Now(), result{err: errors.New("the subscription or the outbox ended")}, journal.Cancelled)
}

// finish ends d for good. The caller holds mu.
func (o *Outbox) finish(d *delivery, at time.Time, r result, outcome journal.Outcome) {
	delete(o.pending, d)
	o.note(d, at, r, outcome)
}

// note writes an attempt to the journal.
func (o *Outbox) note(d *delivery, at time.Time, r result, outcome journal.Outcome) {
	entry := journal.Attempt{
		Time: at, Subscription: d.Subscription, Delivery: d.ID, Event: d.Event, Number: d.number,
		Status: r.status, Outcome: outcome, Duration: r.took,
	}
	if d.fault != nil {
		entry.Fault = d.fault.Applied
	}
	if r.err != nil {
		entry.Error = oneLine(r.err)
	}
	o.options.Journal.AddAttempt(entry)
}

// tellDrained wakes who waits for nothing to be queued or under way. The caller holds mu.
func (o *Outbox) tellDrained() {
	if o.draining != nil && o.stats.Queued+o.stats.InFlight == 0 {
		close(o.draining)
		o.draining = nil
	}
}

// post sends d and reads what is answered. It follows no redirect: an answer other than 2xx is a failure.
func (o *Outbox) post(d *delivery) (status int, err error) {
	ctx, cancel := context.WithTimeout(o.base, o.options.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return 0, errors.New("the target URL cannot be used") // the error itself would quote the URL, a secret
	}
	req.Header.Set("Content-Type", d.ContentType)
	req.Header.Set("User-Agent", "Parley")
	if user := req.URL.User; user != nil {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password) // a client would; a bare transport leaves it to us
	}
	if d.Authorize != nil {
		d.Authorize(req)
	} else if err := d.sign(req.Header); err != nil {
		return 0, err
	}
	resp, err := o.options.Transport.RoundTrip(req)
	if err != nil {
		if ctx.Err() == context.DeadlineExceeded {
			err = fmt.Errorf("no answer within %s", o.options.Timeout)
		}
		return 0, err
	}
	defer resp.Body.Close()
	// Only what is left of the body decides whether the connection can be used again: its error is no concern.
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer)
	return resp.StatusCode, nil
}

func oneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	return text[:min(len(text), maxError)]
}
