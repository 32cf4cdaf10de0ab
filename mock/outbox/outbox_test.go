package outbox_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/parley-contracts/parley/fixtures/receiver"
	"github.com/parley-contracts/parley/mock/clock"
	"github.com/parley-contracts/parley/mock/journal"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/openapi/webhook"
)

func TestOutbox(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "The outbox of a world")
}

var secret = webhook.NewSecret([]byte("twenty-four bytes of key"))

// office is an outbox on a frozen clock, and somewhere to deliver to.
type office struct {
	*outbox.Outbox
	clock    *clock.Clock
	journal  *journal.Journal
	receiver *receiver.Receiver
	hook     *receiver.Hook
}

func newOffice(options outbox.Options) *office {
	GinkgoHelper()
	o := &office{clock: clock.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), journal: journal.New(0)}
	o.clock.Freeze()
	var err error
	o.receiver, err = receiver.Open(receiver.Options{})
	Expect(err).NotTo(HaveOccurred())
	o.hook = o.receiver.Hook()
	options.Clock, options.Journal = o.clock, o.journal
	o.Outbox = outbox.New(options)
	DeferCleanup(func(ctx context.Context) {
		Expect(o.receiver.Close()).To(Succeed()) // first: it lets go of what it holds
		Expect(o.Outbox.Close(ctx)).To(Succeed())
		o.clock.Close()
	})
	return o
}

// message is the nth for the office's hook.
func (o *office) message(n int) outbox.Message {
	return outbox.Message{
		ID: fmt.Sprintf("evt_%d", n), Subscription: "whk_1", Event: "new_conversation", URL: o.hook.URL,
		Secret: secret, Key: "conversation", Body: fmt.Appendf(nil, `{"id":%d}`, n),
	}
}

func (o *office) send(ctx context.Context, messages ...outbox.Message) {
	GinkgoHelper()
	for _, m := range messages {
		Expect(o.Send(m)).To(Succeed())
	}
	Expect(o.Drain(ctx)).To(Succeed())
}

// ids tells what arrived, in order.
func (o *office) ids() string {
	var ids []string
	for _, d := range o.hook.Deliveries() {
		ids = append(ids, strings.TrimPrefix(d.Header.Get(webhook.HeaderID), "evt_"))
	}
	return strings.Join(ids, " ")
}

var _ = Describe("A delivery", func() {
	It("is a POST of JSON that Standard Webhooks verifies", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.send(ctx, o.message(1))
		d := o.hook.Deliveries()[0]
		Expect(d.Method).To(Equal("POST"))
		Expect(d.Header.Get("Content-Type")).To(Equal("application/json"))
		Expect(string(d.Body)).To(Equal(`{"id":1}`))
		theirs, err := standardwebhooks.NewWebhook(secret)
		Expect(err).NotTo(HaveOccurred())
		Expect(theirs.Verify(d.Body, d.Header)).To(Succeed()) // the timestamp is real, wherever the clock stands
		Expect(o.Stats()).To(Equal(outbox.Stats{Capacity: outbox.DefaultQueue, Attempts: 1, Delivered: 1}))
	})

	It("stands in the journal, without its URL and secret", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.send(ctx, o.message(1))
		a := o.journal.Attempts(1)[0]
		Expect(a.Duration).To(BeNumerically(">", 0))
		Expect(a.Time).To(Equal(o.clock.Now()))
		a.Duration, a.Time = 0, time.Time{}
		Expect(a).To(Equal(journal.Attempt{
			Seq: 1, Subscription: "whk_1", Delivery: "evt_1", Event: "new_conversation", Number: 1, Status: 200, Outcome: journal.Delivered,
		}))
	})

	It("may prove its sender in another way", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		m := o.message(1)
		m.ContentType, m.Secret = "application/cloudevents+json", ""
		m.Authorize = func(r *http.Request) { r.Header.Set("Authorization", "App key") }
		o.send(ctx, m)
		d := o.hook.Deliveries()[0]
		Expect(d.Header.Get("Authorization")).To(Equal("App key"))
		Expect(d.Header.Get("Content-Type")).To(Equal("application/cloudevents+json"))
		Expect(d.Header).NotTo(HaveKey(webhook.HeaderSignature))
	})

	It("bears the user and password of its URL", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		m := o.message(1)
		m.URL = strings.Replace(m.URL, "https://", "https://jane:secret@", 1)
		o.send(ctx, m)
		Expect(o.hook.Deliveries()[0].Header.Get("Authorization")).To(HavePrefix("Basic "))
	})

	It("goes through whatever transport it is given", func(ctx SpecContext) {
		o := newOffice(outbox.Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 204, Body: http.NoBody, Request: r}, nil
		})})
		o.send(ctx, o.message(1))
		Expect(o.hook.Count()).To(BeZero())
		Expect(o.Stats().Delivered).To(BeEquivalentTo(1))
	})

	It("follows no redirect", func(ctx SpecContext) {
		o := newOffice(outbox.Options{Retries: -1})
		o.hook.Answer(func(receiver.Delivery) receiver.Answer {
			return receiver.Answer{Status: 307, Header: http.Header{"Location": {o.receiver.URL() + "/elsewhere"}}}
		})
		o.send(ctx, o.message(1))
		Expect(o.receiver.Strays()).To(BeEmpty())
		Expect(o.journal.Attempts(1)[0]).To(And(HaveField("Status", 307), HaveField("Outcome", journal.Failed)))
	})

	It("fails when no answer comes in time", func(ctx SpecContext) {
		o := newOffice(outbox.Options{Retries: -1, Timeout: 20 * time.Millisecond})
		o.hook.Answer(func(receiver.Delivery) receiver.Answer { return receiver.Answer{Hold: make(chan struct{})} })
		o.send(ctx, o.message(1))
		Expect(o.journal.Attempts(1)[0]).To(And(HaveField("Status", 0), HaveField("Error", "no answer within 20ms")))
	})

	It("fails when nobody listens, with an error that keeps the URL's path to itself", func(ctx SpecContext) {
		o := newOffice(outbox.Options{Retries: -1})
		m := o.message(1)
		m.URL = "https://127.0.0.1:1/secret-path"
		o.send(ctx, m)
		Expect(o.journal.Attempts(1)[0].Error).To(And(ContainSubstring("refused"), Not(ContainSubstring("secret-path"))))
	})

	It("reads no more of an answer than its bound", func(ctx SpecContext) {
		o := newOffice(outbox.Options{})
		o.hook.Answer(func(receiver.Delivery) receiver.Answer { return receiver.Answer{Body: make([]byte, 32<<20)} })
		o.send(ctx, o.message(1))
		Expect(o.Stats().Delivered).To(BeEquivalentTo(1))
	})
})

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

