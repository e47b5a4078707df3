package lake

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/zeebo/xxh3"
)

// testRow has a column of every type that the project's datasets use.
type testRow struct {
	Key       string     `parquet:"row_key"`
	Source    string     `parquet:"source,dict"`
	Period    string     `parquet:"period,dict"`
	Text      *string    `parquet:"job_title,optional"`
	Code      *string    `parquet:"education,optional,dict"`
	Token     *[16]byte  `parquet:"nik_token,optional"`
	Object    [16]byte   `parquet:"object_id,uuid"`
	Year      *int16     `parquet:"birth_year,optional"`
	Count     int32      `parquet:"normaliser"`
	RowNo     int64      `parquet:"row_no"`
	Hash      int64      `parquet:"row_hash"`
	On        int32      `parquet:"completed_on,date"`
	MaybeOn   *int32     `parquet:"departed_on,optional,date"`
	Amount    int64      `parquet:"amount,decimal(2:18)"`
	Wage      *int64     `parquet:"wage,optional,decimal(2:18)"`
	Figure    *int64     `parquet:"figure_value,optional,decimal(4:18)"`
	Insured   bool       `parquet:"insured"`
	Reentry   *bool      `parquet:"reentry,optional"`
	At        time.Time  `parquet:"occurred_at,timestamp(microsecond)"`
	UpdatedAt *time.Time `parquet:"source_updated_at,optional,timestamp(microsecond)"`
	Rate      float64    `parquet:"rate"`
}

// testRows is what a dataset's rows are to the lake.
type testRows []testRow

func (r testRows) Len() int { return len(r) }

func (r testRows) Sort() {
	slices.SortFunc(r, func(a, b testRow) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.RowNo, b.RowNo)) })
}

func (r testRows) WriteParquet(w io.Writer) error {
	return writeParquet(w, []testRow(r), testSchema())
}

// testSchema is testRow's schema with its token as a UUID, which parquet-go can write from
// a pointer but not read off one.
func testSchema() *parquet.Schema {
	columns := parquet.SchemaOf(testRow{})
	node := make(parquet.Group)
	for _, f := range columns.Fields() {
		node[f.Name()] = f
	}
	node["nik_token"] = parquet.Optional(parquet.UUID())
	return parquet.NewSchema("rows", ordered{node, columns.Fields()})
}

// ordered is a group that keeps its columns in the order of the struct.
type ordered struct {
	parquet.Group
	order []parquet.Field
}

func (o ordered) Fields() []parquet.Field {
	fields := o.Group.Fields()
	place := func(f parquet.Field) int {
		return slices.IndexFunc(o.order, func(g parquet.Field) bool { return g.Name() == f.Name() })
	}
	slices.SortFunc(fields, func(a, b parquet.Field) int { return cmp.Compare(place(a), place(b)) })
	return fields
}

func writeParquet[T any](w io.Writer, rows []T, options ...parquet.WriterOption) error {
	out := parquet.NewGenericWriter[T](w, append(options, parquet.Compression(&zstd.Codec{}),
		parquet.CreatedBy("lindung", "test", "0"), parquet.MaxRowsPerRowGroup(1000))...)
	if _, err := out.Write(rows); err != nil {
		return err
	}
	return out.Close()
}

func (r testRows) Columns() []string {
	var names []string
	for _, f := range parquet.SchemaOf(testRow{}).Fields() {
		names = append(names, f.Name())
	}
	return names
}

func (r testRows) Sums() (nulls []int64, sums []uint64, mins, maxs []string) {
	n := len(r.Columns())
	nulls, sums, mins, maxs = make([]int64, n), make([]uint64, n), make([]string, n), make([]string, n)
	for _, row := range r {
		for i, v := range row.values() {
			if v == nil {
				nulls[i]++
			} else {
				sums[i] += xxh3.Hash(v)
			}
		}
	}
	return nulls, sums, mins, maxs
}

