package document_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/parley-contracts/parley/conformance/document"
)

// said is what a document says, a line for each heading, block, row and value, without the lines it stands on, so
// that two documents that say the same compare equal. Headings come without levels: text has none.
func said(d *document.Document) []string {
	var out []string
	for _, s := range d.Sections {
		if s.Heading != "" {
			out = append(out, "# "+s.Heading)
		}
		for _, b := range s.Blocks {
			out = append(out, saidBlock(b)...)
		}
	}
	return out
}

func saidBlock(b document.Block) []string {
	switch {
	case b.Endpoint != nil:
		return []string{"endpoint " + b.Endpoint.Method + " " + b.Endpoint.Path}
	case b.Table != nil:
		out := []string{"table " + strings.Join(b.Table.Header, " | ")}
		for _, r := range b.Table.Rows {
			out = append(out, "row "+strings.Join(r.Cells, " | "))
		}
		return out
	case b.Code == nil:
		return []string{"prose " + b.Key + " » " + b.Text}
	}
	out := []string{"code " + strings.Join(b.Code.Header, "; ") + b.Code.Broken}
	switch {
	case b.Code.JSON != nil:
		out = append(out, saidValue(b.Code.JSON))
	case b.Code.Curl != nil:
		c := b.Code.Curl
		out = append(out, c.Method+" "+c.URL+" "+strings.Join(c.Header, "; ")+" "+strings.Join(strings.Fields(c.Body), " "))
		if c.JSON != nil {
			out = append(out, saidValue(c.JSON))
		}
	case len(b.Code.Header) == 0:
		out = append(out, strings.Join(strings.Fields(b.Text), " "))
	}
	return out
}

func saidValue(v *document.Value) string {
	var parts []string
	for _, m := range v.Members {
		parts = append(parts, m.Name+": "+saidValue(m))
	}
	for _, i := range v.Items {
		parts = append(parts, saidValue(i))
	}
	return fmt.Sprintf("%s %q (%s)", v.Kind, v.Text, strings.Join(parts, ", "))
}

// levels gives a document that shows none the levels that its outline has.
func level(s document.Section) int {
	if s.Level > 0 {
		return s.Level
	}
	return 1 + min(len(s.Above), 5)
}

var marks = regexp.MustCompile("([\\\\`*_{}\\[\\]<>#|~&])")

func escaped(text string) string { return marks.ReplaceAllString(text, `\$1`) }

// markdownOf writes a document as Markdown.
func markdownOf(d *document.Document) string {
	var w strings.Builder
	for _, s := range d.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&w, "%s %s\n\n", strings.Repeat("#", level(s)), escaped(s.Heading))
		}
		for _, b := range s.Blocks {
			switch {
			case b.Endpoint != nil:
				fmt.Fprintf(&w, "**Endpoint:** `%s %s`\n\n", b.Endpoint.Method, b.Endpoint.Path)
			case b.Table != nil:
				row := func(cells []string) {
					for _, c := range cells {
						fmt.Fprintf(&w, "| %s ", escaped(c))
					}
					w.WriteString("|\n")
				}
				row(b.Table.Header)
				w.WriteString(strings.Repeat("|---", len(b.Table.Header)) + "|\n")
				for _, r := range b.Table.Rows {
					row(r.Cells)
				}
				w.WriteString("\n")
			case b.Code != nil:
				language := "bash"
				if b.Code.JSON != nil {
					language = "json"
				}
				fmt.Fprintf(&w, "```%s\n%s\n```\n\n", language, b.Text)
			case b.Key != "":
				fmt.Fprintf(&w, "- **%s**%s\n\n", escaped(b.Key), escaped(strings.TrimPrefix(b.Text, b.Key)))
			default:
				fmt.Fprintf(&w, "%s\n\n", escaped(b.Text))
			}
		}
	}
	return w.String()
}

var token = regexp.MustCompile(`"[^"\n]*"|[{}\[\],:]|[A-Za-z]+`)

// htmlOf writes a document as a page: with scripts, a navigation, buttons to copy, and code in colours.
func htmlOf(d *document.Document) string {
	var w strings.Builder
	w.WriteString("<!DOCTYPE html>\n<html lang=en><head><title>Page</title><script>if (a<b) { \"x\": 1 }</script><style>p { color: red }</style></head>\n<body>\n")
	w.WriteString("<nav><ul><li><a href=\"/\">GET /nothing</a></li></ul></nav>\n<main>\n")
	for n, s := range d.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&w, "<h%d id=\"h%d\">%s<a class=\"headerlink\" href=\"#h%d\">¶</a></h%d>\n", level(s), n, html.EscapeString(s.Heading), n, level(s))
		}
		for _, b := range s.Blocks {
			switch {
			case b.Endpoint != nil:
				fmt.Fprintf(&w, "<p><strong>Endpoint:</strong>\n<code>%s %s</code></p>\n", b.Endpoint.Method, html.EscapeString(b.Endpoint.Path))
			case b.Table != nil:
				w.WriteString("<div class=\"scroll\"><table>\n<thead><tr>")
				for _, c := range b.Table.Header {
					fmt.Fprintf(&w, "<th>%s</th>", html.EscapeString(c))
				}
				w.WriteString("</tr></thead>\n<tbody>\n")
				for _, r := range b.Table.Rows {
					w.WriteString("<tr>\n")
					for _, c := range r.Cells {
						fmt.Fprintf(&w, "  <td><p>%s</p></td>\n", html.EscapeString(c))
					}
					w.WriteString("</tr>\n")
				}
				w.WriteString("</tbody></table></div>\n")
			case b.Code != nil:
				colored := token.ReplaceAllStringFunc(b.Text, func(t string) string { return "\x01" + t + "\x02" })
				colored = strings.NewReplacer("\x01", `<span class="tok">`, "\x02", "</span>").Replace(html.EscapeString(colored))
				fmt.Fprintf(&w, "<div class=\"highlight\"><button>Copy</button><pre><code>%s</code></pre></div>\n<script>hljs()</script>\n", colored)
			case b.Key != "":
				fmt.Fprintf(&w, "<ul><li><code>%s</code>%s</li></ul>\n", html.EscapeString(b.Key), html.EscapeString(strings.TrimPrefix(b.Text, b.Key)))
			default:
				fmt.Fprintf(&w, "<p>%s</p>\n", html.EscapeString(b.Text))
			}
		}
	}
	w.WriteString("</main></body></html>\n")
	return w.String()
}
