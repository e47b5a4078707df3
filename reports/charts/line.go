package charts

// A Line is one series by month, from zero. Provisional months are dashed, a month without a value
// is a gap. The newest value is written at its end; so is the one of a year ago, which is either
// another, thin line over the same months or, without one, a point of the line itself.
type Line struct {
	Frame
	Axis        Axis
	Months      []string
	Points      []Point // one for each month, or fewer: the months to come
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
	p := plot{top: plotHead, count: max(len(l.Months), len(l.Points), len(l.YearAgo)), axis: l.Axis.newScale(highest(l.Points, l.YearAgo), steps)}
	ticks := l.Axis.tickTexts(p.axis)
	p.left = widest(ticks, false) + gap + 4
	ends := l.ends(p.count)
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
	kind := "line"
	flush := func() {
		c.path(join(kind, class), run)
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
		wanted := "line"
		if point.Provisional {
			wanted = "line dashed"
		}
		switch {
		case !point.known():
			flush()
		case len(run) > 0 && wanted != kind:
			before := run[len(run)-1]
			flush()
			run = [][2]float64{before, at}
			kind = wanted
		default:
			if len(run) == 0 {
				kind = wanted
			}
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
