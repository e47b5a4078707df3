package transforms

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/zeebo/xxh3"
	"pgregory.net/rapid"
)

// parquetOf writes rows and gives the file's bytes.
func parquetOf(t testing.TB, rows Rows) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := rows.WriteParquet(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// randomPlacements draws rows with nulls, zeros and duplicates in every column: patterns of nulls
// are where columnar writers go wrong.
func randomPlacements(t *rapid.T) *rowset[Placement, *Placement] {
	rows := newRows[Placement, *Placement]()
	text := func(name string) *string {
		return rapid.Ptr(rapid.SampledFrom([]string{"", "A", "Bé", "CCC"}), true).Draw(t, name)
	}
	num := func(name string) *int32 { return rapid.Ptr(rapid.Int32Range(-3, 3), true).Draw(t, name) }
	long := func(name string) *int64 { return rapid.Ptr(rapid.Int64Range(-2, 2), true).Draw(t, name) }
	flag := func(name string) *bool { return rapid.Ptr(rapid.Bool(), true).Draw(t, name) }
	token := func(name string) *Token {
		b := rapid.Ptr(rapid.Byte(), true).Draw(t, name)
		if b == nil {
			return nil
		}
		return &Token{15: *b} // the zero token is a value like any other
	}
	for range rapid.IntRange(0, 40).Draw(t, "rows") {
		r := rows.next()
		r.PlacementID = rapid.SampledFrom([]string{"p1", "p2", "p3"}).Draw(t, "id")
		r.NIKToken, r.PassportToken, r.NIKCheck = token("nik"), token("passport"), NIKValid
		r.Sex, r.Education, r.Unit = text("sex"), text("education"), text("unit")
		r.BirthYear, r.ContractMonths, r.RegisteredOn, r.CompletedOn = num("birth"), num("months"), num("registered"), rapid.Int32Range(19000, 19100).Draw(t, "completed")
		r.Wage, r.CancelledAt, r.SourceUpdatedAt = long("wage"), long("cancelled"), long("updated")
		r.SocialSecurity, r.Reentry = flag("social"), flag("reentry")
		r.Source, r.RowKey, r.RowNo = "s", r.PlacementID, rapid.Int64Range(1, 5).Draw(t, "row")
		r.Period = rapid.SampledFrom([]string{"2024-01", "2024-02", "2023-12"}).Draw(t, "period")
	}
	return rows
}

// What a file holds, read with the library's own reader and without this package's layout tables,
// has the checksums that Sums gives.
func TestSumsAgreeWithTheFile(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := randomPlacements(rt)
		if rows.Len() == 0 {
			return
		}
		nulls, sums, _, _ := rows.Sums()
		file := parquetOf(t, rows)
		f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			rt.Fatal(err)
		}
		if f.NumRows() != int64(rows.Len()) {
			rt.Fatalf("%d rows in the file, want %d", f.NumRows(), rows.Len())
		}
		gotNulls, gotSums := make([]int64, len(nulls)), make([]uint64, len(sums))
		for _, group := range f.RowGroups() {
			reader := parquet.NewRowGroupReader(group)
			buffer := make([]parquet.Row, 7)
			for {
				n, err := reader.ReadRows(buffer)
				for _, row := range buffer[:n] {
					for i, v := range row {
						if v.IsNull() {
							gotNulls[i]++
							continue
						}
						gotSums[i] += xxh3.Hash(canonicalOf(v))
					}
				}
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					rt.Fatal(err)
				}
			}
		}
		for i, name := range rows.Columns() {
			if gotNulls[i] != nulls[i] || gotSums[i] != sums[i] {
				rt.Errorf("column %s: %d nulls and sum %x in the file, Sums gives %d and %x", name, gotNulls[i], gotSums[i], nulls[i], sums[i])
			}
		}
	})
}

func canonicalOf(v parquet.Value) []byte {
	switch v.Kind() {
	case parquet.ByteArray, parquet.FixedLenByteArray:
		return v.ByteArray()
	case parquet.Boolean:
		if v.Boolean() {
			return binary.LittleEndian.AppendUint64(nil, 1)
		}
		return make([]byte, 8)
	case parquet.Int32:
		return binary.LittleEndian.AppendUint64(nil, uint64(int64(v.Int32())))
	}
	return binary.LittleEndian.AppendUint64(nil, uint64(v.Int64()))
}

