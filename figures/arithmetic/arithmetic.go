// Package arithmetic judges printed numbers by themselves: whether parts make a total, whether a percentage is a share or a
// growth of two others, and what a number was whose thousands mark was read as a decimal mark.
//
// The linter of publications and the comparison of published figures with a release ask it the same questions. It must not
// know where a number was printed, in which words or notation, or what a release computes.
package arithmetic

import "math"

// A Printed is a number as it was printed: what it says, and half a unit of its last place, which rounding can make; 0 for
// a whole count.
type Printed struct{ Value, Half float64 }

// Exactly is a number that nobody rounded.
func Exactly(value float64) Printed { return Printed{Value: value} }

// Slack is what floating point may lose in sums of such size.
func Slack(values ...float64) float64 {
	s := 1e-9
	for _, v := range values {
		s += math.Abs(v) * 1e-12
	}
	return s
}

// A Sum is parts beside the total that they should make.
type Sum struct {
	Parts []Printed
	Total Printed
}

// Of is what the parts make.
func (s Sum) Of() float64 {
	v := 0.0
	for _, p := range s.Parts {
		v += p.Value
	}
	return v
}

// Difference is how much more the parts make than the total says.
func (s Sum) Difference() float64 { return s.Of() - s.Total.Value }

// Tolerance is what rounding of the parts and of the total can make.
func (s Sum) Tolerance() float64 {
	t := s.Total.Half + Slack(s.Of(), s.Total.Value)
	for _, p := range s.Parts {
		t += p.Half
	}
	return t
}

// Holds reports whether the parts make the total.
func (s Sum) Holds() bool { return math.Abs(s.Difference()) <= s.Tolerance() }

// farAbove is from where on parts are no slip beside their total but count something else: another year, or more years.
const farAbove = 1.1

// IsFarAbove reports whether the parts are so much more than the total that they count something else.
func (s Sum) IsFarAbove() bool { return s.Of() > farAbove*s.Total.Value }

// Percent is the share of a part in a whole.
func Percent(part, whole float64) float64 { return 100 * part / whole }

// Growth is the growth from one value to another, in per cent.
func Growth(from, to float64) float64 { return 100 * (to/from - 1) }

// IsShare reports whether a percentage is the share of a part in a whole, within rounding of all three. Of nothing
// anything is.
func IsShare(share, part, whole Printed) bool {
	if whole.Value == 0 {
		return true
	}
	lo, hi := quotient(part, whole)
	return within(share, 100*lo, 100*hi)
}

// IsGrowth reports whether a percentage is the growth from one value to another, within rounding of all three. From
// nothing, or from a negative value, no growth is defined, and any percentage stands.
func IsGrowth(growth, from, to Printed) bool {
	if from.Value-from.Half <= 0 {
		return true
	}
	lo, hi := quotient(to, from)
	return within(growth, 100*(lo-1), 100*(hi-1))
}

// quotient is the least and the greatest that one number over another can be.
func quotient(a, b Printed) (lo, hi float64) {
	x, y := (a.Value-a.Half)/(b.Value+b.Half), (a.Value+a.Half)/(b.Value-b.Half)
	return math.Min(x, y), math.Max(x, y)
}

func within(p Printed, lo, hi float64) bool {
	room := p.Half + Slack(p.Value)
	return lo-room <= p.Value && p.Value <= hi+room
}

// Thousandfold is what a number was whose thousands mark was read as a decimal mark: 22.376 was 22,376.
func Thousandfold(value float64) float64 { return math.Round(1000 * value) }
