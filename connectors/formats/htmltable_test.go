package formats

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func newHTMLTable(change func(*HTMLTable)) *HTMLTable {
	kind, _ := Lookup("html_table")
	s := kind.New().(*HTMLTable)
	if change != nil {
		change(s)
	}
	return s
}

func TestHTMLTableReadsWhatSystemsCallExcel(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*HTMLTable)
	}{
		{name: "an export as PHP programs write it",
			in:   "<style>td{mso-number-format:'\\@'}</style>\n<table border='1'>\r\n <tr><th>No</th><th>NIK</th></tr>\r\n <tr>\n  <td> 1 </td><td style='x'>3201014101900000</td></tr>\r\n</table>",
			want: "No|NIK\n1 row 2: 1|3201014101900000\n"},
		{name: "a layout table and a title stand before the data",
			in: `<html><body><table><tr><td>menu <table><tr><th>Tahun</th><th>Jumlah<br>orang</th></tr><tr><td>2024</td><td>1.234</td></tr></table></td></tr></table>` +
				`<table><tr><td>x</td><td>y</td></tr></table>`,
			want: "Tahun|Jumlah orang\n1 row 2: 2024|1.234\n"},
		{name: "the table that was asked for", change: func(s *HTMLTable) { s.Table, s.HeaderRow, s.SkipRows = 2, 2, 1 },
			in: `<table><tr><th>a<th>b</table><TABLE><TR><TD colspan=2>Judul<TR><TH>c<TH>d<TR><TD>(1)<TD>(2)<TR><TD>x<TD>y</TABLE>`, want: "c|d\n1 row 4: x|y\n"},
		{name: "text as a browser shows it",
			in:   "<table><tr><td>a<td>b</tr><tr><td>  two \n words<b> and</b>\tmore <td>&nbsp;</tr><tr><td>1&#32;&#32;2<td>&lt;b&gt;&amp;amp; <br>x<br></tr></table>",
			want: "a|b\n1 row 2: two words and more|\n2 row 3: 1  2|<b>&amp;\nx\n"},
		{name: "spans leave their cells empty",
			in: "<table><tr><th>a<th>b<th>c</tr><tr><td rowspan=2>x<td colspan=2>y</tr><tr><td>1<td>2</tr>" +
				"<tr><td>3<td>4<td>5</tr></table>",
			want: "a|b|c\n1 row 2: x|y|\n2 row 3: |1|2\n3 row 4: 3|4|5\n"},
		{name: "rows without text are no records", in: "<table><tr><th>a<th>b<tr><td><td>&nbsp;<tr><td>1</table>", want: "a|b\n1 row 3: 1|\n"},
		{name: "faults", change: func(s *HTMLTable) { s.MaxCell = 5 },
			in: "<table><tr><th>a<th>b<tr><td>1<td>2<td>3<tr><td>123456<td>2<tr><td>\xff<td>2</table>", want: "a|b\n1 row 2: 1|2 !ragged_row\n2 row 3: |2 !too_long_cell\n3 row 4: \uFFFD|2 !bad_encoding\n"},
		{name: "Windows-1252", change: func(s *HTMLTable) { s.Encoding = "windows-1252" },
			in: "<table><tr><th>a<th>b<tr><td>caf\xe9<td>2</table>", want: "a|b\n1 row 2: café|2\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newHTMLTable(c.change), strings.NewReader(c.in))
			if err != nil || lines(got) != c.want {
				t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
			}
		})
	}
}

func TestHTMLTableRefusesPagesWithoutItsTable(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*HTMLTable)
	}{
		{name: "a login page", in: "<!DOCTYPE html><html><form><input name=user></form>", want: "login"},
		{name: "layout only", in: "<table><tr><td>menu</td></tr></table>", want: "none of the page's 1 tables"},
		{name: "fewer tables", in: "<table><tr><td>a<td>b</table>", change: func(s *HTMLTable) { s.Table = 3 }, want: "has 1 tables"},
		{name: "cut short", in: "<table><tr><td>a<td>b<tr><td>1<td>2", want: "cut short"},
		{name: "a header that is not there", in: "<table><tr><td>a<td>b</table>", change: func(s *HTMLTable) { s.Table, s.HeaderRow = 1, 4 }, want: "header_row"},
		{name: "too long", in: strings.Repeat(" ", 200), change: func(s *HTMLTable) { s.MaxBytes = 100 }, want: "max_bytes"},
		{name: "one endless tag", in: "<table title='" + strings.Repeat("x", 5<<20), want: "longer than"},
		{name: "too many columns", in: "<table><tr>" + strings.Repeat("<td colspan=1000>x", 5), want: "more than 4096 columns"},
		{name: "a real workbook", in: "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", want: "OLE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newHTMLTable(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func FuzzHTMLTable(f *testing.F) {
	for _, seed := range []string{
		"<table><tr><th>a<th>b<tr><td rowspan=2>1<td>&nbsp;<tr><td>2</table>",
		"<table><tr><td><table><tr><td>a</td><td>b</td></tr><tr><td>1</td></tr></table></table>",
		"<table><tr><th rowspan=2>a<th colspan=2>b<tr><th>1<th>2<tr><td>x<td>y<td>z<tr><td>n</table>",
		"<tr><td colspan=3>x</table><!-- --><script>a<b</script>", "\xEF\xBB\xBF<table><tr><td>\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		checkDecoder(t, newHTMLTable(func(s *HTMLTable) { s.MaxBytes = 1 << 20 }), in)
		checkDecoder(t, newHTMLTable(func(s *HTMLTable) { s.MaxBytes, s.Table = 1<<20, 1 }), in)
		checkDecoder(t, newHTMLTable(func(s *HTMLTable) {
			s.MaxBytes, s.Encoding, s.HeaderRows, s.HeaderHas, s.FooterRows = 1<<20, "auto", 2, []string{"a"}, 1
		}), in)
	})
}

func BenchmarkHTMLTable(b *testing.B) {
	var page bytes.Buffer
	page.WriteString("<table><tr><th>nik</th><th>negara</th><th>upah</th></tr>\n")
	for i := range 20000 {
		fmt.Fprintf(&page, "<tr><td>%d</td><td>HONG KONG</td><td>%d</td></tr>\n", 3201014101900000+i, i)
	}
	page.WriteString("</table>")
	b.SetBytes(int64(page.Len()))
	for b.Loop() {
		for batch, err := range newHTMLTable(nil).Decode(b.Context(), "bench", bytes.NewReader(page.Bytes())) {
			if err != nil || batch.Len() == 0 {
				b.Fatal(err)
			}
		}
	}
}
