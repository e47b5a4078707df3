package docs

import (
	"slices"
	"strings"

	"github.com/kp2mi/lindung/sql"
)

var indicatorFields = []sheetField{
	{"+", "Kode Lindung"},
	{"(2)", "Nama Indikator"}, {"(3)", "Konsep"}, {"(4)", "Definisi"}, {"(5)", "Interpretasi"},
	{"(6)", "Metode/Rumus Penghitungan"}, {"(7)", "Ukuran"}, {"(8)", "Satuan"}, {"(9)", "Klasifikasi Penyajian"},
	{"(10)", "Apakah Indikator Komposit?"}, {"(11)", "Indikator Pembangun: Publikasi Ketersediaan"},
	{"(12)", "Indikator Pembangun: Nama"}, {"(13)", "Variabel Pembangun: Kegiatan Penghasil"},
	{"(14)", "Variabel Pembangun: Kode Kegiatan (diisi petugas)"}, {"(15)", "Variabel Pembangun: Nama"},
	{"(16)", "Level Estimasi"}, {"(17)", "Apakah Indikator Dapat Diakses Umum?"}, {"+", "Penyelenggara"},
}

// indicators fills MS-Ind, one row for each measure of each KPI.
func (c *catalogue) indicators() sheet {
	s := sheet{File: "ms-ind", Title: "MS-Ind: metadata indikator / indicators", Fields: indicatorFields,
		About: "Satu baris per ukuran indikator; kolom (1) formulir adalah nomor urut. / One row per measure of a KPI; column (1) of the form is the running number."}
	for _, m := range c.kpiModels() {
		for _, ms := range m.Meta.Measures {
			s.Rows = append(s.Rows, c.indicator(m, ms, c.numbers[m.Name]))
		}
	}
	return s
}

func (c *catalogue) indicator(m sql.Model, ms sql.Measure, variables []string) []string {
	k := m.Meta
	name := k.Title.ID
	if ms.Title.ID != name && !ms.Title.Empty() {
		name += ": " + ms.Title.ID
	}
	composite, parts, published := "Tidak", notGiven, notGiven
	if built := c.kpisRead(m.Name); len(built) > 0 {
		composite, parts, published = "Ya", strings.Join(built, ", "), "tabel figures rilis Lindung"
	}
	var activities []string
	for _, dataset := range c.upstream(m.Name) {
		activities = append(activities, c.definitions[dataset].Title.ID)
	}
	made := strings.Join(variables, ", ")
	if made == "" && c.followed(m.Name) && len(activities) > 0 {
		made = "banyaknya baris" // of what, stands under the activities
	}
	return []string{k.ID + "." + ms.Name, name, orNotGiven(k.Description.ID), orNotGiven(ms.Definition.ID), interpretation(ms.Direction),
		formula(ms), measure(ms.Unit), orNotGiven(ms.Unit), strings.Join(append([]string{"total"}, k.Breakdowns...), ", "), composite, published, parts,
		orNotGiven(strings.Join(activities, ", ")), notGiven, orNotGiven(made), level(k.Breakdowns),
		"Ya, sebatas open.duckdb", orNotGiven(k.Owner)}
}

// kpisRead are the KPIs that a KPI is computed from.
func (c *catalogue) kpisRead(name string) (ids []string) {
	for _, m := range c.kpiModels() {
		if slices.Contains(c.tables[name].Reads, m.Name) {
			ids = append(ids, m.Meta.ID+" "+m.Meta.Title.ID)
		}
	}
	return ids
}

func interpretation(d string) string {
	text := direction(d)[0]
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

func formula(ms sql.Measure) string {
	switch {
	case ms.Numerator.Empty():
		return notGiven
	case ms.Denominator.Empty():
		return ms.Numerator.ID
	}
	text := "(" + ms.Numerator.ID + ") / (" + ms.Denominator.ID + ")"
	if ms.Unit == "%" {
		text = "100 × " + text
	}
	return text
}

// measure is only known of a percentage: other units do not say whether they are counts, means or rates.
func measure(unit string) string {
	if unit == "%" {
		return "Persentase"
	}
	return notGiven
}

// level says how far down figures are given.
func level(breakdowns []string) string {
	all := []string{"Nasional"}
	for _, l := range []struct{ breakdown, name string }{{"province", "Provinsi"}, {"regency", "Kabupaten/Kota"}} {
		if slices.Contains(breakdowns, l.breakdown) {
			all = append(all, l.name)
		}
	}
	return strings.Join(all, ", ")
}
