package warehouse

import (
	"slices"
	"strings"
	"testing"

	models "github.com/kp2mi/lindung/sql"
)

// withSuppression declares another suppression for one model, whose measures count in the given unit.
func withSuppression(name, unit string, declared models.Suppression) func(*BuildSpec) {
	return func(s *BuildSpec) {
		for i := range s.Models {
			if s.Models[i].Name != name {
				continue
			}
			meta := &s.Models[i].Meta
			meta.Suppression, meta.Measures = declared, slices.Clone(meta.Measures)
			for j := range meta.Measures {
				meta.Measures[j].Unit = unit
			}
		}
	}
}

func TestKindsOfFiguresAreThoseDeclared(t *testing.T) {
	declared := func(withheld string, own ...string) models.Meta {
		return models.Meta{Periods: []string{"month", "year"}, Suppression: models.Suppression{Below: 5, Withheld: withheld},
			Measures: models.Measures{{Name: "all"}, {Name: "own", Periods: own}}}
	}
	whole := []kind{{"all", "month", false}, {"all", "year", false}, {"own", "year", false}}
	for name, tc := range map[string]struct {
		meta                models.Meta
		kinds               []kind
		undeclared, unshown string
	}{
		"as declared":             {declared(models.WithheldBreakdowns, "year"), whole, "", ""},
		"a kind too many":         {declared(models.WithheldBreakdowns, "year"), append(whole, kind{"own", "month", false}), "measure own gives periods of kind month; declare it in periods", ""},
		"a kind too few":          {declared(models.WithheldBreakdowns), whole, "", "measure own declares periods of kind month, and no test's rows give one"},
		"another measure":         {declared(models.WithheldBreakdowns, "year"), append(whole, kind{"other", "year", false}), "measure other is not declared", ""},
		"withheld by the SQL":     {declared(models.WithheldBySQL, "year"), append(whole, kind{"own", "year", true}), "", ""},
		"withheld undeclared":     {declared(models.WithheldNothing, "year"), append(whole, kind{"own", "year", true}), "measure own gives the status suppressed; declare suppression: {withheld: sql}", ""},
		"withheld by no SQL ever": {declared(models.WithheldBySQL, "year"), whole, "", "the SQL is declared to withhold numbers, and no test's rows show it"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(undeclared(tc.meta, tc.kinds), "; "); got != tc.undeclared {
				t.Errorf("undeclared: %q, want %q", got, tc.undeclared)
			}
			if got := strings.Join(unshown(tc.meta, tc.kinds), "; "); got != tc.unshown {
				t.Errorf("unshown: %q, want %q", got, tc.unshown)
			}
		})
	}
}

// What is published follows from what each KPI declares, and an exception closes one breakdown again.
func TestTheOpenFileFollowsTheDeclarations(t *testing.T) {
	figures := func(dir string) string {
		db := openFile(t, dir+"/"+OpenFile)
		return ask(t, db, "select string_agg(distinct kpi || ' ' || status, ', ' order by kpi || ' ' || status) from figures where breakdown = 'country'")
	}
	for name, tc := range map[string]struct {
		change func(*BuildSpec)
		want   string
	}{
		"as declared":                {func(*BuildSpec) {}, "CMP-01 suppressed, PLC-01 reported"},
		"cases by one breakdown too": {withSuppression("kpi_cmp_01", "case", models.Suppression{Withheld: models.WithheldNothing}), "CMP-01 reported, PLC-01 reported"},
		"placements but for their country": {withSuppression("kpi_plc_01", "service", models.Suppression{Withheld: models.WithheldNothing, Except: []string{"country"}}),
			"CMP-01 suppressed, PLC-01 suppressed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t).deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0)
			spec := w.spec()
			w.build(tc.change)
			if got := figures(spec.OutDir); got != tc.want {
				t.Errorf("by country: %s; want %s", got, tc.want)
			}
		})
	}
}
