package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/producers"
)

func (a *app) sourcesNewCommand() *cobra.Command {
	var q pipelines.Proposal
	var out string
	c := &cobra.Command{
		Use:   "new NAME --from FILE|URL|env:VARIABLE#TABLE --dataset DATASET",
		Short: "Propose the file that describes a new source",
		Long: `Looks at a file, an HTTP address or a table of a database, and writes sources/NAME.yaml: how it is
read, which of its columns is which of ours, what its codes may stand for. Everything uncertain is
marked "# check:" with the reason. No value of a person is written. Nothing is taken.

Of a database, put the whole address into an environment variable, since others see a command line:
  export ADUAN='postgres://user:password@host:5432/database'
  lindung sources new aduan --from env:ADUAN#schema.table --dataset cases

Exit code 10: the file was written, and a required field found no column.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if q.From == "" || q.Dataset == "" {
				return usagef("sources new needs --from and --dataset")
			}
			q.Name = args[0]
			r, err := a.open(false)
			if err != nil {
				return err
			}
			p, err := r.ProposeSource(c.Context(), q)
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(r.Project.Dir, "sources", q.Name+".yaml")
			}
			return a.writeProposal(p, out, q)
		},
	}
	c.Flags().StringVar(&q.From, "from", "", "a file, an https:// address, or env:VARIABLE#schema.table")
	c.Flags().StringVar(&q.Dataset, "dataset", "", "the dataset that its rows go to")
	c.Flags().StringVar(&q.Origin, "origin", "", "real, sample or reference (default: the project's)")
	c.Flags().StringVar(&q.CA, "ca", "", "database: file, relative to the project folder, with the authorities to trust")
	c.Flags().StringVar(&out, "out", "", "where to write (default: sources/NAME.yaml of the project; - is stdout)")
	return c
}

func (a *app) writeProposal(p *producers.Proposed, out string, q pipelines.Proposal) error {
	if out == "-" {
		fmt.Fprint(a.stdout, p.Text)
	} else {
		if err := writeNew(out, []byte(p.Text)); err != nil {
			return err
		}
		a.say("%s written, %d lines to check.", shown(out), p.Checks)
	}
	if a.output == "json" && out != "-" {
		if err := a.printJSON(map[string]any{"file": shown(out), "missing": list(p.Missing), "checks": p.Checks, "unread": list(p.Unread)}); err != nil {
			return err
		}
	}
	if len(p.Missing) > 0 {
		a.say("No column was found for what %s requires: %s. Name one under fields:, or a constant.", q.Dataset, strings.Join(p.Missing, ", "))
		return &exitError{pipelines.ExitPlanned}
	}
	return nil
}

// writeNew writes a file that is not there yet.
func writeNew(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s is there already; nothing was written: write to another name, or move it away first", shown(path))
	}
	if err != nil {
		return err
	}
	if _, err := f.Write(content); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (a *app) sourcesCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check SOURCE|FEED",
		Short: "Compare a source's file with what the source really sends, and print the lines to change",
		Long: `Looks at what is new in the source (or at its beginning), takes nothing, and prints the lines of its
file that no longer fit: columns that are gone, with the nearest match; new columns; codes that no
list knows; days and numbers written in another way.

Exit code 0: nothing to change. 10: there is.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(true)
			if err != nil {
				return err
			}
			checks, err := r.CheckSource(c.Context(), args[0])
			if a.output == "json" {
				if perr := a.printJSON(list(checks)); perr != nil {
					return perr
				}
			} else {
				a.printChecks(checks)
			}
			if err != nil {
				return err
			}
			for _, one := range checks {
				if len(one.Changes) > 0 {
					return &exitError{pipelines.ExitPlanned}
				}
			}
			return nil
		},
	}
}

