package formats

import (
	"errors"
	"fmt"
	"strconv"
)

// sheet reads the rows, and the XML behind them to its end: what is cut short
// must not pass for a short sheet.
func (d *xlsxDecoder) sheet() error {
	for {
		kind, err := d.xml.next()
		if err != nil {
			return err
		}
		if kind == xmlEOF {
			break
		}
		if kind != xmlStart {
			continue
		}
		switch string(d.xml.name) {
		case "col":
			err = d.column()
		case "row":
			err = d.sheetRow()
		}
		if err == nil && d.rows.full() {
			err = d.flush()
		}
		if err != nil {
			return err
		}
	}
	if d.table.head.names == nil {
		return fmt.Errorf("the sheet has no header: %w", d.table.head.missing())
	}
	return nil
}

// A columnRange is columns next to each other, from 0.
type columnRange struct{ first, last int }

// column notes hidden columns, if they are to be passed over.
func (d *xlsxDecoder) column() error {
	if d.settings.Hidden != hiddenSkip || !isTrue(d.xml.attr("hidden")) {
		return nil
	}
	first, err := strconv.Atoi(string(d.xml.attr("min")))
	last, err2 := strconv.Atoi(string(d.xml.attr("max")))
	if err != nil || err2 != nil || len(d.hidden) > 4*MaxColumns {
		return errors.New("the widths of the columns are not in order: the file is damaged")
	}
	d.hidden = append(d.hidden, columnRange{first - 1, last - 1})
	return nil
}

func isTrue(flag []byte) bool { return string(flag) == "1" || string(flag) == "true" }

// sheetRow reads the row that started, as header, record or none.
func (d *xlsxDecoder) sheetRow() error {
	hidden := d.settings.Hidden == hiddenSkip && isTrue(d.xml.attr("hidden"))
	if err := d.nextRow(); err != nil {
		return err
	}
	row := int(d.row)
	switch {
	case hidden:
		d.table.pass(row)
		if !d.table.below(row) {
			return d.xml.skip()
		}
		return d.leave("hidden")
	case d.table.head.names == nil && row < d.settings.HeaderRow:
		return d.xml.skip()
	case d.table.head.names == nil:
		return d.readHeader()
	case !d.table.record(row):
		return d.leave(d.table.leaves(row))
	}
	return d.record()
}

// leave passes over the row that started, and counts it if a rule leaves it out and it holds
// anything.
func (d *xlsxDecoder) leave(rule string) error {
	if rule == "" {
		return d.xml.skip()
	}
	filled := false
	_, err := d.cells(func(_ int, text []byte) { filled = filled || len(text) > 0 })
	if filled {
		d.tail.leave(rule, fmt.Sprintf("%s!A%d", d.rows.sheet, d.row))
	}
	return err
}

// nextRow takes the number of the row that started.
func (d *xlsxDecoder) nextRow() error {
	number := d.row + 1
	if r := d.xml.attr("r"); r != nil {
		n, err := strconv.ParseInt(string(r), 10, 32)
		if err != nil || n < number {
			return errors.New("the rows are not numbered upwards: the file is damaged")
		}
		number = n
	}
	d.row = number
	return nil
}

func (d *xlsxDecoder) readHeader() error {
	var names []string
	f, err := d.cells(func(column int, text []byte) {
		for len(names) < column {
			names = append(names, "")
		}
		names = append(names, string(text))
	})
	if err != nil {
		return err
	}
	if f.code != "" && len(d.settings.HeaderHas) == 0 {
		return fmt.Errorf("the column names: %s", f.message)
	}
	return d.table.header(int(d.row), names)
}

// record reads the cells of the row that started as a record; a row without
// any text is no record.
func (d *xlsxDecoder) record() error {
	width, next, empty, outside := len(d.table.head.names), 0, true, -1
	var long fault
	f, err := d.cells(func(column int, text []byte) {
		if len(text) == 0 {
			return
		}
		empty = empty && !d.table.counts(column)
		if column >= width {
			outside = column
			return
		}
		for ; next < column; next++ {
			d.rows.cell(nil)
		}
		next++
		if len(text) > d.settings.MaxCell {
			long = fault{TooLongCell, fmt.Sprintf("cell %s%d has %d bytes, more than max_cell (%d)", columnLetters(column), d.row, len(text), d.settings.MaxCell)}
			text = nil
		}
		d.rows.cell(text)
	})
	if err != nil {
		return err
	}
	if f.code == "" {
		f = long
	}
	if f.code == "" && outside >= 0 {
		f = fault{RaggedRow, fmt.Sprintf("cell %s%d stands outside the columns that the header names", columnLetters(outside), d.row)}
	}
	if empty && f.code == "" {
		d.rows.dropRow()
		if next > 0 {
			d.tail.leave("row_numbers", fmt.Sprintf("%s!A%d", d.rows.sheet, d.row))
		}
		d.table.empty()
		return nil
	}
	if d.rows.total() == d.settings.MaxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for smaller files", d.settings.MaxRows)
	}
	d.rows.endRow(d.row, f)
	return nil
}

// merges reads the cells of a sheet that are merged to the right, as far down as a
// header may stand. They come behind the rows, so that the sheet is passed over once
// more; that is not counted as unpacked again.
func (w *workbook) merges(part string, rows int) (found []mergedCells, err error) {
	budget := w.budget
	defer func() { w.budget = budget }()
	err = w.each(part, func(x *xmlReader) error {
		if string(x.name) != "mergeCell" {
			return nil
		}
		m, ok := areaOf(x.attr("ref"))
		if !ok {
			return errors.New("merged cells without their place: the file is damaged")
		}
		if m.top < rows && m.left < m.right && len(found) < maxMerges {
			found = append(found, m)
		}
		return nil
	})
	return found, err
}
