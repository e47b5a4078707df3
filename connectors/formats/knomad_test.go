package formats

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func newKNOMAD(change func(*KNOMAD)) *KNOMAD {
	kind, _ := Lookup("knomad")
	s := kind.New().(*KNOMAD)
	if change != nil {
		change(s)
	}
	return s
}

// bilateral is made in the shape of the matrix of 2017.
func bilateral() [][]any {
	return [][]any{
		{"Bilateral Remittance Estimates for 2017 (millions of US$) (April 2018 Version)"},
		{"receiving (across) / sending (down) ", "Indonesia", "Korea, Rep.", "Bahamas, The", "WORLD"},
		{"Indonesia", 0, 1.5, 0, 1.5},
		{"Korea, Rep.", 10.25, 0, "-", 10.25},
		{"Bahamas, The", 0, 2, 0, 2},
		{"WORLD", 10.25, 3.5, 0.75, 14.5},
		{},
		{"Notes:"},
		{"Estimates after a method of 2007."},
	}
}

const bilateralWant = `sender|receiver|value|year
1 Sheet1!B3: Indonesia|Indonesia|0|2017
2 Sheet1!C3: Indonesia|Korea, Rep.|1.5|2017
3 Sheet1!D3: Indonesia|Bahamas, The|0|2017
4 Sheet1!B4: Korea, Rep.|Indonesia|10.25|2017
5 Sheet1!C4: Korea, Rep.|Korea, Rep.|0|2017
6 Sheet1!B5: Bahamas, The|Indonesia|0|2017
7 Sheet1!C5: Bahamas, The|Korea, Rep.|2|2017
8 Sheet1!D5: Bahamas, The|Bahamas, The|0|2017
`

func bilateralXLSX(t testing.TB, rows [][]any) []byte {
	return workbookOf(t, func(f *excelize.File) {
		for r, row := range rows {
			for c, cell := range row {
				if cell != nil {
					must(t, f.SetCellValue("Sheet1", cellName(r, c), cell))
				}
			}
		}
		must(t, f.MergeCell("Sheet1", "A1", "E1"))
	})
}

func bilateralCSV(rows [][]any) []byte {
	var out strings.Builder
	for _, row := range rows {
		for _, cell := range row {
			if cell != nil {
				fmt.Fprint(&out, cell)
			}
			out.WriteByte(';')
		}
		out.WriteString("\r\n")
	}
	return []byte(out.String())
}

func TestKNOMADReadsTheShapeOfTheMatrix(t *testing.T) {
	expect := func(s *KNOMAD) { s.Expect = []string{"millions of US$", "receiving (across) / sending (down)"} }
	for name, in := range map[string][]byte{
		"XLSX": bilateralXLSX(t, bilateral()),
		"XLS":  (&xlsBook{sheets: []xlsSheet{{name: "Sheet1", rows: bilateral()}}}).bytes(t),
		"CSV":  bilateralCSV(bilateral()),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := decodeAll(newKNOMAD(expect), bytes.NewReader(in))
			if text := strings.ReplaceAll(lines(got), "text!", "Sheet1!"); err != nil || text != bilateralWant {
				t.Errorf("got\n%s%v\nwant\n%s", text, err, bilateralWant)
			}
		})
	}
}

// The older layout: delimited text in ISO 8859-1, an empty column at the end, blanks
// beside zeros, no title.
func TestKNOMADReadsTheOldLayout(t *testing.T) {
	in := ";Cura\xe7ao;\"Korea, Rep.\";Indonesia;WORLD;\r\nIndonesia;0;;1,234.5;1234.5;\r\nKorea, Rep.;1;0;..;1;\r\nWORLD;1;0;1234.5;1235.5;\r\n"
	got, err := decodeAll(newKNOMAD(func(s *KNOMAD) { s.Year, s.Down, s.Across = "2010", "origin", "destination" }), strings.NewReader(in))
	const want = "origin|destination|value|year\n1 text!B2: Indonesia|Curaçao|0|2010\n2 text!D2: Indonesia|Indonesia|1234.5|2010\n" +
		"3 text!B3: Korea, Rep.|Curaçao|1|2010\n4 text!C3: Korea, Rep.|Korea, Rep.|0|2010\n"
	if err != nil || lines(got) != want {
		t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, want)
	}
}

