package pipelines

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/warehouse"
)

// The kinds of what may be removed, and why. What an entry of the log names is never among them.
const (
	GarbageTemporary   = "temporary"           // left by a process that is gone
	GarbageFile        = "unnamed file"        // a Parquet file that no entry names: its run was given up
	GarbageObject      = "unnamed object"      // a landed object that no entry names: its pull was given up
	GarbageKey         = "shredded key"        // the key of a month that was shredded: a crash or an old archive of keys left it
	GarbageUnpublished = "unpublished release" // a build that was never published
	GarbageRelease     = "old release"         // DuckDB files beyond keep_releases; figures, SQL and manifest stay
	GarbageNote        = "notes of no feed"    // copies of notes of feeds that are no more; made again from the log
)

// A Garbage is one thing that may be removed.
type Garbage struct {
	Kind  string `json:"kind"`
	Path  string `json:"path"` // below the data folder, or the keys folder
	Bytes int64  `json:"bytes"`

	path string // on this machine
}

// A GarbageReport says what was removed, or would be.
type GarbageReport struct {
	DryRun bool      `json:"dry_run"`
	Items  []Garbage `json:"items"`
	Bytes  int64     `json:"bytes"`
}

// CollectGarbage removes what nothing needs and is older than some time; dry only says what that is.
// Everything is decided under the project's lock, on the log as it is then.
func (r *Runner) CollectGarbage(dry bool, older time.Duration) (*GarbageReport, error) {
	before, err := r.garbage(older)
	if err != nil {
		return nil, fmt.Errorf("looking for what may be removed: %w", err)
	}
	if dry {
		return garbageReport(before, true), nil
	}
	unlock, err := r.prepare("gc") // which sweeps what a crash leaves
	if err != nil {
		return nil, r.fullDisk(err)
	}
	defer unlock()
	left, err := r.garbage(older)
	if err == nil {
		err = r.alone(func() error { return r.remove(left) })
	}
	removed := slices.DeleteFunc(before, func(g Garbage) bool {
		_, err := os.Lstat(g.path)
		return !errors.Is(err, fs.ErrNotExist)
	})
	return garbageReport(removed, false), err
}

func garbageReport(items []Garbage, dry bool) *GarbageReport {
	report := &GarbageReport{DryRun: dry, Items: items}
	for _, g := range items {
		report.Bytes += g.Bytes
	}
	if items == nil {
		report.Items = []Garbage{}
	}
	slices.SortStableFunc(report.Items, func(a, b Garbage) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Path, b.Path))
	})
	return report
}

// garbage lists what may be removed now.
func (r *Runner) garbage(older time.Duration) ([]Garbage, error) {
	lakes, err := r.lakeGarbage()
	if err != nil {
		return nil, err
	}
	releases, err := r.releaseGarbage()
	if err != nil {
		return nil, err
	}
	rest, err := r.otherGarbage()
	if err != nil {
		return nil, err
	}
	all := append(append(lakes, releases...), rest...)
	return slices.DeleteFunc(all, func(g Garbage) bool {
		// DuckDB files of old releases have an age of their own: keep_releases.
		return g.Kind != GarbageRelease && younger(g.path, older)
	}), nil
}

// younger says whether something, or anything in it, was written lately by the clock of the machine.
func younger(path string, than time.Duration) bool {
	young := false
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil {
			info, err := d.Info()
			young = young || err == nil && time.Since(info.ModTime()) < than
		}
		return nil
	})
	return young
}

func (r *Runner) item(kind, path string) Garbage {
	g := Garbage{Kind: kind, Path: path, path: path}
	if rel, err := filepath.Rel(r.Project.DataDir, path); err == nil && filepath.IsLocal(rel) {
		g.Path = filepath.ToSlash(rel)
	}
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				g.Bytes += info.Size()
			}
		}
		return nil
	})
	return g
}

func (r *Runner) lakeGarbage() ([]Garbage, error) {
	found, err := r.Lake.Garbage()
	var all []Garbage
	for _, f := range found {
		kind := GarbageFile
		switch {
		case f.Temporary:
			kind = GarbageTemporary
		case f.Key:
			kind = GarbageKey
		case strings.HasSuffix(f.Path, ".age"):
			kind = GarbageObject
		}
		all = append(all, r.item(kind, f.Path))
	}
	return all, err
}

var releaseFolder = regexp.MustCompile(`^r[0-9]{6,}$`)

func (r *Runner) releaseGarbage() ([]Garbage, error) {
	prunable, err := r.Releases.Prunable(r.Project.KeepReleases)
	if err != nil {
		return nil, err
	}
	var all []Garbage
	for _, one := range prunable {
		for _, name := range []string{warehouse.OpenFile, warehouse.WarehouseFile} {
			if path := filepath.Join(one.Dir, name); exists(path) {
				all = append(all, r.item(GarbageRelease, path))
			}
		}
	}
	published, err := r.Releases.Publications()
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, p := range published {
		known[p.Release] = true
	}
	err = inFolder(r.Releases.Dir(), func(path, name string) {
		if releaseFolder.MatchString(name) && !known[name] {
			all = append(all, r.item(GarbageUnpublished, path))
		}
	})
	return all, err
}

// otherGarbage finds what is left of processes that are gone, and of feeds that are no more.
func (r *Runner) otherGarbage() ([]Garbage, error) {
	feeds := map[string]bool{}
	for _, s := range r.Project.Sources {
		for _, f := range s.Feeds {
			feeds[f.Name] = true
		}
	}
	var all []Garbage
	temporary := func(path, _ string) { all = append(all, r.item(GarbageTemporary, path)) }
	for folder, visit := range map[string]func(path, name string){
		r.tmpRoot():   temporary,
		r.buildsDir(): temporary,
		filepath.Join(r.Project.DataDir, noteFolder): func(path, name string) {
			feed, _, _ := strings.Cut(name, ".json")
			if !feeds[feed] || strings.HasSuffix(name, newNote("")) {
				temporary(path, name)
			}
		},
		filepath.Join(r.Project.DataDir, notesFolder): func(path, name string) {
			if info, err := os.Lstat(path); err == nil && info.IsDir() && !feeds[name] {
				all = append(all, r.item(GarbageNote, path))
			}
		},
	} {
		if err := inFolder(folder, visit); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func inFolder(folder string, visit func(path, name string)) error {
	found, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range found {
		visit(filepath.Join(folder, f.Name()), f.Name())
	}
	return err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// remove removes what is left after the sweep. Nothing of the lake is: the sweep has just decided on
// that, and what came since is younger than any age.
func (r *Runner) remove(left []Garbage) error {
	if _, err := r.Releases.Prune(r.Project.KeepReleases); err != nil {
		return err
	}
	for _, g := range left {
		if g.Kind == GarbageTemporary || g.Kind == GarbageNote {
			if err := os.RemoveAll(g.path); err != nil {
				return fmt.Errorf("removing %s: %w", g.Path, err)
			}
		}
	}
	return nil
}
