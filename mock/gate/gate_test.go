package gate_test

import (
	"bytes"
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

	"github.com/parley-contracts/parley/mock/gate"
	"github.com/parley-contracts/parley/mock/limit"
	"github.com/parley-contracts/parley/mock/world"
	"github.com/parley-contracts/parley/openapi/assistloop"
)

func TestGate(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "gate")
}

// house is a gate to AssistLoop's operations, each of which answers what it was asked.
type house struct {
	*gate.Gate
	worlds *world.Registry
	log    *bytes.Buffer
	handle http.HandlerFunc // what answers every operation
}

func open() *house {
	worlds, err := world.NewRegistry(world.Options{
		Seed: 1, Now: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC),
		Limits: limit.Documented(), Operations: assistloop.Operations(),
	}, 3)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) { Expect(worlds.Close(ctx)).To(Succeed()) })
	h := &house{worlds: worlds, log: &bytes.Buffer{}}
	h.handle = func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `"served"`) }
	h.Gate = gate.New(worlds, slog.New(slog.NewTextHandler(h.log, nil)))
	Expect(h.Mount(gate.Contract{
		Operations: assistloop.Operations(), Bases: []string{"/v1", "/api/v1"}, Generated: h.routes,
	})).To(Succeed())
	return h
}

// routes registers a handler for each operation, as generated code does.
func (h *house) routes(base string, router gate.Router) {
	for _, op := range assistloop.Operations() {
		router.HandleFunc(op.Method+" "+base+op.Path, func(w http.ResponseWriter, r *http.Request) { h.handle(w, r) })
	}
}

func (h *house) world() *world.World { return h.worlds.Default() }

// ask sends a request with the default world's token; headers come in pairs, and an empty one takes a header away.
func (h *house) ask(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	GinkgoHelper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+h.world().Token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// refusal is what an answer says is wrong, which every refusal has to say in the documented form.
func refusal(w *httptest.ResponseRecorder) string {
	GinkgoHelper()
	Expect(w.Header().Get("Content-Type")).To(Equal("application/json"))
	var body struct{ Error, Message string }
	Expect(json.Unmarshal(w.Body.Bytes(), &body)).To(Succeed(), w.Body.String())
	Expect(body.Error).NotTo(BeEmpty())
	Expect(body.Message).NotTo(BeEmpty())
	return body.Message
}

const (
	me    = "/v1/oauth/me"
	list  = "/v1/automation/agents/a/conversations/list"
	reply = "/v1/automation/conversations/c/reply"
	shut  = "/v1/automation/conversations/c/close"
	hook  = "/v1/webhooks/subscribe"
	hello = `{"content":"hello"}`
)
