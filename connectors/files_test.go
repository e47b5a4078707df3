package connectors_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

var today = time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC)

func newFiles(change func(*connectors.Files)) *connectors.Files {
	kind, _ := connectors.Lookup("files")
	s := kind.New().(*connectors.Files)
	s.Path = "inbox"
	if change != nil {
		change(s)
	}
	return s
}

// drop writes a file into the inbox, last modified at a given time.
func drop(t *testing.T, dir, name, text string, modified time.Time) {
	t.Helper()
	path := filepath.Join(dir, "inbox", filepath.FromSlash(name))
	err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644), os.Chtimes(path, modified, modified))
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesConforms(t *testing.T) {
	connectortest.Run(t, connectortest.Harness{
		Kind: "files",
		Start: func(t *testing.T) *connectortest.Source {
			dir, added := t.TempDir(), 0
			if err := os.Mkdir(filepath.Join(dir, "inbox"), 0o755); err != nil {
				t.Fatal(err)
			}
			return &connectortest.Source{
				Settings: newFiles(nil),
				Env:      connectors.Env{Dir: dir},
				Add: func(n int) {
					for range n {
						added++
						drop(t, dir, fmt.Sprintf("2025/unit_%03d.csv", added), fmt.Sprintf("id\n%d\n", added), today.AddDate(0, -1, added))
					}
				},
				Break: func() { _ = os.RemoveAll(filepath.Join(dir, "inbox")) },
			}
		},
	})
}

// pullFiles returns "name=text" of what a pull yields, and the last position.
func pullFiles(t *testing.T, dir string, s *connectors.Files, req connectors.Request) (got []string, position []byte, err error) {
	t.Helper()
	connector, err := s.Connect(connectors.Env{Dir: dir})
	if err != nil {
		return nil, nil, err
	}
	req.Now = today
	for object, err := range connector.Pull(context.Background(), req) {
		if err != nil {
			return got, position, err
		}
		data, err := io.ReadAll(object.Body)
		if err != nil {
			return got, position, err
		}
		got, position = append(got, object.Name+"="+string(data)), object.Position
	}
	return got, position, nil
}

func TestFilesTakesWhatPatternsMatchInTheOrderOfNames(t *testing.T) {
	dir, old := t.TempDir(), today.Add(-time.Hour)
	for _, name := range []string{"b.csv", "a.csv", "sub/c.csv", "sub/deep/d.CSV", "e.xlsx", ".hidden.csv", ".git/x.csv", "f.csv.part", "g.tmp", "sub/h.csv"} {
		drop(t, dir, name, "x", old)
	}
	for _, c := range []struct {
		match []string
		want  string
	}{
		{[]string{"**"}, "a.csv b.csv e.xlsx sub/c.csv sub/deep/d.CSV sub/h.csv"},
		{[]string{"*.csv"}, "a.csv b.csv"},
		{[]string{"**/*.csv"}, "a.csv b.csv sub/c.csv sub/h.csv"},
		{[]string{"sub/**"}, "sub/c.csv sub/deep/d.CSV sub/h.csv"},
		{[]string{"*.xlsx", "sub/?.csv"}, "e.xlsx sub/c.csv sub/h.csv"},
	} {
		got, _, err := pullFiles(t, dir, newFiles(func(s *connectors.Files) { s.Match = c.match }), connectors.Request{})
		if want := strings.ReplaceAll(c.want+" ", " ", "=x "); err != nil || strings.Join(got, " ")+" " != want {
			t.Errorf("%v: got %v, %v", c.match, got, err)
		}
	}
}

