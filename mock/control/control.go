// Package control is what testers steer the mock with, as JSON over HTTP below /_parley: the control API, and
// the driver, which states the part of it that the suite needs of any target. It belongs to no contract: it is
// not journalled, has no faults and counts against no limit.
//
// A request acts on the world that the gate found for it: by path prefix, by the header Parley-World, or else
// the default one.
package control

import (
	"net/http"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/driver"
)

// Prefix is the path that everything here is below, with the trailing slash of a pattern.
const Prefix = "/_parley/"

// Options say what is controlled, and by whom.
type Options struct {
	Worlds *world.Registry
	Token  string // asked for as Bearer; empty lets everybody in, as befits a mock that only its own machine can reach
}

// Control is the http.Handler of everything below Prefix. It wants the request's world in its context.
type Control struct {
	worlds  *world.Registry
	token   string
	mux     *http.ServeMux
	methods map[string][]string // by path, for 405
	handler http.Handler
}

// New returns the control API and the driver.
func New(o Options) *Control {
	c := &Control{worlds: o.Worlds, token: o.Token, mux: http.NewServeMux(), methods: map[string][]string{}}
	for _, r := range c.routes() {
		c.HandleFunc(r.pattern, answering(r.act))
	}
	driver.HandlerWithOptions(driverServer{}, driver.StdHTTPServerOptions{BaseURL: Prefix + "driver", BaseRouter: c})
	c.HandleFunc("GET "+Prefix+"driver", driverServer{}.Capabilities) // the protocol's own spelling; the one with a slash is generated
	for path, methods := range c.methods {
		c.mux.HandleFunc(path, wrongMethod(methods))
	}
	c.mux.HandleFunc("/", answering(func(*http.Request) (any, error) { return nil, problem(http.StatusNotFound, c.contents()) }))
	c.handler = c.guard(c.mux)
	return c
}

// route is one request that the control API answers.
type route struct {
	pattern string
	act     action
}

func (c *Control) routes() []route {
	return []route{
		{"GET /_parley/worlds", c.listWorlds},
		{"POST /_parley/worlds", c.createWorld},
		{"GET /_parley/worlds/{name}", c.getWorld},
		{"DELETE /_parley/worlds/{name}", c.deleteWorld},
		{"POST /_parley/worlds/{name}/reset", c.resetWorld},

		{"POST /_parley/provoke", provoke},
		{"POST /_parley/conversations/inbound", receiveMessage},
		{"POST /_parley/conversations/outbound", startConversation},
		{"POST /_parley/conversations/edit", editMessage},
		{"POST /_parley/conversations/delete", deleteMessage},
		{"POST /_parley/conversations/status", changeStatus},
		{"POST /_parley/conversations/assignment", changeAssignment},
		{"POST /_parley/conversations/remove", removeConversation},
		{"GET /_parley/clock", getClock},
		{"POST /_parley/clock/advance", advanceClock},
		{"POST /_parley/clock/freeze", freezeClock},
		{"POST /_parley/clock/resume", resumeClock},
		{"GET /_parley/faults", getFaults},
		{"PUT /_parley/faults", putFaults},
		{"POST /_parley/faults", addFaults},
		{"DELETE /_parley/faults", deleteFaults},
		{"GET /_parley/journal/requests", getRequests},
		{"GET /_parley/journal/deliveries", getDeliveries},
		{"GET /_parley/stats", getStats},
	}
}

// ServeHTTP answers a request whose world the gate has found.
func (c *Control) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.handler.ServeHTTP(w, r) }

// HandleFunc takes a route, as *http.ServeMux would, and notes its method for 405. It makes Control the router
// that generated code registers the driver with.
func (c *Control) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	if strings.HasSuffix(pattern, "/") {
		pattern += "{$}" // without it, a trailing slash would take everything below
	}
	method, path, _ := strings.Cut(pattern, " ")
	c.methods[path] = append(c.methods[path], method)
	c.mux.HandleFunc(pattern, handler)
}

// contents is told to who asks for what is not there.
func (c *Control) contents() string {
	paths := make([]string, 0, len(c.methods))
	for path := range c.methods {
		if !strings.HasSuffix(path, "{$}") {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return "there is nothing at this path; there is " + strings.Join(paths, ", ")
}
