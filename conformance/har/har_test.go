package har

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/recording"
)

func TestHAR(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "conformance/har")
}

// readAll reads a file to its end, or to what is wrong with it.
func readAll(text string) (all []*conformance.Exchange, r *Reader, err error) {
	r = NewReader("traffic.har", strings.NewReader(text))
	for {
		x, err := r.Next()
		if err != nil {
			return all, r, err
		}
		all = append(all, x)
	}
}

// one is the exchange of a file with one entry.
func one(entry string) *conformance.Exchange {
	GinkgoHelper()
	all, _, err := readAll(file(entry))
	Expect(err).To(Equal(io.EOF))
	Expect(all).To(HaveLen(1))
	return all[0]
}

func file(entries ...string) string {
	return `{"log": {"version": "1.2", "creator": {"name": "x"}, "entries": [` + strings.Join(entries, ",\n") + `], "pages": [{"id": 1}]}}`
}

// answered is an entry with some content.
func answered(content, headers string) string {
	return `{"startedDateTime": "2024-11-12T10:30:00.000Z", "time": 12.5, "request": {"method": "GET", "url": "https://api.example.com/v1/oauth/me", "headers": []},
		"response": {"status": 200, "headers": [` + headers + `], "bodySize": -1, "content": ` + content + `}}`
}

// asked is an entry with some posted data.
func asked(postData, headers string) string {
	return `{"request": {"method": "POST", "url": "https://api.example.com/v1/webhooks/subscribe", "headers": [` + headers + `], "postData": ` + postData + `}, "response": {"status": 200}}`
}

