package defects

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/parley-contracts/parley/openapi/webhook"
)

// delivery is one attempt at a delivery on its way to its receiver. A defect may alter it before it is sent.
type delivery struct {
	memory  *memory
	next    http.RoundTripper
	request *http.Request // as the server made it

	hook   hook // whose it is
	number int  // of the attempt, from 1
	method string
	url    string
	id     string
	header http.Header
	body   []byte
	// fields are what is sent in place of body, where a defect has it decoded.
	fields map[string]any
	// unsigned leaves the signature as it is, or out where it was taken out; otherwise it is made anew, so that
	// an altered body is the only thing that is wrong.
	unsigned bool
}

// delivery remembers an attempt: what it is to, and which one it is.
func (m *memory) delivery(r *http.Request, body []byte, next http.RoundTripper) *delivery {
	d := &delivery{
		memory: m, next: next, request: r, method: r.Method, url: r.URL.String(), header: r.Header.Clone(), body: body,
		id: r.Header.Get(webhook.HeaderID),
	}
	event := text(decode(body), "event")
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range m.hooks {
		// A URL may be subscribed more than once: the latest that takes the event is as good as any.
		if h.url == d.url && (h.event == event || d.hook.id == "") {
			d.hook = *h
		}
	}
	m.attempts[d.url+" "+d.id]++
	d.number = m.attempts[d.url+" "+d.id]
	return d
}

// event is the name in the body, as either contract has it; of one that was decoded, as the server wrote it.
func (d *delivery) event() string {
	v := any(d.fields)
	if d.fields == nil {
		v = decode(d.body)
	}
	if name := text(v, "event"); name != "" {
		return name
	}
	return text(v, "type")
}

// edit changes the body, when it is an object.
func (d *delivery) edit(change func(payload map[string]any)) *delivery {
	if payload, ok := decode(d.body).(map[string]any); ok {
		change(payload)
		d.body = encode(payload)
	}
	return d
}

// sign makes the signature anew with a secret.
func (d *delivery) sign(secret string) {
	_ = webhook.Sign(d.header, secret, d.id, time.Now(), d.body)
}

// send makes the attempt as it now is.
func (d *delivery) send() (*http.Response, error) {
	if d.fields != nil {
		d.body = encode(d.fields)
	}
	if !d.unsigned && d.hook.secret != "" {
		d.sign(d.hook.secret)
	}
	r, err := http.NewRequestWithContext(d.request.Context(), d.method, d.url, bytes.NewReader(d.body))
	if err != nil {
		return nil, err
	}
	r.Header = d.header.Clone()
	return d.next.RoundTrip(r)
}

// copy is the attempt again, to be made beside it.
func (d *delivery) copy() *delivery {
	copied := *d
	copied.header = d.header.Clone()
	if d.fields != nil {
		copied.fields = clone(d.fields)
	}
	return &copied
}

// spend makes an attempt whose answer nobody waits for.
func (d *delivery) spend() {
	if response, err := d.send(); err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}

// taken is what the server is told instead of making the attempt.
func (d *delivery) taken(status int) (*http.Response, error) {
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, Request: d.request,
	}, nil
}

// onDeliveries alters the deliveries of an event; "" means of each.
func onDeliveries(event string, change func(*delivery)) play {
	return delivering(func(d *delivery) (*http.Response, error) {
		if event == "" || d.event() == event {
			change(d)
		}
		return d.send()
	})
}

// delivering does otherwise with every attempt.
func delivering(f func(*delivery) (*http.Response, error)) play {
	return func(*memory) behaviour { return behaviour{deliver: f} }
}
