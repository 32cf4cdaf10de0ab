package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/mock"
)

// listening begins to listen, and gives the URL once there is one.
func listening(args ...string) (*atWork, string) {
	GinkgoHelper()
	r := begin(append([]string{"listen"}, args...)...)
	var url string
	Eventually(func() string {
		found := regexp.MustCompile(`listening at (\S+)\n`).FindStringSubmatch(r.output.String())
		if found != nil {
			url = found[1]
		}
		return url
	}, 20*time.Second).ShouldNot(BeEmpty(), "%s", r.output)
	return r, url
}

// ended waits for the end of a command.
func (r *atWork) ended() int {
	GinkgoHelper()
	var status int
	Eventually(r.status, 20*time.Second).Should(Receive(&status), "%s", r.output)
	return status
}

func sent(event, url string, flags ...string) (status int) {
	GinkgoHelper()
	status, _ = toEnd(append([]string{"trigger", event, "--to", url, "--insecure"}, flags...)...)
	return status
}

var _ = Describe("parley listen", func() {
	It("prints what arrives, judges it, and ends after as many as were asked for", func() {
		file := filepath.Join(GinkgoT().TempDir(), "report.json")
		r, url := listening("assistloop", "--secret", hookSecret, "--count", "3", "--report", "json="+file)
		Expect(sent("new_conversation", url, "--secret", hookSecret)).To(Equal(0))
		Expect(sent("human_handoff_required", url)).To(Equal(0))
		Expect(sent("new_conversation", url, "--secret", hookSecret, "--set", "data.chat_user=null")).To(Equal(0))
		Expect(r.ended()).To(Equal(1))
		text := r.output.String()
		Expect(text).To(MatchRegexp(`(?m)^\d\d:\d\d:\d\d #1 new_conversation [0-9a-f-]{36}, \d+ bytes, signature verifies, answered 200$`))
		Expect(text).To(MatchRegexp(`(?m)^\S+ #2 human_handoff_required .*, signature does not verify, answered 200\n  SHOULD deliveries/signature expected a signature`))
		Expect(text).To(MatchRegexp(`(?m)^\S+ #3 new_conversation .*\n  MUST event-new-conversation/field:data.chat_user expected an object at /data/chat_user, seen null$`))
		Expect(text).NotTo(Or(ContainSubstring("Jane Smith"), ContainSubstring(strings.TrimPrefix(hookSecret, "whsec_")), ContainSubstring("\x1b")))
		var report conformance.Report
		content, err := os.ReadFile(file)
		Expect(err).NotTo(HaveOccurred())
		Expect(json.Unmarshal(content, &report)).To(Succeed())
		Expect(report.Verdict).To(Equal(conformance.DoesNotConform))
		Expect(report.Requests.Deliveries).To(Equal(3))
		Expect(exercised{Report: report}.of(conformance.Fail)).To(Equal([]string{"event-new-conversation/field:data.chat_user"}))
		Expect(exercised{Report: report}.of(conformance.Warn)).To(Equal([]string{"deliveries/signature"}))
		Expect(exercised{Report: report}.of(conformance.Pass)).To(ContainElements("deliveries/post", "deliveries/json", "event-new-conversation/body"))
	})

	It("finds nothing wrong with what the mock delivers, again what it failed at first", func() {
		p, _ := mockWith(mock.Options{})
		drive := func(what, body string) {
			GinkgoHelper()
			response, err := http.Post(p.Driver+"/"+what, "application/json", strings.NewReader(body))
			Expect(err).NotTo(HaveOccurred())
			defer response.Body.Close()
			answer, _ := io.ReadAll(response.Body)
			Expect(response.StatusCode).To(BeNumerically("<", 300), "%s", answer)
		}
		events := []string{"CONVERSATION_CREATED", "INBOUND_MESSAGE", "CONVERSATION_STATUS_UPDATED", "CONVERSATION_ASSIGNMENT_UPDATED", "INBOUND_MESSAGE_UPDATED", "INBOUND_MESSAGE_DELETED"}
		file := filepath.Join(GinkgoT().TempDir(), "report.json")
		r, url := listening("conversations", "--fail-first", "1", "--report", "json="+file)
		drive("subscribe", fmt.Sprintf(`{"target_url": %q, "events": ["%s"]}`, url, strings.Join(events, `", "`)))
		for _, event := range events {
			drive("provoke", fmt.Sprintf(`{"event": %q}`, event))
		}
		drive("advance-clock", `{"seconds": 3600}`)
		for _, event := range events {
			Eventually(r.output.String, 20*time.Second).Should(MatchRegexp(`#\d+ %s .*, answered 200\n`, event))
		}
		r.stop()
		Expect(r.ended()).To(Equal(0), "%s", r.output)
		Expect(r.output.String()).To(MatchRegexp(`#1 .*, answered 500\n`))
		report := reportIn(file)
		Expect(exercised{Report: report}.of(conformance.Warn)).To(BeEmpty())
		Expect(exercised{Report: report}.of(conformance.Pass)).To(ContainElements("event-conversation-created/field:payload.id", "event-inbound-message-deleted/field:payload.message", "deliveries/post"))
	})

	It("ends when it is told to, with the verdict of what came", func() {
		r, url := listening("conversations")
		Expect(sent("INBOUND_MESSAGE", url)).To(Equal(0))
		r.stop()
		Expect(r.ended()).To(Equal(0))
		Expect(r.output.String()).To(HaveSuffix("requirements met\n"))
	})

	It("has judged nothing where nothing came", func() {
		r, _ := listening("assistloop")
		r.stop()
		Expect(r.ended()).To(Equal(2))
		Expect(r.output.String()).To(HaveSuffix("assistloop not judged: nothing was delivered\n"))
	})

	It("forwards, with the answer for the sender, but for the first few, which it fails", func() {
		h := openHook(http.StatusTeapot)
		r, url := listening("assistloop", "--path", "in", "--forward", h.URL+"/app?y=2", "--fail-first", "2", "--count", "3")
		Expect(url).To(HaveSuffix("/in"))
		for range 3 {
			Expect(sent("new_conversation", url, "--secret", hookSecret, "--header", "X-Key: abc")).To(Equal(1))
		}
		Expect(r.ended()).To(Equal(0))
		text := r.output.String()
		Expect(text).To(And(MatchRegexp(`#1 .*, answered 500\n`), MatchRegexp(`#2 .*, answered 500\n`), MatchRegexp(`#3 .*, answered 418 by --forward after \S+\n`)))
		got, bodies := h.all()
		Expect(got).To(HaveLen(1))
		Expect(got[0].URL.RequestURI()).To(Equal("/app?y=2"))
		Expect(got[0].Header.Get("X-Key")).To(Equal("abc"))
		Expect(genuine(got[0].Header, bodies[0])).To(BeTrue())
	})

	It("streams the answer back, and breaks it off where the endpoint does", func() {
		more := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "one,")
			w.(http.Flusher).Flush()
			<-more
			_, _ = io.WriteString(w, "two")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}))
		DeferCleanup(server.Close)
		r, url := listening("assistloop", "--forward", server.URL, "--count", "1")
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
		DeferCleanup(client.CloseIdleConnections)
		response, err := client.Post(url, "application/json", strings.NewReader("{}"))
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		first := make([]byte, 4)
		_, err = io.ReadFull(response.Body, first)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(first)).To(Equal("one,"))
		close(more)
		rest, err := io.ReadAll(response.Body)
		Expect(string(rest)).To(Equal("two"))
		Expect(err).To(MatchError(io.ErrUnexpectedEOF))
		Expect(r.ended()).To(Equal(1)) // {} is no event
		Expect(r.output.String()).To(ContainSubstring("TROUBLE the answer broke off"))
	})

	It("says so when it cannot forward", func() {
		r, url := listening("assistloop", "--forward", "http://127.0.0.1:1/", "--count", "1")
		Expect(sent("new_conversation", url)).To(Equal(1))
		Expect(r.ended()).To(Equal(0))
		Expect(r.output.String()).To(MatchRegexp(`answered 502 by --forward after \S+\n  TROUBLE not forwarded: dial tcp`))
	})

	It("tells of a sender that does not trust it", func() {
		r, url := listening("assistloop")
		status, _ := toEnd("trigger", "new_conversation", "--to", url)
		Expect(status).To(Equal(2))
		Eventually(r.output.String, 10*time.Second).Should(ContainSubstring("TROUBLE a connection failed before TLS was agreed upon"))
		r.stop()
		Expect(r.ended()).To(Equal(2))
	})

	It("shows bodies when asked, and obeys no control character in them", func() {
		r, url := listening("conversations", "--show-bodies", "--count", "1")
		Expect(sent("INBOUND_MESSAGE", url, "--set", `payload.message.content.text="Guten Tag"`, "--set", fmt.Sprintf(`payload.message.from=%q`, "\u009b31m"))).To(Equal(0))
		Expect(r.ended()).To(Equal(0))
		Expect(r.output.String()).To(And(ContainSubstring(`"text":"Guten Tag"`), Not(ContainSubstring("\u009b"))))
	})
})
