// Package gate is the way of a request through the mock, one file a step, in this order:
//
//	world → journal → faults → authentication and scope → rate limit → validation → generated server
//
// The world is found before a request is routed. The other steps stand between the router and the code that
// oapi-codegen generates, so that a request is routed once, and nothing is parsed for a caller who may not ask.
// What the steps need to know of an operation comes from the contract's tables and is made ready when the gate
// is built.
package gate

import (
	"log/slog"
	"net/http"

	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/world"
)

// Gate routes requests to operations, by way of the steps. It is safe for concurrent use once everything is
// mounted.
type Gate struct {
	worlds *world.Registry
	log    *slog.Logger
	mux    *http.ServeMux
	forms  map[string]Form // of errors, by the first segment of a path
}

// New makes a gate to these worlds that answers 404 to everything: mount a contract.
func New(worlds *world.Registry, log *slog.Logger) *Gate {
	g := &Gate{worlds: worlds, log: log, mux: http.NewServeMux(), forms: map[string]Form{}}
	g.mux.HandleFunc("/", g.unrouted)
	return g
}

// Handle mounts what belongs to no contract. It goes through no step but the first: world.From has the world
// that the request means.
func (g *Gate) Handle(pattern string, handler http.Handler) { g.mux.Handle(pattern, handler) }

// ServeHTTP finds the request's world, and then its route.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !clean(r.URL.EscapedPath()) {
		g.form(r).refuse(w, notFound("the path is not in its shortest form"))
		return
	}
	form := g.form(r)
	r, bad := g.enter(r)
	if bad != nil {
		form.refuse(w, bad)
		return
	}
	g.mux.ServeHTTP(w, r)
}

// call is one request on its way.
type call struct {
	*answer
	form  Form
	r     *http.Request
	op    *operation
	world *world.World
	grant *grant.Grant
	fault string  // what acted on it, for the journal
	held  *holder // keeps the answer back, when readings or a fault are to alter it

	counted bool // against a rate limit
}

// through leads requests of an operation through the steps to what answers them.
func (g *Gate) through(op *operation, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{answer: &answer{ResponseWriter: w}, form: op.contract.Form, r: r, op: op, world: world.From(r.Context())}
		defer g.record(c)()
		if c.world.Wire != nil {
			c.hold()
		}
		if bad := c.pass(); bad != nil {
			c.refuse(bad)
		} else if c.status == 0 { // no fault has answered
			next(c.answer, c.r)
		}
		c.release()
	}
}

func (c *call) refuse(p *problem) { c.form.refuse(c.answer, p) }

// pass goes through the steps until one of them refuses or answers.
func (c *call) pass() *problem {
	for _, step := range stepsOf(c.world) {
		if bad := step(c); bad != nil || c.status != 0 {
			return bad
		}
	}
	return nil
}