// A null is not a zero: both come back as what they were, in every kind of column and for every
// pattern of ten rows that mixes the two. A columnar writer looks at nulls in words of 64 rows, so
// each pattern begins a word of its own; short files end in the middle of one.
func TestNullsAndZerosSurvive(t *testing.T) {
	all := make([]bool, 0, 1024*64)
	for pattern := range 1024 {
		if pattern%17 == 0 {
			checkNulls(t, patternOf(pattern, 10)[:1+pattern%10])
		}
		all = append(all, patternOf(pattern, 64)...)
	}
	checkNulls(t, all)
}

// patternOf spells the low ten bits of pattern out over n rows.
func patternOf(pattern, n int) []bool {
	set := make([]bool, n)
	for i := range min(10, n) {
		set[i] = pattern>>i&1 == 1
	}
	return set
}

func checkNulls(t *testing.T, set []bool) {
	t.Helper()
	empty, zero, long, no := "", int32(0), int64(0), false
	rows := newRows[Placement, *Placement]()
	for _, isSet := range set {
		if r := rows.next(); isSet {
			r.Sex, r.BirthYear, r.RegisteredOn, r.Wage, r.Reentry, r.CancelledAt, r.NIKToken = &empty, &zero, &zero, &long, &no, &long, &Token{}
		}
	}
	file := parquetOf(t, rows)
	i := 0
	if err := readRows(bytes.NewReader(file), int64(len(file)), func(r *Placement) {
		got := [...]bool{r.Sex != nil, r.BirthYear != nil, r.RegisteredOn != nil, r.Wage != nil, r.Reentry != nil, r.CancelledAt != nil, r.NIKToken != nil}
		for column, isSet := range got {
			if isSet != set[i] {
				t.Fatalf("row %d of %d: column %d null = %v, want %v", i, len(set), column, !isSet, !set[i])
			}
		}
		i++
	}); err != nil || i != len(set) {
		t.Fatal(i, err)
	}
}

func TestRoundTrip(t *testing.T) {
	batch, m := manyPlacements(1000)
	d, n := bind(t, testEnv(t), "placements", m)
	rows := d.NewRows()
	if rejects, err := n.Normalise(batch, [16]byte{7}, rows); err != nil || len(rejects) > 0 {
		t.Fatal(err, rejects)
	}
	rows.Sort()
	want := rows.(*rowset[Placement, *Placement]).rows
	file := parquetOf(t, rows)
	i := 0
	if err := readRows(bytes.NewReader(file), int64(len(file)), func(r *Placement) {
		if !reflect.DeepEqual(r, want[i]) {
			t.Fatalf("row %d reads as %+v, want %+v", i, r, want[i])
		}
		i++
	}); err != nil || i != len(want) {
		t.Fatal(i, err)
	}
	origins := 0
	if err := ReadOrigins(bytes.NewReader(file), int64(len(file)), func(object [16]byte, rowNo int64) {
		if object != [16]byte{7} || rowNo != want[origins].RowNo {
			t.Fatalf("origin %d is %x %d", origins, object, rowNo)
		}
		origins++
	}); err != nil || origins != len(want) {
		t.Fatal(origins, err)
	}
}

// The same rows give the same bytes, whatever order and however many parts they came in.
func TestBytesDependOnRowsAlone(t *testing.T) {
	batch, m := manyPlacements(3000)
	d, _ := bind(t, testEnv(t), "placements", m)
	build := func(sizes ...int) []byte {
		all, at := d.NewRows(), len(batch.rows)
		for i := 0; at > 0; i++ {
			size := min(sizes[i%len(sizes)], at)
			part := &offsetTable{table{header: batch.header, rows: batch.rows[at-size : at]}, at - size}
			_, n := bind(t, testEnv(t), "placements", m)
			rows := d.NewRows()
			if _, err := n.Normalise(part, [16]byte{7}, rows); err != nil {
				t.Fatal(err)
			}
			all.Append(rows)
			at -= size
		}
		var b bytes.Buffer
		for _, p := range all.Split() {
			p.Rows.Sort()
			b.Write(parquetOf(t, p.Rows))
		}
		return b.Bytes()
	}
	want := build(3000)
	for _, sizes := range [][]int{{1, 700, 13}, {512}, {1499}} {
		if !bytes.Equal(build(sizes...), want) {
			t.Errorf("parts of %v give other bytes", sizes)
		}
	}
}

// offsetTable is a part of a table that keeps its record numbers.
type offsetTable struct {
	table
	offset int
}

