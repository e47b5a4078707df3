package pipelines

import (
	"context"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// Current is the name of the release that readers see, where two are compared.
const Current = "current"

// Diff compares two releases, each by its id, by the name of a candidate, or as the current
// one; with a KPI only what is about it.
func (r *Runner) Diff(ctx context.Context, old, now, kpi string) (*figures.Diff, error) {
	before, err := r.named(old)
	if err != nil {
		return nil, err
	}
	after, err := r.named(now)
	if err != nil {
		return nil, err
	}
	known, err := r.between(before, after)
	if err != nil {
		return nil, err
	}
	h := &History{}
	defer h.Close()
	a, b, err := h.openPair(ctx, r.Releases, before, after)
	if err != nil {
		return nil, err
	}
	diff, err := figures.CompareReleases(ctx, a, b, kpi, known)
	if err != nil && ctx.Err() == nil && kpi != "" {
		return nil, failure(ExitUsage, err)
	}
	return diff, err
}

// named finds what a person calls a release.
func (r *Runner) named(name string) (*warehouse.Release, error) {
	if name == Current {
		current, err := r.Releases.Current()
		if err == nil && current == nil {
			err = usagef("nothing is published in %s yet; run: lindung run --dir %s", r.Project.Dir, r.Project.Dir)
		}
		return current, err
	}
	find := r.Candidates().Get
	if warehouse.CheckCandidateName(name) != nil {
		find = r.Releases.Get
	}
	release, err := find(name)
	if err != nil {
		return nil, failure(ExitUsage, err)
	}
	return release, nil
}

// between is what the manifests and the recorded models of two releases tell.
func (r *Runner) between(before, after *warehouse.Release) (figures.Known, error) {
	known := figures.Known{Models: []sql.Change{}, Frozen: map[string]string{}}
	if before.Manifest.ModelsHash != after.Manifest.ModelsHash {
		old, err := before.Models()
		if err != nil {
			return known, err
		}
		now, err := after.Models()
		if err != nil {
			return known, err
		}
		known.Models = sql.Changes(old, now)
	}
	known.Inputs = warehouse.ChangedInputs(before.Manifest.Inputs, after.Manifest.Inputs)
	known.Checks = warehouse.ChangedChecks(before.Manifest, after.Manifest)
	frozen, err := r.Releases.Frozen()
	for _, f := range frozen {
		known.Frozen[f.Month] = f.Release
	}
	return known, err
}

// openPair opens two releases. One of which only the figures are left takes its definitions from
// the other, or from the current release when both are so.
func (h *History) openPair(ctx context.Context, releases *warehouse.Releases, before, after *warehouse.Release) (a, b *figures.Release, err error) {
	like := after
	if like.Pruned {
		like = before
	}
	if like.Pruned {
		if like, err = releases.Current(); err != nil {
			return nil, nil, err
		}
	}
	if h.Current, err = h.open(ctx, like); err != nil {
		return nil, nil, err
	}
	if a, err = h.openOther(ctx, before, like); err != nil {
		return nil, nil, err
	}
	b, err = h.openOther(ctx, after, like)
	return a, b, err
}

func (h *History) openOther(ctx context.Context, release, like *warehouse.Release) (*figures.Release, error) {
	if release.Dir == like.Dir {
		return h.Current, nil
	}
	return h.open(ctx, release)
}
