// Package documenttest makes reports of invented figures for the tests of their writers:
// a small one with every kind of block, and one as large as a full monthly report.
//
// It owns test data alone. It must not know releases, nor any writer.
package documenttest

import (
	"fmt"
	"strings"
	"time"

	"github.com/kp2mi/lindung/reports/document"
)

// Mark is the mark of sample data on these documents.
const Mark = "DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL"

// texts picks the text of a language.
type texts string

func (t texts) of(id, en string) string {
	if t == "en" {
		return en
	}
	return id
}

// number is a number of a figure, written in the language.
func (t texts) number(value float64, address string) document.Number {
	text := fmt.Sprintf("%.1f", value)
	if value == float64(int(value)) {
		text = thousands(int(value))
	}
	if t == "id" {
		text = strings.NewReplacer(",", ".", ".", ",").Replace(text)
	}
	return document.Number{Text: text, Value: &value, Ref: document.Reference{Figure: address}}
}

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (t texts) months() []string {
	return strings.Fields(t.of("Des Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des", "Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"))
}

func (t texts) document() *document.Document {
	return &document.Document{
		Kind: "monthly", Lang: string(t), Subject: "2025-12",
		Title:     t.of("Laporan KPI Pelindungan PMI – Desember 2025", "KPI report on the protection of migrant workers – December 2025"),
		Publisher: t.of("Kementerian Pelindungan Pekerja Migran Indonesia", "Ministry for the Protection of Indonesian Migrant Workers"),
		Status:    t.of("konsep", "draft"), Sample: Mark,
		Release: document.Release{
			ID: "R-2026-01-12-01", AsOf: time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC), LogHead: 1207,
			LogHash: strings.Repeat("5d", 32), Hash: strings.Repeat("9b", 32), CodeHash: strings.Repeat("4f", 32),
			Program: "lindung 0.9", Published: time.Date(2026, 1, 12, 3, 0, 0, 0, time.UTC),
		},
	}
}

// Small is a report with every kind of block in the language, id or en.
func Small(lang string) *document.Document {
	t := texts(lang)
	d := t.document()
	d.Sections = []document.Section{
		{ID: "findings", Level: 1, NewPage: true, Title: document.Say(t.of("Pokok-pokok", "Main points")), Blocks: []document.Block{t.findings(), t.note()}},
		{ID: "decide", Level: 1, Title: document.Say(t.of("Perlu keputusan", "Needs decision")), Blocks: []document.Block{t.decisions()}},
		{ID: "headlines", Level: 1, Title: document.Say(t.of("KPI utama", "Headline KPIs")), Blocks: []document.Block{t.cards()}},
		{ID: "placement", Level: 1, NewPage: true, Title: document.Say(t.of("Penempatan", "Placement"))},
		t.kpi("PLC-01", 1),
		{ID: "tables", Level: 1, NewPage: true, Title: document.Say(t.of("Tabel lengkap", "Full tables")), Blocks: []document.Block{t.wide("P1", 12, 13, false), t.wide("P2", 6, 6, true), t.wide("P3", 8, 20, false)}},
		{ID: "definitions", Level: 1, NewPage: true, Title: document.Say(t.of("Definisi", "Definitions")), Blocks: []document.Block{t.definitions()}},
	}
	return d
}

// Large is a report of the size of a full monthly one: 70 KPIs, 50 of them with a chart, and 30
// tables of 8 countries by month.
func Large(lang string) *document.Document {
	t := texts(lang)
	d := t.document()
	var cards document.Cards
	for k := 1; k <= 8; k++ {
		cards.Cards = append(cards.Cards, t.headline(t.of("Pengaduan yang selesai", "Cases resolved"), fmt.Sprintf("K-%02d-01", k)))
	}
	d.Sections = append(d.Sections,
		document.Section{ID: "findings", Level: 1, NewPage: true, Title: document.Say(t.of("Pokok-pokok", "Main points")), Blocks: []document.Block{t.findings()}},
		document.Section{ID: "headlines", Level: 1, Title: document.Say(t.of("KPI utama", "Headline KPIs")), Blocks: []document.Block{&cards}})
	for theme := 1; theme <= 10; theme++ {
		d.Sections = append(d.Sections, document.Section{ID: fmt.Sprintf("theme-%d", theme), Level: 1, NewPage: true, Title: document.Say(fmt.Sprintf(t.of("Tema %d: pelindungan sebelum, selama dan setelah bekerja", "Theme %d: protection before, during and after work"), theme))})
		for k := 1; k <= 7; k++ {
			section := t.kpi(fmt.Sprintf("K-%02d-%02d", theme, k), float64(theme*k))
			if k%3 == 0 { // without a series there is nothing to draw
				section.Blocks = append(section.Blocks[:1], section.Blocks[2:]...)
			}
			d.Sections = append(d.Sections, section)
		}
	}
	tables := document.Section{ID: "tables", Level: 1, NewPage: true, Title: document.Say(t.of("Tabel lengkap", "Full tables"))}
	for i := 1; i <= 30; i++ {
		tables.Blocks = append(tables.Blocks, t.wide(fmt.Sprintf("P%d", i), 8, 13, true))
	}
	d.Sections = append(d.Sections, tables)
	return d
}