// values gives the canonical bytes of each column, nil for NULL, written independently of
// the code under test.
func (r testRow) values() [][]byte {
	num := func(v int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(v)) }
	text := func(p *string) []byte {
		if p == nil {
			return nil
		}
		return append([]byte{}, *p...)
	}
	flag := func(b bool) []byte {
		if b {
			return num(1)
		}
		return num(0)
	}
	var token, year, on, wage, figure, reentry, updated []byte
	if r.Token != nil {
		token = r.Token[:]
	}
	if r.Year != nil {
		year = num(int64(*r.Year))
	}
	if r.MaybeOn != nil {
		on = num(int64(*r.MaybeOn))
	}
	if r.Wage != nil {
		wage = num(*r.Wage)
	}
	if r.Figure != nil {
		figure = num(*r.Figure)
	}
	if r.Reentry != nil {
		reentry = flag(*r.Reentry)
	}
	if r.UpdatedAt != nil {
		updated = num(r.UpdatedAt.UnixMicro())
	}
	return [][]byte{[]byte(r.Key), []byte(r.Source), []byte(r.Period), text(r.Text), text(r.Code), token, r.Object[:], year,
		num(int64(r.Count)), num(r.RowNo), num(r.Hash), num(int64(r.On)), on, num(r.Amount), wage, figure, flag(r.Insured), reentry,
		num(r.At.UnixMicro()), updated, num(int64(math.Float64bits(r.Rate)))}
}

// someRows makes n rows; equal seeds make equal rows.
func someRows(n int, seed uint64) testRows {
	rng := rand.New(rand.NewPCG(seed, 1))
	rows := make(testRows, n)
	for i := range rows {
		r := &rows[i]
		*r = testRow{
			Key: fmt.Sprintf("p-%07d", rng.IntN(10_000_000)), Source: "siskop2mi", Period: "2024-01",
			Text: maybe(rng, fmt.Sprintf("job %d", rng.IntN(5000))), Code: maybe(rng, []string{"SD", "SMP", "SMA", ""}[rng.IntN(4)]),
			Year: maybe(rng, int16(1950+rng.IntN(60))), Count: 3, RowNo: int64(i + 1), Hash: int64(rng.Uint64()),
			On: int32(rng.IntN(20000) - 200), MaybeOn: maybe(rng, int32(rng.IntN(20000))), Amount: rng.Int64N(1e12) - 5e11,
			Wage: maybe(rng, rng.Int64N(3)), Figure: maybe(rng, rng.Int64()), Insured: rng.IntN(2) == 0, Reentry: maybe(rng, rng.IntN(2) == 0),
			At:        time.UnixMicro(rng.Int64N(2e15)).UTC(),
			UpdatedAt: maybe(rng, time.UnixMicro(rng.Int64N(2e15)).UTC()), Rate: rng.NormFloat64(),
		}
		fill(rng, &r.Object)
		if rng.IntN(3) > 0 {
			r.Token = new([16]byte)
			fill(rng, r.Token)
		}
	}
	return rows
}

func maybe[T any](rng *rand.Rand, v T) *T {
	if rng.IntN(4) == 0 {
		return nil
	}
	return &v
}

func fill(rng *rand.Rand, b *[16]byte) {
	binary.LittleEndian.PutUint64(b[:8], rng.Uint64())
	binary.LittleEndian.PutUint64(b[8:], rng.Uint64()|1)
}

// newLake opens a lake in a project of its own.
func newLake(t testing.TB) *Lake {
	t.Helper()
	return openLake(t, t.TempDir(), nil)
}

// openLake opens the lake of the project in dir, which gets its master key the first time.
func openLake(t testing.TB, dir string, hook func(string) error) *Lake {
	t.Helper()
	path := filepath.Join(dir, "keys", "master.key")
	m, err := LoadMaster(path)
	if err != nil {
		m, err = WriteMaster(path)
		check(t, err)
	}
	l, err := open(filepath.Join(dir, "data"), m, hook)
	check(t, err)
	return l
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at
}
