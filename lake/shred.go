package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// ErrShredded is wrapped, beside ErrKeyGone, when the key of a landed month was destroyed on purpose.
var ErrShredded = errors.New("the month was shredded on purpose")

// A ShreddedMonth is a month of a source whose key was destroyed on purpose: what landed in it can be
// read by nobody any more, here and in every copy.
type ShreddedMonth struct {
	Source  string `json:"source"`
	Month   string `json:"month"`
	Commit  int64  `json:"commit"`
	Reason  string `json:"reason"`
	Objects int    `json:"objects"`
}

// Shred destroys the key of a month of a source. The entry comes first, so that a key that is gone is
// known to be gone on purpose; a key that a crash leaves after its entry is garbage, and Sweep destroys it.
func (l *Lake) Shred(e Entry) (Entry, error) {
	e.Kind = Shred
	if err := l.canShred(e.Source, e.Shredded); err != nil {
		return Entry{}, fmt.Errorf("shredding %s of %s: %w", e.Shredded, e.Source, err)
	}
	e, err := l.Commit(e)
	if err != nil {
		return Entry{}, err
	}
	if err := l.fs.at("shred", "destroy"); err != nil {
		return e, err
	}
	if err := destroy(l.monthKeyPath(e.Source, e.Shredded)); err != nil {
		return e, fmt.Errorf("destroying the landing key: %w; it is given up in the log already: lindung gc destroys it", err)
	}
	return e, nil
}

func (l *Lake) canShred(source, month string) error {
	if err := checkLanding(source, month); err != nil {
		return err
	}
	months, err := l.Months()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(months, func(m LandedMonth) bool { return m.Source == source && m.Month == month })
	if at < 0 {
		return errors.New("nothing landed in it; lindung keys check lists the months")
	}
	if by := months[at].Shredded; by != nil {
		return fmt.Errorf("%w already, by commit %d", ErrShredded, by.Commit)
	}
	return nil
}

// destroy writes over a small file before it removes it. What a disk keeps of it beneath the file
// system is beyond any program; that is why media that held keys are destroyed in the end.
func destroy(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Write(make([]byte, info.Size()))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// shredded lists the months that entries destroyed, by source/month.
func shredded(entries []loggedEntry) map[string]ShreddedMonth {
	months := map[string]ShreddedMonth{}
	for _, e := range entries {
		if e.Kind == Shred {
			months[e.Source+"/"+e.Shredded] = ShreddedMonth{Source: e.Source, Month: e.Shredded, Commit: e.No, Reason: e.Reason}
		}
	}
	return months
}

// keyGone says why a key is not there: the log knows whether that is as it should be.
func (l *Lake) keyGone(source, month, path string) error {
	entries, broken := l.chain()
	if m, ok := shredded(entries)[source+"/"+month]; ok && broken == nil {
		return fmt.Errorf("%w: %w by commit %d (%s)", ErrKeyGone, ErrShredded, m.Commit, m.Reason)
	}
	return fmt.Errorf("%w: %s; restore it from an archive of keys: no entry of the log says that the month was shredded", ErrKeyGone, path)
}
