package pipelines

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/transforms"
)

// A QuarantinedRecord is one record as it was delivered. Fields that may hold personal
// data are masked: the clear text stays in the encrypted landing.
type QuarantinedRecord struct {
	Feed     string               `json:"feed"`
	Object   string               `json:"object"`
	Name     string               `json:"name"`
	RowNo    int64                `json:"row_no"`
	Place    string               `json:"place"`
	Fields   []RecordField        `json:"fields"`
	Problems []transforms.Problem `json:"problems"`
}

// A RecordField is one cell of a record under its source's name.
type RecordField struct {
	Column string `json:"column"`
	Text   string `json:"text"`
}

// QuarantinedRecord decodes one record in quarantine again. The object may be given by
// the first digits of its id.
func (r *Runner) QuarantinedRecord(ctx context.Context, object string, rowNo int64) (*QuarantinedRecord, error) {
	rows, err := r.Quarantine("")
	if err != nil {
		return nil, err
	}
	var rec *QuarantinedRecord
	for _, q := range rows {
		if len(object) == 0 || len(q.Object) < len(object) || q.Object[:len(object)] != object || q.RowNo != rowNo {
			continue
		}
		if rec != nil && rec.Object != q.Object {
			return nil, usagef("object %s fits several; give more digits", object)
		}
		if rec == nil {
			rec = &QuarantinedRecord{Feed: q.Feed, Object: q.Object, Name: q.Name, RowNo: q.RowNo, Place: q.Place}
		}
		rec.Problems = append(rec.Problems, transforms.Problem{Code: q.Code, Column: q.Column, Message: q.Message})
	}
	if rec == nil {
		return nil, usagef("no record %d of object %s is in quarantine; see: lindung quarantine list", rowNo, object)
	}
	if rec.RowNo == 0 { // the object itself, which cannot be read
		return rec, nil
	}
	return rec, r.fillFields(ctx, rec)
}

func (r *Runner) fillFields(ctx context.Context, rec *QuarantinedRecord) error {
	// An archive is opened here as in a run, whose folder is not ours: another process may sweep it.
	tmp, err := os.MkdirTemp("", "lindung-record-")
	if err != nil {
		return fmt.Errorf("making a temporary folder: %w", err)
	}
	defer os.RemoveAll(tmp)
	f, err := findFeed(r.Project, rec.Feed)
	if err != nil {
		return err
	}
	job, err := r.feedJob(f, FeedJob{TmpDir: tmp})
	if err != nil {
		return err
	}
	run, err := openFeedRun(job, func(Event) {}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	o, ok := findObject(run.snap, rec)
	if !ok {
		return usagef("object %s is not in the log", rec.Object)
	}
	open := run.openColumns()
	return run.decodeObject(ctx, landedFrom(o), func(b *formats.Batch) bool {
		for row := range b.Len() {
			if b.RowNo(row) != rec.RowNo {
				continue
			}
			if run.slippedIn(b)(row) {
				open = nil
			}
			for col, name := range b.Header() {
				rec.Fields = append(rec.Fields, RecordField{Column: name, Text: masked(b.Cell(row, col), open[transforms.HeaderKey(name)])})
			}
			return false
		}
		return true
	})
}

func findObject(snap lake.Snapshot, rec *QuarantinedRecord) (lake.ObjectRecord, bool) {
	for _, e := range snap.Entries {
		for _, o := range e.Objects {
			if e.Feed == rec.Feed && o.ID == rec.Object {
				return o, true
			}
		}
	}
	return lake.ObjectRecord{}, false
}

// openColumns are the source's columns whose text may be shown: those that feed fields of class
// open or internal, and no other. What is not known to be harmless is masked.
func (r *feedRun) openColumns() map[string]bool {
	open := map[string]bool{}
	for _, c := range r.readers() {
		if _, seen := open[c.column]; !seen {
			open[c.column] = true
		}
		open[c.column] = open[c.column] && !c.input.Personal()
	}
	return open
}

// A reader is a field of the dataset and the source's column that it reads.
type reader struct {
	input  transforms.Input
	column string // as transforms.HeaderKey gives it; "" for a constant
	named  string // as the feed names it
}

// readers are all fields of the feed, in the dataset's order.
func (r *feedRun) readers() []reader {
	var all []reader
	for _, in := range r.dataset.DescribeInputs() {
		named, ok := r.feed.Fields[in.Name]
		switch {
		case in.Name == versionField && r.feed.Version != "" && r.feed.Version != versionField && !ok:
			named = r.feed.Version
			if theirs, mapped := r.feed.Fields[named]; mapped {
				named = theirs
			}
		case !ok:
			named = in.Name
		}
		one := reader{input: in, named: named}
		if !strings.HasPrefix(named, "=") {
			one.column = transforms.HeaderKey(named)
		}
		all = append(all, one)
	}
	return all
}

// versionField is the field of every dataset that says which of two rows is newer.
const versionField = "source_updated_at"

func masked(text string, open bool) string {
	switch {
	case text == "" || open:
		return text
	}
	return "•••"
}

// A VerifyReport is what hashing everything again found.
type VerifyReport struct {
	Entries      int      `json:"entries"`
	Files        int      `json:"files"`
	Objects      int      `json:"objects"`
	ReleaseFiles int      `json:"release_files"`
	EditionFiles int      `json:"edition_files"` // of reports
	Problems     []string `json:"problems"`
	// Shredded are months that nobody can read any more, as somebody decided.
	Shredded []lake.ShreddedMonth `json:"shredded,omitempty"`
}

// Verify hashes the log, the Parquet files, the landed objects, the releases and the editions again.
func (r *Runner) Verify(ctx context.Context) (*VerifyReport, error) {
	lr, err := r.Lake.Verify(ctx, func(done, total int) {
		r.event(Event{Step: "verify", Done: int64(done), Total: int64(total)})
	})
	if err != nil {
		return nil, err
	}
	report := &VerifyReport{Entries: lr.Entries, Files: lr.Files, Objects: lr.Objects, Problems: []string{}, Shredded: lr.Shredded}
	for _, p := range lr.Problems {
		report.Problems = append(report.Problems, p.Path+": "+p.Message)
	}
	files, problems, err := r.Releases.Verify(ctx)
	if err != nil {
		return nil, err
	}
	report.ReleaseFiles = files
	report.Problems = append(report.Problems, problems...)
	return report, r.verifyEditions(report)
}

func (r *Runner) verifyEditions(report *VerifyReport) error {
	book := r.Editions()
	all, err := book.List()
	if err != nil {
		report.Problems = append(report.Problems, err.Error())
		return nil
	}
	for _, e := range all {
		changed, err := book.Changed(e)
		if err != nil {
			return err
		}
		report.EditionFiles += len(e.Files) + len(e.Kept) + len(e.Notes)
		for _, name := range changed {
			report.Problems = append(report.Problems, EditionsFolder+"/"+e.ID+"/"+name+": is not what was drafted")
		}
	}
	return nil
}

// LastKnown is the knowledge time of the newest commit; zero when there is none.
func (r *Runner) LastKnown() (time.Time, error) {
	snap, err := r.Lake.Snapshot(time.Time{})
	if err != nil || len(snap.Entries) == 0 {
		return time.Time{}, err
	}
	return snap.Entries[len(snap.Entries)-1].KnownAt, nil
}

// Rollback points readers back to an earlier release.
func (r *Runner) Rollback(ctx context.Context, id string) error {
	_, err := r.record(ctx, ledger.Run{Command: "rollback"}, func(context.Context, *RunReport) error {
		return r.alone(func() error { return r.Releases.Rollback(id) })
	})
	return err
}
