package formats

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

func newFixedWidth(change func(*FixedWidth)) *FixedWidth {
	kind, _ := Lookup("fixed_width")
	s := kind.New().(*FixedWidth)
	s.Columns = []FixedColumn{{Name: "id", Length: 3}, {Name: "nama", Length: 6}, {Name: "nominal", From: 11, Length: 5}}
	if change != nil {
		change(s)
	}
	return s
}

func TestFixedWidthReadsWhatPeopleSend(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*FixedWidth)
	}{
		{name: "plain", in: "001SARI  x 1000\n002BUDI    2000\n", want: "id|nama|nominal\n1 line 1: 001|SARI|1000\n2 line 2: 002|BUDI|2000\n"},
		{name: "CR LF, CR, no end", in: "001SARI    1000\r\n\r\n002BUDI    2000\r003TONO    3000", want: "id|nama|nominal\n1 line 1: 001|SARI|1000\n2 line 3: 002|BUDI|2000\n3 line 4: 003|TONO|3000\n"},
		{name: "characters", in: "001JOSÉ    1000\n", want: "id|nama|nominal\n1 line 1: 001|JOSÉ|1000\n"},
		{name: "bytes", in: "001JOSÉ   1000 \n", change: func(s *FixedWidth) { s.Unit = "bytes" }, want: "id|nama|nominal\n1 line 1: 001|JOSÉ|1000\n"},
		{name: "half a character", in: "001JOSEKÉ 1000\n", change: func(s *FixedWidth) { s.Unit = "bytes" }, want: "id|nama|nominal\n1 line 1: 001|JOSEK?|1000 !bad_encoding\n"},
		{name: "windows-1252", in: "001JOS\xc9    1000\n", change: func(s *FixedWidth) { s.Encoding = "windows-1252" }, want: "id|nama|nominal\n1 line 1: 001|JOSÉ|1000\n"},
		{name: "not UTF-8", in: "001JOS\xc9    1000\n", want: "id|nama|nominal\n1 line 1: 001|JOS?|1000 !bad_encoding\n"},
		{name: "blanks kept", in: "001 ARI    1000\n", change: func(s *FixedWidth) { s.Trim = "none" }, want: "id|nama|nominal\n1 line 1: 001| ARI  | 1000\n"},
		{name: "blanks to the right taken away", in: "001 ARI    1000\n", change: func(s *FixedWidth) { s.Trim = "right" }, want: "id|nama|nominal\n1 line 1: 001| ARI| 1000\n"},
		{name: "short and long lines", in: "001SARI\n002BUDI    2000 x\n003TONO    3000   \n", want: "id|nama|nominal\n1 line 1: 001|SARI| !ragged_row\n2 line 2: 002|BUDI|2000 !ragged_row\n3 line 3: 003|TONO|3000\n"},
		{name: "short lines padded", in: "001SARI\n", change: func(s *FixedWidth) { s.Short = "pad" }, want: "id|nama|nominal\n1 line 1: 001|SARI|\n"},
		{name: "filler behind the last column", in: "001SARI    1000xxxxx\n", change: func(s *FixedWidth) { s.Length = 20 }, want: "id|nama|nominal\n1 line 1: 001|SARI|1000\n"},
		{name: "title lines and a foot", in: "LAPORAN\n001SARI    1000\n-- 1 baris --  \n", change: func(s *FixedWidth) { s.FirstLine, s.StopAt = 2, []string{"--"} }, want: "id|nama|nominal\n1 line 2: 001|SARI|1000\n"},
		{name: "lines of several types", in: "D01SARI    1000\nK catatan\nD02BUDI    2000\nX\n\x1a", change: func(s *FixedWidth) { s.Records, s.OtherLines = []string{"D"}, []string{"K"} },
			want: "id|nama|nominal\n1 line 1: D01|SARI|1000\n2 line 3: D02|BUDI|2000\n3 line 4: || !malformed_record\n"},
		{name: "control records", in: "H20240101\n001SARI  T 1000\n002BUDI    2000\nT0000004000003000\n", change: func(s *FixedWidth) {
			s.Control = controlSettings{Header: "H", Trailer: "T", Count: "2-8", CountExtra: 2, Sums: []controlSum{{"nominal", "9-17"}}}
		}, want: "id|nama|nominal\n1 line 2: 001|SARI|1000\n2 line 3: 002|BUDI|2000\n"},
		{name: "a header that counts", in: "H01\n001SARI    1000\n", change: func(s *FixedWidth) { s.Control = controlSettings{Header: "H", Count: "2-3"} }, want: "id|nama|nominal\n1 line 2: 001|SARI|1000\n"},
		{name: "a cell like the trailer", in: "  T SARI   1000\nT1\n", change: func(s *FixedWidth) { s.Control = controlSettings{Trailer: "T", Count: "2-2"} }, want: "id|nama|nominal\n1 line 1: T|SARI|1000\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newFixedWidth(c.change), strings.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if lines(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", lines(got), c.want)
			}
		})
	}
}

