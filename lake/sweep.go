package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Sweep removes what a crash or a given-up run left behind: temporary files, and files and
// landed objects that no log entry names. What the log names it never touches, replaced
// files included, and a log that is not whole is no ground to delete anything on. Nobody
// else may be writing meanwhile: the caller holds the lock, and no child is at work.
func (l *Lake) Sweep() (removed int, err error) {
	entries, err := l.Entries()
	if err != nil {
		return 0, fmt.Errorf("sweeping the lake: %w", err)
	}
	named := map[string]bool{}
	for _, e := range entries {
		for _, f := range e.Files {
			named[l.Path(f.Path)] = true
		}
		for _, o := range e.objects() {
			named[l.objectPath(o.source, o.month, o.id)] = true
		}
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
		n, err := sweepFolder(place.folder, func(path, name string) bool {
			return isTmp(name) || place.ours != "" && strings.HasSuffix(name, place.ours) && !named[path]
		})
		removed += n
		if err != nil {
			return removed, fmt.Errorf("sweeping the lake: %w", err)
		}
	}
	return removed, nil
}

func sweepFolder(folder string, garbage func(path, name string) bool) (removed int, err error) {
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == folder {
			return fs.SkipAll
		}
		if err != nil || !d.Type().IsRegular() || !garbage(path, d.Name()) {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
		removed++
		return nil
	})
	return removed, err
}
