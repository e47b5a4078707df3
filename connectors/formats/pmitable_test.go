package formats

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newPMITable(change func(*PMITable)) *PMITable {
	kind, _ := Lookup("pmi_table")
	s := kind.New().(*PMITable)
	if change != nil {
		change(s)
	}
	return s
}

func misread(s *PMITable) { s.ThousandsAsDecimals = true }

// pmi24 is a table in the shape of a real extraction, damaged as it was: the label beside its header, the row of totals
// shifted by one column, thousands dots read as decimal points.
const pmi24 = `NO,Unnamed: 0,NEGARA,2022,2023,2024,JUMLAH
1.0,Hong Kong,,60.065,88.167,,148.232
2.0,Jepang,,5.832,9.673,12.72,28.225
3.0,Brunei  Darussalam,,513.0,2.87,0.0,3.383
,,Jumlah,66.41,100.71,12.72,179.84
,,Sumber: SISKOP2MI,,,,
`

func TestPMITableRepairsWhatItsTotalsProve(t *testing.T) {
	const want = `label|year|value
1 line 2, column 4: Hong Kong|2022|60065
2 line 2, column 5: Hong Kong|2023|88167
3 line 3, column 4: Jepang|2022|5832
4 line 3, column 5: Jepang|2023|9673
5 line 3, column 6: Jepang|2024|12720
6 line 4, column 4: Brunei Darussalam|2022|513
7 line 4, column 5: Brunei Darussalam|2023|2870
8 line 4, column 6: Brunei Darussalam|2024|0
9 line 5, column 4: |2022|66410
10 line 5, column 5: |2023|100710
11 line 5, column 6: |2024|12720
`
	got, err := decodeAll(newPMITable(func(s *PMITable) { misread(s); s.Expect = []string{"negara"} }), strings.NewReader(pmi24))
	if err != nil || lines(got) != want {
		t.Errorf("%v\n%s", err, lines(got))
	}
	if got, err = decodeAll(newPMITable(func(s *PMITable) { misread(s); s.Totals = false }), strings.NewReader(pmi24)); err != nil || len(got.rows) != 8 {
		t.Errorf("without totals: %d records, %v", len(got.rows), err)
	}
	// An undamaged table needs no repair, and one without a column of totals none.
	plain := "Negara;2023;2024.0\nMalaysia;72.257;51723\nTaiwan;1.083.142;84.581\nTaiwan;1;-\nTOTAL;1.155.400;136.304\n"
	got, err = decodeAll(newPMITable(func(s *PMITable) { s.Total = "Total" }), strings.NewReader(plain))
	if err != nil || len(got.rows) != 7 || got.rows[2][2] != "1083142" || got.faults[4] != MalformedRecord {
		t.Errorf("%v\n%s", err, lines(got))
	}
}

// Whatever is changed in the damaged table, it is refused, and the error says where.
func TestPMITableTakesNothingThatIsNotProven(t *testing.T) {
	for _, c := range []struct {
		name, old, new, want string
		change               func(*PMITable)
	}{
		{"no repair declared", "", "", "line 3, column 6 (2024) holds a number with decimals, and persons have none", func(s *PMITable) { s.ThousandsAsDecimals = false }},
		{"a misread cell", "9.673", "9.763", "line 5, column 5 (2023): the rows add up to 100800, not to the 100710", nil},
		{"a thousand that lost its zeros", "Brunei  Darussalam,,513.0,2.87,0.0,3.383\n,,Jumlah,66.41", "Brunei  Darussalam,,12.0,2.87,0.0,14.87\n,,Jumlah,77.897", "12.0 stands for 12000", nil},
		{"a row left out", "2.0,Jepang,,5.832,9.673,12.72,28.225\n", "", "line 4, column 4 (2022): the rows add up to", nil},
		{"a row's own total", "148.232", "148.233", "line 2, column 7 (JUMLAH): the years add up to 148232, not to the 148233", nil},
		{"no total of a row", "148.232", "", "line 2, column 7 (JUMLAH): the total of the row is missing", nil},
		{"the total of all", "179.84", "179.841", "line 5, column 7", nil},
		{"no total of a year", "66.41", "", "the total is missing", nil},
		{"a shifted cell", "5.832,9.673,12.72", ",5.832,9.673", "line 5, column 4 (2022)", nil},
		{"no row of totals", ",,Jumlah,66.41,100.71,12.72,179.84\n,,Sumber: SISKOP2MI,,,,\n", "", "no row of totals (Jumlah)", nil},
		{"only totals", pmi24[strings.Index(pmi24, "1.0,"):strings.Index(pmi24, ",,Jumlah")], "", "no row above", nil},
		{"a number without label", "Hong Kong", "", "line 2 has numbers and no label", nil},
		{"a label without numbers", "Hong Kong,,60.065,88.167,,148.232", "ASIA,,,,,", "line 2 has no number", nil},
		{"two labels", "Hong Kong,", "Hong Kong,ASIA", "line 2 has two texts", nil},
		{"a second table", ",,Sumber: SISKOP2MI,,,,", ",A,,1.0,,,1.0", "line 6 stands below the row of totals", nil},
		{"a text among the years", "88.167", "88 ribu", "line 2, column 5 (2023) holds no whole number", nil},
		{"a thousand of nothing", "513.0", "0.513", "line 4, column 4 (2022) holds no whole number", nil},
		{"a year twice", "2023", "2022.0", "year 2022 twice", nil},
		{"no years", "2022,2023,2024", "a,b,c", "no column is called after a year", nil},
		{"a column among the years", "2023", "%", "column 5 stands among the years", nil},
		{"totals before the years", "NO,Unnamed: 0,NEGARA,2022,2023,2024,JUMLAH", "JUMLAH,Unnamed: 0,NEGARA,2022,2023,2024,%", "(column 1) stands before the years", func(s *PMITable) { s.Drop = []string{"%"} }},
		{"totals twice", "NO,", "Jumlah,", "two columns are called Jumlah", nil},
		{"another table", "", "", `no column is called "JABATAN"`, func(s *PMITable) { s.Expect = []string{"JABATAN"} }},
		{"a ragged line", "28.225", "28.225,7", "line 3: the record has 8 cells", nil},
		{"no total to look for", "", "", "total: name the row", func(s *PMITable) { s.Total = " " }},
		{"no header", "", "", "header_row: must be at least 1", func(s *PMITable) { s.HeaderRow = 0 }},
		{"nothing at all", pmi24, "", "there is no header row", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newPMITable(func(s *PMITable) {
				misread(s)
				if c.change != nil {
					c.change(s)
				}
			}), strings.NewReader(strings.Replace(pmi24, c.old, c.new, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) || len(got.rows) > 0 {
				t.Errorf("%d records and %v, want %q in it", len(got.rows), err, c.want)
			}
		})
	}
}

