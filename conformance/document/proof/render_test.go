package proof

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/parley-contracts/parley/conformance/document"
)

// asMarkdown writes what was read of a document as a Markdown page.
func asMarkdown(d *document.Document) string {
	var b strings.Builder
	for _, s := range d.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&b, "%s %s\n\n", strings.Repeat("#", level(s)), s.Heading)
		}
		for _, block := range s.Blocks {
			switch {
			case block.Endpoint != nil:
				fmt.Fprintf(&b, "**Endpoint:** `%s %s`\n\n", block.Endpoint.Method, block.Endpoint.Path)
			case block.Table != nil:
				markdownTable(&b, *block.Table)
			case block.Code != nil:
				fmt.Fprintf(&b, "```%s\n%s\n```\n\n", language(*block.Code), strings.TrimRight(block.Text, "\n"))
			default:
				fmt.Fprintf(&b, "%s%s\n\n", markdownItem(d, block), markdownText(block.Text))
			}
		}
	}
	return b.String()
}

// level is that of a form that has none, told from what stands in the section.
func level(s document.Section) int {
	if s.Level > 0 {
		return min(s.Level+1, 6)
	}
	return min(len(s.Above)+2, 6)
}

func language(c document.Code) string {
	switch {
	case c.Curl != nil:
		return "bash"
	case c.JSON != nil:
		return "json"
	}
	return ""
}

func markdownTable(b *strings.Builder, t document.Table) {
	line := func(cells []string) {
		fmt.Fprintf(b, "| %s |\n", strings.ReplaceAll(strings.Join(cells, " | "), "\n", " "))
	}
	line(t.Header)
	fmt.Fprintf(b, "|%s\n", strings.Repeat(" --- |", len(t.Header)))
	for _, row := range t.Rows {
		cells := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			cells[i] = strings.ReplaceAll(cell, "|", `\|`)
			if i == 0 && regexp.MustCompile(`^\w+$`).MatchString(cell) {
				cells[i] = "`" + cell + "`"
			}
		}
		line(cells)
	}
	b.WriteString("\n")
}

var bulletOf = regexp.MustCompile(`^\s*([•*-]|\d+\.) `)

func isItem(d *document.Document, block document.Block) bool {
	return bulletOf.MatchString(d.Quote(block.Line))
}

func markdownItem(d *document.Document, block document.Block) string {
	if isItem(d, block) {
		return "- "
	}
	return ""
}

// markdownText keeps what is no markup from being taken for some.
func markdownText(text string) string {
	return strings.NewReplacer("_", `\_`, "*", `\*`, "<", `\<`, "#", `\#`).Replace(text)
}

// asHTML writes what was read of a document as a page of the web: with navigation, scripts, highlighting in spans,
// buttons, and anchors in its headings.
func asHTML(d *document.Document) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>API</title><style>.hljs{color:#333;max-width:100px}</style>
<script>window.config = {"per_page": 999, "status": "none"}; fetch("/api/v9/everything");</script></head><body>
<header><a href="/">Home</a> <a href="/pricing">Pricing: 49 a month</a></header><nav><ul>`)
	for i, s := range d.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&b, `<li><a href="#s%d">%s</a></li>`, i, html.EscapeString(s.Heading))
		}
	}
	b.WriteString("</ul></nav>\n<main><article>\n")
	for i, s := range d.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&b, "<h%d id=\"s%d\"><a class=\"anchor\" href=\"#s%d\" aria-hidden=\"true\"></a>%s</h%d>\n", level(s), i, i, html.EscapeString(s.Heading), level(s))
		}
		for _, block := range s.Blocks {
			htmlBlock(&b, d, block)
		}
	}
	b.WriteString("</article></main><footer>© 2026, made in 3 countries</footer><script>track(60, 'requests per minute')</script></body></html>\n")
	return b.String()
}

func htmlBlock(b *strings.Builder, d *document.Document, block document.Block) {
	switch {
	case block.Endpoint != nil:
		fmt.Fprintf(b, "<p><strong>Endpoint:</strong> <code><span class=\"verb\">%s</span> %s</code></p>\n", block.Endpoint.Method, html.EscapeString(block.Endpoint.Path))
	case block.Table != nil:
		htmlTable(b, *block.Table)
	case block.Code != nil:
		fmt.Fprintf(b, "<div class=\"code\"><button>Copy</button><pre><code class=\"language-%s\">%s</code></pre></div>\n", language(*block.Code), highlighted(block.Text))
	case isItem(d, block):
		fmt.Fprintf(b, "<ul><li>%s</li></ul>\n", html.EscapeString(block.Text))
	default:
		fmt.Fprintf(b, "<p>%s</p>\n", html.EscapeString(block.Text))
	}
}

var (
	stringToken = regexp.MustCompile(`&#34;[^&]*&#34;`)
	wordToken   = regexp.MustCompile(`\b(true|false|null|curl)\b`)
)

// highlighted puts what a highlighter would into spans.
func highlighted(code string) string {
	code = html.EscapeString(strings.TrimRight(code, "\n"))
	code = stringToken.ReplaceAllString(code, `<span class="hljs-string">$0</span>`)
	return wordToken.ReplaceAllString(code, `<span class="hljs-literal">$0</span>`)
}

func htmlTable(b *strings.Builder, t document.Table) {
	b.WriteString("<div class=\"scroll\"><table><thead><tr>")
	for _, cell := range t.Header {
		fmt.Fprintf(b, "<th scope=\"col\">%s</th>", html.EscapeString(cell))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for i, cell := range row.Cells {
			if i == 0 {
				fmt.Fprintf(b, "\n  <td><code>%s</code></td>", html.EscapeString(cell))
			} else {
				fmt.Fprintf(b, "\n  <td>%s</td>", html.EscapeString(cell))
			}
		}
		b.WriteString("\n</tr>\n")
	}
	b.WriteString("</tbody></table></div>\n")
}
