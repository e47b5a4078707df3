package warehouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Publish makes a sealed build directory the current release. It moves the directory to its id, makes it
// read-only, and only then writes the publication, which is the one step that counts: before it readers see the
// release before, after it the new one, and there is nothing in between. Sample and real data do not share a
// folder of releases.
func (r *Releases) Publish(buildDir string, m *Manifest) error {
	if err := r.publish(buildDir, m); err != nil {
		return fmt.Errorf("publishing release %s: %w", m.ReleaseID, err)
	}
	return nil
}

func (r *Releases) publish(buildDir string, m *Manifest) error {
	all, err := r.publications()
	if err != nil {
		return err
	}
	next, err := r.NextID()
	if err != nil {
		return err
	}
	if m.ReleaseID != next {
		return fmt.Errorf("the next id is %s; another release was published meanwhile, build again", next)
	}
	if len(all) > 0 && all[len(all)-1].Origin != m.Origin {
		return fmt.Errorf("the releases here are of origin %s and this one is %s; sample and real data never share a folder, use another project folder",
			all[len(all)-1].Origin, m.Origin)
	}
	if err := checkSealed(buildDir, m); err != nil {
		return err
	}
	if err := r.at("before sync"); err != nil {
		return err
	}
	if err := syncTree(buildDir); err != nil {
		return err
	}
	dir := filepath.Join(r.dir, m.ReleaseID)
	if err := r.dropUnpublished(m.ReleaseID); err != nil {
		return err
	}
	if err := r.at("before move"); err != nil {
		return err
	}
	if err := os.Rename(buildDir, dir); err != nil {
		return err
	}
	if err := r.at("after move"); err != nil {
		return err
	}
	if err := setModes(dir, 0o444, 0o555); err != nil {
		return err
	}
	if err := syncTree(dir); err != nil {
		return err
	}
	if err := syncDir(r.dir); err != nil {
		return err
	}
	return r.makeCurrent(int64(len(all)+1), m.ReleaseID, "publish", m.Origin)
}

// checkSealed refuses a directory that is not exactly what its manifest says.
func checkSealed(dir string, m *Manifest) error {
	written, err := ReadManifest(dir)
	if err != nil {
		return err
	}
	if written.ReleaseID != m.ReleaseID || written.ContentHash != m.ContentHash {
		return errors.New("the build folder holds another release")
	}
	got, err := hashTree(context.Background(), dir)
	if err != nil {
		return err
	}
	if problems := compareFiles(m.ReleaseID, written.Files, got, false); len(problems) > 0 {
		return fmt.Errorf("the build folder does not match its manifest (%s); build again", strings.Join(problems, "; "))
	}
	return nil
}

// Rollback makes an earlier release current again. It is a publication of its own: nothing is taken back, and
// the order of what readers saw stays on record.
func (r *Releases) Rollback(id string) error {
	all, err := r.publications()
	if err != nil {
		return fmt.Errorf("rolling back to %s: %w", id, err)
	}
	target, err := r.Get(id)
	if err != nil {
		return fmt.Errorf("rolling back to %s: %w", id, err)
	}
	switch {
	case target.Current:
		return fmt.Errorf("rolling back to %s: it is the current release already", id)
	case target.Pruned:
		return fmt.Errorf("rolling back to %s: its DuckDB files were pruned; run lindung build --as-of its day instead", id)
	}
	if err := r.makeCurrent(int64(len(all)+1), id, "rollback", target.Manifest.Origin); err != nil {
		return fmt.Errorf("rolling back to %s: %w", id, err)
	}
	return nil
}

// makeCurrent writes the publication, put-if-absent, and then points the link at it.
func (r *Releases) makeCurrent(no int64, id, kind, origin string) error {
	manifest, _, err := hashFile(filepath.Join(r.dir, id, ManifestFile))
	if err != nil {
		return err
	}
	text, err := json.Marshal(publication{Format: StateFormat, No: no, Release: id, Kind: kind, Origin: origin, Manifest: manifest})
	if err != nil {
		return err
	}
	if err := r.at("before publication"); err != nil {
		return err
	}
	folder := filepath.Join(r.dir, publicationsFolder)
	tmp, final := filepath.Join(folder, fmt.Sprintf(".tmp-%d", os.Getpid())), filepath.Join(folder, fmt.Sprintf("%020d", no))
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := writeDurably(tmp, append(text, '\n')); err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := r.at("before link"); err != nil {
		return err
	}
	if err := os.Link(tmp, final); err != nil { // a rename would overwrite another's publication
		return fmt.Errorf("taking publication number %d (did another program publish?): %w", no, err)
	}
	if err := syncDir(folder); err != nil {
		return err
	}
	if err := r.at("after link"); err != nil {
		return err
	}
	return r.point(id)
}

