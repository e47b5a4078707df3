package formats

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func newSEKI(change func(*SEKI)) *SEKI {
	kind, _ := Lookup("seki")
	s := kind.New().(*SEKI)
	if change != nil {
		change(s)
	}
	return s
}

// sekiXLSX writes cells as an XLSX workbook whose last sheet is the table.
func sekiXLSX(t testing.TB, rows [][]any) []byte {
	return workbookOf(t, func(f *excelize.File) {
		_, err := f.NewSheet("V.31")
		must(t, err, f.SetCellValue("Sheet1", "A1", "Daftar isi"))
		for r, row := range rows {
			for c, cell := range row {
				if cell != nil {
					must(t, f.SetCellValue("V.31", cellName(r, c), cell))
				}
			}
		}
	})
}

// sekiXLS writes the same cells as an old workbook, which is what the site has.
func sekiXLS(t testing.TB, rows [][]any) []byte {
	return (&xlsBook{sheets: []xlsSheet{{name: "Daftar isi", rows: [][]any{{"x"}}}, {name: "V.31", rows: rows}, {name: "kerja", hidden: true}}}).bytes(t)
}

// table31 is made in the shape that is known of table V.31: bilingual halves, the
// year of a run of quarters over its first, its last or none of them, marks of
// preliminary figures, footnotes, a group with its sum.
func table31() [][]any {
	return [][]any{
		{"V.31. REMITANSI TENAGA KERJA INDONESIA (TKI) MENURUT NEGARA PENEMPATAN"},
		{nil, "(Juta USD)"},
		{},
		{nil, "NEGARA PENEMPATAN", nil, 2023, nil, nil, nil, nil, nil, "2024**", nil, "COUNTRY OF PLACEMENT", 2023, nil, nil, nil, nil, nil, "2024**"},
		{nil, nil, nil, "I", "II", "III", "IV", "I", "II*", "III", "IV", nil, "Q1", "Q2", "Q3", "Q4", "Q1", "Q2*", "Q3", "Q4"},
		{1, "ASIA", nil, 30, 33.5, 36, 39, 42, 45, "48,5", "-", "ASIA", 30, 33.5, 36, 39, 42, 45, "48,5"},
		{2, nil, "Malaysia", 10.25, 11.5, 12, 13, 14, 15, "16,5*", "-", "Malaysia", 10.25, 11.5, 12, 13, 14, 15, "16,5*"},
		{3, nil, "Hong Kong 1)", 19.75, 22, 24, 26, 28, 30, 32, nil, "Hong Kong 1)", 19.75, 22, 24, 26, 28, 30, 32},
		{4, "Arab Saudi", nil, 1000, 1100, 1200, "1.300,0", 1400, 1500, 1600, "...", "Saudi Arabia", 1000, 1100, 1200, 1300, 1400, 1500, 1600},
		{5, "TOTAL", nil, 1030, 1133.5, 1236, 1339, 1442, 1545, 1648.5, nil, "TOTAL", 1030, 1133.5, 1236, 1339, 1442, 1545, 1648.5},
		{},
		{nil, "*) Angka sementara", nil, nil, nil, nil, nil, nil, nil, nil, nil, "*) Provisional"},
		{nil, "Sumber: Bank Indonesia 2024"},
	}
}

func group31(s *SEKI) {
	s.Groups, s.Expect = []string{"ASIA"}, []string{"remitansi tenaga kerja", "Juta  USD"}
}

const want31 = `year|quarter|country|value|mark|group
1 V.31!D7: 2023|1|Malaysia|10.25||ASIA
2 V.31!E7: 2023|2|Malaysia|11.5||ASIA
3 V.31!F7: 2023|3|Malaysia|12||ASIA
4 V.31!G7: 2023|4|Malaysia|13||ASIA
5 V.31!H7: 2024|1|Malaysia|14|**|ASIA
6 V.31!I7: 2024|2|Malaysia|15|*|ASIA
7 V.31!J7: 2024|3|Malaysia|16.5|*|ASIA
8 V.31!D8: 2023|1|Hong Kong|19.75||ASIA
9 V.31!E8: 2023|2|Hong Kong|22||ASIA
10 V.31!F8: 2023|3|Hong Kong|24||ASIA
11 V.31!G8: 2023|4|Hong Kong|26||ASIA
12 V.31!H8: 2024|1|Hong Kong|28|**|ASIA
13 V.31!I8: 2024|2|Hong Kong|30|*|ASIA
14 V.31!J8: 2024|3|Hong Kong|32|**|ASIA
15 V.31!D9: 2023|1|Arab Saudi|1000||
`

