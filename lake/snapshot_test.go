package lake

import (
	"io"
	"maps"
	"slices"
	"testing"
	"time"
)

func TestSnapshotAsOf(t *testing.T) {
	l := threeCommits(t)
	for _, c := range []struct {
		asOf     string
		head     int64
		position string
	}{
		{"2024-01-14", 0, ""},
		{"2024-01-15", 1, `{"since":"2024-01-15"}`},
		{"2025-12-31", 2, `{"since":"2025-01-31"}`},
		{"2030-01-01", 3, `{"since":"2026-01-15"}`},
	} {
		s, err := l.Snapshot(day(c.asOf))
		check(t, err)
		if s.Head != c.head || len(s.Files) != int(c.head) || len(s.Entries) != int(c.head) || string(s.Position("siskop2mi_placements")) != c.position {
			t.Errorf("as of %s: head %d, %d files, %d entries, position %s", c.asOf, s.Head, len(s.Files), len(s.Entries), s.Position("siskop2mi_placements"))
		}
		if c.head > 0 {
			check(t, l.Holds(s.Head, s.HeadHash))
		}
	}
	s, err := l.Snapshot(time.Time{})
	check(t, err)
	for i, f := range s.Dataset("placements") {
		e := s.Entries[i]
		if f.CommitNo != e.No || !f.KnownAt.Equal(e.KnownAt) || f.Feed != e.Feed || f.Normaliser != 1 {
			t.Errorf("file %d: commit %d known %v feed %s normaliser %d", i, f.CommitNo, f.KnownAt, f.Feed, f.Normaliser)
		}
	}
	if s.Position("other") != nil || len(s.Dataset("cases")) != 0 || len(s.Feed("other", "placements")) != 0 {
		t.Error("something of a feed that never delivered")
	}
}

func TestKnownObjects(t *testing.T) {
	l := threeCommits(t)
	withheld := delivery(t, l, "2026-02-01", "withheld", "2023-12", 5)
	withheld.Kind, withheld.Files, withheld.Position, withheld.Reason, withheld.ReasonCode = Withheld, nil, nil, "too many rejects", "too_many_problems"
	commit(t, l, withheld)
	s, err := l.Snapshot(time.Time{})
	check(t, err)
	objects := s.Objects("siskop2mi_placements")
	if len(objects) != 3 || len(s.Deliveries("siskop2mi_placements")) != 3 {
		t.Fatalf("%d objects in %d deliveries", len(objects), len(s.Deliveries("siskop2mi_placements")))
	}
	for i, o := range objects {
		id, err := ParseID(o.ID)
		check(t, err)
		if no, known := s.KnownObject("siskop2mi_placements", id); !known || no != int64(i+1) {
			t.Errorf("object %d: entry %d, %v", i, no, known)
		}
		if _, known := s.KnownObject("other", id); known {
			t.Error("another feed is said to have delivered it")
		}
	}
	id, err := ParseID(withheld.Objects[0].ID)
	check(t, err)
	if _, known := s.KnownObject("siskop2mi_placements", id); known {
		t.Error("what was withheld counts as delivered, so that it would never be taken")
	}
	if got := string(s.Position("siskop2mi_placements")); got != `{"since":"2026-01-15"}` {
		t.Errorf("a withheld delivery moved the feed to %s", got)
	}
}

// A newer normaliser makes the old deliveries' files again. They stay the deliveries' files:
// what was known when does not change.
func TestReplacedFiles(t *testing.T) {
	l := threeCommits(t)
	old, err := l.Snapshot(time.Time{})
	check(t, err)
	replaced := old.Files[0]
	f, err := l.WriteFile("placements", "siskop2mi", "2023-12", someRows(50, 99))
	check(t, err)
	f.CommitNo, f.KnownAt = replaced.CommitNo, replaced.KnownAt
	e := Entry{Kind: Renormalise, Feed: "siskop2mi_placements", Source: "siskop2mi", Dataset: "placements", Origin: "sample",
		KnownAt: day("2026-03-01"), NormaliserVersion: 2, Files: []File{f}, Replaces: []string{replaced.Path},
		Replayed: []ReplayedObject{{ID: old.Entries[0].Objects[0].ID, Month: "2024-01", CommitNo: 1, Records: 50, Accepted: 50}}}
	commit(t, l, e)
	s, err := l.Snapshot(time.Time{})
	check(t, err)
	got := s.Dataset("placements")
	if len(got) != 3 || got[0].Path != f.Path || got[0].CommitNo != 1 || !got[0].KnownAt.Equal(day("2024-01-15")) || got[0].Normaliser != 2 {
		t.Errorf("%d files, the first %+v", len(got), got[0])
	}
	if files := s.FilesOf(s.Entries[0]); len(files) != 0 {
		t.Errorf("of the first delivery %d files are said to count still", len(files))
	}
	if files := s.FilesOf(s.Entries[3]); len(files) != 1 || files[0].Path != f.Path {
		t.Errorf("the renormalised entry has %d files", len(files))
	}
	before, err := l.Snapshot(day("2026-02-01"))
	check(t, err)
	if before.Dataset("placements")[0].Path != replaced.Path {
		t.Error("an earlier moment sees what was made later")
	}
	if r, err := l.Verify(t.Context(), nil); err != nil || !r.OK() || r.Files != 4 {
		t.Errorf("verify: %+v %v", r, err)
	}
}

