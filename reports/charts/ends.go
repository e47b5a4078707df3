package charts

import "slices"

// A lineEnd is what is written at the end of a line: its last value, then its name.
type lineEnd struct {
	point Point
	name  string
	class string // then: of the thin line of last year; before: an earlier value of the line itself
}

// lineEnds are the labels at the right edge of a line chart.
type lineEnds []lineEnd

// ends are the labels of those lines that reach the last month.
func (l Line) ends(count int) lineEnds {
	var all lineEnds
	if n := len(l.Points); n > 0 && n == count {
		all = append(all, lineEnd{l.Points[n-1], l.Name, ""})
	}
	if n := len(l.YearAgo); n > 0 && n == count {
		all = append(all, lineEnd{l.YearAgo[n-1], l.YearAgoName, "then"})
	}
	return all
}

func (e lineEnd) bold() bool { return e.class == "" }

// width is the room for the widest label; stacked, names stand below their values.
func (all lineEnds) width(stacked bool) float64 {
	numbers, names := all.numbers(), 0.0
	for _, e := range all {
		names = max(names, measure(e.name, false))
	}
	if stacked || names == 0 {
		return max(numbers, names)
	}
	return numbers + gap + names
}

// numbers is the width of the widest value; the names stand in a column behind them.
func (all lineEnds) numbers() float64 {
	widest := 0.0
	for _, e := range all {
		widest = max(widest, e.point.width(e.bold()))
	}
	return widest
}

// height is the room of one label from the top of its letters to their foot.
func (e lineEnd) height(stacked bool) float64 {
	if stacked && e.name != "" {
		return 2 * linePitch
	}
	return linePitch
}

// dots mark the ends that the labels belong to.
func (all lineEnds) dots(c *canvas, p plot) {
	for _, e := range all {
		if e.point.known() {
			c.dot(join("dot", e.class), p.x(p.count-1), p.y(e.point.value()), 4)
		}
	}
}

// head writes the labels above the chart, where its side is too narrow for them, and says how high
// they are.
func (all lineEnds) head(c *canvas) float64 {
	y := ascent
	for _, e := range all {
		number, name := e.point.width(e.bold()), measure(e.name, false)
		if e.name != "" && name+gap+number > c.width {
			c.text("axis", end, c.width, y, e.name)
			y += linePitch
		} else {
			c.text("axis", end, c.width-number-gap, y, e.name)
		}
		c.number(e.ink(), end, e.bold(), c.width, y, e.point)
		y += linePitch
	}
	return y - ascent
}

func (e lineEnd) ink() string {
	if e.class == "then" {
		return "then-text"
	}
	return "label"
}

// draw writes the labels beside the ends of their lines, moved apart where those lie close.
func (all lineEnds) draw(c *canvas, p plot, stacked bool) {
	var heights, wanted []float64
	for _, e := range all {
		heights = append(heights, e.height(stacked))
		wanted = append(wanted, p.y(e.point.value())-linePitch/2)
	}
	numbers := all.numbers()
	for i, top := range apart(wanted, heights, p.top-linePitch, p.bottom+linePitch/2) {
		e := all[i]
		x, y := p.right+2*gap, top+ascent+2
		c.number(e.ink(), start, e.bold(), x, y, e.point)
		if stacked {
			c.text("axis", start, x, y+linePitch-1, e.name)
		} else {
			c.text("axis", start, x+numbers+gap, y, e.name)
		}
	}
}

// apart moves things that want to stand at certain heights so that none lies on another and all
// stay between two edges; their order stays.
func apart(wanted, heights []float64, top, bottom float64) []float64 {
	order := make([]int, len(wanted))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case wanted[a] < wanted[b]:
			return -1
		case wanted[a] > wanted[b]:
			return 1
		}
		return 0
	})
	placed := slices.Clone(wanted)
	edge := top
	for _, i := range order {
		placed[i] = max(placed[i], edge)
		edge = placed[i] + heights[i]
	}
	edge = bottom
	for n := len(order) - 1; n >= 0; n-- {
		i := order[n]
		placed[i] = min(placed[i], edge-heights[i])
		edge = placed[i]
	}
	return placed
}
