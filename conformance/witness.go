package conformance

import (
	"bytes"
	"net/http"
	"strings"
)

// witness is a delivery or an exchange that shows a breach, one of a stream.
type witness struct {
	delivery *Delivery
	exchange *Exchange
}

func deliveries(ds ...*Delivery) []witness {
	all := make([]witness, len(ds))
	for i, d := range ds {
		all[i].delivery = d
	}
	return all
}

func exchanges(xs ...*Exchange) []witness {
	all := make([]witness, len(xs))
	for i, x := range xs {
		all[i].exchange = x
	}
	return all
}

// place names where it is recorded; "" for what is not.
func (w witness) place() string {
	switch {
	case w.delivery != nil && w.delivery.Recorded():
		return w.delivery.Place()
	case w.exchange != nil && w.exchange.Observed != nil:
		return w.exchange.Observed.Place
	}
	return ""
}

func (w witness) into(b *Breach) {
	if w.delivery != nil {
		b.Deliveries = append(b.Deliveries, w.delivery)
	} else {
		b.Exchanges = append(b.Exchanges, w.exchange)
	}
}

// keptEachSide is how many witnesses are shown from the beginning and from the end of those that broke a rule.
const keptEachSide = maxEvidence / 2

// maxKept bounds a body that is kept. A report shows no more of it.
const maxKept = 64 << 10

// kept is a witness that outlives the buffers it was read into, and holds none of the headers that may carry secrets.
func (w witness) kept() witness {
	if d := w.delivery; d != nil && d.Recorded() {
		own := *d
		own.Body = clipped(d.Body)
		return witness{delivery: &own}
	}
	if x := w.exchange; x != nil && x.Observed != nil {
		return witness{exchange: x.outlined(true)}
	}
	return w
}

// outlined is an observed exchange that is kept, with its bodies or without.
func (x *Exchange) outlined(bodies bool) *Exchange {
	own := &Exchange{
		Request: x.Request, Method: x.Method, URL: x.URL, RequestHeader: http.Header{}, Status: x.Status, Header: http.Header{},
		Sent: x.Sent, Answered: x.Answered, Lost: x.Lost, Observed: x.Observed,
	}
	if bodies {
		copied(own.RequestHeader, x.RequestHeader, "Content-Type")
		copied(own.Header, x.Header, append(shownHeaders[:len(shownHeaders):len(shownHeaders)], "Location")...)
		own.Body, own.RequestBody = x.unnamed(clipped(x.Body)), x.unnamed(clipped(x.RequestBody))
	}
	return own
}

func copied(to, from http.Header, names ...string) {
	for _, name := range names {
		if values := from.Values(name); len(values) > 0 {
			to[name] = values
		}
	}
}

// unnamed takes the token out of a body that repeats it, as the message of a refusal may.
func (x *Exchange) unnamed(body []byte) []byte {
	words := strings.Fields(x.RequestHeader.Get("Authorization"))
	if len(words) == 0 || len(words[len(words)-1]) < 4 {
		return body
	}
	return bytes.ReplaceAll(body, []byte(words[len(words)-1]), []byte("***"))
}

func clipped(body []byte) []byte { return bytes.Clone(body[:min(len(body), maxKept)]) }
