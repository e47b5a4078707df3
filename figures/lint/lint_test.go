package lint_test

import (
	"bytes"
	"fmt"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/kp2mi/lindung/figures/lint"
)

// A drawn table is one that adds up: rows in regions with subtotals, years across.
type drawnTable struct {
	regions [][][]int // region, country, year
	years   int
	english bool
}

func drawTable(t *rapid.T) drawnTable {
	d := drawnTable{years: rapid.IntRange(1, 4).Draw(t, "years"), english: rapid.Bool().Draw(t, "english")}
	for range rapid.IntRange(1, 3).Draw(t, "regions") {
		var countries [][]int
		for range rapid.IntRange(2, 5).Draw(t, "countries") {
			var row []int
			for range d.years {
				row = append(row, rapid.OneOf(rapid.IntRange(0, 999), rapid.IntRange(1000, 250_000)).Draw(t, "value"))
			}
			countries = append(countries, row)
		}
		d.regions = append(d.regions, countries)
	}
	return d
}

// write prints the table as a publication does. A change is added to one cell after the sums
// were made.
func (d drawnTable) write(region, country, year, change int) string {
	label, subtotal, total, mark := "Negara", "Subjumlah", "Jumlah", "."
	if d.english {
		label, subtotal, total, mark = "Country of destination", "Subtotal", "Total", ","
	}
	var b strings.Builder
	line := func(name string, values []int) {
		b.WriteString(name)
		sum := 0
		for _, v := range values {
			b.WriteString(";" + grouped(v, mark))
			sum += v
		}
		if len(values) > 1 {
			b.WriteString(";" + grouped(sum, mark))
		}
		b.WriteString("\n")
	}
	b.WriteString(label)
	for y := range d.years {
		fmt.Fprintf(&b, ";%d", 2020+y)
	}
	if d.years > 1 {
		b.WriteString(";" + total)
	}
	b.WriteString("\n")
	all := make([]int, d.years)
	for r, countries := range d.regions {
		sums := make([]int, d.years)
		for c, row := range countries {
			written := strings.Builder{}
			written.WriteString(fmt.Sprintf("Negeri %c%c", 'A'+r, 'A'+c))
			sum := 0
			for y, v := range row {
				sums[y] += v
				all[y] += v
				sum += v
				if r == region && c == country && y == year {
					v += change
				}
				written.WriteString(";" + grouped(v, mark))
			}
			if d.years > 1 {
				written.WriteString(";" + grouped(sum, mark))
			}
			b.WriteString(written.String() + "\n")
		}
		if len(d.regions) > 1 {
			line(subtotal, sums)
		}
	}
	line(total, all)
	return b.String()
}

func grouped(v int, mark string) string {
	s := fmt.Sprint(v)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}

func TestATableThatAddsUpIsSilentAndOneChangedCellIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawTable(t)
		for _, f := range lintText(t, "t.csv", d.write(-1, 0, 0, 0)) {
			t.Fatalf("false alarm: %s: %s\n%s", f.Rule, f.Message, d.write(-1, 0, 0, 0))
		}
		r := rapid.IntRange(0, len(d.regions)-1).Draw(t, "region")
		c := rapid.IntRange(0, len(d.regions[r])-1).Draw(t, "country")
		y := rapid.IntRange(0, d.years-1).Draw(t, "year")
		change := rapid.IntRange(1, 5000).Draw(t, "change")
		changed := d.write(r, c, y, change)
		findings := lintText(t, "t.csv", changed)
		if !has(findings, "parts_total") {
			t.Fatalf("%d more in one cell is not found:\n%s", change, changed)
		}
		for _, f := range findings {
			if f.Column != fmt.Sprint(2020+y) && f.Column != "Jumlah" && f.Column != "Total" {
				t.Fatalf("column %s is blamed, %d was changed: %s\n%s", f.Column, 2020+y, f.Message, changed)
			}
		}
	})
}

