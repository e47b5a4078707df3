package pipelines

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/kp2mi/lindung/reports"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/editions"
	"github.com/kp2mi/lindung/reports/verify"
	"github.com/kp2mi/lindung/warehouse"
)

// maxReport bounds a finished report that is read back.
const maxReport = 256 << 20

// VerifyReport computes the numbers of a finished report again: from the releases that it names, and
// where those do not have them any more, from what its edition kept.
func (r *Runner) VerifyReport(ctx context.Context, path string) (*verify.Result, error) {
	content, err := readReport(path)
	if err != nil {
		return nil, err
	}
	report, err := verify.Read(path, content)
	if err != nil {
		return nil, failure(ExitUsage, err)
	}
	var found []verify.Finding
	sources, h, err := r.releaseSources(ctx, report)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	if f, err := r.otherRelease(report); err != nil {
		return nil, err
	} else if f != nil {
		found = append(found, *f)
	}
	e, err := r.editionOf(path, content, report)
	if err != nil {
		return nil, err
	}
	if e != nil {
		kept, problems, err := r.keptBy(e, path, content)
		if err != nil {
			return nil, err
		}
		sources, found = append(sources, kept...), append(found, problems...)
	}
	if again, err := r.writtenAgain(ctx, report); err != nil {
		return nil, err
	} else if again != nil {
		sources = append(sources, *again)
	}
	if len(sources) == 0 {
		return nil, usagef("%s names release %s, which is neither here nor kept by an edition here; verify it in the project that it comes from (--dir)", path, report.Release())
	}
	result, err := report.Verify(ctx, path, sources...)
	if err != nil {
		return nil, err
	}
	if e != nil {
		result.Edition = e.ID
	}
	for _, f := range found {
		result.Find(f)
	}
	return result, nil
}

// writtenAgain is a source of the counts that no release holds as they are, such as how many revisions a
// threshold rests on: the report is written again from its release. nil where that cannot be done here.
func (r *Runner) writtenAgain(ctx context.Context, report *verify.Report) (*verify.Source, error) {
	kind, subject := report.Meta[document.MetaKind], report.Meta[document.MetaSubject]
	if kind == "" || !slices.ContainsFunc(report.Numbers, func(n verify.Number) bool { return n.Ref.Op == document.OpCount }) {
		return nil, nil
	}
	h, err := r.OpenHistory(ctx)
	var coded *Error
	if errors.As(err, &coded) && coded.Code == ExitUsage {
		return nil, nil // its release is gone: what an edition kept counts
	}
	if err != nil {
		return nil, err
	}
	defer h.Close()
	desk, err := r.openDeskOf(ctx, h, kind, subject, report.Release())
	if err != nil || desk == nil {
		return nil, err
	}
	documents, err := reports.Documents(desk.Order)
	if err != nil {
		return nil, err
	}
	facts := &verify.Facts{Counts: map[string]verify.Fact{}}
	for name, count := range countsOf(documents) {
		facts.Counts[name] = verify.Fact{Value: &count}
	}
	return &verify.Source{Name: "the report, written again from release " + desk.Release.ID, Know: func(context.Context, verify.Needs) (*verify.Facts, error) { return facts, nil }}, nil
}

func readReport(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usagef("verifying %s: %v", path, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxReport+1))
	if err != nil {
		return nil, fmt.Errorf("verifying %s: %w", path, err)
	}
	if len(content) > maxReport {
		return nil, usagef("verifying %s: it is larger than any report", path)
	}
	return content, nil
}

// releaseSources opens the releases that a report names. Where none can be opened, because their
// DuckDB files are gone, there are none: an edition may have kept what it needs.
func (r *Runner) releaseSources(ctx context.Context, report *verify.Report) ([]verify.Source, *History, error) {
	named := report.Releases()
	h, err := r.openSome(ctx, func(all []warehouse.Release) []warehouse.Release {
		return slices.DeleteFunc(all, func(one warehouse.Release) bool { return !slices.Contains(named, one.ID) })
	})
	var coded *Error
	switch {
	case errors.As(err, &coded) && coded.Code == ExitUsage:
		return nil, &History{}, nil
	case err != nil:
		return nil, nil, err
	}
	sources := sourcesOf(h)
	return slices.DeleteFunc(sources, func(s verify.Source) bool { return !slices.Contains(named, s.Release) }), h, nil
}

// otherRelease finds out whether the release of that name here is another than the report's.
func (r *Runner) otherRelease(report *verify.Report) (*verify.Finding, error) {
	list, err := r.Releases.List()
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		if m := one.Manifest; one.ID == report.Release() {
			return report.Checks(verify.Stamp{ID: one.ID, Content: m.ContentHash, Log: fmt.Sprintf("%d %s", m.LogHead, m.LogHash)}), nil
		}
	}
	return nil, nil
}

// editionOf finds the edition that a file belongs to: the one whose folder it lies in, that has a file
// of its content, or the newest about the same that was made from the same release. nil: none.
func (r *Runner) editionOf(path string, content []byte, report *verify.Report) (found *editions.Edition, err error) {
	book := r.Editions()
	all, err := book.List()
	if err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if within(book, e, absolute) {
			return e, nil
		}
	}
	kind, subject := report.Meta[document.MetaKind], report.Meta[document.MetaSubject]
	for _, e := range all {
		if e.Has(content) {
			return e, nil
		}
		// A file that does not say what it is about may be of any report of its release.
		if e.Release.ID == report.Release() && (kind == "" || kind == e.Kind && subject == e.Subject) {
			found = e
		}
	}
	return found, nil
}

func within(book *editions.Book, e *editions.Edition, absolute string) bool {
	folder, err := filepath.Abs(book.Path(e, ""))
	return err == nil && filepath.Dir(absolute) == folder
}

// keptBy is what an edition kept, as a source, unless it is not what it kept any more; and whether a
// file in its folder is another than the one that was drafted, be it in its words alone.
func (r *Runner) keptBy(e *editions.Edition, path string, content []byte) (sources []verify.Source, found []verify.Finding, err error) {
	book := r.Editions()
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, nil, err
	}
	if within(book, e, absolute) && !e.Has(content) {
		found = append(found, verify.Finding{Kind: verify.ChangedFile, Place: filepath.Base(path), Why: "it is not the file that edition " + e.ID + " was drafted with; restore it from a backup"})
	}
	facts, err := os.ReadFile(book.Path(e, editions.FiguresFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	if !slices.ContainsFunc(e.Kept, func(f editions.File) bool { return f.Name == editions.FiguresFile && f.SHA256 == hashed(facts) }) {
		return nil, append(found, verify.Finding{Kind: verify.ChangedFile, Place: editions.FiguresFile,
			Why: "it is not what edition " + e.ID + " kept when it was drafted; restore it from a backup"}), nil
	}
	kept, err := verify.Kept("edition "+e.ID, facts)
	return []verify.Source{kept}, found, err
}
