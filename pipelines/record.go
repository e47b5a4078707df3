package pipelines

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// record does a run's work alone in the project, and writes into the ledger what became of it:
// first that it begins, so that one that is killed is seen, at last how it ended.
func (r *Runner) record(ctx context.Context, run ledger.Run, work func(ctx context.Context, report *RunReport) error) (*RunReport, error) {
	if err := r.roomToWork(run.Command); err != nil {
		return nil, err
	}
	report := &RunReport{KnownAt: r.Now.UTC()}
	defer func() { report.Lineage = r.endLineage() }() // after the unlocking: nobody waits for those who listen
	unlock, err := r.prepare(run.Command)
	if err != nil {
		return nil, r.fullDisk(err)
	}
	defer unlock()
	run, err = r.beginRun(run)
	if err != nil {
		return nil, r.fullDisk(err)
	}
	report.RunID = run.ID
	r.lineage = r.beginLineage(run)
	defer r.logRun(run.ID, run.Command)()
	began := time.Now()
	inner, done := r.hold.running(ctx, run.ID)
	err = work(inner, report)
	switch {
	case err == nil:
	case inner.Err() != nil:
		err = r.endedBy(run.ID, err, context.Cause(inner))
	default:
		// Whoever took over sweeps what this run made: what it trips over then is not the cause.
		if lost := r.hold.lease.Check(); errors.Is(lost, ledger.ErrLost) {
			err = r.lost(lost)
		}
	}
	done()
	report.Seconds = time.Since(began).Seconds()
	return report, r.fullDisk(errors.Join(err, r.endRun(run, report, err)))
}

// endedBy words why a run ended that nobody at its terminal stopped.
func (r *Runner) endedBy(id string, err, cause error) error {
	var coded *Error
	switch {
	case errors.Is(cause, errCancelled):
		return &Error{Code: ExitInterrupted, cause: cause, Message: fmt.Sprintf("run %s: %s; nothing half-done was kept", id, cause)}
	case errors.Is(cause, ledger.ErrLost):
		return r.lost(cause)
	case errors.As(cause, &coded):
		return coded
	}
	return err
}

func (r *Runner) beginRun(run ledger.Run) (ledger.Run, error) {
	run.ID = r.runID()
	run.Trigger = cmp.Or(r.Occasion.Trigger, ledger.Manual)
	run.Job, run.Due, run.Attempt, run.RetryOf = r.Occasion.Job, r.Occasion.Due, r.Occasion.Attempt, r.Occasion.RetryOf
	run.Started, run.KnownAt = r.wall(), r.Now
	run.PID, run.Fence = os.Getpid(), r.hold.lease.Fence()
	run.Code, run.ConfigHash = r.Code, r.Project.Hash
	return r.Ledger.Begin(run)
}

func (r *Runner) endRun(run ledger.Run, report *RunReport, err error) error {
	run.State, run.ExitCode, run.Ended = endState(run.Command, report, err), ExitCode(err), r.wall()
	if err != nil {
		run.Error = err.Error()
	}
	for _, f := range report.Feeds {
		run.PeakMemory = max(run.PeakMemory, f.PeakMemory)
	}
	var steps []ledger.Step
	if b := report.Build; b != nil {
		run.PeakMemory, run.Release = max(run.PeakMemory, b.PeakMemory), b.Release
		steps = ledgerSteps(run.ID, "", b.Steps)
	}
	r.log().Log(context.Background(), runLevel(run.State), "run ended", because(run.Error, "step", "end", "state", run.State, "seconds", report.Seconds, "exit_code", run.ExitCode)...)
	r.lineage.runEnded(run)
	return r.Ledger.End(run, steps)
}

// brings says that a command brings data or builds: it writes much.
func brings(command string) bool {
	return slices.Contains([]string{"run", "backfill", "replay", "renormalise", "build"}, command)
}

// endState says in the ledger's words how a run ended.
func endState(command string, report *RunReport, err error) string {
	switch {
	case err == nil && brings(command) && !report.Committed() && (report.Build == nil || !report.Build.Published):
		return ledger.NothingNew
	case err == nil:
		return ledger.Succeeded
	}
	switch ExitCode(err) {
	case ExitInterrupted:
		return ledger.Cancelled
	case ExitGate:
		return ledger.Withheld
	case ExitUnavailable:
		return ledger.Unavailable
	}
	return ledger.Failed
}

func (r *Runner) recordFeed(runID string, f *configs.Feed, fr *FeedReport) error {
	row := ledger.Feed{RunID: runID, Feed: f.Name, Source: f.Source.Name, Dataset: f.Dataset, Outcome: fr.Outcome, CommitNo: fr.CommitNo,
		Objects: fr.Objects, Redelivered: fr.Redelivered, Bytes: fr.Bytes, Retries: fr.Retries, Records: fr.Records, Accepted: fr.Accepted, Quarantined: fr.Quarantined,
		Tombstones: fr.Tombstones, Codes: fr.Codes, PeakMemory: fr.PeakMemory, ExitCode: fr.ExitCode, Error: fr.Error, Ended: r.wall()}
	for _, s := range fr.Steps {
		row.Seconds += s.Seconds
	}
	r.tellFeed(f, row)
	return r.Ledger.FeedEnded(row, ledgerSteps(runID, f.Name, fr.Steps))
}

func ledgerSteps(runID, feed string, steps []Step) []ledger.Step {
	var all []ledger.Step
	for i, s := range steps {
		all = append(all, ledger.Step{RunID: runID, Feed: feed, No: i + 1, Step: s.Name, Seconds: s.Seconds})
	}
	return all
}
