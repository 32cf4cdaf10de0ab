package document

import (
	"bytes"
	"strings"
)

// visible is a text as a reader sees it: each kind of space is a space, and what takes no room is not there. Pages have
// many of both, in the middle of names and quantities: "60\u00a0requests", "human_\u200bhandoff".
func visible(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return shown.Replace(text)
		}
	}
	return text
}

const invisible = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000" +
	"\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f\u2028\u2029"

var shown = func() *strings.Replacer {
	var pairs []string
	for _, r := range invisible {
		as := " "
		if strings.ContainsRune("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f", r) {
			as = ""
		}
		pairs = append(pairs, string(r), as)
	}
	return strings.NewReplacer(pairs...)
}()

// plainBytes is a document with visible characters and with line ends of one kind. The number of each line stays.
func plainBytes(text []byte) []byte {
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return []byte(visible(string(text)))
}

var (
	// An ordinal before a title, as "3. ", "3) ", "2.1 " or "§ 4.2. "; a number by itself is part of the title.
	ordinal = lazily(`^\(?\d{1,2}(?:[.)]|(?:\.\d{1,2})+[.)]?)\s+`)
	// An id or class behind it, as some Markdown has: "{#list}".
	anchorMark = lazily(`\s*\{[#.:][^{}]*\}$`)
	// Symbols before it, as an icon has them.
	ornament = lazily(`^[\p{So}\p{Sk}#§¶\s]+`)
)

// headingText takes off what pages put beside a heading: its number, an icon, a mark to link to it.
func headingText(text string) string {
	title := oneLine(visible(text))
	if strings.HasSuffix(title, "}") {
		title = strings.TrimSpace(anchorMark().ReplaceAllString(title, ""))
	}
	if title == "" || letter(title[0]) && letter(title[len(title)-1]) {
		return title
	}
	bare := strings.TrimRight(ornament().ReplaceAllString(title, ""), " :#¶§🔗")
	bare = unnumbered(bare)
	if bare == "" {
		return title
	}
	return bare
}

func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
