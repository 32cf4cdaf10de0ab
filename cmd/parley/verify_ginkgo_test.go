package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

// ginkgoSuite is conformance/suite as `ginkgo` and `go test` run it, in a process of its own.
var ginkgoSuite = sync.OnceValues(func() (string, error) {
	beside, err := parley() // in a folder that is cleaned up
	if err != nil {
		return "", err
	}
	program := filepath.Join(filepath.Dir(beside), "conformance.test")
	output, err := exec.Command("go", "test", "-c", "-trimpath", "-o", program, "github.com/parley-contracts/parley/conformance/suite").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the suite: %w: %s", err, output)
	}
	return program, nil
})

// specs runs it against a target.
func specs(p *place, env string, args ...string) (passed bool, output string, report types.Report) {
	GinkgoHelper()
	program, err := ginkgoSuite()
	Expect(err).NotTo(HaveOccurred())
	folder := GinkgoT().TempDir()
	file := filepath.Join(folder, "ginkgo.json")
	cmd := exec.Command(program, append([]string{"-ginkgo.no-color", "-ginkgo.json-report=" + file}, args...)...)
	cmd.Dir = folder
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "PARLEY_TARGET=" + p.URL, "PARLEY_TOKEN=" + p.Token,
		"PARLEY_DRIVER=" + p.Driver, "PARLEY_CLIENT_ID=" + p.ClientID, "PARLEY_CLIENT_SECRET=" + p.ClientSecret, "PARLEY_REDIRECT_URI=" + p.RedirectURI,
	}, env)
	session, err := gexec.Start(cmd, nil, nil)
	Expect(err).NotTo(HaveOccurred())
	Eventually(session, time.Minute).Should(gexec.Exit())
	var reports []types.Report
	text, err := os.ReadFile(file)
	Expect(err).NotTo(HaveOccurred(), string(session.Out.Contents()))
	Expect(json.Unmarshal(text, &reports)).To(Succeed())
	return session.ExitCode() == 0, string(session.Out.Contents()) + string(session.Err.Contents()), reports[0]
}

// specOf is the spec of a requirement.
func specOf(report types.Report, requirement string) types.SpecReport {
	GinkgoHelper()
	for _, spec := range report.SpecReports {
		if strings.HasPrefix(spec.LeafNodeText, requirement+": ") {
			return spec
		}
	}
	Fail("the suite has no spec for " + requirement)
	return types.SpecReport{}
}

var _ = Describe("The Ginkgo suite", func() {
	agents := "-ginkgo.label-filter=list-agents"

	It("has one spec for each requirement, with labels, and its finding as a report entry", func() {
		passed, output, report := specs(strangerWith(stranger.Options{}), "", agents)
		Expect(passed).To(BeTrue(), output)
		Expect(report.SpecReports.WithLeafNodeType(types.NodeTypeIt)).To(HaveLen(len(verified(strangerWith(stranger.Options{}), "--requirement", "get-me").report.Findings)))
		spec := specOf(report, "list-agents/of-organization")
		Expect(spec.State).To(Equal(types.SpecStatePassed))
		Expect(spec.Labels()).To(ConsistOf("assistloop", "Get Agents", "MUST", "list-agents"))
		var finding conformance.Finding
		Expect(json.Unmarshal([]byte(spec.ReportEntries[0].Value.AsJSON), &finding)).To(Succeed())
		Expect(finding.Requirement).To(Equal("list-agents/of-organization"))
	})

	It("fails where the target breaks a rule, and says which", func() {
		passed, output, report := specs(strangerWith(stranger.Options{Defect: "agents-of-all"}), "", agents)
		Expect(passed).To(BeFalse())
		spec := specOf(report, "list-agents/of-organization")
		Expect(spec.State).To(Equal(types.SpecStateFailed))
		Expect(output).To(And(ContainSubstring("expected  "), ContainSubstring("repeat    curl"), ContainSubstring("Bearer $PARLEY_TOKEN")))
	})

	It("notes a SHOULD that is not met, and fails it when PARLEY_STRICT says so", func() {
		p := strangerWith(stranger.Options{Defect: "error-no-code"})
		passed, output, report := specs(p, "", agents)
		Expect(passed).To(BeTrue(), output)
		Expect(specOf(report, "list-agents/error-code").ReportEntries).To(HaveLen(2))
		passed, _, report = specs(p, "PARLEY_STRICT=1", agents)
		Expect(passed).To(BeFalse())
		Expect(specOf(report, "list-agents/error-code").State).To(Equal(types.SpecStateFailed))
	})

	It("skips a known failure, with the reason, and fails one that has expired", func() {
		p := strangerWith(stranger.Options{Defect: "agents-of-all"})
		file := filepath.Join(GinkgoT().TempDir(), "known.yaml")
		entry := "- {requirement: list-agents/of-organization, reason: ticket 17, expires: %s}\n"
		Expect(os.WriteFile(file, fmt.Appendf(nil, entry, "2999-12-31"), 0o600)).To(Succeed())
		passed, output, report := specs(p, "PARLEY_KNOWN_FAILURES="+file, agents)
		Expect(passed).To(BeTrue(), output)
		spec := specOf(report, "list-agents/of-organization")
		Expect(spec.State).To(Equal(types.SpecStateSkipped))
		Expect(spec.Failure.Message).To(HavePrefix("known failure until 2999-12-31: ticket 17; expected "))
		Expect(os.WriteFile(file, fmt.Appendf(nil, entry, "2020-12-31"), 0o600)).To(Succeed())
		passed, output, _ = specs(p, "PARLEY_KNOWN_FAILURES="+file, agents)
		Expect(passed).To(BeFalse())
		Expect(output).To(ContainSubstring("expired on 2020-12-31"))
	})

	It("skips what is unsupported, with the reason", func() {
		p := strangerWith(stranger.Options{NoDriver: true})
		passed, output, report := specs(p, "", agents)
		Expect(passed).To(BeTrue(), output)
		spec := specOf(report, "list-agents/expired-token")
		Expect(spec.State).To(Equal(types.SpecStateSkipped))
		Expect(spec.Failure.Message).To(HavePrefix("unsupported: "))
	})

	It("fails once, with one reason, when nothing can be judged", func() {
		p := serve(nil)
		p.URL, p.Token = "http://127.0.0.1:1/v1", "t"
		passed, output, _ := specs(p, "", agents)
		Expect(passed).To(BeFalse())
		Expect(output).To(ContainSubstring("no connection to http://127.0.0.1:1/v1"))
		Expect(output).To(ContainSubstring("Ran 0 of"))
	})

	It("fails when a filter leaves nothing", func() {
		p := strangerWith(stranger.Options{})
		passed, _, _ := specs(p, "", "-ginkgo.label-filter=elephant")
		Expect(passed).To(BeFalse())
		Expect(p.requests.Load()).To(BeZero())
	})
})
