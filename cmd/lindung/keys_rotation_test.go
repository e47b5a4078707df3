package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// allFigures is every figure of the current release, as text.
func allFigures(t testing.TB, dir string) []byte {
	t.Helper()
	return lindung(t, nil, "query", "--dir", dir, "--output", "csv",
		"select kpi, measure, period, breakdown, member, value, status from figures order by all")
}

// rotatable gives a copy of a project with one delivery of the sample world.
func rotatable(t testing.TB, s story) string {
	t.Helper()
	dir := projectDir(t)
	if out, err := exec.Command("cp", "-a", s.golden+"/.", dir).CombinedOutput(); err != nil {
		t.Fatalf("copying a project: %v %s", err, out)
	}
	return dir
}

// A lake whose tokens were made anew is, byte for byte, the lake that the same sources give to a project that had the
// new key from the beginning. No source was asked, and every figure is the same.
func TestARotatedLakeIsTheLakeOfTheNewKey(t *testing.T) {
	t.Parallel()
	s := firstStory(t)
	dir := rotatable(t, s)
	lindung(t, nil, "build", "--dir", dir) // at the clock of the rotation
	before, was := allFigures(t, dir), lakeFiles(t, dir)
	lindung(t, nil, "keys", "rotate", "--tokens", "--reason", "a drill", "--dir", dir)
	rotated := lakeFiles(t, dir)
	if slices.Equal(was, rotated) {
		t.Fatal("no file changed")
	}
	if !bytes.Equal(allFigures(t, dir), before) {
		t.Error("the rotation moved figures")
	}
	lindung(t, nil, "keys", "check", "--dir", dir)

	fresh := projectDir(t)
	copyKeys(t, dir, fresh)
	demoJSON(t, nil, "--dir", fresh, "--scale", crashScale, "--until", s.until)
	if made := lakeFiles(t, fresh); !slices.Equal(made, rotated) {
		t.Errorf("%d files of a lake that had the new key from the beginning, %d of the rotated one, and they differ", len(made), len(rotated))
	}
}

// A rotation that is killed at any instant has done nothing or everything; run again, it ends, and no token of the
// old key is left.
func TestARotationIsKilledAtRandomInstants(t *testing.T) {
	t.Parallel()
	kills := numberFrom(t, "LINDUNG_CRASHES", 1)
	random := seeded(t)
	s := firstStory(t)
	rotate := func(dir string) *exec.Cmd {
		return exec.Command(program, "keys", "rotate", "--tokens", "--reason", "a drill", "--no-build", "--dir", dir)
	}
	undisturbed := rotatable(t, s)
	lindung(t, nil, "build", "--dir", undisturbed)
	figures := allFigures(t, undisturbed)
	began := time.Now()
	if out, err := rotate(undisturbed).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	takes := time.Since(began)
	for range kills {
		at := time.Duration(random.Int64N(int64(takes)))
		t.Run(fmt.Sprint(at.Round(time.Millisecond)), func(t *testing.T) {
			dir := rotatable(t, s)
			was := lakeFiles(t, dir)
			c := rotate(dir)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(at)
			_ = c.Process.Signal(syscall.SIGKILL)
			_ = c.Wait()
			lindung(t, nil, "verify", "--dir", dir)
			lindung(t, nil, "gc", "--dir", dir) // what any command that works does first
			lindung(t, nil, "keys", "check", "--dir", dir)
			lindung(t, nil, "verify", "--dir", dir)
			half := lakeFiles(t, dir)
			if len(half) != len(was) {
				t.Errorf("%d files after the kill, %d before", len(half), len(was))
			}
			if out, err := rotate(dir).CombinedOutput(); err != nil {
				t.Fatalf("again: %v\n%s", err, out)
			}
			if _, err := os.Stat(filepath.Join(dir, "keys", "tokens.next")); err == nil {
				t.Error("the new key is still beside the old one")
			}
			lindung(t, nil, "keys", "check", "--dir", dir)
			lindung(t, nil, "verify", "--dir", dir)
			lindung(t, nil, "build", "--dir", dir)
			if !bytes.Equal(allFigures(t, dir), figures) {
				t.Error("the figures are others")
			}
			if left := leftovers(t, filepath.Join(dir, "data")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
