package reports

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// fontSize is the size of every text in a chart, in the chart's own units, which
// the page shows at one unit per CSS pixel or close to it.
const fontSize = 12.0

// A canvas collects the elements of one chart. Colours and strokes come from the
// page's style sheet by class, so that a chart follows the reader's theme.
type canvas struct {
	width, height float64
	b             strings.Builder
}

// coord writes a coordinate with one decimal: finer is invisible and would only
// make the bytes depend on rounding.
func coord(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64)
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&c.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, coord(x1), coord(y1), coord(x2), coord(y2))
}

func (c *canvas) rect(class string, x, y, width, height float64) {
	fmt.Fprintf(&c.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, coord(x), coord(y), coord(width), coord(height))
}

func (c *canvas) dot(class string, x, y float64) {
	fmt.Fprintf(&c.b, `<circle class="%s" cx="%s" cy="%s" r="4"/>`, class, coord(x), coord(y))
}

func (c *canvas) path(class string, points [][2]float64) {
	if len(points) < 2 {
		return
	}
	fmt.Fprintf(&c.b, `<path class="%s" d="`, class)
	for i, p := range points {
		fmt.Fprintf(&c.b, "%s%s %s", map[bool]string{true: "M", false: "L"}[i == 0], coord(p[0]), coord(p[1]))
	}
	c.b.WriteString(`"/>`)
}

// text writes words; anchor is start, middle or end.
func (c *canvas) text(class, anchor string, x, y float64, text string) {
	c.number(class, anchor, x, y, number{text: text})
}

// number writes a number with its reference.
func (c *canvas) number(class, anchor string, x, y float64, n number) {
	fmt.Fprintf(&c.b, `<text class="%s" text-anchor="%s" x="%s" y="%s"%s>%s</text>`, class, anchor, coord(x), coord(y), n.ref.attributes(), html.EscapeString(n.text))
}

// stamp writes the sample mark at the foot, on two lines where one is too narrow: a
// mark is never cut. stampHeight is the room that it takes.
func (c *canvas) stamp(text string) {
	lines := stampLines(text, c.width)
	for i, line := range lines {
		c.text("stamp", "start", 0, c.height-4-float64(len(lines)-1-i)*stampPitch, line)
	}
}

const stampPitch = fontSize + 4

func stampHeight(text string, width float64) float64 {
	return stampPitch * float64(len(stampLines(text, width)))
}

func stampLines(text string, width float64) []string {
	if text == "" {
		return nil
	}
	if textWidth(text, fontSize) <= width {
		return []string{text}
	}
	return strings.Split(text, " / ")
}

// finish closes the chart. Its title and description are what a reader who does
// not see it is given; the table beside it holds the numbers.
func (c *canvas) finish(id, class, title, description string) template.HTML {
	return template.HTML(fmt.Sprintf(
		`<svg class="chart %s" role="img" aria-labelledby="%s-t %s-d" viewBox="0 0 %s %s" font-size="%s"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s</svg>`,
		class, id, id, coord(c.width), coord(c.height), coord(fontSize), id, html.EscapeString(title), id, html.EscapeString(description), c.b.String()))
}

// scale is a value axis that begins at zero, always: a cut axis lies.
type scale struct {
	top  float64 // the highest tick
	step float64
}

// newScale covers the highest value with at most the given number of even steps.
func newScale(highest float64, steps int) scale {
	if highest <= 0 {
		return scale{1, 1}
	}
	rough := highest / float64(steps)
	magnitude := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, nice := range []float64{1, 2, 2.5, 5, 10} {
		step := nice * magnitude
		if count := math.Ceil(highest/step - 1e-9); count <= float64(steps) {
			return scale{count * step, step}
		}
	}
	return scale{highest, highest}
}

func (s scale) ticks() []float64 {
	var all []float64
	for i := 0.0; i*s.step <= s.top+s.step/2; i++ {
		all = append(all, i*s.step)
	}
	return all
}
