package formats

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCSVFindsItsHeader(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*CSV)
	}{
		{name: "below lines of which there may be more or fewer", in: "Laporan \"Penempatan\nper Januari;2024\n\nNo;NIK;Nama\n1;2;3\n",
			change: func(s *CSV) { s.HeaderHas = []string{"nik", " Nama "} }, want: "No|NIK|Nama\n1 line 5: 1|2|3\n"},
		{name: "in the first line", in: "NIK,Nama\n1,2\n", change: func(s *CSV) { s.HeaderHas = []string{"NIK"} }, want: "NIK|Nama\n1 line 2: 1|2\n"},
		{name: "by the separator that gives most columns", in: "a,b;NIK;c,d\nx;NIK;y\n", change: func(s *CSV) { s.HeaderHas = []string{"NIK"} }, want: "a,b|NIK|c,d\n1 line 2: x|NIK|y\n"},
		{name: "by its declared separator alone", in: "a|NIK\nNIK,b\n1,2\n", change: func(s *CSV) { s.HeaderHas, s.Delimiter = []string{"NIK"}, "comma" }, want: "NIK|b\n1 line 3: 1|2\n"},
		{name: "from header_row on", in: "NIK,lama\n1,2\nNIK,baru\n3,4\n", change: func(s *CSV) { s.HeaderHas, s.HeaderRow = []string{"NIK"}, 2 }, want: "NIK|baru\n1 line 4: 3|4\n"},
		{name: "and what stands right below it", in: "x\nNIK,Nama\n(1),(2)\n1,2\n", change: func(s *CSV) { s.HeaderHas, s.SkipRows = []string{"NIK"}, 1 }, want: "NIK|Nama\n1 line 4: 1|2\n"},
		{name: "with line breaks in a name", in: "Judul\rNIK,\"Nama\nlengkap\"\r1,2\r", change: func(s *CSV) { s.HeaderHas = []string{"Nama lengkap"} }, want: "NIK|Nama lengkap\n1 line 4: 1|2\n"},
		{name: "of two rows", in: "No,Negara,Penempatan,,Ket,\n,,2023,2024,,\n1,Malaysia,10,20,x,\n", change: func(s *CSV) { s.HeaderRows = 2 },
			want: "No|Negara|Penempatan / 2023|Penempatan / 2024|Ket\n1 line 3: 1|Malaysia|10|20|x\n"},
		{name: "of three rows", in: "Wilayah,Penempatan,,,\n,2023,,2024,\n,L,P,L,P\nAsia,1,2,3,4\n", change: func(s *CSV) { s.HeaderRows = 3 },
			want: "Wilayah|Penempatan / 2023 / L|Penempatan / 2023 / P|Penempatan / 2024 / L|Penempatan / 2024 / P\n1 line 4: Asia|1|2|3|4\n"},
		{name: "of two rows below others", in: "Tabel 3\nNo,Negara,Penempatan,\n,,2023,2024\n1,Malaysia,10,20\n",
			change: func(s *CSV) { s.HeaderRows, s.HeaderHas = 2, []string{"No", "Negara", "penempatan / 2024"} }, want: "No|Negara|Penempatan / 2023|Penempatan / 2024\n1 line 4: 1|Malaysia|10|20\n"},
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

func TestCSVLeavesOutTheFoot(t *testing.T) {
	const in = "negara,jumlah,ket\nMalaysia,10,\nTaiwan,20,\n"
	for _, c := range []struct {
		name, in, want, err string
		change              func(*CSV)
	}{
		{name: "by its number of records", in: in + "Sumber: BPS,,\ndiolah,,\n", change: func(s *CSV) { s.FooterRows = 2 }, want: "negara|jumlah|ket\n1 line 2: Malaysia|10|\n2 line 3: Taiwan|20|\n"},
		{name: "which must not be records", in: in + "Jepang,30,x\nSumber: BPS,,\n", change: func(s *CSV) { s.FooterRows = 2 }, err: "line 4 would be left out"},
		{name: "of more records than there are", in: in, change: func(s *CSV) { s.FooterRows = 3 }, err: "footer_rows"},
		{name: "by a mark", in: in + ",Jumlah total,30\nSumber: BPS,,\n", change: func(s *CSV) { s.StopAt = []string{"Sumber", "jumlah"} }, want: "negara|jumlah|ket\n1 line 2: Malaysia|10|\n2 line 3: Taiwan|20|\n"},
		{name: "by a mark that does not come", in: in, change: func(s *CSV) { s.StopAt = []string{"Jumlah"} }, want: "negara|jumlah|ket\n1 line 2: Malaysia|10|\n2 line 3: Taiwan|20|\n"},
		{name: "by a mark in the first record", in: "a\nJumlah\n", change: func(s *CSV) { s.StopAt = []string{"Jumlah"} }, want: "a\n"},
		{name: "unless a record stands below the mark", in: in + "Jumlah,30,\nJumlah L,3,\nJepang,1,\n", change: func(s *CSV) { s.StopAt = []string{"Jumlah"} }, err: "line 4 ends the table by stop_at, and line 6 below it is filled like a record"},
		{name: "unless too much stands below the mark", in: in + "Jumlah,30,\n" + strings.Repeat("catatan,,\n", 9000), change: func(s *CSV) { s.StopAt = []string{"Jumlah"} }, err: "line 4 ends the table by stop_at"},
		{name: "settings", in: in, change: func(s *CSV) { s.StopAt = []string{" "} }, err: "stop_at"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newCSV(c.change), strings.NewReader(c.in))
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("got %v, want an error with %q", err, c.err)
				}
				return
			}
			if err != nil || lines(got) != c.want {
				t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
			}
		})
	}
	t.Run("that begins in an earlier batch", func(t *testing.T) {
		in := "a,b\n" + strings.Repeat("x,y\n", BatchRows-1) + strings.Repeat("n,\n", 3)
		got, err := decodeAll(newCSV(func(s *CSV) { s.FooterRows = 3 }), strings.NewReader(in))
		if err != nil || len(got.rows) != BatchRows-1 {
			t.Errorf("%d records, %v", len(got.rows), err)
		}
	})
}

