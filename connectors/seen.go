package connectors

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
)

// This file is what the kinds that read files have in common, wherever the files
// lie: which names are taken, when a file is left for later, and what a position
// remembers.

// maxListed bounds a listing, which is held in memory: a feed with more files than
// this was pointed at the wrong folder.
const maxListed = 1_000_000

// A fileMark is how an unchanged file is recognised without reading it: by its size
// and its entity tag, or the time of its last change where there are no tags.
type fileMark struct {
	Size  int64     `json:"size"`
	Mtime time.Time `json:"mtime,omitzero"`
	ETag  string    `json:"etag,omitempty"`
}

func (m fileMark) equal(o fileMark) bool {
	if m.ETag != "" || o.ETag != "" {
		return m.Size == o.Size && m.ETag == o.ETag
	}
	return m.Size == o.Size && m.Mtime.Equal(o.Mtime)
}

// kept is what a position needs of a mark.
func (m fileMark) kept() fileMark {
	if m.ETag != "" {
		m.Mtime = time.Time{}
	}
	return m
}

// filesPosition is the position of every kind that reads files.
type filesPosition struct {
	Seen map[string]fileMark `json:"seen"`
}

// fileRules are the settings that all kinds that read files share.
type fileRules struct {
	match     []string
	stableFor time.Duration
	marker    string // "" for no markers; see markerOf
	maxBytes  Size
	snapshot  string                   // snapshotFolder or snapshotDelivered
	place     func(name string) string // a file as people know it
	log       *slog.Logger
}

// What makes a snapshot of files.
const (
	snapshotFolder    = "folder"    // all that lie there
	snapshotDelivered = "delivered" // those that came since the last pull
)

func (r fileRules) check() (problems []error) {
	if len(r.match) == 0 {
		problems = append(problems, errors.New("match: give at least one pattern, such as **/*.csv"))
	}
	for _, pattern := range r.match {
		if err := CheckGlob(pattern); err != nil {
			problems = append(problems, fmt.Errorf("match: %w", err))
		}
	}
	if r.stableFor < 0 {
		problems = append(problems, errors.New("stable_for: must not be negative"))
	}
	if err := r.checkMarker(); err != nil {
		problems = append(problems, err)
	}
	if r.maxBytes <= 0 {
		problems = append(problems, errors.New("max_bytes: must be more than 0"))
	}
	if r.snapshot != snapshotFolder && r.snapshot != snapshotDelivered {
		problems = append(problems, fmt.Errorf("snapshot: %q is neither folder nor delivered", r.snapshot))
	}
	return problems
}

// wants reports whether a file of this name is taken or says that another may be.
// Hidden files, and what uploaders call a file that is not whole yet, never are.
func (r fileRules) wants(name string) bool {
	if r.isMarker(name) {
		return true
	}
	if strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return false
	}
	if ext := path.Ext(name); ext == ".part" || ext == ".tmp" {
		return false
	}
	return slices.ContainsFunc(r.match, func(p string) bool { return MatchGlob(p, name) })
}

// enters reports whether a folder can hold anything that is taken; what lies
// elsewhere need not be readable.
func (r fileRules) enters(folder string) bool {
	if strings.HasPrefix(path.Base(folder), ".") {
		return false
	}
	return slices.ContainsFunc(r.match, func(p string) bool { return matchesBelow(p, folder) })
}

// add notes a file of a listing. Names are refused that could not be kept as they
// are: a position is JSON, and an object's name must not lead anywhere.
func (r fileRules) add(found map[string]fileMark, name string, mark fileMark) error {
	if !fs.ValidPath(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("listing %q: the name is not UTF-8 or has empty, . or .. parts or control characters: rename the file, or narrow match", r.place(name))
	}
	if _, ok := found[name]; ok {
		return fmt.Errorf("listing %s: the source lists it twice: pull again, and tell the source's owner if it stays so", r.place(name))
	}
	if len(found) >= maxListed {
		return fmt.Errorf("listing: more than %d files match: narrow match, or move what was taken elsewhere", maxListed)
	}
	found[name] = mark
	return nil
}

// stable reports whether a file has been left alone for long enough. A file
// from the future is measured by its distance too: a wrong clock at the sender
// must not hold a file back until that future comes.
func (r fileRules) stable(name string, modified, now time.Time) bool {
	age := now.Sub(modified)
	if age.Abs() >= r.stableFor {
		return true
	}
	r.log.Info("file left for the next pull: modified too recently",
		slog.String("file", r.place(name)), slog.Duration("age", age), slog.Duration("stable_for", r.stableFor))
	return false
}

