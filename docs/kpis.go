package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/sql"
)

const kpisAbout = `Lembar definisi setiap indikator, menurut tema. Angkanya ada dalam tabel ` + "`figures`" + `; definisi yang sama ada dalam
` + "`meta.kpis`" + `. Nilai yang tidak tersedia bukan nol. Status: reported, provisional (sementara), not_available (tidak tersedia),
suppressed (disamarkan). Sasaran hanya yang pernah diterbitkan.

The definition sheet of every KPI, by theme. Its figures are in the table ` + "`figures`" + `; the same definitions are in ` + "`meta.kpis`" + `.
A value that is not available is not zero. Status: reported, provisional, not_available, suppressed. Only targets that
were published are given.`

// A theme groups KPIs.
type theme struct {
	code  string
	title sql.Text
}

// themes are the themes in the order of the catalogue, with what people call them.
var themes = []theme{
	{"placement", sql.Text{ID: "Penempatan", EN: "Placement"}},
	{"recruitment", sql.Text{ID: "Perekrutan", EN: "Recruitment"}},
	{"complaints", sql.Text{ID: "Pengaduan", EN: "Complaints"}},
	{"legal_protection", sql.Text{ID: "Pelindungan hukum", EN: "Legal protection"}},
	{"welfare", sql.Text{ID: "Kesejahteraan", EN: "Welfare"}},
	{"empowerment", sql.Text{ID: "Pemberdayaan", EN: "Empowerment"}},
	{"finance", sql.Text{ID: "Pembiayaan", EN: "Finance"}},
	{"remittances", sql.Text{ID: "Remitansi", EN: "Remittances"}},
	{"skills", sql.Text{ID: "Keterampilan", EN: "Skills"}},
	{"governance", sql.Text{ID: "Tata kelola", EN: "Governance"}},
	{"data_quality", sql.Text{ID: "Mutu data", EN: "Data quality"}},
	{"cooperation", sql.Text{ID: "Kerja sama", EN: "Cooperation"}},
}

// kpis is the catalogue of KPIs. A theme that has no name here is shown by its code at the end.
func (c *catalogue) kpis() []byte {
	p := &page{}
	p.generated("Katalog indikator / KPI catalogue", kpisAbout)
	all := c.kpiModels()
	order := slices.Clone(themes)
	for _, m := range all {
		if !slices.ContainsFunc(order, func(t theme) bool { return t.code == m.Meta.Theme }) {
			order = append(order, theme{m.Meta.Theme, sql.Text{ID: m.Meta.Theme, EN: m.Meta.Theme}})
		}
	}
	p.line("")
	var index [][]string
	for _, theme := range order {
		var ids []string
		for _, m := range all {
			if m.Meta.Theme == theme.code {
				ids = append(ids, "["+m.Meta.ID+"](#"+strings.ToLower(m.Meta.ID)+")")
			}
		}
		if len(ids) > 0 {
			index = append(index, []string{theme.title.String(), strings.Join(ids, ", ")})
		}
	}
	p.table([]string{"tema / theme", "indikator / KPIs"}, index)
	for _, theme := range order {
		titled := false
		for _, m := range all {
			if m.Meta.Theme != theme.code {
				continue
			}
			if !titled {
				p.heading(2, theme.title.String())
				titled = true
			}
			c.kpiSheet(p, m)
		}
	}
	return p.Bytes()
}

// kpiSheet writes everything that is defined about one KPI.
func (c *catalogue) kpiSheet(p *page, m sql.Model) {
	k := m.Meta
	p.line("\n<a id=\"%s\"></a>", strings.ToLower(k.ID))
	p.heading(3, k.ID+" "+k.Title.String())
	for _, text := range both(k.Description) {
		p.line("%s\n", text)
	}
	rows := [][]string{}
	add := func(id, en string, t [2]string) { rows = append(rows, []string{id + " / " + en, t[0], t[1]}) }
	same := func(text string) [2]string { return [2]string{text, text} }
	for _, ms := range k.Measures {
		name := code(ms.Name)
		if ms.Name == k.DefaultMeasure && len(k.Measures) > 1 {
			name += " (utama / default)"
		}
		add("**Ukuran", "Measure** "+name, both(ms.Title))
		add("Definisi", "Definition", both(ms.Definition))
		add("Pembilang", "Numerator", both(ms.Numerator))
		denominator := both(ms.Denominator)
		if ms.Denominator.Empty() {
			denominator = [2]string{"tidak ada", "none"}
		}
		add("Penyebut", "Denominator", denominator)
		add("Satuan", "Unit", same(orNotGiven(ms.Unit)))
		add("Arah", "Direction", direction(ms.Direction))
		add("Penjumlahan", "Additivity", additivity(ms.Additive))
		if ms.Periods != nil {
			add("Periode ukuran ini", "Periods of this measure", periods(ms.Periods))
		}
	}
	add("Tidak dihitung", "Exclusions", both(k.Exclusions))
	add("Kematangan", "Maturity", both(k.Maturity))
	add("Periode", "Periods", periods(k.Periods))
	add("Rincian", "Breakdowns", breakdowns(k.Breakdowns))
	add("Penyamaran", "Suppression", suppression(k.Suppression))
	add("Himpunan data", "Datasets", same(orNotGiven(code(k.Sources...))))
	add("Penanggung jawab", "Owner", same(orNotGiven(k.Owner)))
	add("Acuan", "Anchors", both(sql.JoinTexts(k.Anchor)))
	add("Versi definisi", "Definition version", same(orNotGiven(k.Version)))
	rows = append(rows, []string{"SQL", "`sql/" + m.Path + "`", "`sql/" + m.Path + "`"})
	p.table([]string{"", "Indonesia", "English"}, rows)
	c.kpiTargets(p, k.ID)
}

