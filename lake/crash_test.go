package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The work that the crash tests disturb: two feeds deliver, one after another.
func work(l *Lake) error {
	for i, text := range []string{"first", "second"} {
		feed := fmt.Sprintf("feed_%d", i)
		s, err := l.Snapshot(time.Time{})
		if err != nil {
			return err
		}
		o, err := l.Land("siskop2mi", "2024-01", strings.NewReader(text), limit)
		if err != nil {
			return err
		}
		if _, known := s.KnownObject(feed, o.ID); known {
			continue
		}
		f, err := l.WriteFile("placements", "siskop2mi", "2023-12", someRows(20, uint64(i)))
		if err != nil {
			return err
		}
		if err := l.VerifyFile(f); err != nil {
			return err
		}
		if _, err := l.Commit(Entry{No: s.Head + 1, Kind: Delivery, Feed: feed, Source: "siskop2mi", Dataset: "placements", KnownAt: day("2024-01-15"),
			Objects: []ObjectRecord{{ID: FormatID(o.ID), Name: text, Month: "2024-01", Bytes: o.Bytes}}, Files: []File{f}}); err != nil {
			return err
		}
	}
	return nil
}

// points gives the steps of a durable write that the work goes through, in order.
func points(t testing.TB) []string {
	var seen []string
	l := openLake(t, t.TempDir(), nil)
	l.fs.hook = func(point string) error { seen = append(seen, point); return nil }
	check(t, work(l))
	return seen
}

// state is what counts in a lake after a sweep: the log's bytes and every file that is left.
func state(t testing.TB, l *Lake) string {
	t.Helper()
	var b strings.Builder
	entries, err := l.Entries()
	check(t, err)
	for _, e := range entries {
		fmt.Fprintln(&b, e.No, e.Prev, e.Feed, e.Objects, e.Files)
	}
	check(t, filepath.WalkDir(l.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			fmt.Fprintln(&b, l.relative(path))
		}
		return err
	}))
	return b.String()
}

// recovered does what every start does after a crash, and checks that it leads to golden.
func recovered(t *testing.T, dir, golden string) {
	t.Helper()
	l := openLake(t, dir, nil)
	r, err := l.Verify(t.Context(), nil)
	check(t, err)
	if !r.OK() {
		t.Fatalf("before the sweep: %+v", r.Problems)
	}
	_, err = l.Sweep()
	check(t, err)
	noTmp(t, l)
	check(t, work(l))
	if got := state(t, l); got != golden {
		t.Fatalf("recovered to\n%s\nwant\n%s", got, golden)
	}
	if r, err = l.Verify(t.Context(), nil); err != nil || !r.OK() {
		t.Fatalf("after recovery: %+v, %v", r.Problems, err)
	}
}

// newProject makes a project with the same master key as the others, so that states can be compared.
func newProject(t testing.TB, key []byte) string {
	t.Helper()
	dir := t.TempDir()
	check(t, os.MkdirAll(filepath.Join(dir, "keys"), 0o700))
	check(t, os.WriteFile(filepath.Join(dir, "keys", "master.key"), key, 0o600))
	return dir
}

func goldenState(t testing.TB) (key []byte, golden string) {
	t.Helper()
	dir := t.TempDir()
	l := openLake(t, dir, nil)
	check(t, work(l))
	key, err := os.ReadFile(filepath.Join(dir, "keys", "master.key"))
	check(t, err)
	return key, state(t, l)
}

const crashAt, crashDir = "LAKE_TEST_CRASH_AT", "LAKE_TEST_CRASH_DIR"

