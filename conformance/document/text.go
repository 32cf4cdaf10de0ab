package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// textReader reads text taken from a web page. Two passes: what each line belongs to (code, table, list, heading, prose), then
// sections and blocks of it. It takes fences and # or = headings as well, for whoever adds some.
type textReader struct {
	b     *builder
	lines []string
	first int // the line of the document that lines[0] is
	words map[string]int
	spans []span
	// tight is a text without blank lines, where a heading stands between lines of other blocks.
	tight bool
	// width is that which prose was broken at, 0 for lines that are whole paragraphs.
	width int
}

// span is a run of lines and what they are.
type span struct {
	kind     spanKind
	at, end  int
	code     *Code
	table    *Table
	language string
}

type spanKind int

const (
	blankSpan spanKind = iota
	plainSpan          // one line of prose, or a heading
	loneSpan           // a line that is a paragraph of its own: an endpoint, an address, a limit
	headingSpan
	contentsSpan // a line of a table of contents
	markedSpan   // # A heading
	itemSpan     // the first line of a list item
	codeSpan
	fenceSpan
	tableSpan
)

var (
	item      = lazily(`^\s*(?:[•‣▪◦●○·*+–-]|\d{1,3}[.)])\s+(\S.*)$`)
	marked    = lazily(`^ {0,3}(#{1,6}|={1,6})\s+(.*?)(?:\s+(?:#+|=+))?\s*$`)
	fence     = lazily("^\\s*(```+|~~~+)\\s*([\\w+#.-]*)[^`]*$")
	rule      = lazily(`^\s*(?:[-*_=]\s*){3,}$`)
	address   = lazily(`^https?://\S+$`)
	symbol    = lazily(`^\p{So}`) // "✅ Total Conversations: 47"
	dash      = lazily(`^\s*[-–—]\s+\p{Ll}`)
	continued = lazily(`^[\p{Ll}({,;.&]`)
)

// opensText: a line begins as a sentence, heading or row does.
func opensText(line string) bool {
	first, _ := utf8.DecodeRuneInString(line)
	return unicode.IsUpper(first) || unicode.IsNumber(first)
}

// stops: a line ends as a sentence, or a part of one, does.
func stops(line string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, `)"'”’]`))
	return strings.ContainsRune(".:;,!?…", last)
}

func readText(d *Document) {
	r := &textReader{b: newBuilder(d), lines: d.Lines, first: 1, words: wordsOf(d.Lines)}
	r.tight = isTight(d.Lines)
	r.scan()
	r.measure()
	r.headings()
	r.contents()
	r.emit()
	r.b.finish()
}

// scan tells what each line belongs to, but for headings.
func (r *textReader) scan() {
	for i := 0; i < len(r.lines); {
		s := r.spanAt(i)
		r.spans = append(r.spans, s)
		i = s.end
	}
}

func (r *textReader) spanAt(i int) span {
	line := r.lines[i]
	switch {
	case strings.TrimSpace(line) == "":
		return span{kind: blankSpan, at: i, end: i + 1}
	case isFence(line):
		end := fenceEnd(r.lines, i)
		return span{kind: fenceSpan, at: i, end: end, language: fence().FindStringSubmatch(line)[2]}
	case isMarked(line):
		return span{kind: markedSpan, at: i, end: i + 1}
	}
	if code, end := codeAt(r.lines, i, r.first, true); code != nil {
		return span{kind: codeSpan, at: i, end: end, code: code}
	}
	if table, end := pipeTableAt(r.lines, i, r.first); table != nil {
		return span{kind: tableSpan, at: i, end: end, table: table}
	}
	if table, end := gluedTableAt(r.lines, i, r.first, r.words, r.tight); table != nil {
		return span{kind: tableSpan, at: i, end: end, table: table}
	}
	if opensWith(line, "-*_=") && rule().MatchString(line) || opensWith(line, "|") && pipeEdge().MatchString(line) {
		return span{kind: blankSpan, at: i, end: i + 1}
	}
	switch {
	case isItem(line) && !r.brokenAtDash(i):
		return span{kind: itemSpan, at: i, end: i + 1}
	case lone(line):
		return span{kind: loneSpan, at: i, end: i + 1}
	}
	return span{kind: plainSpan, at: i, end: i + 1}
}

