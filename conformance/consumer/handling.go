package consumer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptrace"
	"strings"
	"time"
	"unicode/utf16"
)

// atATime is how many deliveries come at the same time.
const atATime = 16

// handling sends what networks and retries make of honest deliveries.
func (e *exam) handling(ctx context.Context) error {
	for _, part := range []struct {
		requirement string
		send        func(context.Context, string) error
	}{
		{"deliveries/content-type", e.charset},
		{"deliveries/json-forms", e.spellings},
		{"deliveries/repeated", e.twice},
		{"deliveries/repeated-at-once", e.twiceAtOnce},
		{"deliveries/lost-answer", e.lostAnswer},
		{"deliveries/cut-short", e.cutShort},
		{"deliveries/reordered", e.reordered},
		{"deliveries/concurrent", e.concurrent},
		{"deliveries/same-id", e.sameID},
	} {
		_, known := e.catalogue.Lookup(part.requirement)
		if !known || !e.wants(part.requirement, "deliveries/once", "deliveries/kept", "deliveries/two-events", "deliveries/answered", "deliveries/prompt") {
			continue
		}
		if err := part.send(ctx, part.requirement); err != nil {
			return err
		}
	}
	return nil
}

// try notes that a delivery has to be accepted.
func (e *exam) try(requirement string, ds ...*delivery) []*delivery {
	e.tried[requirement] = append(e.tried[requirement], ds...)
	return ds
}

func (e *exam) charset(ctx context.Context, requirement string) error {
	d := e.delivery(e.example(0), "Content-Type with a charset")
	d.contentType = "application/json; charset=utf-8"
	return e.deliver(ctx, e.try(requirement, d)...)
}

// spellings: the same JSON, written otherwise.
func (e *exam) spellings(ctx context.Context, requirement string) error {
	indented := e.delivery(e.example(0), "JSON with white space")
	indented.raw = spelt(indented.raw, false)
	spoken := e.example(0)
	for n := range e.events() {
		if spoken = e.example(n); e.maker.setTexts(&spoken, e.source.says, "Où est Zoë Ångström / Café 1½?") {
			break
		}
	}
	escaped := e.delivery(spoken, "JSON with escapes")
	escaped.raw = spelt(escaped.raw, true)
	return e.deliver(ctx, e.try(requirement, indented, escaped)...)
}