func (t texts) findings() document.Block {
	return &document.List{Role: "findings", Ordered: true, Items: []document.Phrase{
		document.Say(t.of("Penempatan Desember ", "Placements in December came to "), t.number(23465, "PLC-01/2025-12"),
			t.of(", turun ", ", down "), document.Number{Text: t.of("8,4%", "8.4%"), Ref: document.Reference{Op: document.OpChangePercent, Figure: "PLC-01/2025-12", Bases: []string{"PLC-01/2024-12"}}},
			t.of(" dari Desember 2024.", " on December 2024.")),
		document.Say(t.of("Pengaduan yang selesai dalam 90 hari tetap di bawah target untuk bulan ke-", "Cases resolved within 90 days stayed below target for month "),
			t.number(5, "CAS-03/2025-12"), t.of(" berturut-turut; selisih terbesar di Arab Saudi & Malaysia.", " in a row; the gap is widest in Saudi Arabia & Malaysia.")),
		document.Say(t.of("Verifikasi dokumen melambat: median ", "Verification of documents slowed: the median was "), t.number(6.2, "DOC-02/2025-12"), t.of(" hari.", " days.")),
	}}
}

func (t texts) note() document.Block {
	return &document.Paragraph{Note: true, Text: document.Say(t.of("Penempatan = layanan selesai di SiskoP2MI, bukan keberangkatan. Lihat ", "Placement = a service completed in SiskoP2MI, not a departure. See the "),
		document.Piece{Text: t.of("definisi", "definition"), Link: "def-PLC-01", Strong: true}, ".")}
}

func (t texts) decisions() document.Block {
	return &document.List{Role: "decisions", Items: []document.Phrase{
		document.Say(document.Piece{Text: "DOC-02", Strong: true, Link: "K-PLC-01"}, t.of(" di luar target dua bulan: Direktorat Sistem dan Strategi Penempatan.", " off target for two months: Directorate of Placement Systems.")),
		document.Say(t.of("Sumber ", "The source "), document.Piece{Text: "bp3mi_jatim", Strong: true}, t.of(" diam sejak ", " has been silent for "), t.number(12, "silence/bp3mi_jatim"), t.of(" hari.", " days.")),
	}}
}

func (t texts) cards() document.Block {
	silent := t.headline(t.of("Remitansi per triwulan", "Remittances per quarter"), "REM-01")
	silent.Value, silent.Drawing, silent.Light, silent.Changes = document.Number{Mark: "[x]"}, nil, nil, nil
	silent.Instead = document.Say(t.of("tidak tersedia; terakhir ", "not available; latest "), t.number(4.2, "REM-01/2025-Q2"), t.of(" miliar dolar AS (Triwulan II)", " billion US dollars (second quarter)"))
	silent.Target = document.Say(t.of("target belum ditetapkan; yang menetapkan: Pusat Data dan Informasi", "no target set; to be set by the Centre for Data and Information"))
	slow := t.headline(t.of("Median verifikasi dokumen", "Median verification of documents"), "DOC-02")
	slow.Light = &document.Light{Class: "missed", Word: t.of("■ tidak tercapai", "■ missed"), Text: document.Say("45,0%")}
	slow.Unit, slow.Value = t.of("hari", "days"), t.number(6.2, "DOC-02/2025-12")
	near := t.headline(t.of("Pengaduan selesai dalam 90 hari", "Cases resolved within 90 days"), "CAS-03")
	near.Light = &document.Light{Class: "near", Word: t.of("▲ hampir tercapai", "▲ nearly met"), Text: document.Say("91,3%")}
	return &document.Cards{Cards: []document.Card{t.headline(t.of("Penempatan", "Placements"), "PLC-01"), near, silent, slow}}
}

