package lake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Snapshot is what counted, and what was known, at one moment. It never changes: files
// are only ever added to the lake, and what a later entry replaces stays on disk.
type Snapshot struct {
	// Head and HeadHash are of the newest entry that the snapshot counts.
	Head     int64
	HeadHash string
	// Files are those that count, ordered by dataset, source, period, commit and path. The
	// same path is there more than once when equal rows were delivered more than once,
	// each time with another CommitNo.
	Files []File
	// Entries are the log entries known at that moment, in order.
	Entries []Entry
}

// Snapshot gives what was known at asOf, or everything when asOf is zero.
func (l *Lake) Snapshot(asOf time.Time) (Snapshot, error) {
	chain, err := l.chain()
	if err != nil {
		return Snapshot{}, fmt.Errorf("taking a snapshot: %w", err)
	}
	var s Snapshot
	live := newLiveFiles()
	for _, e := range chain {
		if !asOf.IsZero() && e.KnownAt.After(asOf) {
			continue
		}
		live.apply(e.Entry)
		s.Head, s.HeadHash = e.No, e.hash
		s.Entries = append(s.Entries, e.Entry)
	}
	s.Files = live.list()
	return s, nil
}

// EntriesOf gives the numbers of a feed's entries, in order, and of those that are about the files of all feeds.
func (l *Lake) EntriesOf(feed string) ([]int64, error) {
	chain, err := l.chain()
	if err != nil {
		return nil, err
	}
	numbers := []int64{}
	for _, e := range chain {
		if e.Feed == feed || e.Kind == Retokenise {
			numbers = append(numbers, e.No)
		}
	}
	return numbers, nil
}

// SnapshotOf gives what counts of some entries alone, such as those of one feed: EntriesOf.
// Only these are read, so that it costs what they are; that the log is one unbroken chain is
// what the caller has seen already.
func (l *Lake) SnapshotOf(numbers []int64) (Snapshot, error) {
	var s Snapshot
	entries := make([]loggedEntry, len(numbers))
	for i, no := range numbers {
		var err error
		if entries[i], err = l.readEntry(no, nil); err != nil {
			return Snapshot{}, fmt.Errorf("reading entry %d of the commit log: %w", no, err)
		}
	}
	rewrites := rewritesOf(entries, func(e loggedEntry) Entry { return e.Entry })
	live := newLiveFiles()
	for _, e := range entries {
		e.Entry = rewrites.apply(e.Entry)
		live.apply(e.Entry)
		s.Head, s.HeadHash = e.No, e.hash
		s.Entries = append(s.Entries, e.Entry)
	}
	s.Files = live.list()
	return s, nil
}

// Dataset gives the files of one dataset.
func (s Snapshot) Dataset(name string) []File {
	return s.choose(func(f File) bool { return f.Dataset == name })
}

// Feed gives the files of one dataset that one feed brought.
func (s Snapshot) Feed(feed, dataset string) []File {
	return s.choose(func(f File) bool { return f.Feed == feed && f.Dataset == dataset })
}

func (s Snapshot) choose(want func(File) bool) []File {
	var files []File
	for _, f := range s.Files {
		if want(f) {
			files = append(files, f)
		}
	}
	return files
}

// Position gives where a feed goes on: what its last entry that moved it says; nil at first.
func (s Snapshot) Position(feed string) json.RawMessage {
	for _, e := range slices.Backward(s.Entries) {
		if e.Feed == feed && e.Position != nil {
			return e.Position
		}
	}
	return nil
}

// FilesOf gives the files of one entry that no later entry has replaced.
func (s Snapshot) FilesOf(e Entry) []File {
	refs := map[string]bool{}
	for _, f := range e.Files {
		refs[e.filled(f).Ref()] = true
	}
	return s.choose(func(f File) bool { return refs[f.Ref()] })
}

