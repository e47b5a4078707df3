package charts

import (
	"math"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// An Axis says how the values of a chart's axis are written: in the language, with the sign of the
// currency or unit, and no finer than the decimals of its numbers.
type Axis struct {
	Lang   string // id or en
	Format document.Format
}

// A scale is a value axis that begins at zero, always: a cut axis lies.
type scale struct {
	top  float64 // the highest tick
	step float64
}

// newScale covers the highest value with at most the given number of even steps.
func (a Axis) newScale(highest float64, steps int) scale {
	least := math.Pow(10, -float64(a.Format.Decimals))
	if !(highest > 0) {
		return scale{least, least}
	}
	rough := highest / float64(steps)
	magnitude := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, nice := range []float64{1, 2, 2.5, 5, 10} {
		step := nice * magnitude
		if step < least || least == 1 && step != math.Round(step) {
			step = max(least, math.Ceil(step))
		}
		if count := max(1, math.Ceil(highest/step-1e-9)); count <= float64(steps) {
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

// share is how far along the axis a value lies.
func (s scale) share(value float64) float64 { return min(1, max(0, value)/s.top) }

// A magnitude has a name by which long numbers are written short.
type magnitude struct {
	size   float64
	id, en string
}

var magnitudes = []magnitude{{1e12, "triliun", "trillion"}, {1e9, "miliar", "billion"}, {1e6, "juta", "million"}}

// text writes a value of an axis with the decimals that its step needs; the top of the axis decides
// between 5.000 and 5 juta, so that one axis has one unit.
func (a Axis) text(value, step, top float64) string {
	word := ""
	for _, m := range magnitudes {
		if top >= m.size {
			value, step, word = value/m.size, step/m.size, " "+m.id
			if a.Lang == "en" {
				word = " " + m.en
			}
			break
		}
	}
	decimals := 0
	for scaled := step; decimals < 6 && math.Abs(scaled-math.Round(scaled)) > 1e-6*scaled; decimals++ {
		scaled *= 10
	}
	if value == 0 {
		decimals, word = 0, ""
	}
	return a.Format.Prefix + a.digits(value, decimals) + word + a.Format.Suffix
}

// digits writes a number in groups of three, with the signs of the language.
func (a Axis) digits(value float64, decimals int) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(value, 'f', decimals, 64), ".")
	thousands, point := ".", ","
	if a.Lang == "en" {
		thousands, point = ",", "."
	}
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && whole[i-1] != '-' {
			b.WriteString(thousands)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(point + fraction)
	}
	return b.String()
}

// tickTexts are the labels of a scale's ticks.
func (a Axis) tickTexts(s scale) []string {
	var texts []string
	for _, tick := range s.ticks() {
		texts = append(texts, a.text(tick, s.step, s.top))
	}
	return texts
}

// highest is the highest value of several series.
func highest(series ...[]Point) float64 {
	top := 0.0
	for _, points := range series {
		for _, p := range points {
			top = max(top, p.value())
		}
	}
	return top
}
