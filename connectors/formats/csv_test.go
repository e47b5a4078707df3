package formats

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decoded is an object as plain values, for comparisons.
type decoded struct {
	header  []string
	rows    [][]string
	places  []string
	numbers []int64
	faults  []string
}

func decodeAll(s Settings, r io.Reader) (decoded, error) {
	var d decoded
	for b, err := range s.Decode(context.Background(), "object", r) {
		if err != nil {
			return d, err
		}
		d.header = b.Header()
		for row := range b.Len() {
			cells := make([]string, len(b.Header()))
			for col := range cells {
				cells[col] = b.Cell(row, col)
			}
			code, _ := b.Fault(row)
			d.rows = append(d.rows, cells)
			d.places = append(d.places, b.Place(row))
			d.numbers = append(d.numbers, b.RowNo(row))
			d.faults = append(d.faults, code)
		}
	}
	return d, nil
}

func newCSV(change func(*CSV)) *CSV {
	kind, _ := Lookup("csv")
	s := kind.New().(*CSV)
	if change != nil {
		change(s)
	}
	return s
}

// line writes a decoded object as one text per row: cells, place, fault.
func lines(d decoded) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n", strings.Join(d.header, "|"))
	for i, row := range d.rows {
		fmt.Fprintf(&out, "%d %s: %s", d.numbers[i], d.places[i], strings.Join(row, "|"))
		if d.faults[i] != "" {
			fmt.Fprintf(&out, " !%s", d.faults[i])
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func TestCSVReadsWhatPeopleSend(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*CSV)
	}{
		{name: "plain", in: "a,b\n1,2\n3,4\n", want: "a|b\n1 line 2: 1|2\n2 line 3: 3|4\n"},
		{name: "no newline at the end", in: "a,b\n1,2", want: "a|b\n1 line 2: 1|2\n"},
		{name: "empty last cell at the end", in: "a,b\n1,", want: "a|b\n1 line 2: 1|\n"},
		{name: "CRLF", in: "a,b\r\n1,2\r\n", want: "a|b\n1 line 2: 1|2\n"},
		{name: "CR alone", in: "a,b\r1,2\r3,4", want: "a|b\n1 line 2: 1|2\n2 line 3: 3|4\n"},
		{name: "quotes", in: "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", want: "a|b\n1 line 2: x, y|say \"hi\"\n"},
		{name: "only quotes", in: "a,b\n\"\"\"\",\"\"\n", want: "a|b\n1 line 2: \"|\n"},
		{name: "a quoted newline moves the line number, not the record number", in: "a,b\n\"x\ny\",1\nz,2\n",
			want: "a|b\n1 line 2: x\ny|1\n2 line 4: z|2\n"},
		{name: "space after a closing quote", in: "a,b\n\"x\" ,1\n", want: "a|b\n1 line 2: x|1\n"},
		{name: "a quote inside a plain cell", in: "a,b\n5\" pipe,1\n", want: "a|b\n1 line 2: 5\" pipe|1\n"},
		{name: "an unpaired quote costs one record", in: "a,b\n\"x,1\n\"y\",2\nz,3\n",
			want: "a|b\n1 line 2: \"x|1 !ragged_row\n2 line 3: y|2\n3 line 4: z|3\n"},
		{name: "an unpaired quote at the end", in: "a,b\nz,3\n\"x,1\n", want: "a|b\n1 line 2: z|3\n2 line 3: \"x|1 !ragged_row\n"},
		{name: "blank lines and empty records", in: "\n\na,b\n\n1,2\n,\n\r\n3,4\n\n", want: "a|b\n1 line 5: 1|2\n2 line 8: 3|4\n"},
		{name: "too few and too many cells", in: "a,b\n1\n1,2,3\n1,2,,\n", want: "a|b\n1 line 2: 1| !ragged_row\n2 line 3: 1|2 !ragged_row\n3 line 4: 1|2\n"},
		{name: "header names", in: " a ,,\"b\nc\",a,\n1,2,3,4\n", want: "a|column_2|b c|a_2\n1 line 3: 1|2|3|4\n"},
		{name: "semicolons", in: "a;b\n1,5;2\n", want: "a|b\n1 line 2: 1,5|2\n"},
		{name: "tabs", in: "a\tb\nx y\t2\n", want: "a|b\n1 line 2: x y|2\n"},
		{name: "pipes", in: "a|b\n1|2\n", want: "a|b\n1 line 2: 1|2\n"},
		{name: "one column", in: "a\n1\n2\n", want: "a\n1 line 2: 1\n2 line 3: 2\n"},
		{name: "Excel's note", in: "sep=;\r\na;b\r\n1;2\r\n", want: "a|b\n1 line 3: 1|2\n"},
		{name: "byte order mark", in: "\xEF\xBB\xBF\"a\",b\n1,2\n", want: "a|b\n1 line 2: 1|2\n"},
		{name: "title lines", in: "Laporan \"A\nper Januari\na,b\n1,2\n", change: func(s *CSV) { s.HeaderRow = 3 }, want: "a|b\n1 line 4: 1|2\n"},
		{name: "column numbers below", in: "a,b\n(1),(2)\n1,2\n", change: func(s *CSV) { s.SkipRows = 1 }, want: "a|b\n1 line 3: 1|2\n"},
		{name: "no header", in: "1,\"2\"\"\"\n3,4\n", change: func(s *CSV) { s.HeaderRow = 0 }, want: "column_1|column_2\n1 line 1: 1|2\"\n2 line 2: 3|4\n"},
		{name: "quotes off", in: "a,b\n\"x,y\"\n", change: func(s *CSV) { s.Quote = "none" }, want: "a|b\n1 line 2: \"x|y\"\n"},
		{name: "long cell", in: "a,b\nabcdef,1\nabc,2\n", change: func(s *CSV) { s.MaxCell = 5 }, want: "a|b\n1 line 2: |1 !too_long_cell\n2 line 3: abc|2\n"},
		{name: "not UTF-8", in: "a,b\nJos\xe9,1\n", want: "a|b\n1 line 2: Jos?|1 !bad_encoding\n"},
		{name: "NUL", in: "a,b\nx\x00y,1\n", want: "a|b\n1 line 2: x?y|1 !bad_encoding\n"},
		{name: "16 digits and leading zeros stay", in: "nik,kode\n3201014101900000,007\n", want: "nik|kode\n1 line 2: 3201014101900000|007\n"},
		{name: "header only", in: "a,b\n", want: "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newCSV(c.change), strings.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if lines(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", lines(got), c.want)
			}
		})
	}
}

