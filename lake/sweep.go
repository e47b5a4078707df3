package lake

import (
	"fmt"
	"io/fs"
	"os"
)

// Sweep removes what a crash or a given-up run left behind: temporary files, files and
// landed objects that no log entry names, and the keys of months that were shredded. What the log names it never touches, replaced
// files included, and a log that is not whole is no ground to delete anything on. Nobody
// else may be writing meanwhile: the caller holds the lock, and no child is at work.
func (l *Lake) Sweep() (removed int, err error) {
	err = l.garbage(func(path string, _ fs.DirEntry) error {
		remove := os.Remove
		if isMonthKey(path) {
			remove = destroy
		}
		if err := remove(path); err != nil {
			return err
		}
		removed++
		return nil
	})
	if err != nil {
		return removed, fmt.Errorf("sweeping the lake: %w", err)
	}
	return removed, nil
}
