package pipelines

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/crypto/ssh"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// templates loads each template as a project of its own, with secrets in the form that its connector
// wants: a template that takes a secret from elsewhere than it says cannot be loaded.
func templates(t *testing.T) (all []*configs.Source) {
	t.Helper()
	dir := t.TempDir()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secrets", "sftp_key"), pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	env := func(name string) (string, bool) {
		if strings.HasSuffix(name, "_HOST_KEY") {
			return "SHA256:" + strings.Repeat("A", 43), true
		}
		return "a secret", true
	}
	names, err := fs.Glob(configs.Templates(), "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no templates", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(configs.Templates(), name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, loadedWith(t, dir, fstest.MapFS{name: {Data: text}}, env).Sources...)
	}
	return all
}

// blank is one record of a feed's own columns without a value.
type blank []string

func (b blank) Header() []string { return b }

func (b blank) Len() int { return 1 }

func (b blank) Cell(int, int) string { return "" }

func (b blank) RowNo(int) int64 { return 1 }

func (b blank) Place(int) string { return "line 1" }

func (b blank) Fault(int) (string, string) { return "", "" }

// A template names a column or a constant for everything that its dataset requires, and every constant and
// code that it names is one of ours: of a record without any value, only its values are found missing.
func TestTemplatesAreComplete(t *testing.T) {
	env := catalogueEnv(t)
	for _, s := range templates(t) {
		for _, f := range s.Feeds {
			t.Run(s.File+"/"+f.Name, func(t *testing.T) {
				d, err := datasetOf(f)
				if err != nil {
					t.Fatal(err)
				}
				n, err := d.Bind(env, mappingOf(f, time.Date(2026, 2, 7, 0, 0, 0, 0, time.UTC)))
				if err != nil {
					t.Fatal(err)
				}
				var header blank
				for _, theirs := range f.Fields {
					if !strings.HasPrefix(theirs, "=") && !slices.Contains(header, theirs) {
						header = append(header, theirs)
					}
				}
				rejects, err := n.Normalise(header, [16]byte{1}, d.NewRows())
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rejects {
					for _, p := range r.Problems {
						if p.Code != transforms.MissingRequired {
							t.Error(p)
						}
					}
				}
				for _, c := range d.Columns() {
					for theirs, ours := range f.Codes[c.Name] {
						if _, ok := env.Lists.Resolve(c.List, ours); c.List != "" && !ok {
							t.Errorf("codes: %s: %s becomes %s, which list %s does not have", c.Name, theirs, ours, c.List)
						}
					}
				}
			})
		}
	}
}

// Whoever takes a source over knows whom to ask, what may be done with it, when it comes, how much that
// is, and what is too much.
func TestEverySourceSaysWhenItArrivesAndHowMuch(t *testing.T) {
	archives := []string{"siskotkln_placements"} // read once
	for _, s := range append(catalogue(t).Sources, templates(t)...) {
		if s.Producer == "" || s.Contact == "" || s.Licence == "" {
			t.Errorf("%s: producer, contact and licence are all needed", s.File)
		}
		for _, f := range s.Feeds {
			if (f.Expected.By == "" || f.Expected.LateAfter <= 0) != slices.Contains(archives, f.Name) {
				t.Errorf("%s: %s does not say when a delivery is expected, and when it is late", s.File, f.Name)
			}
			if f.Volume.Min < 1 || f.Volume.Max > f.Limits.MaxRows {
				t.Errorf("%s: %s: volume %+v does not lie within limits.max_rows: %d", s.File, f.Name, f.Volume, f.Limits.MaxRows)
			}
			if f.Volume.Max == 0 || f.LineOf("limits") == f.Line {
				t.Errorf("%s: %s needs a band of records and limits of its own", s.File, f.Name)
			}
		}
	}
}

