package reports

import (
	"html/template"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// A lineChart is one series by month, from zero, its newest value written at its
// end. Provisional months are dashed; a missing month is a gap.
type lineChart struct {
	id, title, description string
	lang                   language
	unit                   string
	start                  time.Time
	points                 []*figures.Figure // nil is a gap
	footnote               string            // the sample mark, or empty
}

// draw lays the chart out for a width.
func (l lineChart) draw(class string, width, height float64) template.HTML {
	c := &canvas{width: width, height: height}
	axis := newScale(l.highest(), 4)
	left, right, top, bottom := 0.0, 16.0, 26.0, 26+stampHeight(l.footnote, width)
	for _, tick := range axis.ticks() {
		left = max(left, textWidth(l.lang.value(l.unit, tick), fontSize)+8)
	}
	if end := l.last(); end != nil {
		right = 1.1*textWidth(l.endLabel(end), fontSize) + 12 // it is bold
	}
	x := func(i int) float64 { return left + (width-left-right)*float64(i)/float64(len(l.points)-1) }
	y := func(v float64) float64 { return top + (height-top-bottom)*(1-v/axis.top) }
	for _, tick := range axis.ticks() {
		c.line("grid", left, y(tick), width-right, y(tick))
		c.text("axis", "end", left-6, y(tick)+4, l.lang.value(l.unit, tick))
	}
	l.months(c, x, height-bottom+18, width)
	l.series(c, x, y)
	c.stamp(l.footnote)
	return c.finish(l.id+"-"+class, class, l.title, l.description)
}

func (l lineChart) highest() float64 {
	highest := 0.0
	for _, p := range l.points {
		if p != nil {
			highest = max(highest, *p.Value)
		}
	}
	return highest
}

func (l lineChart) last() *figures.Figure { return l.points[len(l.points)-1] }

func (l lineChart) endLabel(f *figures.Figure) string {
	text := l.lang.value(l.unit, *f.Value)
	if m := mark(f.Status); m != "" {
		text += " " + m
	}
	return text
}

// months labels every sixth month counted back from the newest, dropping a label
// that would touch the one after it or the edge.
func (l lineChart) months(c *canvas, x func(int) float64, y, width float64) {
	edge := width
	for i := len(l.points) - 1; i >= 0; i -= 6 {
		label := l.lang.shortMonth(l.start.AddDate(0, i, 0))
		half := textWidth(label, fontSize) / 2
		at := min(x(i), width-half)
		if at+half <= edge && at-half >= 0 {
			c.text("axis", "middle", at, y, label)
			edge = at - half - 6
		}
	}
}

// series draws the line, the provisional parts of it dashed, and its direct labels:
// the newest value and the one a year before.
func (l lineChart) series(c *canvas, x func(int) float64, y func(float64) float64) {
	for i := 1; i < len(l.points); i++ {
		from, to := l.points[i-1], l.points[i]
		if from == nil || to == nil {
			continue
		}
		class := "line"
		if to.Status == figures.Provisional {
			class = "line dashed"
		}
		c.path(class, [][2]float64{{x(i - 1), y(*from.Value)}, {x(i), y(*to.Value)}})
	}
	end := len(l.points) - 1
	if f := l.points[end]; f != nil {
		c.dot("dot", x(end), y(*f.Value))
		c.number("label strong", "start", x(end)+8, y(*f.Value)+4, number{l.endLabel(f), refer(opValue, f.Address)})
	}
	if f := l.points[max(0, end-12)]; f != nil && end >= 12 {
		c.dot("dot hollow", x(end-12), y(*f.Value))
		c.number("label", "middle", x(end-12), y(l.peak(end-12))-10, number{l.endLabel(f), refer(opValue, f.Address)})
	}
}

// peak is the highest value at and beside a point: a label above it clears the line.
func (l lineChart) peak(i int) float64 {
	highest := 0.0
	for _, p := range l.points[max(0, i-1):min(len(l.points), i+2)] {
		if p != nil {
			highest = max(highest, *p.Value)
		}
	}
	return highest
}
