package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
	"github.com/kp2mi/lindung/warehouse/harmless"
)

// A Workbook is a finished report as its file has it, for those who check it.
type Workbook struct {
	Kind, Subject, Lang, Status string
	Release, Hash               string
	Numbers                     []Traced
}

// A Traced number is a number of a workbook with what it says that it is made of. Without a
// reference it stands in a table and says nothing.
type Traced struct {
	Sheet, Cell string
	Text        string   // as the report prints it; of one without a reference, as the sheet shows it
	Within      string   // the words around it, where it is no cell of its own
	Value       *float64 // of the cell, where that holds a number
	Ref         document.Reference
}

// Read takes the numbers out of a workbook that Write wrote, whoever changed it since.
func Read(content []byte) (*Workbook, error) {
	file, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("opening the workbook: %w", err)
	}
	defer file.Close()
	props, err := file.GetDocProps()
	if err != nil {
		return nil, fmt.Errorf("reading the properties of the workbook: %w", err)
	}
	r := &reading{file: file, sheets: map[string][][]string{}, traced: map[[2]string]bool{},
		book: &Workbook{Kind: props.Category, Subject: props.Subject, Lang: props.Language, Status: props.ContentStatus, Release: props.Version, Hash: props.Identifier}}
	names := file.GetSheetList()
	if err := r.sources(names[len(names)-1]); err != nil {
		return nil, err
	}
	for _, sheet := range names[:len(names)-1] {
		if err := r.untraced(sheet); err != nil {
			return nil, err
		}
	}
	return r.book, nil
}

type reading struct {
	file   *excelize.File
	sheets map[string][][]string // as stored
	traced map[[2]string]bool    // sheet and cell
	book   *Workbook
}

// errNotOurs says that a workbook has no sheet of provenance.
var errNotOurs = errors.New("the last sheet is not the provenance of a report: this is no workbook of a report, or its sheets were moved")

// sources reads the sheet of provenance.
func (r *reading) sources(name string) error {
	rows, err := r.rows(name)
	if err != nil {
		return err
	}
	if len(rows) < headRow || len(rows[headRow-1]) != 8 || rows[headRow-1][3] != "op" {
		return errNotOurs
	}
	for i, row := range rows[headRow:] {
		if len(row) != 8 {
			return fmt.Errorf("sheet %s, row %d has %d cells, not 8", name, firstRow+i, len(row))
		}
		for j, text := range row {
			if row[j] = plain(text); row[j] == tables.Nothing {
				row[j] = ""
			}
		}
		if row[0] == "" {
			continue // a report without numbers
		}
		n := Traced{Sheet: row[0], Cell: row[1], Text: row[2], Ref: document.Reference{Op: row[3], Figure: row[4], Target: row[7]}}
		if row[5] != "" {
			n.Ref.Bases = strings.Fields(row[5])
		}
		if row[6] != "" {
			n.Ref.Against = strings.Fields(row[6])
		}
		if err := r.cell(&n); err != nil {
			return fmt.Errorf("sheet %s, row %d: %w", name, firstRow+i, err)
		}
		r.traced[[2]string{n.Sheet, n.Cell}] = true
		r.book.Numbers = append(r.book.Numbers, n)
	}
	return nil
}

// cell looks up what stands where a number is said to be.
func (r *reading) cell(n *Traced) error {
	rows, err := r.rows(n.Sheet)
	if err != nil {
		return err
	}
	column, row, err := excelize.CellNameToCoordinates(n.Cell)
	if err != nil || row > len(rows) || column > len(rows[row-1]) {
		return fmt.Errorf("there is no cell %s!%s", n.Sheet, n.Cell)
	}
	text := rows[row-1][column-1]
	number, err := r.isNumber(n.Sheet, n.Cell)
	switch {
	case err != nil:
		return err
	case number:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("cell %s!%s: %q is no number", n.Sheet, n.Cell, text)
		}
		n.Value = &v
	case plain(text) != n.Text:
		n.Within = plain(text)
	}
	return nil
}

// untraced adds the numbers of a table that no row of the provenance names. What charts draw from
// are numbers of tables once more, and no table.
func (r *reading) untraced(sheet string) error {
	objects, err := r.file.GetTables(sheet)
	if err != nil || len(objects) == 0 {
		return err
	}
	rows, err := r.rows(sheet)
	if err != nil {
		return err
	}
	for i, row := range rows[min(headRow, len(rows)):] {
		for j, text := range row {
			name := cellName(j+1, firstRow+i)
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || r.traced[[2]string{sheet, name}] {
				continue
			}
			number, err := r.isNumber(sheet, name)
			if err != nil {
				return err
			}
			if number {
				shown, err := r.file.GetCellValue(sheet, name)
				if err != nil {
					return err
				}
				r.book.Numbers = append(r.book.Numbers, Traced{Sheet: sheet, Cell: name, Text: shown, Value: &v})
			}
		}
	}
	return nil
}

func (r *reading) isNumber(sheet, cell string) (bool, error) {
	kind, err := r.file.GetCellType(sheet, cell)
	return kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber, err
}

func (r *reading) rows(sheet string) ([][]string, error) {
	if rows, ok := r.sheets[sheet]; ok {
		return rows, nil
	}
	if !slices.Contains(r.file.GetSheetList(), sheet) {
		return nil, fmt.Errorf("there is no sheet %s", sheet)
	}
	rows, err := r.file.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("reading sheet %s: %w", sheet, err)
	}
	r.sheets[sheet] = rows
	return rows, nil
}

// plain is a text without the apostrophe that keeps it from being run.
func plain(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && harmless.Text(rest) == text {
		return rest
	}
	return text
}
