package consumer

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// stale is how old the timestamp of a delivery is that comes long after it was signed. Standard Webhooks' libraries bear
// five minutes.
const stale = time.Hour

// forgery is a way to send what the secret's holder did not sign, or did not sign now.
type forgery struct {
	requirement, what string
	// make takes a delivery that is honest but for its body's bytes.
	make func(e *exam, d *delivery)
	// standard: it is one only where the delivery's id and time are signed, too.
	standard bool
}

func forgeries() []forgery {
	return []forgery{
		{"signatures/wrong", "signed with another secret", func(e *exam, d *delivery) { d.sign = e.signedBy(e.otherSecret(), d.ID, 0) }, false},
		{"signatures/missing", "without any signature header", func(_ *exam, d *delivery) { d.sign = nil }, false},
		{"signatures/missing", "with id and timestamp, and no signature", func(e *exam, d *delivery) { d.sign = e.signedBy("", d.ID, 0) }, true},
		{"signatures/malformed", "with an empty signature header", func(e *exam, d *delivery) { e.signInstead(d, func(string) string { return "" }) }, false},
		{"signatures/malformed", "with a signature of nothing", func(e *exam, d *delivery) { e.signInstead(d, func(before string) string { return before }) }, false},
		{"signatures/malformed", "with a signature that is none", func(e *exam, d *delivery) {
			e.signInstead(d, func(before string) string { return before + "no signature at all!" })
		}, false},
		{"signatures/stale", "signed an hour ago", func(e *exam, d *delivery) { d.sign = e.signedBy(e.options.Secret, d.ID, -stale) }, true},
		{"signatures/future", "signed for an hour from now", func(e *exam, d *delivery) { d.sign = e.signedBy(e.options.Secret, d.ID, stale) }, true},
		{"signatures/altered-body", "with a body that was changed after signing", alteredBody, false},
		{"signatures/altered-id", "with the signature of another id", func(e *exam, d *delivery) {
			d.sign = after(e.signedBy(e.options.Secret, "evt_another", 0), func(h http.Header, _ time.Time) { h.Set(webhook.HeaderID, d.ID) })
		}, true},
		{"signatures/altered-timestamp", "with an old signature and a new timestamp", func(e *exam, d *delivery) {
			d.sign = after(e.signedBy(e.options.Secret, d.ID, -stale), func(h http.Header, at time.Time) {
				h.Set(webhook.HeaderTimestamp, fmt.Sprint(at.Unix()))
			})
		}, true},
	}
}

func isForgery(requirement string) bool {
	for _, f := range forgeries() {
		if f.requirement == requirement {
			return true
		}
	}
	return false
}

func aboutSignatures(requirement string) bool { return strings.HasPrefix(requirement, "signatures/") }

func after(s signer, change func(http.Header, time.Time)) signer {
	return func(header http.Header, at time.Time, body []byte) {
		s(header, at, body)
		change(header, at)
	}
}

// signInstead puts something else where the signature stands; it is given what a signature begins with.
func (e *exam) signInstead(d *delivery, signature func(before string) string) {
	name, before := e.options.Scheme.Header()
	d.sign = after(d.sign, func(h http.Header, _ time.Time) { h.Set(name, signature(before)) })
}

// alteredBody signs what the event was, and sends another.
func alteredBody(e *exam, d *delivery) {
	signed := d.raw
	honest := d.sign
	d.sign = func(header http.Header, at time.Time, _ []byte) { honest(header, at, signed) }
	d.put(e.source.conversation[0], uuid(e.maker.faker.Rand))
	own(e.Session, d.body)
	d.raw = d.JSON()
}

// otherSecret is one that nobody was told.
func (e *exam) otherSecret() string {
	return webhook.NewSecret([]byte(letters(e.maker.faker.Rand, "abcdefghijklmnopqrstuvwxyz", 32)))
}