// spelt writes JSON with white space where there may be some, and, escaped, every sign by its number that may be.
func spelt(body []byte, escaped bool) []byte {
	var spaced bytes.Buffer
	_ = json.Indent(&spaced, body, "", "\t") // it is JSON of our own
	text := spaced.String() + "\r\n"
	if !escaped {
		return []byte(text)
	}
	var b strings.Builder
	for _, r := range text { // what is no ASCII, and a slash, stands within texts alone
		switch first, second := utf16.EncodeRune(r); {
		case r == '/':
			b.WriteString(`\/`)
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\u%04X\u%04X`, first, second)
		}
	}
	return []byte(b.String())
}

// again is another delivery of the same event.
func (d *delivery) again(purpose string) *delivery {
	other := *d
	other.purpose, other.attempts = purpose, nil
	return &other
}

// twice: an answer of 2xx may be lost on its way, so that the sender repeats what was accepted.
func (e *exam) twice(ctx context.Context, requirement string) error {
	for n := range e.events() {
		first := e.delivery(e.example(n), "an event that will be repeated")
		if err := e.deliver(ctx, first); err != nil {
			return err
		}
		if !first.accepted() {
			continue // which another requirement tells
		}
		second := e.try(requirement, first.again("the same event again, after it was accepted"))
		e.repeated = append(e.repeated, first)
		if err := e.deliver(ctx, second...); err != nil {
			return err
		}
	}
	return nil
}

// twiceAtOnce: a sender that waits for no answer may repeat what is still being handled.
func (e *exam) twiceAtOnce(ctx context.Context, requirement string) error {
	first := e.delivery(e.example(0), "the same event several times at once")
	ds := []*delivery{first}
	for range atATime/4 - 1 {
		ds = append(ds, first.again(first.purpose))
	}
	e.repeated = append(e.repeated, first)
	return e.atOnce(ctx, e.try(requirement, ds...)...)
}

// lostAnswer: the connection breaks when the event has been sent and before its answer came, so that it is sent again.
func (e *exam) lostAnswer(ctx context.Context, requirement string) error {
	d := e.delivery(e.example(0), "sent again, since the connection broke before the answer")
	if err := e.abandon(ctx, d, bytes.NewReader(d.raw)); err != nil {
		return err
	}
	e.repeated = append(e.repeated, d)
	return e.deliver(ctx, e.try(requirement, d)...)
}

// cutShort: the connection breaks in the middle of the body.
func (e *exam) cutShort(ctx context.Context, requirement string) error {
	d := e.delivery(e.example(0), "sent again, since the connection broke in the middle of the body")
	half := flushed + len(d.raw)/2
	d.raw = append(bytes.Repeat([]byte{' '}, flushed), d.raw...)
	if err := e.abandon(ctx, d, io.MultiReader(bytes.NewReader(d.raw[:half]), broken{})); err != nil {
		return err
	}
	e.repeated = append(e.repeated, d)
	return e.deliver(ctx, e.try(requirement, d)...)
}

// flushed is more white space than is held back before the first bytes of a request are sent.
const flushed = 8 << 10

// broken ends a body early.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// abandon sends a delivery and leaves before there is an answer. It is no attempt that anything is said of, but the next one
// comes after the gap that follows an attempt.
func (e *exam) abandon(ctx context.Context, d *delivery, body io.Reader) error {
	inner, leave := context.WithCancel(ctx)
	defer leave()
	traced := httptrace.WithClientTrace(inner, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { leave() }})
	_, request, err := e.request(traced, d, body)
	if err != nil {
		return err
	}
	request.Close = true // nobody else's connection breaks with it
	if response, err := e.HTTP().Do(request); err == nil {
		response.Body.Close()
	}
	return e.pause(ctx, 1)
}

// reordered: what happened last comes first, also within one conversation.
func (e *exam) reordered(ctx context.Context, requirement string) error {
	var pair []*delivery
	for n := range min(2, len(e.events())) { // two of one conversation, in the order of the document
		pair = append(pair, e.delivery(e.ofOneConversation(n, pair), "events in reverse order"))
	}
	if len(pair) == 2 {
		e.pairs = append(e.pairs, [2]*delivery{pair[0], pair[1]})
	}
	pair = append(pair, e.delivery(e.example(0), "events in reverse order"))
	for n, d := range pair {
		e.maker.date(&d.Event, e.maker.now().Add(time.Duration(n-len(pair))*time.Minute), e.source.instants[0])
		d.raw = d.JSON()
		own(e.Session, d.body)
	}
	for n := len(pair) - 1; n >= 0; n-- {
		if err := e.deliver(ctx, e.try(requirement, pair[n])...); err != nil {
			return err
		}
	}
	return nil
}

// ofOneConversation is an example about the conversation that those before it are about.
func (e *exam) ofOneConversation(n int, before []*delivery) Event {
	event := e.example(n)
	if len(before) == 0 {
		return event
	}
	for _, from := range e.source.conversation {
		id, there := before[0].Get(from)
		if !there {
			continue
		}
		for _, to := range e.source.conversation {
			if _, there := event.Get(to); there {
				event.put(to, id)
			}
		}
	}
	return event
}

func (e *exam) concurrent(ctx context.Context, requirement string) error {
	var ds []*delivery
	for n := range atATime {
		ds = append(ds, e.delivery(e.example(n), "different events at the same time"))
	}
	return e.atOnce(ctx, e.try(requirement, ds...)...)
}

// sameID: both examples of the document bear the id of their conversation, so that two events may have one (AL-94). What
// the delivery itself is named by differs.
func (e *exam) sameID(ctx context.Context, requirement string) error {
	if len(e.events()) < 2 {
		return nil
	}
	for n := range 2 {
		event := e.ofOneConversation(n, e.alike)
		conversation, _ := event.Get(e.source.conversation[0])
		delivered := event.ID
		event.put("id", conversation)
		d := e.delivery(event, "another event with the same id")
		d.ID, d.sign = delivered, e.honest(delivered)
		e.alike = append(e.alike, d)
		if err := e.deliver(ctx, e.try(requirement, d)...); err != nil {
			return err
		}
	}
	return nil
}
