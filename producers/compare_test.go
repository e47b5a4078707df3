package producers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// feedOf reads the feed of a source whose feed's keys are given.
func feedOf(t *testing.T, keys string) *configs.Feed {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lindung.yaml"), []byte("project:\n  name: Test\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	text := `source: loket
title: {id: Loket, en: Desk}
origin: sample
producer: Unit
contact: data@example.org
feeds:
  loket_cases:
    dataset: cases
    role: authoritative
    connector: {kind: files, path: inbox}
    formats: [{kind: csv}]
    key: [case_id]
    delivery: changes
    deletes: none
` + keys
	p, err := configs.LoadSource(dir, "sources/loket.yaml", []byte(text), configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Sources[0].Feeds[0]
}

// Every kind of misfit, with its line, what to take away and what to write.
func TestCompareNamesTheLinesToChange(t *testing.T) {
	feed := feedOf(t, `    version: Diubah
    ignore: [Catatan]
    units: {decimal: ".", date_order: mdy}
    codes:
      status: {Dalam Proses: KLARIFIKASI_1}
    fields:
      case_id: Nomor
      received_at: Tanggal
      category: Jenis Masalah
      country: Negara
      status: Status
      sex: "=P"
      amount_recovered: Nilai
`)
	cases, _ := transforms.Lookup("cases")
	columns := columnsOf(`
Nomor | Tanggal    | Jenis Permasalahan | negara   | Status       | Nilai    | Catatan | Media | Petugas
A-1   | 17/02/2024 | Gaji tidak dibayar | Malaysai | Dalam Proses | 1.250,50 | x       | WA    | Contoh Satu
A-2   | 18/02/2024 | Gaji tidak dibayar | Taiwan   | Ditunda      | 17,50    |         | Surat | Contoh Dua`)
	var got []string
	for _, c := range Compare(feed, cases, testLists(t), columns) {
		got = append(got, strings.Join(append([]string{c.Kind, c.Under, "-" + c.Remove}, c.Add...), " | "))
		if c.Line < feed.Line || c.Why == "" {
			t.Errorf("%+v stands nowhere or says nothing", c)
		}
		if strings.Contains(c.Why, "Contoh") {
			t.Errorf("%s gives a name away", c.Why)
		}
	}
	want := []string{
		`column | fields | -category: Jenis Masalah | category: Jenis Permasalahan`,
		`column | version | -version: Diubah`,
		`code | codes.country | - | Malaysai: MYS`,
		`code | codes.status | - | Ditunda: CODE`,
		`unit | units | -date_order: mdy | date_order: dmy`,
		`unit | units | -decimal: "." | decimal: ","`,
		`new_column | fields | - | channel: Media`,
		`new_column | ignore | - | - Petugas`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes differ (-want +got):\n%s", diff)
	}
}

func TestCompareIsSilentWhereAllFits(t *testing.T) {
	feed := feedOf(t, "    fields: {case_id: Nomor, received_at: Tanggal, category: Jenis, status: Status}\n")
	cases, _ := transforms.Lookup("cases")
	columns := columnsOf("NOMOR|tanggal|Jenis|Status\nA-1|17/02/2024|Gaji tidak dibayar|Baru")
	if changes := Compare(feed, cases, testLists(t), columns); len(changes) > 0 {
		t.Errorf("%+v", changes)
	}
}

// The line of a change is the line of the file.
func TestAChangeStandsAtItsLine(t *testing.T) {
	feed := feedOf(t, "    fields:\n      case_id: Nomor\n      received_at: Tanggal\n      category: Jenis\n      status: Keadaan\n")
	cases, _ := transforms.Lookup("cases")
	changes := Compare(feed, cases, testLists(t), columnsOf("Nomor|Tanggal|Jenis|Status\nA-1|17/02/2024|Gaji tidak dibayar|Baru"))
	if len(changes) != 1 || changes[0].Line != 19 || changes[0].Add[0] != "status: Status" {
		t.Errorf("%+v", changes)
	}
}
