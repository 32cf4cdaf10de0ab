package mock_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/mocktest"
	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
)

func TestMock(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "mock")
}

// client talks to a mock over loopback, as anybody would.
type client struct {
	*mocktest.Server
	token string
	log   *bytes.Buffer
}

func start(o mock.Options) *client {
	GinkgoHelper()
	log := new(bytes.Buffer)
	o.Logger = slog.New(slog.NewTextHandler(log, nil))
	c := &client{Server: mocktest.Start(GinkgoT(), o), log: log}
	c.token = c.Token
	DeferCleanup(func() { Expect(log.String()).To(BeEmpty(), "the mock's log") })
	return c
}

// call asks below the base URL and gives status, body and headers. Whatever the mock answers has to keep to the contract.
func (c *client) call(method, path string, body any) (int, any, http.Header) {
	GinkgoHelper()
	var sent io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		sent = strings.NewReader(body)
	default:
		text, err := json.Marshal(body)
		Expect(err).NotTo(HaveOccurred())
		sent = bytes.NewReader(text)
	}
	r, err := http.NewRequest(method, c.BaseURL+path, sent)
	Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Authorization", "Bearer "+c.token)
	if sent != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(response.Header.Get("Content-Type")).To(Equal("application/json"), string(text))
	Expect(contract().Response(operation(method, path), response.StatusCode, response.Header, text)).To(BeEmpty(), "%s", text)
	var value any
	Expect(json.Unmarshal(text, &value)).To(Succeed(), string(text))
	return response.StatusCode, value, response.Header
}

// get gives the answer to a request that has to go well.
func (c *client) get(path string) any {
	GinkgoHelper()
	status, body, _ := c.call("GET", path, nil)
	Expect(status).To(Equal(http.StatusOK), "%v", body)
	return body
}

func (c *client) list(query string) []any {
	GinkgoHelper()
	return c.get("/automation/agents/" + c.Agent + "/conversations/list" + query).([]any)
}

func (c *client) find(query string) []any {
	GinkgoHelper()
	return c.get("/automation/conversations/" + c.Conversation + "/messages/find" + query).([]any)
}

// operation is the id of the one that a path below the base URL belongs to.
func operation(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	for _, op := range assistloop.Operations() {
		pattern := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(op.Path, "[^/]+")
		if op.Method == method && regexp.MustCompile("^"+pattern+"$").MatchString(path) {
			return op.ID
		}
	}
	return ""
}

var contract = sync.OnceValue(func() *check.Contract {
	c, err := assistloop.Load()
	Expect(err).NotTo(HaveOccurred())
	return c
})

type object = map[string]any
