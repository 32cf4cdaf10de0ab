package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("parley mock with faults", func() {
	file := func(name, text string) string {
		GinkgoHelper()
		path := filepath.Join(GinkgoT().TempDir(), name)
		Expect(os.WriteFile(path, []byte(text), 0o600)).To(Succeed())
		return path
	}
	inForce := func(m *runningMock) (rules []any) {
		GinkgoHelper()
		response, err := http.Get(strings.TrimSuffix(m.ready["driver"], "/driver") + "/faults")
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		var body struct{ Faults, Latency []any }
		Expect(json.NewDecoder(response.Body).Decode(&body)).To(Succeed())
		return append(body.Faults, body.Latency...)
	}

	It("takes them from a file, before those of the flags", func() {
		rules := file("faults.yaml", "faults:\n- match: {operation: me, nth: 2}\n  act: {status: 429, retry_after: 5}\nlatency: [list=1ms]\n")
		m := runMock("--faults", rules, "--fault", "deliveries=duplicate:0.5")
		Expect(inForce(m)).To(Equal([]any{"me=429,retry_after=5:nth=2", "deliveries=duplicate=1:0.5", "list=1ms"}))
		Expect(m.get(http.DefaultClient, "/oauth/me")).To(Equal(http.StatusOK))
		Expect(m.get(http.DefaultClient, "/oauth/me")).To(Equal(http.StatusTooManyRequests))
	})

	It("takes a ready-made profile", func() {
		Expect(inForce(runMock("--faults", "rate-limited"))).To(Equal([]any{"*=429,retry_after=2:every=3"}))
	})

	It("takes them from the config file, as text and as objects", func() {
		config := file("parley.yaml", "mock:\n  faults: calm\n  fault:\n  - list=500:0.5\n  - {match: {operation: me, body: {a: null}}, act: {status: 503}}\n")
		Expect(inForce(runMock("--config", config))).To(HaveExactElements("list=500:0.5", HaveKeyWithValue("act", HaveKeyWithValue("status", 503.0))))
	})

	DescribeTable("refuses, on one line and with exit status 2,", func(message string, args ...string) {
		var stdout, stderr notes
		Expect(Run(GinkgoT().Context(), append([]string{"mock", "--listen", "127.0.0.1:0"}, args...), nil, &stdout, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(MatchRegexp(`^parley: [^\n]*\n$`))
		Expect(stderr.String()).To(ContainSubstring(message))
	},
		Entry("a profile that is none", `--faults: there is no file and no profile "choas": did you mean chaos?`, "--faults", "choas"),
		Entry("an act that is none", `unknown key of act "dorp": did you mean drop?`, "--fault", "reply=dorp"),
		Entry("an event that is none", `did you mean new_conversation?`, "--fault", "new_conversatoin=drop"),
	)

	It("refuses what the config file says with its line", func() {
		var stdout, stderr notes
		config := file("parley.yaml", "mock:\n  fault:\n  - reply=503\n  - {match: {operation: me}, act: {statsu: 503}}\n")
		Expect(Run(GinkgoT().Context(), []string{"mock", "--listen", "127.0.0.1:0", "--config", config}, nil, &stdout, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(And(HavePrefix("parley: config "+config+":"), ContainSubstring(`unknown key "statsu": did you mean status?`)))
	})

	It("refuses a file with its line", func() {
		var stdout, stderr notes
		rules := file("faults.yaml", "- reply=503\n- repyl=x\n")
		Expect(Run(GinkgoT().Context(), []string{"mock", "--listen", "127.0.0.1:0", "--faults", rules}, nil, &stdout, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(HavePrefix("parley: --faults: " + rules + ":2: "))
	})
})
