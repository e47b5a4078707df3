package content

import (
	"fmt"
	"slices"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// The headings of first columns.
var (
	ofCountry  = figures.Text{ID: "Negara", EN: "Country"}
	ofProvince = figures.Text{ID: "Provinsi", EN: "Province"}
	ofUnit     = figures.Text{ID: "Unit", EN: "Unit"}
)

// pdns is why arrivals are not there.
var pdns = figures.Text{
	ID: "Data lintas kedatangan imigrasi tidak tersedia sejak serangan terhadap PDNS 2 pada Juni 2024. Tidak tersedia bukan nol.",
	EN: "The immigration service's data on arrivals are not available since the attack on the national data centre PDNS 2 in June 2024. Not available is not zero.",
}

// named groups codes one by one, in the order of the table.
func named(codes ...string) (groups []group) {
	for _, code := range codes {
		groups = append(groups, group{code: code, members: []string{code}})
	}
	return groups
}

// bulletin are the tables of the ministry's monthly bulletin that are counts by a breakdown, in its order. Cases of missions
// (CMP-10) are the foreign ministry's and are in none of them.
var bulletin = []countTable{
	{code: "P2", title: figures.Text{ID: "Layanan penempatan menurut jenis kelamin", EN: "Placement services by sex"},
		member: figures.Text{ID: "Jenis kelamin", EN: "Sex"}, kpi: "PLC-01", measure: "services", breakdown: "sex", order: byCode},
	{code: "P3", title: figures.Text{ID: "Layanan penempatan menurut jenis pemberi kerja", EN: "Placement services by type of employer"},
		member: figures.Text{ID: "Pemberi kerja", EN: "Employer"}, kpi: "PLC-01", measure: "services", breakdown: "employer_type", order: byCode,
		notes: []figures.Text{{ID: "Sebutan sampai 2024: formal (berbadan hukum) dan informal (perseorangan).", EN: "Until 2024 called formal (legal entity) and informal (individual)."}}},
	{code: "P4", title: figures.Text{ID: "Layanan penempatan menurut skema", EN: "Placement services by scheme"},
		member: figures.Text{ID: "Skema", EN: "Scheme"}, kpi: "PLC-01", measure: "services", breakdown: "scheme"},
	{code: "P5", title: figures.Text{ID: "Layanan penempatan G to G menurut negara", EN: "G to G placement services by country"},
		member: ofCountry, kpi: "PLC-01", measure: "services_g2g", breakdown: "country"},
	{code: "P6", title: figures.Text{ID: "Layanan penempatan menurut negara tujuan", EN: "Placement services by destination country"},
		member: figures.Text{ID: "Negara tujuan", EN: "Destination"}, kpi: "PLC-01", measure: "services", breakdown: "country"},
	{code: "P7", title: figures.Text{ID: "Layanan penempatan menurut jabatan", EN: "Placement services by occupation"},
		member: figures.Text{ID: "Jabatan", EN: "Occupation"}, kpi: "PLC-01", measure: "services", breakdown: "occupation"},
	{code: "P8", title: figures.Text{ID: "Layanan penempatan menurut provinsi asal", EN: "Placement services by province of origin"},
		member: ofProvince, kpi: "PLC-01", measure: "services", breakdown: "province"},
	{code: "P8K", title: figures.Text{ID: "Layanan penempatan menurut kabupaten/kota asal, 25 terbesar", EN: "Placement services by regency or city of origin, the largest 25"},
		member: figures.Text{ID: "Kabupaten/kota", EN: "Regency or city"}, kpi: "PLC-01", measure: "services", breakdown: "regency", top: 25},
	{code: "P9", title: figures.Text{ID: "Layanan penempatan menurut pendidikan", EN: "Placement services by education"},
		member: figures.Text{ID: "Pendidikan", EN: "Education"}, kpi: "PLC-01", measure: "services", breakdown: "education", order: byCode,
		groups: named("SD", "SMP", "SMA", "DIPLOMA", "SARJANA", "PASCASARJANA")},
	{code: "P10", title: figures.Text{ID: "Layanan penempatan menurut status perkawinan", EN: "Placement services by marital status"},
		member: figures.Text{ID: "Status perkawinan", EN: "Marital status"}, kpi: "PLC-01", measure: "services", breakdown: "marital", order: byCode,
		groups: named("BELUM", "KAWIN", "CERAI")},
	{code: "P11", title: figures.Text{ID: "Layanan penempatan lewat P3MI menurut perusahaan, 25 terbesar", EN: "Placement services through P3MI by company, the largest 25"},
		member: figures.Text{ID: "P3MI", EN: "Company"}, kpi: "PLC-01", measure: "services_p3mi", breakdown: "p3mi", yearly: true, top: 25,
		notes: []figures.Text{{ID: "Menurut perusahaan hanya per tahun; jumlahnya sama dengan skema P to P pada tabel P4.", EN: "By company there are years only; the total is the scheme P to P of table P4."}}},
	{code: "P11U", title: figures.Text{ID: "Layanan penempatan menurut unit pelayanan", EN: "Placement services by service unit"},
		member: ofUnit, kpi: "PLC-01", measure: "services", breakdown: "unit"},
	{code: "C2", title: figures.Text{ID: "Pengaduan menurut kategori kasus", EN: "Complaints by category"},
		member: figures.Text{ID: "Kategori", EN: "Category"}, kpi: "CMP-01", measure: "received", breakdown: "category", guarded: true},
	{code: "C3", title: figures.Text{ID: "Pengaduan menurut negara", EN: "Complaints by country"},
		member: ofCountry, kpi: "CMP-01", measure: "received", breakdown: "country", guarded: true},
	{code: "C4", title: figures.Text{ID: "Pengaduan menurut provinsi asal", EN: "Complaints by province of origin"},
		member: ofProvince, kpi: "CMP-01", measure: "received", breakdown: "province", guarded: true},
	{code: "C5", title: figures.Text{ID: "Pengaduan menurut media", EN: "Complaints by channel"},
		member: figures.Text{ID: "Media", EN: "Channel"}, kpi: "CMP-01", measure: "received", breakdown: "channel", guarded: true},
	{code: "C6", title: figures.Text{ID: "Pengaduan menurut status prosedur", EN: "Complaints by procedure status"},
		member: figures.Text{ID: "Status prosedur", EN: "Procedure"}, kpi: "CMP-01", measure: "received", breakdown: "procedure", guarded: true},
	{code: "C7", title: figures.Text{ID: "Pengaduan menurut jenis kelamin", EN: "Complaints by sex"},
		member: figures.Text{ID: "Jenis kelamin", EN: "Sex"}, kpi: "CMP-01", measure: "received", breakdown: "sex", guarded: true, order: byCode},
	{code: "C8", title: figures.Text{ID: "Pengaduan menurut status penanganan", EN: "Complaints by handling status"},
		member: figures.Text{ID: "Status", EN: "Status"}, kpi: "CMP-01", measure: "received", breakdown: "status", guarded: true, order: byCode,
		groups: []group{
			{code: "SELESAI", members: []string{"SELESAI"}}, {code: "DITUTUP_ADM", members: []string{"DITUTUP_ADM"}}, {code: "DILIMPAHKAN", members: []string{"DILIMPAHKAN"}},
			{code: "PROSES", name: figures.Text{ID: "Dalam proses", EN: "In process"},
				members: []string{"DITERIMA", "VERIFIKASI", "KLARIFIKASI_1", "KLARIFIKASI_2", "MEDIASI", "LITIGASI"}}},
		notes: []figures.Text{{ID: "Status kasus yang diterima pada tahun itu, seperti tercatat pada tanggal data. Penutupan administratif dan pelimpahan bukan penyelesaian.",
			EN: "Where the cases received in the year stood on the as-of day. Closing by administration and handing over do not resolve a case."}}},
	{code: "A1N", title: figures.Text{ID: "Lintas kedatangan menurut negara", EN: "Arrivals by country"},
		member: ofCountry, kpi: "RET-05", measure: "arrivals", breakdown: "country", guarded: true, absent: pdns},
	{code: "A1P", title: figures.Text{ID: "Lintas kedatangan menurut provinsi asal", EN: "Arrivals by province of origin"},
		member: ofProvince, kpi: "RET-05", measure: "arrivals", breakdown: "province", guarded: true, absent: pdns},
	{code: "R1", title: figures.Text{ID: "Pemulangan yang difasilitasi menurut kelas", EN: "Facilitated returns by class"},
		member: figures.Text{ID: "Kelas", EN: "Class"}, kpi: "RET-01", measure: "returns", breakdown: "return_class", guarded: true,
		notes: []figures.Text{{ID: "Keberangkatan yang dicegah bukan pemulangan: tabel R1C.", EN: "Departures prevented are no returns: table R1C."}}},
}

// A monthTable is a table of a measure's months, three years side by side.
type monthTable struct {
	code         string
	title        figures.Text
	kpi, measure string
	subject      subject
	notes        []figures.Text
	absent       figures.Text
}

// bulletinMonths are the bulletin's tables by month.
var bulletinMonths = []monthTable{
	{code: "P1", title: figures.Text{ID: "Layanan penempatan menurut bulan", EN: "Placement services by month"}, kpi: "PLC-01", measure: "services",
		notes: []figures.Text{{ID: "Layanan yang selesai di SiskoP2MI, bukan keberangkatan; seorang dapat dilayani lebih dari sekali.",
			EN: "Services completed in SiskoP2MI, not departures; a person can be served more than once."}}},
	{code: "C1", title: figures.Text{ID: "Pengaduan menurut bulan", EN: "Complaints by month"}, kpi: "CMP-01", measure: "received"},
	{code: "A1", title: figures.Text{ID: "Lintas kedatangan menurut bulan", EN: "Arrivals by month"}, kpi: "RET-05", measure: "arrivals", absent: pdns, notes: []figures.Text{pdns}},
	{code: "R1C", title: figures.Text{ID: "Keberangkatan nonprosedural yang dicegah menurut bulan", EN: "Departures outside the procedure prevented, by month"}, kpi: "BFR-03", measure: "prevented"},
}

// bulletinOrder is the order of the bulletin's tables; C9 and P5C are what stands beside C8 and P5.
var bulletinOrder = []string{"P1", "P2", "P3", "P4", "P5", "P5C", "P6", "P7", "P8", "P8K", "P9", "P10", "P11", "P11U",
	"C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "A1", "A1N", "A1P", "R1", "R1C"}

// bulletinTables writes tables of the bulletin, each with its chart where it has one. Without codes it writes all.
func (s desk) bulletinTables(codes ...string) (blocks []document.Block) {
	if len(codes) == 0 {
		codes = bulletinOrder
	}
	for _, code := range codes {
		blocks = append(blocks, s.bulletinTable(code)...)
	}
	return blocks
}

func (s desk) bulletinTable(code string) []document.Block {
	switch code {
	case "P5C":
		return s.funnels(s.subject)
	case "C9":
		return s.cohort()
	}
	for _, t := range bulletinMonths {
		if t.code == code {
			return s.months(t)
		}
	}
	i := slices.IndexFunc(bulletin, func(t countTable) bool { return t.code == code })
	if i < 0 {
		panic(fmt.Sprintf("content: the bulletin has no table %s", code)) // its codes are checked where layouts are read
	}
	return s.ranked(bulletin[i])
}

// months writes a table by month with its line.
func (s desk) months(m monthTable) []document.Block {
	table := s.setMonths(m)
	if chart := s.monthsLine(m, table); chart != nil {
		return []document.Block{chart}
	}
	return []document.Block{table}
}

func (s desk) setMonths(m monthTable) *document.Table {
	year := s.month.Start.Year()
	unit := ""
	if d, err := s.Release.Define(m.kpi, m.measure); err == nil {
		unit = s.Unit(d.Unit)
	}
	t := &document.Table{ID: m.code, Title: fmt.Sprintf("%s, %d–%d", m.title.In(s.lang()), year-yearsBeside+1, year), Annex: true,
		Columns: []document.Column{{Name: "month", Title: s.say("Bulan", "Month")}}}
	for y := year - yearsBeside + 1; y <= year; y++ {
		t.Columns = append(t.Columns, document.Column{Name: fmt.Sprintf("year_%d", y), Title: fmt.Sprint(y), Unit: unit, Numeric: true})
	}
	t.Columns = append(t.Columns, document.Column{Name: "mtm", Title: fmt.Sprintf("mtm %d", year), Unit: "%", Numeric: true},
		document.Column{Name: "yoy", Title: fmt.Sprintf("yoy %d", year), Unit: "%", Numeric: true})
	any := false
	for month := 1; month <= 12; month++ {
		row, known := s.monthRow(m, month)
		any = any || known
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(t.Rows, s.monthTotal(m))
	for _, n := range m.notes {
		t.Notes = append(t.Notes, document.Say(n.In(s.lang())))
	}
	if !any && len(m.notes) == 0 {
		why := m.absent.In(s.lang())
		if why == "" {
			why = s.say("Rilis ini tidak memuat angka ini untuk periodenya.", "This release does not have these figures for the period.")
		}
		t.Notes = append(t.Notes, document.Say("[x] ", why))
	}
	return t
}

func (s desk) monthRow(m monthTable, month int) (row document.Row, known bool) {
	back := int(s.month.Start.Month()) - month // negative: still to come
	now := s.month.Shift(-back)
	row.Cells = []document.Cell{{Text: document.Say(s.monthName(month))}}
	number := func(n document.Number) { row.Cells = append(row.Cells, document.Cell{Number: &n}) }
	at := func(months int) amount {
		return s.sum(m.kpi, m.measure, []figures.Period{now.Shift(-months)}, m.subject.breakdown, m.subject.member)
	}
	for y := yearsBeside - 1; y >= 0; y-- {
		if y == 0 && back < 0 {
			number(marked(notApplicable))
			continue
		}
		a := at(12 * y)
		known = known || a.known
		number(s.amount(a))
	}
	if back < 0 {
		number(marked(notApplicable))
		number(marked(notApplicable))
		return row, known
	}
	number(s.moved(at(0), at(1)))
	number(s.moved(at(0), at(12)))
	return row, known
}

// monthTotal is the row of the months up to the report month.
func (s desk) monthTotal(m monthTable) document.Row {
	name := s.say("Jumlah", "Total")
	if s.month.Start.Month() != 12 {
		name = fmt.Sprintf("%s–%s", s.monthName(1), s.monthName(int(s.month.Start.Month())))
	}
	row := document.Row{Total: true, Cells: []document.Cell{{Text: document.Say(name)}}}
	number := func(n document.Number) { row.Cells = append(row.Cells, document.Cell{Number: &n}) }
	var years []amount
	for y := yearsBeside - 1; y >= 0; y-- {
		a := s.sum(m.kpi, m.measure, s.upTo(s.month.Start.Year()-y), m.subject.breakdown, m.subject.member)
		years = append(years, a)
		number(s.amount(a))
	}
	number(marked(notApplicable))
	number(s.moved(years[len(years)-1], years[len(years)-2]))
	return row
}

// monthName is a month without its year.
func (s desk) monthName(month int) string {
	at := s.month.Start.AddDate(0, month-int(s.month.Start.Month()), 0)
	name := s.Month(at)
	return name[:len(name)-len(" 2006")]
}
