package formats

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A sheetLayout is a sheet as people lay it out, to be written as XLSX and as XLS.
type sheetLayout struct {
	rows       [][]any
	merges     []string
	hiddenRows []int    // from 1
	hiddenCols []string // letters
}

func (l sheetLayout) xlsx(t testing.TB) []byte {
	return workbookOf(t, func(f *excelize.File) {
		for r, row := range l.rows {
			for c, cell := range row {
				if cell != nil {
					must(t, f.SetCellValue("Sheet1", cellName(r, c), cell))
				}
			}
		}
		for _, m := range l.merges {
			from, to, _ := strings.Cut(m, ":")
			must(t, f.MergeCell("Sheet1", from, to))
		}
		for _, row := range l.hiddenRows {
			must(t, f.SetRowVisible("Sheet1", row, false))
		}
		for _, col := range l.hiddenCols {
			must(t, f.SetColVisible("Sheet1", col, false))
		}
	})
}

func (l sheetLayout) xls(t testing.TB) []byte {
	var extra []byte
	for _, col := range l.hiddenCols {
		c, _ := columnOf([]byte(col + "1"))
		extra = append(extra, biffBytes(biffColInfo, le(c, c, 0, 0, 1, 0))...)
	}
	for _, row := range l.hiddenRows {
		extra = append(extra, biffBytes(biffRow, le(row-1, 0, 5, 255, 0, 0, 0x20, 0))...)
	}
	merged := le(len(l.merges))
	for _, ref := range l.merges {
		m, _ := areaOf([]byte(ref))
		merged = append(merged, le(m.top, m.bottom, m.left, m.right)...)
	}
	extra = append(extra, biffBytes(biffMerged, merged)...)
	return (&xlsBook{sheets: []xlsSheet{{name: "Sheet1", rows: l.rows, extra: extra}}}).bytes(t)
}

// A sheetChange changes the settings that XLSX and XLS share.
type sheetChange func(headerRow, skipRows *int, head *headSettings, sheet *sheetSettings, foot *footSettings)

func (l sheetLayout) check(t *testing.T, change sheetChange, want, wantErr string) {
	t.Helper()
	x, old := newXLSX(nil), newXLS(nil)
	if change != nil {
		change(&x.HeaderRow, &x.SkipRows, &x.headSettings, &x.sheetSettings, &x.footSettings)
		change(&old.HeaderRow, &old.SkipRows, &old.headSettings, &old.sheetSettings, &old.footSettings)
	}
	for _, c := range []struct {
		name string
		s    Settings
		in   []byte
	}{{"XLSX", x, l.xlsx(t)}, {"XLS", old, l.xls(t)}} {
		got, err := decodeAll(c.s, bytes.NewReader(c.in))
		switch {
		case wantErr != "":
			if err == nil || !strings.Contains(err.Error(), wantErr) {
				t.Errorf("%s: got %v, want an error with %q", c.name, err, wantErr)
			}
		case err != nil || lines(got) != want:
			t.Errorf("%s: got\n%s%v\nwant\n%s", c.name, lines(got), err, want)
		}
	}
}