var _ = Describe("What is sent", func() {
	DescribeTable("goes to https alone, or to this machine where that is allowed",
		func(target string, allowed bool, complaint string) {
			err := outbox.CheckTarget(target, allowed)
			if complaint == "" {
				Expect(err).NotTo(HaveOccurred())
				return
			}
			Expect(err).To(MatchError(ContainSubstring(complaint)))
			Expect(err.Error()).NotTo(ContainSubstring("path-of-mine"), "a target URL is a secret")
			o := newOffice(outbox.Options{AllowLoopbackHTTP: allowed})
			m := o.message(1)
			m.URL = target
			Expect(o.Send(m)).To(MatchError(ContainSubstring(complaint)))
		},
		Entry("https", "https://hook.example/path-of-mine", false, ""),
		Entry("https with a user", "https://jane:pw@hook.example/", false, ""),
		Entry("http", "http://hook.example/path-of-mine", true, `its scheme is "http", want https`),
		Entry("http to loopback", "http://127.0.0.1:1/path-of-mine", false, `its scheme is "http"`),
		Entry("http to loopback where allowed", "http://127.0.0.1:1/path-of-mine", true, ""),
		Entry("http to localhost where allowed", "http://localhost/path-of-mine", true, ""),
		Entry("http over IPv6 where allowed", "http://[::1]:1/path-of-mine", true, ""),
		Entry("http to what only begins like localhost", "http://localhost.example/path-of-mine", true, `its scheme is "http"`),
		Entry("another scheme", "ftp://hook.example/path-of-mine", true, `its scheme is "ftp"`),
		Entry("no host", "https:///path-of-mine", true, "want https://"),
		Entry("a mere path", "/path-of-mine", true, "want https://"),
		Entry("nothing", "", true, "want https://"),
		Entry("no URL", "https://hook.example/%zz-path-of-mine", true, "want https://"),
	)

	It("is refused when it is too large", func() {
		o := newOffice(outbox.Options{MaxBody: 10})
		m := o.message(1)
		m.Body = make([]byte, 11)
		Expect(o.Send(m)).To(MatchError(ContainSubstring("11 bytes, at most 10")))
	})

	It("cannot be signed with a secret that holds no key", func(ctx SpecContext) {
		o := newOffice(outbox.Options{Retries: -1})
		m := o.message(1)
		m.Secret = "whsec_???"
		o.send(ctx, m)
		Expect(o.journal.Attempts(1)[0].Error).To(And(ContainSubstring("cannot sign"), Not(ContainSubstring("???"))))
	})
})

var _ = Describe("The transport", func() {
	DescribeTable("verifies receivers elsewhere, by the authorities it is given",
		func(ctx SpecContext, pool func(*receiver.Authority) *x509.CertPool, outcome OmegaMatcher) {
			r, err := receiver.Open(receiver.Options{URL: "https://receiver.test", AuthorityFile: GinkgoT().TempDir() + "/ca.pem"})
			Expect(err).NotTo(HaveOccurred())
			DeferCleanup(r.Close)
			transport := outbox.NewTransport(pool(r.Authority()))
			DeferCleanup(transport.CloseIdleConnections)
			transport.LeadElsewhere(r.Addr().String())
			req, err := http.NewRequestWithContext(ctx, "POST", r.Hook().URL, http.NoBody)
			Expect(err).NotTo(HaveOccurred())
			resp, err := transport.RoundTrip(req)
			if err == nil {
				Expect(resp.Body.Close()).To(Succeed())
			}
			Expect(err).To(outcome)
		},
		Entry("known", (*receiver.Authority).Pool, BeNil()),
		Entry("unknown", func(*receiver.Authority) *x509.CertPool { return nil }, MatchError(ContainSubstring("certificate"))),
	)
})
