package configs

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

type blockForTests struct {
	KPI string   `yaml:"kpi" need:"yes" like:"measure"`
	By  []string `yaml:"by" like:"name"`
}

var kindsForTests = Kinds{"kpi": func() any { return &blockForTests{} }, "key": func() any { return &struct{}{} }}

const goodReport = `report: weekly
title: {id: Mingguan, en: Weekly}
sections:
  first:
    title: {id: Satu, en: One}
    blocks:
      - {kind: kpi, kpi: PLC-01.persons, by: [country]}
      - kind: key
  second:
    title: {id: Dua, en: Two}
    level: 2
    new_page: true
`

// A kind of report is its sections in the order of its file, each with its blocks.
func TestAReportIsReadInItsOrder(t *testing.T) {
	all, err := ParseReports(fstest.MapFS{"weekly.yaml": {Data: []byte(goodReport)}}, kindsForTests)
	if err != nil {
		t.Fatal(err)
	}
	r := all[0]
	if r.Name != "weekly" || r.Period != "month" || len(r.Sections) != 2 || r.Sections[0].Name != "first" || r.Sections[0].Level != 1 || r.Sections[1].Level != 2 || !r.Sections[1].NewPage {
		t.Errorf("read as %+v", r)
	}
	var block blockForTests
	if err := r.Sections[0].Blocks[0].Decode(&block); err != nil || block.KPI != "PLC-01.persons" || r.Sections[0].Blocks[1].Kind != "key" {
		t.Errorf("blocks read as %+v, %v", block, err)
	}
}

// Mistakes in the file of a report come with their place and what was probably meant.
func TestMistakesInAReport(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"an unknown key": {"report: weekly\ntitle: {id: a, en: b}\nsection: {}\n",
			"reports/weekly.yaml:3:1: unknown key \"section\"; did you mean \"sections\"?\n"},
		"an unknown kind of block": {"report: weekly\ntitle: {id: a, en: b}\nsections:\n  a:\n    title: {id: a, en: b}\n    blocks:\n      - kind: kpis\n",
			"reports/weekly.yaml:7:15: block \"kpis\" is not known; did you mean \"kpi\"?\n"},
		"an unknown key of a block": {"report: weekly\ntitle: {id: a, en: b}\nsections:\n  a:\n    title: {id: a, en: b}\n    blocks:\n      - {kind: kpi, kpi: PLC-01, bye: [country]}\n",
			"reports/weekly.yaml:7:34: unknown key \"bye\"; did you mean \"by\"?\n"},
		"no KPI": {"report: weekly\ntitle: {id: a, en: b}\nsections:\n  a:\n    title: {id: a, en: b}\n    blocks:\n      - {kind: kpi, kpi: placements}\n",
			"reports/weekly.yaml:7:26: \"kpi\" must be a KPI, with a measure if it is not the KPI's own, such as PLC-01 or PLC-01.persons, not \"placements\"\n"},
		"another name than the file's": {"report: daily\ntitle: {id: a, en: b}\nsections:\n  a: {title: {id: a, en: b}}\n",
			"reports/weekly.yaml:1: the file is about the report \"daily\"; call it daily.yaml\n"},
		"one language only": {"report: weekly\ntitle: {id: a}\nsections:\n  a: {title: {id: a, en: b}}\n",
			"reports/weekly.yaml:2:8: \"title\" lacks the key \"en\"; add it: In English\n"},
		"nothing in it": {"", "reports/weekly.yaml: the file is empty; fill it in, or take it away\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseReports(fstest.MapFS{"weekly.yaml": {Data: []byte(c.text)}}, kindsForTests)
			if err == nil {
				t.Fatal("it is taken")
			}
			if diff := cmp.Diff(c.want, err.Error()+"\n"); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The kinds of reports that come with the program are valid, for the loader and for an editor.
func TestTheProgramsOwnReports(t *testing.T) {
	all, err := ParseReports(ReportLayouts(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 3 {
		t.Errorf("only %d kinds of reports come with the program", len(all))
	}
	schema := compile(t, ReportSchema(nil))
	for _, r := range all {
		raw, err := os.ReadFile(r.File)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asEditor(t, raw)); err != nil {
			t.Errorf("%s against the schema: %v", r.File, err)
		}
	}
	strict := compile(t, ReportSchema(kindsForTests))
	if err := strict.Validate(asEditor(t, []byte(goodReport))); err != nil {
		t.Errorf("the good report against the schema: %v", err)
	}
	if strict.Validate(asEditor(t, []byte("report: weekly\ntitle: {id: a, en: b}\nsections:\n  a:\n    title: {id: a, en: b}\n    blocks:\n      - {kind: kpi, kpi: PLC-01, bye: [country]}\n"))) == nil {
		t.Error("an unknown key of a block passes the schema")
	}
}
