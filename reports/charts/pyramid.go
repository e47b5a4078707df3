package charts

// A Pyramid is age bands by sex: two bars for each band, back to back, on one scale.
type Pyramid struct {
	Frame
	LeftName, RightName string // "Laki-laki", "Perempuan"
	Bands               []Band // the highest age first
}

// A Band is one age band.
type Band struct {
	Name        string
	Left, Right Point
}

// pyramidLayout is how a pyramid shares its width: a spine of names with bars on both sides.
type pyramidLayout struct {
	left, right float64 // the two zero lines
	unit        float64
	stacked     bool // names above, values below their bars
}

func (p Pyramid) layout(width float64) pyramidLayout {
	names, label := 0.0, 0.0
	for _, b := range p.Bands {
		names = max(names, measure(b.Name, false))
		label = max(label, b.Left.width(false), b.Right.width(false))
	}
	half := (width - names - 4*gap) / 2
	l := pyramidLayout{left: half, right: width - half}
	room := half - label - 2*gap
	if l.stacked = room < 60; l.stacked {
		l.left, l.right = width/2-gap, width/2+gap
		room = l.left
	}
	longest := 0.0
	for _, b := range p.Bands {
		longest = max(longest, b.Left.value(), b.Right.value())
	}
	if longest > 0 {
		l.unit = room / longest
	}
	return l
}

// SVG draws the pyramid for a width.
func (p Pyramid) SVG(id string, width float64) string {
	c := newCanvas(id, min(width, 760))
	l := p.layout(c.width)
	leftHead, rightHead := wrap(p.LeftName, true, l.left), wrap(p.RightName, true, c.width-l.right)
	for i, line := range leftHead {
		c.bold("label", end, l.left, ascent+linePitch*float64(i), line)
	}
	for i, line := range rightHead {
		c.bold("label", start, l.right, ascent+linePitch*float64(i), line)
	}
	top := linePitch*float64(max(len(leftHead), len(rightHead))) + gap
	from := top
	for _, b := range p.Bands {
		top = p.band(c, l, b, top)
	}
	if !l.stacked {
		c.line("zero", l.left, from, l.left, top)
		c.line("zero", l.right, from, l.right, top)
	}
	return c.finish("pyramid", p.Frame, top+gap)
}

// band draws the two bars of a band and says where the next begins.
func (p Pyramid) band(c *canvas, l pyramidLayout, b Band, top float64) float64 {
	const pitch = 24.0
	if !l.stacked {
		c.text("label", middle, (l.left+l.right)/2, top+pitch/2+5, b.Name)
	} else {
		lines := wrap(b.Name, false, c.width)
		c.lines("axis", middle, c.width/2, top+ascent, lines)
		top += linePitch * float64(len(lines))
		c.line("zero", l.left, top, l.left, top+pitch)
		c.line("zero", l.right, top, l.right, top+pitch)
	}
	y := top + (pitch-barHeight)/2
	leftLength, rightLength := p.length(l, b.Left), p.length(l, b.Right)
	p.bar(c, "bar other", b.Left, l.left-leftLength, y, leftLength)
	p.bar(c, "bar", b.Right, l.right, y, rightLength)
	if l.stacked {
		return p.valuesBelow(c, l, b, top+pitch)
	}
	c.number("label", end, false, l.left-leftLength-gap, top+pitch/2+5, b.Left)
	c.number("label", start, false, l.right+rightLength+gap, top+pitch/2+5, b.Right)
	return top + pitch
}

// valuesBelow writes a band's values below its bars, on two lines where one is too narrow for both.
func (p Pyramid) valuesBelow(c *canvas, l pyramidLayout, b Band, top float64) float64 {
	left, right := max(l.left, b.Left.width(false)), min(l.right, c.width-b.Right.width(false))
	c.number("label", end, false, left, top+ascent, b.Left)
	if left+2*gap > right {
		top += linePitch
	}
	c.number("label", start, false, right, top+ascent, b.Right)
	return top + linePitch + gap
}

func (p Pyramid) length(l pyramidLayout, point Point) float64 {
	if point.suppressed() {
		return hatchWidth
	}
	return l.unit * point.value()
}

func (p Pyramid) bar(c *canvas, class string, point Point, x, y, length float64) {
	switch {
	case point.suppressed():
		c.hatched("hatched", x, y, length, barHeight)
	case point.known():
		c.rect(class, x, y, length, barHeight)
	}
}
