package formats

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// A grid is the cells with a value of one sheet, for formats that must look at a
// sheet as a whole. Rows and columns count from 0. Cells that share a text refer
// to one copy of it, so that a grid is never much larger than its file.
type grid struct {
	name  string
	cells []gridCell
	text  []byte
}

// A gridCell is a cell with a value. The value is a piece of the grid's text.
type gridCell struct {
	row, col uint32
	from, to uint32
	number   bool // stored as a number, so with a decimal point whatever people see
}

func (g *grid) add(row, col int, text []byte, number bool) {
	from := uint32(len(g.text))
	g.text = append(g.text, text...)
	g.cells = append(g.cells, gridCell{uint32(row), uint32(col), from, uint32(len(g.text)), number})
}

func (g *grid) value(c gridCell) []byte { return g.text[c.from:c.to] }

// order puts the cells row by row; two values for one cell are damage.
func (g *grid) order() error {
	compare := func(a, b gridCell) int {
		if a.row != b.row {
			return int(a.row) - int(b.row)
		}
		return int(a.col) - int(b.col)
	}
	if !slices.IsSortedFunc(g.cells, compare) {
		slices.SortStableFunc(g.cells, compare)
	}
	for i := 1; i < len(g.cells); i++ {
		if compare(g.cells[i-1], g.cells[i]) == 0 {
			return fmt.Errorf("cell %s has two values: the file is damaged", g.place(g.cells[i]))
		}
	}
	return nil
}

func (g *grid) place(c gridCell) string { return cellName(int(c.row), int(c.col)) }

// cellName names a cell as people do: "F12".
func cellName(row, col int) string { return fmt.Sprintf("%s%d", columnLetters(col), row+1) }

// gridRecords makes records of the rows below a header row.
type gridRecords struct {
	ctx          context.Context
	header, skip int
	maxCell      int
	maxRows      int64
	budget       int64 // bytes of text that may still be given out
	yield        func(*Batch) bool

	names []string
	rows  *builder
}

func (d *gridRecords) run(g *grid) error {
	d.rows = newBuilder(placeSheet)
	d.rows.sheet = g.name
	for rest := g.cells; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].row == rest[0].row {
			n++
		}
		row := int(rest[0].row) + 1
		err := error(nil)
		switch {
		case row < d.header:
		case row == d.header:
			err = d.readHeader(g, rest[:n])
		case d.names == nil:
			err = errors.New("this row, which should hold the column names, is empty: correct header_row")
			row = d.header
		case row > d.header+d.skip:
			err = d.record(g, rest[:n])
		}
		if err == nil && d.rows.full() {
			err = d.flush()
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", row, err)
		}
		rest = rest[n:]
	}
	if d.names == nil {
		return fmt.Errorf("row %d: the sheet ends before this row, which should hold the column names: correct header_row or sheet", d.header)
	}
	return d.flush()
}

func (d *gridRecords) flush() error {
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(d.names, string(d.rows.text))) {
		return errStopped
	}
	return d.ctx.Err()
}

func (d *gridRecords) readHeader(g *grid, cells []gridCell) error {
	names := make([]string, cells[len(cells)-1].col+1)
	if len(names) > MaxColumns {
		return fmt.Errorf("there are more than %d columns: the file is damaged", MaxColumns)
	}
	for _, c := range cells {
		names[c.col] = string(g.value(c))
	}
	if d.names = cleanHeader(names); len(d.names) == 0 {
		return errors.New("the row that should hold the column names is empty: correct header_row")
	}
	return nil
}

// record makes a record of a row's cells; a row without any text is none.
func (d *gridRecords) record(g *grid, cells []gridCell) error {
	next, empty := 0, true
	var problem fault
	for _, c := range cells {
		text := g.value(c)
		if len(text) == 0 {
			continue
		}
		empty = false
		switch {
		case int(c.col) >= len(d.names):
			if problem.code == "" {
				problem = fault{RaggedRow, fmt.Sprintf("cell %s stands outside the columns that the header names", g.place(c))}
			}
			continue
		case len(text) > d.maxCell:
			problem = fault{TooLongCell, fmt.Sprintf("cell %s has %d bytes, more than max_cell (%d)", g.place(c), len(text), d.maxCell)}
			text = nil
		}
		if d.budget -= int64(len(text)); d.budget < 0 {
			return errors.New("the text of the cells is longer than max_bytes allows: ask for a smaller file, or raise the limit")
		}
		for ; next < int(c.col); next++ {
			d.rows.cell(nil)
		}
		next++
		d.rows.cell(text)
	}
	if empty {
		d.rows.dropRow()
		return nil
	}
	if d.rows.total() == d.maxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for smaller files", d.maxRows)
	}
	d.rows.endRow(int64(cells[0].row)+1, problem)
	return nil
}
