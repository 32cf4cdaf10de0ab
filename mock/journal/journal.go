// Package journal remembers the latest requests a world has answered and the latest deliveries it has
// attempted. It is bounded: the oldest make room. Tokens, secrets, queries and target URLs are never in it.
package journal

import (
	"strings"
	"time"
)

// DefaultSize is how many requests, and how many attempts, a journal keeps when nobody says otherwise.
const DefaultSize = 1000

// maxPath bounds what is kept of a path, in bytes: a caller may send a megabyte of it.
const maxPath = 256

// Request is one request as the world answered it.
type Request struct {
	Seq       uint64        `json:"seq"`                 // counts the world's requests from 1
	Time      time.Time     `json:"time"`                // when it came, by the world's clock
	Method    string        `json:"method"`              //
	Path      string        `json:"path"`                // without the query; the first 256 bytes
	Operation string        `json:"operation,omitempty"` // the contract's operation id; empty where no route matched
	Status    int           `json:"status"`              // what was answered; 0 when the connection was dropped
	Grant     string        `json:"grant,omitempty"`     // the id of the caller's grant, never its token
	Fault     string        `json:"fault,omitempty"`     // the fault that acted on it
	Duration  time.Duration `json:"duration_ns"`         // real time from arrival to answer
}

// Attempt is one attempt to deliver one event to one subscription.
type Attempt struct {
	Seq          uint64        `json:"seq"`              // counts the world's attempts from 1
	Time         time.Time     `json:"time"`             // when it began, by the world's clock
	Subscription string        `json:"subscription"`     // its id
	Delivery     string        `json:"delivery"`         // the id that all attempts of this event for this subscription share
	Event        string        `json:"event,omitempty"`  // the event's name
	Number       int           `json:"attempt"`          // 1 for the first; 0 when it was never sent
	Status       int           `json:"status,omitempty"` // what the target answered; 0 when it did not
	Error        string        `json:"error,omitempty"`  // why there was no answer, or why it was not sent
	Outcome      Outcome       `json:"outcome"`          //
	Fault        string        `json:"fault,omitempty"`  // the fault that acted on it
	Duration     time.Duration `json:"duration_ns"`      // real time from sending to answer or error
}

// Outcome says what an attempt came to.
type Outcome string

// The outcomes of an attempt.
const (
	Delivered Outcome = "delivered" // answered with a 2xx
	Retrying  Outcome = "retrying"  // not delivered, to be tried again
	Failed    Outcome = "failed"    // not delivered, and it was the last attempt
	Cancelled Outcome = "cancelled" // not delivered, and its subscription has ended
	Refused   Outcome = "refused"   // never sent: the outbox was full
	Extra     Outcome = "extra"     // one more than was due, by a fault: nothing follows from it
)

// Journal keeps the latest requests and attempts. All methods may be called at once from anywhere.
type Journal struct {
	requests ring[requestSlot]
	attempts ring[Attempt]
}

// New returns a journal for the latest size requests and the latest size attempts; 0 means DefaultSize.
func New(size int) *Journal {
	if size <= 0 {
		size = DefaultSize
	}
	return &Journal{requests: ring[requestSlot]{size: size}, attempts: ring[Attempt]{size: size}}
}

// AddRequest records r and numbers it. Once the journal is full it allocates nothing.
func (j *Journal) AddRequest(r Request) {
	j.requests.add(func(seq uint64, slot *requestSlot) { slot.fill(seq, r) })
}

// AddAttempt records a and numbers it.
func (j *Journal) AddAttempt(a Attempt) {
	j.attempts.add(func(seq uint64, slot *Attempt) {
		*slot = a
		slot.Seq = seq
	})
}

// Requests returns the newest n requests, the newest first; n below 0 means all that are kept.
func (j *Journal) Requests(n int) []Request {
	return newest(&j.requests, n, (*requestSlot).request)
}

// Attempts returns the newest n attempts, the newest first; n below 0 means all that are kept.
func (j *Journal) Attempts(n int) []Attempt {
	return newest(&j.attempts, n, func(a *Attempt) Attempt { return *a })
}

// requestSlot holds a request with copies of the strings that come from the wire: a method or path kept as it
// is would hold on to the whole request line, query included.
type requestSlot struct {
	Request
	method, path []byte
}

func (s *requestSlot) fill(seq uint64, r Request) {
	s.method = append(s.method[:0], r.Method[:min(len(r.Method), maxPath)]...)
	s.path = append(s.path[:0], pathOnly(r.Path)...)
	r.Seq, r.Method, r.Path = seq, "", ""
	s.Request = r
}

func (s *requestSlot) request() Request {
	r := s.Request
	r.Method, r.Path = string(s.method), string(s.path)
	return r
}

func pathOnly(path string) string {
	path, _, _ = strings.Cut(path[:min(len(path), maxPath)], "?")
	return path
}
