package proxy

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance"
)

func TestProxy(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "conformance/proxy")
}

var _ = Describe("A proxy", func() {
	It("passes an exchange through as it is, and has it judged", func() {
		var came *http.Request
		var sent []byte
		b := before(func(w http.ResponseWriter, r *http.Request) {
			came = r.Clone(r.Context())
			sent, _ = io.ReadAll(r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Own", "kept")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"good": 1}`)
		})
		response, text := b.do("POST", "/v1/things?size=3&token=secret", `{"name": "ż"}`, "Authorization", "Bearer secret", "X-Forwarded-For", "10.0.0.1", "Content-Type", "application/json")
		Expect(response.StatusCode).To(Equal(201))
		Expect(text).To(Equal(`{"good": 1}`))
		Expect(response.Header.Get("X-Own")).To(Equal("kept"))
		Expect(response.Header).NotTo(HaveKey(Violations))
		Expect(came.URL.RequestURI()).To(Equal("/v1/things?size=3&token=secret"))
		Expect(came.Header.Get("Authorization")).To(Equal("Bearer secret"))
		Expect(came.Header.Values("X-Forwarded-For")).To(Equal([]string{"10.0.0.1"}), "as it came")
		Expect(string(sent)).To(Equal(`{"name": "ż"}`))
		x := b.judge.last()
		Expect(x.Operation).To(Equal("make"))
		Expect(string(x.RequestBody)).To(Equal(`{"name": "ż"}`))
		Expect(string(x.Body)).To(Equal(`{"good": 1}`))
		Expect(x.Observed).To(Equal(&conformance.Observed{}), "all of it is known")
		Expect(x.URL).NotTo(ContainSubstring("secret"))
		Expect(b.log.String()).NotTo(ContainSubstring("secret"))
	})

	It("says in headers what was broken, and takes out what the target says there", func() {
		b := before(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(Violations, "a lie")
			says(`["bad", "odd"]`)(w, r)
		})
		response, text := b.do("GET", "/v1/things/1", "")
		Expect(response.StatusCode).To(Equal(200))
		Expect(text).To(Equal(`["bad", "odd"]`))
		Expect(response.Header.Get(Violations)).To(Equal("must"))
		Expect(response.Header.Get(Warnings)).To(Equal("should"))
	})

	It("answers 502 in place of a violation where it is to fail, and of nothing else", func() {
		b := before(says(`["bad"]`), func(o *Options) { o.Fail = true })
		response, text := b.do("GET", "/v1/things/1", "")
		Expect(response.StatusCode).To(Equal(502))
		Expect(response.Header.Get("Content-Type")).To(Equal("application/json"))
		Expect(response.Header.Get(Violations)).To(Equal("must"))
		Expect(text).To(Equal(`{"message":"the target broke the contract: must"}` + "\n"))

		b = before(says(`["odd"]`), func(o *Options) { o.Fail = true })
		response, text = b.do("GET", "/v1/things/1", "")
		Expect(response.StatusCode).To(Equal(200))
		Expect(text).To(Equal(`["odd"]`))
	})

	It("judges the requests of webhooks that pass, by their bodies", func() {
		b := before(says(`{}`))
		response, _ := b.do("POST", "/v1/hook", `{"event": "bad"}`)
		Expect(response.Header.Get(Violations)).To(Equal("must"))
	})

	It("knows what it cannot see of an exchange", func() {
		b := before(says(`"` + strings.Repeat("x", MaxBody) + ` bad"`))
		response, text := b.do("GET", "/v1/things/1", "")
		Expect(text).To(HaveLen(MaxBody+6), "too large to be judged, and passed through whole")
		Expect(response.Header).NotTo(HaveKey(Violations))
		Expect(b.judge.last().Observed.NoBody).To(BeTrue())

		b.do("POST", "/v1/things", `"`+strings.Repeat("x", MaxBody)+` bad"`)
		Expect(b.judge.last().Observed.NoRequestBody).To(BeTrue())

		b = before(func(w http.ResponseWriter, _ *http.Request) { // of no known length
			w.Header().Set("Content-Type", "application/json")
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, `"`+strings.Repeat("x", MaxBody+100)+`"`)
		})
		_, text = b.do("GET", "/v1/things/1", "")
		Expect(text).To(HaveLen(MaxBody + 102))
		Expect(b.judge.last().Observed.NoBody).To(BeTrue())
	})

	It("judges what is compressed, and asks for nothing else than it can undo", func() {
		var asked atomic.Value
		b := before(func(w http.ResponseWriter, r *http.Request) {
			asked.Store(r.Header.Get("Accept-Encoding"))
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, `["bad"]`)
			_ = z.Close()
		})
		response, text := b.do("GET", "/v1/things/1", "", "Accept-Encoding", "br, gzip;q=0.8, zstd")
		Expect(asked.Load()).To(Equal("gzip;q=0.8"))
		Expect(response.Header.Get(Violations)).To(Equal("must"))
		Expect(response.Header.Get("Content-Encoding")).To(Equal("gzip"))
		plain, err := gzip.NewReader(strings.NewReader(text))
		Expect(err).NotTo(HaveOccurred())
		Expect(io.ReadAll(plain)).To(Equal([]byte(`["bad"]`)))
		b.do("GET", "/v1/things/1", "")
		Expect(asked.Load()).To(BeEmpty(), "what nobody asked for is not asked for")
	})

	DescribeTable("streams what it does not judge:", func(path, media string) {
		more := make(chan struct{})
		b := before(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			_, _ = io.WriteString(w, "first\n")
			w.(http.Flusher).Flush()
			<-more
			_, _ = io.WriteString(w, "last\n")
		})
		response, err := http.Get(b.url + path)
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		lines := bufio.NewReader(response.Body)
		Expect(lines.ReadString('\n')).To(Equal("first\n"), "before the last was sent")
		close(more)
		Expect(lines.ReadString('\n')).To(Equal("last\n"))
	},
		Entry("another path", "/elsewhere", "application/json"),
		Entry("events", "/v1/things/1", "text/event-stream"),
		Entry("a download", "/v1/things/1", "application/octet-stream"),
	)

	It("streams a request's body to a target that answers as it comes", func() {
		b := before(func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).EnableFullDuplex()
			line, _ := bufio.NewReader(r.Body).ReadString('\n')
			_, _ = io.WriteString(w, "got "+line)
		})
		in, out := io.Pipe()
		go func() { _, _ = io.WriteString(out, "first\n") }()
		response, err := http.Post(b.url+"/elsewhere", "text/plain", in)
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		Expect(bufio.NewReader(response.Body).ReadString('\n')).To(Equal("got first\n"))
		_ = out.Close()
	})

	It("lets an upgrade through", func() {
		b := before(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "echo")
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, both, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			line, _ := both.ReadString('\n')
			_, _ = both.WriteString("echo " + line)
			_ = both.Flush()
		})
		conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
		Expect(err).NotTo(HaveOccurred())
		defer conn.Close()
		fmt.Fprint(conn, "GET /v1/things/1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		lines := bufio.NewReader(conn)
		response, err := http.ReadResponse(lines, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(response.StatusCode).To(Equal(101))
		fmt.Fprint(conn, "hello\n")
		Expect(lines.ReadString('\n')).To(Equal("echo hello\n"))
	})

	It("answers 502 for a target that is not there, and counts that as no exchange", func() {
		b := beforeURL("http://127.0.0.1:1/v1")
		response, text := b.do("GET", "/v1/things/1?code=secret", "", "Authorization", "Bearer secret")
		Expect(response.StatusCode).To(Equal(502))
		Expect(text).To(MatchJSON(`{"message": "the target gave no answer"}`))
		Expect(b.judge.last()).To(BeNil())
		Expect(b.log.String()).To(ContainSubstring("path=/v1/things/1"))
		Expect(b.log.String()).NotTo(ContainSubstring("secret"))
		Expect(b.traffic.Report().Notes).To(ContainElement("1 exchange without an answer"))
	})

	It("passes on an answer that is cut short as one", func() {
		b := before(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `["bad`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		})
		response, err := http.Get(b.url + "/v1/things/1")
		if err == nil {
			defer response.Body.Close()
			_, err = io.ReadAll(response.Body)
		}
		Expect(err).To(HaveOccurred())
		Expect(b.judge.last()).To(BeNil())
	})

	It("leaves alone what browsers ask by themselves", func() {
		b := before(says(`["bad"]`))
		response, _ := b.do("OPTIONS", "/v1/things/1", "")
		Expect(response.Header).NotTo(HaveKey(Violations))
		Expect(b.judge.last()).To(BeNil())
	})

	It("sets headers that it is told to", func() {
		var came atomic.Value
		b := before(func(w http.ResponseWriter, r *http.Request) {
			came.Store(r.Header.Get("X-Key"))
			says(`[]`)(w, r)
		}, func(o *Options) { o.Header = http.Header{"X-Key": {"own"}} })
		b.do("GET", "/v1/things/1", "", "X-Key", "theirs")
		Expect(came.Load()).To(Equal("own"))
		Expect(b.judge.last().RequestHeader.Get("X-Key")).To(Equal("own"))
	})

	It("serves many at a time", func() {
		b := before(says(`["bad"]`), func(o *Options) { o.Told = func(*conformance.Exchange, conformance.Breaches) {} })
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				for range 10 {
					response, err := http.Post(b.url+"/v1/things", "application/json", strings.NewReader(`["bad"]`))
					if err == nil {
						_, _ = io.Copy(io.Discard, response.Body)
						_ = response.Body.Close()
					}
				}
			})
		}
		group.Wait()
		Expect(b.traffic.Report().Requests.Exchanges).To(Equal(200))
	})
})
