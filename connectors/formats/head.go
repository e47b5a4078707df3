package formats

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// headSearch bounds how many rows are searched for a header.
const headSearch = 1000

// headDepth bounds how many rows a header may take.
const headDepth = 10

// A headSettings says where the column names stand, besides header_row.
type headSettings struct {
	HeaderHas  []string `yaml:"header_has" doc:"column names that the header must hold: the first row from header_row on that holds them all is the header, so that lines may be added above it; at most 1000 rows are searched"`
	HeaderRows int      `yaml:"header_rows" doc:"rows that the header takes; names that stand over several columns are joined with those below them (Penempatan / 2024); default 1"`
}

func (s *headSettings) check() error {
	var problems []error
	if s.HeaderRows < 0 || s.HeaderRows > headDepth {
		problems = append(problems, fmt.Errorf("header_rows: must lie between 1 and %d", headDepth))
	}
	if slices.ContainsFunc(s.HeaderHas, func(name string) bool { return plainName(name) == "" }) {
		problems = append(problems, errors.New("header_has: a name is empty"))
	}
	return errors.Join(problems...)
}

// depth is how many rows the header takes.
func (s *headSettings) depth() int { return max(s.HeaderRows, 1) }

// plainName is a name as headers are compared: case and white space do not count.
func plainName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// holds reports whether the header has every name that it must have, each beginning in
// its first row: else the row above a header would pass for a part of it.
func (s *headSettings) holds(names []string, rows [][]string, fill bool) bool {
	return !slices.ContainsFunc(s.HeaderHas, func(wanted string) bool {
		col := slices.IndexFunc(names, func(name string) bool { return plainName(name) == plainName(wanted) })
		if col < 0 {
			return true
		}
		from := col
		if fill {
			from = 0
		}
		top := rows[0][min(from, len(rows[0])):min(col+1, len(rows[0]))]
		return !slices.ContainsFunc(top, func(text string) bool { return plainName(text) != "" })
	})
}

func (s *headSettings) notFound(from int) error {
	return fmt.Errorf("no row from %d on holds the column names %s (%d rows are searched): correct header_has and header_row, or ask for the file again",
		from, strings.Join(s.HeaderHas, ", "), headSearch)
}

// joinHeader makes column names of the rows of a header: what stands over a column,
// from top to bottom, without the repeats of cells merged downwards. fill says that
// cells merged to the right are only known by the blanks that they left, as in text:
// such a blank reads as its left neighbour where a lower row names the column.
func joinHeader(rows [][]string, fill bool) []string {
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	if len(rows) == 1 {
		return cleanHeader(rows[0])
	}
	names := make([]string, width)
	over := make([]string, len(rows))
	for col := range names {
		lowest := -1
		for i, row := range rows {
			text := ""
			if col < len(row) {
				text = strings.Join(strings.Fields(row[col]), " ")
			}
			if text != "" {
				lowest = i
			}
			if text != "" || !fill {
				over[i] = text
				for below := i + 1; fill && text != "" && below < len(rows); below++ {
					over[below] = "" // a new group above ends the groups below it
				}
			}
		}
		if lowest < 0 {
			continue
		}
		var parts []string
		for _, text := range over[:lowest+1] {
			if text != "" && (len(parts) == 0 || parts[len(parts)-1] != text) {
				parts = append(parts, text)
			}
		}
		names[col] = strings.Join(parts, " / ")
	}
	return cleanHeader(names)
}

// A tableHead finds the header among the rows of a sheet or a table, which are
// offered to it from top to bottom.
type tableHead struct {
	headSettings
	row   int // of the header, or from where it is searched
	table int // which of several such headers, from 1
	names []string
	last  int // the header's last row

	rows [][]string // offered last, at most header_rows
	at   int        // row number of the last
}

// offer takes a row with a value; once it has made the header complete, names is set.
func (h *tableHead) offer(row int, cells []string) error {
	if row < h.row {
		return nil
	}
	if len(cells) > MaxColumns {
		return fmt.Errorf("there are more than %d columns: the file is damaged, or this is not the header", MaxColumns)
	}
	if len(h.HeaderHas) == 0 {
		return h.fixed(row, cells)
	}
	if row >= h.row+headSearch {
		return h.notFound(h.row)
	}
	for ; h.at > 0 && h.at+1 < row && len(h.rows) < 2*h.depth(); h.at++ {
		h.rows = append(h.rows, nil)
	}
	h.rows, h.at = append(h.rows, cells), row
	if len(h.rows) < h.depth() {
		return nil
	}
	h.rows = h.rows[len(h.rows)-h.depth():]
	if names := joinHeader(h.rows, false); h.holds(names, h.rows, false) {
		if h.table--; h.table <= 0 {
			h.names, h.last = names, row
		}
	}
	return nil
}

// fixed takes the rows of a header that stands in a known place.
func (h *tableHead) fixed(row int, cells []string) error {
	last := h.row + h.depth() - 1
	if row > last {
		return fmt.Errorf("row %d, which should hold the column names, is empty: correct header_row", last)
	}
	h.rows = append(h.rows, cells)
	if row < last {
		return nil
	}
	names := joinHeader(h.rows, false)
	if len(names) == 0 {
		return errors.New("the row that should hold the column names is empty: correct header_row")
	}
	h.names, h.last = names, row
	return nil
}

// missing words the end of a sheet or table without a header.
func (h *tableHead) missing() error {
	if len(h.HeaderHas) > 0 {
		return h.notFound(h.row)
	}
	return fmt.Errorf("it ends before row %d, which should hold the column names: correct header_row, or which sheet or table is read", h.row+h.depth()-1)
}
