package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Account is whose token a request carries, with the rate-limit budget that counts for it.
type Account struct {
	Name  string // "main", "issued-1"
	Token string
	// Fresh accounts came from the driver in this run: nobody else has used their budget.
	Fresh  bool
	Scopes []string // what an issued token holds; nil for the main account, whose scopes are unknown
}

// Request is what a probe asks the target.
type Request struct {
	Operation string // an operationId of the contract
	// Account whose token authorizes it; nil sends no token, unless Authorization is set.
	Account *Account
	// Authorization replaces the header that Account would give.
	Authorization string
	Path          map[string]string // path parameters
	Query         url.Values
	JSON          any    // encoded as the body, unless Raw is set
	Raw           []byte // a body as it is
	ContentType   string // "application/json" for JSON bodies, unless set
	Header        http.Header
	Method        string // replaces the operation's, to send a wrong one
	URL           string // replaces the operation's URL (the token endpoint)
	Purpose       string // what it is sent for, shown in reports
	// Expect2xx marks a request that the document allows: a refusal is a breach somewhere.
	Expect2xx bool
	// Landed looks whether a POST that met trouble took effect all the same. Without it, a POST that is
	// expected to pass is not sent again.
	Landed func() bool
	// TakeLimit returns a 429 as it is, instead of waiting for it to pass: rate limits are what is looked at.
	TakeLimit bool
}

// Exchange is one request and what came of it.
type Exchange struct {
	Request
	Method, URL   string
	RequestBody   []byte
	RequestHeader http.Header
	Status        int
	Header        http.Header
	Body          []byte
	// Sent and Answered are target time: real time plus what the driver's clock was moved.
	Sent, Answered time.Time
	// Lost is the error of a connection that gave no answer; Status is 0 then.
	Lost error
	// AfterLimit is the 429 that this exchange was held back for.
	AfterLimit *Exchange
	// Troubled: an earlier try of the same request was lost or answered 5xx, so that it may have taken effect.
	Troubled bool
	Seq      int
	// Observed is set for an exchange that others had, and the suite only looked at.
	Observed *Observed

	value atomic.Pointer[any] // what Value read
}

// Observed says what is known of an exchange that others had.
type Observed struct {
	Place string // where it is recorded: "traffic.har log.entries[17]"; "" for what a proxy saw pass
	// NoRequestHeader, NoRequestBody, NoHeader and NoBody: these were not recorded, or not in full.
	NoRequestHeader, NoRequestBody, NoHeader, NoBody bool
	// Sanitized: a request without an Authorization header may have had one, which was taken out before anybody looked.
	Sanitized bool
}

// Outline is an observed exchange to keep for later, without its bodies.
func (x *Exchange) Outline() *Exchange {
	if x.Observed == nil {
		return x
	}
	return x.outlined(false)
}

// Value is the answer's JSON, decoded as encoding/json does; nil where it is none, or null. It is read once, for all
// checks: whoever asks leaves it as it is.
func (x *Exchange) Value() any {
	if known := x.value.Load(); known != nil {
		return *known
	}
	var value any
	if json.Unmarshal(x.Body, &value) != nil {
		value = nil
	}
	x.value.Store(&value)
	return value
}

// OK tells whether the target served it: any 2xx (AL-24).
func (x *Exchange) OK() bool { return x != nil && x.Status >= 200 && x.Status < 300 }

// Refused tells whether the target refused it with a 4xx that is no rate limit.
func (x *Exchange) Refused() bool {
	return x != nil && x.Status >= 400 && x.Status < 500 && x.Status != http.StatusTooManyRequests
}

// JSON tells whether the answer says that it is JSON (AL-27: with or without a charset).
func (x *Exchange) JSON() bool { return JSONType(x.Header.Get("Content-Type")) }

// JSONType tells whether a Content-Type says that a body is JSON.
func JSONType(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// Delivery is one webhook request that the receiver took, or the recorded body of one.
type Delivery struct {
	// File and Line say where a recorded body stands, of which nothing but Body is known; "" for what arrived.
	File         string
	Line         int
	Entry        string // instead of Line: "log.entries[17]"
	Hook         string // the receiver's path, one for each subscription
	At           time.Time
	TargetTime   time.Time
	Method       string
	URL          string
	Header       http.Header
	Body         []byte
	Answered     int // the status that the receiver gave
	Subscription *Subscription
}

// Recorded tells whether it is a recorded body, rather than a request that arrived.
func (d *Delivery) Recorded() bool { return d.File != "" }

// Witness is a delivery to keep: of a recorded one, which is good for a moment, its place alone.
func (d *Delivery) Witness() *Delivery {
	if !d.Recorded() {
		return d
	}
	return &Delivery{File: d.File, Line: d.Line, Entry: d.Entry}
}

// Place names a recorded body for people: "log.jsonl:17".
func (d *Delivery) Place() string {
	if d.Entry != "" {
		return d.File + " " + d.Entry
	}
	return fmt.Sprintf("%s:%d", d.File, d.Line)
}

// Subscription is what a probe subscribed and the receiver waits for.
type Subscription struct {
	ID, Secret, Event   string
	Organization, Agent string
	Account             *Account
	URL                 string
}

// Log keeps every exchange and delivery of a run, in order.
type Log struct {
	mu         sync.Mutex
	exchanges  []*Exchange
	deliveries []*Delivery
	notes      []string
}

func (l *Log) add(x *Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x.Seq = len(l.exchanges)
	l.exchanges = append(l.exchanges, x)
}

// Exchanges returns all of them, oldest first.
func (l *Log) Exchanges() []*Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]*Exchange(nil), l.exchanges...)
}

// AddDeliveries records deliveries that a probe waited for.
func (l *Log) AddDeliveries(ds ...*Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deliveries = append(l.deliveries, ds...)
}

// Deliveries returns all of them.
func (l *Log) Deliveries() []*Delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]*Delivery(nil), l.deliveries...)
}

// Note records something that passed but is worth knowing.
func (l *Log) Note(note string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.notes {
		if n == note {
			return
		}
	}
	l.notes = append(l.notes, note)
}

// Notes returns them in order.
func (l *Log) Notes() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.notes...)
}
