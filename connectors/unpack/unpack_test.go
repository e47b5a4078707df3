package unpack_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/klauspost/compress/zstd"
	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/connectors/unpack"
)

// key is of this test alone.
var key, _ = age.GenerateX25519Identity()

func layer[T unpack.Settings](t testing.TB, kind string, change func(T)) unpack.Settings {
	t.Helper()
	k, ok := unpack.Lookup(kind)
	if !ok {
		t.Fatalf("kind %s is not known", kind)
	}
	s := k.New().(T)
	if change != nil {
		change(s)
	}
	return s
}

func zipLayer(t testing.TB, change func(*unpack.Zip)) unpack.Settings { return layer(t, "zip", change) }

func ageLayer(t testing.TB) unpack.Settings {
	return layer(t, "age", func(s *unpack.Age) { s.Identity = connectors.Secret("# made for a test\n" + key.String() + "\n") })
}

func format(kind string) formats.Settings {
	k, _ := formats.Lookup(kind)
	return k.New()
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func gzipped(t testing.TB, data []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(data)
	must(t, err, w.Close())
	return out.Bytes()
}

func zstandard(t testing.TB, data []byte, options ...zstd.EOption) []byte {
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out, options...)
	must(t, err)
	_, err = w.Write(data)
	must(t, err, w.Close())
	return out.Bytes()
}

func sealed(t testing.TB, data []byte, to age.Recipient) []byte {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	must(t, err)
	_, err = w.Write(data)
	must(t, err, w.Close())
	return out.Bytes()
}

// zipped writes name, text, name, text …
func zipped(t testing.TB, members ...string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i])
		must(t, err)
		_, err = io.WriteString(w, members[i+1])
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

// read decodes an object; every record is "place number: cell|cell".
func read(t testing.TB, s formats.Settings, object []byte) (records []string, err error) {
	t.Helper()
	next := int64(1)
	for b, e := range s.Decode(t.Context(), "kiriman", bytes.NewReader(object)) {
		if err = e; err != nil {
			return records, err
		}
		for row := range b.Len() {
			if b.RowNo(row) != next {
				t.Errorf("record number %d, want %d", b.RowNo(row), next)
			}
			next++
			var cells []string
			for column := range b.Header() {
				cells = append(cells, b.Cell(row, column))
			}
			records = append(records, fmt.Sprintf("%s %d: %s", b.Place(row), b.RowNo(row), strings.Join(cells, "|")))
		}
	}
	return records, nil
}

func TestLayersConform(t *testing.T) {
	for name, c := range map[string]struct {
		layers []unpack.Settings
		pack   func(t testing.TB, data []byte) []byte
	}{
		"gzip": {[]unpack.Settings{layer[*unpack.Gzip](t, "gzip", nil)}, gzipped},
		"zstd": {[]unpack.Settings{layer[*unpack.Zstd](t, "zstd", nil)}, func(t testing.TB, data []byte) []byte { return zstandard(t, data) }},
		"age":  {[]unpack.Settings{ageLayer(t)}, func(t testing.TB, data []byte) []byte { return sealed(t, data, key.Recipient()) }},
		"zip":  {[]unpack.Settings{zipLayer(t, nil)}, func(t testing.TB, data []byte) []byte { return zipped(t, "data.csv", string(data)) }},
		"gzip in zip in age": {[]unpack.Settings{ageLayer(t), zipLayer(t, nil), layer[*unpack.Gzip](t, "gzip", nil)}, func(t testing.TB, data []byte) []byte {
			return sealed(t, zipped(t, "data.csv.gz", string(gzipped(t, data))), key.Recipient())
		}},
	} {
		t.Run(name, func(t *testing.T) {
			connectortest.RunFormat(t, connectortest.FormatHarness{
				Kind: "csv", Settings: unpack.Around(format("csv"), c.layers, t.TempDir()),
				Encode: func(t testing.TB, header []string, rows [][]string) []byte {
					var out bytes.Buffer
					must(t, csv.NewWriter(&out).WriteAll(append([][]string{header}, rows...)))
					return c.pack(t, out.Bytes())
				},
			})
		})
	}
}

