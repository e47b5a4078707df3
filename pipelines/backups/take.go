package backups

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/warehouse"
)

// A Source is the project that a backup is made of.
type Source struct {
	Project  *configs.Project
	Lake     *lake.Lake
	Releases *warehouse.Releases
	Master   lake.Master
	Now      time.Time
	Code     string
	// Progress, when given, is told the files done and all of them.
	Progress func(done, total int)
}

// A Report says what a backup did.
type Report struct {
	Place    string   `json:"place"`
	Snapshot int64    `json:"snapshot"` // 0: none was made
	LogHead  int64    `json:"log_head"`
	Release  string   `json:"release,omitempty"`
	Files    int      `json:"files"`  // that the snapshot holds
	Copied   int      `json:"copied"` // that were new
	Bytes    int64    `json:"bytes"`  // of them
	UpToDate bool     `json:"up_to_date"`
	Problems []string `json:"problems"` // files that are not as they were written, and are not copied
}

// A taking is one backup under way.
type taking struct {
	Source
	store  Store
	before *copyOf
	report *Report
	wanted []wanted
	next   Snapshot
}

// wanted is a file below the data folder that the snapshot has to hold.
type wanted struct {
	path   string
	bytes  int64  // -1: not known
	sha256 string // "": not known
	landed *lake.NamedFile
}

// Take brings a place up to what the project is now. It can end anywhere, and is taken up where it
// ended. A file that is not as it was written is a problem and no error: everything else is copied,
// and no snapshot is made that would vouch for it.
func Take(ctx context.Context, store Store, source Source) (*Report, error) {
	t := &taking{Source: source, store: store, report: &Report{Place: store.Place(), Problems: []string{}}}
	if err := t.look(); err != nil {
		return nil, fmt.Errorf("backing up: %w", err)
	}
	closeStore, err := store.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("backing up: %w", err)
	}
	defer closeStore()
	if t.before, err = load(ctx, store, 0); err != nil {
		return nil, fmt.Errorf("backing up: %w", err)
	}
	if err := t.judge(); err != nil {
		return nil, err
	}
	if err := t.copy(ctx); err != nil {
		return t.report, fmt.Errorf("backing up: %w; nothing is lost: run it again, and it goes on from there", err)
	}
	return t.report, nil
}

// judge refuses a place that holds another project, or a later state of this one.
func (t *taking) judge() error {
	if t.before == nil {
		return nil
	}
	was, place := t.before.Snapshot, t.store.Place()
	refuse := func(what string) error {
		return fmt.Errorf("%w: %s; name another place for this project", ErrRefused, what)
	}
	switch {
	case was.Origin != t.next.Origin && was.LogHead > 0 && t.next.LogHead > 0:
		return refuse(fmt.Sprintf("%s holds %s data and this project has %s data", place, was.Origin, t.next.Origin))
	case !t.Master.Replaces(was.MasterKey):
		return refuse(fmt.Sprintf("%s holds a project with the master key %s and this one has %s", place, was.MasterKey, t.Master.ID()))
	case was.Publication > t.next.Publication:
		return refuse(fmt.Sprintf("%s knows %d publications and this project only %d: it is an older copy", place, was.Publication, t.next.Publication))
	}
	if was.Publication > 0 {
		name := path.Join("releases", "_pub", fmt.Sprintf("%020d", was.Publication))
		text, err := os.ReadFile(filepath.Join(t.Project.DataDir, filepath.FromSlash(name)))
		if kept, known := t.before.files[name]; err != nil || known && kept.SHA256 != sumOf(text) {
			return refuse(fmt.Sprintf("publication %d in %s is not this project's: the two went different ways", was.Publication, place))
		}
	}
	if err := t.Lake.Holds(was.LogHead, was.LogHash); err != nil {
		return fmt.Errorf("%w: %s holds what this project does not: %w", ErrRefused, place, err)
	}
	return nil
}

// copy brings what is new, then lists it, then vouches for it.
func (t *taking) copy(ctx context.Context) error {
	fresh, err := t.copyData(ctx)
	if err != nil {
		return err
	}
	if t.next.Config, err = t.copyConfig(ctx); err != nil {
		return err
	}
	t.report.LogHead, t.report.Release = t.next.LogHead, t.next.Release
	t.report.Files = len(t.wanted) + len(t.next.Config)
	if len(t.report.Problems) > 0 {
		return nil
	}
	if b := t.before; b != nil {
		t.next.No, t.next.Prev, t.next.Lists = b.No+1, b.sum, slices.Clone(b.Lists)
		if len(fresh) == 0 && slices.Equal(b.Config, t.next.Config) && b.LogHash == t.next.LogHash && b.Publication == t.next.Publication {
			t.report.Snapshot, t.report.UpToDate = b.No, true
			return nil
		}
	} else {
		t.next.No = 1
	}
	if len(fresh) > 0 {
		list, err := json.Marshal(fresh)
		if err != nil {
			return err
		}
		kept := Kept{Path: "files.json", Mode: 0o444, Bytes: int64(len(list)), SHA256: sumOf(list)}
		if err := t.store.Put(ctx, kept.object(), bytes.NewReader(list)); err != nil {
			return err
		}
		t.next.Lists = append(t.next.Lists, kept)
	}
	return t.vouch(ctx)
}

