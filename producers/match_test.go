package producers

import (
	"strings"
	"testing"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// columnsOf makes the columns of a table written as lines of cells.
func columnsOf(text string) []Column {
	var columns []Column
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		for j, cell := range strings.Split(line, "|") {
			if cell = strings.TrimSpace(cell); i == 0 {
				columns = append(columns, Column{Name: cell, Look: transforms.NewProfile()})
			} else {
				columns[j].Look.Add(cell)
			}
		}
	}
	return columns
}

// The feeds of the sample world were described by hand: by the names of their columns alone, the
// matcher finds what a person found, and is sure of nothing that is wrong. Feeds of statistics, and
// of formats of one publisher, are left out: their columns have names that no producer of records chose.
func TestMatchingAgreesWithWhatPeopleWrote(t *testing.T) {
	lists := testLists(t)
	p, err := configs.Load(t.TempDir(), configs.Options{Extra: configs.SampleSources()})
	if err != nil {
		t.Fatal(err)
	}
	right, all := 0, 0
	for _, s := range p.Sources {
		for _, f := range s.Feeds {
			if kind := f.Formats[0].Kind; f.Dataset == "statistics" || kind != "csv" && kind != "xlsx" && kind != "json" {
				continue
			}
			dataset, _ := transforms.Lookup(f.Dataset)
			var columns []Column
			want := map[string]string{}
			for _, in := range dataset.DescribeInputs() {
				if theirs, ok := f.Fields[in.Name]; ok && !strings.HasPrefix(theirs, "=") {
					columns = append(columns, Column{Name: theirs})
					want[in.Name] = theirs
				}
			}
			for _, m := range NewMatcher(dataset, lists).Match(columns) {
				got := ""
				if m.Column >= 0 {
					got = columns[m.Column].Name
				}
				all++
				switch {
				case got == want[m.Input.Name]:
					right++
				case m.Score >= sure:
					t.Errorf("%s: sure that %s reads %q, a person says %q", f.Name, m.Input.Name, got, want[m.Input.Name])
				default:
					t.Logf("%s: %s reads %q (%.2f), a person says %q", f.Name, m.Input.Name, got, m.Score, want[m.Input.Name])
				}
			}
		}
	}
	if right < all*9/10 {
		t.Errorf("%d of %d fields found as a person would", right, all)
	}
}

func TestMatchingWeighsNamesAgainstTexts(t *testing.T) {
	lists := testLists(t)
	cases, _ := transforms.Lookup("cases")
	columns := columnsOf(`
No. Aduan | Tgl Masuk  | Kolom C          | Tujuan   | Kategori Masalh    | Status           | Keterangan
1/2024    | 01/02/2024 | 3201014101900000 | Malaysia | Gaji tidak dibayar | 3201014101900000 | Contoh
2/2024    | 17/02/2024 | 3201014101900000 | Taiwan   | Gaji tidak dibayar | 3201014101900000 | Contoh
3/2024    | 18/02/2024 | 3201014101900000 | Hongkong | Gagal berangkat    | 3201014101900000 | Contoh`)
	got := map[string]Match{}
	for _, m := range NewMatcher(cases, lists).Match(columns) {
		got[m.Input.Name] = m
	}
	for field, want := range map[string]int{"case_id": 0, "received_at": 1, "nik": 2, "country": 3, "category": 4} {
		if got[field].Column != want {
			t.Errorf("%s reads column %d, want %d (%v)", field, got[field].Column, want, got[field])
		}
	}
	if m := got["status"]; m.Score > sure || m.Why == "" {
		t.Errorf("a column called Status that holds identity numbers raises no doubt: %+v", m)
	}
	if m := got["nik"]; m.Why != "by its texts alone: 16 digits" {
		t.Errorf("the reason for nik is %q", m.Why)
	}
}

func TestTheNearestNameIsTheOneThatWasRenamed(t *testing.T) {
	for _, tt := range []struct{ gone, others, want string }{
		{"Jenis Masalah", "Prioritas,Jenis Permasalahan", "Jenis Permasalahan"},
		{"tgl_lapor", "waktu,tanggal lapor", "tanggal lapor"},
		{"Media", "Prioritas,Kota", ""},
		{"negara", "Negara Tujuan,Negeri", "Negara Tujuan"},
		{"status", "statuss", "statuss"},
		{"x", "", ""},
	} {
		if got := Nearest(tt.gone, strings.FieldsFunc(tt.others, func(r rune) bool { return r == ',' })); got != tt.want {
			t.Errorf("nearest to %q of %s is %q, want %q", tt.gone, tt.others, got, tt.want)
		}
	}
}

func TestAHeaderIsToldFromTitlesAndData(t *testing.T) {
	cases, _ := transforms.Lookup("cases")
	m := NewMatcher(cases, testLists(t))
	header := m.HeaderScore([]string{"No Pengaduan", "Tanggal Masuk", "Negara"})
	for _, other := range [][]string{{"Laporan Pengaduan Bulan Januari"}, {"A-01", "02/01/2024", "Taiwan"}, {"1", "2", "3"}, {"column_1", "column_2", "column_3"}} {
		if score := m.HeaderScore(other); score >= header {
			t.Errorf("%v looks more like a header (%.1f) than the header (%.1f)", other, score, header)
		}
	}
}
