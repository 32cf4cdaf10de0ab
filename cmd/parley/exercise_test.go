package main

import (
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"

	"github.com/parley-contracts/parley/conformance"
)

func reportIn(file string) conformance.Report {
	GinkgoHelper()
	var report conformance.Report
	content, err := os.ReadFile(file)
	Expect(err).NotTo(HaveOccurred())
	Expect(json.Unmarshal(content, &report)).To(Succeed())
	return report
}

var _ = Describe("parley exercise", func() {
	It("writes its reports, names the seed, and the same seed makes the same events", func() {
		h := openHook(http.StatusNoContent)
		folder := GinkgoT().TempDir()
		args := []string{"exercise", "assistloop", "--to", h.URL + "/in", "--requirement", "new-conversation/documented"}
		for _, format := range []string{"json", "junit", "html", "markdown"} {
			args = append(args, "--report", format+"="+filepath.Join(folder, format))
		}
		status, text := toEnd(args...)
		Expect(status).To(Equal(0), text)
		for _, format := range []string{"junit", "html", "markdown"} {
			Expect(os.ReadFile(filepath.Join(folder, format))).To(ContainSubstring("new-conversation/documented"))
		}
		report := reportIn(filepath.Join(folder, "json"))
		Expect(report.Target).To(Equal(h.URL + "/in"))
		Expect(report.Counts).To(HaveKeyWithValue(conformance.Pass, 1))
		seed := regexp.MustCompile(`--seed (\d+)`).FindStringSubmatch(text)
		Expect(seed).NotTo(BeNil())
		_, bodies := h.all()
		id := regexp.MustCompile(`"id":"[^"]*"`)
		first := id.FindString(bodies[len(bodies)-1])
		toEnd("exercise", "assistloop", "--to", h.URL+"/in", "--requirement", "new-conversation/documented", "--seed", seed[1])
		_, bodies = h.all()
		Expect(id.FindString(bodies[len(bodies)-1])).To(Equal(first))
	})

	It("prints nothing but the verdict when it is to be quiet, and heeds what is known to fail", func() {
		h := openHook(http.StatusBadRequest)
		known := filepath.Join(GinkgoT().TempDir(), "known.yaml")
		Expect(os.WriteFile(known, []byte("- {requirement: new-conversation/documented, reason: ticket 7, expires: 2999-01-01}\n"), 0o600)).To(Succeed())
		args := []string{"exercise", "assistloop", "--to", h.URL, "--backoff", "1ms", "--quiet", "--requirement", "new-conversation/documented"}
		status, text := toEnd(args...)
		Expect(text).To(Equal("assistloop-consumer does not conform: 1 requirement not met\n"))
		Expect(status).To(Equal(1))
		status, _ = toEnd(append(args, "--known-failures", known)...)
		Expect(status).To(Equal(0))
	})

	It("trusts an authority that it is told of, or anybody on this machine when it may, and nobody else", func() {
		server := httptest.NewTLSServer(&hook{status: http.StatusOK})
		DeferCleanup(server.Close)
		server.Config.ErrorLog = nil
		file := filepath.Join(GinkgoT().TempDir(), "ca.pem")
		Expect(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600)).To(Succeed())
		args := []string{"exercise", "conversations", "--to", server.URL, "--quiet", "--requirement", "inbound-message/documented"}
		status, text := toEnd(args...)
		Expect(status).To(Equal(2))
		Expect(text).To(And(ContainSubstring("no connection to the endpoint"), ContainSubstring("--ca-cert")))
		status, _ = toEnd(append(args, "--ca-cert", file)...)
		Expect(status).To(Equal(0))
		status, _ = toEnd(append(args, "--insecure")...)
		Expect(status).To(Equal(0))
	})

	It("refuses to set what the document forbids, and leaves what is set untried", func() {
		h := openHook(http.StatusOK)
		status, text := toEnd("exercise", "assistloop", "--to", h.URL, "--set", "data.agent=null")
		Expect(text).To(HavePrefix("parley: --set: the document forbids what is set of new_conversation: /data/agent: expected an object, came null"))
		Expect(status).To(Equal(2))
		file := filepath.Join(GinkgoT().TempDir(), "report.json")
		status, _ = toEnd("exercise", "assistloop", "--to", h.URL, "--set", "data.chat_user.name=Ada", "--requirement", "new-conversation", "--report", "json="+file)
		Expect(status).To(Equal(0))
		Expect(exercised{Report: reportIn(file)}.of(conformance.Unsupported)).To(Equal([]string{"new-conversation/null:data.chat_user.name"}))
		_, bodies := h.all()
		Expect(bodies).To(HaveEach(ContainSubstring(`"name":"Ada"`)))
	})

	It("writes a report also where flags are wrong", func() {
		file := filepath.Join(GinkgoT().TempDir(), "report.json")
		status, _ := toEnd("exercise", "assistloop", "--to", "nowhere", "--report", "json="+file)
		Expect(status).To(Equal(2))
		Expect(reportIn(file).Verdict).To(Equal(conformance.NotJudged))
	})
})

// process is the program as a process of its own, which can be sent signals.
func process(args ...string) *gexec.Session {
	GinkgoHelper()
	program, err := parley()
	Expect(err).NotTo(HaveOccurred())
	session, err := gexec.Start(exec.Command(program, args...), GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { session.Kill().Wait(10 * time.Second) })
	return session
}

var _ = DescribeTable("A signal ends what would go on", func(signal os.Signal, status int, command ...string) {
	arrived := make(chan struct{}, 1000)
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		if len(arrived) > 1 { // the first one is preflight's
			select {
			case <-r.Context().Done():
			case <-ended:
			}
		}
	}))
	DeferCleanup(func() {
		close(ended)
		server.Close()
	})
	file := filepath.Join(GinkgoT().TempDir(), "report.json")
	args := append(command, "--report", "json="+file)
	if command[0] == "exercise" {
		args = append(args, "--to", server.URL, "--timeout", "1m")
	}
	session := process(args...)
	if command[0] == "exercise" {
		Eventually(arrived, 20*time.Second).Should(HaveLen(2))
	} else {
		Eventually(session, 20*time.Second).Should(gbytes.Say("listening at"))
	}
	session.Signal(signal)
	Eventually(session, 20*time.Second).Should(gexec.Exit(status))
	Expect(reportIn(file).Verdict).To(Equal(conformance.NotJudged))
},
	Entry("exercise, by SIGTERM", syscall.SIGTERM, 2, "exercise", "assistloop"),
	Entry("exercise, by SIGINT", os.Interrupt, 2, "exercise", "conversations"),
	Entry("listen, by SIGTERM", syscall.SIGTERM, 2, "listen", "assistloop"),
	Entry("listen, by SIGINT", os.Interrupt, 2, "listen", "conversations"),
)
