package formats

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// leftOutOf tells what an object's decoding left out: "stop_at line 4 2".
func leftOutOf(t *testing.T, s Settings, in []byte) string {
	t.Helper()
	var all []string
	for b, err := range s.Decode(context.Background(), "object", bytes.NewReader(in)) {
		if err != nil {
			t.Fatal(err)
		}
		if len(all) > 0 {
			t.Error("something comes after what was left out")
		}
		for _, l := range b.LeftOut() {
			all = append(all, fmt.Sprintf("%s %s %d", l.Rule, l.Place, l.Rows))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// What a rule of the feed takes for no record is counted, with the place of the first.
func TestWhatARuleLeavesOutIsCounted(t *testing.T) {
	const csv = "negara,jumlah,ket\nMalaysia,10,\nTaiwan,20,\n"
	sheet := sheetLayout{rows: [][]any{{"x"}, {"No", "Negara"}, {1, "Malaysia"}, {2, "Taiwan"}, {3, "Jepang"}, {}, {"Jumlah", "3"}, {"Sumber: x"}}, hiddenRows: []int{1, 4}}
	sheetSettings := func(s *sheetSettings, f *footSettings, until, hidden string, stop ...string) {
		s.Until, s.Hidden, f.StopAt = until, hidden, stop
	}
	newSheets := func(until, hidden string, stop ...string) (x *XLSX, old *XLS) {
		x, old = newXLSX(nil), newXLS(nil)
		x.HeaderRow, old.HeaderRow = 2, 2
		sheetSettings(&x.sheetSettings, &x.footSettings, until, hidden, stop...)
		sheetSettings(&old.sheetSettings, &old.footSettings, until, hidden, stop...)
		return x, old
	}
	for _, c := range []struct {
		name string
		s    Settings
		in   string
		want string
	}{
		{"no rule", newCSV(nil), csv, ""},
		{"a rule that meets nothing", newCSV(func(s *CSV) { s.StopAt = []string{"Jumlah"} }), csv, ""},
		{"below a mark", newCSV(func(s *CSV) { s.StopAt = []string{"Jumlah"} }), csv + "Jumlah,30,\nSumber: x,,\n", "stop_at line 4 2"},
		{"everything", newCSV(func(s *CSV) { s.StopAt = []string{"Malaysia"} }), "a,b,c,d,e\nMalaysia,1\nTaiwan,2\n", "stop_at line 2 2"},
		{"a number of rows", newCSV(func(s *CSV) { s.FooterRows = 2 }), csv + "Jumlah,,\nSumber: x,,\n", "footer_rows line 4 2"},
		{"both", newCSV(func(s *CSV) { s.FooterRows, s.StopAt = 1, []string{"Sumber"} }), csv + "Jumlah,,\nSumber: x,,\n", "footer_rows line 4 1, stop_at line 5 1"},
		{"a control record is none of them", newCSV(func(s *CSV) {
			s.FooterRows, s.Control = 1, controlSettings{Trailer: "last", Count: "1"}
		}), "a,b\nx,1\n1,\nSumber: x,\n", "footer_rows line 4 1"},
		{"below the header", newCSV(func(s *CSV) { s.SkipRows = 2 }), "negara,jumlah\n(1),(2)\n,\nMalaysia,10\n", "skip_rows line 2 1"},
		{"all that is below the header", newCSV(func(s *CSV) { s.SkipRows = 2 }), "negara,jumlah\n(1),(2)\n,orang\n", "skip_rows line 2 2"},
		{"lines of other types", newFixedWidth(func(s *FixedWidth) { s.Records, s.OtherLines = []string{"D"}, []string{"K"} }), "D01SARI    1000\nK catatan\nD02BUDI    2000\nK lagi\n", "other_lines line 2 2"},
		{"a table of a page", newHTMLTable(func(s *HTMLTable) { s.StopAt = []string{"Jumlah"} }), "<table><tr><th>a</th><th>b</th></tr><tr><td>x</td><td>1</td></tr><tr><td>Jumlah</td><td>1</td></tr></table>", "stop_at row 3 1"},
		{"below the header of a page", newHTMLTable(func(s *HTMLTable) { s.SkipRows = 1 }), "<table><tr><th>a</th><th>b</th></tr><tr><td>(1)</td><td>(2)</td></tr><tr><td>x</td><td>1</td></tr></table>", "skip_rows row 2 1"},
		{"notes of DataBank", &WorldBankCSV{MaxCell: MaxCell, MaxRows: MaxRows}, "Country,2011 [YR2011]\nIndonesia,7\n\nData from database: WDI,\nLast Updated: 03/13/2020,\n", "notes line 4 2"},
		{"notes below the ministry's totals", newPMITable(misread), pmi24, "notes line 6 1"},
		{"the ministry's totals", newPMITable(func(s *PMITable) { misread(s); s.Totals = false }), pmi24, "notes line 6 1, totals line 5 1"},
		{"totals and notes of a matrix", newKNOMAD(nil), string(bilateralCSV(bilateral())), "notes text!A8 2, total text!A6 1"},
		{"rows of attributes", newSDMXCSV(func(s *SDMXCSV) { s.AttributeRows = "leave_out" }), "DATAFLOW,A,TIME_PERIOD\nX:A,1,\nX:A,1,2024\nX:A,2,~\n", "attribute_rows line 2 2"},
		{"a table of Bank Indonesia", newSEKI(group31), string(sekiXLSX(t, table31())), "groups V.31!A6 1, notes V.31!A12 2"},
		{"the same, cut by rows", newSEKI(func(s *SEKI) { group31(s); s.Totals, s.LastRow, s.FirstRow = false, 11, 6 }), string(sekiXLS(t, table31())), "groups V.31!A6 1, last_row V.31!A12 2, totals V.31!A10 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := leftOutOf(t, c.s, []byte(c.in)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	t.Run("a form's rows", func(t *testing.T) {
		form := sheetLayout{rows: [][]any{{"No", "Negara"}, {"(1)", "(2)"}, {1, "Malaysia"}, {2}, {}, {3, "Jepang"}, {4}}}
		x, old := newXLSX(nil), newXLS(nil)
		x.SkipRows, x.RowNumbers, old.SkipRows, old.RowNumbers = 1, []string{"No"}, 1, []string{"No"}
		const want = "row_numbers Sheet1!A4 2, skip_rows Sheet1!A2 1"
		if got := leftOutOf(t, x, form.xlsx(t)); got != want {
			t.Errorf("XLSX: got %q, want %q", got, want)
		}
		if got := leftOutOf(t, old, form.xls(t)); got != want {
			t.Errorf("XLS: got %q, want %q", got, want)
		}
	})
	for _, c := range []struct {
		name, until, hidden string
		stop                []string
		want                string
	}{
		{"a mark", "", "", []string{"Jumlah"}, "stop_at Sheet1!A7 2"},
		{"an empty row", "empty_row", "", nil, "until Sheet1!A7 2"},
		{"hidden rows", "", "skip", nil, "hidden Sheet1!A4 1"},
		{"hidden rows and an empty row", "empty_row", "skip", nil, "hidden Sheet1!A4 1, until Sheet1!A7 2"},
	} {
		t.Run("a sheet: "+c.name, func(t *testing.T) {
			x, old := newSheets(c.until, c.hidden, c.stop...)
			if got := leftOutOf(t, x, sheet.xlsx(t)); got != c.want {
				t.Errorf("XLSX: got %q, want %q", got, c.want)
			}
			if got := leftOutOf(t, old, sheet.xls(t)); got != c.want {
				t.Errorf("XLS: got %q, want %q", got, c.want)
			}
		})
	}
}
