package document

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// htmlTable is the <table> at hand. One within a cell of another is text of that cell.
type htmlTable struct {
	nested  int
	begin   int
	end     int
	rows    []htmlRow
	inCell  bool
	isHead  bool // of the cell at hand: <th>
	columns int  // that it spans
	down    int  // rows that it spans
	hang    map[int]hanging
	code    []*preformatted // that stood in cells
}

type htmlRow struct {
	line  int
	end   int
	cells []string
	heads int // how many are <th>
}

// hanging is a cell that reaches into rows below its own.
type hanging struct {
	text string
	rows int
}

func (r *htmlReader) tableTag(start bool) {
	switch {
	case start && r.table != nil:
		r.table.nested++
	case start:
		r.flush()
		r.table = &htmlTable{begin: r.line, hang: map[int]hanging{}}
	case r.table != nil && r.table.nested > 0:
		r.table.nested--
	default:
		r.endTable()
	}
}

func (r *htmlReader) cellTag(tag atom.Atom, start bool, attributes map[string]string) {
	t := r.table
	if t == nil {
		r.flush()
		return
	}
	if t.nested > 0 {
		r.text.WriteByte(' ')
		return
	}
	r.endCell()
	switch {
	case tag == atom.Tr && start:
		t.rows = append(t.rows, htmlRow{line: r.line})
	case tag != atom.Tr && start:
		if len(t.rows) == 0 {
			t.rows = append(t.rows, htmlRow{line: r.line})
		}
		r.flush()
		t.inCell, t.isHead = true, tag == atom.Th
		t.columns, t.down = spanOf(attributes["colspan"]), spanOf(attributes["rowspan"])
	}
}

func (r *htmlReader) endCell() {
	t := r.table
	if t == nil || !t.inCell {
		return
	}
	t.inCell = false
	text := strings.TrimSuffix(oneLine(r.text.String()), ",")
	row := &t.rows[len(t.rows)-1]
	if len(row.cells) == 0 && r.begin > 0 {
		row.line = r.begin
	}
	t.end = max(r.end, r.line)
	row.end = max(row.end, r.end)
	r.text.Reset()
	r.begin, r.end, r.links, r.bold = 0, 0, 0, 0
	t.fill(row)
	for i := range t.columns {
		if len(row.cells) == maxColumns {
			break
		}
		if i > 0 {
			text = ""
		}
		if t.down > 1 {
			t.hang[len(row.cells)] = hanging{text, t.down - 1}
		}
		row.cells = append(row.cells, text)
	}
	if t.isHead {
		row.heads += t.columns
	}
}

// fill gives a row the cells that hang into it from above.
func (t *htmlTable) fill(row *htmlRow) {
	for {
		h, ok := t.hang[len(row.cells)]
		if !ok || len(row.cells) == maxColumns {
			return
		}
		if h.rows--; h.rows == 0 {
			delete(t.hang, len(row.cells))
		} else {
			t.hang[len(row.cells)] = h
		}
		row.cells = append(row.cells, h.text)
	}
}

func (r *htmlReader) endTable() {
	r.endCell()
	t := r.table
	r.table = nil
	if t == nil {
		return
	}
	r.tableOf(t)
	for _, p := range t.code {
		r.preformatted(p)
	}
}

// tableOf adds a table as its rows have it.
func (r *htmlReader) tableOf(t *htmlTable) {
	rows := t.rows[:0]
	for _, row := range t.rows {
		if len(row.cells) > 0 && strings.Join(row.cells, "") != "" {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return
	}
	table := &Table{}
	// The header is the first row: where all its cells are <th>, or where its words say so.
	if _, known := columnsOf(rows[0].cells); rows[0].heads == len(rows[0].cells) || 2*known >= len(rows[0].cells) {
		table.Header, rows = rows[0].cells, rows[1:]
	} else {
		table.Header = make([]string, len(rows[0].cells))
	}
	for _, row := range rows {
		table.Rows = append(table.Rows, Row{Line: row.line, End: row.end, Cells: row.cells})
	}
	r.b.table(table, " ", t.begin, max(t.begin, t.end))
}
