package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeBuild makes a sealed directory without DuckDB: publication cares about files, not about what is in them.
func fakeBuild(t testing.TB, root, id string) (string, *Manifest) {
	t.Helper()
	dir := filepath.Join(root, "build-"+id)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{WarehouseFile: "tables of " + id, OpenFile: "open " + id, FiguresFile: "figures " + id, "marts/m.parquet": "m", "sql/4_kpis/k.sql": "select"} {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m := &Manifest{Format: StateFormat, ReleaseID: id, Origin: OriginSample, ContentHash: "hash of " + id}
	if err := Seal(dir, m); err != nil {
		t.Fatal(err)
	}
	return dir, m
}

func openReleases(t testing.TB, dir string) *Releases {
	t.Helper()
	r, err := OpenReleases(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { makeRemovable(dir) })
	return r
}

func makeRemovable(dir string) {
	_ = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return err
	})
}

func publishNext(t testing.TB, r *Releases, root string) string {
	t.Helper()
	id, err := r.NextID()
	if err != nil {
		t.Fatal(err)
	}
	dir, m := fakeBuild(t, root, id)
	if err := r.Publish(dir, m); err != nil {
		t.Fatal(err)
	}
	return id
}

// seen is what a reader gets through the link: the text of the warehouse file.
func seen(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, currentLink, WarehouseFile))
	if err != nil {
		return "error: " + err.Error()
	}
	return string(text)
}

func TestPublishRollbackPrune(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "releases")
	r := openReleases(t, dir)
	if c, err := r.Current(); c != nil || err != nil {
		t.Fatalf("before the first publication: %v, %v", c, err)
	}
	for _, want := range []string{"r000001", "r000002", "r000003"} {
		if got := publishNext(t, r, root); got != want {
			t.Fatalf("published %s, want %s", got, want)
		}
		if got := seen(dir); got != "tables of "+want {
			t.Fatalf("a reader sees %q", got)
		}
	}
	if target, _ := os.Readlink(filepath.Join(dir, "current")); target != "r000003" {
		t.Errorf("the link points at %q; it must be relative", target)
	}
	for path, mode := range map[string]os.FileMode{"r000002": 0o555, "r000002/marts": 0o555, "r000002/warehouse.duckdb": 0o444, "r000002/marts/m.parquet": 0o444} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: mode %v, %v; want %v", path, info.Mode().Perm(), err, mode)
		}
	}
	if err := r.Rollback("r000001"); err != nil {
		t.Fatal(err)
	}
	if c, err := r.Current(); err != nil || c.ID != "r000001" || seen(dir) != "tables of r000001" {
		t.Errorf("after the rollback: %v, %v, a reader sees %q", c, err, seen(dir))
	}
	if got := publishNext(t, r, root); got != "r000004" {
		t.Errorf("after a rollback the next id is %s", got)
	}
	if err := r.Rollback("r000001"); err != nil {
		t.Fatal(err)
	}
	pruned, err := r.Prune(1)
	if err != nil || strings.Join(pruned, " ") != "r000002 r000003" {
		t.Errorf("pruned %v, %v; the current release and the newest stay", pruned, err)
	}
	list, err := r.List()
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, one := range list {
		text = append(text, fmt.Sprintf("%s current=%v pruned=%v", one.ID, one.Current, one.Pruned))
	}
	want := "r000001 current=true pruned=false, r000002 current=false pruned=true, r000003 current=false pruned=true, r000004 current=false pruned=false"
	if got := strings.Join(text, ", "); got != want {
		t.Errorf("list:\n got  %s\n want %s", got, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "r000002", FiguresFile)); err != nil {
		t.Error("pruning took the figures")
	}
	for id, want := range map[string]string{"r000001": "it is the current release already", "r000002": "were pruned", "r000009": "was never published"} {
		if err := r.Rollback(id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("rolling back to %s: %v, want …%s…", id, err, want)
		}
	}
	if files, problems, err := r.Verify(context.Background()); err != nil || len(problems) > 0 || files != 4*6-2*2 {
		t.Errorf("verify: %d files, %v, %v", files, problems, err)
	}
}

