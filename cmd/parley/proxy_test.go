package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/examples"
)

// runningProxy is `parley proxy` under way.
type runningProxy struct {
	base           string
	file           string // of the report
	stop           context.CancelFunc
	status         chan int
	stdout, stderr notes
}

// runProxy starts `parley proxy` on a free port and waits until it is ready.
func runProxy(contract, target string, args ...string) *runningProxy {
	GinkgoHelper()
	ctx, stop := context.WithCancel(context.Background())
	dir := GinkgoT().TempDir()
	p := &runningProxy{file: filepath.Join(dir, "report.json"), stop: stop, status: make(chan int, 1)}
	ready := filepath.Join(dir, "ready.json")
	args = append([]string{"proxy", contract, "--target", target, "--listen", "127.0.0.1:0", "--ready", ready, "--report", "json=" + p.file}, args...)
	go func() { p.status <- Run(ctx, args, nil, &p.stdout, &p.stderr) }()
	DeferCleanup(func() { stop() })
	Eventually(func() error {
		text, err := os.ReadFile(ready)
		if err != nil {
			return err
		}
		var keys map[string]string
		err = json.Unmarshal(text, &keys)
		p.base = keys["base_url"]
		return err
	}, "20s").Should(Succeed(), func() string { return p.stderr.String() })
	return p
}

// end stops it as SIGTERM does, and gives its exit status and its report.
func (p *runningProxy) end() (int, conformance.Report) {
	GinkgoHelper()
	p.stop()
	var status int
	Eventually(p.status, "20s").Should(Receive(&status))
	var report conformance.Report
	text, err := os.ReadFile(p.file)
	Expect(err).NotTo(HaveOccurred())
	Expect(json.Unmarshal(text, &report)).To(Succeed())
	return status, report
}

func ask(client *http.Client, method, url, token, body string) (*http.Response, string) {
	GinkgoHelper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	Expect(err).NotTo(HaveOccurred())
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	return response, string(text)
}

