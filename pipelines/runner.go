package pipelines

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// A Runner does a project's work: it starts the children that pull and build, and it
// alone commits and publishes.
type Runner struct {
	Project  *configs.Project
	Lake     *lake.Lake
	Releases *warehouse.Releases
	Models   []sql.Model
	Now      time.Time // the clock of this run: knowledge time of what it commits
	Code     string    // version of the program, kept with every commit
	Log      *slog.Logger
	Worker   *Worker
	OnEvent  func(Event) // called by one goroutine at a time

	Ledger   *ledger.Ledger   // opened by the first command that works
	Config   string           // a copy of the configuration for the children; empty: the project's files
	Occasion Occasion         // what set this run off
	Wall     func() time.Time // what the clock on the wall says; nil: the machine's
	KeepLog  bool             // each run's log lines are kept in a file of its own, too

	hold    *hold
	command string
	events  sync.Mutex
	runLog  *slog.Logger // with the name of the run under way; nil outside a run
	lineage *lineage     // tells of the run under way; nil where nobody listens
	dead    []ledger.Run // runs of which this process found that they were interrupted
}

// An Occasion says what set a run off, where it was not somebody at a terminal.
type Occasion struct {
	Trigger string // see package ledger; empty: manual
	Job     string
	Due     time.Time
	Attempt int
	RetryOf string
}

// Options are what cmd hands to Open.
type Options struct {
	Dir     string
	Now     time.Time
	Code    string
	Log     *slog.Logger
	Worker  *Worker
	OnEvent func(Event)
}

// Open loads a project and everything a run needs.
func Open(o Options) (*Runner, error) {
	project, err := LoadProject(o.Dir)
	if err != nil {
		return nil, err
	}
	return OpenProject(project, o)
}

// OpenProject is Open for a project that is loaded already, such as one that was
// validated without its secrets, for commands that touch no source.
func OpenProject(project *configs.Project, o Options) (*Runner, error) {
	l, err := openLake(project)
	if err != nil {
		return nil, err
	}
	releases, err := warehouse.OpenReleases(ReleasesDir(project))
	if err != nil {
		return nil, err
	}
	models, err := sql.Models()
	if err != nil {
		return nil, err
	}
	r := &Runner{Project: project, Lake: l, Releases: releases, Models: models, hold: &hold{},
		Now: o.Now, Code: o.Code, Log: o.Log, Worker: o.Worker, OnEvent: o.OnEvent}
	if r.Worker == nil {
		r.Worker = &Worker{}
	}
	if !project.Clock.IsZero() && o.Now.IsZero() {
		r.Now = project.Clock
	}
	return r, nil
}

// OpenPublished opens of a project what its readers see, releases and editions, for people who have no
// keys of it: an auditor, or whoever approves a report. Nothing can be run with it.
func OpenPublished(project *configs.Project, o Options) (*Runner, error) {
	releases, err := warehouse.OpenReleases(ReleasesDir(project))
	if err != nil {
		return nil, err
	}
	return &Runner{Project: project, Releases: releases, hold: &hold{}, Now: o.Now, Code: o.Code, Log: o.Log, OnEvent: o.OnEvent}, nil
}

// ReleasesDir is where a project's releases are.
func ReleasesDir(p *configs.Project) string { return filepath.Join(p.DataDir, "releases") }

// wall is the time that people see on the wall: of what was done when. Knowledge time is Now.
func (r *Runner) wall() time.Time {
	if r.Wall != nil {
		return r.Wall()
	}
	return time.Now()
}

func (r *Runner) tmpRoot() string { return filepath.Join(r.Project.DataDir, "tmp") }

func (r *Runner) event(e Event) {
	if r.OnEvent != nil {
		r.events.Lock()
		defer r.events.Unlock()
		r.OnEvent(e)
	}
}

// ActiveFeeds are the feeds that a run pulls: an alternative is switched off.
func (r *Runner) ActiveFeeds() []*configs.Feed { return activeFeeds(r.Project) }

func activeFeeds(p *configs.Project) []*configs.Feed {
	var feeds []*configs.Feed
	for _, s := range p.Sources {
		for _, f := range s.Feeds {
			if !f.Off() {
				feeds = append(feeds, f)
			}
		}
	}
	return feeds
}

// RunOptions choose what a run does.
type RunOptions struct {
	Feeds   []string // empty: all active ones
	Window  Window   // a backfill
	NoBuild bool
	Month   time.Time // report month; zero: the month before Now
}

