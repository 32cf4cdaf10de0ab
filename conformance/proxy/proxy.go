// Package proxy passes traffic through to a target and has every exchange judged that the contract knows, before its answer
// goes back. What is not judged streams: other paths and content types, bodies beyond a bound, upgrades.
package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// The headers that an answer gets: ids of requirements, with commas between.
const (
	Violations = "Parley-Violations" // of a MUST, or of a SHOULD where that is as strict
	Warnings   = "Parley-Warnings"   // of a SHOULD
)

// MaxBody bounds what is held of a body to judge it.
const MaxBody = 4 << 20

// Options say how a proxy behaves.
type Options struct {
	Target    *url.URL    // base URL; paths are passed through as they are, below its origin
	Header    http.Header // set on every request
	Fail      bool        // answer 502 in place of an answer that breaks a requirement
	Transport http.RoundTripper
	Log       *slog.Logger
	// Told is told of each exchange that broke something; nil for nobody. It may be called by several at a time.
	Told func(x *conformance.Exchange, b conformance.Breaches)
}

// New makes a proxy that hands what passes to traffic.
func New(traffic *conformance.Traffic, options Options) http.Handler {
	p := &proxy{traffic: traffic, options: options}
	origin := &url.URL{Scheme: options.Target.Scheme, Host: options.Target.Host}
	reverse := &httputil.ReverseProxy{
		Transport:      options.Transport,
		FlushInterval:  -1, // what streams is passed on as it comes
		ErrorLog:       slog.NewLogLogger(options.Log.Handler(), slog.LevelDebug),
		Rewrite:        func(r *httputil.ProxyRequest) { p.rewrite(r, origin) },
		ModifyResponse: p.judge,
		ErrorHandler:   p.lost,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex() // else an answer waits for the end of its request
		reverse.ServeHTTP(w, p.observed(r, origin))
	})
}

type proxy struct {
	traffic *conformance.Traffic
	options Options
}

// passing is a request on its way, with what is kept of its body.
type passing struct {
	url  string
	sent time.Time
	// answer: the answer may be judged, and not the request alone.
	answer bool
	body   *copied // nil for a request without one
	// header is what was sent in the end.
	header http.Header
}

type passingKey struct{}

// observed copies the body of a request as it is sent, if the exchange may be judged.
func (p *proxy) observed(r *http.Request, origin *url.URL) *http.Request {
	u := *r.URL
	u.Scheme, u.Host = origin.Scheme, origin.Host
	request, answer := p.traffic.Judges(r.Method, &u)
	if r.Header.Get("Upgrade") != "" || !request {
		return r
	}
	on := &passing{url: u.String(), sent: time.Now(), answer: answer}
	r = r.WithContext(context.WithValue(r.Context(), passingKey{}, on))
	if r.Body != nil && r.Body != http.NoBody {
		on.body = &copied{from: r.Body, length: r.ContentLength}
		r.Body = on.body
	}
	return r
}

// rewrite sends a request to the target's origin, as it came.
func (p *proxy) rewrite(r *httputil.ProxyRequest, origin *url.URL) {
	r.SetURL(origin)
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, came := r.In.Header[name]; came { // ReverseProxy has taken them out
			r.Out.Header[name] = values
		}
	}
	for name, values := range p.options.Header {
		r.Out.Header[name] = values
	}
	on, _ := r.In.Context().Value(passingKey{}).(*passing)
	if on == nil {
		return
	}
	if coding := readable(r.Out.Header.Get("Accept-Encoding")); coding != "" {
		r.Out.Header.Set("Accept-Encoding", coding)
	}
	on.header = r.Out.Header.Clone()
}

// readable leaves the codings that can be undone to judge what is in them.
func readable(accepted string) string {
	if accepted == "" {
		return ""
	}
	var kept []string
	for _, coding := range strings.Split(accepted, ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(coding), ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "deflate", "identity":
			kept = append(kept, strings.TrimSpace(coding))
		}
	}
	if len(kept) == 0 {
		return "identity"
	}
	return strings.Join(kept, ", ")
}

