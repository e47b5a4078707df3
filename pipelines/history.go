package pipelines

import (
	"context"
	"database/sql"
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
	current, err := r.Releases.Current()
	if err != nil {
		return nil, err
	}
	if current == nil {
		return nil, usagef("nothing is published in %s yet; run: lindung run --dir %s", r.Project.Dir, r.Project.Dir)
	}
	h := &History{}
	h.Current, err = h.open(ctx, current)
	if err != nil {
		h.Close()
		return nil, err
	}
	list, err := r.Releases.List()
	if err != nil {
		h.Close()
		return nil, err
	}
	all := []*figures.Release{h.Current}
	for i := range list {
		if list[i].ID == current.ID {
			continue
		}
		opened, err := h.open(ctx, &list[i])
		if err != nil {
			h.Close()
			return nil, err
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
