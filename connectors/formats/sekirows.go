package formats

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// A sekiRow is one row of the table. Its values lie by column of the table.
type sekiRow struct {
	row     int
	label   string
	group   string
	kind    sekiRowKind
	values  []sekiValue
	repeats int // the row whose label this one repeats, -1 for none
}

type sekiRowKind int

const (
	sekiCountry sekiRowKind = iota
	sekiGroup               // the sum of rows below it
	sekiTotal
)

// A sekiValue is one figure; number is nil where there is none.
type sekiValue struct {
	number   *big.Rat
	decimals int
	mark     string
}

func (t *sekiTable) read() error {
	if err := t.findHeader(); err != nil {
		return err
	}
	if err := t.readHeader(); err != nil {
		return err
	}
	if err := t.readRows(); err != nil {
		return err
	}
	if err := t.expect(); err != nil {
		return err
	}
	t.settleGroups()
	if err := t.checkCopies(); err != nil {
		return err
	}
	return t.checkSums()
}

// expect looks for the words that must stand above the table.
func (t *sekiTable) expect() error {
	var above strings.Builder
	for _, c := range t.grid.cells {
		if int(c.row) < t.rows[0].row {
			above.WriteString(strings.ToLower(t.text(int(c.row), int(c.col))) + "\n")
		}
	}
	for _, words := range t.settings.Expect {
		if !strings.Contains(above.String(), strings.ToLower(strings.Join(strings.Fields(words), " "))) {
			return fmt.Errorf("%q does not stand above the table: it is another table, or its unit changed; look at it, then correct expect and units", words)
		}
	}
	return nil
}

var (
	sekiNote   = regexp.MustCompile(`^(?i)(\*|sumber|source|catatan|notes?\b|keterangan|\d{1,2}\)|r\)|p\))`)
	sekiNumber = regexp.MustCompile(`^[-(]?\d[\d.,]*\)?$`)
)

// label is the first text left of the periods that is no line number.
func (t *sekiTable) label(row int) (text string, col int) {
	for col := range t.firstCol {
		if text := t.text(row, col); text != "" && !sekiNumber.MatchString(text) {
			return text, col
		}
	}
	return "", 0
}

// A sekiHeading is the label that rows stand under. Where its first row is
// indented, it ends with the first that is not; else with the next heading.
type sekiHeading struct {
	label    string
	col      int
	any      bool // it has rows
	indented bool
}

// under takes a row at a column under the heading, or ends the heading.
func (h *sekiHeading) under(col int) string {
	if h.label == "" || h.any && h.indented && col <= h.col {
		*h = sekiHeading{}
		return ""
	}
	if !h.any {
		h.any, h.indented = true, col > h.col
	}
	return h.label
}

func (t *sekiTable) readRows() error {
	first, last := max(t.yearRow, t.periodRow)+1, t.lastRow
	if t.settings.FirstRow > 0 {
		first = t.settings.FirstRow - 1
	}
	if t.settings.LastRow > 0 {
		last = min(last, t.settings.LastRow-1)
	}
	var heading sekiHeading
	totals := 0
	seen := map[string]int{}
	t.leaveRows("first_row", max(t.yearRow, t.periodRow)+1, first-1)
	for row := first; row <= last; row++ {
		raw, col := t.label(row)
		label, _ := cutMark(raw)
		values, filled := t.values(row)
		switch {
		case !filled && (raw == "" || strings.HasPrefix(raw, "(")):
			continue
		case !filled && len(t.rows) > 0 && sekiNote.MatchString(raw):
			t.leaveRows(notes, row, last)
			last = row
			continue
		case !filled:
			heading = sekiHeading{label: label, col: col}
			continue
		case raw == "" && len(t.rows) == 0:
			t.leaveRows("column_numbers", row, row)
			continue
		case raw == "":
			return fmt.Errorf("row %d has values and no label: correct last_row, or ask for the table again", row+1)
		}
		if err := t.onlyValues(row); err != nil {
			return err
		}
		r := sekiRow{row: row, label: label, kind: t.kindOf(label), values: values, repeats: -1}
		switch r.kind {
		case sekiTotal:
			if totals++; totals > 1 {
				return fmt.Errorf("row %d is a second row of totals: the sheet holds two tables; part them with first_row and last_row", row+1)
			}
			heading = sekiHeading{}
		case sekiGroup:
			heading = sekiHeading{label: label, col: col}
		default:
			r.group = heading.under(col)
			if at, ok := seen[strings.ToLower(label)]; ok {
				r.repeats = at
			} else {
				seen[strings.ToLower(label)] = row
			}
		}
		t.rows = append(t.rows, r)
	}
	if t.settings.LastRow > 0 {
		t.leaveRows("last_row", t.settings.LastRow, t.lastRow)
	}
	switch {
	case len(t.rows) == 0:
		return fmt.Errorf("no row below row %d has a label and values: correct first_row", first)
	case totals == 0:
		return errors.New("there is no row of totals, so nothing says that the table was read rightly: name its label under total")
	}
	return nil
}

// leaveRows counts rows that are no part of the table, as far as they hold anything.
func (t *sekiTable) leaveRows(rule string, from, to int) {
	for row := from; row <= to; row++ {
		for col := range t.lastCol + 1 {
			if t.text(row, col) != "" {
				t.leave(rule, fmt.Sprintf("%s!A%d", t.grid.name, row+1))
				break
			}
		}
	}
}

