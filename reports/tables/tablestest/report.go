// Package tablestest is a report for the tests of those who write tables of reports.
//
// It owns a small document with every kind of block and everything that a table may
// hold. It must not know who writes it.
package tablestest

import (
	"fmt"
	"time"

	"github.com/kp2mi/lindung/reports/document"
)

// december are the placements of the report's month.
const december = 24013.0

func value(v float64) *float64 { return &v }

func count(text string, v float64, address string) document.Number {
	return document.Number{Text: text, Value: &v, Ref: document.Reference{Op: document.OpValue, Figure: address}}
}

func number(n document.Number) document.Cell { return document.Cell{Number: &n} }

func text(s string) document.Cell { return document.Cell{Text: document.Say(s)} }

// Report is a small report with every kind of block, and everything that a table may hold, in Indonesian or English.
func Report(lang string) *document.Document {
	say := func(id, en string) string {
		if lang == "en" {
			return en
		}
		return id
	}
	placed := count(say("24.013", "24,013"), december, "PLC-01/2025-12@r000007")
	up := document.Number{Text: say("+7,1%", "+7.1%"), Value: value(100 * (december/22430.0 - 1)), Format: document.Format{Decimals: 1, Suffix: "%", Signed: true},
		Ref: document.Reference{Op: document.OpChangePercent, Figure: "PLC-01/2025-12@r000007", Bases: []string{"PLC-01/2024-12@r000007"}}}
	return &document.Document{
		Kind: "monthly", Lang: lang, Title: say("Laporan KPI – Desember 2025", "KPI report – December 2025"), Publisher: "Pusat Data dan Informasi", Subject: "2025-12",
		Status: say("draf", "draft"), Sample: say("DATA CONTOH – BUKAN ANGKA RESMI", "SAMPLE DATA – NOT OFFICIAL"),
		Release: document.Release{ID: "r000007", AsOf: time.Date(2026, 1, 11, 0, 0, 0, 0, time.UTC), LogHead: 412, LogHash: "5b1f0c8a", Hash: "9b3e4d5c6f7a8b90",
			CodeHash: "4f2a9c1e", Program: "v0.9.0", Published: time.Date(2026, 1, 12, 3, 0, 0, 0, time.UTC)},
		Sections: []document.Section{
			{ID: "main", Title: document.Say(say("Pokok-pokok", "Main points")), Level: 1, Blocks: []document.Block{
				&document.List{Role: "findings", Ordered: true, Items: []document.Phrase{
					document.Say(say("Penempatan Desember ", "Placements in December "), placed, ", ", up, say(" dari Desember 2024.", " from December 2024."))}},
				&document.List{Role: "decisions", Items: []document.Phrase{document.Say(say("=Verifikasi melambat: tambah verifikator?", "=Verification slows down: add verifiers?"))}},
				&document.Cards{Cards: []document.Card{
					{KPI: "PLC-01", Title: say("Penempatan", "Placements"), Period: say("Desember 2025", "December 2025"), Value: placed, Unit: say("layanan", "services"),
						Changes: []document.Phrase{document.Say(up, say(" dari Desember 2024", " from December 2024"))}, Target: document.Say(say("target belum ditetapkan", "no target set"))},
					{KPI: "CAS-02", Title: say("Aduan selesai dalam 30 hari", "Complaints solved within 30 days"), Period: say("Desember 2025", "December 2025"),
						Value: document.Number{Text: "[x]", Mark: "[x]"}, Unit: "%", Instead: document.Say(say("Terakhir: November 2025", "Latest: November 2025")),
						Light: &document.Light{Class: "near", Word: say("▲ hampir tercapai", "▲ nearly met")}, Target: document.Say("80%")}}},
			}},
			{ID: "plc", Title: document.Say(say("Penempatan dan peluang kerja", "Placement and jobs")), Level: 1, Blocks: []document.Block{
				monthly(say), byCountry(say),
				&document.Disclosure{Summary: say("Bagaimana dihitung", "How computed"), Blocks: []document.Block{
					&document.Code{Language: "sql", Text: "-- layanan yang selesai\nselect count(*) from fct_placements"}}},
			}},
			{ID: "def", Title: document.Say(say("Definisi", "Definitions")), Level: 1, Blocks: []document.Block{
				&document.Definitions{Items: []document.Definition{{ID: "placement", Term: document.Say(say("Penempatan", "Placement")),
					Text: []document.Phrase{document.Say(say("Layanan yang selesai dalam sistem.", "A service completed in the system.")), document.Say(say("Bukan keberangkatan.", "Not a departure."))}}}},
				&document.Paragraph{Text: document.Say(say("Batas wilayah pada peta bukan pernyataan resmi.", "Borders on maps are no official statement.")), Note: true}}},
		},
	}
}

