package pipelines

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/reports"
	"github.com/kp2mi/lindung/reports/content"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/warehouse"
)

// MonthlyReport is the kind of report that is written where none is named.
const MonthlyReport = "monthly"

// ReportKindsFolder is where a project keeps its own kinds of reports.
const ReportKindsFolder = "report_kinds"

// A ReportRequest says which reports to write.
type ReportRequest struct {
	Kind    string    `json:"kind,omitempty"`    // monthly where empty
	Month   time.Time `json:"month,omitzero"`    // the release's where zero; of a kind by the year any month of it
	About   string    `json:"about,omitempty"`   // of a kind about a province, a country or a partner: its code; all: one report for each
	Formats []string  `json:"formats,omitempty"` // a page where empty
	Folder  string    `json:"folder,omitempty"`  // the project's folder of reports where empty
	File    string    `json:"file,omitempty"`    // instead of a folder, where one file is asked for
}

// A desk is where reports of one kind are written from: the figures, and what the reports are about.
type desk struct {
	reports.Order
	subjects []content.Subject
	newest   string // the newest release that is known
}

// ReportKinds are the kinds of reports of a project by name, its own among them.
func ReportKinds(p *configs.Project) (map[string]configs.Report, error) {
	var own fs.FS
	dir := filepath.Join(p.Dir, ReportKindsFolder)
	if _, err := os.Stat(dir); err == nil {
		own = os.DirFS(dir)
	}
	return content.Reports(own)
}

// openDesk reads what a request's reports are written from: the release whose figures count for the month.
func (r *Runner) openDesk(ctx context.Context, h *History, q ReportRequest) (*desk, error) {
	if q.Month.IsZero() {
		q.Month = h.Current.ReportMonth
	}
	release, newest, err := r.ReleaseFor(h, q.Month)
	if err != nil {
		return nil, err
	}
	return r.deskOn(ctx, h, q, release, newest)
}

// openDeskOf reads what a report was written from that names its release; nil where that is not whole any more.
func (r *Runner) openDeskOf(ctx context.Context, h *History, kind, subject, id string) (*desk, error) {
	release, err := h.Release(id)
	if err != nil || !release.Whole() {
		return nil, nil // it is another project's, or was pruned
	}
	period, about, _ := cutSubject(subject)
	q := ReportRequest{Kind: kind, Month: period, About: about}
	var newest *figures.Release
	if frozen, later, err := r.ReleaseFor(h, period); err == nil && frozen == release {
		newest = later
	}
	d, err := r.deskOn(ctx, h, q, release, newest)
	var coded *Error
	switch {
	case errors.As(err, &coded) && coded.Code == ExitUsage:
		return nil, nil // this project has no such kind of report
	case err != nil || len(d.subjects) != 1:
		return nil, err
	}
	d.Subject = d.subjects[0]
	return d, nil
}

// cutSubject reads 2025-12, 2025-12-33 and 2025.
func cutSubject(subject string) (month time.Time, about string, ok bool) {
	for _, layout := range []string{"2006-01", "2006"} {
		if len(subject) < len(layout) {
			continue
		}
		if at, err := time.Parse(layout, subject[:len(layout)]); err == nil {
			return at, strings.TrimPrefix(subject[len(layout):], "-"), true
		}
	}
	return time.Time{}, "", false
}

