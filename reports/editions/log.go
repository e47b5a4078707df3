package editions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// format is the format of entries that this program writes. It refuses newer ones.
const format = 1

// What is done to editions.
const (
	drafted   = "drafted"
	noted     = "noted"
	approved  = "approved"
	delivered = "delivered"
)

// An entry is one thing that was done. Of its parts the action's own is there.
type entry struct {
	Format   int        `json:"format"`
	No       int64      `json:"no"`
	Prev     string     `json:"prev"` // SHA-256 of the entry before; empty for the first
	At       time.Time  `json:"at"`
	By       Person     `json:"by"`
	Action   string     `json:"action"`
	Edition  string     `json:"edition"`
	Draft    *Edition   `json:"draft,omitempty"`
	Note     *Note      `json:"note,omitempty"`
	Approval *Approval  `json:"approval,omitempty"`
	Delivery *Delivered `json:"delivery,omitempty"`
}

var entryName = regexp.MustCompile(`^[0-9]{20}\.json$`)

func nameOf(no int64) string { return fmt.Sprintf("%020d.json", no) }

// readLog reads the entries in order and checks the chain that they make.
func (b *Book) readLog() (all []entry, last string, err error) {
	names, err := os.ReadDir(b.path(logFolder)) // sorted by name, hence by number
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading the log of editions: %w", err)
	}
	for _, n := range names {
		if !entryName.MatchString(n.Name()) {
			continue // what a crash left behind
		}
		text, err := os.ReadFile(b.path(logFolder, n.Name()))
		if err != nil {
			return nil, "", fmt.Errorf("reading the log of editions: %w", err)
		}
		var e entry
		damaged := func(what string) error {
			return fmt.Errorf("reading the log of editions: %s: %s; restore %s from a backup", filepath.Join(logFolder, n.Name()), what, b.path(logFolder))
		}
		switch wrong := json.Unmarshal(text, &e); {
		case wrong != nil:
			return nil, "", damaged("it is damaged")
		case e.Format > format:
			return nil, "", fmt.Errorf("reading the log of editions: %s was written by a newer version of the program; use that one", n.Name())
		case e.No != int64(len(all))+1 || nameOf(e.No) != n.Name():
			return nil, "", damaged(fmt.Sprintf("entry %d was expected there", len(all)+1))
		case e.Prev != last:
			return nil, "", damaged("it does not follow from the entry before, which was changed")
		}
		all = append(all, e)
		sum := sha256.Sum256(text)
		last = hex.EncodeToString(sum[:])
	}
	return all, last, nil
}

// append writes the next entry, if nobody else did meanwhile. Who calls it holds the lock; where a
// file system has none, the name is still taken by one of two writers only.
func (b *Book) append(e entry) error {
	all, last, err := b.readLog()
	if err != nil {
		return err
	}
	e.Format, e.No, e.Prev = format, int64(len(all))+1, last
	text, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		return fmt.Errorf("writing the log of editions: %w", err)
	}
	if err := b.makeFolder(b.path(logFolder)); err != nil {
		return err
	}
	if err := b.create(b.path(logFolder, nameOf(e.No)), append(text, '\n')); err != nil {
		return fmt.Errorf("writing the log of editions: %w", err)
	}
	return nil
}