// signatures sends genuine deliveries to be accepted, and forged ones to be refused.
func (e *exam) signatures(ctx context.Context) error {
	for n := range e.events() {
		e.try("signatures/genuine", e.delivery(e.example(n), "signed as it has to be"))
	}
	if err := e.deliver(ctx, e.tried["signatures/genuine"]...); err != nil {
		return err
	}
	for _, d := range e.tried["signatures/genuine"] {
		e.accepts = e.accepts || d.accepted()
	}
	raw := e.delivery(e.example(0), "signed over a body with white space and escapes")
	raw.raw = spelt(raw.raw, true)
	if err := e.deliver(ctx, e.try("signatures/raw-body", raw)...); err != nil {
		return err
	}
	if e.options.Scheme.Standard() { // no other has several
		rotated := e.delivery(e.example(0), "with the signature of another secret before its own")
		rotated.sign = e.rotated(rotated.ID)
		if err := e.deliver(ctx, e.try("signatures/rotated", rotated)...); err != nil {
			return err
		}
	}
	for _, f := range forgeries() {
		if f.standard && !e.options.Scheme.Standard() || !e.wants(f.requirement, "signatures/not-kept", "signatures/refused-as-such") {
			continue
		}
		d := e.delivery(e.example(0), f.what)
		f.make(e, d)
		e.forged[f.requirement] = append(e.forged[f.requirement], d)
		if err := e.insist(ctx, d); err != nil {
			return err
		}
	}
	return e.forgedFirst(ctx)
}

func (e *exam) rotated(id string) signer {
	other, own := e.signedBy(e.otherSecret(), id, 0), e.signedBy(e.options.Secret, id, 0)
	return func(header http.Header, at time.Time, body []byte) {
		other(header, at, body)
		before := header.Get(webhook.HeaderSignature)
		own(header, at, body)
		header.Set(webhook.HeaderSignature, before+" "+header.Get(webhook.HeaderSignature))
	}
}

// insist sends a forgery until there is an answer that is no trouble: trouble refuses nothing.
func (e *exam) insist(ctx context.Context, d *delivery) error {
	for n := range attempts {
		if n > 0 {
			if err := e.pause(ctx, n); err != nil {
				return err
			}
		}
		err := e.once(ctx, d)
		if x := d.last(); err != nil || x == nil || x.Lost == nil && x.Status < 500 {
			return err
		}
	}
	return nil
}

// forgedFirst: somebody else's delivery with an id must not stand in the way of the genuine one.
func (e *exam) forgedFirst(ctx context.Context) error {
	genuine := e.delivery(e.example(0), "the genuine delivery of an id, after a forged one")
	forged := genuine.again("a forged delivery of an id, before the genuine one")
	forged.sign = e.signedBy(e.otherSecret(), forged.ID, 0)
	if err := e.insist(ctx, forged); err != nil {
		return err
	}
	return e.deliver(ctx, e.try("signatures/forged-first", genuine)...)
}

// unlike says why nothing was sent about a signature.
func (e *exam) unlike() error {
	if !e.options.Scheme.Standard() {
		return conformance.Lacking("it is about Standard Webhooks, and deliveries are signed in another way (--signature)")
	}
	return conformance.Lacking("nothing was sent to judge it by")
}

// refusal judges that forged deliveries are refused.
func (e *exam) refusal(requirement string) func() error {
	return func() error {
		if !e.accepts {
			return conformance.Blocked("no delivery is accepted that is signed as it has to be, so that a refusal tells nothing")
		}
		ds := e.forged[requirement]
		if len(ds) == 0 {
			return e.unlike()
		}
		for _, d := range ds {
			switch x := d.last(); {
			case x == nil:
				return e.given()
			case x.Lost != nil:
				return conformance.Blocked("no answer to a delivery %s: %v", d.purpose, x.Lost)
			case x.OK():
				return breach("a refusal of a delivery "+d.purpose, seenStatus(x), x)
			}
		}
		return nil
	}
}

// refusedAsSuch: a refusal that looks like trouble makes the sender try again.
func (e *exam) refusedAsSuch() error {
	n := 0
	for _, f := range forgeries() {
		for _, d := range e.forged[f.requirement] {
			x := d.last()
			if x == nil || x.Lost != nil || x.OK() {
				continue
			}
			if n++; x.Status < 400 || x.Status > 499 {
				return breach("a 4xx for a delivery "+d.purpose, seenStatus(x), x)
			}
		}
	}
	if n == 0 {
		return conformance.Lacking("nothing was refused")
	}
	return nil
}

// same tells whether two deliveries are of one event.
func same(a, b *delivery) bool { return bytes.Equal(a.raw, b.raw) }
