package docs

import (
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

var variableFields = []sheetField{
	{"+", "Himpunan data"}, {"(2)", "Nama Variabel"}, {"(3)", "Alias"}, {"(4)", "Konsep"}, {"(5)", "Definisi"},
	{"(6)", "Referensi Pemilihan"}, {"(7)", "Referensi Waktu"}, {"(8)", "Tipe Data"}, {"(9)", "Klasifikasi Isian"},
	{"(10)", "Aturan Validasi"}, {"(11)", "Kalimat Pertanyaan"}, {"(12)", "Apakah Variabel Dapat Diakses Umum?"},
	{"+", "Ukuran (isian INDAH)"}, {"+", "Satuan (isian INDAH)"}, {"+", "Indikator yang memakainya"},
}

// variables fills MS-Var, one row for each column of a dataset that may be published or that a KPI uses.
func (c *catalogue) variables() sheet {
	s := sheet{File: "ms-var", Title: "MS-Var: metadata variabel / variables", Fields: variableFields, Name: 1, Group: 1,
		About: "Satu baris per kolom himpunan data yang boleh terbit (kelas open) atau dipakai indikator; kolom (1) formulir adalah nomor urut. / One row per dataset column that may be published (class open) or that a KPI uses; column (1) of the form is the running number."}
	for _, d := range transforms.Datasets() {
		if len(d.Inputs()) == 0 {
			continue // written by the pipeline itself: no producer fills it
		}
		inputs := inputsByColumn(d)
		for _, col := range business(d) {
			u := c.uses[d.Name()+"."+col.Name]
			if !u.any() && col.Class != "open" {
				continue
			}
			def, _ := c.definitions[d.Name()].Column(col.Name)
			s.Rows = append(s.Rows, c.variable(d, col, def, inputs[col.Name], u))
		}
	}
	return s
}

func (c *catalogue) variable(d transforms.Dataset, col transforms.Column, def configs.ColumnDefinition, inputs []transforms.Input, u use) []string {
	classification := notGiven
	if col.List != "" {
		classification = "daftar " + col.List
		if codes := c.Lists.Entries(col.List); len(codes) > 0 && len(codes) <= shortList {
			var all []string
			for _, one := range codes {
				all = append(all, one.Code+"="+one.ID)
			}
			classification += ": " + strings.Join(all, "; ")
		}
	}
	public := "Tidak"
	if col.Class == "open" {
		public = "Ya, sebagai jumlah"
	}
	used := append(append(append([]string{}, u.Numbers...), u.Members...), u.Rows...)
	return []string{d.Name(), d.Name() + "." + col.Name, notGiven, notGiven, orNotGiven(def.ID), notGiven, notGiven, col.Type,
		classification, validation(col, inputs), notGiven, public, notGiven, orNotGiven(def.Unit), orNotGiven(c.ids(used))}
}

// inputsByColumn are the fields that go into each column.
func inputsByColumn(d transforms.Dataset) map[string][]transforms.Input {
	by := map[string][]transforms.Input{}
	for _, in := range d.DescribeInputs() {
		for _, column := range transforms.ColumnsOfField(d, in.Name) {
			by[column] = append(by[column], in)
		}
	}
	return by
}

// kindRules say what a text of a field must be for a record to be accepted.
var kindRules = map[transforms.InputKind]string{
	transforms.CodeInput: "kode atau nama dalam daftar", transforms.YesNoInput: "ya atau tidak", transforms.WholeInput: "bilangan bulat",
	transforms.QuarterInput: "triwulan", transforms.AmountInput: "bilangan, nol atau lebih", transforms.NumberInput: "bilangan",
	transforms.DayInput: "tanggal dalam kalender", transforms.MomentInput: "tanggal, dengan atau tanpa waktu",
	transforms.NIKInput: "susunan NIK 16 angka", transforms.PassportInput: "nomor paspor",
	transforms.RegionCodeInput: "kode wilayah", transforms.RegionNameInput: "nama wilayah",
}

// validation says what the normaliser checks of a column.
func validation(col transforms.Column, inputs []transforms.Input) string {
	var rules []string
	if !col.Nullable {
		rules = append(rules, "tidak pernah kosong")
	}
	for _, in := range inputs {
		if rule := kindRules[in.Kind]; rule != "" && !strings.Contains(strings.Join(rules, "; "), rule) {
			rules = append(rules, rule)
		}
		if in.Required && !strings.Contains(strings.Join(rules, "; "), "wajib diisi") {
			rules = append(rules, "wajib diisi sumbernya")
		}
	}
	return orNotGiven(strings.Join(rules, "; "))
}
