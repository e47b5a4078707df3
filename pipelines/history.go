package pipelines

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/warehouse"
)

// A History is the project's releases, open for reading. Releases whose DuckDB file was
// pruned answer from their figures file.
type History struct {
	figures.History
	Current *figures.Release
	dbs     []*sql.DB
}

// Close closes the releases.
func (h *History) Close() {
	for _, db := range h.dbs {
		db.Close()
	}
}

// OpenHistory opens the published releases, oldest first.
func (r *Runner) OpenHistory(ctx context.Context) (*History, error) {
	return r.openSome(ctx, func(all []warehouse.Release) []warehouse.Release { return all })
}

// OpenVintages opens the current release and, of those before, the newest of each month:
// enough to see what had become known when, however often a warehouse is built.
func (r *Runner) OpenVintages(ctx context.Context) (*History, error) {
	return r.openSome(ctx, vintages)
}

func (r *Runner) openSome(ctx context.Context, choose func([]warehouse.Release) []warehouse.Release) (*History, error) {
	h, err := openHistory(ctx, r.Releases, choose, nil)
	if err == nil && h == nil {
		err = usagef("nothing is published in %s yet; run: lindung run --dir %s", r.Project.Dir, r.Project.Dir)
	}
	return h, err
}

// vintages keeps the newest release of each month, by the day that it was made as of.
func vintages(all []warehouse.Release) (kept []warehouse.Release) {
	newest := map[string]string{}
	month := func(r warehouse.Release) string { return r.Manifest.AsOf.Format("2006-01") }
	for _, r := range all {
		newest[month(r)] = r.ID
	}
	for _, r := range all {
		if newest[month(r)] == r.ID {
			kept = append(kept, r)
		}
	}
	return kept
}

// openHistory opens the current release and the chosen ones; nil when nothing is published. made, a
// release in the making, lends its definitions to a current one whose DuckDB file is gone; without
// it such a release is refused.
func openHistory(ctx context.Context, releases *warehouse.Releases, choose func([]warehouse.Release) []warehouse.Release, made *figures.Release) (h *History, err error) {
	current, err := releases.Current()
	if err != nil || current == nil {
		return nil, err
	}
	if current.Pruned && made == nil {
		return nil, usagef("the DuckDB files of release %s are gone; make them again from the lake: lindung build", current.ID)
	}
	h = &History{Current: made}
	defer func() {
		if err != nil {
			h.Close()
			h = nil
		}
	}()
	if h.Current, err = h.open(ctx, current); err != nil {
		return h, err
	}
	list, err := releases.List()
	if err != nil {
		return h, err
	}
	all := []*figures.Release{h.Current}
	for _, r := range choose(list) {
		if r.ID == current.ID {
			continue
		}
		opened, err := h.open(ctx, &r)
		if err != nil {
			return h, err
		}
		all = append(all, opened)
	}
	h.History = figures.NewHistory(all...)
	return h, nil
}

func (h *History) open(ctx context.Context, release *warehouse.Release) (*figures.Release, error) {
	if !release.Pruned {
		return h.openFile(ctx, release.Warehouse())
	}
	db, err := warehouse.OpenFigures(filepath.Join(release.Dir, warehouse.FiguresFile))
	if err != nil {
		return nil, fmt.Errorf("opening the figures of release %s: %w", release.ID, err)
	}
	h.dbs = append(h.dbs, db)
	m := release.Manifest
	info := figures.Info{ID: release.ID, Origin: m.Origin, AsOf: m.AsOf, LogHead: m.LogHead, LogHash: m.LogHash, CodeVersion: m.CodeVersion}
	if len(m.ReportMonth) >= len("2006-01") {
		info.ReportMonth, _ = time.Parse("2006-01", m.ReportMonth[:len("2006-01")]) // as a whole release reads it
	}
	return figures.OpenFigures(db, info, h.Current), nil
}

func (h *History) openFile(ctx context.Context, path string) (*figures.Release, error) {
	db, err := warehouse.OpenRead(path)
	if err != nil {
		return nil, err
	}
	h.dbs = append(h.dbs, db)
	return figures.Open(ctx, db)
}

// ValueNow looks up a figure as it counts: of a frozen month the figure that was printed, with
// what is known now beside it.
func (r *Runner) ValueNow(ctx context.Context, h *History, a figures.Address) (figures.Figure, error) {
	now, err := h.Current.Value(ctx, a)
	period, wrong := figures.ParsePeriod(a.Period)
	if wrong != nil || period.Type != "month" {
		return now, err
	}
	release, newest, problem := r.ReleaseFor(h, period.Start)
	if problem != nil || newest == nil {
		return now, errors.Join(problem, err)
	}
	printed, missing := release.Value(ctx, a)
	if missing != nil {
		return now, err // what the frozen release did not have, only the newest can tell
	}
	printed.FrozenIn, printed.Revised = release.ID, now.Value
	return printed, nil
}

// ReleaseFor is the release whose figures count for a month: the current one, or the one that
// the month is frozen in. Only then newest is given, which is the current one.
func (r *Runner) ReleaseFor(h *History, month time.Time) (release, newest *figures.Release, err error) {
	frozen, err := r.FrozenMonth(month)
	if err != nil || frozen == nil {
		return h.Current, nil, err
	}
	release, err = h.Release(frozen.Release)
	return release, h.Current, err
}

// ValueAsOf looks up a figure as it was known at a time: in the release that knew exactly
// what was known then, and where none was published from those commits, computed anew.
func (r *Runner) ValueAsOf(ctx context.Context, h *History, a figures.Address, at time.Time) (figures.Figure, error) {
	snap, err := r.Lake.Snapshot(at)
	if err != nil {
		return figures.Figure{}, err
	}
	if snap.Head == 0 {
		return figures.Figure{}, usagef("nothing was known on %s yet: the first commit is later; see: lindung log", at.Format(time.DateOnly))
	}
	for i := len(h.History) - 1; i >= 0; i-- {
		if h.History[i].LogHead == snap.Head {
			return h.History[i].Value(ctx, a)
		}
	}
	d, err := h.Current.Define(a.KPI, a.Measure)
	if err != nil {
		return figures.Figure{}, err
	}
	a.Measure, a.Release = d.Measure, ""
	f, err := r.figureAsOf(ctx, a, at)
	if err != nil {
		return figures.Figure{}, err
	}
	return figures.Figure{Address: a, PeriodStart: f.PeriodStart, Numerator: f.Numerator, Denominator: f.Denominator,
		Value: f.Value, Status: f.Status, Unit: d.Unit, AsOf: at.In(r.Project.TimeZone).Format(time.DateOnly)}, nil
}
