package charts

import "math"

// A Cohort is a triangle: what was received in each month, and which share of it was done at each
// age. A month too young for an age has no cell there.
type Cohort struct {
	Frame
	Ages  []string // "30 hari", "90 hari", …; those that no month has reached yet are left out
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

// cohortColumns is how a triangle shares its width.
type cohortColumns struct {
	names, sizes float64 // the columns of the months and of their sizes
	cell         float64
	count        int // of ages beside each other
}

// columns finds the widths. Where leaving out the sizes, which the table behind the chart holds,
// lets all ages stand beside each other, they are left out.
func (h Cohort) columns(width float64) cohortColumns {
	cell := 40.0
	var k cohortColumns
	for _, r := range h.Rows {
		k.names = max(k.names, min(0.4*width, measure(r.Name, false)+2*gap))
		if !r.Size.empty() {
			k.sizes = max(k.sizes, r.Size.width(false)+2*gap)
		}
		for _, p := range r.Shares {
			cell = max(cell, p.width(false)+gap)
		}
	}
	fits := func(sizes float64) int { return min(len(h.Ages), int((width-k.names-sizes)/cell)) }
	if fits(k.sizes) < len(h.Ages) && fits(0) == len(h.Ages) || fits(k.sizes) < 1 {
		k.sizes = 0
	}
	if fits(k.sizes) < 1 {
		k.names = max(0, width-cell)
	}
	k.count = max(1, fits(k.sizes))
	blocks := max(1, (len(h.Ages)+k.count-1)/k.count)
	k.count = max(1, (len(h.Ages)+blocks-1)/blocks)
	k.cell = min((width-k.left())/float64(k.count), max(96, cell))
	return k
}

func (k cohortColumns) left() float64 { return k.names + k.sizes }

// SVG draws the triangle for a width; ages that do not stand beside each other follow in blocks.
func (h Cohort) SVG(id string, width float64) string {
	c := newCanvas(id, width)
	reached := 0
	for _, r := range h.Rows {
		reached = max(reached, len(r.Shares))
	}
	h.Ages = h.Ages[:min(len(h.Ages), reached)]
	k := h.columns(c.width)
	top := 0.0
	for first := 0; first < len(h.Ages); first += k.count {
		if first > 0 {
			top += 2 * groupGap
		}
		top = h.block(c, k, first, min(first+k.count, len(h.Ages)), top)
	}
	return c.finish("cohort", h.Frame, top+gap)
}

// block draws the columns from first up to last and says where it ends.
func (h Cohort) block(c *canvas, k cohortColumns, first, last int, top float64) float64 {
	high := 0
	heads := make([][]string, last-first)
	for i := range heads {
		heads[i] = wrap(h.Ages[first+i], false, k.cell-4)
		high = max(high, len(heads[i]))
	}
	for i, lines := range heads {
		c.lines("axis", middle, k.left()+k.cell*(float64(i)+0.5), top+ascent+linePitch*float64(high-len(lines)), lines)
	}
	top += linePitch*float64(high) + gap
	for _, r := range h.Rows {
		if first > 0 && len(r.Shares) <= first {
			continue // too young for any age of this block
		}
		lines := wrap(r.Name, false, k.names-gap)
		height := max(cellHeight, linePitch*float64(len(lines))+gap)
		y := top + height/2 + 5
		c.lines("label", start, 0, y-linePitch*float64(len(lines)-1)/2, lines)
		if k.sizes > 0 && !r.Size.empty() {
			c.number("axis", end, false, k.left()-2*gap, y, r.Size)
		}
		for i := first; i < min(last, len(r.Shares)); i++ {
			h.cell(c, r.Shares[i], k.left()+k.cell*float64(i-first), top, k.cell, height)
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
		class = "label halo"
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
