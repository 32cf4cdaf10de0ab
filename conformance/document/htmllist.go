package document

import (
	"strings"

	"golang.org/x/net/html/atom"
)

func (r *htmlReader) listTag(tag atom.Atom, start bool) {
	if r.table != nil && r.table.inCell {
		if tag == atom.Li && !start {
			r.text.WriteString(", ") // a list of values in a cell
		}
		return
	}
	switch tag {
	case atom.Dt:
		if start {
			r.endTerm()
		} else {
			r.keepTerm()
		}
	case atom.Dd:
		if start {
			r.keepTerm() // a <dt> that was never closed
		} else {
			r.endTerm()
		}
	case atom.Dl:
		r.endTerm()
	default:
		r.flush()
		switch {
		case tag == atom.Li && start:
			r.item = max(1, r.item)
		case tag != atom.Li && start:
			r.item++
		case tag != atom.Li:
			r.item = max(0, r.item-1)
		}
	}
}

// keepTerm keeps the text at hand as the term that the next description is of.
func (r *htmlReader) keepTerm() {
	text := oneLine(r.text.String())
	if text == "" {
		return
	}
	r.term, r.termLine = strings.TrimSuffix(text, ":"), r.begin
	r.text.Reset()
	r.begin, r.end, r.links, r.bold = 0, 0, 0, 0
}

// endTerm gives a term that nothing describes.
func (r *htmlReader) endTerm() {
	r.flush()
	if r.term != "" {
		r.b.prose(r.term, r.termLine, r.termLine)
		r.term = ""
	}
}
