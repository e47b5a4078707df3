package charts

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// Every text in a chart has one size, in the chart's own units, which a page shows at one unit per
// CSS pixel: a chart that gets narrower breaks its lines and never shrinks its letters.
const (
	fontSize   = 14.0
	linePitch  = 18.0 // from one line of text to the next
	ascent     = 11.0 // from a baseline up to the top of the letters
	descent    = 4.0  // from a baseline down to their foot
	gap        = 6.0  // between a mark and its label
	narrowest  = 200.0
	phoneWidth = 520.0 // below it names stand above bars
)

// A Frame is what every chart has besides its data.
type Frame struct {
	Title       string // what somebody who does not see the chart is told it shows
	Description string // and what there is to see in it
	Sample      string // the mark that drawings of sample data carry at their foot; empty for real data
}

// A Point is a value in a chart as it is drawn and as it is written. Without a Value it is drawn as
// what its label's Mark says: [c] suppressed, anything else not there. It is never drawn as zero.
// What is Provisional is dashed where points make a line or a row of upright bars; elsewhere its
// label says so.
type Point struct {
	Value       *float64
	Label       document.Number
	Provisional bool
}

// known says whether there is a value to draw.
func (p Point) known() bool {
	return p.Value != nil && !math.IsNaN(*p.Value) && !math.IsInf(*p.Value, 0)
}

// value is what is drawn: charts count from zero, and what lies below it has no length.
func (p Point) value() float64 {
	if !p.known() || *p.Value < nothing {
		return 0
	}
	return *p.Value
}

// nothing is what is too small to be told from zero, and would divide a chart's width into infinity.
const nothing = 1e-12

// empty says whether there is nothing to draw or to say at all.
func (p Point) empty() bool { return p.Value == nil && p.Label.Text == "" && p.Label.Mark == "" }

func (p Point) suppressed() bool { return !p.known() && p.Label.Mark == "[c]" }

// text is the label as printed: with its mark, and with a mark where there is no value.
func (p Point) text() string {
	text, mark := p.Label.Text, p.Label.Mark
	if mark == "" && text == "" && !p.known() {
		mark = "[x]"
	}
	if mark == "" || strings.HasSuffix(text, mark) {
		return text
	}
	return strings.TrimLeft(text+" "+mark, " ")
}

func (p Point) width(bold bool) float64 { return measure(p.text(), bold) }

// A box is the place that a text takes.
type box struct{ left, right, top, bottom float64 }

func (b box) overlaps(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// A canvas collects the elements of one chart. Colours and strokes come from the style sheet by
// class, so that a chart follows the reader's theme.
type canvas struct {
	id            string
	width, height float64
	b             strings.Builder
	texts         []box
	hatch         bool // something is hatched
}

func newCanvas(id string, width float64) *canvas {
	return &canvas{id: id, width: max(width, narrowest)}
}

// coord writes a coordinate with one decimal: finer is invisible and would only make the bytes
// depend on rounding.
func coord(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10+0, 'f', -1, 64) // + 0: there is no -0
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&c.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, coord(x1), coord(y1), coord(x2), coord(y2))
}

func (c *canvas) rect(class string, x, y, width, height float64) {
	fmt.Fprintf(&c.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, coord(x), coord(y), coord(width), coord(height))
}

// hatched is a rectangle with a hatch: what is suppressed, or a second kind of bar.
func (c *canvas) hatched(class string, x, y, width, height float64) {
	c.hatch = true
	fmt.Fprintf(&c.b, `<rect class="%s" fill="url(#%s-hatch)" x="%s" y="%s" width="%s" height="%s"/>`,
		class, html.EscapeString(c.id), coord(x), coord(y), coord(width), coord(height))
}

func (c *canvas) dot(class string, x, y, radius float64) {
	fmt.Fprintf(&c.b, `<circle class="%s" cx="%s" cy="%s" r="%s"/>`, class, coord(x), coord(y), coord(radius))
}

// join puts a second class behind the first where there is one.
func join(class, second string) string {
	if second == "" {
		return class
	}
	return class + " " + second
}

// cross marks the place of a value that is not there.
func (c *canvas) cross(x, y float64) {
	fmt.Fprintf(&c.b, `<path class="absent" d="M%s %sl6 6m0 -6l-6 6"/>`, coord(x-3), coord(y-3))
}

func (c *canvas) path(class string, points [][2]float64) {
	if len(points) < 2 {
		return
	}
	fmt.Fprintf(&c.b, `<path class="%s" d="`, class)
	for i, p := range points {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		fmt.Fprintf(&c.b, "%s%s %s", letter, coord(p[0]), coord(p[1]))
	}
	c.b.WriteString(`"/>`)
}

