package lake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	entrySuffix = ".json"
	entryMode   = 0o440
)

// ErrConflict is wrapped by Commit when somebody else's entry came first. Nothing was
// committed: take a new snapshot, decide again, and commit again.
var ErrConflict = errors.New("another entry took this number first")

// ErrBrokenLog is wrapped when the log is not one unbroken chain.
var ErrBrokenLog = errors.New("the commit log is broken")

// loggedEntry is an entry as it lies in the log.
type loggedEntry struct {
	Entry
	hash    string
	size    int64
	changed time.Time
}

func entryName(no int64) string { return fmt.Sprintf("%020d%s", no, entrySuffix) }

func parseEntryName(name string) (int64, bool) {
	digits, found := strings.CutSuffix(name, entrySuffix)
	if !found || len(digits) != 20 {
		return 0, false
	}
	no, err := strconv.ParseInt(digits, 10, 64)
	return no, err == nil && no > 0 && entryName(no) == name
}

// Commit makes an entry, and with it the files and objects that it lists, count. It gives
// the entry its number, its place in the chain and its format, and returns it so. An entry
// that asks for a number (the snapshot's head + 1) gets that one or ErrConflict, so that
// nobody commits on top of something that they have not seen; No = 0 takes the next number
// whatever came before. The entry is on disk when Commit returns.
func (l *Lake) Commit(e Entry) (Entry, error) {
	return l.commitWhere(e, func(Entry) error { return nil })
}

// CommitAfter is Commit for work that rests on a feed's entries up to seen: when the log holds
// a newer one of that feed, somebody else did the work meanwhile, and it gives ErrConflict; so it
// does when tokens are made with another key since. Entries of other feeds do not matter.
func (l *Lake) CommitAfter(e Entry, seen int64) (Entry, error) {
	return l.commitWhere(e, func(old Entry) error {
		if (old.Feed == e.Feed || old.Kind == Retokenise) && old.No > seen {
			return fmt.Errorf("%w: entry %d (run %s) brought the feed further than entry %d, on which this rests", ErrConflict, old.No, old.RunID, seen)
		}
		return nil
	})
}

func (l *Lake) commitWhere(e Entry, fits func(old Entry) error) (Entry, error) {
	e, err := l.commit(e, fits)
	if err != nil {
		return Entry{}, fmt.Errorf("committing %s of feed %s: %w", e.Kind, e.Feed, err)
	}
	return e, nil
}

func (l *Lake) commit(e Entry, fits func(old Entry) error) (Entry, error) {
	entries, err := l.chain()
	if err != nil {
		return e, err
	}
	for _, old := range entries {
		if err := fits(old.Entry); err != nil {
			return e, err
		}
	}
	next := int64(len(entries)) + 1
	if e.No != 0 && e.No != next {
		return e, fmt.Errorf("%w: entry %d, while the next is %d", ErrConflict, e.No, next)
	}
	e = e.canonical()
	e.No, e.Prev = next, ""
	if next > 1 {
		e.Prev = entries[next-2].hash
	}
	if err := l.checkEntry(e, entries); err != nil {
		return e, err
	}
	data, err := encodeEntry(e)
	if err != nil {
		return e, err
	}
	existed, err := l.fs.put("entry", l.entryPath(next), data, folderMode, entryMode)
	if err != nil {
		return e, err
	}
	if existed {
		return e, fmt.Errorf("%w: entry %d", ErrConflict, next)
	}
	return decodeEntry(data) // as every reader of the log will see it
}

func (l *Lake) entryPath(no int64) string {
	return filepath.Join(l.dir, logFolder, entryName(no))
}

// checkEntry refuses an entry whose files or objects are not there, or whose files do not
// fit what counts already.
func (l *Lake) checkEntry(e Entry, entries []loggedEntry) error {
	if err := e.check(); err != nil {
		return err
	}
	live := newLiveFiles()
	for _, old := range entries {
		live.apply(old.Entry)
	}
	if err := live.checkReplaces(e); err != nil {
		return err
	}
	if err := checkRewrites(e, entries); err != nil {
		return err
	}
	for _, f := range e.written() {
		if err := l.checkSize(f); err != nil {
			return err
		}
	}
	for _, o := range e.objects() {
		if _, err := os.Stat(l.objectPath(e.Source, o.month, o.id)); err != nil {
			return fmt.Errorf("landed object: %w", err)
		}
	}
	return nil
}

type objectPlace struct {
	id            [16]byte
	month, source string
	bytes         int64 // -1 when the entry does not say
}

