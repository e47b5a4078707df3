package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// A unit without a system fills in the form; the source file that is proposed from it reads it,
// and its rows arrive. The example above the column names does not.
func TestAFilledFormArrives(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"id", "en"} {
		t.Run(lang, func(t *testing.T) { filledFormArrives(t, lang) })
	}
}

func filledFormArrives(t *testing.T, lang string) {
	dir := t.TempDir()
	if err := writeProject(dir, emptyProject(), true); err != nil {
		t.Fatal(err)
	}
	inbox := filepath.Join(dir, "inbox", "unit")
	for _, folder := range []string{inbox, filepath.Join(dir, "sources")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	form := filepath.Join(inbox, "formulir.xlsx")
	lindung(t, nil, "template", "cases", "--lang", lang, "--out", form)
	fillForm(t, form)
	old := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(form, old, old); err != nil {
		t.Fatal(err)
	}
	at := []string{"--dir", dir, "--now", "2024-03-05T09:00:00Z", "--quiet"}
	lindung(t, nil, append([]string{"sources", "new", "unit", "--from", form, "--dataset", "cases", "--origin", "sample"}, at...)...)
	lindung(t, nil, append([]string{"sources", "check", "unit"}, at...)...)
	out := lindung(t, nil, append([]string{"run", "--no-build", "--output", "json"}, at...)...)
	var report struct {
		Feeds []struct {
			Records, Accepted, Quarantined int
			Undeclared                     []string `json:"undeclared_columns"`
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	if f := report.Feeds[0]; f.Records != 2 || f.Accepted != 2 || len(f.Undeclared) > 0 {
		t.Errorf("of 2 rows of the form %+v", f)
	}
}

// fillForm fills two rows as people do: choosing from the lists, dates as dates.
func fillForm(t *testing.T, path string) {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	const sheet, firstRow = "Data", 4
	header, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	example := header[1]
	for i := range header[2] {
		for row := firstRow; row < firstRow+2; row++ {
			cell, _ := excelize.CoordinatesToCellName(i+1, row)
			var value any = example[i]
			switch when, err := time.Parse("2006-01-02 15:04", example[i]); {
			case i == 0:
				value = []string{"A-001", "A-002"}[row-firstRow]
			case err == nil:
				value = when
			}
			if err := book.SetCellValue(sheet, cell, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
}
