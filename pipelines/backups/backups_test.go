package backups

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/warehouse"
)

// A site is a project without DuckDB: a backup cares about files, not about what is in them.
type site struct {
	t testing.TB
	Source
	dir, dest string
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t, dir: filepath.Join(t.TempDir(), "project"), dest: t.TempDir()}
	t.Cleanup(func() { openAll(s.dir) })
	s.write("lindung.yaml", "project:\n  name: Test\n")
	s.write("reference/list.csv", "a,b\n")
	s.check(os.Mkdir(filepath.Join(s.dir, "sources"), 0o755))
	s.load()
	master, err := lake.WriteMaster(filepath.Join(s.Project.KeysDir, "master.key"))
	s.check(err)
	s.Lake, err = lake.Open(s.Project.DataDir, master)
	s.check(err)
	s.Releases, err = warehouse.OpenReleases(filepath.Join(s.Project.DataDir, "releases"))
	s.check(err)
	s.Master, s.Code, s.Now = master, "test", time.Date(2024, 1, 15, 9, 0, 0, 0, time.UTC)
	return s
}

func (s *site) load() {
	s.t.Helper()
	project, err := configs.Load(s.dir, configs.Options{})
	s.check(err)
	s.Project = project
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	s.check(errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)))
}

// deliver commits an object and a file, which is no Parquet: nobody here reads it as such.
func (s *site) deliver(text string) {
	s.t.Helper()
	landed, err := s.Lake.Land("siskop2mi", "2024-01", strings.NewReader(text), 1<<20)
	s.check(err)
	file, err := s.Lake.WriteFile("placements", "siskop2mi", "2023-12", oneRow(text))
	s.check(err)
	_, err = s.Lake.Commit(lake.Entry{Kind: lake.Delivery, Feed: "feed", Source: "siskop2mi", Dataset: "placements", Origin: "sample", KnownAt: s.Now,
		Objects: []lake.ObjectRecord{{ID: lake.FormatID(landed.ID), Name: "o", Month: "2024-01", Bytes: landed.Bytes}}, Files: []lake.File{file}})
	s.check(err)
}

// publish makes a release.
func (s *site) publish() {
	s.t.Helper()
	id, err := s.Releases.NextID()
	s.check(err)
	build := filepath.Join(s.Project.DataDir, "builds")
	for _, name := range []string{"warehouse.duckdb", "figures.parquet", "sql/k.sql"} {
		path := filepath.Join(build, name)
		s.check(errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(name+id), 0o644)))
	}
	head, hash, err := s.Lake.Head()
	s.check(err)
	m := &warehouse.Manifest{Format: warehouse.StateFormat, ReleaseID: id, Origin: "sample", LogHead: head, LogHash: hash}
	s.check(errors.Join(warehouse.Seal(build, m), s.Releases.Publish(build, m)))
}

type oneRow string

func (r oneRow) Len() int                       { return 1 }
func (r oneRow) Sort()                          {}
func (r oneRow) WriteParquet(w io.Writer) error { _, err := io.WriteString(w, string(r)); return err }
func (r oneRow) Columns() []string              { return []string{"row_key"} }
func (r oneRow) Sums() (nulls []int64, sums []uint64, mins, maxs []string) {
	return []int64{0}, []uint64{uint64(len(r))}, []string{""}, []string{""}
}

func (s *site) store() *connectors.FolderStore { return &connectors.FolderStore{Dir: s.dest} }

// take makes a backup that has nothing to object to.
func (s *site) take() *Report {
	s.t.Helper()
	report, err := Take(s.t.Context(), s.store(), s.Source)
	s.check(err)
	if len(report.Problems) > 0 {
		s.t.Fatalf("problems: %v", report.Problems)
	}
	return report
}

func (s *site) keys() []lake.KeyFile {
	s.t.Helper()
	archive := filepath.Join(s.t.TempDir(), "keys")
	_, err := Keys(KeysOptions{Folder: s.Project.KeysDir, Data: s.Project.DataDir, File: archive})
	s.check(err)
	files, err := lake.OpenKeyArchive(archive, "")
	s.check(err)
	return files
}

// restore restores the newest snapshot, or fails.
func (s *site) restore(store Store, dir string) (*RestoreReport, error) {
	s.t.Cleanup(func() { openAll(dir) })
	return Restore(s.t.Context(), store, RestoreOptions{Dir: dir, Keys: s.keys()})
}

// sound says what Verify finds.
func (s *site) sound() error {
	report, err := Verify(s.t.Context(), s.store(), nil)
	if err == nil && len(report.Problems) > 0 {
		err = errors.New(strings.Join(report.Problems, "; "))
	}
	return err
}

// openAll lets the test remove what is read-only.
func openAll(dir string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return err
	})
}

// tree gives every file below a folder, with its content and mode, but DuckDB files and the lock.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".duckdb") || d.Name() == ".lock" {
			return err
		}
		if d.Type()&fs.ModeSymlink != 0 {
			to, err := os.Readlink(path)
			files[strings.TrimPrefix(path, dir)] = "link to " + to
			return err
		}
		text, err := os.ReadFile(path)
		info, _ := d.Info()
		files[strings.TrimPrefix(path, dir)] = fmt.Sprint(info.Mode(), " ", string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sameTree(t testing.TB, want, got map[string]string) {
	t.Helper()
	for path, text := range want {
		if got[path] != text {
			t.Errorf("%s is %.60q, want %.60q", path, got[path], text)
		}
	}
	for path := range got {
		if _, there := want[path]; !there {
			t.Errorf("%s was not there", path)
		}
	}
}

// stopping is a store that fails from its n-th step on: before it has its effect, or after.
type stopping struct {
	Store
	left  int
	after bool
}

var errPower = errors.New("the power went")

func (s *stopping) step(do func() error) error {
	if s.left--; s.left < 0 && !s.after {
		return errPower
	}
	err := do()
	if s.left < 0 {
		err = errPower
	}
	return err
}

func (s *stopping) Put(ctx context.Context, f connectors.StoredFile, content io.ReadSeeker) error {
	return s.step(func() error { return s.Store.Put(ctx, f, content) })
}

func (s *stopping) Swap(ctx context.Context, name string, old, content []byte) error {
	return s.step(func() error { return s.Store.Swap(ctx, name, old, content) })
}

func (s *stopping) Fetch(ctx context.Context, name string, to io.Writer) error {
	return s.step(func() error {
		if s.left < 0 { // half of it came
			var all bytes.Buffer
			if err := s.Store.Fetch(ctx, name, &all); err != nil {
				return err
			}
			_, err := to.Write(all.Bytes()[:all.Len()/2])
			return err
		}
		return s.Store.Fetch(ctx, name, to)
	})
}