// objects lists the landed objects that an entry names; ids that cannot be read are left out.
func (e Entry) objects() []objectPlace {
	var places []objectPlace
	add := func(text, month string, bytes int64) {
		if id, err := ParseID(text); err == nil && checkLanding(e.Source, month) == nil {
			places = append(places, objectPlace{id, month, e.Source, bytes})
		}
	}
	for _, o := range e.Objects {
		add(o.ID, o.Month, o.Bytes)
	}
	for _, o := range e.Replayed {
		add(o.ID, o.Month, -1)
	}
	return places
}

// Entries gives every entry in order. The chain is checked: an entry that is missing,
// damaged, altered or out of place is named in the error, with what to do about it.
func (l *Lake) Entries() ([]Entry, error) {
	chain, err := l.chain()
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(chain))
	for i, e := range chain {
		entries[i] = e.Entry
	}
	return entries, nil
}

// Head gives the number and the hash of the newest entry; 0 and "" of an empty log. A hash
// kept elsewhere (a release's manifest) proves later that the log still holds that entry
// and all before it: see Holds.
func (l *Lake) Head() (no int64, hash string, err error) {
	chain, err := l.chain()
	if err != nil || len(chain) == 0 {
		return 0, "", err
	}
	last := chain[len(chain)-1]
	return last.No, last.hash, nil
}

// Holds checks that the log still has the entry of that number and hash. The chain alone
// cannot tell when its newest entries were taken away; a head that was noted elsewhere can.
func (l *Lake) Holds(no int64, hash string) error {
	chain, err := l.chain()
	if err != nil || no == 0 {
		return err
	}
	if no < 0 || no > int64(len(chain)) {
		return fmt.Errorf("%w: entry %d is gone, the log ends at %d: it was cut off, or an old copy was put in its place; restore log/ from the newest backup", ErrBrokenLog, no, len(chain))
	}
	if got := chain[no-1].hash; got != hash {
		return fmt.Errorf("%w: entry %d has hash %s where %s was noted: the log was rewritten; restore log/ from a backup", ErrBrokenLog, no, short(got), short(hash))
	}
	return nil
}

// chain reads the log and refuses a broken one.
func (l *Lake) chain() ([]loggedEntry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries, problems, err := l.readLog(l.log)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, problems[0].err
	}
	l.log = entries
	return slices.Clip(entries), nil
}

// logProblem is one thing wrong with the log.
type logProblem struct {
	path string
	err  error
}

// readLog reads the entries that are in order, and tells everything that is not. An entry
// of cached whose file did not change since is not read again.
func (l *Lake) readLog(cached []loggedEntry) ([]loggedEntry, []logProblem, error) {
	listed, err := os.ReadDir(filepath.Join(l.dir, logFolder))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the commit log: %w", err)
	}
	var (
		entries  []loggedEntry
		problems []logProblem
		next     = int64(1)
		prev     = "" // unknown after a problem, while next > 1
	)
	bad := func(no int64, format string, args ...any) {
		place := logFolder + "/" + entryName(no)
		problems = append(problems, logProblem{place, fmt.Errorf("%w: entry %d (%s) %w; restore it from a backup of log/, and never edit or renumber entries",
			ErrBrokenLog, no, place, fmt.Errorf(format, args...))})
		prev = ""
	}
	for _, file := range listed {
		no, ok := parseEntryName(file.Name())
		if !ok {
			continue
		}
		for ; next < no; next++ {
			bad(next, "is missing, while entry %d is there", no)
		}
		next = no + 1
		e, err := l.readEntry(no, cached)
		switch {
		case errors.Is(err, ErrNewerFormat):
			problems = append(problems, logProblem{logFolder + "/" + entryName(no), fmt.Errorf("reading the commit log: entry %d: %w", no, err)})
			prev = ""
			continue
		case err != nil:
			bad(no, "cannot be read: %w", err)
			continue
		case e.No != no:
			bad(no, "calls itself %d: it lies under another entry's name", e.No)
			continue
		case e.Prev != prev && (prev != "" || no == 1):
			bad(no, "does not follow entry %d as that is now: one of the two was replaced", no-1)
		}
		entries, prev = append(entries, e), e.hash
	}
	rewrites := rewritesOf(entries, func(e loggedEntry) Entry { return e.Entry })
	for i := range entries {
		entries[i].Entry = rewrites.apply(entries[i].Entry)
	}
	return entries, problems, nil
}

func (l *Lake) readEntry(no int64, cached []loggedEntry) (loggedEntry, error) {
	path := l.entryPath(no)
	info, err := os.Stat(path)
	if err != nil {
		return loggedEntry{}, err
	}
	if no <= int64(len(cached)) {
		if c := cached[no-1]; c.size == info.Size() && c.changed.Equal(info.ModTime()) {
			return c, nil
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return loggedEntry{}, err
	}
	e, err := decodeEntry(data)
	if err != nil {
		return loggedEntry{}, err
	}
	return loggedEntry{Entry: e, hash: entryHash(data), size: info.Size(), changed: info.ModTime()}, nil
}
