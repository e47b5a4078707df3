package arithmetic_test

import (
	"testing"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

func rounded(value, half float64) arithmetic.Printed {
	return arithmetic.Printed{Value: value, Half: half}
}

func TestPartsAndTheirTotal(t *testing.T) {
	whole := func(values ...float64) (parts []arithmetic.Printed) {
		for _, v := range values {
			parts = append(parts, arithmetic.Exactly(v))
		}
		return parts
	}
	for name, c := range map[string]struct {
		parts           []arithmetic.Printed
		total           arithmetic.Printed
		difference      float64
		holds, farAbove bool
	}{
		"parts that are the total":                   {whole(64840, 81379), arithmetic.Exactly(146219), 0, true, false},
		"one too many in whole counts":               {whole(64841, 81379), arithmetic.Exactly(146219), 1, false, false},
		"schemes of 2022 without a class":            {whole(163699, 11445, 14079, 114), arithmetic.Exactly(200761), -11424, false, false},
		"shares that rounding parts from a hundred":  {[]arithmetic.Printed{rounded(33.3, 0.05), rounded(33.3, 0.05), rounded(33.3, 0.05)}, arithmetic.Exactly(100), -0.1, true, false},
		"shares that rounding does not explain":      {[]arithmetic.Printed{rounded(55.9, 0.05), rounded(44.41, 0.005)}, arithmetic.Exactly(100), 0.31, false, false},
		"education of another year":                  {whole(113174), arithmetic.Exactly(72624), 40550, false, true},
		"tenths that floating point cannot write":    {whole(0.1, 0.2), arithmetic.Exactly(0.3), 0, true, false},
		"a total in thousands beside its own counts": {whole(795349), rounded(795000, 500), 349, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := arithmetic.Sum{Parts: c.parts, Total: c.total}
			if d := s.Difference() - c.difference; d > 1e-6 || d < -1e-6 {
				t.Errorf("difference %g, want %g", s.Difference(), c.difference)
			}
			if s.Holds() != c.holds || s.IsFarAbove() != c.farAbove {
				t.Errorf("holds %t, far above %t; want %t and %t", s.Holds(), s.IsFarAbove(), c.holds, c.farAbove)
			}
		})
	}
}

func TestSharesAndGrowth(t *testing.T) {
	exact := arithmetic.Exactly
	for name, c := range map[string]struct {
		percent       arithmetic.Printed
		a, b          arithmetic.Printed // part and whole; from and to
		share, growth bool
	}{
		"a growth":                              {rounded(20, 0.005), exact(35), exact(42), false, true},
		"a share printed as the growth":         {rounded(29.37, 0.005), exact(42), exact(143), true, false},
		"a fall":                                {rounded(-16.67, 0.005), exact(42), exact(35), false, true},
		"the last place":                        {rounded(29.38, 0.005), exact(42), exact(143), false, false},
		"from nothing anything has grown":       {rounded(7, 0.5), exact(0), exact(5), false, true},
		"of nothing anything is a share":        {rounded(7, 0.5), exact(5), exact(0), true, false},
		"a share of rounded numbers":            {rounded(30, 0.5), rounded(42, 0.5), rounded(143, 0.5), true, false},
		"a growth between numbers in thousands": {rounded(3.1, 0.05), rounded(290000, 500), rounded(299000, 500), false, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := arithmetic.IsShare(c.percent, c.a, c.b); got != c.share {
				t.Errorf("is a share: %t, want %t", got, c.share)
			}
			if got := arithmetic.IsGrowth(c.percent, c.a, c.b); got != c.growth {
				t.Errorf("is a growth: %t, want %t", got, c.growth)
			}
		})
	}
	if arithmetic.Percent(42, 143) < 29.37 || arithmetic.Percent(42, 143) > 29.371 || arithmetic.Growth(35, 42)-20 > 1e-9 {
		t.Error("the share is 29.37 and the growth 20")
	}
}

func TestALostThousandsMark(t *testing.T) {
	for read, was := range map[float64]float64{22.376: 22376, 12.72: 12720, 0.513: 513, 1.5: 1500, 42: 42000, -3.25: -3250} {
		if got := arithmetic.Thousandfold(read); got != was {
			t.Errorf("%g was %g, want %g", read, got, was)
		}
	}
}
