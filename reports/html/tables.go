package html

import (
	"fmt"
	"html"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// table writes a table that stands by itself.
func (p *page) table(t *document.Table) error {
	if !t.Annex || p.paper {
		return p.grid(t)
	}
	fmt.Fprintf(&p.b, "<details><summary>%s</summary>\n", html.EscapeString(p.tableName(t)+": "+t.Title))
	if err := p.grid(t); err != nil {
		return err
	}
	p.b.WriteString("</details>\n")
	return nil
}

func (p *page) tableName(t *document.Table) string { return p.words.table + " " + t.ID }

// grid writes a table with its notes. One that is wider than its place scrolls in a box of its
// own, which a keyboard reaches.
func (p *page) grid(t *document.Table) error {
	id, err := p.id("table-" + t.ID)
	if err != nil {
		return err
	}
	header, shared := headerColumn(t.Columns), sharedMarks(t)
	narrow := len(t.Columns) <= narrowTable
	if narrow {
		fmt.Fprintf(&p.b, "<div class=\"%s\">\n", strings.TrimSpace("fits"+form(t)))
	} else {
		fmt.Fprintf(&p.b, "<div class=\"scroll%s\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">\n", form(t), html.EscapeString(p.tableName(t)))
	}
	fmt.Fprintf(&p.b, "<table%s>\n<caption><b>%s.</b> %s</caption>\n<thead><tr>", id, html.EscapeString(p.tableName(t)), html.EscapeString(t.Title))
	for i, c := range t.Columns {
		class, unit := "", ""
		if !c.Numeric {
			class = ` class="t"`
		}
		if c.Unit != "" {
			unit = fmt.Sprintf(` <small>(%s)</small>`, html.EscapeString(c.Unit))
		}
		fmt.Fprintf(&p.b, `<th%s>%s%s`, class, html.EscapeString(c.Title), unit)
		if shared[i] != "" {
			p.b.WriteByte(' ')
			p.mark(shared[i])
		}
	}
	p.b.WriteString("<tbody>\n")
	for i, row := range t.Rows {
		if len(row.Cells) != len(t.Columns) {
			return fmt.Errorf("table %s: row %d has %d cells for %d columns", t.ID, i+1, len(row.Cells), len(t.Columns))
		}
		if row.Total {
			p.b.WriteString(`<tr class="total">`)
		} else {
			p.b.WriteString("<tr>")
		}
		for j, cell := range row.Cells {
			if n := cell.Number; n != nil && n.Mark != "" && n.Mark == shared[j] && n.Text != n.Mark {
				unmarked := *n
				unmarked.Mark, cell.Number = "", &unmarked
			}
			if err := p.cell(cell, t.Columns[j], j == header); err != nil {
				return fmt.Errorf("table %s, row %d, column %s: %w", t.ID, i+1, t.Columns[j].Name, err)
			}
		}
		p.b.WriteByte('\n')
	}
	p.b.WriteString("</table>\n</div>\n")
	for _, note := range t.Notes {
		p.paragraph(` class="note"`, note)
	}
	return nil
}

// narrowTable is how many columns fit any screen: such a table needs no box that scrolls.
const narrowTable = 2

// shortTable is how many rows stand on one sheet, rather than on two with white space saved.
const shortTable = 15

// form is how a table is printed: with many columns smaller, or on a sheet turned sideways; short
// ones in one piece.
func form(t *document.Table) string {
	class := ""
	if len(t.Columns) > 9 {
		class += " dense"
	}
	if len(t.Columns) > 15 {
		class += " sideways"
	}
	if len(t.Rows) <= shortTable {
		class += " whole"
	}
	return class
}

// sharedMarks are the marks that all numbers of a column carry, by column: said once, at its head.
func sharedMarks(t *document.Table) []string {
	shared := make([]string, len(t.Columns))
	for j := range t.Columns {
		mark, numbers := "", 0
		for _, row := range t.Rows {
			if j >= len(row.Cells) || row.Cells[j].Number == nil {
				continue
			}
			n := row.Cells[j].Number
			if n.Text == "" || n.Text == n.Mark {
				continue // no value, but the mark of its absence
			}
			if numbers++; numbers == 1 {
				mark = n.Mark
			} else if n.Mark != mark {
				mark = ""
			}
		}
		if numbers > 1 {
			shared[j] = mark
		}
	}
	return shared
}

// headerColumn is the column that names the rows: the first of text, after a rank.
func headerColumn(columns []document.Column) int {
	for i, c := range columns {
		if !c.Numeric {
			return i
		}
	}
	return 0
}

// cell writes a cell. Most of a report's bytes are cells of numbers: they have no class, and
// their ends, which HTML lets go without saying, are not said.
func (p *page) cell(c document.Cell, column document.Column, header bool) error {
	if n := c.Number; !header && column.Numeric && n != nil && n.Text != "" && n.Text != n.Mark && n.Ref.Attributes() != "" && len(c.Text) == 0 && c.Light == nil {
		p.numberCell(*n)
		return nil
	}
	switch {
	case header:
		p.b.WriteString("<th>") // nothing but names stands in its column, so it names its row
	case column.Numeric:
		p.b.WriteString(`<td class="r">`)
	default:
		p.b.WriteString("<td>")
	}
	before := p.b.Len()
	p.phrase(c.Text)
	if c.Number != nil {
		p.marked(*c.Number)
	}
	if c.Light != nil {
		if err := p.light(c.Light); err != nil {
			return err
		}
	}
	if strings.TrimSpace(string(p.b.Bytes()[before:])) == "" {
		return fmt.Errorf("the cell is empty; what is not there has a mark")
	}
	return nil
}
