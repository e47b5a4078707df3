package warehouse

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	models "github.com/kp2mi/lindung/sql"
)

// Views of the figures carry release, as-of day and unit in each row, part the figures by their kind of number and lose
// none; in both files, and under whatever name a file is attached.
func TestViewsShowEveryFigureWithItsAsOf(t *testing.T) {
	w := newWorld(t).deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0)
	w.build()
	for _, file := range []string{WarehouseFile, OpenFile} {
		path := filepath.Join(w.spec().OutDir, file)
		db := openFile(t, path)
		if got := ask(t, db, "select distinct release_id, as_of::varchar, origin from figures_dated"); got != "r000001|2026-01-15|sample" {
			t.Errorf("%s: release and day in the rows are %q", file, got)
		}
		if got := ask(t, db, `select (select count(*) from figures) - (select count(*) from figures_dated),
			(select count(*) from figures_dated) - (select count(*) from (select kpi from figures_counts union all select kpi from figures_shares union all
			select kpi from figures_rates union all select kpi from figures_money union all select kpi from figures_durations))`); got != "0|0" {
			t.Errorf("%s: figures that no view shows, and that no typed one does: %s", file, got)
		}
	}
	ctx := context.Background()
	s, err := openSession(ctx, limits{threads: 1, memory: "256MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	quoted := func(file string) string { return quoteText(filepath.Join(w.spec().OutDir, file)) }
	var cells int64
	if err := s.exec(ctx, "attach "+quoted(OpenFile)+" as at_hand (read_only)", "attach "+quoted(WarehouseFile)+" as elsewhere (read_only)", "use at_hand"); err != nil {
		t.Fatal(err)
	}
	if err := s.one(ctx, "select count(*) from elsewhere.figures_counts where kpi = 'CMP-01' and breakdown = 'country' and value is not null", &cells); err != nil || cells != 2 {
		t.Errorf("the attached warehouse's view shows %d cells of cases (%v), want its own 2 and not the open file's none", cells, err)
	}
}

func TestViewsOfTypedFigures(t *testing.T) {
	for unit, want := range map[string]struct{ view, columns string }{
		"cases":    {"figures_counts", "value, typeof(value), unit"},
		"%":        {"figures_shares", "value, denominator is null, unit"},
		"kali":     {"figures_rates", "value, numerator, unit"},
		"juta USD": {"figures_money", "value, currency, amount::bigint"},
		"hari":     {"figures_durations", "value, unit"},
	} {
		t.Run(unit, func(t *testing.T) {
			w := newWorld(t).deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0)
			w.build(withSuppression("kpi_cmp_01", unit, models.Suppression{Below: 5, Withheld: models.WithheldBreakdowns}))
			db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
			got := ask(t, db, "select "+want.columns+" from "+want.view+" where kpi = 'CMP-01' and breakdown = 'total'")
			if expected := map[string]string{"cases": "7|BIGINT|cases", "%": "7|true|%", "kali": "7|7|kali", "juta USD": "7|USD|7000000", "hari": "7|hari"}[unit]; strings.ReplaceAll(got, ".0", "") != expected {
				t.Errorf("%s shows %q, want %q", want.view, got, expected)
			}
		})
	}
}
