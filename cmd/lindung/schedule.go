package main

import (
	"cmp"
	"fmt"
	"os/user"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) scheduleCommand() *cobra.Command {
	c := &cobra.Command{Use: "schedule", Short: "Show and steer what lindung serve runs, and when"}
	c.AddCommand(a.scheduleListCommand(), a.scheduleNextCommand(), a.schedulePauseCommand(), a.scheduleResumeCommand(), a.runNowCommand())
	return c
}

func (a *app) scheduleListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the jobs: when each runs next, how it last ended, what waits", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			jobs, err := r.Schedule(a.clock())
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(list(jobs))
			}
			var rows [][]string
			for _, j := range jobs {
				rows = append(rows, []string{j.Job, j.When, a.moment(r, j.Next), j.State, j.Last})
			}
			a.table([]string{"JOB", "WHEN", "NEXT", "STATE", "LAST"}, rows)
			return a.printScheduler(r)
		},
	}
}

func (a *app) printScheduler(r *pipelines.Runner) error {
	who, err := r.Scheduler()
	if err != nil {
		return err
	}
	if who == nil {
		fmt.Fprintln(a.stdout, "No scheduler is running. Start it with: lindung serve")
	} else {
		fmt.Fprintf(a.stdout, "The scheduler runs as process %d since %s.\n", who.PID, a.moment(r, who.Since))
	}
	return nil
}

// moment is a time as people of the project read it.
func (a *app) moment(r *pipelines.Runner, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(r.Project.TimeZone).Format("2006-01-02 15:04 MST")
}

func (a *app) scheduleNextCommand() *cobra.Command {
	var count int
	c := &cobra.Command{
		Use: "next [JOB]", Short: "List the next times of a job, or of all", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			now := a.clock()
			if t, err := a.present(); err != nil {
				return err
			} else if !t.IsZero() {
				now = t
			}
			times, err := r.NextTimes(cmp.Or(append(args, "")...), now, count)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(list(times))
			}
			var rows [][]string
			for _, t := range times {
				rows = append(rows, []string{a.moment(r, t.At), t.Job})
			}
			a.table([]string{"AT", "JOB"}, rows)
			return nil
		},
	}
	c.Flags().IntVar(&count, "count", 10, "how many")
	return c
}

func (a *app) schedulePauseCommand() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use: "pause JOB --why TEXT", Short: "Keep a job from running until it is resumed; what falls due meanwhile is skipped", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if why == "" {
				return usagef("say why with --why, for whoever finds the job paused")
			}
			r, err := a.open(false)
			if err != nil {
				return err
			}
			if err := r.Pause(args[0], who(), why, a.clock()); err != nil {
				return err
			}
			a.say("%s is paused. Resume it with: lindung schedule resume %s", args[0], args[0])
			return nil
		},
	}
	c.Flags().StringVar(&why, "why", "", "the reason")
	return c
}

// who is the user at the terminal, for what people do to the schedule.
func who() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

func (a *app) scheduleResumeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "resume JOB", Short: "Let a paused job run again, from its next time on", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			if err := r.Resume(args[0], a.clock()); err != nil {
				return err
			}
			a.say("%s runs again at its next time.", args[0])
			return nil
		},
	}
}

func (a *app) runNowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "run-now JOB...", Short: "Put jobs into the running scheduler's queue at once", Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			for _, job := range args {
				if err := r.RunNow(job, a.clock()); err != nil {
					return err
				}
				a.say("%s is in the queue. See: lindung runs list", job)
			}
			return nil
		},
	}
}
