package sql

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const select1 = "/* One row. */\nselect 1 as a;\n"

const kpiYAML = `id: PLC-01
title: {id: Penempatan, en: Placements}
measures:
  services: {unit: service, direction: up, additive: both, title: {id: Layanan, en: Services}, definition: {id: d, en: d}}
  persons: {unit: person, direction: context, additive: none, title: Orang, definition: d}
default_measure: services
periods: [month, quarter, year]
suppression: {below: 5, restricted: 10, withheld: breakdowns}
exclusions:
  - {id: batal, en: cancelled}
  - {id: uji, en: test rows}
version: 2
tests:
  - name: keeps text as written
    run: {as_of: 2025-02-01, report_month: 2025-01-01}
    given:
      fct_placements:
        - {placement_id: a, placed_on: 2025-01-03, wage: 1.10, code: "007", country: null, ok: true}
    where: period_type = 'month'
    expect:
      - {measure: services, value: 1}
      - {measure: persons, value: ~}
`

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func TestLoadOrdersByFolderThenName(t *testing.T) {
	y := file("title: {id: a, en: b}\ngrain: [a]\n")
	models, err := Load(fstest.MapFS{
		"2_core/fct_b.sql": file(select1), "2_core/fct_b.yaml": y,
		"2_core/dim_z.sql": file(select1), "2_core/dim_z.yaml": y,
		"1_staging/stg_q.sql": file(select1), "1_staging/stg_q.yaml": y,
		"4_kpis/kpi_plc_01.sql": file(select1), "4_kpis/kpi_plc_01.yaml": file(kpiYAML),
		"4_kpis/README.md": file("words"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, m := range models {
		order = append(order, string(m.Layer)+":"+m.Name)
	}
	want := "staging:stg_q core:dim_z core:fct_b kpis:kpi_plc_01"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("order is %q, want %q", got, want)
	}
	if strings.HasSuffix(models[0].SQL, ";") {
		t.Error("the closing semicolon stays in the text; a model is a bare select that is wrapped by others")
	}
}

func TestMetaKeepsTextAsWritten(t *testing.T) {
	m, err := parseMeta("kpi_plc_01.yaml", []byte(kpiYAML))
	if err != nil {
		t.Fatal(err)
	}
	if m.Measures[0].Name != "services" || m.Measures[1].Name != "persons" {
		t.Errorf("measures lost their order: %v", m.Measures)
	}
	if got := m.Measures[1].Title; got != (Text{"Orang", "Orang"}) {
		t.Errorf("a plain text reads as %+v", got)
	}
	if got := m.Exclusions.EN; got != "cancelled; test rows" {
		t.Errorf("a list of texts reads as %q", got)
	}
	if m.Version != "2" {
		t.Errorf("version reads as %q", m.Version)
	}
	want := Row{{"placement_id", "a", false}, {"placed_on", "2025-01-03", false}, {"wage", "1.10", false},
		{"code", "007", false}, {"country", "", true}, {"ok", "true", false}}
	got := m.Tests[0].Given["fct_placements"][0]
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("cell %d reads as %+v, want %+v", i, got[i], want[i])
		}
	}
	if !m.Tests[0].Expect[1][1].Null {
		t.Error("~ must read as NULL")
	}
}

