package figures_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/figures"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o646); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from the golden file; look at the change and run go test -update\ngot:\n%s", name, got)
	}
}

func reconcile(t testing.TB) *figures.Reconciliation {
	t.Helper()
	_, late, history := project(t)
	published, err := late.PublishedFigures(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got, err := figures.Reconcile(context.Background(), late, history.Earlier(late), published)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestEveryPublishedFigureGetsOneClass(t *testing.T) {
	got := reconcile(t)
	if len(got.Verdicts) != 646 {
		t.Fatalf("%d verdicts, want 646", len(got.Verdicts))
	}
	var counts bytes.Buffer
	sum := 0
	for _, class := range figures.Classes {
		sum += got.Count(class, "")
	}
	for i, v := range got.Verdicts {
		if v.No != int64(i+1) {
			t.Fatalf("verdict %d is of figure %d", i+1, v.No)
		}
		settled := v.Class == figures.Equal || v.Class == figures.WithinTolerance
		if settled != (v.Reason == nil) || (v.Class == figures.NotComputable) != (v.Computed == nil) {
			t.Errorf("figure %d: class %s with reason %v and value %v", v.No, v.Class, v.Reason, v.Computed)
		}
		if v.Reason != nil && (v.Reason.ID == "" || v.Reason.EN == "" || strings.Contains(v.Reason.ID+v.Reason.EN, "%!") || strings.Contains(v.Reason.ID+v.Reason.EN, "%s")) {
			t.Errorf("figure %d: reason %q is not a sentence in both languages", v.No, v.Reason)
		}
	}
	if sum != 646 {
		t.Errorf("the classes hold %d figures", sum)
	}
	if err := got.WriteText(&counts, "en"); err != nil {
		t.Fatal(err)
	}
	golden(t, "reconciliation.txt", counts.Bytes())
}

func TestVerdicts(t *testing.T) {
	got := reconcile(t)
	for _, c := range []struct {
		no     int
		class  figures.Class
		reason string
		words  string
	}{
		{42, figures.Equal, "", ""}, // 2023 as the annual report has it
		{41, figures.Differs, "revision", "release r000001 (as of 2024-01-15) computes 274,965"}, // 2023 as first delivered
		{40, figures.Differs, "revision", "274,965"},                                             // flash of December 2023: nearest to that
		{55, figures.Differs, "revision", "65,916"},                                              // Hong Kong before the revision
		{82, figures.Equal, "", ""},
		{83, figures.Differs, "other_vintage", "S03 prints 297,434"},
		{84, figures.Differs, "suspected_misprint", "typo of 297434"},
		{87, figures.Equal, "", ""},
		{35, figures.NotComputable, "member_unknown", ""}, // G to G is not in the small release
		{36, figures.Differs, "published_parts_do_not_add_up", "189,337 of 200,761"},
		{29, figures.NotComputable, "outside_data", ""},
		{51, figures.NotComputable, "no_breakdown", ""},
		{85, figures.Differs, "sample_split", ""},
		{86, figures.Differs, "sample_split", ""},
		{140, figures.WithinTolerance, "", ""}, // 795,300, rounded to hundreds
		{286, figures.Differs, "sample_split", ""},
		{371, figures.Equal, "", ""}, // complaints of 2024
		{375, figures.Equal, "", ""}, // their first quarter, summed
		{406, figures.Equal, "", ""}, // January to September
		{376, figures.NotComputable, "different_definition", "cohort"},
		{392, figures.Differs, "sample_split", ""}, // five largest countries
		{431, figures.NotComputable, "partial_month", ""},
		{436, figures.NotComputable, "cumulative", ""},
		{450, figures.NotComputable, "stock_not_held", ""},
		{456, figures.NotComputable, "no_kpi", ""},
		{23, figures.NotComputable, "period_unclear", ""},
		{547, figures.Equal, "", ""}, // remittances of 2023 in millions of dollars
		{550, figures.NotComputable, "other_currency", ""},
		{549, figures.Equal, "", ""}, // half-year out of quarters
		{612, figures.Equal, "", ""},
		{614, figures.Equal, "", ""}, // both targets of 2025 are on record
		{615, figures.Equal, "", ""},
		{617, figures.NotComputable, "target_not_recorded", ""},
		{618, figures.Equal, "", ""},
		{564, figures.NotComputable, "no_kpi", ""}, // debtors of KUR: the small release has no such KPI
		{565, figures.NotComputable, "input_of_kpi", "a ceiling"},
		{619, figures.NotComputable, "target_not_recorded", ""}, // a target of 2016, within the breakdown
	} {
		v := got.Verdicts[c.no-1]
		if v.Class != c.class || v.ReasonCode != c.reason || c.words != "" && !strings.Contains(v.Reason.EN, c.words) {
			t.Errorf("figure %d (%s %s %s %v): %s %s %+v, want %s %s %q", c.no, v.PeriodText, v.Measure, v.Breakdown, v.Value, v.Class, v.ReasonCode, v.Reason, c.class, c.reason, c.words)
		}
	}
}

func TestToleranceIsHalfTheLastPrintedDigit(t *testing.T) {
	for _, c := range []struct {
		value           float64
		unit, breakdown string
		want            float64
	}{
		{297108, "orang", "total", 0},
		{795300, "orang", "total (rounded)", 50},
		{79.47, "%", "", 0.005},
		{58.9, "%", "", 0.05},
		{60, "%", "", 0.5},
		{14220, "juta USD", "total", 5},
		{2259.98, "juta USD", "", 0.005},
		{251.1, "triliun IDR", "", 0.05},
		{94.19, "lihat breakdown", "ukuran=capaian %", 0.005},
		{75.35, "lihat breakdown", "ukuran=realisasi", 0},
	} {
		p := figures.Published{Value: c.value, Unit: c.unit, Breakdown: c.breakdown}
		if got := p.Tolerance(); abs(got-c.want) > 1e-9 {
			t.Errorf("tolerance of %v %s is %v, want %v", c.value, c.unit, got, c.want)
		}
	}
}

func TestRenderings(t *testing.T) {
	got := reconcile(t)
	var asJSON, asCSV bytes.Buffer
	if err := got.WriteJSON(&asJSON); err != nil {
		t.Fatal(err)
	}
	var document struct {
		Mark     string
		Counts   map[string]int
		Verdicts []map[string]any
	}
	if err := json.Unmarshal(asJSON.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Verdicts) != 646 || document.Counts["equal"] != got.Count(figures.Equal, "") || document.Mark == "" {
		t.Errorf("JSON holds %d verdicts, counts %v, mark %v", len(document.Verdicts), document.Counts, document.Mark)
	}
	if err := got.WriteCSV(&asCSV, "id"); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(asCSV.String(), "# DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL\n") {
		t.Errorf("the CSV of sample data does not say so: %.80q", asCSV.String())
	}
	reader := csv.NewReader(&asCSV)
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) != 647 {
		t.Fatalf("%d CSV rows, %v", len(rows), err)
	}
	if want := "41,2023,penempatan,total,274965,orang"; !strings.HasPrefix(strings.Join(rows[41], ","), want) {
		t.Errorf("row 41 is %v, want it to begin %s", rows[41], want)
	}
}

func abs(x float64) float64 { return max(x, -x) }

func ExampleNumber() {
	fmt.Println(figures.Number("id", 1234.5, 1), figures.Number("en", 1234.5, 1), figures.Number("en", -0.04, 1), figures.Number("id", -1234, 0))
	// Output: 1.234,5 1,234.5 0.0 −1.234
}
