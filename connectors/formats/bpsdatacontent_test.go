package formats

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func newBPSDatacontent(change func(*BPSDatacontent)) *BPSDatacontent {
	kind, _ := Lookup("bps_datacontent")
	s := kind.New().(*BPSDatacontent)
	if change != nil {
		change(s)
	}
	return s
}

// bpsOf is an answer with some of its members replaced; a member of "-" is left out.
func bpsOf(change map[string]string) string {
	members := [][2]string{
		{"status", `"OK"`}, {"data-availability", `"available"`}, {"last_update", `"2026-08-05 12:36:39"`},
		{"var", `[{"val":192,"label":"Persentase Penduduk Miskin","unit":"Persen","subj":"Kemiskinan","def":"","decimal":2,"note":"<p>Sejak 2024&nbsp;38 provinsi</p>"}]`},
		{"labelvervar", `"38 Provinsi"`},
		{"vervar", `[{"val":1100,"label":"ACEH"},{"val":9999,"label":"INDONESIA"}]`},
		{"turvar", `[{"val":"0","label":"Tidak ada"}]`},
		{"tahun", `[{"val":124,"label":"2024"}]`},
		{"turtahun", `[{"val":61,"label":"Semester 1 (Maret)"},{"val":62,"label":"Semester 2 (September)"}]`},
		{"datacontent", `{"9999192012462":8.57,"1100192012461":14.230}`},
		{"related", "[]"},
	}
	var out []string
	for _, m := range members {
		if other, ok := change[m[0]]; ok {
			m[1] = other
		}
		if m[1] != "-" {
			out = append(out, fmt.Sprintf("%q:%s", m[0], m[1]))
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

const bpsColumns = "var|var_label|vervar|vervar_label|turvar|turvar_label|th|th_label|turth|turth_label|value|unit|note|subject|vertical|last_update|key\n"

func TestBPSDatacontentReadsAnswers(t *testing.T) {
	const (
		before = "192|Persentase Penduduk Miskin|"
		after  = "|Persen|<p>Sejak 2024&nbsp;38 provinsi</p>|Kemiskinan|38 Provinsi|2026-08-05 12:36:39|"
		aceh   = "item %d: " + before + "1100|ACEH|0|Tidak ada|124|2024|61|Semester 1 (Maret)|14.230" + after + "1100192012461\n"
		total  = "1 item 1: " + before + "9999|INDONESIA|0|Tidak ada|124|2024|62|Semester 2 (September)|8.57" + after + "9999192012462\n"
	)
	for _, c := range []struct {
		name, want string
		change     map[string]string
	}{
		{name: "each value is a record, in the order of the answer, with its digits", want: bpsColumns + total + "2 " + fmt.Sprintf(aceh, 2)},
		{name: "a combination without key is no record", change: map[string]string{"datacontent": `{"1100192012461":14.230}`}, want: bpsColumns + "1 " + fmt.Sprintf(aceh, 1)},
		{name: "null is a value that is not available", change: map[string]string{"datacontent": `{"1100192012461":null}`},
			want: bpsColumns + "1 " + strings.Replace(fmt.Sprintf(aceh, 1), "14.230", "", 1)},
		{name: "a text is kept", change: map[string]string{"datacontent": `{"1100192012461":"..."}`},
			want: bpsColumns + "1 " + strings.Replace(fmt.Sprintf(aceh, 1), "14.230", "...", 1)},
		{name: "a list is a fault", change: map[string]string{"datacontent": `{"1100192012461":[1]}`},
			want: bpsColumns + "1 " + strings.Replace(strings.Replace(fmt.Sprintf(aceh, 1), "14.230", "", 1), "\n", " !malformed_record\n", 1)},
		{name: "a value that is no text is a fault", change: map[string]string{"datacontent": `{"1100192012461":"\ud800"}`},
			want: bpsColumns + "1 " + strings.Replace(strings.Replace(fmt.Sprintf(aceh, 1), "14.230", "\uFFFD", 1), "\n", " !bad_encoding\n", 1)},
		{name: "PHP writes an empty object as a list", change: map[string]string{"datacontent": "[ ]"}, want: "\n"},
		{name: "no data is no error", change: map[string]string{"data-availability": `"list-not-available"`, "datacontent": "-", "vervar": "-", "tahun": `""`, "turtahun": "null"}, want: "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newBPSDatacontent(nil), strings.NewReader(bpsOf(c.change)))
			if err != nil || lines(got) != c.want {
				t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
			}
		})
	}
}

// Codes of different widths: slicing would read the wrong ones.
func TestBPSDatacontentNeverSlices(t *testing.T) {
	got, err := decodeAll(newBPSDatacontent(nil), strings.NewReader(bpsOf(map[string]string{
		"vervar": `[{"val":1,"label":"a"},{"val":12,"label":"b"}]`, "var": `[{"val":3456,"label":"v"}]`, "turvar": `[{"val":"","label":"none"}]`,
	})))
	if err == nil || !strings.Contains(err.Error(), "item 1 of turvar has no val") {
		t.Errorf("%v %v", got.rows, err)
	}
	got, err = decodeAll(newBPSDatacontent(nil), strings.NewReader(bpsOf(map[string]string{
		"vervar": `[{"val":1,"label":"a"},{"val":12,"label":"b"}]`, "var": `[{"val":34,"label":"v"}]`, "turvar": `[{"val":5,"label":"t"},{"val":51,"label":"u"}]`,
		"tahun": `[{"val":99,"label":"1999"},{"val":124,"label":"2024"}]`, "turtahun": `[{"val":0,"label":"Tahun"}]`,
		"datacontent": `{"1345990":1,"123451990":2,"134511240":3}`,
	})))
	if err != nil || len(got.rows) != 3 || strings.Join(got.rows[1][:10], "|") != "34|v|12|b|51|u|99|1999|0|Tahun" || strings.Join(got.rows[2][:10], "|") != "34|v|1|a|51|u|124|2024|0|Tahun" {
		t.Errorf("%q %v", got.rows, err)
	}
}

func TestBPSDatacontentRefusesWhatItCannotPlace(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     map[string]string
		settings   func(*BPSDatacontent)
		in         string
	}{
		{name: "a key that no combination makes", change: map[string]string{"datacontent": `{"1100192012461":1,"1200192012461":2}`}, want: `the key "1200192012461" (value 2 of 2)`},
		{name: "a key that two combinations make", want: `vervar 1, var 192, turvar 0, tahun 124, turtahun 61; vervar 11, var 92,`, change: map[string]string{
			"vervar": `[{"val":1,"label":"a"},{"val":11,"label":"b"}]`, "var": `[{"val":192,"label":"v"},{"val":92,"label":"w"}]`, "datacontent": `{"1192012461":1}`}},
		{name: "a list with one code twice", change: map[string]string{"turtahun": `[{"val":61,"label":"a"},{"val":61,"label":"b"}]`, "datacontent": `{"1100192012461":1}`}, want: "two combinations"},
		{name: "a key twice", change: map[string]string{"datacontent": `{"1100192012461":1,"1100192012461":2}`}, want: "twice"},
		{name: "a list twice", in: strings.TrimSuffix(bpsOf(nil), "}") + `,"tahun":[]}`, want: `"tahun" twice`},
		{name: "a list that is none", change: map[string]string{"vervar": "7"}, want: "vervar is no list"},
		{name: "an item that is none", change: map[string]string{"vervar": "[7]"}, want: "item 1 of vervar"},
		{name: "a label that is none", change: map[string]string{"vervar": `[{"val":1,"label":{}}]`}, want: "label of item 1 of vervar"},
		{name: "a label that is no text", change: map[string]string{"vervar": `[{"val":1,"label":"\udc00"}]`}, want: "not text"},
		{name: "values that are none", change: map[string]string{"datacontent": `[1]`}, want: "datacontent is no object"},
		{name: "a missing list", change: map[string]string{"tahun": "-"}, want: "no combination"},
		{name: "no datacontent", change: map[string]string{"datacontent": "-"}, want: "has no datacontent"},
		{name: "BPS's own error", in: `{"status":"Error","message":"The key is\n invalid"}`, want: `status "Error": The key is invalid`},
		{name: "another document", in: `{"result":{}}`, want: "no status"},
		{name: "a list", in: `[]`, want: "no JSON object"},
		{name: "a web page", in: "\n<!DOCTYPE html><html>", want: "error page"},
		{name: "cut short", in: bpsOf(nil)[:300], want: "ends"},
		{name: "more after the end", in: bpsOf(nil) + "{}", want: "more text"},
		{name: "nothing", in: "", want: "no JSON"},
		{name: "more than allowed", in: bpsOf(nil), settings: func(s *BPSDatacontent) { s.MaxBytes = 100 }, want: "max_bytes"},
		{name: "more values than allowed", in: bpsOf(nil), settings: func(s *BPSDatacontent) { s.MaxRows = 1 }, want: "max_rows (1) values"},
		{name: "more combinations than allowed", in: bpsOf(nil), settings: func(s *BPSDatacontent) { s.MaxRows = 3 }, want: "combinations"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := c.in
			if c.change != nil {
				in = bpsOf(c.change)
			}
			_, err := decodeAll(newBPSDatacontent(c.settings), strings.NewReader(in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

// What an answer says once is not copied for every value of it.
func TestBPSDatacontentSharesItsNote(t *testing.T) {
	rows := bpsRecords(3 * BatchRows)
	for _, r := range rows {
		r[12] = strings.Repeat("n", 50_000)
	}
	for b, err := range newBPSDatacontent(nil).Decode(t.Context(), "object", bytes.NewReader(bpsAnswerOf(t, nil, rows))) {
		if err != nil || len(b.text) > 2<<20 || b.Cell(b.Len()-1, 12) != rows[0][12] {
			t.Fatalf("a batch holds %d bytes of text, %v", len(b.text), err)
		}
	}
}

// bpsReal gives the answers of BPS's service that are at hand, out of the envelope of who collected them.
func bpsReal(t *testing.T) map[string][]byte {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "bps", "var-192-20*.snapshot.json"))
	if len(files) == 0 {
		t.Skip("the real answers are not at hand")
	}
	answers := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var envelope struct{ Result json.RawMessage }
		if err := json.Unmarshal(data, &envelope); err != nil {
			t.Fatal(err)
		}
		answers[filepath.Base(file)] = envelope.Result
	}
	return answers
}

// Every value of the real answers, against somebody else's decoding of them.
func TestBPSDatacontentAgreesWithAnIndependentDecoding(t *testing.T) {
	answers := bpsReal(t)
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "bps", "var-192-long.csv"))
	if err != nil {
		t.Skip("the independent decoding is not at hand")
	}
	defer file.Close()
	oracle, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range oracle[0] {
		at[name] = i
	}
	const names = "bps_var_id bps_var_label bps_vervar_id bps_vervar_label bps_turvar_id bps_turvar_label bps_th_id bps_th_label bps_turth_id bps_turth_label " +
		"value bps_var_unit bps_var_note bps_subject bps_vertical_dimension bps_last_update source_key"
	want := map[string][]string{} // by year
	for _, row := range oracle[1:] {
		cells := make([]string, 0, len(bpsHeader))
		for name := range strings.FieldsSeq(names) {
			cells = append(cells, row[at[name]])
		}
		year := row[at["bps_th_label"]]
		want[year] = append(want[year], strings.Join(cells, "|"))
	}
	compared := 0
	for name, answer := range answers {
		got, err := decodeAll(newBPSDatacontent(nil), bytes.NewReader(answer))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		have := map[string]bool{}
		for _, row := range got.rows {
			have[strings.Join(row, "|")] = true
		}
		year := got.rows[0][7]
		if len(have) != len(want[year]) {
			t.Errorf("%s: %d values, the independent decoding has %d", name, len(have), len(want[year]))
		}
		for _, row := range want[year] {
			if !have[row] {
				t.Errorf("%s: not read: %s", name, row)
			}
			compared++
		}
	}
	if compared != 208+104+232+232 {
		t.Errorf("%d values compared", compared)
	}
}

// bpsAnswerOf writes records that differ in their row item as one answer.
func bpsAnswerOf(_ testing.TB, _ []string, rows [][]string) []byte {
	var items, values []string
	for _, r := range rows {
		items = append(items, fmt.Sprintf(`{"val":%s,"label":%q}`, r[2], r[3]))
		values = append(values, fmt.Sprintf("%q:%s", r[16], r[10]))
	}
	r := rows[0]
	return fmt.Appendf(nil, `{"status":"OK","data-availability":"available","last_update":%q,"var":[{"val":%s,"label":%q,"unit":%q,"note":%q,"subj":%q}],"labelvervar":%q,`+
		`"vervar":[%s],"turvar":[{"val":%q,"label":%q}],"tahun":[{"val":%s,"label":%q}],"turtahun":[{"val":%s,"label":%q}],"datacontent":{%s}}`,
		r[15], r[0], r[1], r[11], r[12], r[13], r[14], strings.Join(items, ","), r[4], r[5], r[6], r[7], r[8], r[9], strings.Join(values, ",\n"))
}

func bpsRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		code := fmt.Sprint(100000 + i)
		rows[i] = []string{"192", "Penduduk miskin", code, "Wilayah " + code, "0", "Tidak ada", "124", "2024", "0", "Tahun", fmt.Sprintf("%d.%02d", i, i%100),
			"Persen", "<p>c</p>", "Kemiskinan", "Wilayah", "2026-08-05 12:36:39", code + "19201240"}
	}
	return rows
}

