package conformance

import (
	"bytes"
	"net/http"
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
		Request: x.Request, Method: x.Method, URL: x.URL, RequestHeader: http.Header{}, Status: x.Status, Header: x.Header,
		Sent: x.Sent, Answered: x.Answered, Lost: x.Lost, Observed: x.Observed,
	}
	if t := x.RequestHeader.Values("Content-Type"); len(t) > 0 {
		own.RequestHeader["Content-Type"] = t
	}
	if bodies {
		own.Body, own.RequestBody = clipped(x.Body), clipped(x.RequestBody)
	}
	return own
}

func clipped(body []byte) []byte { return bytes.Clone(body[:min(len(body), maxKept)]) }
