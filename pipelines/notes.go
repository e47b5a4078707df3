package pipelines

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/transforms/privacy"
)

// notesOf makes every version of every note of a feed from its entries, oldest first. Who answers
// for the data, what their columns are called and when the next delivery is due is what the feed
// says today; all else is of the log.
func (r *Runner) notesOf(f *configs.Feed, entries []lake.Entry) ([]*producers.Note, error) {
	fold := newNoteFold(r.Lake, f, r.recordTokens())
	var notes []*producers.Note
	var before noteState
	for _, e := range entries {
		if e.Feed != f.Name {
			continue
		}
		if err := fold.apply(e); err != nil {
			return nil, fmt.Errorf("making the return notes of %s, commit %d: %w", f.Name, e.No, err)
		}
		now := stateOf(fold)
		if !now.differs(before) {
			continue
		}
		var last *producers.Note
		if len(notes) > 0 && notes[len(notes)-1].State == producers.NoteOpen {
			last = notes[len(notes)-1]
		}
		notes = append(notes, r.noteVersion(f, e, now, before, last))
		before = now
	}
	return notes, nil
}

// recordTokens gives what makes tokens of business keys. The secret behind them is read when it is needed.
func (r *Runner) recordTokens() func() (transforms.Tokenizer, error) {
	return sync.OnceValues(func() (transforms.Tokenizer, error) {
		keys, err := privacy.LoadKeys(tokensPath(r.Project), r.Project.Origin() != configs.OriginReal)
		if err != nil {
			return nil, failure(ExitUsage, err)
		}
		return privacy.NewTokenizer(keys), nil
	})
}

// A noteState is what a version of a note is about.
type noteState struct {
	waiting []*waitingRecord
	held    string // the code of why the newest delivery was withheld, if it was
}

func stateOf(fold *noteFold) noteState {
	s := noteState{waiting: fold.waiting()}
	if fold.held != nil {
		s.held = cmp.Or(fold.held.ReasonCode, producers.Unspecified)
	}
	return s
}

func (s noteState) empty() bool { return len(s.waiting) == 0 && s.held == "" }

// differs says whether there is something to tell since another state.
func (s noteState) differs(other noteState) bool {
	return s.held != other.held || !maps.Equal(s.said(), other.said())
}

func (s noteState) said() map[recordRef]string {
	said := map[recordRef]string{}
	for _, w := range s.waiting {
		said[w.ref] = w.said()
	}
	return said
}

// repairedSince counts the records that wait no more. One that was delivered again and is still
// wrong is not repaired.
func (s noteState) repairedSince(before noteState) int64 {
	left := map[string]int{}
	for _, w := range s.waiting {
		left[w.signature()]++
	}
	var repaired int64
	for _, w := range before.waiting {
		if left[w.signature()]--; left[w.signature()] < 0 {
			repaired++
		}
	}
	return repaired
}

// noteVersion makes one version. last is the version that it supersedes.
func (r *Runner) noteVersion(f *configs.Feed, e lake.Entry, now, before noteState, last *producers.Note) *producers.Note {
	s := f.Source
	n := &producers.Note{
		Format: producers.NoteFormat, Number: fmt.Sprintf("%s-%06d", f.Name, e.No), Version: 1,
		State: producers.NoteOpen, Decision: producers.RecordsReturned, Origin: e.Origin,
		Feed: f.Name, Dataset: f.Dataset, Source: e.Source, SourceTitle: producers.Text{ID: s.Title.ID, EN: s.Title.EN},
		Producer: s.Producer, Contact: s.Contact,
		Checker: r.Project.Name, CodeVersion: e.CodeVersion, NormaliserVersion: e.NormaliserVersion,
		Run: e.RunID, Commit: e.No, CommitKind: e.Kind, KnownAt: e.KnownAt.UTC(), Objects: noteObjects(e),
	}
	if last != nil {
		n.Number, n.Version, n.Supersedes = last.Number, last.Version+1, last.ID
		n.Counts.Repaired = now.repairedSince(before)
	}
	n.ID = fmt.Sprintf("%s-v%d", n.Number, n.Version)
	for _, o := range e.Objects {
		n.Counts.Read += o.Records
		n.Counts.Accepted += o.Accepted
		n.Counts.Quarantined += o.Quarantined
	}
	switch {
	case now.empty():
		n.State, n.Decision = producers.NoteRepaired, producers.NothingReturned
	case now.held != "":
		n.Withhold(now.held)
	}
	if n.State == producers.NoteOpen {
		if _, due := f.Expected.Due(e.KnownAt, r.Project.TimeZone); !due.IsZero() {
			n.RepairBy = due.Add(f.Expected.LateAfter).UTC()
		}
	}
	n.Fill(noteRecords(now.waiting, e.No), last, func(column string) string { return theirColumn(f, column) })
	return n
}

func noteObjects(e lake.Entry) []producers.NoteObject {
	objects := []producers.NoteObject{}
	for _, o := range e.Objects {
		objects = append(objects, producers.NoteObject{ID: o.ID, Name: o.Name, Bytes: o.Bytes, ModifiedAt: o.ModifiedAt,
			Read: o.Records, Quarantined: o.Quarantined})
	}
	return objects
}

func noteRecords(waiting []*waitingRecord, commit int64) []producers.WaitingRecord {
	records := make([]producers.WaitingRecord, len(waiting))
	for i, w := range waiting {
		records[i] = producers.WaitingRecord{New: w.commit == commit,
			Place: producers.NotePlace{Commit: w.commit, ObjectID: lake.FormatID(w.ref.object), Object: w.name, Place: w.place}}
		for _, p := range w.problems {
			records[i].Problems = append(records[i].Problems, producers.WaitingProblem{Code: p.code, Column: p.column})
		}
	}
	return records
}

// theirColumn is what a producer calls a column of ours; "" for a constant and for what no column holds.
func theirColumn(f *configs.Feed, column string) string {
	named, ok := f.Fields[column]
	switch {
	case !ok && column == versionField:
		named = f.Version
	case !ok:
		if d, known := transforms.Lookup(f.Dataset); !known || !slices.Contains(d.Inputs(), column) {
			return ""
		}
		named = column
	}
	if strings.HasPrefix(named, "=") {
		return ""
	}
	return named
}