func TestKNOMADRefuses(t *testing.T) {
	with := func(cells map[string]any) []byte { return bilateralCSV(change(bilateral(), cells)) }
	for _, c := range []struct {
		name, want string
		in         []byte
		change     func(*KNOMAD)
	}{
		{name: "a figure that is another", in: with(map[string]any{"C3": 1.6}), want: "cell C6: the figures add up to 3.60, not to the 3.50"},
		{name: "two figures that make up for each other in their column", in: with(map[string]any{"C3": 2.5, "C5": 1}), want: "cell E3: the figures add up to 2.50, not to the 1.50"},
		{name: "a total below what is there", in: with(map[string]any{"D3": 0.8, "E3": 2.3, "E6": 15.3}), want: "cell D6"},
		{name: "no row of totals", in: bilateralCSV(bilateral()[:5]), want: `no row "WORLD"`},
		{name: "a total that is missing", in: with(map[string]any{"C6": nil}), want: "cell C6: the total is missing"},
		{name: "a number below the totals", in: with(map[string]any{"B8": 7}), want: "cell B8 holds a number"},
		{name: "a number without a country", in: with(map[string]any{"A4": nil}), want: "its row is no country's"},
		{name: "a column without a country", in: with(map[string]any{"F4": 7}), want: "cell F4 holds something"},
		{name: "a country twice down", in: with(map[string]any{"A4": "indonesia"}), want: "stands in row 3 already"},
		{name: "a country twice across", in: with(map[string]any{"C2": "indonesia"}), want: "cell C2 names a country"},
		{name: "a text among the figures", in: with(map[string]any{"B3": "x"}), want: "cell B3 holds no number"},
		{name: "a number that cannot be", in: with(map[string]any{"B3": "1e300"}), want: "cell B3 holds no number"},
		{name: "another unit", in: bilateralCSV(bilateral()), change: func(s *KNOMAD) { s.Expect = []string{"billions of US$"} }, want: `"billions of US$" does not stand`},
		{name: "no year", in: with(map[string]any{"A1": "Estimates"}), want: "set year"},
		{name: "no table", in: []byte("a;b\n1;2\n"), want: "no row holds"},
		{name: "a header alone", in: bilateralCSV(bilateral()[:2]), want: "no rows stand"},
		{name: "no sheet", in: bilateralXLSX(t, bilateral()), change: func(s *KNOMAD) { s.Sheet = "x" }, want: "Sheet1"},
		{name: "too large", in: bilateralCSV(bilateral()), change: func(s *KNOMAD) { s.MaxBytes = 10 }, want: "10 bytes"},
		{name: "a quote that does not pair", in: []byte("\"a;b;c;d\n1;2;3\n"), want: "line 1"},
		{name: "settings: names", change: func(s *KNOMAD) { s.Down = s.Across }, want: "down and across"},
		{name: "settings: year", change: func(s *KNOMAD) { s.Year = "17" }, want: "year"},
		{name: "settings: decimal", change: func(s *KNOMAD) { s.Decimal = "'" }, want: "decimal"},
		{name: "settings: tolerance", change: func(s *KNOMAD) { s.Tolerance = "much" }, want: "tolerance"},
		{name: "settings: total", change: func(s *KNOMAD) { s.Total = "" }, want: "total"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newKNOMAD(c.change), bytes.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "object") {
				t.Errorf("got error %v, want one with %q that names the object", err, c.want)
			}
		})
	}
	rounded := with(map[string]any{"C3": 1.6})
	if _, err := decodeAll(newKNOMAD(func(s *KNOMAD) { s.Tolerance = "0.5" }), bytes.NewReader(rounded)); err != nil {
		t.Errorf("within tolerance: %v", err)
	}
	if _, err := decodeAll(newKNOMAD(func(s *KNOMAD) { s.Total = "none" }), bytes.NewReader(bilateralCSV(bilateral()[:5]))); err != nil {
		t.Errorf("without totals: %v", err)
	}
}

