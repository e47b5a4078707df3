package figures

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// A Restatement is one figure that two releases give differently. A period that had
// not ended when the older release was made is not restated, it has grown.
type Restatement struct {
	Address   Address  `json:"figure"` // without a release: it stands in both
	Unit      string   `json:"unit"`
	Old       *float64 `json:"old"` // nil: it was not available
	New       *float64 `json:"new"` // nil: it has been withdrawn
	Delta     *float64 `json:"delta"`
	Share     *float64 `json:"share"` // of the old value, in per cent
	OldStatus string   `json:"old_status"`
	NewStatus string   `json:"new_status"`
	Cause     string   `json:"cause"` // data, definition, data_and_definition or other
	Why       Text     `json:"why"`
	Parts     []Part   `json:"parts,omitempty"` // largest first; of an additive total only
}

// A Part is a member of a breakdown whose change explains the change of a total.
type Part struct {
	Address Address `json:"figure"`
	Old     float64 `json:"old"`
	New     float64 `json:"new"`
	Delta   float64 `json:"delta"`
	Share   float64 `json:"share"` // of the total's change, in per cent
}

// Restated is the restatements between two releases, largest change first.
type Restated struct {
	Old  Info          `json:"old"`
	New  Info          `json:"new"`
	List []Restatement `json:"restatements"`
}