func TestCSVEncodings(t *testing.T) {
	const text = "nama,kota\nJosé,Málaga “x”\n"
	want := "nama|kota\n1 line 2: José|Málaga “x”\n"
	encode := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy) []byte {
		return encode(unicode.UTF16(e, bom).NewEncoder().Bytes([]byte(text)))
	}
	for _, c := range []struct {
		name, encoding string
		in             []byte
	}{
		{"windows-1252", "windows-1252", encode(charmap.Windows1252.NewEncoder().Bytes([]byte(text)))},
		{"utf-16 with mark, little endian", "utf-16", utf16(unicode.LittleEndian, unicode.UseBOM)},
		{"utf-16 with mark, big endian", "utf-16", utf16(unicode.BigEndian, unicode.UseBOM)},
		{"the mark outweighs the setting", "utf-8", utf16(unicode.LittleEndian, unicode.UseBOM)},
		{"utf-16be without mark", "utf-16be", utf16(unicode.BigEndian, unicode.IgnoreBOM)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newCSV(func(s *CSV) { s.Encoding = c.encoding }), bytes.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if lines(got) != want {
				t.Errorf("got\n%s", lines(got))
			}
		})
	}
	t.Run("a lone surrogate is a fault of its record", func(t *testing.T) {
		in := append([]byte("\xFF\xFEa\x00\n\x00x\x00"), 0x00, 0xD8, '\n', 0)
		got, err := decodeAll(newCSV(nil), bytes.NewReader(in))
		if err != nil || len(got.faults) != 1 || got.faults[0] != BadEncoding {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

func TestCSVRefusesWhatIsNotItsOwn(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*CSV)
	}{
		{name: "empty", in: "", want: "no header row"},
		{name: "header beyond the end", in: "a\nb\n", change: func(s *CSV) { s.HeaderRow = 9 }, want: "header_row"},
		{name: "workbook", in: "PK\x03\x04xxxx", want: "XLSX"},
		{name: "too many records", in: "a\n1\n2\n3\n", change: func(s *CSV) { s.MaxRows = 2 }, want: "max_rows"},
		{name: "delimiter", in: "a\n", change: func(s *CSV) { s.Delimiter = "ab" }, want: "delimiter"},
		{name: "quote", in: "a\n", change: func(s *CSV) { s.Quote = "''" }, want: "quote"},
		{name: "encoding", in: "a\n", change: func(s *CSV) { s.Encoding = "ebcdic" }, want: "encoding"},
		{name: "no line end", in: "a\n" + strings.Repeat("x", 20<<20), want: "no line end"},
		{name: "columns", in: strings.Repeat("x,", MaxColumns+1) + "x\n", want: "columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newCSV(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "object") {
				t.Errorf("got error %v, want one about %q that names the object", err, c.want)
			}
		})
	}
}

