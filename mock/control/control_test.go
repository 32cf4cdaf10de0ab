package control_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/assistloop"
	"github.com/parley-contracts/parley/mock/control"
	"github.com/parley-contracts/parley/mock/gate"
	"github.com/parley-contracts/parley/mock/limit"
	"github.com/parley-contracts/parley/mock/world"
	api "github.com/parley-contracts/parley/openapi/assistloop"
)

func TestControl(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "The control API and the driver")
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// room is a mock with nothing but control API and driver.
type room struct {
	worlds  *world.Registry
	handler http.Handler
	token   string // sent with every request
	world   string // named in every request
}

func open(token string) *room {
	worlds, err := world.NewRegistry(world.Options{
		Seed: 7, Now: noon, Limits: limit.Documented(), Operations: api.Operations(), Events: api.Events(), Connect: assistloop.Connect,
	}, 4)
	if err != nil {
		panic(err) // no spec can run
	}
	g := gate.New(worlds, slog.New(slog.NewTextHandler(io.Discard, nil)))
	g.Handle(control.Prefix, control.New(control.Options{Worlds: worlds, Token: token}))
	return &room{worlds: worlds, handler: g}
}

func newRoom(token string) *room {
	r := open(token)
	DeferCleanup(func(ctx context.Context) { Expect(r.worlds.Close(ctx)).To(Succeed()) })
	return r
}

type object = map[string]any

// answer is what came back: a status and, if there is a body, one JSON object.
type answer struct {
	Status int
	Header http.Header
	Body   object
}

func (r *room) ask(method, path, body string) answer {
	GinkgoHelper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if r.token != "" {
		req.Header.Set("Authorization", r.token)
	}
	if r.world != "" {
		req.Header.Set("Parley-World", r.world)
	}
	return r.serve(req)
}

func (r *room) serve(req *http.Request) answer {
	GinkgoHelper()
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	a := answer{Status: w.Code, Header: w.Header()}
	if w.Body.Len() > 0 {
		Expect(w.Header().Get("Content-Type")).To(Equal("application/json"))
		Expect(json.Unmarshal(w.Body.Bytes(), &a.Body)).To(Succeed())
	}
	return a
}

// refused matches a refusal with a message of one line.
func refused(status int, message string) OmegaMatcher {
	return And(
		HaveField("Status", status),
		HaveField("Body", HaveKeyWithValue("message", And(ContainSubstring(message), Not(ContainSubstring("\n"))))),
	)
}

func answered(status int, keys ...any) OmegaMatcher {
	matchers := []OmegaMatcher{HaveField("Status", status)}
	for i := 0; i < len(keys); i += 2 {
		matchers = append(matchers, HaveField("Body", HaveKeyWithValue(keys[i], keys[i+1])))
	}
	return And(matchers...)
}

