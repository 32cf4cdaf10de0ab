package conformance

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/openapi"
)

// routes find the operation that a URL stands for.
type routes struct {
	all []route
	// origin and base are where the target is; both "" where the operations' paths are looked for below any base.
	origin, base string
	tokenURL     string
}

type route struct {
	operation openapi.Operation
	segments  []string
}

// A call is a request as the contract knows it.
type call struct {
	operation openapi.Operation
	path      map[string]string
	base      string // where the operations are, with the origin
	wrong     bool   // the method is another than the operation's
}

func newRoutes(target Target, operations []openapi.Operation) (*routes, error) {
	r := &routes{tokenURL: target.TokenURL}
	if target.URL != "" {
		u, err := baseURL("target", target.URL)
		if err != nil {
			return nil, err
		}
		r.origin, r.base = originOf(u), strings.TrimRight(u.EscapedPath(), "/")
	}
	for _, op := range operations {
		if !op.Reference {
			r.all = append(r.all, route{op, strings.Split(op.Path, "/")[1:]})
		}
	}
	return r, nil
}

// baseURL reads a URL that others are below.
func baseURL(name, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return nil, fmt.Errorf("%s %q: expected an http or https base URL as https://api.example.com/v1", name, text)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%s %q: expected a base URL without query and fragment", name, text)
	}
	return u, nil
}

// originOf is scheme and host in one spelling, without the port that goes without saying.
func originOf(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if scheme == "http" {
		host = strings.TrimSuffix(host, ":80")
	} else if scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	}
	return scheme + "://" + host
}

// find returns what a request calls; nil for nothing of the contract's. Of operations that share a path the one with the
// method comes first.
func (r *routes) find(method string, u *url.URL) *call {
	origin := originOf(u)
	if r.origin != "" && origin != r.origin {
		return nil
	}
	var other *call
	for _, route := range r.all {
		path, base, ok := r.match(route, u)
		if !ok {
			continue
		}
		c := &call{operation: route.operation, path: path, base: origin + base}
		if route.operation.Method == method {
			return c
		}
		c.wrong = true
		other = c
	}
	return other
}

// match holds a URL's path against an operation's, from its end where the base is not known.
func (r *routes) match(to route, u *url.URL) (params map[string]string, base string, ok bool) {
	path := u.EscapedPath()
	if to.operation.AtRoot {
		if r.tokenURL != "" {
			return nil, r.base, strings.TrimRight(r.tokenURL, "/") == originOf(u)+path
		}
		return nil, r.base, path == to.operation.Path
	}
	segments := strings.Split(path, "/")
	if r.origin != "" {
		rest, below := strings.CutPrefix(path, r.base+"/")
		if !below {
			return nil, "", false
		}
		if segments = strings.Split(rest, "/"); len(segments) != len(to.segments) {
			return nil, "", false
		}
	}
	at := len(segments) - len(to.segments)
	if at < 0 {
		return nil, "", false
	}
	for i, want := range to.segments {
		got, err := url.PathUnescape(segments[at+i])
		name, isParam := strings.CutPrefix(want, "{")
		switch {
		case err != nil || got == "", !isParam && got != want:
			return nil, "", false
		case isParam:
			if params == nil {
				params = map[string]string{}
			}
			params[strings.TrimSuffix(name, "}")] = got
		}
	}
	return params, strings.Join(segments[:at], "/"), true
}

// asks tells whether a method is one that asks for something: browsers send OPTIONS by themselves, and HEAD has no body
// to judge.
func asks(method string) bool {
	switch method {
	case http.MethodOptions, http.MethodHead, http.MethodTrace, http.MethodConnect:
		return false
	}
	return true
}

// shownQuery is a query as a report may show it: the values of an operation's own parameters, and names alone for others.
func (c *call) shownQuery(q url.Values) string {
	if !c.operation.Secured { // codes and challenges
		q = hidden(q, func(string) bool { return false })
		return q.Encode()
	}
	return hidden(q, func(name string) bool {
		for _, p := range c.operation.Params {
			if p.In == "query" && p.Name == name {
				return true
			}
		}
		return false
	}).Encode()
}

func hidden(q url.Values, shown func(name string) bool) url.Values {
	out := make(url.Values, len(q))
	for name, values := range q {
		if shown(name) {
			out[name] = values
		} else {
			out[name] = []string{"..."}
		}
	}
	return out
}
