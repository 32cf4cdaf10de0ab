package consumer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// attempts is how often an event is delivered that is not accepted: once, and three retries (AL-95).
const attempts = 4

// maxUnanswered is how many attempts without an answer, one after another, end what is sent: an endpoint that hangs would
// keep a run for hours.
const maxUnanswered = 6

// maxAnswer bounds what is read of an answer. Senders of webhooks have no use for more, nor for what it says.
const maxAnswer = 64 << 10

// delivery is an event on its way to the endpoint, with every attempt that was made.
type delivery struct {
	Event
	purpose     string
	raw         []byte // the body as it is sent
	contentType string
	// sign puts signature headers on an attempt; nil for none.
	sign     signer
	attempts []*conformance.Exchange
}

// delivery makes an honest one.
func (e *exam) delivery(event Event, purpose string) *delivery {
	e.options.set(&event)
	event.named(e.source)
	own(e.Session, event.body)
	return &delivery{Event: event, purpose: purpose, raw: event.JSON(), contentType: "application/json", sign: e.honest(event.ID)}
}

// honest signs as the document's sender would. An event of a contract that knows no signatures names no id either.
func (e *exam) honest(id string) signer {
	if !e.source.Signed {
		return nil
	}
	return e.signedBy(e.options.Secret, id, 0)
}

// signer puts signature headers on an attempt.
type signer func(header http.Header, at time.Time, body []byte)

// signedBy signs with a secret, as of another time.
func (e *exam) signedBy(secret, id string, shift time.Duration) signer {
	return func(header http.Header, at time.Time, body []byte) {
		sign(e.options.Scheme, header, secret, id, at.Add(shift), body)
	}
}

// sign signs with a secret; without one, it names the event and the time, unsigned.
func sign(scheme webhook.Scheme, header http.Header, secret, id string, at time.Time, body []byte) {
	if secret == "" {
		header.Set(webhook.HeaderID, id)
		header.Set(webhook.HeaderTimestamp, fmt.Sprint(at.Unix()))
		return
	}
	_ = scheme.Sign(header, secret, id, at, body) // Options.check has tried the secret
}

// own lets reports show what the exam itself wrote.
func own(s *conformance.Session, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			own(s, inner)
		}
	case []any:
		for _, inner := range v {
			own(s, inner)
		}
	case string:
		s.Own(v)
	}
}

// last is the latest attempt, nil before the first.
func (d *delivery) last() *conformance.Exchange {
	if len(d.attempts) == 0 {
		return nil
	}
	return d.attempts[len(d.attempts)-1]
}

// accepted tells whether the endpoint took it in the end.
func (d *delivery) accepted() bool { return d.last().OK() }

// deliver sends each delivery, and then again those that were not accepted: up to three times, after gaps that grow.
func (e *exam) deliver(ctx context.Context, ds ...*delivery) error {
	return e.rounds(ctx, ds, func(ds []*delivery) error {
		for _, d := range ds {
			if err := e.once(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// atOnce begins with all of them at the same time.
func (e *exam) atOnce(ctx context.Context, ds ...*delivery) error {
	return e.rounds(ctx, ds, func(ds []*delivery) error {
		errs := make([]error, len(ds))
		var all sync.WaitGroup
		for i, d := range ds {
			all.Go(func() { errs[i] = e.once(ctx, d) })
		}
		all.Wait()
		return errors.Join(errs...)
	})
}

func (e *exam) rounds(ctx context.Context, ds []*delivery, send func([]*delivery) error) error {
	e.genuine = append(e.genuine, ds...)
	for n := range attempts {
		if n > 0 {
			if err := e.pause(ctx, n); err != nil {
				return err
			}
		}
		if err := send(ds); err != nil {
			return err
		}
		var left []*delivery
		for _, d := range ds {
			if !d.accepted() {
				left = append(left, d)
			} else if n > 0 && !e.noted {
				e.noted = true
				e.Log.Note(fmt.Sprintf("some deliveries were accepted at a retry only, the first of them %s", d.purpose))
			}
		}
		if ds = left; len(ds) == 0 {
			return nil
		}
	}
	return nil
}

// pause is the gap before retry n, counted from 1.
func (e *exam) pause(ctx context.Context, n int) error {
	if e.given() != nil {
		return nil
	}
	return e.Wait(ctx, e.options.Backoff<<(n-1), "the next attempt")
}

// once makes one attempt, unless nothing comes of attempts any more.
func (e *exam) once(ctx context.Context, d *delivery) error {
	if e.given() != nil {
		return nil
	}
	x := e.attempt(ctx, d)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if x.Lost == nil {
		e.unanswered = 0
	} else if e.unanswered++; e.unanswered == maxUnanswered {
		e.gaveUp = conformance.Blocked("gave up after %d attempts without an answer: %v", e.unanswered, x.Lost)
	}
	return nil
}

// given is why nothing is sent any more; nil while it is.
func (e *exam) given() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.gaveUp
}

// attempt sends a delivery once, and adds what came of it.
func (e *exam) attempt(ctx context.Context, d *delivery) *conformance.Exchange {
	x, request, err := e.request(ctx, d, bytes.NewReader(d.raw))
	if err != nil {
		x.Lost = err
	} else {
		e.exchange(x, request)
	}
	e.Session.Record(x)
	d.attempts = append(d.attempts, x)
	return x
}

// request is one attempt, ready to be sent.
func (e *exam) request(ctx context.Context, d *delivery, body io.Reader) (*conformance.Exchange, *http.Request, error) {
	x := &conformance.Exchange{
		Request: conformance.Request{Purpose: d.purpose, Header: http.Header{}},
		Method:  http.MethodPost, URL: e.Target.URL, RequestBody: d.raw, Sent: time.Now(),
	}
	if d.sign != nil {
		d.sign(x.Request.Header, x.Sent, d.raw)
	}
	request, err := post(ctx, e.Target, d.contentType, x.Request.Header, body)
	if err != nil {
		return x, nil, err
	}
	request.ContentLength = int64(len(d.raw))
	x.RequestHeader = request.Header.Clone()
	return x, request, nil
}

// post makes the request that a sender of webhooks makes.
func post(ctx context.Context, to conformance.Target, contentType string, signature http.Header, body io.Reader) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, body)
	if err != nil {
		return nil, err
	}
	for _, headers := range []http.Header{to.Header, signature} {
		for name, values := range headers {
			request.Header[name] = values
		}
	}
	request.Header.Set("User-Agent", "parley")
	request.Header.Set("Content-Type", contentType)
	return request, nil
}

// Request is the delivery of an event, signed now where the source's deliveries are and there is a secret.
func (s *Source) Request(ctx context.Context, to conformance.Target, e Event, scheme webhook.Scheme, secret string) (*http.Request, error) {
	body, signature := e.JSON(), http.Header{}
	if s.Signed {
		sign(scheme, signature, secret, e.ID, time.Now(), body)
	}
	return post(ctx, to, "application/json", signature, bytes.NewReader(body))
}

func (e *exam) exchange(x *conformance.Exchange, request *http.Request) {
	response, err := e.HTTP().Do(request)
	if err != nil {
		x.Answered, x.Lost = time.Now(), reason(err)
		return
	}
	defer response.Body.Close()
	x.Body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	x.Answered = time.Now()
	if err != nil {
		x.Lost = fmt.Errorf("answer cut short: %w", err)
		return
	}
	x.Status, x.Header = response.StatusCode, response.Header
}

// reason is why there was no answer, without the URL, which may be a secret.
func reason(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return errors.New("no answer in time (--timeout)")
		}
		return u.Err
	}
	return err
}
