package pipelines

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/warehouse"
)

// A shop is a folder of releases and a place that they are copied to.
type shop struct {
	t        *testing.T
	root     string
	releases *warehouse.Releases
	target   *configs.Target
	store    copyStore
	reader   func(name string) (string, error) // reads a file of the place as anybody would
}

func newShop(t *testing.T, what string) *shop {
	t.Helper()
	root := t.TempDir()
	t.Cleanup(func() { // releases are read-only
		_ = filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
			if err == nil && e.IsDir() {
				return os.Chmod(path, 0o755)
			}
			return err
		})
	})
	releases, err := warehouse.OpenReleases(filepath.Join(root, "releases"))
	if err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(root, "share")
	if err := os.Mkdir(place, 0o755); err != nil {
		t.Fatal(err)
	}
	return &shop{t: t, root: root, releases: releases, target: &configs.Target{Name: "share", What: what, Keep: 3},
		store: &connectors.FolderStore{Dir: place},
		reader: func(name string) (string, error) {
			text, err := os.ReadFile(filepath.Join(place, name))
			return string(text), err
		}}
}

// publish makes a release of the project, without DuckDB: copying cares about files, not about what is in them.
func (s *shop) publish(origin string) string {
	s.t.Helper()
	id, err := s.releases.NextID()
	if err != nil {
		s.t.Fatal(err)
	}
	dir := filepath.Join(s.root, "build")
	for _, name := range []string{"warehouse.duckdb", "open.duckdb", "figures.parquet", "open/figures.parquet", "marts/m.parquet", "sql/k.sql"} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(name+" of "+id), 0o644)); err != nil {
			s.t.Fatal(err)
		}
	}
	m := &warehouse.Manifest{Format: warehouse.StateFormat, ReleaseID: id, Origin: origin, ContentHash: "hash of " + id + s.root,
		Tables: []warehouse.TableHash{{Name: "dim_person", Rows: 12345}}}
	if err := errors.Join(warehouse.Seal(dir, m), s.releases.Publish(dir, m)); err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *shop) copier(change ...func(*copier)) *copier {
	s.t.Helper()
	history, err := s.releases.Publications()
	if err != nil {
		s.t.Fatal(err)
	}
	c := &copier{target: s.target, store: s.store, releases: s.releases, history: history, event: func(Event) {}, report: &TargetReport{}}
	for _, f := range change {
		f(c)
	}
	return c
}

func (s *shop) copy(change ...func(*copier)) error {
	return s.copier(change...).copy(context.Background())
}

// shown says which release a reader of the place gets through current/.
func (s *shop) shown() string {
	s.t.Helper()
	seen := map[string]bool{}
	for _, name := range []string{"warehouse.duckdb", "marts/m.parquet", "open/figures.parquet"} {
		text, err := s.reader("current/" + name)
		if err != nil {
			return "nothing"
		}
		_, id, _ := strings.Cut(text, " of ")
		seen[id] = true
	}
	var ids []string
	for id := range seen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return strings.Join(ids, " and ")
}

// pointed reads the release as one who wants certainty does: by the pointer, and every file by its sum.
func (s *shop) pointed() string {
	s.t.Helper()
	text, err := s.reader("current.json")
	if err != nil {
		return "nothing"
	}
	var p pointer
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return "a broken pointer"
	}
	for _, f := range p.Files {
		content, err := s.reader(p.Path + "/" + f.Name)
		if err != nil || int64(len(content)) != f.Bytes || !strings.HasSuffix(content, p.Release) && f.Name != "manifest.json" {
			return fmt.Sprintf("%s of %s is not whole: %q, %v", f.Name, p.Release, content, err)
		}
	}
	return p.Release
}

// A failing store breaks at its nth call that changes something, before it has its effect or after.
type failingStore struct {
	copyStore
	calls, at int
	after     bool
	between   func()
}

var errPower = errors.New("the power went")

