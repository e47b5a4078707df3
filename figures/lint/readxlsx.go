package lint

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Merged cells are spread only in sheets of this many rows: a title or a head is near the top,
// and listing the merges of a large sheet takes gigabytes.
const spreadRows = 5000

// readWorkbook reads the cells as the workbook shows them, because that is what a reader
// of the publication sees: a share stored as 0.2937 is printed 29.37%.
func (d *Document) readWorkbook(data []byte) error {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: 8 * MaxBytes, UnzipXMLSizeLimit: 2 * MaxBytes})
	if err != nil {
		return fmt.Errorf("%s: opening the workbook: %w", d.Name, err)
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err != nil || !visible {
			continue
		}
		rows, err := book.GetRows(sheet)
		if err != nil {
			return fmt.Errorf("%s: reading sheet %s: %w", d.Name, quote(sheet), err)
		}
		if err := spreadMerges(book, sheet, rows); err != nil {
			return fmt.Errorf("%s: sheet %s: %w", d.Name, quote(sheet), err)
		}
		t := Table{Sheet: sheet}
		for i, cells := range rows {
			row := Row{Line: i + 1, Cells: cells}
			if len(rows) <= spreadRows {
				if row.Stored, err = storedNumbers(book, sheet, i+1, cells); err != nil {
					return fmt.Errorf("%s: sheet %s, row %d: %w", d.Name, quote(sheet), i+1, err)
				}
			}
			t.Rows = append(t.Rows, row)
		}
		d.Tables = append(d.Tables, splitAtBlanks(t)...)
	}
	return nil
}

// storedNumbers finds the cells of a row that hold numbers. Only those with a mark between their
// digits can be read in two ways.
func storedNumbers(book *excelize.File, sheet string, line int, cells []string) (map[int]bool, error) {
	var stored map[int]bool
	for i, text := range cells {
		if !strings.ContainsAny(text, ".,") {
			continue
		}
		name, err := excelize.CoordinatesToCellName(i+1, line)
		if err != nil {
			return nil, err
		}
		kind, err := book.GetCellType(sheet, name)
		if err != nil {
			return nil, err
		}
		if kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber {
			if stored == nil {
				stored = map[int]bool{}
			}
			stored[i] = true
		}
	}
	return stored, nil
}

// spreadMerges writes a merged label into each row that it spans, and a merged head over
// each of its columns. A title over the whole width stays one cell.
func spreadMerges(book *excelize.File, sheet string, rows [][]string) error {
	if len(rows) > spreadRows {
		return nil
	}
	merges, err := book.GetMergeCells(sheet)
	if err != nil {
		return fmt.Errorf("reading merged cells: %w", err)
	}
	width := 0
	for _, r := range rows {
		width = max(width, len(r))
	}
	for _, m := range merges {
		left, top, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 != nil || err2 != nil || isCount(m.GetCellValue()) {
			continue
		}
		for r := top - 1; r < min(bottom, len(rows)); r++ {
			if left == 1 && right >= width {
				break
			}
			for len(rows[r]) < min(right, width) {
				rows[r] = append(rows[r], "") // rows end with their last cell
			}
			for c := left - 1; c < min(right, width); c++ {
				rows[r][c] = m.GetCellValue()
			}
		}
	}
	return nil
}
