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
		{"EMP-01", "2024-10", "2024-10..2024-10"},
		{"EMP-02", "2024-10", "2024-10.."},
		{"EMP-08", "2024-10", "all"},
		{"SKL-02", "2024-10", "all"}, // courses lie in the months in which they began
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

func TestUnitsThatStandInTheBreakdown(t *testing.T) {
	for _, c := range []struct{ unit, breakdown, want string }{
		{"lihat breakdown", "ukuran=nilai (miliar IDR)", "miliar IDR"},
		{"lihat breakdown", "ukuran=realisasi %", "%"},
		{"lihat breakdown", "ukuran=debitur", "lihat breakdown"},
		{"lihat breakdown", "ukuran=nilai (miliar IDR", "lihat breakdown"},
		{"orang", "total (rounded)", "orang"},
	} {
		if got := unitWithin(c.unit, c.breakdown); got != c.want {
			t.Errorf("the unit of %q, %q is %q, want %q", c.unit, c.breakdown, got, c.want)
		}
	}
}

func TestPeriodsThatRulesChange(t *testing.T) {
	on := func(text string) time.Time {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	for _, c := range []struct {
		name             string
		rule             rule
		kind, start, end string
		want             string // first day and last month, empty where it is no whole month
	}{
		{"a year as it is", rule{method: count}, "year", "2025-01-01", "2025-12-31", "2025-01-01 2025-12-01"},
		{"a year until November", rule{method: count, until: 11}, "year", "2025-01-01", "2025-12-31", "2025-01-01 2025-11-01"},
		{"a stock at the end of a month", rule{method: own}, "instant", "2021-12-31", "2021-12-31", "2021-12-01 2021-12-01"},
		{"a stock within a month", rule{method: own}, "instant", "2024-05-13", "2024-05-13", ""},
		{"a flow of one day", rule{method: count}, "instant", "2021-12-31", "2021-12-31", ""},
	} {
		period, whole := c.rule.period(Published{Kind: c.kind, Start: on(c.start), End: on(c.end)})
		got := ""
		if whole {
			got = day(period.Start) + " " + day(period.End.AddDate(0, -1, 0))
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestOwnValuesAreNotAddedUp(t *testing.T) {
	value := 40.0
	total := seriesKey{subject{kpi: "X-01"}, "total", ""}
	s := &store{release: &Release{definitions: []Definition{{KPI: "X-01", Measure: "share"}}, defaults: map[string]string{"X-01": "share"}},
		points: map[seriesKey]map[pointKey]point{total: {}}, covered: map[seriesKey]map[pointKey]bool{total: {}}}
	for month := time.January; month <= time.March; month++ {
		at := pointKey{"month", day(time.Date(2024, month, 1, 0, 0, 0, 0, time.UTC))}
		s.points[total][at], s.covered[total][at] = point{&value, Reported}, true
	}
	month := periodOf(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC))
	if got := s.compute(own, subject{kpi: "X-01"}, "total", "", month); got.value != 40 || got.reason != "" {
		t.Errorf("a month of its own: %+v", got)
	}
	quarter := periodOf(month.Start, month.Start.AddDate(0, 3, 0))
	if got := s.compute(own, subject{kpi: "X-01"}, "total", "", quarter); got.reason != outsideData {
		t.Errorf("a quarter that only its months could make: %+v", got)
	}
}

// TestACountedDatasetIsOneThatTheKPIDeclares also holds for who counts the rules: they look at everything.
func TestACountedDatasetIsOneThatTheKPIDeclares(t *testing.T) {
	for _, c := range []struct {
		sources []string
		want    bool
	}{
		{nil, true},
		{[]string{"placements"}, false},
		{[]string{"placements", "cases"}, true},
		{[]string{"rule_results"}, true},
	} {
		if got := countsDataset(c.sources, "cases"); got != c.want {
			t.Errorf("a KPI on %v counts cases: %t, want %t", c.sources, got, c.want)
		}
	}
}
