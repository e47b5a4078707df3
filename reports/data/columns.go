package data

import (
	"fmt"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// A column is a column of a file: texts, or numbers. What has no value is nil.
type column struct {
	name    string
	of      *document.Column // of the table
	texts   []*string
	numbers []*float64 // nil: a column of texts
	marks   bool       // it holds the marks of the column before
}

// columnsOf turns a table into columns of one type each. Beside numbers of which any has a mark, or
// words instead of a number, stands a column <name>_mark with them.
func columnsOf(t tables.Table) ([]column, error) {
	var all []column
	names := map[string]bool{}
	for i := range t.Columns {
		names[t.Columns[i].Name] = true
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if !t.Numeric(i) {
			texts := make([]*string, len(t.Rows))
			for r, row := range t.Rows {
				words := tables.Words(row.Cells[i])
				texts[r] = &words
			}
			all = append(all, column{name: c.Name, of: c, texts: texts})
			continue
		}
		values, marks := apart(t, i)
		all = append(all, column{name: c.Name, of: c, numbers: values})
		if marks != nil {
			name := c.Name + "_mark"
			if names[name] {
				return nil, fmt.Errorf("table %s has a column %s, which is where the marks of %s go", t.ID, name, c.Name)
			}
			all = append(all, column{name: name, of: c, texts: marks, marks: true})
		}
	}
	return all, nil
}

// apart parts the values of a column from their marks; marks is nil where there are none.
func apart(t tables.Table, i int) (values []*float64, marks []*string) {
	values, marks = make([]*float64, len(t.Rows)), make([]*string, len(t.Rows))
	marked := false
	for r, row := range t.Rows {
		mark := ""
		if n := tables.Number(row.Cells[i]); n == nil || n.Value == nil {
			mark = tables.Words(row.Cells[i])
		} else {
			v := tables.Value(n)
			values[r], mark = &v, n.Mark
		}
		if mark != "" {
			marks[r], marked = &mark, true
		}
	}
	if !marked {
		return values, nil
	}
	return values, marks
}