var _ = Describe("A request to the control API", func() {
	DescribeTable("is refused in one line that says what is wrong",
		func(method, path, body string, status int, message string) {
			Expect(newRoom("").ask(method, path, body)).To(refused(status, message))
		},
		Entry("no such path", "GET", "/_parley/nothing", "", 404, "there is /_parley/clock, /_parley/clock/advance"),
		Entry("below a path", "GET", "/_parley/driver/x", "", 404, "nothing at this path"),
		Entry("another method", "PUT", "/_parley/worlds", "", 405, "answers to GET, POST"),
		Entry("another method on the driver", "DELETE", "/_parley/driver/provoke", "", 405, "answers to POST"),
		Entry("no body", "POST", "/_parley/clock/advance", "", 400, "expected a JSON object with seconds"),
		Entry("a list", "POST", "/_parley/clock/advance", "[]", 400, "expected a JSON object with seconds"),
		Entry("an unknown key", "POST", "/_parley/clock/advance", `{"second": 1}`, 400, `unknown key "second": did you mean seconds?`),
		Entry("a key in another case", "POST", "/_parley/clock/advance", `{"Seconds": 1}`, 400, `unknown key "Seconds"`),
		Entry("a key that comes twice", "POST", "/_parley/clock/advance", `{"seconds": 1, "seconds": 2}`, 400, "comes twice"),
		Entry("something after the object", "POST", "/_parley/clock/advance", `{"seconds": 1} x`, 400, "after the JSON object"),
		Entry("half an object", "POST", "/_parley/clock/advance", `{"seconds": `, 400, "ends too early"),
		Entry("no JSON", "POST", "/_parley/clock/advance", `{"seconds": ?}`, 400, "no JSON"),
		Entry("a value of another type", "POST", "/_parley/clock/advance", `{"seconds": "1"}`, 422, "seconds: expected a number, came string"),
		Entry("a missing value", "POST", "/_parley/clock/advance", `{}`, 422, "seconds: expected a number from 0"),
		Entry("a number that is too small", "POST", "/_parley/clock/advance", `{"seconds": -1}`, 422, "from 0 to 315360000"),
		Entry("a number that is too large", "POST", "/_parley/clock/advance", `{"seconds": 1e18}`, 422, "from 0 to 315360000"),
		Entry("a body without end", "POST", "/_parley/clock/advance", strings.Repeat(" ", 70_000), 413, "larger than 65536 bytes"),
		Entry("an unknown parameter", "GET", "/_parley/journal/requests?first=1", "", 400, `unknown parameter "first"`),
		Entry("a number of entries that is none", "GET", "/_parley/journal/deliveries?last=0", "", 422, "above zero"),
		Entry("an unknown operation", "PUT", "/_parley/faults", `{"faults": ["repyl=503"]}`, 422, "did you mean reply?"),
		Entry("an unknown profile", "POST", "/_parley/faults", `{"profile": "choas"}`, 422, `unknown profile "choas": did you mean chaos?`),
		Entry("an unknown key of a rule", "PUT", "/_parley/faults", `{"faults": [{"match": {}, "akt": {}}]}`, 422, `unknown key "akt": did you mean act?`),
		Entry("an unknown event of a rule", "PUT", "/_parley/faults", `{"faults": ["new_conversion=drop"]}`, 422, "did you mean new_conversation?"),
		Entry("a rule that is neither text nor object", "PUT", "/_parley/faults", `{"faults": [7]}`, 422, "expected OPERATION=STATUS"),
		Entry("an unknown event", "POST", "/_parley/provoke", `{"event": "new_conversion"}`, 422, "event invalid"),
		Entry("an unknown agent", "POST", "/_parley/provoke", `{"event": "new_conversation", "organization_uuid": "x", "agent_uuid": "x"}`, 404, "not found"),
		Entry("half of the ids", "POST", "/_parley/provoke", `{"event": "new_conversation", "agent_uuid": "x"}`, 422, "both"),
		Entry("a channel", "POST", "/_parley/provoke", `{"event": "new_conversation", "channel": "SMS"}`, 422, "channel"),
		Entry("an unknown scope", "POST", "/_parley/driver/issue-token", `{"scopes": ["read"]}`, 422, `unknown scope "read"`),
		Entry("no scopes", "POST", "/_parley/driver/issue-token", `{}`, 422, "scopes: expected a list"),
		Entry("a subscription to nothing", "POST", "/_parley/driver/subscribe", `{"target_url": "https://h.example/"}`, 422, "target_url and events"),
		Entry("a subscription to no event", "POST", "/_parley/driver/subscribe", `{"target_url": "https://h.example/", "events": []}`, 422, "events invalid"),
		Entry("a subscription by the other name", "POST", "/_parley/driver/subscribe",
			`{"target_url": "https://h.example/", "events": ["CONVERSATION_MESSAGE_RECEIVED"]}`, 422, "INBOUND_MESSAGE"),
		Entry("a subscription in clear", "POST", "/_parley/driver/subscribe", `{"target_url": "http://127.0.0.1/", "events": ["INBOUND_MESSAGE"]}`, 422, "want https"),
		Entry("the end of no subscription", "POST", "/_parley/driver/unsubscribe", `{"target_url": "https://h.example/"}`, 404, "subscription not found"),
		Entry("an unknown channel", "POST", "/_parley/provoke", `{"event": "INBOUND_MESSAGE", "channel": "FAX"}`, 422, "expected one of SMS, VIBER"),
		Entry("no channel at all", "POST", "/_parley/provoke", `{"event": "INBOUND_MESSAGE", "channel": ""}`, 422, "channel"),
		Entry("an edit where there are none", "POST", "/_parley/provoke", `{"event": "INBOUND_MESSAGE_UPDATED", "channel": "WHATSAPP"}`, 422, "GOOGLE_PLAY"),
		Entry("a deletion where there are none", "POST", "/_parley/provoke", `{"event": "INBOUND_MESSAGE_DELETED", "channel": "SMS"}`, 422, "GOOGLE_PLAY"),
		Entry("an agent of the other contract", "POST", "/_parley/provoke", `{"event": "INBOUND_MESSAGE", "agent_uuid": "x"}`, 422, "only a channel"),
		Entry("a message to no conversation", "POST", "/_parley/conversations/inbound", `{"conversation_id": "x", "text": "Hi"}`, 404, "conversation not found"),
		Entry("a message without text", "POST", "/_parley/conversations/inbound", `{"channel": "SMS"}`, 422, "text"),
		Entry("another status", "POST", "/_parley/conversations/status", `{"conversation_id": "x", "status": "DONE"}`, 404, "not found"),
		Entry("an edit of no message", "POST", "/_parley/conversations/edit", `{"message_id": "x", "text": "Hi"}`, 404, "message not found"),
		Entry("an unknown reading", "POST", "/_parley/worlds", `{"readings": ["per-pag=100"]}`, 422, "did you mean per-page?"),
		Entry("a world that is not there", "GET", "/_parley/worlds/x", "", 404, "no such world"),
		Entry("the clock of a world that is not there", "GET", "/_parley/worlds/x/at/_parley/clock", "", 404, "no world of this name"),
	)

	It("says with 405 which methods there are", func() {
		Expect(newRoom("").ask("PATCH", "/_parley/faults", "").Header.Get("Allow")).To(Equal("GET, PUT, POST, DELETE"))
	})
})

