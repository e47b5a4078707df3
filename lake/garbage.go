package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// A GarbageFile is a file that no entry of the log names, and that Sweep removes.
type GarbageFile struct {
	Path      string // on this machine
	Bytes     int64
	Temporary bool // it never got a name
	Key       bool // of a month that was shredded: a crash, or an archive of keys, left it
}

// Garbage lists what Sweep would remove now. A run that is going on has files that no entry names
// yet: unless the caller holds the lock, the list says what may go, not what has to.
func (l *Lake) Garbage() ([]GarbageFile, error) {
	var found []GarbageFile
	err := l.garbage(func(path string, d fs.DirEntry) error {
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			found = append(found, GarbageFile{path, info.Size(), isTmp(d.Name()), isMonthKey(path)})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for garbage in the lake: %w", err)
	}
	return found, nil
}

// garbage visits every file that is ours and that the log does not name.
func (l *Lake) garbage(visit func(path string, d fs.DirEntry) error) error {
	entries, err := l.chain()
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, e := range entries {
		for _, f := range e.Files {
			named[l.Path(f.Path)] = true
		}
		for _, o := range e.Entry.objects() {
			named[l.objectPath(o.source, o.month, o.id)] = true
		}
	}
	gone := map[string]bool{} // the keys of months that were shredded
	for _, m := range shredded(entries) {
		gone[l.monthKeyPath(m.Source, m.Month)] = true
	}
	// Only files with the lake's own names go: what somebody else put here is not ours.
	for _, place := range []struct {
		folder string
		ours   string
	}{
		{l.Path(landingFolder), objectSuffix},
		{l.Path(filesFolder), fileSuffix},
		{l.Path(logFolder), ""},
		{l.master.folder, ""},
	} {
		err := filepath.WalkDir(place.folder, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && path == place.folder {
				return fs.SkipAll
			}
			name := ""
			if err == nil && d.Type().IsRegular() {
				name = d.Name()
			}
			if isTmp(name) || gone[path] || place.ours != "" && strings.HasSuffix(name, place.ours) && !named[path] {
				return visit(path, d)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isMonthKey tells the key of a month by its name.
func isMonthKey(path string) bool { return filepath.Ext(path) == ".key" && !isTmp(filepath.Base(path)) }