// A source may go back to an older state: then the same file has two deliveries.
func TestTheSameRowsDeliveredTwice(t *testing.T) {
	l := newLake(t)
	first := commit(t, l, delivery(t, l, "2024-01-15", "x", "2023-12", 5))
	again := delivery(t, l, "2025-01-31", "x", "2023-12", 5)
	commit(t, l, again)
	s, err := l.Snapshot(time.Time{})
	check(t, err)
	if len(s.Files) != 2 || s.Files[0].Path != s.Files[1].Path || s.Files[0].CommitNo != 1 || s.Files[1].CommitNo != 2 {
		t.Fatalf("files %+v", s.Files)
	}
	one := Entry{Kind: Renormalise, Feed: first.Feed, Source: first.Source, Dataset: first.Dataset, KnownAt: day("2026-01-01"), Replaces: []string{s.Files[0].Ref()}}
	commit(t, l, one)
	if s, err = l.Snapshot(time.Time{}); err != nil || len(s.Files) != 1 || s.Files[0].CommitNo != 2 {
		t.Errorf("one delivery replaced: %+v, %v", s.Files, err)
	}
	one.Replaces = []string{s.Files[0].Path}
	commit(t, l, one)
	if s, err = l.Snapshot(time.Time{}); err != nil || len(s.Files) != 0 {
		t.Errorf("all replaced: %+v, %v", s.Files, err)
	}
}

// stones are tombstones: rows with a row_key and no more.
type stones []struct {
	Key string `parquet:"row_key"`
}

func (s stones) Len() int                       { return len(s) }
func (s stones) Sort()                          {}
func (s stones) WriteParquet(w io.Writer) error { return writeParquet(w, s) }
func (s stones) Columns() []string              { return []string{"row_key"} }
func (s stones) Sums() (nulls []int64, sums []uint64, mins, maxs []string) {
	return []int64{0}, []uint64{0}, []string{""}, []string{""}
}

func TestCurrentKeys(t *testing.T) {
	l := newLake(t)
	keyed := func(period string, keys ...string) File {
		rows := someRows(len(keys), uint64(len(period)+len(keys)))
		for i, k := range keys {
			rows[i].Key = k
		}
		f, err := l.WriteFile("placements", "siskop2mi", period, rows)
		check(t, err)
		return f
	}
	gone := func(keys ...string) File {
		var s stones
		for _, k := range keys {
			s = append(s, struct {
				Key string `parquet:"row_key"`
			}{k})
		}
		f, err := l.WriteFile(Tombstones, "siskop2mi", "2024-01", s)
		check(t, err)
		return f
	}
	put := func(feed string, files ...File) {
		commit(t, l, Entry{Kind: Delivery, Feed: feed, Source: "siskop2mi", Dataset: "placements", KnownAt: day("2024-01-15"), Files: files})
	}
	put("a", keyed("2024-01", "k1", "k2", "k3"))
	put("a", keyed("2024-02", "k2"), gone("k1"))
	put("b", keyed("2024-03", "k9"), gone("k3")) // another feed's tombstone is not ours
	put("a", keyed("2024-04", "k1"))             // back again
	put("a", gone("k2"))
	s, err := l.Snapshot(time.Time{})
	check(t, err)
	got, err := l.CurrentKeys(s, "a", "placements")
	check(t, err)
	if want := (map[string]Key{"k1": {"2024-04", 4}, "k3": {"2024-01", 1}}); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var all []string
	check(t, l.ReadKeys(s.Feed("a", "placements")[0], func(key string) { all = append(all, key) }))
	if !slices.Equal(all, []string{"k1", "k2", "k3"}) {
		t.Errorf("keys of the first file: %v", all)
	}
	in, err := l.OpenFile(s.Files[0])
	check(t, err)
	check(t, in.Close())
}

// What counts of one feed is the same whether its entries are read alone or with all others.
func TestSnapshotOfAFeedsEntries(t *testing.T) {
	l := threeCommits(t)
	other := delivery(t, l, "2026-02-01", "of another feed", "2023-12", 5)
	other.Feed = "bp3mi_placements"
	commit(t, l, other)
	whole, err := l.Snapshot(time.Time{})
	check(t, err)
	for feed, want := range map[string][]int64{"siskop2mi_placements": {1, 2, 3}, "bp3mi_placements": {4}, "never": {}} {
		numbers, err := l.EntriesOf(feed)
		check(t, err)
		if !slices.Equal(numbers, want) {
			t.Errorf("%s: entries %v, want %v", feed, numbers, want)
		}
		alone, err := l.SnapshotOf(numbers)
		check(t, err)
		if got, want := alone.Feed(feed, "placements"), whole.Feed(feed, "placements"); !slices.EqualFunc(got, want, func(a, b File) bool { return a.Ref() == b.Ref() }) {
			t.Errorf("%s: %d files alone, %d of the whole", feed, len(got), len(want))
		}
		if got, want := len(alone.Deliveries(feed)), len(whole.Deliveries(feed)); got != want || string(alone.Position(feed)) != string(whole.Position(feed)) {
			t.Errorf("%s: %d deliveries alone, %d of the whole; positions %s and %s", feed, got, want, alone.Position(feed), whole.Position(feed))
		}
	}
	if _, err := l.SnapshotOf([]int64{5}); err == nil {
		t.Error("an entry that is not there is read")
	}
}
