package document_test

import (
	"bytes"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

var _ = Describe("Reading", func() {
	DescribeTable("says in one line what is no document", func(text []byte, why string) {
		d, err := document.Read("page.txt", text)
		Expect(d).To(BeNil())
		Expect(err).To(MatchError("page.txt: " + why))
	},
		Entry("nothing", []byte(nil), "the document is empty"),
		Entry("white space", []byte(" \n\t\r\n"), "the document is empty"),
		Entry("a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00"), "expected text, Markdown or HTML, not a binary file: it has NUL bytes"),
		Entry("UTF-16", []byte("\xff\xfeh\x00i\x00"), "expected text, Markdown or HTML, not a binary file: it has NUL bytes"),
		Entry("Latin-1", []byte("caf\xe9"), "expected text, Markdown or HTML in UTF-8: it has bytes that are not"),
		Entry("too much of it", bytes.Repeat([]byte("a"), 65<<20), "the document has 65 MiB: the proof-reader takes up to 16"),
		Entry("too many lines", bytes.Repeat([]byte("a\n"), 2_000_001), "the document has more than 1000000 lines"),
	)

	DescribeTable("tells the form by content", func(text string, form document.Form) {
		d, err := document.Read("-", []byte(text))
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Form).To(Equal(form))
	},
		Entry("a page", "<!doctype html><p>a", document.HTML),
		Entry("a page behind a comment and a mark", "\ufeff<!-- made by hand -->\n<HTML>", document.HTML),
		Entry("a page cut off at its top", strings.Repeat("<td>a</td>\n", 9), document.HTML),
		Entry("part of a page", "<main>"+strings.Repeat("<p>a</p>", 9), document.HTML),
		Entry("Markdown", "# A\n\nb\n\n## C\n", document.Markdown),
		Entry("Markdown with underlines", "A title\n=======\n\nb\n", document.Markdown),
		Entry("Markdown with tags in it", "# A\n\n<table><tr><td>a</td></tr></table>\n\n## B\n\n<p>x</p><p>y</p><p>z</p>\n", document.Markdown),
		Entry("Markdown below front matter", "---\ntitle: A\n---\n\n# A\n", document.Markdown),
		Entry("text", "A\n\nb is c.\n", document.Text),
		Entry("text with one # in it", "A\n\nb is c.\n\nD\n\ne is f.\n\n# G\n\nh.\n\nI\n\nj.\n", document.Text),
		Entry("a letter", "Dear editor,\n\nI write to you.\n\nYours\n", document.Text),
	)

	It("takes a document that was cut off anywhere", func() {
		for _, name := range []string{"assistloop.txt", "assistloop.md", "assistloop.html", "conversations.txt"} {
			whole := strings.Join(own(name).Lines, "\n")
			for end := 1; end < len(whole); end += 97 {
				if strings.TrimSpace(whole[:end]) == "" {
					continue
				}
				_, err := document.Read(name, []byte(strings.ToValidUTF8(whole[:end], "")))
				Expect(err).NotTo(HaveOccurred())
			}
		}
	})

	It("tells where a part of a block stands, in characters", func() {
		d, err := document.Read("-", []byte("# A\n\nÜber **min: 10**,\nmax: 10 of `10`.\n"))
		Expect(err).NotTo(HaveOccurred())
		b := d.Sections[0].Blocks[0]
		Expect(b.Text).To(Equal("Über min: 10, max: 10 of 10."))
		at := func(part string, nth int) []int {
			offset := 0
			for range nth {
				offset += strings.Index(b.Text[offset:], part) + 1
			}
			line, column, width := d.Place(b.Line, b.End, b.Text, offset-1, len(part))
			return []int{line, column, width}
		}
		Expect(at("min: 10", 1)).To(Equal([]int{3, 8, 7}))
		Expect(at("10", 2)).To(Equal([]int{4, 6, 2}))
		Expect(at("10", 3)).To(Equal([]int{4, 13, 2}))
	})
})

