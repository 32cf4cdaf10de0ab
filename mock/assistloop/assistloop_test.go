package assistloop_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/assistloop"
	"github.com/parley-contracts/parley/mock/desk"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/mock/world"
	api "github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
)

func TestAssistLoop(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "mock/assistloop")
}

var contract *check.Contract

var _ = BeforeSuite(func() {
	var err error
	contract, err = api.Load()
	Expect(err).NotTo(HaveOccurred())
})

var start = time.Date(2025, 3, 14, 12, 0, 0, 0, time.UTC)

// service is AssistLoop of one world without the gate: whoever calls says by X-Account which account it is.
type service struct {
	http.Handler
	*world.World
	owner, organization, agent, talk string
}

func newWorld(o world.Options) *world.World {
	o.Connect = assistloop.Connect
	if o.Now.IsZero() {
		o.Now = start
	}
	w, err := world.New("test", o)
	if err != nil {
		panic(err) // the options are this test's own
	}
	return w
}

func newService(o world.Options) *service {
	s := &service{World: newWorld(o)}
	s.owner = s.Desk.Owner().ID
	s.organization, s.agent, s.talk = s.Desk.Example()
	s.Handler = handler(s.World)
	return s
}

func newSpec(o world.Options) *service {
	s := newService(o)
	DeferCleanup(func(ctx context.Context) { Expect(s.Close(ctx)).To(Succeed()) })
	return s
}

func handler(w *world.World) http.Handler {
	operations := api.Handler(api.NewStrictHandler(assistloop.Server{}, nil))
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		ctx := world.With(r.Context(), w)
		if account := r.Header.Get("X-Account"); account != "" {
			ctx = grant.With(ctx, &grant.Grant{Account: account})
		}
		operations.ServeHTTP(rw, r.WithContext(ctx))
	})
}

// answer is what came back, already held against the contract.
type answer struct {
	status int
	body   []byte
}

// call makes a request as an account, and holds the response against the contract.
func (s *service) call(account, operation, method, path, body string) answer {
	GinkgoHelper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Account", account)
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	text, err := io.ReadAll(rec.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(contract.Response(operation, rec.Code, rec.Header(), text)).To(BeEmpty(), "%d %s", rec.Code, text)
	return answer{rec.Code, text}
}

func (s *service) list(query string) answer {
	GinkgoHelper()
	return s.call(s.owner, "list-conversations", "GET", "/automation/agents/"+s.agent+"/conversations/list?"+query, "")
}

func (s *service) find(talk, query string) answer {
	GinkgoHelper()
	return s.call(s.owner, "find-messages", "GET", "/automation/conversations/"+talk+"/messages/find?"+query, "")
}

func (s *service) sample(query string) answer {
	GinkgoHelper()
	return s.call(s.owner, "recent-sample", "GET", "/automation/agents/"+s.agent+"/conversations/recent-sample?"+query, "")
}

func (s *service) reply(talk, content string) answer {
	GinkgoHelper()
	return s.call(s.owner, "reply-to-conversation", "POST", "/automation/conversations/"+talk+"/reply", object("content", content))
}

func (s *service) close(talk string) answer {
	GinkgoHelper()
	return s.call(s.owner, "close-conversation", "POST", "/automation/conversations/"+talk+"/close", `{"platform":"make"}`)
}

// subscribe asks for new conversations of the first agent, but for what it is told otherwise.
func (s *service) subscribe(otherwise ...string) answer {
	GinkgoHelper()
	return s.call(s.owner, "subscribe", "POST", "/webhooks/subscribe", object(append([]string{
		"organization_uuid", s.organization, "agent_uuid", s.agent, "target_url", "https://hook.example/1",
		"event", desk.NewConversation, "platform", "make",
	}, otherwise...)...))
}

func (s *service) unsubscribe(id string) answer {
	GinkgoHelper()
	return s.call(s.owner, "unsubscribe", "DELETE", "/webhooks/unsubscribe/"+url.PathEscape(id), "")
}

// read decodes a body that is expected to be a success.
func read[T any](a answer) (value T) {
	GinkgoHelper()
	Expect(a.status).To(Equal(http.StatusOK), "%s", a.body)
	Expect(json.Unmarshal(a.body, &value)).To(Succeed())
	return value
}

// refused matches an answer with a status and an error of the documented form.
func refused(status int) OmegaMatcher {
	return And(
		WithTransform(func(a answer) int { return a.status }, Equal(status)),
		WithTransform(func(a answer) (body map[string]string) {
			Expect(json.Unmarshal(a.body, &body)).To(Succeed())
			return body
		}, And(HaveLen(2), HaveKeyWithValue("error", Not(BeEmpty())), HaveKeyWithValue("message", Not(BeEmpty())))),
	)
}

// object is a JSON object of strings; a later value of a name replaces an earlier one.
func object(pairs ...string) string {
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	text, err := json.Marshal(values)
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

var loopback = world.Options{Outbox: outbox.Options{AllowLoopbackHTTP: true}}
