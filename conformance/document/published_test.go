package document_test

import (
	"os"
	"path/filepath"
	"runtime"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// published reads one of the two real documents, which are not part of the project: without them the test is skipped.
func published(name string) []byte {
	GinkgoHelper()
	_, here, _, _ := runtime.Caller(0)
	for up := filepath.Dir(here); ; up = filepath.Dir(up) {
		// A binary built with -trimpath knows no absolute path, but tests run in the directory of their package.
		if !filepath.IsAbs(up) {
			up, _ = os.Getwd()
		}
		if text, err := os.ReadFile(filepath.Join(up, "..", "shared", "documents", name)); err == nil {
			return text
		}
		if up == filepath.Dir(up) {
			Skip("the published documents are not beside the project: ../shared/documents/" + name)
		}
	}
}

// tally counts what a document has, and where.
type tally struct {
	endpoints, tables, rows, json, curls, headers int
	broken                                        []string
}

func tallyOf(d *document.Document) tally {
	var t tally
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			switch {
			case b.Endpoint != nil:
				t.endpoints++
			case b.Table != nil:
				t.tables++
				t.rows += len(b.Table.Rows)
			case b.Code == nil:
			case b.Code.Broken != "":
				t.broken = append(t.broken, b.Code.Broken)
			case b.Code.JSON != nil:
				t.json++
			case b.Code.Curl != nil:
				t.curls++
			case len(b.Code.Header) > 0:
				t.headers++
			}
		}
	}
	return t
}

var _ = Describe("The published documents", func() {
	It("of AssistLoop: every endpoint line, table row, example and command is read", func() {
		d, err := document.Read("assistloop-make.txt", published("assistloop-make.txt"))
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Form).To(Equal(document.Text))
		Expect(placed(d)).To(BeEmpty())
		Expect(tallyOf(d)).To(Equal(tally{endpoints: 11, tables: 23, rows: 60, json: 15, curls: 12, headers: 1}))
	})

	It("of Infobip: every table row and example is read", func() {
		d, err := document.Read("infobip-conversations.txt", published("infobip-conversations.txt"))
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Form).To(Equal(document.Text))
		Expect(placed(d)).To(BeEmpty())
		Expect(tallyOf(d)).To(Equal(tally{tables: 18, rows: 76, json: 6}))
	})
})
