package xlsx_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/figures/lint"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
	"github.com/kp2mi/lindung/reports/tables/tablestest"
	"github.com/kp2mi/lindung/reports/xlsx"
)

func write(t testing.TB, doc *document.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := xlsx.Write(&b, doc); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, content []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}

// cells are the cells of a sheet by name, as stored.
func cells(t testing.TB, book *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func at(t testing.TB, column, row int) string {
	t.Helper()
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestSheetsInTheirOrder(t *testing.T) {
	for lang, want := range map[string][]string{
		"id": {"Sampul", "Daftar isi", "Catatan", "KPI", "G1", "P1", "Definisi", "SQL", "Data grafik", "Asal-usul"},
		"en": {"Cover", "Contents", "Notes", "KPI", "G1", "P1", "Definitions", "SQL", "Chart data", "Provenance"},
	} {
		if diff := cmp.Diff(want, open(t, write(t, tablestest.Report(lang))).GetSheetList()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
}

// What a sheet shows is kept here as it is to be: title, release, notes, link, head, numbers, marks. (The reader
// of this test overlooks that a format has a third part for zero; LibreOffice shows 0.0 pp.)
func TestATableAsItIsShown(t *testing.T) {
	rows, err := open(t, write(t, tablestest.Report("id"))).GetRows("P1")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		got = append(got, strings.Join(row, " | "))
	}
	want := []string{
		"P1. Penempatan menurut negara tujuan",
		"DATA CONTOH – BUKAN ANGKA RESMI · Rilis r000007 · data per 2026-01-11 · draf · 9b3e4d5c6f7a",
		"Negara dengan kurang dari 10 layanan disamarkan.",
		"← Daftar isi",
		"Negara | Penempatan (layanan) | Penempatan – tanda | Bagian (%) | Perubahan (poin persen) | Remitansi (rupiah)",
		"Hong Kong | 9,000 | [z] | 37.5% | +1.3 pp | Rp4,500,000,000",
		"Taiwan | 8,000 | [r] | 33.3% | -0.5 pp | Rp4,000,000,000",
		"Malaysia | 4,000 | [z] | 16.7% | +0.0 pp | Rp2,000,000,000",
		"'@Republik Korea | 3,000 | [z] | 12.5% | -0.8 pp | Rp1,500,000,000",
		"Brunei Darussalam | [c] | [c] | [c] | [c] | [c]",
		"Makau | [c] | [c] | [c] | [c] | [c]",
		"Semua negara | 24,013 | [z] | 100.0% | [z] | Rp12,004,000,000",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every number of the report is a number of the workbook, to the fifteen digits that workbooks have; what has no value is its mark.
func TestNumbersAreNumbers(t *testing.T) {
	doc := tablestest.Report("id")
	content := write(t, doc)
	book := open(t, content)
	found, err := tables.Collect(doc)
	if err != nil {
		t.Fatal(err)
	}
	numbers := 0
	for k, table := range found {
		sheet := unzip(t, content)[fmt.Sprintf("xl/worksheets/sheet%d.xml", k+4)] // after cover, contents and notes
		stored := map[string]string{}
		for _, m := range storedNumber.FindAllStringSubmatch(sheet, -1) {
			stored[m[1]] = m[2]
		}
		column := 0
		for i := range table.Columns {
			column++
			for r, row := range table.Rows {
				n := tables.Number(row.Cells[i])
				if n == nil {
					continue
				}
				cell := at(t, column, 6+r)
				if n.Value == nil {
					if text, err := book.GetCellValue(table.ID, cell); err != nil || text != n.Mark {
						t.Errorf("%s!%s is %q, want %s (%v)", table.ID, cell, text, n.Mark, err)
					}
					continue
				}
				numbers++
				if v, err := strconv.ParseFloat(stored[cell], 64); err != nil || math.Abs(v-*n.Value) > 1e-14*math.Abs(*n.Value) {
					t.Errorf("%s!%s is %q, want %v", table.ID, cell, stored[cell], *n.Value)
				}
			}
			if table.Marked(i) {
				column++
			}
		}
	}
	if numbers != 2+23+17+2 {
		t.Errorf("%d numbers were compared", numbers)
	}
}

// storedNumber is a cell that holds a number: it has no type.
var storedNumber = regexp.MustCompile(`<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?(?: t="n")?><v>([^<]+)</v>`)

// Each sheet says what it is, whose release, and that it is sample data; it is reached from the contents and leads back.
func TestEverySheetIsLinkedAndSaysWhatItIs(t *testing.T) {
	for _, lang := range []string{"id", "en"} {
		doc := tablestest.Report(lang)
		book := open(t, write(t, doc))
		sheets := book.GetSheetList()
		row := ""
		for i, sheet := range sheets {
			if i != 1 { // the contents themselves
				row = at(t, 1, 6+i-min(i, 1))
			}
			if linked, target, err := book.GetCellHyperLink(sheets[1], row); i != 1 && (err != nil || !linked || target != "'"+sheet+"'!A1") {
				t.Errorf("%s, cell %s of the contents leads to %q (%v)", lang, row, target, err)
			}
			if linked, target, err := book.GetCellHyperLink(sheet, "A4"); err != nil || !linked || target != "'"+sheets[1]+"'!A1" {
				t.Errorf("%s, sheet %s leads back to %q (%v)", lang, sheet, target, err)
			}
			if about, err := book.GetCellValue(sheet, "A2"); err != nil || about != tables.Line(doc) || !strings.HasPrefix(about, doc.Sample) {
				t.Errorf("%s, sheet %s: %q (%v)", lang, sheet, about, err)
			}
			header, err := book.GetHeaderFooter(sheet)
			if err != nil || !strings.Contains(header.OddHeader, doc.Sample) || !strings.Contains(header.OddFooter, doc.Release.ID) {
				t.Errorf("%s, sheet %s: page header %+v (%v)", lang, sheet, header, err)
			}
			if panes, err := book.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 5 {
				t.Errorf("%s, sheet %s: the head is not frozen: %+v (%v)", lang, sheet, panes, err)
			}
			if visible, err := book.GetSheetVisible(sheet); err != nil || !visible {
				t.Errorf("%s, sheet %s is hidden", lang, sheet)
			}
		}
	}
}

// No table has an empty cell, a merged one, or a formula; each is a table object over exactly its cells.
func TestTablesHaveNoHoles(t *testing.T) {
	book := open(t, write(t, tablestest.Report("id")))
	names := map[string]bool{}
	for _, sheet := range book.GetSheetList() {
		rows := cells(t, book, sheet)
		merged, err := book.GetMergeCells(sheet)
		if err != nil || len(merged) > 0 {
			t.Errorf("%s: merged cells %v (%v)", sheet, merged, err)
		}
		for r, row := range rows {
			for c, text := range row {
				formula, err := book.GetCellFormula(sheet, at(t, c+1, r+1))
				if err != nil || formula != "" {
					t.Errorf("%s: a formula %q (%v)", sheet, formula, err)
				}
				if r >= 4 && text == "" && sheet != "Data grafik" {
					t.Errorf("%s!%s is empty", sheet, at(t, c+1, r+1))
				}
				if strings.ContainsAny(text[:min(1, len(text))], "=+-@\t\r") && !regexp.MustCompile(`^-?[0-9.]+$`).MatchString(text) {
					t.Errorf("%s!%s could be run: %q", sheet, at(t, c+1, r+1), text)
				}
			}
		}
		if sheet == "Data grafik" {
			continue
		}
		objects, err := book.GetTables(sheet)
		want := "A5:" + at(t, len(rows[4]), len(rows))
		if err != nil || len(objects) != 1 || objects[0].Range != want || names[objects[0].Name] {
			t.Errorf("%s: table objects %+v, want one over %s (%v)", sheet, objects, want, err)
			continue
		}
		names[objects[0].Name] = true
		for c, head := range rows[4] {
			if slices.Contains(rows[4][:c], head) {
				t.Errorf("%s: two columns are called %s", sheet, head)
			}
		}
	}
}

// A program finds every number of the report in the sheet of provenance: where it stands and what it is made of.
func TestProvenanceNamesEveryNumber(t *testing.T) {
	doc := tablestest.Report("id")
	book := open(t, write(t, doc))
	got := map[string]bool{}
	for _, row := range cells(t, book, "Asal-usul")[5:] {
		text, err := book.GetCellValue(row[0], row[1])
		if err != nil || text == "" {
			t.Errorf("%s!%s does not exist (%v)", row[0], row[1], err)
		}
		if row[0] == "Catatan" && !strings.Contains(text, strings.TrimPrefix(row[2], "'")) {
			t.Errorf("%s!%s says %q, which does not have %s", row[0], row[1], text, row[2])
		}
		got[strings.Join(row, " ")] = true
	}
	for _, want := range []string{
		"Catatan C6 24.013 value PLC-01/2025-12@r000007 [z] [z] [z]",
		"Catatan C6 '+7,1% change_percent PLC-01/2025-12@r000007 PLC-01/2024-12@r000007 [z] [z]",
		"KPI D6 24.013 value PLC-01/2025-12@r000007 [z] [z] [z]",
		"G1 B11 [x] value PLC-01/2024-06@r000007 [z] [z] [z]",
		"G1 C17 24013 value PLC-01/2025-12@r000007 [z] [z] [z]",
		"P1 D7 33.3% share PLC-01/2025-12/country=TWN@r000007 PLC-01/2025-12@r000007 [z] [z]",
	} {
		if !got[want] {
			t.Errorf("not there: %s", want)
		}
	}
	if want := 2 + 2 + 24 + 4*4 + 1; len(got) != want {
		t.Errorf("%d numbers have a source, want %d", len(got), want)
	}
}

var address = regexp.MustCompile(`<f>([^<]*)</f>`)

// Charts are the program's own, each with an alternative text; where a table has a mark among the numbers, the
// chart draws from a column with a gap there.
func TestCharts(t *testing.T) {
	parts := unzip(t, write(t, tablestest.Report("en")))
	var drawn []string
	for _, name := range []string{"xl/charts/chart1.xml", "xl/charts/chart2.xml"} {
		for _, m := range address.FindAllStringSubmatch(parts[name], -1) {
			drawn = append(drawn, strings.ReplaceAll(m[1], "&#39;", "'"))
		}
	}
	want := []string{"'G1'!$B$5", "'G1'!$A$6:$A$17", "'Chart data'!$B$6:$B$17", "'G1'!$C$5", "'G1'!$A$6:$A$17", "'Chart data'!$C$6:$C$17",
		"'P1'!$B$5", "'P1'!$A$6:$A$9", "'P1'!$B$6:$B$9"}
	if diff := cmp.Diff(want, drawn); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(parts["xl/charts/chart1.xml"], `<dispBlanksAs val="gap"`) || !strings.Contains(parts["xl/charts/chart2.xml"], `<min val="0"`) {
		t.Error("a gap is not left open, or bars do not begin at zero")
	}
	for i, text := range []string{"A line by month; 2025 lies above 2024.", "Bars by destination."} {
		if !strings.Contains(parts[fmt.Sprintf("xl/drawings/drawing%d.xml", i+1)], `descr="`+text+`"`) {
			t.Errorf("chart %d has no alternative text %q", i+1, text)
		}
	}
	rows := cells(t, open(t, write(t, tablestest.Report("en"))), "Chart data")
	if got := strings.Join(rows[10], "|"); got != "Jun||23023" {
		t.Errorf("June is %s", got)
	}
}

func unzip(t testing.TB, content []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for i, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
		if i == 0 && f.Name != "[Content_Types].xml" || !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			t.Errorf("part %d is %s of %v", i, f.Name, f.Modified)
		}
	}
	return parts
}

// The same report gives the same bytes; its properties have the publisher, the language and the release's time.
func TestSameReportSameBytes(t *testing.T) {
	first := write(t, tablestest.Report("id"))
	for range 5 {
		if sha256.Sum256(write(t, tablestest.Report("id"))) != sha256.Sum256(first) {
			t.Fatal("two workbooks of one report differ")
		}
	}
	got, err := open(t, first).GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	want := &excelize.DocProperties{Category: "monthly", ContentStatus: "draf", Created: "2026-01-12T03:00:00Z", Modified: "2026-01-12T03:00:00Z", Creator: "Pusat Data dan Informasi",
		LastModifiedBy: "Pusat Data dan Informasi", Description: tables.Line(tablestest.Report("id")), Identifier: got.Identifier, Subject: "2025-12",
		Title: "DATA CONTOH – BUKAN ANGKA RESMI · Laporan KPI – Desember 2025", Language: "id", Version: "r000007", Revision: got.Revision}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, part := range unzip(t, first) {
		if strings.Contains(part, "xuri") || strings.Contains(part, time.Now().UTC().Format(time.DateOnly)) {
			t.Errorf("%s names somebody or some time that the report does not", name)
		}
	}
}

// The linter of figures, which knows nothing of reports, finds nothing to object to.
func TestTheLinterFindsNothing(t *testing.T) {
	for _, lang := range []string{"id", "en"} {
		d, err := lint.Read("report.xlsx", write(t, tablestest.Report(lang)))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Tables) < 10 {
			t.Errorf("%s: only %d tables were read", lang, len(d.Tables))
		}
		for _, finding := range lint.Check(d) {
			t.Errorf("%s: %+v", lang, finding)
		}
	}
}

// What is no whole number is not shown as one, and a column of such has the same decimals throughout.
func TestNumbersAreNotRoundedAway(t *testing.T) {
	row := func(values ...float64) (row document.Row) {
		for i := range values {
			row.Cells = append(row.Cells, document.Cell{Number: &document.Number{Text: fmt.Sprint(values[i]), Value: &values[i]}})
		}
		return row
	}
	doc := &document.Document{Lang: "id", Title: "x", Sections: []document.Section{{Blocks: []document.Block{&document.Table{ID: "P1", Title: "t",
		Columns: []document.Column{{Name: "money", Title: "Uang"}, {Name: "nights", Title: "Malam"}, {Name: "mixed", Title: "Campuran"}},
		Rows:    []document.Row{row(3.57, 77, 25266), row(0.753, 86.5, 0.235), row(1, 31.5, 12)}}}}}}
	rows, err := open(t, write(t, doc)).GetRows("P1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"3.57", "77.0", "25,266"}, {"0.75", "86.5", "0.235"}, {"1.00", "31.5", "12"}}, rows[5:]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Sheets have names that every program takes, whatever tables are called.
func TestNamesOfSheets(t *testing.T) {
	doc := &document.Document{Lang: "id", Title: "x", Publisher: "y"}
	row := []document.Row{{Cells: []document.Cell{{Text: document.Say("x")}}}}
	for _, id := range []string{"Catatan", "P1/P2", "'A'", "History", strings.Repeat("panjang ", 8) + "1", strings.Repeat("panjang ", 8) + "2", "Zürich [1]"} {
		doc.Sections = append(doc.Sections, document.Section{Blocks: []document.Block{&document.Table{ID: id, Title: "t", Columns: []document.Column{{Name: "a", Title: "A"}}, Rows: row}}})
	}
	book := open(t, write(t, doc))
	seen := map[string]bool{}
	for _, sheet := range book.GetSheetList() {
		if utf8.RuneCountInString(sheet) > 31 || strings.ContainsAny(sheet, `[]:*?/\`) || strings.HasPrefix(sheet, "'") || strings.EqualFold(sheet, "history") || seen[strings.ToLower(sheet)] {
			t.Errorf("a sheet is called %q", sheet)
		}
		seen[strings.ToLower(sheet)] = true
	}
	if !seen["catatan 2"] || !seen["p1-p2"] {
		t.Errorf("%v", seen)
	}
}

func TestRefused(t *testing.T) {
	doc := tablestest.Report("id")
	doc.Sections[1].Blocks[0].(*document.Chart).Table.Rows[3].Cells[1] = document.Cell{}
	err := xlsx.Write(io.Discard, doc)
	if err == nil || err.Error() != "writing the workbook: table G1, row 4, column last: the cell is empty; what is not there has a mark, such as [x]" {
		t.Error(err)
	}
	doc = tablestest.Report("id")
	doc.Sections[2].Blocks = append(doc.Sections[2].Blocks, &document.Paragraph{Text: document.Say(strings.Repeat("a", 40000))})
	if err := xlsx.Write(io.Discard, doc); err == nil || !strings.Contains(err.Error(), "sheet Catatan: row 12, column 3: 40000 characters are more than a cell holds") {
		t.Error(err)
	}
}

// A program longer than a cell is split at an end of line, and nothing of it is lost.
func TestLongPrograms(t *testing.T) {
	doc := tablestest.Report("id")
	long := strings.Repeat("select 'é', count(*) from fct_placements;\n", 1500)
	doc.Sections[1].Blocks = append(doc.Sections[1].Blocks, &document.Code{Text: long}, &document.Code{Text: strings.Repeat("é", 20000)})
	var got strings.Builder
	for _, row := range cells(t, open(t, write(t, doc)), "SQL")[6:] {
		got.WriteString(row[2])
	}
	if got.String() != long+strings.Repeat("é", 20000) {
		t.Errorf("%d bytes came back of %d", got.Len(), len(long)+40000)
	}
}

// A large report takes well under a second.
func BenchmarkWrite(b *testing.B) {
	doc := large()
	for b.Loop() {
		if err := xlsx.Write(io.Discard, doc); err != nil {
			b.Fatal(err)
		}
	}
}

// large has 40 tables of 500 rows.
func large() *document.Document {
	doc := tablestest.Report("id")
	for i := range 40 {
		t := &document.Table{ID: fmt.Sprintf("T%d", i), Title: "Tabel", Columns: []document.Column{{Name: "country", Title: "Negara"}}}
		for c := range 5 {
			t.Columns = append(t.Columns, document.Column{Name: fmt.Sprintf("c%d", c), Title: fmt.Sprintf("Kolom %d", c), Numeric: true})
		}
		for r := range 500 {
			row := document.Row{Cells: []document.Cell{{Text: document.Say(fmt.Sprintf("Negara %d", r))}}}
			for c := range 5 {
				v := float64(r * c)
				row.Cells = append(row.Cells, document.Cell{Number: &document.Number{Text: fmt.Sprint(v), Value: &v,
					Ref: document.Reference{Op: document.OpValue, Figure: fmt.Sprintf("PLC-01/2025-12/country=%d@r000007", r)}}})
			}
			t.Rows = append(t.Rows, row)
		}
		doc.Sections[1].Blocks = append(doc.Sections[1].Blocks, t)
	}
	return doc
}
