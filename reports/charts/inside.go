package charts

// inside labels what the ends of the lines do not: the newest value there is, where the last month
// has none, and the one of a year before it.
func (l Line) inside(c *canvas, p plot, spare float64) {
	last := newest(l.Points)
	if last < 0 {
		return
	}
	if last < p.count-1 {
		e := lineEnd{point: l.Points[last]}
		if len(l.Points) < p.count { // else its name stands at its end
			e.name = l.Name
		}
		c.dot("dot", p.x(last), p.y(e.point.value()), 4)
		if !l.near(c, p, e, last) {
			x := max(0, min(p.x(last)-e.width()/2, c.width-e.width()))
			e.write(c, x, spare, "")
		}
	}
	ago := len(l.Points) - 13
	switch {
	case last < len(l.YearAgo)-1 && len(l.Points) < p.count && l.YearAgo[last].known():
		c.dot("dot then", p.x(last), p.y(l.YearAgo[last].value()), 4)
		l.near(c, p, lineEnd{point: l.YearAgo[last], class: "then"}, last)
	case len(l.YearAgo) == 0 && ago >= 0 && ago != last && l.Points[ago].known():
		c.dot("dot hollow", p.x(ago), p.y(l.Points[ago].value()), 4)
		l.near(c, p, lineEnd{point: l.Points[ago], class: "before"}, ago)
	}
}

// width is the room of a value with its name on one line.
func (e lineEnd) width() float64 {
	width := e.point.width(e.bold())
	if e.name != "" {
		width += gap + measure(e.name, false)
	}
	return width
}

// write puts down a value with its name on one line.
func (e lineEnd) write(c *canvas, x, y float64, halo string) {
	c.number(join(e.ink(), halo), start, e.bold(), x, y, e.point)
	c.text(join("axis", halo), start, x+e.point.width(e.bold())+gap, y, e.name)
}

// near writes a label above the lines around its point, that of the thin line below them, or where
// else there is room, and says whether there was.
func (l Line) near(c *canvas, p plot, e lineEnd, i int) bool {
	x := max(p.left+2, min(p.x(i)-e.width()/2, p.right-e.width()))
	y := p.y(e.point.value())
	high, low := y, y
	for _, points := range [][]Point{l.Points, l.YearAgo} {
		top, bottom := p.extent(points, x-4, x+e.width()+4)
		high, low = min(high, top), max(low, bottom)
	}
	tries := []float64{high - 10, high - 10 - linePitch, low + 20, p.top - gap, p.bottom - 2*gap, (p.top + p.bottom) / 2}
	if e.class == "then" {
		tries[0], tries[2] = tries[2], tries[0]
	}
	for _, try := range tries {
		b := box{x, x + e.width(), try - ascent, try + descent}
		if try < p.bottom && c.free(b) {
			e.write(c, x, try, "halo")
			return true
		}
	}
	return false
}

// extent is the highest and the lowest place of a line between two edges.
func (p plot) extent(points []Point, left, right float64) (top, bottom float64) {
	top, bottom = p.bottom, p.top
	meet := func(y float64) { top, bottom = min(top, y), max(bottom, y) }
	for n, point := range points {
		if !point.known() {
			continue
		}
		x, y := p.x(n), p.y(point.value())
		if x >= left && x <= right {
			meet(y)
		}
		if n == 0 || !points[n-1].known() {
			continue
		}
		x0, y0 := p.x(n-1), p.y(points[n-1].value())
		for _, edge := range []float64{left, right} {
			if x0 < edge && edge < x {
				meet(y0 + (y-y0)*(edge-x0)/(x-x0))
			}
		}
	}
	return top, bottom
}