func TestLoadNamesEveryProblemWithItsPlace(t *testing.T) {
	good := "title: {id: a, en: b}\ngrain: [a]\n"
	for name, tc := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"no yaml":              {fstest.MapFS{"2_core/dim_a.sql": file(select1)}, "2_core/dim_a.sql: has no dim_a.yaml beside it"},
		"no sql":               {fstest.MapFS{"2_core/dim_a.yaml": file(good)}, "2_core/dim_a.yaml: has no dim_a.sql beside it"},
		"prefix":               {model("2_core", "kpi_a", good), "2_core/kpi_a.sql: models of this folder are named dim_… or fct_…"},
		"no comment":           {fstest.MapFS{"2_core/dim_a.sql": file("select 1"), "2_core/dim_a.yaml": file(good)}, "2_core/dim_a.sql:1: begin with a /* comment */"},
		"misspelt key":         {model("2_core", "dim_a", "title: {id: a, en: b}\ngrian: [a]\n"), `2_core/dim_a.yaml:2:1: unknown field "grian"; did you mean "grain"?`},
		"misspelt inner":       {model("2_core", "dim_a", good+"tests:\n  - nme: x\n"), `2_core/dim_a.yaml:4:5: unknown field "nme"; did you mean "name"?`},
		"misspelt text":        {model("2_core", "dim_a", "title: {id: a, eng: b}\ngrain: [a]\n"), `2_core/dim_a.yaml:1:16: unknown field "eng"; did you mean "en"?`},
		"twice":                {model("2_core", "dim_a", good+"grain: [b]\n"), `2_core/dim_a.yaml:3:1: mapping key "grain" already defined`},
		"no grain":             {model("2_core", "dim_a", "title: x\n"), "2_core/dim_a.yaml: grain is missing"},
		"severity":             {model("5_checks", "check_a", "title: x\n"), `5_checks/check_a.yaml: severity is error or warn, not ""`},
		"dimension":            {model("5_checks", "check_a", "title: x\nseverity: warn\ndimension: timelines\n"), `5_checks/check_a.yaml: dimension is one of completeness, validity, consistency, uniqueness, timeliness, not "timelines"; did you mean timeliness?`},
		"no dimension":         {model("5_checks", "check_a", "title: x\nseverity: warn\n"), `dimension is one of completeness, validity, consistency, uniqueness, timeliness, not ""`},
		"measure":              {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: sideways}}\ndefault_measure: n\n"), `default_measure "n" is not among the measures`},
		"additivity":           {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: true}}\ndefault_measure: m\n"), `measure m: additive is both, members, time or none, not "true"`},
		"no additivity":        {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up}}\ndefault_measure: m\n"), `measure m: additive is both, members, time or none, not ""`},
		"no periods":           {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nsuppression: {withheld: breakdowns}\n"), `periods is a list of month, quarter, year in this order, not []`},
		"periods in disorder":  {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [year, month]\nsuppression: {withheld: breakdowns}\n"), `periods is a list of month, quarter, year in this order, not [year, month]`},
		"unknown period":       {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [week]\nsuppression: {withheld: breakdowns}\n"), `periods is a list of month, quarter, year in this order, not [week]`},
		"foreign period":       {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none, periods: [quarter]}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {withheld: breakdowns}\n"), `measure m gives periods of kind quarter, which the KPI's periods do not name`},
		"period of none":       {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none, periods: [year]}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {withheld: breakdowns}\n"), `periods names month, and no measure gives it`},
		"no suppression":       {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\n"), `suppression is missing; write suppression: {below: …, withheld: sql, breakdowns, nothing}`},
		"misspelt withheld":    {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {withheld: breakdown}\n"), `suppression: withheld is one of sql, breakdowns, nothing, not "breakdown"; did you mean breakdowns?`},
		"misspelt suppression": {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {belov: 5, withheld: sql}\n"), `unknown field "belov"; did you mean "below"?`},
		"withheld below 0":     {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {withheld: sql}\n"), `suppression: the SQL withholds numbers; say below how many`},
		"nothing below 5":      {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {below: 5, withheld: nothing}\n"), `suppression: nothing is withheld, so below is 0, not 5`},
		"restricted low":       {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {below: 5, restricted: 3, withheld: breakdowns}\n"), `suppression: restricted is 3 and below is 5`},
		"except of all":        {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {withheld: breakdowns, except: [country]}\n"), `suppression: except names breakdowns that are withheld where others are not`},
		"except unknown":       {model("4_kpis", "kpi_a", "id: X\ntitle: x\nmeasures: {m: {direction: up, additive: none}}\ndefault_measure: m\nbreakdowns: [country]\nperiods: [month, year]\nsuppression: {withheld: nothing, except: [countri]}\n"), `suppression: except names countri, which is not among the breakdowns; did you mean country?`},
		"periods of none":      {model("2_core", "dim_a", good+"periods: [month]\n"), "id, measures, periods and suppression belong to KPI models only"},
		"nested cell":          {model("2_core", "dim_a", good+"tests:\n  - name: x\n    expect: [{a: {b: 1}}]\n"), "2_core/dim_a.yaml:5:"},
		"stray file":           {fstest.MapFS{"2_core/a.py": file("")}, "2_core/a.py: only .sql, .yaml and .md files belong here"},
		"empty yaml":           {model("2_core", "dim_a", ""), "2_core/dim_a.yaml:1: is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(tc.files)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant …%s…", err, tc.want)
			}
		})
	}
}

func TestLoadRefusesOneNameTwice(t *testing.T) {
	y := file("title: x\nseverity: warn\ndimension: validity\n")
	_, err := Load(fstest.MapFS{"2_core/dim_a.sql": file(select1), "2_core/dim_a.yaml": file("title: x\ngrain: [a]\n"),
		"5_checks/dim_a.sql": file(select1), "5_checks/dim_a.yaml": y})
	if err == nil || !strings.Contains(err.Error(), "already taken by 2_core/dim_a.sql") {
		t.Errorf("got %v", err)
	}
}

func model(dir, name, yaml string) fstest.MapFS {
	return fstest.MapFS{dir + "/" + name + ".sql": file(select1), dir + "/" + name + ".yaml": file(yaml)}
}

// TestShippedModelsLoad keeps the embedded folders complete and their YAML strict.
func TestShippedModelsLoad(t *testing.T) {
	models, err := Models()
	if err != nil {
		t.Fatal(err)
	}
	layers := map[Layer]int{}
	for _, m := range models {
		layers[m.Layer]++
	}
	for _, l := range []Layer{Staging, Core, Marts, KPIs, Checks} {
		if layers[l] == 0 {
			t.Errorf("no model in layer %s", l)
		}
	}
}

func FuzzParseMeta(f *testing.F) {
	f.Add([]byte(kpiYAML))
	f.Add([]byte("title: [a, {id: b}]\ngrain: [a]\n"))
	f.Add([]byte("tests: [{expect: [{a: [1, 2]}]}]"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		m, err := parseMeta("x.yaml", doc)
		if err == nil {
			m.fillDefaults(KPIs)
			m.problems("x.yaml", KPIs)
		}
	})
}

// TestEveryUnitIsOfAKind lists the units of the shipped KPIs: a new one needs a line in units.go, unless it counts something.
func TestEveryUnitIsOfAKind(t *testing.T) {
	ms, err := Models()
	if err != nil {
		t.Fatal(err)
	}
	want := map[Kind]string{
		Counts:    "aliran cases claims departures desa kandidat kedatangan kegiatan keikutsertaan layanan orang persons perusahaan program returns services tema usaha",
		Shares:    "%",
		Rates:     "bulan index kali nilai per 10.000 per 100.000 poin",
		Money:     "IDR USD juta USD miliar IDR",
		Durations: "days hari nights",
	}
	units := map[Kind]map[string]bool{}
	for _, m := range ms {
		for _, measure := range m.Meta.Measures {
			if units[measure.Kind()] == nil {
				units[measure.Kind()] = map[string]bool{}
			}
			units[measure.Kind()][measure.Unit] = true
		}
	}
	for kind, list := range want {
		if got := strings.Join(slices.Sorted(maps.Keys(units[kind])), " "); got != list {
			t.Errorf("%s: %s; want %s", kind, got, list)
		}
	}
}
