package pipelines

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/producers"
)

// A NoteLine is one version of a return note in a listing. Its state is the one of today: of the
// versions of a note only the newest can be open or repaired.
type NoteLine struct {
	ID       string    `json:"id"`
	Number   string    `json:"number"`
	Version  int       `json:"version"`
	State    string    `json:"state"`
	Decision string    `json:"decision"`
	Feed     string    `json:"feed"`
	Producer string    `json:"producer"`
	Contact  string    `json:"contact"`
	Run      string    `json:"run"`
	Commit   int64     `json:"commit"`
	KnownAt  time.Time `json:"known_at"`
	Waiting  int64     `json:"waiting"`
	Repaired int64     `json:"repaired"`
	JSON     string    `json:"json"` // paths below the data folder
	Page     string    `json:"page"`
}

// notesFolder holds copies of the notes as they were issued, below the data folder.
const notesFolder = "notes"

func noteLines(notes []*producers.Note) []NoteLine {
	lines := []NoteLine{}
	for i, n := range notes {
		line := NoteLine{ID: n.ID, Number: n.Number, Version: n.Version, State: n.State, Decision: n.Decision, Feed: n.Feed,
			Producer: n.Producer, Contact: n.Contact, Run: n.Run, Commit: n.Commit, KnownAt: n.KnownAt,
			Waiting: n.Counts.Waiting, Repaired: n.Counts.Repaired,
			JSON: notesFolder + "/" + n.Feed + "/" + n.ID + ".json", Page: notesFolder + "/" + n.Feed + "/" + n.ID + ".html"}
		if i+1 < len(notes) && notes[i+1].Number == n.Number {
			line.State = producers.NoteSuperseded
		}
		lines = append(lines, line)
	}
	return lines
}

// Notes lists every version of the return notes, of one feed or of all, made again from the log.
func (r *Runner) Notes(ctx context.Context, feed string) ([]NoteLine, error) {
	feeds := r.ActiveFeeds()
	if feed != "" {
		f, err := findFeed(r.Project, feed)
		if err != nil {
			return nil, err
		}
		feeds = []*configs.Feed{f}
	}
	all, err := r.notesOfEach(ctx, feeds)
	if err != nil {
		return nil, err
	}
	lines := []NoteLine{}
	for _, notes := range all {
		lines = append(lines, noteLines(notes)...)
	}
	slices.SortStableFunc(lines, func(a, b NoteLine) int { return int(a.Commit - b.Commit) })
	return lines, nil
}

// Note makes the version of a feed's return note that held after a commit; the newest when commit is 0.
func (r *Runner) Note(ctx context.Context, feed string, commit int64) (*producers.Note, error) {
	f, err := findFeed(r.Project, feed)
	if err != nil {
		return nil, err
	}
	all, err := r.notesOfEach(ctx, []*configs.Feed{f})
	if err != nil {
		return nil, err
	}
	notes := all[0]
	if commit > 0 {
		if notes, err = r.upTo(notes, feed, commit); err != nil {
			return nil, err
		}
	}
	if len(notes) == 0 {
		return nil, usagef("%s: nothing was returned to its producer: no delivery had problems or was withheld; see: lindung quarantine notes", feed)
	}
	return notes[len(notes)-1], nil
}

// upTo leaves the versions that existed after a commit of the feed.
func (r *Runner) upTo(notes []*producers.Note, feed string, commit int64) ([]*producers.Note, error) {
	own, err := r.Lake.EntriesOf(feed)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(own, commit) {
		return nil, usagef("commit %d is none of %s; see: lindung log", commit, feed)
	}
	return slices.DeleteFunc(notes, func(n *producers.Note) bool { return n.Commit > commit }), nil
}

// notesOfEach makes the notes of some feeds side by side.
func (r *Runner) notesOfEach(ctx context.Context, feeds []*configs.Feed) ([][]*producers.Note, error) {
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return nil, err
	}
	entries := map[string][]lake.Entry{}
	for _, e := range snap.Entries {
		entries[e.Feed] = append(entries[e.Feed], e)
	}
	all := make([][]*producers.Note, len(feeds))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range feeds {
		group.Go(func() (err error) {
			if err = ctx.Err(); err == nil {
				all[i], err = r.notesOf(f, entries[f.Name])
			}
			return err
		})
	}
	return all, group.Wait()
}

