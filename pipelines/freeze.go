package pipelines

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/warehouse"
)

// Freeze keeps a month's figures as the current release has them: what was printed of the
// month stays what the program answers, and what becomes known later stands beside it.
func (r *Runner) Freeze(ctx context.Context, month time.Time, note string) (*warehouse.Frozen, error) {
	var f *warehouse.Frozen
	_, err := r.record(ctx, ledger.Run{Command: "freeze"}, func(context.Context, *RunReport) error {
		return r.alone(func() (err error) {
			f, err = r.freeze(month, note)
			return err
		})
	})
	return f, err
}

func (r *Runner) freeze(month time.Time, note string) (*warehouse.Frozen, error) {
	current, err := r.Releases.Current()
	if err != nil {
		return nil, err
	}
	if current == nil {
		return nil, usagef("nothing is published in %s yet; run: lindung run --dir %s", r.Project.Dir, r.Project.Dir)
	}
	return r.freezeIn(current, month, note)
}

// freezeIn binds a month to a release: the current one, or the one that an approved report was made from.
func (r *Runner) freezeIn(release *warehouse.Release, month time.Time, note string) (*warehouse.Frozen, error) {
	if err := r.monthIsOver(month, release); err != nil {
		return nil, err
	}
	f := warehouse.Frozen{Month: month.Format("2006-01"), Release: release.ID, FrozenAt: r.Now.UTC(), Note: note}
	return &f, r.Releases.Freeze(f)
}

func (r *Runner) monthIsOver(month time.Time, release *warehouse.Release) error {
	asOf := release.Manifest.AsOf.In(r.Project.TimeZone)
	if asOf.After(time.Date(month.Year(), month.Month()+1, 1, 0, 0, 0, 0, r.Project.TimeZone)) {
		return nil
	}
	return usagef("%s had not ended when release %s was made (as of %s): freeze a month once it is over and its figures are printed",
		month.Format("2006-01"), release.ID, asOf.Format(time.DateOnly))
}

// FrozenMonth says in which release a month is frozen; nil where it is not.
func (r *Runner) FrozenMonth(month time.Time) (*warehouse.Frozen, error) {
	all, err := r.Releases.Frozen()
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if f.Month == month.Format("2006-01") {
			return &f, nil
		}
	}
	return nil, nil
}

// frozenTable puts beside every figure of a frozen month what the release in the making says.
func frozenTable(ctx context.Context, releases *warehouse.Releases, made *figures.Release) (warehouse.Table, error) {
	t := warehouse.Table{
		Name: "frozen_figures", About: text("Angka bulan yang dibekukan, dan revisi di sampingnya.", "Figures of frozen months, and the revisions beside them."),
		Columns: []warehouse.TableColumn{
			column("month", "VARCHAR", "Bulan yang dibekukan.", "The frozen month."),
			column("release_id", "VARCHAR", "Rilis yang angkanya berlaku untuk bulan itu.", "The release whose figures count for the month."),
			column("note", "VARCHAR", "Terbitan yang mencetaknya.", "What printed them."),
			column("kpi", "VARCHAR", "Kode indikator.", "KPI code."),
			column("measure", "VARCHAR", "Ukuran.", "Measure."),
			column("breakdown", "VARCHAR", "Rincian.", "Breakdown."),
			column("member", "VARCHAR", "Anggota rincian; kosong untuk total.", "Member of the breakdown; empty for the total."),
			column("frozen_value", "DOUBLE", "Nilai yang dibekukan.", "The frozen value."),
			column("frozen_status", "VARCHAR", "Statusnya.", "Its status."),
			column("revised_value", "DOUBLE", "Nilai menurut rilis ini.", "What this release says."),
			column("revision", "DOUBLE", "Nilai rilis ini dikurangi yang dibekukan.", "This release's value less the frozen one."),
		},
	}
	frozen, err := releases.Frozen()
	if err != nil {
		return t, err
	}
	for _, f := range frozen {
		if err := addFrozenMonth(ctx, &t, releases, made, f); err != nil {
			return t, fmt.Errorf("reading the frozen month %s: %w", f.Month, err)
		}
	}
	return t, nil
}

func addFrozenMonth(ctx context.Context, t *warehouse.Table, releases *warehouse.Releases, made *figures.Release, f warehouse.Frozen) error {
	release, err := releases.Get(f.Release)
	if err != nil {
		return err
	}
	h := &History{Current: made}
	defer h.Close()
	printed, err := h.open(ctx, release)
	if err != nil {
		return err
	}
	pairs, err := figures.Beside(ctx, printed, made, f.Month)
	for _, p := range pairs {
		a := p.Frozen.Address
		row := []driver.Value{f.Month, f.Release, orNull(f.Note), a.KPI, a.Measure, cmp.Or(a.Breakdown, "total"), a.Member,
			number(p.Frozen.Value), p.Frozen.Status, number(p.Now), number(p.Revision())}
		t.Rows = append(t.Rows, row)
	}
	return err
}
