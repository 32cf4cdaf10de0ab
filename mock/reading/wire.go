package reading

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// Wire rewords what a world says: statuses, headers and JSON of its answers, and the bodies of its deliveries. It holds
// the readings that concern nothing else, so that the code which answers need not know them. Readers and writers of one
// Wire may be many: it never changes.
type Wire struct {
	set     Set
	answers []rewording
	hooks   []rewording
}

// rewording changes a decoded body of an operation or event in place.
type rewording func(subject string, body any)

// Wire makes one, and gives nil when there is nothing to reword.
func (s Set) Wire() *Wire {
	w := &Wire{set: s}
	for _, r := range rewordings() {
		if !s[r.choice] {
			continue
		}
		if r.answers {
			w.answers = append(w.answers, r.reword)
		}
		if r.hooks {
			w.hooks = append(w.hooks, r.reword)
		}
	}
	if len(w.answers)+len(w.hooks) == 0 && !slices.ContainsFunc(statusAndHeader, s.Has) {
		return nil
	}
	return w
}

// statusAndHeader are the choices that concern what stands before a body.
var statusAndHeader = []Choice{
	SeeOther, OAuthErrors400, OAuthErrors401, Charset, Created, Missing422, Validation400, Method404, Method400,
	SubscribeUnknown400, SubscribeUnknown403, SubscribeUnknown422, RetryAfterHeaderAbsent, LimitHeadersAbsent, RetryAfterWhole,
}

// Answer rewords an answer to an operation, "" for none. It alters the header and returns status and body.
func (w *Wire) Answer(op string, status int, header http.Header, body []byte) (int, []byte) {
	isJSON := header.Get("Content-Type") == "application/json"
	if isJSON {
		body = reword(w.answers, op, body)
	}
	if isJSON && w.set.Has(Charset) {
		header.Set("Content-Type", "application/json; charset=utf-8")
	}
	if w.set.Has(RetryAfterWhole) && header.Get("Retry-After") != "" {
		header.Set("Retry-After", "60")
	}
	if w.set.Has(RetryAfterHeaderAbsent) {
		header.Del("Retry-After")
	}
	if w.set.Has(LimitHeadersAbsent) {
		for _, name := range []string{"Limit", "Remaining", "Reset"} {
			header.Del("X-RateLimit-" + name)
		}
	}
	return w.status(op, status), body
}

// Hook rewords the body of an event's delivery.
func (w *Wire) Hook(event string, body []byte) []byte { return reword(w.hooks, event, body) }

// status is told from what the world would have said, so that no two readings act on each other.
func (w *Wire) status(op string, status int) int {
	for _, s := range statuses {
		if w.set.Has(s.choice) && s.from == status && (s.ops == nil || slices.Contains(s.ops, op)) {
			return s.to
		}
	}
	return status
}

var (
	oauth     = []string{"token"}
	subscribe = []string{"subscribe"}
	contract  = []string{
		"list-conversations", "recent-sample", "close-conversation", "find-messages", "reply-to-conversation",
		"list-organizations", "get-me", "list-agents", "subscribe", "unsubscribe",
	}
)

var statuses = []struct {
	choice   Choice
	ops      []string // nil is any
	from, to int
}{
	{SeeOther, []string{"authorize", "authorize-post"}, 302, 303},
	{OAuthErrors400, oauth, 401, 400},
	{OAuthErrors401, oauth, 400, 401},
	{Created, []string{"subscribe", "reply-to-conversation"}, 200, 201},
	{Created, []string{"close-conversation"}, 200, 202},
	{Missing422, contract, 400, 422},
	{Validation400, contract, 422, 400},
	{Method404, nil, 405, 404},
	{Method400, nil, 405, 400},
	{SubscribeUnknown400, subscribe, 404, 400},
	{SubscribeUnknown403, subscribe, 404, 403},
	{SubscribeUnknown422, subscribe, 404, 422},
}

// reword decodes a body, and leaves one alone that is no JSON.
func reword(by []rewording, subject string, body []byte) []byte {
	if len(by) == 0 {
		return body
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return body
	}
	for _, r := range by {
		r(subject, v)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return body
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// object is a decoded JSON object.
type object = map[string]any

// each calls f for every object in a body, the innermost first.
func each(v any, f func(object)) {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			each(inner, f)
		}
	case object:
		for _, inner := range v {
			each(inner, f)
		}
		f(v)
	}
}

// items are the objects of a list, or the one that there is.
func items(v any) []object {
	switch v := v.(type) {
	case object:
		return []object{v}
	case []any:
		var all []object
		for _, inner := range v {
			if o, ok := inner.(object); ok {
				all = append(all, o)
			}
		}
		return all
	}
	return nil
}

func text(o object, name string) string {
	s, _ := o[name].(string)
	return s
}

func inner(o object, names ...string) object {
	for _, name := range names {
		o, _ = o[name].(object)
	}
	return o
}

// slug makes a sentence an identifier: "Not found" is not_found.
func slug(sentence string) string { return strings.ReplaceAll(strings.ToLower(sentence), " ", "_") }
