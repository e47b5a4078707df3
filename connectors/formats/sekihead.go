package formats

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

type sekiSpot struct{ row, col int }

// A sekiTable is a sheet being read.
type sekiTable struct {
	settings         *SEKI
	grid             *grid
	index            map[sekiSpot]int
	lastRow, lastCol int

	yearRow, periodRow int // periodRow is -1 in tables by year
	firstCol           int // of the periods
	columns            []sekiColumn
	copies             []sekiColumn // of the same table in English, to the right
	bare               []int        // columns among the periods that have no header
	rows               []sekiRow
	leftRows
}

// A sekiColumn is one period. quarter is 0 for a whole year.
type sekiColumn struct {
	col, year, quarter int
	mark               string
}

// text is what a cell says, on one line.
func (t *sekiTable) text(row, col int) string {
	i, ok := t.index[sekiSpot{row, col}]
	if !ok {
		return ""
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(string(t.grid.value(t.grid.cells[i])), "\u00a0", " ")), " ")
}

var (
	sekiMarks    = regexp.MustCompile(`^(.*?)\s*(\*+)\)?$`)
	sekiFootnote = regexp.MustCompile(`\s*\d{1,2}\)$`)
	sekiYear     = regexp.MustCompile(`^(19|20)\d\d$`)
	sekiQuarter  = regexp.MustCompile(`^(?i)(?:(?:triwulan|trw|tw|kuartal|quarter|q)\.?\s*([1-4]|i{1,3}|iv)|(i{1,3}|iv))\.?$`)
)

// cutMark parts a text from the marks behind it: stars for preliminary figures,
// and the numbers of footnotes, which say nothing about the figure.
func cutMark(text string) (rest, mark string) {
	text = sekiFootnote.ReplaceAllString(text, "")
	if m := sekiMarks.FindStringSubmatch(text); m != nil {
		return sekiFootnote.ReplaceAllString(m[1], ""), m[2]
	}
	return text, ""
}

func parseSEKIYear(text string) (year int, mark string, ok bool) {
	text, mark = cutMark(text)
	if !sekiYear.MatchString(text) {
		return 0, "", false
	}
	year, _ = strconv.Atoi(text)
	return year, mark, true
}

func parseSEKIQuarter(text string) (quarter int, mark string, ok bool) {
	text, mark = cutMark(text)
	m := sekiQuarter.FindStringSubmatch(text)
	if m == nil {
		return 0, "", false
	}
	switch strings.ToLower(m[1] + m[2]) {
	case "1", "i":
		return 1, mark, true
	case "2", "ii":
		return 2, mark, true
	case "3", "iii":
		return 3, mark, true
	}
	return 4, mark, true
}

// isTotalLabel reports "Total", "Jumlah", "JUMLAH/TOTAL" and what begins so.
func isTotalLabel(text string) bool {
	word := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' })
	return len(word) > 0 && (word[0] == "total" || word[0] == "jumlah" || word[0] == "grand")
}

// findHeader finds the rows of years and of quarters, unless they are given.
func (t *sekiTable) findHeader() error {
	t.yearRow, t.periodRow = t.settings.YearRow-1, t.settings.PeriodRow-1
	if t.yearRow >= 0 {
		if t.periodRow < 0 {
			t.periodRow = t.quartersBelow(t.yearRow)
		}
		return nil
	}
	lone := -1 // a row with one year and nothing below it may be a title
	for row := 0; row <= min(t.lastRow, 60); row++ {
		years, _ := t.countYears(row)
		if years == 0 {
			continue
		}
		if below := t.quartersBelow(row); below >= 0 || years > 1 {
			t.yearRow, t.periodRow = row, below
			return nil
		}
		if lone < 0 {
			lone = row
		}
	}
	if t.yearRow = lone; lone < 0 {
		return errors.New("no row holds years: name it under year_row, or look at sheet")
	}
	return nil
}

func (t *sekiTable) countYears(row int) (count, first int) {
	first = -1
	for col := 0; col <= t.lastCol; col++ {
		if _, _, ok := parseSEKIYear(t.text(row, col)); ok {
			count++
			if first < 0 {
				first = col
			}
		}
	}
	return count, first
}

// quartersBelow finds the row of quarters that belongs to a row of years. A lone
// "I" may be the number of a chapter in the first row of countries.
func (t *sekiTable) quartersBelow(yearRow int) int {
	years, first := t.countYears(yearRow)
	for row := yearRow + 1; row <= min(yearRow+3, t.lastRow); row++ {
		quarters := 0
		for col := max(first-3, 0); col <= t.lastCol; col++ {
			if _, _, ok := parseSEKIQuarter(t.text(row, col)); ok {
				quarters++
			}
		}
		if quarters > 1 || quarters == 1 && years == 1 {
			return row
		}
	}
	return -1
}

// A sekiToken is a column whose header says something about periods.
type sekiToken struct {
	col, quarter, year int
	isYear             bool // a whole year
	mark, yearMark     string
}

