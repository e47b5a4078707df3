package warehouse

import (
	"context"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kp2mi/lindung/configs"
	models "github.com/kp2mi/lindung/sql"
)

// A whole KPI: the two files that the recipe asks for.
const newKPISQL = `/* One row: share of services of one month whose contract names a wage.
   Why: PLC-99. A contract without a wage protects nobody. */
with periods as (
    select * from mart_available_periods where dataset = 'placements' and period_type = 'month'
),

counts as (
    select date_trunc('month', placed_on) as period_start, count(contract_wage) as with_wage, count(*) as services
    from fct_placements
    where status = 'completed'
    group by all
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    'total' as breakdown,
    '' as member,
    cast(if(periods.is_loaded, coalesce(counts.with_wage, 0), null) as double) as numerator,
    cast(if(periods.is_loaded, coalesce(counts.services, 0), null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join counts using (period_start)
order by measure, periods.period_start
`

const newKPIYAML = `id: PLC-99
title: {id: "Kontrak yang menyebut upah", en: "Contracts that name a wage"}
description: {id: "Bagian layanan yang kontraknya menyebut upah.", en: "Part of the services whose contract names a wage."}
theme: placement
owner: Pusat Data dan Informasi
version: "1"
sources: [placements]
periods: [month]
suppression: {below: 0, withheld: nothing}
default_measure: share
measures:
  share:
    unit: "%"
    direction: up
    additive: none
    title: {id: "Kontrak yang menyebut upah", en: "Contracts that name a wage"}
    definition: {id: "Layanan dengan upah dibagi seluruh layanan.", en: "Services with a wage divided by all services."}
    numerator: {id: "Layanan dengan upah", en: "Services with a wage"}
    denominator: {id: "Seluruh layanan", en: "All services"}
exclusions: {id: "Layanan yang dibatalkan.", en: "Cancelled services."}
maturity: {id: "Seperti PLC-01.", en: "Like PLC-01."}
tests:
  - name: an ordinary month
    given:
      fct_placements:
        - {placed_on: 2024-10-01, contract_wage: 100, status: completed}
        - {placed_on: 2024-10-31, status: completed}
        - {placed_on: 2024-10-31, contract_wage: 100, status: cancelled}
    where: period = '2024-10'
    expect: [{numerator: 1, denominator: 2, value: 50, status: reported}]
  - name: a month without any service has no share
    run: {as_of: 2024-11-30}
    given:
      fct_placements:
        - {placed_on: 2024-10-01, contract_wage: 100, status: completed}
        - {placed_on: 2024-11-01, status: cancelled}
    where: period = '2024-11'
    expect: [{numerator: 0, denominator: 0, value: null, status: not_available}]
`

// overlay is the shipped model set with more files in it.
func overlay(t testing.TB, more map[string]string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(models.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(models.FS, path)
		files[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range more {
		files[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// TestANewKPIIsTwoFiles adds one SELECT and one YAML to the shipped models and changes nothing else: the KPI's own
// tests run, and a release shows its figures, its definition and its words.
func TestANewKPIIsTwoFiles(t *testing.T) {
	t.Parallel()
	shipped := shippedSpec(t, overlay(t, map[string]string{"4_kpis/kpi_plc_99.sql": newKPISQL, "4_kpis/kpi_plc_99.yaml": newKPIYAML}))
	shipped.Filter = regexp.MustCompile("^kpi_plc_99/")
	results, err := RunModelTests(context.Background(), shipped)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 2 {
		t.Errorf("%d tests ran, 2 are written", len(results))
	}
	for _, r := range results {
		if !r.Passed() {
			t.Errorf("%s: %s\n%s", r.Model, r.Name, r.Diff)
		}
	}

	w := newWorld(t).deliver("2025-04-01", placementRows(0, 31, "2025-04-01", ""), 0)
	w.build(func(s *BuildSpec) {
		s.Models, s.Datasets, s.Reference = shipped.Models, shipped.Datasets, shipped.Reference
		for _, d := range configs.Datasets() {
			s.Definitions[d.Name] = map[string]models.Text{}
			for _, c := range d.Columns {
				s.Definitions[d.Name][c.Name] = models.Text{ID: c.ID, EN: c.EN}
			}
		}
	})
	var kpis []string // all others give what they gave
	for _, m := range shipped.Models {
		if m.Layer == models.KPIs && slices.Contains(m.Meta.Sources, "placements") && len(m.Meta.Sources) == 1 {
			kpis = append(kpis, quoteText(m.Meta.ID))
		}
	}
	db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
	for question, want := range map[string]string{
		"select period, numerator, denominator, value, status from figures where kpi = 'PLC-99' and period <= '2025-03' order by period": "2025-01|31|31|100|provisional\n2025-02|NULL|NULL|NULL|not_available\n2025-03|NULL|NULL|NULL|not_available",
		"select measure, is_default, unit, title_en from meta.kpis where kpi = 'PLC-99'":                                                 "share|true|%|Contracts that name a wage",
		"select count(*) from meta.columns where table_name = 'kpi_plc_99'":                                                              "10",
		"select count(distinct kpi) from figures where kpi in (" + strings.Join(kpis, ", ") + ")":                                        strconv.Itoa(len(kpis)),
	} {
		if got := ask(t, db, question); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", question, got, want)
		}
	}
}
