package document

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlReader works on tokens, not on a tree: only they tell where in the source they stand, and no page is too deep.
type htmlReader struct {
	b    *builder
	line int // of the token at hand

	skip  atom.Atom // within an element that shows no text of the document
	depth int       // of elements of that name

	text     strings.Builder // of the paragraph, item, heading or cell at hand
	begin    int             // its first line
	end      int             // its last
	links    int             // bytes of it within links to the page itself
	bold     int             // bytes of it within <b> or <strong>
	inLink   bool
	inBold   int
	heading  int // level of the heading at hand, else 0
	item     int // depth of lists' items
	term     string
	termLine int

	pre   *preformatted
	table *htmlTable
}

func readHTML(d *Document, source []byte) {
	// The tokenizer makes a line end of a carriage return; the lines of the document have none there.
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte(" \n"))
	source = bytes.ReplaceAll(source, []byte("\r"), []byte(" "))
	r := &htmlReader{b: newBuilder(d), line: 1}
	r.read(source)
	r.b.finish()
}

func (r *htmlReader) read(source []byte) {
	z := html.NewTokenizer(bytes.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := z.Raw()
		lines := bytes.Count(raw, []byte("\n"))
		switch kind {
		case html.TextToken:
			if r.skip == 0 {
				r.characters(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			var attributes map[string]string
			for more && kind != html.EndTagToken {
				var key, value []byte
				key, value, more = z.TagAttr()
				if attributes == nil {
					attributes = map[string]string{}
				}
				if len(attributes) < 20 {
					attributes[string(key)] = string(value)
				}
			}
			r.tag(tag, kind, attributes)
		}
		r.line += lines
	}
	r.endPre()
	r.endTable()
	r.flush()
}

// hidden are the elements whose text is not the document's.
var hidden = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Nav: true, atom.Template: true, atom.Svg: true, atom.Head: true, atom.Button: true,
	atom.Noscript: true, atom.Select: true, atom.Iframe: true, atom.Textarea: true, atom.Object: true, atom.Title: true,
}

// void are the elements that have no end tag.
var void = map[atom.Atom]bool{
	atom.Br: true, atom.Hr: true, atom.Img: true, atom.Input: true, atom.Link: true, atom.Meta: true, atom.Wbr: true, atom.Col: true,
}

func (r *htmlReader) tag(tag atom.Atom, kind html.TokenType, attributes map[string]string) {
	start := kind != html.EndTagToken
	if r.skip != 0 {
		again := tag == r.skip && kind == html.StartTagToken
		switch {
		case again && (tag == atom.Td || tag == atom.Li || tag == atom.P):
			r.skip = 0 // these need no end tag; the next one ends them
		case again:
			r.depth++
			return
		case tag == r.skip && kind == html.EndTagToken:
			if r.depth--; r.depth == 0 {
				r.skip = 0
			}
			return
		default:
			return
		}
	}
	if start && kind != html.SelfClosingTagToken && tag != 0 && !void[tag] && (hidden[tag] || decoration(attributes)) {
		r.skip, r.depth = tag, 1
		return
	}
	if r.pre != nil && r.inPre(tag, start, attributes) {
		return
	}
	switch tag {
	case atom.A:
		r.inLink = start && strings.HasPrefix(attributes["href"], "#")
	case atom.B, atom.Strong:
		if start {
			r.inBold++
		} else {
			r.inBold = max(0, r.inBold-1)
		}
	case atom.Br:
		r.text.WriteByte('\n')
	case atom.Pre:
		if start {
			r.beginPre(attributes)
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if start {
			r.endTable() // one that nobody closed, or that only lays out a page
		}
		r.flush()
		r.heading = 0
		if start {
			r.heading = int(tag.String()[1] - '0')
		}
	case atom.Table:
		r.tableTag(start)
	case atom.Tr, atom.Td, atom.Th:
		r.cellTag(tag, start, attributes)
	case atom.Li, atom.Dt, atom.Dd, atom.Ul, atom.Ol, atom.Dl:
		r.listTag(tag, start)
	default:
		if blockTags[tag] {
			r.flush()
		}
	}
}

var blockTags = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Header: true, atom.Footer: true,
	atom.Aside: true, atom.Blockquote: true, atom.Figure: true, atom.Figcaption: true, atom.Details: true, atom.Summary: true,
	atom.Hr: true, atom.Body: true, atom.Html: true, atom.Form: true, atom.Fieldset: true, atom.Caption: true, atom.Address: true,
	atom.Thead: true, atom.Tbody: true, atom.Tfoot: true, atom.Center: true,
}

// decoration tells elements that a page adds to a document: numbers of lines beside code, marks to link to a heading.
func decoration(attributes map[string]string) bool {
	if _, ok := attributes["hidden"]; ok || attributes["aria-hidden"] == "true" {
		return true
	}
	for class := range strings.FieldsSeq(strings.ToLower(attributes["class"])) {
		switch class {
		case "lineno", "linenos", "line-number", "line-numbers", "linenumber", "gutter", "ln", "lnt", "hljs-ln-numbers", "rouge-gutter", "headerlink", "header-anchor", "anchor-link", "sr-only":
			return true
		}
	}
	return false
}

func (r *htmlReader) characters(text []byte) {
	if r.pre != nil {
		r.pre.add(string(text), r.line)
		return
	}
	words := bytes.TrimSpace(text)
	if len(words) == 0 {
		r.text.WriteByte(' ')
		return
	}
	first := r.line + bytes.Count(text[:bytes.Index(text, words)], []byte("\n"))
	if r.begin == 0 {
		r.begin = first
	}
	r.end = first + bytes.Count(words, []byte("\n"))
	if r.inLink {
		r.links += len(words)
	}
	if r.inBold > 0 {
		r.bold += len(words)
	}
	// Only <br> breaks a line.
	r.text.WriteString(strings.ReplaceAll(string(text), "\n", " "))
}

// boldLevel is that of a paragraph which is all bold: a heading below those that are marked as such.
const boldLevel = 7

// flush ends the paragraph, item, heading or cell at hand.
func (r *htmlReader) flush() {
	if r.table != nil && r.table.inCell {
		// A cell may hold paragraphs; it is one text all the same.
		r.text.WriteByte(' ')
		return
	}
	text, begin, end := strings.Trim(r.text.String(), " \t\r\n\f\u200b"), r.begin, r.end
	links, bold := r.links, r.bold
	r.text.Reset()
	r.begin, r.end, r.links, r.bold = 0, 0, 0, 0
	if text == "" || begin == 0 {
		return
	}
	if r.table != nil {
		if len(r.table.rows) > 0 {
			return // between rows, where nothing may stand
		}
		r.table.begin = max(r.table.begin, end) // a caption: the table begins below it
	}
	size := len(strings.Join(strings.Fields(text), ""))
	whole := func(n int) bool { return n >= size }
	switch {
	case r.heading > 0:
		r.b.heading(headingText(text), r.heading, begin)
	case r.item > 0 && whole(links):
		// An entry of a table of contents.
	case r.item == 0 && whole(bold) && heading(oneLine(text)):
		r.b.heading(headingText(text), boldLevel, begin)
	case opensJSON(text) || opensCommand(text):
		r.b.code(text, "", 1)
		// Only <br> broke its lines, each where a line of the source ends or none.
		lines := make([]int, strings.Count(text, "\n")+1)
		for i := range lines {
			lines[i] = min(begin+i, end)
		}
		r.b.moveLines(lines)
	case r.term != "":
		r.b.prose(r.term+": "+text, r.termLine, end)
		r.term = ""
	default:
		r.b.paragraph(text, begin, end)
	}
}

// span is a colspan or rowspan, 1 without.
func spanOf(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 100)
}
