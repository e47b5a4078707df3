package backups

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/kp2mi/lindung/lake"
)

// A VerifyReport says what was read of a backup and everything that is wrong with it.
type VerifyReport struct {
	Place     string   `json:"place"`
	Snapshots int64    `json:"snapshots"`
	Entries   int64    `json:"entries"`
	Files     int      `json:"files"`
	Bytes     int64    `json:"bytes"`
	Problems  []string `json:"problems"`
}

// Verify reads a backup whole: every file by its hash, every snapshot and whether it follows the one
// before, the chain of the log, and whether all that the log names is there. It needs no key.
func Verify(ctx context.Context, store Store, progress func(done, total int)) (*VerifyReport, error) {
	closeStore, err := store.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("verifying the backup: %w", err)
	}
	defer closeStore()
	report := &VerifyReport{Place: store.Place(), Problems: []string{}}
	c, err := load(ctx, store, 0)
	switch {
	case err != nil:
		return nil, fmt.Errorf("verifying the backup: %w", err)
	case c == nil:
		return nil, fmt.Errorf("verifying the backup: %w: there is none in %s", ErrRefused, store.Place())
	}
	v := &verifying{store: store, report: report, progress: progress, seen: map[string]bool{}}
	all, err := v.snapshots(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := v.objects(ctx, all); err != nil {
		return nil, err
	}
	return report, v.chain(ctx, c)
}

type verifying struct {
	store    Store
	report   *VerifyReport
	progress func(done, total int)
	seen     map[string]bool // objects
}

func (v *verifying) problem(err error) { v.report.Problems = append(v.report.Problems, err.Error()) }

// snapshots follows the snapshots back to the first, and gives every file that any of them lists.
func (v *verifying) snapshots(ctx context.Context, c *copyOf) ([]Kept, error) {
	all := append(slices.Collect(maps.Values(c.files)), c.Lists...)
	all = append(all, c.Config...)
	prev := c.Prev
	v.report.Snapshots = c.No
	for no := c.No - 1; no > 0; no-- {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, sum, err := readSnapshot(ctx, v.store, no)
		if err != nil {
			v.problem(err)
			prev = ""
			continue
		}
		if prev != "" && sum != prev {
			v.problem(fmt.Errorf("%w: %s is not the one that the snapshot after it names", ErrDamaged, snapshotName(no)))
		}
		prev = s.Prev
		all = append(append(all, s.Config...), s.Lists...)
	}
	return all, nil
}

func (v *verifying) objects(ctx context.Context, all []Kept) error {
	for i, k := range all {
		if v.progress != nil {
			v.progress(i, len(all))
		}
		if v.seen[k.SHA256] {
			continue
		}
		v.seen[k.SHA256] = true
		got := &hashed{}
		err := v.store.Fetch(ctx, k.object().Name, got)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			err = got.check(k)
		} else {
			err = fmt.Errorf("%w: %s: %w", ErrDamaged, k.Path, err)
		}
		v.report.Files++
		v.report.Bytes += got.n
		if err != nil {
			v.problem(fmt.Errorf("%w (%s)", err, k.object().Name))
		}
	}
	return nil
}

func (v *verifying) chain(ctx context.Context, c *copyOf) error {
	entries, err := c.entries(ctx, v.store)
	v.report.Entries = int64(len(entries))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		v.problem(err)
	}
	for _, problem := range c.lacks(entries) {
		v.problem(problem)
	}
	return nil
}

// entries reads the log as the snapshot has it, and refuses one that is not an unbroken chain.
func (c *copyOf) entries(ctx context.Context, store Store) ([]lake.Entry, error) {
	return lake.ReadChain(c.LogHead, c.LogHash, func(no int64) ([]byte, error) {
		k, known := c.files[lake.EntryPath(no)]
		if !known {
			return nil, fmt.Errorf("%w: it is not in the backup", ErrDamaged)
		}
		text := &hashed{keep: true}
		if err := store.Fetch(ctx, k.object().Name, text); err != nil {
			return nil, err
		}
		return text.data, text.check(k)
	})
}

// lacks says what entries name and the backup has not, or has differently.
func (c *copyOf) lacks(entries []lake.Entry) (problems []error) {
	for _, f := range lake.Named(entries) {
		k, known := c.files[f.Path]
		switch {
		case !known:
			problems = append(problems, fmt.Errorf("%w: the log names %s, which is not in it", ErrDamaged, f.Path))
		case f.SHA256 != "" && f.SHA256 != k.SHA256:
			problems = append(problems, fmt.Errorf("%w: %s is not the one that the log names", ErrDamaged, f.Path))
		}
	}
	return problems
}
