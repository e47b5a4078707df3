package tables_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
	"github.com/kp2mi/lindung/reports/tables/tablestest"
)

func TestTablesComeInTheOrderOfTheReport(t *testing.T) {
	doc := tablestest.Report("id")
	behind := doc.Sections[1].Blocks[0].(*document.Chart)
	again := *behind
	again.ID = "g2"
	hidden := &document.Table{ID: "R1", Title: "Rincian", Columns: []document.Column{{Name: "a", Title: "A"}}, Rows: []document.Row{{Cells: []document.Cell{{Text: document.Say("x")}}}}}
	doc.Sections[2].Blocks = append(doc.Sections[2].Blocks, &again, &document.Disclosure{Blocks: []document.Block{hidden}})
	found, err := tables.Collect(doc)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, table := range found {
		line := table.ID + " in " + table.Section + ":"
		for _, c := range table.Charts {
			line += " " + c.ID
		}
		got = append(got, line)
	}
	want := []string{"KPI in Pokok-pokok:", "G1 in Penempatan dan peluang kerja: g1 g2", "P1 in Penempatan dan peluang kerja: p1", "R1 in Definisi:"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A table that cannot stand alone is refused with its place.
func TestRefused(t *testing.T) {
	v, nan := 1.0, math.NaN()
	cell := func(c document.Cell) []document.Row { return []document.Row{{Cells: []document.Cell{c}}} }
	word := cell(document.Cell{Text: document.Say("x")})
	column := []document.Column{{Name: "a", Title: "A"}}
	for want, table := range map[string]document.Table{
		`table "Judul" has no ID`:                {Title: "Judul", Columns: column},
		"table P1 has no title":                  {ID: "P1"},
		"table P1 has no columns":                {ID: "P1", Title: "t"},
		`"Negara tujuan" is no name for program`: {ID: "P1", Title: "t", Columns: []document.Column{{Name: "Negara tujuan", Title: "Negara"}}},
		`the name "a" was used before`:           {ID: "P1", Title: "t", Columns: []document.Column{{Name: "a", Title: "A"}, {Name: "a", Title: "B"}}},
		"column a has no title":                  {ID: "P1", Title: "t", Columns: []document.Column{{Name: "a"}}},
		"row 1 has 1 cells for 2 columns":        {ID: "P1", Title: "t", Columns: []document.Column{{Name: "a", Title: "A"}, {Name: "b", Title: "B"}}, Rows: word},
		"row 1, column a: the cell is empty":     {ID: "P1", Title: "t", Columns: column, Rows: cell(document.Cell{})},
		"row 1, column a: NaN is no number":      {ID: "P1", Title: "t", Columns: column, Rows: cell(document.Cell{Number: &document.Number{Text: "?", Value: &nan}})},
	} {
		doc := &document.Document{Sections: []document.Section{{Blocks: []document.Block{&table}}}}
		if _, err := tables.Collect(doc); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	number := document.Table{ID: "P1", Title: "t", Columns: column, Rows: cell(document.Cell{Number: &document.Number{Text: "1", Value: &v}})}
	for want, native := range map[string]document.Native{
		"chart g: table P1 has no column 1":         {Kind: "line", Columns: []int{1}},
		`chart g: a spreadsheet draws line or bars`: {Kind: "pie", Columns: []int{0}},
		"chart g: there is nothing to draw":         {Kind: "line"},
		"chart g: table P1 has 1 rows, not 2":       {Kind: "line", Columns: []int{0}, Rows: 2},
	} {
		doc := &document.Document{Sections: []document.Section{{Blocks: []document.Block{&document.Chart{ID: "g", Table: &number, Native: &native}}}}}
		if _, err := tables.Collect(doc); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	twice := &document.Document{Sections: []document.Section{{Blocks: []document.Block{&number, &document.Table{ID: "p1", Title: "u", Columns: column}}}}}
	if _, err := tables.Collect(twice); err == nil || !strings.Contains(err.Error(), `two tables of the report are called p1: "t" and "u"`) {
		t.Error(err)
	}
}

func TestWhatACellIs(t *testing.T) {
	v := 5.0
	n := document.Number{Text: "5", Value: &v, Mark: "[p]"}
	for name, c := range map[string]struct {
		cell    document.Cell
		words   string
		numbers int
		alone   bool
	}{
		"words":               {document.Cell{Text: document.Say("Taiwan")}, "Taiwan", 0, false},
		"a number":            {document.Cell{Number: &n}, "5", 1, true},
		"a phrase of one":     {document.Cell{Text: document.Say(n)}, "5", 1, true},
		"words with numbers":  {document.Cell{Text: document.Say("dari ", n, " ke ", n)}, "dari 5 ke 5", 2, false},
		"a mark":              {document.Cell{Number: &document.Number{Text: "disamarkan", Mark: "[c]"}}, "[c]", 1, true},
		"a light":             {document.Cell{Light: &document.Light{Word: "● tercapai"}}, "● tercapai", 0, false},
		"a light with reason": {document.Cell{Light: &document.Light{Word: "● tercapai", Text: document.Say(n, " dari target")}}, "● tercapai – 5 dari target", 1, false},
	} {
		if got := tables.Words(c.cell); got != c.words {
			t.Errorf("%s: %q, want %q", name, got, c.words)
		}
		if got := len(tables.Numbers(c.cell)); got != c.numbers {
			t.Errorf("%s: %d numbers, want %d", name, got, c.numbers)
		}
		if got := tables.Number(c.cell) != nil; got != c.alone {
			t.Errorf("%s: a number is %v", name, got)
		}
	}
}

// A change stands as a number beside its words, wherever the words have it.
func TestChangesOfHeadlinesAreNumbers(t *testing.T) {
	doc := tablestest.Report("id")
	cards := doc.Sections[0].Blocks[2].(*document.Cards)
	up := *cards.Cards[0].Changes[0][0].Number
	cards.Cards[1].Changes = []document.Phrase{document.Say("naik dari Desember 2024 (", up, ")"), document.Say("dari ", up, " ke ", up)}
	found, err := tables.Collect(doc)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range found[0].Rows {
		for _, c := range row.Cells[5:9] {
			got = append(got, tables.Words(c))
		}
	}
	want := []string{"+7,1%", "dari Desember 2024", "[z]", "[z]", "+7,1%", "naik dari Desember 2024 (+7,1%)", "[z]", "dari +7,1% ke +7,1%"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every file says release, day, status and hash, and sample data first of all.
func TestTheLineOfAReport(t *testing.T) {
	doc := tablestest.Report("en")
	if got, want := tables.Line(doc), "SAMPLE DATA – NOT OFFICIAL · Release r000007 · data as of 2026-01-11 · draft · 9b3e4d5c6f7a"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := tables.Facts(doc)[0]; got.Value != doc.Sample {
		t.Errorf("%+v", got)
	}
	doc.Sample, doc.Release.Published = "", time.Time{}
	if got, want := tables.Line(doc), "Release r000007 · data as of 2026-01-11 · draft · 9b3e4d5c6f7a"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, f := range tables.Facts(doc) {
		if f.Value == "" || f.Name.EN == "Published" && f.Value != "[x]" {
			t.Errorf("%+v", f)
		}
	}
	if got := tables.Instant(time.Date(2026, 1, 11, 20, 0, 0, 0, time.UTC)); got != "2026-01-12 03:00 WIB" {
		t.Error(got)
	}
}
