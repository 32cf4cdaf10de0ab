package defects

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/openapi/assistloop"
)

// answer is what the server says to a call, or what the defect says in its place.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) ok() bool { return a.status >= 200 && a.status <= 299 }

// refused: with a 4xx that is no rate limit.
func (a *answer) refused() bool {
	return a.status >= 400 && a.status <= 499 && a.status != http.StatusTooManyRequests
}

func (a *answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// value is the body as JSON; nil when it is none.
func (a *answer) value() any { return decode(a.body) }

// items are the objects of a body that is an array.
func (a *answer) items() []map[string]any { return objects(a.value()) }

func objects(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, inner := range list {
		if o, ok := inner.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// fields is a body that is an object; nil for any other.
func (a *answer) fields() map[string]any {
	o, _ := a.value().(map[string]any)
	return o
}

// set replaces the body.
func (a *answer) set(v any) *answer {
	a.body = encode(v)
	return a
}

// setItems replaces a body that is an array.
func (a *answer) setItems(items []map[string]any) *answer {
	if items == nil {
		items = []map[string]any{}
	}
	return a.set(items)
}

// says makes an answer of JSON.
func says(status int, body []byte) *answer {
	return &answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body}
}

// refusal is an answer of the contract with the status, and its example body.
func refusal(status int) *answer {
	for _, op := range assistloop.Operations() {
		for _, e := range op.Errors {
			if e.Status == status {
				return says(status, []byte(e.Body))
			}
		}
	}
	return says(status, []byte(`{"error":"Refused","message":"The request was refused."}`))
}

// example is the documented answer of an operation. A list's is empty for want of a documented one.
func example(op string) *answer {
	body, err := examples.Read(op)
	if err != nil {
		body = []byte("{}")
	}
	return says(http.StatusOK, body)
}

// decode reads JSON and keeps numbers as they are written.
func decode(body []byte) any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil
	}
	return v
}

// encode writes JSON; what came from decode can always be written.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return bytes.TrimSpace(b.Bytes())
}

// clone copies a value of JSON.
func clone(v map[string]any) map[string]any {
	copied, _ := decode(encode(v)).(map[string]any)
	return copied
}

func text(v any, name string) string {
	o, _ := v.(map[string]any)
	s, _ := o[name].(string)
	return s
}

func object(v any, name string) map[string]any {
	o, _ := v.(map[string]any)
	inner, _ := o[name].(map[string]any)
	return inner
}

func list(v any) []any {
	all, _ := v.([]any)
	return all
}

// seconds reads a number of JSON.
func seconds(v any) time.Duration {
	n, _ := v.(json.Number)
	f, _ := n.Float64()
	return time.Duration(f * float64(time.Second))
}
