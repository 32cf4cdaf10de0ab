package document

import (
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdownReader walks the blocks that goldmark finds, CommonMark with GitHub's tables.
type markdownReader struct {
	b      *builder
	source []byte
	starts []int // of each line
	doc    *Document
}

func readMarkdown(d *Document, source []byte) {
	source = tamed(frontless(source))
	p := parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
	r := &markdownReader{b: newBuilder(d), source: source, starts: []int{0}, doc: d}
	for i, c := range source {
		if c == '\n' {
			r.starts = append(r.starts, i+1)
		}
	}
	r.blocks(p.Parse(text.NewReader(source)))
	r.b.finish()
}

// frontless blanks out a front matter, which is no part of the page, and keeps the lines.
func frontless(source []byte) []byte {
	if !strings.HasPrefix(string(source[:min(4, len(source))]), "---\n") {
		return source
	}
	end := strings.Index(string(source[4:]), "\n---\n")
	if end < 0 {
		return source
	}
	out := append([]byte(nil), source...)
	for i := range out[:4+end+5] {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	return out
}

// line is that of a byte, from 1.
func (r *markdownReader) line(at int) int {
	return sort.SearchInts(r.starts, at+1)
}

// extent gives the first and last line of a block with lines of its own.
func (r *markdownReader) extent(n ast.Node) (first, last int) {
	lines := n.Lines()
	if lines == nil || lines.Len() == 0 {
		return 0, 0
	}
	return r.line(lines.At(0).Start), r.line(max(lines.At(0).Start, lines.At(lines.Len()-1).Stop-1))
}

func (r *markdownReader) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			first, _ := r.extent(n)
			if first == 0 {
				continue // "##" alone heads nothing
			}
			r.b.heading(headingText(r.inline(n)), n.Level, first)
		case *ast.Paragraph, *ast.TextBlock:
			r.paragraph(n)
		case *ast.FencedCodeBlock:
			r.code(n, string(n.Language(r.source)))
		case *ast.CodeBlock:
			r.code(n, "")
		case *ast.HTMLBlock:
			r.html(n)
		case *east.Table:
			r.table(n)
		default: // lists, items, quotes
			r.blocks(n)
		}
	}
}

func (r *markdownReader) paragraph(n ast.Node) {
	first, last := r.extent(n)
	if first == 0 {
		return
	}
	if only := n.FirstChild(); only != nil && only.NextSibling() == nil {
		_, inItem := n.Parent().(*ast.ListItem)
		switch only := only.(type) {
		case *ast.Link:
			if inItem && strings.HasPrefix(string(only.Destination), "#") {
				return // an entry of a table of contents
			}
		case *ast.Emphasis:
			if title := r.inline(n); !inItem && only.Level == 2 && heading(title) {
				r.b.heading(headingText(title), boldLevel, first)
				return
			}
		}
	}
	// JSON, commands and tables without a fence or rule, as text has them.
	lines := make([]string, 0, last-first+1)
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		lines = append(lines, strings.TrimRight(string(at.Value(r.source)), "\r\n"))
	}
	for i := range lines {
		if opensJSON(lines[i]) || opensCommand(lines[i]) {
			r.b.lines(lines, first)
			return
		}
		if t, _ := pipeTableAt(lines, i, first); t != nil && len(t.Rows) > 0 {
			r.b.lines(lines, first)
			return
		}
		if header, _ := headerOf(lines[i]); header != nil && i+1 < len(lines) {
			r.b.lines(lines, first)
			return
		}
	}
	r.b.paragraph(r.inline(n), first, last)
}

func (r *markdownReader) code(n ast.Node, language string) {
	first, _ := r.extent(n)
	if first > 0 {
		r.b.code(string(n.Lines().Value(r.source)), language, first)
	}
}

func (r *markdownReader) html(n *ast.HTMLBlock) {
	first, _ := r.extent(n)
	if first == 0 {
		return
	}
	raw := n.Lines().Value(r.source)
	if n.HasClosure() {
		raw = append(append([]byte(nil), raw...), n.ClosureLine.Value(r.source)...)
	}
	h := &htmlReader{b: r.b, line: first}
	h.read(raw)
}

func (r *markdownReader) table(n *east.Table) {
	t := &Table{}
	begin, line := r.line(max(0, n.Pos())), 0
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, oneLine(r.inline(cell)))
		}
		line = r.line(max(0, row.Pos()))
		if _, ok := row.(*east.TableHeader); ok {
			t.Header, begin, line = cells, line, line+1 // the rule is below it
			continue
		}
		t.Rows = append(t.Rows, Row{Line: line, Cells: cells})
	}
	r.b.table(t, " | ", begin, line)
}

// inline is the text of a block without its marks. Line ends stay.
func (r *markdownReader) inline(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					b.Write(t.Segment.Value(r.source))
				} else if s, ok := c.(*ast.String); ok {
					b.Write(s.Value)
				}
			}
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			value := util.UnescapePunctuations(n.Segment.Value(r.source))
			b.Write(util.ResolveEntityNames(util.ResolveNumericReferences(value)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(r.source))
		case *ast.RawHTML:
			if raw := strings.ToLower(string(n.Segments.Value(r.source))); strings.HasPrefix(raw, "<br") {
				b.WriteByte('\n')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
