package formats_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/connectors/formats"
)

func TestGuessesKnowWhatAnObjectIs(t *testing.T) {
	book := excelize.NewFile()
	for _, name := range []string{"Sampul", "Data"} {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
	}
	var workbook bytes.Buffer
	if err := book.Write(&workbook); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		data, kind, keys string
		guesses          int
	}{
		"a.csv":    {"Laporan Bulanan\n\nnama;negara;tanggal\na;b;c\n", "csv", "delimiter=semicolon", 10},
		"b.csv":    {"nama,negara\nJos\xe9,b\n", "csv", "delimiter=comma encoding=windows-1252", 10},
		"c.txt":    {"a\tb\n1\t2\n", "csv", "delimiter=tab", 10},
		"d.json":   {`{"meta": {"n": 2, "tags": ["x"]}, "data": {"items": [{"a": 1}, {"a": 2}]}}`, "json", "items_path=data.items", 1},
		"e.json":   {`[{"a": 1}]`, "json", "", 1},
		"f.json":   {`[{"page": 1}, [{"a": 1}]]`, "json", "", 1},
		"g.jsonl":  {"{\"a\": 1}\n{\"a\": 2}\n", "ndjson", "", 1},
		"h.xls":    {"<html><table><tr><td>a</td><td>b</td></tr></table></html>", "html_table", "", 10},
		"i.xlsx":   {workbook.String(), "xlsx", "sheet=Sheet1", 30},
		"utf16.cs": {"\xFF\xFEa\x00;\x00b\x00\n\x001\x00;\x002\x00\n\x00", "csv", "delimiter=semicolon encoding=utf-16", 10},
	} {
		guesses, err := formats.Guesses(name, []byte(tt.data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var keys []string
		for _, k := range guesses[0].Keys {
			keys = append(keys, k.Key+"="+k.Value)
		}
		if name != "i.xlsx" { // its sheets are empty
			for _, err := range guesses[0].Settings.Decode(context.Background(), name, strings.NewReader(tt.data)) {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if g := guesses[0]; g.Kind != tt.kind || strings.Join(keys, " ") != tt.keys || len(guesses) != tt.guesses {
			t.Errorf("%s: %d guesses, the first %s %v", name, len(guesses), g.Kind, keys)
		}
	}
	for name, data := range map[string]string{"empty": " \n", "pdf": "%PDF-1.7", "xml": "<?xml version='1.0'?><a/>", "no list": `{"a": 1}`, "cut": `{"a": [1, 2`} {
		if g, err := formats.Guesses(name, []byte(data)); err == nil {
			t.Errorf("%s: taken for %s", name, g[0].Kind)
		}
	}
}

// Whatever the bytes, guessing ends, and so does reading by every guess.
func FuzzGuesses(f *testing.F) {
	for _, seed := range []string{"a;b\n1;2\n", `{"data": [{"a": [1]}]}`, "[[[{", "\xFF\xFEa\x00", "<table><tr><td>a", "PK\x03\x04", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "{\"a\":1}\n{\"b\":2}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		guesses, err := formats.Guesses("x", data)
		if err != nil {
			return
		}
		for _, g := range guesses[:1] {
			for _, err := range g.Settings.Decode(context.Background(), "x", bytes.NewReader(data)) {
				if err != nil {
					break
				}
			}
		}
	})
}
