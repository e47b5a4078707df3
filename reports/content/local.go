package content

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// caseDatasets are the datasets whose figures are shown for the whole country only: a case of one place or one destination
// points at a person.
var caseDatasets = []string{"cases", "case_events", "legal_aid", "mission_cases"}

// local says whether a measure may be told of a place, a destination or a partner.
func local(d figures.Definition) bool {
	return !slices.ContainsFunc(d.Sources, func(source string) bool { return slices.Contains(caseDatasets, source) })
}

// peopleUnits are the units whose small counts could point at somebody. Placements are not among them: by one geography they
// are published as they are.
var peopleUnits = []string{"orang", "persons", "kandidat", "cases", "returns", "claims", "keikutsertaan", "kedatangan"}

// institutional are the themes whose figures are of partners, companies and records, and of no person.
var institutional = []string{"cooperation", "governance", "data_quality"}

// peopleBehind are the counts of the people behind medians, rates and amounts of money that do not carry them.
var peopleBehind = map[string]struct{ kpi, measure string }{
	"SHL-02": {"SHL-01", "residents"}, "PLC-10": {"PLC-01", "services"}, "WEL-01": {"PLC-01", "services"}, "EMP-04": {"EMP-05", "debtors"}, "EMP-05": {"EMP-05", "debtors"},
	"SHL-01": {"SHL-01", "residents"},
}

// told is a figure of a subject as it may be told: a small count of people, and a share or mean of few, are withheld.
func told(d figures.Definition, f *figures.Figure) *figures.Figure {
	if !hasValue(f) || f.Address.Breakdown == "" {
		return f
	}
	people := slices.Contains(peopleUnits, f.Unit) || f.Unit == "departures" && !strings.HasPrefix(f.Address.KPI, "PLC")
	counted := people && *f.Value > 0 && *f.Value < smallCell
	of := f.Denominator != nil && *f.Denominator < smallCell && !slices.Contains(institutional, d.Theme)
	if !counted && !of {
		return f
	}
	return withheld(f)
}

func withheld(f *figures.Figure) *figures.Figure {
	hidden := *f
	hidden.Value, hidden.Numerator, hidden.Denominator, hidden.Status = nil, nil, nil, figures.Suppressed
	return &hidden
}

// lastYear is the newest whole year at the report month.
func (s desk) lastYear() figures.Period {
	year := s.month.Start.Year()
	if s.month.Start.Month() != time.December {
		year--
	}
	first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	return figures.Period{Type: "year", Start: first, End: first.AddDate(1, 0, 0)}
}

// monthOrQuarter is the report month, or the newest whole quarter of a measure that has no months.
func (s desk) monthOrQuarter(d figures.Definition) figures.Period {
	if s.Total(d.KPI, d.Measure, s.month) != nil || len(s.Members(d.KPI, d.Measure, s.month, s.subject.breakdown)) > 0 {
		return s.month
	}
	start := s.month.Start.AddDate(0, -(int(s.month.Start.Month())-1)%3, 0)
	quarter := figures.Period{Type: "quarter", Start: start, End: start.AddDate(0, 3, 0)}
	if quarter.End.After(s.month.End) {
		quarter = quarter.Shift(-3)
	}
	return quarter
}

// spread says whether a measure is told by the subject's breakdown in a period.
func (s desk) spread(d figures.Definition, p figures.Period) bool {
	return len(s.Members(d.KPI, d.Measure, p, s.subject.breakdown)) > 0
}

// indicators writes every measure that has the subject's breakdown: the subject with the nation beside it, in the report
// month and in the newest whole year.
func (s desk) indicators() *document.Table {
	t := s.indicatorTable("L1", s.say("Semua indikator dengan rincian ini", "Every indicator with this breakdown"))
	var skipped int
	for _, d := range s.Release.Definitions() {
		short, year := s.monthOrQuarter(d), s.lastYear()
		switch {
		case !s.spread(d, short) && !s.spread(d, year) && !s.spread(d, year.Shift(-12)):
			continue
		case !local(d):
			skipped++
			continue
		}
		t.Rows = append(t.Rows, s.indicatorRow(d, s.subject))
	}
	s.indicatorNotes(t)
	if skipped > 0 {
		t.Notes = append(t.Notes, document.Say(s.say("Pengaduan, kasus, dan bantuan hukum hanya ditampilkan untuk seluruh negara.", "Complaints, cases and legal aid are shown for the whole country only.")))
	}
	return t
}

func (s desk) indicatorTable(id, title string) *document.Table {
	year := fmt.Sprint(s.lastYear().Start.Year())
	about := s.memberName(s.subject.breakdown, s.subject.member)
	t := &document.Table{ID: id, Title: fmt.Sprintf("%s: %s", title, about), Columns: []document.Column{
		{Name: "kpi", Title: "KPI"}, {Name: "measure", Title: s.say("Indikator", "Indicator")}, {Name: "unit", Title: s.say("Satuan", "Unit")},
		{Name: "period", Title: s.say("Periode", "Period")}}}
	for _, column := range [][2]string{{"subject", about}, {"subject_yoy", "yoy"}, {"nation", "Indonesia"},
		{"subject_year", about + " " + year}, {"subject_year_yoy", "yoy"}, {"nation_year", "Indonesia " + year}, {"share", s.say("Bagian ", "Share of ") + year}} {
		t.Columns = append(t.Columns, document.Column{Name: column[0], Title: column[1], Numeric: true})
	}
	return t
}

