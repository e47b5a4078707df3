package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) publishCommand() *cobra.Command {
	var o pipelines.PublishOptions
	c := &cobra.Command{
		Use:   "publish",
		Short: "Copy the current release to the targets that lindung.yaml names, as far as it is not there",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			reports, err := r.Publish(c.Context(), o)
			switch {
			case reports == nil && err == nil:
				return usagef("nothing is published in %s yet; run: lindung run --dir %s", a.dir, a.dir)
			case reports == nil:
				return err
			case a.output == "json":
				return errors.Join(err, a.printJSON(reports))
			}
			a.printTargets(reports)
			return err
		},
	}
	c.Flags().StringArrayVar(&o.Targets, "target", nil, "this target only (can be given several times)")
	c.Flags().BoolVar(&o.TakeOver, "take-over", false, "with one --target: replace what another project, or a later state of this one, put there")
	return c
}

func (a *app) printTargets(reports []*pipelines.TargetReport) {
	for _, t := range reports {
		what := "open tables"
		if t.What == "release" {
			what = "whole release"
		}
		switch t.Outcome {
		case pipelines.OutcomeFailed:
			fmt.Fprintf(a.stdout, "  %s: not copied; release %s stays published here, and the next run tries again\n", t.Target, t.Release)
		case pipelines.OutcomeUpToDate:
			fmt.Fprintf(a.stdout, "  %s: has release %s (%s)\n", t.Target, t.Release, t.Place)
		default:
			fmt.Fprintf(a.stdout, "  %s: shows release %s (%s, %s; %.1f MB copied)\n", t.Target, t.Release, what, t.Place, float64(t.Bytes)/1e6)
		}
		if len(t.Removed) > 0 {
			fmt.Fprintf(a.stdout, "  %s: removed %s\n", t.Target, strings.Join(t.Removed, ", "))
		}
	}
}

// targets says which targets wait for a release, by what the project remembers of them.
func targets(r *pipelines.Runner) []finding {
	states, err := r.Targets()
	if err != nil {
		return []finding{{"targets", false, err.Error()}}
	}
	var findings []finding
	for _, t := range states {
		f := finding{"target " + t.Target, !t.Behind, "has " + t.Has}
		switch {
		case t.Behind && t.Has == "":
			f.Message = "has nothing yet; run: lindung publish --target " + t.Target
		case t.Behind:
			f.Message = "has " + t.Has + ", which is not what readers get here; run: lindung publish --target " + t.Target
		case t.Has == "":
			f.Message = "waits for the first release"
		}
		findings = append(findings, f)
	}
	return findings
}
