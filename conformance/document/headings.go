package document

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxHeading is the longest heading without marks, in words.
const maxHeading = 12

// heading tells whether a line may be a heading where the form marks none: short, begun as a sentence and not ended
// as one. A line that states a limit ("10 requests per minute") is short as well; it is content.
func heading(line string) bool {
	return mayHead(line) && !statesQuantity(unnumbered(strings.TrimSpace(line)))
}

// unnumbered is a title without its number.
func unnumbered(title string) string {
	if title == "" || title[0] != '(' && (title[0] < '0' || title[0] > '9') {
		return title
	}
	return ordinal().ReplaceAllString(title, "")
}

// titled tells whether each longer word of a line begins with a capital, and no digit is in it: so are titles written in
// English, and hardly a sentence.
func titled(line string) bool {
	list := strings.Fields(line)
	for _, word := range list {
		if first, _ := utf8.DecodeRuneInString(word); len(word) > 4 && !unicode.IsUpper(first) && unicode.IsLetter(first) {
			return false
		}
	}
	return len(list) > 0 && len(list) <= 6 && !hasDigit(line)
}

// bareTitle takes off a title what would tell a sentence or an entry of a list: a colon behind it, an icon before it.
func bareTitle(line string) string {
	line = strings.TrimSpace(line)
	if strings.HasSuffix(line, "}") {
		line = anchorMark().ReplaceAllString(line, "")
	}
	if line == "" || !strings.HasSuffix(line, ":") && line[0] < 0x80 {
		return line
	}
	if bare := strings.TrimSuffix(ornament().ReplaceAllString(line, ""), ":"); bare != line && titled(bare) {
		return bare
	}
	return line
}

func mayHead(line string) bool {
	line = bareTitle(line)
	if len(line) > 100 || !opensText(line) || stops(line) || strings.ContainsAny(line, "|→{}=") {
		return false
	}
	if strings.Count(line, " ") >= maxHeading || strings.Contains(line, "://") || isHeader(line) || endpointOf(line) != nil {
		return false
	}
	return true
}

// headings tells headings from prose by the line and what stands around it. With blank lines, a heading stands
// alone. Without, the line before it ended a block and the line after it does not go on with the sentence.
func (r *textReader) headings() {
	r.labels()
	r.numbered()
	for i := range r.spans {
		s := &r.spans[i]
		if s.kind == plainSpan && heading(r.lines[s.at]) && r.underlined(i) {
			s.kind = headingSpan
			continue
		}
		if s.kind != plainSpan || !heading(r.lines[s.at]) || !r.free(i) {
			continue
		}
		if next := r.next(i); next == nil || next.kind != plainSpan || r.tight && !r.flows(next.at) {
			s.kind = headingSpan
		}
	}
}

// underlined tells whether a line has a rule directly below it.
func (r *textReader) underlined(i int) bool {
	next := r.spans[i].end
	return next < len(r.lines) && opensWith(r.lines[next], "-=~") && len(strings.TrimSpace(r.lines[next])) > 2 && underline().MatchString(r.lines[next])
}

// minNumbered is the fewest headings of a document that numbers them.
const minNumbered = 5

// numbered finds headings that are numbered through the document: what looks like items of one list, with other blocks between
// most of them.
func (r *textReader) numbered() {
	var chain []int
	apart, next := 0, 1
	for i, s := range r.spans {
		if s.kind != itemSpan || !strings.HasPrefix(strings.TrimSpace(r.lines[s.at]), strconv.Itoa(next)) {
			continue
		}
		title := unnumbered(strings.TrimSpace(r.lines[s.at]))
		if len(title) == len(strings.TrimSpace(r.lines[s.at])) || !heading(title) {
			continue
		}
		if n := len(chain); n > 0 {
			for k := chain[n-1] + 1; k < i; k++ {
				if kind := r.spans[k].kind; kind != blankSpan && kind != itemSpan {
					apart++
					break
				}
			}
		}
		chain, next = append(chain, i), next+1
	}
	if len(chain) < minNumbered || 2*apart < len(chain) {
		return
	}
	for _, i := range chain {
		r.spans[i].kind = headingSpan
	}
}

// codeLabels are what pages put above code: the language, and a button.
const codeLabels = " copy code copied json bash shell curl http text plaintext javascript "

// labels takes out the labels of the code below them, which are no part of the document.
func (r *textReader) labels() {
	for i, s := range r.spans {
		for j := i - 1; s.kind == codeSpan && j >= max(0, i-4); j-- {
			if kind := r.spans[j].kind; kind == plainSpan && isCodeLabel(r.lines[r.spans[j].at]) {
				r.spans[j].kind = blankSpan
			} else if kind != blankSpan {
				break
			}
		}
	}
}

func isCodeLabel(line string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(line)) {
		if !strings.Contains(codeLabels, " "+strings.Trim(word, "!")+" ") {
			return false
		}
	}
	return true
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
		return headingText(plain(marked().FindStringSubmatch(r.lines[s.at])[2]))
	}
	return headingText(plain(r.lines[s.at]))
}