func TestVerifyFindsEveryChange(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(dir string) error
		want   string
	}{
		"changed": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, FiguresFile), []byte("figures r00000X"), 0o644)
		}, "r000001/figures.parquet: has changed"},
		"missing":  {func(dir string) error { return os.Remove(filepath.Join(dir, OpenFile)) }, "r000001/open.duckdb: is missing"},
		"added":    {func(dir string) error { return os.WriteFile(filepath.Join(dir, "warehouse.duckdb.wal"), nil, 0o644) }, "r000001/warehouse.duckdb.wal: does not belong there"},
		"manifest": {func(dir string) error { return os.WriteFile(filepath.Join(dir, ManifestFile), []byte("{}"), 0o644) }, "r000001/manifest.json: is not the one that was published"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			r := openReleases(t, filepath.Join(root, "releases"))
			publishNext(t, r, root)
			dir := filepath.Join(r.Dir(), "r000001")
			if err := setModes(dir, 0o644, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := tc.change(dir); err != nil {
				t.Fatal(err)
			}
			_, problems, err := r.Verify(context.Background())
			if err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0], tc.want) {
				t.Errorf("%v, %v; want %s…", problems, err, tc.want)
			}
		})
	}
}

func TestPublishRefuses(t *testing.T) {
	root := t.TempDir()
	r := openReleases(t, filepath.Join(root, "releases"))
	publishNext(t, r, root)
	dir, m := fakeBuild(t, root, "r000002")
	other := *m
	other.Origin = OriginReal
	if err := r.Publish(dir, &other); err == nil || !strings.Contains(err.Error(), "sample and real data never share a folder") {
		t.Errorf("real beside sample: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "warehouse.duckdb.wal"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := r.Publish(dir, m); err == nil || !strings.Contains(err.Error(), "warehouse.duckdb.wal: does not belong there") {
		t.Errorf("a file that is not in the manifest: %v", err)
	}
	dir, m = fakeBuild(t, root, "r000007")
	if err := r.Publish(dir, m); err == nil || !strings.Contains(err.Error(), "the next id is r000002") {
		t.Errorf("a wrong id: %v", err)
	}
	if seen(r.Dir()) != "tables of r000001" {
		t.Error("a refused publication changed what readers see")
	}
}

func TestExtraFilesAreSealed(t *testing.T) {
	root := t.TempDir()
	r := openReleases(t, filepath.Join(root, "releases"))
	dir, m := fakeBuild(t, root, "r000001")
	if err := os.WriteFile(filepath.Join(dir, "report.html"), []byte("<html>"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Seal(dir, m); err != nil {
		t.Fatal(err)
	}
	if err := r.Publish(dir, m); err != nil {
		t.Fatal(err)
	}
	if c, err := r.Current(); err != nil || len(c.Manifest.Files) != 6 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestNewerStateIsRefused(t *testing.T) {
	root := t.TempDir()
	r := openReleases(t, filepath.Join(root, "releases"))
	publishNext(t, r, root)
	path := filepath.Join(r.Dir(), publicationsFolder, fmt.Sprintf("%020d", 2))
	if err := os.WriteFile(path, []byte(`{"format": 2, "no": 2, "release": "x-new-idea"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReleases(r.Dir()); !errors.Is(err, ErrNewerState) {
		t.Errorf("got %v", err)
	}
}

func TestAGapInThePublicationsIsFound(t *testing.T) {
	root := t.TempDir()
	r := openReleases(t, filepath.Join(root, "releases"))
	publishNext(t, r, root)
	publishNext(t, r, root)
	if err := os.Remove(filepath.Join(r.Dir(), publicationsFolder, fmt.Sprintf("%020d", 1))); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Current(); err == nil || !strings.Contains(err.Error(), "number 1 was expected") {
		t.Errorf("got %v", err)
	}
}

// TestCrashAtEveryPoint stops a publication, and a rollback, at each of its steps in turn. A reader who follows
// the link sees the release before or the new one; after the next start everybody sees what was published; and
// trying again works.
func TestCrashAtEveryPoint(t *testing.T) {
	crash := errors.New("the power went out")
	actions := map[string]func(*testing.T, *Releases, string) error{
		"publish": func(t *testing.T, r *Releases, root string) error {
			id, err := r.NextID()
			if err != nil {
				return err
			}
			dir, m := fakeBuild(t, root, id)
			return r.Publish(dir, m)
		},
		"rollback": func(_ *testing.T, r *Releases, _ string) error { return r.Rollback("r000001") },
	}
	for name, act := range actions {
		t.Run(name, func(t *testing.T) {
			want := map[string]string{"publish": "tables of r000003", "rollback": "tables of r000001"}[name]
			for at := 1; ; at++ {
				root := t.TempDir()
				dir := filepath.Join(root, "releases")
				r := openReleases(t, dir)
				publishNext(t, r, root)
				publishNext(t, r, root)
				count, point := 0, ""
				r.step = func(p string) error {
					if count++; count == at {
						point = p
						return crash
					}
					return nil
				}
				err := act(t, r, root)
				if err == nil {
					if at < 4 {
						t.Fatalf("only %d steps", at-1)
					}
					return
				}
				if !errors.Is(err, crash) {
					t.Fatal(err)
				}
				if got := seen(dir); got != "tables of r000002" && got != want {
					t.Errorf("stopped %s: a reader sees %q", point, got)
				}
				again := openReleases(t, dir)
				if _, err := again.Repair(); err != nil {
					t.Fatalf("stopped %s: %v", point, err)
				}
				current, err := again.Current()
				if err != nil || seen(dir) != "tables of "+current.ID {
					t.Errorf("stopped %s: after repair the link shows %q and the truth is %v, %v", point, seen(dir), current, err)
				}
				if "tables of "+current.ID != want {
					if err := act(t, again, root); err != nil {
						t.Errorf("stopped %s: trying again: %v", point, err)
					}
				}
				if got := seen(dir); got != want {
					t.Errorf("stopped %s: in the end a reader sees %q, want %q", point, got, want)
				}
				if _, problems, err := again.Verify(context.Background()); err != nil || len(problems) > 0 {
					t.Errorf("stopped %s: %v %v", point, problems, err)
				}
				if left, _ := filepath.Glob(filepath.Join(dir, publicationsFolder, ".*")); len(left) > 0 {
					t.Errorf("stopped %s: left behind %v", point, left)
				}
			}
		})
	}
}

// TestReadersNeverMissARelease polls the link while releases come and go.
func TestReadersNeverMissARelease(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "releases")
	r := openReleases(t, dir)
	publishNext(t, r, root)
	stop, failed := make(chan struct{}), make(chan string, 1)
	go func() {
		last := ""
		for {
			select {
			case <-stop:
				failed <- ""
				return
			default:
			}
			got := seen(dir)
			if !strings.HasPrefix(got, "tables of r") || got < last {
				failed <- fmt.Sprintf("a reader saw %q after %q", got, last)
				return
			}
			last = got
		}
	}()
	for range 20 {
		publishNext(t, r, root)
	}
	close(stop)
	if problem := <-failed; problem != "" {
		t.Error(problem)
	}
}

func TestReleaseEndToEnd(t *testing.T) {
	w := newWorld(t).deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0)
	m := w.build()
	r := openReleases(t, filepath.Join(w.dir, "releases"))
	if err := r.Publish(w.spec().OutDir, m); err != nil {
		t.Fatal(err)
	}
	c, err := r.Current()
	if err != nil {
		t.Fatal(err)
	}
	db := openFile(t, c.Warehouse())
	publishNext(t, r, w.dir)
	if pruned, err := r.Prune(1); err != nil || len(pruned) != 1 {
		t.Fatalf("pruned %v, %v", pruned, err)
	}
	if got := ask(t, db, "select count(*) from fct_placements"); got != "50" {
		t.Error("a reader that was in lost its file")
	}
}
