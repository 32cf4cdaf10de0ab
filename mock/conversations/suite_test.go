package conversations_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/center"
	"github.com/parley-contracts/parley/mock/conversations"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/check"
	api "github.com/parley-contracts/parley/openapi/conversations"
)

func TestConversations(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "mock/conversations")
}

var contract *check.Contract

var _ = BeforeSuite(func() {
	loaded, err := api.Load()
	Expect(err).NotTo(HaveOccurred())
	contract = loaded.With(check.Options{Should: true, Show: func(string) bool { return true }})
})

var start = time.Date(2025, 3, 14, 12, 0, 0, 0, time.UTC)

// service is Conversations of one world without the gate.
type service struct {
	http.Handler
	*world.World
}

func newService(o world.Options) *service {
	o.Connect = conversations.Connect
	if o.Now.IsZero() {
		o.Now = start
	}
	w, err := world.New("test", o)
	if err != nil {
		panic(err) // the options are this test's own
	}
	operations := api.Handler(api.NewStrictHandler(conversations.Server{}, nil))
	return &service{World: w, Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		operations.ServeHTTP(rw, r.WithContext(world.With(r.Context(), w)))
	})}
}

func newSpec(o world.Options) *service {
	s := newService(o)
	DeferCleanup(func(ctx context.Context) { Expect(s.Close(ctx)).To(Succeed()) })
	return s
}

// answer is what came back, already held against the contract.
type answer struct {
	status int
	body   []byte
}

// call makes a request and holds the response against the contract.
func (s *service) call(operation, method, path, body string) answer {
	GinkgoHelper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	text, err := io.ReadAll(rec.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(contract.Response(operation, rec.Code, rec.Header(), text)).To(BeEmpty(), "%d %s", rec.Code, text)
	return answer{rec.Code, text}
}

// read decodes a body that is expected to be a success.
func read[T any](a answer) (value T) {
	GinkgoHelper()
	Expect(a.status).To(Or(Equal(http.StatusOK), Equal(http.StatusCreated)), "%s", a.body)
	Expect(json.Unmarshal(a.body, &value)).To(Succeed())
	return value
}

// refused matches an answer with a status and an error of its kind.
func refused(status int) OmegaMatcher {
	kind := map[int]string{http.StatusBadRequest: "BAD_REQUEST", http.StatusNotFound: "NOT_FOUND"}[status]
	return And(
		WithTransform(func(a answer) int { return a.status }, Equal(status)),
		WithTransform(func(a answer) (e api.Error) {
			Expect(json.Unmarshal(a.body, &e)).To(Succeed())
			return e
		}, HaveField("RequestError.ServiceException", And(
			HaveField("MessageID", BeEquivalentTo(kind)), HaveField("Text", Not(BeEmpty()))))),
	)
}

// delivery is what a consumer got.
type delivery struct {
	header http.Header
	body   []byte

	Type    string
	Payload struct {
		ID        string // of conversation events
		Status    string
		Timestamp string
		Assignee  struct{ ID *string }
		Queue     *struct{ ID string }
		Direction string
		Channel   string

		LastMessage *struct{ From, To, Channel, Direction string }

		Message *struct {
			ID, MessageID, ConversationID, Channel, From, To, CreatedAt, UpdatedAt string
			Content                                                                *struct{ Text, Type string }
		}
		Authentication *struct{ AuthenticationType string }
	}
}

func (d delivery) conversation() string {
	if d.Payload.Message != nil {
		return d.Payload.Message.ConversationID
	}
	return d.Payload.ID
}

// consumer takes deliveries, at any URL and without a network.
type consumer struct {
	mu  sync.Mutex
	got []delivery
}

func (c *consumer) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	d := delivery{header: r.Header, body: body}
	_ = json.Unmarshal(body, &d) // the contract judges what does not decode
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, d)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

const hook = "https://hook.example/1"

// take gives what has come once everything is delivered, and forgets it. All of it keeps to the contract.
func (c *consumer) take(s *service) []delivery {
	GinkgoHelper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	Expect(s.Outbox.Drain(ctx)).To(Succeed())
	c.mu.Lock()
	defer c.mu.Unlock()
	got := c.got
	c.got = nil
	for _, d := range got {
		Expect(contract.Event(d.Type, d.header, d.body)).To(BeEmpty(), "%s", d.body)
	}
	return got
}

// types are the names of deliveries.
func types(all []delivery) []string {
	names := []string{}
	for _, d := range all {
		names = append(names, d.Type)
	}
	return names
}

// consumed is a world whose deliveries come to a consumer.
func consumed(o world.Options) (*service, *consumer) {
	c := &consumer{}
	o.Outbox.Transport = c
	return newSpec(o), c
}

// listening is a world with a consumer that wants everything.
func listening(o world.Options) (*service, *consumer) {
	s, c := consumed(o)
	_, err := s.Center.Subscribe(center.Subscription{Events: center.Events, Profile: center.Profile{URL: hook}})
	Expect(err).NotTo(HaveOccurred())
	return s, c
}

// encode writes plain data, which always encodes.
func encode(value any) []byte {
	text, _ := json.Marshal(value)
	return text
}
