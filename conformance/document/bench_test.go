package document_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/conformance/document"
)

// A megabyte of each form, and its phrases: what a check of a document costs before anything is compared.
func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"assistloop.txt", "conversations.txt", "assistloop.md", "assistloop.html"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			b.Fatal(err)
		}
		large := []byte(strings.Repeat(string(text), 1<<20/len(text)+1)[:1<<20])
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(large)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := document.Read(name, large); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPhrases(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("testdata", "assistloop.txt"))
	if err != nil {
		b.Fatal(err)
	}
	d, err := document.Read("-", text)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for _, s := range d.Sections {
			for _, block := range s.Blocks {
				document.Phrases(block.Text)
			}
		}
	}
}
