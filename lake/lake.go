// Package lake keeps what the project has taken in: the landed objects (the bytes of the
// sources, compressed and encrypted), the Parquet files with the typed rows, and the
// commit log that says which of them count.
//
// The lake owns durability and visibility. Everything is written to a temporary file,
// synced, linked to a name that did not exist before, and its folder synced; nothing is
// ever edited. Nothing counts before its log entry exists, and a log entry is there as a
// whole or not at all. Whatever a crash leaves behind is garbage that Sweep removes.
//
// The lake must not know what a record means: no dataset, no column name but row_key, no
// feed setting. It keeps no clock and starts no goroutine.
package lake

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

// The folders of a lake, below the data folder.
const (
	landingFolder = "landing"
	filesFolder   = "lake"
	logFolder     = "log"
)

// Folders with raw or personal bytes are closed to everybody but the operator.
const (
	folderMode  = 0o750
	privateMode = 0o700
)

// A Lake is one data folder. It is safe for concurrent use; several processes may land
// objects and write files at the same time, and the log lets one of them win each number.
type Lake struct {
	dir    string
	master Master
	fs     *fsys
	packs  sync.Pool // of *zstd.Encoder: an encoder's buffers are worth keeping

	mu     sync.Mutex
	months map[string]monthKey
	log    []loggedEntry // entries as read last; a file that changed since is read again
}

// Open opens the lake in dir, the project's data folder, and creates its folders where
// they are missing. The landing keys lie beside the master key's file.
func Open(dir string, master Master) (*Lake, error) { return open(dir, master, nil) }

// open is Open with a hook that tests use to stop or to fail at a named point of a
// durable write.
func open(dir string, master Master, hook func(point string) error) (*Lake, error) {
	if master.folder == "" {
		return nil, fmt.Errorf("opening lake %s: there is no master key; load it with LoadMaster, or make one with WriteMaster", dir)
	}
	l := &Lake{dir: dir, master: master, fs: newFsys(hook), months: map[string]monthKey{}}
	for _, f := range []struct {
		path string
		mode os.FileMode
	}{
		{dir, folderMode}, {master.folder, privateMode},
		{l.Path(landingFolder), privateMode}, {l.Path(filesFolder), folderMode}, {l.Path(logFolder), folderMode},
	} {
		if err := l.fs.adopt(f.path, f.mode); err != nil {
			return nil, fmt.Errorf("opening lake %s: %w", dir, err)
		}
	}
	return l, nil
}

// Dir is the data folder that the lake was opened in. Every File.Path is relative to it.
func (l *Lake) Dir() string { return l.dir }

// Path is where a path that the log names lies on this machine.
func (l *Lake) Path(path string) string { return filepath.Join(l.dir, filepath.FromSlash(path)) }

// FormatID writes a landed object's id as the log and the file names write it.
func FormatID(id [16]byte) string { return hex.EncodeToString(id[:]) }

// ParseID reads an id that FormatID wrote.
func ParseID(text string) (id [16]byte, err error) {
	if len(text) != 32 {
		return id, fmt.Errorf("reading object id: %d characters where an id has 32 hexadecimal digits", len(text))
	}
	if _, err := hex.Decode(id[:], []byte(text)); err != nil {
		return id, fmt.Errorf("reading object id: %w", err)
	}
	return id, nil
}

// Names become folders, so only what is plain in every file system passes.
var (
	namePattern   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	monthPattern  = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)
	periodPattern = regexp.MustCompile(`^[0-9]{4}-(0[0-9]|1[0-2])$`)
)

func checkName(what, name string) error {
	if !namePattern.MatchString(name) {
		return fmt.Errorf("%s %q: use a lower-case letter first, then at most 62 letters, digits, _ or -", what, name)
	}
	return nil
}