func (s *failingStore) around(do func() error) error {
	s.between()
	if s.calls++; s.calls == s.at && !s.after {
		return errPower
	}
	err := do()
	if s.calls == s.at && s.after {
		err = errPower
	}
	s.between()
	return err
}

func (s *failingStore) Put(ctx context.Context, f connectors.StoredFile, content io.ReadSeeker) error {
	return s.around(func() error { return s.copyStore.Put(ctx, f, content) })
}

func (s *failingStore) Swap(ctx context.Context, name string, old, content []byte) error {
	return s.around(func() error { return s.copyStore.Swap(ctx, name, old, content) })
}

func (s *failingStore) Show(ctx context.Context, from string, files []connectors.StoredFile) error {
	return s.around(func() error { return s.copyStore.Show(ctx, from, files) })
}

func (s *failingStore) Remove(ctx context.Context, folder, first string) error {
	return s.around(func() error { return s.copyStore.Remove(ctx, folder, first) })
}

// Wherever a copy ends, readers have one whole release, and the next copy goes on from there.
func TestACopyMayEndAnywhere(t *testing.T) {
	for _, after := range []bool{false, true} {
		finished := false
		for at := 1; !finished; at++ {
			s := newShop(t, configs.PublishRelease)
			s.target.Keep = 1
			s.publish("sample")
			if err := s.copy(); err != nil || s.shown() != "r000001" || s.pointed() != "r000001" {
				t.Fatalf("the first copy: %v, shown %s, pointed %s", err, s.shown(), s.pointed())
			}
			s.publish("sample")
			real := s.store
			s.store = &failingStore{copyStore: real, at: at, after: after, between: func() {
				if shown, pointed := s.shown(), s.pointed(); len(shown) != 7 || len(pointed) != 7 {
					t.Errorf("call %d: readers get %s by name and %s by the pointer", at, shown, pointed)
				}
			}}
			err := s.copy()
			if finished = err == nil; !finished && !errors.Is(err, errPower) {
				t.Fatal(err)
			}
			s.store = real
			if err := s.copy(); err != nil || s.shown() != "r000002" || s.pointed() != "r000002" {
				t.Errorf("after a copy that ended at call %d: %v, shown %s, pointed %s", at, err, s.shown(), s.pointed())
			}
			if _, err := s.reader("releases/r000001/manifest.json"); err == nil {
				t.Errorf("call %d: the release before was to go", at)
			}
			if finished && at < 9 {
				t.Errorf("only %d calls change something", at)
			}
		}
	}
}

// What a copy found there when it went on is not brought again.
func TestACopyGoesOnWhereItEnded(t *testing.T) {
	s := newShop(t, configs.PublishRelease)
	s.publish("sample")
	real := s.store
	s.store = &failingStore{copyStore: real, at: 4, between: func() {}}
	if err := s.copy(); !errors.Is(err, errPower) || s.pointed() != "nothing" {
		t.Fatalf("%v, pointed %s", err, s.pointed())
	}
	counting := &failingStore{copyStore: real, between: func() {}}
	s.store = counting
	if err := s.copy(); err != nil || s.shown() != "r000001" {
		t.Fatal(err)
	}
	if counting.calls != 4+2 { // 3 of 7 files were there; then the pointer and current/
		t.Errorf("%d calls", counting.calls)
	}
	counting.calls = 0
	if err := s.copy(); err != nil || counting.calls != 0 {
		t.Errorf("nothing was new: %v, %d calls", err, counting.calls)
	}
}