// Columns of shares are left out by name, and so are lines above the header.
func TestPMITableDropsColumns(t *testing.T) {
	in := "Tabel 24,,\nNegara,Kawasan,2023,%,2024\nMalaysia,ASEAN,1.5,60,2.0\nJepang,Asia,1.0,40,3.0\nJumlah,,1.501,100,5.0\n"
	got, err := decodeAll(newPMITable(func(s *PMITable) { misread(s); s.Drop, s.HeaderRow = []string{"%", "kawasan"}, 2 }), strings.NewReader(in))
	if err != nil || len(got.rows) != 6 || got.rows[0][2] != "1500" {
		t.Errorf("%v\n%s", err, lines(got))
	}
}

// The real extraction of table 24 of the publication of 2024, and the totals that were printed.
func TestPMITableRepairsARealTable(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "pmi", "tabel_24_Penempatan_Negara_2022-2024.csv"))
	if err != nil {
		t.Skip("the real table is not at hand")
	}
	got, err := decodeAll(newPMITable(misread), bytes.NewReader(data))
	if err != nil || len(got.rows) != 27*3 {
		t.Fatalf("%d records, %v", len(got.rows), err)
	}
	text := lines(got)
	for _, want := range []string{": Hong Kong|2024|99773\n", ": Jepang|2024|12720\n", ": Brunei Darussalam|2022|513\n", ": Kroasia|2022|0\n", ": Zambia|2024|857\n",
		": |2022|200717\n", ": |2023|297108\n", ": |2024|297434\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q", want)
		}
	}
	// As it stands, the file is refused; and so is any single digit that is changed.
	if _, err := decodeAll(newPMITable(nil), bytes.NewReader(data)); err == nil || !strings.Contains(err.Error(), "thousands_as_decimals") {
		t.Errorf("without the repair: %v", err)
	}
	table := string(data)
	start := strings.Index(table, "Hong Kong")
	for i := start; i < len(table); i++ {
		if line := table[:i]; table[i] < '0' || table[i] > '9' || !strings.Contains(line[strings.LastIndexByte(line, '\n')+1:], ",,") && !strings.Contains(line[strings.LastIndexByte(line, '\n')+1:], "Jumlah") {
			continue
		}
		changed := table[:i] + string('0'+(table[i]-'0'+1)%10) + table[i+1:]
		if _, err := decodeAll(newPMITable(misread), strings.NewReader(changed)); err == nil {
			t.Errorf("a digit changed at byte %d, and nobody notices", i)
		}
	}
}

// pmiRecords are three years of as many countries as are needed, and pmiOf the table that says them.
func pmiRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("Negara %05d", i/3), fmt.Sprint(2022 + i%3), fmt.Sprint(i)}
	}
	return rows
}

func pmiOf(_ testing.TB, _ []string, rows [][]string) []byte {
	out := []byte("NO,Unnamed: 0,NEGARA,2022,2023,2024,JUMLAH")
	var totals [3]int
	for i, r := range rows {
		if i%3 == 0 {
			out = fmt.Appendf(out, "\n%d.0,%s,", i/3+1, r[0])
		}
		out = fmt.Appendf(out, ",%s", r[2])
		totals[i%3] += i
		if i%3 == 2 || i == len(rows)-1 {
			sum := 0
			for k := i - i%3; k <= i; k++ {
				sum += k
			}
			out = fmt.Appendf(out, "%s,%d", strings.Repeat(",", 2-i%3), sum)
		}
	}
	return fmt.Appendf(out, "\n,,Jumlah,%d,%d,%d,%d\n", totals[0], totals[1], totals[2], totals[0]+totals[1]+totals[2])
}

func FuzzPMITable(f *testing.F) {
	f.Add([]byte(pmi24), true)
	f.Add([]byte("Negara;2023;2024.0\nMalaysia;72.257;51723\nTaiwan;1.083.142;84.581\nJumlah;1.155.399;136.304\n"), false)
	f.Fuzz(func(t *testing.T, in []byte, thousands bool) {
		checkDecoder(t, newPMITable(func(s *PMITable) { s.ThousandsAsDecimals = thousands }), in)
	})
}
