package charts

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// An element is one shape or text of a drawing, as a reader's program sees it.
type element struct {
	name       string
	attributes map[string]string
	text       string
}

func (e element) number(name string) float64 {
	value, err := strconv.ParseFloat(e.attributes[name], 64)
	if err != nil {
		return math.NaN()
	}
	return value
}

func (e element) is(class string) bool {
	for _, c := range strings.Fields(e.attributes["class"]) {
		if c == class {
			return true
		}
	}
	return false
}

// parse reads a drawing with an XML parser: what that refuses no reader would show.
func parse(svg string) ([]element, error) {
	decoder := xml.NewDecoder(strings.NewReader(svg))
	var all []element
	var open []int
	for {
		token, err := decoder.Token()
		if token == nil {
			if len(open) > 0 || len(all) == 0 {
				return nil, fmt.Errorf("no whole document: %v", err)
			}
			return all, nil
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(token)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

// A ruler measures texts with the face itself, glyph by glyph.
type ruler struct {
	face   *sfnt.Font
	buffer sfnt.Buffer
}

func newRuler(data []byte) *ruler {
	face, err := sfnt.Parse(data)
	if err != nil {
		panic(err)
	}
	return &ruler{face: face}
}

func (r *ruler) width(text string, size float64) float64 {
	total := 0.0
	for _, c := range text {
		glyph, err := r.face.GlyphIndex(&r.buffer, c)
		if err != nil || glyph == 0 {
			total += size
			continue
		}
		advance, err := r.face.GlyphAdvance(&r.buffer, glyph, fixed.I(1000), font.HintingNone)
		if err != nil {
			panic(err)
		}
		total += float64(advance) / 64 * size / 1000
	}
	return total
}

var regularRuler, boldRuler = newRuler(Regular), newRuler(Bold)

// textBox is the place of a text: as wide as the face sets it, from the top of its letters to
// their foot.
func textBox(e element, size float64) box {
	r := regularRuler
	if e.attributes["font-weight"] == "700" {
		r = boldRuler
	}
	width, x, y := r.width(e.text, size), e.number("x"), e.number("y")
	switch e.attributes["text-anchor"] {
	case "middle":
		x -= width / 2
	case "end":
		x -= width
	}
	return box{x, x + width, y - 0.76*size, y + 0.25*size}
}

// checkLayout proves that a drawing can be read: no text on another, none cut, every bar from zero.
func checkLayout(svg string) error {
	all, err := parse(svg)
	if err != nil {
		return err
	}
	root := all[0]
	var width, height float64
	if _, err := fmt.Sscanf(root.attributes["viewBox"], "0 0 %f %f", &width, &height); err != nil {
		return fmt.Errorf("viewBox %q: %v", root.attributes["viewBox"], err)
	}
	size := root.number("font-size")
	const rounding = 0.11 // coordinates have one decimal
	var boxes []box
	var texts []string
	for _, e := range all {
		for name, value := range e.attributes {
			if strings.Contains(value, "NaN") || strings.Contains(value, "Inf") {
				return fmt.Errorf("<%s %s=%q>", e.name, name, value)
			}
		}
		if e.name != "text" {
			continue
		}
		b := textBox(e, size)
		if b.left < -rounding || b.right > width+rounding || b.top < 0 || b.bottom > height+rounding {
			return fmt.Errorf("%q leaves the chart of %v × %v: %+v", e.text, width, height, b)
		}
		for i, other := range boxes {
			if b.left+rounding < other.right && other.left+rounding < b.right && b.top+rounding < other.bottom && other.top+rounding < b.bottom {
				return fmt.Errorf("%q lies on %q: %+v and %+v", e.text, texts[i], b, other)
			}
		}
		boxes, texts = append(boxes, b), append(texts, e.text)
	}
	return checkShapes(all, boxes, width, height)
}

// checkShapes proves that shapes stay in the drawing, that every bar begins at a zero line, and that
// no text lies on a bar or on a mark.
func checkShapes(all []element, boxes []box, width, height float64) error {
	var zeros []element
	for _, e := range all {
		if e.name == "line" && e.is("zero") {
			zeros = append(zeros, e)
		}
	}
	kind := strings.TrimPrefix(all[0].attributes["class"], "chart ")
	for _, e := range all {
		if e.name != "rect" || strings.HasPrefix(e.attributes["class"], "hatch-") { // the hatch's own
			continue
		}
		x, y, w, h := e.number("x"), e.number("y"), e.number("width"), e.number("height")
		if !(w >= 0 && h >= 0 && x >= -0.1 && y >= -0.1 && x+w <= width+0.2 && y+h <= height+0.2) {
			return fmt.Errorf("the shape %v leaves the drawing of %v × %v", e.attributes, width, height)
		}
		if e.is("bar") && kind != "flow" && !atZero(zeros, x, y, w, h) {
			return fmt.Errorf("the bar %v begins at no zero line", e.attributes)
		}
		for _, b := range boxes {
			if (e.is("bar") || e.is("hatched")) && kind != "line" && b.overlaps(box{x + 0.11, x + w - 0.11, y + 0.11, y + h - 0.11}) {
				return fmt.Errorf("the text at %+v lies on the bar %v", b, e.attributes)
			}
		}
	}
	for _, e := range all {
		if e.name == "line" && (e.is("mark") || e.is("target")) {
			for _, b := range boxes {
				if b.overlaps(box{e.number("x1"), e.number("x2") + 0.1, e.number("y1"), e.number("y2") + 0.1}) {
					return fmt.Errorf("the text at %+v lies on the mark %v", b, e.attributes)
				}
			}
		}
	}
	return nil
}

func atZero(zeros []element, x, y, w, h float64) bool {
	near := func(a, b float64) bool { return math.Abs(a-b) < 0.16 }
	for _, z := range zeros {
		x1, x2, y1, y2 := z.number("x1"), z.number("x2"), z.number("y1"), z.number("y2")
		upright := near(x1, x2) && y1 <= y+0.1 && y2 >= y+h-0.1 && (near(x, x1) || near(x+w, x1))
		level := near(y1, y2) && x1 <= x+0.1 && x2 >= x+w-0.1 && near(y+h, y1)
		if upright || level {
			return true
		}
	}
	return false
}

func TestGoldenDrawingsCanBeRead(t *testing.T) {
	for _, c := range cases {
		for _, width := range []float64{200, 320, phone, 412, 519, 520, 600, laptop, 1000, 1400} {
			if err := checkLayout(c.SVG(c.name, width)); err != nil {
				t.Errorf("%s at %v: %v", c.name, width, err)
			}
		}
	}
}

// The check itself sees what it is for.
func TestTheCheckSeesMistakes(t *testing.T) {
	const head = `<svg class="chart bars" viewBox="0 0 200 100" font-size="14"><line class="zero" x1="10" x2="10" y1="0" y2="100"/>`
	for name, body := range map[string]string{
		"a text on another":     `<text x="0" y="20" text-anchor="start">satu</text><text x="20" y="24" text-anchor="start">dua</text>`,
		"a text that is cut":    `<text x="190" y="20" text-anchor="start">satu</text>`,
		"a text above":          `<text x="0" y="5" text-anchor="start">satu</text>`,
		"a bold text too wide":  `<text x="0" y="20" text-anchor="start" font-weight="700">` + strings.Repeat("m", 17) + `</text>`,
		"a text on a bar":       `<rect class="bar" x="10" y="10" width="50" height="10"/><text x="50" y="20" text-anchor="start">satu</text>`,
		"a text on a mark":      `<line class="mark" x1="60" x2="60" y1="10" y2="26"/><text x="50" y="20" text-anchor="start">satu</text>`,
		"a bar off zero":        `<rect class="bar" x="40" y="10" width="50" height="10"/>`,
		"a bar out of the room": `<rect class="bar" x="10" y="10" width="250" height="10"/>`,
		"a bar of no length":    `<rect class="bar" x="10" y="10" width="NaN" height="10"/>`,
	} {
		if checkLayout(head+body+`</svg>`) == nil {
			t.Errorf("%s is not seen", name)
		}
	}
	if err := checkLayout(head + `<text x="0" y="20" text-anchor="start">satu</text><rect class="bar" x="10" y="30" width="50" height="10"/></svg>`); err != nil {
		t.Error(err)
	}
}
