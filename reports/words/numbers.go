package words

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// A Language is "id" or "en"; it knows how numbers, months and units are written.
type Language string

// The languages of reports.
const (
	Indonesian Language = "id"
	English    Language = "en"
)

var monthNames = [12]figures.Text{
	{ID: "Januari", EN: "January"}, {ID: "Februari", EN: "February"}, {ID: "Maret", EN: "March"}, {ID: "April", EN: "April"},
	{ID: "Mei", EN: "May"}, {ID: "Juni", EN: "June"}, {ID: "Juli", EN: "July"}, {ID: "Agustus", EN: "August"},
	{ID: "September", EN: "September"}, {ID: "Oktober", EN: "October"}, {ID: "November", EN: "November"}, {ID: "Desember", EN: "December"},
}

// unitNames are the units of KPI definitions in words.
var unitNames = map[string]figures.Text{
	"services":      {ID: "layanan", EN: "services"},
	"persons":       {ID: "orang", EN: "persons"},
	"departures":    {ID: "keberangkatan", EN: "departures"},
	"cases":         {ID: "kasus", EN: "cases"},
	"days":          {ID: "hari", EN: "days"},
	"index":         {ID: "indeks", EN: "index"},
	"orang":         {ID: "orang", EN: "persons"},
	"layanan":       {ID: "layanan", EN: "services"},
	"kandidat":      {ID: "kandidat", EN: "candidates"},
	"usaha":         {ID: "usaha", EN: "businesses"},
	"desa":          {ID: "desa", EN: "villages"},
	"perusahaan":    {ID: "perusahaan", EN: "companies"},
	"program":       {ID: "program", EN: "programmes"},
	"hari":          {ID: "hari", EN: "days"},
	"bulan":         {ID: "bulan", EN: "months"},
	"nights":        {ID: "malam", EN: "nights"},
	"kegiatan":      {ID: "kegiatan", EN: "activities"},
	"kedatangan":    {ID: "kedatangan", EN: "arrivals"},
	"nilai":         {ID: "nilai", EN: "points"},
	"per 10.000":    {ID: "per 10.000 penempatan", EN: "per 10,000 placements"},
	"per 100.000":   {ID: "per 100.000 pekerja", EN: "per 100,000 workers"},
	"returns":       {ID: "pemulangan", EN: "returns"},
	"claims":        {ID: "klaim", EN: "claims"},
	"poin":          {ID: "poin", EN: "points"},
	"kali":          {ID: "kali", EN: "times"},
	"tema":          {ID: "tema", EN: "themes"},
	"aliran":        {ID: "aliran", EN: "flows"},
	"keikutsertaan": {ID: "keikutsertaan", EN: "participations"},
}

// Unit is a unit in words; money and shares carry theirs in the number.
func (l Language) Unit(unit string) string {
	if _, _, money := figures.Amount(unit, 0); money || isPercent(unit) {
		return ""
	}
	if name, known := unitNames[unit]; known {
		return name.In(string(l))
	}
	return unit
}

func isPercent(unit string) bool { return unit == "%" || unit == "percent" }

// Value writes a figure in its unit: counts whole, shares with one decimal, money
// in millions, billions and trillions.
func (l Language) Value(unit string, value float64) string {
	currency, amount, money := figures.Amount(unit, value)
	switch {
	case isPercent(unit):
		return l.Number(value, 1) + "%"
	case money:
		return l.amount(currencySigns[currency], amount)
	case value == math.Trunc(value):
		return l.Number(value, 0)
	case math.Abs(value) < 1:
		return l.Number(value, 3)
	}
	return l.Number(value, 1)
}

var currencySigns = map[string]string{"USD": "US$", "IDR": "Rp"}

// Number writes a number with decimals.
func (l Language) Number(value float64, decimals int) string {
	return figures.Number(string(l), value, decimals)
}

func (l Language) amount(sign string, value float64) string {
	for _, step := range []struct {
		size float64
		name figures.Text
	}{{1e12, figures.Text{ID: "triliun", EN: "trillion"}}, {1e9, figures.Text{ID: "miliar", EN: "billion"}}, {1e6, figures.Text{ID: "juta", EN: "million"}}} {
		if math.Abs(value) >= step.size {
			return sign + l.Number(value/step.size, 2) + " " + step.name.In(string(l))
		}
	}
	return sign + l.Number(value, 0)
}

// PercentChange writes a relative change; Points an absolute one between shares,
// which are never called per cent.
func (l Language) PercentChange(value float64) string { return plus(l.Number(value, 1)) + "%" }

// Points writes a difference of two shares.
func (l Language) Points(value float64) string {
	return plus(l.Number(value, 1)) + " " + figures.Text{ID: "poin persen", EN: "percentage points"}.In(string(l))
}

// Change writes an absolute change in the unit of a figure.
func (l Language) Change(unit string, value float64) string {
	if isPercent(unit) {
		return l.Points(value)
	}
	return plus(l.Value(unit, value))
}

// plus puts a sign before a rise; nothing changed is no rise.
func plus(text string) string {
	if strings.Contains(text, "−") || strings.Trim(text, "0.,") == "" {
		return text
	}
	return "+" + text
}

// Month is a month and its year.
func (l Language) Month(t time.Time) string {
	return fmt.Sprintf("%s %d", monthNames[t.Month()-1].In(string(l)), t.Year())
}

// ShortMonth is a month and its year for a chart.
func (l Language) ShortMonth(t time.Time) string {
	return fmt.Sprintf("%.3s %02d", monthNames[t.Month()-1].In(string(l)), t.Year()%100)
}

// Date is a day.
func (l Language) Date(t time.Time) string {
	return fmt.Sprintf("%d %s", t.Day(), l.Month(t))
}

// Period writes 2025-12, 2025-Q4 and 2025 for people.
func (l Language) Period(text string) string {
	p, err := figures.ParsePeriod(text)
	switch {
	case err != nil:
		return text
	case p.Type == "month":
		return l.Month(p.Start)
	case p.Type == "quarter":
		return fmt.Sprintf("%s %d %d", figures.Text{ID: "triwulan", EN: "quarter"}.In(string(l)), (int(p.Start.Month())+2)/3, p.Start.Year())
	}
	return text
}
