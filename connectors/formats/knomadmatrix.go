package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

func validText(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }

// matrixLeast is how many columns with a name make a row the header.
const matrixLeast = 3

var yearWord = regexp.MustCompile(`\b(19|20)[0-9]{2}\b`)

// yearIn finds the first year of a text.
func yearIn(text string) string { return yearWord.FindString(text) }

// A matrixAxis is a country down or across.
type matrixAxis struct {
	label string
	at    int // row or column
	sum   big.Rat
	parts int  // figures that were added up
	open  bool // a figure is not given
}

// A matrixFigure is a number of the matrix, and its text as it stands there.
type matrixFigure struct {
	row, col int // of rows and columns
	text     []byte
}

// A matrix is a table of pairs being read.
type matrix struct {
	settings *KNOMAD
	grid     *grid
	lines    [][]gridCell // by row
	year     string
	corner   int // column of the labels
	columns  []matrixAxis
	total    *matrixAxis // the column of totals
	rows     []matrixAxis
	known    map[string]int // rows by country
	figures  []matrixFigure
	sums     map[int]matrixValue // the row of totals, by column
	rowSums  []matrixValue       // the column of totals, by row
	bottom   int                 // row of the totals
	decimals int                 // that any figure has, six at most
	leftRows
}

type matrixValue struct {
	number *big.Rat // nil: not given
	text   []byte
}

func newMatrix(s *KNOMAD, g *grid) *matrix {
	m := &matrix{settings: s, grid: g, known: map[string]int{}, sums: map[int]matrixValue{}, bottom: -1}
	for rest := g.cells; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].row == rest[0].row {
			n++
		}
		m.lines, rest = append(m.lines, rest[:n]), rest[n:]
	}
	return m
}

func (m *matrix) isTotal(label string) bool {
	return m.settings.Total != "none" && plainName(label) == plainName(m.settings.Total)
}

func (m *matrix) text(c gridCell) string {
	return strings.Join(strings.Fields(string(m.grid.value(c))), " ")
}

// read finds the table, takes its figures and holds them against its totals.
func (m *matrix) read() error {
	header := -1
	for i, line := range m.lines {
		if m.isHeader(line) {
			header = i
			break
		}
	}
	if header < 0 {
		return errors.New("no row holds the names of countries: is this the right sheet?")
	}
	if err := m.readHeader(m.lines[header]); err != nil {
		return err
	}
	if err := m.above(m.lines[:header+1]); err != nil {
		return err
	}
	for _, line := range m.lines[header+1:] {
		if err := m.readRow(line); err != nil {
			return err
		}
	}
	if len(m.rows) == 0 {
		return errors.New("no rows stand below the names of the countries: ask for the file again")
	}
	if m.bottom < 0 && m.settings.Total != "none" {
		return fmt.Errorf("there is no row %q to check the figures by: the file was cut short, or correct total", m.settings.Total)
	}
	return m.check()
}

// isHeader reports a row of names: texts, several of them next to each other.
func (m *matrix) isHeader(line []gridCell) bool {
	names := 0
	for _, c := range line {
		if text := m.grid.value(c); len(text) > 0 {
			if isPlainNumber(text) {
				return false
			}
			names++
		}
	}
	return names >= matrixLeast
}

// readHeader takes the countries across. The corner above the labels may be empty.
func (m *matrix) readHeader(line []gridCell) error {
	m.corner = int(line[0].col)
	for _, below := range m.lines {
		if below[0].row > line[0].row {
			m.corner = min(m.corner, int(below[0].col))
		}
	}
	seen := map[string]bool{}
	for _, c := range line {
		label := m.text(c)
		if int(c.col) == m.corner || label == "" {
			continue
		}
		if seen[plainName(label)] {
			return fmt.Errorf("cell %s names a country that the header has already: ask for the file again", m.grid.place(c))
		}
		seen[plainName(label)] = true
		if m.columns = append(m.columns, matrixAxis{label: label, at: int(c.col)}); len(m.columns) > MaxColumns {
			return errGridCells
		}
	}
	for i := range m.columns {
		if m.isTotal(m.columns[i].label) {
			m.total = &m.columns[i]
		}
	}
	return nil
}

