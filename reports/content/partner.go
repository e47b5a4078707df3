package content

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/charts"
	"github.com/kp2mi/lindung/reports/document"
)

// A touch is a figure of the nation, or of one member, that a partner's work is about.
type touch struct {
	kpi, measure string
	subject
}

func inCountry(kpi, measure, country string) touch {
	return touch{kpi, measure, subject{"country", country}}
}

// touches are the figures that the partners of the founding meeting work on: Germany's nurses and language courses; protection
// and legal aid; returns and trafficking; placement in Japan, Korea and Australia.
var touches = map[string][]touch{
	"GIZ": append(skilledWay("DEU"), touch{"SKL-01", "services", subject{}}, touch{"SKL-02", "share", subject{"language", "de"}},
		touch{"SKL-04", "share", subject{"skill_programme", "TRIPLE_WIN"}}, touch{"SKL-03", "applied", subject{"target_group", "LULUSAN_KESEHATAN"}},
		touch{"SKL-03", "departed", subject{"target_group", "LULUSAN_KESEHATAN"}}, touch{"EMP-01", "persons", subject{"empowerment_type", "PENDAMPINGAN"}},
		touch{"EMP-02", "share", subject{}}),
	"DFAT": {inCountry("PLC-01", "services", "AUS"), {"CMP-03", "within_90", subject{}}, {"LEG-02", "accompanied", subject{}}, {"LEG-03", "legal_aid_idr", subject{}},
		{"SHL-01", "residents", subject{}}, {"SHL-01", "occupancy", subject{}}, {"TPP-01", "repatriated", subject{}}, {"BFR-03", "prevented", subject{}}},
	"ILO": {{"CMP-01", "received", subject{}}, {"CMP-03", "within_90", subject{}}, {"CMP-06", "share", subject{}}, {"CMP-08", "within_7", subject{}}, {"LEG-01", "share_settled", subject{}},
		{"BFR-01", "coverage", subject{}}, {"BFR-04", "months", subject{}}, {"BFR-05", "per_10000_services", subject{}}, {"BFR-06", "licensed", subject{}}, {"BFR-06", "sanctioned", subject{}}},
	"IOM": {{"RET-01", "returns", subject{}}, {"RET-01", "persons", subject{}}, {"RET-05", "arrivals", subject{}}, {"BFR-03", "prevented", subject{}}, {"TPP-01", "identified", subject{}},
		{"TPP-01", "repatriated", subject{}}, {"TPP-02", "dead_and_missing", subject{}}, {"SHL-01", "residents", subject{}}, {"EMP-09", "share", subject{}}, {"GOV-06", "domains_share", subject{}}},
	"JICA":  append(skilledWay("JPN"), touch{"SKL-02", "share", subject{"language", "ja"}}),
	"KOICA": append(skilledWay("KOR"), touch{"SKL-02", "share", subject{"language", "ko"}}, touch{"EMP-01", "persons", subject{}}),
}

// skilledWay are the placements to a country and the stages of its candidates.
func skilledWay(country string) []touch {
	all := []touch{inCountry("PLC-01", "services", country), inCountry("PLC-05", "share", country)}
	for _, stage := range stages {
		all = append(all, inCountry("SKL-03", stage.measure, country))
	}
	return all
}

// money is what a partner committed and disbursed by year, and both beside each other.
func (s desk) money() []document.Block {
	about := s.memberName("partner", s.subject.member)
	t := &document.Table{ID: "M1", Title: s.say("Komitmen dan pencairan: ", "Committed and disbursed: ") + about,
		Columns: []document.Column{{Name: "year", Title: s.say("Tahun", "Year")}}}
	var columns []figures.Definition
	for _, measure := range []string{"committed_usd_million", "disbursed_usd_million", "disbursed_share", "flows_without_price"} {
		d, err := s.Release.Define("COP-01", measure)
		if err != nil {
			t.Notes = append(t.Notes, document.Say(s.say("[x] Rilis ini tidak memuat komitmen dan pencairan mitra (COP-01).", "[x] This release has no commitments and disbursements of partners (COP-01).")))
			return []document.Block{t}
		}
		columns = append(columns, d)
		t.Columns = append(t.Columns, document.Column{Name: measure, Title: d.MeasureText.In(s.lang()), Unit: s.Unit(d.Unit), Numeric: true})
	}
	pairs := charts.Pairs{FirstName: columns[0].MeasureText.In(s.lang()), SecondName: columns[1].MeasureText.In(s.lang())}
	known := false
	var newest []document.Number
	for back := yearsBeside - 1; back >= 0; back-- {
		year := s.lastYear().Shift(-12 * back)
		row := document.Row{Cells: []document.Cell{{Text: document.Say(year.String())}}}
		var numbers []document.Number
		for _, d := range columns {
			n := s.figure(s.Member(d.KPI, d.Measure, year, "partner", s.subject.member))
			known = known || n.Value != nil
			numbers = append(numbers, n)
			row.Cells = append(row.Cells, document.Cell{Number: &n})
		}
		t.Rows = append(t.Rows, row)
		pairs.Pairs = append(pairs.Pairs, charts.Pair{Name: year.String(), First: point(numbers[0]), Second: point(numbers[1])})
		newest = numbers
	}
	if !known {
		t.Notes = append(t.Notes, document.Say(s.say("[x] Tidak ada komitmen atau pencairan mitra ini yang tercatat.", "[x] No commitment or disbursement of this partner is on record.")))
		return []document.Block{t}
	}
	chart := &document.Chart{ID: "pairs-M1", Table: t, Subtitle: t.Title,
		Title:  document.Say(s.lastYear().String()+": ", newest[0], s.say(" komitmen, ", " committed, "), newest[1], s.say(" dicairkan", " disbursed")),
		Native: &document.Native{Kind: "bars", Label: 0, Columns: []int{1, 2}}}
	chart.Description = chart.Title.String()
	pairs.Frame = s.frame(chart)
	chart.Drawing = pairs
	return []document.Block{chart}
}

