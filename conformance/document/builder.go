package document

import (
	"fmt"
	"strconv"
	"strings"
)

// builder takes what a reader finds, in reading order, and makes sections and blocks of it. What a block is made of
// is told here, so that all forms tell it alike.
type builder struct {
	doc   *Document
	above []outline // the headings that the next block stands under, outermost first
	// codeFrom is the first block of the section that the last block of code became.
	codeFrom int
}

type outline struct {
	level int
	text  string
}

func newBuilder(d *Document) *builder {
	d.Sections = append(d.Sections, Section{})
	return &builder{doc: d}
}

// finish drops the section without a heading when nothing stands in it.
func (b *builder) finish() {
	if s := b.doc.Sections; len(s) > 1 && len(s[0].Blocks) == 0 {
		b.doc.Sections = s[1:]
	}
}

func (b *builder) section() *Section { return &b.doc.Sections[len(b.doc.Sections)-1] }

func (b *builder) add(block Block) {
	// What a page does not close ends behind its last line.
	block.Line, block.End = min(block.Line, len(b.doc.Lines)), min(block.End, len(b.doc.Lines))
	s := b.section()
	s.Blocks = append(s.Blocks, block)
}

// heading begins a section at a level from 1. Forms that show no level use headingUnder.
func (b *builder) heading(text string, level, line int) {
	keep := len(b.above)
	for keep > 0 && b.above[keep-1].level >= level {
		keep--
	}
	b.above = b.above[:keep]
	above := make([]string, 0, keep)
	for _, o := range b.above {
		above = append(above, o.text)
	}
	b.headingUnder(text, level, line, above)
	b.above = append(b.above, outline{level, text})
}

func (b *builder) headingUnder(text string, level, line int, above []string) {
	b.doc.Sections = append(b.doc.Sections, Section{Heading: text, Above: above, Level: level, Line: line})
	// "GET /oauth/me" as a heading names the endpoint of what follows.
	if e := endpointOf(text); e != nil {
		b.add(Block{Line: line, End: line, Text: text, Endpoint: e})
	}
}

// prose adds a paragraph or list item, its lines joined and its marks taken off.
func (b *builder) prose(text string, line, end int) {
	if text = oneLine(visible(text)); text == "" {
		return
	}
	block := Block{Line: line, End: end, Text: text}
	switch e := endpointOf(text); {
	case e != nil:
		block.Endpoint = e
	case isHeader(text) && !strings.HasSuffix(text, "."):
		block.Code = &Code{Header: []string{text}}
	default:
		block.Key = keyOf(text)
	}
	b.add(block)
}

// paragraph adds prose whose lines ended somewhere. A line that names an endpoint or a header stands for itself.
func (b *builder) paragraph(text string, line, end int) {
	lines := strings.Split(text, "\n")
	if len(lines) == 1 {
		b.prose(text, line, end)
		return
	}
	place := func(i int) int {
		if len(lines) == end-line+1 {
			return line + i
		}
		return line // the marks broke lines where the source does not
	}
	begin := 0
	for i, l := range lines {
		if l = oneLine(l); endpointOf(l) != nil || isHeader(l) {
			b.prose(strings.Join(lines[begin:i], "\n"), place(begin), place(max(begin, i-1)))
			b.prose(l, place(i), place(i))
			begin = i + 1
		}
	}
	if begin < len(lines) {
		b.prose(strings.Join(lines[begin:], "\n"), place(begin), end)
	}
}

// lines adds what stands without fences and rules in another form, as a text has it.
func (b *builder) lines(lines []string, first int) {
	r := &textReader{b: b, lines: lines, first: first, words: wordsOf(lines)}
	r.scan()
	r.emit()
}

// keyed matches "status: Boolean - …", "Default Scopes: If …" and "Message received - The event …".
var keyed = lazily(`^([^\s:](?:[^:]{0,58}[^\s:])?)(?::| [-–—])\s+\S`)

func keyOf(text string) string {
	m := keyed().FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	key := m[1]
	for _, dash := range []string{" - ", " – ", " — "} {
		key, _, _ = strings.Cut(key, dash)
	}
	if strings.Count(key, " ") > 5 || strings.ContainsAny(key, ".?!") {
		return ""
	}
	return key
}

