package figures

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Text is a sentence in the two languages of every output.
type Text struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

// In is the text in the language "id" or "en".
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ID
}

// A Definition is one measure of one KPI, as its model declares it.
type Definition struct {
	KPI         string   `json:"kpi"`
	Model       string   `json:"model"`
	Theme       string   `json:"theme"`
	Title       Text     `json:"title"`
	Measure     string   `json:"measure"`
	Default     bool     `json:"default"`
	Unit        string   `json:"unit"`
	Direction   string   `json:"direction"` // up, down or context
	Additive    bool     `json:"additive"`  // the members of a breakdown add up to the total
	OverTime    bool     `json:"-"`         // months add up to quarters, and both to years
	MeasureText Text     `json:"measure_title"`
	Definition  Text     `json:"definition"`
	Numerator   Text     `json:"numerator,omitzero"`
	Denominator Text     `json:"denominator,omitzero"`
	Exclusions  Text     `json:"exclusions,omitzero"`
	Maturity    Text     `json:"maturity,omitzero"`
	Anchor      string   `json:"anchor,omitempty"`
	Basis       Text     `json:"-"` // the published definitions and rules that it follows
	Owner       string   `json:"owner,omitempty"`
	Sources     []string `json:"sources,omitempty"` // datasets
	Version     string   `json:"version,omitempty"`
}

// Percent says whether values are shares of a hundred, whose changes are
// percentage points and never per cent.
func (d Definition) Percent() bool { return d.Unit == "%" || d.Unit == "percent" }

func readDefinitions(ctx context.Context, db DB) ([]Definition, error) {
	rows, err := records(ctx, db, "the KPI definitions (meta.kpis)", "select * from meta.kpis order by kpi, not is_default, measure")
	if err != nil {
		return nil, err
	}
	all := make([]Definition, 0, len(rows))
	for _, row := range rows {
		all = append(all, Definition{
			KPI: row.text("kpi"), Model: row.text("model"), Theme: row.text("theme"), Title: row.both("kpi_title"),
			Measure: row.text("measure"), Default: row.bool("is_default"), Unit: row.text("unit"),
			Direction: row.text("direction"), Additive: row.bool("additive"), OverTime: row.bool("additive_over_time"), Basis: row.both("anchor"),
			MeasureText: row.both("title"), Definition: row.both("definition"),
			Numerator: row.both("numerator"), Denominator: row.both("denominator"),
			Exclusions: row.both("exclusions"), Maturity: row.both("maturity"),
			Anchor: row.text("anchor"), Owner: row.text("owner"), Sources: row.list("sources"), Version: row.text("version"),
		})
	}
	return all, nil
}

func defaultMeasures(definitions []Definition) map[string]string {
	defaults := map[string]string{}
	for _, d := range definitions {
		if _, known := defaults[d.KPI]; !known || d.Default {
			defaults[d.KPI] = d.Measure
		}
	}
	return defaults
}

// Definitions lists every measure of every KPI: by KPI, the default measure first.
func (r *Release) Definitions() []Definition { return slices.Clone(r.definitions) }

// Define finds a measure's definition; an empty measure is the default one.
func (r *Release) Define(kpi, measure string) (Definition, error) {
	var known, measures []string
	for _, d := range r.definitions {
		if d.KPI != kpi {
			if n := len(known); n == 0 || known[n-1] != d.KPI {
				known = append(known, d.KPI)
			}
			continue
		}
		if d.Measure == measure || measure == "" && d.Measure == r.defaults[kpi] {
			return d, nil
		}
		measures = append(measures, d.Measure)
	}
	if measures != nil {
		return Definition{}, fmt.Errorf("%s.%s: no such measure; %s has %s", kpi, measure, kpi, strings.Join(measures, ", "))
	}
	return Definition{}, fmt.Errorf("%s: no such KPI; there are %s", kpi, strings.Join(known, ", "))
}
