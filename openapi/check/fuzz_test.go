package check_test

import (
	"net/http"
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

// FuzzMessage throws anything at every way of judging: none panics, each violation says all it has to, and none says so
// much that it could be the message.
func FuzzMessage(f *testing.F) {
	c, err := check.Load(openapi.AssistLoop())
	if err != nil {
		f.Fatal(err)
	}
	operations, events := c.Operations(), c.Events()
	for i, name := range examples.Names() {
		body, err := examples.Read(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), 200, "application/json", "per_page=20&status=1", body)
	}
	f.Add(uint8(11), 500, "application/x-www-form-urlencoded", "", []byte("grant_type=refresh_token&a=%20&a"))
	f.Add(uint8(3), 204, "text/html; charset=latin-1", "since=%ff", []byte("\xff\xfe{"))
	f.Fuzz(func(t *testing.T, which uint8, status int, contentType, query string, body []byte) {
		operation, event := operations[int(which)%len(operations)], events[int(which)%len(events)]
		header := http.Header{"Content-Type": {contentType}, "Retry-After": {query}}
		values, _ := url.ParseQuery(query)
		for _, judge := range []*check.Contract{c, c.With(check.Options{StatusClass: true, Show: func(string) bool { return true }})} {
			for _, found := range [][]check.Violation{
				judge.Response(operation, status, header, body),
				judge.Request(operation, check.Request{Query: values, Header: header, Path: map[string]string{"uuid": query}}, body),
				judge.Event(event, header, body),
				judge.Schema("Sample", body),
				judge.Response(operation, status, nil, nil),
			} {
				if len(found) > check.MaxViolations {
					t.Fatalf("%d violations", len(found))
				}
				for _, v := range found {
					if v.Expected == "" || v.Seen == "" || !utf8.ValidString(v.String()) || len(v.Seen) > 400 {
						t.Fatalf("%+v", v)
					}
				}
			}
		}
	})
}
