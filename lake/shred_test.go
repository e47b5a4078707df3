package lake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func shred(month string) Entry {
	return Entry{Source: "siskop2mi", Shredded: month, Origin: "sample", KnownAt: day("2026-02-01"), Reason: "its time is up"}
}

// A month that was shredded is no problem, a key that is lost is one, and a key that comes back is destroyed again.
func TestAShreddedMonthIsKnownFromALostKey(t *testing.T) {
	l := threeCommits(t)
	if _, err := l.Shred(shred("2020-01")); err == nil || !strings.Contains(err.Error(), "nothing landed") {
		t.Errorf("a month without objects: %v", err)
	}
	key, err := os.ReadFile(l.monthKeyPath("siskop2mi", "2024-01"))
	check(t, err)
	e, err := l.Shred(shred("2024-01"))
	check(t, err)
	if _, err := os.Stat(l.monthKeyPath("siskop2mi", "2024-01")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the key is still there")
	}
	if _, err := l.Shred(shred("2024-01")); !errors.Is(err, ErrShredded) {
		t.Errorf("twice: %v", err)
	}
	entries, err := l.Entries()
	check(t, err)
	id, _ := ParseID(entries[0].Objects[0].ID)
	if _, err := readObject(l, "2024-01", id); !errors.Is(err, ErrShredded) || !errors.Is(err, ErrKeyGone) {
		t.Errorf("reading what was shredded: %v", err)
	}
	if _, err := l.Land("siskop2mi", "2024-01", strings.NewReader("late"), limit); !errors.Is(err, ErrShredded) {
		t.Errorf("landing in it: %v", err)
	}
	r, err := l.Verify(t.Context(), nil)
	check(t, err)
	want := ShreddedMonth{Source: "siskop2mi", Month: "2024-01", Commit: e.No, Reason: "its time is up", Objects: 1}
	if !r.OK() || len(r.Shredded) != 1 || r.Shredded[0] != want {
		t.Errorf("verify: %+v, shredded %+v", r.Problems, r.Shredded)
	}

	check(t, os.Remove(l.monthKeyPath("siskop2mi", "2025-01")))
	keys, err := l.CheckKeys(t.Context(), nil)
	check(t, err)
	if keys.Objects != 1 || len(keys.Shredded) != 1 || len(keys.Problems) != 1 || !strings.Contains(keys.Problems[0].Message, "no entry of the log says") {
		t.Errorf("check: %+v", keys)
	}

	check(t, os.WriteFile(l.monthKeyPath("siskop2mi", "2024-01"), key, 0o600))
	keys, err = l.CheckKeys(t.Context(), nil)
	check(t, err)
	if len(keys.Problems) != 2 || !strings.Contains(keys.Problems[0].Message, "is here again") {
		t.Errorf("a key that came back: %+v", keys.Problems)
	}
	if n, err := l.Sweep(); err != nil || n != 1 {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, err := os.Stat(l.monthKeyPath("siskop2mi", "2024-01")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a key that came back outlives the sweep")
	}
}

// Wherever a shredding ends, the month opens and no entry says otherwise, or it is given up and the next sweep
// completes it.
func TestAShreddingMayEndAnywhere(t *testing.T) {
	var points []string
	l := threeCommits(t)
	l.fs.hook = func(p string) error { points = append(points, p); return nil }
	_, err := l.Shred(shred("2024-01"))
	check(t, err)
	for i := range points {
		l := threeCommits(t)
		n := 0
		l.fs.hook = func(string) error {
			if n++; n > i {
				return errors.New("the end")
			}
			return nil
		}
		if _, err := l.Shred(shred("2024-01")); err == nil && i < len(points)-1 {
			t.Fatalf("stopped at %s without an error", points[i])
		}
		l.fs.hook = nil
		_, err := l.Sweep()
		check(t, err)
		entries, err := l.Entries()
		check(t, err)
		_, lost := os.Stat(l.monthKeyPath("siskop2mi", "2024-01"))
		if given := entries[len(entries)-1].Kind == Shred; given != (lost != nil) {
			t.Errorf("stopped at %s: given up %v, key %v", points[i], given, lost)
		}
		r, err := l.Verify(t.Context(), nil)
		check(t, err)
		if !r.OK() {
			t.Errorf("stopped at %s: %+v", points[i], r.Problems)
		}
	}
}

// Everything opens at every moment of a rotation of the master key, and a rotation that ended early goes on.
func TestARotationOfTheMasterKeyMayEndAnywhere(t *testing.T) {
	prepare := func() (dir, path string, was Master) {
		dir = t.TempDir()
		l := openLake(t, dir, nil)
		for i, at := range []string{"2024-01-15", "2025-01-31", "2026-01-15"} {
			commit(t, l, delivery(t, l, at, strings.Repeat("x", i+1), "2023-12", 5+i))
		}
		return dir, filepath.Join(dir, "keys", "master.key"), l.master
	}
	opens := func(dir string) error {
		keys, err := openLake(t, dir, nil).CheckKeys(t.Context(), nil)
		if err == nil && (len(keys.Problems) > 0 || keys.Objects != 3) {
			err = fmt.Errorf("%+v", keys)
		}
		return err
	}
	var points []string
	dir, path, was := prepare()
	m, months, err := rotateMaster(path, func(p string) error { points = append(points, p); return nil })
	check(t, err)
	check(t, opens(dir))
	if m.ID() == was.ID() || !m.Replaces(was.ID()) || was.Replaces(m.ID()) || months != 3 {
		t.Errorf("key %s after %s, %d months", m.ID(), was.ID(), months)
	}
	if text, err := os.ReadFile(path); err != nil || strings.Contains(string(text), was.identity.String()) {
		t.Error("the old key is still in the file")
	}
	for i, point := range points {
		dir, path, was := prepare()
		n := 0
		if _, _, err := rotateMaster(path, func(string) error {
			if n++; n > i {
				return errors.New("the end")
			}
			return nil
		}); err == nil {
			t.Fatalf("stopped at %s without an error", point)
		}
		if err := opens(dir); err != nil {
			t.Fatalf("stopped at %s, step %d: %v", point, i, err)
		}
		m, _, err := RotateMaster(path)
		check(t, err)
		if err := opens(dir); err != nil || !m.Replaces(was.ID()) || m.before != nil {
			t.Fatalf("stopped at %s and taken up again: %v", point, err)
		}
	}
}
