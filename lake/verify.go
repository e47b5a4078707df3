package lake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The kinds of what Verify finds.
const (
	ProblemLog    = "log"
	ProblemFile   = "file"
	ProblemObject = "object"
	ProblemKey    = "key"
)

// A Problem is one thing that Verify found: where it is and what to do.
type Problem struct {
	Kind    string `json:"kind"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

// A VerifyReport says what Verify looked at and everything that is wrong with it.
type VerifyReport struct {
	Entries  int       `json:"entries"`
	Files    int       `json:"files"`
	Rows     int64     `json:"rows"`
	Objects  int       `json:"objects"`
	Bytes    int64     `json:"bytes"` // read from files and objects
	HeadHash string    `json:"head_hash"`
	Problems []Problem `json:"problems"`
	// Shredded are months that nobody can read any more, as somebody decided.
	Shredded []ShreddedMonth `json:"shredded,omitempty"`
}

// OK says that nothing was found.
func (r VerifyReport) OK() bool { return len(r.Problems) == 0 }

func (r *VerifyReport) add(kind, path string, err error) {
	r.Problems = append(r.Problems, Problem{Kind: kind, Path: path, Message: err.Error()})
}

// Verify reads again everything that the log names: each entry and the chain, each Parquet
// file by its hash and with the independent reader, each landed object decrypted and
// compared with its name. It goes on after a problem and reports them all; its error says
// only that it could not go on. progress, when given, is told the work done and the whole.
func (l *Lake) Verify(ctx context.Context, progress func(done, total int)) (VerifyReport, error) {
	report := VerifyReport{Problems: []Problem{}}
	entries, problems, err := l.readLog(nil)
	if err != nil {
		return report, err
	}
	for _, p := range problems {
		report.add(ProblemLog, p.path, p.err)
	}
	report.Entries = len(entries)
	if len(entries) > 0 {
		report.HeadHash = entries[len(entries)-1].hash
	}
	work := collectWork(entries)
	done := 0
	step := func() error {
		if done++; progress != nil {
			progress(done, work.total())
		}
		return ctx.Err()
	}
	if err := l.verifyFiles(work, &report, step); err != nil {
		return report, err
	}
	return report, l.verifyObjects(work, &report, step)
}

// verifyWork is what the log names, each thing once.
type verifyWork struct {
	files   []File
	months  []string // source/month, ascending
	objects map[string][]objectPlace
	count   int

	shredded map[string]ShreddedMonth // by source/month
}

func (w verifyWork) total() int { return len(w.files) + w.count }

func collectWork(entries []loggedEntry) verifyWork {
	w := verifyWork{objects: map[string][]objectPlace{}, shredded: shredded(entries)}
	files, objects := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		for _, f := range e.Files {
			// Two entries that tell different things of one file are both to be checked.
			key := fmt.Sprint(f.Path, f.SHA256, f.Bytes, f.Rows, f.Columns)
			if !files[key] {
				files[key] = true
				w.files = append(w.files, f)
			}
		}
		for _, o := range e.Entry.objects() {
			month := o.source + "/" + o.month
			key := month + "/" + FormatID(o.id)
			if !objects[key] {
				objects[key] = true
				w.objects[month] = append(w.objects[month], o)
				w.count++
			}
		}
	}
	w.months = slices.Sorted(maps.Keys(w.objects))
	return w
}

func (l *Lake) verifyFiles(work verifyWork, report *VerifyReport, step func() error) error {
	for _, f := range work.files {
		if err := l.verifyFile(f); err != nil {
			report.add(ProblemFile, f.Path, err)
		}
		report.Files++
		report.Rows += f.Rows
		report.Bytes += f.Bytes
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lake) verifyObjects(work verifyWork, report *VerifyReport, step func() error) error {
	for _, month := range work.months {
		objects := work.objects[month]
		source, name, _ := strings.Cut(month, "/")
		// One key opens the whole month: without it there is one problem, not thousands.
		_, keyErr := l.monthKey(source, name)
		if m, gone := work.shredded[month]; gone && errors.Is(keyErr, ErrShredded) {
			m.Objects = len(objects)
			report.Shredded = append(report.Shredded, m)
		} else if keyErr != nil {
			report.add(ProblemKey, l.monthKeyPath(source, name), fmt.Errorf("%d landed objects of %s cannot be read: %w", len(objects), month, keyErr))
		}
		for _, o := range objects {
			if err := l.verifyObject(o, keyErr == nil, report); err != nil {
				report.add(ProblemObject, l.relative(l.objectPath(o.source, o.month, o.id)), err)
			}
			report.Objects++
			if err := step(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Lake) verifyObject(o objectPlace, readable bool, report *VerifyReport) error {
	if !readable {
		if _, err := os.Stat(l.objectPath(o.source, o.month, o.id)); err != nil {
			return fmt.Errorf("%w; restore it from a backup of the landing", err)
		}
		return nil
	}
	r, err := l.openObject(o.source, o.month, o.id)
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, r)
	report.Bytes += n
	err = errors.Join(err, r.Close())
	if err == nil && o.bytes >= 0 && n != o.bytes {
		err = fmt.Errorf("it has %d bytes where the log says %d", n, o.bytes)
	}
	return err
}

func (l *Lake) relative(path string) string {
	if rel, err := filepath.Rel(l.dir, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}
