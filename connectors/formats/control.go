package formats

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// controlLast is the trailer that is known by its place alone.
const controlLast = "last"

// A controlSettings says what an object tells of itself: how many records it has, and
// what a column adds up to.
type controlSettings struct {
	Header     string       `yaml:"header" doc:"what the first line begins with (csv: its first cell) when it is a control record; it is no record, and holds count and sums if there is no trailer"`
	Trailer    string       `yaml:"trailer" doc:"what the control record at the end begins with (csv: its first cell), or last for whatever the last record is; if it is missing, the object was cut short"`
	Count      string       `yaml:"count" doc:"where the control record holds the number of records: csv: number of the cell, from 1; fixed_width: positions such as 2-10"`
	CountExtra int64        `yaml:"count_extra" doc:"lines that the count has besides the records, such as 2 for header and trailer; default 0"`
	Sums       []controlSum `yaml:"sums" doc:"sums that the control record holds"`
	Decimal    string       `yaml:"decimal" doc:"decimal mark of the summed columns and of their sums, comma or point; default \".\""`
}

// A controlSum is a column and where its sum stands.
type controlSum struct {
	Column string `yaml:"column" need:"yes" doc:"name of the column"`
	At     string `yaml:"at" need:"yes" doc:"where the sum stands, written as for count"`
}

func (s *controlSettings) set() bool { return s.Header != "" || s.Trailer != "" }

// check holds the settings against the way that a kind writes places.
func (s *controlSettings) check(place func(string) (controlPlace, error)) error {
	if !s.set() {
		if s.Count != "" || len(s.Sums) > 0 || s.CountExtra != 0 {
			return errors.New("control: name the control record by header or trailer")
		}
		return nil
	}
	var problems []error
	if s.Count == "" && len(s.Sums) == 0 && s.Trailer == "" {
		problems = append(problems, errors.New("control: neither count nor sums say what to compare"))
	}
	if s.Decimal != "" && s.Decimal != "." && s.Decimal != "," {
		problems = append(problems, fmt.Errorf("control: decimal: %q is neither a comma nor a point", s.Decimal))
	}
	if s.Count != "" {
		if _, err := place(s.Count); err != nil {
			problems = append(problems, fmt.Errorf("control: count: %w", err))
		}
	}
	for _, sum := range s.Sums {
		if _, err := place(sum.At); err != nil {
			problems = append(problems, fmt.Errorf("control: sum of %s: %w", sum.Column, err))
		}
	}
	return errors.Join(problems...)
}

// A controlPlace is where a control record holds a number: a cell, or positions.
type controlPlace struct{ from, to int }

// cellPlace reads the number of a cell.
func cellPlace(text string) (controlPlace, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > MaxColumns {
		return controlPlace{}, fmt.Errorf("%q is not the number of a cell, from 1", text)
	}
	return controlPlace{n, n}, nil
}

// A controlTotals compares what a control record says with the records that were
// read. Sums are exact, whatever their size.
type controlTotals struct {
	settings *controlSettings
	place    func(string) (controlPlace, error)
	apart    bool // control records never come as records
	rows     int64
	columns  []int
	sums     []exactSum

	met      bool   // the trailer came among the records
	at       string // place of the control record that counts; "" until it was found
	expected []string
}

func newControlTotals(s *controlSettings, place func(string) (controlPlace, error)) *controlTotals {
	if !s.set() {
		return nil
	}
	return &controlTotals{settings: s, place: place, sums: make([]exactSum, len(s.Sums))}
}

// says takes what a control record says; cell gives the text at a place.
func (c *controlTotals) says(at string, cell func(controlPlace) string) {
	c.at, c.expected = at, nil
	for _, text := range append([]string{c.settings.Count}, c.positions()...) {
		value := ""
		if text != "" {
			p, _ := c.place(text) // the settings were checked
			value = strings.TrimSpace(cell(p))
		}
		c.expected = append(c.expected, value)
	}
}

func (c *controlTotals) positions() (at []string) {
	for _, sum := range c.settings.Sums {
		at = append(at, sum.At)
	}
	return at
}

// byMark says that a trailer is known by its first cell.
func (c *controlTotals) byMark() bool {
	return !c.apart && c.settings.Trailer != "" && c.settings.Trailer != controlLast
}

// isTrailer reports the record that closes an object of cells.
func (c *controlTotals) isTrailer(b *Batch, row int) bool {
	return c.byMark() && strings.TrimSpace(b.Cell(row, 0)) == c.settings.Trailer
}

// saysCells takes a control record that was read as a record.
func (c *controlTotals) saysCells(b *Batch, row int) {
	c.says(b.Place(row), func(p controlPlace) string { return b.Cell(row, p.from-1) })
}

