package formats

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func newJSON(change func(*JSON)) *JSON {
	kind, _ := Lookup("json")
	s := kind.New().(*JSON)
	if change != nil {
		change(s)
	}
	return s
}

func newNDJSON() *NDJSON {
	kind, _ := Lookup("ndjson")
	return kind.New().(*NDJSON)
}

func TestJSONReadsItems(t *testing.T) {
	path := func(p string) func(*JSON) { return func(s *JSON) { s.ItemsPath = p } }
	for _, c := range []struct {
		name, in, want string
		change         func(*JSON)
	}{
		{name: "a list", in: `[{"a":1,"b":"x"},{"a":2,"b":"y"}]`, want: "a|b\n1 item 1: 1|x\n2 item 2: 2|y\n"},
		{name: "no items", in: `[]`, want: "\n"},
		{name: "nested in an object", in: `{"meta":{"n":[1,2]},"data":{"items":[{"a":1}]},"next":null}`, change: path("data.items"), want: "a\n1 item 1: 1\n"},
		{name: "the second element", in: `[{"page":1},[{"a":1}]]`, change: path("1"), want: "a\n1 item 1: 1\n"},
		{name: "null is a list without items", in: `{"data":null}`, change: path("data"), want: "\n"},
		{name: "nested members", in: `[{"id":1,"worker":{"nik":"3201014101900000","home":{"code":"35"}}}]`,
			want: "id|worker.nik|worker.home.code\n1 item 1: 1|3201014101900000|35\n"},
		{name: "digits stay", in: `[{"a":3201014101900000,"b":0.10,"c":1.2E+15,"d":-0}]`, want: "a|b|c|d\n1 item 1: 3201014101900000|0.10|1.2E+15|-0\n"},
		{name: "null, missing, true", in: `[{"a":null,"b":true},{"b":false}]`, want: "a|b\n1 item 1: |true\n2 item 2: |false\n"},
		{name: "a member that appears later", in: `[{"a":1},{"b":2,"a":3}]`, want: "a|b\n1 item 1: 1|\n2 item 2: 3|2\n"},
		{name: "lists stay JSON", in: `[{"a":[1, {"b":"é"}],"c":{}}]`, want: "a\n1 item 1: [1, {\"b\":\"é\"}]\n"},
		{name: "escapes", in: `[{"a":"\u00e9\ud83d\ude00\n\"\\\/"}]`, want: "a\n1 item 1: é😀\n\"\\/\n"},
		{name: "an escaped name is the same name", in: `[{"a":1},{"\u0061":2}]`, want: "a\n1 item 1: 1\n2 item 2: 2\n"},
		{name: "a name given twice", in: `[{"a":1,"a":2},{"a":3}]`, want: "a\n1 item 1: 2 !malformed_record\n2 item 2: 3\n"},
		{name: "an escaped name given twice", in: `[{"a":1,"\u0061":2}]`, want: "a\n1 item 1: 2 !malformed_record\n"},
		{name: "flat and nested in one column", in: `[{"a.b":1,"a":{"b":2}}]`, want: "a.b\n1 item 1: 2 !malformed_record\n"},
		{name: "items that are no objects", in: `[1,{"a":1},[2],null]`, want: "a\n1 item 1:  !malformed_record\n2 item 2: 1\n3 item 3:  !malformed_record\n4 item 4:  !malformed_record\n"},
		{name: "a lone surrogate", in: `[{"a":"x\ud83dy"}]`, want: "a\n1 item 1: x\uFFFDy !bad_encoding\n"},
		{name: "bytes that are not UTF-8", in: "[{\"a\":\"J\xe9\"}]", want: "a\n1 item 1: J\uFFFD !bad_encoding\n"},
		{name: "NUL", in: `[{"a":"x\u0000"}]`, want: "a\n1 item 1: x? !bad_encoding\n"},
		{name: "a long value", in: `[{"a":"abcdef"},{"a":"abc"}]`, change: func(s *JSON) { s.MaxCell = 5 }, want: "a\n1 item 1:  !too_long_cell\n2 item 2: abc\n"},
		{name: "byte order mark and white space", in: "\xEF\xBB\xBF \n[ {\n\"a\" : 1 } , {\"a\":2}\n]\n", want: "a\n1 item 1: 1\n2 item 2: 2\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newJSON(c.change), strings.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if lines(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", lines(got), c.want)
			}
		})
	}
}

