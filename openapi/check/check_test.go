package check_test

import (
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

func TestCheck(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "openapi/check")
}

// contract is a small contract whose one operation answers with the given schema, named Thing. Further schemas may follow.
func contract(schema string, others ...string) *check.Contract {
	GinkgoHelper()
	c, err := check.Load([]byte(document(schema, others...)))
	Expect(err).NotTo(HaveOccurred())
	return c
}

func document(schema string, others ...string) string {
	return `openapi: 3.0.3
info: {title: Test, version: "1"}
paths:
  /thing:
    get:
      operationId: get-thing
      responses:
        "200":
          description: A thing.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Thing"}
components:
  schemas:
    Thing:
` + indent(schema, "      ") + indent(strings.Join(others, "\n"), "    ")
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.Trim(text, "\n"), "\n", "\n"+by) + "\n"
}

// lines are violations as a person reads them, which is what most tests are about.
func lines(found []check.Violation) []string {
	said := make([]string, 0, len(found))
	for _, v := range found {
		said = append(said, v.String())
	}
	return said
}

// typed are headers with a content type.
func typed(contentType string) http.Header {
	return http.Header{"Content-Type": {contentType}}
}
