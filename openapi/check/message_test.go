package check_test

import (
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

const shop = `openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
      - {name: verbose, in: query, schema: {type: string}}
    get:
      operationId: get-order
      parameters:
        - {name: per_page, in: query, schema: {type: integer, minimum: 10, maximum: 100}}
        - {name: since, in: query, required: true, schema: {type: string, format: date-time}}
        - {name: open, in: query, schema: {type: boolean}}
        - {name: verbose, in: query, schema: {type: boolean}}
        - {name: ids, in: query, schema: {type: array, maxItems: 2, items: {type: integer}}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string, minLength: 1}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, format: uuid}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
      responses:
        "200":
          description: An order.
          headers:
            X-Left: {required: true, schema: {type: integer}}
            X-Note: {schema: {type: string, maxLength: 3}}
            Content-Type: {schema: {type: integer}}
          content:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: integer}}}
        "202": {description: Later.}
        "204": {description: Gone.}
        "302": {description: Elsewhere., headers: {Location: {required: true, schema: {type: string}}}}
        "404":
          description: None.
          content:
            application/json:
              schema: {type: object, required: [message], properties: {message: {type: string}}}
            text/html: {}
        5XX:
          description: Trouble.
          content:
            application/problem+json:
              schema: {type: object, required: [title], properties: {title: {type: string}}}
    head:
      operationId: head-order
      parameters: []
      responses:
        "200": {description: An order., content: {application/json: {schema: {type: object}}}}
    delete:
      operationId: delete-order
      responses:
        default: {description: Whatever., content: {application/json: {schema: {type: object}}}}
    post:
      operationId: pay
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Payment"}}
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Payment"}}
      responses:
        "201": {description: Paid., content: {application/json: {schema: {type: object, required: [ok], properties: {ok: {type: boolean}}}}}}
        "203": {description: Paid elsewhere.}
      callbacks:
        paid:
          "{$request.body#/url}":
            post:
              operationId: on-paid
              requestBody:
                content:
                  application/json: {schema: {type: object, required: [event], properties: {event: {type: string, enum: [paid]}}}}
              responses: {"200": {description: Taken.}}
    put:
      operationId: note
      requestBody:
        content:
          application/json: {schema: {type: object}}
      responses:
        "200": {description: Noted.}
components:
  schemas:
    Payment:
      type: object
      required: [amount]
      properties:
        amount: {type: number, minimum: 0}
        now: {type: boolean}
        note: {type: string}
        items: {type: array, items: {type: integer}}
`

var _ = Describe("A message", func() {
	var c *check.Contract
	BeforeEach(func() {
		var err error
		c, err = check.Load([]byte(shop))
		Expect(err).NotTo(HaveOccurred())
	})

	DescribeTable("as a response", func(operation string, status int, contentType, body string, said ...string) {
		header := http.Header{"X-Left": {"3"}, "Location": {"/x"}}
		if contentType != "" {
			header.Set("Content-Type", contentType)
		}
		Expect(lines(c.Response(operation, status, header, []byte(body)))).To(Equal(append([]string{}, said...)))
	},
		Entry("is good", "get-order", 200, "application/json", `{"id":1}`),
		Entry("may name its charset", "get-order", 200, "application/json; charset=utf-8", `{"id":1}`),
		Entry("may name its charset in another way", "get-order", 200, `Application/JSON ;CharSet="UTF-8"`, `{"id":1}`),
		Entry("may be another JSON", "get-order", 200, "application/vnd.shop+json", `{"id":1}`),
		Entry("may be plain JSON where a special one is documented", "get-order", 500, "application/json", `{"title":""}`),
		Entry("names another type, and is judged all the same", "get-order", 200, "text/html; charset=utf-8", `{"id":"1"}`,
			"header.Content-Type: expected application/json, came text/html", "/id: expected an integer, came string of 1 character"),
		Entry("names no type, and is judged all the same", "get-order", 200, "", `{}`,
			"header.Content-Type: expected application/json, came missing", "/id: expected an integer, came missing"),
		Entry("names something that is no type, which is not repeated", "get-order", 200, "Dear Jo/hello", `{"id":1}`,
			"header.Content-Type: expected application/json, came no media type"),
		Entry("lacks its body", "get-order", 200, "application/json", ``, "the body: expected a JSON body, came nothing"),
		Entry("is no JSON", "get-order", 200, "application/json", `<html>`, "the body: expected JSON, came malformed JSON: a value is missing at byte 1"),
		Entry("is one of two types", "get-order", 404, "text/html", `<p>`),
		Entry("is the other of two types", "get-order", 404, "application/json", `{}`, "/message: expected a string, came missing"),
		Entry("is neither of two types", "get-order", 404, "text/plain", `{}`,
			"header.Content-Type: expected application/json or text/html, came text/plain", "/message: expected a string, came missing"),
		Entry("has a status that is not documented", "get-order", 201, "application/json", `{"id":1}`,
			"status: expected one of 200, 202, 204, 302, 404, 5XX, came 201"),
		Entry("has a status that is none", "get-order", 20, "application/json", `{"id":1}`,
			"status: expected one of 200, 202, 204, 302, 404, 5XX, came 20"),
		Entry("is a 103 with a body", "delete-order", 103, "application/json", `{}`, "the body: expected no body, came 2 bytes"),
		Entry("has a status of a documented range", "get-order", 503, "application/problem+json", `{}`, "/title: expected a string, came missing"),
		Entry("has any status where there is a default", "delete-order", 418, "application/json", `[]`, "the body: expected an object, came array of 0 items"),
		Entry("has a body where none is documented", "get-order", 202, "text/plain", `hello`),
		Entry("is a 204 without a body", "get-order", 204, "", ``),
		Entry("is a 204 with a body", "get-order", 204, "application/json", `{}`, "the body: expected no body, came 2 bytes"),
		Entry("is a 304 with a body", "delete-order", 304, "application/json", `{}`, "the body: expected no body, came 2 bytes"),
		Entry("answers HEAD without a body", "head-order", 200, "application/json", ``),
		Entry("answers HEAD with a body", "head-order", 200, "application/json", `{}`, "the body: expected no body, came 2 bytes"),
		Entry("is of an operation that there is not", "buy", 200, "application/json", `{}`, "operation: expected an operation of the contract, came unknown"),
	)

	It("may have another status of a documented class, if the class is enough", func() {
		byClass := c.With(check.Options{StatusClass: true})
		Expect(byClass.Response("pay", 200, typed("application/json"), []byte(`{"ok":true}`))).To(BeEmpty())
		Expect(lines(byClass.Response("pay", 202, typed("application/json"), []byte(`{}`)))).To(Equal([]string{"/ok: expected true or false, came missing"}))
		Expect(lines(byClass.Response("pay", 204, typed("application/json"), nil))).To(Equal([]string{"the body: expected a JSON body, came nothing"}))
		Expect(lines(byClass.Response("pay", 400, typed("application/json"), nil))).To(Equal([]string{"status: expected one of 201, 203, came 400"}))
		Expect(lines(c.Response("pay", 200, typed("application/json"), []byte(`{"ok":true}`)))).To(Equal([]string{"status: expected one of 201, 203, came 200"}))
	})

	It("has its documented headers judged", func() {
		header := typed("application/json")
		header["X-Note"] = []string{"abcd"}
		Expect(lines(c.Response("get-order", 200, header, []byte(`{"id":1}`)))).To(Equal([]string{
			"header.X-Left: expected an integer, came missing",
			"header.X-Note: expected a string of at most 3 characters, came string of 4 characters",
		}))
		header["X-Note"], header["X-Left"] = nil, []string{"1", "2"}
		Expect(lines(c.Response("get-order", 200, header, []byte(`{"id":1}`)))).To(Equal([]string{"header.X-Left: expected one value, came 2 values"}))
		Expect(c.Response("get-order", 200, header, []byte(`{"id":1}`))[0].Field).To(Equal("header.X-Left"))
		Expect(c.Response("get-order", 200, nil, []byte(`{"id":1}`))).To(BeEmpty(), "nothing is known of the headers")
	})

	DescribeTable("as a request", func(change func(*check.Request), said ...string) {
		r := check.Request{
			Method: "GET",
			Path:   map[string]string{"id": "7"},
			Query:  url.Values{"since": {"2024-11-12T10:30:00Z"}},
			Header: http.Header{"X-Trace": {"550e8400-e29b-41d4-a716-446655440000"}},
		}
		change(&r)
		Expect(lines(c.Request("get-order", r, []byte(`{}`)))).To(Equal(append([]string{}, said...)))
	},
		Entry("is good", func(*check.Request) {}),
		Entry("may carry everything", func(r *check.Request) {
			r.Query = url.Values{"since": {"2024-11-12T10:30:00Z"}, "per_page": {"10"}, "open": {"false"}, "verbose": {"true"}, "ids": {"1", "2"}, "tags": {"a,b"}}
			r.Header.Set("X-Else", "1")
		}),
		Entry("has another method", func(r *check.Request) { r.Method = "POST" }, "method: expected GET, came POST"),
		Entry("has a method of its own", func(r *check.Request) { r.Method = "HELLO JO" }, "method: expected GET, came another method"),
		Entry("has a bad path", func(r *check.Request) { r.Path["id"] = "0" }, "path.id: expected an integer of at least 1, came number too small"),
		Entry("has no path", func(r *check.Request) { r.Path = nil }, "path.id: expected an integer of at least 1, came missing"),
		Entry("lacks a parameter", func(r *check.Request) { r.Query = nil }, "query.since: expected an RFC 3339 timestamp, came missing"),
		Entry("has parameters that are wrong", func(r *check.Request) {
			r.Query = url.Values{"since": {"yesterday"}, "per_page": {"101"}, "open": {"1"}, "verbose": {""}}
		},
			"query.per_page: expected an integer from 10 to 100, came number too large",
			"query.since: expected an RFC 3339 timestamp, came string of 9 characters",
			"query.open: expected true or false, came string of 1 character",
			"query.verbose: expected true or false, came empty string"),
		Entry("has a number that is none", func(r *check.Request) { r.Query["per_page"] = []string{"010"} },
			"query.per_page: expected an integer from 10 to 100, came string of 3 characters"),
		Entry("has a parameter twice", func(r *check.Request) { r.Query["per_page"] = []string{"10", "20"} }, "query.per_page: expected one value, came 2 values"),
		Entry("has wrong lists", func(r *check.Request) { r.Query["ids"], r.Query["tags"] = []string{"1", "x", "3"}, []string{"a,,b"} },
			"query.ids: expected an array of at most 2 items, came array of 3 items",
			"query.ids/1: expected an integer, came string of 1 character",
			"query.tags/1: expected a non-empty string, came empty string"),
		Entry("has parameters that are not documented", func(r *check.Request) { r.Query["zoom"], r.Query["page"] = []string{"1", "2"}, []string{"2"} },
			"query.page: expected no such parameter, came 1 value", "query.zoom: expected no such parameter, came 2 values"),
		Entry("lacks a header", func(r *check.Request) { r.Header.Del("X-Trace") }, "header.X-Trace: expected a UUID, came missing"),
		Entry("has a bad header", func(r *check.Request) { r.Header.Set("x-trace", "1") }, "header.X-Trace: expected a UUID, came string of 1 character"),
		Entry("comes without anything known of its headers", func(r *check.Request) { r.Header = nil }),
	)

	DescribeTable("as a request's body", func(contentType, body string, said ...string) {
		header := http.Header{}
		if contentType != "" {
			header.Set("Content-Type", contentType)
		}
		Expect(lines(c.RequestBody("pay", header, []byte(body)))).To(Equal(append([]string{}, said...)))
		Expect(lines(c.Request("pay", check.Request{Path: map[string]string{"id": "1"}, Header: header}, []byte(body)))).To(Equal(append([]string{}, said...)))
	},
		Entry("is good", "application/json", `{"amount":1.5}`),
		Entry("is good as a form", "application/x-www-form-urlencoded", `amount=1.5&now=true&note=1&items=1&items=2&else=x`),
		Entry("is wrong as JSON", "application/json", `{"amount":"1.5","now":"true"}`,
			"/amount: expected a number of at least 0, came string of 3 characters", "/now: expected true or false, came string of 4 characters"),
		Entry("is wrong as a form", "application/x-www-form-urlencoded; charset=utf-8", `amount=-1&now=yes&note=a&note=b&items=x`,
			"/note: expected one value, came 2 values",
			"/amount: expected a number of at least 0, came number too small",
			"/items/0: expected an integer, came string of 1 character",
			"/now: expected true or false, came string of 3 characters"),
		Entry("lacks a field as a form", "application/x-www-form-urlencoded", `now=true`, "/amount: expected a number of at least 0, came missing"),
		Entry("is no form", "application/x-www-form-urlencoded", `%zz=1`, "the body: expected a form, came malformed form"),
		Entry("is missing", "application/json", ``, "the body: expected a body, came nothing"),
		Entry("has no type", "", `{"amount":1}`, "header.Content-Type: expected application/json or application/x-www-form-urlencoded, came missing"),
	)

	It("may lack a body that is not required", func() {
		Expect(c.RequestBody("note", nil, nil)).To(BeEmpty())
		Expect(lines(c.RequestBody("note", nil, []byte(`[]`)))).To(Equal([]string{"the body: expected an object, came array of 0 items"}))
		Expect(lines(c.RequestBody("buy", nil, nil))).To(HaveLen(1))
		Expect(lines(c.Request("buy", check.Request{}, nil))).To(HaveLen(1))
	})

	It("is judged as an event by the callback's name", func() {
		Expect(c.Events()).To(Equal([]string{"paid"}))
		Expect(c.Event("paid", typed("application/json"), []byte(`{"event":"paid"}`))).To(BeEmpty())
		Expect(c.Event("paid", nil, []byte(`{"event":"paid"}`))).To(BeEmpty())
		Expect(lines(c.Event("paid", http.Header{}, []byte(`{"event":"Paid"}`)))).To(Equal([]string{
			"header.Content-Type: expected application/json, came missing", `/event: expected "paid", came string "Paid"`}))
		Expect(lines(c.Event("paid", nil, nil))).To(Equal([]string{"the body: expected a JSON body, came nothing"}))
		Expect(lines(c.Event("lost", nil, nil))).To(Equal([]string{"event: expected an event of the contract, came unknown"}))
	})

	It("is judged by many at once", func() {
		done := make(chan []check.Violation)
		for range 8 {
			go func() {
				defer GinkgoRecover()
				var found []check.Violation
				for range 200 {
					found = c.Response("get-order", 200, typed("application/json"), []byte(`{"id":"`+strings.Repeat("x", 50)+`"}`))
				}
				done <- found
			}()
		}
		for range 8 {
			Expect(<-done).To(Equal([]check.Violation{
				{Place: "header.X-Left", Field: "header.X-Left", Expected: "an integer", Seen: "missing"},
				{Place: "/id", Field: "id", Expected: "an integer", Seen: "string of 50 characters"},
			}))
		}
	})
})
