package proxy

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// judge keeps what it is given, and finds fault with bodies that say "bad".
type judge struct {
	mu  sync.Mutex
	all []*conformance.Exchange
}

func (j *judge) Exchange(x *conformance.Exchange) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.all = append(j.all, x)
	var broken []string
	if strings.Contains(string(x.Body), "bad") || strings.Contains(string(x.RequestBody), "bad") {
		broken = append(broken, "must")
	}
	if strings.Contains(string(x.Body), "odd") {
		broken = append(broken, "should")
	}
	return broken
}

func (j *judge) Delivery(d *conformance.Delivery, _ bool) ([]string, bool) {
	is := strings.Contains(string(d.Body), "event")
	if is && strings.Contains(string(d.Body), "bad") {
		return []string{"must"}, true
	}
	return nil, is
}

func (j *judge) Verdict(string) error { return nil }

func (j *judge) last() *conformance.Exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.all) == 0 {
		return nil
	}
	return j.all[len(j.all)-1]
}

// between is a proxy before a target, and what both had to do with each other.
type between struct {
	url     string
	judge   *judge
	log     *bytes.Buffer
	traffic *conformance.Traffic
}

func before(target http.HandlerFunc, change ...func(*Options)) *between {
	GinkgoHelper()
	server := httptest.NewServer(target)
	DeferCleanup(server.Close)
	return beforeURL(server.URL+"/v1", change...)
}

func beforeURL(target string, change ...func(*Options)) *between {
	GinkgoHelper()
	b := &between{judge: &judge{}, log: &bytes.Buffer{}}
	contract := conformance.Contract{
		Name:      "small",
		Catalogue: catalogue(),
		Operations: []openapi.Operation{
			{ID: "look", Method: "GET", Path: "/things/{id}", Secured: true, Params: []openapi.Param{{Name: "id", In: "path"}, {Name: "size", In: "query"}}},
			{ID: "make", Method: "POST", Path: "/things", Secured: true},
		},
		Shown:   func(string) bool { return false },
		Traffic: func() conformance.TrafficJudge { return b.judge },
	}
	var err error
	b.traffic, err = conformance.NewTraffic(conformance.Target{URL: target}, conformance.Options{Contract: contract})
	Expect(err).NotTo(HaveOccurred())
	u, err := url.Parse(target)
	Expect(err).NotTo(HaveOccurred())
	transport := &http.Transport{DisableCompression: true}
	DeferCleanup(transport.CloseIdleConnections)
	o := Options{Target: u, Transport: transport, Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, c := range change {
		c(&o)
	}
	server := httptest.NewServer(New(b.traffic, o))
	DeferCleanup(server.Close)
	b.url = server.URL
	return b
}

func catalogue() *requirements.Catalogue {
	GinkgoHelper()
	c, err := requirements.Assemble("small", []byte("requirements:\n- {id: must, section: S, text: T.}\n- {id: should, level: SHOULD, section: S, text: T.}\n"), nil)
	Expect(err).NotTo(HaveOccurred())
	return c
}

func (b *between) do(method, path, body string, header ...string) (*http.Response, string) {
	GinkgoHelper()
	request, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
	Expect(err).NotTo(HaveOccurred())
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}).Do(request)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	return response, string(text)
}

// says answers with JSON.
func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}