// Records that straddle read blocks are the scanner's hard part: a text longer
// than several blocks must come out as encoding/csv reads it.
func TestCSVAgreesWithTheStandardLibraryAcrossBlocks(t *testing.T) {
	var in bytes.Buffer
	w := csv.NewWriter(&in)
	_ = w.Write([]string{"a", "b", "c"})
	for i := range 60_000 {
		_ = w.Write([]string{fmt.Sprint(i), strings.Repeat("x\"y\n", i%17), strings.Repeat("é,", i%5)})
	}
	_ = w.Write([]string{"big", strings.Repeat("long \"quoted\" text\n", 2000), ""})
	w.Flush()
	if in.Len() < 2*csvBlock {
		t.Fatalf("only %d bytes: not more than two blocks", in.Len())
	}
	want, err := csv.NewReader(bytes.NewReader(in.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []io.Reader{bytes.NewReader(in.Bytes()), iotest.HalfReader(bytes.NewReader(in.Bytes()))} {
		got, err := decodeAll(newCSV(nil), r)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got.rows, want[1:], slices.Equal) {
			t.Fatal("the rows differ from encoding/csv's")
		}
		if slices.ContainsFunc(got.faults, func(f string) bool { return f != "" }) {
			t.Fatal("a clean object has faults")
		}
		if !slices.IsSorted(got.numbers) || got.numbers[0] != 1 || got.numbers[len(got.numbers)-1] != int64(len(want)-1) {
			t.Fatal("record numbers are not 1, 2, 3, …")
		}
	}
}

func TestCSVKeepsTheCauseOfAReadError(t *testing.T) {
	cause := errors.New("the wire broke")
	r := io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(cause))
	if _, err := decodeAll(newCSV(nil), r); !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
	cut := fmt.Errorf("page 3: %w", io.ErrUnexpectedEOF)
	if _, err := decodeAll(newCSV(nil), iotest.ErrReader(cut)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut in the first bytes passed for the end: %v", err)
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "a;b\r\n\"x\"\"y\n\";2\r\n", "a\tb\n\"unpaired\t1\n", "\xEF\xBB\xBFa,b\n,\n", "\xFF\xFEa\x00\n\x001\x00",
		"sep=;\na;b\n", "a,b\r1,2\r", "a\n\"\"\"\"\n", "a,b\n\xff\x00,\n", "\n\n", "\"", "a,a,,a\n1,2,3,4",
	} {
		f.Add([]byte(seed), "auto", 1)
		f.Add([]byte(seed), ";", 0)
	}
	f.Fuzz(func(t *testing.T, in []byte, delimiter string, headerRow int) {
		s := newCSV(func(s *CSV) { s.Delimiter, s.HeaderRow = delimiter, headerRow })
		checkDecoder(t, s, in)
	})
}

// Whatever encoding/csv writes and reads, we read the same.
func FuzzCSVRoundTrip(f *testing.F) {
	f.Add("x", "y", "z\n\"q\"")
	f.Add("", ",", "\r\n")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var in bytes.Buffer
		w := csv.NewWriter(&in)
		_ = w.Write([]string{"h1", "h2", "h3"})
		_ = w.Write([]string{a, b, c})
		_ = w.Write([]string{"end", "", "1"})
		w.Flush()
		got, err := decodeAll(newCSV(func(s *CSV) { s.Delimiter = "comma"; s.MaxCell = 1 << 20 }), &in)
		if err != nil {
			t.Fatal(err)
		}
		// A bare CR is a line end to us and not to encoding/csv, invalid bytes
		// become "?", and a record without any text is no record.
		if strings.ContainsAny(a+b+c, "\r\x00") || !utf8.ValidString(a) || !utf8.ValidString(b) || !utf8.ValidString(c) || a+b+c == "" {
			return
		}
		want := [][]string{{a, b, c}, {"end", "", "1"}}
		if !slices.EqualFunc(got.rows, want, slices.Equal) {
			t.Errorf("got %q, want %q", got.rows, want)
		}
	})
}

func BenchmarkCSV(b *testing.B) {
	for _, c := range []struct{ name, row string }{
		{"plain", "PLC-%07d,3201014101900000,X0000123,P,1990-01-01,SMA,KAWIN,35,JAWA TIMUR,3501,PTP,PSR,HONG KONG,DOMESTIC WORKER,PT CONTOH SEJAHTERA,BP3MI JAWA TIMUR,2023-01-15,2023-02-20,24,4870.00,HKD\n"},
		{"quoted", "\"PLC-%07d\",\"3201014101900000\",\"X0000123\",\"P\",\"1990-01-01\",\"SMA\",\"KAWIN\",\"35\",\"JAWA TIMUR\",\"3501\",\"PTP\",\"PSR\",\"HONG KONG\",\"say \"\"hi\"\"\",\"PT CONTOH, SEJAHTERA\",\"BP3MI\nJAWA TIMUR\",\"2023-01-15\",\"2023-02-20\",\"24\",\"4870.00\",\"HKD\"\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			var in bytes.Buffer
			in.WriteString("c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15,c16,c17,c18,c19,c20,c21\n")
			for i := range 100_000 {
				fmt.Fprintf(&in, c.row, i)
			}
			benchmarkDecoder(b, newCSV(nil), in.Bytes())
		})
	}
}

func benchmarkDecoder(b *testing.B, s Settings, in []byte) {
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		for batch, err := range s.Decode(context.Background(), "bench", bytes.NewReader(in)) {
			if err != nil {
				b.Fatal(err)
			}
			rows += batch.Len()
		}
		b.ReportMetric(float64(rows), "rows/op")
	}
}
