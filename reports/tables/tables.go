package tables

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// Nothing stands where a column has nothing to say about a row; a missing number has a mark instead.
const Nothing = "[z]"

// A Table is a table of a document together with where it stands there.
type Table struct {
	*document.Table
	Section string            // the heading above it
	Charts  []*document.Chart // that are drawn from it
}

// Collect lists the tables of a document in its order, each once, headline KPIs first in their
// section. It refuses a document with a table that cannot stand alone.
func Collect(doc *document.Document) ([]Table, error) {
	c := &collector{lang: doc.Lang, at: map[*document.Table]int{}}
	for _, s := range doc.Sections {
		c.section = s.Title.String()
		c.blocks(s.Blocks)
	}
	seen := map[string]string{}
	for _, t := range c.tables {
		name := strings.ToLower(t.ID)
		if other, taken := seen[name]; taken {
			return nil, fmt.Errorf("two tables of the report are called %s: %q and %q; a sheet and a file need a name of their own", t.ID, other, t.Title)
		}
		seen[name] = t.Title
		if err := check(t); err != nil {
			return nil, err
		}
	}
	return c.tables, nil
}

type collector struct {
	lang    string
	section string
	cards   int
	at      map[*document.Table]int // place in tables
	tables  []Table
}

func (c *collector) blocks(blocks []document.Block) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *document.Table:
			c.add(b, nil)
		case *document.Chart:
			if b.Table != nil {
				c.add(b.Table, b)
			}
		case *document.Cards:
			c.cards++
			c.add(headlines(b, c.cards, c.lang), nil)
		case *document.Disclosure:
			c.blocks(b.Blocks)
		}
	}
}

// add takes a table once, however many charts and sections show it.
func (c *collector) add(t *document.Table, chart *document.Chart) {
	i, known := c.at[t]
	if !known {
		i = len(c.tables)
		c.at[t] = i
		c.tables = append(c.tables, Table{Table: t, Section: c.section})
	}
	if chart != nil {
		c.tables[i].Charts = append(c.tables[i].Charts, chart)
	}
}

var columnName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func check(t Table) error {
	switch {
	case t.ID == "":
		return fmt.Errorf("table %q has no ID; a sheet and a file need a name", t.Title)
	case t.Title == "":
		return fmt.Errorf("table %s has no title", t.ID)
	case len(t.Columns) == 0:
		return fmt.Errorf("table %s has no columns", t.ID)
	}
	names := map[string]bool{}
	for i, c := range t.Columns {
		switch {
		case !columnName.MatchString(c.Name):
			return fmt.Errorf("table %s, column %d (%s): %q is no name for programs: lower case letters, digits and underscores", t.ID, i+1, c.Title, c.Name)
		case names[c.Name]:
			return fmt.Errorf("table %s, column %d (%s): the name %q was used before", t.ID, i+1, c.Title, c.Name)
		case c.Title == "":
			return fmt.Errorf("table %s, column %s has no title", t.ID, c.Name)
		}
		names[c.Name] = true
	}
	for r, row := range t.Rows {
		if len(row.Cells) != len(t.Columns) {
			return fmt.Errorf("table %s, row %d has %d cells for %d columns", t.ID, r+1, len(row.Cells), len(t.Columns))
		}
		for i := range row.Cells {
			if err := checkCell(row.Cells[i]); err != nil {
				return fmt.Errorf("table %s, row %d, column %s: %w", t.ID, r+1, t.Columns[i].Name, err)
			}
		}
	}
	for _, chart := range t.Charts {
		if err := checkChart(t, chart); err != nil {
			return err
		}
	}
	return nil
}

func checkCell(c document.Cell) error {
	if Words(c) == "" {
		return errors.New("the cell is empty; what is not there has a mark, such as [x]")
	}
	if n := Number(c); n != nil && n.Value != nil && (math.IsNaN(*n.Value) || math.IsInf(*n.Value, 0)) {
		return fmt.Errorf("%v is no number", *n.Value)
	}
	return nil
}

func checkChart(t Table, chart *document.Chart) error {
	n := chart.Native
	if n == nil {
		return nil
	}
	for _, column := range append([]int{n.Label}, n.Columns...) {
		if column < 0 || column >= len(t.Columns) {
			return fmt.Errorf("chart %s: table %s has no column %d", chart.ID, t.ID, column)
		}
	}
	switch {
	case n.Kind != "line" && n.Kind != "bars":
		return fmt.Errorf("chart %s: a spreadsheet draws line or bars, not %q", chart.ID, n.Kind)
	case len(n.Columns) == 0 || len(t.Rows) == 0:
		return fmt.Errorf("chart %s: there is nothing to draw from table %s", chart.ID, t.ID)
	case n.Rows < 0 || n.Rows > len(t.Rows):
		return fmt.Errorf("chart %s: table %s has %d rows, not %d", chart.ID, t.ID, len(t.Rows), n.Rows)
	}
	return nil
}

// Number is the number that a cell is; nil where it is words, or words and numbers.
func Number(c document.Cell) *document.Number {
	if c.Number != nil {
		return c.Number
	}
	if c.Light == nil && len(c.Text) == 1 {
		return c.Text[0].Number
	}
	return nil
}

// Value is a number's value, which has one; there is no minus before nothing.
func Value(n *document.Number) float64 {
	if *n.Value == 0 {
		return 0
	}
	return *n.Value
}

// Numbers are all the numbers of a cell, also those within its words.
func Numbers(c document.Cell) []*document.Number {
	if c.Number != nil {
		return []*document.Number{c.Number}
	}
	if c.Light != nil {
		return Within(c.Light.Text)
	}
	return Within(c.Text)
}

// Within are the numbers of a phrase.
func Within(p document.Phrase) []*document.Number {
	var all []*document.Number
	for _, piece := range p {
		if piece.Number != nil {
			all = append(all, piece.Number)
		}
	}
	return all
}

// Words are a cell as a reader sees it; of a number without a value, its mark.
func Words(c document.Cell) string {
	if n := Number(c); n != nil {
		if n.Value == nil && n.Mark != "" {
			return n.Mark
		}
		return n.Text
	}
	if c.Light == nil {
		return c.Text.String()
	}
	if text := c.Light.Text.String(); text != "" {
		return c.Light.Word + " – " + text
	}
	return c.Light.Word
}

// Numeric reports whether a column holds numbers and marks alone, so that a program can sum it.
func (t Table) Numeric(column int) bool {
	if t.Columns[column].Numeric {
		return true
	}
	for _, row := range t.Rows {
		if Number(row.Cells[column]) == nil {
			return false
		}
	}
	return len(t.Rows) > 0
}

// Marked reports whether a value of a column carries a mark, such as [p], that stands beside it.
func (t Table) Marked(column int) bool {
	for _, row := range t.Rows {
		if n := Number(row.Cells[column]); n != nil && n.Value != nil && n.Mark != "" {
			return true
		}
	}
	return false
}
