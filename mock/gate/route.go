package gate

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi"
)

// Contract is what the gate has to know to serve one.
type Contract struct {
	Operations []openapi.Operation
	Bases      []string // the paths that it is served below, as in "/v1"
	// Generated registers oapi-codegen's routes below a base: HandlerWithOptions with BaseURL and BaseRouter.
	Generated func(base string, router Router)
	// Instead answers operations, by ID, in place of the generated server. They judge their requests by themselves: a
	// protocol such as OAuth has rules of its own about errors.
	Instead map[string]http.HandlerFunc

	Form        Form        // how it answers errors
	Credentials Credentials // what opens it; AssistLoop's when nothing is said
}

// Router is what generated code registers its routes with.
type Router interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
	http.Handler
}

// Mount serves a contract: each of its operations, by way of the steps. It fails when tables and generated code
// do not name the same operations.
func (g *Gate) Mount(c Contract) error {
	if c.Credentials.Store == nil {
		c.Credentials = accessToken
	}
	g.adopt(c)
	operations := make(map[string]*operation, len(c.Operations))
	for _, op := range c.Operations {
		ready, err := prepare(op, &c)
		if err != nil {
			return fmt.Errorf("operation %s: %w", op.ID, err)
		}
		operations[op.Method+" "+op.Path] = ready
	}
	taken := make(map[string]bool)
	for _, base := range c.Bases {
		m := &mounting{gate: g, base: base, operations: operations, instead: c.Instead, taken: taken}
		c.Generated(base, m)
		if m.err != nil {
			return m.err
		}
	}
	for route, op := range operations {
		if !slices.ContainsFunc(c.Bases, func(base string) bool { return taken[op.pattern(base)] }) {
			return fmt.Errorf("operation %s: no generated route for %s", op.ID, route)
		}
	}
	return nil
}

// mounting takes the routes of generated code below one base.
type mounting struct {
	gate       *Gate
	base       string
	operations map[string]*operation
	instead    map[string]http.HandlerFunc
	taken      map[string]bool // patterns; those at the root come again with every base
	err        error
}

func (m *mounting) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(pattern, " ")
	op := m.operations[method+" "+strings.TrimPrefix(path, m.base)]
	if op == nil {
		m.err = fmt.Errorf("generated route %s is in no table", pattern)
		return
	}
	pattern = op.pattern(m.base)
	if m.taken[pattern] {
		return
	}
	m.taken[pattern] = true
	if instead := m.instead[op.ID]; instead != nil {
		handler, op.own = instead, true
	}
	m.gate.mux.HandleFunc(pattern, m.gate.through(op, handler))
}

func (m *mounting) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.gate.ServeHTTP(w, r) }

// operation is one of a contract's, made ready for the steps.
type operation struct {
	openapi.Operation
	contract *Contract
	scopes   []grant.Scopes // any one suffices
	query    []field
	body     []field
	own      bool // whatever answers it validates it too
}

func prepare(op openapi.Operation, of *Contract) (*operation, error) {
	ready := &operation{Operation: op, contract: of}
	for _, name := range op.Scopes {
		scope, err := grant.ScopesOf(name)
		if err != nil {
			return nil, err
		}
		ready.scopes = append(ready.scopes, scope)
	}
	for _, param := range slices.Concat(op.Params, op.Body) {
		f, err := newField(param)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", param.Name, err)
		}
		switch param.In {
		case "query":
			ready.query = append(ready.query, f)
		case "body":
			ready.body = append(ready.body, f)
		}
	}
	return ready, nil
}

func (o *operation) pattern(base string) string {
	if o.AtRoot {
		base = ""
	}
	return o.Method + " " + base + o.Path
}

func (o *operation) allows(scopes grant.Scopes) bool {
	return len(o.scopes) == 0 || slices.ContainsFunc(o.scopes, scopes.Has)
}

func (o *operation) scopeNames() string { return strings.Join(o.Scopes, " or ") }

// unrouted answers what belongs to no operation: 404, or 405 where another method would do.
func (g *Gate) unrouted(w http.ResponseWriter, r *http.Request) {
	c := &call{answer: &answer{ResponseWriter: w}, form: g.form(r), r: r, world: world.From(r.Context())}
	defer g.record(c)()
	if c.world.Wire != nil {
		c.hold()
	}
	g.refuseRoute(c)
	c.release()
}

func (g *Gate) refuseRoute(c *call) {
	allowed := g.methods(c.r)
	switch {
	case len(allowed) == 0:
		c.refuse(notFound("there is nothing at this path"))
	case c.r.Method == http.MethodOptions:
		c.Header().Set("Allow", strings.Join(allowed, ", "))
		c.WriteHeader(http.StatusNoContent)
	default:
		c.Header().Set("Allow", strings.Join(allowed, ", "))
		c.refuse(&problem{http.StatusMethodNotAllowed, "Method not allowed",
			"this path answers to " + strings.Join(allowed, ", ")})
	}
}

// adopt notes the form of errors for what is below a contract's paths and belongs to none of its operations.
func (g *Gate) adopt(c Contract) {
	for _, op := range c.Operations {
		for _, base := range c.Bases {
			g.forms[firstSegment(base+op.Path)] = c.Form
		}
	}
}

// form is the one that errors of a path have; AssistLoop's where no contract is.
func (g *Gate) form(r *http.Request) Form { return g.forms[firstSegment(r.URL.Path)] }

func firstSegment(path string) string {
	segment, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return segment
}

// methods are those that the path of a request answers to.
func (g *Gate) methods(r *http.Request) (allowed []string) {
	probe := *r
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe.Method = method
		if _, pattern := g.mux.Handler(&probe); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	return allowed
}