// TestCrashHelper is the process that TestKillAtEveryPoint kills: it sends itself SIGKILL at one step.
func TestCrashHelper(t *testing.T) {
	at, err := strconv.Atoi(os.Getenv(crashAt))
	if err != nil {
		t.Skip("runs only as a child of TestKillAtEveryPoint")
	}
	n := 0
	l := openLake(t, os.Getenv(crashDir), nil)
	l.fs.hook = func(string) error {
		if n++; n > at {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	}
	check(t, work(l))
}

func TestKillAtEveryPoint(t *testing.T) {
	key, golden := goldenState(t)
	steps := points(t)
	if len(steps) < 50 {
		t.Fatalf("only %d steps: %v", len(steps), steps)
	}
	for at, step := range steps {
		if testing.Short() && at%7 != 0 {
			continue
		}
		t.Run(fmt.Sprintf("%02d %s", at, step), func(t *testing.T) {
			dir := newProject(t, key)
			child := exec.Command(os.Args[0], "-test.run=^TestCrashHelper$")
			child.Env = append(os.Environ(), crashAt+"="+strconv.Itoa(at), crashDir+"="+dir)
			out, err := child.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("the child was not killed: %v\n%s", err, out)
			}
			recovered(t, dir, golden)
		})
	}
}

// A step that fails (disk full, I/O error) is an error, leaves nothing that counts by half,
// and the next run comes to the same end.
func TestFailAtEveryPoint(t *testing.T) {
	key, golden := goldenState(t)
	for at, step := range points(t) {
		t.Run(fmt.Sprintf("%02d %s", at, step), func(t *testing.T) {
			dir := newProject(t, key)
			l := openLake(t, dir, nil)
			n := 0
			l.fs.hook = func(string) error {
				if n++; n == at+1 {
					return syscall.ENOSPC
				}
				return nil
			}
			if err := work(l); !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("a full disk gives %v", err)
			}
			if !strings.HasSuffix(step, ":remove") {
				noTmp(t, l)
			}
			recovered(t, dir, golden)
		})
	}
}

// Power is lost after a name was given and before its folder was synced: the name is gone.
func TestANameThatDidNotReachTheDisk(t *testing.T) {
	key, golden := goldenState(t)
	for at, step := range points(t) {
		if !strings.HasSuffix(step, ":folder sync") {
			continue
		}
		t.Run(fmt.Sprintf("%02d %s", at, step), func(t *testing.T) {
			dir := newProject(t, key)
			l := openLake(t, dir, nil)
			n := 0
			lost := errors.New("power lost")
			before := map[string]bool{}
			l.fs.hook = func(point string) error {
				switch n++; {
				case n == at: // the link comes next
					listFiles(t, dir, before)
				case n == at+1:
					return lost
				}
				return nil
			}
			if err := work(l); !errors.Is(err, lost) {
				t.Fatal(err)
			}
			after := map[string]bool{}
			listFiles(t, dir, after)
			removed := 0
			for path := range after {
				if !before[path] {
					check(t, os.Remove(path))
					removed++
				}
			}
			if removed != 1 {
				t.Fatalf("%d names were given in one step", removed)
			}
			recovered(t, dir, golden)
		})
	}
}

func listFiles(t testing.TB, dir string, into map[string]bool) {
	check(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !isTmp(d.Name()) {
			into[path] = true
		}
		return err
	}))
}

// The order is the guarantee: bytes before the name, the name's folder before success.
func TestTheOrderOfEveryDurableWrite(t *testing.T) {
	steps := points(t)
	want := []string{"create", "write", "sync", "close", "link", "folder sync", "remove", "done"}
	for _, what := range []string{"object", "landing key", "file", "entry"} {
		var order []string
		for _, s := range steps {
			if step, found := strings.CutPrefix(s, what+":"); found && (len(order) == 0 || order[len(order)-1] != step) {
				order = append(order, step)
			}
		}
		rounds := len(order) / len(want)
		if rounds == 0 || !slices.Equal(order, slices.Repeat(want, rounds)) {
			t.Errorf("%s: %v", what, order)
		}
	}
	at := func(s string) int { return slices.Index(steps, s) }
	if at("landing key:done") > at("object:create") || at("object:done") > at("entry:create") || at("file:done") > at("entry:create") {
		t.Errorf("something was committed before it was on disk: %v", steps)
	}
}
