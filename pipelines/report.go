package pipelines

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/reports"
	"github.com/kp2mi/lindung/warehouse"
)

// WriteReport writes a month's report in one go, into a file or, where that is empty, into the
// folder of reports: a reader never finds half a page. It gives the file.
func (r *Runner) WriteReport(ctx context.Context, h *History, month time.Time, path string) (string, error) {
	if month.IsZero() {
		month = h.Current.ReportMonth
	}
	release, newest, err := r.ReleaseFor(h, month)
	if err != nil {
		return "", err
	}
	var page bytes.Buffer
	if err := reports.WriteMonth(ctx, &page, release, h.Before(release), newest, month); err != nil {
		return "", err
	}
	if path == "" {
		path = filepath.Join(r.reportsDir(), fmt.Sprintf("%s-%s.html", month.Format("2006-01"), h.Current.ID))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", fmt.Errorf("making the report's folder: %w", err)
	}
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, page.Bytes(), 0o644); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}
	return path, os.Rename(tmp, path)
}

func (r *Runner) reportsDir() string { return inProject(r.Project, r.Project.Serve.Reports) }

// A ReportJob is what a child does to write a report. It reads a release with DuckDB, which no
// process that lives for long should do itself.
type ReportJob struct {
	Dir    string    `json:"dir"`
	Config string    `json:"config,omitempty"`
	Month  time.Time `json:"month,omitzero"`
}

// A ReportResult is the file that a report was written to.
type ReportResult struct {
	Path string `json:"path"`
}

// Report writes the report of a month, of the release's where it is zero, in a child.
func (r *Runner) Report(ctx context.Context, month time.Time) (path string, report *RunReport, err error) {
	report, err = r.record(ctx, ledger.Run{Command: "report"}, func(ctx context.Context, report *RunReport) error {
		var result ReportResult
		_, err := r.Worker.call(ctx, "report", int64(r.Project.Build.Memory), r.tmpRoot(), ReportJob{Dir: r.Project.Dir, Config: r.Config, Month: month}, &result, r.watch())
		path = result.Path
		return err
	})
	return path, report, err
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
	path, err := r.WriteReport(ctx, h, job.Month, "")
	return &ReportResult{Path: path}, err
}
