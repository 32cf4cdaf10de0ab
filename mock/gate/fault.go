package gate

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/parley-contracts/parley/mock/fault"
)

// meetFault lets a request meet the trouble that rules or its own Prefer header ask for.
func meetFault(c *call) *problem {
	trouble := c.world.Faults.For(c.op.ID)
	if status, asked := fault.Preferred(c.r.Header["Prefer"]); asked {
		if body, known := fault.BodyOf(&c.op.Operation, status); known {
			trouble.Status, trouble.Body = status, body
			c.Header().Set("Preference-Applied", "code="+strconv.Itoa(status))
		}
	}
	if trouble.Latency > 0 {
		c.fault = "latency " + trouble.Latency.String()
		wait(c.r, trouble.Latency)
	}
	if trouble.Status != 0 {
		c.fault = fmt.Sprintf("status %d", trouble.Status)
		c.respond(trouble)
	}
	return nil
}

// wait holds a request back in real time, unless its caller gives up.
func wait(r *http.Request, latency time.Duration) {
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// respond answers with a fault, and with the headers that its status brings in earnest.
func (c *call) respond(trouble fault.Trouble) {
	switch trouble.Status {
	case http.StatusUnauthorized:
		c.Header().Set("WWW-Authenticate", c.op.contract.Credentials.Challenge)
	case http.StatusTooManyRequests:
		c.Header().Set("Retry-After", "60") // as the documented body says
	}
	writeJSON(c.answer, trouble.Status, []byte(trouble.Body))
}