var _ = Describe("A page", func() {
	page := func(body string) *document.Document {
		GinkgoHelper()
		d, err := document.Read("-", []byte("<!doctype html>\n"+body))
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Form).To(Equal(document.HTML))
		return d
	}

	DescribeTable("shows", func(body string, want ...string) {
		Expect(said(page(body))).To(Equal(want))
	},
		Entry("paragraphs that nobody closed", "<p>a<p>b<div>c", "prose  » a", "prose  » b", "prose  » c"),
		Entry("entities and white space", "<p>a &lt;b&gt;\n  &amp;&nbsp;c&#8211;d", "prose  » a <b> & c–d"),
		Entry("nested lists", "<ul><li>a<ol><li>b<li>c</ol><li>d</ul>", "prose  » a", "prose  » b", "prose  » c", "prose  » d"),
		Entry("terms and what they are", "<dl><dt>a<dd>b<dt><code>c</code></dt><dd><p>d</p><p>e</p></dd></dl>", "prose a » a: b", "prose c » c: d", "prose  » e"),
		Entry("headings without what links to them", `<h2>A <a href="#a" class="anchor">#</a></h2><h3><svg><title>x</title></svg>B</h3>`, "# A", "# B"),
		Entry("bold paragraphs as headings", "<p><strong>Response</strong></p><p>a", "# Response", "prose  » a"),
		Entry("no scripts, styles, templates, navigation or buttons",
			"<script>if (a < b) {}</script><style>p{}</style><template><p>x</template><nav><ul><li>y</ul></nav><p>a<button>Copy</button>", "prose  » a"),
		Entry("no tables of contents", `<ul><li><a href="#a">A</a></li><li><a href="/b">B</a></li></ul>`, "prose  » B"),
		Entry("endpoints behind a line break", "<p>Endpoint: <code>GET /a/{b}</code><br>Gives it.", "endpoint GET /a/{b}", "prose  » Gives it."),
		Entry("endpoints that are set apart by colour alone", "<div><b>GET</b><code>/a/{b}</code></div><p>Endpoint: <i>PUT</i><i>/c</i></p>", "endpoint GET /a/{b}", "endpoint PUT /c"),
		Entry("cells with paragraphs and lists", "<table><tr><th>Name<th>Values<tr><td><p>a</p><td><p>One of:</p><ul><li>b</li><li>c</li></ul></table>",
			"table Name | Values", "row a | One of: b, c"),
		Entry("cells over columns and rows", "<table><tr><th>Name<th>Type<th>Note<tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d</table>",
			"table Name | Type | Note", "row a | b | ", "row a | c | d"),
		Entry("tables with a header of plain cells", "<table><tr><td>Name<td>Type<tr><td>a<td>b</table>", "table Name | Type", "row a | b"),
		Entry("code in a cell after its table", "<table><tr><th>Code<th>Body<tr><td>200<td><pre>{\"a\": 1}</pre></table>",
			"table Code | Body", "row 200 | ", "code ", `object "" (a: number "1" ())`),
		Entry("code beside the numbers of its lines", `<table><tr><td class="gutter"><pre>1
2</pre><td><pre>{"a":
1}</pre></table>`, "code ", `object "" (a: number "1" ())`),
		Entry("code with an element for each line", `<pre><div class=l>{</div><div class=l>"a": 1</div><div class=l>}</div></pre>`, "code ", `object "" (a: number "1" ())`),
		Entry("code without <pre>", "<p>curl -X DELETE https://a/b</p>", "code ", "DELETE https://a/b  "),
		Entry("headings in a table that lays out the page", "<table><tr><td><h2>A</h2><p>b</p></td></tr></table>", "# A", "prose  » b"),
	)

	It("has code on the lines of its source, also where <br> breaks it", func() {
		d := page("<pre>\n{\n  \"a\":<b>1</b>,<br>\"b\":\n2}</pre>")
		b := d.Sections[0].Blocks[0]
		Expect([]int{b.Line, b.End, b.Code.JSON.Members[0].Line, b.Code.JSON.Members[1].Line}).To(Equal([]int{3, 5, 4, 4}))
	})
})

var _ = Describe("Markdown", func() {
	DescribeTable("shows", func(body string, want ...string) {
		d, err := document.Read("-", []byte("# A\n\n"+body))
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Form).To(Equal(document.Markdown))
		Expect(said(d)[1:]).To(Equal(want))
	},
		Entry("inline marks as text", "a `b_c` **d** [e](f) *g* <i>h</i> \\* &amp; <https://i>\n", "prose  » a b_c d e g h * & https://i"),
		Entry("headings of both kinds", "B\n---\n\n### C ###\n", "# B", "# C"),
		Entry("nested lists", "- a\n  - b\n\n    c\n1. d\n", "prose  » a", "prose  » b", "prose  » c", "prose  » d"),
		Entry("bold paragraphs as headings", "**Response**\n\na\n", "# Response", "prose  » a"),
		Entry("no tables of contents", "- [B](#b)\n- [C](c.md)\n", "prose  » C"),
		Entry("tables with escaped pipes", "|a|b|\n|-|-|\n|`c\\|d`||\n", "table a | b", "row c|d | "),
		Entry("code in fences, indented, quoted and in lists", "```json\n{\"a\": 1}\n```\n\n    {\"a\": 2}\n\n> ```\n> {\"a\": 3}\n> ```\n\n- x\n\n  ```\n  {\"a\": 4}\n  ```\n",
			"code ", `object "" (a: number "1" ())`, "code ", `object "" (a: number "2" ())`, "code ", `object "" (a: number "3" ())`, "prose  » x", "code ", `object "" (a: number "4" ())`),
		Entry("requests as they go over the wire", "```http\nPOST /a HTTP/1.1\nContent-Type: application/json\n\n{\"a\": 1}\n```\n",
			"endpoint POST /a", "code Content-Type: application/json", "code ", `object "" (a: number "1" ())`),
		Entry("no JSON in other languages", "```python\n{\n \"a\": x}\n```\n", "code ", `{ "a": x}`),
		Entry("code without a fence", "Send this:\n{\n  \"a\": 1\n}\n", "prose  » Send this:", "code ", `object "" (a: number "1" ())`),
		Entry("HTML within", "<table>\n<tr><th>Name</th></tr>\n<tr><td>a</td></tr>\n</table>\n\n<details>\n<summary>B</summary>\n\nc\n\n</details>\n", "table Name", "row a", "prose  » B", "prose  » c"),
	)
})