// broken serves an account that has no name, which the contract demands, and repeats the token.
func broken() *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"uuid": "u-1", "email": "jane@example.com", "organization_id": "`+r.Header.Get("Authorization")+`"}`)
	}))
	DeferCleanup(server.Close)
	return server
}

var _ = Describe("parley proxy", func() {
	It("passes traffic to the target, and says on exit what it showed", func() {
		m := runMock()
		p := runProxy("assistloop", m.ready["base_url"])
		Expect(p.stdout.String()).To(ContainSubstring("base URL       " + p.base))
		Expect(p.base).To(HaveSuffix("/v1"))
		response, text := ask(http.DefaultClient, "GET", p.base+"/my/organizations", m.ready["token"], "")
		Expect(response.StatusCode).To(Equal(200))
		Expect(text).To(ContainSubstring(m.ready["organization_uuid"]))
		response, _ = ask(http.DefaultClient, "GET", p.base+"/oauth/me", "", "")
		Expect(response.StatusCode).To(Equal(401))
		status, report := p.end()
		Expect(status).To(Equal(0), p.stdout.String())
		Expect(report.Requests.Exchanges).To(Equal(2))
		Expect(report.Counts[conformance.Pass]).To(BeNumerically(">", 5))
		Expect(p.stdout.String()).To(ContainSubstring("the traffic has no exchange of it"))
		Expect(p.stdout.String()).To(HaveSuffix(" met\n"))
		for _, f := range report.Findings {
			Expect(f.Outcome).NotTo(Equal(conformance.Errored), f.Requirement)
			if f.Outcome == conformance.Unsupported {
				Expect(f.Message).NotTo(BeEmpty())
			}
		}
	})

	It("names what is broken in a header and on the terminal, once, and exits with 1", func() {
		server := broken()
		p := runProxy("assistloop", server.URL+"/v1")
		for range 2 {
			response, text := ask(http.DefaultClient, "GET", p.base+"/oauth/me", "tok-secret-17", "")
			Expect(response.StatusCode).To(Equal(200))
			Expect(response.Header.Get("Parley-Violations")).To(Equal("get-me/field:name"))
			Expect(text).To(ContainSubstring("jane@example.com"), "what passes is left as it is")
		}
		status, report := p.end()
		Expect(status).To(Equal(1))
		Expect(strings.Count(p.stderr.String(), "GET /v1/oauth/me 200: get-me/field:name")).To(Equal(1))
		Expect(p.stdout.String()).To(ContainSubstring("FAIL get-me/field:name MUST"))
		encoded, err := json.Marshal(report)
		Expect(err).NotTo(HaveOccurred())
		for _, secret := range []string{"tok-secret-17", "jane@example.com"} {
			Expect(string(encoded) + p.stdout.String() + p.stderr.String()).NotTo(ContainSubstring(secret))
		}
	})

	It("answers 502 with --fail, but not for what is a known failure or was not chosen", func() {
		server := broken()
		p := runProxy("assistloop", server.URL+"/v1", "--fail")
		response, text := ask(http.DefaultClient, "GET", p.base+"/oauth/me", "t", "")
		Expect(response.StatusCode).To(Equal(502))
		Expect(text).To(MatchJSON(`{"message": "the target broke the contract: get-me/field:name"}`))
		p.end()

		p = runProxy("assistloop", server.URL+"/v1", "--fail", "--skip", "get-me/field:name")
		response, _ = ask(http.DefaultClient, "GET", p.base+"/oauth/me", "t", "")
		Expect(response.StatusCode).To(Equal(200))
		Expect(response.Header).NotTo(HaveKey("Parley-Violations"))
		status, _ := p.end()
		Expect(status).To(Equal(0))
	})

	It("exits with 2 where nothing passed", func() {
		p := runProxy("assistloop", "http://127.0.0.1:1/v1", "--quiet")
		status, report := p.end()
		Expect(status).To(Equal(2))
		Expect(report.Reason).To(Equal("nothing was judged"))
		Expect(p.stdout.String()).To(Equal("assistloop not judged: nothing was judged\n"))
	})

	It("judges webhooks on their way to a consumer", func() {
		consumer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
		DeferCleanup(consumer.Close)
		p := runProxy("conversations", consumer.URL+"/hooks")
		body, err := examples.Read("event.INBOUND_MESSAGE")
		Expect(err).NotTo(HaveOccurred())
		response, _ := ask(http.DefaultClient, "POST", p.base, "", string(body))
		Expect(response.StatusCode).To(Equal(204))
		Expect(response.Header).NotTo(HaveKey("Parley-Violations"))
		response, _ = ask(http.DefaultClient, "POST", p.base, "", strings.Replace(string(body), `"WHATSAPP"`, `"PIGEON"`, 1))
		Expect(response.Header.Get("Parley-Violations")).To(Equal("event-inbound-message/field:payload.message.channel"))
		response, _ = ask(http.DefaultClient, "POST", p.base+"/more", "", `no event at all`)
		Expect(response.Header.Get("Parley-Violations")).To(Equal("deliveries/json"))
		status, report := p.end()
		Expect(status).To(Equal(1))
		Expect(report.Requests.Exchanges).To(Equal(3))
	})

	It("serves https, and trusts whom it is told to", func() {
		cert, key, pool := selfSigned()
		m := runMock("--tls-cert", cert, "--tls-key", key)
		p := runProxy("assistloop", m.ready["base_url"], "--tls-cert", cert, "--tls-key", key, "--ca-cert", cert)
		Expect(p.base).To(HavePrefix("https://"))
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
		DeferCleanup(client.CloseIdleConnections)
		response, _ := ask(client, "GET", p.base+"/oauth/me", m.ready["token"], "")
		Expect(response.StatusCode).To(Equal(200))
		status, _ := p.end()
		Expect(status).To(Equal(0))
	})

	DescribeTable("refuses flags on one line, with exit status 2:", func(message string, args ...string) {
		var stdout, stderr notes
		ctx, stop := context.WithCancel(context.Background())
		stop() // should it serve after all
		Expect(Run(ctx, append([]string{"proxy"}, args...), nil, &stdout, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(MatchRegexp(`^parley: [^\n]*\n$`))
		Expect(stderr.String()).To(ContainSubstring(message))
	},
		Entry("no contract", "proxy", ""),
		Entry("no target", "target", "assistloop"),
		Entry("an empty target", "--target: expected a base URL", "assistloop", "--target", ""),
		Entry("a target that is none", `--target: target "127.0.0.1": expected an http or https base URL`, "assistloop", "--target", "127.0.0.1"),
		Entry("a target with a query", "without query and fragment", "assistloop", "--target", "http://127.0.0.1:1/v1?a=b"),
		Entry("a header that is none", "--header: expected 'Name: value'", "assistloop", "--target", "http://127.0.0.1:1", "--header", "secret"),
		Entry("authorities that are not there", "--ca-cert", "assistloop", "--target", "http://127.0.0.1:1", "--ca-cert", "/nowhere"),
		Entry("a certificate without a key", "tls-key", "assistloop", "--target", "http://127.0.0.1:1", "--tls-cert", "x"),
		Entry("an unknown requirement", "did you mean get-me?", "assistloop", "--target", "http://127.0.0.1:1", "--requirement", "get-mee"),
		Entry("an address that cannot be", "--listen", "assistloop", "--target", "http://127.0.0.1:1", "--listen", "127.0.0.1:99999"),
		Entry("a report nowhere", "--report", "assistloop", "--target", "http://127.0.0.1:1", "--report", "json=/dev/null/r.json"),
	)
})
