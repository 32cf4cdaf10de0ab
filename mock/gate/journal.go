package gate

import (
	"net/http"
	"runtime/debug"
	"time"

	"github.com/parley-contracts/parley/mock/journal"
)

// record begins a request's entry in its world's journal. What it returns ends it, when the request is answered.
//
// A handler that panics is a bug: it is logged, and the caller gets the documented 500.
func (g *Gate) record(c *call) func() {
	began, shown := time.Now(), c.world.Clock.Now()
	return func() {
		if cause := recover(); cause != nil {
			if cause == http.ErrAbortHandler { // a connection that is dropped on purpose
				defer panic(cause)
			} else {
				g.log.Error("a handler panicked", "operation", c.operation(), "path", c.r.URL.Path,
					"cause", cause, "stack", string(debug.Stack()))
				c.discard()
				if c.status == 0 {
					c.refuse(serverError())
				}
			}
		}
		entry := journal.Request{
			Time: shown, Method: c.r.Method, Path: c.r.URL.Path, Operation: c.operation(),
			Status: c.status, Fault: c.fault, Duration: time.Since(began),
		}
		if c.grant != nil {
			entry.Grant = c.grant.ID
		}
		c.world.Journal.AddRequest(entry)
	}
}

func (c *call) operation() string {
	if c.op == nil {
		return ""
	}
	return c.op.ID
}

// answer notes the status that a request is answered with; zero while it is not.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(body []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