func lintText(t interface{ Fatal(...any) }, name, text string) []lint.Finding {
	d, err := lint.Read(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return lint.Check(d)
}

// What was published, and what is wrong with it.
func TestRealFiles(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data")
	files, err := filepath.Glob(filepath.Join(shared, "*", "*"))
	if err != nil || len(files) == 0 {
		t.Skip("the real files are not at hand")
	}
	want := []string{
		"pmi/tabel_24_Penempatan_Negara_2022-2024.csv:1 thousands_as_decimals 2022",
		"pmi/tabel_24_Penempatan_Negara_2022-2024.csv:1 thousands_as_decimals 2023",
		"pmi/tabel_24_Penempatan_Negara_2022-2024.csv:1 thousands_as_decimals 2024",
		"pmi/tabel_24_Penempatan_Negara_2022-2024.csv:1 thousands_as_decimals JUMLAH",
	}
	var got []string
	read := 0
	for _, file := range files {
		ext := filepath.Ext(file)
		if info, err := os.Stat(file); err != nil || ext != ".csv" && ext != ".xlsx" || info.Size() > 4<<20 {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		for _, f := range lintText(t, name, string(data)) {
			got = append(got, fmt.Sprintf("%s:%d %s %s", f.File, f.Line, f.Rule, f.Column))
		}
		read++
	}
	if read < 10 {
		t.Errorf("only %d files were read", read)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings in real files (-want +got):\n%s", diff)
	}
}

// The product's own report, in two languages, contradicts itself nowhere; one changed number
// in one of its tables does.
func TestTheReportOfTheProductIsSilent(t *testing.T) {
	number := func(text string) document.Cell {
		return document.Cell{Number: &document.Number{Text: text, Ref: document.Reference{Op: document.OpValue, Figure: "PLC-01/2025@r1"}}}
	}
	table := &document.Table{ID: "P6", Title: "Layanan penempatan menurut negara tujuan", Columns: []document.Column{{Name: "country", Title: "Negara tujuan"},
		{Name: "services", Title: "2025", Unit: "layanan", Numeric: true}, {Name: "share", Title: "Bagian", Unit: "%", Numeric: true}}}
	for _, row := range [][3]string{{"Hong Kong", "8.000", "33,3%"}, {"Taiwan", "7.000", "29,2%"}, {"Malaysia", "9.000", "37,5%"}, {"Jumlah", "24.000", "100,0%"}} {
		table.Rows = append(table.Rows, document.Row{Total: row[0] == "Jumlah", Cells: []document.Cell{{Text: document.Say(row[0])}, number(row[1]), number(row[2])}})
	}
	report := &document.Document{Kind: "monthly", Lang: "id", Title: "Laporan", Publisher: "Pusat Data", Subject: "2025-12", Release: document.Release{ID: "r1"},
		Sections: []document.Section{{ID: "bulletin", Level: 1, Title: document.Say("Tabel"), Blocks: []document.Block{table}}}}
	var written bytes.Buffer
	if err := html.Write(&written, report); err != nil {
		t.Fatal(err)
	}
	page := written.Bytes()
	for _, f := range lintText(t, "report.html", string(page)) {
		t.Errorf("%d: %s: %s", f.Line, f.Rule, f.Message)
	}
	shares := regexp.MustCompile(`<td data-n=[0-9a-z]+>(\d)(\d),\d%`).FindAllSubmatchIndex(page, -1)
	if len(shares) == 0 {
		t.Fatal("the page has no shares: take other numbers of its tables")
	}
	for _, at := range shares {
		changed := bytes.Clone(page)
		changed[at[2]], changed[at[4]] = page[at[4]], page[at[2]]
		if findings := lintText(t, "report.html", string(changed)); !bytes.Equal(changed, page) && !has(findings, "share") {
			t.Errorf("a share with two digits exchanged is not found: %s", page[at[0]:at[1]])
		}
	}
}

// Numbers of persons are not shown, wherever they stand.
func TestNumbersOfPersonsAreNotShown(t *testing.T) {
	table := "Nama;2023;2024;Jumlah\n3201014101900000 Sari;1;2;3\nBudi 081234567890;2;2;5\nTono;1;1;2\nJumlah;4;5;9\n"
	findings := lintText(t, "t.csv", table)
	if len(findings) == 0 {
		t.Fatal("the wrong sum is not found")
	}
	var b bytes.Buffer
	if err := lint.WriteText(&b, findings); err != nil {
		t.Fatal(err)
	}
	if err := lint.WriteJSON(&b, findings); err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`\d{10,}`).Match(b.Bytes()) {
		t.Errorf("a number of a person is shown:\n%s", &b)
	}
}

// A workbook is read as it is shown: merged heads, formatted shares, several sheets.
func TestAWorkbookIsReadAsItIsShown(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for cell, v := range map[string]any{
		"A1": "Placements by country and sex", "A2": "Country", "B2": "2024", "B3": "Men", "C3": "Women", "D3": "Total", "E3": "Share",
		"A4": "Taiwan", "B4": 30000, "C4": 54581, "D4": 84581, "E4": 0.6205,
		"A5": "Hong Kong", "B5": 1000, "C5": 49773, "D5": 50773, "E5": 0.3725,
		"A6": "Japan", "B6": 520, "C6": 430, "D6": 905, "E6": 0.0070,
		"A7": "Total", "B7": 31520, "C7": 104784, "D7": 136304, "E7": 1.0,
	} {
		must(book.SetCellValue("Sheet1", cell, v))
	}
	must(book.MergeCell("Sheet1", "A1", "E1"))
	must(book.MergeCell("Sheet1", "A2", "A3"))
	must(book.MergeCell("Sheet1", "B2", "E2"))
	style, err := book.NewStyle(&excelize.Style{NumFmt: 10})
	must(err)
	must(book.SetCellStyle("Sheet1", "E4", "E7", style))
	var b bytes.Buffer
	_, err = book.WriteTo(&b)
	must(err)
	var got []string
	for _, f := range lintText(t, "book.xlsx", b.String()) {
		got = append(got, fmt.Sprintf("%d %s %s / %s: %s", f.Line, f.Rule, f.Row, f.Column, f.Message))
	}
	want := []string{
		"6 parts_total Japan / 2024 / Total: parts add up to 950, the total written is 905: 45 too many",
		"6 share Japan / 2024 / Share: the share written is 0.70%; 905 of 136304 is 0.66%",
		"7 parts_total Total / 2024 / Total: parts add up to 136,259, the total written is 136304: 45 short",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Spans of a page's table are filled, footnote marks left out, and each line is the file's.
func TestAPagesTableIsReadAsItIsShown(t *testing.T) {
	page := `<!doctype html>
<html lang="en"><head><title>1,234 of 5</title></head><body>
<table><caption>Placements by <b>country</b></caption>
<tr><th rowspan="2">Region</th><th rowspan="2">Country</th><th colspan="2">2024</th></tr>
<tr><th>Men</th><th>Women</th></tr>
<tr><td rowspan="2">Asia</td><td>Taiwan<sup>1</sup></td><td>30,000<sup>2</sup></td>
<td>54,581</td></tr>
<tr><td>Japan</td><td>520</td><td>430</td></tr>
<tr><td colspan="2">Total</td><td>30,520</td><td>55,110</td></tr>
</table></body></html>`
	findings := lintText(t, "page.html", page)
	if len(findings) != 1 {
		t.Fatalf("findings %+v", findings)
	}
	got := fmt.Sprintf("%d %s|%s|%s|%s", findings[0].Line, findings[0].Table, findings[0].Row, findings[0].Column, findings[0].Arithmetic)
	if want := "9 Placements by country|Total|2024 / Women|54,581 + 430 = 55,011, written 55,110"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Tables that are stacked in one sheet are tables of their own.
func TestStackedTablesAreApart(t *testing.T) {
	text := "Menurut jenis kelamin 2024\nJenis kelamin;Layanan\nLaki-laki;100\nPerempuan;200\nJumlah;300\n\nMenurut sektor 2024\nSektor;Layanan\nFormal;150\nInformal;160\nJumlah;300\n"
	findings := lintText(t, "t.csv", text)
	if len(findings) != 1 || findings[0].Line != 11 || findings[0].Table != "Menurut sektor 2024" {
		t.Errorf("findings %+v", findings)
	}
}

func TestReadSaysWhatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"a.pdf":  {"%PDF-1.7 …", "PDF document"},
		"a.xls":  {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Office file"},
		"a.gz":   {"\x1F\x8B\x08", "packed file"},
		"a.xlsx": {"not a workbook", "save it as XLSX"},
		"b.xlsx": {"PK\x03\x04 broken", "opening the workbook"},
		"a.zip":  {"PK\x03\x04", "unpack it"},
		"a.bin":  {"a\x00b", "not text"},
		"b.csv":  {strings.Repeat("x", lint.MaxBytes+1), "more than a publication has"},
	} {
		if _, err := lint.Read(name, []byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Without a name that says what it is, a document is known by what it looks like.
func TestStdinIsRecognised(t *testing.T) {
	for kind, text := range map[string]string{
		"CSV":      "Skema;Layanan\nG to G;100\nP to P;200\nJumlah;301\n",
		"Markdown": "| Skema | Layanan |\n|---|---|\n| G to G | 100 |\n| P to P | 200 |\n| Jumlah | 301 |\n",
		"HTML":     "<table><tr><th>Skema</th><th>Layanan</th></tr><tr><td>G to G</td><td>100</td></tr><tr><td>P to P</td><td>200</td></tr><tr><td>Jumlah</td><td>301</td></tr></table>",
		"text":     "Sebanyak 301 layanan, terdiri dari G to G 100 dan P to P 200.",
		"UTF-16":   "\xFF\xFE" + wide("Skema;Layanan\nG to G;100\nP to P;200\nJumlah;301\n"),
	} {
		if findings := lintText(t, "-", text); !has(findings, "parts_total") {
			t.Errorf("%s: %v", kind, findings)
		}
	}
}

func wide(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	return b.String()
}

func FuzzLint(f *testing.F) {
	names := []string{"a.csv", "a.md", "a.html", "-"}
	for i, seed := range []string{
		"Negara;2023;2024;Jumlah\nTaiwan;83.142;84.581;167.723\nJepang;9.673;12.720;22.393\nJumlah;92.815;97.301;190.116\n",
		"| Bulan | 2024 | yoy (%) |\n|---|---|---|\n| Januari | 114 | 2,5% |\n| Jumlah | 114 | - |\n\nNaik 29,37 % dari 35 menjadi 42 kasus.",
		"<table><tr><th rowspan=2>a<th colspan=9>b<tr><td>1<td colspan=3>2.000</table><p lang=id>Dari 143 (100%)",
		"Target 2025: 425 ribu; target 2025 259.000 orang. Jumlah ini naik 3% dari 5.",
	} {
		f.Add(uint8(i), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		d, err := lint.Read(names[int(kind)%len(names)], data)
		if err != nil {
			return
		}
		findings := lint.Check(d)
		again, err := lint.Read(names[int(kind)%len(names)], data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(findings, lint.Check(again)); diff != "" {
			t.Fatalf("two readings of one document differ:\n%s", diff)
		}
		lines := strings.Count(strings.ReplaceAll(string(data), "\r", "\n"), "\n") + 1
		for _, found := range findings {
			known := slices.ContainsFunc(lint.Rules(), func(r lint.Rule) bool { return r.Code == found.Rule })
			if !known || found.Message == "" || found.Remedy == "" || found.Line < 1 || found.Line > lines {
				t.Errorf("finding %+v in a document of %d lines", found, lines)
			}
		}
	})
}