// point replaces the link in one step. The link is relative, so that the project folder can be moved.
func (r *Releases) point(id string) error {
	tmp := filepath.Join(r.dir, "."+currentLink+".tmp")
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(id, tmp); err != nil {
		return err
	}
	if err := r.at("before pointing"); err != nil {
		return err
	}
	if err := os.Rename(tmp, filepath.Join(r.dir, currentLink)); err != nil {
		return err
	}
	return syncDir(r.dir)
}

// Repair brings the folder into the state that its publications describe: the link points at the newest of them,
// a release that was moved but never published goes away, and so do temporary files. It is what every start of a
// writing command does, hence no special path. It returns what it did, in words.
func (r *Releases) Repair() (done []string, err error) {
	all, err := r.publications()
	if err != nil {
		return nil, fmt.Errorf("repairing releases: %w", err)
	}
	published := map[string]bool{}
	for _, p := range all {
		published[p.Release] = true
	}
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return nil, fmt.Errorf("repairing releases: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() && releaseName.MatchString(e.Name()) && !published[e.Name()] {
			if err := r.dropUnpublished(e.Name()); err != nil {
				return done, fmt.Errorf("repairing releases: %w", err)
			}
			done = append(done, "removed unpublished "+e.Name())
		}
	}
	if err := r.removeTemporary(); err != nil {
		return done, fmt.Errorf("repairing releases: %w", err)
	}
	if len(all) == 0 {
		return done, nil
	}
	want := all[len(all)-1].Release
	if have, err := os.Readlink(filepath.Join(r.dir, currentLink)); err != nil || have != want {
		if err := r.point(want); err != nil {
			return done, fmt.Errorf("repairing releases: %w", err)
		}
		done = append(done, "pointed current at "+want)
	}
	return done, nil
}

func (r *Releases) removeTemporary() error {
	leftovers, err := filepath.Glob(filepath.Join(r.dir, publicationsFolder, ".tmp-*"))
	if err != nil {
		return err
	}
	for _, path := range append(leftovers, filepath.Join(r.dir, "."+currentLink+".tmp")) {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// dropUnpublished removes a directory that took an id but was never published, so that the id is free again.
func (r *Releases) dropUnpublished(id string) error {
	dir := filepath.Join(r.dir, id)
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := setModes(dir, 0o644, 0o755); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// Prune removes the DuckDB files of all but the newest keep releases, never of the current one nor of one that a
// frozen month needs. Figures, manifest and SQL of every release stay for good. It returns the ids that lost their files.
func (r *Releases) Prune(keep int) (pruned []string, err error) {
	list, err := r.Prunable(keep)
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		if err := pruneOne(one.Dir); err != nil {
			return pruned, fmt.Errorf("pruning release %s: %w", one.ID, err)
		}
		pruned = append(pruned, one.ID)
	}
	return pruned, nil
}

// Prunable lists the releases that Prune would take the DuckDB files of.
func (r *Releases) Prunable(keep int) (found []Release, err error) {
	if keep < 1 {
		return nil, fmt.Errorf("pruning releases: at least one must stay, not %d", keep)
	}
	list, err := r.List()
	if err != nil {
		return nil, fmt.Errorf("pruning releases: %w", err)
	}
	pinned, err := r.pinned()
	if err != nil {
		return nil, fmt.Errorf("pruning releases: %w", err)
	}
	for i, one := range list {
		if i < len(list)-keep && !one.Current && !one.Pruned && !pinned[one.ID] {
			found = append(found, one)
		}
	}
	return found, nil
}

func pruneOne(dir string) (err error) {
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Chmod(dir, 0o555)) }()
	for _, name := range []string{OpenFile, WarehouseFile} { // the one that marks a release as pruned goes last
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return syncDir(dir)
}

func (r *Releases) at(point string) error {
	if r.step == nil {
		return nil
	}
	return r.step(point)
}

// setModes sets the permissions of a tree, files before the directories that hold them.
func setModes(dir string, file, folder fs.FileMode) error {
	if err := os.Chmod(dir, folder|0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() {
			err = setModes(path, file, folder)
		} else {
			err = os.Chmod(path, file)
		}
		if err != nil {
			return err
		}
	}
	return os.Chmod(dir, folder)
}

// syncTree makes a directory and all in it durable. A file whose sync fails must not be published.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncDir(path)
	})
}

// syncDir makes one file or directory durable.
func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
