package sql_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kp2mi/lindung/sql"
)

const (
	countSQL  = "/* One row is a figure. */\nselect 1\n"
	countYAML = `id: AAA-01
title: {id: Uji, en: Test}
version: "1"
breakdowns: [country]
periods: [month, year]
suppression: {below: 5, withheld: breakdowns}
default_measure: persons
measures:
  persons:
    unit: orang
    direction: up
    additive: both
    title: {id: Orang, en: Persons}
    definition: {id: Orang yang dihitung, en: Persons counted}
tests: []
`
)

func modelSet(t *testing.T, sqlText, yamlText string) []sql.Model {
	t.Helper()
	models, err := sql.Recorded(fstest.MapFS{
		"4_kpis/kpi_aaa_01.sql":  {Data: []byte(sqlText)},
		"4_kpis/kpi_aaa_01.yaml": {Data: []byte(yamlText)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return models
}

// What changed is named by what people know it by: the unit, the definition, the version, the SQL.
func TestAChangeSaysHow(t *testing.T) {
	base := modelSet(t, countSQL, countYAML)
	for name, c := range map[string]struct {
		sql, yaml string
		want      []string
	}{
		"nothing":             {countSQL, countYAML, nil},
		"a closing semicolon": {countSQL + ";", countYAML, nil},
		"the SQL":             {strings.Replace(countSQL, "1", "2", 1), countYAML, []string{"SQL"}},
		"the version":         {countSQL, strings.Replace(countYAML, `"1"`, `"2"`, 1), []string{"version: 1 → 2"}},
		"a unit":              {countSQL, strings.Replace(countYAML, "unit: orang", "unit: kasus", 1), []string{"unit of persons: orang → kasus"}},
		"a definition":        {countSQL, strings.Replace(countYAML, "Persons counted", "Distinct persons counted", 1), []string{"definition of persons"}},
		"another measure":     {countSQL, strings.ReplaceAll(countYAML, "persons", "people"), []string{"default measure: persons → people", "measure people is new", "measure persons is gone"}},
		"a kind of period":    {countSQL, strings.Replace(countYAML, "[month, year]", "[year]", 1), []string{"periods: month, year → year"}},
		"a suppression": {countSQL, strings.Replace(countYAML, "{below: 5, withheld: breakdowns}", "{below: 0, withheld: nothing, except: [country]}", 1),
			[]string{"suppression: below 5, withheld breakdowns → below 0, withheld nothing, except country"}},
		"a threshold": {countSQL, strings.Replace(countYAML, "{below: 5,", "{below: 5, restricted: 10,", 1),
			[]string{"suppression: below 5, withheld breakdowns → below 5, restricted 10, withheld breakdowns"}},
		"a comment": {countSQL, countYAML + "# why\n", []string{"what is written beside the SQL"}},
		"words of a newer program": {countSQL, countYAML + "confidence: high\n",
			[]string{"what is written beside the SQL"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, change := range sql.Changes(base, modelSet(t, c.sql, c.yaml)) {
				if change.Model != "kpi_aaa_01" {
					t.Errorf("it names %s", change.Model)
				}
				got = append(got, change.How...)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestModelsComeAndGo(t *testing.T) {
	base := modelSet(t, countSQL, countYAML)
	if got := sql.Changes(nil, base); len(got) != 1 || got[0].How[0] != "new" || got[0].Name() != "AAA-01" {
		t.Errorf("a new model: %+v", got)
	}
	if got := sql.Changes(base, nil); len(got) != 1 || got[0].How[0] != "gone" || got[0].Name() != "AAA-01" {
		t.Errorf("a model that is gone: %+v", got)
	}
}

// What a release keeps of the shipped models is the shipped models.
func TestShippedModelsDoNotDifferFromTheirRecord(t *testing.T) {
	shipped, err := sql.Models()
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := sql.Recorded(sql.FS)
	if err != nil {
		t.Fatal(err)
	}
	if changes := sql.Changes(recorded, shipped); len(changes) > 0 || len(recorded) != len(shipped) {
		t.Errorf("%d recorded, %d shipped: %+v", len(recorded), len(shipped), changes)
	}
}