// tokens reads the header from left to right, in the pieces that words part.
func (t *sekiTable) tokens() (pieces [][]sekiToken) {
	var piece []sekiToken
	for col := 0; col <= t.lastCol; col++ {
		above, below := t.text(t.yearRow, col), ""
		if t.periodRow >= 0 {
			below = t.text(t.periodRow, col)
		}
		year, yearMark, hasYear := parseSEKIYear(above)
		quarter, mark, hasQuarter := parseSEKIQuarter(below)
		token := sekiToken{col: col, year: year, quarter: quarter, mark: mark, yearMark: yearMark}
		switch {
		case hasQuarter && (hasYear || above == ""):
		case hasYear && (below == "" || isTotalLabel(below)), !hasYear && isTotalLabel(below) && len(piece) > 0:
			token.isYear = true
		case above == "" && below == "":
			if len(piece) > 0 && len(pieces) == 0 {
				t.bare = append(t.bare, col)
			}
			continue
		default: // a word
			if len(piece) > 0 {
				pieces, piece = append(pieces, piece), nil
			}
			continue
		}
		piece = append(piece, token)
	}
	if len(piece) > 0 {
		pieces = append(pieces, piece)
	}
	return pieces
}

// readHeader finds out which column is which period.
func (t *sekiTable) readHeader() error {
	pieces := t.tokens()
	if len(pieces) == 0 {
		return fmt.Errorf("row %d holds no years: correct year_row", t.yearRow+1)
	}
	for i, piece := range pieces {
		for first := i == 0; len(piece) > 0; first = false {
			columns, rest, err := t.periods(piece)
			if err != nil {
				return err
			}
			if first {
				t.columns = columns
			} else {
				t.copies = append(t.copies, columns...)
			}
			piece = rest
		}
	}
	t.firstCol = t.columns[0].col
	last := t.columns[len(t.columns)-1].col
	for len(t.bare) > 0 && t.bare[len(t.bare)-1] > last {
		t.bare = t.bare[:len(t.bare)-1]
	}
	return nil
}

// periods gives tokens their years, up to where the years begin anew; rest are
// the tokens from there on.
func (t *sekiTable) periods(tokens []sekiToken) (columns []sekiColumn, rest []sekiToken, err error) {
	years, marks, err := t.yearsOfQuarters(tokens)
	if err != nil {
		return nil, nil, err
	}
	lastYear, lastQuarter := 0, 0 // lastQuarter counts quarters, so that it orders them
	for i, token := range tokens {
		column := sekiColumn{col: token.col, year: token.year, quarter: token.quarter, mark: token.mark}
		if token.mark == "" {
			column.mark = marks[i]
		}
		if token.isYear {
			if column.year == 0 { // a total behind its quarters
				column.year = lastQuarter / 4
			}
			if column.year == 0 {
				return nil, nil, fmt.Errorf("cell %s: a total stands here and no year or quarter before it: correct year_row and period_row", cellName(t.periodRow, token.col))
			}
			if column.year <= lastYear {
				return columns, tokens[i:], nil
			}
			lastYear = column.year
		} else {
			column.year = years[i]
			now := 4*column.year + column.quarter - 1
			if now <= lastQuarter {
				return columns, tokens[i:], nil
			}
			if lastQuarter > 0 && now != lastQuarter+1 {
				return nil, nil, fmt.Errorf("cell %s: the quarters jump from %d-Q%d to %d-Q%d: a year stands over the wrong quarter, or columns are missing",
					cellName(t.yearRow, token.col), lastQuarter/4, lastQuarter%4+1, column.year, column.quarter)
			}
			lastQuarter = now
		}
		columns = append(columns, column)
	}
	return columns, nil, nil
}

// yearsOfQuarters finds the year of each quarter. A year begins where the quarters
// begin again; its label may stand over any of them, or over none. The mark of a
// year is one of all its quarters.
func (t *sekiTable) yearsOfQuarters(tokens []sekiToken) (years []int, marks []string, err error) {
	years, marks = make([]int, len(tokens)), make([]string, len(tokens))
	group := make([]int, len(tokens))
	labels, labelMarks := []int{0}, []string{""}
	last := 0
	for i, token := range tokens {
		if token.isYear {
			marks[i] = token.yearMark
			continue
		}
		if token.quarter <= last {
			labels, labelMarks = append(labels, 0), append(labelMarks, "")
		}
		last = token.quarter
		g := len(labels) - 1
		group[i] = g
		if token.year != 0 && labels[g] != 0 && labels[g] != token.year {
			return nil, nil, fmt.Errorf("cell %s: %d stands over the same run of quarters as %d: a column is missing, or year_row is wrong", cellName(t.yearRow, token.col), token.year, labels[g])
		}
		if token.year != 0 {
			labels[g], labelMarks[g] = token.year, token.yearMark
		}
	}
	for g := 1; g < len(labels); g++ {
		if labels[g] == 0 && labels[g-1] != 0 {
			labels[g] = labels[g-1] + 1
		}
	}
	for g := len(labels) - 2; g >= 0; g-- {
		if labels[g] == 0 && labels[g+1] != 0 {
			labels[g] = labels[g+1] - 1
		}
	}
	for i, token := range tokens {
		if token.isYear {
			continue
		}
		if years[i], marks[i] = labels[group[i]], labelMarks[group[i]]; years[i] == 0 {
			return nil, nil, fmt.Errorf("cell %s: no year stands over any quarter: correct year_row", cellName(t.yearRow, token.col))
		}
	}
	return years, marks, nil
}
