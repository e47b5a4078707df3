package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) runCommand() *cobra.Command {
	var o pipelines.RunOptions
	var month string
	c := &cobra.Command{
		Use:   "run [FEED...]",
		Short: "Pull the feeds, commit what is new, build and publish a release",
		RunE: func(c *cobra.Command, feeds []string) error {
			r, err := a.open(true)
			if err != nil {
				return err
			}
			if o.Month, err = parseMonth(month); err != nil {
				return err
			}
			o.Feeds = feeds
			report, err := r.Run(c.Context(), o)
			return a.finish(report, err)
		},
	}
	c.Flags().BoolVar(&o.NoBuild, "no-build", false, "pull and commit only")
	c.Flags().StringVar(&month, "month", "", "report month, YYYY-MM (default: the month before now)")
	return c
}

func (a *app) backfillCommand() *cobra.Command {
	var from, to string
	var o pipelines.BackfillOptions
	c := &cobra.Command{
		Use:   "backfill FEED --from DATE --to DATE",
		Short: "Pull a range of a feed again, whatever its position, in pieces if it is long",
		Long: `Backfill pulls a range of a feed again, whatever its position. With --chunk it does so piece by
piece, each a run of its own that is committed before the next begins. Given again after it was
stopped, it goes on with the first piece that is not done.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if from == "" || to == "" {
				return usagef("backfill needs --from and --to, as YYYY-MM-DD or YYYY-MM")
			}
			var err error
			if o.Window, err = window(from, to); err != nil {
				return err
			}
			r, err := a.open(true)
			if err != nil {
				return err
			}
			o.Feed = args[0]
			report, err := r.Backfill(c.Context(), o)
			if report == nil {
				return err
			}
			if a.output == "json" {
				return errors.Join(err, a.printJSON(report))
			}
			a.printBackfill(r, report)
			return err
		},
	}
	c.Flags().StringVar(&from, "from", "", "first day (or month) of the range")
	c.Flags().StringVar(&to, "to", "", "last day (or month) of the range, included")
	c.Flags().StringVar(&o.Chunk, "chunk", "", "pull by day, week, month, quarter or year (default: the whole range at once)")
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "only say what would be pulled")
	c.Flags().BoolVar(&o.NoBuild, "no-build", false, "pull and commit only")
	return c
}

func (a *app) printBackfill(r *pipelines.Runner, b *pipelines.BackfillReport) {
	day := func(t time.Time) string { return t.In(r.Project.TimeZone).Format(time.DateOnly) }
	if b.Resumed {
		fmt.Fprintf(a.stdout, "This goes on with what was begun on %s.\n", a.moment(r, b.Begun))
	}
	var rows [][]string
	for _, c := range b.Chunks {
		rows = append(rows, []string{fmt.Sprint(c.No), day(c.From), day(c.To.Add(-time.Nanosecond)), c.State, words(c.Outcome), count(c.Records), count(c.Accepted), count(c.Quarantined), c.RunID})
	}
	a.table([]string{"NO", "FROM", "TO", "STATE", "OUTCOME", "RECORDS", "ACCEPTED", "QUARANTINED", "RUN"}, rows)
	if b.DryRun {
		fmt.Fprintln(a.stdout, "Nothing was pulled (--dry-run).")
	}
	if b.Build != nil {
		a.printBuild(b.Build)
	}
}

// window reads a range whose end is included, as people say it, into a half-open one.
func window(from, to string) (pipelines.Window, error) {
	var w pipelines.Window
	var err error
	if len(from) == len("2006-01") {
		from += "-01"
	}
	if w.From, err = parseTime(from); err != nil {
		return w, err
	}
	if len(to) == len("2006-01") {
		if w.To, err = parseTime(to + "-01"); err != nil {
			return w, err
		}
		w.To = w.To.AddDate(0, 1, 0)
	} else if w.To, err = parseTime(to); err != nil {
		return w, err
	} else {
		w.To = w.To.AddDate(0, 0, 1)
	}
	if !w.From.Before(w.To) {
		return w, usagef("--from %s is after --to %s", from, to)
	}
	return w, nil
}

func (a *app) buildCommand() *cobra.Command {
	var month string
	var o candidateFlags
	c := &cobra.Command{
		Use:   "build",
		Short: "Build and publish a release from what is committed, or a candidate that is only compared",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.check(c); err != nil {
				return err
			}
			r, err := a.open(false)
			if err != nil {
				return err
			}
			m, err := parseMonth(month)
			if err != nil {
				return err
			}
			if o.candidate {
				return a.candidate(c.Context(), r, o, m)
			}
			b, err := r.Build(c.Context(), m)
			if b == nil {
				return err
			}
			if a.output == "json" {
				return errors.Join(err, a.printJSON(b))
			}
			a.printBuild(b)
			return err
		},
	}
	c.Flags().StringVar(&month, "month", "", "report month, YYYY-MM (default: the month before now)")
	o.add(c)
	return c
}

func (a *app) planCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "plan",
		Short: "Say what a run would do and why; exit code 10 when there is something to do",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			items, err := r.Plan()
			if err != nil {
				return err
			}
			if a.output == "json" {
				err = a.printJSON(list(items))
			} else {
				a.printPlan(items)
			}
			if err == nil && slices.ContainsFunc(items, func(i pipelines.PlanItem) bool { return i.Due }) {
				return &exitError{pipelines.ExitPlanned}
			}
			return err
		},
	}
}

func (a *app) printPlan(items []pipelines.PlanItem) {
	var rows [][]string
	for _, i := range items {
		due := ""
		if i.Due {
			due = "due"
		}
		rows = append(rows, []string{i.Action, i.Target, due, i.Why})
	}
	a.table([]string{"ACTION", "TARGET", "", "WHY"}, rows)
	for _, i := range items {
		if i.Since != nil {
			a.printNews(i.Since)
		}
	}
}

// printNews says one by one what is no longer as in a release.
func (a *app) printNews(n *pipelines.News) {
	fmt.Fprintf(a.stdout, "\nSince release %s:\n", n.Release)
	if last := len(n.Commits) - 1; last == 0 {
		fmt.Fprintf(a.stdout, "  commit %d\n", n.Commits[0])
	} else if last > 0 {
		fmt.Fprintf(a.stdout, "  commits %d to %d\n", n.Commits[0], n.Commits[last])
	}
	for _, c := range n.Models {
		fmt.Fprintf(a.stdout, "  %s %s: %s\n", c.Layer, c.Name(), strings.Join(c.How, "; "))
	}
	for _, in := range n.Inputs {
		fmt.Fprintf(a.stdout, "  %s\n", in)
	}
	if len(n.KPIs) > 0 {
		fmt.Fprintf(a.stdout, "Figures of these KPIs can be others: %s\n", strings.Join(n.KPIs, ", "))
	}
	fmt.Fprintln(a.stdout, "To see which, before anything is published: lindung build --candidate, then lindung diff")
}

func (a *app) renormaliseCommand() *cobra.Command {
	var fromLanding bool
	c := &cobra.Command{
		Use:   "renormalise DATASET --from-landing",
		Short: "Run the present normaliser over everything that a dataset's feeds ever landed",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !fromLanding {
				return usagef("renormalise needs --from-landing: it decodes every landed object of %s again", args[0])
			}
			r, err := a.open(false)
			if err != nil {
				return err
			}
			report, err := r.Renormalise(c.Context(), args[0])
			return a.finish(report, err)
		},
	}
	c.Flags().BoolVar(&fromLanding, "from-landing", false, "decode the landed objects again")
	return c
}

// finish prints a run's report, also when the run has an error: what was done is done.
func (a *app) finish(report *pipelines.RunReport, err error) error {
	if report == nil {
		return err
	}
	if a.output == "json" {
		if perr := a.printJSON(report); perr != nil {
			return perr
		}
		return err
	}
	a.printRun(report)
	return err
}

func (a *app) printRun(report *pipelines.RunReport) {
	var rows [][]string
	for _, f := range report.Feeds {
		outcome := strings.ReplaceAll(f.Outcome, "_", " ")
		if f.CommitNo > 0 {
			outcome = fmt.Sprintf("commit %d", f.CommitNo)
		}
		var took float64
		for _, s := range f.Steps {
			took += s.Seconds
		}
		rows = append(rows, []string{f.Feed, outcome, count(f.Records), count(f.Accepted), count(f.Quarantined), count(int64(f.Redelivered)), seconds(took)})
	}
	a.table([]string{"FEED", "OUTCOME", "RECORDS", "ACCEPTED", "QUARANTINED", "RE-DELIVERED", "TOOK"}, rows)
	for _, f := range report.Feeds {
		if len(f.Codes) > 0 {
			fmt.Fprintf(a.stdout, "  %s in quarantine: %s\n", f.Feed, codes(f.Codes))
		}
		for _, line := range leftOut(f.LeftOut) {
			fmt.Fprintf(a.stdout, "  %s: %s\n", f.Feed, line)
		}
		if f.Drift != "" {
			fmt.Fprintf(a.stdout, "  %s\n", f.Drift)
		} else if len(f.Undeclared) > 0 {
			fmt.Fprintf(a.stdout, "  %s: columns that no field reads (kept in the landing): %s\n", f.Feed, strings.Join(f.Undeclared, ", "))
		}
		for _, warning := range f.Warnings {
			fmt.Fprintf(a.stdout, "  %s\n", warning)
		}
		if f.Note != nil {
			a.printNote(f.Note)
		}
		if f.Tombstones > 0 {
			fmt.Fprintf(a.stdout, "  %s: %s rows are no longer delivered and count no more\n", f.Feed, count(f.Tombstones))
		}
	}
	if report.Build != nil {
		a.printBuild(report.Build)
	}
	switch l := report.Lineage; {
	case l == nil:
	case l.Lost > 0:
		fmt.Fprintf(a.stdout, "%s of %s lineage events were not delivered: %s\n", count(l.Lost), count(l.Told), l.Problem)
	case l.Problem != "":
		fmt.Fprintf(a.stdout, "No lineage events were delivered: %s\n", l.Problem)
	}
}

// leftOut says what rules of a feed took for no records: the first few objects one by one, and
// how much of the others.
func leftOut(all []pipelines.LeftOut) (lines []string) {
	const most = 5
	var more int64
	for i, l := range all {
		if i >= most {
			more += l.Rows
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %s rows left out by %s, from %s on", l.Object, count(l.Rows), l.Rule, l.Place))
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("%s more rows left out likewise; see --output json", count(more)))
	}
	return lines
}

func codes(m map[string]int64) string {
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %s", code, count(m[code])))
	}
	return strings.Join(parts, ", ")
}

func (a *app) printBuild(b *pipelines.BuildReport) {
	defer a.printTargets(b.Targets)
	if !b.Published {
		fmt.Fprintf(a.stdout, "Nothing new: %s.\n", b.Reason)
		return
	}
	fmt.Fprintf(a.stdout, "Release %s published in %s: %s figures, %s restated since the release before.\n", b.Release, seconds(b.Seconds), count(b.Figures), count(int64(b.Restated)))
}
