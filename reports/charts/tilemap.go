package charts

import (
	"fmt"
	"html"
	"math"
	"slices"
)

// A TileMap is the 38 provinces as squares in five classes of a value. A table stands behind it: the
// squares hold values only where they are wide enough for all of them.
type TileMap struct {
	Frame
	Axis   Axis
	Values map[string]Point  // by Kemendagri code; a province without an entry is not there
	Names  map[string]string // said when a reader points at a square

	Highlight string // code of the province that the drawing is about; empty: none
}

// leastTile is the side of a square that just holds two letters.
const leastTile = 22

// SVG draws the map for a width.
func (m TileMap) SVG(id string, width float64) string {
	c := newCanvas(id, max(width, tileColumns*leastTile))
	side := math.Floor(min(c.width/tileColumns, 58))
	bounds := m.bounds()
	valued := m.valued(side)
	for _, t := range tiles {
		m.tile(c, t, side, bounds, valued)
	}
	bottom := m.key(c, bounds, side*tileRows+2*linePitch, side*tileColumns)
	return c.finish("tilemap", m.Frame, bottom)
}

// valued says whether squares are wide enough for every value.
func (m TileMap) valued(side float64) bool {
	widest := 0.0
	for _, t := range tiles {
		widest = max(widest, m.Values[t.code].width(false))
	}
	return widest+6 <= side && 2*linePitch+4 <= side
}

func (m TileMap) tile(c *canvas, t tile, side float64, bounds []float64, valued bool) {
	p := m.Values[t.code]
	x, y := side*float64(t.column), side*float64(t.row)
	fmt.Fprintf(&c.b, `<g class="tile" data-province="%s"><title>%s</title>`, t.code, html.EscapeString(m.said(t, p)))
	ink := "label"
	switch {
	case p.suppressed():
		c.hatched("edge", x+1, y+1, side-2, side-2)
		ink = "label halo"
	case !p.known():
		c.rect("edge none", x+1.5, y+1.5, side-3, side-3)
	default:
		n := classAmong(p.value(), bounds)
		c.rect("tile-edge "+shades[n], x+1, y+1, side-2, side-2)
		ink = inks[n]
	}
	if valued {
		c.bold(ink, middle, x+side/2, y+side/2-4, t.short)
		c.number(ink, middle, false, x+side/2, y+side/2+linePitch-4, p)
	} else {
		c.bold(ink, middle, x+side/2, y+side/2+5, t.short)
	}
	if m.Highlight == t.code {
		c.rect("about", x+2, y+2, side-4, side-4)
	}
	c.b.WriteString(`</g>`)
}

func (m TileMap) said(t tile, p Point) string {
	name := m.Names[t.code]
	if name == "" {
		name = t.short
	}
	return name + ": " + p.text()
}

// bounds are the upper ends of the classes: about as many provinces in each, at round values. Fewer
// than five come out where there are too few different values.
func (m TileMap) bounds() []float64 {
	var values []float64
	for _, t := range tiles {
		if p := m.Values[t.code]; p.known() {
			values = append(values, p.value())
		}
	}
	slices.Sort(values)
	if len(values) == 0 || values[len(values)-1] == 0 {
		return []float64{math.Pow(10, -float64(m.Axis.Format.Decimals))}
	}
	least := math.Pow(10, -float64(m.Axis.Format.Decimals))
	var bounds []float64
	for n := 1; n <= 5; n++ {
		bound := roundUp(values[(len(values)-1)*n/5], least)
		if bound > 0 && (len(bounds) == 0 || bound > bounds[len(bounds)-1]) {
			bounds = append(bounds, bound)
		}
	}
	return bounds
}

// roundUp is the next value with two digits, the second of them 0 or 5.
func roundUp(value, least float64) float64 {
	if value <= 0 {
		return 0
	}
	step := max(math.Pow(10, math.Floor(math.Log10(value)))/2, least)
	return max(1, math.Ceil(value/step-1e-9)) * step
}

// classAmong is the shade of a value: the classes spread over all five shades.
func classAmong(value float64, bounds []float64) int {
	n := 0
	for n < len(bounds)-1 && value > bounds[n]*(1+1e-12) {
		n++
	}
	return n + 5 - len(bounds)
}

// key draws the classes as an axis: their shades side by side with the value at each border. Behind
// it stand the signs of what has no class, where there is such a square.
func (m TileMap) key(c *canvas, bounds []float64, top, width float64) float64 {
	const height = 12.0
	step := min(76, math.Floor(width/float64(len(bounds))))
	texts := []string{m.Axis.text(0, 1, 1)}
	last := bounds[len(bounds)-1]
	for i, bound := range bounds {
		c.rect("tile-edge "+shades[i+5-len(bounds)], step*float64(i), top, step, height)
		texts = append(texts, m.Axis.text(bound, m.step(bound), last))
	}
	c.labels(texts, func(i int) float64 { return step * float64(i) }, top+height+linePitch-2)
	bottom := top + height + linePitch + descent
	x, y := 0.0, bottom+gap
	for _, sign := range []string{"[c]", "[x]"} {
		if !m.has(sign) {
			continue
		}
		if sign == "[c]" {
			c.hatched("edge", x+1, y+1, 16, 12)
		} else {
			c.rect("edge none", x+1, y+1, 16, 12)
		}
		c.text("axis", start, x+16+gap, y+ascent+1, sign)
		x += 16 + gap + measure(sign, false) + 3*gap
		bottom = y + linePitch
	}
	return bottom
}

// step is the finest digit of a bound, which decides its decimals.
func (m TileMap) step(bound float64) float64 {
	least := math.Pow(10, -float64(m.Axis.Format.Decimals))
	return max(math.Pow(10, math.Floor(math.Log10(bound)))/2, least)
}

// has says whether a square carries a sign.
func (m TileMap) has(sign string) bool {
	for _, t := range tiles {
		if p := m.Values[t.code]; !p.known() && p.suppressed() == (sign == "[c]") {
			return true
		}
	}
	return false
}