func (t texts) headline(title, kpi string) document.Card {
	value := t.number(297108, kpi+"/2025")
	value.Mark = "[p]"
	return document.Card{
		KPI: kpi, Title: title, Period: t.of("Desember 2025", "December 2025"), Value: value, Unit: t.of("layanan", "services"),
		Changes: []document.Phrase{
			document.Say(t.of("bulan lalu ", "last month "), document.Number{Text: "−3,1%", Ref: document.Reference{Op: document.OpChangePercent, Figure: kpi + "/2025-12", Bases: []string{kpi + "/2025-11"}}}),
			document.Say(t.of("tahun lalu ", "last year "), document.Number{Text: "+8,0%", Ref: document.Reference{Op: document.OpChangePercent, Figure: kpi + "/2025-12", Bases: []string{kpi + "/2024-12"}}}),
		},
		Target:  document.Say(t.of("target 2025: ", "target for 2025: "), t.number(300000, kpi+".value/2025@plan")),
		Light:   &document.Light{Class: "met", Word: t.of("● tercapai", "● met"), Text: document.Say("100,9%")},
		Quality: &document.Light{Class: "met", Word: t.of("● mutu A", "● quality A"), Text: document.Say(t.of("7 dari 7 aturan", "7 of 7 rules"))},
		Drawing: &document.Chart{ID: "trend-" + kpi, Drawing: drawing{title: title, months: t.months(), small: true}},
		Link:    link(kpi),
	}
}

func link(kpi string) string {
	if strings.HasPrefix(kpi, "K-") || kpi == "PLC-01" {
		return "K-" + kpi
	}
	return ""
}

func (t texts) kpi(kpi string, scale float64) document.Section {
	title := t.of("Penempatan per bulan", "Placements by month")
	return document.Section{ID: "K-" + kpi, Level: 2, Title: document.Say(kpi + " " + title), Blocks: []document.Block{
		&document.Paragraph{Text: document.Say(t.of("Desember 2025 sebanyak ", "December 2025 came to "), t.number(23465*scale, kpi+"/2025-12"), t.of(", di bawah bulan yang sama tahun lalu.", ", below the same month of last year."))},
		&document.Chart{
			ID: kpi, Title: document.Say(t.of("Penempatan turun sejak Oktober", "Placements have fallen since October")), Subtitle: t.of("Layanan selesai per bulan, nasional, Desember 2024 – Desember 2025", "Services completed per month, national, December 2024 to December 2025"),
			Description: t.of("Garis tiga belas bulan.", "A line of thirteen months."), Drawing: drawing{title: title, months: t.months()},
			Table: t.narrow("behind-"+kpi, scale), Note: document.Say(t.of("Bulan terakhir sementara [p].", "The latest month is provisional [p].")),
		},
		t.judged("by-"+kpi, kpi),
		&document.Disclosure{Summary: t.of("Bagaimana dihitung? ", "How is it computed? ") + kpi, Blocks: []document.Block{
			&document.Paragraph{Text: document.Say(t.of("Setiap layanan dihitung sekali, pada bulan selesainya.", "Each service counts once, in the month of its completion."))},
			&document.Code{Name: "kpi_sample.sql", Language: "SQL", Text: "select period, count(*) as value\nfrom fct_placement\nwhere completed_on is not null and reported_at < $as_of -- what was known then & nothing later\ngroup by period\n"},
		}},
		&document.Disclosure{Summary: t.of("Cara memakai halaman ini", "How to use this page"), ScreenOnly: true, Blocks: []document.Block{&document.Paragraph{Text: document.Say(t.of("Klik sebuah judul.", "Click a heading."))}}},
	}}
}

func (t texts) narrow(id string, scale float64) *document.Table {
	table := &document.Table{ID: id, Title: t.of("Penempatan per bulan", "Placements by month"), Columns: []document.Column{
		{Name: "month", Title: t.of("Bulan", "Month")}, {Name: "value", Title: t.of("Layanan", "Services"), Unit: t.of("ribu", "thousand"), Numeric: true}}}
	for i, month := range t.months() {
		n := t.number(float64(20100+i*280)*scale, fmt.Sprintf("PLC-01/%d", i))
		if i == 12 {
			n.Mark = "[p]"
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: document.Say(fmt.Sprintf("%s %d", month, 2024+(i+11)/12))}, {Number: &n}}})
	}
	return table
}

