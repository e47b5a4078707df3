package lake

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// wideRow is as wide as a placement: 38 columns, most of them codes.
type wideRow struct {
	Key        string     `parquet:"row_key"`
	ID         string     `parquet:"placement_id"`
	Token      [16]byte   `parquet:"nik_token,uuid"`
	Passport   [16]byte   `parquet:"passport_token,uuid"`
	Object     [16]byte   `parquet:"object_id,uuid"`
	C1         string     `parquet:"source,dict"`
	C2         string     `parquet:"period,dict"`
	C3         *string    `parquet:"sex,optional,dict"`
	C4         *string    `parquet:"education,optional,dict"`
	C5         *string    `parquet:"marital,optional,dict"`
	C6         *string    `parquet:"province,optional,dict"`
	C7         *string    `parquet:"regency,optional,dict"`
	C8         string     `parquet:"scheme,dict"`
	C9         *string    `parquet:"employer_type,optional,dict"`
	C10        string     `parquet:"country,dict"`
	C11        *string    `parquet:"occupation,optional,dict"`
	C12        *string    `parquet:"job_title,optional,dict"`
	C13        *string    `parquet:"p3mi,optional,dict"`
	C14        *string    `parquet:"unit,optional,dict"`
	C15        *string    `parquet:"currency,optional,dict"`
	C16        string     `parquet:"status,dict"`
	C17        string     `parquet:"nik_check,dict"`
	BirthYear  *int16     `parquet:"birth_year,optional"`
	Months     *int16     `parquet:"contract_months,optional"`
	Normaliser int32      `parquet:"normaliser"`
	RowNo      int64      `parquet:"row_no"`
	Hash       int64      `parquet:"row_hash"`
	D1         *int32     `parquet:"registered_on,optional,date"`
	D2         int32      `parquet:"completed_on,date"`
	D3         *int32     `parquet:"departed_on,optional,date"`
	Wage       *int64     `parquet:"wage,optional,decimal(2:18)"`
	B1         *bool      `parquet:"social_security,optional"`
	B2         *bool      `parquet:"reentry,optional"`
	T1         *time.Time `parquet:"source_updated_at,optional,timestamp(microsecond)"`
	T2         *time.Time `parquet:"cancelled_at,optional,timestamp(microsecond)"`
	Extra1     int64      `parquet:"extra_1"`
	Extra2     int64      `parquet:"extra_2"`
	Extra3     *string    `parquet:"extra_3,optional,dict"`
}

func wideRows(n int) []wideRow {
	rng := rand.New(rand.NewPCG(1, 1))
	code := func(of int) *string {
		if rng.IntN(10) == 0 {
			return nil
		}
		v := "C" + strconv.Itoa(rng.IntN(of))
		return &v
	}
	at := time.Date(2024, 1, 15, 0, 0, 0, 0, time.UTC)
	rows := make([]wideRow, n)
	for i := range rows {
		r := &rows[i]
		updated := at.Add(time.Duration(rng.IntN(1e9)) * time.Microsecond)
		on, year, months, wage, yes := int32(19000+rng.IntN(400)), int16(1960+rng.IntN(45)), int16(24), rng.Int64N(1e9), rng.IntN(2) == 0
		*r = wideRow{Key: fmt.Sprintf("PMI-%09d", i), ID: fmt.Sprintf("PMI-%09d", i), C1: "siskop2mi", C2: "2024-01", C3: code(2), C4: code(6),
			C5: code(3), C6: code(38), C7: code(514), C8: "GTG", C9: code(2), C10: *orElse(code(60), "HKG"), C11: code(120), C12: code(900), C13: code(400),
			C14: code(23), C15: code(12), C16: "completed", C17: "valid", BirthYear: &year, Months: &months, Normaliser: 1, RowNo: int64(i), Hash: int64(rng.Uint64()),
			D1: &on, D2: on, D3: &on, Wage: &wage, B1: &yes, B2: &yes, T1: &updated, Extra1: rng.Int64N(10), Extra2: int64(i), Extra3: code(5)}
		fill(rng, &r.Token)
		fill(rng, &r.Passport)
		fill(rng, &r.Object)
	}
	return rows
}

func orElse(p *string, v string) *string {
	if p == nil {
		return &v
	}
	return p
}

