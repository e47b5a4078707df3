package charts

import "fmt"

// A Flow shows how one whole parts into its destinations: ribbons as thick as their values, the
// largest first.
type Flow struct {
	Frame
	Origin       string // "Indonesia"
	Destinations []Destination
	Rest         *Destination // all the others; nil: there are none
}

// A Destination is one end of a flow.
type Destination struct {
	Name  string
	Value Point
}

const (
	flowThick  = 220.0 // all the ribbons together
	flowBar    = 10.0  // the width of the bars at both ends
	ribbonLess = 1.0   // no ribbon is thinner, or it could not be seen
)

// SVG draws the flows for a width.
func (f Flow) SVG(id string, width float64) string {
	c := newCanvas(id, width)
	ends := f.Destinations
	if f.Rest != nil {
		ends = append(ends[:len(ends):len(ends)], *f.Rest)
	}
	total := 0.0
	for _, d := range ends {
		total += d.Value.value()
	}
	unit := 0.0
	if total > 0 {
		unit = flowThick / total
	}
	labels := labelsOf(ends, c.width)
	right := c.width - labels.width - gap
	for i, line := range wrap(f.Origin, true, c.width) {
		c.bold("label", start, 0, ascent+linePitch*float64(i), line)
	}
	top := linePitch*float64(len(wrap(f.Origin, true, c.width))) + gap
	bottom := top
	from := top + labels.inset(ends, unit)/2
	origin := from
	for i, d := range ends {
		if i > 0 {
			bottom += groupGap
		}
		rest := f.Rest != nil && i == len(ends)-1
		thick := 0.0
		if d.Value.known() && d.Value.value() > 0 {
			thick = max(ribbonLess, unit*d.Value.value())
		}
		height := max(thick, labels.height(d))
		y := bottom + (height-thick)/2
		if thick > 0 {
			c.ribbon(flowBar, from, right-flowBar, y, unit*d.Value.value(), thick)
			class := "bar"
			if rest {
				class = "bar rest"
			}
			c.rect(class, right-flowBar, y, flowBar, thick)
		} else if d.Value.suppressed() {
			c.hatched("hatched", right-flowBar, bottom+(height-hatchWidth)/2, flowBar, hatchWidth)
		}
		labels.write(c, d, right+gap, bottom+height/2)
		from += unit * d.Value.value()
		bottom += height
	}
	if total > 0 {
		c.rect("bar", 0, origin, flowBar, flowThick)
	}
	return c.finish("flow", f.Frame, max(bottom, origin+flowThick*min(1, total))+gap)
}

// ribbon is a band that goes from the origin's bar to a destination's.
func (c *canvas) ribbon(x1, y1, x2, y2, thick1, thick2 float64) {
	m := (x1 + x2) / 2
	fmt.Fprintf(&c.b, `<path class="ribbon" d="M%s %sC%s %s %s %s %s %sL%s %sC%s %s %s %s %s %sZ"/>`,
		coord(x1), coord(y1), coord(m), coord(y1), coord(m), coord(y2), coord(x2), coord(y2),
		coord(x2), coord(y2+thick2), coord(m), coord(y2+thick2), coord(m), coord(y1+thick1), coord(x1), coord(y1+thick1))
}

// A flowLabels is how the labels of a flow stand: values in one column and names in the next, or,
// where that is too wide, names above their values.
type flowLabels struct {
	width  float64
	values float64
}

func labelsOf(ends []Destination, width float64) flowLabels {
	l := flowLabels{}
	names := 0.0
	for _, d := range ends {
		names = max(names, measure(d.Name, false))
		l.values = max(l.values, d.Value.width(true))
	}
	l.width = max(min(l.values+2*gap+names, 0.5*width), l.values)
	return l
}

func (l flowLabels) oneLine(d Destination) bool {
	return l.values+2*gap+measure(d.Name, false) <= l.width
}

func (l flowLabels) height(d Destination) float64 {
	if l.oneLine(d) {
		return linePitch
	}
	return linePitch * float64(1+len(wrap(d.Name, false, l.width)))
}

// write puts down a destination's value and name around a height.
func (l flowLabels) write(c *canvas, d Destination, x, y float64) {
	if l.oneLine(d) {
		c.number("label", start, true, x, y+5, d.Value)
		c.text("label", start, x+l.values+2*gap, y+5, d.Name)
		return
	}
	names := wrap(d.Name, false, l.width)
	first := y - linePitch*float64(len(names)+1)/2 + ascent + 2
	c.lines("label", start, x, first, names)
	c.number("label", start, true, x, first+linePitch*float64(len(names)), d.Value)
}

// inset is by how much the destinations are higher than the origin's bar, which stands in their
// middle.
func (l flowLabels) inset(ends []Destination, unit float64) float64 {
	high := 0.0
	for i, d := range ends {
		if i > 0 {
			high += groupGap
		}
		high += max(unit*d.Value.value(), l.height(d))
	}
	return max(0, high-flowThick)
}
