package har

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// body is what was sent, and whether it is unknown: left out, cut short, or kept as the fields of a form alone.
func (q *request) body(h http.Header) (body []byte, unknown bool, err error) {
	if q.PostData == nil || q.PostData.Text == nil {
		return nil, q.PostData != nil || h.Get("Content-Length") != "0" && bearsBody(q.Method), nil
	}
	body, err = decoded(*q.PostData.Text, string(q.PostData.Encoding))
	if err != nil {
		return nil, true, err
	}
	whole := !cut(body, declared(h, q.BodySize), string(q.PostData.Comment))
	return body, !whole || encoded(h), nil
}

func bearsBody(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodDelete, http.MethodOptions:
		return false
	}
	return true
}

// body is what was answered, and whether it is unknown. Tools write an empty text, and a size of 0, for what they did not
// keep, too, so that a body is taken for empty only where the answer itself said so.
func (s *response) body(h http.Header) (body []byte, unknown bool, err error) {
	c := s.Content
	if c == nil || c.File != "" {
		return nil, true, nil
	}
	if c.Text == nil || *c.Text == "" {
		empty := h.Get("Content-Length") == "0" || s.Status == http.StatusNoContent || s.Status == http.StatusResetContent
		return nil, !empty, nil
	}
	if body, err = decoded(*c.Text, string(c.Encoding)); err != nil {
		return nil, true, err
	}
	if coding := h.Get("Content-Encoding"); coding != "" && !json.Valid(body) {
		// Most tools keep bodies as they were before they were compressed, and some as they came.
		if plain, ok := conformance.Uncompressed(body, coding); ok {
			body = plain
		} else if c.Encoding != "" {
			return nil, true, nil
		}
	}
	return body, cut(body, float64(c.Size), string(c.Comment)), nil
}

// decoded reads the text of a body.
func decoded(text, encoding string) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "":
		return []byte(text), nil
	case "base64":
		body, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("expected base64, as its encoding says: %w", err)
		}
		return body, nil
	}
	return nil, fmt.Errorf("expected the encoding base64 or none, came %.40q", encoding)
}

// cut tells whether a body is shorter than it was, by its declared size, or by what the tool says of it. What is JSON all
// the same was not cut: its size was counted otherwise.
func cut(body []byte, size float64, comment string) bool {
	if strings.Contains(strings.ToLower(comment), "truncat") {
		return true
	}
	return float64(len(body)) < size && !json.Valid(body)
}

// declared is how long a request's body was; -1 where nobody says.
func declared(h http.Header, size number) float64 {
	if n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil {
		return float64(n)
	}
	return float64(size)
}

// encoded tells whether a request's body is compressed, which few tools undo.
func encoded(h http.Header) bool {
	coding := h.Get("Content-Encoding")
	return coding != "" && !strings.EqualFold(coding, "identity")
}