var _ = Describe("Recorded traffic", func() {
	for _, tool := range recording.Tools() {
		It(fmt.Sprintf("of %s (sanitized %v, without bodies %v) is read as it was", tool.Name, tool.Sanitized, tool.Bodiless), func() {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusCreated)
				_, _ = w.Write([]byte(`{"name": "zażółć 語"}`))
			}))
			DeferCleanup(server.Close)
			recorder := &recording.Recorder{Next: http.DefaultTransport}
			request, err := http.NewRequest(http.MethodPost, server.URL+"/v1/webhooks/subscribe?a=b%20c", strings.NewReader(`{"event": "ż"}`))
			Expect(err).NotTo(HaveOccurred())
			request.Header.Set("Authorization", "Bearer secret")
			request.Header.Set("Content-Type", "application/json")
			_, err = (&http.Client{Transport: recorder}).Do(request)
			Expect(err).NotTo(HaveOccurred())

			all, r, err := readAll(string(recorder.HAR(tool)))
			Expect(err).To(Equal(io.EOF))
			x := all[len(all)-1]
			Expect(x.Method).To(Equal("POST"))
			Expect(x.URL).To(Equal(server.URL + "/v1/webhooks/subscribe?a=b%20c"))
			Expect(x.Status).To(Equal(201))
			Expect(string(x.RequestBody)).To(Equal(`{"event": "ż"}`))
			Expect(x.Observed.NoRequestBody).To(BeFalse())
			Expect(x.Observed.NoBody).To(Equal(tool.Bodiless))
			if !tool.Bodiless {
				Expect(string(x.Body)).To(Equal(`{"name": "zażółć 語"}`))
			}
			Expect(x.RequestHeader.Get("Content-Type")).To(Equal("application/json"))
			Expect(x.RequestHeader.Get("Authorization") == "").To(Equal(tool.Sanitized))
			for name := range x.RequestHeader {
				Expect(name).NotTo(HavePrefix(":"))
			}
			Expect(x.Sent.IsZero()).To(BeFalse())
			Expect(x.Observed.Place).To(HavePrefix("traffic.har log.entries["))
			for _, other := range all {
				Expect(other.URL).NotTo(ContainSubstring("socket"))
				Expect(other.URL).NotTo(ContainSubstring("old.css"))
			}
			if tool.Name == "WebInspector" {
				Expect(r.Notes()).To(ConsistOf("passed over in traffic.har: 1 answered from a cache", "passed over in traffic.har: 1 of WebSockets"))
			}
		})
	}

	DescribeTable("has an answer's body, or does not know it:", func(content, headers, body string, known bool) {
		x := one(answered(content, headers))
		Expect(string(x.Body)).To(Equal(body))
		Expect(x.Observed.NoBody).To(Equal(!known))
	},
		Entry("a text", `{"size": 2, "text": "{}"}`, "", "{}", true),
		Entry("base64", `{"size": 2, "text": "e30=", "encoding": "base64"}`, "", "{}", true),
		Entry("base64 with line breaks", `{"size": 2, "text": "e3\r\n0=", "encoding": "base64"}`, "", "{}", true),
		Entry("none", `{"size": 17}`, "", "", false),
		Entry("null", `{"size": 17, "text": null}`, "", "", false),
		Entry("an empty one of no known size", `{"size": 0, "text": ""}`, "", "", false),
		Entry("an empty one that says so", `{"size": 0, "text": ""}`, `{"name": "Content-Length", "value": "0"}`, "", true),
		Entry("one cut short", `{"size": 90, "text": "{\"na"}`, "", `{"na`, false),
		Entry("one that its tool says was cut", `{"size": 4, "text": "{\"na", "comment": "Truncated"}`, "", `{"na`, false),
		Entry("a whole one whose size was counted otherwise", `{"size": 90, "text": "{}"}`, "", "{}", true),
		Entry("a compressed one that was kept plain", `{"size": 2, "compression": 5, "text": "{}"}`, `{"name": "content-encoding", "value": "br"}`, "{}", true),
		Entry("a compressed one that was kept so", `{"size": 30, "encoding": "base64", "text": "`+zipped("{}")+`"}`, `{"name": "content-encoding", "value": "gzip"}`, "{}", true),
		Entry("one that nobody can undo", `{"size": 3, "encoding": "base64", "text": "/v8A"}`, `{"name": "content-encoding", "value": "br"}`, "", false),
	)

	DescribeTable("has a request's body, or does not know it:", func(postData, headers, body string, known bool) {
		x := one(asked(postData, headers))
		Expect(string(x.RequestBody)).To(Equal(body))
		Expect(x.Observed.NoRequestBody).To(Equal(!known))
	},
		Entry("a text", `{"mimeType": "application/json", "text": "{}"}`, "", "{}", true),
		Entry("the fields of a form alone", `{"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "b"}]}`, "", "", false),
		Entry("none", `null`, "", "", false),
		Entry("none, and there was none", `null`, `{"name": "content-length", "value": "0"}`, "", true),
		Entry("one cut short", `{"text": "{\"a"}`, `{"name": "content-length", "value": "40"}`, `{"a`, false),
	)

	It("takes numbers as tools write them, and texts that are none for nothing", func() {
		x := one(`{"startedDateTime": 17, "time": null, "request": {"method": "get", "url": "https://a/b", "bodySize": "0", "headers": [{"name": 5, "value": "x"}]}, "response": {"status": "404", "headers": []}}`)
		Expect(x.Method).To(Equal("GET"))
		Expect(x.Status).To(Equal(404))
		Expect(x.Sent.IsZero()).To(BeTrue())
	})

	It("has no answer where none is recorded", func() {
		Expect(one(`{"request": {"method": "GET", "url": "https://a/b"}, "response": {"status": 0}}`).Lost).To(HaveOccurred())
	})

	DescribeTable("is refused with its place:", func(text, message string) {
		_, r, err := readAll(text)
		Expect(err).To(MatchError(ContainSubstring(message)))
		Expect(err.Error()).NotTo(ContainSubstring("\n"))
		_, err = r.Next()
		Expect(err).To(Equal(io.EOF), "after an error there is nothing")
	},
		Entry("nothing", "", "traffic.har: the file ends at byte 0, before it is complete"),
		Entry("no JSON", "<html>", "traffic.har: no JSON at byte 1"),
		Entry("a list", "[]", "traffic.har: expected a HAR file, with an object at byte 1"),
		Entry("no log", `{"a": 1}`, `expected a HAR file: there is no "log" in it`),
		Entry("no entries", `{"log": {"version": "1.2"}}`, `there is no "entries" in it`),
		Entry("entries that are no list", `{"log": {"entries": {}}}`, "with the array log.entries"),
		Entry("an entry that is none", file(answered("{}", ""), "17"), "traffic.har log.entries[1]: expected"),
		Entry("an entry that is null", file("null"), "log.entries[0]: expected an entry with a request"),
		Entry("an entry without an answer", file(`{"request": {"method": "GET", "url": "https://a/b"}}`), "log.entries[0]: expected an entry with a response"),
		Entry("a request that is a list", file(`{"request": []}`), "log.entries[0]: expected request as HAR has it, came array"),
		Entry("base64 that is none", file(answered(`{"text": "§", "encoding": "base64"}`, "")), "log.entries[0]: response.content: expected base64"),
		Entry("another encoding", file(answered(`{"text": "x", "encoding": "rot13"}`, "")), `expected the encoding base64 or none, came "rot13"`),
		Entry("a file that ends within an entry", file(answered("{}", ""))[:200], "log.entries[0]: the file ends at byte 200, before it is complete"),
		Entry("a file that ends between entries", strings.TrimSuffix(file(answered("{}", "")), `], "pages": [{"id": 1}]}}`), "log.entries[1]: the file ends"),
		Entry("a file that ends behind them", strings.TrimSuffix(file(answered("{}", "")), `}`), "before it is complete"),
		Entry("more behind its end", file()+"{}", "expected the end of the file"),
	)

	It("is read in the memory of its largest entry", func() {
		const entries = 20000
		body := `{"size": 4000, "text": "` + strings.Repeat("x", 4000) + `"}`
		in, out := io.Pipe()
		go func() {
			_, _ = io.WriteString(out, `{"log": {"entries": [`+answered(body, ""))
			for range entries - 1 {
				if _, err := io.WriteString(out, ","+answered(body, "")); err != nil {
					return
				}
			}
			_, _ = io.WriteString(out, `]}}`)
			_ = out.Close()
		}()
		r := NewReader("large.har", in)
		n, most := 0, uint64(0)
		for {
			_, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			Expect(err).NotTo(HaveOccurred())
			if n++; n%5000 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
		Expect(n).To(Equal(entries))
		Expect(most).To(BeNumerically("<", 40<<20), "of a file of 90 MB")
	})

	It("of files that are not there is refused", func() {
		_, err := Open("/nowhere.har", nil)
		Expect(err).To(HaveOccurred())
		_, err = Open("/", nil)
		Expect(err).To(MatchError(ContainSubstring("is a folder: expected a HAR file")))
	})
})

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// Whatever a file holds, it is read or refused, and what is read is whole.
func FuzzReader(f *testing.F) {
	for _, tool := range recording.Tools() {
		f.Add(string((&recording.Recorder{}).HAR(tool)))
	}
	f.Add(file(answered(`{"size": 30, "encoding": "base64", "text": "`+zipped("{}")+`"}`, `{"name": "content-encoding", "value": "gzip"}`)))
	f.Add(file(asked(`{"text": "{}"}`, "")))
	f.Fuzz(func(t *testing.T, text string) {
		all, _, err := readAll(text)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Fatalf("the end is %v", err)
		}
		for _, x := range all {
			switch {
			case x.Method == "" || x.URL == "" || x.Observed.Place == "":
				t.Fatal("an exchange without its request")
			case x.Lost == nil && (x.Status < 100 || x.Status > 999):
				t.Fatalf("status %d", x.Status)
			case x.RequestHeader == nil || x.Header == nil:
				t.Fatal("no headers")
			}
		}
	})
}
