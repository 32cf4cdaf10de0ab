package proof

import (
	"fmt"
	"slices"
	"strings"
)

// headingsOf are the headings of a published document: those that it lists itself, or lines that stand above tables and examples.
func headingsOf(text string) []string {
	if _, contents, found := strings.Cut(text, "\nOn this page\n"); found {
		return strings.Split(strings.TrimSpace(contents), "\n")
	}
	var titles []string
	lines := strings.Split(text, "\n")
	for i := 0; i+1 < len(lines); i++ {
		short := len(lines[i]) < 40 && lines[i] != "" && lines[i][0] >= 'A' && lines[i][0] <= 'Z' && !strings.ContainsAny(lines[i], ".:|{")
		if short && (strings.HasPrefix(lines[i+1], "Field |") || strings.HasPrefix(lines[i+1], "The ") || strings.HasSuffix(lines[i+1], "structure") || strings.HasSuffix(lines[i+1], "element")) {
			titles = append(titles, lines[i])
		}
	}
	return titles
}

// eachHeading exchanges headings, of which it counts the number from 1.
func eachHeading(change func(n int, title string) string) func(string) string {
	return func(text string) string {
		titles := headingsOf(text)
		page, contents, found := strings.Cut(text, "\nOn this page\n")
		lines := strings.Split(page, "\n")
		n := 0
		for i, l := range lines {
			if slices.Contains(titles, l) {
				n++
				lines[i] = change(n, l)
			}
		}
		if page = strings.Join(lines, "\n"); found {
			page += "\nOn this page\n" + contents
		}
		return page
	}
}

func afterEachHeading(paragraph string) func(string) string {
	return eachHeading(func(_ int, title string) string { return title + "\n\n" + paragraph })
}

// retitled are other ways to write headings.
var retitled = []textEdit{
	{"headings with numbers of two levels", eachHeading(func(n int, title string) string { return fmt.Sprintf("%d.%d %s", n/10+1, n%10+1, title) })},
	{"headings with numbers through the document", eachHeading(func(n int, title string) string { return fmt.Sprintf("%d. %s", n, title) })},
	{"headings marked as in Markdown", eachHeading(func(_ int, title string) string { return "## " + title })},
	{"headings marked as in AsciiDoc", eachHeading(func(_ int, title string) string { return "== " + title })},
	{"headings underlined", eachHeading(func(_ int, title string) string { return title + "\n" + strings.Repeat("=", len(title)) })},
	{"headings underlined with dashes", eachHeading(func(_ int, title string) string { return title + "\n" + strings.Repeat("-", len(title)) })},
	{"headings in capitals", eachHeading(func(_ int, title string) string { return strings.ToUpper(title) })},
	{"headings in small letters", eachHeading(func(_ int, title string) string { return title[:1] + strings.ToLower(title[1:]) })},
	{"headings with a translation", eachHeading(func(_ int, title string) string { return title + " / Überschrift " + title })},
	{"headings with a mark to link to them", eachHeading(func(_ int, title string) string { return title + " #" })},
	{"headings that begin with what nobody sees", eachHeading(func(_ int, title string) string { return "\u200b" + title })},
	{"a table of contents at the start", func(text string) string { return "Contents\n\n" + strings.Join(headingsOf(text), "\n") + "\n\n" + text }},
	{"another heading below each", afterEachHeading("Tips and Tricks")},
	{"one heading in seven of another name", eachHeading(func(n int, title string) string {
		if n%7 == 3 {
			return "Zebra Crossing"
		}
		return title
	})},
}

// reshaped are other ways to set the lines of a page.
var reshaped = []textEdit{
	{"prose broken at 72", filled(72)},
	{"prose broken at 50", filled(50)},
	{"prose broken at 60, with line ends of Windows", together(filled(60), everywhere("\n", "\r\n"))},
	{"line ends of old", everywhere("\n", "\r")},
	{"spaces that do not break, in prose", inProse(func(text string) string { return strings.ReplaceAll(text, " ", "\u00a0") })},
	{"hyphens that nobody sees", inProse(strings.NewReplacer("conversation ", "conver\u00adsation ", "message ", "mes\u00adsage ").Replace)},
	{"dashes of typography", inProse(func(text string) string { return strings.ReplaceAll(text, " - ", " — ") })},
	{"places to break a name at", eachLine(func(l line) string {
		if l.place == command || l.place == example {
			return l.text
		}
		return strings.NewReplacer("/", "/\u200b", "_", "_\u200b").Replace(l.text)
	})},
	{"examples on one line each, tabs and all", func(text string) string { return compact(strings.ReplaceAll(text, "    ", "\t")) }},
	{"sentences in capitals", inProse(func(text string) string {
		if strings.ContainsAny(text, "_/{`:") || !strings.HasSuffix(text, ".") {
			return text
		}
		return strings.ToUpper(text)
	})},
	{"page numbers", func(text string) string {
		var out []string
		for i, l := range strings.Split(text, "\n") {
			if out = append(out, l); l == "" && i > 0 && i%7 == 0 {
				out = append(out, fmt.Sprintf("Page %d of 31", i/7), "")
			}
		}
		return strings.Join(out, "\n")
	}},
}

func inProse(change func(string) string) func(string) string {
	return eachLine(func(l line) string {
		if l.place != prose {
			return l.text
		}
		return change(l.text)
	})
}

// filled breaks prose and items at a width, and sets off what goes on with an item.
func filled(width int) func(string) string {
	return inProse(func(text string) string {
		indent := strings.Repeat(" ", len([]rune(bulletOf.FindString(text))))
		var lines []string
		at := ""
		for _, word := range strings.Split(text, " ") {
			if strings.TrimSpace(at) != "" && len(at)+1+len(word) > width {
				lines, at = append(lines, at), indent+word
				continue
			}
			if len(lines) > 0 || at != "" || word == "" {
				at += " "
			}
			at += word
		}
		return strings.Join(append(lines, at), "\n")
	})
}
