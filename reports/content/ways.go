package content

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/charts"
	"github.com/kp2mi/lindung/reports/document"
)

// stages are what candidates of the skilled programmes go through.
var stages = []struct {
	measure string
	name    figures.Text
}{
	{"applied", figures.Text{ID: "Mendaftar", EN: "Applied"}},
	{"interviewed", figures.Text{ID: "Lulus wawancara", EN: "Interview passed"}},
	{"language_passed", figures.Text{ID: "Lulus bahasa", EN: "Language passed"}},
	{"visa", figures.Text{ID: "Visa terbit", EN: "Visa given"}},
	{"departed", figures.Text{ID: "Berangkat", EN: "Departed"}},
	{"recognised", figures.Text{ID: "Kualifikasi diakui", EN: "Qualification recognised"}},
}

// ways are the destinations whose candidates are followed.
var ways = []string{"DEU", "JPN", "KOR"}

// funnels are the ways to Germany, Japan and Korea, stage by stage, of those who applied in the year up to the report month.
// Of a destination it is that one alone. A stage of few candidates is withheld.
func (s desk) funnels(of subject) []document.Block {
	countries := ways
	if of.breakdown == "country" {
		if !slices.Contains(ways, of.member) {
			return nil
		}
		countries = []string{of.member}
	}
	year := s.month.Start.Year()
	table := &document.Table{ID: "P5C", Annex: true, Title: fmt.Sprintf(s.say("Corong calon pekerja terampil yang mendaftar pada %s", "Funnel of the skilled candidates who applied in %s"), s.yearName(countTable{}, year)),
		Columns: []document.Column{{Name: "country", Title: ofCountry.In(s.lang())}, {Name: "stage", Title: s.say("Tahap", "Stage")},
			{Name: "candidates", Title: s.say("Calon", "Candidates"), Unit: s.Unit("kandidat"), Numeric: true},
			{Name: "of_stage_before", Title: s.say("Dari tahap sebelumnya", "Of the stage before"), Unit: "%", Numeric: true}}}
	funnel := charts.Funnel{ShareWords: s.say("dari tahap sebelumnya", "of the stage before")}
	var told []string
	known := false
	for _, country := range countries {
		way := charts.Way{Name: s.Name("country", country, s.lang())}
		var before amount
		for i, stage := range stages {
			a := s.few(s.sum("SKL-03", stage.measure, s.upTo(year), "country", country))
			known = known || a.known
			n, share := s.amount(a), marked(notApplicable)
			if i > 0 {
				share = s.part(a, before)
			}
			name := stage.name.In(s.lang())
			table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: document.Say(way.Name)}, {Text: document.Say(name)}, {Number: &n}, {Number: &share}}})
			drawn := charts.Stage{Name: name, Count: point(n)}
			if share.Value != nil {
				drawn.Share = point(share)
			}
			way.Stages = append(way.Stages, drawn)
			before = a
		}
		told = append(told, fmt.Sprintf("%s: %s – %s", way.Name, way.Stages[0].Count.Label.Text, way.Stages[len(stages)-1].Count.Label.Text))
		funnel.Ways = append(funnel.Ways, way)
	}
	if !known {
		table.Notes = append(table.Notes, document.Say(s.say("[x] Rilis ini tidak memuat calon menurut tahap, atau jumlahnya terlalu kecil untuk ditampilkan ([c]).", "[x] This release has no candidates by stage, or too few to be told ([c]).")))
		return []document.Block{table}
	}
	chart := &document.Chart{ID: "funnel-P5C", Title: document.Say(table.Title), Subtitle: s.say("Kandidat menurut tahap yang dicapai", "Candidates by the stage that they reached"), Description: strings.Join(told, "; "), Table: table}
	funnel.Frame = s.frame(chart)
	chart.Drawing = funnel
	return []document.Block{chart}
}

// few withholds a count of few people.
func (s desk) few(a amount) amount {
	if a.known && a.value > 0 && a.value < smallCell {
		return amount{status: figures.Suppressed, totals: a.totals[:1]}
	}
	return a
}

// resolutionAges are the ages at which the resolution of complaints is looked at.
var resolutionAges = []struct {
	measure string
	days    int
}{{"within_30", 30}, {"within_90", 90}, {"within_180", 180}}

// cohort is which share of the complaints received in a month was resolved at each age: a month too young has no cell.
func (s desk) cohort() []document.Block {
	table := &document.Table{ID: "C9", Annex: true, Title: s.say("Penyelesaian pengaduan menurut bulan penerimaan", "Resolution of complaints by month of receipt"),
		Columns: []document.Column{{Name: "month", Title: s.say("Bulan penerimaan", "Month of receipt")},
			{Name: "received", Title: s.say("Diterima", "Received"), Unit: s.Unit("cases"), Numeric: true}}}
	drawing := charts.Cohort{Whole: 100}
	for _, age := range resolutionAges {
		name := fmt.Sprintf(s.say("%d hari", "%d days"), age.days)
		drawing.Ages = append(drawing.Ages, name)
		table.Columns = append(table.Columns, document.Column{Name: age.measure, Title: s.say("Selesai dalam ", "Resolved within ") + name, Unit: "%", Numeric: true})
	}
	var latest document.Phrase
	for back := 17; back >= 0; back-- {
		month := s.month.Shift(-back)
		size := s.figure(s.Total("CMP-01", "received", month))
		row := charts.CohortRow{Name: s.ShortMonth(month.Start), Size: point(size)}
		cells := []document.Cell{{Text: document.Say(s.Month(month.Start))}, {Number: &size}}
		for i, age := range resolutionAges {
			f := s.Total("CMP-03", age.measure, month)
			n := s.figure(f)
			cells = append(cells, document.Cell{Number: &n})
			if hasValue(f) {
				row.Shares = append(row.Shares, point(n))
				if i == 1 {
					latest = document.Say(s.say("Dari pengaduan ", "Of the complaints of ")+s.Month(month.Start)+", ", n, s.say(" selesai dalam 90 hari", " were resolved within 90 days"))
				}
			}
		}
		table.Rows = append(table.Rows, document.Row{Cells: cells})
		drawing.Rows = append(drawing.Rows, row)
	}
	table.Notes = append(table.Notes, document.Say(s.say("Bulan yang belum mencapai umurnya tidak mempunyai angka ([x]). Penutupan administratif bukan penyelesaian.",
		"A month that has not reached an age has no figure ([x]). Closing by administration is no resolution.")))
	if latest == nil {
		return []document.Block{table}
	}
	chart := &document.Chart{ID: "cohort-C9", Title: latest, Table: table,
		Subtitle: s.say("Bagian yang selesai menurut umur, per bulan penerimaan, persen", "Share resolved by age, by month of receipt, per cent"), Description: latest.String()}
	drawing.Frame = s.frame(chart)
	chart.Drawing = drawing
	return []document.Block{chart}
}
