package conformance

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parley-contracts/parley/openapi/requirements"
)

// A TrafficJudge judges exchanges that others have, one after another, in memory that their number does not fill: each by
// itself, and beside those before it as far as its memory goes. It is safe for concurrent use.
type TrafficJudge interface {
	// Exchange judges an exchange of an operation and returns the requirements that it breaks.
	Exchange(*Exchange) (broken []string)
	// Delivery judges a request that may be a webhook's, and tells whether it is. sure: its URL says so.
	Delivery(d *Delivery, sure bool) (broken []string, is bool)
	// Verdict is what all of them say of a requirement: nil, a *Breach, a *Gap, or any other error.
	Verdict(requirement string) error
}

// Traffic judges exchanges that others have with a target, as they come. It is safe for concurrent use.
type Traffic struct {
	options Options
	target  Target
	routes  *routes
	judge   TrafficJudge
	began   time.Time

	mu                  sync.Mutex
	judged, elsewhere   int
	unanswered          int
	troubles            map[string]int // answers with a 5xx, by operation
	bases               []string       // where operations were found, in order of appearance
	stumbled, malformed error
}

// NewTraffic opens the books. target.URL is where the target is, "" to find the contract's operations below any base.
func NewTraffic(target Target, options Options) (*Traffic, error) {
	options.defaults()
	if options.Contract.Traffic == nil {
		return nil, fmt.Errorf("%s has nothing that traffic could show", options.Contract.Name)
	}
	r, err := newRoutes(target, options.Contract.Operations)
	if err != nil {
		return nil, err
	}
	return &Traffic{
		options: options, target: target, routes: r, judge: options.Contract.Traffic(), began: time.Now(), troubles: map[string]int{},
	}, nil
}

// Breaches are the requirements that an exchange broke, among those that were chosen and are no known failures.
type Breaches struct {
	Violations []string // of a MUST, or of a SHOULD where that is as strict
	Warnings   []string // of a SHOULD
}

// Judges tells, before a request has come to anything, whether it may be judged, and whether its answer may.
func (t *Traffic) Judges(method string, u *url.URL) (request, answer bool) {
	if !asks(method) {
		return false, false
	}
	answer = t.routes.find(method, u) != nil
	return answer || method == http.MethodPost, answer
}

// Take judges an exchange, of which method, URL, both headers and bodies and the status are set, and Observed. It takes the
// exchange for its own.
func (t *Traffic) Take(x *Exchange) Breaches {
	u, err := url.Parse(x.URL)
	if err != nil || !asks(x.Method) {
		t.pass(&t.elsewhere)
		return Breaches{}
	}
	c := t.routes.find(x.Method, u)
	if c == nil {
		return t.delivery(x, u)
	}
	t.find(c.base)
	if x.Lost != nil || x.Status == 0 {
		t.pass(&t.unanswered)
		return Breaches{}
	}
	x.Operation, x.Path, x.Query = c.operation.ID, c.path, u.Query()
	x.Purpose = c.operation.ID
	if c.wrong {
		x.Request.Method = x.Method
	}
	u.RawQuery, u.User, u.Fragment = c.shownQuery(u.Query()), nil, ""
	x.URL = u.String()
	if x.Status >= 500 {
		t.mu.Lock()
		t.troubles[x.Operation]++
		t.mu.Unlock()
	}
	var broken []string
	t.safely(x.Observed.Place, func() { broken = t.judge.Exchange(x) })
	t.pass(&t.judged)
	return t.sorted(broken)
}

