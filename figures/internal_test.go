package figures

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheMonthsThatAFigureLooksAt(t *testing.T) {
	for _, c := range []struct{ kpi, period, want string }{
		{"PLC-01", "2024-10", "2024-10..2024-10"},
		{"PLC-03", "2024-Q4", "2023-10..2024-12"},
		{"CMP-03", "2024-10", "2024-10.."},
		{"CMP-05", "2024-10", "all"},
		{"LEG-01", "2024-10", "..2024-10"},
		{"RET-02", "2024", "2024-01..2024-12"},
	} {
		p, err := ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		if got := windowOf(c.kpi, p).String(); got != c.want {
			t.Errorf("%s/%s looks at %s, want %s", c.kpi, c.period, got, c.want)
		}
	}
}

func TestOneRuleAtMostForEachBreakdown(t *testing.T) {
	for i, r := range rules {
		p := Published{Measure: r.measure, Breakdown: r.breakdown}
		if got := ruleFor(p); got != r {
			t.Errorf("rule %d (%s, %s) is never reached: %+v comes first", i, r.measure, r.breakdown, got)
		}
		if (r.method == none) != (r.kpi == "") || (r.method == none) != (r.reason != "") {
			t.Errorf("rule %d (%s, %s): a rule has a KPI or a reason", i, r.measure, r.breakdown)
		}
	}
	if got := ruleFor(Published{Measure: "something else"}); got.reason != noKPI {
		t.Errorf("an unknown measure: %+v", got)
	}
}

func TestEveryReasonHasASentenceAndAPlaceInListings(t *testing.T) {
	if len(reasonOrder) != len(sentences) {
		t.Errorf("%d reasons are listed, %d have sentences", len(reasonOrder), len(sentences))
	}
	for _, code := range reasonOrder {
		if sentences[code].ID == "" || sentences[code].EN == "" {
			t.Errorf("%s has no sentence", code)
		}
	}
}

// Rounding a value to what is printed never makes it differ; a whole printed digit
// away always does.
func TestRoundedValuesAreWithinTolerance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exact := rapid.Float64Range(0.01, 100).Draw(t, "share")
		places := math.Pow(10, float64(rapid.IntRange(1, 2).Draw(t, "decimals")))
		p := Published{Value: math.Round(exact*places) / places, Unit: "%"}
		v := Verdict{Published: p}
		// Zeros at the end are not kept, so the printed digit may be coarser than the rounding.
		if v.settle(exact); v.Class == Differs {
			t.Fatalf("%v is printed as %v and %s", exact, p.Value, v.Class)
		}
		if v.settle(p.Value + 2*p.Tolerance() + 0.001); v.Class != Differs {
			t.Fatalf("%v and %v are %s", *v.Computed, p.Value, v.Class)
		}
	})
}

func TestAddressesAreTextInJSON(t *testing.T) {
	a := Address{KPI: "PLC-01", Period: "2024", Breakdown: "country", Member: "HKG"}
	raw, err := json.Marshal(a)
	if err != nil || string(raw) != `"PLC-01/2024/country=HKG"` {
		t.Fatalf("%s, %v", raw, err)
	}
	var again Address
	if err := json.Unmarshal(raw, &again); err != nil || again != a {
		t.Errorf("%+v, %v", again, err)
	}
	if err := json.Unmarshal([]byte(`"nonsense"`), &again); err == nil {
		t.Error("nonsense is taken for an address")
	}
}

func TestAPrunedReleaseIsDatedByItsDay(t *testing.T) {
	at := time.Date(2024, 1, 15, 1, 0, 0, 0, jakarta) // still the 14th in UTC
	r := OpenFigures(nil, Info{ID: "r1", AsOf: at}, &Release{})
	if day(r.AsOf) != "2024-01-15" {
		t.Errorf("as of %s", day(r.AsOf))
	}
	h := NewHistory(r)
	if got, err := h.At(time.Date(2024, 1, 15, 0, 0, 0, 0, time.UTC)); err != nil || got != r || h.Before(r) != nil || len(h.Earlier(r)) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}