func TestFilesSkipsUnchangedAndTakesChangedFilesAgain(t *testing.T) {
	dir, old := t.TempDir(), today.Add(-24*time.Hour)
	drop(t, dir, "a.csv", "1", old)
	drop(t, dir, "b.csv", "1", old)
	s := newFiles(nil)
	_, position, err := pullFiles(t, dir, s, connectors.Request{})
	if err != nil {
		t.Fatal(err)
	}
	drop(t, dir, "b.csv", "22", old)                  // same time, other size
	drop(t, dir, "c.csv", "1", old.Add(-time.Hour*9)) // older than all, and new
	got, position, err := pullFiles(t, dir, s, connectors.Request{Position: position})
	if want := []string{"b.csv=22", "c.csv=1"}; err != nil || !slices.Equal(got, want) {
		t.Fatalf("got %v, %v, want %v", got, err, want)
	}
	drop(t, dir, "a.csv", "3", old.Add(time.Hour)) // same size, other time
	got, position, err = pullFiles(t, dir, s, connectors.Request{Position: position})
	if err != nil || !slices.Equal(got, []string{"a.csv=3"}) {
		t.Fatalf("got %v, %v", got, err)
	}
	if err := os.Remove(filepath.Join(dir, "inbox", "b.csv")); err != nil {
		t.Fatal(err)
	}
	drop(t, dir, "z.csv", "1", old)
	_, position, err = pullFiles(t, dir, s, connectors.Request{Position: position})
	if err != nil || bytes.Contains(position, []byte("b.csv")) {
		t.Errorf("the position remembers a file that is gone: %s, %v", position, err)
	}
}

func TestFilesLeavesFreshFilesAlone(t *testing.T) {
	dir := t.TempDir()
	drop(t, dir, "fresh.csv", "1", today.Add(-30*time.Second))
	drop(t, dir, "settled.csv", "1", today.Add(-2*time.Minute))
	drop(t, dir, "wrong-clock.csv", "1", today.Add(time.Hour))
	got, position, err := pullFiles(t, dir, newFiles(nil), connectors.Request{})
	if err != nil || strings.Join(got, " ") != "settled.csv=1 wrong-clock.csv=1" {
		t.Errorf("got %v, %v", got, err)
	}
	if bytes.Contains(position, []byte("fresh.csv")) {
		t.Error("the file left alone is in the position: it would never come")
	}
	got, _, err = pullFiles(t, dir, newFiles(func(s *connectors.Files) { s.StableFor = 0 }), connectors.Request{})
	if err != nil || len(got) != 3 {
		t.Errorf("without the rule: got %v, %v", got, err)
	}
}

func TestFilesRefusesLinksAndWaysOut(t *testing.T) {
	for _, path := range []string{"", "/etc", "..", "../other", "inbox/../../x"} {
		if _, err := newFiles(func(s *connectors.Files) { s.Path = path }).Connect(connectors.Env{}); err == nil {
			t.Errorf("path %q passes", path)
		}
	}
	for _, match := range [][]string{nil, {""}, {"../*.csv"}, {"/x"}, {"a**"}, {"[a"}, {`a\b`}, {"a//b"}} {
		if _, err := newFiles(func(s *connectors.Files) { s.Match = match }).Connect(connectors.Env{}); err == nil {
			t.Errorf("match %q passes", match)
		}
	}
	link := func(t *testing.T, target, name string) string {
		dir := t.TempDir()
		drop(t, dir, "real.csv", "1", today.Add(-time.Hour))
		if err := os.Symlink(target, filepath.Join(dir, "inbox", name)); err != nil {
			t.Skip("no symbolic links here")
		}
		return dir
	}
	dir := link(t, "/etc/passwd", "link.csv")
	if _, _, err := pullFiles(t, dir, newFiles(nil), connectors.Request{}); err == nil || !strings.Contains(err.Error(), "link.csv") {
		t.Errorf("a link to a file: %v", err)
	}
	dir = link(t, "/etc", "folder")
	if got, _, err := pullFiles(t, dir, newFiles(func(s *connectors.Files) { s.Match = []string{"**/*.csv"} }), connectors.Request{}); err != nil || len(got) != 1 {
		t.Errorf("a link to a folder is not followed: %v, %v", got, err)
	}
	// The folder itself may be a link, as long as it stays within the project.
	dir = t.TempDir()
	if err := os.Symlink("/etc", filepath.Join(dir, "inbox")); err != nil {
		t.Fatal(err)
	}
	if got, _, err := pullFiles(t, dir, newFiles(func(s *connectors.Files) { s.Match = []string{"passwd"} }), connectors.Request{}); err == nil {
		t.Errorf("the folder leads out of the project: got %d files", len(got))
	}
}

