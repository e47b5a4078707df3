package pipelines

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// ServeOptions are what cmd hands to a server.
type ServeOptions struct {
	Dir    string
	Code   string
	Log    *slog.Logger
	Worker *Worker
	Clock  func() time.Time
	Notify func(state string) // tells the service manager; see sd_notify(3)
	Reload <-chan os.Signal   // asks for the configuration to be read again
}

// A Server runs the jobs of a project unattended: it decides, starts, waits and writes down. One
// goroutine does all deciding; each run has one more.
type Server struct {
	o       ServeOptions
	ledger  *ledger.Ledger
	lease   *ledger.Lease
	hold    *hold
	sched   *scheduler
	project *configs.Project
	config  string // the copy of the configuration that runs work with
	shown   atomic.Pointer[lookout]
	pulse   Pulse

	running  map[int64]context.CancelCauseFunc
	ended    chan attempt
	late     []attempt // that ended, and the ledger could not be told
	last     time.Time // of the clock, at the newest tick
	cleaned  string    // the day on which old things were last cleared away
	problems string    // of the newest tick, so that each is logged once
	outlook  outlook   // for what people should know
	lost     bool      // another scheduler has taken over: the queue is its own now
}

// An attempt is one try of an occurrence, and how it ended.
type attempt struct {
	of    ledger.Occurrence
	runID string
	state string
	err   error
}

// How often the server looks, and how long it lets runs go on when it is to stop.
const (
	tickEvery  = 3 * time.Second
	stopGently = 12 * time.Second
	stopHardly = 14 * time.Second
)

// errStopping is why a run ended that the scheduler's own end interrupted.
var errStopping = &Error{Code: ExitInterrupted, Message: "the scheduler was stopped; the run is taken up again when it is back"}

// Serve opens a project for running unattended. It refuses where another process does already.
func Serve(o ServeOptions) (*Server, error) {
	if o.Notify == nil {
		o.Notify = func(string) {}
	}
	s := &Server{o: o, hold: &hold{}, running: map[int64]context.CancelCauseFunc{}, ended: make(chan attempt, 64)}
	project, err := LoadProject(o.Dir)
	if err != nil {
		return nil, err
	}
	if s.ledger, err = ledger.Open(project.DataDir); err != nil {
		return nil, err
	}
	if s.lease, err = s.ledger.Acquire(ledger.Serve, "lindung serve", o.Clock()); err != nil {
		s.ledger.Close()
		return nil, heldBy(project.DataDir, err)
	}
	if err := s.take(project); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close gives back what the server holds.
func (s *Server) Close() error {
	return errors.Join(s.lease.Release(), s.ledger.Close())
}

// take goes on with a configuration that is valid.
func (s *Server) take(project *configs.Project) error {
	jobs, err := Jobs(project)
	if err != nil {
		return err
	}
	shown, err := s.lookoutOf(project, jobs)
	if err != nil {
		return err
	}
	config, err := copyConfig(project)
	if err != nil {
		return err
	}
	s.project, s.config = project, config
	s.shown.Store(shown)
	s.sched = &scheduler{ledger: s.ledger, jobs: jobs, atOnce: project.Serve.Concurrency}
	return errors.Join(s.sched.dropUnknown(s.o.Clock()), s.watchBy())
}

// copyConfig copies a configuration to a folder of its hash. One that is there already is whole,
// and runs may be reading it.
func copyConfig(project *configs.Project) (string, error) {
	config := filepath.Join(project.DataDir, "config", project.Hash[:16])
	if _, err := os.Stat(config); err == nil {
		return config, nil
	}
	unfinished := config + ".tmp"
	err := os.RemoveAll(unfinished)
	if err == nil {
		err = project.CopyFiles(unfinished)
	}
	if err == nil {
		err = os.Rename(unfinished, config)
	}
	if err != nil {
		return "", fmt.Errorf("copying the configuration: %w", err)
	}
	return config, nil
}

// reload reads the configuration again. One that is not valid is refused, and the old one kept.
func (s *Server) reload() {
	s.o.Notify("RELOADING=1")
	defer s.o.Notify("READY=1")
	project, err := LoadProject(s.o.Dir)
	if err == nil && project.DataDir != s.project.DataDir {
		err = usagef("data: %s cannot become %s while the scheduler runs; stop it first", s.project.DataDir, project.DataDir)
	}
	if err == nil {
		err = s.take(project)
	}
	if err != nil {
		s.o.Log.Error("the configuration was not taken; the one before still holds", "error", err)
		return
	}
	s.o.Log.Info("configuration read again", "config_hash", project.Hash, "jobs", len(s.sched.jobs))
}

// Run runs the jobs until the context ends; then it lets runs that are under way end, stops what
// does not within seconds, and returns.
func (s *Server) Run(ctx context.Context) error {
	done, err := s.answer(ctx)
	if err != nil {
		return err
	}
	defer done()
	return s.loop(ctx, func() bool { return false })
}

// Settle does what is due and what follows from it, and returns when nothing runs and nothing may
// start now. What waits for a later time stays in the queue.
func (s *Server) Settle(ctx context.Context) error {
	err := s.loop(ctx, func() bool { return len(s.running) == 0 && len(s.o.Reload) == 0 })
	if err == nil && s.problems != "" {
		err = errors.New(s.problems)
	}
	return err
}

func (s *Server) loop(ctx context.Context, enough func() bool) error {
	if err := s.sched.adopt(s.o.Clock()); err != nil {
		return err
	}
	s.tidy()
	s.o.Log.Info("scheduler started", "project", s.project.Name, "jobs", len(s.sched.jobs), "config_hash", s.project.Hash)
	s.o.Notify("READY=1")
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		if err := s.tick(ctx); err != nil {
			return errors.Join(err, s.stop(err))
		}
		if enough() {
			return nil
		}
		select {
		case <-ctx.Done():
			return s.stop(errStopping)
		case a := <-s.ended:
			s.finish(a)
		case <-s.o.Reload:
			s.reload()
		case <-tick.C:
		}
	}
}