// Run pulls the feeds, commits what is new, and builds and publishes a release when
// something changed. A feed that fails or is withheld does not stop the others: their
// data go on, its own stay as they were, and the error says so.
func (r *Runner) Run(ctx context.Context, o RunOptions) (*RunReport, error) {
	feeds, err := r.chosen(o.Feeds)
	if err != nil {
		return nil, err
	}
	if err := checkWindow(feeds, o.Window); err != nil {
		return nil, err
	}
	return r.record(ctx, ledger.Run{Command: o.command(), WindowFrom: o.Window.From, WindowTo: o.Window.To}, func(ctx context.Context, report *RunReport) error {
		problems, err := r.runFeeds(ctx, "feed", feeds, FeedJob{Window: o.Window}, report)
		if err != nil {
			return err
		}
		if err := r.issueNotes(ctx, report); err != nil {
			problems = append(problems, err)
		}
		if !o.NoBuild {
			report.Build, err = r.buildIfNeeded(ctx, o.Month, report.RunID)
			if err != nil {
				problems = append(problems, err)
			} else if report.Build.Targets, err = r.publishTo(ctx, r.Project.Publish, false); err != nil {
				problems = append(problems, err)
			}
		}
		return worst(problems)
	})
}

func (o RunOptions) command() string {
	if o.Window.IsZero() {
		return "run"
	}
	return "backfill"
}

// checkWindow refuses to backfill where absence means deletion: the newest delivery is the whole,
// and a part of it, or older ones, would withdraw rows that are there and bring back what is gone.
func checkWindow(feeds []*configs.Feed, w Window) error {
	for _, f := range feeds {
		if !w.IsZero() && f.Deletes == "absent_from_snapshot" {
			return usagef("feed %s is a snapshot (deletes: absent_from_snapshot in %s:%d): its newest delivery is the whole, so that nothing is to be backfilled; run: lindung run %s", f.Name, f.Source.File, f.LineOf("deletes"), f.Name)
		}
	}
	return nil
}

func (r *Runner) chosen(names []string) ([]*configs.Feed, error) {
	if len(names) == 0 {
		return r.ActiveFeeds(), nil
	}
	var feeds []*configs.Feed
	for _, name := range names {
		f, err := findFeed(r.Project, name)
		if err != nil {
			return nil, err
		}
		if by := r.countedBy(f); by != nil {
			return nil, usagef("feed %s is off (role: alternative in %s:%d), and its rows would be counted beside those of %s; set role: crosscheck to compare the two, or look at it with: lindung sources preview %s", f.Name, f.Source.File, f.LineOf("role"), by.Name, f.Name)
		}
		feeds = append(feeds, f)
	}
	return feeds, nil
}

// countedBy is the authoritative feed of what a feed that is off would bring; nil where there is none.
func (r *Runner) countedBy(f *configs.Feed) *configs.Feed {
	for _, o := range r.ActiveFeeds() {
		if _, same := f.SameRows(o); same && f.Off() && o.Role == "authoritative" {
			return o
		}
	}
	return nil
}

// runID names a run: knowledge time and the number of the commit it starts from, so that
// the same work under the same clock has the same name.
func (r *Runner) runID() string {
	head, _, err := r.Lake.Head()
	if err != nil {
		head = 0
	}
	return fmt.Sprintf("%s-%06d", r.Now.UTC().Format("20060102T150405Z"), head)
}

// feedsAtOnce is how many children pull and normalise side by side: sources spend most
// of their time waiting, and two are enough to keep a small machine busy.
const feedsAtOnce = 2

