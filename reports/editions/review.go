package editions

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// maxNote bounds a review note.
const maxNote = 10 << 20

var notInNames = regexp.MustCompile(`[^0-9a-z]+`)

// AddNote keeps what a unit says of a draft, as a dated file. name is that of the file that the note
// came in; empty for a note of a few words.
func (b *Book) AddNote(id, unit, name string, content []byte, by Person, now time.Time) (*Edition, error) {
	slug := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(unit), "-"), "-")
	extension := ".txt"
	if name != "" {
		extension = strings.ToLower(path.Ext(name))
	}
	switch {
	case slug == "":
		return nil, fmt.Errorf("noting on %s: name the unit that the note is of", id)
	case len(strings.TrimSpace(string(content))) == 0:
		return nil, fmt.Errorf("noting on %s: the note is empty", id)
	case len(content) > maxNote:
		return nil, fmt.Errorf("noting on %s: the note has %d bytes, and may have %d", id, len(content), maxNote)
	case name == "" && !utf8.Valid(content):
		return nil, fmt.Errorf("noting on %s: the note is no text in UTF-8", id)
	case extension != "" && !fileName.MatchString(extension[1:]):
		return nil, fmt.Errorf("noting on %s: a note cannot be kept under the ending %q", id, extension)
	}
	return b.alone(id, func(e *Edition) (entry, error) {
		if e.State != Draft {
			return entry{}, refused("edition %s is %s; notes are for drafts: draft a new edition", id, e.State)
		}
		if err := b.makeFolder(b.Path(e, notesFolder)); err != nil {
			return entry{}, err
		}
		file := fmt.Sprintf("%s/%s-%d-%.40s%s", notesFolder, in(now).Format(time.DateOnly), len(e.Notes)+1, slug, extension)
		if name == "" && content[len(content)-1] != '\n' {
			content = append(content, '\n')
		}
		// A note of this name that no entry names is what a crash left.
		if err := b.replace(b.Path(e, file), content); err != nil {
			return entry{}, fmt.Errorf("noting on %s: %w", id, err)
		}
		note := Note{Unit: unit, File: describe(file, content), By: by, At: in(now)}
		return entry{At: note.At, By: by, Action: noted, Note: &note}, nil
	})
}

// Approve records that somebody else than the draft's writer approves exactly these files. From then
// on the edition is frozen. It gives an approved edition as it is.
func (b *Book) Approve(id string, by Person, now time.Time) (*Edition, error) {
	if e, err := b.Get(id); err != nil || e.State == Approved {
		return e, err
	}
	return b.alone(id, func(e *Edition) (entry, error) {
		changed, err := b.Changed(e)
		switch {
		case err != nil:
			return entry{}, err
		case e.State == Replaced:
			return entry{}, refused("edition %s is a draft that a later one came after; approve that", id)
		case e.State == Approved:
			return entry{}, refused("edition %s was approved meanwhile", id)
		case e.DraftedBy.same(by):
			return entry{}, refused("%s drafted edition %s: a second person approves it, under an account of their own", e.DraftedBy, id)
		case len(changed) > 0:
			return entry{}, refused("edition %s is not what was drafted: %s changed; draft it again", id, strings.Join(changed, ", "))
		}
		a := Approval{Hash: e.Hash, By: by, At: in(now)}
		return entry{At: a.At, By: by, Action: approved, Approval: &a}, nil
	})
}

// Deliverable refuses an edition that may not leave the house: a draft, or one whose files changed.
func (b *Book) Deliverable(e *Edition) error {
	if e.State != Approved {
		return refused("edition %s is %s; only approved editions are delivered: lindung report approve %s", e.ID, e.State, e.ID)
	}
	changed, err := b.Changed(e)
	if err == nil && len(changed) > 0 {
		err = refused("edition %s is not what was approved: %s changed; restore it from a backup", e.ID, strings.Join(changed, ", "))
	}
	return err
}

// Delivered records that an approved edition was brought somewhere. Told twice it is recorded once.
func (b *Book) Delivered(id, to, place string, by Person, now time.Time) (*Edition, error) {
	if e, err := b.Get(id); err != nil || e.Delivery(to, place) != nil {
		return e, err
	}
	return b.alone(id, func(e *Edition) (entry, error) {
		d := Delivered{To: to, Place: place, Hash: e.Hash, By: by, At: in(now)}
		return entry{At: d.At, By: by, Action: delivered, Delivery: &d}, b.Deliverable(e)
	})
}
