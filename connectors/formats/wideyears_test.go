package formats

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newWideYears(change func(*WideYears)) *WideYears {
	kind, _ := Lookup("wide_years")
	s := kind.New().(*WideYears)
	if change != nil {
		change(s)
	}
	return s
}

const wide = `nama_resmi,2011,2024.0,2025,rerata,satuan
Blitar,11366,10652.0,1860.0,7429.8,orang
Kota Blitar,107,,,177.0,orang
`

func TestWideYears(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*WideYears)
	}{
		{"every year", wide, `nama_resmi|rerata|satuan|year|value
1 line 2, column 2: Blitar|7429.8|orang|2011|11366
2 line 2, column 3: Blitar|7429.8|orang|2024|10652.0
3 line 2, column 4: Blitar|7429.8|orang|2025|1860.0
4 line 3, column 2: Kota Blitar|177.0|orang|2011|107
`, nil},
		{"some years", wide, `nama_resmi|satuan|year|value
1 line 2, column 3: Blitar|orang|2024|10652.0
`, func(s *WideYears) { s.Drop, s.FirstYear, s.LastYear = []string{"Rerata"}, 2012, 2024 }},
		{"items", `{"success":true,"result":{"records":[{"_id":1,"JENIS BENCANA":"Banjir","2010.0":950,"2011.0":null},{"_id":2,"JENIS BENCANA":"Gempa","2010.0":12.50,"2012.0":"7"}]}}`,
			`_id|JENIS BENCANA|year|value
1 item 1, column 3: 1|Banjir|2010|950
2 item 2, column 3: 2|Gempa|2010|12.50
3 item 2, column 5: 2|Gempa|2012|7
`, func(s *WideYears) { s.ItemsPath = "result.records" }},
		{"no items", `{"data":[]}`, "\n", func(s *WideYears) { s.ItemsPath = "data" }},
		{"names that are ours", "value,year,2024\na,b,1\n", "value|year|year_2|value_2|\n", nil},
		{"a line with a fault", "a,2023,2024\nx,1,2,3\ny,4,5\n", `a|year|value
1 line 2, column 2: x|2023|1 !ragged_row
2 line 3, column 2: y|2023|4
3 line 3, column 3: y|2024|5
`, nil},
		{"no lines", "a,2024\n", "\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newWideYears(c.change), strings.NewReader(c.in))
			if c.name == "names that are ours" {
				if err != nil || strings.Join(got.header, "|") != "value|year|year_2|value_2" {
					t.Errorf("%v %q", err, got.header)
				}
				return
			}
			if err != nil || lines(got) != c.want {
				t.Errorf("%v\n%s", err, lines(got))
			}
		})
	}
}

func TestWideYearsRefuses(t *testing.T) {
	for _, c := range []struct {
		in, want string
		change   func(*WideYears)
	}{
		{"a,b\n1,2\n", "no column is called after a year", nil},
		{"a,b\n", "no column is called after a year", nil},
		{"a,2024,2024.0\n1,2,3\n", "year 2024 twice", nil},
		{"a,2024\n1,2\n", "no column is called after a year that is wanted", func(s *WideYears) { s.LastYear = 2023 }},
		{"a,2024\n1,2\n", "first_year and last_year", func(s *WideYears) { s.FirstYear, s.LastYear = 2025, 2024 }},
		{"a,2024\n1,2\n", "header_row", func(s *WideYears) { s.HeaderRow = 0 }},
		{`{"data":[{"a":1,"b":2}]}`, "no column is called after a year", func(s *WideYears) { s.ItemsPath = "data" }},
		{`{"data":[{"2024":1}`, "the text ends", func(s *WideYears) { s.ItemsPath = "data" }},
		{`[]`, "empty part", func(s *WideYears) { s.ItemsPath = "data." }},
		{"a,2024\n1,2\n3,4\n", "max_rows", func(s *WideYears) { s.MaxRows = 1 }},
	} {
		if _, err := decodeAll(newWideYears(c.change), strings.NewReader(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q in it", c.in, err, c.want)
		}
	}
}

// A real file of placements by regency: every cell that holds something is a record, and no other.
func TestWideYearsReadsARealFile(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "pmi", "bp2mi_jatim_2011_2025_final.csv"))
	if err != nil {
		t.Skip("the real file is not at hand")
	}
	plain, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, line := range plain[1:] {
		for col := 1; col <= 15; col++ {
			if line[col] != "" {
				want = append(want, strings.Join([]string{line[0], plain[0][col], line[col]}, "|"))
			}
		}
	}
	got, err := decodeAll(newWideYears(func(s *WideYears) { s.Drop = []string{"avg_2016_2020", "avg_all_avail", "n_years"} }), bytes.NewReader(data))
	if err != nil || len(got.rows) != len(want) {
		t.Fatalf("%d records, want %d, %v", len(got.rows), len(want), err)
	}
	for i, row := range got.rows {
		if strings.Join(row, "|") != want[i] {
			t.Errorf("record %d is %q, want %q", i+1, row, want[i])
		}
	}
}

// wideRecords are three years of as many places as are needed, and wideOf the table that says them.
func wideRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("Kabupaten %05d", i/3), fmt.Sprint(2022 + i%3), fmt.Sprintf("%d.0", i)}
	}
	return rows
}

func wideOf(_ testing.TB, _ []string, rows [][]string) []byte {
	out := []byte("nama,2022,2023,2024")
	for i, r := range rows {
		if i%3 == 0 {
			out = fmt.Appendf(out, "\n%s", r[0])
		}
		out = fmt.Appendf(out, ",%s", r[2])
	}
	return append(append(out, strings.Repeat(",", (3-len(rows)%3)%3)...), '\n')
}

func FuzzWideYears(f *testing.F) {
	f.Add([]byte(wide), 0, "")
	f.Add([]byte("a;2024;2025\r\nx;1;\r\n\"y\nz\";;2\r\n"), 2024, "")
	f.Add([]byte(`{"result":{"records":[{"_id":1,"JENIS":"Banjir","2010.0":950},{"2011":7}]}}`), 0, "result.records")
	f.Fuzz(func(t *testing.T, in []byte, last int, path string) {
		checkDecoder(t, newWideYears(func(s *WideYears) { s.LastYear, s.ItemsPath = last, path }), in)
	})
}
