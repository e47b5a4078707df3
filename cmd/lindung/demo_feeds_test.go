package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/samples"
	"github.com/kp2mi/lindung/pipelines"
)

// demoWith runs the demo on a sample project in which one role stands for another.
func demoWith(t *testing.T, from, to string) (dir string, v demoView) {
	t.Helper()
	dir = filepath.Join(projectDir(t), "demo")
	files := demoFiles(samples.New(samples.Options{Seed: 1, Scale: 0.02}))
	for name, text := range files {
		files[name] = bytes.ReplaceAll(text, []byte("    role: "+from), []byte("    role: "+to))
	}
	if err := writeProject(dir, files, true); err != nil {
		t.Fatal(err)
	}
	return dir, demoJSON(t, nil, "--dir", dir, "--scale", smallScale)
}

// What the demo says does not depend on how many feeds are on: a second way to the same data is
// compared and never counted. Nor is anything that the sample world sends unusual for its size.
func TestTotalsDoNotDependOnHowManyFeedsAreOn(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a demo takes half a minute or more")
	}
	few, off := smallDemo(t)
	many, on := demoWith(t, "alternative", "crosscheck")
	// GOV-02 counts the checks that were passed, and a comparison is one.
	const figures = `select kpi, measure, period, period_type, breakdown, member, value, status from figures where kpi <> 'GOV-02' order by all`
	type figure struct {
		KPI, Measure, Period, PeriodType, Breakdown, Member, Status string
		Value                                                       *float64
	}
	a, b := query[figure](t, few, figures), query[figure](t, many, figures)
	if len(a) < 1000 {
		t.Errorf("%d figures", len(a))
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("figures with few (-) and many (+) feeds differ:\n%s", diff)
	}
	const facts = `select table_name as "Name", estimated_size::bigint as "Rows" from duckdb_tables() where table_name like 'fct_%' or table_name like 'mart_%' order by all`
	type table struct {
		Name string
		Rows int64
	}
	if diff := cmp.Diff(query[table](t, few, facts), query[table](t, many, facts)); diff != "" {
		t.Errorf("tables with few (-) and many (+) feeds differ:\n%s", diff)
	}
	for name, runs := range map[string][]*pipelines.RunReport{"few": off.Runs, "many": on.Runs} {
		for _, run := range runs {
			for _, f := range run.Feeds {
				if len(f.Warnings) > 0 || f.Outcome == pipelines.OutcomeWithheld || f.Outcome == pipelines.OutcomeFailed {
					t.Errorf("%s feeds on: %s: %s %q", name, f.Feed, f.Outcome, f.Warnings)
				}
			}
		}
	}
	everyFeedBrings(t, many, on)
}

// everyFeedBrings says which feeds of a project have brought nothing, or have no band or limits of their own.
func everyFeedBrings(t *testing.T, dir string, v demoView) {
	t.Helper()
	brought := map[string]int64{}
	for _, run := range v.Runs {
		for _, f := range run.Feeds {
			brought[f.Feed] += f.Accepted
		}
	}
	project, err := configs.Load(dir, configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	small := []string{"eps_trainings", "triple_win_trainings", "lapor_cases", "rumah_ramah_stays", "perwakilan_stays", "eps_candidates"} // a thousandth of a few may be none
	for _, s := range project.Sources {
		for _, f := range s.Feeds {
			if brought[f.Name] == 0 && !slices.Contains(small, f.Name) {
				t.Errorf("%s brought nothing", f.Name)
			}
			second := strings.HasPrefix(s.Name, "berkas_") // off in the demo, whatever the size
			if f.Limits.MaxBytes == 2<<30 || f.Volume.Max == 0 && !second {
				t.Errorf("%s has volume %+v and limits %+v", f.Name, f.Volume, f.Limits)
			}
		}
	}
}
