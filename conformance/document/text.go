package document

import (
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"
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
	item      = regexp.MustCompile(`^\s*(?:[•‣▪◦●○·*+–-]|\d{1,3}[.)])\s+(\S.*)$`)
	marked    = regexp.MustCompile(`^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$`)
	fence     = regexp.MustCompile("^\\s*(```+|~~~+)\\s*([\\w+#.-]*)[^`]*$")
	rule      = regexp.MustCompile(`^\s*(?:[-*_=]\s*){3,}$`)
	opensText = regexp.MustCompile(`^[\p{Lu}\p{N}]`)
	stops     = regexp.MustCompile(`[.:;,!?…][)"'”’\]]*$`)
	address   = regexp.MustCompile(`^https?://\S+$`)
	symbol    = regexp.MustCompile(`^\p{So}`) // "✅ Total Conversations: 47"
	dash      = regexp.MustCompile(`^\s*[-–—]\s+\p{Ll}`)
	continued = regexp.MustCompile(`^[\p{Ll}({,;.&]`)
)

// maxHeading is the longest heading without marks, in words.
const maxHeading = 12

// heading tells whether a line may be a heading where the form marks none: short, begun as a sentence and not ended
// as one. A line that states a limit ("10 requests per minute") is short as well; it is content.
func heading(line string) bool {
	return mayHead(line) && !statesQuantity(line)
}

func mayHead(line string) bool {
	line = strings.TrimSpace(line)
	if len(line) > 100 || !opensText.MatchString(line) || stops.MatchString(line) || strings.ContainsAny(line, "|→{}=") {
		return false
	}
	if strings.Count(line, " ") >= maxHeading || strings.Contains(line, "://") || isHeader(line) || endpointOf(line) != nil {
		return false
	}
	return true
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

// isTight tells whether a text has next to no blank lines.
func isTight(lines []string) bool {
	blank := 0
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			blank++
		}
	}
	return blank*20 < len(lines)
}

// maxWidth is the widest that lines are broken at by hand or by an editor.
const maxWidth = 120

// measure finds the width that prose was broken at: that of its longest lines, a few that could not be broken left
// out. A text without lines that begin within a sentence was not broken; its lines are paragraphs.
func (r *textReader) measure() {
	var widths []int
	within := 0
	for i, s := range r.spans {
		if s.kind != plainSpan && s.kind != itemSpan {
			continue
		}
		widths = append(widths, lineWidth(r.lines[s.at]))
		if s.kind == plainSpan && i > 0 && (r.spans[i-1].kind == plainSpan || r.spans[i-1].kind == itemSpan) && continued.MatchString(strings.TrimSpace(r.lines[s.at])) {
			within++
		}
	}
	if within < 3 || within*20 < len(widths) {
		return
	}
	sort.Ints(widths)
	if width := widths[len(widths)-1-len(widths)/50]; width <= maxWidth {
		r.width = width
	}
}

func lineWidth(line string) int { return utf8.RuneCountInString(strings.TrimRight(line, " \t")) }

