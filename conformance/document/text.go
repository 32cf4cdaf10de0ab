package document

import (
	"regexp"
	"strings"
)

// textReader reads text taken from a web page. Two passes: what each line belongs to (code, table, list, heading, prose), then
// sections and blocks of it. It takes fences and # headings as well, for whoever adds some.
type textReader struct {
	b     *builder
	lines []string
	first int // the line of the document that lines[0] is
	words map[string]int
	spans []span
	// tight is a text without blank lines, where a heading stands between lines of other blocks.
	tight bool
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
	headingSpan
	contentsSpan // a line of a table of contents
	markedSpan   // # A heading
	itemSpan     // the first line of a list item
	codeSpan
	fenceSpan
	tableSpan
)

var (
	item      = regexp.MustCompile(`^\s*(?:[•‣▪◦●○·*+–-]|\d{1,3}[.)])\s+(\S.*)$`)
	marked    = regexp.MustCompile(`^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$`)
	fence     = regexp.MustCompile("^\\s*(```+|~~~+)\\s*([\\w+#.-]*)[^`]*$")
	rule      = regexp.MustCompile(`^\s*(?:[-*_=]\s*){3,}$`)
	opensText = regexp.MustCompile(`^[\p{Lu}\p{N}]`)
	stops     = regexp.MustCompile(`[.:;,!?…][)"'”’\]]*$`)
	// A sentence ends; after a comma it goes on.
	ended     = regexp.MustCompile(`[.:;!?…][)"'”’\]]*$`)
	continued = regexp.MustCompile(`^[\p{Ll}(,;.&]`)
)

// maxHeading is the longest heading without marks, in words.
const maxHeading = 12

// heading tells whether a line may be a heading where the form marks none: short, begun as a sentence and not ended
// as one. A line that states a limit ("10 requests per minute") is short as well; it is content.
func heading(line string) bool {
	line = strings.TrimSpace(line)
	if len(line) > 100 || !opensText.MatchString(line) || stops.MatchString(line) || strings.ContainsAny(line, "|→{}=") {
		return false
	}
	if strings.Count(line, " ") >= maxHeading || strings.Contains(line, "://") || headerLine.MatchString(line) || endpointOf(line) != nil {
		return false
	}
	return !statesQuantity(line)
}

func readText(d *Document) {
	r := &textReader{b: newBuilder(d), lines: d.Lines, first: 1, words: wordsOf(d.Lines)}
	blank := 0
	for _, l := range d.Lines {
		if strings.TrimSpace(l) == "" {
			blank++
		}
	}
	r.tight = blank*20 < len(d.Lines)
	r.scan()
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
	case fence.MatchString(line):
		end := fenceEnd(r.lines, i)
		return span{kind: fenceSpan, at: i, end: end, language: fence.FindStringSubmatch(line)[2]}
	case marked.MatchString(line):
		return span{kind: markedSpan, at: i, end: i + 1}
	}
	if code, end := codeAt(r.lines, i, r.first, true); code != nil {
		return span{kind: codeSpan, at: i, end: end, code: code}
	}
	if table, end := pipeTableAt(r.lines, i, r.first); table != nil {
		return span{kind: tableSpan, at: i, end: end, table: table}
	}
	if table, end := gluedTableAt(r.lines, i, r.first, r.words); table != nil {
		return span{kind: tableSpan, at: i, end: end, table: table}
	}
	if rule.MatchString(line) {
		return span{kind: blankSpan, at: i, end: i + 1}
	}
	if item.MatchString(line) {
		return span{kind: itemSpan, at: i, end: i + 1}
	}
	return span{kind: plainSpan, at: i, end: i + 1}
}

// fenceEnd is the line after the closing fence, or the end of the text.
func fenceEnd(lines []string, at int) int {
	open := fence.FindStringSubmatch(lines[at])[1]
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
	return item.MatchString(l) || marked.MatchString(l) || fence.MatchString(l) || commandStart.MatchString(l) || jsonStart.MatchString(l) ||
		strings.Contains(l, "|") || endpointOf(l) != nil || headerLine.MatchString(strings.TrimSpace(l))
}

// headings tells headings from prose by the line and what stands around it. With blank lines, a heading stands
// alone. Without, the line before it ended a block and the line after it does not go on with the sentence.
func (r *textReader) headings() {
	for i := range r.spans {
		s := &r.spans[i]
		if s.kind != plainSpan || !heading(r.lines[s.at]) || !r.free(i) {
			continue
		}
		if next := r.next(i); next == nil || next.kind != plainSpan || r.tight && !r.filled(s.at, next.at) {
			s.kind = headingSpan
		}
	}
}

