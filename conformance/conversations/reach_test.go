package conversations

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
)

// stub is a driver whose subscriber gets what deliver does at each provocation.
func stub(capabilities string, deliver func(url, event string)) (driver string, unsubscribed func() []string) {
	var mu sync.Mutex
	var hook string
	var gone []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var o struct {
			URL   string `json:"target_url"`
			Event string
		}
		_ = json.NewDecoder(r.Body).Decode(&o)
		mu.Lock()
		defer mu.Unlock()
		switch r.URL.Path {
		case "/d":
			_, _ = w.Write([]byte(`{"capabilities":[` + capabilities + `]}`))
		case "/d/subscribe":
			hook = o.URL
		case "/d/unsubscribe":
			gone = append(gone, o.URL)
		case "/d/provoke":
			go deliver(hook, o.Event)
		}
	}))
	DeferCleanup(server.Close)
	return server.URL + "/d", func() []string {
		mu.Lock()
		defer mu.Unlock()
		return gone
	}
}

func judgedBy(ctx context.Context, driver string, patience time.Duration) conformance.Report {
	GinkgoHelper()
	report, err := conformance.Run(ctx, conformance.Target{Driver: driver}, conformance.Options{Contract: loaded(), Patience: patience})
	Expect(err).NotTo(HaveOccurred())
	return report
}

const able = `"provoke","subscribe","unsubscribe"`

var _ = Describe("A sender", func() {
	It("that does not trust the receiver is not judged, and the report names TLS", func() {
		driver, unsubscribed := stub(able, func(url, _ string) { _, _ = http.Post(url, "application/json", strings.NewReader("{}")) })
		report := judgedBy(context.Background(), driver, 20*time.Second)
		Expect(report.Verdict).To(Equal(conformance.NotJudged))
		Expect(report.Counts[conformance.Fail] + report.Counts[conformance.Errored]).To(BeZero())
		Expect(messages(report)).To(ContainElement(ContainSubstring("TLS handshake failed")))
		Expect(report.Seconds).To(BeNumerically("<", 10))
		Expect(unsubscribed()).To(HaveLen(1))
		Expect(report.Leftovers).To(BeEmpty())
	})

	It("that never connects to a receiver on this machine fails", func() {
		driver, _ := stub(able, func(string, string) {})
		report := judgedBy(context.Background(), driver, 300*time.Millisecond)
		Expect(report.Verdict).To(Equal(conformance.DoesNotConform))
		Expect(outcome(report, conformance.Fail)).To(ConsistOf(
			"deliveries/conversation-created", "deliveries/conversation-status-updated", "deliveries/conversation-assignment-updated",
			"deliveries/inbound-message", "deliveries/inbound-message-updated", "deliveries/inbound-message-deleted"))
	})

	DescribeTable("whose driver lacks something is not judged:", func(capabilities, reason string) {
		driver, _ := stub(capabilities, func(string, string) {})
		report := judgedBy(context.Background(), driver, time.Second)
		Expect(report.Verdict).To(Equal(conformance.NotJudged))
		Expect(messages(report)).To(ContainElement(ContainSubstring(reason)))
	},
		Entry("provoke", `"subscribe"`, "the driver cannot provoke events"),
		Entry("subscribe", `"provoke"`, "the driver cannot subscribe"),
	)

	It("is unsubscribed from when a run is interrupted", func() {
		ctx, cancel := context.WithCancel(context.Background())
		driver, unsubscribed := stub(able, func(string, string) { cancel() })
		report := judgedBy(ctx, driver, 20*time.Second)
		Expect(report.Verdict).To(Equal(conformance.NotJudged))
		Expect(report.Reason).To(Equal("the run was interrupted"))
		Expect(unsubscribed()).To(HaveLen(1))
	})

	It("that sends nonsense is judged to the end", func() {
		var runs sync.WaitGroup
		for _, body := range []string{"", "null", "[]", "{}", `{"type":7}`, `{"type":"INBOUND_MESSAGE","payload":[]}`, "\x00", strings.Repeat("[", 10_000),
			`{"type":"CONVERSATION_CREATED","payload":{"id":1,"lastMessage":"x","assignee":[]}}`} {
			runs.Go(func() {
				defer GinkgoRecover()
				driver, _ := stub(able, func(url, _ string) {
					client := &http.Client{Transport: insecure()}
					if answer, err := client.Post(url, "text/plain", strings.NewReader(body)); err == nil {
						_ = answer.Body.Close()
					}
				})
				report := judgedBy(context.Background(), driver, 50*time.Millisecond)
				Expect(report.Verdict).To(Equal(conformance.DoesNotConform), body)
				for _, f := range report.Findings {
					Expect(f.Message).NotTo(ContainSubstring("stumbled"), body)
				}
			})
		}
		runs.Wait()
	})
})

func messages(report conformance.Report) []string {
	var all []string
	for _, f := range report.Findings {
		all = append(all, f.Message)
	}
	return all
}

func insecure() *http.Transport {
	return &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}
}
