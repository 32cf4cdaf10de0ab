package conformance

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/parley-contracts/parley/openapi"
)

// connectTimeout bounds how long a target that is not there keeps a run.
const connectTimeout = 10 * time.Second

// maxBody bounds what is read of one answer.
const maxBody = 8 << 20

// tries is how often a request is sent in all when it meets a 5xx or a lost connection.
const tries = 3

// limitTries is how often a request is held back for a 429 before it counts as trouble.
const limitTries = 4

// Client is one that sends to the target as a run does: it trusts whom the target says, and follows no redirect.
func (t Target) Client(timeout time.Duration) (*http.Client, error) { return newHTTPClient(t, timeout) }

// Transport makes connections to a target, trusting what the user said may be trusted, beside the system's authorities.
func (t Target) Transport(timeout time.Duration) (*http.Transport, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: t.Insecure} // which check allows for this machine alone
	if len(t.CACert) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(t.CACert) {
			return nil, errors.New("ca certificate: expected PEM certificates, found none")
		}
		config.RootCAs = pool
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = config
	transport.DialContext = (&net.Dialer{Timeout: min(timeout, connectTimeout)}).DialContext
	if t.Dial != nil {
		transport.DialContext = t.Dial
	}
	transport.MaxIdleConnsPerHost = 16
	return transport, nil
}

func newHTTPClient(target Target, timeout time.Duration) (*http.Client, error) {
	transport, err := target.Transport(timeout)
	if err != nil {
		return nil, err
	}
	return &http.Client{
		Transport: transport,
		Timeout:   timeout,
		// A redirect is an answer to judge, never a way to follow: a token must not travel.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// Do sends a request and returns what came of it in the end: passing trouble is tried again, a rate limit is
// waited for. The exchange is never nil; Lost is set when no answer came.
func (s *Session) Do(ctx context.Context, q Request) *Exchange {
	troubles, limited, troubled := 0, 0, false
	var after *Exchange
	for {
		s.pace(ctx, q)
		x := s.send(ctx, q)
		x.AfterLimit, x.Troubled = after, troubled
		s.Log.add(x)
		switch {
		case ctx.Err() != nil:
			return x
		case x.Status == http.StatusTooManyRequests && q.Account != nil:
			if q.TakeLimit {
				return x
			}
			limited++
			if limited >= limitTries {
				return x
			}
			after = x
			if s.waitForLimit(ctx, x, s.leastWait(x)) != nil {
				return x
			}
		case x.Status >= 500 || x.Lost != nil:
			troubles++
			if troubles >= tries || !s.mayRepeat(x) {
				return x
			}
			troubled = true
			if sleep(ctx, time.Duration(troubles)*100*time.Millisecond) != nil {
				return x
			}
		default:
			if troubles > 0 {
				s.Log.Note(fmt.Sprintf("%s answered after %s of trouble", q.Operation, plural(troubles, "moment")))
			}
			return x
		}
	}
}

// mayRepeat: what only looks may be sent again, and so may what was to be refused; a POST that was to pass
// only when it is known not to have taken effect.
func (s *Session) mayRepeat(x *Exchange) bool {
	if x.Method != http.MethodPost || !x.Expect2xx {
		return true
	}
	return x.Landed != nil && !x.Landed()
}

func (s *Session) send(ctx context.Context, q Request) *Exchange {
	x := &Exchange{Request: q}
	request, err := s.build(ctx, q, x)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		x.Lost = err
		return x
	}
	entry := &Charge{}
	x.Sent = s.Now()
	if q.Account != nil {
		entry = s.Ledger.open(q.Account, s.operation(q.Operation).Limit, x.Sent)
	}
	s.sent.Add(1)
	request = request.WithContext(s.countWrites(request.Context(), q))
	response, err := s.http.Do(request)
	x.Answered = s.Now()
	if err != nil {
		x.Lost = withoutURL(err)
		s.Ledger.close(entry, x)
		return x
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	x.Answered = s.Now()
	switch {
	case err != nil:
		x.Lost = fmt.Errorf("answer cut short: %w", err)
	case len(body) > maxBody:
		x.Lost = fmt.Errorf("answer longer than %d bytes", maxBody)
	default:
		x.Status, x.Header, x.Body = response.StatusCode, response.Header, body
	}
	s.Ledger.close(entry, x)
	return x
}

// countWrites charges the account for what the transport sends again by itself, which it does with a GET whose
// connection was lost before an answer came: the target has counted it.
func (s *Session) countWrites(ctx context.Context, q Request) context.Context {
	writes := 0
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) {
		if writes++; writes > 1 {
			s.sent.Add(1)
			if q.Account != nil {
				s.Ledger.open(q.Account, s.operation(q.Operation).Limit, s.Now())
			}
		}
	}})
}

func (s *Session) build(ctx context.Context, q Request, x *Exchange) (*http.Request, error) {
	op := s.operation(q.Operation)
	x.Method = op.Method
	if q.Method != "" {
		x.Method = q.Method
	}
	x.URL = q.URL
	if x.URL == "" {
		x.URL = s.base + expand(op, q.Path)
	}
	if len(q.Query) > 0 {
		x.URL += "?" + q.Query.Encode()
	}
	x.RequestBody = q.Raw
	if q.JSON != nil && q.Raw == nil {
		encoded, err := json.Marshal(q.JSON)
		if err != nil {
			return nil, fmt.Errorf("encode the body of %s: %w", q.Operation, err)
		}
		x.RequestBody = encoded
	}
	var body io.Reader
	if x.RequestBody != nil {
		body = bytes.NewReader(x.RequestBody)
	}
	if x.Method != http.MethodGet { // never broken off: of what it made, nobody could clean up what nobody knows
		ctx = context.WithoutCancel(ctx)
	}
	request, err := http.NewRequestWithContext(ctx, x.Method, x.URL, body)
	if err != nil {
		return nil, fmt.Errorf("make the request %s: %w", q.Operation, err)
	}
	s.dress(request, q)
	if x.RequestBody == nil {
		request.Header.Del("Content-Type")
	}
	x.RequestHeader = request.Header.Clone()
	return request, nil
}

// dress gives a request its headers.
func (s *Session) dress(request *http.Request, q Request) {
	for name, values := range s.Target.Header {
		request.Header[name] = values
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "parley-verify")
	contentType := q.ContentType
	if contentType == "" {
		contentType = "application/json"
	}
	request.Header.Set("Content-Type", contentType)
	for name, values := range q.Header {
		request.Header[name] = values
	}
	if q.Account != nil {
		request.Header.Set("Authorization", "Bearer "+q.Account.Token)
	}
	if q.Authorization != "" {
		request.Header.Set("Authorization", q.Authorization)
	}
}

func expand(op openapi.Operation, path map[string]string) string {
	out := op.Path
	for name, value := range path {
		out = strings.ReplaceAll(out, "{"+name+"}", url.PathEscape(value))
	}
	return out
}

// withoutURL keeps the reason of a failed request and leaves its URL out, which reports show anyway.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