// table adds a table, and gives each row a cell for each column: empty ones where it has too few, what is too much
// joined to the last by a separator. A table that would be mostly such cells is made to fill memory, and left out.
func (b *builder) table(t *Table, separator string, line, end int) {
	columns, cells := len(t.Header), 0
	for _, r := range t.Rows {
		cells += len(r.Cells)
	}
	if columns > maxColumns || columns*len(t.Rows) > 4*cells+10_000 {
		return
	}
	for i, r := range t.Rows {
		for c := range r.Cells {
			r.Cells[c] = visible(r.Cells[c])
		}
		for len(r.Cells) < columns {
			r.Cells = append(r.Cells, "")
		}
		if len(r.Cells) > columns && columns > 0 {
			r.Cells = append(r.Cells[:columns-1], strings.TrimRight(strings.Join(r.Cells[columns-1:], separator), " |"))
		}
		r.Line = min(r.Line, len(b.doc.Lines))
		r.End = min(max(r.Line, r.End), len(b.doc.Lines))
		t.Rows[i] = r
	}
	b.add(Block{Line: line, End: end, Table: t})
}

// maxColumns is the widest table.
const maxColumns = 64

// otherLanguages are those whose literals begin as JSON does, and are none.
const otherLanguages = " js javascript jsx ts typescript tsx python py ruby rb php go java kotlin swift csharp cs rust c cpp yaml yml xml html css sql graphql diff "

// code adds a fenced, indented or preformatted block: one Block for each JSON value, command, endpoint line or run of
// header lines in it, and one for each run of other lines. line is that of the first line.
func (b *builder) code(text, language string, line int) {
	b.codeFrom = len(b.section().Blocks)
	lines := splitLines(visible(text))
	begin := 0
	for begin < len(lines) && strings.TrimSpace(lines[begin]) == "" {
		begin++
	}
	other := begin
	flush := func(end int) {
		for end > other && strings.TrimSpace(lines[end-1]) == "" {
			end--
		}
		if end > other {
			b.add(Block{Line: line + other, End: line + end - 1, Text: strings.Join(lines[other:end], "\n"), Code: &Code{Language: language}})
		}
	}
	literal := strings.Contains(otherLanguages, " "+strings.ToLower(language)+" ")
	for i := begin; i < len(lines) && !literal; {
		if e := endpointOf(lines[i]); e != nil {
			flush(i)
			b.add(Block{Line: line + i, End: line + i, Text: strings.TrimSpace(lines[i]), Endpoint: e})
			i++
			other = i
			continue
		}
		code, end := codeAt(lines, i, line, false)
		if code == nil {
			i++
			if strings.TrimSpace(lines[i-1]) == "" && other == i-1 {
				other = i
			}
			continue
		}
		flush(i)
		code.Language = language
		b.bareCode(code, lines, i, end, line)
		i, other = end, end
	}
	flush(len(lines))
}

// moveLines puts the code that was added last, as from line 1, on the lines where its lines stand in the source.
func (b *builder) moveLines(lines []int) {
	to := func(line int) int { return lines[min(max(line, 1), len(lines))-1] }
	blocks := b.section().Blocks[b.codeFrom:]
	for i := range blocks {
		block := &blocks[i]
		block.Line, block.End = to(block.Line), to(block.End)
		if block.Code == nil {
			continue
		}
		block.Code.JSON.moveLines(to)
		if block.Code.Curl != nil {
			block.Code.Curl.JSON.moveLines(to)
		}
		block.Code.Broken = lineNamed().ReplaceAllStringFunc(block.Code.Broken, func(m string) string {
			line, _ := strconv.Atoi(strings.TrimPrefix(m, "line "))
			return fmt.Sprintf("line %d", to(line))
		})
	}
}

var lineNamed = lazily(`^line \d+`)

// bareCode adds what codeAt found in lines[at:end], of which lines[0] stands at a line of the document.
func (b *builder) bareCode(code *Code, lines []string, at, end, line int) {
	for end > at+1 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	b.add(Block{Line: line + at, End: line + end - 1, Text: strings.Join(lines[at:end], "\n"), Code: code})
}

// oneLine joins lines, and takes white space for one space, as a page shows it.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// splitLines cuts a text at its line ends, whichever they are, and leaves them out.
func splitLines(text string) []string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	if n := len(lines); n > 0 && lines[n-1] == "" {
		lines = lines[:n-1]
	}
	return lines
}
