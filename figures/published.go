package figures

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// A Published figure is one number that the ministry, or someone who quotes it,
// has printed, as the dataset published_figures holds it.
type Published struct {
	No          int64     `json:"no"`
	PeriodText  string    `json:"period"`
	Start       time.Time `json:"-"` // zero when the text names no period
	End         time.Time `json:"-"` // last day, inclusive
	Kind        string    `json:"-"` // month, quarter, half, year, span, cumulative, instant, target, unknown
	Measure     string    `json:"measure"`
	Breakdown   string    `json:"breakdown"`
	Dimension   string    `json:"-"`
	Label       string    `json:"-"`
	Code        string    `json:"-"` // the member's code, empty when it could not be resolved
	Value       float64   `json:"published"`
	Unit        string    `json:"unit"`
	Vintage     string    `json:"vintage,omitempty"`
	VintageOn   time.Time `json:"-"`
	Publication string    `json:"source"`
	Flag        string    `json:"flag,omitempty"`
}

// PublishedFigures reads the published figures that a release carries, by number.
func (r *Release) PublishedFigures(ctx context.Context) ([]Published, error) {
	const query = `select * replace (figure_value::double as figure_value, period_start::date as period_start,
period_end::date as period_end, vintage_on::date as vintage_on) from fct_published_figures order by figure_no`
	rows, err := records(ctx, r.db, "the published figures (fct_published_figures)", query)
	if err != nil {
		return nil, err
	}
	all := make([]Published, 0, len(rows))
	for _, row := range rows {
		p := Published{
			No: row.number("figure_no"), PeriodText: row.text("period_text"), Kind: row.text("period_kind"),
			Measure: row.text("measure"), Breakdown: row.text("breakdown"), Dimension: row.text("dimension"),
			Label: row.text("member_label"), Code: row.text("member_code"), Unit: row.text("unit"),
			Vintage: row.text("vintage_text"), Publication: row.text("publication"), Flag: row.text("flag"),
		}
		p.Unit = unitWithin(p.Unit, p.Breakdown)
		p.Value, _ = row["figure_value"].(float64)
		p.Start, _ = row["period_start"].(time.Time)
		p.End, _ = row["period_end"].(time.Time)
		p.VintageOn, _ = row["vintage_on"].(time.Time)
		all = append(all, p)
	}
	return all, nil
}

// unitWithin takes a unit out of the breakdown where the figure's own only points
// there: "ukuran=nilai (miliar IDR)", "ukuran=realisasi %".
func unitWithin(unit, breakdown string) string {
	if unit != "lihat breakdown" {
		return unit
	}
	if strings.HasSuffix(breakdown, " %") {
		return "%"
	}
	_, rest, found := strings.Cut(breakdown, "(")
	if within, _, closed := strings.Cut(rest, ")"); found && closed {
		return within
	}
	return unit
}

// Tolerance is how far a computed value may lie from the printed one and still be
// the same number: half a unit of the last printed digit. Counts are printed in
// full, so theirs is zero unless the publication says that it rounds.
func (p Published) Tolerance() float64 {
	money := moneyScale(p.Unit) != 0
	if p.Unit != "%" && !money && !strings.Contains(p.Breakdown, "(rounded)") {
		return 0
	}
	return lastPrintedDigit(p.Value, p.Unit != "%") / 2
}

// lastPrintedDigit is the place value of the last digit that was printed. Amounts
// come as "14.22 billion" and are kept in millions, so their zeros at the end were
// never printed; those of a percentage were.
func lastPrintedDigit(value float64, zerosAreFill bool) float64 {
	text := strconv.FormatFloat(value, 'f', -1, 64)
	place := 1.0
	if _, decimals, found := strings.Cut(text, "."); found {
		for range decimals {
			place /= 10
		}
		return place
	}
	for zerosAreFill && len(text) > 1 && strings.HasSuffix(text, "0") {
		text, place = text[:len(text)-1], place*10
	}
	return place
}

// moneyScale is what a unit of money is worth in single dollars or rupiah, zero
// for a unit that is no money.
func moneyScale(unit string) float64 {
	if currency(unit) == "" {
		return 0
	}
	for _, scale := range []struct {
		words string
		value float64
	}{{"juta million", 1e6}, {"miliar billion", 1e9}, {"triliun trillion", 1e12}} {
		for word := range strings.FieldsSeq(scale.words) {
			if strings.Contains(strings.ToLower(unit), word) {
				return scale.value
			}
		}
	}
	return 1
}

// Amount reads a value in a unit of money as single dollars or rupiah; it reports
// false for a unit that is no money.
func Amount(unit string, value float64) (currencyCode string, amount float64, isMoney bool) {
	return currency(unit), value * moneyScale(unit), moneyScale(unit) != 0
}

func currency(unit string) string {
	for _, code := range []string{"USD", "IDR"} {
		if strings.Contains(strings.ToUpper(unit), code) {
			return code
		}
	}
	return ""
}
