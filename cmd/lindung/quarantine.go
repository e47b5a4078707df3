package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) quarantineCommand() *cobra.Command {
	c := &cobra.Command{Use: "quarantine", Short: "Look at records that were kept out, and take them up again"}
	var feed string
	var limit int
	listCmd := &cobra.Command{
		Use:   "list [--feed FEED]",
		Short: "List every problem of every record in quarantine",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			rows, err := r.Quarantine(feed)
			if err != nil {
				return err
			}
			return a.printQuarantine(rows, limit)
		},
	}
	listCmd.Flags().StringVar(&feed, "feed", "", "only this feed")
	listCmd.Flags().IntVar(&limit, "limit", 0, "at most so many lines (0: all)")
	show := &cobra.Command{
		Use:   "show OBJECT ROW",
		Short: "Show one record as it was delivered, personal fields masked, with its problems",
		Args:  cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			var row int64
			if _, err := fmt.Sscan(args[1], &row); err != nil {
				return usagef("ROW %q is not a number", args[1])
			}
			rec, err := r.QuarantinedRecord(c.Context(), args[0], row)
			if err != nil {
				return err
			}
			return a.printRecord(rec)
		},
	}
	replay := &cobra.Command{
		Use:   "replay [FEED]",
		Short: "Normalise the quarantined records again, after a repair of codes, lists or mapping",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			var feed string
			if len(args) == 1 {
				feed = args[0]
			}
			report, err := r.Replay(c.Context(), feed)
			return a.finish(report, err)
		},
	}
	c.AddCommand(listCmd, show, replay, a.noteCommand(), a.notesCommand())
	return c
}

func (a *app) printQuarantine(rows []pipelines.QuarantineRow, limit int) error {
	total := len(rows)
	if limit > 0 && total > limit {
		rows = rows[:limit]
	}
	if a.output == "json" {
		return a.printJSON(list(rows))
	}
	var lines [][]string
	for _, q := range rows {
		feed := q.Feed
		if q.Withheld {
			feed += " (withheld)"
		}
		lines = append(lines, []string{feed, fmt.Sprint(q.Commit), q.Object[:8], fmt.Sprint(q.RowNo), q.Name + ", " + q.Place, q.Code, q.Message})
	}
	a.table([]string{"FEED", "COMMIT", "OBJECT", "ROW", "PLACE", "CODE", "WHAT IS WRONG"}, lines)
	if total > len(rows) {
		a.say("%s more; use --limit 0 for all", count(int64(total-len(rows))))
	}
	return nil
}

func (a *app) printRecord(rec *pipelines.QuarantinedRecord) error {
	if a.output == "json" {
		return a.printJSON(rec)
	}
	fmt.Fprintf(a.stdout, "%s, %s (feed %s)\n", rec.Name, rec.Place, rec.Feed)
	var lines [][]string
	for _, f := range rec.Fields {
		lines = append(lines, []string{"  " + f.Column, f.Text})
	}
	a.table([]string{"  COLUMN", "AS DELIVERED"}, lines)
	for _, p := range rec.Problems {
		fmt.Fprintf(a.stdout, "%s: %s\n", p.Code, p.Message)
	}
	return nil
}