// above looks at what stands above the figures: the title, its year, and the corner.
func (m *matrix) above(lines [][]gridCell) error {
	var words []string
	for i, line := range lines {
		for _, c := range line {
			if i < len(lines)-1 || int(c.col) == m.corner {
				words = append(words, m.text(c))
			}
		}
	}
	all := plainName(strings.Join(words, " "))
	for _, expected := range m.settings.Expect {
		if !strings.Contains(all, plainName(expected)) {
			return fmt.Errorf("%q does not stand above the table: the table has changed, or correct expect", expected)
		}
	}
	if m.year = m.settings.Year; m.year == "" {
		m.year = yearIn(all)
	}
	if m.year == "" {
		return errors.New("no year stands above the table: set year")
	}
	return nil
}

// readRow takes a row below the header: of a country, of totals, or of notes.
func (m *matrix) readRow(line []gridCell) error {
	label, rest := "", line
	if int(line[0].col) == m.corner {
		label, rest = m.text(line[0]), line[1:]
	}
	if m.bottom >= 0 || label == "" {
		for _, c := range rest {
			if text := m.grid.value(c); len(text) > 0 && isPlainNumber(text) {
				return fmt.Errorf("cell %s holds a number, and its row is no country's: correct total, or ask for the file again", m.grid.place(c))
			}
		}
		m.leaveRow(notes, line)
		return nil
	}
	total := m.isTotal(label)
	if !total {
		if at, ok := m.known[plainName(label)]; ok {
			return fmt.Errorf("cell %s names a country that stands in row %d already: ask for the file again", m.grid.place(line[0]), at+1)
		}
		m.known[plainName(label)] = int(line[0].row)
		m.rows, m.rowSums = append(m.rows, matrixAxis{label: label, at: int(line[0].row)}), append(m.rowSums, matrixValue{})
	} else {
		m.bottom = int(line[0].row)
		m.leaveRow("total", line)
	}
	for i := range m.columns {
		column := &m.columns[i]
		for len(rest) > 0 && int(rest[0].col) < column.at {
			if len(m.grid.value(rest[0])) > 0 {
				return m.outside(rest[0])
			}
			rest = rest[1:]
		}
		var v matrixValue
		if len(rest) > 0 && int(rest[0].col) == column.at {
			var err error
			if v, err = m.value(rest[0]); err != nil {
				return err
			}
			rest = rest[1:]
		}
		m.take(i, v, total)
	}
	for _, c := range rest {
		if len(m.grid.value(c)) > 0 {
			return m.outside(c)
		}
	}
	return nil
}

// leaveRow counts a row that is no country's.
func (m *matrix) leaveRow(rule string, line []gridCell) {
	if slices.ContainsFunc(line, func(c gridCell) bool { return len(m.grid.value(c)) > 0 }) {
		m.leave(rule, fmt.Sprintf("%s!A%d", m.grid.name, line[0].row+1))
	}
}

func (m *matrix) outside(c gridCell) error {
	return fmt.Errorf("cell %s holds something, and no country stands over its column: ask for the file again", m.grid.place(c))
}

// take notes a figure, or one that is not given.
func (m *matrix) take(i int, v matrixValue, total bool) {
	column := &m.columns[i]
	if total {
		m.sums[column.at] = v
		return
	}
	row := &m.rows[len(m.rows)-1]
	if m.total == column {
		m.rowSums[len(m.rows)-1] = v
		column.add(v)
		return
	}
	row.add(v)
	column.add(v)
	if v.number != nil {
		m.figures = append(m.figures, matrixFigure{len(m.rows) - 1, i, v.text})
	}
}

