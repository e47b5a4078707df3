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

	merges     []mergedCells
	hiddenRows map[int]bool
	hiddenCols []columnRange
}

// gridCells bounds what is held of a table; a real one has some thousands, a matrix of
// all countries some ten thousands.
const gridCells = 1_000_000

var errGridCells = fmt.Errorf("there are more than %d cells: this is no table that is read as a whole", gridCells)

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

// gridRecords makes records of the rows below a header.
type gridRecords struct {
	ctx     context.Context
	table   sheetTable
	maxCell int
	maxRows int64
	budget  int64 // bytes of text that may still be given out
	tail    *tableTail

	rows *builder
}

func (d *gridRecords) run(g *grid) error {
	d.rows = newBuilder(placeSheet)
	d.rows.sheet = g.name
	d.table.merges = g.merges
	var hidden []int
	if d.table.settings.Hidden == hiddenSkip {
		hidden = g.dropHidden()
	}
	for rest := g.cells; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].row == rest[0].row {
			n++
		}
		if err := d.row(g, rest[:n]); err != nil {
			return fmt.Errorf("row %d: %w", rest[0].row+1, err)
		}
		rest = rest[n:]
	}
	if d.table.head.names == nil {
		return fmt.Errorf("the sheet has no header: %w", d.table.head.missing())
	}
	d.tail.header = d.table.head.names
	if err := d.flush(); err != nil {
		return err
	}
	for _, row := range hidden {
		d.leave("hidden", row)
	}
	return d.tail.end()
}

// leave counts a row with values that is left out, if it stands below the header.
func (d *gridRecords) leave(rule string, row int) {
	if d.table.below(row) {
		d.tail.leave(rule, fmt.Sprintf("%s!A%d", d.rows.sheet, row))
	}
}

// row takes the cells of a row, as header, record or none.
func (d *gridRecords) row(g *grid, cells []gridCell) error {
	row := int(cells[0].row) + 1
	for hidden := d.table.seen + 1; hidden < row && g.hiddenRows[hidden-1] && d.table.settings.Hidden == hiddenSkip; hidden++ {
		d.table.pass(hidden)
	}
	switch {
	case d.table.head.names == nil:
		names := make([]string, min(int(cells[len(cells)-1].col), MaxColumns)+1)
		for _, c := range cells {
			if int(c.col) < len(names) {
				names[c.col] = string(g.value(c))
			}
		}
		return d.table.header(row, names)
	case d.table.record(row):
		if err := d.record(g, cells); err != nil {
			return err
		}
	default:
		if rule := d.table.leaves(row); rule != "" {
			d.tail.leave(rule, fmt.Sprintf("%s!A%d", d.rows.sheet, row))
		}
	}
	if d.rows.full() {
		return d.flush()
	}
	return nil
}

// dropHidden takes the cells of hidden rows and columns away, and tells the rows, from 1.
func (g *grid) dropHidden() (rows []int) {
	for _, c := range g.cells {
		if row := int(c.row) + 1; g.hiddenRows[row-1] && (len(rows) == 0 || rows[len(rows)-1] != row) {
			rows = append(rows, row)
		}
	}
	g.cells = slices.DeleteFunc(g.cells, func(c gridCell) bool {
		return g.hiddenRows[int(c.row)] || slices.ContainsFunc(g.hiddenCols, func(r columnRange) bool { return r.first <= int(c.col) && int(c.col) <= r.last })
	})
	return rows
}

func (d *gridRecords) flush() error {
	if len(d.rows.places) > 0 {
		if err := d.tail.take(d.rows.take(d.table.head.names, string(d.rows.text))); err != nil {
			return err
		}
	}
	return d.ctx.Err()
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
		empty = empty && !d.table.counts(int(c.col))
		switch {
		case int(c.col) >= len(d.table.head.names):
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
		if next > 0 {
			d.leave("row_numbers", int(cells[0].row)+1)
		}
		d.table.empty()
		return nil
	}
	if d.rows.total() == d.maxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for smaller files", d.maxRows)
	}
	d.rows.endRow(int64(cells[0].row)+1, problem)
	return nil
}
