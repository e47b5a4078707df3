package transforms

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseAmount(t *testing.T) {
	tests := []struct {
		text, decimal, currency string
		scale                   int64
		want                    string
	}{
		{"1500", "", "", 1, "1500.00"},
		{"22.376", ",", "", 1, "22376.00"},
		{"22,376", ".", "", 1, "22376.00"},
		{"22.376", "", "", 1, NotANumber}, // 22376 or 22,376?
		{"22.376.100", "", "", 1, "22376100.00"},
		{"1.234,56", "", "", 1, "1234.56"},
		{"1.234,56", ",", "", 1, "1234.56"},
		{"1.234,56", ".", "", 1, NotANumber},
		{"1,234.56", ".", "", 1, "1234.56"},
		{"12,5", "", "", 1, "12.50"},
		{"12.5", ",", "", 1, NotANumber},
		{"0.250", "", "", 1, "0.25"}, // no group begins with a zero
		{"1.23.456", ",", "", 1, NotANumber},
		{"Rp 2.500.000", ",", "IDR", 1, "2500000.00"},
		{"Rp2.500.000,-", ",", "IDR", 1, "2500000.00"},
		{"Rp. 2.500.000,00", ",", "", 1, "2500000.00"},
		{"2500000 IDR", ",", "", 1, "2500000.00"},
		{"USD 1,200.50", ".", "USD", 1, "1200.50"},
		{"USD 100", "", "IDR", 1, CodeConflict},
		{"2259,98", ",", "USD", 1_000_000, "2259980000.00"},
		{"0,001", ",", "", 1000, "1.00"},
		{"75,88%", ",", "", 1, PercentInAmount},
		{"-5", "", "", 1, NegativeAmount},
		{"(5.000)", ",", "", 1, NegativeAmount},
		{"Rp 2,32 T", ",", "", 1, NotANumber},
		{"1,5 juta", ",", "", 1, NotANumber},
		{"1.2E+15", ".", "", 1, NotANumber},
		{"1.005", ".", "", 1, NotANumber}, // a third decimal would be lost
		{"9999999999999999", "", "", 1, "9999999999999999.00"},
		{"10000000000000000", "", "", 1, NotANumber},
		{"lima ratus", "", "", 1, NotANumber},
		{"", "", "", 1, NotANumber},
		{",", "", "", 1, NotANumber},
	}
	for _, tt := range tests {
		n, f := parseAmount(tt.text, amountRules{decimal: tt.decimal, scale: tt.scale, currency: tt.currency, places: 2})
		got := f.code
		if got == "" {
			got = decimalText(n, 2)
		}
		if got != tt.want {
			t.Errorf("parseAmount(%q, decimal %q, scale %d) = %s, want %s", tt.text, tt.decimal, tt.scale, got, tt.want)
		}
	}
}

// Writing an amount the Indonesian and the English way and reading it back gives the amount, and
// a scale of a thousand multiplies it by a thousand.
func TestAmountsSurviveBothNotations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, maxUnscaled/1000).Draw(t, "unscaled")
		english := grouped(n)
		indonesian := strings.NewReplacer(",", ".", ".", ",").Replace(english)
		for decimal, text := range map[string]string{".": english, ",": indonesian} {
			got, f := parseAmount(text, amountRules{decimal: decimal, scale: 1, places: 2})
			if f.code != "" || got != n {
				t.Fatalf("parseAmount(%q) = %d %s, want %d", text, got, f.words, n)
			}
			got, f = parseAmount(text, amountRules{decimal: decimal, scale: 1000, places: 2})
			if f.code != "" || got != n*1000 {
				t.Fatalf("parseAmount(%q) with scale 1000 = %d %s, want %d", text, got, f.words, n*1000)
			}
		}
	})
}

// grouped writes an amount with commas between thousands: 1,234.56.
func grouped(n int64) string {
	whole, fraction, _ := strings.Cut(decimalText(n, 2), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + "." + fraction
}

func FuzzMoney(f *testing.F) {
	for _, seed := range []string{"22.376", "1.234,56", "Rp 2.500.000,-", "75,88%", "(5)", "-1", "1e9", "2,32 T", ".", "0.000", "99999999999999999999"} {
		f.Add(seed, ",")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, text, decimal string) {
		if decimal != "" && decimal != "," {
			decimal = "."
		}
		for _, places := range []int{2, 4} {
			n, why := parseAmount(text, amountRules{decimal: decimal, scale: 1, places: places, negative: places == 4})
			if why.code != "" {
				continue
			}
			if n > maxUnscaled || n < -maxUnscaled || n < 0 && places == 2 {
				t.Fatalf("%q read as %d, outside what the column holds", text, n)
			}
			canonical := decimalText(n, places)
			again, why := parseAmount(canonical, amountRules{decimal: ".", scale: 1, places: places, negative: places == 4})
			if why.code != "" || again != n {
				t.Fatalf("%q read as %s, which reads as %d %s", text, canonical, again, why.code)
			}
		}
	})
}

// What reckoning left behind the last decimal is rounded, half away from zero, where the rules say so.
func TestAmountsAreRoundedWhereTheRulesSaySo(t *testing.T) {
	rules := amountRules{decimal: ".", scale: 1, places: 2, negative: true, rounded: true}
	for text, want := range map[string]int64{"1.005": 101, "-1.005": -101, "1.00499999999999999999": 100, "0.001": 0, "-0.001": 0,
		"87654.32500001": 8765433, "1,234.565": 123457, "12": 1200, "9999999999999999.994": 999999999999999999} {
		if got, why := parseAmount(text, rules); got != want || why.code != "" {
			t.Errorf("%s: %d %v, want %d", text, got, why, want)
		}
	}
	if _, why := parseAmount("9999999999999999.995", rules); why != tooLarge {
		t.Errorf("an amount that rounding makes too large: %v", why)
	}
	rules.rounded = false
	if _, why := parseAmount("1.005", rules); why != tooPrecise {
		t.Errorf("without the rule: %v", why)
	}
}
