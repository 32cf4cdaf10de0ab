package check

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// A Request is what is judged of a request; its body comes beside it.
type Request struct {
	Method string            // "" leaves it unjudged
	Path   map[string]string // the path's parameters by their names in the contract, unescaped
	Query  url.Values
	Header http.Header // nil leaves the headers unjudged
}

// Request judges a request to an operation: its method, parameters and body. A query parameter that the contract does not
// know is a violation, another header is not. Whether the caller may ask is not judged.
func (c *Contract) Request(operationID string, r Request, body []byte) []Violation {
	j := newJudge(c.words, c.options)
	op := c.operations[operationID]
	if op == nil {
		j.reportAt("operation", "an operation of the contract", "unknown")
		return j.done()
	}
	if r.Method != "" && r.Method != op.method {
		j.reportAt("method", op.method, shownMethod(r.Method))
	}
	for _, p := range op.parameters {
		switch p.in {
		case "path":
			var values []string
			if v, ok := r.Path[p.name]; ok {
				values = []string{v}
			}
			j.parameter(p, values)
		case "query":
			j.parameter(p, r.Query[p.name])
		case "header":
			if r.Header != nil {
				j.parameter(p, r.Header.Values(p.name))
			}
		}
	}
	var unknown []string
	for name := range r.Query {
		if !op.query[name] {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		j.reportAt("query."+step{name: name}.label(), "no such parameter", count(len(r.Query[name]), "value"))
	}
	if op.body != nil {
		j.body(op.body, r.Header, body)
	}
	return j.done()
}

// RequestBody judges the body of a request alone. A nil header leaves its type unjudged.
func (c *Contract) RequestBody(operationID string, header http.Header, body []byte) []Violation {
	j := newJudge(c.words, c.options)
	if op := c.operations[operationID]; op == nil {
		j.reportAt("operation", "an operation of the contract", "unknown")
	} else if op.body != nil {
		j.body(op.body, header, body)
	}
	return j.done()
}

// Response judges what an operation answered: that the contract has this status, its headers, and the body. A nil header
// leaves the headers unjudged.
func (c *Contract) Response(operationID string, status int, header http.Header, body []byte) []Violation {
	j := newJudge(c.words, c.options)
	op := c.operations[operationID]
	if op == nil {
		j.reportAt("operation", "an operation of the contract", "unknown")
		return j.done()
	}
	r := op.response(status, c.options.StatusClass)
	if r == nil {
		j.reportAt("status", op.statuses, strconv.Itoa(status))
	} else if header != nil {
		for _, p := range r.headers {
			j.parameter(p, header.Values(p.name))
		}
	}
	switch {
	case op.method == http.MethodHead || bodiless(status):
		if len(body) > 0 {
			j.report("no body", count(len(body), "byte"))
		} else if r != nil && r.body != nil && op.method != http.MethodHead && status != http.StatusNotModified {
			j.report(r.body.expected, "nothing")
		}
	case r != nil && r.body != nil:
		j.body(r.body, header, body)
	}
	return j.done()
}

// bodiless statuses never have a body (RFC 9110, section 6.4.1).
func bodiless(status int) bool {
	return 100 <= status && status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}

// Event judges the body of a delivery, by the name of the contract's callback. A nil header leaves its type unjudged, for
// payloads of which only the body was kept.
func (c *Contract) Event(name string, header http.Header, body []byte) []Violation {
	j := newJudge(c.words, c.options)
	if e := c.events[name]; e == nil {
		j.reportAt("event", "an event of the contract", "unknown")
	} else {
		j.body(e.body, header, body)
	}
	return j.done()
}

// shownMethod is a method as a report may print it.
func shownMethod(m string) string {
	for _, known := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"} {
		if m == known {
			return m
		}
	}
	return "another method"
}