// A noteIndex lists the notes of a feed up to one of its entries.
type noteIndex struct {
	Through int64      `json:"through_commit"`
	Notes   []NoteLine `json:"notes"`
}

// issueNotes writes the notes of every feed that has entries which no note has looked at, those of
// an interrupted run included, and tells what this run brought about in its report. What was
// committed stays so whatever becomes of the notes: they can be made again from the log.
func (r *Runner) issueNotes(ctx context.Context, report *RunReport) error {
	r.hold.noting.Lock()
	defer r.hold.noting.Unlock()
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil {
		return err
	}
	newest := map[string]int64{}
	for _, e := range snap.Entries {
		newest[e.Feed] = e.No
	}
	path := filepath.Join(r.Project.DataDir, notesFolder, "index.json")
	index := readNoteIndex(path)
	behind := slices.DeleteFunc(r.ActiveFeeds(), func(f *configs.Feed) bool { return index[f.Name].Through >= newest[f.Name] })
	all, err := r.notesOfEach(ctx, behind)
	if err != nil || len(behind) == 0 {
		return err
	}
	for i, notes := range all {
		feed := behind[i].Name
		for _, n := range notes {
			if _, err := r.WriteNote(n, ""); err != nil {
				return fmt.Errorf("writing the return notes of %s: %w; they can be made again: lindung quarantine note %s", feed, err, feed)
			}
		}
		index[feed] = noteIndex{newest[feed], noteLines(notes)}
		r.reportNote(report, index[feed].Notes)
	}
	text, err := json.MarshalIndent(index, "", "  ")
	if err := errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o750)); err != nil {
		return err
	}
	return replaceFile(path, append(text, '\n'))
}

// readNoteIndex reads what was issued. An index that is not there or cannot be read is made again.
func readNoteIndex(path string) map[string]noteIndex {
	index := map[string]noteIndex{}
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &index) != nil {
		return map[string]noteIndex{}
	}
	return index
}

func (r *Runner) notesOfFeed(feed string) string {
	return filepath.Join(r.Project.DataDir, notesFolder, feed)
}

// reportNote puts the newest version of a feed's note into the report of the run that made it.
func (r *Runner) reportNote(report *RunReport, lines []NoteLine) {
	if len(lines) == 0 || lines[len(lines)-1].Run != report.RunID {
		return
	}
	line := lines[len(lines)-1]
	line.JSON, line.Page = r.Lake.Path(line.JSON), r.Lake.Path(line.Page)
	for _, fr := range report.Feeds {
		if fr.Feed == line.Feed {
			fr.Note = &line
		}
	}
}

// WriteNote writes a note's two files into a folder, the feed's own below the data when it is "", and gives their paths. A file that is there is
// left alone: what was sent to a producer does not change afterwards.
func (r *Runner) WriteNote(n *producers.Note, folder string) ([]string, error) {
	var forPrograms, page bytes.Buffer
	if err := errors.Join(n.WriteJSON(&forPrograms), n.WritePage(&page, r.Project.TimeZone)); err != nil {
		return nil, err
	}
	if folder == "" {
		folder = r.notesOfFeed(n.Feed)
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, err
	}
	paths := []string{filepath.Join(folder, n.ID+".json"), filepath.Join(folder, n.ID+".html")}
	for i, content := range [][]byte{forPrograms.Bytes(), page.Bytes()} {
		if _, err := os.Lstat(paths[i]); !errors.Is(err, fs.ErrNotExist) {
			if err != nil {
				return nil, err
			}
			continue
		}
		if err := replaceFile(paths[i], content); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// replaceFile puts a file there as a whole or not at all.
func replaceFile(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err := errors.Join(err, tmp.Chmod(0o640), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