func FuzzBPSDatacontent(f *testing.F) {
	f.Add([]byte(bpsOf(nil)))
	f.Add([]byte(bpsOf(map[string]string{"vervar": `[{"val":1,"label":"a"},{"val":11,"label":"\u00e9"}]`, "datacontent": `{"1192012461":"x","11192012461":null}`})))
	f.Add([]byte(`{"status":"OK","data-availability":"list-not-available","data":""}`))
	f.Add([]byte(`{"status":"Error","message":"x"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		checkDecoder(t, newBPSDatacontent(func(s *BPSDatacontent) { s.MaxRows = 10_000 }), in)
	})
}

func BenchmarkBPSDatacontent(b *testing.B) {
	in := bpsAnswerOf(b, nil, bpsRecords(5000))
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		for batch, err := range newBPSDatacontent(nil).Decode(b.Context(), "bench", bytes.NewReader(in)) {
			if err != nil || batch.Len() == 0 {
				b.Fatal(err)
			}
		}
	}
}

// Whatever the widths of the codes: a value comes back under the items that it was written for, or the
// answer is refused because its key could mean others.
func TestBPSDatacontentFindsWhatWasMeant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[0-9]{1,3}`)
		var lists [bpsLists][]string
		for i := range lists {
			lists[i] = rapid.SliceOfNDistinct(code, 1, 4, rapid.ID[string]).Draw(t, bpsListNames[i])
		}
		meant, count := map[string]string{}, map[string]int{}
		var keys []string
		var combine func(depth int, key, names string)
		combine = func(depth int, key, names string) {
			if depth < bpsLists {
				for _, c := range lists[depth] {
					combine(depth+1, key+c, names+"|"+c)
				}
				return
			}
			if count[key]++; count[key] == 1 {
				keys = append(keys, key)
				meant[key] = names
			}
		}
		combine(0, "", "")
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 1, min(5, len(keys)), rapid.ID[string]).Draw(t, "values")
		change, ambiguous := map[string]string{}, false
		for i, name := range bpsListNames {
			var items []string
			for _, c := range lists[i] {
				items = append(items, fmt.Sprintf(`{"val":%q,"label":"l"}`, c))
			}
			change[name] = "[" + strings.Join(items, ",") + "]"
		}
		var values []string
		for i, key := range chosen {
			values = append(values, fmt.Sprintf("%q:%d", key, i))
			ambiguous = ambiguous || count[key] > 1
		}
		change["datacontent"] = "{" + strings.Join(values, ",") + "}"
		got, err := decodeAll(newBPSDatacontent(nil), strings.NewReader(bpsOf(change)))
		if ambiguous {
			if err == nil || !strings.Contains(err.Error(), "two combinations") {
				t.Fatalf("a key of two meanings: %v", err)
			}
			return
		}
		if err != nil || len(got.rows) != len(chosen) {
			t.Fatalf("%d records, %v", len(got.rows), err)
		}
		for i, row := range got.rows {
			if names := "|" + strings.Join([]string{row[2], row[0], row[4], row[6], row[8]}, "|"); names != meant[chosen[i]] || row[10] != fmt.Sprint(i) {
				t.Fatalf("value %d is read as %s, was written for %s", i, names, meant[chosen[i]])
			}
		}
	})
}