// Deliveries gives the entries by which a feed's data were taken or made again, in order.
// What was withheld is not among them.
func (s Snapshot) Deliveries(feed string) []Entry {
	var entries []Entry
	for _, e := range s.Entries {
		if e.Feed == feed && e.Kind != Withheld {
			entries = append(entries, e)
		}
	}
	return entries
}

// Objects gives the objects of a feed's deliveries, in order.
func (s Snapshot) Objects(feed string) []ObjectRecord {
	var objects []ObjectRecord
	for _, e := range s.Deliveries(feed) {
		objects = append(objects, e.Objects...)
	}
	return objects
}

// KnownObject says whether a feed has delivered an object before, and in which entry last.
func (s Snapshot) KnownObject(feed string, id [16]byte) (entry int64, known bool) {
	text := FormatID(id)
	for _, e := range slices.Backward(s.Entries) {
		if e.Feed != feed || e.Kind == Withheld {
			continue
		}
		for _, o := range e.Objects {
			if o.ID == text {
				return e.No, true
			}
		}
	}
	return 0, false
}

// liveFiles follows, entry by entry, which files count.
type liveFiles struct {
	byRef  map[string]File
	byPath map[string][]string // path to its refs
}

func newLiveFiles() *liveFiles {
	return &liveFiles{byRef: map[string]File{}, byPath: map[string][]string{}}
}

// apply takes out what an entry replaces and then adds its files.
func (l *liveFiles) apply(e Entry) {
	for _, name := range e.Replaces {
		for _, ref := range l.resolve(name) {
			l.remove(ref)
		}
	}
	for _, f := range e.Files {
		f = e.filled(f)
		if ref := f.Ref(); l.byRef[ref].Path == "" {
			l.byRef[ref] = f
			l.byPath[f.Path] = append(l.byPath[f.Path], ref)
		}
	}
}

// resolve gives the refs that a line of Replaces means: none when nothing counts by that name.
func (l *liveFiles) resolve(name string) []string {
	if _, live := l.byRef[name]; live {
		return []string{name}
	}
	return slices.Clone(l.byPath[name])
}

func (l *liveFiles) remove(ref string) {
	path := l.byRef[ref].Path
	delete(l.byRef, ref)
	l.byPath[path] = slices.DeleteFunc(l.byPath[path], func(r string) bool { return r == ref })
}

// filled gives a file what its entry knows of it.
func (e Entry) filled(f File) File {
	if f.CommitNo == 0 {
		f.CommitNo = e.No
	}
	if f.KnownAt.IsZero() {
		f.KnownAt = e.KnownAt
	}
	f.Feed, f.Normaliser = e.Feed, e.NormaliserVersion
	return f
}

// checkReplaces refuses an entry that replaces what does not count, adds what counts
// already, or speaks of a delivery that is still to come.
func (l *liveFiles) checkReplaces(e Entry) error {
	gone := map[string]bool{}
	for _, name := range e.Replaces {
		refs := l.resolve(name)
		if len(refs) == 0 {
			return fmt.Errorf("it replaces %s, which does not count; take a new snapshot and decide again", name)
		}
		for _, ref := range refs {
			gone[ref] = true
		}
	}
	added := map[string]bool{}
	for _, f := range e.Files {
		if f.CommitNo > e.No {
			return fmt.Errorf("file %s names entry %d as its delivery, which is still to come", f.Path, f.CommitNo)
		}
		ref := e.filled(f).Ref()
		if _, live := l.byRef[ref]; added[ref] || live && !gone[ref] {
			return fmt.Errorf("file %s counts already; list it once, and in replaces if it is written again", ref)
		}
		added[ref] = true
	}
	return nil
}

func (l *liveFiles) list() []File {
	files := make([]File, 0, len(l.byRef))
	for _, f := range l.byRef {
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b File) int {
		return cmp.Or(strings.Compare(a.Dataset, b.Dataset), strings.Compare(a.Source, b.Source),
			strings.Compare(a.Period, b.Period), cmp.Compare(a.CommitNo, b.CommitNo), strings.Compare(a.Path, b.Path))
	})
	return files
}
