package formats

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"
)

func newXML(change func(*XML)) *XML {
	kind, _ := Lookup("xml")
	s := kind.New().(*XML)
	s.RecordPath = "Rows/Row"
	if change != nil {
		change(s)
	}
	return s
}

func TestXMLReadsWhatServicesSend(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*XML)
	}{
		{name: "elements, attributes, nested elements", in: `<Rows total="2"><Row id="1"><nik>3201014101900000</nik><asal kode="35"><prov>Jawa Timur</prov></asal></Row>` +
			`<Row id="2"><nik/><catatan> a &amp; b </catatan></Row></Rows>`,
			want: "@id|nik|asal.@kode|asal.prov|catatan\n1 item 1: 1|3201014101900000|35|Jawa Timur|\n2 item 2: 2||||\x20a & b \n"},
		{name: "prefixes, CDATA, comments, an envelope", in: "\xEF\xBB\xBF<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"x\"><s:Header><Row>no</Row></s:Header><s:Body><a:Rows><Row><![CDATA[<x>]]></Row><!-- c --></a:Rows></s:Body></s:Envelope>",
			change: func(s *XML) { s.RecordPath = "Envelope/Body/Rows/Row" }, want: "#text\n1 item 1: <x>\n"},
		{name: "lists", in: `<Rows><Row><hp>1</hp><n>x</n><hp tipe="a">2<x/>"</hp></Row><Row><hp>3</hp></Row></Rows>`,
			want: "hp|n\n1 item 1: [\"1\",{\"@tipe\":\"a\",\"#text\":\"2\\\"\",\"x\":\"\"}]|x\n2 item 2: 3|\n"},
		{name: "declared lists", in: `<Rows><Row><k><hp>3</hp><hp>4</hp></k></Row><Row><k><hp>3</hp></k></Row></Rows>`, change: func(s *XML) { s.Lists = []string{"k.hp"} },
			want: "k.hp\n1 item 1: [\"3\",\"4\"]\n2 item 2: [\"3\"]\n"},
		{name: "text beside elements", in: "<Rows><Row><a>x<b>1</b>\n</a></Row></Rows>", want: "a.#text|a.b\n1 item 1: x|1\n"},
		{name: "two parents", in: "<d><Rows><Row><a>1</a></Row></Rows><x/><Rows/><Rows><Row><a>2</a></Row></Rows></d>", change: func(s *XML) { s.RecordPath = "d/Rows/Row" }, want: "a\n1 item 1: 1\n2 item 2: 2\n"},
		{name: "no records", in: "<Rows/>", want: "\n"},
		{name: "one record, the document", in: "<Row><a>1</a></Row>", change: func(s *XML) { s.RecordPath = "Row" }, want: "a\n1 item 1: 1\n"},
		{name: "an attribute twice but for its prefix", in: `<Rows><Row lang="a" xml:lang="b"/></Rows>`, want: "@lang\n1 item 1: b !malformed_record\n"},
		{name: "a long value", in: "<Rows><Row><a>123456</a></Row></Rows>", change: func(s *XML) { s.MaxCell = 5 }, want: "a\n1 item 1:  !too_long_cell\n"},
		{name: "a root like an element of pages", in: "<metadata><body><a>1</a></body></metadata>", change: func(s *XML) { s.RecordPath = "metadata/body" }, want: "a\n1 item 1: 1\n"},
		{name: "NUL", in: "<Rows><Row><a>x\x00</a></Row></Rows>", want: "a\n1 item 1: x? !bad_encoding\n"},
		{name: "windows-1252 by declaration", in: "<?xml version='1.0' encoding='ISO-8859-1'?><Rows><Row><a>Jos\xe9</a></Row></Rows>", want: "a\n1 item 1: José\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newXML(c.change), strings.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if lines(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", lines(got), c.want)
			}
		})
	}
	t.Run("utf-16", func(t *testing.T) {
		in, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="utf-16"?><Rows><Row><a>José</a></Row></Rows>`))
		must(t, err)
		got, err := decodeAll(newXML(nil), bytes.NewReader(in))
		if err != nil || lines(got) != "a\n1 item 1: José\n" {
			t.Errorf("%s%v", lines(got), err)
		}
	})
}

func TestXMLRefuses(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*XML)
	}{
		{name: "document type", in: `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Rows><Row><a>&e;</a></Row></Rows>`, want: "document type"},
		{name: "entity", in: `<Rows><Row><a>&e;</a></Row></Rows>`, want: "entity"},
		{name: "cut short", in: `<Rows><Row><a>1</a></Row>`, want: "ends inside"},
		{name: "another document", in: `<Fault><code>9</code></Fault>`, want: "no element Rows where it should be (there are: Fault)"},
		{name: "another list", in: `<d><Error/><Kolom/></d>`, change: func(s *XML) { s.RecordPath = "d/Rows/Row" }, want: "no element Rows where it should be (there are: Error, Kolom)"},
		{name: "web page", in: "<!DOCTYPE html><html>", want: "web page"},
		{name: "workbook", in: "PK\x03\x04xxxx", want: "XLSX"},
		{name: "encoding", in: `<?xml version="1.0" encoding="ebcdic"?><Rows/>`, want: "ebcdic"},
		{name: "empty", in: "", want: "ends inside"},
		{name: "too deep", in: strings.Repeat("<Rows>", 70), want: "deeper"},
		{name: "deep inside a record", in: "<Rows><Row>" + strings.Repeat("<a>", 70), want: "deeper"},
		{name: "a record without bounds", in: "<Rows><Row>" + strings.Repeat("<a>x</a>", 200_000) + "</Row></Rows>", want: "item 1: it is larger"},
		{name: "columns", in: "<Rows><Row>" + manyElements(MaxColumns+1) + "</Row></Rows>", want: "different elements"},
		{name: "too many records", in: "<Rows><Row/><Row/></Rows>", change: func(s *XML) { s.MaxRows = 1 }, want: "max_rows"},
		{name: "settings: no path", in: "<Rows/>", change: func(s *XML) { s.RecordPath = "" }, want: "record_path"},
		{name: "settings: a prefix", in: "<Rows/>", change: func(s *XML) { s.RecordPath = "s:Rows/Row" }, want: "record_path"},
		{name: "settings: lists", in: "<Rows/>", change: func(s *XML) { s.Lists = []string{""} }, want: "lists"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newXML(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "object") {
				t.Errorf("got error %v, want one with %q that names the object", err, c.want)
			}
		})
	}
	cause := errors.New("the wire broke")
	if _, err := decodeAll(newXML(nil), io.MultiReader(strings.NewReader("<Rows>"), iotest.ErrReader(cause))); !errors.Is(err, cause) {
		t.Errorf("the cause of a read error is lost: %v", err)
	}
}

func manyElements(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "<e%d/>", i)
	}
	return out.String()
}

func TestXMLMemoryDoesNotGrow(t *testing.T) {
	const row = `<Row id="1"><nik>3201014101900000</nik><asal kode="35"><prov>Jawa Timur</prov></asal></Row>`
	in := io.MultiReader(strings.NewReader("<Rows>"), &repeatReader{text: row, n: 300_000}, strings.NewReader("</Rows>"))
	rows, peak := decodeCounting(t, newXML(nil), in)
	if rows != 300_000 || peak > 100<<20 {
		t.Errorf("%d records, %d MB in use", rows, peak>>20)
	}
}

func FuzzXML(f *testing.F) {
	for _, seed := range []string{
		`<Rows><Row id="1"><a>1</a><b c="2"><d/>x</b><a>&#x41;</a></Row></Rows>`, "<?xml version='1.0' encoding='windows-1252'?><Rows><Row>\xe9</Row></Rows>",
		"<s:Rows><Row xml:lang='a' lang='b'><![CDATA[]]></Row><!-- --></s:Rows>", "<Rows/>", "\xFF\xFE<\x00", `<Rows><Row><l>1</l></Row><Row><l.x/></Row></Rows>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		checkDecoder(t, newXML(func(s *XML) { s.Lists, s.MaxCell = []string{"l"}, 64 }), in)
	})
}
