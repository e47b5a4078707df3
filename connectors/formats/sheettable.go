package formats

import (
	"errors"
	"fmt"
	"slices"
)

// A sheetSettings says which part of a sheet is the table.
type sheetSettings struct {
	Table      int      `yaml:"table" doc:"which of several tables below each other whose headers hold the names of header_has, from 1; default 1"`
	Until      string   `yaml:"until" doc:"where the table ends: sheet for the end of the sheet, or empty_row; default sheet"`
	Hidden     string   `yaml:"hidden" doc:"hidden rows and columns: keep, because people hide what is in their way and it still is data (a filter hides rows), or skip; default keep"`
	RowNumbers []string `yaml:"row_numbers" doc:"columns in which a form numbers its rows beforehand: a row with nothing else is no record"`
}

const (
	untilSheet    = "sheet"
	untilEmptyRow = "empty_row"
	hiddenKeep    = "keep"
	hiddenSkip    = "skip"
)

func (s *sheetSettings) check(has []string) error {
	var problems []error
	if s.Table < 0 || s.Table > 1 && len(has) == 0 {
		problems = append(problems, errors.New("table: must not be negative, and needs header_has to know the tables by"))
	}
	if s.Until != "" && s.Until != untilSheet && s.Until != untilEmptyRow {
		problems = append(problems, fmt.Errorf("until: %q is not known (known: %s, %s)", s.Until, untilSheet, untilEmptyRow))
	}
	if s.Hidden != "" && s.Hidden != hiddenKeep && s.Hidden != hiddenSkip {
		problems = append(problems, fmt.Errorf("hidden: %q is not known (known: %s, %s)", s.Hidden, hiddenKeep, hiddenSkip))
	}
	return errors.Join(problems...)
}

// A mergedCells is an area of cells that are one; rows and columns count from 0.
type mergedCells struct{ top, left, bottom, right int }

// maxMerges bounds what is kept of the merged cells of a sheet.
const maxMerges = 100_000

// A sheetTable follows a sheet, row by row, from the table's header to its end. Rows
// count from 1.
type sheetTable struct {
	head     tableHead
	settings *sheetSettings
	skip     int
	merges   []mergedCells
	numbers  []bool // columns that number the rows
	seen     int    // the last row that was there
	ended    bool
}

func newSheetTable(headerRow, skip int, head *headSettings, settings *sheetSettings) sheetTable {
	return sheetTable{head: tableHead{headSettings: *head, row: headerRow, table: settings.Table}, settings: settings, skip: skip}
}

// header offers a row as a part of the header. Text in cells merged to the right
// counts for each of their columns.
func (t *sheetTable) header(row int, cells []string) error {
	for _, m := range t.merges {
		if m.top != row-1 || m.left >= len(cells) || cells[m.left] == "" {
			continue
		}
		right := min(m.right, MaxColumns-1)
		for len(cells) <= right {
			cells = append(cells, "")
		}
		for col := m.left + 1; col <= right; col++ {
			cells[col] = cells[m.left]
		}
	}
	t.seen = row
	if err := t.head.offer(row, cells); err != nil || t.head.names == nil {
		return err
	}
	t.seen += t.skip
	t.numbers = make([]bool, len(t.head.names))
	for _, name := range t.settings.RowNumbers {
		col := slices.Index(t.head.names, name)
		if col < 0 {
			return fmt.Errorf("row_numbers: there is no column %s (there are: %s)", name, memberNames(t.head.names))
		}
		t.numbers[col] = true
	}
	return nil
}

// record reports whether a row below the header may be one of the table's records. A
// row that is not there is an empty one.
func (t *sheetTable) record(row int) bool {
	if !t.below(row) || t.ended {
		return false
	}
	if t.settings.Until == untilEmptyRow && row > t.seen+1 {
		t.ended = true
		return false
	}
	t.seen = row
	return true
}

// leaves tells the rule by which a row that record takes for none is left out; "" where none does.
func (t *sheetTable) leaves(row int) string {
	switch {
	case t.below(row):
		return "until"
	case t.head.names != nil && row > t.head.last:
		return "skip_rows"
	}
	return ""
}

// below reports whether a row stands where the records do, or below them.
func (t *sheetTable) below(row int) bool { return t.head.names != nil && row > t.head.last+t.skip }

// pass notes a row that is there and is not looked at, because it is hidden.
func (t *sheetTable) pass(row int) {
	if row == t.seen+1 {
		t.seen = row
	}
}

// empty notes that a row of the table has no text.
func (t *sheetTable) empty() { t.ended = t.settings.Until == untilEmptyRow }

// counts reports whether text in this column makes a row a record.
func (t *sheetTable) counts(column int) bool { return column >= len(t.numbers) || !t.numbers[column] }