// lone tells whether a line stands for itself, whatever is above and below it.
func lone(line string) bool {
	line = strings.TrimSpace(line)
	return endpointOf(line) != nil || symbol().MatchString(line) && bareTitle(line) == line || strings.Contains(line, "→") || address().MatchString(line) || mayHead(line) && !heading(line)
}

// brokenAtDash tells a sentence that was broken before its dash from a list: "changes slightly\n- it becomes …".
func (r *textReader) brokenAtDash(i int) bool {
	if i == 0 || r.spans[len(r.spans)-1].kind != plainSpan || !dash().MatchString(r.lines[i]) {
		return false
	}
	listed := i+1 < len(r.lines) && isItem(r.lines[i+1])
	return !listed && !stops(strings.TrimSpace(r.lines[i-1]))
}

// fenceEnd is the line after the closing fence, or the end of the text.
func fenceEnd(lines []string, at int) int {
	open := fence().FindStringSubmatch(lines[at])[1]
	for i := at + 1; i < len(lines); i++ {
		if l := strings.TrimSpace(lines[i]); strings.HasPrefix(l, open) && strings.Trim(l, open[:1]) == "" {
			return i + 1
		}
	}
	return len(lines)
}

// startsBlock tells whether a line begins something other than prose.
func startsBlock(lines []string, i int) bool {
	l := lines[i]
	return isItem(l) || isMarked(l) || isFence(l) || opensCommand(l) || opensJSON(l) ||
		strings.Contains(l, "|") || endpointOf(l) != nil || isHeader(strings.TrimSpace(l))
}

// emit gives the builder what was found.
func (r *textReader) emit() {
	outline := r.outline()
	for i := 0; i < len(r.spans); i++ {
		s := r.spans[i]
		switch s.kind {
		case headingSpan:
			r.b.headingUnder(r.title(s), 0, r.first+s.at, outline.under(i))
		case markedSpan:
			m := marked().FindStringSubmatch(r.lines[s.at])
			r.b.headingUnder(r.title(s), len(m[1]), r.first+s.at, outline.under(i))
		case codeSpan:
			r.b.bareCode(s.code, r.lines, s.at, s.end, r.first)
		case fenceSpan:
			end := s.end
			if end > s.at+1 && isFence(r.lines[end-1]) {
				end--
			}
			r.b.code(strings.Join(r.lines[s.at+1:end], "\n"), s.language, r.first+s.at+1)
		case tableSpan:
			r.b.table(s.table, " | ", r.first+s.at, r.first+s.end-1)
		case loneSpan:
			last := s // "60 requests per minute for each\naccount"
			if next := i + 1; next < len(r.spans) && r.spans[next].kind == plainSpan && mayHead(r.lines[s.at]) && continued().MatchString(r.lines[r.spans[next].at]) {
				last, i = r.spans[next], next
			}
			r.prose(s, last)
		case itemSpan, plainSpan:
			last := r.paragraph(i)
			r.prose(r.spans[i], r.spans[last])
			i = last
		}
	}
}

// paragraph is the index of the last span of the paragraph or item that begins at one.
func (r *textReader) paragraph(i int) int {
	begin := r.spans[i]
	indent := indentOf(r.lines[begin.at])
	for i+1 < len(r.spans) && r.spans[i+1].kind == plainSpan {
		at := r.spans[i+1].at
		deeper := begin.kind == itemSpan && indentOf(r.lines[at]) > indent
		if (r.tight || begin.kind == itemSpan) && !deeper && !r.flows(at) {
			break
		}
		i++
	}
	return i
}

func (r *textReader) prose(begin, last span) {
	lines := append([]string(nil), r.lines[begin.at:last.end]...)
	if m := item().FindStringSubmatch(lines[0]); m != nil && begin.kind == itemSpan {
		lines[0] = m[1]
	}
	r.b.prose(plain(strings.Join(lines, "\n")), r.first+begin.at, r.first+last.end-1)
}
