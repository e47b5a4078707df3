// Package backups keeps copies of a project outside of it, and makes a project of a copy again.
//
// It owns what a backup looks like, and what makes one whole:
//
//	objects/<aa>/<sha256>   files by their content: written once, never again
//	snapshots/<number>.json what a project was at one moment; each names the one before
//	head.json               the newest of them; replaced in one step, last of all
//
// The lake's files never change, so a backup brings only what is new, and needs no lock on the
// project: what the log named when it began stays as it is. Nothing counts before head.json names
// it; whatever interrupts a backup, the next one goes on from there.
//
// It must not know what a record, a feed or a figure means, and it never copies a key into a
// backup: those go into an archive of their own, see [Keys].
package backups

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// format is the format of backups that this program writes; it reads older ones and refuses newer ones.
const format = 1

const (
	headFile        = "head.json"
	objectsFolder   = "objects"
	snapshotsFolder = "snapshots"
)

// ErrRefused is wrapped when a place holds what must not be mixed with the project, or overwritten.
var ErrRefused = errors.New("refused")

// ErrDamaged is wrapped when a backup is not what it says it is.
var ErrDamaged = errors.New("the backup is damaged")

// A Store is the place of a backup; see connectors.FolderStore and connectors.S3Store.
type Store interface {
	Place() string
	Open(ctx context.Context) (close func(), err error)
	Read(ctx context.Context, name string) ([]byte, error)
	Sized(ctx context.Context, f connectors.StoredFile) (bool, error)
	Put(ctx context.Context, f connectors.StoredFile, content io.ReadSeeker) error
	Swap(ctx context.Context, name string, old, content []byte) error
	Fetch(ctx context.Context, name string, to io.Writer) error
}

// A Kept is one file of a project, and its content.
type Kept struct {
	Path   string      `json:"path"` // below the data folder, or below the project folder
	Mode   fs.FileMode `json:"mode"`
	Bytes  int64       `json:"bytes"`
	SHA256 string      `json:"sha256"`
}

func (k Kept) object() connectors.StoredFile {
	return connectors.StoredFile{Name: path.Join(objectsFolder, k.SHA256[:2], k.SHA256), Bytes: k.Bytes, SHA256: k.SHA256}
}

// A Snapshot says what a project was at one moment.
type Snapshot struct {
	Format    int       `json:"format"`
	No        int64     `json:"no"`
	Prev      string    `json:"prev,omitempty"` // SHA-256 of the snapshot before
	TakenAt   time.Time `json:"taken_at"`
	Code      string    `json:"code_version"`
	Project   string    `json:"project"`
	Origin    string    `json:"origin"`
	Data      string    `json:"data"` // relative to the project folder, or absolute
	Keys      string    `json:"keys"`
	MasterKey string    `json:"master_key"` // its id: which keys open what is here

	LogHead     int64  `json:"log_head"`
	LogHash     string `json:"log_hash"`
	Publication int64  `json:"publication"`
	Release     string `json:"release,omitempty"`

	Config []Kept `json:"config"` // below the project folder, as it was then
	// Lists are objects that list the files below the data folder: each those that were new then.
	Lists []Kept `json:"lists"`
}

// head is what head.json holds.
type head struct {
	Format   int    `json:"format"`
	Snapshot int64  `json:"snapshot"`
	SHA256   string `json:"sha256"`
}

func snapshotName(no int64) string { return path.Join(snapshotsFolder, fmt.Sprintf("%020d.json", no)) }

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// plausible refuses a line that could lead out of the folder that it is restored to.
func plausible(k Kept) error {
	if raw, err := hex.DecodeString(k.SHA256); err != nil || len(raw) != sha256.Size {
		return fmt.Errorf("%w: %q has no SHA-256", ErrDamaged, k.Path)
	}
	if !fs.ValidPath(k.Path) || k.Path == "." || k.Bytes < 0 || k.Mode&^0o777 != 0 {
		return fmt.Errorf("%w: %q cannot be the path of a file", ErrDamaged, k.Path)
	}
	return nil
}

