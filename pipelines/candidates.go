package pipelines

import (
	"context"
	"path/filepath"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/warehouse"
)

// Candidates are the project's builds that were made to be compared and never published.
func (r *Runner) Candidates() *warehouse.Candidates {
	return warehouse.OpenCandidates(filepath.Join(r.Project.DataDir, "candidates"))
}

// BuildCandidate builds what Build would publish, with the same checks and out of the same
// lake, and keeps it under a name beside the releases: no reader sees it.
func (r *Runner) BuildCandidate(ctx context.Context, name string, month time.Time) (*BuildReport, error) {
	if err := warehouse.CheckCandidateName(name); err != nil {
		return nil, failure(ExitUsage, err)
	}
	report, err := r.record(ctx, ledger.Run{Command: "build --candidate"}, func(ctx context.Context, report *RunReport) error {
		job := BuildJob{ReleaseID: name}
		current, err := r.Releases.Current()
		if err != nil {
			return err
		}
		if current != nil {
			job.Base = current.ID
		}
		report.Build, err = r.assemble(ctx, job, month, report.RunID, func(out string, m *warehouse.Manifest) error {
			return r.alone(func() error { return r.Candidates().Keep(out, m) })
		})
		if err == nil {
			report.Build.Candidate, report.Build.Base = name, job.Base
		}
		return err
	})
	if report == nil {
		return nil, err
	}
	return report.Build, err
}

// DropCandidate removes a candidate.
func (r *Runner) DropCandidate(name string) error {
	unlock, err := r.prepare("build --candidate --drop")
	if err != nil {
		return err
	}
	defer unlock()
	return r.alone(func() error {
		if err := r.Candidates().Drop(name); err != nil {
			return failure(ExitUsage, err)
		}
		return nil
	})
}
