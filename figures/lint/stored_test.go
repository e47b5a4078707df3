package lint_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/figures/lint"
)

// How a number that a workbook stores is parted is its reader's setting: 21,130 is no decimal in an
// Indonesian workbook, and proves no notation beside a sentence in a cell that has 1.234,5.
func TestNumbersOfAWorkbookAreReadAsStored(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	format := "#,##0"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]any{{"Penempatan menurut negara tujuan (layanan)"}, {"Negara", "Layanan", "Rata-rata gaji (juta rupiah)"},
		{"Taiwan", 21130, "7.234,5"}, {"Hong Kong", 9120, "8.100,5"}, {"Jepang", 1210, "9.100,0"}, {"Jumlah", 31461, "7.800,5"}}
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetCellStyle("Sheet1", "B3", "B6", style); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range lintText(t, "buku.xlsx", b.String()) {
		got = append(got, fmt.Sprintf("%d %s: %s", f.Line, f.Rule, f.Message))
	}
	want := []string{"6 parts_total: parts add up to 31.460, the total written is 31,461: 1 short"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// In an Indonesian text 21,130 is a decimal, and a column of such among whole numbers below a thousand
// once had marks between thousands.
func TestCommasBetweenThousandsInAnIndonesianTable(t *testing.T) {
	table := "Negara;Layanan yang selesai menurut negara\nTaiwan;21,130\nHong Kong;9,120\nJepang;1,210\nBrunei Darussalam;513\n"
	found := lintText(t, "tabel.csv", table)
	if len(found) != 1 || found[0].Severity != lint.Warning || !strings.HasSuffix(found[0].Message, "was 9,120 once 9120?") {
		t.Errorf("%+v", found)
	}
}

// A data file has the marks of a column beside it: who is withheld there is a part that is missing, not a heading.
// Shares are written in full.
func TestMarksStandBesideTheValues(t *testing.T) {
	table := "country,placed,placed_mark,share\nTaiwan,8000,[r],32.92181069958848\nHong Kong,9000,,37.03703703703704\nBrunei,,[c],\nMakau,,[c],\nTotal,%d,,100\n"
	if found := lintText(t, "a.csv", fmt.Sprintf(table, 24300)); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	found := lintText(t, "a.csv", fmt.Sprintf(table, 16000))
	if len(found) != 2 || !strings.Contains(found[1].Message, "the total written is 16000: 1,000 too many") {
		t.Errorf("parts above their total: %+v", found)
	}
}

// “All others” is a part of the total, and no total of what stands above.
func TestAllOthersIsAPart(t *testing.T) {
	table := "Destination,Services\nTaiwan,8000\nHong Kong,9000\nJapan,700\nAll others,300\nTotal,%d\n"
	if found := lintText(t, "a.csv", fmt.Sprintf(table, 18000)); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	if found := lintText(t, "a.csv", fmt.Sprintf(table, 17000)); len(found) != 1 || found[0].Line != 6 {
		t.Errorf("a total that leaves them out: %+v", found)
	}
}
