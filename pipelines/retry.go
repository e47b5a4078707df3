package pipelines

import (
	"context"
	"errors"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// Retry does once more what a run did: the same feeds and window, or the same command.
func (r *Runner) Retry(ctx context.Context, id string) (*RunReport, error) {
	l, err := r.OpenLedger()
	if err != nil {
		return nil, err
	}
	run, feeds, _, err := l.Run(id)
	if errors.Is(err, ledger.ErrNoRun) {
		return nil, failure(ExitUsage, err)
	}
	if err != nil {
		return nil, err
	}
	r.Occasion = Occasion{Trigger: ledger.Retry, Job: run.Job, Due: run.Due, Attempt: run.Attempt + 1, RetryOf: run.ID}
	switch run.Command {
	case "run", "backfill":
		o := RunOptions{Window: Window{run.WindowFrom, run.WindowTo}, NoBuild: run.Job != ""}
		for _, f := range feeds {
			o.Feeds = append(o.Feeds, f.Feed)
		}
		if run.Job != "" {
			o.Feeds = []string{run.Job}
		}
		return r.Run(ctx, o)
	case "build":
		return r.BuildIfBehind(ctx)
	case "report":
		_, report, err := r.Report(ctx, ReportRequest{})
		return report, err
	}
	return nil, usagef("run %s was lindung %s; give that command again", id, run.Command)
}
