package charts

// A Sparkline is the trend of a headline: the line alone, from zero, its newest value a dot. What it
// says in numbers stands beside it.
type Sparkline struct {
	Frame
	Points []Point
}

const (
	sparkHeight = 44.0
	dotRadius   = 4.0
)

// SVG draws the trend for a width.
func (s Sparkline) SVG(id string, width float64) string {
	c := newCanvas(id, min(width, 340))
	p := plot{left: dotRadius + 1, right: c.width - dotRadius - 1, top: dotRadius + 2, bottom: sparkHeight, count: len(s.Points)}
	p.axis = scale{top: max(highest(s.Points), 1e-12)}
	c.line("zero", 0, p.bottom, c.width, p.bottom)
	c.series(p, s.Points, "")
	if last := newest(s.Points); last >= 0 {
		c.dot("dot", p.x(last), p.y(s.Points[last].value()), dotRadius)
	}
	return c.finish("sparkline", s.Frame, sparkHeight+gap)
}