// BenchmarkVerifyFile reads rows as wide as a placement back with the second implementation.
func BenchmarkVerifyFile(b *testing.B) {
	l := newLake(b)
	n := 200_000
	if text := os.Getenv("LAKE_BENCH_ROWS"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	var file bytes.Buffer
	w := parquet.NewGenericWriter[wideRow](&file, parquet.Compression(&zstd.Codec{}), parquet.MaxRowsPerRowGroup(131072))
	rows := wideRows(n)
	_, err := w.Write(rows)
	check(b, err)
	check(b, w.Close())
	rows = nil
	count, columns, err := readSums(bytes.NewReader(file.Bytes()))
	check(b, err)
	f, err := l.WriteFile("placements", "siskop2mi", "2024-01", ready{file.Bytes(), int(count), columns})
	check(b, err)
	for b.Loop() {
		check(b, l.VerifyFile(f))
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(len(columns)), "columns")
}

// ready are rows that are Parquet already.
type ready struct {
	file    []byte
	n       int
	columns []ColumnSum
}

func (r ready) Len() int { return r.n }
func (r ready) Sort()    {}
func (r ready) WriteParquet(w io.Writer) error {
	_, err := w.Write(r.file)
	return err
}
func (r ready) Columns() (names []string) {
	for _, c := range r.columns {
		names = append(names, c.Name)
	}
	return names
}
func (r ready) Sums() (nulls []int64, sums []uint64, mins, maxs []string) {
	for _, c := range r.columns {
		sum, _ := strconv.ParseUint(c.Sum, 16, 64)
		nulls, sums, mins, maxs = append(nulls, c.Nulls), append(sums, sum), append(mins, ""), append(maxs, "")
	}
	return nulls, sums, mins, maxs
}

// BenchmarkWriteFile sorts, adds up, encodes and syncs 100,000 rows of 21 columns.
func BenchmarkWriteFile(b *testing.B) {
	l := newLake(b)
	const n = 100_000
	rows := someRows(n, 1)
	for b.Loop() {
		f, err := l.WriteFile("placements", "siskop2mi", "2024-01", rows)
		check(b, err)
		check(b, os.Remove(l.Path(f.Path)))
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkLand lands objects as sources send them: text that packs well.
func BenchmarkLand(b *testing.B) {
	for _, size := range []int{4 << 10, 1 << 20, 64 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			l := newLake(b)
			var text bytes.Buffer
			for i := 0; text.Len() < size; i++ {
				fmt.Fprintf(&text, "PMI-%09d,3201014101900000,2024-01-%02d,HONG KONG,%d\n", i, i%28+1, i*7919%100000)
			}
			data := text.Bytes()[:size]
			b.SetBytes(int64(size))
			for n := 0; b.Loop(); n++ {
				copy(data, fmt.Sprintf("%012d", n)) // another object each time
				_, err := l.Land("siskop2mi", "2024-01", bytes.NewReader(data), limit)
				check(b, err)
			}
		})
	}
}

// BenchmarkOpenObject decrypts, unpacks and checks a landed object.
func BenchmarkOpenObject(b *testing.B) {
	l := newLake(b)
	data := bytes.Repeat([]byte("PMI-000000001,3201014101900000,2024-01-15,HONG KONG,12345\n"), 1<<20)
	o, err := l.Land("siskop2mi", "2024-01", bytes.NewReader(data), limit)
	check(b, err)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		r, err := l.OpenObject("siskop2mi", "2024-01", o.ID)
		check(b, err)
		_, err = io.Copy(io.Discard, r)
		check(b, err)
		check(b, r.Close())
	}
}

// BenchmarkCommit appends entries to a growing log, and BenchmarkEntries reads one of 1,000.
func BenchmarkCommit(b *testing.B) {
	l := newLake(b)
	e := delivery(b, l, "2024-01-15", "x", "2023-12", 50)
	e.Files = nil
	for b.Loop() {
		commit(b, l, e)
	}
}

// BenchmarkEntries reads and checks a log of 1,000 entries of one file each.
func BenchmarkEntries(b *testing.B) {
	l := newLake(b)
	e := delivery(b, l, "2024-01-15", "x", "2023-12", 50)
	for range 1000 {
		commit(b, l, e)
	}
	for b.Loop() {
		l.log = nil
		_, err := l.Entries()
		check(b, err)
	}
}
