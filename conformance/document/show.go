package document

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Show prints what was read, for people: a line for each heading, block, row and example, with the line it stands on.
func (d *Document) Show(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s: %s, %d lines, %d sections\n", d.Name, d.Form, len(d.Lines), len(d.Sections))
	for i := range d.Sections {
		d.Sections[i].show(out)
	}
	return out.Flush()
}

func (s *Section) show(out *bufio.Writer) {
	title := strings.Join(append(append([]string(nil), s.Above...), s.Heading), " › ")
	if s.Heading == "" {
		title = "(no heading)"
	}
	fmt.Fprintf(out, "\n%5d  %s %s\n", s.Line, strings.Repeat("#", max(1, s.Level)), title)
	for i := range s.Blocks {
		s.Blocks[i].show(out)
	}
}

func (b *Block) show(out *bufio.Writer) {
	entry := func(line int, kind, text string) { fmt.Fprintf(out, "%5d    %-9s %s\n", line, kind, text) }
	switch {
	case b.Endpoint != nil:
		entry(b.Line, "endpoint", strings.TrimSpace(b.Endpoint.Method+" "+b.Endpoint.Path))
	case b.Table != nil:
		entry(b.Line, "table", strings.Join(b.Table.Header, " | "))
		for _, row := range b.Table.Rows {
			entry(row.Line, "  row", strings.Join(row.Cells, " | "))
			for _, cell := range row.Cells {
				for _, p := range Phrases(cell) {
					entry(row.Line, "    "+string(p.Kind), strings.Join(p.Values, " | "))
				}
			}
		}
	case b.Code != nil:
		b.Code.show(entry, b)
	default:
		entry(b.Line, "prose", b.Text)
		for _, p := range Phrases(b.Text) {
			entry(b.Line, "  "+string(p.Kind), strings.Join(p.Values, " | "))
		}
	}
}

func (c *Code) show(entry func(line int, kind, text string), b *Block) {
	if c.Broken != "" {
		entry(b.Line, "broken", c.Broken)
	}
	switch {
	case c.Curl != nil:
		entry(b.Line, "curl", c.Curl.Method+" "+c.Curl.URL)
		for _, h := range c.Curl.Header {
			entry(b.Line, "  header", h)
		}
		if c.Curl.JSON != nil {
			entry(c.Curl.JSON.Line, "  body", c.Curl.JSON.shape())
		} else if c.Curl.Body != "" {
			entry(b.Line, "  body", oneLine(c.Curl.Body))
		}
	case c.JSON != nil:
		entry(b.Line, "json", c.JSON.shape())
	case len(c.Header) > 0:
		for i, h := range c.Header {
			entry(b.Line+i, "header", h)
		}
	case c.Broken == "":
		for i, l := range splitLines(b.Text) {
			entry(b.Line+i, "code", l)
		}
	}
}

// shape is a value on one line, each member with the line it stands on.
func (v *Value) shape() string {
	switch v.Kind {
	case "object":
		members := make([]string, len(v.Members))
		for i, m := range v.Members {
			members[i] = fmt.Sprintf("%s@%d: %s", m.Name, m.Line, m.shape())
		}
		return "{" + strings.Join(members, ", ") + "}"
	case "array":
		items := make([]string, len(v.Items))
		for i, item := range v.Items {
			items[i] = item.shape()
		}
		return "[" + strings.Join(items, ", ") + "]"
	case "string":
		return fmt.Sprintf("%q", v.Text)
	case "null":
		return "null"
	}
	return v.Text
}
