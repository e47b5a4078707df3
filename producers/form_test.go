package producers

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

func testLists(t testing.TB) *transforms.Lists {
	t.Helper()
	lists, err := transforms.LoadLists(configs.Reference())
	if err != nil {
		t.Fatal(err)
	}
	return lists
}

// eachForm runs a test for every dataset that a producer can deliver, in both languages.
func eachForm(t *testing.T, test func(t *testing.T, d transforms.Dataset, lang string, columns []formColumn)) {
	lists := testLists(t)
	for _, d := range transforms.Datasets() {
		for _, lang := range []string{Indonesian, English} {
			if len(d.Inputs()) > 0 {
				t.Run(d.Name()+" "+lang, func(t *testing.T) { test(t, d, lang, producerColumns(d, lists, lang)) })
			}
		}
	}
}

// A form is read again by what stands above its columns: every label leads to its own field.
func TestEveryLabelOfAFormLeadsBackToItsField(t *testing.T) {
	lists := testLists(t)
	eachForm(t, func(t *testing.T, d transforms.Dataset, _ string, columns []formColumn) {
		var header []Column
		for _, c := range columns {
			header = append(header, Column{Name: c.Label + " *"})
		}
		for _, m := range NewMatcher(d, lists).Match(header) {
			if m.Column < 0 {
				if m.Input.Kind != transforms.RegionCodeInput {
					t.Errorf("no column for %s", m.Input.Name)
				}
				continue
			}
			if got := columns[m.Column].Name; got != m.Input.Name || m.Score < sure {
				t.Errorf("%s reads %q, the column of %s (score %.2f)", m.Input.Name, header[m.Column].Name, got, m.Score)
			}
		}
	})
}

// What a drop-down offers is what the normaliser takes.
func TestEveryChoiceOfAFormIsACodeOfItsList(t *testing.T) {
	lists := testLists(t)
	eachForm(t, func(t *testing.T, _ transforms.Dataset, _ string, columns []formColumn) {
		for _, c := range columns {
			if c.Kind != transforms.CodeInput {
				continue
			}
			seen := map[string]bool{}
			for _, choice := range c.Choices {
				code, ok := lists.Resolve(c.List, choice)
				if !ok || seen[code] {
					t.Errorf("%s: %q leads to no code of its own", c.Name, choice)
				}
				seen[code] = true
			}
			if len(seen) != len(lists.Codes(c.List)) {
				t.Errorf("%s offers %d of %d codes", c.Name, len(seen), len(lists.Codes(c.List)))
			}
		}
	})
}

func TestAFormHoldsItsColumnsToTheirKinds(t *testing.T) {
	var out bytes.Buffer
	if err := WriteForm(&out, "placements", Indonesian); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := strings.Join(book.GetSheetList(), " "); got != "Data Petunjuk Daftar" {
		t.Errorf("sheets: %s", got)
	}
	if visible, _ := book.GetSheetVisible("Daftar"); visible {
		t.Error("the sheet of the lists shows")
	}
	rules, err := book.GetDataValidations("Data")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, r := range rules {
		kinds[r.Type]++
		if r.Type == "list" && strings.HasPrefix(r.Formula1, "Daftar!") {
			end := r.Formula1[strings.LastIndex(r.Formula1, "!")+1:]
			if cell, _ := book.GetCellValue("Daftar", strings.ReplaceAll(end[strings.Index(end, ":")+1:], "$", "")); cell == "" {
				t.Errorf("the drop-down %s ends in an empty cell", r.Formula1)
			}
		}
	}
	for _, kind := range []string{"list", "date", "textLength", "decimal", "whole"} {
		if kinds[kind] == 0 {
			t.Errorf("no rule of the type %s (%v)", kind, kinds)
		}
	}
	header, err := book.GetRows("Data")
	if err != nil || len(header) != headerRow {
		t.Fatalf("%d rows: %v", len(header), err)
	}
	if header[headerRow-1][0] != "Nomor layanan penempatan pada sistem sumber *" && !strings.HasSuffix(header[headerRow-1][0], " *") {
		t.Errorf("the first column is %q", header[headerRow-1][0])
	}
	if !strings.HasPrefix(header[exampleRow-1][0], "Contoh (tidak dibaca)") {
		t.Errorf("the example begins with %q", header[exampleRow-1][0])
	}
	comments, err := book.GetComments("Data")
	if err != nil || len(comments) != len(header[headerRow-1]) {
		t.Errorf("%d comments for %d columns: %v", len(comments), len(header[headerRow-1]), err)
	}
}

func TestFormsAndPagesAreOfKnownDatasetsAndLanguages(t *testing.T) {
	for _, err := range []error{
		WriteForm(&bytes.Buffer{}, "case", Indonesian), WriteForm(&bytes.Buffer{}, "rejects", Indonesian), WriteForm(&bytes.Buffer{}, "cases", "de"),
		WriteContract(&bytes.Buffer{}, "case", Indonesian), WriteContract(&bytes.Buffer{}, "cases", "de"),
	} {
		if err == nil {
			t.Error("a form for nothing, or in no language, is written")
		}
	}
}
