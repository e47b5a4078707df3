package html

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// The widths in CSS pixels that a chart is drawn at. Its texts keep their size, so that a
// drawing for a laptop is not shrunk to a phone's; a sheet of A4 leaves 680 between its margins.
const (
	wideWidth   = 960
	narrowWidth = 340
	paperWidth  = 680
	cardWidth   = 200
)

// chart writes a drawing with its finding above it and the table behind it below.
func (p *page) chart(c *document.Chart) error {
	id, err := p.id("figure-" + c.ID)
	if err != nil {
		return err
	}
	p.figures++
	number := fmt.Sprintf("%s %d", p.words.figure, p.figures)
	class := ""
	widths := []float64{narrowWidth}
	switch {
	case p.paper:
		widths = []float64{paperWidth}
	case c.Wide:
		widths = []float64{wideWidth, narrowWidth}
	default:
		class = ` class="column"`
	}
	fmt.Fprintf(&p.b, "<figure%s%s>\n<figcaption><h%d><span class=\"ordinal\">%s.</span> ", class, id, p.inner(), number)
	p.phrase(c.Title)
	fmt.Fprintf(&p.b, "</h%d>\n<p class=\"sub\">%s</p></figcaption>\n", p.inner(), html.EscapeString(c.Subtitle))
	for _, width := range widths {
		if err := p.drawing(c, width); err != nil {
			return err
		}
	}
	if len(c.Note) > 0 {
		p.paragraph(` class="note"`, c.Note)
	}
	if c.Table != nil {
		if err := p.behind(c, number); err != nil {
			return err
		}
	}
	p.b.WriteString("</figure>\n")
	return nil
}

// behind writes the table of a chart: on demand on a screen, in the annex on paper.
func (p *page) behind(c *document.Chart, number string) error {
	if p.paper {
		fmt.Fprintf(&p.b, "<p class=\"note\"><a href=\"#%s\">%s %d: %s</a></p>\n", p.anchor("annex"), p.words.behind, p.figures, p.words.seeAnnex)
		p.toAnnex(number+". "+c.Title.String(), "figure-"+c.ID, []document.Block{c.Table})
		return nil
	}
	fmt.Fprintf(&p.b, "<details><summary>%s %d</summary>\n", p.words.behind, p.figures)
	if err := p.grid(c.Table); err != nil {
		return err
	}
	p.b.WriteString("</details>\n")
	return nil
}

// needless are attributes that a drawing within a page need not say: it is SVG anyway, and texts
// start where they stand. They would be a tenth of a report's bytes.
var needless = strings.NewReplacer(` xmlns="http://www.w3.org/2000/svg"`, "", ` text-anchor="start"`, "", ` font-size="14"`, "")

var described = regexp.MustCompile(`(?s)^<svg[^>]*\srole="img"[^>]*>\s*<title\b`)

// drawing writes a chart at one width. It must say by itself what somebody who does not see it
// is told: that becomes the alternative text in a browser and in a PDF.
func (p *page) drawing(c *document.Chart, width float64) error {
	class := map[float64]string{wideWidth: "wide", narrowWidth: "narrow", paperWidth: "on-paper", cardWidth: "spark"}[width]
	if c.Drawing == nil {
		return fmt.Errorf("the chart %q has no drawing", c.ID)
	}
	p.drawings++
	svg := strings.TrimSpace(c.Drawing.SVG(fmt.Sprintf("%s-d%d", p.doc.Lang, p.drawings), width))
	if !described.MatchString(svg) {
		return fmt.Errorf(`the drawing of the chart %q has no role="img" with a title; without them nobody hears what it shows`, c.ID)
	}
	fmt.Fprintf(&p.b, "<div class=\"drawing %s\">%s</div>\n", class, needless.Replace(svg))
	return nil
}
