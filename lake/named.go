package lake

import (
	"fmt"
	"path"
)

// A NamedFile is a file that the log names, or an entry of the log itself: what a copy of the
// lake must hold to be whole.
type NamedFile struct {
	Path   string // relative to the data folder, with slashes
	Bytes  int64  // -1 when the log does not say
	SHA256 string // "" when the log does not say: a landed object is known by its content, not by its bytes

	Source, Month string   // of a landed object
	ID            [16]byte // of a landed object
}

// Landed says that the file is a landed object.
func (f NamedFile) Landed() bool { return f.Source != "" }

// Named lists what entries name, each file once, in the order of the entries; an entry's files
// come before the entry itself.
func Named(entries []Entry) []NamedFile {
	var named []NamedFile
	seen := map[string]bool{}
	add := func(f NamedFile) {
		if !seen[f.Path] {
			seen[f.Path] = true
			named = append(named, f)
		}
	}
	rewrites := rewritesOf(entries, func(e Entry) Entry { return e })
	for _, e := range entries {
		e = rewrites.apply(e)
		for _, f := range e.Files {
			add(NamedFile{Path: f.Path, Bytes: f.Bytes, SHA256: f.SHA256})
		}
		for _, o := range e.objects() {
			add(NamedFile{Path: path.Join(landingFolder, o.source, o.month, FormatID(o.id)+objectSuffix), Bytes: -1,
				Source: o.source, Month: o.month, ID: o.id})
		}
		add(NamedFile{Path: EntryPath(e.No), Bytes: -1})
	}
	return named
}

// EntryPath is where an entry of the log lies, relative to the data folder.
func EntryPath(no int64) string { return path.Join(logFolder, entryName(no)) }

// ReadChain reads the entries 1 to head from wherever read finds them, and refuses what is not one
// unbroken chain that ends in the entry of the given hash. It needs no key.
func ReadChain(head int64, hash string, read func(no int64) ([]byte, error)) ([]Entry, error) {
	var entries []Entry
	prev := ""
	for no := int64(1); no <= head; no++ {
		data, err := read(no)
		if err != nil {
			return entries, fmt.Errorf("%w: entry %d: %w", ErrBrokenLog, no, err)
		}
		e, err := decodeEntry(data)
		switch {
		case err != nil:
			return entries, fmt.Errorf("%w: entry %d cannot be read: %w", ErrBrokenLog, no, err)
		case e.No != no:
			return entries, fmt.Errorf("%w: entry %d calls itself %d", ErrBrokenLog, no, e.No)
		case e.Prev != prev:
			return entries, fmt.Errorf("%w: entry %d does not follow entry %d as that is", ErrBrokenLog, no, no-1)
		}
		entries, prev = append(entries, e), entryHash(data)
	}
	if prev != hash {
		return entries, fmt.Errorf("%w: it ends in an entry of hash %s where %s was noted", ErrBrokenLog, short(prev), short(hash))
	}
	return entries, nil
}
