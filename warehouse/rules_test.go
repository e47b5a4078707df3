package warehouse

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/lake"
	models "github.com/kp2mi/lindung/sql"
)

// withGOV02 lets a small world tell of its rules.
func withGOV02(t testing.TB) func(*BuildSpec) {
	t.Helper()
	return func(s *BuildSpec) {
		all, err := models.Load(models.FS)
		if err != nil {
			t.Fatal(err)
		}
		gov := slices.IndexFunc(all, func(m models.Model) bool { return m.Name == "kpi_gov_02" })
		checks := slices.IndexFunc(s.Models, func(m models.Model) bool { return m.Layer == models.Checks })
		s.Models = slices.Insert(s.Models, checks, all[gov])
	}
}

func asOf(day, month string) func(*BuildSpec) {
	return func(s *BuildSpec) {
		at, _ := time.Parse(time.DateOnly, day)
		about, _ := time.Parse(time.DateOnly, month+"-01")
		s.AsOf, s.ReportMonth = at.Add(2*time.Hour), about
	}
}

// noWage makes check_wages fail, which is a warning.
const noWage = "select * replace (cast(null as decimal(18,2)) as wage) from ("

func TestChecksAreHistory(t *testing.T) {
	root := t.TempDir()
	r := openReleases(t, filepath.Join(root, "releases"))
	w := newWorld(t)
	release := func(day, month string) *Manifest {
		at, _ := time.Parse(time.DateOnly, day)
		id, err := r.NextID()
		if err != nil {
			t.Fatal(err)
		}
		folders, err := r.Earlier(at)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(root, "build-"+id)
		m := w.build(withGOV02(t), asOf(day, month), into(dir), func(s *BuildSpec) {
			s.ReleaseID = id
			for _, folder := range folders {
				earlier, err := ReadManifest(folder)
				if err != nil {
					t.Fatal(err)
				}
				s.Earlier = append(s.Earlier, earlier)
			}
		})
		if err := r.Publish(dir, m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	w.deliver("2025-04-01", noWage+placementRows(0, 12, "2025-04-01", "")+")", 0)
	release("2025-04-10", "2025-03")
	w.deliver("2025-06-01", placementRows(0, 12, "2025-06-01", ""), 0)
	first := release("2025-06-10", "2025-05")
	if _, err := r.Prune(1); err != nil { // what a release found outlives its tables
		t.Fatal(err)
	}
	again := release("2025-06-10", "2025-05")
	if again.ContentHash != first.ContentHash {
		t.Error("a release made again on its day has another content")
	}
	release("2025-06-11", "2025-05")

	db := openFile(t, filepath.Join(root, "releases", "r000004", WarehouseFile))
	for question, want := range map[string]string{
		"select release_id, as_of, report_month, passed, offending, checked from meta.check_history where name = 'check_wages' order by release_id":                "r000001|2025-04-10T00:00:00Z|2025-03|false|12|12\nr000003|2025-06-10T00:00:00Z|2025-05|true|0|12\nr000004|2025-06-11T00:00:00Z|2025-05|true|0|12",
		"select release_id, count(*) > 10 from meta.check_history group by all order by all":                                                                       "r000001|true\nr000003|true\nr000004|true",
		"select distinct report_month, as_of from meta.rule_results order by all":                                                                                  "2025-03-01T00:00:00Z|2025-04-10T00:00:00Z\n2025-05-01T00:00:00Z|2025-06-11T00:00:00Z",
		"select period, numerator, denominator, value, status from figures where kpi = 'GOV-02' and period_type = 'month' and breakdown = 'total' order by period": "2025-03|1|2|50|reported\n2025-04|NULL|NULL|NULL|not_available\n2025-05|2|2|100|provisional",
		"select member, numerator, denominator from figures where kpi = 'GOV-02' and period = '2025-03' and breakdown <> 'total' order by member":                  "completeness|0|1\nsiskop2mi|1|2\nvalidity|1|1",
		// A score says what the KPI says of this release.
		"select rules_passed, rules_run, score from meta.quality where scope = 'release' and dimension = ''":      "2|2|100",
		"select member, dimension, rules_passed, rules_run from meta.quality where scope = 'source' order by all": "siskop2mi||2|2\nsiskop2mi|completeness|1|1\nsiskop2mi|validity|1|1",
		"select member, rules_run from meta.quality where scope = 'kpi' and dimension = '' order by all":          "GOV-02|2\nPLC-01|2",
		"select reads from meta.models where name = 'kpi_gov_02'":                                                 "rule_results, run, check_countries_known, check_wages",
	} {
		if got := ask(t, db, question); got != want {
			t.Errorf("%s:\n got  %s\n want %s", question, got, want)
		}
	}
}

// The figure of a past day is told from what was known then: its own rules, and the releases before it.
func TestGOV02AsOfAnotherDay(t *testing.T) {
	w := newWorld(t).deliver("2025-04-01", noWage+placementRows(0, 12, "2025-04-01", "")+")", 0)
	figures, err := BuildFigures(t.Context(), w.spec(withGOV02(t), asOf("2025-04-10", "2025-03")), "GOV-02")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(figures, func(f Figure) bool { return f.Period == "2025-03" && f.Breakdown == "total" })
	if at < 0 || *figures[at].Numerator != 1 || *figures[at].Denominator != 2 || figures[at].Status != "provisional" {
		t.Errorf("GOV-02 of 2025-03: %+v", figures)
	}
}

// A rule says for which dataset and source it failed, as far as its rows do; else it fails for all.
func TestWhomARuleFailsFor(t *testing.T) {
	b := &build{}
	for _, f := range []struct {
		dataset, source string
		rows            int64
	}{{"placements", "unit", 3}, {"placements", "pusat", 9}, {"placements", "pusat", 1}, {"cases", "pusat", 4}, {"returns", "unit", 0}} {
		b.Snapshot.Files = append(b.Snapshot.Files, lake.File{Dataset: f.dataset, Source: f.source, Rows: f.rows})
	}
	for name, tc := range map[string]struct {
		offences []offence
		want     string
	}{
		"none":                         {nil, ""},
		"a source":                     {[]offence{{"", "unit"}}, "placements/unit"},
		"a source of several datasets": {[]offence{{"", "pusat"}}, "cases/pusat placements/pusat"},
		"a dataset":                    {[]offence{{"placements", ""}}, "placements/pusat placements/unit"},
		"both":                         {[]offence{{"placements", "pusat"}}, "placements/pusat"},
		"nobody":                       {[]offence{{"", ""}}, "cases/pusat placements/pusat placements/unit"},
		"somebody else":                {[]offence{{"loans", "bank"}}, "cases/pusat placements/pusat placements/unit"},
	} {
		r := CheckResult{Datasets: []string{"cases", "placements", "returns"}, Offending: int64(len(tc.offences))}
		var failed []string
		parts := b.partsOf(r, tc.offences)
		for _, p := range parts {
			if p.Failed {
				failed = append(failed, p.Dataset+"/"+p.Source)
			}
		}
		if got := strings.Join(failed, " "); got != tc.want || len(parts) != 3 {
			t.Errorf("%s: fails for %q of %d, want %q of 3", name, got, len(parts), tc.want)
		}
	}
}

func TestWhoMendsWhatARuleFinds(t *testing.T) {
	b := &build{BuildSpec: BuildSpec{Feeds: []FeedState{
		{Dataset: "cases", Producer: "Direktorat A"}, {Dataset: "case_events", Producer: "Direktorat A"},
		{Dataset: "loans", Producer: "Bank B"}, {Dataset: "loans", Producer: "Bank C"}}}, manifest: &Manifest{}}
	for datasets, want := range map[string]string{"cases": "Direktorat A", "cases case_events": "Direktorat A", "loans": dataOffice, "cases loans": dataOffice, "villages": dataOffice} {
		b.record(CheckResult{About: AboutData, Datasets: strings.Fields(datasets)})
		b.record(CheckResult{About: AboutData, Datasets: strings.Fields(datasets), Owner: "Biro D"})
		b.record(CheckResult{Datasets: strings.Fields(datasets)})
		n := len(b.manifest.Checks)
		if got := b.manifest.Checks[n-3].Owner; got != want {
			t.Errorf("%s: %s, want %s", datasets, got, want)
		}
		if said, proof := b.manifest.Checks[n-2].Owner, b.manifest.Checks[n-1]; said != "Biro D" || proof.Owner != dataOffice || proof.About != AboutProgram {
			t.Errorf("%s: %s, %+v", datasets, said, proof)
		}
	}
}

func TestEachRuleCountsOnce(t *testing.T) {
	checks := []CheckResult{
		{Name: "a", Dimension: "validity", Parts: []CheckPart{{"cases", "s", false}, {"cases", "t", true}, {"loans", "t", false}}},
		{Name: "b", Dimension: "validity", Parts: []CheckPart{{"cases", "s", false}}},
		{Name: "c", Dimension: "timeliness", Parts: []CheckPart{{"loans", "t", true}}},
		{Name: "proof", Dimension: "uniqueness"},
	}
	for name, tc := range map[string]struct {
		concerns func(CheckPart) bool
		want     string
	}{
		"everything": {func(CheckPart) bool { return true }, "map[:{3 1} timeliness:{1 0} validity:{2 1}]"},
		"a source":   {func(p CheckPart) bool { return p.Source == "s" }, "map[:{2 2} validity:{2 2}]"},
		"a dataset":  {func(p CheckPart) bool { return p.Dataset == "loans" }, "map[:{2 1} timeliness:{1 0} validity:{1 1}]"},
		"nothing":    {func(CheckPart) bool { return false }, "map[]"},
	} {
		if got := fmt.Sprint(tallies(checks, tc.concerns)); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestWhichReleasesAreHistory(t *testing.T) {
	var releases []*Manifest
	at := func(day, month, id string) {
		known, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, &Manifest{ReleaseID: id, AsOf: known, ReportMonth: month})
	}
	at("2025-01-10", "2024-12", "january")
	at("2025-01-20", "2024-12", "january again")
	at("2025-02-10", "2025-01", "february")
	for day := range recentReleases + 1 {
		at(time.Date(2025, 3, 1+day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), "2025-02", fmt.Sprintf("day %d", day))
	}
	at("2025-03-02", "2025-02", "day 1 again")
	for _, tc := range []struct{ asOf, want string }{
		{"2025-01-10", ""},
		{"2025-02-10", "january, january again"},
		{"2025-03-02", "january, january again, february, day 0"},
		{"2025-03-03", "january, january again, february, day 0, day 1 again"},
		{"2025-12-01", "january again, february, day 0, day 1 again, day 2"}, // 31 days, and what was the last on its month
	} {
		known, _ := time.Parse(time.DateOnly, tc.asOf)
		var ids []string
		for _, m := range earlierThan(known, releases) {
			ids = append(ids, m.ReleaseID)
		}
		if got := strings.Join(ids[:min(5, len(ids))], ", "); got != tc.want {
			t.Errorf("before %s: %s, want %s", tc.asOf, got, tc.want)
		}
		if len(ids) > recentReleases+3 {
			t.Errorf("before %s: %d releases", tc.asOf, len(ids))
		}
	}
}

// What a check or a KPI says it judges must be in its SQL, or its score would be another's.
func TestSourcesMustBeRead(t *testing.T) {
	w := newWorld(t)
	_, err := Build(t.Context(), w.spec(func(s *BuildSpec) {
		for i := range s.Models {
			if s.Models[i].Name == "check_wages" {
				s.Models[i].Meta.Sources = []string{"cases"}
			}
		}
	}))
	if err == nil || !strings.Contains(err.Error(), "5_checks/check_wages.yaml: sources names cases, which the SQL does not read") {
		t.Errorf("got %v", err)
	}
}