// runFeeds runs a task for every feed, some of them side by side, and commits their
// results in the order of the feeds: the log does not depend on who was faster.
func (r *Runner) runFeeds(ctx context.Context, kind string, feeds []*configs.Feed, job FeedJob, report *RunReport) ([]error, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	job.RunID = report.RunID
	done := make([]chan feedOutcome, len(feeds))
	slots := make(chan struct{}, feedsAtOnce)
	var running sync.WaitGroup
	defer running.Wait()
	for i, f := range feeds {
		done[i] = make(chan feedOutcome, 1)
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() == nil {
				done[i] <- r.runChild(ctx, kind, f, job)
			}
			close(done[i])
		})
	}
	var problems []error
	for i, f := range feeds {
		outcome, ran := <-done[i]
		if !ran || ctx.Err() != nil {
			return problems, ctx.Err()
		}
		fr, err := r.commitFeed(f, outcome)
		report.Feeds = append(report.Feeds, fr)
		r.log().Log(ctx, feedLevel(fr.Outcome), "feed finished", because(fr.Error, "feed", f.Name, "step", "commit", "outcome", fr.Outcome, "commit", fr.CommitNo,
			"records", fr.Records, "accepted", fr.Accepted, "quarantined", fr.Quarantined, "bytes", fr.Bytes, "retries", fr.Retries)...)
		if err := r.recordFeed(report.RunID, f, fr); err != nil {
			return problems, err
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	return problems, nil
}

// A feedOutcome is what a feed's child handed back.
type feedOutcome struct {
	result FeedResult
	seen   int64 // the feed's newest entry when the child began
	peak   int64
	err    error
}

// feedJob completes a job with what is to be known of a feed.
func (r *Runner) feedJob(f *configs.Feed, job FeedJob) (FeedJob, error) {
	job.Dir, job.Config, job.Feed, job.Now, job.Code = r.Project.Dir, r.Config, f.Name, r.Now, r.Code
	job.SourceFile, job.ConfigHash = f.Source.File, f.Source.Hash
	var err error
	job.Entries, err = r.Lake.EntriesOf(f.Name)
	return job, err
}

func (r *Runner) runChild(ctx context.Context, kind string, f *configs.Feed, job FeedJob) feedOutcome {
	var o feedOutcome
	if job, o.err = r.feedJob(f, job); o.err != nil {
		return o
	}
	if n := len(job.Entries); n > 0 {
		o.seen = job.Entries[n-1]
	}
	ctx, cancel := waitAtMost(ctx, patience(f.Limits), "limits.max_duration of the feed")
	defer cancel()
	o.peak, o.err = r.Worker.call(ctx, kind, r.memoryOf(f), r.tmpRoot(), job, &o.result, r.watch("feed", f.Name))
	return o
}

// memoryOf is what a child that works on a feed may use.
func (r *Runner) memoryOf(f *configs.Feed) int64 {
	if f.Limits.Memory > 0 {
		return int64(f.Limits.Memory)
	}
	return int64(r.Project.Run.Memory)
}

// failedReport is what is left to say of a feed whose child failed.
func failedReport(f *configs.Feed, o feedOutcome) *FeedReport {
	fr := &FeedReport{Feed: f.Name, Dataset: f.Dataset, Outcome: OutcomeFailed, Error: o.err.Error(), ExitCode: ExitCode(o.err), PeakMemory: o.peak}
	if so := o.result.Report; so != nil { // what the child had come to
		fr.Bytes, fr.Retries = so.Bytes, so.Retries
	}
	return fr
}

// commitFeed makes a feed's result count, or says why there is none.
func (r *Runner) commitFeed(f *configs.Feed, o feedOutcome) (*FeedReport, error) {
	if o.err != nil {
		return failedReport(f, o), o.err
	}
	fr := o.result.Report
	fr.PeakMemory = o.peak
	if err := r.commitEntries(f, o, fr); err != nil {
		fr.Outcome, fr.Error, fr.ExitCode = OutcomeFailed, err.Error(), ExitCode(err)
		return fr, err
	}
	if fr.Outcome == OutcomeWithheld {
		return fr, gatef("%s", fr.Error)
	}
	return fr, nil
}

// commitEntries commits what a child made on the ground of what it saw: a feed that somebody
// else brought further meanwhile is left to him.
func (r *Runner) commitEntries(f *configs.Feed, o feedOutcome, fr *FeedReport) error {
	if len(o.result.Entries) == 0 {
		return nil
	}
	return r.alone(func() error {
		seen := o.seen
		for _, e := range o.result.Entries {
			r.event(Event{Feed: f.Name, Step: "commit"})
			committed, err := r.Lake.CommitAfter(e, seen)
			if err != nil {
				return fmt.Errorf("committing %s: %w", f.Name, err)
			}
			if seen = committed.No; e.Kind != lake.Withheld {
				fr.CommitNo = committed.No
			}
		}
		return nil
	})
}

// worst chooses the error that decides the exit code: an interruption, then a failure of
// ours, then a quality gate, then a source that was away. All are reported.
func worst(problems []error) error {
	if len(problems) == 0 {
		return nil
	}
	rank := map[int]int{ExitInterrupted: 0, ExitFailed: 1, ExitUsage: 2, ExitLocked: 3, ExitGate: 4, ExitUnavailable: 5}
	best := problems[0]
	for _, p := range problems[1:] {
		if rank[ExitCode(p)] < rank[ExitCode(best)] {
			best = p
		}
	}
	return &Error{Code: ExitCode(best), Message: errors.Join(problems...).Error(), cause: errors.Join(problems...)}
}

// MarshalJSON keeps the window out of a job that has none.
func (w Window) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		From time.Time `json:"from,omitzero"`
		To   time.Time `json:"to,omitzero"`
	}{w.From, w.To})
}
