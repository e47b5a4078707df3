package pipelines

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kp2mi/lindung/connectors"
)

// noteFolder is where a feed's note lies in the data folder. Losing it costs a source some
// work done twice, and nothing else.
const noteFolder = "pulls"

// maxNote bounds a note, which is an address and a name.
const maxNote = 64 << 10

func (r *feedRun) notePath() string {
	return filepath.Join(r.project.DataDir, noteFolder, r.feed.Name+".json")
}

// note is what the feed's connector left in a pull that was not done, and a way to leave
// more. It may hold the address of an export, which opens it: only we may read it.
func (r *feedRun) note() *connectors.Note {
	n := &connectors.Note{Leave: func(note json.RawMessage) error { return writeNote(r.notePath(), note) }}
	if info, err := os.Stat(r.notePath()); err == nil && info.Size() <= maxNote {
		n.Left, _ = os.ReadFile(r.notePath()) // what cannot be read is as if it were lost
	}
	return n
}

// doneWithNote forgets the note of a pull that is done: what it asked for is landed.
func (r *feedRun) doneWithNote() error {
	for _, path := range []string{r.notePath(), newNote(r.notePath())} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the note of a pull that is done: %w", err)
		}
	}
	return nil
}

// newNote is where a note is written before it takes the place of the one before.
func newNote(path string) string { return path + ".new" }

// writeNote replaces a note whole, so that a crash leaves the old one or the new one.
func writeNote(path string, note []byte) error {
	if len(note) > maxNote {
		return fmt.Errorf("a note of %d bytes is longer than %d", len(note), maxNote)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(newNote(path), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err = file.Write(note); err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(newNote(path), path)
}