func (t *taking) vouch(ctx context.Context) error {
	text, err := json.MarshalIndent(t.next, "", " ")
	if err != nil {
		return err
	}
	file := Kept{Bytes: int64(len(text)), SHA256: sumOf(text)}.object()
	file.Name = snapshotName(t.next.No)
	if err := t.store.Put(ctx, file, bytes.NewReader(text)); err != nil {
		return err
	}
	newest, err := json.Marshal(head{Format: format, Snapshot: t.next.No, SHA256: file.SHA256})
	if err != nil {
		return err
	}
	var was []byte
	if t.before != nil {
		was = t.before.head
	}
	if err := t.store.Swap(ctx, headFile, was, append(newest, '\n')); err != nil {
		return err
	}
	t.report.Snapshot = t.next.No
	return nil
}

// copyData copies the files below the data folder that the backup does not hold yet. Files never
// change, so that one which it holds is not read again.
func (t *taking) copyData(ctx context.Context) (fresh []Kept, err error) {
	for i, w := range t.wanted {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if t.Progress != nil {
			t.Progress(i, len(t.wanted))
		}
		if t.before != nil {
			if kept, known := t.before.files[w.path]; known {
				there, err := t.store.Sized(ctx, kept.object())
				if err != nil {
					return nil, err
				}
				if there {
					continue
				}
			}
		}
		kept, err := t.copyOne(ctx, filepath.Join(t.Project.DataDir, filepath.FromSlash(w.path)), w)
		var bad damage
		switch {
		case errors.As(err, &bad):
			t.report.Problems = append(t.report.Problems, bad.Error())
		case err != nil:
			return nil, err
		case t.before == nil || t.before.files[w.path] != kept:
			fresh = append(fresh, kept)
		}
	}
	return fresh, nil
}

// damage is a file of the project that is not as it was written.
type damage struct{ error }

// Unwrap gives what was found.
func (d damage) Unwrap() error { return d.error }

func damaged(path, format string, args ...any) error {
	return damage{fmt.Errorf("%s: %w; lindung verify says more, and an earlier backup may have it", path, fmt.Errorf(format, args...))}
}

// copyOne copies a file as it was written, or says how it is not.
func (t *taking) copyOne(ctx context.Context, from string, w wanted) (Kept, error) {
	f, err := os.Open(from)
	if err != nil {
		return Kept{}, damaged(w.path, "%w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Kept{}, damaged(w.path, "%w", err)
	}
	sum := &hashed{}
	if _, err := io.Copy(sum, f); err != nil {
		return Kept{}, damaged(w.path, "%w", err)
	}
	kept := Kept{Path: w.path, Mode: info.Mode().Perm(), Bytes: sum.n, SHA256: sum.hex()}
	switch {
	case w.bytes >= 0 && w.bytes != kept.Bytes:
		return kept, damaged(w.path, "it has %d bytes where %d were written", kept.Bytes, w.bytes)
	case w.sha256 != "" && w.sha256 != kept.SHA256:
		return kept, damaged(w.path, "it has changed since it was written")
	case w.landed != nil:
		// What was shredded is copied as it lies: nobody can read it, and the log names it still.
		if err := t.readLanded(w.landed); err != nil && !errors.Is(err, lake.ErrShredded) {
			return kept, damaged(w.path, "%w", err)
		}
	}
	there, err := t.store.Sized(ctx, kept.object())
	if err == nil && !there {
		err = t.store.Put(ctx, kept.object(), f)
		t.report.Copied, t.report.Bytes = t.report.Copied+1, t.report.Bytes+kept.Bytes
	}
	return kept, err
}

// readLanded opens a landed object to its end: only its content says whether it is whole. One whose
// key was destroyed on purpose is kept as it is.
func (t *taking) readLanded(f *lake.NamedFile) error {
	object, err := t.Lake.OpenObject(f.Source, f.Month, f.ID)
	if errors.Is(err, lake.ErrKeyGone) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, object)
	return errors.Join(err, object.Close())
}

// copyConfig copies what people wrote: lindung.yaml, the sources' files, and reference files beside them.
// Secrets are references in these files and are not followed.
func (t *taking) copyConfig(ctx context.Context) ([]Kept, error) {
	files := map[string]bool{configs.ProjectFile: true}
	for _, s := range t.Project.Sources {
		files[s.File] = true
	}
	for _, folder := range []string{"reference", "schema"} {
		err := filepath.WalkDir(filepath.Join(t.Project.Dir, folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return ignoreMissing(err)
			}
			rel, err := filepath.Rel(t.Project.Dir, name)
			files[filepath.ToSlash(rel)] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var kept []Kept
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return nil, fmt.Errorf("%s lies outside of the project folder; move it into it", name)
		}
		k, err := t.copyOne(ctx, filepath.Join(t.Project.Dir, filepath.FromSlash(name)), wanted{path: name, bytes: -1})
		if errors.Is(err, fs.ErrNotExist) && name != configs.ProjectFile {
			continue // a source that comes with the program
		}
		if err != nil {
			return nil, err
		}
		kept = append(kept, k)
	}
	return kept, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
