package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parley-contracts/parley/fixtures/receiver"
	"github.com/parley-contracts/parley/openapi"
)

// Session is one run's way to the target: it sends, counts, waits and remembers. Probes share it.
type Session struct {
	Target  Target
	Options Options
	Main    *Account
	Driver  *Driver // nil without one
	Log     *Log
	Ledger  *Ledger
	Started time.Time // target time

	http         *http.Client
	base         string
	operations   map[string]openapi.Operation
	limits       map[string]openapi.Limit
	sent         atomic.Int64
	moved        atomic.Int64 // nanoseconds that the driver moved the target's clock on
	waited       atomic.Int64 // nanoseconds of real time
	cleanup      cleanup
	secrets      Secrets
	clock        targetClock
	receiverOnce sync.Once
	receiver     *receiver.Receiver
	receiverErr  error
}

// NewSession opens what a run talks through. Run does so itself; tests of a contract's plan open their own.
func NewSession(target Target, options Options) (*Session, error) {
	client, err := newHTTPClient(target, options.Timeout)
	if err != nil {
		return nil, err
	}
	s := &Session{
		Target: target, Options: options, Log: &Log{}, Ledger: newLedger(), http: client,
		Main: &Account{Name: "main", Token: target.Token}, base: strings.TrimRight(target.URL, "/"),
		operations: map[string]openapi.Operation{}, limits: map[string]openapi.Limit{},
	}
	for _, op := range options.Contract.Operations {
		s.operations[op.ID] = op
	}
	for _, l := range options.Contract.Limits {
		s.limits[l.Name] = l
	}
	s.Started = s.Now()
	for _, secret := range []string{target.Token, target.DriverToken, target.ClientSecret} {
		s.Hide(secret)
	}
	for _, values := range target.Header {
		for _, v := range values {
			s.Hide(v)
		}
	}
	if target.Driver != "" {
		s.Driver = newDriver(target, client, s)
	}
	return s, nil
}

// Now is target time: real time plus what the driver moved the clock on.
func (s *Session) Now() time.Time { return time.Now().Add(time.Duration(s.moved.Load())) }

// Can tells whether the driver has a capability.
func (s *Session) Can(capability string) bool { return s.Driver != nil && s.Driver.can[capability] }

// Base is the target's base URL without a slash at its end.
func (s *Session) Base() string { return s.base }

// Limit returns a documented rate limit.
func (s *Session) Limit(name string) openapi.Limit { return s.limits[name] }

// TokenURL is the token endpoint: at the root of the target's origin, unless the user says otherwise (AL-03).
func (s *Session) TokenURL() string {
	if s.Target.TokenURL != "" {
		return s.Target.TokenURL
	}
	u, err := url.Parse(s.Target.URL)
	if err != nil {
		return s.base + "/oauth/token"
	}
	return u.Scheme + "://" + u.Host + "/oauth/token"
}

func (s *Session) operation(id string) openapi.Operation { return s.operations[id] }

// Operation returns an operation of the contract.
func (s *Session) Operation(id string) openapi.Operation { return s.operations[id] }

// WaitForLimit lets the time pass that a 429 asks for: on the target's clock where the driver moves it, in
// real time otherwise. A second is added, since retry_after counts whole ones.
func (s *Session) WaitForLimit(ctx context.Context, x *Exchange) error {
	return s.waitForLimit(ctx, x, 0)
}

// waitForLimit is the same, for no less than a time.
func (s *Session) waitForLimit(ctx context.Context, x *Exchange, least time.Duration) error {
	wait := max(least, time.Duration(retryAfter(x)+1)*time.Second)
	if s.Can("advance-clock") {
		return s.Driver.Advance(ctx, wait)
	}
	return s.Wait(ctx, wait, "the rate limit of "+x.Operation)
}

// trickling is how long to wait at least where a budget is refilled a little at a time, which retry_after promises and
// no more: else every other request would be a 429.
const trickling = 20 * time.Second

// shortWait is the longest retry_after, in seconds, of a budget that may trickle.
const shortWait = 5

// enough is how many requests have to pass between two 429s for the budget not to trickle.
const enough = 10

func (s *Session) leastWait(x *Exchange) time.Duration {
	if retryAfter(x) > shortWait {
		return 0
	}
	if served, again := s.Ledger.betweenLimits(x.Account); again && served < enough {
		return trickling
	}
	return 0
}

// Wait lets real time pass, in plain sight.
func (s *Session) Wait(ctx context.Context, d time.Duration, why string) error {
	s.Options.Progress(Progress{Waiting: d, Why: why})
	began := time.Now()
	defer func() { s.waited.Add(int64(time.Since(began))) }()
	return sleep(ctx, d)
}

// retryAfter reads how long a 429 asks to wait, in whole seconds within 0 and 61.
func retryAfter(x *Exchange) int {
	var body struct {
		RetryAfter *float64 `json:"retry_after"`
	}
	seconds := 60
	if json.Unmarshal(x.Body, &body) == nil && body.RetryAfter != nil {
		seconds = int(*body.RetryAfter)
	} else if n, err := strconv.Atoi(x.Header.Get("Retry-After")); err == nil {
		seconds = n
	}
	return max(0, min(seconds, 61))
}

// pace holds a request back until it stays within the documented limits, when the user asked for that.
func (s *Session) pace(ctx context.Context, q Request) {
	if !s.Options.Pace || q.Account == nil {
		return
	}
	for {
		now := s.Now()
		until := now
		for name, limit := range s.limits {
			group := s.operation(q.Operation).Limit
			general := name == "general"
			if !general && name != group {
				continue
			}
			if t := s.Ledger.next(q.Account, name, limit.Requests, limit.Per+time.Second, general, now); t.After(until) {
				until = t
			}
		}
		if !until.After(now) || s.Wait(ctx, until.Sub(now), "the documented limits (--pace)") != nil {
			return
		}
	}
}

// HTTP is the client that the run sends with, for a probe that has to send in a way of its own. It follows no redirect.
func (s *Session) HTTP() *http.Client { return s.http }

// Record adds an exchange that a probe sent by itself to the log and to what is counted.
func (s *Session) Record(x *Exchange) {
	s.sent.Add(1)
	s.Log.add(x)
}

// Hook opens the receiver when first needed and gives a fresh path of it.
func (s *Session) Hook() (*receiver.Hook, error) {
	s.receiverOnce.Do(func() { s.receiver, s.receiverErr = openReceiver(s.Options.Receiver) })
	if s.receiverErr != nil {
		return nil, fmt.Errorf("webhook receiver: %w", s.receiverErr)
	}
	return s.receiver.Hook(), nil
}

// Receiver is the webhook receiver, or nil before a hook was asked for.
func (s *Session) Receiver() *receiver.Receiver { return s.receiver }

// Close ends what the session holds open. A run closes its own.
func (s *Session) Close() { s.close() }

func (s *Session) close() {
	if s.receiver != nil {
		s.receiver.Close()
	}
	s.http.CloseIdleConnections()
}
