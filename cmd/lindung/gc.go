package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) gcCommand() *cobra.Command {
	var (
		dry   bool
		older time.Duration
	)
	c := &cobra.Command{
		Use:   "gc",
		Short: "Remove what nothing needs: leftovers of ended processes, files that no commit names, old DuckDB files",
		Long: `Removes what nothing needs, and says how much of what:

  temporary            what ended processes left in data/tmp, data/builds and elsewhere
  unnamed file         Parquet files that no entry of the commit log names: their run was given up
  unnamed object       landed objects that no entry names: their pull was given up
  unpublished release  a build that was never published
  old release          DuckDB files beyond keep_releases; figures, SQL and manifest stay
  notes of no feed     copies of return notes of feeds that the project no longer has

What an entry of the log names is never removed, nor is the DuckDB file of the current release or of
one that a frozen month needs.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if older < 0 {
				return usagef("--older-than %s: must not be negative", older)
			}
			r, err := a.open(false)
			if err != nil {
				return err
			}
			report, err := r.CollectGarbage(dry, older)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(report)
			}
			a.sayGarbage(report)
			return nil
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "remove nothing: say what may go")
	c.Flags().DurationVar(&older, "older-than", time.Hour, "leave alone what was written less than this long ago")
	return c
}

func (a *app) sayGarbage(report *pipelines.GarbageReport) {
	verb := "removed"
	if report.DryRun {
		verb = "would be removed"
	}
	if len(report.Items) == 0 {
		fmt.Fprintf(a.stdout, "Nothing %s.\n", verb)
		return
	}
	var rows [][]string
	for _, g := range report.Items {
		rows = append(rows, []string{g.Kind, fmt.Sprintf("%.1f", float64(g.Bytes)/1e6), g.Path})
	}
	a.table([]string{"KIND", "MB", "PATH"}, rows)
	sums, order := map[string]int64{}, []string{}
	for _, g := range report.Items {
		if _, known := sums[g.Kind]; !known {
			order = append(order, g.Kind)
		}
		sums[g.Kind] += g.Bytes
	}
	for i, kind := range order {
		order[i] = fmt.Sprintf("%s %.1f MB", kind, float64(sums[kind])/1e6)
	}
	fmt.Fprintf(a.stdout, "%.1f MB %s: %s\n", float64(report.Bytes)/1e6, verb, strings.Join(order, ", "))
}
