package pipelines

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/reports"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/editions"
	"github.com/kp2mi/lindung/reports/verify"
	"github.com/kp2mi/lindung/warehouse"
)

// EditionsFolder is where the editions of reports lie, in the data folder.
const EditionsFolder = "editions"

// Editions is the book of the project's reports.
func (r *Runner) Editions() *editions.Book {
	return editions.Open(filepath.Join(r.Project.DataDir, EditionsFolder))
}

// A ReportDraft is a report as its writer hands it over, to become an edition.
type ReportDraft struct {
	Kind    string // monthly, yearly, …; a subject that begins with a month binds the month when it is approved
	Subject string
	Title   figures.Text
	Release document.Release // whose figures it prints
	Newest  string           // the newest release that it knows of: of a frozen month a later one
	Files   map[string][]byte
	Counts  map[string]float64 // numbers of the report that no release holds, by their names
}

// DraftReport writes a report and keeps it as a draft. Where PDF files were asked for and there is no
// browser, the draft is kept without them and the error says so.
func (r *Runner) DraftReport(ctx context.Context, h *History, q ReportRequest, by editions.Person) (*editions.Edition, error) {
	desk, err := r.openDesk(ctx, h, q)
	if err != nil {
		return nil, err
	}
	if len(desk.subjects) != 1 {
		return nil, usagef("a draft is one report; name the one with --about")
	}
	desk.Subject = desk.subjects[0]
	documents, err := reports.Documents(desk.Order)
	if err != nil {
		return nil, err
	}
	subject := desk.Subject.String()
	files, missing := reports.Files(ctx, desk.Order, subject, documents)
	if missing != nil && !errors.Is(missing, reports.ErrNoBrowser) {
		return nil, missing
	}
	d := ReportDraft{Counts: countsOf(documents), Kind: desk.Report.Name, Subject: subject, Newest: desk.newest, Release: desk.Release, Files: files}
	d.Title.ID, d.Title.EN = reports.Title(documents)
	e, err := r.Draft(ctx, h, d, by)
	if err == nil && missing != nil {
		err = &Error{Code: ExitMissingHelper, Message: "kept without PDF files: " + missing.Error()}
	}
	return e, err
}

// countsOf are the numbers of a report that are counts and not figures, by their names.
func countsOf(documents []*document.Document) map[string]float64 {
	counts := map[string]float64{}
	for _, d := range documents {
		for _, section := range d.Sections {
			for _, block := range section.Blocks {
				document.EachNumber(block, func(n document.Number) {
					if n.Ref.Op == document.OpCount && n.Value != nil {
						counts[n.Ref.Figure] = *n.Value
					}
				})
			}
		}
	}
	return counts
}

// Draft keeps a report as the next edition of its subject, with the figures that it prints and with
// what changed since the approved edition before. A report that is not what its release computes is
// refused: nobody should review it.
func (r *Runner) Draft(ctx context.Context, h *History, d ReportDraft, by editions.Person) (*editions.Edition, error) {
	facts, err := keepFacts(ctx, h, d)
	if err != nil {
		return nil, fmt.Errorf("drafting the report %s %s: %w", d.Kind, d.Subject, err)
	}
	p := editions.Proposal{Kind: d.Kind, Subject: d.Subject, Title: d.Title, Files: d.Files,
		Release: editions.Release{ID: d.Release.ID, Content: d.Release.Hash, AsOf: d.Release.AsOf, LogHead: d.Release.LogHead, LogHash: d.Release.LogHash, Newest: d.Newest}}
	if p.Figures, err = facts.MarshalIndent(); err != nil {
		return nil, err
	}
	release, err := h.Release(d.Release.ID)
	if err != nil {
		return nil, err
	}
	p.Sample = release.Sample()
	book := r.Editions()
	last, err := book.LastApproved(d.Kind, d.Subject)
	if err != nil {
		return nil, err
	}
	if last != nil {
		p.After = last.ID
		if p.Revisions, err = revisionsSince(ctx, h, book, last, d, facts); err != nil {
			return nil, fmt.Errorf("comparing with edition %s: %w", last.ID, err)
		}
	}
	e, err := book.Draft(p, by, r.Now)
	return e, editionProblem(err)
}

// keepFacts gathers what the files of a draft print, and makes sure that they print it.
func keepFacts(ctx context.Context, h *History, d ReportDraft) (*verify.Facts, error) {
	all := &verify.Facts{Figures: map[string]verify.Fact{}, Targets: map[string]verify.Fact{}, Counts: map[string]verify.Fact{}}
	sources := sourcesOf(h)
	for _, name := range slices.Sorted(maps.Keys(d.Files)) {
		if !verify.Verifiable(name) {
			continue // printed from one that is
		}
		report, err := verify.Read(name, d.Files[name])
		if err != nil {
			return nil, err
		}
		facts, err := report.Keep(ctx, d.Counts, sources...)
		if err != nil {
			return nil, gatef("%s: %v", name, err)
		}
		maps.Copy(all.Figures, facts.Figures)
		maps.Copy(all.Targets, facts.Targets)
		maps.Copy(all.Counts, facts.Counts)
		kept := verify.Source{Name: "the draft", Know: func(context.Context, verify.Needs) (*verify.Facts, error) { return all, nil }}
		result, err := report.Verify(ctx, name, append(slices.Clone(sources), kept)...)
		if err != nil {
			return nil, err
		}
		if !result.Identical {
			return nil, gatef("%s is not what its release computes; first of %d findings: %s", name, len(result.Findings), result.Findings[0])
		}
	}
	if len(all.Figures) == 0 {
		return nil, usagef("none of its files can be read back")
	}
	return all, nil
}

