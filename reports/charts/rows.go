package charts

import "math"

// A track is one horizontal bar with its label.
type track struct {
	now   Point
	mark  Point  // where it stood before; without a value there is no mark
	note  Point  // a second number behind the label
	words string // said behind both
	other bool   // the second of two kinds of bars
	bold  bool   // the label stands out
}

// labelWidth is the room that a track's label takes behind its bar, a sign in the bar's stead with it.
func (t track) labelWidth() float64 {
	width := gap + t.now.width(t.bold)
	if t.now.suppressed() {
		width += hatchWidth + gap
	}
	if !t.note.empty() {
		width += 2*gap + t.note.width(false)
	}
	return width
}

// wordsWidth is the room that its words take behind that.
func (t track) wordsWidth() float64 {
	if t.words == "" {
		return 0
	}
	return gap + measure(t.words, false)
}

// length is the value up to which a track reaches, its mark with it.
func (t track) length() float64 { return max(t.now.value(), t.mark.value()) }

// A group is the tracks under one name.
type group struct {
	name   string
	tracks []track
	rest   bool // what is left over, set apart from the ranking
}

const (
	barHeight  = 16.0
	trackPitch = 20.0
	groupGap   = 10.0
	hatchWidth = 16.0 // of a bar whose value is suppressed: a sign, no length
	leastBars  = 96.0 // with less room for bars their labels go below them
)

// rowLayout is how groups of tracks share a width.
type rowLayout struct {
	width     float64
	nameWidth float64 // 0: names stand above their bars
	below     bool    // labels stand below their bars
	apart     bool    // words stand on lines of their own
	unit      float64 // pixels for one unit of value
	markName  string
}

// layRows finds the layout of groups: names beside the bars where there is room, above them where
// there is not; labels behind the bars where that leaves room for bars.
func layRows(groups []group, width float64, markName string) rowLayout {
	l := rowLayout{width: width, markName: markName}
	if width >= phoneWidth {
		for _, g := range groups {
			l.nameWidth = max(l.nameWidth, min(0.34*width, measure(g.name, false)+2*gap))
		}
	}
	space, label := width-l.nameWidth, 0.0
	for _, g := range groups {
		for _, t := range g.tracks {
			label = max(label, t.labelWidth())
		}
	}
	l.below = space-label < max(leastBars, 0.25*space)
	l.unit = l.unitFor(groups, space, false)
	with := l.unitFor(groups, space, true)
	for _, g := range groups {
		for _, t := range g.tracks {
			l.apart = l.apart || t.words != "" && t.labelWidth()+t.wordsWidth() > space
		}
	}
	// words are worth a little of the bars' length, not much
	if l.apart = l.apart || !l.below && with < 0.8*l.unit; !l.apart {
		l.unit = with
	}
	return l
}

// unitFor is the unit by which every bar keeps to the space together with its label, and its words
// if they stand behind that.
func (l rowLayout) unitFor(groups []group, space float64, words bool) float64 {
	unit := math.Inf(1)
	for _, g := range groups {
		for _, t := range g.tracks {
			room := space - 2
			if !l.below {
				room -= t.labelWidth()
			}
			if words && !l.below {
				room -= t.wordsWidth()
			}
			if t.length() > 0 {
				unit = min(unit, room/t.length())
			}
		}
	}
	if math.IsInf(unit, 1) {
		return 0 // no bar has a length
	}
	return unit
}

