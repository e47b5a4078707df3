package charts

import "math"

// A Cohort is a triangle: what was received in each month, and which share of it was done at each
// age. A month too young for an age has no cell there.
type Cohort struct {
	Frame
	Ages  []string // "30 hari", "90 hari", …
	Rows  []CohortRow
	Whole float64 // the value of a share that is complete: 1 or 100
}

// A CohortRow is one month of receipt. It has as many shares as it has reached ages.
type CohortRow struct {
	Name   string
	Size   Point // how many; empty: not shown
	Shares []Point
}

const cellHeight = 28.0

// SVG draws the triangle for a width; ages that do not stand beside each other follow in blocks.
func (h Cohort) SVG(id string, width float64) string {
	c := newCanvas(id, width)
	names, sizes, cell := 0.0, 0.0, 44.0
	for _, r := range h.Rows {
		names = max(names, measure(r.Name, false)+2*gap)
		if !r.Size.empty() {
			sizes = max(sizes, r.Size.width(false)+2*gap)
		}
		for _, p := range r.Shares {
			cell = max(cell, p.width(false)+2*gap)
		}
	}
	names = min(names, 0.4*c.width)
	left := names + sizes
	if left+cell > c.width { // a chart of very long numbers: they get lines of their own
		left = min(left, c.width-cell)
	}
	columns := max(1, min(len(h.Ages), int((c.width-left)/cell)))
	cell = min((c.width-left)/float64(columns), 96)
	top := 0.0
	for first := 0; first < len(h.Ages); first += columns {
		if first > 0 {
			top += 2 * groupGap
		}
		top = h.block(c, first, min(first+columns, len(h.Ages)), names, left, cell, top)
	}
	return c.finish("cohort", h.Frame, top+gap)
}

// block draws the columns from first up to last and says where it ends.
func (h Cohort) block(c *canvas, first, last int, names, left, cell, top float64) float64 {
	high := 0
	heads := make([][]string, last-first)
	for i := range heads {
		heads[i] = wrap(h.Ages[first+i], false, cell-4)
		high = max(high, len(heads[i]))
	}
	for i, lines := range heads {
		lowest := top + ascent + linePitch*float64(high-len(lines))
		c.lines("axis", middle, left+cell*(float64(i)+0.5), lowest, lines)
	}
	top += linePitch*float64(high) + gap
	for _, r := range h.Rows {
		lines := wrap(r.Name, false, names-gap)
		height := max(cellHeight, linePitch*float64(len(lines))+gap)
		y := top + height/2 + 5
		c.lines("label", start, 0, y-linePitch*float64(len(lines)-1)/2, lines)
		if !r.Size.empty() && names+r.Size.width(false)+gap <= left {
			c.number("axis", end, false, left-2*gap, y, r.Size)
		}
		for i := first; i < min(last, len(r.Shares)); i++ {
			h.cell(c, r.Shares[i], left+cell*float64(i-first), top, cell, height)
		}
		top += height
	}
	return top
}

func (h Cohort) cell(c *canvas, p Point, x, y, width, height float64) {
	class := "label"
	switch {
	case p.suppressed():
		c.hatched("edge", x+1, y+1, width-2, height-2)
		c.rect("plate", x+width/2-p.width(false)/2-2, y+height/2-8, p.width(false)+4, 16)
	case !p.known():
		c.rect("edge none", x+1, y+1, width-2, height-2)
	default:
		n := classOf(p.value(), h.Whole)
		c.rect("cell "+shades[n], x, y, width, height)
		class = inks[n]
	}
	c.number(class, middle, false, x+width/2, y+height/2+5, p)
}

// The classes of the five shades, and of the ink on each.
var (
	shades = [5]string{"c1", "c2", "c3", "c4", "c5"}
	inks   = [5]string{"on1", "on2", "on3", "on4", "on5"}
)

// classOf is the fifth of the whole that a share lies in.
func classOf(value, whole float64) int {
	if whole <= 0 {
		whole = 1
	}
	return int(max(0, min(4, math.Ceil(5*value/whole-1e-9)-1)))
}