func sourcesOf(h *History) (all []verify.Source) {
	for _, release := range h.History {
		all = append(all, verify.OfRelease(release))
	}
	return all
}

// revisionsSince lists what of the figures that either edition prints has changed, by the newest
// releases that the two know of.
func revisionsSince(ctx context.Context, h *History, book *editions.Book, last *editions.Edition, d ReportDraft, facts *verify.Facts) (list []figures.Restatement, err error) {
	if last.Release.Newest == d.Newest {
		return nil, nil
	}
	content, err := os.ReadFile(book.Path(last, editions.FiguresFile))
	if err != nil {
		return nil, err
	}
	var before verify.Facts
	if err := json.Unmarshal(content, &before); err != nil {
		return nil, err
	}
	printed := map[figures.Address]bool{}
	for _, kept := range []map[string]verify.Fact{before.Figures, facts.Figures} {
		for text := range kept {
			if a, err := figures.ParseAddress(text); err == nil {
				a.Release = ""
				printed[a] = true
			}
		}
	}
	older, err := h.Release(last.Release.Newest)
	if err != nil {
		return nil, err
	}
	newer, err := h.Release(d.Newest)
	if err != nil {
		return nil, err
	}
	changed, err := figures.Restatements(ctx, older, newer, true)
	if err != nil {
		return nil, err
	}
	for _, c := range changed.List {
		if printed[c.Address] {
			list = append(list, c)
		}
	}
	return list, nil
}

// NoteEdition keeps a unit's note on a draft.
func (r *Runner) NoteEdition(id, unit, file string, content []byte, by editions.Person) (*editions.Edition, error) {
	e, err := r.Editions().AddNote(id, unit, file, content, by, r.Now)
	return e, editionProblem(err)
}

// Approve records the approval of an edition by a second person. It needs no key of the project: who
// approves may have no other permission than to write to the editions. The month that the edition is
// about is frozen by FreezeApproved, or else by the next command that works on the project.
func (r *Runner) Approve(id string, by editions.Person) (*editions.Edition, error) {
	book := r.Editions()
	e, err := book.Get(id)
	if err != nil {
		return nil, editionProblem(err)
	}
	if month, about := monthOf(e.Subject); about {
		if err := r.mayBind(month, e); err != nil {
			return nil, err
		}
	}
	e, err = book.Approve(id, by, r.Now)
	return e, editionProblem(err)
}

// mayBind refuses an edition of a month that is frozen in another release, or not over.
func (r *Runner) mayBind(month time.Time, e *editions.Edition) error {
	frozen, err := r.FrozenMonth(month)
	switch {
	case err != nil:
		return err
	case frozen != nil && frozen.Release != e.Release.ID:
		return gatef("edition %s prints figures of release %s, and %s is frozen in release %s: draft it again", e.ID, e.Release.ID, frozen.Month, frozen.Release)
	case frozen != nil:
		return nil
	}
	release, err := r.Releases.Get(e.Release.ID)
	if err != nil {
		return err
	}
	return r.monthIsOver(month, release)
}

// FreezeApproved freezes the month that an approved edition is about, in the edition's release: what
// was printed of it stays what the program answers. It gives how the month is frozen; nil for an
// edition of no month.
func (r *Runner) FreezeApproved(ctx context.Context, e *editions.Edition) (f *warehouse.Frozen, err error) {
	month, about := monthOf(e.Subject)
	if !about {
		return nil, nil
	}
	if f, err = r.FrozenMonth(month); f != nil || err != nil {
		return f, err
	}
	// Whoever begins to work freezes what was approved since.
	if _, err = r.record(ctx, ledger.Run{Command: "freeze"}, func(context.Context, *RunReport) error { return r.alone(r.freezeApproved) }); err != nil {
		return nil, err
	}
	return r.FrozenMonth(month)
}

// freezeApproved freezes the months of all approved editions that are not frozen yet. Whoever calls it
// works alone.
func (r *Runner) freezeApproved() error {
	all, err := r.Editions().List()
	if err != nil {
		return err
	}
	for _, e := range all {
		month, about := monthOf(e.Subject)
		if !about || e.State != editions.Approved {
			continue
		}
		frozen, err := r.FrozenMonth(month)
		if err != nil {
			return err
		}
		if frozen != nil {
			continue
		}
		release, err := r.Releases.Get(e.Release.ID)
		if err != nil {
			return err
		}
		if _, err := r.freezeIn(release, month, e.ID); err != nil {
			return err
		}
		r.log().Info("month frozen", "step", "freeze", "month", month.Format("2006-01"), "release", release.ID, "edition", e.ID)
	}
	return nil
}

// monthOf is the month that a subject is about: 2025-12, or 2025-12-33 for a part of the country.
func monthOf(subject string) (month time.Time, about bool) {
	if len(subject) < len("2006-01") || len(subject) > len("2006-01") && subject[len("2006-01")] != '-' {
		return month, false
	}
	month, err := time.Parse("2006-01", subject[:len("2006-01")])
	return month, err == nil
}

// editionProblem gives what the rules of publication forbid the code of a gate, and an edition that
// there is not that of a wrong command.
func editionProblem(err error) error {
	switch {
	case errors.Is(err, editions.ErrRefused):
		return failure(ExitGate, err)
	case errors.Is(err, editions.ErrUnknown):
		return failure(ExitUsage, err)
	}
	return err
}

func hashed(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
