package document_test

import (
	"os"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/conformance/document"
)

// BenchmarkProofread reads and judges a document of a megabyte, which repeats a small one.
func BenchmarkProofread(b *testing.B) {
	c, err := document.AssistLoop()
	if err != nil {
		b.Fatal(err)
	}
	small, err := os.ReadFile("testdata/assistloop.txt")
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(strings.Repeat(string(small)+"\n\n", 1<<20/len(small)))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		d, err := document.Read("large.txt", text)
		if err != nil {
			b.Fatal(err)
		}
		document.Proofread(d, c)
	}
}
