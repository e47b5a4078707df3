package lake

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestVerifyOfAWholeLake(t *testing.T) {
	l := threeCommits(t)
	var seen []int
	r, err := l.Verify(t.Context(), func(done, total int) {
		if total != 6 {
			t.Errorf("total %d", total)
		}
		seen = append(seen, done)
	})
	check(t, err)
	if !r.OK() || r.Entries != 3 || r.Files != 3 || r.Objects != 3 || r.Rows != 50+51+52 || len(seen) != 6 || seen[5] != 6 {
		t.Errorf("%+v, progress %v", r, seen)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Verify(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestVerifyReportsEveryProblem(t *testing.T) {
	l := threeCommits(t)
	s, err := l.Snapshot(time.Time{})
	check(t, err)
	flip(t, l.Path(s.Files[0].Path), 100)
	check(t, os.Remove(l.Path(s.Files[1].Path)))
	id := func(i int) [16]byte {
		id, err := ParseID(s.Entries[i].Objects[0].ID)
		check(t, err)
		return id
	}
	flip(t, l.objectPath("siskop2mi", "2024-01", id(0)), 400)
	check(t, os.Remove(l.monthKeyPath("siskop2mi", "2025-01")))
	check(t, os.Remove(l.objectPath("siskop2mi", "2026-01", id(2))))
	forge(t, l, 3, func(e *Entry) { e.Prev = strings.Repeat("0", 64) })
	r, err := l.Verify(t.Context(), nil)
	check(t, err)
	want := []struct{ kind, path, message string }{
		{ProblemLog, "log/00000000000000000003.json", "does not follow entry 2"},
		{ProblemFile, s.Files[0].Path, "it was damaged or changed"},
		{ProblemFile, s.Files[1].Path, "restore it from a backup of the lake"},
		{ProblemObject, "landing/siskop2mi/2024-01/" + FormatID(id(0)) + ".zst.age", "restore it from a backup of the landing"},
		{ProblemKey, l.monthKeyPath("siskop2mi", "2025-01"), "1 landed objects of siskop2mi/2025-01 cannot be read: the landing key is gone"},
		{ProblemObject, "landing/siskop2mi/2026-01/" + FormatID(id(2)) + ".zst.age", "restore it from a backup of the landing"},
	}
	if len(r.Problems) != len(want) {
		t.Fatalf("%d problems of %d: %+v", len(r.Problems), len(want), r.Problems)
	}
	for i, w := range want {
		if p := r.Problems[i]; p.Kind != w.kind || p.Path != w.path || !strings.Contains(p.Message, w.message) {
			t.Errorf("got %+v\nwant %+v", p, w)
		}
	}
}

func TestVerifyComparesWhatTheLogSays(t *testing.T) {
	l := threeCommits(t)
	forge(t, l, 3, func(e *Entry) { e.Objects[0].Bytes++ })
	r, err := l.Verify(t.Context(), nil)
	check(t, err)
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Message, "it has 3 bytes where the log says 4") {
		t.Errorf("%+v", r.Problems)
	}
}

// Every bit counts: whichever single bit of whichever file flips, Verify tells.
func TestEveryFlippedBitIsFound(t *testing.T) {
	l := threeCommits(t)
	var paths []string
	check(t, filepath.WalkDir(l.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	}))
	if len(paths) != 9 {
		t.Fatalf("%d files", len(paths))
	}
	flips := 60
	if testing.Short() {
		flips = 5
	}
	rng := rand.New(rand.NewPCG(2, 2))
	for _, path := range paths {
		info, err := os.Stat(path)
		check(t, err)
		whole, err := os.ReadFile(path)
		check(t, err)
		for range flips {
			bit := rng.Int64N(info.Size() * 8)
			flip(t, path, bit)
			r, err := l.Verify(t.Context(), nil)
			check(t, err)
			if r.OK() {
				t.Errorf("bit %d of %s flipped unseen", bit, path)
			}
			overwrite(t, path, whole)
		}
	}
	r, err := l.Verify(t.Context(), nil)
	check(t, err)
	if !r.OK() {
		t.Errorf("restored, and still %+v", r.Problems)
	}
}

func flip(t testing.TB, path string, bit int64) {
	t.Helper()
	data, err := os.ReadFile(path)
	check(t, err)
	bit %= int64(len(data)) * 8
	data[bit/8] ^= 1 << (bit % 8)
	overwrite(t, path, data)
}

func TestSweep(t *testing.T) {
	l := threeCommits(t)
	garbage, err := l.WriteFile("placements", "siskop2mi", "2023-12", someRows(3, 77))
	check(t, err)
	orphan := land(t, l, "2024-01", "never committed")
	kept := []string{"landing/README", "lake/notes.txt", "log/old.json.bak", "landing/siskop2mi/2024-01/note.txt"}
	for _, path := range kept {
		check(t, os.WriteFile(l.Path(path), nil, 0o600))
	}
	gone := []string{l.Path(garbage.Path), l.objectPath("siskop2mi", "2024-01", orphan.ID),
		l.Path("landing/siskop2mi/2024-01/.tmp-1"), l.Path("lake/placements/.tmp-2"), l.Path("log/.tmp-3"), filepath.Join(l.master.folder, "landing", "siskop2mi", ".tmp-4")}
	for _, path := range gone[2:] {
		check(t, os.WriteFile(path, []byte("half"), 0o600))
	}
	n, err := l.Sweep()
	check(t, err)
	if n != len(gone) {
		t.Errorf("removed %d of %d", n, len(gone))
	}
	for _, path := range gone {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("still there: %s", path)
		}
	}
	for _, path := range kept {
		if _, err := os.Stat(l.Path(path)); err != nil {
			t.Error(err)
		}
	}
	if r, err := l.Verify(t.Context(), nil); err != nil || !r.OK() || r.Files != 3 || r.Objects != 3 {
		t.Errorf("after the sweep: %+v, %v", r, err)
	}
	if n, err := l.Sweep(); n != 0 || err != nil {
		t.Errorf("a second sweep removed %d, %v", n, err)
	}
}

func TestLockSaysWhoHoldsIt(t *testing.T) {
	dir := t.TempDir()
	held, err := Lock(dir, Holder{PID: 4711, Command: "lindung run", Since: day("2026-01-15")})
	check(t, err)
	_, err = Lock(dir, Holder{PID: 4712})
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Holder.PID != 4711 {
		t.Fatalf("got %v", err)
	}
	if want := "process 4711 (lindung run) holds it since 2026-01-15T00:00:00Z; wait until it ends and start again"; !strings.Contains(err.Error(), want) {
		t.Errorf("got %q, want ...%s", err, want)
	}
	check(t, os.Truncate(filepath.Join(dir, ".lock"), 0))
	if _, err := Lock(dir, Holder{}); !errors.As(err, &locked) || !strings.Contains(err.Error(), "another lindung process has just taken it") {
		t.Errorf("holder not written yet: %v", err)
	}
	check(t, held.Unlock())
	again, err := Lock(dir, Holder{PID: 4712, Command: "lindung build", Since: day("2026-01-16")})
	check(t, err)
	check(t, again.Unlock())
}
