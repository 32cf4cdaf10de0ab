package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/receiver"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// ear answers deliveries and hands them on to be judged and printed.
type ear struct {
	flags   *listenFlags
	judge   *conformance.Listening
	print   *printer
	forward *forwarder    // nil for none
	enough  chan struct{} // closed after --count deliveries

	mu   sync.Mutex
	done int
}

// answer says what a delivery gets. It is judged when it has been answered, so that it is printed with the answer.
func (e *ear) answer(d receiver.Delivery) receiver.Answer {
	return receiver.Answer{Serve: func(w http.ResponseWriter, req *http.Request) {
		began := time.Now()
		status, trouble, broke := http.StatusOK, "", false
		switch {
		case d.Number <= e.flags.failFirst:
			status = http.StatusInternalServerError
			answerEmpty(w, status)
		case e.forward != nil:
			status, trouble, broke = e.forward.pass(w, req, d)
		default:
			answerEmpty(w, status)
		}
		e.take(d, status, trouble, time.Since(began))
		if broke {
			panic(http.ErrAbortHandler) // so does the sender's connection, or half an answer would look like a whole one
		}
	}}
}

func answerEmpty(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
}

func (e *ear) take(d receiver.Delivery, status int, trouble string, took time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delivery := &conformance.Delivery{
		At: d.Time, TargetTime: d.Time, Hook: "/…", Method: d.Method, Header: d.Header, Body: d.Body, Answered: status,
		Subscription: &conformance.Subscription{Secret: e.flags.secret},
	}
	broken := e.judge.Take(delivery)
	e.print.delivery(arrival{
		Delivery: delivery, number: d.Number, signature: e.signature(d), trouble: trouble, took: took, forwarded: e.forward != nil && d.Number > e.flags.failFirst,
	}, broken)
	if e.done++; e.done == e.flags.count {
		close(e.enough)
	}
}

// signature says whether a delivery is signed with the secret, if there is one to tell by.
func (e *ear) signature(d receiver.Delivery) string {
	if e.flags.secret == "" {
		return ""
	}
	matched, ok := webhook.Match(d.Header, d.Body, e.flags.secret)
	if !ok {
		return "signature does not verify"
	}
	e.judge.Note("deliveries are signed: " + matched.String())
	if age, known := signedAgo(d); known && age.Abs() > 5*time.Minute {
		return fmt.Sprintf("signature verifies, but its timestamp is off by %v", age.Round(time.Second))
	}
	return "signature verifies"
}

// signedAgo is how old the timestamp of a delivery was when it came.
func signedAgo(d receiver.Delivery) (time.Duration, bool) {
	var seconds int64
	if _, err := fmt.Sscan(d.Header.Get(webhook.HeaderTimestamp), &seconds); err != nil {
		return 0, false
	}
	return d.Time.Sub(time.Unix(seconds, 0)), true
}

// wait lets deliveries come until there are enough, or somebody ends it. Meanwhile it tells who failed to connect.
func (e *ear) wait(ctx context.Context, hook *receiver.Hook, r *receiver.Receiver) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-e.enough:
			stop()
		case <-ctx.Done():
		}
	}()
	told := 0
	_, _ = hook.Wait(ctx, func([]receiver.Delivery) bool { // which ends with ctx alone
		failed := r.Handshakes()
		for ; told < len(failed); told++ {
			e.print.handshake(failed[told])
		}
		return false
	})
}

// aside notes what came and was no delivery.
func (e *ear) aside(r *receiver.Receiver) {
	if n := len(r.Strays()); n > 0 {
		e.judge.Note(fmt.Sprintf("requests for other paths, answered 404: %d", n))
	}
	if n := len(r.Handshakes()); n > 0 {
		e.judge.Note(fmt.Sprintf("connections that failed before TLS was agreed upon: %d; does the sender trust the receiver's authority?", n))
	}
}
