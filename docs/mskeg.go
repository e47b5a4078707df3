package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

var activityFields = []sheetField{
	{"", "Judul Kegiatan"}, {"", "Tahun"}, {"", "Kode Kegiatan (diisi petugas)"}, {"", "Cara Pengumpulan Data"}, {"", "Sektor Kegiatan"},
	{"", "Identitas Rekomendasi"},
	{"1.1", "Instansi Penyelenggara"}, {"1.2", "Alamat Lengkap Instansi Penyelenggara"}, {"1.2", "E-mail"},
	{"2.1", "Unit Eselon Penanggung Jawab"}, {"2.2", "Penanggung Jawab Teknis"},
	{"3.1", "Latar Belakang Kegiatan"}, {"3.2", "Tujuan Kegiatan"}, {"3.3", "Rencana Jadwal: Perencanaan dan Desain"},
	{"3.3", "Rencana Jadwal: Pengumpulan Data"}, {"3.3", "Rencana Jadwal: Pengolahan, Analisis, Diseminasi, Evaluasi"},
	{"3.4", "Variabel (Karakteristik) yang Dikumpulkan"},
	{"4.1", "Kegiatan Ini Dilakukan"}, {"4.2", "Frekuensi Penyelenggaraan"}, {"4.3", "Tipe Pengumpulan Data"},
	{"4.4", "Cakupan Wilayah Pengumpulan Data"}, {"4.5", "Wilayah Kegiatan"}, {"4.6", "Metode Pengumpulan Data"},
	{"4.7", "Sarana Pengumpulan Data"}, {"4.8", "Unit Pengumpulan Data"},
	{"5.1–5.8", "Desain Sampel (hanya survei)"},
	{"VI", "Apakah Melakukan Uji Coba?"}, {"VI", "Metode Pemeriksaan Kualitas Pengumpulan Data"},
	{"VI", "Apakah Melakukan Penyesuaian Nonrespon?"}, {"VI", "Petugas Pengumpulan Data"},
	{"VII", "Tahapan Pengolahan Data"}, {"VII", "Metode Analisis"}, {"VII", "Unit Analisis"}, {"VII", "Tingkat Penyajian Hasil Analisis"},
	{"VIII", "Produk Tercetak Tersedia untuk Umum"}, {"VIII", "Produk Digital Tersedia untuk Umum"}, {"VIII", "Data Mikro Tersedia untuk Umum"},
	{"VIII", "Rencana Rilis Produk"},
	{"+", "Himpunan data, sumber, umpan"}, {"+", "Satu baris adalah"}, {"+", "Lisensi"},
}

// activities fills MS-Keg, one row for each dataset of each source whose feeds run.
func (c *catalogue) activities() sheet {
	s := sheet{File: "ms-keg", Title: "MS-Keg: metadata kegiatan / activities", Fields: activityFields,
		About: "Satu baris per himpunan data dari satu sumber yang umpannya berjalan. / One row per dataset of one source whose feeds run."}
	for _, source := range c.Sources {
		var order []string
		feeds := map[string][]*configs.Feed{}
		for _, f := range source.Feeds {
			if f.Off() {
				continue
			}
			if feeds[f.Dataset] == nil {
				order = append(order, f.Dataset)
			}
			feeds[f.Dataset] = append(feeds[f.Dataset], f)
		}
		for _, dataset := range order {
			if d, ok := transforms.Lookup(dataset); ok {
				s.Rows = append(s.Rows, c.activity(source, d, feeds[dataset]))
			}
		}
	}
	return s
}

func (c *catalogue) activity(source *configs.Source, d transforms.Dataset, feeds []*configs.Feed) []string {
	def := c.definitions[d.Name()]
	var names, variables, schedule []string
	for _, f := range feeds {
		names = append(names, f.Name)
		if by := f.Expected.By; by != "" && !slices.Contains(schedule, by) {
			schedule = append(schedule, by)
		}
	}
	for _, col := range business(d) {
		variables = append(variables, col.Name)
	}
	repeated, frequency := notGiven, notGiven
	if len(schedule) > 0 {
		repeated, frequency = "Berulang (2)", frequencies(schedule)
	}
	levels, digital := c.presentation(d)
	return []string{def.Title.ID + " – " + source.Title.ID, notGiven, notGiven, notGiven, notGiven,
		notGiven,
		source.Producer, notGiven, source.Contact,
		notGiven, notGiven,
		notGiven, notGiven, notGiven, orNotGiven(strings.Join(schedule, "; ")), notGiven,
		strings.Join(variables, ", "),
		repeated, frequency, notGiven,
		notGiven, notGiven, "Pengumpulan data sekunder (8)",
		"Lainnya (32): " + means(feeds), notGiven,
		notGiven,
		notGiven, "Lainnya (8): " + quality(feeds),
		notGiven, notGiven,
		stages(d), notGiven, notGiven, levels,
		notGiven, digital, "Tidak",
		notGiven,
		d.Name() + "; " + source.Name + "; " + strings.Join(names, ", "), def.Description.ID, orNotGiven(source.Licence)}
}

// frequencies gives the codes of the form for when deliveries are expected.
func frequencies(schedule []string) string {
	codes := map[string]string{"daily": "Harian (1)", "weekly": "Mingguan (2)", "monthly": "Bulanan (3)", "quarterly": "Triwulanan (4)", "yearly": "Tahunan (7)"}
	var all []string
	for _, by := range schedule {
		kind, _, _ := strings.Cut(by, " ")
		if text := codes[kind]; text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return orNotGiven(strings.Join(all, ", "))
}

// means says how the data come: the connectors and formats of the feeds.
func means(feeds []*configs.Feed) string {
	var all []string
	for _, f := range feeds {
		text := f.Connector.Kind
		for _, rule := range f.Formats {
			text += " " + rule.Kind
		}
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return "diambil program (" + strings.Join(all, "; ") + ")"
}

// quality says what the program itself checks of every delivery.
func quality(feeds []*configs.Feed) string {
	var limits []string
	for _, f := range feeds {
		text := fmt.Sprintf("%g%%", 100*f.Thresholds.MaxRejectShare)
		if !slices.Contains(limits, text) {
			limits = append(limits, text)
		}
	}
	return "setiap rekaman diperiksa program; yang bermasalah masuk karantina, dan kiriman ditahan bila lebih dari " +
		strings.Join(limits, " atau ") + " bermasalah"
}

// stages are the steps that the program takes with every record.
func stages(d transforms.Dataset) string {
	all := "Validasi: Ya"
	if slices.ContainsFunc(d.Columns(), func(c transforms.Column) bool { return c.List != "" }) {
		all = "Penyandian (coding): Ya; " + all
	}
	return all
}

// presentation says down to which level figures of a dataset are given, and whether there are any.
func (c *catalogue) presentation(d transforms.Dataset) (levels, digital string) {
	var breakdowns []string
	used := false
	for _, m := range c.kpiModels() {
		if slices.Contains(c.upstream(m.Name), d.Name()) {
			used = true
			breakdowns = append(breakdowns, m.Meta.Breakdowns...)
		}
	}
	if !used {
		return notGiven, notGiven
	}
	return level(breakdowns), "Ya: indikator dalam open.duckdb"
}