// flows tells whether a line goes on with the sentence of the one above it: it does not begin as a sentence does, or
// its first word had no room above.
func (r *textReader) flows(at int) bool {
	line := strings.TrimSpace(r.lines[at])
	if continued.MatchString(line) {
		return true
	}
	if stops.MatchString(strings.TrimSpace(r.lines[at-1])) {
		return false // at worst one paragraph becomes two; a heading taken for prose is worse
	}
	word, _, _ := strings.Cut(line, " ")
	return r.width > 0 && lineWidth(r.lines[at-1])+1+lineWidth(word) > r.width
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
		return span{kind: fenceSpan, at: i, end: end, language: fence.FindStringSubmatch(line)[2]}
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
	if opensWith(line, "-*_=") && rule.MatchString(line) {
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

// opensWith tells whether a line's first character is one of some. Most lines are told by it, without a pattern.
func opensWith(line, characters string) bool {
	line = strings.TrimLeft(line, " \t")
	first, _ := utf8.DecodeRuneInString(line)
	return line != "" && strings.ContainsRune(characters, first)
}

func isFence(line string) bool  { return opensWith(line, "`~") && fence.MatchString(line) }
func isMarked(line string) bool { return opensWith(line, "#") && marked.MatchString(line) }
func isItem(line string) bool {
	return opensWith(line, "•‣▪◦●○·*+–-0123456789") && item.MatchString(line)
}

// lone tells whether a line stands for itself, whatever is above and below it.
func lone(line string) bool {
	line = strings.TrimSpace(line)
	return endpointOf(line) != nil || symbol.MatchString(line) || strings.Contains(line, "→") || address.MatchString(line) || mayHead(line) && statesQuantity(line)
}

// brokenAtDash tells a sentence that was broken before its dash from a list: "changes slightly\n- it becomes …".
func (r *textReader) brokenAtDash(i int) bool {
	if i == 0 || r.spans[len(r.spans)-1].kind != plainSpan || !dash.MatchString(r.lines[i]) {
		return false
	}
	listed := i+1 < len(r.lines) && isItem(r.lines[i+1])
	return !listed && !stops.MatchString(strings.TrimSpace(r.lines[i-1]))
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
	return isItem(l) || isMarked(l) || isFence(l) || opensCommand(l) || opensJSON(l) ||
		strings.Contains(l, "|") || endpointOf(l) != nil || isHeader(strings.TrimSpace(l))
}

// headings tells headings from prose by the line and what stands around it. With blank lines, a heading stands
// alone. Without, the line before it ended a block and the line after it does not go on with the sentence.
func (r *textReader) headings() {
	for i := range r.spans {
		s := &r.spans[i]
		if s.kind != plainSpan || !heading(r.lines[s.at]) || !r.free(i) {
			continue
		}
		if next := r.next(i); next == nil || next.kind != plainSpan || r.tight && !r.flows(next.at) {
			s.kind = headingSpan
		}
	}
}

// free tells whether what stands before a line has ended.
func (r *textReader) free(i int) bool {
	if i == 0 {
		return true
	}
	previous := r.spans[i-1]
	if previous.kind == plainSpan {
		return r.tight && !r.flows(r.spans[i].at)
	}
	return previous.kind != itemSpan || !r.flows(r.spans[i].at)
}

// next is what directly follows, nil for a blank line or the end.
func (r *textReader) next(i int) *span {
	if i+1 == len(r.spans) || r.spans[i+1].kind == blankSpan {
		return nil
	}
	return &r.spans[i+1]
}

// contents finds tables of contents: headings one below the other with nothing between them, most of which are
// headings elsewhere as well. They head nothing.
func (r *textReader) contents() {
	known := map[string]int{}
	for _, s := range r.spans {
		if s.kind == headingSpan || s.kind == markedSpan {
			known[r.title(s)]++
		}
	}
	for i := 0; i < len(r.spans); {
		run, end := r.bareHeadings(i)
		i = end
		within := map[string]int{}
		for _, j := range run {
			if r.spans[j].kind != plainSpan {
				within[r.title(r.spans[j])]++
			}
		}
		elsewhere := func(j int) bool { return known[r.title(r.spans[j])] > within[r.title(r.spans[j])] }
		for len(run) > 0 && !elsewhere(run[0]) {
			run = run[1:] // "On this page"
		}
		found := 0
		for _, j := range run {
			if elsewhere(j) {
				found++
			}
		}
		if len(run) < minContents || found*10 < len(run)*7 {
			continue
		}
		for _, j := range run {
			r.spans[j].kind = contentsSpan
		}
	}
}

// minContents is the shortest table of contents. Real headings follow each other directly two or three times.
const minContents = 6

// bareHeadings are the spans from i on that could be headings, with nothing between them; end is the span to go on at.
func (r *textReader) bareHeadings(i int) (run []int, end int) {
	for end = i; end < len(r.spans); end++ {
		switch s := r.spans[end]; s.kind {
		case headingSpan, markedSpan:
			run = append(run, end)
		case plainSpan:
			if !mayHead(r.lines[s.at]) {
				return run, end + 1
			}
			run = append(run, end)
		case blankSpan:
		default:
			return run, end + 1
		}
	}
	return run, end
}

func (r *textReader) title(s span) string {
	if s.kind == markedSpan {
		return oneLine(plain(marked.FindStringSubmatch(r.lines[s.at])[2]))
	}
	return oneLine(plain(r.lines[s.at]))
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
			m := marked.FindStringSubmatch(r.lines[s.at])
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
			r.prose(s, s)
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

// indentOf is the indentation of a line; a tab is four spaces.
func indentOf(line string) int {
	line = strings.ReplaceAll(line[:len(line)-len(strings.TrimLeft(line, " \t"))], "\t", "    ")
	return len(line)
}

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