func TestReleasesThatWereMissedAreBrought(t *testing.T) {
	s := newShop(t, configs.PublishRelease)
	s.target.Keep = 3
	s.publish("sample")
	s.publish("sample")
	var copied []string
	again := func() {
		t.Helper()
		c := s.copier()
		if err := c.copy(context.Background()); err != nil {
			t.Fatal(err)
		}
		copied = c.report.Copied
	}
	if again(); !slices.Equal(copied, []string{"r000002"}) {
		t.Errorf("at first: %v; only what readers get now", copied)
	}
	for range 5 {
		s.publish("sample")
	}
	if again(); !slices.Equal(copied, []string{"r000004", "r000005", "r000006", "r000007"}) {
		t.Errorf("after an absence: %v", copied)
	}
	folders, err := s.store.Folders(context.Background(), "releases")
	if err != nil || !slices.Equal(folders, []string{"r000005", "r000006", "r000007"}) {
		t.Errorf("there are %v, %v", folders, err)
	}
	// A rollback goes along, and what is not there any more is brought again.
	if err := s.releases.Rollback("r000003"); err != nil {
		t.Fatal(err)
	}
	if again(); s.shown() != "r000003" || s.pointed() != "r000003" {
		t.Errorf("shown %s, pointed %s", s.shown(), s.pointed())
	}
	if got := s.publish("sample"); got != "r000008" {
		t.Fatal(got)
	}
	if again(); s.shown() != "r000008" {
		t.Errorf("shown %s", s.shown())
	}
}