// tidy closes the books of runs that a scheduler left that was killed, and sweeps what lies about.
// Where another command is at work it has done so.
func (s *Server) tidy() {
	r, err := s.runner(ledger.Occurrence{})
	if err == nil {
		var unlock func()
		if unlock, err = r.prepare("serve"); err == nil {
			unlock()
		}
	}
	if err != nil && ExitCode(err) != ExitLocked && !errors.Is(err, errClockBack) {
		s.tell(err)
	}
}

// tick does what is due. It returns an error only when there is no going on.
func (s *Server) tick(ctx context.Context) error {
	if err := s.lease.Renew(); errors.Is(err, ledger.ErrLost) {
		s.lost = true
		return &Error{Code: ExitLocked, cause: err, Message: fmt.Sprintf("lindung serve: %s; there is one scheduler for a project", err)}
	}
	now := s.o.Clock()
	if now.Before(s.last.Add(-time.Minute)) {
		s.o.Log.Warn("the clock went back", "from", s.last, "to", now)
	}
	s.last = now
	err := s.writeLate()
	if err == nil {
		err = s.sched.decide(now)
	}
	if err == nil {
		err = s.start(ctx, now)
	}
	if err == nil {
		err = s.clearAway(now)
	}
	s.tell(s.watchOver(ctx, now, err))
	s.pulse.Beat(now)
	s.o.Notify("WATCHDOG=1")
	return nil
}

// tell logs what goes wrong within the scheduler itself, once each.
func (s *Server) tell(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != s.problems && text != "" {
		s.o.Log.Error("the scheduler cannot go on as it should; it tries again", "error", text)
	}
	s.problems = text
}

func (s *Server) start(ctx context.Context, now time.Time) error {
	ready, err := s.sched.ready(now)
	if err != nil {
		return err
	}
	for _, o := range ready {
		if ctx.Err() != nil {
			return nil
		}
		j := s.sched.job(o.Job)
		if o, err = s.sched.started(o, now); err != nil {
			return err
		}
		run, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		s.running[o.ID] = cancel
		r, err := s.runner(o)
		if err != nil {
			s.ended <- attempt{of: o, state: ledger.Failed, err: err}
			continue
		}
		go func() { s.ended <- attemptOf(run, r, j, o) }()
	}
	return nil
}