// Restatements compares two releases figure by figure. Totals come with the members
// that explain them; with members set, changed members are listed in their own
// right too. Only what exceeds floating-point noise counts as a change.
func Restatements(ctx context.Context, older, newer *Release, members bool) (*Restated, error) {
	result := &Restated{Old: older.Info, New: newer.Info}
	changed := map[string]*Restatement{} // totals by address
	moved := map[string][]Restatement{}  // members by the address of their total
	err := mergeFigures(ctx, older, newer, newer.compared(older, members), func(was, is *row) {
		r, restated := restate(was, is)
		if period, err := ParsePeriod(r.Address.Period); !restated || err != nil || period.End.After(older.AsOf) {
			return
		}
		a := r.Address
		a.Breakdown, a.Member = "", ""
		if r.Address.Breakdown == "" {
			changed[a.String()] = &r
			return
		}
		moved[a.String()] = append(moved[a.String()], r)
		if members {
			result.List = append(result.List, r)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("comparing release %s with %s: %w", newer.ID, older.ID, err)
	}
	for key, r := range changed {
		definition, err := newer.Define(r.Address.KPI, r.Address.Measure)
		if err == nil && definition.Additive && r.Delta != nil {
			r.Parts = parts(moved[key], *r.Delta)
		}
		result.List = append(result.List, *r)
	}
	if err := describe(ctx, older, newer, result.List); err != nil {
		return nil, fmt.Errorf("comparing release %s with %s: %w", newer.ID, older.ID, err)
	}
	slices.SortFunc(result.List, bySize)
	return result, nil
}

// describe adds what does not come from the two values: the unit, and why they differ.
func describe(ctx context.Context, older, newer *Release, list []Restatement) error {
	if len(list) == 0 {
		return nil
	}
	causes, err := findCauses(ctx, older, newer)
	if err != nil {
		return err
	}
	for i := range list {
		r := &list[i]
		if d, err := newer.Define(r.Address.KPI, r.Address.Measure); err == nil {
			r.Unit = d.Unit
		}
		r.Cause, r.Why = causes.of(r.Address.KPI)
	}
	return nil
}

// bySize puts withdrawn and new values first, then the largest changes.
func bySize(a, b Restatement) int {
	size := func(r Restatement) float64 {
		if r.Delta == nil {
			return math.Inf(1)
		}
		return math.Abs(*r.Delta)
	}
	if c := cmp.Compare(size(b), size(a)); c != 0 {
		return c
	}
	return cmp.Compare(a.Address.String(), b.Address.String())
}

func restate(was, is *row) (Restatement, bool) {
	r := Restatement{OldStatus: NotAvailable, NewStatus: NotAvailable}
	if was != nil {
		r.Address, r.Old, r.OldStatus = was.address(), was.value, was.status
	}
	if is != nil {
		r.Address, r.New, r.NewStatus = is.address(), is.value, is.status
	}
	switch {
	case r.Old == nil: // what ripens or arrives later restates nothing
		return r, false
	case r.New == nil:
		return r, true
	}
	delta := *r.New - *r.Old
	if math.Abs(delta) <= 1e-9*math.Max(1, math.Abs(*r.Old)) {
		return r, false
	}
	r.Delta = &delta
	if *r.Old != 0 {
		share := 100 * delta / *r.Old
		r.Share = &share
	}
	return r, true
}

// parts explains a total's change by the breakdown in which the fewest members
// account for most of it; a tie goes to the destination country, which is what
// offices correct most often.
func parts(members []Restatement, delta float64) []Part {
	byBreakdown := map[string][]Part{}
	for _, m := range members {
		p := Part{Address: m.Address}
		if m.Old != nil {
			p.Old = *m.Old
		}
		if m.New != nil {
			p.New = *m.New
		}
		p.Delta = p.New - p.Old
		p.Share = 100 * p.Delta / delta
		byBreakdown[m.Address.Breakdown] = append(byBreakdown[m.Address.Breakdown], p)
	}
	var best []Part
	bestDistance := math.Inf(1)
	for _, name := range []string{"country", "province", "unit", "scheme", "employer_type", "occupation", "category", "channel", "procedure", "sex", "education"} {
		list := byBreakdown[name]
		slices.SortFunc(list, func(a, b Part) int {
			if c := cmp.Compare(math.Abs(b.Delta), math.Abs(a.Delta)); c != 0 {
				return c
			}
			return cmp.Compare(a.Address.Member, b.Address.Member)
		})
		if len(list) == 0 {
			continue
		}
		if distance := math.Abs(100 - list[0].Share); distance < bestDistance-1e-9 {
			best, bestDistance = list, distance
		}
	}
	return best
}

// A row is a figure in the order in which two releases are merged.
type row struct {
	kpi, measure, periodType, start, period, breakdown, member string
	value                                                      *float64
	status                                                     string
}

func (r *row) address() Address {
	a := Address{KPI: r.kpi, Measure: r.measure, Period: r.period, Breakdown: r.breakdown, Member: r.member}
	if r.breakdown == "total" {
		a.Breakdown, a.Member = "", ""
	}
	return a
}

func (r *row) compare(other *row) int {
	return cmp.Or(cmp.Compare(r.kpi, other.kpi), cmp.Compare(r.measure, other.measure), cmp.Compare(r.periodType, other.periodType),
		cmp.Compare(r.start, other.start), cmp.Compare(r.breakdown, other.breakdown), cmp.Compare(r.member, other.member))
}

// mergeFigures walks the figures of two releases side by side, so that memory stays
// small whatever their number.
func mergeFigures(ctx context.Context, older, newer *Release, condition string, visit func(was, is *row)) error {
	left, err := older.cursor(ctx, condition)
	if err != nil {
		return err
	}
	defer left.Close()
	right, err := newer.cursor(ctx, condition)
	if err != nil {
		return err
	}
	defer right.Close()
	was, err := next(left)
	if err != nil {
		return err
	}
	is, err := next(right)
	for err == nil && (was != nil || is != nil) {
		order := 0
		switch {
		case was == nil:
			order = 1
		case is == nil:
			order = -1
		default:
			order = was.compare(is)
		}
		var a, b *row
		if order <= 0 {
			a = was
			was, err = next(left)
		}
		if order >= 0 && err == nil {
			b = is
			is, err = next(right)
		}
		visit(a, b)
	}
	return err
}

// compared is the condition on figures that a comparison with an older release
// needs: values of periods that it can know, and of members only those that explain
// a total, unless all are wanted.
func (r *Release) compared(older *Release, members bool) string {
	condition := "value is not null and period_start < date '" + day(older.AsOf) + "'"
	if members {
		return condition
	}
	additive := []string{"''"}
	for _, d := range r.definitions {
		if d.Additive {
			additive = append(additive, "'"+strings.ReplaceAll(d.KPI+"."+d.Measure, "'", "''")+"'")
		}
	}
	return condition + " and (breakdown = 'total' or kpi || '.' || measure in (" + strings.Join(additive, ", ") + "))"
}

func (r *Release) cursor(ctx context.Context, condition string) (*sql.Rows, error) {
	rows, err := r.db.QueryContext(ctx, `select kpi, measure, period_type, strftime(period_start, '%Y-%m-%d') as start, period,
breakdown, coalesce(member, '') as member, value::double, status
from figures where `+condition+` order by kpi collate c, measure collate c, period_type collate c, start, breakdown collate c, member collate c`)
	if err != nil {
		return nil, fmt.Errorf("reading the figures of release %s: %w", r.ID, err)
	}
	return rows, nil
}

func next(rows *sql.Rows) (*row, error) {
	if !rows.Next() {
		return nil, rows.Err()
	}
	var r row
	err := rows.Scan(&r.kpi, &r.measure, &r.periodType, &r.start, &r.period, &r.breakdown, &r.member, &r.value, &r.status)
	return &r, err
}

// WriteText writes one line per restatement, with up to three parts that explain it.
func (r *Restated) WriteText(w io.Writer, lang string) error {
	var b strings.Builder
	if r.New.Sample() {
		fmt.Fprintln(&b, SampleMark)
	}
	fmt.Fprintf(&b, Text{"%d angka rilis %s (per %s) berubah terhadap rilis %s (per %s)\n", "%d figures of release %s (as of %s) changed from release %s (as of %s)\n"}.In(lang),
		len(r.List), r.New.ID, day(r.New.AsOf), r.Old.ID, day(r.Old.AsOf))
	for _, x := range r.List {
		if x.New == nil {
			fmt.Fprintf(&b, "%-40s %s → [x]\n", x.Address, shown(lang, *x.Old))
			continue
		}
		fmt.Fprintf(&b, "%-40s %s → %s (%s", x.Address, shown(lang, *x.Old), shown(lang, *x.New), signed(shown(lang, *x.Delta)))
		if x.Share != nil {
			fmt.Fprintf(&b, ", %s%%", signed(Number(lang, *x.Share, 2)))
		}
		b.WriteString(")")
		for i, part := range x.Parts[:min(3, len(x.Parts))] {
			fmt.Fprintf(&b, "%s %s=%s %s", []string{Text{"; antara lain", "; of which"}.In(lang), ",", ","}[i], part.Address.Breakdown, part.Address.Member, signed(shown(lang, part.Delta)))
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func shown(lang string, value float64) string { return Number(lang, value, min(2, Decimals(value))) }

// WriteJSON writes every restatement with all of its parts.
func (r *Restated) WriteJSON(w io.Writer) error {
	return writeJSON(w, struct {
		Mark string `json:"mark,omitempty"`
		*Restated
	}{markOf(r.New), r})
}
