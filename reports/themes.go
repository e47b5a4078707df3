package reports

import (
	"cmp"
	"context"
	_ "embed"
	"html/template"
	"slices"

	"github.com/kp2mi/lindung/figures"
)

//go:embed themes.gohtml
var themesText string

// qualityCard is the card that also tells of the reconciliation with published figures.
const qualityCard = "MUTU"

// A themeCard is the figures of one theme, in parts.
type themeCard struct {
	code  string
	name  figures.Text
	lines []themeLine
}

// A themeLine is a card's line: what a headline card has, for one member perhaps.
type themeLine struct {
	card
	part       figures.Text
	member     figures.Text
	unrecorded bool // the period is told, and nothing in it of this member
}

// readThemes reads the cards that the release says to show. A line whose KPI the release does not define stays, and
// says so.
func (m *month) readThemes(ctx context.Context) error {
	lines, err := m.release.ThemeLines(ctx)
	if err != nil || len(lines) == 0 {
		return err
	}
	targets, err := m.release.Targets(ctx)
	if err != nil {
		return err
	}
	names := map[string]map[string]figures.Text{}
	for _, line := range lines {
		if n := len(m.themes); n == 0 || m.themes[n-1].code != line.Card {
			m.themes = append(m.themes, themeCard{code: line.Card, name: line.CardName})
		}
		read, err := m.readThemeLine(ctx, line, targets, names)
		if err != nil {
			return err
		}
		last := &m.themes[len(m.themes)-1]
		last.lines = append(last.lines, read)
	}
	return m.reconcile(ctx)
}

func (m *month) readThemeLine(ctx context.Context, line figures.ThemeLine, targets []figures.Target, names map[string]map[string]figures.Text) (themeLine, error) {
	out := themeLine{part: line.Part}
	out.period = m.containing(line.PeriodType)
	d, err := m.release.Define(line.Address.KPI, line.Address.Measure)
	if err != nil {
		out.definition.KPI = line.Address.KPI // no such KPI in this release
		return out, nil
	}
	out.definition = d
	address := line.Address
	address.Measure = d.Measure
	if address.Breakdown == "" {
		if err := m.aim(ctx, &out.card, targets); err != nil {
			return out, err
		}
		return out, m.fillTheme(ctx, &out, address)
	}
	if names[address.Breakdown] == nil {
		if names[address.Breakdown], err = m.release.Names(ctx, address.Breakdown); err != nil {
			return out, err
		}
	}
	if out.member = names[address.Breakdown][address.Member]; out.member == (figures.Text{}) {
		out.member = figures.Text{ID: address.Member, EN: address.Member}
	}
	return out, m.fillTheme(ctx, &out, address)
}

// containing is the period of a type that the report month lies in.
func (m *month) containing(periodType string) figures.Period {
	switch periodType {
	case "year":
		return m.year()
	case "quarter":
		return m.quarter()
	}
	return m.period
}

// fillTheme finds a line's value and what it is compared with. A period that goes on after the report month is not
// compared: part of a year against a whole one says nothing.
func (m *month) fillTheme(ctx context.Context, line *themeLine, address figures.Address) error {
	step := line.period.Months()
	list, err := m.release.List(ctx, figures.Filter{KPI: address.KPI, Measure: address.Measure, PeriodType: line.period.Type,
		Breakdown: cmp.Or(address.Breakdown, "total"), Member: address.Member, From: line.period.Shift(-max(lookBack, 2*step)).Start, To: line.period.Start})
	if err != nil {
		return err
	}
	told := map[string]*figures.Figure{}
	for i := range list {
		told[list[i].Address.Period] = hideSmall(&list[i])
	}
	back := func(months int) *figures.Figure { return told[line.period.Shift(-months).String()] }
	line.now = back(0)
	switch {
	case hasValue(line.now):
		if line.period.End.After(m.period.End) {
			break
		}
		if step < 12 {
			line.before = back(step)
		}
		line.yearAgo = back(12)
	case line.now == nil && address.Breakdown != "":
		total, err := m.find(ctx, line.definition, line.period)
		line.unrecorded = hasValue(total)
		return err
	case line.now == nil || line.now.Status != figures.Suppressed:
		for months := step; months <= max(lookBack, 2*step) && !hasValue(line.latest); months += step {
			line.latest = back(months)
		}
	}
	return nil
}