// A writer that is slower than a newer one takes nothing back.
func TestThePlaceNeverGoesBackwards(t *testing.T) {
	s := newShop(t, configs.PublishRelease)
	s.publish("sample")
	slow := s.copier()
	s.publish("sample")
	// The newer one overtakes while the slower has read the pointer and not yet written it.
	real := s.store
	slow.store = &failingStore{copyStore: unlocked{real}, between: func() {
		if s.pointed() == "nothing" {
			if err := s.copier(func(c *copier) { c.store = unlocked{real} }).copy(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}}
	if err := slow.copy(context.Background()); err == nil || ExitCode(err) != ExitGate || !strings.Contains(err.Error(), "replaced meanwhile") {
		t.Errorf("the slower one: %v", err)
	}
	// And later.
	slow.store = real
	if err := slow.copy(context.Background()); err == nil || !strings.Contains(err.Error(), "shows publication 2 and this project knows only 1") {
		t.Errorf("the older one: %v", err)
	}
	if s.shown() != "r000002" || s.pointed() != "r000002" {
		t.Errorf("shown %s, pointed %s", s.shown(), s.pointed())
	}
	// One that was overtaken before it made current/ follow mends it.
	overtaken := s.copier()
	three := s.publish("sample")
	overtaken.store = &failingStore{copyStore: unlocked{real}, between: func() {
		if s.pointed() == "r000002" && s.shown() == "r000002" {
			newer := s.copier(func(c *copier) { c.store = unlocked{real} })
			if err := newer.copy(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}}
	if err := os.Remove(filepath.Join(real.Place(), "current")); err != nil {
		t.Fatal(err)
	}
	if err := overtaken.copy(context.Background()); err != nil || s.shown() != three || s.pointed() != three {
		t.Errorf("%v, shown %s, pointed %s", err, s.shown(), s.pointed())
	}
}

// unlocked is a file system without locks, or a bucket.
type unlocked struct{ copyStore }

func (unlocked) Open(context.Context) (func(), error) { return func() {}, nil }

func TestAPlaceTakesOneKindOfDataOnly(t *testing.T) {
	s := newShop(t, configs.PublishOpen)
	s.publish("sample")
	if err := s.copy(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"warehouse.duckdb", "figures.parquet", "marts/m.parquet", "sql/k.sql"} {
		if _, err := s.reader("releases/r000001/" + name); err == nil {
			t.Errorf("%s went out", name)
		}
	}
	manifest, err := s.reader("current/manifest.json")
	if err != nil || strings.Contains(manifest, "dim_person") || strings.Contains(manifest, "12345") || strings.Contains(manifest, "warehouse.duckdb") {
		t.Errorf("the manifest tells of what stays inside: %s, %v", manifest, err)
	}
	if text, err := s.reader("current/open/figures.parquet"); err != nil || text != "open/figures.parquet of r000001" {
		t.Errorf("got %q, %v", text, err)
	}
	s.target.What = configs.PublishRelease
	if err := s.copy(func(c *copier) { c.takeOver = true }); err == nil || !strings.Contains(err.Error(), "holds what: open and the target says what: release") {
		t.Errorf("rows about persons where there were only totals: %v", err)
	}
	s.target.What = configs.PublishOpen
	other := newShop(t, configs.PublishOpen)
	other.store = s.store
	other.publish("real")
	if err := other.copy(func(c *copier) { c.takeOver = true }); err == nil || ExitCode(err) != ExitGate || !strings.Contains(err.Error(), "never share a place") {
		t.Errorf("real data over sample data: %v", err)
	}
	if text, err := s.reader("current/open/figures.parquet"); err != nil || text != "open/figures.parquet of r000001" {
		t.Errorf("got %q, %v", text, err)
	}
}

// Whoever may write to a share cannot make the publisher write elsewhere.
func TestAPointerOfAStrangerIsNotFollowed(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":        `release`,
		"another folder": `{"format":1,"release":"r000001","path":"../keys","publication":1,"files":[{"name":"a"}]}`,
		"a way out":      `{"format":1,"release":"r000001","path":"releases/r000001","publication":1,"files":[{"name":"../../../tmp/x"}]}`,
		"no files":       `{"format":1,"release":"r000001","path":"releases/r000001","publication":1}`,
	} {
		s := newShop(t, configs.PublishOpen)
		s.publish("sample")
		if err := os.WriteFile(filepath.Join(s.root, "share", "current.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := s.copy(); err == nil || ExitCode(err) != ExitGate || !strings.Contains(err.Error(), "not one that this program wrote") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.reader("current/manifest.json"); err == nil {
			t.Errorf("%s: it was copied all the same", name)
		}
	}
}

// The same story in a bucket of a real server.
func TestReleasesGoToABucket(t *testing.T) {
	server := connectortest.StartS3(t, false)
	connectortest.MakeBucket(t, server, "lindung")
	s := newShop(t, configs.PublishRelease)
	s.target.Keep = 2
	store := connectors.NewS3Store()
	store.Endpoint, store.Bucket, store.Prefix, store.Region = "http://"+server.Address, "lindung", "rilis", connectortest.S3Region
	store.AccessKey, store.SecretKey = connectortest.S3AccessKey, connectortest.S3SecretKey
	store.Env.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	s.store = store
	s.reader = func(name string) (string, error) {
		text, err := store.Read(context.Background(), name)
		return string(text), err
	}
	for range 3 {
		id := s.publish("sample")
		if err := s.copy(); err != nil {
			t.Fatal(err)
		}
		if s.shown() != id || s.pointed() != id {
			t.Fatalf("shown %s, pointed %s", s.shown(), s.pointed())
		}
	}
	if folders, err := store.Folders(context.Background(), "releases"); err != nil || !slices.Equal(folders, []string{"r000002", "r000003"}) {
		t.Errorf("there are %v, %v", folders, err)
	}
	// Each place where a copy may end leaves a whole release under releases/, and the next goes on.
	for at := 1; at < 12; at++ {
		id := s.publish("sample")
		s.store = &failingStore{copyStore: store, at: at, after: at%2 == 0, between: func() {
			if pointed := s.pointed(); len(pointed) != 7 {
				t.Errorf("call %d: the pointer gives %s", at, pointed)
			}
		}}
		if err := s.copy(); err != nil && !errors.Is(err, errPower) {
			t.Fatal(err)
		}
		s.store = store
		if err := s.copy(); err != nil || s.shown() != id || s.pointed() != id {
			t.Errorf("after a copy that ended at call %d: %v, shown %s, pointed %s", at, err, s.shown(), s.pointed())
		}
	}
	store.SecretKey = "kenari-salah"
	if err := s.copy(); ExitCode(err) != ExitUnavailable || strings.Contains(err.Error(), "kenari") {
		t.Errorf("got %v", err)
	}
}