// delivery: a POST to elsewhere may be a webhook's.
func (t *Traffic) delivery(x *Exchange, u *url.URL) Breaches {
	if x.Method != http.MethodPost || x.Observed.NoRequestBody {
		t.pass(&t.elsewhere)
		return Breaches{}
	}
	d := &Delivery{
		At: x.Sent, TargetTime: x.Sent, Method: x.Method, Hook: "(webhook)", Header: x.RequestHeader, Body: x.RequestBody, Answered: x.Status,
	}
	if file, entry, recorded := strings.Cut(x.Observed.Place, " log."); recorded {
		d.File, d.Entry = file, "log."+entry
	}
	sure := t.options.Contract.Driven() && t.routes.origin == originOf(u) && strings.HasPrefix(u.EscapedPath(), t.routes.base)
	var broken []string
	is := false
	t.safely(x.Observed.Place, func() { broken, is = t.judge.Delivery(d, sure) })
	if !is {
		t.pass(&t.elsewhere)
		return Breaches{}
	}
	t.pass(&t.judged)
	return t.sorted(broken)
}

// safely: whatever passes by, a proxy goes on. What the judge stumbled over is told in the end.
func (t *Traffic) safely(place string, judge func()) {
	if err := guarded(func() error { judge(); return nil }); err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if place != "" {
			err = fmt.Errorf("%s: %w", place, err)
		}
		t.stumbled = cmp.Or(t.stumbled, err)
	}
}

func (t *Traffic) pass(counter *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*counter++
}

// maxBases bounds how many places are told apart.
const maxBases = 20

func (t *Traffic) find(base string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.bases) < maxBases && !slices.Contains(t.bases, base) {
		t.bases = append(t.bases, base)
	}
}

func (t *Traffic) sorted(ids []string) Breaches {
	var b Breaches
	for _, id := range ids {
		r, known := t.options.Contract.Catalogue.Lookup(id)
		_, accepted := t.options.Known[id]
		switch {
		case !known || accepted || t.options.Selected != nil && !t.options.Selected(r.ID, r.Section, r.Level):
		case r.Level == requirements.Must || t.options.Strict:
			b.Violations = append(b.Violations, id)
		default:
			b.Warnings = append(b.Warnings, id)
		}
	}
	return b
}

// Spoil notes why the traffic could not be read to its end: then there is no verdict.
func (t *Traffic) Spoil(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.malformed = cmp.Or(t.malformed, err)
}

// Report is what all of the traffic came to.
func (t *Traffic) Report() Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	report := begun(t.target, t.options)
	report.Started = report.Started.Add(t.began.Sub(time.Now())).Truncate(time.Millisecond)
	report.conclude(foundIn(&Session{Options: t.options, Log: &Log{}}, t.judge.Verdict), t.options)
	if err := cmp.Or(t.malformed, t.stumbled, t.ambiguous()); err != nil {
		report.Verdict, report.Reason = NotJudged, err.Error()
	}
	report.Notes = t.notes()
	report.Requests.Exchanges = t.judged
	report.Seconds = time.Since(t.began).Round(time.Millisecond).Seconds()
	return report
}

// ambiguous: where nobody said which of several hosts is the target, a path that looks like the contract's may be
// somebody else's.
func (t *Traffic) ambiguous() error {
	var origins []string
	for _, base := range t.bases {
		if u, err := url.Parse(base); err == nil && !slices.Contains(origins, originOf(u)) {
			origins = append(origins, originOf(u))
		}
	}
	if t.routes.origin != "" || len(origins) < 2 {
		return nil
	}
	return fmt.Errorf("the contract's paths stand at %d hosts: say with --target which base URL is meant, of %s", len(origins), strings.Join(t.bases, ", "))
}

func (t *Traffic) notes() []string {
	var notes []string
	if t.routes.origin == "" && len(t.bases) > 0 {
		notes = append(notes, "the contract's operations were found at "+strings.Join(t.bases, ", "))
	}
	if t.elsewhere > 0 {
		notes = append(notes, fmt.Sprintf("%s passed over: no operation or event of the contract", plural(t.elsewhere, "exchange")))
	}
	if t.unanswered > 0 {
		notes = append(notes, fmt.Sprintf("%s without an answer", plural(t.unanswered, "exchange")))
	}
	for _, op := range t.options.Contract.Operations {
		if n := t.troubles[op.ID]; n > 0 {
			notes = append(notes, fmt.Sprintf("%s was answered with a 5xx %s", op.ID, times(n)))
		}
	}
	return notes
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
