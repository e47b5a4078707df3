package editions

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const logFolder = "log"

// A Book is the folder of a project's editions.
type Book struct {
	dir  string
	step func(point string) error // tests stop here; nil otherwise
}

// Open gives the book in a folder. The folder need not exist yet.
func Open(dir string) *Book { return &Book{dir: dir} }

// Dir is the folder of the editions.
func (b *Book) Dir() string { return b.dir }

func (b *Book) path(parts ...string) string {
	return filepath.Join(append([]string{b.dir}, parts...)...)
}

// Path is where a file of an edition lies.
func (b *Book) Path(e *Edition, name string) string {
	return b.path(e.ID, filepath.FromSlash(name))
}

// List gives all editions as the log says, by kind, subject and number.
func (b *Book) List() ([]*Edition, error) {
	entries, _, err := b.readLog()
	if err != nil {
		return nil, err
	}
	var all []*Edition
	byID := map[string]*Edition{}
	for _, e := range entries {
		if e.Action == drafted && e.Draft != nil {
			d := *e.Draft
			d.State = Draft
			all = append(all, &d)
			byID[d.ID] = &d
		}
		edition := byID[e.Edition]
		if edition == nil {
			return nil, fmt.Errorf("reading the log of editions: entry %d is about %s, which no entry before it drafted; restore it from a backup", e.No, e.Edition)
		}
		edition.take(e)
	}
	slices.SortFunc(all, func(a, b *Edition) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.No, b.No))
	})
	for i := 1; i < len(all); i++ {
		if before := all[i-1]; before.about(all[i].Kind, all[i].Subject) && before.State == Draft {
			before.State = Replaced
		}
	}
	return all, nil
}

// take adds what an entry says to the edition.
func (e *Edition) take(x entry) {
	switch {
	case x.Action == noted && x.Note != nil:
		e.Notes = append(e.Notes, *x.Note)
	case x.Action == approved && x.Approval != nil:
		e.Approval, e.State = x.Approval, Approved
	case x.Action == delivered && x.Delivery != nil:
		e.Deliveries = append(e.Deliveries, *x.Delivery)
	}
}

func (e *Edition) about(kind, subject string) bool { return e.Kind == kind && e.Subject == subject }

// Get gives one edition by its id.
func (b *Book) Get(id string) (*Edition, error) {
	all, err := b.List()
	if err != nil {
		return nil, err
	}
	var known []string
	for _, e := range all {
		if e.ID == id {
			return e, nil
		}
		known = append(known, e.ID)
	}
	if known == nil {
		return nil, fmt.Errorf("edition %q: %w: nothing was drafted yet; see: lindung report draft --help", id, ErrUnknown)
	}
	return nil, fmt.Errorf("edition %q: %w; there are %s", id, ErrUnknown, strings.Join(known, ", "))
}

// LastApproved is the newest approved edition of a subject; nil where there is none.
func (b *Book) LastApproved(kind, subject string) (last *Edition, err error) {
	all, err := b.List()
	for _, e := range all {
		if e.about(kind, subject) && e.State == Approved {
			last = e
		}
	}
	return last, err
}

// Changed names the files of an edition that are not what the log says.
func (b *Book) Changed(e *Edition) (names []string, err error) {
	files := slices.Concat(e.Files, e.Kept)
	for _, n := range e.Notes {
		files = append(files, n.File)
	}
	for _, f := range files {
		content, err := os.ReadFile(b.Path(e, f.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			names = append(names, f.Name+" (missing)")
		case err != nil:
			return nil, fmt.Errorf("reading edition %s: %w", e.ID, err)
		case describe(f.Name, content) != f:
			names = append(names, f.Name)
		}
	}
	return names, nil
}

// Files are the names of all files that the book vouches for, the log's entries last: below its
// folder, with slashes, for those who copy it.
func (b *Book) Files() (files []File, err error) {
	all, err := b.List()
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		within := slices.Concat(e.Files, e.Kept)
		for _, n := range e.Notes {
			within = append(within, n.File)
		}
		for _, f := range within {
			f.Name = e.ID + "/" + f.Name
			files = append(files, f)
		}
	}
	entries, _, err := b.readLog()
	for _, e := range entries {
		files = append(files, File{Name: logFolder + "/" + nameOf(e.No), Bytes: -1})
	}
	return files, err
}

// alone does something to one edition while nobody else changes any.
func (b *Book) alone(id string, do func(e *Edition) (entry, error)) (*Edition, error) {
	unlock, err := b.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	e, err := b.Get(id)
	if err != nil {
		return nil, err
	}
	x, err := do(e)
	if err != nil {
		return nil, err
	}
	x.Edition = id
	if err := b.append(x); err != nil {
		return nil, err
	}
	return b.Get(id)
}

// in gives a time as the log keeps it.
func in(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