// indicatorRow is a measure of a member beside the nation.
func (s desk) indicatorRow(d figures.Definition, of subject) document.Row {
	short, year := s.monthOrQuarter(d), s.lastYear()
	unit := s.Unit(d.Unit)
	if currency, _, money := figures.Amount(d.Unit, 0); money {
		unit = currency
	} else if percent(d.Unit) {
		unit = "%"
	}
	row := document.Row{Cells: []document.Cell{{Text: document.Say(d.KPI)}, {Text: document.Say(d.MeasureText.In(s.lang()))},
		{Text: document.Say(unit)}, {Text: document.Say(s.Period(short.String()))}}}
	number := func(n document.Number) { row.Cells = append(row.Cells, document.Cell{Number: &n}) }
	for _, p := range []figures.Period{short, year} {
		now, nation := s.tellable(d, of, p), s.Total(d.KPI, d.Measure, p)
		number(s.amount(now))
		number(s.moved(now, s.tellable(d, of, p.Shift(-12))))
		number(s.figure(nation))
		switch {
		case p.Type != "year":
		case !d.Additive || of.breakdown == "":
			number(marked(notApplicable))
		default:
			number(s.part(now, s.sum(d.KPI, d.Measure, []figures.Period{p}, "")))
		}
	}
	return row
}

// tellable is a member's amount as it may be told. Of a count that adds up, what has no row where the total and other members
// are told was not counted.
func (s desk) tellable(d figures.Definition, of subject, p figures.Period) amount {
	switch f := s.memberAt(d, of, p); {
	case f == nil && d.Additive && s.spread(d, p):
		return s.sum(d.KPI, d.Measure, []figures.Period{p}, of.breakdown, of.member)
	case !hasValue(f):
		return unknown(f)
	default:
		return amount{known: true, value: *f.Value, unit: f.Unit, parts: []*figures.Figure{f}, provisional: f.Status == figures.Provisional}
	}
}

// memberAt is a member's figure as it may be told.
func (s desk) memberAt(d figures.Definition, of subject, p figures.Period) *figures.Figure {
	f := s.Member(d.KPI, d.Measure, p, of.breakdown, of.member)
	if behind, has := peopleBehind[d.KPI]; has && hasValue(f) && *f.Value != 0 && of.breakdown != "" && !s.enough(behind.kpi, behind.measure, p, of) {
		return withheld(f)
	}
	return told(d, f)
}

// enough says that a count of a member is not of few.
func (s desk) enough(kpi, measure string, p figures.Period, of subject) bool {
	f := s.Member(kpi, measure, p, of.breakdown, of.member)
	return hasValue(f) && *f.Value >= smallCell
}

func (s desk) indicatorNotes(t *document.Table) {
	if len(t.Rows) == 0 {
		t.Notes = append(t.Notes, document.Say(s.say("[x] Rilis ini tidak memuat satu pun indikator dengan rincian ini.", "[x] This release has no indicator with this breakdown.")))
		return
	}
	t.Notes = append(t.Notes, document.Say(s.say(
		fmt.Sprintf("Jumlah orang di bawah %d, dan bagian atau rata-rata dari kurang dari %d, ditahan ([c]). Yang tidak mempunyai bulan ditampilkan menurut triwulan.", smallCell, smallCell),
		fmt.Sprintf("Counts of people below %d, and shares and means of fewer than %d, are withheld ([c]). What has no months is shown by quarter.", smallCell, smallCell))))
}

// placements are the subject's placement services by month, with their line.
func (s desk) placements() []document.Block {
	about := s.memberName(s.subject.breakdown, s.subject.member)
	return s.months(monthTable{code: "L0", kpi: "PLC-01", measure: "services", subject: s.subject,
		title: figures.Text{ID: "Layanan penempatan menurut bulan: " + about, EN: "Placement services by month: " + about}})
}

// regencies are the regencies of a province, the largest 25 by themselves.
func (s desk) regencies() []document.Block {
	about := s.memberName("province", s.subject.member)
	return s.ranked(countTable{code: "L2", member: figures.Text{ID: "Kabupaten/kota", EN: "Regency or city"},
		title: figures.Text{ID: "Layanan penempatan menurut kabupaten/kota asal: " + about, EN: "Placement services by regency or city of origin: " + about},
		kpi:   "PLC-01", measure: "services", breakdown: "regency", top: 25, wholeBreakdown: "province", wholeMember: s.subject.member,
		only: func(member string) bool { return strings.HasPrefix(member, s.subject.member) }})
}

// among is the subject's place among all: a province on the tiles, a destination among the others.
func (s desk) among() []document.Block {
	code := "P6"
	if s.subject.breakdown == "province" {
		code = "P8"
	}
	i := slices.IndexFunc(bulletin, func(t countTable) bool { return t.code == code })
	c := s.count(bulletin[i])
	table := s.set(c)
	if !c.drawable() {
		return []document.Block{table}
	}
	place := s.place(c)
	if s.subject.breakdown == "province" {
		return []document.Block{s.tiles(c, table, place)}
	}
	return []document.Block{s.bars(c, table, place)}
}

// place is the subject among the others: its services and their share.
func (s desk) place(c counted) document.Phrase {
	about := s.memberName(s.subject.breakdown, s.subject.member)
	for _, row := range c.rows {
		if row.code != s.subject.member {
			continue
		}
		last := len(row.years) - 1
		p := document.Say(about+": ", s.amount(row.newest()), s.say(" layanan (", " services (")+s.yearName(c.countTable, c.years[last]))
		if share := s.part(row.newest(), c.total.newest()); share.Value != nil {
			p = document.Say(p, "; ", share, s.say(" dari jumlah nasional", " of the national total"))
		}
		return document.Say(p, ")")
	}
	return document.Say(about + s.say(": tidak ada layanan yang tercatat", ": no services on record"))
}
