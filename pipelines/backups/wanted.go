package backups

import (
	"fmt"
	"path"
	"path/filepath"
	"time"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/reports/editions"
	"github.com/kp2mi/lindung/warehouse"
)

// look decides what the snapshot is of. The order matters while a run goes on: what was published
// is read before the log, so that no release knows more than the log in the same snapshot.
func (t *taking) look() error {
	frozen, err := t.Releases.Frozen()
	if err != nil {
		return err
	}
	publications, err := t.Releases.Publications()
	if err != nil {
		return err
	}
	snap, err := t.Lake.Snapshot(time.Time{})
	if err != nil {
		return err
	}
	p := t.Project
	t.next = Snapshot{Format: format, TakenAt: t.Now.UTC().Truncate(time.Second), Code: t.Code, Project: p.Name, Origin: p.Origin(),
		Data: inProject(p.Dir, p.DataDir), Keys: inProject(p.Dir, p.KeysDir), MasterKey: t.Master.ID(), LogHead: snap.Head, LogHash: snap.HeadHash}
	if err := t.wantReleases(publications, frozen); err != nil {
		return err
	}
	if err := t.wantEditions(); err != nil {
		return err
	}
	var entries []wanted
	for _, f := range lake.Named(snap.Entries) {
		w := wanted{path: f.Path, bytes: f.Bytes, sha256: f.SHA256}
		switch {
		case f.Landed():
			w.landed = &f
		case f.Bytes < 0:
			entries = append(entries, w)
			continue
		}
		t.wanted = append(t.wanted, w)
	}
	t.wanted = append(t.wanted, entries...) // the log is copied last
	return nil
}

// inProject gives a folder as it has to be found again: relative to the project where it lies in it.
func inProject(project, dir string) string {
	absolute, err := filepath.Abs(project)
	if err != nil {
		return dir
	}
	rel, err := filepath.Rel(absolute, dir)
	if err != nil || !filepath.IsLocal(rel) {
		return dir
	}
	return filepath.ToSlash(rel)
}

// wantReleases wants of every release what cannot be made again: figures, lists, SQL and manifest.
// DuckDB files are made again from the lake, but for releases that a frozen month needs as they are.
func (t *taking) wantReleases(publications []warehouse.Publication, frozen []warehouse.Frozen) error {
	pinned := map[string]bool{}
	for _, f := range frozen {
		pinned[f.Release] = true
		t.want(path.Join("_frozen", f.Month+".json"), -1, "")
	}
	seen := map[string]bool{}
	for _, p := range publications {
		t.want(path.Join("_pub", fmt.Sprintf("%020d", p.No)), -1, "")
		t.next.Publication, t.next.Release = p.No, p.Release
		if seen[p.Release] {
			continue
		}
		seen[p.Release] = true
		one, err := t.Releases.Get(p.Release)
		if err != nil {
			return err
		}
		for _, f := range one.Manifest.Files {
			if path.Ext(f.Path) != ".duckdb" || pinned[p.Release] && !one.Pruned {
				t.want(path.Join(p.Release, f.Path), f.Bytes, f.SHA256)
			}
		}
		t.want(path.Join(p.Release, warehouse.ManifestFile), -1, "")
	}
	return nil
}

// wantEditions wants the editions of reports with what was said and done about them: nothing of it can
// be made again.
func (t *taking) wantEditions() error {
	files, err := editions.Open(filepath.Join(t.Project.DataDir, editionsFolder)).Files()
	for _, f := range files {
		t.wanted = append(t.wanted, wanted{path: path.Join(editionsFolder, f.Name), bytes: f.Bytes, sha256: f.SHA256})
	}
	return err
}

// editionsFolder is where the editions of reports lie, in the data folder.
const editionsFolder = "editions"

func (t *taking) want(name string, bytes int64, sha256 string) {
	t.wanted = append(t.wanted, wanted{path: path.Join("releases", name), bytes: bytes, sha256: sha256})
}
