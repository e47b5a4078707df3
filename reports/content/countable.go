package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// A countTable is a table of a measure that adds up, by the members of a breakdown: three years side by side up to the
// report month, the month itself with the month before and the year before, shares, and a total that the rows add up to.
type countTable struct {
	code           string
	title          figures.Text // "Layanan penempatan menurut negara tujuan"
	member         figures.Text // heading of the first column
	kpi, measure   string
	breakdown      string
	order          order
	groups         []group // of members that stand in one row; a member in none has a row of its own
	guarded        bool    // persons or cases: who could be found out goes into the rest
	yearly         bool    // has no months
	top            int     // the first rows only, the others together; 0: all
	notes          []figures.Text
	absent         figures.Text // why there is nothing, where the release has nothing
	only           func(member string) bool
	wholeBreakdown string // of the total that the rows add up to; empty: of all
	wholeMember    string
}

// A group is members that stand in one row.
type group struct {
	code    string
	name    figures.Text
	members []string
}

// An order is how the rows of a table follow each other.
type order int

const (
	bySize order = iota // the largest of the newest year first
	byCode              // the table's groups in their order, then codes
)

// unknownMember is the member of whom a source does not say it.
const unknownMember = "UNKNOWN"

// A countRow is a row with its amounts.
type countRow struct {
	code, name string
	members    []string
	years      []amount // up to the report month, the newest last
	months     []amount // a year ago, last month, this month
	rest       bool
	unknown    bool
}

// compareSize is the order of rows by their newest year, then by the years before.
func (r countRow) compareSize(o countRow) int {
	for i := len(r.years) - 1; i >= 0; i-- {
		if c := cmp.Compare(r.years[i].value, o.years[i].value); c != 0 {
			return c
		}
	}
	return 0
}

func (r countRow) newest() amount { return r.years[len(r.years)-1] }

// A counted is a table's amounts, before they are set.
type counted struct {
	countTable
	years  []int
	rows   []countRow
	total  countRow
	folded int // members that are in the rest
}

// yearsBeside is how many years stand side by side.
const yearsBeside = 3

// upTo is the months of a year up to the report month: the year itself where that is December.
func (s desk) upTo(year int) []figures.Period {
	first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	if s.month.Start.Month() == time.December {
		return []figures.Period{{Type: "year", Start: first, End: first.AddDate(1, 0, 0)}}
	}
	var months []figures.Period
	for m := 0; m < int(s.month.Start.Month()); m++ {
		months = append(months, figures.Period{Type: "month", Start: first.AddDate(0, m, 0), End: first.AddDate(0, m+1, 0)})
	}
	return months
}

// yearsOf are the years of a table. One that has no months ends with the last whole year.
func (s desk) yearsOf(t countTable) (years []int) {
	last := s.month.Start.Year()
	if t.yearly && s.month.Start.Month() != time.December {
		last--
	}
	for y := last - yearsBeside + 1; y <= last; y++ {
		years = append(years, y)
	}
	return years
}

func (s desk) periodsOf(t countTable, year int) []figures.Period {
	if t.yearly {
		first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		return []figures.Period{{Type: "year", Start: first, End: first.AddDate(1, 0, 0)}}
	}
	return s.upTo(year)
}

// count looks a table's amounts up.
func (s desk) count(t countTable) counted {
	c := counted{countTable: t, years: s.yearsOf(t)}
	c.total = s.countRow(c, countRow{members: []string{t.wholeMember}}, t.wholeBreakdown)
	names := map[string]countRow{}
	for _, g := range t.groups {
		row := countRow{code: g.code, name: g.name.In(s.lang()), members: g.members}
		if row.name == "" {
			row.name = s.memberName(t.breakdown, g.code)
		}
		names[g.code] = row
	}
	for _, member := range s.membersOf(c) {
		if !slices.ContainsFunc(t.groups, func(g group) bool { return slices.Contains(g.members, member) }) {
			names[member] = countRow{code: member, name: s.memberName(t.breakdown, member), members: []string{member}, unknown: strings.HasSuffix(member, unknownMember)}
		}
	}
	for _, row := range names {
		row = s.countRow(c, row, t.breakdown)
		if row.named(t) || slices.ContainsFunc(slices.Concat(row.years, row.months), func(a amount) bool { return a.value != 0 }) {
			c.rows = append(c.rows, row)
		}
	}
	slices.SortFunc(c.rows, func(a, b countRow) int {
		bySizes := 0
		if t.order == bySize {
			bySizes = b.compareSize(a)
		}
		return cmp.Or(compareBool(a.unknown, b.unknown), bySizes, t.place(a.code)-t.place(b.code), cmp.Compare(a.code, b.code))
	})
	s.fold(&c)
	return c
}