func TestFilesNoticesAFileThatChangesUnderItsHands(t *testing.T) {
	dir := t.TempDir()
	drop(t, dir, "a.csv", strings.Repeat("x", 1000), today.Add(-time.Hour))
	connector, err := newFiles(nil).Connect(connectors.Env{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for object, err := range connector.Pull(context.Background(), connectors.Request{Now: today}) {
		if err != nil {
			t.Fatal(err)
		}
		drop(t, dir, "a.csv", strings.Repeat("y", 1200), today)
		if _, err := io.ReadAll(object.Body); !errors.Is(err, connectors.ErrUnavailable) || !strings.Contains(err.Error(), "inbox/a.csv") {
			t.Errorf("got %v", err)
		}
	}
}

func TestFilesHoldsToItsSizeLimit(t *testing.T) {
	dir := t.TempDir()
	drop(t, dir, "a.csv", "12345", today.Add(-time.Hour))
	_, _, err := pullFiles(t, dir, newFiles(func(s *connectors.Files) { s.MaxBytes = 4 }), connectors.Request{})
	if err == nil || !strings.Contains(err.Error(), "max_bytes") {
		t.Errorf("got %v", err)
	}
}

// A folder that is a snapshot: what lies there comes together, or nothing does.
func TestFilesHandOnAFolderWhole(t *testing.T) {
	old, late := today.Add(-24*time.Hour), today.Add(-time.Hour)
	for _, c := range []struct {
		name     string
		snapshot string
		then     func(dir string)
		want     string
	}{
		{"nothing changed", "folder", func(string) {}, ""},
		{"one changed", "folder", func(dir string) { drop(t, dir, "a.csv", "2", late) }, "b.csv=1 c.csv=1 a.csv=2"},
		{"one is new", "folder", func(dir string) { drop(t, dir, "d.csv", "1", late) }, "a.csv=1 b.csv=1 c.csv=1 d.csv=1"},
		{"one is gone", "folder", func(dir string) { os.Remove(filepath.Join(dir, "inbox", "b.csv")) }, "a.csv=1 c.csv=1"},
		{"all are gone", "folder", func(dir string) {
			for _, name := range []string{"a.csv", "b.csv", "c.csv"} {
				os.Remove(filepath.Join(dir, "inbox", name))
			}
		}, ""},
		{"one that was taken is being written", "folder", func(dir string) {
			drop(t, dir, "a.csv", "2", today)
			drop(t, dir, "b.csv", "2", late)
		}, ""},
		{"one that was never taken is being written", "folder", func(dir string) {
			drop(t, dir, "d.csv", "1", today)
			drop(t, dir, "b.csv", "2", late)
		}, "a.csv=1 c.csv=1 b.csv=2"},
		{"a delivery of its own", "delivered", func(dir string) { drop(t, dir, "d.csv", "1", late) }, "d.csv=1"},
		{"an old delivery put away", "delivered", func(dir string) { os.Remove(filepath.Join(dir, "inbox", "b.csv")) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{"a.csv", "b.csv", "c.csv"} {
				drop(t, dir, name, "1", old)
			}
			s := newFiles(func(s *connectors.Files) { s.Snapshot = c.snapshot })
			_, position, err := pullFiles(t, dir, s, connectors.Request{Whole: true})
			if err != nil {
				t.Fatal(err)
			}
			c.then(dir)
			got, _, err := pullFiles(t, dir, s, connectors.Request{Whole: true, Position: position})
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("got %v, %v, want %s", got, err, c.want)
			}
		})
	}
}
