package figures

import (
	"testing"
	"time"
)

// A published class that is two of ours is the sum of both; what adds up several
// measures, or is restricted, has no answer.
func TestClassesOfSeveralMembers(t *testing.T) {
	r := &Release{definitions: []Definition{
		{KPI: "RET-01", Measure: "returns", Unit: "returns"},
	}}
	r.defaults = defaultMeasures(r.definitions)
	s := &store{release: r, points: map[seriesKey]map[pointKey]point{}, covered: map[seriesKey]map[pointKey]bool{}, members: map[seriesKey][]string{}}
	for _, f := range []struct {
		about                     subject
		period, breakdown, member string
		value                     float64
	}{
		{subject{"RET-01", ""}, "2024", "", "", 11316}, {subject{"RET-01", ""}, "2024", "return_class", "TERKENDALA", 5568},
		{subject{"RET-01", ""}, "2024", "return_class", "DEPORTASI", 5000}, {subject{"RET-01", ""}, "2024", "return_class", "SAKIT", 262},
	} {
		s.add(f.about, Figure{Address: Address{KPI: f.about.kpi, Period: f.period, Breakdown: f.breakdown, Member: f.member}, Value: &f.value, Status: Reported})
	}
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	c := &reconciler{release: r, store: s}
	for _, want := range []struct {
		published Published
		class     Class
		reason    string
		figures   int
	}{
		{Published{Measure: "pelindungan", Breakdown: "kategori=PMI bermasalah dipulangkan", Kind: "year", Start: day(2024, 1, 1), End: day(2024, 12, 31), Value: 10568}, Equal, "", 2},
		{Published{Measure: "pelindungan", Breakdown: "kategori=total", Kind: "year", Start: day(2024, 1, 1), End: day(2024, 12, 31), Value: 15516}, NotComputable, mixedMeasures, 0},
		{Published{Measure: "repatriasi TPPO", Breakdown: "negara=Laos", Kind: "year", Start: day(2024, 1, 1), End: day(2024, 12, 31), Value: 22}, NotComputable, noBreakdown, 0},
	} {
		got := c.judge(want.published)
		if got.Class != want.class || got.ReasonCode != want.reason || len(got.Figures) != want.figures {
			t.Errorf("%s, %s: %s %s of %d figures, want %s %s of %d", got.Measure, got.Breakdown, got.Class, got.ReasonCode, len(got.Figures), want.class, want.reason, want.figures)
		}
	}
}