func (a *app) printChecks(checks []pipelines.SourceCheck) {
	for _, one := range checks {
		if len(one.Changes) == 0 {
			fmt.Fprintf(a.stdout, "%s: %s fits what the source sends (%d objects looked at).\n", one.Feed, one.File, one.Objects)
			continue
		}
		fmt.Fprintf(a.stdout, "%s: %d lines of %s do not fit what the source sends:\n", one.Feed, len(one.Changes), one.File)
		for _, change := range one.Changes {
			fmt.Fprintf(a.stdout, "%s:%d: %s: %s\n", one.File, change.Line, change.Under, change.Why)
			if change.Remove != "" {
				fmt.Fprintf(a.stdout, "-     %s\n", change.Remove)
			}
			for _, add := range change.Add {
				mark := ""
				if change.Guess {
					mark = "   # check"
				}
				fmt.Fprintf(a.stdout, "+     %s%s\n", add, mark)
			}
		}
	}
}

func (a *app) sourcesTestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test [SOURCE|FEED]",
		Short: "Prove connection and permission, without taking data",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(true)
			if err != nil {
				return err
			}
			tests, err := r.TestSources(c.Context(), strings.Join(args, ""))
			if tests == nil {
				return err
			}
			if a.output == "json" {
				if perr := a.printJSON(tests); perr != nil {
					return perr
				}
			} else {
				var rows [][]string
				for _, t := range tests {
					mark := "ok"
					if !t.OK {
						mark = "NO"
					}
					rows = append(rows, []string{mark, t.Feed, strings.ReplaceAll(t.Found, "\n", "; "), t.ToDo})
				}
				a.table([]string{"", "FEED", "FINDING", "WHAT TO DO"}, rows)
			}
			if err != nil {
				return &exitError{pipelines.ExitCode(err)}
			}
			return nil
		},
	}
}

func (a *app) sourcesPreviewCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "preview FEED",
		Short: "Show records beside what is made of them, personal fields masked; nothing is taken",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(true)
			if err != nil {
				return err
			}
			p, err := r.Preview(c.Context(), args[0], limit)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(p)
			}
			a.printPreview(p)
			return nil
		},
	}
	c.Flags().IntVar(&limit, "limit", 10, "how many records")
	return c
}

func (a *app) printPreview(p *pipelines.Preview) {
	if len(p.Records) == 0 {
		fmt.Fprintln(a.stdout, "The source has no record at present.")
	}
	for _, rec := range p.Records {
		fmt.Fprintf(a.stdout, "%s, %s\n", rec.Object, rec.Place)
		var rows [][]string
		for _, c := range rec.Cells {
			rows = append(rows, []string{"  " + c.Column, c.Text, c.Field, c.Value})
		}
		a.table([]string{"  COLUMN", "AS DELIVERED", "FIELD", "BECAME"}, rows)
		for _, problem := range rec.Problems {
			fmt.Fprintf(a.stdout, "  %s: %s\n", problem.Code, problem.Message)
		}
	}
	if p.Problem != "" {
		fmt.Fprintf(a.stdout, "Nothing can be made of these records: %s\n", p.Problem)
	}
}

func (a *app) sourcesSchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema FEED",
		Short: "Show the columns of the real source: what they look like and which field reads them, no values",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(true)
			if err != nil {
				return err
			}
			s, err := r.SourceSchema(c.Context(), args[0])
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(s)
			}
			var rows [][]string
			for _, col := range s.Columns {
				different := count(int64(col.Different))
				if col.More {
					different = "over " + different
				}
				rows = append(rows, []string{col.Column, col.Form, fmt.Sprintf("%.0f%%", 100*col.Filled), different, col.Resembles, col.Field, col.Class})
			}
			a.table([]string{"COLUMN", "LOOKS LIKE", "FILLED", "DIFFERENT", "CODE LIST", "FIELD", "CLASS"}, rows)
			if len(s.Without) > 0 {
				fmt.Fprintf(a.stdout, "Fields of %s without a column: %s\n", s.Dataset, strings.Join(s.Without, ", "))
			}
			return nil
		},
	}
}
