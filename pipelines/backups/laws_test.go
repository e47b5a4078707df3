package backups

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/warehouse"
)

// What comes back is what was there: every file but DuckDB's, with its mode, and the link to the current release.
func TestWhatIsRestoredIsTheProject(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	s.publish()
	s.deliver("second")
	s.publish()
	s.take()
	dir := filepath.Join(t.TempDir(), "new")
	report, err := s.restore(s.store(), dir)
	s.check(err)
	sameTree(t, tree(t, s.dir), tree(t, dir))
	if report.LogHead != 2 || report.Release != "r000002" {
		t.Errorf("restored until commit %d, release %s", report.LogHead, report.Release)
	}
	releases, err := warehouse.OpenReleases(filepath.Join(dir, "data", "releases"))
	s.check(err)
	if _, problems, err := releases.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("the releases: %v %v", problems, err)
	}
	if _, err := s.restore(s.store(), dir); !errors.Is(err, ErrRefused) {
		t.Errorf("restoring over a project: %v", err)
	}
}

// A frozen month keeps the DuckDB file of its release: nothing else can make that one again.
func TestAFrozenReleaseIsKeptWhole(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	s.publish()
	s.publish()
	s.check(s.Releases.Freeze(warehouse.Frozen{Month: "2023-12", Release: "r000001"}))
	s.take()
	dir := filepath.Join(t.TempDir(), "new")
	_, err := s.restore(s.store(), dir)
	s.check(err)
	for id, want := range map[string]bool{"r000001": true, "r000002": false} {
		_, err := os.Stat(filepath.Join(dir, "data", "releases", id, "warehouse.duckdb"))
		if there := err == nil; there != want {
			t.Errorf("%s has its DuckDB file: %t", id, there)
		}
	}
}

// A backup may end at any of its steps: what it had is still whole, and the next one goes on.
func TestABackupMayEndAnywhere(t *testing.T) {
	for _, after := range []bool{false, true} {
		s := newSite(t)
		s.deliver("first")
		s.publish()
		s.take()
		s.deliver("second")
		s.publish()
		s.write("sources/later.yaml.txt", "not a source")
		s.write("reference/list.csv", "a,c\n")
		ends := 0
		for ; ends < 200; ends++ {
			_, err := Take(t.Context(), &stopping{s.store(), ends, after}, s.Source)
			if err == nil {
				break
			}
			if err := s.sound(); err != nil {
				t.Fatalf("ended after %d steps: %v", ends, err)
			}
		}
		if ends < 3 || ends == 200 {
			t.Errorf("after %t: it could end at %d steps", after, ends)
		}
		dir := filepath.Join(t.TempDir(), "new")
		_, err := s.restore(s.store(), dir)
		s.check(err)
		want := tree(t, s.dir)
		delete(want, "/sources/later.yaml.txt")
		sameTree(t, want, tree(t, dir))
	}
}

// A restore may end at any of its steps: there is no project before it is whole, and it goes on when it is run again.
func TestARestoreMayEndAnywhere(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	s.publish()
	s.take()
	dir := filepath.Join(t.TempDir(), "new")
	ends := 0
	for ; ends < 200; ends++ {
		_, err := s.restore(&stopping{Store: s.store(), left: ends}, dir)
		if err == nil {
			break
		}
		if _, err := os.Stat(filepath.Join(dir, "lindung.yaml")); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("after %d steps there is a project: %v", ends, err)
		}
	}
	if ends < 5 || ends == 200 {
		t.Errorf("it could end at %d steps", ends)
	}
	sameTree(t, tree(t, s.dir), tree(t, dir))
}

