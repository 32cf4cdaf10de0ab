package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// What Read takes. A document that people read is a hundred times smaller.
const (
	maxDocument = 16 << 20
	maxLines    = 1_000_000
)

// Read reads a document, whose form it tells by content; name is where it came from. An error says in one line why
// the bytes are no document: they are empty, binary or too many. Of anything else, a truncated page or a letter to
// the editor, it gives what is there.
func Read(name string, text []byte) (*Document, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if err := readable(text); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text = plainBytes(text)
	d := &Document{Name: name, Lines: splitLines(string(text))}
	d.Form = formOf(d.Lines)
	switch d.Form {
	case HTML:
		readHTML(d, text)
	case Markdown:
		readMarkdown(d, text)
	default:
		readText(d)
	}
	return d, nil
}

func readable(text []byte) error {
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return errors.New("the document is empty")
	case len(text) > maxDocument:
		return fmt.Errorf("the document has %d MiB: the proof-reader takes up to %d", len(text)>>20, maxDocument>>20)
	case bytes.IndexByte(text, 0) >= 0:
		return errors.New("expected text, Markdown or HTML, not a binary file: it has NUL bytes")
	case !utf8.Valid(text):
		return errors.New("expected text, Markdown or HTML in UTF-8: it has bytes that are not")
	case bytes.Count(text, []byte("\n")) > maxLines:
		return fmt.Errorf("the document has more than %d lines", maxLines)
	}
	return nil
}

var (
	page      = lazily(`(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b`)
	tag       = lazily(`(?i)</(?:p|td|th|tr|li|h[1-6]|div|table|pre|ul|ol|section|article|body|html)>`)
	underline = lazily(`^ {0,3}(?:=+|-+)\s*$`)
)

// formOf tells how a document is written. A page says so or is full of tags; Markdown has more marked headings than lines that
// would be headings without marks, so that a # or a fence put into a text does not make it Markdown.
func formOf(lines []string) Form {
	head := strings.Join(lines[:min(len(lines), 20)], "\n")
	if page().MatchString(head) {
		return HTML
	}
	tags, marks, fences, candidates, bare, open := 0, 0, 0, 0, 0, ""
	tight := isTight(lines)
	for i, l := range lines {
		if isFence(l) {
			m := fence().FindStringSubmatch(l)
			if fences++; open == "" {
				open = m[1]
			} else if strings.HasPrefix(m[1], open) {
				open = ""
			}
			continue
		}
		if open != "" || len(l) > 10_000 && !strings.Contains(l, "</") {
			continue
		}
		if strings.Contains(l, "</") {
			tags += len(tag().FindAllStringIndex(l, 10))
		}
		if l == "{" || l == "[" {
			bare++
		}
		alone := tight || (i == 0 || strings.TrimSpace(lines[i-1]) == "") && (i+1 == len(lines) || strings.TrimSpace(lines[i+1]) == "")
		switch {
		case opensWith(l, "#") && isMarked(l):
			marks++
		case i > 0 && opensWith(l, "-=") && underline().MatchString(l) && heading(lines[i-1]):
			marks++
		case alone && heading(l):
			candidates++
		}
	}
	switch {
	case tags >= 5 && (marks == 0 || tags > 2*marks && strings.HasPrefix(strings.TrimSpace(head), "<")):
		return HTML
	case bare > 1 && 2*bare > fences:
		return Text // Markdown would take the examples for prose, or for rows of the table above them
	case marks > 0 && 2*marks >= candidates, fences > 1 && candidates == 0:
		return Markdown
	}
	return Text
}
