package formats

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// readRow reads one row of the table.
func (t *pmiTable) readRow(b *Batch, row int) error {
	line := b.places[row]
	if _, message := b.Fault(row); message != "" {
		return fmt.Errorf("line %d: %s", line, message)
	}
	label, err := t.label(b, row)
	if err != nil {
		return err
	}
	r := pmiRow{line: line, label: label, values: make([]*big.Int, len(t.years))}
	filled := false
	for i, y := range t.years {
		if r.values[i], err = t.number(b, row, y.col); err != nil {
			return err
		}
		filled = filled || r.values[i] != nil
	}
	if t.sums >= 0 {
		if r.sum, err = t.number(b, row, t.sums); err != nil {
			return err
		}
		filled = filled || r.sum != nil
	}
	switch {
	case !filled && t.total >= 0:
		t.leave(notes, fmt.Sprintf("line %d", line))
		return nil
	case !filled:
		return fmt.Errorf("line %d has no number: take headings and notes out, or ask for the table again", line)
	case t.total >= 0:
		return fmt.Errorf("line %d stands below the row of totals (line %d) and has numbers: the file holds two tables; part them", line, t.rows[t.total].line)
	case label == "":
		return fmt.Errorf("line %d has numbers and no label before the years: ask for the table again", line)
	case strings.EqualFold(label, strings.TrimSpace(t.settings.Total)):
		t.total, r.label = len(t.rows), ""
	}
	key := strings.ToLower(r.label)
	if r.repeats = t.lines[key]; r.repeats == 0 {
		t.lines[key] = line
	}
	t.rows = append(t.rows, r)
	return nil
}

// label is the one text before the years. Numbers there count the rows.
func (t *pmiTable) label(b *Batch, row int) (label string, err error) {
	for col := range t.years[0].col {
		text := strings.Join(strings.Fields(b.Cell(row, col)), " ")
		if text == "" || isPlainNumber([]byte(text)) || t.dropped(col) {
			continue
		}
		if label != "" {
			return "", fmt.Errorf("line %d has two texts before the years: which is the label cannot be known; name the other column under drop", b.places[row])
		}
		label = text
	}
	return label, nil
}

var (
	pmiMisread = regexp.MustCompile(`^(\d{1,3})\.(\d{1,3})$`)
	pmiFloat   = regexp.MustCompile(`^(\d{1,18})\.0$`)
	pmiGroups  = regexp.MustCompile(`^(\d{1,18}|[1-9]\d{0,2}(\.\d{3}){1,5})$`)
)

// number reads a cell below a year; nil is a blank.
func (t *pmiTable) number(b *Batch, row, col int) (*big.Int, error) {
	text := strings.TrimSpace(b.Cell(row, col))
	digits := ""
	misread := pmiMisread.FindStringSubmatch(text)
	switch float := pmiFloat.FindStringSubmatch(text); {
	case text == "" || text == "-" || text == "–":
		return nil, nil
	case float != nil:
		digits = float[1] // no thousand is lost in 513.0
	case t.settings.ThousandsAsDecimals && misread != nil && misread[1] != "0":
		digits = misread[1] + (misread[2] + "00")[:3]
	case pmiGroups.MatchString(text):
		digits = strings.ReplaceAll(text, ".", "")
	default:
		at := fmt.Sprintf("line %d, column %d (%s)", b.places[row], col+1, t.header[col])
		if misread != nil && !t.settings.ThousandsAsDecimals {
			return nil, fmt.Errorf("%s holds a number with decimals, and persons have none: if thousands dots were misread as decimal points, set thousands_as_decimals", at)
		}
		return nil, fmt.Errorf("%s holds no whole number: ask for the table again", at)
	}
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, fmt.Errorf("line %d, column %d holds no whole number: ask for the table again", b.places[row], col+1)
	}
	return n, nil
}

// prove holds every sum against its total.
func (t *pmiTable) prove() error {
	if t.total < 0 {
		return fmt.Errorf("there is no row of totals (%s), so nothing says that the table was read rightly: ask for the whole table, or name the row's label under total", t.settings.Total)
	}
	if t.total == 0 {
		return errors.New("there is no row above the row of totals: ask for the whole table")
	}
	totals := t.rows[t.total]
	for i, y := range t.years {
		sum := new(big.Int)
		for _, r := range t.rows[:t.total] {
			if r.values[i] != nil {
				sum.Add(sum, r.values[i])
			}
		}
		at := fmt.Sprintf("line %d, column %d (%s)", totals.line, y.col+1, y.year)
		if totals.values[i] == nil {
			return fmt.Errorf("%s: the total is missing, so that nothing proves this year: ask for the table again", at)
		}
		if err := t.differ(at, "rows", sum, totals.values[i]); err != nil {
			return err
		}
	}
	if t.sums < 0 {
		return nil
	}
	for _, r := range t.rows {
		sum := new(big.Int)
		for _, v := range r.values {
			if v != nil {
				sum.Add(sum, v)
			}
		}
		at := fmt.Sprintf("line %d, column %d (%s)", r.line, t.sums+1, t.header[t.sums])
		if r.sum == nil {
			return fmt.Errorf("%s: the total of the row is missing: ask for the table again", at)
		}
		if err := t.differ(at, "years", sum, r.sum); err != nil {
			return err
		}
	}
	return nil
}

// differ words a sum that is not its total.
func (t *pmiTable) differ(at, what string, sum, total *big.Int) error {
	if sum.Cmp(total) == 0 {
		return nil
	}
	why := "a number was misread, or a row is left out or there twice; ask for the table again"
	if t.settings.ThousandsAsDecimals {
		why = "thousands_as_decimals does not repair this table, or a number such as 12.0 stands for 12000; correct the file by the printed table"
	}
	return fmt.Errorf("%s: the %s add up to %s, not to the %s that stands there: %s", at, what, sum, total, why)
}
