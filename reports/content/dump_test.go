package content

import (
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// dump prints a document so that people can read it in a golden file and see what changed: numbers
// in angle brackets with what they are made of.
func dump(d *document.Document, refs bool) string {
	b := &dumper{refs: refs}
	b.line(0, "%s | %s | %s | %s", d.Kind, d.Lang, d.Subject, d.Title)
	b.line(0, "%s | %s | %s", d.Publisher, d.Status, d.Sample)
	for _, s := range d.Sections {
		page := ""
		if s.NewPage {
			page = " (new page)"
		}
		b.line(0, "\n%s %s [%s]%s", strings.Repeat("#", s.Level), b.phrase(s.Title), s.ID, page)
		b.blocks(0, s.Blocks)
	}
	return b.String()
}

type dumper struct {
	strings.Builder
	refs bool
}

func (b *dumper) line(indent int, format string, args ...any) {
	fmt.Fprintf(b, strings.Repeat("  ", indent)+format+"\n", args...)
}

func (b *dumper) number(n document.Number, inCell bool) string {
	text := n.Text
	if inCell && n.Mark != "" {
		text = strings.TrimSpace(text + " " + n.Mark)
	}
	if !b.refs || n.Ref.Op == "" {
		return text
	}
	ref := n.Ref.Op + " " + n.Ref.Figure
	for _, base := range n.Ref.Bases {
		ref += " " + base
	}
	if n.Ref.Target != "" {
		ref += " " + n.Ref.Target
	}
	return "<" + text + ": " + ref + ">"
}

func (b *dumper) phrase(p document.Phrase) string {
	var s strings.Builder
	for _, piece := range p {
		switch {
		case piece.Number != nil:
			s.WriteString(b.number(*piece.Number, false))
		case piece.Link != "":
			s.WriteString("{" + strings.TrimSpace(piece.Text) + " → " + piece.Link + "}")
		case piece.Strong:
			s.WriteString("*" + piece.Text + "*")
		default:
			s.WriteString(piece.Text)
		}
	}
	return s.String()
}

func (b *dumper) blocks(indent int, blocks []document.Block) {
	for _, block := range blocks {
		switch block := block.(type) {
		case *document.Paragraph:
			note := ""
			if block.Note {
				note = "note: "
			}
			b.line(indent, "%s%s", note, b.phrase(block.Text))
		case *document.List:
			b.line(indent, "list %s", block.Role)
			for i, item := range block.Items {
				b.line(indent+1, "%d. %s", i+1, b.phrase(item))
			}
		case *document.Cards:
			for _, c := range block.Cards {
				b.card(indent, c)
			}
		case *document.Definitions:
			for _, d := range block.Items {
				b.line(indent, "%s:", b.phrase(d.Term))
				for _, text := range d.Text {
					b.line(indent+1, "%s", b.phrase(text))
				}
			}
		case *document.Disclosure:
			b.line(indent, "disclosure: %s", block.Summary)
			b.blocks(indent+1, block.Blocks)
		case *document.Code:
			b.line(indent, "code %s: %s", block.Language, block.Text)
		case *document.Chart:
			drawn := "not drawn"
			if block.Drawing != nil {
				drawn = strings.TrimPrefix(fmt.Sprintf("%T", block.Drawing), "*charts.")
			}
			b.line(indent, "chart %s (%s): %s", block.ID, drawn, b.phrase(block.Title))
			b.line(indent+1, "%s | %s", block.Subtitle, block.Description)
			if block.Table != nil {
				b.blocks(indent+1, []document.Block{block.Table})
			}
		case *document.Table:
			b.table(indent, block)
		}
	}
}

func (b *dumper) card(indent int, c document.Card) {
	light := "no light"
	if c.Light != nil {
		light = c.Light.Word + " " + b.phrase(c.Light.Text)
	}
	b.line(indent, "card %s %s, %s: %s %s | %s → %s", c.KPI, c.Title, c.Period, b.number(c.Value, true), c.Unit, light, c.Link)
	for _, change := range c.Changes {
		b.line(indent+1, "%s", b.phrase(change))
	}
	if c.Instead != nil {
		b.line(indent+1, "%s", b.phrase(c.Instead))
	}
	b.line(indent+1, "%s", b.phrase(c.Target))
	if c.Quality != nil {
		b.line(indent+1, "%s %s", c.Quality.Word, b.phrase(c.Quality.Text))
	}
}

func (b *dumper) table(indent int, t *document.Table) {
	b.line(indent, "table %s: %s", t.ID, t.Title)
	var titles []string
	for _, c := range t.Columns {
		titles = append(titles, strings.TrimSpace(c.Title+" "+c.Unit))
	}
	b.line(indent+1, "%s", strings.Join(titles, " | "))
	for _, row := range t.Rows {
		var cells []string
		for _, cell := range row.Cells {
			switch {
			case cell.Number != nil:
				cells = append(cells, b.number(*cell.Number, true))
			case cell.Light != nil:
				cells = append(cells, cell.Light.Word+" "+b.phrase(cell.Light.Text))
			default:
				cells = append(cells, b.phrase(cell.Text))
			}
		}
		total := ""
		if row.Total {
			total = "= "
		}
		b.line(indent+1, "%s%s", total, strings.Join(cells, " | "))
	}
	for _, note := range t.Notes {
		b.line(indent+1, "note: %s", b.phrase(note))
	}
}