func TestCSVGuessesTheEncoding(t *testing.T) {
	far := strings.Repeat("x,y\n", 50_000)
	for _, c := range []struct{ name, in, last string }{
		{"utf-8", "a,b\nJosé,1\n", "José|1"},
		{"windows-1252", "a,b\nJos\xe9,\x80 1\n", "José|€ 1"},
		{"a byte order mark", "\xEF\xBB\xBFa,b\nJosé,1\n", "José|1"},
		{"utf-16 by its mark", "\xFF\xFEa\x00,\x00b\x00\n\x00\xe9\x00,\x001\x00", "é|1"},
		{"utf-8 that begins late", "a,b\n" + far + "José,1\n", "José|1"},
		{"windows-1252 that begins late", "a,b\n" + far + "Jos\xe9,1\n", "José|1"},
		{"windows-1252 at the very end", "a,b\n1,\xe9", "1|é"},
		{"a character across the window", "a,b\n" + strings.Repeat("é", guessWindow) + ",1\n", strings.Repeat("é", guessWindow) + "|1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(c.in), iotest.HalfReader(strings.NewReader(c.in)), iotest.DataErrReader(strings.NewReader(c.in))} {
				got, err := decodeAll(newCSV(func(s *CSV) { s.Encoding, s.MaxCell = "auto", 1<<20 }), r)
				if err != nil || len(got.rows) == 0 || strings.Join(got.rows[len(got.rows)-1], "|") != c.last || got.faults[len(got.faults)-1] != "" {
					t.Fatalf("%v", err)
				}
			}
		})
	}
}