// take adds the records of a batch up, up to the trailer, which it cuts off.
func (c *controlTotals) take(b *Batch) error {
	if c.columns == nil {
		if err := c.find(b.header); err != nil {
			return err
		}
	}
	for row := range b.Len() {
		if c.met {
			return fmt.Errorf("%s: records stand below the control record at %s, which must be the last: are these two files in one?", b.Place(row), c.at)
		}
		if c.isTrailer(b, row) {
			c.saysCells(b, row)
			c.met = true
			continue
		}
		c.rows++
		for i, col := range c.columns {
			if !c.sums[i].add(b.Cell(row, col), c.settings.Decimal) {
				return fmt.Errorf("%s: column %s holds no number, so that its sum cannot be compared with the control record: ask for the file again, or correct decimal", b.Place(row), c.settings.Sums[i].Column)
			}
		}
	}
	if c.met && b.Len() > 0 {
		b.cut(b.Len() - 1)
	}
	return nil
}

func (c *controlTotals) find(header []string) error {
	c.columns = make([]int, len(c.settings.Sums))
	for i, sum := range c.settings.Sums {
		if c.columns[i] = slices.Index(header, sum.Column); c.columns[i] < 0 {
			return fmt.Errorf("there is no column %s to add up for the control record: correct control (there are: %s)", sum.Column, memberNames(header))
		}
	}
	return nil
}

// check compares, once everything is read. All differences are named.
func (c *controlTotals) check() error {
	s := c.settings
	if c.at == "" {
		return fmt.Errorf("%d records and no control record %q at the end: the file was cut short, ask for it again", c.rows, s.Trailer)
	}
	var problems []error
	if s.Count != "" {
		expected, ok := new(big.Int).SetString(c.expected[0], 10)
		switch {
		case !ok:
			problems = append(problems, fmt.Errorf("the control record at %s holds no whole number where count (%s) should be", c.at, s.Count))
		case expected.Cmp(big.NewInt(c.rows+s.CountExtra)) != 0:
			problems = append(problems, fmt.Errorf("the control record at %s counts %s, and %d were read: records are missing or too many, ask for the file again", c.at, expected, c.rows+s.CountExtra))
		}
	}
	for i, sum := range s.Sums {
		expected, found := new(exactSum), &c.sums[i]
		switch {
		case c.expected[i+1] == "" || !expected.add(c.expected[i+1], s.Decimal):
			problems = append(problems, fmt.Errorf("the control record at %s holds no number where the sum of %s (%s) should be", c.at, sum.Column, sum.At))
		case expected.total().Cmp(found.total()) != 0:
			problems = append(problems, fmt.Errorf("the control record at %s says that %s adds up to %s, and the records give %s: ask for the file again", c.at, sum.Column, expected.text(), found.text()))
		}
	}
	return errors.Join(problems...)
}

// An exactSum adds decimal numbers without rounding: whole numbers of units, by the
// number of decimals.
type exactSum struct {
	parts    []*big.Int // parts[d] counts units of 10^-d
	unit     big.Int
	decimals int
}

// exactDecimals bounds the decimals of a number; money has two.
const exactDecimals = 20

// add adds a number as it is written; an empty cell is none. false: it is no number.
func (s *exactSum) add(text, decimal string) bool {
	if text = strings.TrimSpace(text); text == "" {
		return true
	}
	if len(text) > 60 {
		return false
	}
	mark := byte('.')
	if decimal == "," {
		mark = ','
	}
	digits, decimals := make([]byte, 0, 60), -1
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			digits = append(digits, c)
			if decimals >= 0 {
				decimals++
			}
		case i == 0 && (c == '-' || c == '+'):
			digits = append(digits, c)
		case c == mark && decimals < 0:
			decimals = 0
		default:
			return false
		}
	}
	decimals = max(decimals, 0)
	if decimals > exactDecimals {
		return false
	}
	if n, err := strconv.ParseInt(string(digits), 10, 64); err == nil {
		s.unit.SetInt64(n)
	} else if _, ok := s.unit.SetString(string(digits), 10); !ok {
		return false
	}
	for len(s.parts) <= decimals {
		s.parts = append(s.parts, new(big.Int))
	}
	s.parts[decimals].Add(s.parts[decimals], &s.unit)
	s.decimals = max(s.decimals, decimals)
	return true
}

func (s *exactSum) total() *big.Rat {
	total, unit := new(big.Rat), big.NewInt(1)
	for i := range s.parts {
		total.Add(total, new(big.Rat).SetFrac(s.parts[i], unit))
		unit = new(big.Int).Mul(unit, big.NewInt(10))
	}
	return total
}

func (s *exactSum) text() string { return s.total().FloatString(s.decimals) }
