package consumer

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
	"github.com/parley-contracts/parley/openapi/webhook"
)

// Options say how to exercise an endpoint, beyond what conformance.Options say.
type Options struct {
	// Secret that deliveries are signed with; for Standard Webhooks "whsec_" and base64. Without one, nothing is signed,
	// and what a signature decides is not judged.
	Secret string
	// Scheme is how they are signed. The document names none (AL-90..92); the zero value is Standard Webhooks.
	Scheme webhook.Scheme
	// Seen is a URL that tells what the consumer has kept (see readSeen); "" for none.
	Seen string
	// Events are the names of those to send; none for all.
	Events []string
	// Backoff is the gap before the first retry; each further one is twice as long. A second by default.
	Backoff time.Duration
	// Slow is how long an answer may take before it is warned of; three seconds by default.
	Slow time.Duration
	// Seed is what the events are made from.
	Seed uint64
	// Set has values for fields of every event that has them, by path: ids that the consumer knows, say.
	Set map[string]any
}

// Suffix tells the name of a source from that of what its consumers have to meet.
const Suffix = "-consumer"

// Contract is what a consumer of the source's events has to meet, ready for conformance.Run: the target is the endpoint.
func (s *Source) Contract(o Options) (conformance.Contract, error) {
	if err := o.check(s); err != nil {
		return conformance.Contract{}, err
	}
	trials, err := s.Maker(0).trials()
	if err != nil {
		return conformance.Contract{}, err
	}
	var derived []requirements.Requirement
	for _, t := range trials {
		derived = append(derived, t.Requirement)
	}
	name := s.Name + Suffix
	catalogue, err := requirements.Assemble(name, s.rules, derived)
	if err != nil {
		return conformance.Contract{}, err
	}
	return conformance.Contract{
		Name:      name,
		Catalogue: catalogue,
		Shown:     func(string) bool { return false }, // but for what the exam itself wrote
		Reach:     func(ctx context.Context, session *conformance.Session) error { return s.reach(ctx, session, o) },
		Open:      func(session *conformance.Session) conformance.Plan { return s.open(session, o, catalogue) },
	}, nil
}

func (o *Options) check(s *Source) error {
	if o.Backoff == 0 {
		o.Backoff = time.Second
	}
	if o.Slow == 0 {
		o.Slow = 3 * time.Second
	}
	if o.Secret != "" {
		if !s.Signed {
			return fmt.Errorf("the document of %s names no signature: expected no secret", s.Name)
		}
		if err := o.Scheme.Sign(http.Header{}, o.Secret, "evt", time.Now(), nil); err != nil {
			return err
		}
	}
	for _, name := range o.Events {
		if _, known := s.EventNamed(name); !known {
			return fmt.Errorf("no event %q of %s", name, s.Name)
		}
	}
	return o.checkSet(s)
}

// checkSet: what is sent has to be permitted, whatever the user sets.
func (o *Options) checkSet(s *Source) error {
	for _, name := range s.Names() {
		event, err := s.Maker(0).Whole(name)
		if err != nil {
			return err
		}
		o.set(&event)
		for _, v := range s.Violations(name, event.JSON()) {
			return fmt.Errorf("the document forbids what is set of %s: %s", name, v)
		}
	}
	return nil
}

// set gives an event the values that the user wants, as far as it has the fields.
func (o *Options) set(e *Event) {
	for path, value := range o.Set {
		if _, there := e.Get(path); there {
			e.put(path, value)
		}
	}
}

// reach sends one event, to find out whether anybody is there and takes deliveries at all, and asks once what has been
// kept. The error ends the run: nothing would come of it.
func (s *Source) reach(ctx context.Context, session *conformance.Session, o Options) error {
	session.Hide(o.Secret)
	e := &exam{Session: session, source: s, options: o, maker: s.Maker(^o.Seed)}
	connected := false
	x := e.attempt(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected = true },
	}), e.delivery(e.example(0), "preflight"))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case !connected: // one that connects and does not answer is judged
		return fmt.Errorf("no connection to the endpoint: %w: check --to, --ca-cert and that it is up", x.Lost)
	case !s.Signed || x.Status != http.StatusUnauthorized && x.Status != http.StatusForbidden:
	case o.Secret == "":
		return fmt.Errorf("the endpoint answered %d to a delivery that is not signed: pass the secret that it verifies with (--secret)", x.Status)
	default:
		session.Log.Note(fmt.Sprintf("the endpoint answered %d to a delivery that is signed: is the secret right, and the way to sign (--signature)?", x.Status))
	}
	if o.Seen == "" {
		return nil
	}
	if _, err := readSeen(ctx, session, o.Seen); err != nil {
		return fmt.Errorf("%w: check --seen", err)
	}
	return nil
}