// Templates read what they assume: nested JSON, a workbook, lines parted by bars.
func TestTemplatesReadTheShapeThatTheyAssume(t *testing.T) {
	workbook := func(rows ...[]any) []byte {
		f := excelize.NewFile()
		for i, row := range rows {
			if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	objects := map[string]struct {
		object []byte
		keys   string
	}{
		"pengaduan_cases": {[]byte(`{"total": 1, "data": [{"nomor_pengaduan": "K-17", "diterima": "2026-01-05 09:30:00", "media": "e-Pengaduan",
			"pmi": {"nik": "3201014101900000", "no_paspor": "X0000123", "jenis_kelamin": "P", "kode_provinsi": "32", "provinsi": "Jawa Barat"},
			"negara": "Taiwan", "kategori": "Gaji tidak dibayar", "status": "Diterima", "nilai_dipulihkan": null, "diperbarui": "2026-01-05T09:31:00+07:00"}]}`), "K-17"},
		"rumah_ramah_stays": {workbook(
			[]any{"nomor", "nik", "no_paspor", "jenis_kelamin", "provinsi", "kode_penampungan", "negara_kerja", "upt", "masalah", "tgl_masuk", "tgl_keluar"},
			[]any{"H-1", "3201014101900000", "", "P", "Jawa Barat", "RR-1", "Arab Saudi", "BP3MI Banten", "Sakit", "05/01/2026", ""}), "H-1"},
		"ministry_indicators": {[]byte("indikator;periode;negara;upt;nilai;dokumen;tanggal;penanda_tangan\n" +
			"Nilai SMART;2020;;;75,35;Laporan kinerja 2020;31/03/2021;Sekretariat Jenderal\n"), "GOV-04|2020|||2021-03-31"},
		"ministry_budget": {[]byte("tahun;satuan_kerja;tema;kebutuhan;pagu;realisasi\n" +
			"2025;Contoh satuan kerja;Tata kelola;90.000.000,00;70000000;\n"), "2025|Contoh satuan kerja|TATA_KELOLA"},
		"rumah_ramah_capacity": {workbook([]any{"kode_penampungan", "berlaku_sejak", "upt", "jumlah_tempat_tidur"}, []any{"RR-1", "01/01/2026", "BP3MI Banten", 40}), "RR-1|2026-01-01"},
		"sikp_loans": {[]byte("nomor_kredit|nik|jenis_kelamin|provinsi|kabkota|bank_penyalur|negara_penempatan|tgl_akad|nilai_akad|baki_debet|kolektibilitas\n" +
			"KR-1|3201014101900000|P|Jawa Tengah|Kab. Cilacap|Bank Contoh|Hong Kong|2026-01-05|25000000.00|24100000.00|1\n"), "KR-1"},
		"simfoni_ppa_victims":       {[]byte("kode_provinsi;provinsi;bulan;jenis_kelamin;korban\n32;Jawa Barat;2025-11;P;12\n"), "tppo_victims|IDN|32|2025-11|P"},
		"kemlu_registered_citizens": {workbook([]any{"negara", "bulan", "jumlah"}, []any{"Malaysia", "2025-11", "1.234.567"}), "peduli_wni_registered|MYS|2025-11"},
		"bpjstk_members":            {[]byte("tahun,bulan,negara,jenis_kelamin,peserta_aktif\n2025,12,,,592.000\n"), "2025|12||"},
		"dukcapil_identity_checks":  {[]byte("id_permintaan|nik|nama|tgl_lahir|alamat|hasil|tgl_periksa\nI-1|3201014101900000|Contoh|1990-01-01|Jl. Contoh|Sesuai|2026-01-05\n"), "I-1"},
	}
	for _, s := range templates(t) {
		for _, f := range s.Feeds {
			want, ok := objects[f.Name]
			if !ok {
				continue
			}
			delete(objects, f.Name)
			if keys, rejects := rowsBy(t, f, "object.csv", want.object); len(rejects) > 0 || strings.Join(keys, " ") != want.keys {
				t.Errorf("%s: rows %q, rejects %v", f.Name, keys, rejects)
			}
		}
	}
	for feed := range objects {
		t.Errorf("there is no template with feed %s", feed)
	}
}
