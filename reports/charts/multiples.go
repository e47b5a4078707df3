package charts

// SmallMultiples are the same small chart for several things, on one scale and one axis of months:
// what is compared is the shape.
type SmallMultiples struct {
	Frame
	Axis   Axis
	Months []string // one for each point
	Panels []Panel
	Bars   bool // upright bars instead of lines
}

// A Panel is one of them: its points, and a thin line of the same months a year before.
type Panel struct {
	Name    string
	Points  []Point
	YearAgo []Point
}

const (
	panelWidth      = 190.0 // at least
	phonePanelWidth = 110.0 // at least, on a phone
	panelHeight     = 76.0
	panelGap        = 28.0
)

// SVG draws the panels for a width, as many beside each other as there is room for.
func (s SmallMultiples) SVG(id string, width float64) string {
	c := newCanvas(id, width)
	axis := s.scale()
	ticks := []float64{0, axis.top}
	texts := []string{s.Axis.text(0, axis.top, axis.top), s.Axis.text(axis.top, axis.step, axis.top)}
	left := widest(texts, false) + gap + 4
	least := panelWidth
	if c.width < phoneWidth {
		least = phonePanelWidth
	}
	for _, panel := range s.Panels {
		least = max(least, panel.last().width(false))
	}
	columns := max(1, min(len(s.Panels), int((c.width-left+panelGap)/(least+panelGap))))
	column := (c.width - left - panelGap*float64(columns-1)) / float64(columns)
	below := s.below(column)
	top := 0.0
	for first := 0; first < len(s.Panels); first += columns {
		row := s.Panels[first:min(first+columns, len(s.Panels))]
		names := s.heads(c, row, left, column, top, below)
		p := plot{top: top + names + gap, count: len(s.Months), axis: axis}
		p.bottom = p.top + panelHeight
		for i, tick := range ticks {
			c.text("axis", end, left-gap-2, p.y(tick)+5, texts[i])
		}
		for i, panel := range row {
			p.left = left + float64(i)*(column+panelGap)
			p.right = p.left + column
			c.line("grid", p.left, p.top, p.right, p.top)
			c.line("zero", p.left, p.bottom, p.right, p.bottom)
			s.panel(c, p, panel)
			if first+columns+i >= len(s.Panels) { // nothing below: the axis stands here
				s.months(c, p)
			}
		}
		top = p.bottom + linePitch + panelGap - gap
	}
	return c.finish("multiples", s.Frame, max(top, 2*gap)-gap)
}

func (s SmallMultiples) scale() scale {
	top := 0.0
	for _, panel := range s.Panels {
		top = max(top, highest(panel.Points, panel.YearAgo))
	}
	return s.Axis.newScale(top, 4)
}

// heads writes the panels' names and newest values and says how high the highest of them is.
func (s SmallMultiples) heads(c *canvas, row []Panel, left, column, top float64, below bool) float64 {
	highest := linePitch
	for i, panel := range row {
		x := left + float64(i)*(column+panelGap)
		lines := wrap(panel.Name, true, column)
		y := top + ascent
		for n, line := range lines {
			c.bold("label", start, x, y+linePitch*float64(n), line)
		}
		if below {
			y += linePitch * float64(len(lines))
			c.number("label", start, false, min(x, c.width-panel.last().width(false)), y, panel.last())
		} else {
			c.number("label", end, false, x+column, y, panel.last())
		}
		highest = max(highest, y+descent-top)
	}
	return highest
}

// below says whether values stand below the names, in all panels alike: where one has no room for
// both on a line.
func (s SmallMultiples) below(column float64) bool {
	for _, panel := range s.Panels {
		if measure(panel.Name, true)+2*gap+panel.last().width(false) > column {
			return true
		}
	}
	return false
}

func (p Panel) last() Point {
	if len(p.Points) == 0 {
		return Point{}
	}
	return p.Points[len(p.Points)-1]
}

func (s SmallMultiples) panel(c *canvas, p plot, panel Panel) {
	if !s.Bars {
		c.series(p, panel.YearAgo, "then")
		c.series(p, panel.Points, "")
		if last := newest(panel.Points); last >= 0 {
			c.dot("dot", p.x(last), p.y(panel.Points[last].value()), 3.5)
		}
		return
	}
	pitch := (p.right - p.left) / float64(max(1, p.count))
	for i, point := range panel.Points {
		x, width := p.left+pitch*(float64(i)+0.12), pitch*0.76
		y := p.y(point.value())
		switch {
		case point.suppressed():
			c.hatched("hatched", x, p.bottom-hatchWidth, width, hatchWidth)
		case !point.known():
			c.cross(x+width/2, p.bottom-7)
		case point.Provisional:
			c.rect("bar provisional", x, y, width, p.bottom-y)
		default:
			c.rect("bar", x, y, width, p.bottom-y)
		}
		if i < len(panel.YearAgo) && panel.YearAgo[i].known() {
			at := p.y(panel.YearAgo[i].value())
			c.line("mark", p.left+pitch*float64(i), at, p.left+pitch*float64(i+1), at)
		}
	}
}

// months names the first and the last month of a panel.
func (s SmallMultiples) months(c *canvas, p plot) {
	n := len(s.Months)
	if n == 0 {
		return
	}
	y := p.bottom + linePitch
	c.text("axis", end, p.right, y, s.Months[n-1])
	if first := s.Months[0]; n > 1 && measure(first, false)+2*gap+measure(s.Months[n-1], false) <= p.right-p.left {
		c.text("axis", start, p.left, y, first)
	}
}