// A filePlan is what a pull makes of a listing.
type filePlan struct {
	rules fileRules
	found map[string]fileMark
	marks map[string]fileMark // the markers of the listing
	fresh []string            // to be read, in the order of names
	taken []string            // committed by an earlier pull and unchanged since
	seen  map[string]fileMark // what the position remembers; nil in a backfill, which has none
}

// plan compares a listing with the position.
func (r fileRules) plan(found map[string]fileMark, req Request) (*filePlan, error) {
	p := &filePlan{rules: r, found: found, marks: r.partMarkers(found)}
	var position filesPosition
	gone, waits := false, false
	if backfill := !req.Window.IsZero(); !backfill {
		if len(req.Position) > 0 {
			if err := json.Unmarshal(req.Position, &position); err != nil {
				return nil, fmt.Errorf("reading the position of folder %s: it is not one that this connector wrote: %w", r.place(""), err)
			}
		}
		// What is gone from the folder leaves the position too, so that it does not
		// grow for ever.
		maps.DeleteFunc(position.Seen, func(name string, _ fileMark) bool {
			_, ok := found[name]
			gone = gone || !ok
			return !ok
		})
		if p.seen = position.Seen; p.seen == nil {
			p.seen = map[string]fileMark{}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		seen, known := p.seen[name]
		switch {
		case known && seen.equal(found[name]):
			p.taken = append(p.taken, name)
		case r.marked(name, found[name], p.marks) && r.stable(name, found[name].Mtime, req.Now):
			p.fresh = append(p.fresh, name)
		case known:
			waits = true
		}
	}
	if req.Whole && r.snapshot == snapshotFolder && p.seen != nil {
		p.whole(gone, waits)
	}
	return p, nil
}

// whole makes one delivery of all files of a folder: what did not change counts as much as
// what did. Nothing comes when nothing is new, changed or gone, and while a file that was
// taken before waits to be taken again: without it the others are not the whole. The file
// that changed last comes last.
func (p *filePlan) whole(gone, waits bool) {
	if waits {
		p.rules.log.Info("the folder is left for a later pull: a file that belongs to it is not ready", slog.String("folder", p.rules.place("")))
		p.fresh = nil
		return
	}
	if len(p.fresh) == 0 && !gone {
		return
	}
	p.fresh = append(p.fresh, p.taken...)
	slices.SortFunc(p.fresh, func(a, b string) int {
		return cmp.Or(p.found[a].Mtime.Compare(p.found[b].Mtime), cmp.Compare(a, b))
	})
}

// run opens and yields what is fresh.
func (p *filePlan) run(ctx context.Context, open func(name string, listed fileMark) (*Object, error), yield func(*Object) bool) error {
	unnoted := 0
	for i, name := range p.fresh {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("pulling %s: %w", p.rules.place(name), err)
		}
		listed := p.found[name]
		if Size(listed.Size) > p.rules.maxBytes {
			return fmt.Errorf("opening %s: it has %d bytes, more than max_bytes (%s): raise the limit or ask for smaller files",
				p.rules.place(name), listed.Size, p.rules.maxBytes)
		}
		object, err := open(name, listed)
		if err != nil {
			return err
		}
		if p.seen != nil {
			p.seen[name] = listed.kept()
			// A position is as long as the list of files: of many, not every one
			// carries one, or writing them would take longer than reading the files.
			if unnoted++; unnoted > len(p.seen)/100 || i == len(p.fresh)-1 {
				unnoted = 0
				if object.Position, err = json.Marshal(filesPosition{p.seen}); err != nil {
					_ = object.Body.Close()
					return fmt.Errorf("writing the position of %s: %w", p.rules.place(name), err)
				}
			}
		}
		if !yield(object) {
			return nil
		}
	}
	return nil
}

// unavailable words the error of a file that could not be had. What was cancelled
// is no failing of the source, and an answer that is not what it should be will not
// be another one later.
func (r fileRules) unavailable(doing, name string, err error) error {
	if content := (contentError{}); errors.As(err, &content) {
		return fmt.Errorf("%s %s: %w", doing, r.place(name), content.error)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s %s: %w", doing, r.place(name), err)
	}
	return fmt.Errorf("%s %s: %w: %w", doing, r.place(name), ErrUnavailable, err)
}

var (
	errChanged  = errors.New("the file changed while it was read: pull again when its upload has ended, or set stable_for")
	errReplaced = errors.New("the file was replaced meanwhile: pull again")
)
