package connectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func stored(name, content string) StoredFile { return nameOf(name, describe([]byte(content))) }

func put(t *testing.T, s *FolderStore, name, content string) StoredFile {
	t.Helper()
	f := stored(name, content)
	if err := s.Put(context.Background(), f, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	return f
}

// release puts a copy of a small release and gives its files, named as below its folder.
func release(t *testing.T, s *FolderStore, id string) (folder string, files []StoredFile) {
	t.Helper()
	for _, name := range []string{"warehouse.duckdb", "marts/a.parquet", "manifest.json"} {
		content := name + " of " + id
		put(t, s, "releases/"+id+"/"+name, content)
		files = append(files, stored(name, content))
	}
	return "releases/" + id, files
}

// whole says which release current/ shows, or that it is a mixture.
func whole(s *FolderStore) string {
	seen := map[string]bool{}
	for _, name := range []string{"warehouse.duckdb", "marts/a.parquet", "manifest.json"} {
		text, err := os.ReadFile(s.path("current/" + name))
		if err != nil {
			return "nothing"
		}
		_, id, _ := strings.Cut(string(text), " of ")
		seen[id] = true
	}
	if len(seen) != 1 {
		return "a mixture"
	}
	for id := range seen {
		return id
	}
	return ""
}

func TestAFileOfAStoreIsWholeOrNotThere(t *testing.T) {
	dir := t.TempDir()
	s := &FolderStore{Dir: dir}
	err := s.Put(context.Background(), stored("releases/r000001/a", "what was promised"), strings.NewReader("what came"))
	if !errors.Is(err, errOtherContent) || errors.Is(err, ErrUnavailable) {
		t.Errorf("another content than promised: %v", err)
	}
	s.step = func(string) error { return errors.New("the power went") }
	if err := s.Put(context.Background(), stored("releases/r000001/a", "x"), strings.NewReader("x")); !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	s.step = nil
	if entries, err := os.ReadDir(filepath.Join(dir, "releases/r000001")); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	// What a program that was killed left is written over.
	if err := os.WriteFile(filepath.Join(dir, "releases/r000001", partPrefix+"a"), []byte("half"), 0o444); err != nil {
		t.Fatal(err)
	}
	f := put(t, s, "releases/r000001/a", "x")
	if there, err := s.Has(context.Background(), f); !there || err != nil {
		t.Errorf("it is not there: %v", err)
	}
	if there, _ := s.Has(context.Background(), stored("releases/r000001/a", "y")); there {
		t.Error("a file of the same size passes for another")
	}
	if info, err := os.Stat(s.path("releases/r000001/a")); err != nil || info.Mode().Perm()&0o222 != 0 {
		t.Errorf("it can be written: %v, %v", info.Mode(), err)
	}
}

// A reader who looks at any instant finds one release or the other, also when the
// writer is killed at that instant, and the next attempt gets through.
func TestCurrentIsNeverAMixture(t *testing.T) {
	for _, copied := range []bool{false, true} {
		t.Run(fmt.Sprintf("copied=%v", copied), func(t *testing.T) {
			for stop := 0; stop < 8; stop++ {
				s := &FolderStore{Dir: t.TempDir(), Copy: copied}
				one, oneFiles := release(t, s, "r000001")
				two, twoFiles := release(t, s, "r000002")
				if err := s.Show(context.Background(), one, oneFiles); err != nil || whole(s) != "r000001" {
					t.Fatalf("%v, current shows %s", err, whole(s))
				}
				steps := 0
				s.step = func(point string) error {
					if got := whole(s); got != "r000001" {
						t.Errorf("at %q current shows %s", point, got)
					}
					if steps++; steps > stop {
						return errors.New("killed")
					}
					return nil
				}
				err := s.Show(context.Background(), two, twoFiles)
				if got := whole(s); (err == nil && got != "r000002") || (err != nil && got != "r000001") {
					t.Errorf("stopped at step %d (%v), current shows %s", stop, err, got)
				}
				s.step = nil
				if err := s.Show(context.Background(), two, twoFiles); err != nil || whole(s) != "r000002" {
					t.Errorf("the second attempt: %v, current shows %s", err, whole(s))
				}
				for _, leftover := range []string{newCurrent, oldCurrent} {
					if _, err := os.Lstat(s.path(leftover)); err == nil {
						t.Errorf("%s is left", leftover)
					}
				}
			}
		})
	}
}

func TestCurrentMayChangeBetweenLinkAndCopy(t *testing.T) {
	s := &FolderStore{Dir: t.TempDir()}
	for i, copied := range []bool{false, true, false} {
		s.Copy = copied
		id := fmt.Sprintf("r%06d", i+1)
		folder, files := release(t, s, id)
		if err := s.Show(context.Background(), folder, files); err != nil || whole(s) != id {
			t.Fatalf("copied=%v: %v, current shows %s", copied, err, whole(s))
		}
		info, err := os.Lstat(s.path("current"))
		if err != nil || info.IsDir() != copied {
			t.Errorf("copied=%v: %v, %v", copied, info.Mode(), err)
		}
	}
	if link, err := os.Readlink(s.path("current")); err != nil || link != "releases/r000003" {
		t.Errorf("the link must be relative: %q, %v", link, err)
	}
}

func TestASmallFileIsReplacedOnlyByWhoHasReadIt(t *testing.T) {
	ctx := context.Background()
	s := &FolderStore{Dir: t.TempDir()}
	steps := []struct {
		old, content string
		superseded   bool
	}{{"", "one", false}, {"", "other", true}, {"one", "two", false}, {"one", "late", true}, {"two", "three", false}}
	for _, step := range steps {
		var old []byte
		if step.old != "" {
			old = []byte(step.old)
		}
		if err := s.Swap(ctx, "current.json", old, []byte(step.content)); errors.Is(err, ErrSuperseded) != step.superseded || err != nil != step.superseded {
			t.Errorf("%q after %q: %v", step.content, step.old, err)
		}
	}
	if got, err := s.Read(ctx, "current.json"); string(got) != "three" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAFolderMustBeThereAndIsWrittenByOne(t *testing.T) {
	ctx := context.Background()
	away := &FolderStore{Dir: filepath.Join(t.TempDir(), "unmounted")}
	if _, err := away.Open(ctx); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "is the share mounted") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(away.Dir); err == nil {
		t.Error("it was made")
	}
	s := &FolderStore{Dir: t.TempDir()}
	unlock, err := s.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&FolderStore{Dir: s.Dir}).Open(ctx); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "another program is writing there") {
		t.Errorf("got %v", err)
	}
	unlock()
	unlock, err = s.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestAReleaseIsRemovedFromItsManifestOn(t *testing.T) {
	ctx := context.Background()
	s := &FolderStore{Dir: t.TempDir()}
	release(t, s, "r000001")
	release(t, s, "r000002")
	if got, err := s.Folders(ctx, "releases"); err != nil || !slices.Equal(got, []string{"r000001", "r000002"}) {
		t.Fatalf("got %v, %v", got, err)
	}
	for range 2 { // what is gone already is no mistake
		if err := s.Remove(ctx, "releases/r000001", "manifest.json"); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Folders(ctx, "releases"); err != nil || !slices.Equal(got, []string{"r000002"}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestACopyStopsWhenItIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := &FolderStore{Dir: t.TempDir()}
	err := s.Put(ctx, stored("a", "x"), bytes.NewReader([]byte("x")))
	if !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