func TestMembersAreNumberedThroughAndNamed(t *testing.T) {
	object := zipped(t, "laporan/", "", "laporan/jatim.csv", "id,nama\n1,a\n2,b\n", "BACA.txt", "untuk dibaca",
		"__MACOSX/._jatim.csv", "\x00", `laporan\ntb.CSV`, "id;kota\n3;c\n")
	got, err := read(t, unpack.Around(format("csv"), []unpack.Settings{zipLayer(t, func(s *unpack.Zip) { s.Members = []string{"*.csv"} })}, t.TempDir()), object)
	want := "laporan/jatim.csv: line 2 1: 1|a, laporan/jatim.csv: line 3 2: 2|b, laporan/ntb.CSV: line 2 3: 3|c"
	if err != nil || strings.Join(got, ", ") != want {
		t.Errorf("got %q, %v", got, err)
	}
	// A pattern with a folder looks at the whole name.
	got, err = read(t, unpack.Around(format("csv"), []unpack.Settings{zipLayer(t, func(s *unpack.Zip) { s.Members = []string{"**/ntb.*"} })}, t.TempDir()), object)
	if err != nil || len(got) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
	// A member that holds no records counts for none.
	got, err = read(t, unpack.Around(format("json"), []unpack.Settings{zipLayer(t, nil)}, t.TempDir()), zipped(t, "1.json", "[]", "2.json", `[{"id":1}]`))
	if err != nil || len(got) != 1 || got[0] != "2.json: item 1 1: 1" {
		t.Errorf("got %q, %v", got, err)
	}
}

// A workbook is an archive too, and is read as what it is.
func TestWorkbooksInAnArchive(t *testing.T) {
	f := excelize.NewFile()
	must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"id", "nama"}), f.SetSheetRow("Sheet1", "A2", &[]any{"1", "a"}))
	var book bytes.Buffer
	must(t, f.Write(&book))
	got, err := read(t, unpack.Around(format("xlsx"), []unpack.Settings{zipLayer(t, nil)}, t.TempDir()), zipped(t, "jatim.xlsx", book.String(), "ntb.xlsx", book.String()))
	if err != nil || strings.Join(got, ", ") != "jatim.xlsx: Sheet1!A2 1: 1|a, ntb.xlsx: Sheet1!A2 2: 1|a" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAnArchiveInAnArchiveMustBeDeclared(t *testing.T) {
	object := zipped(t, "dalam.zip", string(zipped(t, "jatim.csv", "id\n1\n")))
	_, err := read(t, unpack.Around(format("csv"), []unpack.Settings{zipLayer(t, nil)}, t.TempDir()), object)
	if err == nil || !strings.Contains(err.Error(), "dalam.zip in kiriman") || !strings.Contains(err.Error(), "unpack") {
		t.Errorf("got %v", err)
	}
	got, err := read(t, unpack.Around(format("csv"), []unpack.Settings{zipLayer(t, nil), zipLayer(t, nil)}, t.TempDir()), object)
	if err != nil || len(got) != 1 || got[0] != "jatim.csv in dalam.zip: line 2 1: 1" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestNothingPackedIsNotOpened(t *testing.T) {
	s := format("csv")
	if unpack.Around(s, nil, "") != s {
		t.Error("a format without layers is wrapped")
	}
	// What is packed and not declared is an error that says what to do.
	for name, object := range map[string][]byte{"gzip": gzipped(t, []byte("id\n1\n")), "zstd": zstandard(t, []byte("id\n1\n")), "zip": zipped(t, "a.csv", "id\n1\n"), "age": sealed(t, []byte("id\n"), key.Recipient())} {
		for _, kind := range []string{"csv", "json"} {
			if _, err := read(t, format(kind), object); err == nil || !strings.Contains(err.Error(), "unpack") {
				t.Errorf("%s as %s: %v", name, kind, err)
			}
		}
	}
}

func TestAgeOpensWhatIsMeantForItsKey(t *testing.T) {
	other, _ := age.GenerateX25519Identity()
	phrase, err := age.NewScryptRecipient("kata sandi")
	must(t, err)
	phrase.SetWorkFactor(10)
	demanding, err := age.NewScryptRecipient("kata sandi")
	must(t, err)
	demanding.SetWorkFactor(19)
	var armoured bytes.Buffer
	w := armor.NewWriter(&armoured)
	_, err = w.Write(sealed(t, []byte("id\n1\n"), key.Recipient()))
	must(t, err, w.Close())
	byPhrase := func(s *unpack.Age) { s.Passphrase = "kata sandi" }
	byKey := func(s *unpack.Age) { s.Identity = connectors.Secret(key.String()) }
	for name, c := range map[string]struct {
		object []byte
		change func(*unpack.Age)
		want   string
	}{
		"armoured":                 {armoured.Bytes(), byKey, ""},
		"a passphrase":             {sealed(t, []byte("id\n1\n"), phrase), byPhrase, ""},
		"another key":              {sealed(t, []byte("id\n1\n"), other.Recipient()), byKey, "for another key"},
		"another passphrase":       {sealed(t, []byte("id\n1\n"), phrase), func(s *unpack.Age) { s.Passphrase = "salah" }, "for another key"},
		"a passphrase for a key":   {sealed(t, []byte("id\n1\n"), key.Recipient()), byPhrase, "for another key"},
		"too much work demanded":   {sealed(t, []byte("id\n1\n"), demanding), byPhrase, "no whole age file"},
		"not encrypted":            {[]byte("id\n1\n"), byKey, "no whole age file"},
		"a key that is none":       {sealed(t, []byte("id\n1\n"), key.Recipient()), func(s *unpack.Age) { s.Identity = "AGE-SECRET-KEY-1RAHASIA" }, "no private key"},
		"neither":                  {nil, func(*unpack.Age) {}, "give one of them"},
		"a changed byte":           {flipped(sealed(t, []byte("id\n1\n"), key.Recipient())), byKey, "seals do not fit"},
		"both, which is ambiguous": {nil, func(s *unpack.Age) { byKey(s); byPhrase(s) }, "give one of them"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(t, unpack.Around(format("csv"), []unpack.Settings{layer(t, "age", c.change)}, ""), c.object)
			if c.want == "" && (err != nil || len(got) != 1) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, %v, want %q", got, err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "RAHASIA") || strings.Contains(err.Error(), "sandi\"") || strings.Contains(err.Error(), key.String())) {
				t.Error("the error holds the secret")
			}
		})
	}
}