func TestSheetsOfPeople(t *testing.T) {
	twoTables := [][]any{{"Rekap"}, {"Bulan", "Januari"}, {"No", "Negara"}, {1, "Malaysia"}, {2, "Taiwan"}, {}, {"Bulan", "Februari"}, {"No", "Negara"}, {1, "Jepang"}, nil, {"Sumber: x"}}
	grouped := sheetLayout{rows: [][]any{{"Tabel 3. Penempatan"}, {"No", "Negara", "Penempatan", nil, nil, "Ket"}, {nil, nil, 2023, "2024", nil, nil}, {nil, nil, nil, "L", "P"}, {1, "Malaysia", 10, 20, 30, "x"}},
		merges: []string{"A1:F1", "A2:A4", "B2:B4", "C2:E2", "C3:C4", "D3:E3", "F2:F4"}}
	const groupedWant = "No|Negara|Penempatan / 2023|Penempatan / 2024 / L|Penempatan / 2024 / P|Ket\n1 Sheet1!A5: 1|Malaysia|10|20|30|x\n"
	form := sheetLayout{rows: [][]any{{nil, "kode", "rahasia", "nama"}, {"No", "Kode", "Rahasia", "Nama"}, {1, "a", "x", "b"}, {2, "c", "y", "d"}, {3}, {4}}, hiddenRows: []int{1, 4}, hiddenCols: []string{"C"}}
	for _, c := range []struct {
		name   string
		sheet  sheetLayout
		change sheetChange
		want   string
		err    string
	}{
		{"a header of three rows with merged cells", grouped, func(r, _ *int, h *headSettings, _ *sheetSettings, _ *footSettings) { *r, h.HeaderRows = 2, 3 }, groupedWant, ""},
		{"the same, found by its names", grouped, func(_, _ *int, h *headSettings, _ *sheetSettings, _ *footSettings) {
			h.HeaderRows, h.HeaderHas = 3, []string{"negara", "Penempatan / 2023"}
		}, groupedWant, ""},
		{"the same, with a name that is not there", grouped, func(_, _ *int, h *headSettings, _ *sheetSettings, _ *footSettings) {
			h.HeaderRows, h.HeaderHas = 3, []string{"negara", "2025"}
		}, "", "column names negara, 2025"},
		{"a header that ends early", grouped, func(r, _ *int, h *headSettings, _ *sheetSettings, _ *footSettings) { *r, h.HeaderRows = 5, 2 }, "", "before row 6"},
		{"the first of two tables", sheetLayout{rows: twoTables}, func(_, _ *int, h *headSettings, s *sheetSettings, _ *footSettings) {
			h.HeaderHas, s.Until = []string{"No", "Negara"}, "empty_row"
		}, "No|Negara\n1 Sheet1!A4: 1|Malaysia\n2 Sheet1!A5: 2|Taiwan\n", ""},
		{"the second of two tables", sheetLayout{rows: twoTables}, func(_, _ *int, h *headSettings, s *sheetSettings, _ *footSettings) {
			h.HeaderHas, s.Until, s.Table = []string{"No", "Negara"}, "empty_row", 2
		}, "No|Negara\n1 Sheet1!A9: 1|Jepang\n", ""},
		{"a third that is not there", sheetLayout{rows: twoTables}, func(_, _ *int, h *headSettings, s *sheetSettings, _ *footSettings) {
			h.HeaderHas, s.Table = []string{"No", "Negara"}, 3
		}, "", "column names No, Negara"},
		{"a foot", sheetLayout{rows: twoTables}, func(r, _ *int, _ *headSettings, _ *sheetSettings, f *footSettings) {
			*r, f.FooterRows, f.StopAt = 8, 0, []string{"sumber"}
		},
			"No|Negara\n1 Sheet1!A9: 1|Jepang\n", ""},
		{"a foot of one row", sheetLayout{rows: twoTables}, func(r, _ *int, _ *headSettings, _ *sheetSettings, f *footSettings) { *r, f.FooterRows = 8, 1 },
			"No|Negara\n1 Sheet1!A9: 1|Jepang\n", ""},
		{"hidden rows and columns kept", form, func(_, skip *int, _ *headSettings, s *sheetSettings, _ *footSettings) {
			*skip, s.RowNumbers = 1, []string{"column_1"}
		},
			"column_1|kode|rahasia|nama\n1 Sheet1!A3: 1|a|x|b\n2 Sheet1!A4: 2|c|y|d\n", ""},
		{"hidden rows and columns passed over", form, func(r, _ *int, _ *headSettings, s *sheetSettings, _ *footSettings) { *r, s.Hidden = 2, "skip" },
			"No|Kode|column_3|Nama\n1 Sheet1!A3: 1|a||b\n2 Sheet1!A5: 3|||\n3 Sheet1!A6: 4|||\n", ""},
		{"a hidden row does not end a table", form, func(r, _ *int, _ *headSettings, s *sheetSettings, _ *footSettings) {
			*r, s.Hidden, s.Until, s.RowNumbers = 2, "skip", "empty_row", []string{"No"}
		}, "No|Kode|column_3|Nama\n1 Sheet1!A3: 1|a||b\n", ""},
		{"numbers in no column", form, func(r, _ *int, _ *headSettings, s *sheetSettings, _ *footSettings) {
			*r, s.RowNumbers = 2, []string{"Nomor"}
		}, "", "no column Nomor"},
		{"settings: depth", form, func(_, _ *int, h *headSettings, _ *sheetSettings, _ *footSettings) { h.HeaderRows = 11 }, "", "header_rows"},
		{"settings: table", form, func(_, _ *int, _ *headSettings, s *sheetSettings, _ *footSettings) { s.Table = 2 }, "", "header_has"},
		{"settings: until", form, func(_, _ *int, _ *headSettings, s *sheetSettings, _ *footSettings) { s.Until = "blank" }, "", "until"},
		{"settings: hidden", form, func(_, _ *int, _ *headSettings, s *sheetSettings, _ *footSettings) { s.Hidden = "drop" }, "", "hidden"},
	} {
		t.Run(c.name, func(t *testing.T) { c.sheet.check(t, c.change, c.want, c.err) })
	}
}

