package transforms

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Every figure of the collection becomes a row, and the ones with a code or without are the ones
// that a person has looked at.
func TestAllPublishedFiguresAreAccepted(t *testing.T) {
	text, err := os.ReadFile("../configs/reference/published_figures.csv")
	if err != nil {
		t.Fatal(err)
	}
	all, rejects := normaliseText(t, "published_figures", string(text), Mapping{Units: Units{Decimal: "."}, KeyColumns: []string{"no"}})
	for _, r := range rejects {
		t.Errorf("%s: %v", r.Place, r.Problems)
	}
	if all.Len() != 646 {
		t.Fatalf("%d rows, want 646", all.Len())
	}
	rows := all.(*rowset[PublishedFigure, *PublishedFigure]).rows
	kinds, dimensions := map[string]int{}, map[string]int{}
	var unresolved []string
	for _, r := range rows {
		kinds[r.PeriodKind]++
		dimensions[r.Dimension]++
		if r.MemberLabel != nil && r.MemberCode == nil && r.Dimension != "other" && r.Dimension != "category" {
			unresolved = append(unresolved, r.Dimension+"="+*r.MemberLabel)
		}
		if (r.PeriodStart == nil || r.PeriodEnd == nil) && r.PeriodKind != "cumulative" && r.PeriodKind != "unknown" {
			t.Errorf("figure %d: period %q has no bounds", r.FigureNo, r.PeriodText)
		}
		if r.Dimension == "category" && r.Measure == "pengaduan" && r.MemberCode == nil {
			t.Errorf("figure %d: category %q is not in the list", r.FigureNo, *r.MemberLabel)
		}
		if r.VintageText != nil && r.VintageOn == nil && !slices.Contains([]string{"derived", "annual report 2024", "annual report 2024 (revised +8.05%)", "annual 2025", "comparison column of annual 2025", "pub 2022"}, *r.VintageText) {
			t.Errorf("figure %d: no day read out of vintage %q", r.FigureNo, *r.VintageText)
		}
	}
	slices.Sort(unresolved)
	want := "country=Dominika country=Kongo status=proses status=proses di luar BNP2TKI status=proses distribusi status=proses unit kerja BNP2TKI"
	if got := strings.Join(slices.Compact(unresolved), " "); got != want {
		t.Errorf("labels without a code:\n%s\nwant\n%s", got, want)
	}
	if kinds["unknown"] != 6 || kinds["cumulative"] != 10 || kinds["target"] != 7 {
		t.Errorf("kinds of period: %v", kinds)
	}
	if dimensions["country"] == 0 || dimensions["regency"] != 6 {
		t.Errorf("dimensions: %v", dimensions)
	}
}

func TestReadPeriod(t *testing.T) {
	tests := []struct{ text, when, want string }{
		{"2024", "", "year 2024-01-01 2024-12-31"},
		{"2024-02", "", "month 2024-02-01 2024-02-29"},
		{"2024-H1", "", "half 2024-01-01 2024-06-30"},
		{"2024-H2", "", "half 2024-07-01 2024-12-31"},
		{"2024-Q1", "", "quarter 2024-01-01 2024-03-31"},
		{"2024-01..08", "", "span 2024-01-01 2024-08-31"},
		{"2022-2024", "", "span 2022-01-01 2024-12-31"},
		{"2011-06-27..2014-12-31", "", "span 2011-06-27 2014-12-31"},
		{"2023-01-01..07-03", "", "span 2023-01-01 2023-07-03"},
		{"2024-11..2025-04", "", "span 2024-11-01 2025-04-30"},
		{"2017..2025-03", "", "span 2017-01-01 2025-03-31"},
		{"2025-11-23", "", "instant 2025-11-23 2025-11-23"},
		{"cumulative to 2024-12-05", "", "cumulative ? 2024-12-05"},
		{"2021(?)", "", "unknown ? ?"},
		{"target", "2025", "target 2025-01-01 2025-12-31"},
		{"per akhir", "2022", "instant 2022-12-31 2022-12-31"},
		{"2021", "Q3", "quarter 2021-07-01 2021-09-30"},
		{"2023", "08", "month 2023-08-01 2023-08-31"},
		{"2019..2023", "2020", "year 2020-01-01 2020-12-31"},
		{"2024-13", "", "no"}, {"2024-H3", "", "no"}, {"target", "", "no"}, {"entah", "", "no"}, {"", "", "no"},
		{"2024-08..01", "", "no"}, {"2024-02-30", "", "no"}, {"2021", "musim hujan", "no"},
	}
	for _, tt := range tests {
		if got := periodText(readPeriod(tt.text, tt.when)); got != tt.want {
			t.Errorf("readPeriod(%q, %q) = %s, want %s", tt.text, tt.when, got, tt.want)
		}
	}
}

func periodText(p period, ok bool) string {
	if !ok {
		return "no"
	}
	text := p.kind
	for _, d := range []*int32{p.start, p.end} {
		if d == nil {
			text += " ?"
		} else {
			text += " " + dayText(*d)
		}
	}
	return text
}

func FuzzPeriod(f *testing.F) {
	for _, seed := range []string{"2024", "2024-H1", "2024-01..08", "2021(?)", "2011-06-27..2014-12-31", "cumulative to 2024-12-05", "per akhir", "target", "..", "2024..", "2022-2024"} {
		f.Add(seed, "2024")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, text, when string) {
		p, ok := readPeriod(text, when)
		vintageDay(text)
		if !ok || p.start == nil || p.end == nil {
			return
		}
		if *p.end < *p.start {
			t.Fatalf("%q ends before it begins", text)
		}
		// Written out day by day, the period is the same again.
		again, ok := readPeriod(dayText(*p.start)+".."+dayText(*p.end), "")
		if !ok || *again.start != *p.start || *again.end != *p.end {
			t.Fatalf("%q is %s, which reads otherwise", text, periodText(p, true))
		}
	})
}
