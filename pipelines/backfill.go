package pipelines

import (
	"context"
	"errors"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// BackfillOptions choose what Backfill does.
type BackfillOptions struct {
	Feed    string
	Window  Window
	Chunk   string // day, week, month, quarter, year; empty: all at once
	DryRun  bool   // only tell the pieces
	NoBuild bool
}

// A BackfillReport is what became of a backfill.
type BackfillReport struct {
	ledger.Backfill
	Resumed bool         `json:"resumed"` // an earlier command had begun it
	DryRun  bool         `json:"dry_run,omitempty"`
	Runs    []*RunReport `json:"runs,omitempty"` // of this command
	Build   *BuildReport `json:"build,omitempty"`
}

// Backfill pulls a range of a feed again, piece by piece, each a run of its own. It goes on
// where an earlier command for the same range stopped, and stops at the first piece that fails
// however often it is tried.
func (r *Runner) Backfill(ctx context.Context, o BackfillOptions) (*BackfillReport, error) {
	feed, err := findFeed(r.Project, o.Feed)
	if err != nil {
		return nil, err
	}
	if err := checkWindow([]*configs.Feed{feed}, o.Window); err != nil {
		return nil, err
	}
	pieces, err := o.Window.cut(o.Chunk, r.Project.TimeZone)
	if err != nil {
		return nil, err
	}
	b := ledger.Backfill{Feed: o.Feed, Chunk: o.Chunk, From: o.Window.From, To: o.Window.To, Begun: r.wall()}
	for i, w := range pieces {
		b.Chunks = append(b.Chunks, ledger.Chunk{No: i + 1, From: w.From, To: w.To, State: ledger.Waiting})
	}
	l, err := r.OpenLedger()
	if err != nil {
		return nil, err
	}
	report := &BackfillReport{Backfill: b, DryRun: o.DryRun}
	begun, err := l.UnfinishedBackfill(b)
	if err != nil {
		return nil, err
	}
	if begun != nil {
		report.Backfill, report.Resumed = *begun, true
	}
	if o.DryRun {
		return report, nil
	}
	if begun == nil {
		if report.Backfill, err = l.BeginBackfill(b); err != nil {
			return nil, err
		}
	}
	return report, r.fill(ctx, l, feed, report, o.NoBuild)
}

// fill does the pieces that wait, and builds at the end.
func (r *Runner) fill(ctx context.Context, l *ledger.Ledger, feed *configs.Feed, report *BackfillReport, noBuild bool) error {
	for i := range report.Chunks {
		c := &report.Chunks[i]
		if c.State == ledger.Done {
			continue
		}
		r.event(Event{Feed: feed.Name, Step: "backfill", Object: c.From.In(r.Project.TimeZone).Format(time.DateOnly), Done: int64(i), Total: int64(len(report.Chunks))})
		if err := r.fillPiece(ctx, l, feed, report, c); err != nil {
			return err
		}
	}
	report.Ended = r.wall()
	if noBuild {
		return nil
	}
	run, err := r.BuildIfBehind(ctx)
	if run != nil {
		report.Build = run.Build
	}
	return err
}

// fillPiece tries one piece, again while its source is away.
func (r *Runner) fillPiece(ctx context.Context, l *ledger.Ledger, feed *configs.Feed, report *BackfillReport, c *ledger.Chunk) error {
	retries, wait := 2, 30*time.Second
	if s := feed.Times(); s != nil {
		retries, wait = s.Retries, s.Backoff
	}
	for try := 1; ; try++ {
		r.Occasion = Occasion{Attempt: try, RetryOf: c.RunID}
		run, err := r.Run(ctx, RunOptions{Feeds: []string{feed.Name}, Window: Window{c.From, c.To}, NoBuild: true})
		if run == nil {
			return err
		}
		report.Runs = append(report.Runs, run)
		c.RunID, c.Outcome = run.RunID, endState("backfill", run, err)
		if err == nil {
			c.State = ledger.Done
		}
		for _, f := range run.Feeds {
			c.Records, c.Accepted, c.Quarantined = f.Records, f.Accepted, f.Quarantined
		}
		if err2 := l.ChunkTried(report.ID, *c, r.wall()); err2 != nil {
			return errors.Join(err, err2)
		}
		if err == nil || ExitCode(err) != ExitUnavailable || try > retries {
			return err
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, longestBackoff)
	}
}

// chunks say by how much each piece moves on.
var chunks = map[string]struct{ months, days int }{
	"day": {0, 1}, "week": {0, 7}, "month": {1, 0}, "quarter": {3, 0}, "year": {12, 0},
}

// cut cuts a window into pieces that begin with the days, weeks (on Mondays), months … of a zone,
// the first and the last as the window has them.
func (w Window) cut(chunk string, zone *time.Location) ([]Window, error) {
	if chunk == "" {
		return []Window{w}, nil
	}
	step, ok := chunks[chunk]
	if !ok {
		return nil, usagef("--chunk %q is not known; use day, week, month, quarter or year", chunk)
	}
	var pieces []Window
	for from := w.From; from.Before(w.To); {
		year, month, day := from.In(zone).Date()
		switch chunk {
		case "week":
			day -= (int(from.In(zone).Weekday()) + 6) % 7
		case "month":
			day = 1
		case "quarter":
			month, day = (month-1)/3*3+1, 1
		case "year":
			month, day = 1, 1
		}
		to := time.Date(year, month+time.Month(step.months), day+step.days, 0, 0, 0, 0, zone)
		if to.After(w.To) {
			to = w.To
		}
		pieces, from = append(pieces, Window{from, to}), to
	}
	return pieces, nil
}
