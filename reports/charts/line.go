package charts

// A Line is one series by month, from zero. Provisional months are dashed, a month without a value
// is a gap. The newest value is written at its end; so is the one of a year ago, which is either
// another, thin line over the same months or, without one, a point of the line itself.
type Line struct {
	Frame
	Axis        Axis
	Months      []string // one for each point
	Points      []Point
	Name        string  // of the line, written behind its newest value: "2026"; may be empty
	YearAgo     []Point // the same months one year before; nil: no second line
	YearAgoName string
}

// plotHead is the room above a plot: for a label above its highest point.
const plotHead = 26.0

// A plot is the place of a line chart's data.
type plot struct {
	left, right, top, bottom float64
	axis                     scale
	count                    int // of months
}

func (p plot) x(i int) float64 {
	if p.count < 2 {
		return p.right // where the newest stands
	}
	return p.left + (p.right-p.left)*float64(i)/float64(p.count-1)
}

func (p plot) y(value float64) float64 {
	return p.bottom - (p.bottom-p.top)*p.axis.share(value)
}

// SVG draws the line for a width.
func (l Line) SVG(id string, width float64) string {
	c := newCanvas(id, width)
	height, steps := 240.0, 4
	if c.width < phoneWidth {
		height, steps = 200, 3
	}
	p := plot{top: plotHead, count: max(len(l.Points), len(l.YearAgo)), axis: l.Axis.newScale(highest(l.Points, l.YearAgo), steps)}
	ticks := l.Axis.tickTexts(p.axis)
	p.left = widest(ticks, false) + gap + 4
	ends := l.ends()
	stacked := ends.width(false) > 0.26*c.width
	onTop := ends.width(true) > 0.4*c.width
	p.right = c.width - ends.width(stacked) - 2*gap
	if onTop {
		p.right = c.width - gap
		p.top += ends.head(c)
	}
	spare := p.top - plotHead + ascent // a line of its own for a newest value with room nowhere else
	if newest(l.Points) < p.count-1 {
		p.top += linePitch
	}
	p.bottom = p.top + height
	for i, tick := range p.axis.ticks() {
		class := "grid"
		if i == 0 {
			class = "zero"
		}
		c.line(class, p.left, p.y(tick), p.right, p.y(tick))
		c.text("axis", end, p.left-gap-2, p.y(tick)+5, ticks[i])
	}
	c.labels(l.Months, p.x, p.bottom+linePitch+2)
	c.series(p, l.YearAgo, "then")
	c.series(p, l.Points, "")
	if !onTop {
		ends.draw(c, p, stacked)
	}
	ends.dots(c, p)
	l.inside(c, p, spare)
	return c.finish("line", l.Frame, p.bottom+linePitch+gap+descent)
}

// series draws one line: what is provisional dashed, what is suppressed hatched, what is not there
// as a small cross at the foot.
func (c *canvas) series(p plot, points []Point, class string) {
	column := p.right - p.left
	if p.count > 1 {
		column = p.x(1) - p.x(0)
	}
	var run [][2]float64
	flush := func() {
		c.path(join("line", class), run)
		run = nil
	}
	for i, point := range points {
		at := [2]float64{p.x(i), p.y(point.value())}
		switch {
		case point.suppressed() && class == "":
			half := min(column, hatchWidth) / 2
			left := max(p.left, at[0]-half)
			high := min(hatchWidth, (p.bottom-p.top)/2)
			c.hatched("hatched", left, p.bottom-high, min(p.right, at[0]+half)-left, high)
		case !point.known() && class == "":
			c.cross(at[0], p.bottom-7)
		}
		switch {
		case !point.known():
			flush()
		case point.Provisional && i > 0 && points[i-1].known():
			before := [2]float64{p.x(i - 1), p.y(points[i-1].value())}
			flush()
			c.path(join("line dashed", class), [][2]float64{before, at})
			run = [][2]float64{at}
		default:
			run = append(run, at)
		}
		lonely := (i == 0 || !points[i-1].known()) && (i == len(points)-1 || !points[i+1].known())
		if point.known() && lonely {
			c.dot(join("dot", class), at[0], at[1], 3)
		}
	}
	flush()
}

// newest is the place of the last value of a series, -1 without any.
func newest(points []Point) int {
	for i := len(points) - 1; i >= 0; i-- {
		if points[i].known() {
			return i
		}
	}
	return -1
}

// inside labels what the ends of the lines do not: the newest value there is, where the last month
// has none, and the point of a year ago on the line itself.
func (l Line) inside(c *canvas, p plot, spare float64) {
	last := newest(l.Points)
	if last >= 0 && last < p.count-1 {
		c.dot("dot", p.x(last), p.y(l.Points[last].value()), 4)
		if !l.above(c, p, l.Points[last], last, true) {
			x := max(l.Points[last].width(true)/2, min(p.x(last), c.width-l.Points[last].width(true)/2))
			c.number("label", middle, true, x, spare, l.Points[last])
		}
	}
	if ago := len(l.Points) - 13; len(l.YearAgo) == 0 && ago >= 0 && l.Points[ago].known() && ago != last {
		c.dot("dot hollow", p.x(ago), p.y(l.Points[ago].value()), 4)
		l.above(c, p, l.Points[ago], ago, false)
	}
}

// peak is the height of a line's highest place between two edges.
func (p plot) peak(points []Point, left, right float64) float64 {
	peak := p.bottom
	for n, point := range points {
		if !point.known() {
			continue
		}
		x, y := p.x(n), p.y(point.value())
		if x >= left && x <= right {
			peak = min(peak, y)
		}
		if n == 0 || !points[n-1].known() {
			continue
		}
		x0, y0 := p.x(n-1), p.y(points[n-1].value())
		for _, edge := range []float64{left, right} {
			if x0 < edge && edge < x {
				peak = min(peak, y0+(y-y0)*(edge-x0)/(x-x0))
			}
		}
	}
	return peak
}

// above writes a point's label above the lines near it, or where else there is room, and says
// whether there was.
func (l Line) above(c *canvas, p plot, point Point, i int, bold bool) bool {
	half := point.width(bold) / 2
	x := max(p.left+half+2, min(p.x(i), p.right-half))
	y := p.y(point.value())
	for _, points := range [][]Point{l.Points, l.YearAgo} {
		y = min(y, p.peak(points, x-half-4, x+half+4))
	}
	for _, try := range []float64{y - 10, y - 10 - linePitch, p.y(point.value()) + 20, p.top - gap, p.bottom - 2*gap, (p.top + p.bottom) / 2} {
		if try < p.bottom && c.free(place(point.text(), middle, bold, x, try)) {
			c.number("label halo", middle, bold, x, try, point)
			return true
		}
	}
	return false
}