func (t *offsetTable) RowNo(row int) int64 { return int64(t.offset + row + 1) }

func TestSplitAppendSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := randomPlacements(t), randomPlacements(t)
		total := a.Len() + b.Len()
		a.Append(b)
		if a.Len() != total || b.Len() != 0 {
			t.Fatalf("Append leaves %d and %d rows of %d", a.Len(), b.Len(), total)
		}
		_, want, _, _ := a.Sums()
		parts := a.Split()
		if a.Len() != 0 {
			t.Fatal("Split leaves rows behind")
		}
		got, last := make([]uint64, len(want)), ""
		for _, p := range parts {
			if p.Period <= last || p.Rows.Len() == 0 {
				t.Fatalf("period %s after %s with %d rows", p.Period, last, p.Rows.Len())
			}
			last = p.Period
			p.Rows.Sort()
			rows := p.Rows.(*rowset[Placement, *Placement]).rows
			if !slices.IsSortedFunc(rows, func(x, y *Placement) int { return strings.Compare(x.RowKey, y.RowKey) }) {
				t.Fatal("rows are not sorted by key")
			}
			for i, r := range rows {
				if r.Period != p.Period {
					t.Fatalf("row of %s in %s", r.Period, p.Period)
				}
				if i > 0 && rows[i-1].RowKey == r.RowKey && compareVersions(rows[i-1].SourceUpdatedAt, r.SourceUpdatedAt) > 0 {
					t.Fatal("a newer version stands before an older one")
				}
			}
			_, sums, _, _ := p.Rows.Sums()
			for i := range got {
				got[i] += sums[i]
			}
			keys := 0
			p.Rows.Keys(func(string) bool { keys++; return true })
			if keys != p.Rows.Len() {
				t.Fatalf("%d keys of %d rows", keys, p.Rows.Len())
			}
		}
		if !slices.Equal(got, want) {
			t.Fatal("the parts' sums do not add up to the whole's")
		}
	})
}

func TestBounds(t *testing.T) {
	rows, _ := normaliseText(t, "placements", "placement_id,country,completed_on,birth_date,wage,wage_currency\nP-2,Taiwan,2024-03-01,1990-01-01,5,USD\nP-1,Malaysia,2024-01-31,1980-01-01,,\n", Mapping{})
	_, _, mins, maxs := rows.Sums()
	want := map[string]string{"placement_id": "P-1 P-2", "country": "MYS TWN", "completed_on": "2024-01-31 2024-03-01", "row_no": "1 2",
		"birth_year": " ", "wage": " ", "nik_token": " ", "object_id": " ", "departed_on": " "}
	for i, name := range rows.Columns() {
		if w, ok := want[name]; ok && mins[i]+" "+maxs[i] != w {
			t.Errorf("%s lies between %q and %q, want %q", name, mins[i], maxs[i], w)
		}
	}
}

