package conformance

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/parley-contracts/parley/openapi/requirements"
)

// Listening judges deliveries as they arrive, without a target or a driver to provoke them: as far as what arrives shows
// it. All methods may be called at once from anywhere.
type Listening struct {
	session *Session
	judge   PayloadJudge
	report  Report
	began   time.Time

	mu     sync.Mutex
	broken []Broken // of the delivery that is being judged
	count  int
	err    error // a fault of the judge's own
}

// Broken is a requirement that a delivery broke.
type Broken struct {
	requirements.Requirement
	Expected, Seen string
}

// Listen begins to judge what arrives at a URL by options.Contract.
func Listen(url string, options Options) (*Listening, error) {
	options.defaults()
	if options.Contract.Payloads == nil {
		return nil, fmt.Errorf("%s has no webhooks to judge", options.Contract.Name)
	}
	l := &Listening{
		session: &Session{Options: options, Log: &Log{}}, judge: options.Contract.Payloads(),
		report: begun(Target{URL: url}, options), began: time.Now(),
	}
	l.judge.Watch(func(id, expected, seen string) {
		requirement, _ := options.Contract.Catalogue.Lookup(id)
		if l.session.selects(requirement) {
			l.broken = append(l.broken, Broken{Requirement: requirement, Expected: expected, Seen: seen})
		}
	})
	return l, nil
}

// Hide keeps a secret out of the report.
func (l *Listening) Hide(secret string) { l.session.Hide(secret) }

// Note records something worth knowing.
func (l *Listening) Note(note string) { l.session.Log.Note(note) }

// Take judges a delivery, and tells what it broke: by itself, or beside those before it.
func (l *Listening) Take(d *Delivery) []Broken {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = nil
	l.count++
	l.err = errors.Join(l.err, guarded(func() error {
		l.judge.Take(d)
		return nil
	}))
	return l.broken
}

// Report is what all of them say.
func (l *Listening) Report() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	report := l.report
	report.conclude(foundIn(l.session, l.judge.Verdict), l.session.Options)
	switch {
	case l.err != nil:
		report.Verdict, report.Reason = NotJudged, l.err.Error()
	case l.count == 0:
		report.Verdict, report.Reason = NotJudged, "nothing was delivered"
	}
	report.Notes = l.session.Log.Notes()
	report.Requests.Deliveries = l.count
	report.Seconds = time.Since(l.began).Round(time.Millisecond).Seconds()
	return report
}