// A copyOf is an opened backup: one snapshot, and every file of the project then.
type copyOf struct {
	Snapshot
	sum   string          // of the snapshot
	head  []byte          // head.json as it was read
	files map[string]Kept // below the data folder, by path
}

// load reads the newest snapshot, or the one of a number; nil when there is none yet.
func load(ctx context.Context, store Store, no int64) (*copyOf, error) {
	c := &copyOf{files: map[string]Kept{}}
	text, err := store.Read(ctx, headFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && no == 0:
		return nil, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	c.head = text
	want := ""
	if no == 0 {
		var h head
		if err := json.Unmarshal(text, &h); err != nil || h.Snapshot < 1 {
			return nil, fmt.Errorf("%w: %s in %s cannot be read; name a snapshot with --snapshot N, the newest in %s/", ErrDamaged, headFile, store.Place(), snapshotsFolder)
		}
		if h.Format > format {
			return nil, fmt.Errorf("%w: %s was written by a newer version of the program; use that one, or a newer one", ErrRefused, store.Place())
		}
		no, want = h.Snapshot, h.SHA256
	}
	if c.Snapshot, c.sum, err = readSnapshot(ctx, store, no); err != nil {
		return nil, err
	}
	if want != "" && c.sum != want {
		return nil, fmt.Errorf("%w: %s is not the one that %s names", ErrDamaged, snapshotName(no), headFile)
	}
	return c, c.readLists(ctx, store)
}

func readSnapshot(ctx context.Context, store Store, no int64) (s Snapshot, sum string, err error) {
	text, err := store.Read(ctx, snapshotName(no))
	if err != nil {
		return s, "", fmt.Errorf("%w: reading snapshot %d: %w", ErrDamaged, no, err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, "", fmt.Errorf("%w: %s cannot be read: %w", ErrDamaged, snapshotName(no), err)
	}
	if s.Format > format {
		return s, "", fmt.Errorf("%w: snapshot %d was written by a newer version of the program; use that one, or a newer one", ErrRefused, no)
	}
	if s.No != no {
		return s, "", fmt.Errorf("%w: %s calls itself %d", ErrDamaged, snapshotName(no), s.No)
	}
	for _, k := range append(append([]Kept{}, s.Config...), s.Lists...) {
		if err := plausible(k); err != nil {
			return s, "", err
		}
	}
	return s, sumOf(text), nil
}

func (c *copyOf) readLists(ctx context.Context, store Store) error {
	for _, l := range c.Lists {
		text := &hashed{keep: true}
		if err := store.Fetch(ctx, l.object().Name, text); err != nil {
			return fmt.Errorf("%w: reading a list of files: %w", ErrDamaged, err)
		}
		if err := text.check(l); err != nil {
			return err
		}
		var files []Kept
		if err := json.Unmarshal(text.data, &files); err != nil {
			return fmt.Errorf("%w: a list of files cannot be read: %w", ErrDamaged, err)
		}
		for _, k := range files {
			if err := plausible(k); err != nil {
				return err
			}
			c.files[k.Path] = k
		}
	}
	return nil
}

// hashed takes in a file and knows at its end what it was.
type hashed struct {
	keep bool
	data []byte // only with keep
	to   io.Writer
	sum  interface {
		io.Writer
		Sum([]byte) []byte
	}
	n int64
}

// Write takes in the next bytes.
func (h *hashed) Write(p []byte) (int, error) {
	if h.sum == nil {
		h.sum = sha256.New()
	}
	h.sum.Write(p)
	h.n += int64(len(p))
	if h.keep {
		h.data = append(h.data, p...)
	}
	if h.to != nil {
		return h.to.Write(p)
	}
	return len(p), nil
}

func (h *hashed) hex() string {
	if h.sum == nil {
		return sumOf(nil)
	}
	return hex.EncodeToString(h.sum.Sum(nil))
}

// check says whether what was taken in is what a line says.
func (h *hashed) check(k Kept) error {
	if got := h.hex(); h.n != k.Bytes || got != k.SHA256 {
		return fmt.Errorf("%w: %s has %d bytes with SHA-256 %.12s… where %d bytes with %.12s… were kept", ErrDamaged, k.Path, h.n, got, k.Bytes, k.SHA256)
	}
	return nil
}