func realKNOMAD(t testing.TB) []byte {
	in, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "worldbank", "WB_Bilateral_Remittance_Estimates_2017.xlsx"))
	if err != nil {
		t.Skip("the real matrix is not at hand")
	}
	return in
}

// The matrix of 2017: 214 countries by 214, of which four pairs are "-"; its totals
// hold, and its figures add up to what excelize reads.
func TestKNOMADReadsTheRealMatrix(t *testing.T) {
	in := realKNOMAD(t)
	got, err := decodeAll(newKNOMAD(func(s *KNOMAD) { s.Expect = []string{"millions of US$", "receiving (across) / sending (down)"} }), bytes.NewReader(in))
	must(t, err)
	if len(got.rows) != 214*214-4 {
		t.Errorf("%d pairs", len(got.rows))
	}
	pairs, zeros := map[string]string{}, 0
	for _, row := range got.rows {
		pairs[row[0]+">"+row[1]] = row[2]
		if row[2] == "0" {
			zeros++
		}
		if row[3] != "2017" {
			t.Fatalf("year %s", row[3])
		}
	}
	if zeros < 30_000 || zeros > len(pairs)-5_000 {
		t.Errorf("%d of %d are zero", zeros, len(pairs))
	}
	f, err := excelize.OpenReader(bytes.NewReader(in))
	must(t, err)
	theirs, err := f.GetRows(f.GetSheetName(0), excelize.Options{RawCellValue: true})
	must(t, err)
	names, sum, want := theirs[1], new(big.Rat), new(big.Rat)
	for _, row := range theirs[2:216] {
		for col := 1; col < 215; col++ {
			ours, ok := pairs[row[0]+">"+names[col]]
			if ok != (row[col] != "-") {
				t.Fatalf("%s to %s: excelize reads %q, we have a figure: %v", row[0], names[col], row[col], ok)
			}
			if !ok {
				continue
			}
			a, _ := parsePlain([]byte(ours))
			b, _ := parsePlain([]byte(row[col]))
			sum.Add(sum, a)
			want.Add(want, b)
		}
	}
	if sum.Cmp(want) != 0 {
		t.Errorf("the figures add up to %s, excelize's to %s", sum.FloatString(3), want.FloatString(3))
	}
}

func FuzzKNOMAD(f *testing.F) {
	f.Add(bilateralCSV(bilateral()))
	f.Add(bilateralXLSX(f, bilateral()))
	f.Add((&xlsBook{sheets: []xlsSheet{{name: "Sheet1", rows: bilateral()}}}).bytes(f))
	f.Add([]byte("2010;a;b;c\nx;1;..;\nWORLD;1;;\n"))
	f.Add([]byte("2010\na,b,c,WORLD\n\"x\",1,2e-3,1\nWORLD,1,,\n7\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		checkDecoder(t, newKNOMAD(func(s *KNOMAD) { s.MaxBytes = 1 << 20 }), in)
	})
}

// knomadRecords are pairs for the conformance suite; four receivers a sender.
func knomadRecords(n int) [][]string {
	out := make([][]string, n)
	for i := range out {
		out[i] = []string{fmt.Sprintf("Land %d", i/4), fmt.Sprintf("Receiver %d", i%4), fmt.Sprintf("%d.25", i), "2017"}
	}
	return out
}

var knomadHeader = []string{"sender", "receiver", "value", "year"}

// knomadOf writes pairs as a matrix in delimited text, with its totals.
func knomadOf(t testing.TB, _ []string, rows [][]string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	must(t, w.Write([]string{"Estimates for 2017"}), w.Write([]string{"", "Receiver 0", "Receiver 1", "Receiver 2", "Receiver 3"}))
	totals := make([]big.Rat, 4)
	for i := 0; i < len(rows); i += 4 {
		line := []string{rows[i][0], "", "", "", ""}
		for k := i; k < min(i+4, len(rows)); k++ {
			line[1+k-i] = rows[k][2]
			v, _ := parsePlain([]byte(rows[k][2]))
			totals[k-i].Add(&totals[k-i], v)
		}
		must(t, w.Write(line))
	}
	last := []string{"WORLD"}
	for i := range totals {
		last = append(last, totals[i].FloatString(2))
	}
	must(t, w.Write(last))
	w.Flush()
	return out.Bytes()
}
