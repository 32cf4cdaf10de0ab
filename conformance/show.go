package conformance

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// Secrets remembers what must never reach a report, and what the suite itself wrote and may be shown.
type Secrets struct {
	mu     sync.Mutex
	hidden []string
	ours   map[string]bool
}

// Hide keeps a token or secret out of every report.
func (s *Session) Hide(secret string) {
	if len(secret) < 4 {
		return // too short to be one, and it would tear words apart
	}
	s.secrets.mu.Lock()
	defer s.secrets.mu.Unlock()
	s.secrets.hidden = append(s.secrets.hidden, secret)
	// The longest first, so that a secret within another leaves no rest.
	sort.Slice(s.secrets.hidden, func(i, j int) bool { return len(s.secrets.hidden[i]) > len(s.secrets.hidden[j]) })
}

// Own says that the suite wrote a text, so that reports may show it.
func (s *Session) Own(text string) {
	s.secrets.mu.Lock()
	defer s.secrets.mu.Unlock()
	if s.secrets.ours == nil {
		s.secrets.ours = map[string]bool{}
	}
	s.secrets.ours[text] = true
}

// show turns evidence into what a report may hold.
type show struct {
	session *Session
	key     []byte // of the hashes: it lasts for one run, so that equal texts can be told and none recognised
}

func newShow(s *Session) *show {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return &show{session: s, key: key}
}

// clean takes every known secret out of a text.
func (s *show) clean(text string) string {
	secrets := &s.session.secrets
	secrets.mu.Lock()
	defer secrets.mu.Unlock()
	for _, secret := range secrets.hidden {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return text
}

// maxEvidence bounds how many exhibits a finding shows: the first and the last tell most.
const maxEvidence = 6

func (s *show) evidence(b *Breach) ([]Exhibit, string) {
	var all []Exhibit
	curl, about := "", b.Expected+" "+b.Seen
	for _, x := range b.Exchanges {
		if x == nil {
			continue
		}
		all = append(all, s.exchange(x, about))
		curl = s.curl(x) // the last one decided
	}
	for _, d := range b.Deliveries {
		if d != nil {
			all = append(all, s.delivery(d, about))
		}
	}
	if len(all) > maxEvidence {
		all = append(all[:maxEvidence/2:maxEvidence/2], all[len(all)-maxEvidence/2:]...)
	}
	return all, curl
}

// shownHeaders are those of an answer that a report shows.
var shownHeaders = []string{"Content-Type", "Retry-After", "Www-Authenticate", "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset"}

func (s *show) exchange(x *Exchange, about string) Exhibit {
	e := Exhibit{
		Kind: "exchange", At: x.Sent.UTC(), Purpose: x.Purpose, Request: x.Method + " " + s.clean(pathOf(x.URL)),
		Headers: headers(x.RequestHeader, "Content-Type", "Webhook-Id", "Webhook-Timestamp"), Body: s.body(x.RequestBody, false, ""),
		Status: x.Status, Answer: headers(x.Header, shownHeaders...),
		Response: s.body(x.Body, x.Status >= 400, about),
	}
	if x.Observed != nil && x.Observed.Place != "" {
		e.Purpose = x.Observed.Place
	}
	if x.Account != nil {
		e.Headers["Authorization"] = "Bearer <" + x.Account.Name + ">"
	}
	if x.Authorization != "" {
		e.Headers["Authorization"] = "<other>"
	}
	if location := x.Header.Get("Location"); location != "" {
		e.Answer["Location"] = s.clean(withoutValues(location))
	}
	if x.Lost != nil {
		e.Trouble = s.clean(x.Lost.Error())
	}
	return e
}

func (s *show) delivery(d *Delivery, about string) Exhibit {
	if d.Recorded() {
		return Exhibit{Kind: "payload", Request: d.Place(), Body: s.body(d.Body, false, about)}
	}
	return Exhibit{
		Kind: "delivery", At: d.At.UTC(), Request: d.Method + " " + d.Hook,
		Headers: headers(d.Header, "Content-Type", "Webhook-Id", "Webhook-Timestamp"), Body: s.body(d.Body, false, about), Status: d.Answered,
	}
}

// body shows JSON with people's texts replaced by their length and a keyed hash. Of a long list it shows what the finding is about.
func (s *show) body(body []byte, isError bool, about string) string {
	if len(body) == 0 {
		return ""
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || decoder.More() {
		if s.ours(string(body)) {
			return s.clean(string(body))
		}
		return s.cipher("text", string(body))
	}
	shown := s.value("", value, isError)
	text := plainJSON(shown)
	if list, ok := shown.([]any); ok && len(text) > maxShown {
		text = plainJSON(s.relevant(list, about))
	}
	return s.clean(shorten(text))
}

const maxShown = 4000

func shorten(text string) string {
	if len(text) <= maxShown {
		return text
	}
	cut := maxShown
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + fmt.Sprintf("… (%d bytes in all)", len(text))
}

func (s *show) value(field string, v any, isError bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, inner := range v {
			out[name] = s.value(name, inner, isError)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = s.value(field, inner, isError)
		}
		return out
	case string:
		return s.text(field, v, isError)
	case json.Number:
		// What stands for a name or an address may be a number: a telephone's, as like as not.
		if len(v) >= 6 && !s.session.Options.Contract.Shown(field) {
			return s.cipher("number", v.String())
		}
	}
	return v
}

func (s *show) text(field, text string, isError bool) string {
	switch field {
	case "secret", "access_token", "refresh_token", "client_secret", "code", "code_verifier":
		return "***"
	case "error", "message", "error_description":
		if isError {
			return text
		}
	}
	if text == "" || s.session.Options.Contract.Shown(field) || s.ours(text) {
		return text
	}
	return s.cipher("string", text)
}

func (s *show) ours(text string) bool {
	s.session.secrets.mu.Lock()
	defer s.session.secrets.mu.Unlock()
	return s.session.secrets.ours[text]
}

func (s *show) cipher(kind, text string) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(text))
	return fmt.Sprintf("<%s of %d characters #%s>", kind, utf8.RuneCountInString(text), hex.EncodeToString(mac.Sum(nil))[:6])
}

func headers(h http.Header, names ...string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		if v := h.Get(name); v != "" {
			out[name] = v
		}
	}
	return out
}

func pathOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "an unreadable URL"
	}
	return u.RequestURI()
}

// withoutValues keeps the parameters' names of a redirect and drops their values, among them the code.
func withoutValues(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return "an unreadable URL"
	}
	var names []string
	for name := range u.Query() {
		names = append(names, name+"=…")
	}
	sort.Strings(names)
	u.RawQuery, u.Fragment, u.User = strings.Join(names, "&"), "", nil
	return u.String()
}

// shownURL is a URL without what may be secret in it.
func shownURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "an unreadable URL"
	}
	u.User = nil
	return u.String()
}