func TestCSVHoldsControlRecordsAgainstTheRecords(t *testing.T) {
	trailer := func(s *CSV) {
		s.Control = controlSettings{Trailer: "T", Count: "2", Sums: []controlSum{{Column: "nominal", At: "3"}}}
	}
	const head = "jenis,id,nominal\n"
	for _, c := range []struct {
		name, in, want, err string
		change              func(*CSV)
	}{
		{name: "a trailer", in: head + "D,1,0.10\nD,2,0.2\nD,3,-1000000000000000000000\nT,0003,-999999999999999999999.7\n", change: trailer,
			want: "jenis|id|nominal\n1 line 2: D|1|0.10\n2 line 3: D|2|0.2\n3 line 4: D|3|-1000000000000000000000\n"},
		{name: "a record is missing", in: head + "D,1,0.10\nT,2,0.10\n", change: trailer, err: "line 3 counts 2, and 1 were read"},
		{name: "an amount is another", in: head + "D,1,0.10\nD,2,0.21\nT,2,0.3\n", change: trailer, err: "nominal adds up to 0.3, and the records give 0.31"},
		{name: "the trailer is missing", in: head + "D,1,0.10\n", change: trailer, err: "cut short"},
		{name: "the object is empty but for its header", in: head, change: trailer, err: "cut short"},
		{name: "nothing but a trailer", in: head + "T,0,0\n", change: trailer, want: "\n"},
		{name: "records below the trailer", in: head + "D,1,0.10\nT,1,0.10\nD,1,0.10\n", change: trailer, err: "line 4: records stand below"},
		{name: "two trailers", in: head + "T,0,0\nT,0,0\n", change: trailer, err: "line 3: records stand below"},
		{name: "an amount that is no number", in: head + "D,1,x\nT,1,0\n", change: trailer, err: "line 2: column nominal holds no number"},
		{name: "a trailer without a number", in: head + "D,1,1\nT,x,\n", change: trailer, err: "no whole number where count (2)"},
		{name: "a decimal comma", in: "jenis;id;nominal\nD;1;0,50\nD;2;\nT;2;,5\n", change: func(s *CSV) { trailer(s); s.Control.Decimal = "," }, want: "jenis|id|nominal\n1 line 2: D|1|0,50\n2 line 3: D|2|\n"},
		{name: "the last record, whatever it is", in: "a,b\nx,1\ny,2\n2,\n", change: func(s *CSV) { s.Control = controlSettings{Trailer: "last", Count: "1"} }, want: "a|b\n1 line 2: x|1\n2 line 3: y|2\n"},
		{name: "the last record but a foot", in: "a,b\nx,1\n1,\nSumber: x,\n", change: func(s *CSV) { s.FooterRows, s.Control = 1, controlSettings{Trailer: "last", Count: "1"} }, want: "a|b\n1 line 2: x|1\n"},
		{name: "a trailer below a mark that ends the table", in: "a,b\nx,1\nJumlah,1\nT,1\nSumber,\n", change: func(s *CSV) {
			s.StopAt, s.FooterRows, s.Control = []string{"Jumlah"}, 0, controlSettings{Trailer: "T", Count: "2"}
		}, want: "a|b\n1 line 2: x|1\n"},
		{name: "header and trailer, both counted", in: "H,20240101\nid,n\n1,2\nT,3\n", change: func(s *CSV) {
			s.HeaderRow, s.Control = 2, controlSettings{Header: "H", Trailer: "T", Count: "2", CountExtra: 2}
		}, want: "id|n\n1 line 3: 1|2\n"},
		{name: "a header that counts, and no column names", in: "\"H\",\"2\",3.5\n1,2\n2,1.5\n", change: func(s *CSV) {
			s.HeaderRow, s.Control = 0, controlSettings{Header: "H", Count: "2", Sums: []controlSum{{"column_2", "3"}}}
		}, want: "column_1|column_2\n1 line 2: 1|2\n2 line 3: 2|1.5\n"},
		{name: "a header that is not there", in: "1,2\n2,1.5\n", change: func(s *CSV) { s.HeaderRow, s.Control = 0, controlSettings{Header: "H", Count: "2"} }, err: "line 1: the first line is no control record"},
		{name: "no such column", in: head + "D,1,1\nT,1,1\n", change: func(s *CSV) { trailer(s); s.Control.Sums[0].Column = "jumlah" }, err: "no column jumlah"},
		{name: "settings: no record", in: head, change: func(s *CSV) { s.Control.Count = "1" }, err: "header or trailer"},
		{name: "settings: no cell", in: head, change: func(s *CSV) { trailer(s); s.Control.Count = "0" }, err: "count: \"0\""},
		{name: "settings: the header's line", in: head, change: func(s *CSV) { s.Control = controlSettings{Header: "H", Count: "1"} }, err: "header_row"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newCSV(c.change), strings.NewReader(c.in))
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("got %v, want an error with %q", err, c.err)
				}
				return
			}
			if err != nil || lines(got) != c.want {
				t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
			}
		})
	}
	t.Run("all differences are named", func(t *testing.T) {
		_, err := decodeAll(newCSV(trailer), strings.NewReader(head+"D,1,1\nT,2,2\n"))
		if err == nil || !strings.Contains(err.Error(), "counts 2") || !strings.Contains(err.Error(), "adds up to 2") {
			t.Errorf("got %v", err)
		}
	})
}

