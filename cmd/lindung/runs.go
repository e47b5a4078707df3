package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

func (a *app) runsCommand() *cobra.Command {
	c := &cobra.Command{Use: "runs", Short: "Show what ran and what became of it; try again, or stop what runs"}
	c.AddCommand(a.runsListCommand(), a.runsShowCommand(), a.runsLogsCommand(), a.runsRetryCommand(), a.runsCancelCommand())
	return c
}

// withLedger opens the project's ledger for a command.
func (a *app) withLedger(do func(r *pipelines.Runner, l *ledger.Ledger) error) error {
	r, err := a.open(false)
	if err != nil {
		return err
	}
	l, err := r.OpenLedger()
	if err != nil {
		return err
	}
	defer l.Close()
	return do(r, l)
}

func (a *app) runsListCommand() *cobra.Command {
	var f ledger.RunFilter
	var days int
	c := &cobra.Command{
		Use: "list", Short: "List runs, newest first", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if days > 0 {
				f.Since = a.clock().AddDate(0, 0, -days)
			}
			return a.withLedger(func(r *pipelines.Runner, l *ledger.Ledger) error {
				runs, err := l.Runs(f)
				if err != nil {
					return err
				}
				if a.output == "json" {
					return a.printJSON(list(runs))
				}
				var rows [][]string
				for _, run := range runs {
					rows = append(rows, []string{run.ID, a.moment(r, run.Started), cmp.Or(run.Job, run.Command), triggerOf(run), words(run.State), lasted(run), shortLine(run.Error)})
				}
				a.table([]string{"RUN", "STARTED", "WHAT", "BY", "STATE", "TOOK", "WHY"}, rows)
				return nil
			})
		},
	}
	c.Flags().StringVar(&f.Feed, "feed", "", "only runs of this feed")
	c.Flags().StringVar(&f.Job, "job", "", "only runs of this job of the schedule")
	c.Flags().StringVar(&f.State, "state", "", "only these: running, succeeded, nothing_new, withheld, unavailable, failed, cancelled, interrupted")
	c.Flags().IntVar(&f.Limit, "limit", 30, "how many at most")
	c.Flags().IntVar(&days, "days", 0, "only the last days")
	return c
}

func words(s string) string { return strings.ReplaceAll(s, "_", " ") }

func triggerOf(run ledger.Run) string {
	if run.Attempt > 1 {
		return fmt.Sprintf("%s, try %d", words(run.Trigger), run.Attempt)
	}
	return words(run.Trigger)
}

func lasted(run ledger.Run) string {
	if run.Ended.IsZero() {
		return ""
	}
	return run.Ended.Sub(run.Started).Round(100 * time.Millisecond).String()
}

func shortLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	if r := []rune(line); len(r) > 100 {
		return string(r[:99]) + "…"
	}
	return line
}

// A runView is what `lindung runs show` shows.
type runView struct {
	ledger.Run
	Feeds []ledger.Feed `json:"feeds,omitempty"`
	Steps []ledger.Step `json:"steps,omitempty"`
}

func (a *app) runsShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show RUN", Short: "Show one run: what set it off, its feeds and steps, and how it ended", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withLedger(func(r *pipelines.Runner, l *ledger.Ledger) error {
				run, feeds, steps, err := l.Run(args[0])
				if err != nil {
					return notKnown(err)
				}
				if a.output == "json" {
					return a.printJSON(runView{run, feeds, steps})
				}
				a.printRunView(r, runView{run, feeds, steps})
				return nil
			})
		},
	}
}

func notKnown(err error) error {
	if errors.Is(err, ledger.ErrNoRun) {
		return usageError{err}
	}
	return err
}

func (a *app) printRunView(r *pipelines.Runner, v runView) {
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(a.stdout, "%-14s %s\n", name, text)
		}
	}
	line("run", v.ID)
	line("command", v.Command)
	line("job", v.Job)
	line("set off by", triggerOf(v.Run))
	line("due", a.moment(r, v.Due))
	line("retry of", v.RetryOf)
	if !v.WindowFrom.IsZero() {
		line("window", v.WindowFrom.In(r.Project.TimeZone).Format(time.DateOnly)+" to before "+v.WindowTo.In(r.Project.TimeZone).Format(time.DateOnly))
	}
	line("started", a.moment(r, v.Started))
	line("took", lasted(v.Run))
	line("known at", a.moment(r, v.KnownAt))
	line("state", words(v.State))
	line("exit code", fmt.Sprint(v.ExitCode))
	line("release", v.Release)
	line("program", v.Code)
	line("configuration", v.ConfigHash[:min(16, len(v.ConfigHash))])
	if v.PeakMemory > 0 {
		line("peak memory", fmt.Sprintf("%d MiB", v.PeakMemory>>20))
	}
	line("error", v.Error)
	var rows [][]string
	for _, f := range v.Feeds {
		outcome := words(f.Outcome)
		if f.CommitNo > 0 {
			outcome = fmt.Sprintf("commit %d", f.CommitNo)
		}
		rows = append(rows, []string{f.Feed, outcome, count(f.Records), count(f.Accepted), count(f.Quarantined), seconds(f.Seconds)})
	}
	if len(rows) > 0 {
		fmt.Fprintln(a.stdout)
		a.table([]string{"FEED", "OUTCOME", "RECORDS", "ACCEPTED", "QUARANTINED", "TOOK"}, rows)
	}
	rows = nil
	for _, s := range v.Steps {
		rows = append(rows, []string{cmp.Or(s.Feed, "build"), s.Step, seconds(s.Seconds)})
	}
	if len(rows) > 0 {
		fmt.Fprintln(a.stdout)
		a.table([]string{"OF", "STEP", "TOOK"}, rows)
	}
}

func (a *app) runsLogsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "logs RUN", Short: "Print the log lines of a run of the scheduler", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withLedger(func(r *pipelines.Runner, l *ledger.Ledger) error {
				if _, _, _, err := l.Run(args[0]); err != nil {
					return notKnown(err)
				}
				path, err := pipelines.RunLogFile(pipelines.LogsDir(r.Project.DataDir), args[0])
				if err != nil {
					return err
				}
				f, err := os.Open(path)
				if errors.Is(err, fs.ErrNotExist) {
					return usagef("run %s has no log: only runs of lindung serve keep theirs; see lindung runs show %s", args[0], args[0])
				}
				if err != nil {
					return err
				}
				defer f.Close()
				_, err = io.Copy(a.stdout, f)
				return err
			})
		},
	}
}

func (a *app) runsRetryCommand() *cobra.Command {
	return &cobra.Command{
		Use: "retry RUN", Short: "Do here what a run did, once more: the same feeds and window", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(true)
			if err != nil {
				return err
			}
			report, err := r.Retry(c.Context(), args[0])
			return a.finish(report, err)
		},
	}
}

func (a *app) runsCancelCommand() *cobra.Command {
	return &cobra.Command{
		Use: "cancel RUN", Short: "Ask the process that a run is in to stop it; nothing half-done is kept", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withLedger(func(_ *pipelines.Runner, l *ledger.Ledger) error {
				if err := l.AskCancel(args[0], a.clock()); err != nil {
					return usageError{err}
				}
				a.say("%s was asked to stop; it does within seconds. See: lindung runs show %s", args[0], args[0])
				return nil
			})
		},
	}
}
