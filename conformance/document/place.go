package document

import (
	"strings"
	"unicode/utf8"
)

// Place tells where in the source a part of a block's or cell's text stands: text[offset:offset+length], for a text that was
// read from the lines first to last. Columns and widths are in characters, columns from 1. A text has lost its marks
// and line breaks, so the part is looked for by its words: the n-th time in the text is the n-th time in the lines. Column is 0 where
// the source spells it otherwise (an entity, an emphasised half of a word); the line then is the first.
func (d *Document) Place(first, last int, text string, offset, length int) (line, column, width int) {
	if offset < 0 || length <= 0 || offset+length > len(text) || first < 1 {
		return first, 0, 0
	}
	part := text[offset : offset+length]
	skip := strings.Count(text[:offset], part)
	if line, column := d.find(first, last, part, skip); column > 0 {
		return line, column, utf8.RuneCountInString(part)
	}
	// What was broken over two lines, or has marks in it, is found by its first word.
	word := part
	if space := strings.IndexByte(part, ' '); space > 0 {
		word = part[:space]
	}
	if line, column := d.find(first, last, word, strings.Count(text[:offset], word)); column > 0 {
		return line, column, utf8.RuneCountInString(word)
	}
	return first, 0, 0
}

// find looks for the occurrence of a part that skip others precede; the last that there is, where there are fewer.
func (d *Document) find(first, last int, part string, skip int) (line, column int) {
	for n := first; n <= last && n <= len(d.Lines); n++ {
		text := d.Lines[n-1]
		for at := 0; ; skip-- {
			next := strings.Index(text[at:], part)
			if next < 0 {
				break
			}
			line, column = n, utf8.RuneCountInString(text[:at+next])+1
			if skip == 0 {
				return line, column
			}
			at += next + len(part)
		}
	}
	return line, column
}