func TestJSONErrorsSayWhereAndWhat(t *testing.T) {
	path := func(p string) func(*JSON) { return func(s *JSON) { s.ItemsPath = p } }
	for _, c := range []struct {
		name, in, want string
		change         func(*JSON)
	}{
		{name: "cut in an item", in: `[{"a":1},{"a":`, want: "item 2: byte 14"},
		{name: "cut after an item", in: `[{"a":1}`, want: "cut short"},
		{name: "cut after the list", in: `{"data":[]`, change: path("data"), want: "cut short"},
		{name: "empty", in: ``, want: "cut short"},
		{name: "two documents", in: `[][]`, want: "after the end"},
		{name: "comma", in: `[{"a":1},]`, want: "comma"},
		{name: "HTML", in: `<!DOCTYPE html><p>login`, want: "HTML"},
		{name: "workbook", in: "PK\x03\x04", want: "XLSX"},
		{name: "UTF-16", in: "\xFF\xFE[\x00]\x00", want: "UTF-16"},
		{name: "an object where a list should be", in: `{"meta":1,"data":[]}`, want: "data, meta"},
		{name: "no such member", in: `{"error":"no"}`, change: path("data"), want: `there are: error`},
		{name: "a value on the way", in: `{"data":5}`, change: path("data.items"), want: "no members"},
		{name: "a value at the end", in: `{"data":5}`, change: path("data"), want: "plain value"},
		{name: "a list on the way", in: `{"data":[]}`, change: path("data.items"), want: "index"},
		{name: "an index beyond the end", in: `[1]`, change: path("4"), want: "index 4"},
		{name: "the list twice", in: `{"data":[],"data":[]}`, change: path("data"), want: "twice"},
		{name: "too many items", in: `[{},{},{}]`, change: func(s *JSON) { s.MaxRows = 2 }, want: "max_rows"},
		{name: "too deep", in: `[` + strings.Repeat(`{"a":`, 500), want: "too deep"},
		{name: "too many members", in: `[{` + manyMembers(MaxColumns+1) + `}]`, want: "members"},
		{name: "one endless value", in: `[{"a":"` + strings.Repeat("x", 40<<20), want: "one value is longer"},
		{name: "path", in: `[]`, change: path("a..b"), want: "items_path"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newJSON(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "object") {
				t.Errorf("got error %v, want one with %q that names the object", err, c.want)
			}
		})
	}
}

func manyMembers(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = fmt.Sprintf(`"m%d":1`, i)
	}
	return strings.Join(members, ",")
}

func TestNDJSONLinesStandForThemselves(t *testing.T) {
	in := "{\"a\":1}\r\n\n{\"a\":2,\n[3]\n{\"a\":4} x\n{\"b\":5}"
	want := "a|b\n1 line 1: 1|\n2 line 3: | !malformed_record\n3 line 4: | !malformed_record\n4 line 5: | !malformed_record\n5 line 6: |5\n"
	got, err := decodeAll(newNDJSON(), strings.NewReader(in))
	if err != nil || lines(got) != want {
		t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, want)
	}
	if _, err := decodeAll(newNDJSON(), strings.NewReader(strings.Repeat("x", 40<<20))); err == nil {
		t.Error("an endless line was read")
	}
}

