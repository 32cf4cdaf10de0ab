package document

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// preformatted is a <pre>: its text, and the line that each of its lines stands on.
type preformatted struct {
	text     strings.Builder
	lines    []int
	language string
	started  bool
}

func (r *htmlReader) beginPre(attributes map[string]string) {
	inCell := r.table != nil && r.table.inCell
	if !inCell {
		r.flush()
	}
	r.pre = &preformatted{language: languageOf(attributes)}
}

// inPre handles the tags within a <pre>; its text is joined exactly, whatever colours it.
func (r *htmlReader) inPre(tag atom.Atom, start bool, attributes map[string]string) bool {
	switch {
	case tag == atom.Pre && !start:
		r.endPre()
	case tag == atom.Br && start:
		r.pre.end(r.line)
	case tag == atom.Code && start && r.pre.language == "":
		r.pre.language = languageOf(attributes)
	case (tag == atom.Div || tag == atom.Li || tag == atom.Tr) && !start:
		if text := r.pre.text.String(); text != "" && !strings.HasSuffix(text, "\n") {
			r.pre.end(r.line)
		}
	case tag == atom.Table, tag == atom.H1, tag == atom.H2, tag == atom.H3:
		if start && tag != atom.Table {
			r.endPre() // a <pre> that was never closed
			return false
		}
	}
	return true
}

func (p *preformatted) add(text string, line int) {
	if !p.started {
		p.started = true
		// The line end that follows <pre> is not part of it.
		if trimmed := strings.TrimPrefix(text, "\r"); strings.HasPrefix(trimmed, "\n") {
			text = trimmed[1:]
			line++
		}
		p.lines = append(p.lines, line)
	}
	for range strings.Count(text, "\n") {
		line++
		p.lines = append(p.lines, line)
	}
	p.text.WriteString(text)
}

// end ends a line that the source does not: at <br>, or at an element for each line.
func (p *preformatted) end(line int) {
	p.add("", line)
	p.text.WriteByte('\n')
	p.lines = append(p.lines, line)
}

func languageOf(attributes map[string]string) string {
	for class := range strings.FieldsSeq(attributes["class"]) {
		for _, prefix := range []string{"language-", "lang-", "highlight-source-", "brush:"} {
			if language, ok := strings.CutPrefix(class, prefix); ok {
				return language
			}
		}
	}
	return attributes["data-language"] + attributes["data-lang"]
}

func (r *htmlReader) endPre() {
	p := r.pre
	if p == nil {
		return
	}
	r.pre = nil
	if r.table != nil && r.table.inCell {
		r.table.code = append(r.table.code, p) // it comes after the table
		return
	}
	r.preformatted(p)
}

func (r *htmlReader) preformatted(p *preformatted) {
	text := p.text.String()
	if strings.TrimSpace(text) == "" || strings.Trim(text, "0123456789 \r\n") == "" {
		return // numbers of lines beside the code
	}
	r.b.code(text, p.language, 1)
	r.b.moveLines(p.lines)
}