// judge reads an answer, as far as it is to be judged, and tells what came of it.
func (p *proxy) judge(response *http.Response) error {
	on, _ := response.Request.Context().Value(passingKey{}).(*passing)
	if on == nil || response.StatusCode == http.StatusSwitchingProtocols {
		return nil
	}
	response.Header.Del(Violations)
	response.Header.Del(Warnings)
	x := on.exchange(response)
	if on.answer && tellsBody(response) {
		x.Body, x.Observed.NoBody, x.Lost = hold(response)
	}
	x.Answered = time.Now()
	broken := p.traffic.Take(x)
	if p.options.Told != nil && len(broken.Violations)+len(broken.Warnings) > 0 {
		p.options.Told(x, broken)
	}
	note(response.Header, Violations, broken.Violations)
	note(response.Header, Warnings, broken.Warnings)
	if p.options.Fail && len(broken.Violations) > 0 {
		fail(response, broken.Violations)
	}
	return nil
}

// maxNoted bounds the ids in a header: a broken body may break a hundred requirements.
const maxNoted = 40

func note(h http.Header, name string, ids []string) {
	switch {
	case len(ids) == 0:
	case len(ids) > maxNoted:
		h.Set(name, strings.Join(ids[:maxNoted], ", ")+", ...")
	default:
		h.Set(name, strings.Join(ids, ", "))
	}
}

func (on *passing) exchange(response *http.Response) *conformance.Exchange {
	x := &conformance.Exchange{
		Method: response.Request.Method, URL: on.url, RequestHeader: on.header, Status: response.StatusCode, Header: response.Header,
		Sent: on.sent, Observed: &conformance.Observed{NoBody: true},
	}
	if on.body != nil {
		whole := false
		x.RequestBody, whole = on.body.bytes()
		x.Observed.NoRequestBody = !whole || encoded(on.header)
	}
	return x
}

func encoded(h http.Header) bool {
	coding := h.Get("Content-Encoding")
	return coding != "" && !strings.EqualFold(coding, "identity")
}

// tellsBody: JSON, and texts that stand where JSON should. Others stream.
func tellsBody(response *http.Response) bool {
	if response.ContentLength > MaxBody {
		return false
	}
	media, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "" || conformance.JSONType(media) || media == "text/html" || media == "text/plain"
}

// hold reads a body up to the bound and puts it back.
func hold(response *http.Response) (body []byte, unknown bool, lost error) {
	from := response.Body
	held, err := io.ReadAll(io.LimitReader(from, MaxBody+1))
	response.Body = &rest{Reader: io.MultiReader(bytes.NewReader(held), after(from, err)), Closer: from}
	switch {
	case err != nil:
		return nil, true, fmt.Errorf("answer cut short: %w", err)
	case len(held) > MaxBody:
		return nil, true, nil
	}
	plain, ok := conformance.Uncompressed(held, response.Header.Get("Content-Encoding"))
	return plain, !ok, nil
}

// after is what follows what was held: the error that ended it, or more.
func after(from io.Reader, err error) io.Reader {
	if err != nil {
		return failing{err}
	}
	return from
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type rest struct {
	io.Reader
	io.Closer
}

// fail puts a 502 in place of an answer.
func fail(response *http.Response, ids []string) {
	_ = response.Body.Close()
	body := problem("the target broke the contract: " + strings.Join(ids, ", "))
	h := http.Header{"Content-Type": {"application/json"}, "Content-Length": {strconv.Itoa(len(body))}}
	for _, name := range []string{Violations, Warnings, "Date"} {
		if v := response.Header.Values(name); len(v) > 0 {
			h[name] = v
		}
	}
	response.Header, response.Trailer = h, nil
	response.StatusCode, response.Status = http.StatusBadGateway, ""
	response.Body, response.ContentLength, response.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
}

func problem(message string) []byte {
	body, _ := json.Marshal(map[string]string{"message": message})
	return append(body, '\n')
}

// lost answers for a target that gave no answer.
func (p *proxy) lost(w http.ResponseWriter, r *http.Request, err error) {
	if on, _ := r.Context().Value(passingKey{}).(*passing); on != nil {
		p.traffic.Take(&conformance.Exchange{Method: r.Method, URL: on.url, Lost: err, Observed: &conformance.Observed{NoBody: true}})
	}
	if !errors.Is(err, context.Canceled) { // the client went away, which is its business
		p.options.Log.Warn("the target gave no answer", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = w.Write(problem("the target gave no answer"))
}
