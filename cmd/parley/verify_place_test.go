package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/mocktest"
)

// parley is the program, built once. `parley verify` is tested as a process of its own: Ginkgo runs one suite in each,
// and here that is the tests'.
var parley = sync.OnceValues(func() (string, error) {
	return gexec.Build("github.com/parley-contracts/parley/cmd/parley", "-trimpath")
})

var _ = AfterSuite(gexec.CleanupBuildArtifacts)

// place is a target that is up, and counts its requests.
type place struct {
	conformance.Target
	origin   string // as in http://127.0.0.1:49152
	requests atomic.Int64
	held     atomic.Int64
	// hold, a string when set, keeps the requests of this method from being answered.
	hold atomic.Value
}

// serve puts a target on loopback until the test ends.
func serve(target http.Handler) *place {
	p := &place{}
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests.Add(1)
		if p.hold.Load() == r.Method {
			p.held.Add(1)
			select {
			case <-ended:
			case <-r.Context().Done():
			}
			return
		}
		target.ServeHTTP(w, r)
	}))
	DeferCleanup(func() {
		close(ended)
		server.Close()
	})
	p.origin = server.URL
	return p
}

func strangerWith(options stranger.Options) *place {
	s := stranger.New(options)
	DeferCleanup(s.Close)
	ready := s.Ready()
	p := serve(s)
	p.Target = conformance.Target{
		URL: p.origin + ready.Base, Token: ready.Token, DriverToken: options.DriverToken,
		ClientID: ready.ClientID, ClientSecret: ready.ClientSecret, RedirectURI: ready.RedirectURI,
	}
	if ready.Driver != "" {
		p.Driver = p.origin + ready.Driver
	}
	return p
}

func mockWith(options mock.Options) (*place, *mocktest.Server) {
	m := mocktest.Start(GinkgoT(), options)
	p := serve(m.Handler())
	move := func(url string) string { return strings.Replace(url, m.Origin, p.origin, 1) }
	p.Target = conformance.Target{
		URL: move(m.BaseURL), Token: m.Token, Driver: move(m.Driver), ClientID: m.ClientID, ClientSecret: m.ClientSecret,
	}
	return p, m
}

// args are the flags that name the target, but for the token.
func (p *place) args() []string {
	args := []string{"--target", p.URL}
	for _, flag := range []struct{ name, value string }{
		{"--driver", p.Driver}, {"--client-id", p.ClientID}, {"--client-secret", p.ClientSecret}, {"--redirect-uri", p.RedirectURI},
	} {
		if flag.value != "" {
			args = append(args, flag.name, flag.value)
		}
	}
	return args
}

// get reads an array or object from the target, as its owner does.
func (p *place) get(path string) any {
	GinkgoHelper()
	request, err := http.NewRequest(http.MethodGet, p.URL+path, nil)
	Expect(err).NotTo(HaveOccurred())
	request.Header.Set("Authorization", "Bearer "+p.Token)
	response, err := http.DefaultClient.Do(request)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(response.StatusCode).To(Equal(http.StatusOK), string(text))
	var value any
	Expect(json.Unmarshal(text, &value)).To(Succeed())
	return value
}

// running is `parley verify assistloop` under way.
type running struct {
	*gexec.Session
	folder string
}

// said is what has become of it.
type said struct {
	status         int
	stdout, stderr string
	report         conformance.Report
	files          map[string]string // by format
}

func start(p *place, args ...string) *running {
	GinkgoHelper()
	program, err := parley()
	Expect(err).NotTo(HaveOccurred())
	r := &running{folder: GinkgoT().TempDir()}
	all := append([]string{"verify", "assistloop"}, p.args()...)
	for _, format := range []string{"json", "junit", "html", "markdown"} {
		all = append(all, "--report", format+"="+filepath.Join(r.folder, "reports", format))
	}
	cmd := exec.Command(program, append(all, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + r.folder, "PARLEY_TOKEN=" + p.Token, "PARLEY_DRIVER_TOKEN=" + p.DriverToken}
	r.Session, err = gexec.Start(cmd, nil, nil)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { r.Kill() })
	return r
}

// end waits for it and reads its reports.
func (r *running) end(within time.Duration) said {
	GinkgoHelper()
	Eventually(r.Session, within).Should(gexec.Exit())
	s := said{status: r.ExitCode(), stdout: string(r.Out.Contents()), stderr: string(r.Err.Contents()), files: map[string]string{}}
	for _, format := range []string{"json", "junit", "html", "markdown"} {
		text, err := os.ReadFile(filepath.Join(r.folder, "reports", format))
		Expect(err).NotTo(HaveOccurred(), s.stderr)
		s.files[format] = string(text)
	}
	Expect(json.Unmarshal([]byte(s.files["json"]), &s.report)).To(Succeed())
	return s
}

// verified runs it to its end.
func verified(p *place, args ...string) said {
	GinkgoHelper()
	return start(p, args...).end(time.Minute)
}

// finding is what a run found of one requirement.
func (s said) finding(requirement string) conformance.Finding {
	GinkgoHelper()
	for _, f := range s.report.Findings {
		if f.Requirement == requirement {
			return f
		}
	}
	Fail("the report has no requirement " + requirement)
	return conformance.Finding{}
}

// whole is everything that the run showed anybody.
func (s said) whole() string {
	all := []string{s.stdout, s.stderr}
	for _, text := range s.files {
		all = append(all, text)
	}
	return strings.Join(all, "\n")
}