// place is the place of a group in the table's own order.
func (t countTable) place(code string) int {
	return slices.IndexFunc(t.groups, func(g group) bool { return g.code == code })
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// named says that a row stands even where nothing was counted: the table lists all there are.
func (r countRow) named(t countTable) bool {
	return t.breakdown == "province" && t.only == nil && !t.guarded && !r.unknown || t.place(r.code) >= 0
}

func (s desk) countRow(c counted, row countRow, breakdown string) countRow {
	for _, year := range c.years {
		row.years = append(row.years, s.sum(c.kpi, c.measure, s.periodsOf(c.countTable, year), breakdown, row.members...))
	}
	if c.hasMonths() {
		for _, back := range []int{12, 1, 0} {
			row.months = append(row.months, s.sum(c.kpi, c.measure, []figures.Period{s.month.Shift(-back)}, breakdown, row.members...))
		}
	}
	return row
}

// hasMonths says whether the months stand beside the years. Where small counts are guarded they do not: a month is smaller
// than its year, and what a year hides its months would tell.
func (t countTable) hasMonths() bool { return !t.yearly && !t.guarded }

// membersOf are the members of a breakdown in the table's periods.
func (s desk) membersOf(c counted) []string {
	found := map[string]bool{}
	add := func(p figures.Period) {
		for _, f := range s.Members(c.kpi, c.measure, p, c.breakdown) {
			found[f.Address.Member] = true
		}
	}
	for _, year := range c.years {
		for _, p := range s.periodsOf(c.countTable, year) {
			add(p)
		}
	}
	if c.hasMonths() {
		add(s.month.Shift(-1))
	}
	if c.breakdown == "province" {
		for code := range s.names["province"] {
			found[code] = true
		}
	}
	var all []string
	for member := range found {
		if c.only == nil || c.only(member) {
			all = append(all, member)
		}
	}
	slices.Sort(all)
	return all
}

// fold puts together what does not stand by itself: what lies below the table's top, and of persons and cases what is small.
func (s desk) fold(c *counted) {
	keep := len(c.rows)
	if c.top > 0 && keep > c.top {
		keep = c.top
	}
	var stay, folded []countRow
	for i, row := range c.rows {
		if c.guarded && row.small() || i >= keep && !row.unknown {
			folded = append(folded, row)
		} else {
			stay = append(stay, row)
		}
	}
	// What is folded must not be one that the total gives away, nor be small itself.
	for c.guarded && len(folded) > 0 && len(stay) > 0 && (len(folded) == 1 || s.rest(*c, stay, folded).small()) {
		least := len(stay) - 1
		for i, row := range stay {
			if row.least() < stay[least].least() {
				least = i
			}
		}
		folded = append(folded, stay[least])
		stay = slices.Delete(stay, least, least+1)
	}
	if len(folded) == 0 {
		return
	}
	c.folded = len(folded)
	rest := s.rest(*c, stay, folded)
	at := slices.IndexFunc(stay, func(r countRow) bool { return r.unknown })
	if at < 0 {
		at = len(stay)
	}
	c.rows = slices.Insert(stay, at, rest)
}

// rest is the row of what is folded. Of a guarded table it is the total less the others: what it holds is not named.
func (s desk) rest(c counted, stay, folded []countRow) countRow {
	row := countRow{code: "REST", name: s.say("Lainnya", "Others"), rest: true}
	if !c.guarded {
		for _, f := range folded {
			row.members = append(row.members, f.members...)
		}
		return s.countRow(c, row, c.breakdown)
	}
	less := func(total amount, of func(countRow) amount) amount {
		var others []amount
		for _, r := range stay {
			others = append(others, of(r))
		}
		return total.without(others)
	}
	for i, total := range c.total.years {
		row.years = append(row.years, less(total, func(r countRow) amount { return r.years[i] }))
	}
	return row
}

// small says that one of a row's counts could point at somebody.
func (r countRow) small() bool {
	return slices.ContainsFunc(r.years, func(a amount) bool { return a.known && a.value > 0 && a.value < smallCell })
}

// least is the smallest count of a row's years.
func (r countRow) least() float64 {
	least := 0.0
	for i, a := range r.years {
		if i == 0 || a.value < least {
			least = a.value
		}
	}
	return least
}

// set writes the table down.
func (s desk) set(c counted) *document.Table {
	t := &document.Table{ID: c.code, Title: s.titleOf(c.countTable), Annex: true}
	unit := s.Unit(c.total.unit(s, c.countTable))
	t.Columns = append(t.Columns, document.Column{Name: "member", Title: c.member.In(s.lang())})
	column := func(name, title, unit string) {
		t.Columns = append(t.Columns, document.Column{Name: name, Title: title, Unit: unit, Numeric: true})
	}
	for _, year := range c.years {
		column(fmt.Sprintf("upto_%d", year), s.yearName(c.countTable, year), unit)
	}
	last := c.years[len(c.years)-1]
	column("share", s.say("Bagian ", "Share of ")+s.yearName(c.countTable, last), "%")
	column("change_year", fmt.Sprint(s.say("Terhadap ", "On "), s.yearName(c.countTable, last-1)), "%")
	if c.hasMonths() {
		for _, back := range []int{12, 1, 0} {
			at := s.month.Shift(-back).Start
			column("month_"+at.Format("2006_01"), s.ShortMonth(at), unit)
		}
		column("mtm", "mtm", "%")
		column("yoy", "yoy", "%")
	}
	for _, row := range c.rows {
		t.Rows = append(t.Rows, document.Row{Cells: s.cells(c, row)})
	}
	total := c.total
	total.name = s.say("Jumlah", "Total")
	t.Rows = append(t.Rows, document.Row{Cells: s.cells(c, total), Total: true})
	t.Notes = s.notesOf(c)
	return t
}

func (r countRow) unit(s desk, t countTable) string {
	d, err := s.Release.Define(t.kpi, t.measure)
	if err != nil {
		return ""
	}
	return d.Unit
}

func (s desk) cells(c counted, row countRow) []document.Cell {
	cells := []document.Cell{{Text: document.Say(row.name)}}
	number := func(n document.Number) { cells = append(cells, document.Cell{Number: &n}) }
	for _, a := range row.years {
		number(s.amount(a))
	}
	last := len(row.years) - 1
	number(s.part(row.years[last], c.total.years[last]))
	number(s.moved(row.years[last], row.years[last-1]))
	if c.hasMonths() {
		for _, a := range row.months {
			number(s.amount(a))
		}
		number(s.moved(row.months[2], row.months[1]))
		number(s.moved(row.months[2], row.months[0]))
	}
	return cells
}

// drawable says whether the newest year has anything to draw.
func (c counted) drawable() bool {
	return c.total.newest().known && slices.ContainsFunc(c.rows, func(r countRow) bool { return r.newest().known })
}

func (s desk) notesOf(c counted) []document.Phrase {
	var notes []document.Phrase
	for _, n := range c.notes {
		notes = append(notes, document.Say(n.In(s.lang())))
	}
	if c.guarded && c.folded > 0 {
		notes = append(notes, document.Say(s.say(
			fmt.Sprintf("Anggota dengan kurang dari %d orang atau kasus pada salah satu tahun digabungkan dalam Lainnya; bulan tidak dirinci.", smallCell),
			fmt.Sprintf("Members with fewer than %d persons or cases in one of the years are in Others; months are not told apart.", smallCell))))
	}
	if !c.drawable() {
		if why := c.absent.In(s.lang()); why != "" {
			notes = append(notes, document.Say("[x] ", why))
		} else {
			notes = append(notes, document.Say(s.say("[x] Rilis ini tidak memuat rincian ini untuk periodenya.", "[x] This release does not have this breakdown for the period.")))
		}
	}
	return notes
}
