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

// An unreadable is why an object could not be read, as far as that is its producer's to repair.
// It is kept as a reject of record 0: the object itself.
type unreadable struct {
	code     string // of the withholding that it comes to
	object   landedObject
	place    string
	problems []transforms.Problem
}

// Error names the object; the message for people is that of the error around it.
func (u *unreadable) Error() string {
	switch u.code {
	case producers.TooLarge:
		return fmt.Sprintf("object %q is beyond a limit of the feed", u.object.record.Name)
	case producers.Unexpected:
		return fmt.Sprintf("object %q matches none of the feed's formats", u.object.record.Name)
	}
	return fmt.Sprintf("object %q cannot be read", u.object.record.Name)
}

// ofObject is an object with one problem.
func ofObject(code string, o landedObject, place, problem, message string) *unreadable {
	return &unreadable{code: code, object: o, place: place, problems: []transforms.Problem{{Code: problem, Message: "object: " + message}}}
}

// undecodable is an object that its format's decoder gave up on.
func undecodable(o landedObject, err error) *unreadable {
	return ofObject(producers.Unreadable, o, wholeObject, transforms.UnreadableObject, err.Error())
}

const wholeObject = "whole object"

// unexpectedObject is an object that no rule of formats: is for.
func (r *feedRun) unexpectedObject(o landedObject, told error) error {
	return &Error{Code: ExitGate, Message: told.Error(), cause: ofObject(producers.Unexpected, o, wholeObject, transforms.UnknownObject, "its name matches none of the feed's formats; give it the agreed name, or add a rule to formats:")}
}

// tooManyRecords is an object with more records than limits.max_rows, the first of which stands at place.
func (r *feedRun) tooManyRecords(o landedObject, place string) error {
	limit := r.feed.Limits.MaxRows
	return &Error{Code: ExitGate, Message: fmt.Sprintf("%s: object %q has more than limits.max_rows: %d records; nothing of this delivery was taken. Raise the limit in %s if that is right", r.feed.Name, o.record.Name, limit, r.feed.Source.File),
		cause: ofObject(producers.TooLarge, o, place, transforms.TooManyRecords, fmt.Sprintf("more than limits.max_rows: %d records", limit))}
}

// tooMuchDelivered is a delivery that passes limits.max_delivery with this object. What came before
// it is swept, and what follows is not asked for: a limit on what is kept must not be passed by
// keeping what passes it.
func (r *feedRun) tooMuchDelivered(o landedObject) error {
	limit := r.feed.Limits.MaxDelivery
	return &Error{Code: ExitGate, Message: fmt.Sprintf("%s: the delivery has more than limits.max_delivery: %s; nothing of it was taken. Raise the limit in %s if that is right", r.feed.Name, limit, r.feed.Source.File),
		cause: ofObject(producers.TooLarge, o, wholeObject, transforms.TooMuchDelivered, fmt.Sprintf("with it the delivery has more than limits.max_delivery: %s", limit))}
}

// lacking is an object without required columns. What it has in their place is not kept: where the
// row of names is missing, that is a person's row.
func lacking(o landedObject, missing *transforms.MissingColumns) *unreadable {
	u := &unreadable{code: producers.Unreadable, object: o, place: "header"}
	for _, column := range missing.Columns {
		ours, _, _ := strings.Cut(column, " ")
		u.problems = append(u.problems, transforms.Problem{Code: transforms.MissingColumn, Column: ours,
			Message: column + ": no such column; name it so in the header row, or map it under fields:"})
	}
	return u
}

// orWithhold keeps out a delivery of which one object cannot be read; any other error ends the run.
func (r *feedRun) orWithhold(landed []landedObject, told error) (*FeedResult, error) {
	var bad *unreadable
	if !errors.As(told, &bad) {
		return nil, told
	}
	if len(landed) == 0 {
		landed = []landedObject{bad.object}
	}
	entry := r.newEntry(lake.Withheld)
	r.report.Objects = len(landed)
	for _, o := range landed {
		entry.Objects = append(entry.Objects, landedFrom(o.record).record)
	}
	r.report.Records, r.report.Accepted, r.report.Quarantined, r.report.Codes = 0, 0, 0, map[string]int64{}
	out := &normalised{rejects: []transforms.Reject{{Object: bad.object.id, Place: bad.place, Problems: bad.problems}}}
	reason := fmt.Sprintf("%s: %v; nothing of this delivery was taken and the previous data stay. See: lindung quarantine list --feed %s", r.feed.Name, bad, r.feed.Name)
	result, err := r.withhold(entry, out, withholding{bad.code, reason})
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
