package document_test

import (
	"html"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// own reads one of our own documents, which come in three forms.
func own(name string) *document.Document {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	Expect(err).NotTo(HaveOccurred())
	d, err := document.Read(name, text)
	Expect(err).NotTo(HaveOccurred())
	return d
}

// placed gives the things with lines of their own that do not stand on a line that has their words.
func placed(d *document.Document) []string {
	var wrong []string
	check := func(line int, words string) {
		words = html.EscapeString(words)
		if d.Form != document.HTML {
			words = html.UnescapeString(words)
		}
		if words != "" && !strings.Contains(d.Quote(line), words) {
			wrong = append(wrong, words+" is not in: "+d.Quote(line))
		}
	}
	var member func(v *document.Value)
	member = func(v *document.Value) {
		if v != nil {
			check(v.Line, v.Name)
			for _, m := range append(append([]*document.Value(nil), v.Members...), v.Items...) {
				member(m)
			}
		}
	}
	for _, s := range d.Sections {
		check(s.Line, s.Heading)
		for _, b := range s.Blocks {
			switch {
			case b.Endpoint != nil:
				check(b.End, b.Endpoint.Path)
			case b.Table != nil:
				for _, r := range b.Table.Rows {
					check(r.Line, r.Cells[0])
					last, _, _ := strings.Cut(r.Cells[len(r.Cells)-1], " ")
					check(r.End, last)
				}
			case b.Code != nil && b.Code.JSON != nil:
				member(b.Code.JSON)
			case b.Code != nil && b.Code.Curl != nil:
				check(b.Line, "curl")
				member(b.Code.Curl.JSON)
			}
		}
	}
	return wrong
}

var _ = DescribeTable("Our own document, as text, as Markdown and as a page,", func(name string, want tally) {
	text, md, page := own(name+".txt"), own(name+".md"), own(name+".html")
	Expect([]document.Form{text.Form, md.Form, page.Form}).To(Equal([]document.Form{document.Text, document.Markdown, document.HTML}))
	By("saying the same", func() {
		Expect(difference(said(text), said(md))).To(BeEmpty(), "Markdown")
		Expect(difference(said(text), said(page))).To(BeEmpty(), "HTML")
		Expect(said(md)).To(Equal(said(text)))
		Expect(said(page)).To(Equal(said(text)))
	})
	By("with nothing lost", func() { Expect(tallyOf(text)).To(Equal(want)) })
	By("each thing on its line", func() {
		for _, d := range []*document.Document{text, md, page} {
			Expect(placed(d)).To(BeEmpty(), d.Name)
		}
	})
},
	Entry("with glued tables", "assistloop", tally{endpoints: 5, tables: 11, rows: 34, json: 7, curls: 4, headers: 1}),
	Entry("without blank lines", "conversations", tally{tables: 5, rows: 23, json: 1}),
)
