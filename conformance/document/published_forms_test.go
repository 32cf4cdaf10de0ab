package document_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

var _ = DescribeTable("A published document says the same", func(name string) {
	text, err := document.Read(name, published(name))
	Expect(err).NotTo(HaveOccurred())
	md, err := document.Read("page.md", []byte(markdownOf(text)))
	Expect(err).NotTo(HaveOccurred())
	Expect(md.Form).To(Equal(document.Markdown))
	Expect(said(md)).To(Equal(said(text)), "as Markdown")
	page, err := document.Read("page.html", []byte(htmlOf(text)))
	Expect(err).NotTo(HaveOccurred())
	Expect(page.Form).To(Equal(document.HTML))
	Expect(said(page)).To(Equal(said(text)), "as a page")
},
	Entry(nil, "assistloop-make.txt"),
	Entry(nil, "infobip-conversations.txt"),
)
