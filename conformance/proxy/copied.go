package proxy

import (
	"errors"
	"io"
	"sync"
)

// copied is a body that is copied as it is read, up to MaxBody.
type copied struct {
	from   io.ReadCloser
	length int64 // -1 where nobody said

	mu    sync.Mutex // the transport may still read when an answer is there
	held  []byte
	ended bool // all of it was read
	over  bool // it is longer than what is held
}

func (c *copied) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.over:
	case len(c.held)+n > MaxBody:
		c.over, c.held = true, nil
	default:
		c.held = append(c.held, p[:n]...)
	}
	c.ended = c.ended || errors.Is(err, io.EOF)
	return n, err
}

func (c *copied) Close() error { return c.from.Close() }

// bytes is the body, and whether it is all of it.
func (c *copied) bytes() (body []byte, whole bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held[:len(c.held):len(c.held)], (c.ended || int64(len(c.held)) == c.length) && !c.over
}
