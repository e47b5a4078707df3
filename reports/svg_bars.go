package reports

import (
	"html/template"

	"github.com/kp2mi/lindung/figures"
)

// A barChart is a ranking of horizontal bars from zero, each with a mark where it
// stood a year ago.
type barChart struct {
	id, title, description string
	lang                   language
	unit                   string
	bars                   []bar
	footnote               string
}

type bar struct {
	label   string
	now     figures.Figure
	yearAgo *figures.Figure
}

// draw lays the chart out for a width: names beside the bars where there is room,
// above them where there is not.
func (b barChart) draw(class string, width float64, stacked bool) template.HTML {
	const pitch = 26.0
	row, nameWidth := pitch, 0.0
	if stacked {
		row += fontSize + 4
	} else {
		for _, bar := range b.bars {
			nameWidth = max(nameWidth, min(width/3, textWidth(bar.label, fontSize)+10))
		}
	}
	highest, valueWidth := 0.0, 0.0
	for _, bar := range b.bars {
		highest = max(highest, *bar.now.Value)
		if bar.yearAgo != nil {
			highest = max(highest, *bar.yearAgo.Value)
		}
		valueWidth = max(valueWidth, textWidth(b.lang.value(b.unit, *bar.now.Value)+" [p]", fontSize)+10)
	}
	height := 8 + row*float64(len(b.bars)) + stampHeight(b.footnote, width)
	c := &canvas{width: width, height: height}
	long := func(v float64) float64 { return (width - nameWidth - valueWidth) * v / max(highest, 1) }
	for i, bar := range b.bars {
		top := 4 + row*float64(i)
		if stacked {
			c.text("label", "start", 0, top+fontSize, fit(bar.label, fontSize, width))
			top += fontSize + 4
		} else {
			c.text("label", "end", nameWidth-6, top+15, fit(bar.label, fontSize, nameWidth-6))
		}
		b.bar(c, bar, nameWidth, top, long)
		c.line("zero", nameWidth, top, nameWidth, top+22)
	}
	c.stamp(b.footnote)
	return c.finish(b.id+"-"+class, class, b.title, b.description)
}

func (b barChart) bar(c *canvas, bar bar, left, top float64, long func(float64) float64) {
	end := long(*bar.now.Value)
	c.rect("bar", left, top+3, end, 16)
	if bar.yearAgo != nil {
		at := long(*bar.yearAgo.Value)
		c.line("mark-halo", left+at, top, left+at, top+22)
		c.line("mark", left+at, top, left+at, top+22)
		end = max(end, at)
	}
	text := b.lang.value(b.unit, *bar.now.Value)
	if m := mark(bar.now.Status); m != "" {
		text += " " + m
	}
	c.number("label", "start", left+end+6, top+15, number{text, refer(opValue, bar.now.Address)})
}
