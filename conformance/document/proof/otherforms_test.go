package proof

import (
	"fmt"
	"html"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// model is what the proof-reader reads of a text.
func modelOf(text string) *document.Document {
	GinkgoHelper()
	d, err := document.Read("page", []byte(text))
	Expect(err).NotTo(HaveOccurred())
	return d
}

// A markup is how a form of text writes what is no prose.
type markup struct {
	start   string
	heading func(title string) string
	table   func(t *document.Table) string
	code    func(text string) string
}

// written is a page in a form whose prose, lists and endpoint lines are plain.
func (m markup) written(text string) string {
	d := modelOf(text)
	var b strings.Builder
	b.WriteString(m.start)
	for _, s := range d.Sections {
		if s.Heading != "" {
			b.WriteString(m.heading(s.Heading) + "\n\n")
		}
		for _, k := range s.Blocks {
			switch {
			case k.Endpoint != nil:
				fmt.Fprintf(&b, "Endpoint: %s %s\n\n", k.Endpoint.Method, k.Endpoint.Path)
			case k.Table != nil:
				b.WriteString(m.table(k.Table) + "\n")
			case k.Code != nil:
				b.WriteString(m.code(strings.TrimRight(k.Text, "\n")) + "\n\n")
			case isItem(d, k):
				fmt.Fprintf(&b, "* %s\n", k.Text)
			default:
				fmt.Fprintf(&b, "%s\n\n", k.Text)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

var asciiDoc = markup{
	start:   "= API Reference\n:toc:\n:sectnums:\n\n",
	heading: func(title string) string { return "== " + title },
	table: func(t *document.Table) string {
		rows := "|===\n|" + strings.Join(t.Header, " |") + "\n\n"
		for _, r := range t.Rows {
			rows += "|" + strings.Join(r.Cells, " |") + "\n"
		}
		return rows + "|===\n"
	},
	code: func(text string) string { return "[source,json]\n----\n" + text + "\n----" },
}

// underlined is as people write without any markup: a rule below each heading, bars between the cells, code set in.
var underlined = markup{
	heading: func(title string) string { return title + "\n" + strings.Repeat("-", len(title)) },
	table: func(t *document.Table) string {
		rows := strings.Join(t.Header, " | ") + "\n"
		for _, r := range t.Rows {
			rows += strings.Join(r.Cells, " | ") + "\n"
		}
		return rows
	},
	code: func(text string) string {
		return ".. code-block:: json\n\n    " + strings.ReplaceAll(text, "\n", "\n    ")
	},
}

// asOtherHTML writes a page as older ones are: large tags that nobody closes, bold headers, numbered lines of code.
func asOtherHTML(text string) string {
	d := modelOf(text)
	var b strings.Builder
	b.WriteString("<HTML><BODY><DIV class=wrapper><ASIDE><p>Sign up: 30 days free</p></ASIDE>")
	for _, s := range d.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&b, "<H%d>%s <a href=\"#x\" class=\"headerlink\" title=\"Permalink\">¶</a></H%d>\n", level(s), html.EscapeString(s.Heading), level(s))
		}
		for _, k := range s.Blocks {
			switch {
			case k.Endpoint != nil:
				fmt.Fprintf(&b, "<div class=\"endpoint\"><span class=\"badge\">%s</span>&nbsp;<code>%s</code></div>\n", k.Endpoint.Method, strings.ReplaceAll(html.EscapeString(k.Endpoint.Path), "/", "/<wbr>"))
			case k.Table != nil:
				b.WriteString("<TABLE><TR>")
				for _, c := range k.Table.Header {
					fmt.Fprintf(&b, "<TD><B>%s</B>", html.EscapeString(c))
				}
				for _, r := range k.Table.Rows {
					b.WriteString("\n<TR>")
					for _, c := range r.Cells {
						fmt.Fprintf(&b, "<TD><p>%s</p>", strings.ReplaceAll(html.EscapeString(c), " ", "&#32;\n"))
					}
				}
				b.WriteString("</TABLE>\n")
			case k.Code != nil:
				lines := strings.Split(strings.TrimRight(k.Text, "\n"), "\n")
				b.WriteString("<figure><figcaption>Shell</figcaption><pre>")
				for i, l := range lines {
					fmt.Fprintf(&b, "<span class=\"lineno\">%d</span><span class=\"line\">%s</span>\n", i+1, html.EscapeString(l))
				}
				b.WriteString("</pre></figure>\n")
			case isItem(d, k):
				fmt.Fprintf(&b, "<ul><li><p>%s</p></ul>\n", html.EscapeString(k.Text))
			default:
				fmt.Fprintf(&b, "<p>%s\n", strings.ReplaceAll(html.EscapeString(k.Text), " ", "\n"))
			}
		}
	}
	b.WriteString("</DIV><footer>Version 3.2, 14 May 2024</footer></BODY></HTML>")
	return b.String()
}

// asOtherMarkdown writes a page with front matter, links to its sections, underlined headings, aligned tables, indented code and quotes.
func asOtherMarkdown(text string) string {
	d := modelOf(text)
	var b strings.Builder
	b.WriteString("---\ntitle: API\nversion: 3.1\nmax: 50\n---\n\n<!-- toc -->\n")
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "- [%s](#%s)\n", s.Heading, strings.ReplaceAll(strings.ToLower(s.Heading), " ", "-"))
	}
	b.WriteString("\n")
	for _, s := range d.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&b, "%s {#x}\n%s\n\n", s.Heading, strings.Repeat("=", 10))
		}
		for _, k := range s.Blocks {
			switch {
			case k.Endpoint != nil:
				fmt.Fprintf(&b, "```http\n%s %s HTTP/1.1\n```\n\n", k.Endpoint.Method, k.Endpoint.Path)
			case k.Table != nil:
				line := func(cells []string) {
					b.WriteString("|")
					for _, c := range cells {
						fmt.Fprintf(&b, " %-20s |", strings.ReplaceAll(strings.ReplaceAll(c, "|", "\\|"), "_", "\\_"))
					}
					b.WriteString("\n")
				}
				line(k.Table.Header)
				b.WriteString("|" + strings.Repeat(":------------------:|", len(k.Table.Header)) + "\n")
				for _, r := range k.Table.Rows {
					line(r.Cells)
				}
				b.WriteString("\n")
			case k.Code != nil:
				b.WriteString("    " + strings.ReplaceAll(strings.TrimRight(k.Text, "\n"), "\n", "\n    ") + "\n\n")
			case isItem(d, k):
				fmt.Fprintf(&b, "* %s\n\n", markdownText(k.Text))
			default:
				fmt.Fprintf(&b, "> %s\n\n", markdownText(k.Text))
			}
		}
	}
	return b.String()
}
