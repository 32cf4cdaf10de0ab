package conversations

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// refused tells why an event was not made to happen at all; nil if it was.
func (r *run) refused(event string) error {
	var refusal *conformance.DriverRefusal
	var first error
	for _, p := range r.provoked {
		if p.event != event {
			continue
		}
		if p.err == nil {
			return nil
		}
		if first == nil || errors.As(p.err, &refusal) && !refusal.Cannot() {
			first = p.err
		}
	}
	switch {
	case first == nil:
		return conformance.Blocked("%s was not provoked", event)
	case errors.As(first, &refusal) && refusal.Cannot():
		return conformance.Lacking("the driver does not provoke %s: %s", event, refusal.Message)
	}
	return conformance.Blocked("%v", first)
}

func isPost(d *conformance.Delivery) error {
	if d.Method != http.MethodPost {
		return breach("a POST", d.Method, d)
	}
	return nil
}

func (r *run) post() error {
	for _, a := range r.arrivals {
		if err := isPost(a.Delivery); err != nil {
			return err
		}
	}
	if len(r.arrivals) == 0 {
		return conformance.Lacking("nothing was delivered")
	}
	return nil
}

// arrived: each event that was made to happen was delivered, and is about the conversation that it happened in.
func (r *run) arrived(event string) error {
	if err := r.refused(event); err != nil {
		return err
	}
	for _, p := range r.provoked {
		if p.event != event || p.err != nil {
			continue
		}
		if err := r.delivered(p); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) delivered(p *provoked) error {
	var unread, strangers []*conformance.Delivery
	for _, a := range r.arrivals {
		switch {
		case a.number <= p.before || a.again && a.event != nil && a.event.conversation() != "":
		case a.event == nil || a.event.name == "" || a.event.guessed && a.event.name != p.event:
			unread = append(unread, a.Delivery)
		case a.event.name != p.event:
		case p.conversation == "" || a.event.conversation() == "" || strings.EqualFold(a.event.conversation(), p.conversation):
			return nil
		default:
			strangers = append(strangers, a.Delivery)
		}
	}
	if len(unread) > 0 {
		return conformance.Blocked("what was delivered cannot be read as an event")
	}
	where := ""
	if p.channel != "" {
		where = " on " + p.channel
	}
	expected := fmt.Sprintf("a delivery of the %s%s that the driver provoked", p.event, where)
	if len(strangers) > 0 {
		return breach(expected+" in conversation "+p.conversation, fmt.Sprintf("%d of it, about other conversations alone", len(strangers)), strangers[len(strangers)-1])
	}
	return breach(expected, fmt.Sprintf("none within %v", p.waited))
}
