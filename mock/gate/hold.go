package gate

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/parley-contracts/parley/mock/fault"
)

// holder keeps an answer back until all of it is there: for the world's readings, which may word it otherwise, and for a
// fault that alters it.
type holder struct {
	http.ResponseWriter
	act    fault.Act // zero where no fault acts on it
	status int
	body   bytes.Buffer
}

func (h *holder) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *holder) Write(body []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(body)
}

// hold keeps back what answers the call from here on.
func (c *call) hold() *holder {
	if c.held == nil {
		c.held = &holder{ResponseWriter: c.answer.ResponseWriter}
		c.answer.ResponseWriter = c.held
	}
	return c.held
}

// discard forgets an answer that was kept back: its caller has seen nothing of it.
func (c *call) discard() {
	if c.held != nil {
		c.answer.ResponseWriter, c.status, c.held = c.held.ResponseWriter, 0, nil
	}
}

// release gives out an answer that was kept back: first as the readings word it, then as a fault alters it.
func (c *call) release() {
	h := c.held
	if h == nil {
		c.settle()
		return
	}
	c.answer.ResponseWriter, c.held = h.ResponseWriter, nil
	body := h.body.Bytes()
	if c.status = max(h.status, http.StatusOK); c.world.Wire != nil {
		c.status, body = c.world.Wire.Answer(c.operation(), c.status, h.Header(), body)
	}
	c.settle()
	if h.act.Drop != "" {
		c.drop() // the request took effect
	}
	if h.act.Body == "empty" {
		body = nil
	}
	if len(body) > 0 || h.act != (fault.Act{}) {
		h.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	h.ResponseWriter.WriteHeader(c.status)
	if h.act.Body == "truncated" {
		h.trickle(c.r, body[:len(body)/2])
		_ = http.NewResponseController(h.ResponseWriter).Flush() // or nothing of it would leave
		panic(http.ErrAbortHandler)                              // with less than the length that was promised
	}
	h.trickle(c.r, body)
}

// pieces is how many a slow body comes in.
const pieces = 20

// trickle writes a body over the time that it is to take, in real time.
func (h *holder) trickle(r *http.Request, body []byte) {
	if h.act.SlowBody == 0 {
		h.ResponseWriter.Write(body)
		return
	}
	ticker := time.NewTicker(max(h.act.SlowBody/pieces, time.Microsecond))
	defer ticker.Stop()
	stream := http.NewResponseController(h.ResponseWriter)
	for i := range pieces {
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		}
		h.ResponseWriter.Write(body[i*len(body)/pieces : (i+1)*len(body)/pieces])
		_ = stream.Flush() // what cannot be flushed arrives at the end
	}
}
