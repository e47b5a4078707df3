package formats

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	oldxls "github.com/extrame/xls"
)

func newXLS(change func(*XLS)) *XLS {
	kind, _ := Lookup("xls")
	s := kind.New().(*XLS)
	if change != nil {
		change(s)
	}
	return s
}

func bookOf(rows ...[]any) *xlsBook {
	return &xlsBook{sheets: []xlsSheet{{name: "Penempatan", rows: rows}}}
}

func TestXLSReadsCellsAsStored(t *testing.T) {
	book := &xlsBook{sheets: []xlsSheet{
		{name: "Tersembunyi", hidden: true, rows: [][]any{{"x"}, {2}}},
		{name: "Penempatan é", rows: [][]any{
			{"a", "b c", nil, "d"},
			{3201014101900000.0, xlsDate(45306), 0.30000000000000004, true},
			{},
			{1.2e+15, xlsDate(45306.354166666664), 7, "x\ny"},
			{xlsFormula{"hasil 中"}, xlsFormula{12.5}, xlsFormula{xlsError(0x17)}, xlsFormula{false}},
			{1, nil, nil, nil, nil, 9},
			{-5, 1e-9, "😀", "é"},
		}},
	}}
	want := "a|b c|column_3|d\n" +
		"1 Penempatan é!A2: 3201014101900000|2024-01-15|0.30000000000000004|TRUE\n" +
		"2 Penempatan é!A4: 1200000000000000|2024-01-15T08:30:00|7|x\ny\n" +
		"3 Penempatan é!A5: hasil 中|12.5|#REF!|FALSE\n" +
		"4 Penempatan é!A6: 1||| !ragged_row\n" +
		"5 Penempatan é!A7: -5|1E-09|😀|é\n"
	got, err := decodeAll(newXLS(nil), bytes.NewReader(book.bytes(t)))
	if err != nil || lines(got) != want {
		t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, want)
	}
	got, err = decodeAll(newXLS(func(s *XLS) { s.Sheet = " tersembunyi" }), bytes.NewReader(book.bytes(t)))
	if err != nil || lines(got) != "x\n1 Tersembunyi!A2: 2\n" {
		t.Errorf("got %s%v", lines(got), err)
	}
	book.date1904 = true
	got, _ = decodeAll(newXLS(nil), bytes.NewReader(book.bytes(t)))
	if got.rows[0][1] != "2028-01-16" {
		t.Errorf("a day counted from 1904 reads %s", got.rows[0][1])
	}
}

// The short form of numbers, in each of its four ways.
func TestXLSReadsShortNumbers(t *testing.T) {
	multiple := biffBytes(biffMulRK, le(1, 0), le(0, uint32(1234<<2|2)), le(0, uint32(1234<<2|3)), le(0, uint32(0x3FF80000)), le(0, uint32(0x40C81D81)), le(3))
	book := bookOf([]any{"a", "b", "c", "d"})
	book.sheets[0].extra = multiple
	got, err := decodeAll(newXLS(nil), bytes.NewReader(book.bytes(t)))
	if err != nil || len(got.rows) != 1 || strings.Join(got.rows[0], " ") != "1234 12.34 1.5 123.47" {
		t.Errorf("got %q %v", got.rows, err)
	}
}

// A text that is cut at any byte and goes on in the next record is the same text.
func TestXLSJoinsTextsThatAreCut(t *testing.T) {
	rows := [][]any{{"nama", "catatan"}}
	for _, text := range []string{"satu", "中文字", "", strings.Repeat("panjang ", 40), "é", strings.Repeat("宽", 100), "akhir"} {
		rows = append(rows, []any{text + "1", text + "2"})
	}
	want := ""
	for _, cut := range []int{8224, 12, 13, 17, 31, 32, 64, 101} {
		book := bookOf(rows...)
		book.cut = cut
		got, err := decodeAll(newXLS(nil), bytes.NewReader(book.bytes(t)))
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if want == "" {
			want = lines(got)
		}
		if lines(got) != want || len(got.rows) != 7 || got.rows[6][1] != "akhir2" {
			t.Errorf("cut at %d: got\n%s", cut, lines(got))
		}
	}
}