func (t *sekiTable) kindOf(label string) sekiRowKind {
	if t.settings.Total != "" && strings.EqualFold(label, strings.TrimSpace(t.settings.Total)) || t.settings.Total == "" && isTotalLabel(label) {
		return sekiTotal
	}
	for _, name := range t.settings.Groups {
		if strings.EqualFold(label, strings.TrimSpace(name)) {
			return sekiGroup
		}
	}
	return sekiCountry
}

// values reads the figures of a row; filled is false where there are none.
func (t *sekiTable) values(row int) (values []sekiValue, filled bool) {
	values = make([]sekiValue, len(t.columns))
	for i, column := range t.columns {
		values[i], _ = t.value(row, column.col)
		filled = filled || values[i].number != nil
	}
	return values, filled
}

// onlyValues refuses text among the figures of a row, and figures without a
// period: both would be lost in silence.
func (t *sekiTable) onlyValues(row int) error {
	for _, column := range t.columns {
		if _, ok := t.value(row, column.col); !ok {
			return fmt.Errorf("cell %s holds no number: correct the table, or decimal", cellName(row, column.col))
		}
	}
	for _, col := range t.bare {
		if v, _ := t.value(row, col); v.number != nil {
			return fmt.Errorf("cell %s holds a value, and no period stands over its column: correct year_row and period_row", cellName(row, col))
		}
	}
	return nil
}

// value reads one figure; ok is false for a text that is none.
func (t *sekiTable) value(row, col int) (v sekiValue, ok bool) {
	text := t.text(row, col)
	plain := false
	if i, found := t.index[sekiSpot{row, col}]; found {
		plain = t.grid.cells[i].number
	}
	if !plain {
		text, v.mark = cutMark(text)
	}
	switch strings.ToLower(text) {
	case "", "-", "–", "—", "...", "…", "n.a.", "n.a", "n/a", "na":
		return v, true
	}
	if !plain {
		if text, ok = plainOf(text, t.settings.Decimal); !ok {
			return v, false
		}
	}
	n, ok := parsePlain([]byte(text))
	if !ok {
		return v, false
	}
	if plain { // a number in binary is only good for 15 digits
		f, _ := n.Float64()
		text = strconv.FormatFloat(f, 'g', 15, 64)
		if n, ok = parsePlain([]byte(text)); !ok {
			return v, false
		}
	}
	v.number, v.decimals = n, decimalsOf(n, t.settings.Decimals)
	return v, true
}

var (
	groupedDots   = regexp.MustCompile(`^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$`)
	groupedCommas = regexp.MustCompile(`^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$`)
)

// plainOf writes a number that people typed with a decimal point and no groups.
func plainOf(text, decimal string) (string, bool) {
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		text = "-" + text[1:len(text)-1]
	}
	if decimal == "," {
		return strings.NewReplacer(".", "", ",", ".").Replace(text), groupedDots.MatchString(text)
	}
	return strings.ReplaceAll(text, ",", ""), groupedCommas.MatchString(text)
}

// parsePlain reads a number with a decimal point, and with an exponent as
// spreadsheets write it. Large exponents would take large memory.
func parsePlain(text []byte) (*big.Rat, bool) {
	if len(text) > 40 || !isPlainNumber(text) {
		return nil, false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f > 1e18 || f < -1e18 || f != 0 && f < 1e-30 && f > -1e-30 {
		return nil, false
	}
	return new(big.Rat).SetString(string(text))
}

// decimalsOf is the number of decimals that a value has once it is rounded.
func decimalsOf(n *big.Rat, most int) int {
	text := n.FloatString(most)
	point := strings.IndexByte(text, '.')
	if point < 0 {
		return 0
	}
	return len(strings.TrimRight(text[point+1:], "0"))
}

// emit yields the records.
func (t *sekiTable) emit(ctx context.Context, yield func(*Batch) bool) error {
	quarters := false
	for _, c := range t.columns {
		quarters = quarters || c.quarter > 0
	}
	rows := newBuilder(placeCell)
	rows.sheet = t.grid.name
	flush := func() error {
		if len(rows.places) > 0 && !yield(rows.take(sekiHeader, string(rows.text))) {
			return errStopped
		}
		return ctx.Err()
	}
	for _, r := range t.rows {
		label := r.label
		if r.kind == sekiTotal {
			label = ""
		}
		switch {
		case r.kind == sekiGroup:
			t.leaveRows("groups", r.row, r.row)
			continue
		case r.kind == sekiTotal && !t.settings.Totals:
			t.leaveRows("totals", r.row, r.row)
			continue
		}
		for i, c := range t.columns {
			v := r.values[i]
			if v.number == nil || !t.wanted(c, quarters) {
				continue
			}
			quarter := ""
			if c.quarter > 0 {
				quarter = strconv.Itoa(c.quarter)
			}
			mark := v.mark
			if mark == "" {
				mark = c.mark
			}
			for _, text := range []string{strconv.Itoa(c.year), quarter, label, v.number.FloatString(v.decimals), mark, r.group} {
				rows.cell([]byte(text))
			}
			var problem fault
			if r.repeats >= 0 {
				problem = fault{MalformedRecord, fmt.Sprintf("row %d has the same label as row %d, and one would take the other's place: rename one at the source, or ask for the table by group", r.row+1, r.repeats+1)}
			}
			rows.endRow(int64(r.row+1)*cellColumns+int64(c.col), problem)
			if rows.full() {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return t.tell(sekiHeader, yield)
}

func (t *sekiTable) wanted(c sekiColumn, quarters bool) bool {
	switch t.settings.Columns {
	case "quarters":
		return c.quarter > 0
	case "years":
		return c.quarter == 0
	case "auto":
		return !quarters || c.quarter > 0
	}
	return true
}
