package figures

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Value statuses. A figure without a value is never taken for zero.
const (
	Reported     = "reported"
	Provisional  = "provisional"
	Suppressed   = "suppressed"
	NotAvailable = "not_available"
)

// A Figure is one value of one KPI, with what it was computed from.
type Figure struct {
	Address     Address   `json:"figure"`
	PeriodStart time.Time `json:"-"`
	Numerator   *float64  `json:"numerator"`
	Denominator *float64  `json:"denominator"`
	Value       *float64  `json:"value"`
	Status      string    `json:"status"`
	Unit        string    `json:"unit"`
	AsOf        string    `json:"as_of"`
	FrozenIn    string    `json:"frozen_in,omitempty"` // the release that the figure's month is frozen in
	Revised     *float64  `json:"revised,omitempty"`   // of a frozen month: what is known now
}

// ErrNoFigure is wrapped by the error of an address that a release has no row for.
var ErrNoFigure = errors.New("no such figure")

// Canonical fills in the default measure and the release, so that equal figures
// have equal addresses.
func (r *Release) Canonical(a Address) (Address, error) {
	d, err := r.Define(a.KPI, a.Measure)
	if err != nil {
		return a, err
	}
	a.Measure, a.Release = d.Measure, r.ID
	return a, nil
}

// Value looks up one figure. The release named in the address, if any, is the
// caller's business: Value reads from r.
func (r *Release) Value(ctx context.Context, a Address) (Figure, error) {
	d, err := r.Define(a.KPI, a.Measure)
	if err != nil {
		return Figure{}, fmt.Errorf("figure %s: %w", a, err)
	}
	a.Measure, a.Release = d.Measure, r.ID
	period, err := ParsePeriod(a.Period)
	if err != nil {
		return Figure{}, fmt.Errorf("figure %s: %w", a, err)
	}
	figure := Figure{Address: a, PeriodStart: period.Start, Unit: d.Unit, AsOf: day(r.AsOf)}
	const query = `select numerator::double, denominator::double, value::double, status from figures
where kpi = ? and measure = ? and period_type = ? and period = ? and breakdown = ? and coalesce(member, '') = ?`
	err = r.db.QueryRowContext(ctx, query, a.KPI, a.Measure, period.Type, a.Period, breakdownName(a.Breakdown), a.Member).
		Scan(&figure.Numerator, &figure.Denominator, &figure.Value, &figure.Status)
	if errors.Is(err, sql.ErrNoRows) {
		return Figure{}, fmt.Errorf("figure %s: %w; %s", a, ErrNoFigure, r.reach(ctx, a, period.Type))
	}
	if err != nil {
		return Figure{}, fmt.Errorf("figure %s: reading the release: %w", a, err)
	}
	return figure, nil
}

// reach says what there is instead, so that the reader can mend the address.
func (r *Release) reach(ctx context.Context, a Address, periodType string) string {
	var first, last sql.NullString
	var members int64
	const query = `select min(period), max(period), count(distinct member) from figures
where kpi = ? and measure = ? and breakdown = ? and period_type = ?`
	err := r.db.QueryRowContext(ctx, query, a.KPI, a.Measure, breakdownName(a.Breakdown), periodType).Scan(&first, &last, &members)
	if err != nil || !first.Valid {
		return fmt.Sprintf("%s.%s has nothing by %s and %s", a.KPI, a.Measure, breakdownName(a.Breakdown), periodType)
	}
	if a.Breakdown == "" {
		return fmt.Sprintf("%s.%s by %s reaches from %s to %s", a.KPI, a.Measure, periodType, first.String, last.String)
	}
	return fmt.Sprintf("%s.%s by %s and %s reaches from %s to %s and has %d members", a.KPI, a.Measure, a.Breakdown, periodType, first.String, last.String, members)
}

// Value looks up a figure in the release that the address names, else in the one
// that was newest on the given day, else (zero day) in the newest.
func (h History) Value(ctx context.Context, a Address, asOf time.Time) (Figure, error) {
	r, err := h.pick(a, asOf)
	if err != nil {
		return Figure{}, err
	}
	return r.Value(ctx, a)
}

func (h History) pick(a Address, asOf time.Time) (*Release, error) {
	switch {
	case a.Release != "":
		return h.Release(a.Release)
	case !asOf.IsZero():
		return h.At(asOf)
	case len(h) == 0:
		return nil, fmt.Errorf("figure %s: there is no release yet; run lindung build", a)
	}
	return h[len(h)-1], nil
}

// Filter narrows a listing of figures; an empty field does not narrow.
type Filter struct {
	KPI, Measure, PeriodType, Breakdown, Member string
	From, To                                    time.Time // by period start, both inclusive
	Periods                                     []Period  // any of these
}

// List returns figures in the order of their addresses: period by period, then by
// breakdown and member.
func (r *Release) List(ctx context.Context, f Filter) ([]Figure, error) {
	where, args := f.where()
	query := `select kpi, measure, period, period_start::date, breakdown, coalesce(member, ''),
numerator::double, denominator::double, value::double, status from figures where true` + where
	rows, err := r.db.QueryContext(ctx, query+" order by kpi, measure, period_type, period_start, breakdown, member", args...)
	if err != nil {
		return nil, fmt.Errorf("listing figures of release %s: %w", r.ID, err)
	}
	defer rows.Close()
	units := map[string]string{}
	for _, d := range r.definitions {
		units[d.KPI+"."+d.Measure] = d.Unit
	}
	var all []Figure
	for rows.Next() {
		figure := Figure{AsOf: day(r.AsOf)}
		a := &figure.Address
		if err := rows.Scan(&a.KPI, &a.Measure, &a.Period, &figure.PeriodStart, &a.Breakdown, &a.Member,
			&figure.Numerator, &figure.Denominator, &figure.Value, &figure.Status); err != nil {
			return nil, fmt.Errorf("listing figures of release %s: %w", r.ID, err)
		}
		if a.Breakdown == "total" {
			a.Breakdown = ""
		}
		a.Release = r.ID
		figure.Unit = units[a.KPI+"."+a.Measure]
		all = append(all, figure)
	}
	return all, rows.Err()
}

func breakdownName(name string) string {
	if name == "" {
		return "total"
	}
	return name
}
