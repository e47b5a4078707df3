package lake

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// anew writes rows of another seed, of the same number, as the file that a rewriting puts in the place of one.
func anew(t testing.TB, l *Lake, f File, seed uint64) Rewrite {
	t.Helper()
	w, err := l.WriteFile(f.Dataset, f.Source, f.Period, someRows(int(f.Rows), seed))
	check(t, err)
	return Rewrite{From: f.Path, File: w}
}

func rewriting(key string, all ...Rewrite) Entry {
	return Entry{Kind: Retokenise, Origin: "sample", KnownAt: day("2026-02-01"), Reason: "a drill", TokenKey: key, Rewrites: all}
}

// A file that was rewritten is read in its new form whenever somebody asks for what was known, and what was before
// is needed by nobody.
func TestARewritingHoldsForThePastToo(t *testing.T) {
	l := threeCommits(t)
	before, err := l.Snapshot(day("2025-06-01"))
	check(t, err)
	old := before.Files[0]
	w := anew(t, l, old, 77)
	again := anew(t, l, w.File, 78)
	commit(t, l, rewriting("k2", w))
	if key, err := l.TokenKey(); err != nil || key != "k2" {
		t.Errorf("token key %q, %v", key, err)
	}
	commit(t, l, rewriting("k3", again))

	for _, at := range []time.Time{day("2025-06-01"), {}} {
		s, err := l.Snapshot(at)
		check(t, err)
		if s.Files[0].Path != again.File.Path || s.Files[0].CommitNo != old.CommitNo || !s.Files[0].KnownAt.Equal(old.KnownAt) || s.Files[0].Feed != old.Feed {
			t.Errorf("known at %v: %+v, want %s as of commit %d", at, s.Files[0], again.File.Path, old.CommitNo)
		}
	}
	if s, err := l.Snapshot(day("2025-06-01")); err != nil || s.Head != before.Head || len(s.Files) != len(before.Files) {
		t.Errorf("what was known earlier changed: head %d, %d files, %v", s.Head, len(s.Files), err)
	}
	numbers, err := l.EntriesOf(old.Feed)
	check(t, err)
	s, err := l.SnapshotOf(numbers)
	check(t, err)
	if s.Files[0].Path != again.File.Path || s.TokenKey() != "k3" {
		t.Errorf("of the feed alone: %s under key %s", s.Files[0].Path, s.TokenKey())
	}
	for _, f := range Named(s.Entries) {
		if f.Path == old.Path || f.Path == w.File.Path {
			t.Errorf("a copy would want %s", f.Path)
		}
	}
	if n, err := l.Sweep(); err != nil || n != 2 {
		t.Errorf("swept %d files, %v", n, err)
	}
	if _, err := os.Stat(l.Path(old.Path)); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file with the old tokens is still there")
	}
	r, err := l.Verify(t.Context(), nil)
	check(t, err)
	if !r.OK() {
		t.Errorf("after the sweep: %+v", r.Problems)
	}
	// A later entry replaces what is there now, under its name of now.
	e := delivery(t, l, "2026-03-15", "later", "2023-12", 50)
	e.TokenKey, e.Replaces = "k3", []string{s.Files[0].Ref()}
	commit(t, l, e)
	commit(t, l, rewriting("k4"))
	if s, err := l.Snapshot(time.Time{}); err != nil || len(s.Files) != 3 {
		t.Errorf("%d files count, %v", len(s.Files), err)
	}
}

func TestWhatIsNoRewritingIsRefused(t *testing.T) {
	l := threeCommits(t)
	s, err := l.Snapshot(time.Time{})
	check(t, err)
	f := s.Files[0]
	w := anew(t, l, f, 77)
	fewer, err := l.WriteFile(f.Dataset, f.Source, f.Period, someRows(int(f.Rows)-1, 5))
	check(t, err)
	for _, c := range []struct {
		name, want string
		entry      Entry
	}{
		{"of what nobody knows", "which no entry names", rewriting("k2", Rewrite{From: "lake/placements/none.parquet", File: w.File})},
		{"twice", "which no entry names", rewriting("k2", w, w)},
		{"with other rows", "is not the rows of", rewriting("k2", Rewrite{From: f.Path, File: fewer})},
		{"without a key", "names the new token key", rewriting("", w)},
		{"of one feed", "is of no feed", func() Entry { e := rewriting("k2", w); e.Feed = "siskop2mi_placements"; return e }()},
		{"without a reason", "needs a reason", func() Entry { e := rewriting("k2", w); e.Reason = ""; return e }()},
		{"by a delivery", "about keys", func() Entry {
			e := delivery(t, l, "2026-03-15", "x", "2023-12", 5)
			e.Rewrites = []Rewrite{w}
			return e
		}()},
	} {
		if _, err := l.Commit(c.entry); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want …%s…", c.name, err, c.want)
		}
	}
	check(t, os.Remove(l.Path(w.File.Path)))
	if _, err := l.Commit(rewriting("k2", w)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Whoever began before the key was given up does not bring its tokens back.
func TestTokensOfAKeyThatWasGivenUp(t *testing.T) {
	l := threeCommits(t)
	slow := delivery(t, l, "2026-03-15", "slow", "2023-12", 50)
	slow.TokenKey = "k1"
	commit(t, l, rewriting("k2"))
	if _, err := l.CommitAfter(slow, 3); !errors.Is(err, ErrConflict) {
		t.Errorf("who began before the rotation: %v", err)
	}
	if _, err := l.CommitAfter(slow, 4); !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "given up for k2") {
		t.Errorf("who tokenised with the old key: %v", err)
	}
	slow.TokenKey = "k2"
	if _, err := l.CommitAfter(slow, 4); err != nil {
		t.Error(err)
	}
}