func TestDamagedShapesOfSheets(t *testing.T) {
	sheet := func(cols, merges string) []byte {
		return rawWorkbook(t, `<worksheet>`+cols+`<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row></sheetData>`+merges+`</worksheet>`, nil)
	}
	for _, c := range []struct {
		name, want string
		in         []byte
	}{
		{"columns without a place", "damaged", sheet(`<cols><col min="x" max="2" hidden="1"/></cols>`, "")},
		{"merged cells without a place", "merged cells", sheet("", `<mergeCells><mergeCell ref="A1:"/></mergeCells>`)},
		{"half a sheet of merged cells", "XML", sheet("", `<mergeCells><mergeCell ref="A1:B1"/>`)},
	} {
		_, err := decodeAll(newXLSX(func(s *XLSX) { s.Hidden, s.HeaderRows = "skip", 2 }), bytes.NewReader(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, extra := range [][]byte{biffBytes(biffRow, le(1)), biffBytes(biffColInfo, le(1)), biffBytes(biffMerged, le(2, 0, 0, 0, 1))} {
		book := xlsBook{sheets: []xlsSheet{{name: "x", rows: [][]any{{"a"}, {"b"}}, extra: extra}}}
		if _, err := decodeAll(newXLS(nil), bytes.NewReader(book.bytes(t))); err == nil || !strings.Contains(err.Error(), "cut short") {
			t.Errorf("%x: %v", extra, err)
		}
	}
}

// Reading the merged cells first passes over the sheet twice, but it is unpacked to
// max_unzip once.
func TestMergedCellsAreNotCountedTwice(t *testing.T) {
	in := sheetLayout{rows: [][]any{{"a", "b"}, {"c", "d"}, {strings.Repeat("x", 30_000), 1}}}.xlsx(t)
	size := func(rows int) (least int64) {
		for least = 1 << 10; ; least += 1 << 10 {
			if _, err := decodeAll(newXLSX(func(s *XLSX) { s.MaxUnzip, s.HeaderRows = least, rows }), bytes.NewReader(in)); err == nil {
				return least
			}
		}
	}
	if once, twice := size(1), size(2); once != twice {
		t.Errorf("a header of one row needs max_unzip %d, of two rows %d", once, twice)
	}
}

func TestHTMLTablesOfPeople(t *testing.T) {
	const page = `<table><tr><td>Menu</td><td>Masuk</td></tr></table>
<table><tr><td colspan=4>Laporan</td></tr>
<tr><th rowspan=2>No</th><th rowspan=2>Negara</th><th colspan=2>Penempatan</th></tr>
<tr><th>2023</th><th>2024</th></tr>
<tr><td>1</td><td>Malaysia</td><td>10</td><td>20</td></tr>
<tr><td colspan=2>Jumlah</td><td>10</td><td>20</td></tr></table>`
	for _, c := range []struct {
		name, want, err string
		change          func(*HTMLTable)
	}{
		{"a header of two rows", "No|Negara|Penempatan / 2023|Penempatan / 2024\n1 row 4: 1|Malaysia|10|20\n", "", func(s *HTMLTable) {
			s.Table, s.HeaderRow, s.HeaderRows, s.StopAt = 2, 2, 2, []string{"Jumlah"}
		}},
		{"the first table whose header has the names", "No|Negara|Penempatan / 2023|Penempatan / 2024\n1 row 4: 1|Malaysia|10|20\n2 row 5: Jumlah||10|20\n", "", func(s *HTMLTable) {
			s.HeaderRows, s.HeaderHas = 2, []string{"Negara", "Penempatan / 2024"}
		}},
		{"no table with the names", "", "none of the page's 2 tables", func(s *HTMLTable) { s.HeaderHas = []string{"NIK"} }},
		{"a numbered table without the names", "", "column names NIK", func(s *HTMLTable) { s.Table, s.HeaderHas = 1, []string{"NIK"} }},
		{"settings", "", "footer_rows", func(s *HTMLTable) { s.FooterRows = -1 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newHTMLTable(c.change), strings.NewReader(page))
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("got %v, want an error with %q", err, c.err)
				}
				return
			}
			if err != nil || lines(got) != c.want {
				t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
			}
		})
	}
}