// Any damage to any file of a backup is found by Verify, and none of it is restored.
func TestEveryFlippedBitOfABackupIsFound(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	s.publish()
	s.take()
	s.deliver("second")
	s.take()
	s.check(s.sound())
	whole := tree(t, s.dir)
	files := 0
	for name := range tree(t, s.dest) {
		if strings.HasSuffix(name, ".lock") {
			continue
		}
		files++
		path := filepath.Join(s.dest, name)
		text, err := os.ReadFile(path)
		s.check(err)
		for _, at := range []int{0, len(text) / 2, len(text) - 1} {
			damagedText := append([]byte{}, text...)
			damagedText[at] ^= 1 << (at % 8)
			s.check(errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, damagedText, 0o644)))
			if err := s.sound(); err == nil && name != "/"+headFile {
				t.Errorf("a bit of %s at %d was flipped, and nobody saw it", name, at)
			}
			dir := filepath.Join(t.TempDir(), "new")
			if _, err := s.restore(s.store(), dir); err == nil {
				sameTree(t, whole, tree(t, dir))
			}
		}
		s.check(os.Remove(path))
		if err := s.sound(); err == nil {
			t.Errorf("%s was removed, and nobody saw it", name)
		}
		s.check(os.WriteFile(path, text, 0o644))
	}
	if files < 10 {
		t.Errorf("only %d files were looked at", files)
	}
	s.check(s.sound())
}

// What a damaged backup lacks comes back with the next one.
func TestTheNextBackupBringsWhatIsGone(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	s.take()
	gone, err := filepath.Glob(filepath.Join(s.dest, objectsFolder, "*", "*"))
	s.check(err)
	for _, path := range gone {
		text, err := os.ReadFile(path)
		s.check(err)
		if strings.HasPrefix(string(text), "[") {
			continue // a list: it is what says what should be there
		}
		s.check(os.Remove(path))
	}
	if s.sound() == nil {
		t.Error("a backup without files is sound")
	}
	s.take()
	s.check(s.sound())
}

// A run that goes on meanwhile neither waits nor is half in the backup.
func TestARunMayGoOnMeanwhile(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	s.publish()
	source := s.Source
	source.Progress = func(done, _ int) {
		if done == 1 {
			s.deliver("meanwhile")
			s.publish()
		}
	}
	report, err := Take(t.Context(), s.store(), source)
	s.check(err)
	if report.LogHead != 1 || report.Release != "r000001" {
		t.Errorf("the snapshot is of commit %d and release %s", report.LogHead, report.Release)
	}
	s.check(s.sound())
	if report := s.take(); report.LogHead != 2 || report.Release != "r000002" || report.Snapshot != 2 {
		t.Errorf("the next is %+v", report)
	}
	s.check(s.sound())
}

// What is damaged in the project is not copied as if it were whole; what was copied before stays good.
func TestDamageIsNotCopied(t *testing.T) {
	for _, kind := range []string{"landing/siskop2mi/2024-01/*", "lake/placements/*/*/*"} {
		s := newSite(t)
		s.deliver("first")
		s.take()
		first, err := filepath.Glob(filepath.Join(s.Project.DataDir, kind))
		s.check(err)
		s.deliver("second")
		both, err := filepath.Glob(filepath.Join(s.Project.DataDir, kind))
		s.check(err)
		for _, path := range both {
			text, err := os.ReadFile(path)
			s.check(err)
			text[len(text)-1] ^= 1
			s.check(errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, text, 0o644)))
		}
		report, err := Take(t.Context(), s.store(), s.Source)
		s.check(err)
		if len(first) != 1 || len(both) != 2 || len(report.Problems) != 1 || report.Snapshot != 0 {
			t.Errorf("%s: %d and %d files, report %+v", kind, len(first), len(both), report)
		}
		s.check(s.sound())
	}
}

// The key of a month that was destroyed on purpose is gone from the next archive of keys too, and its
// objects are kept as they are.
func TestADestroyedKeyIsGoneFromTheArchive(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	archive := filepath.Join(t.TempDir(), "keys")
	o := KeysOptions{Folder: s.Project.KeysDir, Data: s.Project.DataDir, File: archive}
	before, err := Keys(o)
	s.check(err)
	s.check(os.Remove(filepath.Join(s.Project.KeysDir, "landing", "siskop2mi", "2024-01.key")))
	after, err := Keys(o)
	s.check(err)
	if before != 2 || after != 1 {
		t.Errorf("%d keys before, %d after", before, after)
	}
	s.take()
	s.check(s.sound())
}