// The ways in which a text stands at its place, as SVG calls them.
const (
	start  = "start"
	middle = "middle"
	end    = "end"
)

// place is the box of a text.
func place(text, anchor string, bold bool, x, y float64) box {
	width := measure(text, bold)
	switch anchor {
	case middle:
		x -= width / 2
	case end:
		x -= width
	}
	return box{x, x + width, y - ascent, y + descent}
}

// free says whether a box lies within the chart's width, below its top and on no other text.
func (c *canvas) free(b box) bool {
	if b.left < 0 || b.right > c.width || b.top < 0 {
		return false
	}
	for _, other := range c.texts {
		if b.overlaps(other) {
			return false
		}
	}
	return true
}

func (c *canvas) write(class, anchor string, bold bool, x, y float64, attributes, text string) {
	if text == "" {
		return
	}
	c.texts = append(c.texts, place(text, anchor, bold, x, y))
	if bold {
		attributes += ` font-weight="700"`
	}
	fmt.Fprintf(&c.b, `<text class="%s" text-anchor="%s" x="%s" y="%s"%s>%s</text>`, class, anchor, coord(x), coord(y), attributes, html.EscapeString(text))
}

func (c *canvas) text(class, anchor string, x, y float64, text string) {
	c.write(class, anchor, false, x, y, "", text)
}

func (c *canvas) bold(class, anchor string, x, y float64, text string) {
	c.write(class, anchor, true, x, y, "", text)
}

// number writes a point's label with its reference.
func (c *canvas) number(class, anchor string, bold bool, x, y float64, p Point) {
	c.write(class, anchor, bold, x, y, p.Label.Ref.Attributes(), p.text())
}

// lines writes several lines one below the other, the first at y.
func (c *canvas) lines(class, anchor string, x, y float64, lines []string) {
	for i, line := range lines {
		c.text(class, anchor, x, y+linePitch*float64(i), line)
	}
}

// labels writes the labels of an axis along a line: each that can stand there at an even distance,
// counted back from the last.
func (c *canvas) labels(texts []string, x func(int) float64, y float64) {
	for step := 1; step <= max(1, len(texts)); step++ {
		var boxes []box
		fits := true
		for i := len(texts) - 1; i >= 0 && fits; i -= step {
			b := c.within(texts[i], x(i), y)
			if n := len(boxes); n > 0 && b.right+2*gap > boxes[n-1].left {
				fits = false
			}
			boxes = append(boxes, b)
		}
		if !fits {
			continue
		}
		for n, b := range boxes {
			if text := texts[len(texts)-1-n*step]; text != "" && c.free(b) {
				c.text("axis", start, b.left, y, text)
			}
		}
		return
	}
}

// within is the box of a text with its middle at x, moved so far that it stays in the chart.
func (c *canvas) within(text string, x, y float64) box {
	width := measure(text, false)
	left := max(0, min(x-width/2, c.width-width))
	return box{left, left + width, y - ascent, y + descent}
}

// sampleLines are the lines of the sample mark: broken between its languages first.
func sampleLines(mark string, width float64) []string {
	if measure(mark, true) <= width {
		return wrap(mark, true, width)
	}
	var lines []string
	for _, part := range strings.Split(mark, " / ") {
		lines = append(lines, wrap(part, true, width)...)
	}
	return lines
}

// finish closes a chart of the kind, with the sample mark at its foot. Title and description are
// what a reader who does not see it is given; the table behind it holds the numbers.
func (c *canvas) finish(kind string, f Frame, height float64) string {
	c.height = height
	for _, line := range sampleLines(f.Sample, c.width) {
		c.bold("sample", start, 0, c.height+ascent+2*gap, line)
		c.height += linePitch
	}
	if f.Sample != "" {
		c.height += 2*gap + descent
	}
	id, defs := html.EscapeString(c.id), ""
	if c.hatch {
		defs = fmt.Sprintf(`<defs><pattern id="%s-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`+
			`<rect class="hatch-paper" width="6" height="6"/><rect class="hatch-line" width="2" height="6"/></pattern></defs>`, id)
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="chart %s" role="img" aria-labelledby="%s-title %s-desc" width="%s" height="%s" viewBox="0 0 %s %s" font-size="%s">`+
		`<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>%s%s</svg>`,
		kind, id, id, coord(c.width), coord(c.height), coord(c.width), coord(c.height), coord(fontSize),
		id, html.EscapeString(f.Title), id, html.EscapeString(f.Description), defs, c.b.String())
}