func direction(d string) [2]string {
	switch d {
	case "up":
		return [2]string{"makin tinggi makin baik", "higher is better"}
	case "down":
		return [2]string{"makin rendah makin baik", "lower is better"}
	}
	return [2]string{"konteks: tidak dinilai baik atau buruk", "context: neither is better"}
}

func additivity(a sql.Additivity) [2]string {
	id, en := "anggota rincian tidak dijumlahkan", "members of a breakdown do not add up"
	if a.OverMembers() {
		id, en = "anggota rincian berjumlah menjadi total", "members of a breakdown add up to the total"
	}
	if a.OverTime() {
		return [2]string{id + "; bulan berjumlah menjadi triwulan dan tahun", en + "; months add up to quarters and years"}
	}
	return [2]string{id + "; bulan tidak dijumlahkan", en + "; months do not add up"}
}

func breakdowns(all []string) [2]string {
	if len(all) == 0 {
		return [2]string{"hanya total", "total only"}
	}
	return [2]string{"total, " + code(all...), "total, " + code(all...)}
}

// periodNames are the kinds of period in the words of a reader.
var periodNames = map[string]sql.Text{"month": {ID: "bulan", EN: "month"}, "quarter": {ID: "triwulan", EN: "quarter"}, "year": {ID: "tahun", EN: "year"}}

// periods says which kinds of period are declared.
func periods(kinds []string) [2]string {
	var ids, ens []string
	for _, k := range kinds {
		ids, ens = append(ids, periodNames[k].ID), append(ens, periodNames[k].EN)
	}
	return [2]string{strings.Join(ids, ", "), strings.Join(ens, ", ")}
}

// suppression says which numbers are too small to be told and what keeps them back today.
func suppression(s sql.Suppression) [2]string {
	switch s.Withheld {
	case sql.WithheldBySQL:
		return [2]string{fmt.Sprintf("di bawah %d disamarkan oleh SQL-nya, dalam semua berkas (status suppressed)", s.Below),
			fmt.Sprintf("below %d its SQL withholds them, in every file (status suppressed)", s.Below)}
	case sql.WithheldNothing:
		t := [2]string{"tidak ada: terbit menurut satu rincian", "none: published by one breakdown"}
		if len(s.Except) > 0 {
			t[0] += ", kecuali " + code(s.Except...)
			t[1] += ", but for " + code(s.Except...)
		}
		return t
	}
	if s.Below == 0 {
		return [2]string{"tanpa batas jumlah; untuk umum hanya total (`open.duckdb`)", "no threshold; totals only for the public (`open.duckdb`)"}
	}
	id, en := fmt.Sprintf("sel di bawah %d", s.Below), fmt.Sprintf("cells below %d", s.Below)
	if s.Restricted > 0 {
		id += fmt.Sprintf(", kategori terbatas di bawah %d,", s.Restricted)
		en += fmt.Sprintf(", of restricted categories below %d,", s.Restricted)
	}
	return [2]string{id + " bukan untuk umum; hari ini dijaga dengan menerbitkan total saja (`open.duckdb`), total tidak diperiksa dan sel dalam `warehouse.duckdb` tidak ditahan",
		en + " are not for the public; today kept by publishing totals only (`open.duckdb`), totals are not judged and cells of `warehouse.duckdb` are not withheld"}
}

func (c *catalogue) kpiTargets(p *page, kpi string) {
	if len(c.targets[kpi]) == 0 {
		p.line("\nSasaran / targets: tidak ada yang diterbitkan / none published.")
		return
	}
	p.line("\nSasaran / targets:\n")
	var rows [][]string
	for _, t := range c.targets[kpi] {
		source := t.Source
		if t.URL != "" {
			source = "[" + t.Source + "](" + t.URL + ")"
		}
		rows = append(rows, []string{code(t.Measure), t.Period, t.Value, t.Unit, orNotGiven(t.SetOn), t.Status, source})
	}
	p.table([]string{"ukuran / measure", "periode / period", "nilai / value", "satuan / unit", "tanggal terbit / published on", "status", "sumber / source"}, rows)
}
