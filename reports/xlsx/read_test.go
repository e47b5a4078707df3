package xlsx_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
	"github.com/kp2mi/lindung/reports/tables/tablestest"
	"github.com/kp2mi/lindung/reports/xlsx"
)

// What a finished workbook says of its numbers is what the report said: each with its reference, its value where it
// is a cell of its own, its words where it stands in a sentence.
func TestReadGivesBackEveryNumber(t *testing.T) {
	doc := tablestest.Report("id")
	book, err := xlsx.Read(write(t, doc))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&xlsx.Workbook{Kind: "monthly", Subject: "2025-12", Lang: "id", Status: "draf", Release: "r000007", Hash: "9b3e4d5c6f7a8b90"}, &xlsx.Workbook{
		Kind: book.Kind, Subject: book.Subject, Lang: book.Lang, Status: book.Status, Release: book.Release, Hash: book.Hash}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var want, got []document.Reference
	for _, item := range doc.Sections[0].Blocks[0].(*document.List).Items {
		for _, n := range tables.Within(item) {
			want = append(want, n.Ref)
		}
	}
	found, err := tables.Collect(doc)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, table := range found {
		for _, row := range table.Rows {
			for _, cell := range row.Cells {
				for _, n := range tables.Numbers(cell) {
					if n.Ref.Op == "" {
						continue
					}
					want = append(want, n.Ref)
					if n.Value != nil {
						values[n.Ref.Op+n.Ref.Figure+n.Text] = *n.Value
					}
				}
			}
		}
	}
	loose := map[string]string{}
	for _, n := range book.Numbers {
		if n.Ref.Op == "" {
			loose[n.Sheet+"!"+n.Cell] = n.Text
			continue
		}
		got = append(got, n.Ref)
		if v, ok := values[n.Ref.Op+n.Ref.Figure+n.Text]; n.Sheet != "Catatan" && ok && (n.Value == nil || math.Abs(*n.Value-v) > 1e-14*math.Abs(v)) {
			t.Errorf("%+v has not the value %v", n, v)
		}
		if n.Sheet == "Catatan" && (n.Value != nil || !strings.Contains(n.Within, n.Text)) {
			t.Errorf("%+v", n)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"P1!D12": "100.0%", "P1!F12": "Rp12,004,000,000"}, loose); diff != "" {
		t.Errorf("numbers that say nothing of themselves (-want +got):\n%s", diff)
	}
}

// A number that somebody changed afterwards comes back changed, beside the reference that tells on it.
func TestReadSeesWhatWasChanged(t *testing.T) {
	file := open(t, write(t, tablestest.Report("id")))
	if err := file.SetCellValue("P1", "B6", 9001); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := file.Write(&b); err != nil {
		t.Fatal(err)
	}
	book, err := xlsx.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range book.Numbers {
		if n.Sheet == "P1" && n.Cell == "B6" {
			if n.Value == nil || *n.Value != 9001 || n.Text != "9000" || n.Ref.Figure != "PLC-01/2025-12/country=HKG@r000007" {
				t.Errorf("%+v", n)
			}
			return
		}
	}
	t.Error("the number is not there")
}

func TestReadRefusesOtherWorkbooks(t *testing.T) {
	file := open(t, write(t, tablestest.Report("id")))
	if err := file.DeleteSheet("P1"); err != nil {
		t.Fatal(err)
	}
	var without bytes.Buffer
	if err := file.Write(&without); err != nil {
		t.Fatal(err)
	}
	if err := file.DeleteSheet("Asal-usul"); err != nil {
		t.Fatal(err)
	}
	var other bytes.Buffer
	if err := file.Write(&other); err != nil {
		t.Fatal(err)
	}
	for want, content := range map[string][]byte{
		"opening the workbook":                                 nil,
		"there is no sheet P1":                                 without.Bytes(),
		"the last sheet is not the provenance of a report: th": other.Bytes(),
	} {
		if _, err := xlsx.Read(content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