// Keys lie apart from the data: in the project's own folders never, beside the backup only when asked.
func TestKeysLieApart(t *testing.T) {
	s := newSite(t)
	offline := filepath.Join(t.TempDir(), "offline.key")
	recipient, err := lake.NewRecoveryKey(offline)
	s.check(err)
	elsewhere := t.TempDir() // on the disk that the backup is on
	tests := []struct {
		file, recipient string
		beside, refused bool
	}{
		{filepath.Join(elsewhere, "a"), recipient, false, false},
		{filepath.Join(elsewhere, "b"), "", false, true},
		{filepath.Join(elsewhere, "c"), "", true, false},
		{filepath.Join(s.dest, "d"), recipient, false, true},
		{filepath.Join(s.dest, "e"), recipient, true, false},
		{filepath.Join(s.Project.DataDir, "f"), recipient, true, true},
		{filepath.Join(s.Project.KeysDir, "g"), recipient, true, true},
	}
	for _, test := range tests {
		o := KeysOptions{Folder: s.Project.KeysDir, Data: s.Project.DataDir, File: test.file, Recipient: test.recipient, Backup: s.dest, Beside: test.beside}
		_, err := Keys(o)
		if refused := errors.Is(err, ErrRefused); refused != test.refused || err != nil && !refused {
			t.Errorf("%+v: %v", test, err)
		}
		if _, err := os.Stat(test.file); (err != nil) != test.refused {
			t.Errorf("%s: %v", test.file, err)
		}
	}
}

// A copy that is behind, or that went another way, does not take the place of what was backed up.
func TestAnOlderCopyIsRefused(t *testing.T) {
	s := newSite(t)
	s.deliver("first")
	s.publish()
	older := filepath.Join(t.TempDir(), "older")
	s.take()
	_, err := s.restore(s.store(), older)
	s.check(err)
	s.deliver("second")
	s.take()
	newest := filepath.Join(s.Project.DataDir, filepath.FromSlash(lake.EntryPath(2)))
	s.check(os.Rename(newest, newest+".away"))
	if _, err := Take(t.Context(), s.store(), s.Source); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "entry 2 is gone") {
		t.Errorf("an older log: %v", err)
	}
	s.check(os.Rename(newest+".away", newest))
	s.publish()
	s.take()
	s.check(os.Remove(filepath.Join(s.Project.DataDir, "releases", "_pub", "00000000000000000002")))
	if _, err := Take(t.Context(), s.store(), s.Source); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "older copy") {
		t.Errorf("fewer publications: %v", err)
	}
	s.check(s.sound())
}

// A bucket holds a backup as a folder does.
func TestABackupInABucket(t *testing.T) {
	server := connectortest.StartS3(t, false)
	connectortest.MakeBucket(t, server, "lindung")
	store := connectors.NewS3Store()
	store.Endpoint, store.Bucket, store.Prefix, store.Region = "http://"+server.Address, "lindung", "cadangan", connectortest.S3Region
	store.AccessKey, store.SecretKey = connectortest.S3AccessKey, connectortest.S3SecretKey
	s := newSite(t)
	for _, text := range []string{"first", "second"} {
		s.deliver(text)
		s.publish()
		if report, err := Take(t.Context(), store, s.Source); err != nil || len(report.Problems) > 0 || report.Copied == 0 {
			t.Fatalf("%+v, %v", report, err)
		}
	}
	if report, err := Take(t.Context(), store, s.Source); err != nil || !report.UpToDate || report.Copied > 0 {
		t.Errorf("again: %+v, %v", report, err)
	}
	if report, err := Verify(t.Context(), store, nil); err != nil || len(report.Problems) > 0 || report.Snapshots != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	dir := filepath.Join(t.TempDir(), "new")
	_, err := s.restore(store, dir)
	s.check(err)
	sameTree(t, tree(t, s.dir), tree(t, dir))
	s.check(store.Put(t.Context(), connectors.StoredFile{Name: headFile, Bytes: 1, SHA256: sumOf([]byte("x"))}, strings.NewReader("x")))
	if _, err := Verify(t.Context(), store, nil); !errors.Is(err, ErrDamaged) {
		t.Errorf("a damaged head: %v", err)
	}
	_, err = Restore(t.Context(), store, RestoreOptions{Dir: filepath.Join(t.TempDir(), "older"), Snapshot: 1})
	s.check(err)
}
