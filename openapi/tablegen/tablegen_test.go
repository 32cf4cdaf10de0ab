package main

import (
	"os"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi"
)

func TestTablegen(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "openapi/tablegen")
}

const shop = `
openapi: 3.0.3
info: {title: Shop, version: "1"}
security: [{key: []}, {login: []}]
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: size, in: query, schema: {type: integer}}
    get:
      operationId: get-order
      x-origin: reference
      parameters: [{name: size, in: query, schema: {type: integer, minimum: 1, maximum: 9, default: 3}}]
      responses:
        "200": {description: It.}
        "404":
          description: None.
          content: {application/json: {schema: {}, examples: {b: {value: 2}, a: {value: 1}}}}
    put:
      operationId: put-order
      security: [{oauth: ["write:orders"]}]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [lines]
              properties:
                lines:
                  type: array
                  items:
                    type: object
                    required: [sku]
                    properties:
                      sku: {type: string, x-format: sku}
                      tags: {type: array, items: {type: string, enum: [new, old]}}
      responses: {"204": {description: Done.}}
      callbacks:
        shipped: {"{$request.query.url}": {post: {operationId: event-shipped, x-subscribed-as: SHIPPED, x-section: Shipping, security: [], responses: {"200": {description: Ok.}}}}}
        arrived: {"{$request.query.url}": {post: {operationId: event-arrived, security: [], responses: {"200": {description: Ok.}}}}}
    delete:
      operationId: delete-order
      security: []
      responses: {"204": {description: Done.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: Key}
    login: {type: http, scheme: basic}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://shop.example/token", scopes: {"write:orders": Write.}}}}
`

var _ = Describe("The tables of a contract", func() {
	compiled := func() map[string]openapi.Operation {
		GinkgoHelper()
		t, err := read([]byte(shop))
		Expect(err).NotTo(HaveOccurred())
		byID := map[string]openapi.Operation{}
		for _, op := range t.Operations {
			byID[op.ID] = op
		}
		return byID
	}

	It("have the parameters of an operation and of its path, each once", func() {
		Expect(compiled()["get-order"].Params).To(Equal([]openapi.Param{
			{Name: "id", In: "path", Type: "string", Required: true},
			{Name: "size", In: "query", Type: "integer", HasBounds: true, Min: 1, Max: 9, Default: "3"},
		}))
	})

	It("have the kinds of credentials that an operation takes, the document's where it says nothing", func() {
		ops := compiled()
		Expect(ops["get-order"].Secured).To(BeTrue())
		Expect(ops["get-order"].Schemes).To(Equal([]string{"key", "login"}))
		Expect(ops["put-order"].Schemes).To(Equal([]string{"oauth"}))
		Expect(ops["put-order"].Scopes).To(Equal([]string{"write:orders"}))
		Expect(ops["delete-order"].Secured).To(BeFalse())
	})

	It("tell what a document only points to", func() {
		Expect(compiled()["get-order"].Reference).To(BeTrue())
		Expect(compiled()["put-order"].Reference).To(BeFalse())
	})

	It("have what is in a body, however deep", func() {
		Expect(compiled()["put-order"].Body).To(Equal([]openapi.Param{
			{Name: "lines", In: "body", Type: "array", Required: true, Items: []openapi.Param{
				{In: "body", Type: "object", Fields: []openapi.Param{
					{Name: "sku", In: "body", Type: "string", Format: "sku", Required: true},
					{Name: "tags", In: "body", Type: "array", Items: []openapi.Param{{In: "body", Type: "string", Enum: []string{"new", "old"}}}},
				}},
			}},
		}))
	})

	It("have the first of several examples of an error, and the others beside", func() {
		Expect(compiled()["get-order"].Errors).To(Equal([]openapi.ErrorBody{{Status: 404, Name: "a", Body: "1"}}))
		Expect(compiled()["get-order"].Examples).To(Equal([]openapi.Example{{Status: 404, Name: "b", Body: "2"}}))
	})

	It("have the events in the order of the document", func() {
		t, err := read([]byte(shop))
		Expect(err).NotTo(HaveOccurred())
		Expect(t.Events).To(Equal([]openapi.Event{
			{Name: "shipped", ID: "event-shipped", SubscribedAs: "SHIPPED", Section: "Shipping"},
			{Name: "arrived", ID: "event-arrived", SubscribedAs: "arrived"},
		}))
	})

	DescribeTable("are those that are checked in", func(name string, document []byte) {
		t, err := read(document)
		Expect(err).NotTo(HaveOccurred())
		source, err := t.source(name)
		Expect(err).NotTo(HaveOccurred())
		written, err := os.ReadFile("../" + name + "/tables.gen.go")
		Expect(err).NotTo(HaveOccurred())
		Expect(string(source)).To(Equal(string(written)), "run go generate ./...")
	},
		Entry(nil, "assistloop", openapi.AssistLoop()),
		Entry(nil, "conversations", openapi.Conversations()),
	)
})
