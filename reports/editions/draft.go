package editions

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// A Proposal is a report that is to become a draft: its files as they were written, and what they
// were made of.
type Proposal struct {
	Kind      string // monthly, yearly, province, …
	Subject   string // 2025-12, 2025-12-33, …
	Title     figures.Text
	Sample    bool
	Release   Release
	Files     map[string][]byte // the report, one file for each form and language
	Figures   []byte            // what the files print, for when the release is gone
	After     string            // the approved edition that this one comes after; empty: the first
	Revisions []figures.Restatement
}

var (
	kindName    = regexp.MustCompile(`^[a-z]+$`)
	subjectName = regexp.MustCompile(`^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$`)
	fileName    = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]*$`)
)

func (p *Proposal) check() error {
	switch {
	case !kindName.MatchString(p.Kind):
		return fmt.Errorf("the kind %q is not lower-case letters", p.Kind)
	case !subjectName.MatchString(p.Subject):
		return fmt.Errorf("the subject %q is not letters and digits with dashes between", p.Subject)
	case len(p.Files) == 0:
		return fmt.Errorf("it has no file")
	}
	for name := range p.Files {
		if !fileName.MatchString(name) || slices.Contains([]string{FiguresFile, RevisionsFile, RevisionsText, notesFolder}, name) {
			return fmt.Errorf("a file of it cannot be called %q", name)
		}
	}
	return nil
}

// Draft keeps a report as the next edition of its subject. It is there whole or not at all: its
// folder gets its name when every file is in it, and counts once the log names it.
func (b *Book) Draft(p Proposal, by Person, now time.Time) (*Edition, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("drafting the report %s %s: %w", p.Kind, p.Subject, err)
	}
	unlock, err := b.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	e, err := b.next(p)
	if err != nil {
		return nil, fmt.Errorf("drafting the report %s %s: %w", p.Kind, p.Subject, err)
	}
	e.DraftedBy, e.DraftedAt, e.State = by, in(now), Draft
	if err := b.place(e, p); err != nil {
		return nil, fmt.Errorf("drafting the report %s %s: %w", p.Kind, p.Subject, err)
	}
	if err := b.append(entry{At: e.DraftedAt, By: by, Action: drafted, Edition: e.ID, Draft: e}); err != nil {
		return nil, err
	}
	return b.Get(e.ID)
}

// next numbers the edition.
func (b *Book) next(p Proposal) (*Edition, error) {
	all, err := b.List()
	if err != nil {
		return nil, err
	}
	e := &Edition{Kind: p.Kind, Subject: p.Subject, No: 1, Title: p.Title, Sample: p.Sample, Release: p.Release, After: p.After}
	last := ""
	for _, other := range all {
		if other.about(p.Kind, p.Subject) {
			e.No = other.No + 1
			if other.State == Approved {
				last = other.ID
			}
		}
		if other.Sample != p.Sample {
			return nil, refused("the editions here are made of %s data: sample and real data never share a folder", map[bool]string{true: "sample", false: "real"}[other.Sample])
		}
	}
	if last != p.After {
		return nil, refused("edition %s was approved meanwhile; draft it again", last)
	}
	for ; ; e.No++ {
		e.ID = fmt.Sprintf("%s-%s-%d", e.Kind, e.Subject, e.No)
		// A folder that the log does not name is what a crash left, or more than a log that was restored
		// from an older backup knows: its number is taken.
		if _, err := os.Lstat(b.path(e.ID)); errors.Is(err, fs.ErrNotExist) {
			return e, nil
		} else if err != nil {
			return nil, err
		}
	}
}

// place puts the files of an edition where it lies.
func (b *Book) place(e *Edition, p Proposal) error {
	tmp := b.path(".draft")
	if err := os.RemoveAll(tmp); err != nil { // which a crash left
		return err
	}
	if err := b.makeFolder(tmp); err != nil {
		return err
	}
	kept := map[string][]byte{FiguresFile: p.Figures}
	if p.After != "" {
		var err error
		if kept[RevisionsFile], err = json.MarshalIndent(revised(e, p.Revisions), "", " "); err != nil {
			return err
		}
		kept[RevisionsText] = []byte(revisedText(e, p.Revisions))
	}
	for _, part := range []struct {
		files map[string][]byte
		into  *[]File
	}{{p.Files, &e.Files}, {kept, &e.Kept}} {
		for name, content := range part.files {
			if err := b.create(tmp+"/"+name, content); err != nil {
				return err
			}
			*part.into = append(*part.into, describe(name, content))
		}
		slices.SortFunc(*part.into, func(x, y File) int { return strings.Compare(x.Name, y.Name) })
	}
	e.Hash = hashOf(e.Files, e.Kept)
	if err := b.at("before rename"); err != nil {
		return err
	}
	if err := os.Rename(tmp, b.path(e.ID)); err != nil {
		return err
	}
	if err := syncFolder(b.dir); err != nil {
		return err
	}
	return b.at("before log")
}