func flipped(data []byte) []byte {
	data[len(data)-1] ^= 1
	return data
}

func TestDamageIsAnErrorThatSaysSo(t *testing.T) {
	text := []byte("id\n" + strings.Repeat("12345\n", 5000))
	for name, c := range map[string]struct {
		layer  unpack.Settings
		object []byte
		want   string
	}{
		"no gzip":              {layer[*unpack.Gzip](t, "gzip", nil), text, "no whole gzip stream"},
		"gzip with bytes more": {layer[*unpack.Gzip](t, "gzip", nil), append(gzipped(t, text), "lebih"...), "gzip stream"},
		"no bytes at all":      {layer[*unpack.Gzip](t, "gzip", nil), nil, "cut short"},
		"no zstd":              {layer[*unpack.Zstd](t, "zstd", nil), text, "no whole Zstandard"},
		"no bytes of zstd":     {layer[*unpack.Zstd](t, "zstd", nil), nil, "cut short"},
		"no zip":               {zipLayer(t, nil), text, "no whole ZIP"},
		"no bytes of zip":      {zipLayer(t, nil), nil, "no whole ZIP"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, unpack.Around(format("csv"), []unpack.Settings{c.layer}, t.TempDir()), c.object)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "kiriman") {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	// Streams written one after another are one file.
	got, err := read(t, unpack.Around(format("csv"), []unpack.Settings{layer[*unpack.Gzip](t, "gzip", nil)}, ""), append(gzipped(t, []byte("id\n1\n")), gzipped(t, []byte("2\n"))...))
	if err != nil || len(got) != 2 {
		t.Errorf("two streams: %v, %v", got, err)
	}
}

// blank is a file of empty lines, as long as one likes: no format has anything
// against it.
type blank struct{}

func (blank) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '\n'
	}
	return len(p), nil
}

