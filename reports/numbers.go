package reports

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// language is "id" or "en"; it knows how numbers, months and units are written.
type language string

const (
	indonesian language = "id"
	english    language = "en"
)

var monthNames = [12]figures.Text{
	{ID: "Januari", EN: "January"}, {ID: "Februari", EN: "February"}, {ID: "Maret", EN: "March"}, {ID: "April", EN: "April"},
	{ID: "Mei", EN: "May"}, {ID: "Juni", EN: "June"}, {ID: "Juli", EN: "July"}, {ID: "Agustus", EN: "August"},
	{ID: "September", EN: "September"}, {ID: "Oktober", EN: "October"}, {ID: "November", EN: "November"}, {ID: "Desember", EN: "December"},
}

// unitNames are the units of KPI definitions in words.
var unitNames = map[string]figures.Text{
	"services":   {ID: "layanan", EN: "services"},
	"persons":    {ID: "orang", EN: "persons"},
	"departures": {ID: "keberangkatan", EN: "departures"},
	"cases":      {ID: "kasus", EN: "cases"},
	"days":       {ID: "hari", EN: "days"},
	"index":      {ID: "indeks", EN: "index"},
	"orang":      {ID: "orang", EN: "persons"},
	"layanan":    {ID: "layanan", EN: "services"},
	"kandidat":   {ID: "kandidat", EN: "candidates"},
	"usaha":      {ID: "usaha", EN: "businesses"},
	"desa":       {ID: "desa", EN: "villages"},
	"perusahaan": {ID: "perusahaan", EN: "companies"},
	"program":    {ID: "program", EN: "programmes"},
	"hari":       {ID: "hari", EN: "days"},
	"bulan":      {ID: "bulan", EN: "months"},
	"nights":     {ID: "malam", EN: "nights"},
	"kegiatan":   {ID: "kegiatan", EN: "activities"},
	"nilai":      {ID: "nilai", EN: "points"},
	"per 10.000": {ID: "per 10.000 penempatan", EN: "per 10,000 placements"},
}

func (l language) unit(unit string) string {
	if _, _, money := figures.Amount(unit, 0); money || isPercent(unit) {
		return ""
	}
	if name, known := unitNames[unit]; known {
		return name.In(string(l))
	}
	return unit
}

func isPercent(unit string) bool { return unit == "%" || unit == "percent" }

// value writes a figure in its unit: counts whole, shares with one decimal, money
// in millions, billions and trillions.
func (l language) value(unit string, value float64) string {
	currency, amount, money := figures.Amount(unit, value)
	switch {
	case isPercent(unit):
		return l.number(value, 1) + "%"
	case money:
		return l.amount(currencySigns[currency], amount)
	case value == math.Trunc(value):
		return l.number(value, 0)
	case math.Abs(value) < 1:
		return l.number(value, 3)
	}
	return l.number(value, 1)
}

var currencySigns = map[string]string{"USD": "US$", "IDR": "Rp"}

func (l language) number(value float64, decimals int) string {
	return figures.Number(string(l), value, decimals)
}

func (l language) amount(sign string, value float64) string {
	for _, step := range []struct {
		size float64
		name figures.Text
	}{{1e12, figures.Text{ID: "triliun", EN: "trillion"}}, {1e9, figures.Text{ID: "miliar", EN: "billion"}}, {1e6, figures.Text{ID: "juta", EN: "million"}}} {
		if math.Abs(value) >= step.size {
			return sign + l.number(value/step.size, 2) + " " + step.name.In(string(l))
		}
	}
	return sign + l.number(value, 0)
}

// percentChange writes a relative change; points an absolute one between shares,
// which are never called per cent.
func (l language) percentChange(value float64) string { return plus(l.number(value, 1)) + "%" }

func (l language) points(value float64) string {
	return plus(l.number(value, 1)) + " " + figures.Text{ID: "poin persen", EN: "percentage points"}.In(string(l))
}

// change writes an absolute change in the unit of a figure.
func (l language) change(unit string, value float64) string {
	if isPercent(unit) {
		return l.points(value)
	}
	return plus(l.value(unit, value))
}

// plus puts a sign before a rise; nothing changed is no rise.
func plus(text string) string {
	if strings.Contains(text, "−") || strings.Trim(text, "0.,") == "" {
		return text
	}
	return "+" + text
}

func (l language) month(t time.Time) string {
	return fmt.Sprintf("%s %d", monthNames[t.Month()-1].In(string(l)), t.Year())
}

func (l language) shortMonth(t time.Time) string {
	return fmt.Sprintf("%.3s %02d", monthNames[t.Month()-1].In(string(l)), t.Year()%100)
}

func (l language) date(t time.Time) string {
	return fmt.Sprintf("%d %s", t.Day(), l.month(t))
}

// period writes 2025-12, 2025-Q4 and 2025 for people.
func (l language) period(text string) string {
	p, err := figures.ParsePeriod(text)
	switch {
	case err != nil:
		return text
	case p.Type == "month":
		return l.month(p.Start)
	case p.Type == "quarter":
		return fmt.Sprintf("%s %d %d", figures.Text{ID: "triwulan", EN: "quarter"}.In(string(l)), (int(p.Start.Month())+2)/3, p.Start.Year())
	}
	return text
}
