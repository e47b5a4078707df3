package content

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// A ranking is the members of a breakdown by size. What it does not name is the rest.
type ranking struct {
	total  *figures.Figure
	named  []*figures.Figure
	others int  // members that are not named
	adds   bool // the members add up to the total, so that the rest is known
}

// rank orders the members of a breakdown: counts by their size, shares by how many they are
// shares of. Small counts of people are never named: they stay in the rest, and where the rest
// itself would give one away, the smallest that would be named goes with it.
func (b *Book) rank(d figures.Definition, period figures.Period, breakdown string, top int) ranking {
	r := ranking{total: b.Total(d.KPI, d.Measure, period), adds: d.Additive}
	var withheld float64
	for _, f := range b.Members(d.KPI, d.Measure, period, breakdown) {
		if f.Value == nil || small(f) || f.Address.Member == "UNKNOWN" && d.Additive {
			r.others++
			if hasValue(f) {
				withheld += *f.Value
			}
			continue
		}
		r.named = append(r.named, f)
	}
	slices.SortStableFunc(r.named, func(x, y *figures.Figure) int {
		return cmp.Or(cmp.Compare(weightOf(y), weightOf(x)), cmp.Compare(x.Address.Member, y.Address.Member))
	})
	if top > 0 && len(r.named) > top {
		for _, f := range r.named[top:] {
			withheld += *f.Value
		}
		r.others += len(r.named) - top
		r.named = r.named[:top]
	}
	if r.adds && slices.Contains(unitsOfPeople, d.Unit) && r.others > 0 && withheld < smallCell && len(r.named) > 1 {
		r.others++
		r.named = r.named[:len(r.named)-1]
	}
	return r
}

func weightOf(f *figures.Figure) float64 {
	if f.Denominator != nil {
		return *f.Denominator
	}
	return *f.Value
}

// breakdown is a table of the members of a breakdown, the largest first; nil where there are none.
func (w *writer) breakdown(d figures.Definition, period figures.Period, breakdown string, top int) *document.Table {
	r := w.book.rank(d, period, breakdown, top)
	if len(r.named) == 0 {
		return nil
	}
	table := &document.Table{ID: d.KPI + "-" + breakdown, Title: w.in(d.MeasureText) + ", " + w.byWhat(breakdown) + ", " + w.Period(period.String())}
	table.Columns = []document.Column{{Name: breakdown, Title: w.what(breakdown)},
		{Name: "value", Title: w.say("value"), Unit: w.Unit(d.Unit), Numeric: true},
		{Name: "year_ago", Title: w.Period(period.Shift(-12).String()), Unit: w.Unit(d.Unit), Numeric: true},
		{Name: "change_year", Title: w.say("on_year"), Numeric: true}}
	if r.adds {
		table.Columns = append(table.Columns, document.Column{Name: "share", Title: w.say("share"), Unit: "%", Numeric: true})
	}
	row := func(name string, now, then *figures.Figure) document.Row {
		cells := []document.Cell{{Text: document.Say(name)}, w.cell(w.figure(now)), w.cell(w.figure(then)), w.cell(w.difference(now, then))}
		if r.adds {
			cells = append(cells, w.cell(w.share(now, r.total)))
		}
		return document.Row{Cells: cells}
	}
	for _, f := range r.named {
		then := guard(w.book.Member(d.KPI, d.Measure, period.Shift(-12), breakdown, f.Address.Member))
		table.Rows = append(table.Rows, row(w.name(breakdown, f.Address.Member), f, then))
	}
	if rest := w.rest(r); rest.Text != "" {
		cells := []document.Cell{{Text: document.Say(w.say("rest"))}, w.cell(rest), w.notApplicable(true), w.notApplicable(true), w.notApplicable(true)}
		table.Rows = append(table.Rows, document.Row{Cells: cells})
		if slices.Contains(unitsOfPeople, d.Unit) {
			table.Notes = append(table.Notes, document.Say(w.say("rest_note")))
		}
	}
	if hasValue(r.total) {
		total := row(w.say("all"), r.total, w.book.Total(d.KPI, d.Measure, period.Shift(-12)))
		total.Total = true
		table.Rows = append(table.Rows, total)
	}
	return table
}

// rest is what a ranking leaves out; it has no text where that is nothing, or not known.
func (p pen) rest(r ranking) document.Number {
	if !r.adds || !hasValue(r.total) || r.others == 0 {
		return document.Number{}
	}
	rest := *r.total.Value
	for _, f := range r.named {
		rest -= *f.Value
	}
	return document.Number{Text: p.Value(r.total.Unit, rest), Value: &rest, Format: format(r.total.Unit), Mark: mark(r.total.Status), Ref: refer(document.OpRest, r.total, r.named...)}
}

// breakdowns are what members of each breakdown are called.
var breakdowns = map[string]figures.Text{
	"country": {ID: "Negara/wilayah tujuan", EN: "Destination"}, "province": {ID: "Provinsi", EN: "Province"}, "regency": {ID: "Kabupaten/kota", EN: "Regency or city"},
	"unit": {ID: "Unit layanan", EN: "Service unit"}, "occupation": {ID: "Jabatan", EN: "Occupation"}, "category": {ID: "Kategori kasus", EN: "Case category"},
	"sex": {ID: "Jenis kelamin", EN: "Sex"}, "channel": {ID: "Media pengaduan", EN: "Channel"}, "scheme": {ID: "Skema", EN: "Scheme"},
	"education": {ID: "Pendidikan", EN: "Education"}, "procedure": {ID: "Status prosedur", EN: "Procedure"}, "skill_programme": {ID: "Program", EN: "Programme"},
	"partner": {ID: "Mitra", EN: "Partner"}, "claim_kind": {ID: "Jenis klaim", EN: "Kind of claim"}, "beneficiary": {ID: "Penerima manfaat", EN: "Beneficiary"},
	"target_group": {ID: "Kelompok sasaran", EN: "Target group"}, "point": {ID: "Tempat", EN: "Point"}, "employer_type": {ID: "Pemberi kerja", EN: "Employer"},
	"empowerment_type": {ID: "Jenis pemberdayaan", EN: "Kind of empowerment"}, "shelter_location": {ID: "Lokasi penampungan", EN: "Location of shelter"},
	"return_class": {ID: "Jenis pemulangan", EN: "Kind of return"}, "language": {ID: "Bahasa", EN: "Language"}, "theme": {ID: "Tema", EN: "Theme"},
	"language_level": {ID: "Tingkat bahasa", EN: "Level of language"}, "source_system": {ID: "Sistem sumber", EN: "Source system"},
	"path": {ID: "Jalur", EN: "Path"}, "quality_dimension": {ID: "Dimensi mutu", EN: "Dimension of quality"}, "marital": {ID: "Status perkawinan", EN: "Marital status"},
}

// what is what the members of a breakdown are called; one without a name has its own.
func (p pen) what(breakdown string) string {
	if name := breakdowns[breakdown].In(string(p.Language)); name != "" {
		return name
	}
	return breakdown
}

// byWhat is "by destination".
func (p pen) byWhat(breakdown string) string {
	return p.say("by") + " " + strings.ToLower(p.what(breakdown))
}
