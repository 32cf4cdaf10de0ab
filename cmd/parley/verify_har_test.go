package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/fixtures/recording"
)

var _ = Describe("parley verify --har", func() {
	chrome, sanitized := recording.Tools()[0], recording.Tools()[1]

	// record has a client ask for paths with and without a token, and writes its traffic down.
	record := func(base, token string, tool recording.Tool, paths ...string) string {
		GinkgoHelper()
		recorder := &recording.Recorder{Next: http.DefaultTransport}
		client := &http.Client{Transport: recorder}
		for _, path := range paths {
			with := token
			if rest, bare := strings.CutPrefix(path, "bare "); bare {
				path, with = rest, ""
			}
			ask(client, "GET", base+path, with, "")
		}
		file := filepath.Join(GinkgoT().TempDir(), "traffic.har")
		Expect(os.WriteFile(file, recorder.HAR(tool), 0o600)).To(Succeed())
		return file
	}
	judge := func(contract, file string, args ...string) (int, string, conformance.Report) {
		GinkgoHelper()
		to := filepath.Join(GinkgoT().TempDir(), "report.json")
		var stdout, stderr bytes.Buffer
		all := append([]string{"verify", contract, "--har", file, "--report", "json=" + to}, args...)
		status := Run(context.Background(), all, strings.NewReader(""), &stdout, &stderr)
		var report conformance.Report
		encoded, err := os.ReadFile(to)
		Expect(err).NotTo(HaveOccurred())
		Expect(json.Unmarshal(encoded, &report)).To(Succeed())
		return status, stdout.String() + stderr.String(), report
	}
	outcome := func(report conformance.Report, id string) conformance.Finding {
		GinkgoHelper()
		for _, f := range report.Findings {
			if f.Requirement == id {
				return f
			}
		}
		Fail("no finding of " + id)
		return conformance.Finding{}
	}

	It("judges recorded traffic, wherever the contract's paths are found", func() {
		m := runMock()
		file := record(m.ready["base_url"], m.ready["token"], chrome, "/oauth/me", "/my/organizations", "/automation/agents/"+m.ready["agent_uuid"]+"/conversations/list", "bare /oauth/me")
		status, said, report := judge("assistloop", file)
		Expect(status).To(Equal(0), said)
		Expect(report.Requests.Exchanges).To(Equal(4))
		Expect(report.Notes).To(ContainElement("the contract's operations were found at " + m.ready["base_url"]))
		Expect(outcome(report, "list-conversations/field:uuid").Outcome).To(Equal(conformance.Pass))
		Expect(outcome(report, "get-me/unauthenticated").Outcome).To(Equal(conformance.Pass))
		Expect(outcome(report, "find-messages/served").Message).To(Equal("the traffic has no exchange of it"))

		status, _, report = judge("assistloop", file, "--target", "https://other.example.com/v1")
		Expect(status).To(Equal(2))
		Expect(report.Reason).To(Equal("nothing was judged"))
	})

	It("names the place of a breach, with what it takes to see it, and nothing that is secret", func() {
		server := broken()
		file := record(server.URL+"/v1", "tok-secret-17", chrome, "/oauth/me", "/oauth/me")
		status, said, report := judge("assistloop", file)
		Expect(status).To(Equal(1))
		f := outcome(report, "get-me/field:name")
		Expect(f.Seen).To(MatchRegexp(`^missing in \S+/traffic\.har log\.entries\[5\], and breaches in \S+/traffic\.har log\.entries\[6\]$`))
		Expect(f.Evidence[0].Request).To(Equal("GET /v1/oauth/me"))
		Expect(f.Evidence[0].Response).To(ContainSubstring(`"uuid":"u-1"`))
		encoded, err := json.Marshal(report)
		Expect(err).NotTo(HaveOccurred())
		for _, secret := range []string{"tok-secret-17", "jane@example.com"} {
			Expect(string(encoded) + said).NotTo(ContainSubstring(secret))
		}
	})

	It("concludes nothing from tokens that were taken out of a recording", func() {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"uuid": "u-1", "name": "Jane", "email": "jane@example.com"}`)) // whoever asks
		}))
		DeferCleanup(server.Close)
		status, said, report := judge("assistloop", record(server.URL+"/v1", "t", sanitized, "/oauth/me", "bare /oauth/me"))
		Expect(status).To(Equal(0), said)
		f := outcome(report, "get-me/unauthenticated")
		Expect(f.Outcome).To(Equal(conformance.Unsupported))
		Expect(f.Message).To(ContainSubstring("no request of the traffic has an Authorization header"))

		status, _, report = judge("assistloop", record(server.URL+"/v1", "t", chrome, "/oauth/me", "bare /oauth/me"))
		Expect(status).To(Equal(1))
		Expect(outcome(report, "get-me/unauthenticated").Outcome).To(Equal(conformance.Fail))
	})

	It("asks which host is meant, where several have the contract's paths", func() {
		one, other := broken(), broken()
		recorder := &recording.Recorder{Next: http.DefaultTransport}
		for _, server := range []*httptest.Server{one, other} {
			ask(&http.Client{Transport: recorder}, "GET", server.URL+"/v1/oauth/me", "t", "")
		}
		file := filepath.Join(GinkgoT().TempDir(), "traffic.har")
		Expect(os.WriteFile(file, recorder.HAR(chrome), 0o600)).To(Succeed())
		status, _, report := judge("assistloop", file)
		Expect(status).To(Equal(2))
		Expect(report.Reason).To(Equal("the contract's paths stand at 2 hosts: say with --target which base URL is meant, of " + one.URL + "/v1, " + other.URL + "/v1"))
		status, _, report = judge("assistloop", file, "--target", other.URL+"/v1")
		Expect(status).To(Equal(1))
		Expect(report.Requests.Exchanges).To(Equal(1))
	})

	It("judges the webhooks in it, of both contracts", func() {
		consumer := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		DeferCleanup(consumer.Close)
		for contract, event := range map[string]string{"assistloop": "event.new_conversation", "conversations": "event.CONVERSATION_CREATED"} {
			body, err := examples.Read(event)
			Expect(err).NotTo(HaveOccurred())
			recorder := &recording.Recorder{Next: http.DefaultTransport}
			client := &http.Client{Transport: recorder}
			ask(client, "POST", consumer.URL+"/hook", "", string(body))
			ask(client, "POST", consumer.URL+"/other", "", `{"type": "ping"}`)
			good := recorder.HAR(chrome)
			ask(client, "POST", consumer.URL+"/hook", "", strings.Replace(string(body), `"id"`, `"ID"`, 1))
			file := filepath.Join(GinkgoT().TempDir(), "traffic.har")
			Expect(os.WriteFile(file, good, 0o600)).To(Succeed())
			status, said, report := judge(contract, file)
			Expect(status).To(Equal(0), said)
			Expect(report.Requests.Exchanges).To(Equal(1))
			Expect(os.WriteFile(file, recorder.HAR(chrome), 0o600)).To(Succeed())
			status, said, _ = judge(contract, file)
			Expect(status).To(Equal(1), said)
		}
	})

	It("exits with 2 for what is no HAR, and names the place", func() {
		server := broken()
		text, err := os.ReadFile(record(server.URL+"/v1", "t", chrome, "/oauth/me", "/oauth/me"))
		Expect(err).NotTo(HaveOccurred())
		file := filepath.Join(GinkgoT().TempDir(), "cut.har")
		Expect(os.WriteFile(file, text[:len(text)-700], 0o600)).To(Succeed())
		status, _, report := judge("assistloop", file)
		Expect(status).To(Equal(2))
		Expect(report.Reason).To(MatchRegexp(`cut\.har log\.entries\[6\]: the file ends at byte \d+, before it is complete$`))
		Expect(outcome(report, "get-me/field:name").Outcome).To(Equal(conformance.Fail), "what was read is shown")
	})

	DescribeTable("refuses what it cannot use:", func(message string, args ...string) {
		var stdout, stderr bytes.Buffer
		Expect(Run(context.Background(), append([]string{"verify", "assistloop"}, args...), strings.NewReader(""), &stdout, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(MatchRegexp(`^parley: [^\n]*\n$`))
		Expect(stderr.String()).To(ContainSubstring(message))
	},
		Entry("a file that is not there", "--har: open /nowhere: no such file", "--har", "/nowhere"),
		Entry("a folder", "is a folder: expected a HAR file", "--har", "/"),
		Entry("payloads as well", "payloads", "--har", "-", "--payloads", "-"),
		Entry("a token", "token", "--har", "-", "--token", "t"),
		Entry("a target that is none", `target "x": expected an http or https base URL`, "--har", "-", "--target", "x"),
	)
})