// filled tells whether a line goes on with the sentence of the one before it, which was broken there or filled up to
// the width of a page.
func (r *textReader) filled(line, next int) bool {
	const width = 64
	return continued.MatchString(strings.TrimSpace(r.lines[next])) || len(strings.TrimSpace(r.lines[line])) >= width
}

// free tells whether what stands before a line has ended.
func (r *textReader) free(i int) bool {
	if i == 0 {
		return true
	}
	previous := r.spans[i-1]
	if previous.kind == plainSpan {
		return r.tight && stops.MatchString(strings.TrimSpace(r.lines[previous.at]))
	}
	return true
}

// next is what directly follows, nil for a blank line or the end.
func (r *textReader) next(i int) *span {
	if i+1 == len(r.spans) || r.spans[i+1].kind == blankSpan {
		return nil
	}
	return &r.spans[i+1]
}

// contents finds tables of contents: lines one below the other that are headings elsewhere. They head nothing.
func (r *textReader) contents() {
	known := map[string]int{}
	for _, s := range r.spans {
		if s.kind == headingSpan {
			known[r.title(s)]++
		}
	}
	for i := 0; i < len(r.spans); {
		end, found := i, 0
		for end < len(r.spans) && (r.spans[end].kind == plainSpan || r.spans[end].kind == headingSpan) && (r.tight || end == i || r.spans[end-1].kind != blankSpan) {
			n := known[r.title(r.spans[end])]
			if r.spans[end].kind == headingSpan {
				n--
			}
			if n > 0 {
				found++
			}
			end++
		}
		if count := end - i; count >= 4 && found*10 >= count*7 {
			for j := i; j < end; j++ {
				r.spans[j].kind = contentsSpan
			}
		}
		i = max(end, i+1)
	}
}

func (r *textReader) title(s span) string { return oneLine(plain(r.lines[s.at])) }

// emit gives the builder what was found.
func (r *textReader) emit() {
	outline := r.outline()
	for i := 0; i < len(r.spans); i++ {
		s := r.spans[i]
		switch s.kind {
		case headingSpan:
			r.b.headingUnder(r.title(s), 0, r.first+s.at, outline.under(i))
		case markedSpan:
			m := marked.FindStringSubmatch(r.lines[s.at])
			r.b.headingUnder(oneLine(plain(m[2])), len(m[1]), r.first+s.at, outline.under(i))
		case codeSpan:
			r.b.bareCode(s.code, r.lines, s.at, s.end, r.first)
		case fenceSpan:
			end := s.end
			if end > s.at+1 && fence.MatchString(r.lines[end-1]) {
				end--
			}
			r.b.code(strings.Join(r.lines[s.at+1:end], "\n"), s.language, r.first+s.at+1)
		case tableSpan:
			r.b.table(s.table, r.first+s.at, r.first+s.end-1)
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
		line := r.lines[r.spans[i+1].at]
		trimmed := strings.TrimSpace(line)
		own := endpointOf(trimmed) != nil || endpointOf(strings.TrimSpace(r.lines[r.spans[i].at])) != nil
		goesOn := continued.MatchString(trimmed)
		switch {
		case own:
			return i
		case begin.kind == itemSpan && indentOf(line) <= indent && !goesOn:
			return i
		case r.tight && !goesOn && ended.MatchString(strings.TrimSpace(r.lines[r.spans[i].at])):
			return i
		}
		i++
	}
	return i
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

func (r *textReader) prose(begin, last span) {
	lines := append([]string(nil), r.lines[begin.at:last.end]...)
	if m := item.FindStringSubmatch(lines[0]); m != nil && begin.kind == itemSpan {
		lines[0] = m[1]
	}
	r.b.prose(plain(strings.Join(lines, "\n")), r.first+begin.at, r.first+last.end-1)
}

var (
	link   = regexp.MustCompile(`!?\[([^\[\]\n]*)\]\([^()\s]*\)`)
	spans  = regexp.MustCompile("`([^`\n]+)`")
	strong = regexp.MustCompile(`\*\*([^*\n]+)\*\*`)
)

// plain takes Markdown's inline marks off a text that may have some.
func plain(text string) string {
	if strings.Contains(text, "`") {
		text = spans.ReplaceAllString(text, "$1")
	}
	if strings.Contains(text, "**") {
		text = strong.ReplaceAllString(text, "$1")
	}
	if strings.Contains(text, "](") {
		text = link.ReplaceAllString(text, "$1")
	}
	return strings.TrimSpace(text)
}
