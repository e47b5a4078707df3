package producers

import (
	"strings"
	"testing"

	"github.com/kp2mi/lindung/transforms"
)

// The whole file that is proposed for a table of placements: what is sure, what is asked, what is
// not shown.
func TestAProposalMarksEverythingUncertain(t *testing.T) {
	placements, _ := transforms.Lookup("placements")
	columns := columnsOf(`
ID_PMI | NO_KTP           | Nama Lengkap  | JK | tglLahir   | Kd Prov | Provinsi   | Negara Tujuan | Jabatan | Gaji         | Tgl Selesai | Skema  | Status  | Diperbarui
P-1    | 3201014101900000 | Contoh Satu   | P  | 1990-01-01 | 32      | Jawa Barat | Hongkong      | PLRT    | 22.376       | 02/01/2024  | G to G | Selesai | 2024-01-05 10:00
P-2    | 3201014101900000 | Contoh Dua    | L  | 1990-01-01 | 93      | Papua Sel. | Malaysai      | PLRT    | 1.250.000,50 | 03/02/2024  | P to P | Ditunda | 2024-02-05 10:00
P-3    |                  | Contoh Tiga   | L  | 1990-01-01 | 32      | Jawa Barat | Taiwan        | PLRT    | 22.376       | 04/02/2024  | P to P | Selesai | 2024-02-06 10:00`)
	p := Propose(Draft{Name: "unit_barat", Origin: "real", Dataset: placements, Lists: testLists(t), From: "penempatan.xlsx", Records: 3,
		Connector: []Setting{{Key: "kind", Value: "files"}, {Key: "path", Value: "inbox/unit_barat", Check: "make this folder"}},
		Format:    []Setting{{Key: "kind", Value: "xlsx"}, {Key: "sheet", Value: "Data"}}, Columns: columns, Rival: "siskop2mi_placements"})
	golden(t, "proposed_placements.yaml", p.Text)
	for _, personal := range []string{"3201014101900000", "Contoh", "1990-01-01", "P-1", "1.250.000"} {
		if strings.Contains(p.Text, personal) {
			t.Errorf("the proposal holds %q", personal)
		}
	}
	if p.Checks != strings.Count(p.Text, "# check: ") {
		t.Errorf("%d checks are counted, %d are there", p.Checks, strings.Count(p.Text, "# check: "))
	}
	if len(p.Missing) > 0 {
		t.Errorf("missing: %v", p.Missing)
	}
}

func TestAProposalOfATableFollowsIt(t *testing.T) {
	cases, _ := transforms.Lookup("cases")
	columns := columnsOf("nomor_kasus|terakhir_diubah\nA-1|2024-01-05 10:00")
	p := Propose(Draft{Name: "aduan", Origin: "real", Dataset: cases, Lists: testLists(t), Table: true, Columns: columns,
		Connector: []Setting{{Key: "kind", Value: "postgres"}}, Format: []Setting{{Key: "kind", Value: "csv"}}})
	for _, want := range []string{"cursor_column: terakhir_diubah", "key_column: nomor_kasus", "version: source_updated_at", "# check: received_at is required and no column was found"} {
		if !strings.Contains(p.Text, want) {
			t.Errorf("the proposal lacks %q:\n%s", want, p.Text)
		}
	}
	if strings.Join(p.Missing, " ") != "received_at category status" {
		t.Errorf("missing: %v", p.Missing)
	}
}

func TestQuotedTextsReadBackAsTheyWere(t *testing.T) {
	for text, want := range map[string]string{"Nomor Pengaduan": "Nomor Pengaduan", "no": `"no"`, "01": `"01"`, "a: b": `"a: b"`, "=X": `"=X"`, "Gaji/Upah": `"Gaji/Upah"`, "#": `"#"`, "Y": `"Y"`} {
		if got := Quote(text); got != want {
			t.Errorf("Quote(%q) = %s, want %s", text, got, want)
		}
	}
}
