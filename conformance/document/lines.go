package document

import (
	"sort"
	"strings"
	"unicode/utf8"
)

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
		if s.kind == plainSpan && i > 0 && (r.spans[i-1].kind == plainSpan || r.spans[i-1].kind == itemSpan) && continued().MatchString(strings.TrimSpace(r.lines[s.at])) {
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
	if continued().MatchString(line) {
		return true
	}
	if stops(strings.TrimSpace(r.lines[at-1])) {
		return false // at worst one paragraph becomes two; a heading taken for prose is worse
	}
	word, _, _ := strings.Cut(line, " ")
	return r.width > 0 && lineWidth(r.lines[at-1])+1+lineWidth(word) > r.width
}

// opensWith tells whether a line's first character is one of some. Most lines are told by it, without a pattern.
func opensWith(line, characters string) bool {
	line = strings.TrimLeft(line, " \t")
	first, _ := utf8.DecodeRuneInString(line)
	return line != "" && strings.ContainsRune(characters, first)
}

func isFence(line string) bool { return opensWith(line, "`~") && fence().MatchString(line) }

func isMarked(line string) bool { return opensWith(line, "#=") && marked().MatchString(line) }

func isItem(line string) bool {
	return opensWith(line, "•‣▪◦●○·*+–-0123456789") && item().MatchString(line)
}

// indentOf is the indentation of a line; a tab is four spaces.
func indentOf(line string) int {
	line = strings.ReplaceAll(line[:len(line)-len(strings.TrimLeft(line, " \t"))], "\t", "    ")
	return len(line)
}

var (
	link   = lazily(`!?\[([^\[\]\n]*)\]\([^()\s]*\)`)
	spans  = lazily("`([^`\n]+)`")
	strong = lazily(`\*\*([^*\n]+)\*\*`)
)

// plain takes Markdown's inline marks off a text that may have some.
func plain(text string) string {
	if strings.Contains(text, "`") {
		text = spans().ReplaceAllString(text, "$1")
	}
	if strings.Contains(text, "**") {
		text = strong().ReplaceAllString(text, "$1")
	}
	if strings.Contains(text, "](") {
		text = link().ReplaceAllString(text, "$1")
	}
	return strings.TrimSpace(text)
}