// programmes are the partner's programmes as they were agreed, a programme of several themes once.
func (s desk) programmes() *document.Table {
	t := &document.Table{ID: "M2", Title: s.say("Program: ", "Programmes: ") + s.memberName("partner", s.subject.member)}
	for _, c := range [][2]string{{"programme", s.say("Kode", "Code")}, {"title", s.say("Program", "Programme")}, {"themes", s.say("Tema", "Themes")}, {"unit", "Unit"},
		{"started", s.say("Mulai", "Start")}, {"ended", s.say("Selesai", "End")}, {"activities", s.say("Aktivitas IATI", "IATI activities")}, {"evidence", s.say("Dasar", "Evidence")}} {
		t.Columns = append(t.Columns, document.Column{Name: c[0], Title: c[1]})
	}
	rows := map[string]int{}
	for _, p := range s.Book.programmes {
		if p.Partner != s.subject.member {
			continue
		}
		theme := s.memberName("theme", p.Theme)
		if at, seen := rows[p.ID]; seen {
			t.Rows[at].Cells[2].Text = document.Say(t.Rows[at].Cells[2].Text, "; "+theme)
			continue
		}
		rows[p.ID] = len(t.Rows)
		t.Rows = append(t.Rows, s.words(p.ID, p.Title, theme, s.unitName(p.Unit), s.dayOr(p.Started), s.dayOr(p.Ended), strings.Join(p.Activities, " "), p.Evidence))
	}
	if len(t.Rows) == 0 {
		t.Notes = append(t.Notes, document.Say(s.say("[x] Tidak ada program mitra ini yang tercatat.", "[x] No programme of this partner is on record.")))
	}
	return t
}

// promises are what the partner undertook at meetings.
func (s desk) promises() *document.Table {
	t := &document.Table{ID: "M3", Title: s.say("Komitmen pada pertemuan: ", "Commitments made at meetings: ") + s.memberName("partner", s.subject.member)}
	for _, c := range [][2]string{{"meeting", s.say("Pertemuan", "Meeting")}, {"met", s.say("Tanggal", "Date")}, {"theme", s.say("Tema", "Theme")}, {"promise", s.say("Komitmen", "Commitment")},
		{"due", s.say("Jatuh tempo", "Due")}, {"state", "Status"}, {"kept", s.say("Ditepati", "Kept on")}} {
		t.Columns = append(t.Columns, document.Column{Name: c[0], Title: c[1]})
	}
	for _, p := range s.Book.promises {
		if p.Partner == s.subject.member {
			t.Rows = append(t.Rows, s.words(p.Meeting, s.dayOr(p.Met), s.memberName("theme", p.Theme), p.Text, s.dayOr(p.Due), s.memberName("commitment_state", p.State), s.dayOr(p.Kept)))
		}
	}
	if len(t.Rows) == 0 {
		t.Notes = append(t.Notes, document.Say(s.say("[x] Tidak ada komitmen mitra ini yang tercatat.", "[x] No commitment of this partner is on record.")))
	}
	return t
}

// words is a row of texts; what is empty does not apply.
func (s desk) words(texts ...string) (row document.Row) {
	for _, text := range texts {
		if text == "" {
			text = notApplicable
		}
		row.Cells = append(row.Cells, document.Cell{Text: document.Say(text)})
	}
	return row
}

func (s desk) unitName(code string) string {
	if code == "" {
		return ""
	}
	return s.memberName("unit", code)
}

func (s desk) dayOr(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return s.Date(at)
}

// touched are the figures that the partner's work is about: of the member that it concerns, beside the nation.
func (s desk) touched() *document.Table {
	t := s.indicatorTable("M4", s.say("Indikator yang disentuh", "Indicators that the work is about"))
	of := document.Column{Name: "of", Title: s.say("Dari", "Of")}
	t.Columns = slices.Insert(t.Columns, 2, of)
	for i := range t.Columns {
		switch t.Columns[i].Name {
		case "subject":
			t.Columns[i].Title = s.say("Nilai", "Value")
		case "subject_year":
			t.Columns[i].Title = fmt.Sprint(s.say("Nilai ", "Value "), s.lastYear().Start.Year())
		}
	}
	for _, touch := range touches[s.subject.member] {
		d, err := s.Release.Define(touch.kpi, touch.measure)
		if err != nil {
			continue // a release from before there was such a figure
		}
		name := "Indonesia"
		if touch.member != "" {
			name = s.memberName(touch.breakdown, touch.member)
		}
		about := s
		about.subject = touch.subject
		row := about.indicatorRow(d, touch.subject)
		row.Cells = slices.Insert(row.Cells, 2, document.Cell{Text: document.Say(name)})
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		t.Notes = append(t.Notes, document.Say(s.say("[x] Rilis ini tidak memuat indikator yang disentuh mitra ini.", "[x] This release has none of the indicators that this partner's work is about.")))
		return t
	}
	s.indicatorNotes(t)
	return t
}
