package transforms

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// What a spreadsheet works out is rounded as on paper, whatever the number of its decimals.
func TestRoundedToAgreesWithFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-maxUnscaled, maxUnscaled).Draw(t, "digits")
		places := rapid.Int32Range(-20, 330).Draw(t, "places")
		exact := new(big.Rat).SetInt64(n)
		ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, -places))), nil)
		if places >= 0 {
			exact.Quo(exact, new(big.Rat).SetInt(ten))
		} else {
			exact.Mul(exact, new(big.Rat).SetInt(ten))
		}
		want, _ := new(big.Int).SetString(withoutPoint(exact.FloatString(4)), 10)
		got, why := roundedTo(n, places, 4)
		switch fits := new(big.Int).Abs(want).Cmp(big.NewInt(maxUnscaled)) <= 0; {
		case !fits && why.code == "":
			t.Fatalf("%d with %d decimals reads as %d and does not fit", n, places, got)
		case fits && n != 0 && (why.code != "" || got != want.Int64()):
			t.Fatalf("%d with %d decimals reads as %d %s, want %s", n, places, got, why.code, want)
		}
	})
}

// withoutPoint writes 1.2500 as 12500.
func withoutPoint(text string) string {
	return text[:len(text)-5] + text[len(text)-4:]
}
