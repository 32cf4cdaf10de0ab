package capture_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/capture"
)

func TestCapture(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "conformance/capture")
}

// all reads everything, as "line: body" or "line! problem".
func all(r *capture.Reader) []string {
	GinkgoHelper()
	var out []string
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		Expect(err).NotTo(HaveOccurred())
		if record.Problem != "" {
			out = append(out, fmt.Sprintf("%d! %s", record.Line, record.Problem))
		} else {
			out = append(out, fmt.Sprintf("%d: %s", record.Line, record.Body))
		}
	}
}

func stdin(text string) *capture.Reader {
	GinkgoHelper()
	r, err := capture.Open("-", strings.NewReader(text))
	Expect(err).NotTo(HaveOccurred())
	return r
}

var _ = Describe("A recording", func() {
	DescribeTable("is one value a file, or one a line:", func(text string, records ...string) {
		Expect(all(stdin(text))).To(Equal(append([]string(nil), records...)))
		// However its bytes come in.
		r, err := capture.Open("-", iotest.OneByteReader(strings.NewReader(text)))
		Expect(err).NotTo(HaveOccurred())
		Expect(all(r)).To(Equal(append([]string(nil), records...)))
	},
		Entry("nothing", ""),
		Entry("blank lines", "\n \r\n\t\n"),
		Entry("a line", `{"a":1}`, `1: {"a":1}`),
		Entry("lines", "{\"a\":1}\n\n{\"b\":2}\r\n{\"c\":3}", `1: {"a":1}`, `3: {"b":2}`, `4: {"c":3}`),
		Entry("a value on lines", "{\n  \"a\": [\n{\n}]\n}\n", "1: {\n  \"a\": [\n{\n}]\n}"),
		Entry("as the document prints it", "{\n\"a\":\n{\n\"b\": \"}\"\n}\n}", "1: {\n\"a\":\n{\n\"b\": \"}\"\n}\n}"),
		Entry("values one behind the other, as jq prints them", "{\n\"a\": 1\n}\n{\n\"b\": \"{\"\n}", "1: {\n\"a\": 1\n}", "4: {\n\"b\": \"{\"\n}"),
		Entry("a value behind blank lines", "\n\n{\n}", "3: {\n}"),
		Entry("a broken line among others", "{\"a\":1}\n{\"b\":\n{\"c\":3}", `1: {"a":1}`, `2: {"b":`, `3: {"c":3}`),
		Entry("a broken first line", "{\"a\":1,\n{\"b\":2}\n{\"c\":3}", `1: {"a":1,`, `2: {"b":2}`, `3: {"c":3}`),
		Entry("a first line broken in a text", "{\"a\":\"x\n{\"b\":2}", `1: {"a":"x`, `2: {"b":2}`),
		Entry("a value without its end", "{\n\"a\": 1\n", "1: {\n\"a\": 1"),
		Entry("what is no JSON", "hello\n{\"a\":1}", "1: hello", `2: {"a":1}`),
		Entry("lists and other values", "[1]\n\"x\"\nnull", "1: [1]", `2: "x"`, "3: null"),
		Entry("a mark of the byte order", "\xef\xbb\xbf{\"a\":1}\n{\"b\":2}", `1: {"a":1}`, `2: {"b":2}`),
		Entry("UTF-16", "\xff\xfe{\x00}\x00", "1! text in UTF-16, where JSON is UTF-8"),
		Entry("NUL and other bytes", "\x00\x01\n\xff{\n{}", "1: \x00\x01", "2: \xff{", "3: {}"),
		Entry("brackets that only close", "}}]\n{}", "1: }}]", "2: {}"),
	)

	It("passes over a body that is too long, in a line or over lines, and holds on to nothing of it", func() {
		long := func(n int) io.Reader { return io.LimitReader(endless('x'), int64(n)) }
		before := heap()
		r, err := capture.Open("-", io.MultiReader(strings.NewReader("{\"a\":\""), long(50<<20), strings.NewReader("\"}\n{\"b\":2}\n")))
		Expect(err).NotTo(HaveOccurred())
		Expect(all(r)).To(Equal([]string{"1! longer than 8 MiB, which is more than is judged", `2: {"b":2}`}))
		Expect(heap() - before).To(BeNumerically("<", 12<<20))

		r, err = capture.Open("-", io.MultiReader(strings.NewReader("{\n\"a\":\n"), strings.NewReader(strings.Repeat("\"x\",\n", 3<<20))))
		Expect(err).NotTo(HaveOccurred())
		Expect(all(r)).To(Equal([]string{"1! longer than 8 MiB, which is more than is judged"}))
	})

	It("takes a body that is just not too long", func() {
		body := `{"a":"` + strings.Repeat("x", capture.MaxBody-9) + `"}`
		Expect(all(stdin(body + "\n{}"))).To(Equal([]string{"1: " + body, "2: {}"}))
	})

	It("says where reading failed", func() {
		r, err := capture.Open("-", io.MultiReader(strings.NewReader("{}\n{}\n"), iotest.ErrReader(errors.New("gone"))))
		Expect(err).NotTo(HaveOccurred())
		Expect(all(r)).To(Equal([]string{"1: {}", "2: {}", "3! cannot be read: gone"}))
	})

	It("in a folder is all of its files in order of their names, without those that are hidden", func() {
		folder := GinkgoT().TempDir()
		write := func(name, text string) {
			file := filepath.Join(folder, name)
			Expect(os.MkdirAll(filepath.Dir(file), 0o755)).To(Succeed())
			Expect(os.WriteFile(file, []byte(text), 0o644)).To(Succeed())
		}
		write("b.json", "{\n\"b\": 1\n}")
		write("a/2.jsonl", "{}\n[]\n")
		write("a/1.json", "")
		write(".git/x", "no")
		write(".DS_Store", "no")
		Expect(os.Symlink(folder, filepath.Join(folder, "again"))).To(Succeed())
		r, err := capture.Open(folder, nil)
		Expect(err).NotTo(HaveOccurred())
		var places []string
		for {
			record, err := r.Next()
			if err != nil {
				break
			}
			places = append(places, fmt.Sprintf("%s:%d", strings.TrimPrefix(record.File, folder+"/"), record.Line))
		}
		Expect(places).To(Equal([]string{"a/2.jsonl:1", "a/2.jsonl:2", "b.json:1"}))
		Expect(r.Notes()).To(ConsistOf(HaveSuffix("again is a link to a folder, and was left out"), HaveSuffix("1.json")))
		_, part := r.Progress()
		Expect(part).To(Equal(1.0))
	})

	It("has to be there, and a folder has to hold files", func() {
		_, err := capture.Open("/nowhere", nil)
		Expect(err).To(MatchError(ContainSubstring("no such file")))
		_, err = capture.Open(GinkgoT().TempDir(), nil)
		Expect(err).To(MatchError(ContainSubstring("expected files in this folder, found none")))
	})
})

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// FuzzReader: whatever comes in, reading ends, lines count up, and nothing is lost of a file of lines.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{"", "{}", "{\n}", "{\"a\":1}\n{", "\xef\xbb\xbf{}", "\xff\xfe", "[[[\n]", "\"\\", "{\"a\n{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := capture.Open("-", bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		last := 0
		for {
			record, err := r.Next()
			if err != nil {
				break
			}
			if record.Line <= last || record.Line > bytes.Count(text, []byte("\n"))+1 {
				t.Fatalf("line %d behind line %d", record.Line, last)
			}
			last = record.Line
		}
	})
}

func BenchmarkReader(b *testing.B) {
	line := []byte(`{"type":"CONVERSATION_STATUS_UPDATED","payload":{"id":"ce83e955-1133-4adb-9847-47c83e6fc8bf","status":"CLOSED"}}` + "\n")
	log := bytes.Repeat(line, 100_000)
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := capture.Open("-", bytes.NewReader(log))
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := r.Next(); err != nil {
				break
			}
		}
	}
}
