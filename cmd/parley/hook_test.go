package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/webhook"
)

// hook is an endpoint that keeps what it gets.
type hook struct {
	URL    string
	status int // of its answers

	mu     sync.Mutex
	got    []*http.Request
	bodies []string
}

func openHook(status int) *hook {
	h := &hook{status: status}
	server := httptest.NewServer(h)
	DeferCleanup(server.Close)
	h.URL = server.URL
	return h
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	h.got, h.bodies = append(h.got, r), append(h.bodies, string(body))
	h.mu.Unlock()
	w.Header().Set("X-From", "hook")
	w.WriteHeader(h.status)
	_, _ = io.WriteString(w, "taken")
}

func (h *hook) all() ([]*http.Request, []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]*http.Request(nil), h.got...), append([]string(nil), h.bodies...)
}

// printed collects what a command prints while it runs.
type printed struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *printed) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *printed) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// atWork is a command at work within the tests' process.
type atWork struct {
	output *printed
	status chan int
	stop   context.CancelFunc
}

// begin runs the program until it ends or is stopped, which is what a signal comes to.
func begin(args ...string) *atWork {
	ctx, stop := context.WithCancel(context.Background())
	r := &atWork{output: &printed{}, status: make(chan int, 1), stop: stop}
	go func() { r.status <- Run(ctx, args, strings.NewReader(""), r.output, r.output) }()
	DeferCleanup(stop)
	return r
}

// toEnd runs the program to its end.
func toEnd(args ...string) (status int, text string) {
	var out bytes.Buffer
	status = Run(context.Background(), args, strings.NewReader(""), &out, &out)
	return status, out.String()
}

var _ = DescribeTable("Bad flags of what sends and takes webhooks exit with 2, and one line that names the flag",
	func(want string, args ...string) {
		status, text := toEnd(args...)
		Expect(text).To(And(HavePrefix("parley: "), ContainSubstring(want)))
		Expect(strings.Count(text, "\n")).To(Equal(1))
		Expect(status).To(Equal(2))
	},
	Entry("no URL", "--to: expected the URL", "exercise", "assistloop"),
	Entry("no HTTP", "--to: expected an http or https URL", "exercise", "assistloop", "--to", "ftp://x/y"),
	Entry("a secret that is none", "--secret: cannot sign", "exercise", "assistloop", "--to", "http://127.0.0.1:1/", "--secret", "hunter2"),
	Entry("a way to sign that is none", "--signature: expected one {hex} or {base64}",
		"exercise", "assistloop", "--to", "http://127.0.0.1:1/", "--secret", "hunter2", "--signature", "X-Signature: {rot13}"),
	Entry("a way to sign, and nothing to sign with", "--signature: expected --secret",
		"trigger", "new_conversation", "--to", "http://127.0.0.1:1/", "--signature", "X-Signature: {hex}"),
	Entry("a secret that no document names", "unknown flag --secret", "exercise", "conversations", "--to", "http://127.0.0.1:1/", "--secret", "x"),
	Entry("an unknown event", `--event: no event "new_conversatoin" of assistloop; did you mean new_conversation?`,
		"exercise", "assistloop", "--to", "http://127.0.0.1:1/", "--event", "new_conversatoin"),
	Entry("an unknown field", `--set: no field "data.agent.uid" of assistloop's events; did you mean data.agent.uuid?`,
		"exercise", "assistloop", "--to", "http://127.0.0.1:1/", "--set", "data.agent.uid=x"),
	Entry("an unknown requirement", "--requirement: no requirement", "exercise", "assistloop", "--to", "http://127.0.0.1:1/", "--requirement", "deliveries/oncce"),
	Entry("a requirement of the sender's", "`parley requirements conversations --consumer` lists them",
		"exercise", "conversations", "--to", "http://127.0.0.1:1/", "--requirement", "whatever/it/is"),
	Entry("any certificate, elsewhere", "--insecure: only for an endpoint on this machine", "exercise", "assistloop", "--to", "https://hooks.example.com/x", "--insecure"),
	Entry("no time", "--timeout: expected a duration above zero", "exercise", "assistloop", "--to", "http://127.0.0.1:1/", "--timeout", "0s"),
	Entry("no gap", "--backoff: expected a duration above zero", "exercise", "assistloop", "--to", "http://127.0.0.1:1/", "--backoff", "0s"),
	Entry("seen nowhere", "--seen: expected an http or https URL", "exercise", "assistloop", "--to", "http://127.0.0.1:1/", "--seen", "here"),
	Entry("no event", "parley trigger needs one event: new_conversation", "trigger"),
	Entry("an event of neither contract", `unknown event "inbound_mesage"; did you mean INBOUND_MESSAGE?`, "trigger", "inbound_mesage"),
	Entry("a field of no event", `--set: no field "data.chat_usr.name" of new_conversation; did you mean data.chat_user.name?`,
		"trigger", "new_conversation", "--dry-run", "--set", "data.chat_usr.name=null"),
	Entry("no field", "--set: expected PATH=JSON", "trigger", "new_conversation", "--dry-run", "--set", "data"),
	Entry("half an object", "--set: expected JSON for data.agent, came {", "trigger", "new_conversation", "--dry-run", "--set", "data.agent={"),
	Entry("a field within a text", "--set: event is no object", "trigger", "new_conversation", "--dry-run", "--force", "--set", "event.name=1"),
	Entry("none", "--count: expected a number above zero", "trigger", "new_conversation", "--dry-run", "--count", "0"),
	Entry("nobody there", "no answer of the endpoint", "trigger", "new_conversation", "--to", "http://127.0.0.1:1/"),
	Entry("forwarding nowhere", "--forward: expected an http or https URL", "listen", "assistloop", "--forward", "nowhere"),
	Entry("failing fewer than none", "--fail-first: expected a number", "listen", "assistloop", "--fail-first", "-1"),
	Entry("ending at once", "--count: expected a number", "listen", "assistloop", "--count", "0"),
	Entry("a path of several segments", "--path: expected one segment", "listen", "assistloop", "--path", "a/b"),
	Entry("a taken address", "--receiver-…", "listen", "assistloop", "--receiver-listen", "256.0.0.1:1"),
)

func genuine(header http.Header, body string) bool {
	_, ok := webhook.Match(header, []byte(body), hookSecret)
	return ok
}
