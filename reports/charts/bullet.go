package charts

// A Bullet is a value against its target on one scale from zero.
type Bullet struct {
	Frame
	Value      Point
	Target     Point  // empty: there is none
	TargetName string // said before the target's number: "target"
}

const bulletHeight = 14.0

// SVG draws value and target for a width: the value's number above the bar, the target's below.
func (b Bullet) SVG(id string, width float64) string {
	c := newCanvas(id, min(width, 560))
	c.number("label", start, true, 0, ascent, b.Value)
	top := linePitch + gap
	unit := 0.0
	if longest := max(b.Value.value(), b.Target.value()); longest > 0 {
		unit = (c.width - 4) / longest
	}
	c.line("track", 0, top+bulletHeight/2, c.width-4, top+bulletHeight/2)
	switch {
	case b.Value.suppressed():
		c.hatched("hatched", 0, top, hatchWidth, bulletHeight)
	case b.Value.known():
		c.rect("bar", 0, top, unit*b.Value.value(), bulletHeight)
	}
	c.line("zero", 0, top-4, 0, top+bulletHeight+4)
	bottom := top + bulletHeight + gap
	if !b.Target.empty() {
		bottom = b.target(c, unit, top)
	}
	return c.finish("bullet", b.Frame, bottom)
}

// target draws the target's mark across the bar and its name below, on two lines where it must.
func (b Bullet) target(c *canvas, unit, top float64) float64 {
	at := unit * b.Target.value()
	if b.Target.known() {
		c.line("mark-halo", at, top-4, at, top+bulletHeight+4)
		c.line("target", at, top-4, at, top+bulletHeight+4)
	}
	y := top + bulletHeight + gap + ascent + 2
	name, number := measure(b.TargetName, false), b.Target.width(false)
	if b.TargetName != "" {
		name += gap
	}
	if name+number <= c.width {
		x := max(0, min(at-(name+number)/2, c.width-name-number))
		c.text("axis", start, x, y, b.TargetName)
		c.number("label", start, false, x+name, y, b.Target)
		return y + descent + 2
	}
	lines := wrap(b.TargetName, false, c.width)
	c.lines("axis", start, 0, y, lines)
	y += linePitch * float64(len(lines))
	c.number("label", start, false, 0, y, b.Target)
	return y + descent + 2
}