func TestFixedWidthRefuses(t *testing.T) {
	const row = "001SARI    1000\n"
	control := func(s *FixedWidth) {
		s.Control = controlSettings{Trailer: "T", Count: "2-4", Sums: []controlSum{{"nominal", "5-9"}}}
	}
	for _, c := range []struct {
		name, in, want string
		change         func(*FixedWidth)
	}{
		{name: "a missing trailer", in: row, change: control, want: "cut short"},
		{name: "another count and sum", in: row + "T00201001\n", change: control, want: "counts 2, and 1 were read"},
		{name: "another sum", in: row + "T00101001\n", change: control, want: "nominal adds up to 1001, and the records give 1000"},
		{name: "a trailer that is cut", in: row + "T001\n", change: control, want: "no number where the sum of nominal"},
		{name: "lines below the trailer", in: row + "T00101000\n" + row, change: control, want: "line 3: lines stand below"},
		{name: "two trailers", in: "T00000000\nT00000000\n", change: control, want: "a second control record"},
		{name: "no header record", in: row, change: func(s *FixedWidth) { s.Control = controlSettings{Header: "H", Count: "2-3"} }, want: "line 1: this is no control record"},
		{name: "nothing", in: "", want: "0 lines"},
		{name: "too many records", in: row + row, change: func(s *FixedWidth) { s.MaxRows = 1 }, want: "max_rows"},
		{name: "a line without end", in: strings.Repeat("x", 5<<20), want: "no line end"},
		{name: "a workbook", in: "PK\x03\x04xxxx", want: "XLSX"},
		{name: "settings: no columns", in: row, change: func(s *FixedWidth) { s.Columns = nil }, want: "columns"},
		{name: "settings: a name twice", in: row, change: func(s *FixedWidth) { s.Columns[1].Name = "id" }, want: "twice"},
		{name: "settings: overlapping columns", in: row, change: func(s *FixedWidth) { s.Columns[2].From = 9 }, want: "nominal begins at 9"},
		{name: "settings: no length", in: row, change: func(s *FixedWidth) { s.Columns[2].Length = 0 }, want: "nominal"},
		{name: "settings: a line shorter than its columns", in: row, change: func(s *FixedWidth) { s.Length = 4 }, want: "length"},
		{name: "settings: places", in: row, change: func(s *FixedWidth) { control(s); s.Control.Count = "4-2" }, want: "positions such as"},
		{name: "settings: trailer by place", in: row, change: func(s *FixedWidth) { control(s); s.Control.Trailer = "last" }, want: "trailer"},
		{name: "settings: other lines", in: row, change: func(s *FixedWidth) { s.OtherLines = []string{"K"} }, want: "other_lines"},
		{name: "settings: unit", in: row, change: func(s *FixedWidth) { s.Unit = "words" }, want: "unit"},
		{name: "settings: bytes of UTF-16", in: row, change: func(s *FixedWidth) { s.Unit, s.Encoding = "bytes", "UTF-16" }, want: "unit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newFixedWidth(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "object") || strings.Contains(err.Error(), "SARI") {
				t.Errorf("got error %v, want one about %q that names the object and no value", err, c.want)
			}
		})
	}
}

func TestFixedWidthMemoryDoesNotGrow(t *testing.T) {
	s := newFixedWidth(func(s *FixedWidth) { s.Encoding, s.Length = "auto", 200 })
	s.Short = "pad"
	rows, peak := decodeCounting(t, s, newRowsReader(64<<20))
	if rows < 500_000 || peak > 100<<20 {
		t.Errorf("%d records, %d MB in use", rows, peak>>20)
	}
}

func FuzzFixedWidth(f *testing.F) {
	for _, seed := range []string{
		"001SARI    1000\n002BUDI    2000\n", "H20240101\r\nD01SARI    1000\r\nT0000001000001000\r\n", "001JOS\xc9\n", "\xFF\xFE0\x00\n\x00", "001JOSÉ    1000\r\r\x1a", "T\nT",
	} {
		f.Add([]byte(seed), uint8(0))
		f.Add([]byte(seed), uint8(0xFF))
	}
	f.Fuzz(func(t *testing.T, in []byte, choice uint8) {
		checkDecoder(t, newFixedWidth(func(s *FixedWidth) {
			if choice&1 > 0 {
				s.Unit = "bytes"
			}
			if choice&2 > 0 {
				s.Encoding = "auto"
			}
			if choice&4 > 0 {
				s.Control = controlSettings{Header: "H", Trailer: "T", Count: "2-8", Sums: []controlSum{{"nominal", "9-17"}}}
			}
			if choice&8 > 0 {
				s.Records, s.OtherLines = []string{"D", "0"}, []string{"K"}
			}
			if choice&16 > 0 {
				s.FooterRows, s.StopAt = 1, []string{"x"}
			}
		}), in)
	})
}

// fixedRecords are records for the conformance suite, which the columns can hold.
func fixedRecords(n int) [][]string {
	out := make([][]string, n)
	for i := range out {
		out[i] = []string{fmt.Sprintf("%07d", i+1), fmt.Sprintf("3201014101%02d0000", i%100), strings.Repeat("catatan ", i%7) + "x"}
	}
	return out
}

var fixedColumns = []FixedColumn{{Name: "id", Length: 7}, {Name: "nik", Length: 16}, {Name: "catatan", Length: 60}}

func fixedOf(_ testing.TB, _ []string, rows [][]string) []byte {
	var out strings.Builder
	for _, row := range rows {
		for i, c := range fixedColumns {
			fmt.Fprintf(&out, "%-*s", c.Length, row[i])
		}
		_, _ = io.WriteString(&out, "\n")
	}
	return []byte(out.String())
}