// draw puts the groups down from top, their left edge at left, and says where they end.
func (l rowLayout) draw(c *canvas, groups []group, left, top float64) float64 {
	named := false // the mark is named at the first bar that has one
	zero := left + l.nameWidth
	for i, g := range groups {
		if i > 0 {
			top += groupGap
		}
		if g.rest && i > 0 {
			c.line("grid", left, top, left+l.width, top)
			top += groupGap
		}
		from := top
		names := l.names(g.name)
		if l.nameWidth == 0 {
			c.lines("label", start, left, top+ascent, names)
			top += linePitch * float64(len(names))
			from = top
		}
		for n, t := range g.tracks {
			if t.mark.known() && l.markName != "" && !named {
				named = true
				b := within(l.markName, zero+l.unit*t.mark.value(), zero, left+l.width)
				c.text("then-text", start, b, top+ascent, l.markName)
				top += linePitch
				if n == 0 {
					from = top
				}
			}
			top = l.track(c, t, zero, top, g.rest)
		}
		if l.nameWidth > 0 {
			middle := from + (float64(len(g.tracks))*trackPitch)/2
			if l.below {
				middle = from + trackPitch/2
			}
			first := max(from+ascent+2, middle+4-linePitch*float64(len(names)-1)/2)
			c.lines("label", end, zero-gap, first, names)
			top = max(top, first+linePitch*float64(len(names)-1)+descent)
		}
		c.line("zero", zero, from, zero, top)
	}
	return top
}

func (l rowLayout) names(name string) []string {
	if l.nameWidth > 0 {
		return wrap(name, false, l.nameWidth-gap)
	}
	return wrap(name, false, l.width)
}

// within is where a text that is meant to stand around x begins, kept between two edges.
func within(text string, x, left, right float64) float64 {
	width := measure(text, false)
	return max(left, min(x-width/2, right-width))
}

// track draws one bar and its label and says where the next begins.
func (l rowLayout) track(c *canvas, t track, zero, top float64, rest bool) float64 {
	length := l.unit * t.now.value()
	y := top + (trackPitch-barHeight)/2
	switch {
	case t.now.suppressed():
		sign := 0.0
		if at := l.unit * t.mark.value(); t.mark.known() && at < hatchWidth+gap {
			sign = at + gap // out of the mark's way: it is a sign and has no length
		}
		length = sign + hatchWidth
		c.hatched("hatched", zero+sign, y, hatchWidth, barHeight)
	case rest && t.now.known():
		c.rect("bar rest", zero, y, length, barHeight)
	case t.other && t.now.known():
		c.rect("bar other", zero, y, length, barHeight)
	case t.now.known():
		c.rect("bar", zero, y, length, barHeight)
	}
	if t.mark.known() {
		at := l.unit * t.mark.value()
		if at > 4 { // nearer to zero it would eat the bar's beginning
			c.line("mark-halo", zero+at, y-2, zero+at, y+barHeight+2)
		}
		c.line("mark", zero+at, y-2, zero+at, y+barHeight+2)
	}
	if l.below {
		top += trackPitch
		top = l.labelBelow(c, t, zero+2, top)
	} else {
		l.label(c, t, zero+l.labelAt(t, length), top+trackPitch/2+5)
		top += trackPitch
	}
	if l.apart {
		lines := wrap(t.words, false, l.width-l.nameWidth-gap)
		c.lines("axis", start, zero+gap, top+ascent+2, lines)
		top += linePitch*float64(len(lines)) + 2
	}
	return top
}

// labelAt is where a label begins: behind its bar, before the mark if it fits there.
func (l rowLayout) labelAt(t track, length float64) float64 {
	at := l.unit * t.mark.value()
	width := t.labelWidth()
	if !l.apart {
		width += t.wordsWidth()
	}
	if !t.mark.known() || at < length-2 || length+width+gap < at {
		return length + gap
	}
	return at + 2 + gap
}

// label writes what stands behind a bar.
func (l rowLayout) label(c *canvas, t track, x, y float64) {
	c.number("label", start, t.bold, x, y, t.now)
	x += t.now.width(t.bold)
	if !t.note.empty() {
		c.number("axis", start, false, x+2*gap, y, t.note)
		x += 2*gap + t.note.width(false)
	}
	if !l.apart {
		c.text("axis", start, x+gap, y, t.words)
	}
}

// labelBelow writes the label below a bar, its second number on a line of its own where it must be.
func (l rowLayout) labelBelow(c *canvas, t track, x, top float64) float64 {
	if t.labelWidth()-gap <= l.width-l.nameWidth-2 {
		l.label(c, t, x, top+ascent)
		return top + linePitch
	}
	c.number("label", start, t.bold, x, top+ascent, t.now)
	c.number("axis", start, false, x, top+linePitch+ascent, t.note)
	return top + 2*linePitch
}