func TestSEKIReadsTheShapeOfTableV31(t *testing.T) {
	for name, in := range map[string][]byte{"XLSX": sekiXLSX(t, table31()), "XLS": sekiXLS(t, table31())} {
		t.Run(name, func(t *testing.T) {
			got, err := decodeAll(newSEKI(group31), bytes.NewReader(in))
			if err != nil {
				t.Fatal(err)
			}
			text := lines(got)
			if !strings.HasPrefix(text, want31) {
				t.Errorf("got\n%s\nwant\n%s", text, want31)
			}
			if n := len(got.rows); n != 28 || strings.Join(got.rows[27], "|") != "2024|3||1648.5|**|" {
				t.Errorf("%d records, the last is %q", n, got.rows[n-1])
			}
		})
	}
}

// change gives the table with some cells changed.
func change(rows [][]any, cells map[string]any) [][]any {
	for at, value := range cells {
		col, _ := columnOf([]byte(at))
		row := 0
		fmt.Sscanf(strings.TrimLeft(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "%d", &row)
		for len(rows[row-1]) <= col {
			rows[row-1] = append(rows[row-1], nil)
		}
		rows[row-1][col] = value
	}
	return rows
}

// Whatever is wrong with a table is an error that names the cell, or a fault of
// the record: never other figures.
func TestSEKIChecksItsTable(t *testing.T) {
	for _, c := range []struct {
		name, want string
		cells      map[string]any
		change     func(*SEKI)
	}{
		{name: "a wrong figure", cells: map[string]any{"F9": 1201, "O9": 1201}, want: "cell F10: the rows add up to 1237, not to the 1236"},
		{name: "a wrong sum of a group", cells: map[string]any{"H6": 43, "Q6": 43}, want: "cell H6: the rows add up to 42"},
		{name: "a sum that is not known for one", change: func(s *SEKI) { s.Groups = nil }, want: "cell D10: the rows add up to 1060"},
		{name: "a total that is missing", cells: map[string]any{"E10": nil, "N10": nil}, want: "cell E10: the total is missing"},
		{name: "no row of totals", cells: map[string]any{"B10": "Lainnya"}, want: "no row of totals"},
		{name: "two rows of totals", cells: map[string]any{"B9": "Jumlah"}, want: "second row of totals"},
		{name: "halves that differ", cells: map[string]any{"M9": 1001}, want: "cell M9 and cell D9"},
		{name: "a year over the wrong quarters", cells: map[string]any{"H4": 2025, "J4": nil}, want: "cell H4: the quarters jump from 2023-Q4 to 2025-Q1"},
		{name: "two years over one run", cells: map[string]any{"E4": 2022}, want: "cell E4: 2022 stands over the same run"},
		{name: "no years", cells: map[string]any{"D4": nil, "J4": nil, "M4": nil, "S4": nil}, want: "no row holds years"},
		{name: "text among the figures", cells: map[string]any{"E7": "sebelas"}, want: "cell E7 holds no number"},
		{name: "an error value", cells: map[string]any{"E7": "#REF!"}, want: "cell E7 holds no number"},
		{name: "an English number in the Indonesian half", cells: map[string]any{"G9": "1,300.0"}, want: "cell G9 holds no number"},
		{name: "values without a label", cells: map[string]any{"B9": nil}, want: "row 9 has values and no label"},
		{name: "another unit", cells: map[string]any{"B2": "(Ribu USD)"}, want: "correct expect and units"},
		{name: "no such sheet", change: func(s *SEKI) { s.Sheet = "V.30" }, want: "there are:"},
		{name: "wrong settings", change: func(s *SEKI) { s.Columns, s.Decimal, s.Tolerance, s.MaxBytes = "months", "x", "-1", 0 }, want: "max_bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := sekiXLS(t, change(table31(), c.cells))
			_, err := decodeAll(newSEKI(func(s *SEKI) {
				group31(s)
				if c.change != nil {
					c.change(s)
				}
			}), bytes.NewReader(in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func TestSEKIReadsOtherShapes(t *testing.T) {
	annual := [][]any{
		{"V.30. JUMLAH TKI MENURUT NEGARA PENEMPATAN (Ribu orang)"}, {},
		{nil, "Negara", 2021, 2022, "2023*", "DESCRIPTION"},
		{nil, "(1)", 1, 2, 3, "(1)"},
		{nil, "Malaysia", 1000, 1100, 1200, "Malaysia"}, {nil, "Taiwan", 200, 210, 220, "Taiwan"},
		{nil, "Jumlah/Total", 1200, 1310, 1420, "Total"},
	}
	mixed := [][]any{
		{"Negara", 2021, 2022, nil, nil, nil, nil, nil, 2023},
		{nil, nil, "I", "II", "III", "IV", "Total", "Q1", "Tw. II"},
		{"Total", 10, 1, 2, 3, 4, 10, 5, 6}, {"Malaysia", 6, 1, 1, 1, 1, 4, 2, 3}, {"Taiwan", 4, 0, 1, 2, 3, 6, 3, 3},
	}
	rounded := [][]any{{"Negara", 2021, 2022}, {"A", 0.34, 0.3333333333333333}, {"B", 0.34, 0.1 + 0.2}, {"C", 0.34, 5.5}, {"Total", 1.01, 6.1333333333333337}}
	for _, c := range []struct {
		name, want string
		in         [][]any
		change     func(*SEKI)
	}{
		{name: "a table by year", in: annual, want: "year|quarter|country|value|mark|group\n1 V.31!C5: 2021||Malaysia|1000||\n2 V.31!D5: 2022||Malaysia|1100||\n3 V.31!E5: 2023||Malaysia|1200|*|\n" +
			"4 V.31!C6: 2021||Taiwan|200||\n5 V.31!D6: 2022||Taiwan|210||\n6 V.31!E6: 2023||Taiwan|220|*|\n7 V.31!C7: 2021|||1200||\n8 V.31!D7: 2022|||1310||\n9 V.31!E7: 2023|||1420|*|\n"},
		{name: "years before quarters, totals first, years only", in: mixed, change: func(s *SEKI) { s.Columns, s.Totals = "years", false },
			want: "year|quarter|country|value|mark|group\n1 V.31!B4: 2021||Malaysia|6||\n2 V.31!G4: 2022||Malaysia|4||\n3 V.31!B5: 2021||Taiwan|4||\n4 V.31!G5: 2022||Taiwan|6||\n"},
		{name: "quarters only", in: mixed, change: func(s *SEKI) { s.Totals = false }, want: "year|quarter|country|value|mark|group\n" +
			"1 V.31!C4: 2022|1|Malaysia|1||\n2 V.31!D4: 2022|2|Malaysia|1||\n3 V.31!E4: 2022|3|Malaysia|1||\n4 V.31!F4: 2022|4|Malaysia|1||\n5 V.31!H4: 2023|1|Malaysia|2||\n6 V.31!I4: 2023|2|Malaysia|3||\n" +
			"7 V.31!C5: 2022|1|Taiwan|0||\n8 V.31!D5: 2022|2|Taiwan|1||\n9 V.31!E5: 2022|3|Taiwan|2||\n10 V.31!F5: 2022|4|Taiwan|3||\n11 V.31!H5: 2023|1|Taiwan|3||\n12 V.31!I5: 2023|2|Taiwan|3||\n"},
		{name: "figures that were rounded", in: rounded, change: func(s *SEKI) { s.Totals, s.Decimals = false, 4 },
			want: "year|quarter|country|value|mark|group\n1 V.31!B2: 2021||A|0.34||\n2 V.31!C2: 2022||A|0.3333||\n3 V.31!B3: 2021||B|0.34||\n4 V.31!C3: 2022||B|0.3||\n5 V.31!B4: 2021||C|0.34||\n6 V.31!C4: 2022||C|5.5||\n"},
		{name: "a label twice", in: [][]any{{"Negara", 2021, 2022}, {"Lainnya", 1, 2}, {"Lainnya", 3, nil}, {"Total", 4, 2}}, change: func(s *SEKI) { s.Totals = false },
			want: "year|quarter|country|value|mark|group\n1 V.31!B2: 2021||Lainnya|1||\n2 V.31!C2: 2022||Lainnya|2||\n3 V.31!B3: 2021||Lainnya|3|| !malformed_record\n"},
	} {
		for kind, in := range map[string][]byte{"XLS": sekiXLS(t, c.in), "XLSX": sekiXLSX(t, c.in)} {
			t.Run(c.name+", "+kind, func(t *testing.T) {
				got, err := decodeAll(newSEKI(c.change), bytes.NewReader(in))
				if err != nil || lines(got) != c.want {
					t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
				}
			})
		}
	}
}

// Whole numbers must add up exactly unless a tolerance is set.
func TestSEKITolerance(t *testing.T) {
	in := sekiXLS(t, [][]any{{"Negara", 2021, 2022}, {"A", 1, 1}, {"B", 2, 2}, {"Total", 4, 3}})
	if _, err := decodeAll(newSEKI(nil), bytes.NewReader(in)); err == nil || !strings.Contains(err.Error(), "cell B4") {
		t.Errorf("got %v", err)
	}
	if _, err := decodeAll(newSEKI(func(s *SEKI) { s.Tolerance = "1" }), bytes.NewReader(in)); err != nil {
		t.Error(err)
	}
}

// sekiRecords are countries of one quarter, and sekiOf the table that says them.
func sekiRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{"2024", "3", fmt.Sprintf("Negara %05d", i), fmt.Sprint(i), "", ""}
	}
	return rows
}

func sekiOf(t testing.TB, _ []string, rows [][]string) []byte {
	cells := [][]any{{"Negara", 2024}, {nil, "III"}}
	total := 0
	for i, r := range rows {
		cells = append(cells, []any{r[2], i})
		total += i
	}
	return sekiXLS(t, append(cells, []any{"Jumlah", total}))
}

func FuzzSEKI(f *testing.F) {
	f.Add(sekiXLS(f, table31()), true)
	f.Add(sekiXLS(f, [][]any{{"Negara", 2021, "2022*"}, {"A", 1, "1,5"}, {"Total", 1, "1,5"}}), false)
	f.Add(sekiXLSX(f, table31()), true)
	f.Fuzz(func(t *testing.T, in []byte, grouped bool) {
		checkDecoder(t, newSEKI(func(s *SEKI) {
			if s.MaxBytes = 1 << 20; grouped {
				s.Groups = []string{"ASIA"}
			}
		}), in)
	})
}

// FuzzSEKIHeader makes up headers: letters stand for what header cells say.
func FuzzSEKIHeader(f *testing.F) {
	for _, seed := range []string{"a123423412", "1234a1234b", "12a34.1b23", "abc", "1t2x1a2"} {
		f.Add(seed, "5678")
	}
	words := map[rune][2]any{'1': {nil, "I"}, '2': {nil, "II"}, '3': {nil, "Q3"}, '4': {nil, "IV*"}, 'a': {2021, nil}, 'b': {2022, "I"}, 'c': {"2023**", "II"}, 't': {nil, "Total"}, 'x': {"KETERANGAN", nil}}
	f.Fuzz(func(t *testing.T, header, figures string) {
		rows := [][]any{{"Negara"}, {nil}, {"A"}, {"Total"}}
		for i, r := range header[:min(len(header), 200)] {
			word := words[r]
			value := any(nil)
			if i < len(figures) {
				value = int(figures[i])
			}
			rows[0], rows[1], rows[2], rows[3] = append(rows[0], word[0]), append(rows[1], word[1]), append(rows[2], value), append(rows[3], value)
		}
		got, err := decodeAll(newSEKI(func(s *SEKI) { s.Columns = "all" }), bytes.NewReader(sekiXLS(t, rows)))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, r := range got.rows {
			if key := strings.Join(r[:3], "|"); seen[key] {
				t.Fatalf("two figures for %s", key)
			} else {
				seen[key] = true
			}
		}
	})
}
