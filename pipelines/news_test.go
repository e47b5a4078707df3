package pipelines

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// published is a release as its folder and manifest describe it, made by the given models from the present inputs.
func published(t *testing.T, r *Runner, head int64, models []sql.Model) *warehouse.Release {
	t.Helper()
	hash, err := warehouse.ModelsHash(models)
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := buildInputs(r.Project)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, m := range models {
		path := filepath.Join(dir, "sql", filepath.FromSlash(m.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{path: m.SQL + "\n", strings.TrimSuffix(path, ".sql") + ".yaml": m.YAML} {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	lineage := warehouse.Lineage{"stg_placements": {"lake_placements"}, "mart_placements": {"stg_placements", "ref_country"},
		"kpi_plc_01": {"mart_placements", "mart_available_periods"}, "kpi_rem_01": {"mart_available_periods"},
		"mart_available_periods": {"lake_placements", "lake_remittances"}, "kpi_gov_02": {warehouse.RuleResults}}
	return &warehouse.Release{ID: "r000001", Dir: dir, Manifest: &warehouse.Manifest{ModelsHash: hash, LogHead: head, Inputs: inputs, Lineage: lineage}}
}

func planner(t *testing.T) *Runner {
	t.Helper()
	models, err := sql.Models()
	if err != nil {
		t.Fatal(err)
	}
	project := &configs.Project{TimeZone: time.FixedZone("WIB", 7*3600), Sources: []*configs.Source{{File: "sources/a.yaml", Hash: "a"}}}
	return &Runner{Project: project, Models: models}
}

// A plan names what is no longer as it was: models and how they changed, lists, files, and whose figures that reaches.
func TestNewsNamesWhatChanged(t *testing.T) {
	log := lake.Snapshot{Head: 7, Entries: []lake.Entry{{No: 7, Kind: lake.Delivery, Dataset: "placements"}}}
	for name, c := range map[string]struct {
		snap   lake.Snapshot
		change func(r *Runner, release *warehouse.Release)
		why    []string
		models string
		inputs string
		kpis   []string
	}{
		"nothing": {snap: log, change: func(*Runner, *warehouse.Release) {}},
		"a delivery": {snap: log, change: func(_ *Runner, release *warehouse.Release) { release.Manifest.LogHead = 6 },
			why: []string{"built from commit 6, the log is at 7"}, kpis: []string{"GOV-02", "PLC-01"}},
		"a withheld delivery reaches no figure": {snap: lake.Snapshot{Head: 7, Entries: []lake.Entry{{No: 7, Kind: lake.Withheld, Dataset: "placements"}}},
			change: func(_ *Runner, release *warehouse.Release) { release.Manifest.LogHead = 6 }, why: []string{"the log is at 7"}},
		"a definition": {snap: log, change: func(r *Runner, _ *warehouse.Release) { edit(t, r, "kpi_plc_01", `unit: "services"`, `unit: layanan`) },
			why: []string{"models or definitions changed since release r000001"}, models: "PLC-01: unit of services: services → layanan", kpis: []string{"GOV-02", "PLC-01"}},
		"a list": {snap: log, change: func(_ *Runner, release *warehouse.Release) { forget(release, warehouse.InputReference, "country") },
			why: []string{"not as in release r000001: reference country"}, inputs: "reference country: new", kpis: []string{"GOV-02", "PLC-01"}},
		"a source's file": {snap: log, change: func(r *Runner, _ *warehouse.Release) { r.Project.Sources[0].Hash = "b" },
			why: []string{"not as in release r000001: source sources/a.yaml"}, inputs: "source sources/a.yaml: changed"},
		"a release that does not say its inputs": {snap: log, change: func(r *Runner, release *warehouse.Release) {
			release.Manifest.Inputs, r.Project.Sources[0].Hash = nil, "b"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := planner(t)
			release := published(t, r, 7, r.Models)
			c.change(r, release)
			news, err := r.since(release, c.snap)
			if err != nil {
				t.Fatal(err)
			}
			why := news.reasons(release, c.snap)
			if len(c.why) == 0 && why != "" {
				t.Errorf("nothing is to be done, and the plan says: %s", why)
			}
			for _, w := range c.why {
				if !strings.Contains(why, w) {
					t.Errorf("why: %q, want %q", why, w)
				}
			}
			if got := changesText(news.Models); got != c.models {
				t.Errorf("models: %q, want %q", got, c.models)
			}
			var inputs []string
			for _, in := range news.Inputs {
				inputs = append(inputs, in.String())
			}
			if got := strings.Join(inputs, "; "); got != c.inputs {
				t.Errorf("inputs: %q, want %q", got, c.inputs)
			}
			if !slices.Equal(news.KPIs, c.kpis) {
				t.Errorf("KPIs: %v, want %v", news.KPIs, c.kpis)
			}
		})
	}
}

func changesText(all []sql.Change) string {
	var lines []string
	for _, c := range all {
		lines = append(lines, c.Name()+": "+strings.Join(c.How, "; "))
	}
	return strings.Join(lines, "\n")
}

// edit changes the definition of a model at hand.
func edit(t *testing.T, r *Runner, model, from, to string) {
	t.Helper()
	r.Models = slices.Clone(r.Models)
	for i, m := range r.Models {
		if m.Name != model {
			continue
		}
		if !strings.Contains(m.YAML, from) {
			t.Fatalf("%s does not say %q", model, from)
		}
		m.YAML = strings.Replace(m.YAML, from, to, 1)
		m.Meta.Measures = slices.Clone(m.Meta.Measures)
		m.Meta.Measures[0].Unit = strings.TrimPrefix(to, "unit: ")
		r.Models[i] = m
	}
}

// forget takes an input out of what a release knows.
func forget(release *warehouse.Release, kind, name string) {
	release.Manifest.Inputs = slices.DeleteFunc(release.Manifest.Inputs, func(in warehouse.Input) bool { return in.Kind == kind && in.Name == name })
}

// A feed whose file is another one than its last commit was read by says so, and what to do about it.
func TestAPullSaysThatItsFileChanged(t *testing.T) {
	r := &Runner{Project: &configs.Project{Hash: "project"}}
	f := &configs.Feed{Name: "a_placements", Dataset: "placements", Source: &configs.Source{File: "sources/a.yaml", Hash: "source"}}
	entry := func(kind, hash string) lake.Entry {
		return lake.Entry{No: 4, Kind: kind, Feed: f.Name, ConfigHash: hash}
	}
	for name, c := range map[string]struct {
		entries []lake.Entry
		changed bool
	}{
		"the same file":                       {[]lake.Entry{entry(lake.Delivery, "older"), entry(lake.Delivery, "source")}, false},
		"a commit of an older version, alike": {[]lake.Entry{entry(lake.Delivery, "project")}, false},
		"another file":                        {[]lake.Entry{entry(lake.Delivery, "older")}, true},
		"read again":                          {[]lake.Entry{entry(lake.Delivery, "older"), entry(lake.Renormalise, "source")}, false},
		"only what was in quarantine":         {[]lake.Entry{entry(lake.Delivery, "older"), entry(lake.Replay, "source")}, true},
		"what was withheld":                   {[]lake.Entry{entry(lake.Delivery, "older"), entry(lake.Withheld, "source")}, true},
	} {
		item := r.pullItem(f, lake.Snapshot{Entries: c.entries})
		if got := strings.Contains(item.Why, "sources/a.yaml has changed since"); got != c.changed || item.Due {
			t.Errorf("%s: %+v", name, item)
		}
		if c.changed && !strings.Contains(item.Why, "lindung renormalise placements --from-landing") {
			t.Errorf("%s: it does not say what to do: %s", name, item.Why)
		}
	}
}
