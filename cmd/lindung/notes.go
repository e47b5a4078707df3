package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/producers"
)

func (a *app) noteCommand() *cobra.Command {
	var commit int64
	var out string
	c := &cobra.Command{
		Use:   "note FEED",
		Short: "Write the return note for a feed's producer: what failed, where, how many, what to repair",
		Long: `Makes the note again from the log and writes it as JSON and as a page in Indonesian. A run does so by itself,
into the folder notes of the data; this is for another folder, or for what held after an earlier commit.
A file that is there is left alone. With --output json the note is printed, and written only with --out.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			n, err := r.Note(c.Context(), args[0], commit)
			if err != nil {
				return err
			}
			if a.output == "json" && out == "" {
				return n.WriteJSON(a.stdout)
			}
			paths, err := r.WriteNote(n, out)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return n.WriteJSON(a.stdout)
			}
			a.printNoteSummary(n, paths)
			return nil
		},
	}
	c.Flags().Int64Var(&commit, "commit", 0, "as it was after this commit (default: now)")
	c.Flags().StringVar(&out, "out", "", "folder to write to (default: notes/FEED in the data folder)")
	return c
}

func (a *app) notesCommand() *cobra.Command {
	var feed string
	c := &cobra.Command{
		Use:   "notes [--feed FEED]",
		Short: "List the return notes with every version: what waits for its producer, what was repaired",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			lines, err := r.Notes(c.Context(), feed)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(list(lines))
			}
			var rows [][]string
			for _, n := range lines {
				rows = append(rows, []string{n.ID, n.State, n.KnownAt.In(r.Project.TimeZone).Format("2006-01-02 15:04"), count(n.Waiting), count(n.Repaired), n.Producer, n.Contact})
			}
			a.table([]string{"NOTE", "STATE", "ISSUED", "WAITING", "REPAIRED", "PRODUCER", "CONTACT"}, rows)
			return nil
		},
	}
	c.Flags().StringVar(&feed, "feed", "", "only this feed")
	return c
}

// printNote says under a run's table what its producer is to be told.
func (a *app) printNote(n *pipelines.NoteLine) {
	told := fmt.Sprintf("%s records wait", count(n.Waiting))
	switch {
	case n.Decision == producers.DeliveryWithheld:
		told = "the delivery is withheld"
	case n.State == producers.NoteRepaired:
		told = "nothing waits any more"
	}
	fmt.Fprintf(a.stdout, "  %s: return note %s for %s (%s): %s, %s repaired\n    %s\n",
		n.Feed, n.ID, n.Producer, n.Contact, told, count(n.Repaired), shown(n.Page))
}

func (a *app) printNoteSummary(n *producers.Note, paths []string) {
	fmt.Fprintf(a.stdout, "%s, %s, for %s (%s): %s records wait, %s repaired since the version before\n",
		n.ID, n.State, n.Producer, n.Contact, count(n.Counts.Waiting), count(n.Counts.Repaired))
	var rows [][]string
	for _, p := range n.Problems {
		rows = append(rows, []string{"  " + p.Code, p.Column, p.Theirs, count(p.Records), p.Repair.EN})
	}
	if len(rows) > 0 {
		a.table([]string{"  CODE", "COLUMN", "THEIRS", "RECORDS", "WHAT TO REPAIR"}, rows)
	}
	for _, path := range paths {
		fmt.Fprintln(a.stdout, shown(path))
	}
}
