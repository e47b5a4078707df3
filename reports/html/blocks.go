package html

import (
	"fmt"
	"html"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// block writes one block. What it does not know is a defect of this package.
func (p *page) block(b document.Block) error {
	switch b := b.(type) {
	case *document.Paragraph:
		class := ""
		if b.Note {
			class = ` class="note"`
		}
		p.paragraph(class, b.Text)
	case *document.List:
		return p.list(b)
	case *document.Cards:
		return p.cards(b)
	case *document.Definitions:
		return p.definitions(b)
	case *document.Disclosure:
		return p.disclosure(b)
	case *document.Code:
		p.code(b)
	case *document.Chart:
		return p.chart(b)
	case *document.Table:
		return p.table(b)
	default:
		return fmt.Errorf("the block %T has no form in HTML", b)
	}
	return nil
}

func (p *page) blocks(blocks []document.Block) error {
	for _, b := range blocks {
		if err := p.block(b); err != nil {
			return err
		}
	}
	return nil
}

func (p *page) paragraph(attributes string, text document.Phrase) {
	p.b.WriteString("<p" + attributes + ">")
	p.phrase(text)
	p.b.WriteString("</p>\n")
}

// phrase writes words and numbers.
func (p *page) phrase(phrase document.Phrase) {
	for _, piece := range phrase {
		open, end := "", ""
		if piece.Link != "" {
			p.links = append(p.links, piece.Link)
			open, end = fmt.Sprintf(`<a href="#%s">`, html.EscapeString(p.anchor(piece.Link))), "</a>"
		}
		if piece.Strong {
			open, end = open+"<b>", "</b>"+end
		}
		p.b.WriteString(open)
		if piece.Number != nil {
			p.number(*piece.Number)
		} else {
			p.b.WriteString(html.EscapeString(piece.Text))
		}
		p.b.WriteString(end)
	}
}

// number writes a number with what it is made of, so that a program can compute it again. One that
// is made of nothing is marked as a number all the same.
func (p *page) number(n document.Number) {
	attributes := n.Ref.Attributes()
	if attributes == "" {
		attributes = ` class="n"`
	}
	fmt.Fprintf(&p.b, `<span%s>%s</span>`, attributes, html.EscapeString(n.Text))
}

// numberCell writes a cell that is a number and nothing else.
func (p *page) numberCell(n document.Number) {
	fmt.Fprintf(&p.b, `<td%s>%s`, n.Ref.Attributes(), html.EscapeString(n.Text))
	if n.Mark != "" {
		p.b.WriteString("\u00a0")
		p.mark(n.Mark)
	}
}

// mark writes a mark, shortly: there are thousands.
func (p *page) mark(mark string) { p.b.WriteString("<i>" + html.EscapeString(mark) + "</i>") }

// marked writes a number and its mark, or the mark alone where there is no number. An opening
// bracket of a mark begins no line of its own.
func (p *page) marked(n document.Number) {
	if n.Text != "" {
		p.number(n)
		if n.Mark != "" {
			p.b.WriteString("\u00a0")
		}
	}
	if n.Mark != "" {
		p.mark(n.Mark)
	}
}

func (p *page) light(l *document.Light) error {
	switch l.Class {
	case "met", "near", "missed":
	default:
		return fmt.Errorf("a light of class %q; want met, near or missed", l.Class)
	}
	fmt.Fprintf(&p.b, `<span class="light %s">%s</span>`, l.Class, html.EscapeString(l.Word))
	if len(l.Text) > 0 {
		p.b.WriteByte(' ')
		p.phrase(l.Text)
	}
	return nil
}

// list writes sentences. Numbers before them say their rank.
func (p *page) list(l *document.List) error {
	switch l.Role {
	case "", "findings", "decisions", "changes":
	default:
		return fmt.Errorf("a list with the role %q; want findings, decisions, changes or none", l.Role)
	}
	element := "ul"
	if l.Ordered {
		element = "ol"
	}
	fmt.Fprintf(&p.b, "<%s class=\"%s\">\n", element, strings.TrimSpace("list "+l.Role))
	for _, item := range l.Items {
		p.b.WriteString("<li>")
		p.phrase(item)
		p.b.WriteString("\n")
	}
	fmt.Fprintf(&p.b, "</%s>\n", element)
	return nil
}

// inner is the level of headings within the section that is being written.
func (p *page) inner() int { return p.section.Level + 2 }

func (p *page) cards(c *document.Cards) error {
	p.b.WriteString("<div class=\"cards\">\n")
	for i := range c.Cards {
		if err := p.card(&c.Cards[i]); err != nil {
			return fmt.Errorf("card %s: %w", c.Cards[i].KPI, err)
		}
	}
	p.b.WriteString("</div>\n")
	return nil
}

// card writes a headline. The numbers behind its trend stand in the section that it links to.
func (p *page) card(c *document.Card) error {
	title := html.EscapeString(c.Title)
	if c.Link != "" {
		p.links = append(p.links, c.Link)
		title = fmt.Sprintf(`<a href="#%s">%s</a>`, html.EscapeString(p.anchor(c.Link)), title)
	}
	fmt.Fprintf(&p.b, "<div class=\"card\">\n<h%[1]d>%[2]s</h%[1]d>\n<p class=\"period\">%[3]s · %[4]s</p>\n<p class=\"value\">",
		p.inner(), title, html.EscapeString(c.KPI), html.EscapeString(c.Period))
	p.worth(c)
	p.b.WriteString("</p>\n")
	if len(c.Instead) > 0 {
		p.paragraph("", c.Instead)
	}
	if c.Light != nil {
		p.b.WriteString(`<p class="judged">`)
		if err := p.light(c.Light); err != nil {
			return err
		}
		p.b.WriteString("</p>\n")
	}
	if len(c.Target) > 0 {
		p.paragraph(` class="target"`, c.Target)
	}
	if c.Drawing != nil {
		if err := p.drawing(c.Drawing, cardWidth); err != nil {
			return err
		}
	}
	if len(c.Changes) > 0 {
		if err := p.list(&document.List{Role: "changes", Items: c.Changes}); err != nil {
			return err
		}
	}
	if c.Quality != nil {
		p.b.WriteString(`<p class="quality">`)
		if err := p.light(c.Quality); err != nil {
			return err
		}
		p.b.WriteString("</p>\n")
	}
	p.b.WriteString("</div>\n")
	return nil
}

// worth writes the value of a card with its unit and mark, or its mark where there is none.
func (p *page) worth(c *document.Card) {
	if c.Value.Text == "" {
		p.marked(c.Value)
		return
	}
	p.number(c.Value)
	p.b.WriteString(" <small>" + html.EscapeString(c.Unit))
	if c.Value.Mark != "" {
		p.b.WriteByte(' ')
		p.mark(c.Value.Mark)
	}
	p.b.WriteString("</small>")
}

func (p *page) definitions(d *document.Definitions) error {
	p.b.WriteString("<dl>\n")
	for _, item := range d.Items {
		id := ""
		if item.ID != "" {
			var err error
			if id, err = p.id(item.ID); err != nil {
				return err
			}
		}
		fmt.Fprintf(&p.b, "<div%s><dt>", id)
		p.phrase(item.Term)
		for _, text := range item.Text {
			p.b.WriteString("<dd>")
			if item.Code {
				p.b.WriteString("<code>")
			}
			p.phrase(text)
			if item.Code {
				p.b.WriteString("</code>")
			}
		}
		p.b.WriteString("</div>\n")
	}
	p.b.WriteString("</dl>\n")
	return nil
}

// disclosure writes what opens on demand. On paper it goes to the annex, or nowhere.
func (p *page) disclosure(d *document.Disclosure) error {
	if p.paper {
		if !d.ScreenOnly {
			p.toAnnex(d.Summary, p.section.ID, d.Blocks)
		}
		return nil
	}
	class := ""
	if d.ScreenOnly {
		class = ` class="screen-only"`
	}
	fmt.Fprintf(&p.b, "<details%s><summary>%s</summary>\n<div class=\"opened\">\n", class, html.EscapeString(d.Summary))
	if err := p.blocks(d.Blocks); err != nil {
		return fmt.Errorf("%q: %w", d.Summary, err)
	}
	p.b.WriteString("</div>\n</details>\n")
	return nil
}

// toAnnex puts blocks into the annex of a printed report.
func (p *page) toAnnex(title, from string, blocks []document.Block) {
	p.annex = append(p.annex, annexed{section: p.section.Title.String(), title: title, from: from, blocks: blocks})
}

// code writes the text of a program; where there are several languages, a link to it.
func (p *page) code(c *document.Code) {
	if p.shared != nil {
		fmt.Fprintf(&p.b, "<p class=\"note\">%s: <a href=\"#%s\">%s</a></p>\n", html.EscapeString(strings.ToUpper(c.Language)), p.shared.place(*c), html.EscapeString(c.Name))
		return
	}
	if c.SHA256 != "" {
		fmt.Fprintf(&p.b, "<p class=\"note\">%s, SHA-256 %s</p>\n", html.EscapeString(c.Name), html.EscapeString(c.SHA256))
	}
	fmt.Fprintf(&p.b, "<pre tabindex=\"0\" role=\"group\" aria-label=\"%s\"><code>%s</code></pre>\n", html.EscapeString(c.Language), html.EscapeString(strings.TrimRight(c.Text, "\n")))
}