func TestLimitsCountWhatReallyComesOut(t *testing.T) {
	var bomb, zipBomb, zstdBomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	_, err := io.Copy(w, io.MultiReader(strings.NewReader("id\n"), io.LimitReader(blank{}, 64<<20)))
	must(t, err, w.Close())
	z := zip.NewWriter(&zipBomb)
	for i := range 4 {
		m, err := z.Create(fmt.Sprint(i))
		must(t, err)
		_, err = io.Copy(m, io.MultiReader(strings.NewReader("id\n"), io.LimitReader(blank{}, 16<<20)))
		must(t, err)
	}
	must(t, z.Close())
	s, err := zstd.NewWriter(&zstdBomb)
	must(t, err)
	_, err = io.Copy(s, io.MultiReader(strings.NewReader("id\n"), io.LimitReader(blank{}, 64<<20)))
	must(t, err, s.Close())

	for name, c := range map[string]struct {
		layer  unpack.Settings
		object []byte
		want   string
	}{
		"gzip, ratio":  {layer[*unpack.Gzip](t, "gzip", nil), bomb.Bytes(), "250 times"},
		"gzip, size":   {layer(t, "gzip", func(s *unpack.Gzip) { s.MaxUnpacked = connectors.MiB }), bomb.Bytes(), "1MiB"},
		"zstd, ratio":  {layer[*unpack.Zstd](t, "zstd", nil), zstdBomb.Bytes(), "250 times"},
		"zstd, size":   {layer(t, "zstd", func(s *unpack.Zstd) { s.MaxUnpacked = connectors.MiB }), zstdBomb.Bytes(), "1MiB"},
		"zip, ratio":   {zipLayer(t, nil), zipBomb.Bytes(), "250 times"},
		"zip, size":    {zipLayer(t, func(s *unpack.Zip) { s.MaxUnpacked, s.MaxRatio = 20*connectors.MiB, 5000 }), zipBomb.Bytes(), "20MiB"},
		"the archive":  {zipLayer(t, func(s *unpack.Zip) { s.MaxUnpacked = 100 }), zipBomb.Bytes(), "alone"},
		"age":          {layer(t, "age", func(s *unpack.Age) { s.Identity, s.MaxUnpacked = connectors.Secret(key.String()), 10 }), sealed(t, []byte("id\n1\n2\n3\n4\n5\n"), key.Recipient()), "max_unpacked (10)"},
		"zstd, window": {layer[*unpack.Zstd](t, "zstd", nil), zstandard(t, bytes.Repeat([]byte("id\n"), 1<<20), zstd.WithWindowSize(256<<20)), "--long"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, unpack.Around(format("csv"), []unpack.Settings{c.layer}, t.TempDir()), c.object)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	// A small file of few different letters is harmless.
	object := gzipped(t, []byte("id\n"+strings.Repeat("1\n", 1<<20)))
	if got, err := read(t, unpack.Around(format("csv"), []unpack.Settings{layer[*unpack.Gzip](t, "gzip", nil)}, ""), object); err != nil || len(got) != 1<<20 {
		t.Errorf("%d records, %v", len(got), err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	for want, l := range map[string]unpack.Settings{
		"max_unpacked": layer(t, "gzip", func(s *unpack.Gzip) { s.MaxUnpacked = 0 }),
		"max_ratio":    layer(t, "zstd", func(s *unpack.Zstd) { s.MaxRatio = 0 }),
		"members":      zipLayer(t, func(s *unpack.Zip) { s.Members = nil }),
		"..":           zipLayer(t, func(s *unpack.Zip) { s.Members = []string{"../*.csv"} }),
		"max_members":  zipLayer(t, func(s *unpack.Zip) { s.MaxMembers = 0 }),
	} {
		around := unpack.Around(format("csv"), []unpack.Settings{l}, "")
		if err := around.(interface{ Check() error }).Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if _, err := read(t, around, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("decoding: got %v, want %q", err, want)
		}
	}
	if _, ok := unpack.Lookup("rar"); ok {
		t.Error("rar is known")
	}
}

func TestOpeningEndsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, l := range map[string]unpack.Settings{"zip": zipLayer(t, nil), "gzip": layer[*unpack.Gzip](t, "gzip", nil)} {
		for _, err := range unpack.Around(format("csv"), []unpack.Settings{l}, t.TempDir()).Decode(ctx, "kiriman", bytes.NewReader(zipped(t, "a", "id\n"))) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