func (a *matrixAxis) add(v matrixValue) {
	if v.number == nil {
		a.open = true
		return
	}
	a.parts++
	a.sum.Add(&a.sum, v.number)
}

// value reads a cell.
func (m *matrix) value(c gridCell) (v matrixValue, err error) {
	text := bytes.TrimSpace(m.grid.value(c))
	switch strings.ToLower(string(text)) {
	case "", "-", "–", "..", "...", "…", "n.a.", "na", "n/a":
		return v, nil
	}
	if !c.number {
		plain, ok := plainOf(string(text), m.settings.Decimal)
		if ok {
			text = []byte(plain)
		} else if !isPlainNumber(text) || m.settings.Decimal != "." {
			return v, fmt.Errorf("cell %s holds no number: correct the table, or decimal", m.grid.place(c))
		}
	}
	number, ok := parsePlain(text)
	if !ok {
		return v, fmt.Errorf("cell %s holds no number that can be: ask for the file again", m.grid.place(c))
	}
	m.decimals = max(m.decimals, decimalsOf(number, 6))
	return matrixValue{number, text}, nil
}

// check holds every row and column against its total.
func (m *matrix) check() error {
	fixed, err := m.settings.tolerance()
	if err != nil {
		return err
	}
	if m.bottom >= 0 {
		for i := range m.columns {
			c := &m.columns[i]
			if err := m.checkSum(c, m.sums[c.at], cellName(m.bottom, c.at), fixed); err != nil {
				return err
			}
		}
	}
	if m.total == nil {
		return nil
	}
	for i := range m.rows {
		if err := m.checkSum(&m.rows[i], m.rowSums[i], cellName(m.rows[i].at, m.total.at), fixed); err != nil {
			return err
		}
	}
	return nil
}

// checkSum compares a sum with its total. Totals of rows with a pair that is not
// given lack it in turn, so that the total of totals may be more as well.
func (m *matrix) checkSum(a *matrixAxis, total matrixValue, at string, fixed *big.Rat) error {
	if total.number == nil {
		if a.parts == 0 {
			return nil
		}
		return fmt.Errorf("cell %s: the total is missing, although there are figures to add up: ask for the file again", at)
	}
	allowed := fixed
	if allowed == nil {
		unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(m.decimals)), nil))
		allowed = unit.Mul(unit, big.NewRat(int64(a.parts+1), 2))
	}
	off := new(big.Rat).Sub(total.number, &a.sum)
	open := a.open || a == m.total && m.anyOpen()
	if off.Cmp(allowed) > 0 && !open || off.Neg(off).Cmp(allowed) > 0 {
		return fmt.Errorf("cell %s: the figures add up to %s, not to the %s that stands there: a column is shifted, a row is left out, or the figures are rounded (set tolerance)",
			at, a.sum.FloatString(m.decimals), total.number.FloatString(m.decimals))
	}
	return nil
}

func (m *matrix) anyOpen() bool {
	for i := range m.rows {
		if m.rows[i].open {
			return true
		}
	}
	return false
}

// emit yields the pairs.
func (m *matrix) emit(ctx context.Context, yield func(*Batch) bool) error {
	header := []string{m.settings.Down, m.settings.Across, "value", "year"}
	rows := newBuilder(placeCell)
	rows.sheet = m.grid.name
	flush := func() error {
		if len(rows.places) > 0 && !yield(rows.take(header, string(rows.text))) {
			return errStopped
		}
		return ctx.Err()
	}
	for _, f := range m.figures {
		row, column := &m.rows[f.row], &m.columns[f.col]
		for _, text := range [][]byte{[]byte(row.label), []byte(column.label), f.text, []byte(m.year)} {
			rows.cell(text)
		}
		rows.endRow(int64(row.at+1)*cellColumns+int64(column.at), fault{})
		if rows.full() {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return m.tell(header, yield)
}
