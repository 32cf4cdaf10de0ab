package gate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/parley-contracts/parley/mock/reading"
)

// longestBody bounds what a request may bring: no documented body comes near it.
const longestBody = 1 << 20

// checkBody reads the body, judges it, and leaves it for the generated server to read again. The rules are those of
// the contract's tables, which know each property of each body: loading the OpenAPI document for three flat objects
// would cost more than it brings.
func (c *call) checkBody() *problem {
	text, bad := c.readBody()
	if bad != nil {
		return bad
	}
	if bad := c.op.judgeBody(text); bad != nil {
		return bad
	}
	c.r.Body = io.NopCloser(bytes.NewReader(text))
	return nil
}

func (c *call) readBody() ([]byte, *problem) {
	if bad := c.checkBodyType(); bad != nil {
		return nil, bad
	}
	text, err := io.ReadAll(http.MaxBytesReader(c.ResponseWriter, c.r.Body, longestBody))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return nil, &problem{http.StatusRequestEntityTooLarge, "Body too large", "the body is longer than 1 MiB"}
	case err != nil:
		return nil, badRequest("the body did not arrive whole")
	case len(text) == 0:
		return nil, badRequest("the body is missing: send a JSON object")
	case !utf8.Valid(text): // encoding/json would put other characters in its place
		return nil, badRequest("the body is not UTF-8")
	}
	return text, nil
}

// checkBodyType refuses what says that it is no JSON (AL-26).
func (c *call) checkBodyType() *problem {
	readings := &c.world.Options.Readings
	if isJSON(c.r.Header.Get("Content-Type")) || readings.Has(reading.ContentTypeServed) {
		return nil
	}
	const advice = "send the body as Content-Type: application/json"
	if readings.Has(reading.ContentType415) {
		return &problem{http.StatusUnsupportedMediaType, "Unsupported media type", advice}
	}
	return badRequest(advice)
}

// isJSON also takes a body that does not say what it is.
func isJSON(contentType string) bool {
	if contentType == "" || contentType == "application/json" {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"))
}

func (o *operation) judgeBody(text []byte) *problem {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil || object == nil {
		if json.Valid(text) {
			return badRequest("the body has to be a JSON object")
		}
		return badRequest("the body is not JSON")
	}
	return judgeFields("", o.body, object)
}

// judgeFields says what is wrong with an object's properties; at is where it stands in the body, as in "profile.".
func judgeFields(at string, fields []field, object map[string]json.RawMessage) *problem {
	for i := range fields {
		f := &fields[i]
		value, given := object[f.Name]
		if !given {
			if f.Required {
				return badRequest(at + f.Name + " is missing")
			}
			continue
		}
		if bad := f.judgeJSON(at+f.Name, value); bad != nil {
			return bad
		}
	}
	return nil
}

// judgeJSON says what is wrong with a value that stands at a place in the body.
func (f *field) judgeJSON(at string, value json.RawMessage) *problem {
	if string(value) == "null" {
		if f.Nullable {
			return nil
		}
		return invalid(at + " must not be null")
	}
	switch f.Type {
	case "object":
		var object map[string]json.RawMessage
		if json.Unmarshal(value, &object) != nil {
			return invalid(at + " has to be an object")
		}
		return judgeFields(at+".", f.fields, object)
	case "array":
		return f.judgeItems(at, value)
	}
	if complaint := f.judgePlain(value); complaint != "" {
		return invalid(at + " " + complaint)
	}
	return nil
}

func (f *field) judgeItems(at string, value json.RawMessage) *problem {
	var items []json.RawMessage
	if json.Unmarshal(value, &items) != nil {
		return invalid(at + " has to be an array")
	}
	if len(f.items) == 0 {
		return nil
	}
	for i, item := range items {
		if bad := f.items[0].judgeJSON(fmt.Sprintf("%s[%d]", at, i), item); bad != nil {
			return bad
		}
	}
	return nil
}

// judgePlain says what is wrong with a value that has no parts, like judge.
func (f *field) judgePlain(value json.RawMessage) string {
	switch f.Type {
	case "string":
		var text string
		if json.Unmarshal(value, &text) != nil {
			return "has to be a string"
		}
		return f.judgeText(text)
	case "integer":
		var n int
		if json.Unmarshal(value, &n) != nil {
			return "has to be a whole number"
		}
		return f.judgeNumber(n, string(value))
	case "boolean":
		var b bool
		if json.Unmarshal(value, &b) != nil {
			return "has to be true or false"
		}
	}
	return ""
}
