package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/warehouse"
)

// candidateFlags are those of `lindung build` by which nothing is published.
type candidateFlags struct {
	candidate, drop bool
	name            string
}

func (f *candidateFlags) add(c *cobra.Command) {
	c.Flags().BoolVar(&f.candidate, "candidate", false, "build everything and publish nothing: the result is for lindung diff")
	c.Flags().StringVar(&f.name, "name", "", `with --candidate: its name (default "candidate"); it replaces the one of that name`)
	c.Flags().BoolVar(&f.drop, "drop", false, "with --candidate: remove the candidate instead")
}

func (f *candidateFlags) check(c *cobra.Command) error {
	switch {
	case !f.candidate && (f.drop || f.name != ""):
		return usagef("--name and --drop are for candidates; add --candidate")
	case f.drop && c.Flags().Changed("month"):
		return usagef("--drop removes a candidate and builds none; leave --month out")
	}
	f.name = cmp.Or(f.name, warehouse.CandidateName)
	return nil
}

// candidate builds or removes a candidate and says what can be done with it.
func (a *app) candidate(ctx context.Context, r *pipelines.Runner, f candidateFlags, month time.Time) error {
	if f.drop {
		if err := r.DropCandidate(f.name); err != nil {
			return err
		}
		if a.output == "json" {
			return a.printJSON(map[string]string{"dropped": f.name})
		}
		fmt.Fprintf(a.stdout, "Candidate %s is removed.\n", f.name)
		return nil
	}
	b, err := r.BuildCandidate(ctx, f.name, month)
	if err != nil {
		return err
	}
	if a.output == "json" {
		return a.printJSON(b)
	}
	fmt.Fprintf(a.stdout, "Candidate %s built in %s: %s figures. Nothing is published, and readers see what they saw.\n", b.Candidate, seconds(b.Seconds), count(b.Figures))
	if b.Base == "" {
		fmt.Fprintln(a.stdout, "No release is published yet to compare it with. To publish it: lindung build")
		return nil
	}
	compare := "lindung diff"
	if b.Candidate != warehouse.CandidateName {
		compare += " current " + b.Candidate
	}
	drop := "lindung build --candidate --drop"
	if b.Candidate != warehouse.CandidateName {
		drop += " --name " + b.Candidate
	}
	fmt.Fprintf(a.stdout, "Next: what would change    %s\n      publish it            lindung build\n      give it up            %s\n", compare, drop)
	return nil
}