func TestRejectRows(t *testing.T) {
	rejects := []Reject{
		{Object: [16]byte{1}, RowNo: 17, Place: "line 18", Problems: []Problem{{UnknownCode, "country", "country: unknown"}, {NotADate, "completed_on", "completed_on: not a date"}}, Key: [16]byte{9}},
		{Object: [16]byte{2}, RowNo: 3, Place: "line 4", Problems: []Problem{{RaggedRow, "", "record: ragged"}}},
	}
	rows := NewRejectRows("placements", "feed", "source", "2025-01", rejects)
	rows.Sort()
	file := parquetOf(t, rows)
	got, err := ReadRejects(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	want := []RejectRow{
		{"placements", "feed", "source", "2025-01", [16]byte{1}, 17, "line 18", UnknownCode, "country", "country: unknown", [16]byte{9}},
		{"placements", "feed", "source", "2025-01", [16]byte{1}, 17, "line 18", NotADate, "completed_on", "completed_on: not a date", [16]byte{9}},
		{"placements", "feed", "source", "2025-01", [16]byte{2}, 3, "line 4", RaggedRow, "", "record: ragged", [16]byte{}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("ReadRejects = %+v\nwant %+v", got, want)
	}
	if _, err := ReadRejects(bytes.NewReader([]byte("not parquet")), 11); err == nil {
		t.Error("a file that is no Parquet is read")
	}
}

func TestTombstoneRows(t *testing.T) {
	rows := NewTombstoneRows("source", "remittances", "feed", "2025-01", []string{"b", "a"}, [16]byte{1})
	rows.Sort()
	var keys []string
	rows.Keys(func(k string) bool { keys = append(keys, k); return true })
	if strings.Join(keys, " ") != "a b" {
		t.Errorf("keys %v", keys)
	}
}

// An exact duplicate has the hash of the first; a change of any business value gives another.
func TestRowHash(t *testing.T) {
	const text = "placement_id,country,completed_on,sex\nP-1,Taiwan,2024-01-01,L\nP-1,TWN,1 Januari 2024,Laki-laki\nP-1,Taiwan,2024-01-01,\nP-1,Taiwan,2024-01-02,L\nP-2,Taiwan,2024-01-01,L\n"
	rows, _ := normaliseText(t, "placements", text, Mapping{ObservedAt: mustTime("2025-01-01T00:00:00Z")})
	r := rows.(*rowset[Placement, *Placement]).rows
	if r[0].RowHash != r[1].RowHash {
		t.Error("the same facts in other words have another hash")
	}
	for i := 2; i < len(r); i++ {
		if r[i].RowHash == r[0].RowHash {
			t.Errorf("row %d differs and has the same hash", i+1)
		}
	}
}

// A reject knows its record's key by the token that the corrected row's key will give, if the key
// itself is sound.
func TestRejectsKnowTheKeyOfTheirRecord(t *testing.T) {
	for _, tt := range []struct {
		name, dataset, wrong, right string
		known                       bool
	}{
		{"a key of one column", "placements", "placement_id,country,completed_on\nP-1,Nowhere,2024-01-01\n", "placement_id,country,completed_on\nP-1,Taiwan,2024-01-01\n", true},
		{"a key of several, by their codes", "remittances", "year,quarter,country,channel,amount_usd,source_updated_at\n2023,4,Hong Kong,BI,lots,2024-01-14\n",
			"year,quarter,country,channel,amount_usd,source_updated_at\n2023,4,HKG,BI,5,2024-01-14\n", true},
		{"a part of the key is wrong", "remittances", "year,quarter,country,channel,amount_usd,source_updated_at\n2023,4,Nowhere,BI,5,2024-01-14\n",
			"year,quarter,country,channel,amount_usd,source_updated_at\n2023,4,HKG,BI,5,2024-01-14\n", false},
		{"the key is missing", "placements", "placement_id,country,completed_on\n,Taiwan,2024-01-01\n", "placement_id,country,completed_on\nP-1,Taiwan,2024-01-01\n", false},
		{"no record at all", "placements", "placement_id,country,completed_on\nJUMLAH,,\n", "placement_id,country,completed_on\nP-1,Taiwan,2024-01-01\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := Mapping{Units: Units{Decimal: ".", Currency: "USD"}}
			rows, rejects := normaliseText(t, tt.dataset, tt.wrong, m)
			if len(rejects) != 1 || rows.Len() != 0 {
				t.Fatalf("%d rejects, %d rows", len(rejects), rows.Len())
			}
			rows, more := normaliseText(t, tt.dataset, tt.right, m)
			if len(more) > 0 || rows.Len() != 1 {
				t.Fatal(more)
			}
			file := parquetOf(t, rows)
			var keys []string
			if err := ReadKeys(bytes.NewReader(file), int64(len(file)), func(key []byte) { keys = append(keys, string(key)) }); err != nil {
				t.Fatal(err)
			}
			want := [16]byte{}
			if tt.known {
				want = RecordToken(testEnv(t).Tokens, keys[0])
			}
			if rejects[0].Key != want {
				t.Errorf("the token is %x, want %x of key %q", rejects[0].Key, want, keys[0])
			}
		})
	}
}

// Keys come in the order of the rows, also where a file has several pages of them.
func TestReadKeysReadsEveryPage(t *testing.T) {
	var want []string
	for i := range 70_000 {
		want = append(want, fmt.Sprintf("KEY-%08d-%s", i, strings.Repeat("x", 20)))
	}
	file := parquetOf(t, NewTombstoneRows("source", "remittances", "feed", "2025-01", want, [16]byte{1}))
	i := 0
	err := ReadKeys(bytes.NewReader(file), int64(len(file)), func(key []byte) {
		if i < len(want) && string(key) != want[i] {
			t.Fatalf("key %d is %q, want %q", i, key, want[i])
		}
		i++
	})
	if err != nil || i != len(want) {
		t.Errorf("%d of %d keys: %v", i, len(want), err)
	}
}