// itemsReader makes a document of n items without holding it.
func itemsReader(n int) io.Reader {
	parts := make([]io.Reader, 0, 3)
	item := `{"id_penempatan":"PLC-0000001","nik":"3201014101900000","paspor":"X0000123","jk":"P","tgl_lahir":"1990-01-01","asal":{"provinsi":"35","kabupaten":"3501"},"skema":"PTP","negara":"HONG KONG","jabatan":"Domestic worker \"caf\u00e9\"","p3mi":"PT CONTOH","tgl_selesai":"2023-02-20","kontrak":24,"gaji":4870.00,"mata_uang":"HKD","bpjs":true,"batal":null},` + "\n"
	parts = append(parts, strings.NewReader(`{"meta":{},"data":[`), &repeatReader{text: item, n: n}, strings.NewReader(`{}],"next":null}`))
	return io.MultiReader(parts...)
}

type repeatReader struct {
	text string
	n    int
	rest string
}

func (r *repeatReader) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n, r.rest = r.n-1, r.text
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func TestJSONMemoryDoesNotGrowWithTheObject(t *testing.T) {
	peak := func(items int) uint64 {
		var most uint64
		rows := 0
		for b, err := range newJSON(func(s *JSON) { s.ItemsPath = "data" }).Decode(context.Background(), "big", itemsReader(items)) {
			if err != nil {
				t.Fatal(err)
			}
			if rows += b.Len(); rows%(20*BatchRows) == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
		if rows != items+1 {
			t.Fatalf("%d records, want %d", rows, items+1)
		}
		return most
	}
	small, large := peak(100_000), peak(400_000)
	if large > small+8<<20 {
		t.Errorf("heap of %d MiB for 4 times the items, %d MiB for one", large>>20, small>>20)
	}
}

func TestJSONKeepsTheCauseOfAReadError(t *testing.T) {
	cause := errors.New("the wire broke")
	for _, s := range []Settings{newJSON(nil), newNDJSON()} {
		if _, err := decodeAll(s, io.MultiReader(strings.NewReader(`[{"a":1},`), iotest.ErrReader(cause))); !errors.Is(err, cause) {
			t.Errorf("%T: got %v", s, err)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`[{"a":1,"b":{"c":"x\u00e9"}},{"b":{"c":null},"a":[1]}]`, `[1,null,[],{}]`, `{"data":[{"a":"\ud800"}]}`, `[{"a":1,"a":2}]`, `[`, "[{\"\xff\":\"\\u0000\"}]",
	} {
		f.Add([]byte(seed), "")
		f.Add([]byte(seed), "data")
		f.Add([]byte(seed), "0")
	}
	f.Fuzz(func(t *testing.T, in []byte, path string) {
		s := newJSON(func(s *JSON) { s.ItemsPath = path })
		checkDecoder(t, s, in)
		if _, err := decodeAll(s, bytes.NewReader(in)); err == nil && !json.Valid(bytes.TrimPrefix(in, []byte("\xEF\xBB\xBF"))) {
			t.Fatal("what is not JSON was read without an error")
		}
	})
}

func FuzzNDJSON(f *testing.F) {
	for _, seed := range []string{"{\"a\":1}\n{\"b\":\"x\"}\n", "\n\r\n{}", "[1]\n{\"a\":{\"a\":1}}", "{\"a\":1,\"a\":2}\n{"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) { checkDecoder(t, newNDJSON(), in) })
}

func BenchmarkJSON(b *testing.B) {
	in, _ := io.ReadAll(itemsReader(50_000))
	benchmarkDecoder(b, newJSON(func(s *JSON) { s.ItemsPath = "data" }), in)
}

func BenchmarkNDJSON(b *testing.B) {
	var in bytes.Buffer
	for i := range 50_000 {
		fmt.Fprintf(&in, `{"id":"PLC-%07d","nik":"3201014101900000","country":"HONG KONG","occupation":"DOMESTIC WORKER","completed_on":"2023-01-15","wage":4870.00}`+"\n", i)
	}
	benchmarkDecoder(b, newNDJSON(), in.Bytes())
}