// unitsOfPeople are the units whose small counts could point at somebody.
var unitsOfPeople = []string{"orang", "persons", "services", "layanan", "kandidat", "cases", "returns", "departures"}

// hideSmall withholds a small count of people of one member, as the ranking of destinations does. Of a total there is
// nothing to hide that the release itself has not.
func hideSmall(f *figures.Figure) *figures.Figure {
	if f.Address.Breakdown == "" || !hasValue(f) || *f.Value == 0 || *f.Value >= smallCell || !slices.Contains(unitsOfPeople, f.Unit) {
		return f
	}
	hidden := *f
	hidden.Value, hidden.Status = nil, figures.Suppressed
	return &hidden
}

// reconcile counts the verdicts on what was published, for the card on quality.
func (m *month) reconcile(ctx context.Context) error {
	published, err := m.release.PublishedFigures(ctx)
	if err != nil || len(published) == 0 {
		return err
	}
	result, err := figures.Reconcile(ctx, m.release, nil, published)
	if err != nil {
		return err
	}
	m.reconciled = map[figures.Class]int{}
	for _, v := range result.Verdicts {
		m.reconciled[v.Class]++
	}
	return nil
}

// A themeView is one theme card in words.
type themeView struct {
	Name       string
	Parts      []themePart
	Reconciled template.HTML
}

type themePart struct {
	Name  string
	Lines []themeRow
}

type themeRow struct {
	cardView
	Member, Missing string
}

func (v *view) themeCards() {
	for _, t := range v.m.themes {
		out := themeView{Name: t.name.In(v.Lang)}
		for _, line := range t.lines {
			if n, part := len(out.Parts), line.part.In(v.Lang); n == 0 || out.Parts[n-1].Name != part {
				out.Parts = append(out.Parts, themePart{Name: part})
			}
			last := &out.Parts[len(out.Parts)-1]
			last.Lines = append(last.Lines, v.themeLine(line))
		}
		if t.code == qualityCard {
			out.Reconciled = v.reconciliation()
		}
		v.Themes = append(v.Themes, out)
	}
}

func (v *view) themeLine(line themeLine) themeRow {
	if line.definition.Measure == "" {
		return themeRow{cardView: cardView{KPI: line.definition.KPI, Period: v.l.period(line.period.String()), Mark: "[x]", Target: phrase(v.l.word("no_target"))},
			Missing: v.l.word("no_kpi")}
	}
	row := themeRow{cardView: v.card(line.card), Member: line.member.In(v.Lang)}
	switch {
	case line.unrecorded:
		row.Mark, row.Missing = "", v.l.word("unrecorded")
	case row.Mark == "[c]" && row.Value.text == "":
		row.Missing = v.l.word("suppressed")
	case row.Value.text == "":
		row.Missing = v.l.word("not_available")
	}
	return row
}

// reconciliation says how many published figures the release gives again.
func (v *view) reconciliation() template.HTML {
	parts := []any{v.l.word("reconciled") + ": "}
	if v.m.reconciled == nil {
		return phrase(append(parts, v.l.word("not_available")+" [x]")...)
	}
	for i, class := range figures.Classes {
		if i > 0 {
			parts = append(parts, ", ")
		}
		parts = append(parts, number{v.l.number(float64(v.m.reconciled[class]), 0), reference{op: opCount, figure: "reconciled." + string(class)}}, " "+v.l.word(string(class)))
	}
	return phrase(parts...)
}
