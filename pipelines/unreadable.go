package pipelines

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms"
)

// An unreadable is why an object could not be read at all, as far as that is its producer's to repair.
// It is kept as a reject of record 0: the object itself.
type unreadable struct {
	object   landedObject
	place    string
	problems []transforms.Problem
}

// Error names the object; the message for people is that of the error around it.
func (u *unreadable) Error() string {
	return fmt.Sprintf("object %q cannot be read", u.object.record.Name)
}

// undecodable is an object that its format's decoder gave up on.
func undecodable(o landedObject, err error) *unreadable {
	return &unreadable{object: o, place: "whole object", problems: []transforms.Problem{{Code: transforms.UnreadableObject, Message: "object: " + err.Error()}}}
}

// lacking is an object without required columns. What it has in their place is not kept: where the
// row of names is missing, that is a person's row.
func lacking(o landedObject, missing *transforms.MissingColumns) *unreadable {
	u := &unreadable{object: o, place: "header"}
	for _, column := range missing.Columns {
		ours, _, _ := strings.Cut(column, " ")
		u.problems = append(u.problems, transforms.Problem{Code: transforms.MissingColumn, Column: ours,
			Message: column + ": no such column; name it so in the header row, or map it under fields:"})
	}
	return u
}

// withholdUnread keeps out a delivery of which one object cannot be read.
func (r *feedRun) withholdUnread(landed []landedObject, bad *unreadable, told error) (*FeedResult, error) {
	entry := r.newEntry(lake.Withheld)
	for _, o := range landed {
		entry.Objects = append(entry.Objects, landedFrom(o.record).record)
	}
	r.report.Records, r.report.Accepted, r.report.Quarantined, r.report.Codes = 0, 0, 0, map[string]int64{}
	out := &normalised{rejects: []transforms.Reject{{Object: bad.object.id, Place: bad.place, Problems: bad.problems}}}
	reason := fmt.Sprintf("%s: %v; nothing of this delivery was taken and the previous data stay. See: lindung quarantine list --feed %s", r.feed.Name, bad, r.feed.Name)
	result, err := r.withhold(entry, out, withholding{producers.Unreadable, reason})
	if err == nil {
		r.report.Error = told.Error()
	}
	return result, err
}

// withheldAlready says that the feed's newest entry withheld the same delivery for the same reason:
// a source that is asked every hour need not be told so every hour.
func (r *feedRun) withheldAlready(e lake.Entry) bool {
	if len(r.snap.Entries) == 0 {
		return false
	}
	last := r.snap.Entries[len(r.snap.Entries)-1]
	return last.Kind == lake.Withheld && last.ReasonCode == e.ReasonCode && last.Reason == e.Reason && last.ConfigHash == e.ConfigHash &&
		last.CodeVersion == e.CodeVersion && last.NormaliserVersion == e.NormaliserVersion &&
		slices.EqualFunc(last.Objects, e.Objects, func(a, b lake.ObjectRecord) bool { return a.ID == b.ID && a.Name == b.Name })
}

// A faultReader remembers that reading the landing itself went wrong, which no producer can repair.
type faultReader struct {
	io.ReadCloser
	err error
}

// Read passes the bytes on.
func (f *faultReader) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