func FuzzCSVHeadAndFoot(f *testing.F) {
	for _, seed := range []string{
		"Laporan\nNIK,Nama\n1,2\nJumlah,2\n", "H,1\nNIK;Nama\n1;2\nT;1\n", "NIK\n\xe9\n", "\"NIK\n\",Nama\r1,2\rT,1", "a,,\n,NIK,x\n1,2,3\nn\n",
	} {
		f.Add([]byte(seed), uint8(0))
		f.Add([]byte(seed), uint8(0xFF))
	}
	f.Fuzz(func(t *testing.T, in []byte, choice uint8) {
		checkDecoder(t, newCSV(func(s *CSV) {
			s.Encoding = "auto"
			if choice&1 > 0 {
				s.HeaderHas = []string{"NIK"}
			}
			if choice&2 > 0 {
				s.HeaderRows = 2
			}
			if choice&4 > 0 {
				s.FooterRows = 1
			}
			if choice&8 > 0 {
				s.StopAt = []string{"Jumlah"}
			}
			if choice&16 > 0 {
				s.Control = controlSettings{Trailer: "T", Count: "2"}
			}
			if choice&32 > 0 {
				s.Control = controlSettings{Trailer: "last", Count: "1"}
			}
			if choice&64 > 0 {
				s.Control.Header, s.HeaderRow = "H", 2
			}
		}), in)
	})
}

// A rowsReader gives a header and then the same record until it has given size bytes.
type rowsReader struct {
	row  []byte
	at   int
	left int64
}

func newRowsReader(size int64) *rowsReader {
	return &rowsReader{row: []byte("PLC-0000001,3201014101900000,X0000123,P,1990-01-01,SMA,KAWIN,35,JAWA TIMUR,\"say \"\"hi\"\"\",2024-01-15,4870.00\n"), left: size}
}

func (r *rowsReader) Read(p []byte) (n int, err error) {
	for n < len(p) && r.left > 0 {
		k := copy(p[n:min(len(p), n+int(min(r.left, 1<<20)))], r.row[r.at:])
		n, r.left, r.at = n+k, r.left-int64(k), (r.at+k)%len(r.row)
	}
	if r.left <= 0 && n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// decodeCounting decodes to the end and gives the number of records and the largest
// heap in use, measured now and then.
func decodeCounting(t testing.TB, s Settings, r io.Reader) (rows int64, peak uint64) {
	var m runtime.MemStats
	n := 0
	for b, err := range s.Decode(context.Background(), "object", r) {
		if err != nil {
			t.Fatal(err)
		}
		rows += int64(b.Len())
		if n++; n%64 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
		}
	}
	return rows, peak
}

// Memory does not grow with the file: not with what is held back for the foot, the
// control record and the encoding either.
func TestCSVMemoryDoesNotGrow(t *testing.T) {
	s := newCSV(func(s *CSV) {
		s.HeaderRow, s.Encoding, s.FooterRows, s.StopAt = 0, "auto", 100, []string{"Jumlah"}
		s.Control = controlSettings{Trailer: "last"}
	})
	// The foot is 100 rows of one cell and the end of the last full record.
	object := func(size int64) io.Reader {
		return io.MultiReader(newRowsReader(size), bytes.NewReader([]byte("\n"+strings.Repeat("x\n", 100))))
	}
	runtime.GC()
	_, small := decodeCounting(t, s, object(8<<20))
	runtime.GC()
	rows, large := decodeCounting(t, s, object(64<<20))
	if rows < 500_000 || large > small+32<<20 {
		t.Errorf("%d records: the heap in use went to %d MB for 64 MB of text, to %d MB for 8 MB", rows, large>>20, small>>20)
	}
}

func BenchmarkCSVOneGigabyte(b *testing.B) {
	s := newCSV(func(s *CSV) { s.HeaderRow = 0 })
	b.SetBytes(1 << 30)
	for b.Loop() {
		rows, peak := decodeCounting(b, s, newRowsReader(1<<30))
		b.ReportMetric(float64(rows), "rows/op")
		b.ReportMetric(float64(peak>>20), "peak-heap-MB")
		if peak > 200<<20 {
			b.Fatalf("the heap in use went to %d MB, more than 200 MB", peak>>20)
		}
	}
}

// A download of the World Bank: a byte order mark, four lines above the header, all
// cells quoted, an empty column at the end.
func TestCSVFindsTheHeaderOfARealFile(t *testing.T) {
	in, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "worldbank", "API_BM.TRF.PWKR.CD.DT_DS2_en_csv_v2_3012027.csv"))
	if err != nil {
		t.Skip("the real file is not at hand")
	}
	got, err := decodeAll(newCSV(func(s *CSV) { s.HeaderHas, s.Encoding = []string{"Country Code", "2020"}, "auto" }), bytes.NewReader(in))
	if err != nil || len(got.header) != 65 || len(got.rows) != 266 || got.places[0] != "line 6" || got.rows[0][1] != "ABW" {
		t.Errorf("%d columns, %d records, %v", len(got.header), len(got.rows), err)
	}
	if i := slices.IndexFunc(got.faults, func(f string) bool { return f != "" }); i >= 0 {
		t.Errorf("%s: %s", got.places[i], got.faults[i])
	}
}