func (r *Runner) deskOn(ctx context.Context, h *History, q ReportRequest, release, newest *figures.Release) (*desk, error) {
	kinds, err := ReportKinds(r.Project)
	if err != nil {
		return nil, err
	}
	if q.Kind == "" {
		q.Kind = MonthlyReport
	}
	kind, known := kinds[q.Kind]
	if !known {
		return nil, usagef("there is no report %q; there are %s", q.Kind, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
	}
	d := &desk{Order: reports.Order{Report: kind, Formats: q.Formats, Browser: r.Project.Reports.Browser}, newest: h.Current.ID}
	if d.subjects, err = subjectsOf(ctx, release, kind, reportPeriod(kind, q.Month), q.About); err != nil {
		return nil, err
	}
	if d.Release, err = r.documentRelease(release.ID); err != nil {
		return nil, err
	}
	d.Book, err = content.OpenBookOn(ctx, release, h.Before(release), newest, content.ReachOf([]configs.Report{kind}, d.subjects...))
	return d, err
}

// reportPeriod is the period of a report that a month lies in.
func reportPeriod(kind configs.Report, month time.Time) figures.Period {
	if kind.Period == "year" {
		start := time.Date(month.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		return figures.Period{Type: "year", Start: start, End: start.AddDate(1, 0, 0)}
	}
	start := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC)
	return figures.Period{Type: "month", Start: start, End: start.AddDate(0, 1, 0)}
}

func subjectsOf(ctx context.Context, release *figures.Release, kind configs.Report, period figures.Period, about string) ([]content.Subject, error) {
	all, err := content.Subjects(ctx, release, kind, period)
	if err != nil {
		return nil, err
	}
	switch {
	case kind.Per == "" && about != "":
		return nil, usagef("the report %s is about the whole country; leave --about out", kind.Name)
	case kind.Per == "" || about == "all":
		return all, nil
	}
	var codes []string
	for _, s := range all {
		if s.Member == about {
			return []content.Subject{s}, nil
		}
		codes = append(codes, s.Member)
	}
	if about == "" {
		return nil, usagef("the report %s is about one %s; name it with --about, or all: %s", kind.Name, kind.Per, strings.Join(codes, ", "))
	}
	return nil, usagef("the report %s knows no %s %q; there are %s", kind.Name, kind.Per, about, strings.Join(codes, ", "))
}

// WriteReports writes reports and gives their files. A reader never finds half a file. Where PDF
// files were asked for and there is no browser, the others are written and the error says so.
func (r *Runner) WriteReports(ctx context.Context, h *History, q ReportRequest) (paths []string, err error) {
	if len(q.Formats) == 0 {
		q.Formats = []string{"html"}
	}
	d, err := r.openDesk(ctx, h, q)
	if err != nil {
		return nil, err
	}
	folder := q.Folder
	if folder == "" {
		folder = inProject(r.Project, r.Project.Serve.Reports)
	}
	var missing error
	for _, subject := range d.subjects {
		order := d.Order
		order.Subject = subject
		documents, err := reports.Documents(order)
		if err != nil {
			return paths, err
		}
		files, err := reports.Files(ctx, order, fmt.Sprintf("%s-%s-%s", order.Report.Name, subject, d.Release.ID), documents)
		if errors.Is(err, reports.ErrNoBrowser) {
			missing, err = &Error{Code: ExitMissingHelper, Message: "PDF files were not written: " + err.Error()}, nil
		}
		if err != nil {
			return paths, err
		}
		written, err := putReports(folder, q.File, files)
		paths = append(paths, written...)
		if err != nil {
			return paths, err
		}
	}
	return paths, missing
}

// putReports writes the files of one report.
func putReports(folder, file string, files map[string][]byte) (paths []string, err error) {
	if file != "" && len(files) != 1 {
		return nil, usagef("%d files make up this report; give a --folder for them, or one format", len(files))
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if file != "" {
			path = file
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return paths, fmt.Errorf("making the report's folder: %w", err)
		}
		tmp := path + ".tmp"
		if err := os.WriteFile(tmp, files[name], 0o644); err != nil {
			return paths, fmt.Errorf("writing the report: %w", err)
		}
		if err := os.Rename(tmp, path); err != nil {
			return paths, fmt.Errorf("writing the report: %w", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// documentRelease is a release as documents name it.
func (r *Runner) documentRelease(id string) (document.Release, error) {
	one, err := r.Releases.Get(id)
	if err != nil {
		return document.Release{}, err
	}
	m := one.Manifest
	return document.Release{ID: id, AsOf: m.AsOf, LogHead: m.LogHead, LogHash: m.LogHash, Hash: m.ContentHash, CodeHash: m.ModelsHash, Program: m.CodeVersion}, nil
}

// A ReportJob is what a child does to write reports. It reads a release with DuckDB, which no
// process that lives for long should do itself.
type ReportJob struct {
	Dir     string        `json:"dir"`
	Config  string        `json:"config,omitempty"`
	Request ReportRequest `json:"request"`
}

// A ReportResult is the files that were written.
type ReportResult struct {
	Paths []string `json:"paths"`
}

// Report writes reports in a child.
func (r *Runner) Report(ctx context.Context, q ReportRequest) (paths []string, report *RunReport, err error) {
	report, err = r.record(ctx, ledger.Run{Command: "report"}, func(ctx context.Context, report *RunReport) error {
		var result ReportResult
		_, err := r.Worker.call(ctx, "report", int64(r.Project.Build.Memory), r.tmpRoot(), ReportJob{Dir: r.Project.Dir, Config: r.Config, Request: q}, &result, r.watch())
		paths = result.Paths
		return err
	})
	return paths, report, err
}

func runReportJob(ctx context.Context, job ReportJob) (*ReportResult, error) {
	project, err := loadFrom(job.Dir, job.Config)
	if err != nil {
		return nil, err
	}
	releases, err := warehouse.OpenReleases(ReleasesDir(project))
	if err != nil {
		return nil, err
	}
	r := &Runner{Project: project, Releases: releases}
	h, err := r.OpenHistory(ctx)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	paths, err := r.WriteReports(ctx, h, job.Request)
	return &ReportResult{Paths: paths}, err
}
