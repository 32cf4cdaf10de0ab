package document

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Show prints what was read, for people: a line for each heading, block, row and example, with the line it stands on,
// and below prose and rows the facts that are told in them, with their line and column.
func (d *Document) Show(w io.Writer) error {
	s := &shower{doc: d, out: bufio.NewWriter(w)}
	fmt.Fprintf(s.out, "%s: %s, %d lines, %d sections\n", d.Name, d.Form, len(d.Lines), len(d.Sections))
	for i := range d.Sections {
		s.section(&d.Sections[i])
	}
	return s.out.Flush()
}

type shower struct {
	doc *Document
	out *bufio.Writer
}

func (s *shower) section(section *Section) {
	title := strings.Join(append(append([]string(nil), section.Above...), section.Heading), " › ")
	if section.Heading == "" {
		title = "(no heading)"
	}
	fmt.Fprintf(s.out, "\n%5d  %s %s\n", section.Line, strings.Repeat("#", max(1, section.Level)), title)
	for i := range section.Blocks {
		s.block(&section.Blocks[i])
	}
}

func (s *shower) entry(line int, kind, text string) {
	fmt.Fprintf(s.out, "%5d    %-9s %s\n", line, kind, text)
}

func (s *shower) block(b *Block) {
	switch {
	case b.Endpoint != nil:
		s.entry(b.Line, "endpoint", strings.TrimSpace(b.Endpoint.Method+" "+b.Endpoint.Path))
	case b.Table != nil:
		s.entry(b.Line, "table", strings.Join(b.Table.Header, " | "))
		for _, row := range b.Table.Rows {
			s.entry(row.Line, "  row", strings.Join(row.Cells, " | "))
			before := ""
			for _, cell := range row.Cells {
				s.phrases(row.Line, row.End, before, cell)
				before += cell + "\n"
			}
		}
	case b.Code != nil:
		b.Code.show(s.entry, b)
	default:
		s.entry(b.Line, "prose", b.Text)
		s.phrases(b.Line, b.End, "", b.Text)
	}
}

// phrases shows the facts of a text; before is what stands before it on its lines.
func (s *shower) phrases(first, last int, before, text string) {
	for _, p := range Phrases(text) {
		line, column, _ := s.doc.Place(first, last, before+text, len(before)+p.Offset, p.Length)
		place := fmt.Sprintf("%5d", line)
		if column > 0 {
			place += fmt.Sprintf(":%d", column)
		}
		fmt.Fprintf(s.out, "%-12s %-10s %s\n", place, p.Kind, strings.Join(p.Values, " | "))
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