func FuzzSheetTable(f *testing.F) {
	whole := sheetLayout{rows: [][]any{{"Judul"}, {"No", "Negara", "Penempatan"}, {nil, nil, 2023, 2024}, {1, "Malaysia", 10, 20}, {}, {"Sumber"}}, merges: []string{"C2:D2"}, hiddenRows: []int{1}, hiddenCols: []string{"A"}}
	f.Add(whole.xls(f), uint8(0xFF))
	f.Add(whole.xls(f), uint8(3))
	f.Fuzz(func(t *testing.T, in []byte, choice uint8) {
		checkDecoder(t, newXLS(func(s *XLS) {
			s.HeaderRows = 1 + int(choice&3)
			if choice&4 > 0 {
				s.HeaderHas = []string{"No"}
			}
			if choice&8 > 0 {
				s.Hidden = hiddenSkip
			}
			if choice&16 > 0 {
				s.Until = untilEmptyRow
			}
			if choice&32 > 0 {
				s.StopAt = []string{"Sumber"}
			}
		}), in)
	})
}

// The XML of a sheet is where an XLSX file is most its own; it is packed anew around
// each of the fuzzer's texts.
func FuzzXLSXTable(f *testing.F) {
	for _, seed := range []string{
		`<cols><col min="1" max="2" hidden="1"/></cols><sheetData><row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2"><c t="inlineStr"><is><t>No</t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:C2"/></mergeCells>`,
		`<sheetData><row><c><v>1</v></c></row><row r="7"><c r="B7"><f>1</f></c></row></sheetData>`,
	} {
		f.Add(seed, uint8(0xFF))
		f.Add(seed, uint8(0))
	}
	f.Fuzz(func(t *testing.T, sheet string, choice uint8) {
		checkDecoder(t, newXLSX(func(s *XLSX) {
			s.HeaderRows = 1 + int(choice&1)
			if choice&4 > 0 {
				s.HeaderHas = []string{"No"}
			}
			if choice&8 > 0 {
				s.Hidden = hiddenSkip
			}
			if choice&16 > 0 {
				s.Until = untilEmptyRow
			}
		}), rawWorkbook(t, fmt.Sprintf("<worksheet>%s</worksheet>", sheet), nil))
	})
}