var _ = Describe("The control token", func() {
	DescribeTable("is asked for as Bearer",
		func(authorization string, status int) {
			r := newRoom("open sesame")
			r.token = authorization
			for _, path := range []string{"/_parley/worlds", "/_parley/driver", "/_parley/driver/"} {
				Expect(r.ask("GET", path, "")).To(HaveField("Status", status))
			}
			if status == 401 {
				a := r.ask("GET", "/_parley/nothing", "")
				Expect(a).To(refused(401, "control token"))
				Expect(a.Header.Get("WWW-Authenticate")).To(HavePrefix("Bearer"))
			}
		},
		Entry("the right one", "Bearer open sesame", 200),
		Entry("the right one in another spelling", "bearer open sesame", 200),
		Entry("none", "", 401),
		Entry("another", "Bearer open sesam", 401),
		Entry("another scheme", "Basic open sesame", 401),
		Entry("a longer one", "Bearer open sesame!", 401),
	)

	It("is not asked for where there is none", func() {
		Expect(newRoom("").ask("GET", "/_parley/worlds", "")).To(HaveField("Status", 200))
	})

	It("is no use to a web page of another origin", func() {
		r := newRoom("")
		req := httptest.NewRequest("POST", "/_parley/clock/freeze", nil)
		req.Header.Set("Origin", "https://evil.example")
		Expect(r.serve(req)).To(refused(403, "another origin"))
		Expect(r.worlds.Default().Clock.Frozen()).To(BeFalse())
	})
})

func FuzzControl(f *testing.F) {
	r := open("")
	for _, seed := range []string{
		`{"seconds":1}`, `{"event":"new_conversation"}`, `{"scopes":["read:messages"],"expired":true}`,
		`{"faults":["reply=503:0.1"],"latency":["list=1ms"]}`, `{"name":"a","seed":1,"now":"2026-01-01T00:00:00Z","conversations":1}`, `{`,
	} {
		for _, path := range []string{"driver/advance-clock", "driver/provoke", "driver/issue-token", "faults", "worlds"} {
			f.Add("POST", path, seed)
		}
	}
	f.Add("DELETE", "worlds/a", "")
	f.Add("GET", "journal/requests?last=%", "")
	f.Fuzz(func(t *testing.T, method, path, body string) {
		if strings.Contains(body, "conversations") || strings.Contains(body, "messages") {
			t.Skip("a large world takes its time")
		}
		req, err := http.NewRequest(method, "http://127.0.0.1/_parley/"+path, strings.NewReader(body))
		if err != nil {
			t.Skip("no request")
		}
		w := httptest.NewRecorder()
		r.handler.ServeHTTP(w, req)
		if w.Code >= 500 {
			t.Errorf("%s %s %s: %d %s", method, path, body, w.Code, w.Body)
		}
		if w.Code >= 400 && strings.Contains(strings.TrimSpace(w.Body.String()), "\n") {
			t.Errorf("%s %s %s: not one line: %q", method, path, body, w.Body)
		}
	})
}
