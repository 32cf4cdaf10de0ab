package oauth

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
)

// longestBody is far more than any request of the protocol needs.
const longestBody = 64 << 10

// parameters are those of a request, each of which may come once (RFC 6749, section 3.1). One without a value
// counts as absent.
type parameters url.Values

func (p parameters) get(name string) string { return url.Values(p).Get(name) }

// repeated names a parameter that came more than once.
func (p parameters) repeated() (name string, found bool) {
	for name, values := range p {
		if len(values) > 1 {
			return name, true
		}
	}
	return "", false
}

// merge adds other parameters; one with the same value on both sides stays one.
func (p parameters) merge(others parameters) {
	for name, values := range others {
		if !slices.Equal(p[name], values) {
			p[name] = append(p[name], values...)
		}
	}
}

func fromQuery(r *http.Request) (parameters, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, invalidRequest("the query is not URL-encoded")
	}
	return parameters(values), nil
}

// fromBody reads a form, as OAuth has it, or a JSON object of strings, as Make sends it.
func fromBody(w http.ResponseWriter, r *http.Request) (parameters, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return nil, invalidRequest("the body is longer than 64 KiB")
	}
	if err != nil {
		return nil, invalidRequest("the body did not arrive")
	}
	if len(body) == 0 {
		return parameters{}, nil
	}
	switch mediaType(r) {
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, invalidRequest("the body is not a URL-encoded form")
		}
		return parameters(values), nil
	case "application/json":
		return fromJSON(body)
	}
	return nil, invalidRequest("expected a body of application/json or application/x-www-form-urlencoded")
}

func mediaType(r *http.Request) string {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return mediaType
}

func fromJSON(body []byte) (parameters, error) {
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil || object == nil {
		return nil, invalidRequest("the body is not a JSON object")
	}
	found := make(parameters, len(object))
	for name, value := range object {
		switch value := value.(type) {
		case nil:
		case string:
			found[name] = []string{value}
		default:
			return nil, invalidRequest(name + " has to be a string")
		}
	}
	return found, nil
}
