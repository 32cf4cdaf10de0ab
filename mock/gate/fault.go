package gate

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parley-contracts/parley/mock/fault"
)

const (
	faultHeader   = "Parley-Fault"         // asks for a fault on one request
	appliedHeader = "Parley-Fault-Applied" // tells which one acted, in the words that ask for it
)

// meetFault lets a request meet the trouble that its own headers ask for, or else the world's rules.
func meetFault(c *call) *problem {
	trouble := c.world.Faults.For((*asking)(c))
	if asked, bad := c.askedFor(); bad != nil {
		return bad
	} else if asked != nil {
		trouble = asked
	}
	if trouble == nil {
		return nil
	}
	if trouble.Applied != "" {
		c.fault = trouble.Applied
		c.Header().Set(appliedHeader, trouble.Applied)
	}
	if trouble.Latency > 0 {
		c.wait(trouble.Latency)
	}
	c.suffer(trouble)
	return nil
}

// askedFor is what the request's own headers ask for: Prefer, and what Parley-Fault adds to it.
func (c *call) askedFor() (*fault.Trouble, *problem) {
	prefer, wanted := c.r.Header["Prefer"], c.r.Header[faultHeader]
	if prefer == nil && wanted == nil {
		return nil, nil
	}
	if wanted != nil {
		act, err := fault.ParseAct(strings.Join(wanted, ","))
		var trouble fault.Trouble
		if err == nil {
			trouble, err = fault.TroubleOf(&c.op.Operation, act)
		}
		if err != nil {
			return nil, badRequest(faultHeader + ": " + err.Error())
		}
		return trouble.Once(), nil
	}
	preference := fault.ParsePrefer(prefer)
	if preference == (fault.Preference{}) {
		return nil, nil
	}
	trouble, err := preference.Of(&c.op.Operation)
	if err != nil {
		return nil, notFound("Prefer: " + err.Error()) // as Prism answers
	}
	c.Header().Set("Preference-Applied", preference.String())
	return &trouble, nil
}

// suffer brings what decides about the answer. What happens to an answer that is still to come waits for release.
func (c *call) suffer(t *fault.Trouble) {
	switch {
	case t.Act.Drop == fault.Before:
		c.drop()
	case t.Act.Timeout > 0:
		c.wait(t.Act.Timeout)
		c.drop()
	case t.Act.Drop != "" || t.Act.Body != "" || t.Act.SlowBody > 0:
		c.hold().act = t.Act
	}
	if t.Status != 0 {
		c.respond(t)
	}
}

// drop breaks the connection. The journal has no status for that.
func (c *call) drop() {
	c.status = 0
	panic(http.ErrAbortHandler)
}

// wait holds a request back in real time. One whose caller gives up meanwhile goes no further: it takes no effect.
func (c *call) wait(d time.Duration) {
	c.body() // only once it is read does the server notice that its sender has left
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.r.Context().Done():
		c.drop()
	}
}

// respond answers with a fault, and with the headers that its status brings in earnest.
func (c *call) respond(t *fault.Trouble) {
	switch t.Status {
	case http.StatusUnauthorized:
		c.Header().Set("WWW-Authenticate", c.op.contract.Credentials.Challenge)
	case http.StatusTooManyRequests:
		seconds := 60 // as the documented body says
		if t.Act.RetryAfter != nil {
			seconds = *t.Act.RetryAfter
		}
		c.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	writeJSON(c.answer, t.Status, []byte(t.Body))
}