func TestXLSRefusesWhatItIsNot(t *testing.T) {
	whole := bookOf([]any{"a", "b"}, []any{"x", 1}).bytes(t)
	patched := func(from, to string) []byte { return bytes.Replace(whole, []byte(from), []byte(to), 1) }
	for _, c := range []struct {
		name, want string
		in         []byte
		change     func(*XLS)
	}{
		{name: "a web page", in: []byte("\n<html><body><table><tr><td>1</td></tr></table>"), want: "html_table"},
		{name: "a bare table", in: []byte("<table border=1><tr><td>1</td></tr></table>"), want: "html_table"},
		{name: "an XLSX workbook", in: []byte("PK\x03\x04xxxx"), want: "kind xlsx"},
		{name: "text", in: []byte("a\tb\n1\t2\n"), want: "kind csv"},
		{name: "an XML spreadsheet", in: []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), want: "XML spreadsheet"},
		{name: "an old workbook without a container", in: []byte("\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00"), want: "Excel 95"},
		{name: "an old workbook in a container", in: oleFile([]byte("x"), "Book"), want: "Excel 95"},
		{name: "another document", in: oleFile([]byte("x"), "WordDocument"), want: "Word"},
		{name: "an encrypted XLSX", in: oleFile([]byte("x"), "EncryptedPackage"), want: "password"},
		{name: "a password", in: (&xlsBook{extra: biffBytes(biffFilePass, le(1)), sheets: []xlsSheet{{name: "a"}}}).bytes(t), want: "password"},
		{name: "an older version inside", in: (&xlsBook{version: 0x0500, sheets: []xlsSheet{{name: "a"}}}).bytes(t), want: "Excel 95"},
		{name: "nothing", in: nil, want: "ask for the file again"},
		{name: "cut", in: whole[:len(whole)/2], want: "damaged"},
		{name: "a shared text that is not there", in: patched("\xFD\x00\x0A\x00\x01\x00\x00\x00\x00\x00\x02", "\xFD\x00\x0A\x00\x01\x00\x00\x00\x00\x00\x63"), want: "A2 refers"},
		{name: "a cell twice", in: patched("\xFD\x00\x0A\x00\x00\x00\x01\x00", "\xFD\x00\x0A\x00\x00\x00\x00\x00"), want: "A1 has two values"},
		{name: "no such sheet", in: whole, change: func(s *XLS) { s.Sheet = "Kasus" }, want: "there are: Penempatan"},
		{name: "no header row", in: whole, change: func(s *XLS) { s.HeaderRow = 9 }, want: "row 9"},
		{name: "larger than allowed", in: whole, change: func(s *XLS) { s.MaxBytes = 100 }, want: "more than 100 bytes"},
		{name: "settings", in: whole, change: func(s *XLS) { s.HeaderRow, s.MaxBytes = 0, 0 }, want: "max_bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newXLS(c.change), bytes.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

// A text that many cells share is small in the file and large in the records.
func TestXLSBoundsTheTextOfItsCells(t *testing.T) {
	rows := [][]any{{"a"}}
	for range 2000 {
		rows = append(rows, []any{strings.Repeat("x", 32000)})
	}
	_, err := decodeAll(newXLS(func(s *XLS) { s.MaxBytes = 1 << 20 }), bytes.NewReader(bookOf(rows...).bytes(t)))
	if err == nil || !strings.Contains(err.Error(), "max_bytes") {
		t.Errorf("got %v", err)
	}
}

// realXLS is a workbook that Excel wrote: a table of the British statistics office.
func realXLS(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "reference", "real_biff_soc4xsic12supfinal.xls"))
	if err != nil {
		t.Skip("the real workbook is not at hand")
	}
	return data
}

// A second library reads the same cells out of the real workbook.
func TestXLSAgreesWithAnotherLibraryOnARealWorkbook(t *testing.T) {
	data := realXLS(t)
	other, err := oldxls.OpenReader(bytes.NewReader(data), "utf-8")
	if err != nil {
		t.Fatal(err)
	}
	book, err := openBIFF(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(book.sheets) != other.NumSheets() {
		t.Fatalf("%d sheets, the other library finds %d", len(book.sheets), other.NumSheets())
	}
	compared, lost := 0, false
	for i, ref := range book.sheets {
		g, err := book.read(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		theirs := other.GetSheet(i)
		if theirs.Name != ref.name {
			t.Errorf("sheet %d is %q, the other library says %q", i, ref.name, theirs.Name)
		}
		for _, c := range g.cells {
			if int(c.row) > int(theirs.MaxRow) || theirs.Row(int(c.row)) == nil {
				t.Errorf("%s!%s: the other library has no such row", ref.name, g.place(c))
				continue
			}
			// The other library writes the address of a link behind its text, takes the
			// number format "###0" for a date, and loses its way among the texts where one
			// goes on in the next record: numbers are compared to the end, texts to there.
			got, want := string(g.value(c)), theirs.Row(int(c.row)).Col(int(c.col))
			lost = lost || !c.number && strings.Contains(want, "\x00")
			switch {
			case got == want, strings.HasPrefix(want, got+"("), c.number && strings.HasSuffix(want, "Z"):
			case !c.number && lost:
				continue
			default:
				t.Errorf("%s!%s: %q, the other library reads %q", ref.name, g.place(c), got, want)
			}
			if compared++; t.Failed() && compared > 50 {
				t.FailNow()
			}
		}
	}
	if compared < 10000 {
		t.Errorf("only %d cells were compared", compared)
	}
}

func FuzzXLS(f *testing.F) {
	f.Add(bookOf([]any{"a", "b"}, []any{"x", 1}, []any{xlsFormula{"y"}, xlsDate(3)}).bytes(f))
	small := bookOf([]any{"nama", strings.Repeat("宽", 30)})
	small.cut = 40
	f.Add(small.bytes(f))
	f.Add([]byte("<table><tr><td>1"))
	// The container comes from a library; the records inside are ours, so most
	// inputs are put into a whole container.
	f.Fuzz(func(t *testing.T, in []byte) {
		limits := func(s *XLS) { s.MaxBytes, s.MaxRows = 1<<20, 5000 }
		checkDecoder(t, newXLS(limits), in)
		if len(in) > 512 {
			checkDecoder(t, newXLS(limits), oleFile(bytes.Clone(in[512:]), "Workbook"))
		}
	})
}

func BenchmarkXLS(b *testing.B) {
	rows := [][]any{{"nik", "negara", "tanggal", "upah"}}
	for i := range 20000 {
		rows = append(rows, []any{3201014101900000.0 + float64(i), "HONG KONG", xlsDate(45306 + i%365), float64(i) * 1.25})
	}
	in := bookOf(rows...).bytes(b)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		for batch, err := range newXLS(nil).Decode(b.Context(), "bench", bytes.NewReader(in)) {
			if err != nil || batch.Len() == 0 {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(20000*b.N)/b.Elapsed().Seconds(), "records/s")
}

func TestRKNumbersKeepHundredths(t *testing.T) {
	for n := int32(-1 << 20); n < 1<<20; n += 37 {
		if got := string(appendNumber(nil, rkNumber(uint32(n<<2)|3))); len(got)-strings.IndexByte(got+".", '.') > 3 {
			t.Fatalf("%d hundredths read %s", n, got)
		}
	}
}