// judged is a table with a rank, names, marks, a light and a total.
func (t texts) judged(id, kpi string) *document.Table {
	table := &document.Table{ID: id, Title: t.of("Negara dan wilayah penempatan, Desember 2025", "Countries and areas of placement, December 2025"), Columns: []document.Column{
		{Name: "rank", Title: t.of("Peringkat", "Rank"), Numeric: true}, {Name: "country", Title: t.of("Negara", "Country")},
		{Name: "value", Title: t.of("Layanan", "Services"), Numeric: true}, {Name: "judged", Title: t.of("Penilaian", "Judgement")}},
		Notes: []document.Phrase{document.Say(t.of("[c] dirahasiakan: angka kecil.", "[c] confidential: small numbers."))}}
	for i, country := range []string{"Hong Kong", "Taiwan", "Malaysia", "Korea"} {
		n := t.number(float64(9000-i*1700), kpi+"/2025-12/country="+country[:3])
		if i == 3 {
			n = document.Number{Mark: "[c]"}
		}
		rank := document.Number{Text: fmt.Sprint(i + 1)}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Number: &rank}, {Text: document.Say(country)}, {Number: &n},
			{Light: &document.Light{Class: "met", Word: t.of("● tercapai", "● met")}}}})
	}
	total := t.number(23465, kpi+"/2025-12")
	dash := document.Say("[z]")
	table.Rows = append(table.Rows, document.Row{Total: true, Cells: []document.Cell{{Text: dash}, {Text: document.Say(t.of("Jumlah", "Total"))}, {Number: &total}, {Text: dash}}})
	return table
}

// wide is a table of countries by month: with many months wider than a phone, with more wider
// than a sheet.
func (t texts) wide(id string, rows, months int, annex bool) *document.Table {
	table := &document.Table{ID: id, Annex: annex, Title: t.of("Penempatan menurut negara dan bulan, 2024–2025, seluruh skema", "Placements by country and month, 2024–2025, all schemes"),
		Columns: []document.Column{{Name: "country", Title: t.of("Negara atau wilayah", "Country or area")}}}
	names := t.months()
	for i := range months {
		table.Columns = append(table.Columns, document.Column{Name: fmt.Sprintf("m%d", i), Title: names[i%12], Numeric: true})
	}
	countries := []string{"Hong Kong", "Taiwan", "Malaysia", "Korea Selatan", "Singapura", "Jepang", "Arab Saudi", "Brunei Darussalam", "Uni Emirat Arab", "Papua Nugini"}
	for r := range rows {
		row := document.Row{Cells: []document.Cell{{Text: document.Say(countries[r%len(countries)])}}}
		for i := range months {
			n := t.number(float64((r*7919+i*104729)%12000), fmt.Sprintf("PLC-01/%d/country=%d", i, r))
			row.Cells = append(row.Cells, document.Cell{Number: &n})
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func (t texts) definitions() document.Block {
	return &document.Definitions{Items: []document.Definition{
		{ID: "def-PLC-01", Term: document.Say("PLC-01 " + t.of("Penempatan", "Placements")), Text: []document.Phrase{
			document.Say(t.of("Layanan penempatan yang selesai di SiskoP2MI.", "Placement services completed in SiskoP2MI.")), document.Say(t.of("Satuan: layanan.", "Unit: services."))}},
		{Term: document.Say(t.of("Catatan komit", "Commit log")), Code: true, Text: []document.Phrase{document.Say(strings.Repeat("5d", 32))}},
	}}
}

// A drawing is a line of months with an axis: enough of a chart for a writer of pages.
type drawing struct {
	title  string
	months []string
	small  bool
}

// SVG draws the line.
func (d drawing) SVG(id string, width float64) string {
	height, step := 180.0, (width-40)/float64(len(d.months)-1)
	if d.small {
		height = 48
	}
	var points, labels strings.Builder
	every := 1 + int(45/step)
	for i, month := range d.months {
		x := 20 + float64(i)*step
		fmt.Fprintf(&points, "%.1f,%.1f ", x, height*.8-float64(i*5%9)*height/16)
		if !d.small && i%every == 0 {
			fmt.Fprintf(&labels, `<text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, x, height-6, month)
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="%[1]s-title %[1]s-desc" width="%.0[2]f" height="%.0[3]f" viewBox="0 0 %.0[2]f %.0[3]f" font-size="14"><title id="%[1]s-title">%[4]s</title><desc id="%[1]s-desc">%[4]s</desc><polyline points="%[5]s" fill="none" stroke="currentColor" stroke-width="2"/><g fill="currentColor">%[6]s</g></svg>`,
		id, width, height, d.title, strings.TrimSpace(points.String()), labels.String())
}
