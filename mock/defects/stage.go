package defects

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// Keys are what a defect may use of the server that it plays over, to do what it does without spending what its
// callers count.
type Keys struct {
	Token string // the main account's
	// Spare is another token of the same account with a rate-limit budget of its own. Without one, what a defect
	// asks by itself is asked with its caller's token.
	Spare string
	// ClientID and ClientSecret are the registered OAuth client's.
	ClientID, ClientSecret string
}

// Stage is one defect over one server.
type Stage struct {
	contract  string
	memory    *memory
	behaviour behaviour
}

// Open makes a defect ready to play over one server.
func (d Defect) Open() *Stage {
	s := &Stage{contract: d.Contract, memory: newMemory()}
	if d.play != nil {
		s.behaviour = d.play(s.memory)
	}
	return s
}

// Know hands over the keys. It is called once, before the first request.
func (s *Stage) Know(keys Keys) { s.memory.keys = keys }

// maxBody bounds what is read of a request.
const maxBody = 8 << 20

// Wrap plays the defect between a server and its clients.
func (s *Stage) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, id := route(r.Method, r.URL.EscapedPath())
		if to == nil {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, `{"message":"the body is too long"}`, http.StatusRequestEntityTooLarge)
			return
		}
		c := &call{
			memory: s.memory, next: next, request: r, op: to.id, method: r.Method, wrong: r.Method != to.method,
			path: r.URL.Path, id: id, query: r.URL.Query(), header: r.Header.Clone(), body: body,
		}
		var a *answer
		if s.behaviour.call != nil {
			a = s.behaviour.call(c)
		}
		if a == nil {
			a = c.send()
		}
		a.write(w)
	})
}

// Deliver plays the defect under a server's deliveries.
func (s *Stage) Deliver(next http.RoundTripper) http.RoundTripper {
	if s.behaviour.deliver == nil {
		return next
	}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			return nil, err
		}
		if contractOf(body) != s.contract { // one server may deliver for both contracts
			r = r.Clone(r.Context())
			r.Body = io.NopCloser(bytes.NewReader(body))
			return next.RoundTrip(r)
		}
		return s.behaviour.deliver(s.memory.delivery(r, body, next))
	})
}

// contractOf tells by its body whose event it is: each contract names it by a field of its own.
func contractOf(body []byte) string {
	if text(decode(body), "event") != "" {
		return "assistloop"
	}
	return "conversations"
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// call is one request on its way to the server. A defect may alter it before it is sent.
type call struct {
	memory  *memory
	next    http.Handler
	request *http.Request // as it came

	op     string // of the contract, or "driver/" and a call of the driver's
	wrong  bool   // the method is not the operation's
	method string
	path   string // unescaped
	id     string // in the path; "" for none
	query  url.Values
	header http.Header
	body   []byte
}

// token is what the caller identifies itself by; "" for nothing.
func (c *call) token() string {
	return strings.TrimPrefix(c.header.Get("Authorization"), "Bearer ")
}

// caller is the token again, the main account's for what the defect asks for it.
func (c *call) caller() string {
	if k := c.memory.keys; k.Spare != "" && c.token() == k.Spare {
		return k.Token
	}
	return c.token()
}

func (c *call) authorize(token string) { c.header.Set("Authorization", "Bearer "+token) }

// send hands the call on as it now is, and learns from what is answered.
func (c *call) send() *answer {
	u := *c.request.URL
	u.Path, u.RawPath, u.RawQuery = c.path, "", c.query.Encode()
	r := c.request.Clone(c.request.Context())
	r.Method, r.URL, r.Header, r.RequestURI = c.method, &u, c.header, u.RequestURI()
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.body)), int64(len(c.body))
	w := httptest.NewRecorder()
	c.next.ServeHTTP(w, r)
	a := &answer{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
	c.memory.learn(c, a)
	return a
}

// again is a copy of the call for something that the defect asks by itself: with the spare token where the caller
// is the main account.
func (c *call) again() *call {
	copied := *c
	copied.header = c.header.Clone()
	copied.query = cloneValues(c.query)
	if k := c.memory.keys; c.token() == k.Token && k.Spare != "" {
		copied.authorize(k.Spare)
	}
	return &copied
}

// at turns a call to another id of the same operation.
func (c *call) at(id string) *call {
	c.path = replaceLast(c.path, c.id, id)
	c.id = id
	return c
}

func replaceLast(path, old, replacement string) string {
	i := strings.LastIndex(path, "/"+old)
	if i < 0 || old == "" {
		return path
	}
	return path[:i+1] + replacement + path[i+1+len(old):]
}

// fields reads a body that is a JSON object; nil for any other.
func (c *call) fields() map[string]any {
	fields, _ := decode(c.body).(map[string]any)
	return fields
}

// set changes a property of a body that is a JSON object.
func (c *call) set(name string, value any) *call {
	fields := c.fields()
	if fields == nil {
		fields = map[string]any{}
	}
	fields[name] = value
	c.body = encode(fields)
	return c
}

func cloneValues(v url.Values) url.Values {
	out := url.Values{}
	for name, values := range v {
		out[name] = append([]string(nil), values...)
	}
	return out
}
