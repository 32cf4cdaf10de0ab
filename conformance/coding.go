package conformance

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
)

// Uncompressed undoes a Content-Encoding, where it is gzip or deflate and nothing is left out. A body of more than maxBody
// is not undone.
func Uncompressed(body []byte, coding string) ([]byte, bool) {
	var in io.Reader
	var err error
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "", "identity":
		return body, true
	case "gzip", "x-gzip":
		in, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		if in, err = zlib.NewReader(bytes.NewReader(body)); err != nil { // some leave its frame out
			in, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	plain, err := io.ReadAll(io.LimitReader(in, maxBody+1))
	return plain, err == nil && len(plain) <= maxBody
}
