package gate

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/parley-contracts/parley/mock/reading"
)

// worded has the world's readings word what answers the call, where it has any that do. The answer is held back until
// it is whole.
func (c *call) worded(serve func()) {
	wire := c.world.Wire
	if wire == nil {
		serve()
		return
	}
	direct := c.answer.ResponseWriter
	h := &held{header: direct.Header()}
	defer func() { c.answer.ResponseWriter = direct }() // a handler that panics has said nothing
	c.answer.ResponseWriter = h
	serve()
	c.answer.ResponseWriter = direct
	c.say(wire, h)
}

func (c *call) say(wire *reading.Wire, h *held) {
	status, body := wire.Answer(c.operation(), max(h.status, http.StatusOK), h.header, h.body.Bytes())
	if len(body) > 0 {
		h.header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	c.answer.status = 0
	c.answer.WriteHeader(status)
	_, _ = c.answer.Write(body) // the caller may have left
}

// held is an answer that is not sent yet.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *held) Header() http.Header { return h.header }

func (h *held) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *held) Write(body []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(body)
}
