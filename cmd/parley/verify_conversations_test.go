package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/examples"
	"github.com/parley-contracts/parley/fixtures/sender"
	"github.com/parley-contracts/parley/mock"
)

// verifies runs `parley verify` as a process, which Ginkgo's suite needs for itself.
func verifies(args ...string) (status int, stdout string) {
	GinkgoHelper()
	program, err := parley()
	Expect(err).NotTo(HaveOccurred())
	cmd := exec.Command(program, append([]string{"verify"}, args...)...)
	out, _ := cmd.Output() // the status says more than the error
	return cmd.ProcessState.ExitCode(), string(out)
}

var _ = Describe("parley verify conversations", func() {
	It("judges the mock by its driver, with neither target nor token", func() {
		p, _ := mockWith(mock.Options{})
		status, stdout := verifies("conversations", "--driver", p.Driver, "--patience", "5s")
		Expect(stdout).To(ContainSubstring("conversations conforms: "))
		Expect(stdout).To(MatchRegexp(`\d+ calls of the driver, \d+ deliveries`))
		Expect(status).To(Equal(0))
	})

	It("judges a sender that breaks a rule, and says which", func() {
		s, err := sender.New(sender.Options{Defect: "INBOUND_MESSAGE_UPDATED/any-channel"})
		Expect(err).NotTo(HaveOccurred())
		server := httptest.NewServer(s)
		DeferCleanup(func() { server.Close(); s.Close() })
		status, stdout := verifies("conversations", "--driver", server.URL+sender.DriverPath, "--patience", "5s")
		Expect(stdout).To(ContainSubstring("FAIL event-inbound-message-updated/field:payload.message.channel MUST"))
		Expect(status).To(Equal(1))
	})

	It("judges nothing without a driver", func() {
		status, _ := verifies("conversations")
		Expect(status).To(Equal(2))
	})

	DescribeTable("refuses what it cannot use:", func(message string, args ...string) {
		var stdout, stderr bytes.Buffer
		Expect(Run(context.Background(), append([]string{"verify"}, args...), strings.NewReader(""), &stdout, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(ContainSubstring(message))
		Expect(stderr.String()).To(MatchRegexp(`^parley: [^\n]*\n$`))
	},
		Entry("a target", "unknown flag --target", "conversations", "--target", "http://127.0.0.1:1"),
		Entry("a driver and payloads", "payloads", "conversations", "--driver", "http://127.0.0.1:1", "--payloads", "-"),
		Entry("payloads that are not there", "--payloads: stat /nowhere: no such file", "conversations", "--payloads", "/nowhere"),
	)
})

var _ = Describe("parley verify --payloads", func() {
	judge := func(contract, text string, args ...string) (int, string, conformance.Report) {
		GinkgoHelper()
		file := filepath.Join(GinkgoT().TempDir(), "report.json")
		var stdout, stderr bytes.Buffer
		all := append([]string{"verify", contract, "--payloads", "-", "--report", "json=" + file}, args...)
		status := Run(context.Background(), all, strings.NewReader(text), &stdout, &stderr)
		Expect(stderr.String()).To(BeEmpty())
		var report conformance.Report
		encoded, err := os.ReadFile(file)
		Expect(err).NotTo(HaveOccurred())
		Expect(json.Unmarshal(encoded, &report)).To(Succeed())
		return status, stdout.String(), report
	}
	example := func(name string) string {
		GinkgoHelper()
		body, err := examples.Read("event." + name)
		Expect(err).NotTo(HaveOccurred())
		var line bytes.Buffer
		Expect(json.Compact(&line, body)).To(Succeed())
		return line.String() + "\n"
	}

	It("judges the documented examples of both contracts, and leaves what they cannot show unsupported", func() {
		var text string
		for _, event := range sender.Events() {
			text += example(event)
		}
		status, stdout, report := judge("conversations", text)
		Expect(status).To(Equal(0), stdout)
		Expect(report.Requests.Payloads).To(Equal(6))
		Expect(report.Counts[conformance.Errored]).To(BeZero())
		Expect(stdout).To(ContainSubstring("recorded payloads alone do not show it"))

		status, stdout, report = judge("assistloop", example("new_conversation")+example("human_handoff_required"))
		Expect(status).To(Equal(0), stdout)
		Expect(report.Counts[conformance.Pass]).To(BeNumerically(">", 30))
		Expect(stdout).To(ContainSubstring("recorded payloads show nothing of the API's operations"))
	})

	It("exits 1 for what is malformed, with its place, and repeats nothing of what people wrote", func() {
		for _, contract := range []string{"conversations", "assistloop"} {
			status, stdout, report := judge(contract, "{\"secret diary\n{}\n\x00\xff\n")
			Expect(status).To(Equal(1))
			Expect(stdout).To(ContainSubstring("FAIL deliveries/json MUST"))
			Expect(stdout).To(ContainSubstring("in standard input:1, and breaches in standard input:3"))
			encoded, err := json.Marshal(report)
			Expect(err).NotTo(HaveOccurred())
			Expect(string(encoded)).NotTo(ContainSubstring("diary"))
		}
	})

	It("exits 2 where there is nothing", func() {
		status, stdout, _ := judge("conversations", "\n")
		Expect(status).To(Equal(2))
		Expect(stdout).To(ContainSubstring("conversations not judged: nothing was judged"))
	})

	It("knows known failures and chosen requirements as any run does", func() {
		known := filepath.Join(GinkgoT().TempDir(), "known.yaml")
		Expect(os.WriteFile(known, []byte("- {requirement: deliveries/json, reason: a proxy cuts them, expires: 2999-01-01}\n"), 0o644)).To(Succeed())
		text := example("INBOUND_MESSAGE") + "{\n"
		status, _, _ := judge("conversations", text, "--known-failures", known)
		Expect(status).To(Equal(0))
		status, _, report := judge("conversations", text, "--section", "Message received")
		Expect(status).To(Equal(0))
		Expect(report.Counts[conformance.Skipped]).To(BeNumerically(">", 50))
	})

	It("takes a token in the environment for nothing of its own", func() {
		GinkgoT().Setenv("PARLEY_TOKEN", "x")
		GinkgoT().Setenv("PARLEY_DRIVER_TOKEN", "x")
		status, stdout, _ := judge("assistloop", example("new_conversation"))
		Expect(status).To(Equal(0), stdout)
	})
})
