package gate

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/parley-contracts/parley/mock/fault"
)

// holder keeps an answer back until all of it is there, for a fault that alters it.
type holder struct {
	http.ResponseWriter
	act    fault.Act
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

// release gives out an answer that was kept back, as its fault alters it.
func (c *call) release() {
	h := c.held
	if h == nil {
		return
	}
	if h.act.Drop != "" {
		c.drop() // the request took effect
	}
	body := h.body.Bytes()
	if h.act.Body == "empty" {
		body = nil
	}
	h.Header().Set("Content-Length", strconv.Itoa(len(body)))
	h.ResponseWriter.WriteHeader(h.status)
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
