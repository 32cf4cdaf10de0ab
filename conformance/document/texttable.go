package document

import (
	"strings"
)

// pipeEdge is the first and last line of a table in AsciiDoc.
var pipeEdge = lazily(`^\s*\|={3,}\s*$`)

var pipeRule = lazily(`^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$`)

// pipeTableAt reads a table whose cells are separated by pipes, and gives the index of the line after it; nil where
// none begins. A header is told by the rule below it, or by its words.
func pipeTableAt(lines []string, at, first int) (*Table, int) {
	if !strings.Contains(lines[at], "|") || pipeRule().MatchString(lines[at]) || pipeEdge().MatchString(lines[at]) {
		return nil, at
	}
	header := pipeCells(lines[at])
	next := at + 1
	if next < len(lines) && strings.Contains(lines[next], "|") && pipeRule().MatchString(lines[next]) {
		next++
	} else if _, known := columnsOf(header); len(header) < 2 || known < len(header) {
		return nil, at
	}
	t := &Table{Header: header}
	end, airy := next, false
	for i := next; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			if airy = airy || i == next; !airy {
				break
			}
			continue // some pages have blank lines between rows; they have one before the first as well
		}
		if !strings.Contains(lines[i], "|") || pipeEdge().MatchString(lines[i]) || i+1 < len(lines) && strings.Contains(lines[i+1], "|") && pipeRule().MatchString(lines[i+1]) {
			break
		}
		t.Rows = append(t.Rows, Row{Line: first + i, Cells: pipeCells(lines[i])})
		end = i + 1
	}
	return t, end
}

// pipeCells cuts a line at its pipes; an escaped one is text.
func pipeCells(line string) []string {
	line = strings.TrimSpace(line)
	line = strings.TrimPrefix(line, "|")
	if strings.HasSuffix(line, "|") && !strings.HasSuffix(line, `\|`) {
		line = line[:len(line)-1]
	}
	var cells []string
	var cell strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == '|':
			i++
			cell.WriteByte('|')
		case line[i] == '|':
			cells = append(cells, plain(cell.String()))
			cell.Reset()
		default:
			cell.WriteByte(line[i])
		}
	}
	return append(cells, plain(cell.String()))
}

// gap separates the cells of a table that kept its tabs, or was set with spaces.
var gap = lazily(`\t+| {2,}`)

// headerOf cuts a line into the headings of a table without pipes; nil for any other line. Most of the headings must be
// of the vocabulary: a line as "AssistLoop" has a seam as well.
func headerOf(line string) (header []string, gaps bool) {
	line = strings.TrimSpace(line)
	if len(line) > 200 || strings.ContainsAny(line, ".,:;()\"0123456789=→") || !opensText(line) {
		return nil, false
	}
	if gap().MatchString(line) {
		header, gaps = gap().Split(line, -1), true
	} else {
		begin := 0
		for at := 1; at < len(line); at++ {
			if line[at-1] != ' ' && seamAt(line, at) {
				header = append(header, line[begin:at])
				begin = at
			}
		}
		header = append(header, line[begin:])
	}
	if len(header) < 2 {
		return nil, false
	}
	for _, h := range header {
		if h == "" || strings.Count(h, " ") > 2 {
			return nil, false
		}
	}
	if _, known := columnsOf(header); known < 2 || 3*known < 2*len(header) {
		return nil, false
	}
	return header, gaps
}

// gluedTableAt reads a table that lost its separators: "ParameterTypeRequiredDescription", then rows as
// "per_pageintegerNoNumber of …". It gives the index of the line after it; nil where none begins.
func gluedTableAt(lines []string, at, first int, words map[string]int, tight bool) (*Table, int) {
	header, gaps := headerOf(lines[at])
	if header == nil {
		return nil, at
	}
	columns, _ := columnsOf(header)
	s := &splitter{columns: columns, words: words, tight: tight}
	t := &Table{Header: header}
	end, airy := at+1, false
	for i, blank := at+1, false; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if line == "" {
			if airy = airy || i == at+1; !airy {
				break
			}
			blank = true
			continue
		}
		cells := s.row(line, gaps, blank)
		wrapped := continued().MatchString(line) && !s.glued(line)
		if cells == nil && !blank && !wrapped && !startsBlock(lines, i) && s.follows(lines, i, gaps) {
			cells = []string{line} // so misspelt that nothing tells its cells; it stands between rows
		}
		if cells == nil {
			last := len(t.Rows) - 1
			if blank || last < 0 || startsBlock(lines, i) || !wrapped || len(t.Rows[last].Cells) < len(header) {
				break
			}
			// The last cell was broken over two lines.
			row := &t.Rows[last]
			row.Cells[len(header)-1] = oneLine(row.Cells[len(header)-1] + " " + line)
			row.End = first + i
		} else {
			for c := range cells {
				cells[c] = plain(cells[c])
			}
			t.Rows = append(t.Rows, Row{Line: first + i, Cells: cells})
		}
		blank, end = false, i+1
	}
	if len(t.Rows) == 0 {
		return nil, at
	}
	return t, end
}

// row cuts a line into cells. After a blank line only what surely is a row goes on with the table.
func (s *splitter) row(line string, gaps, blank bool) []string {
	if gaps {
		if cells := gap().Split(line, -1); len(cells) > 1 || !blank && len(s.columns) == 1 {
			return cells
		}
		return nil
	}
	s.likely = blank && !s.sure()
	if cells := s.cut(line, false); cells != nil {
		return cells
	}
	if blank || s.tight && heading(line) {
		return nil
	}
	return s.cut(line, true)
}

// glued tells whether a line has words that were run together.
func (s *splitter) glued(line string) bool {
	s.likely = true
	return len(s.seams(line)) > 0
}

// follows tells whether the line after one surely is a row.
func (s *splitter) follows(lines []string, i int, gaps bool) bool {
	if gaps || i+1 >= len(lines) || !s.sure() || s.tight && heading(lines[i]) || startsBlock(lines, i+1) {
		return false
	}
	next := strings.TrimSpace(lines[i+1])
	return next != "" && s.cut(next, false) != nil
}

// sure tells whether the columns have forms that prose has not.
func (s *splitter) sure() bool {
	for i, c := range s.columns {
		if c != anyColumn && c != titleColumn && c != nameColumn && i < len(s.columns)-1 {
			return true
		}
	}
	return false
}
