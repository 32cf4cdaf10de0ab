package proxy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/conformance/proxy"
	"github.com/parley-contracts/parley/fixtures/examples"
)

// BenchmarkProxy measures what a proxy adds to an exchange at the median: one that only passes it through, and ours, over
// the answers that clients ask for most.
func BenchmarkProxy(b *testing.B) {
	for _, c := range []struct {
		name, path string
		items      int
	}{
		{"me", "/v1/oauth/me", 0},
		{"20-conversations", "/v1/automation/agents/a/conversations/list", 20},
		{"100-conversations", "/v1/automation/agents/a/conversations/list?per_page=100", 100},
	} {
		b.Run(c.name, func(b *testing.B) { measure(b, c.path, body(b, c.items)) })
	}
}

// body is a documented answer, or a page of as many.
func body(b *testing.B, items int) []byte {
	name := "get-me"
	if items > 0 {
		name = "list-conversations"
	}
	text, err := examples.Read(name)
	if err != nil {
		b.Fatal(err)
	}
	if items == 0 {
		return text
	}
	var page []map[string]any
	if err := json.Unmarshal(text, &page); err != nil {
		b.Fatal(err)
	}
	all := make([]map[string]any, items)
	for i := range all {
		all[i] = map[string]any{}
		for name, v := range page[0] {
			all[i][name] = v
		}
		all[i]["id"] = fmt.Sprintf("550e8400-e29b-41d4-a716-%012d", i)
		all[i]["uuid"] = all[i]["id"]
	}
	text, err = json.Marshal(all)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

func measure(b *testing.B, path string, body []byte) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	defer target.Close()
	origin, _ := url.Parse(target.URL)
	plain := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(origin) }})
	defer plain.Close()
	contract, err := assistloop.Contract()
	if err != nil {
		b.Fatal(err)
	}
	traffic, err := conformance.NewTraffic(conformance.Target{URL: target.URL + "/v1"}, conformance.Options{Contract: contract})
	if err != nil {
		b.Fatal(err)
	}
	judging := httptest.NewServer(proxy.New(traffic, proxy.Options{
		Target: origin, Transport: &http.Transport{DisableCompression: true}, Log: slog.New(slog.DiscardHandler),
	}))
	defer judging.Close()

	ways := []string{target.URL, plain.URL, judging.URL}
	took := make([][]time.Duration, len(ways))
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		for i, to := range ways { // in turn, so that a slow moment of the machine falls on each alike
			began := time.Now()
			ask(b, to+path, len(took[i])/50)
			took[i] = append(took[i], time.Since(began))
		}
	}
	b.StopTimer()
	if broken := traffic.Report().Counts[conformance.Fail]; broken > 0 {
		b.Fatalf("%d requirements are broken", broken)
	}
	direct := median(took[0])
	b.ReportMetric(float64(median(took[1])-direct)/1e3, "µs-passing")
	b.ReportMetric(float64(median(took[2])-direct)/1e3, "µs-judging")
}

// ask asks with one token of many: as many requests with the same would break the rate limit.
func ask(b *testing.B, to string, token int) {
	request, _ := http.NewRequest(http.MethodGet, to, nil)
	request.Header.Set("Authorization", fmt.Sprintf("Bearer token-%d", token))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	var held bytes.Buffer
	_, _ = io.Copy(&held, response.Body)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Header.Get(proxy.Violations) != "" {
		b.Fatalf("%d, %s", response.StatusCode, response.Header.Get(proxy.Violations))
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