// monthly is a line of two years: the last value is provisional, one month is missing.
func monthly(say func(id, en string) string) *document.Chart {
	months := []string{say("Jan", "Jan"), say("Feb", "Feb"), say("Mar", "Mar"), say("Apr", "Apr"), say("Mei", "May"), say("Jun", "Jun"),
		say("Jul", "Jul"), say("Agu", "Aug"), say("Sep", "Sep"), say("Okt", "Oct"), say("Nov", "Nov"), say("Des", "Dec")}
	t := &document.Table{ID: "G1", Title: say("Penempatan per bulan", "Placements by month"), Columns: []document.Column{
		{Name: "month", Title: say("Bulan", "Month")}, {Name: "last", Title: "2024", Unit: say("layanan", "services"), Numeric: true},
		{Name: "this", Title: "2025", Unit: say("layanan", "services"), Numeric: true}}}
	for i, month := range months {
		last := count(fmt.Sprint(21000+i*130), float64(21000+i*130), fmt.Sprintf("PLC-01/2024-%02d@r000007", i+1))
		this := count(fmt.Sprint(22198+i*165), float64(22198+i*165), fmt.Sprintf("PLC-01/2025-%02d@r000007", i+1))
		switch i {
		case 5:
			last = document.Number{Text: "[x]", Mark: "[x]", Ref: document.Reference{Op: document.OpValue, Figure: "PLC-01/2024-06@r000007"}}
		case 11:
			this.Mark = "[p]"
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{text(month), number(last), number(this)}})
	}
	return &document.Chart{ID: "g1", Title: document.Say(say("Penempatan Desember tertinggi tahun ini", "Placements in December were the year's highest")),
		Subtitle:    say("layanan selesai per bulan, Indonesia, 2024 dan 2025", "services completed by month, Indonesia, 2024 and 2025"),
		Description: say("Garis per bulan; tahun 2025 di atas 2024.", "A line by month; 2025 lies above 2024."), Table: t,
		Native: &document.Native{Kind: "line", Label: 0, Columns: []int{1, 2}}, Note: document.Say(say("Juni 2024 tidak tersedia.", "June 2024 is not available."))}
}

// byCountry is a ranked table with shares, money, a suppressed cell, a mark and a total, drawn as bars.
func byCountry(say func(id, en string) string) *document.Chart {
	t := &document.Table{ID: "P1", Title: say("Penempatan menurut negara tujuan", "Placements by destination"), Columns: []document.Column{
		{Name: "country", Title: say("Negara", "Destination")}, {Name: "placed", Title: say("Penempatan", "Placements"), Unit: say("layanan", "services"), Numeric: true},
		{Name: "share", Title: say("Bagian", "Share"), Unit: "%", Numeric: true}, {Name: "change", Title: say("Perubahan", "Change"), Unit: say("poin persen", "percentage points"), Numeric: true},
		{Name: "money", Title: say("Remitansi", "Remittances"), Unit: say("rupiah", "rupiah"), Numeric: true}},
		Notes: []document.Phrase{document.Say(say("Negara dengan kurang dari 10 layanan disamarkan.", "Destinations with fewer than 10 services are suppressed."))}}
	for i, c := range []struct {
		name             string
		placed, by, cash float64
	}{{"Hong Kong", 9000, 1.25, 4.5e9}, {"Taiwan", 8000, -0.5, 4e9}, {"Malaysia", 4000, 0, 2e9}, {"@Republik Korea", 3000, -0.75, 1.5e9}} {
		share := 100 * c.placed / december
		address := fmt.Sprintf("PLC-01/2025-12/country=%s@r000007", []string{"HKG", "TWN", "MYS", "KOR"}[i])
		placed := count(fmt.Sprint(c.placed), c.placed, address)
		if i == 1 {
			placed.Mark = "[r]"
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{text(c.name), number(placed),
			number(document.Number{Text: fmt.Sprintf("%.1f%%", share), Value: &share, Format: document.Format{Decimals: 1, Suffix: "%"},
				Ref: document.Reference{Op: document.OpShare, Figure: address, Bases: []string{"PLC-01/2025-12@r000007"}}}),
			number(document.Number{Text: fmt.Sprintf("%+.1f", c.by), Value: value(c.by), Format: document.Format{Decimals: 1, Suffix: " pp", Signed: true}, Ref: document.Reference{Op: document.OpChange, Figure: address, Bases: []string{"PLC-01/2024-12@r000007"}}}),
			number(document.Number{Text: "Rp" + fmt.Sprint(c.cash), Value: value(c.cash), Format: document.Format{Prefix: "Rp"}, Ref: document.Reference{Op: document.OpValue, Figure: address}})}})
	}
	hidden := document.Number{Text: "[c]", Mark: "[c]"}
	for _, name := range []string{"Brunei Darussalam", "Makau"} { // one alone could be computed
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{text(name), number(hidden), number(hidden), number(hidden), number(hidden)}})
	}
	t.Rows = append(t.Rows,
		document.Row{Total: true, Cells: []document.Cell{text(say("Semua negara", "All destinations")), number(count("24013", december, "PLC-01/2025-12@r000007")),
			number(document.Number{Text: "100%", Value: value(100), Format: document.Format{Decimals: 1, Suffix: "%"}}), text("[z]"),
			number(document.Number{Text: "Rp12.004.000.000", Value: value(12.004e9), Format: document.Format{Prefix: "Rp"}})}})
	return &document.Chart{ID: "p1", Title: document.Say(say("Hong Kong tetap tujuan terbesar", "Hong Kong remains the largest destination")),
		Subtitle: say("layanan selesai, Desember 2025", "services completed, December 2025"), Description: say("Batang menurut negara.", "Bars by destination."), Table: t,
		Native: &document.Native{Kind: "bars", Label: 0, Columns: []int{1}, Rows: 4}}
}