// runner is one run's own: it shares with the others the right to work and the ledger.
func (s *Server) runner(o ledger.Occurrence) (*Runner, error) {
	now := s.o.Clock()
	if !s.project.Clock.IsZero() {
		now = s.project.Clock
	}
	r, err := OpenProject(s.project, Options{Now: now, Code: s.o.Code, Log: s.o.Log, Worker: s.o.Worker})
	if err != nil {
		return nil, err
	}
	r.hold, r.Ledger, r.Config, r.Wall = s.hold, s.ledger, s.config, s.o.Clock
	r.KeepLog = true
	r.Occasion = Occasion{Trigger: o.Trigger, Job: o.Job, Due: o.Due, Attempt: o.Attempt}
	if o.Attempt > 1 {
		r.Occasion.Trigger, r.Occasion.RetryOf = ledger.Retry, o.RunID
	}
	return r, nil
}

// attemptOf does a job once.
func attemptOf(ctx context.Context, r *Runner, j *Job, o ledger.Occurrence) attempt {
	if j.Rules != nil && j.Rules.Timeout > 0 {
		late := &Error{Code: ExitFailed, Message: fmt.Sprintf("%s took longer than timeout: %s (schedule, in the source's file or lindung.yaml); it was stopped and nothing half-done was kept", j.Name, j.Rules.Timeout)}
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, j.Rules.Timeout, late)
		defer stop()
	}
	var report *RunReport
	var err error
	command := j.Name
	switch {
	case j.Feed != nil:
		command = "run"
		pull := RunOptions{Feeds: []string{j.Name}, NoBuild: true}
		if j.Rules != nil && j.Rules.Window > 0 {
			pull.Window = Window{o.Due.Add(-j.Rules.Window), o.Due}
		}
		report, err = r.Run(ctx, pull)
	case j.Name == jobBuild:
		report, err = r.BuildIfBehind(ctx)
	default:
		_, report, err = r.Report(ctx, ReportRequest{Formats: r.Project.Reports.Formats})
	}
	a := attempt{of: o, err: err}
	if report == nil {
		report = &RunReport{}
	}
	a.runID, a.state = report.RunID, endState(command, report, err)
	return a
}

// stop lets runs end for some seconds, then ends them, and puts back into the queue what did
// not come to its end.
func (s *Server) stop(why error) error {
	s.o.Notify("STOPPING=1")
	s.o.Log.Info("scheduler stops", "runs_under_way", len(s.running))
	gently := time.After(stopGently)
	hardly := time.After(stopGently + stopHardly)
	for len(s.running) > 0 {
		select {
		case a := <-s.ended:
			s.finish(a)
		case <-gently:
			for _, cancel := range s.running {
				cancel(why)
			}
		case <-hardly:
			s.o.Log.Error("runs did not end in time; their processes end with this one", "runs", len(s.running))
			return nil
		}
	}
	s.o.Log.Info("scheduler stopped")
	return nil
}

// clearAway forgets, once a day, what is older than it is to be kept.
func (s *Server) clearAway(now time.Time) error {
	day := now.In(s.project.TimeZone).Format(time.DateOnly)
	if day == s.cleaned {
		return nil
	}
	before := now.Add(-s.project.Serve.Keep)
	if _, err := s.ledger.Prune(before); err != nil {
		return err
	}
	s.cleaned = day
	return errors.Join(s.clearLogs(before), s.clearConfigs())
}

// clearConfigs removes copies of configurations that no run works with any more.
func (s *Server) clearConfigs() error {
	if len(s.running) > 0 {
		return nil
	}
	copies, err := os.ReadDir(filepath.Dir(s.config))
	if err != nil {
		return err
	}
	for _, c := range copies {
		if c.Name() != filepath.Base(s.config) {
			if err := os.RemoveAll(filepath.Join(filepath.Dir(s.config), c.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
