package lake

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sys/unix"
)

const lockMode = 0o640

// A Holder says who holds a lock.
type Holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// A LockedError says that the lake is in use, and by whom.
type LockedError struct {
	Path   string
	Holder Holder // zero when the holder has not written itself down yet
}

// Error names the holder and what to do.
func (e *LockedError) Error() string {
	if e.Holder.PID == 0 {
		return fmt.Sprintf("locking %s: another lindung process has just taken it; wait until it ends and start again", e.Path)
	}
	return fmt.Sprintf("locking %s: process %d (%s) holds it since %s; wait until it ends and start again",
		e.Path, e.Holder.PID, e.Holder.Command, e.Holder.Since.Format(time.RFC3339))
}

// A Locked lake is one that nobody else may write to.
type Locked struct {
	file *flock.Flock
	path string
}

// Lock takes the lock of the data folder dir, which must exist, without waiting. The
// kernel gives it back when the process ends, however it ends: there is no stale lock. who
// is written into the lock file, so that the next one can say whom it waits for.
func Lock(dir string, who Holder) (*Locked, error) {
	path := filepath.Join(dir, ".lock")
	file := flock.New(path, flock.SetPermissions(lockMode))
	taken, err := file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	if !taken {
		locked := &LockedError{Path: path}
		// Half-written text is no holder; the lock itself is the kernel's, not the file's.
		if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &locked.Holder) != nil {
			locked.Holder = Holder{}
		}
		return nil, locked
	}
	text, err := json.Marshal(who)
	if err == nil {
		err = os.WriteFile(path, append(text, '\n'), lockMode)
	}
	// On a full disk the lock holds all the same, without a name: what makes room needs it too.
	if err != nil && !errors.Is(err, unix.ENOSPC) && !errors.Is(err, unix.EDQUOT) {
		file.Close()
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return &Locked{file: file, path: path}, nil
}

// Unlock gives the lock back. The file stays: removing it would let two processes lock
// two files of the same name.
func (l *Locked) Unlock() error {
	if err := os.Truncate(l.path, 0); err != nil {
		l.file.Close()
		return fmt.Errorf("unlocking %s: %w", l.path, err)
	}
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("unlocking %s: %w", l.path, err)
	}
	return nil
}
